//! What of a tenant's mail is lost, under every scenario that its life stands for.

use super::rules::Rules;
use crate::mail::MailAmount;
use crate::mail::calendar::share_of;

/// Shares of mail lost in a class, as parts of a whole: under the scenario that is lived, then under each that shares its lives, then
/// under each that shares a past with it. Empty where none loses anything.
pub(super) type Losses = Vec<(u64, u64)>;

/// Adds what is lost of `sent` nano-messages under each scenario that is counted.
#[inline]
pub(super) fn lose(lost: &mut [MailAmount], sent: MailAmount, losses: &Losses) {
    for (lost, &(share, whole)) in lost.iter_mut().zip(losses) {
        *lost += share_of(sent, share.into(), whole);
    }
}

/// Shares lost under a scenario and under others of the same world, by kind of mail and class.
pub(super) fn losses_under(lived: &Rules<'_>, others: &[&Rules<'_>]) -> Vec<Vec<Losses>> {
    // A ladder with fewer classes has parted before a server comes into a class that it does not have.
    let share = |rules: &Rules<'_>, kind: usize, class: usize| {
        rules.outcomes[kind].get(class).map_or((0, 1), |outcome| (outcome.lost(), outcome.parts))
    };
    let in_class = |kind: usize, class: usize| -> Losses {
        let all = std::iter::once(lived).chain(others.iter().copied());
        let shares: Losses = all.map(|rules| share(rules, kind, class)).collect();
        if shares.iter().all(|share| share.0 == 0) { Losses::new() } else { shares }
    };
    let of_kind = |kind| (0..lived.classes.len()).map(|class| in_class(kind, class)).collect();
    (0..lived.outcomes.len()).map(of_kind).collect()
}
