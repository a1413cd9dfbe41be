//! What of a tenant's mail is lost, under every scenario that its life stands for.
//!
//! While a server lives, the parts that it loses are summed over its stretches, times their level-seconds: whole numbers. They
//! are multiplied by its volume and divided once, when its life is over, so what it loses is rounded down once.

use std::ops::Range;

use super::rules::Rules;
use crate::mail::amount::lost_of;
use crate::mail::{MailOutcome, NanoMessages};

/// Shares of one kind of mail that are lost: under the scenario that is lived, then under each that shares its lives, then under
/// each that shares a past with it.
#[derive(Clone, Debug)]
pub(super) struct Losses {
    /// By class: parts lost under each scenario. Empty where none loses anything.
    by_class: Vec<Vec<u64>>,
    /// By scenario: of how many parts, in every class.
    wholes: Vec<u64>,
}

impl Losses {
    fn new(lived: &Rules<'_>, others: &[&Rules<'_>], kind: usize) -> Self {
        let all = || std::iter::once(lived).chain(others.iter().copied()).map(|rules| &rules.outcomes[kind]);
        let wholes: Vec<u64> = all().map(|outcomes| whole_of(outcomes)).collect();
        let in_class = |class: usize| {
            // A ladder with fewer classes has parted before a server comes into a class that it does not have.
            let lost = |(outcomes, &whole): (&Vec<MailOutcome>, &u64)| {
                outcomes.get(class).map_or(0, |outcome| outcome.lost() * (whole / outcome.parts))
            };
            let parts: Vec<u64> = all().zip(&wholes).map(lost).collect();
            if parts.iter().all(|&lost| lost == 0) { Vec::new() } else { parts }
        };
        Losses { by_class: (0..lived.classes.len()).map(in_class).collect(), wholes }
    }

    /// The parts that are lost in a class.
    #[inline(always)]
    pub(super) fn in_class(&self, class: usize) -> &[u64] {
        &self.by_class[class]
    }

    /// By scenario: of how many parts.
    pub(super) fn wholes(&self) -> &[u64] {
        &self.wholes
    }
}

/// Shares lost under a scenario and under others of the same world, by kind of mail.
pub(super) fn losses_under(lived: &Rules<'_>, others: &[&Rules<'_>]) -> Vec<Losses> {
    (0..lived.outcomes.len()).map(|kind| Losses::new(lived, others, kind)).collect()
}

/// Parts in which the shares of every class are whole numbers: the least, so that it is one for a scenario whoever lives it.
///
/// # Panics
/// If it leaves 64 bits. Shares are parts of 3,600 or of 2^50, so it is at most 2.6 x 10^17.
fn whole_of(outcomes: &[MailOutcome]) -> u64 {
    outcomes.iter().map(|outcome| outcome.parts).fold(1, |whole, parts| {
        let common = whole / greatest_common_divisor(whole, parts);
        common.checked_mul(parts).unwrap_or_else(|| panic!("shares in parts of {whole} and of {parts}"))
    })
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// What the servers of a tenant lose under some scenarios.
#[derive(Clone, Debug, Default)]
pub(super) struct Lost {
    servers: usize,
    scenarios: usize,
    /// Under the first scenario by server, then under the next: parts lost times level-seconds, at most 10^34.
    sums: Vec<u128>,
    /// By scenario: nano-messages of all servers, when their lives are over.
    totals: Vec<NanoMessages>,
}

impl Lost {
    /// Nothing so far, of so many servers under so many scenarios.
    pub(super) fn reset(&mut self, servers: usize, scenarios: usize) {
        (self.servers, self.scenarios) = (servers, scenarios);
        self.sums.clear();
        self.sums.resize(servers * scenarios, 0);
    }

    /// Nothing at all.
    pub(super) fn rest(&mut self, scenarios: usize) {
        self.reset(0, 0);
        self.totals.clear();
        self.totals.resize(scenarios, 0);
    }

    /// Takes over what was lost so far under some of another's scenarios.
    pub(super) fn take_over(&mut self, other: &Lost, scenarios: Range<usize>) {
        (self.servers, self.scenarios) = (other.servers, scenarios.len());
        self.sums.clear();
        self.sums.extend_from_slice(&other.sums[scenarios.start * self.servers..scenarios.end * self.servers]);
    }

    /// From now on keeps what is lost under the first scenarios alone.
    pub(super) fn keep_first(&mut self, scenarios: usize) {
        self.scenarios = scenarios;
        self.sums.truncate(scenarios * self.servers);
    }

    /// A server was in a class for so many level-seconds, in which these parts are lost.
    #[inline(always)]
    pub(super) fn lose(&mut self, server: usize, level_seconds: i64, parts: &[u64]) {
        if !parts.is_empty() {
            add(&mut self.sums, (server, self.servers), level_seconds, parts);
        }
    }

    /// A server lost so many parts times level-seconds, where one scenario is lived alone.
    #[inline(always)]
    pub(super) fn lose_under_one(&mut self, server: usize, parts: i64) {
        self.sums[server] += u128::from(parts as u64);
    }

    /// The same as [`lose`](Self::lose), where only some of the scenarios are meant.
    pub(super) fn lose_under(&mut self, scenarios: Range<usize>, server: usize, level_seconds: i64, parts: &[u64]) {
        let sums = &mut self.sums[scenarios.start * self.servers..scenarios.end * self.servers];
        add(sums, (server, self.servers), level_seconds, parts);
    }

    /// The lives are over: tells what each scenario's parts come to.
    ///
    /// - `volumes`: of the servers in order, in milli-messages a day;
    /// - `wholes`: by scenario, of how many parts.
    #[inline(always)]
    pub(super) fn settle(&mut self, volumes: impl Iterator<Item = u64> + Clone, wholes: &[u64]) {
        self.totals.clear();
        // Most tenants, of scenarios that share their lives with none: without a loop in a loop.
        if let (&[sum], Some(volume), Some(&whole)) = (self.sums.as_slice(), volumes.clone().next(), wholes.first()) {
            self.totals.push(lost_by_server(volume, sum, whole));
        } else {
            self.settle_many(volumes, wholes);
        }
    }

    #[inline(never)]
    fn settle_many(&mut self, volumes: impl Iterator<Item = u64> + Clone, wholes: &[u64]) {
        let mut ahead = self.sums.as_slice();
        for &whole in &wholes[..self.scenarios] {
            let (sums, others) = ahead.split_at(self.servers);
            ahead = others;
            let each = sums.iter().zip(volumes.clone());
            self.totals.push(each.map(|(&sum, volume)| lost_by_server(volume, sum, whole)).sum());
        }
    }

    /// By scenario: nano-messages lost, as was [settled](Self::settle).
    #[inline]
    pub(super) fn totals(&self) -> &[NanoMessages] {
        &self.totals
    }
}

/// What a server of this volume loses of which so many parts of the whole are lost.
#[inline(always)]
fn lost_by_server(volume: u64, parts: u128, whole: u64) -> NanoMessages {
    if parts == 0 { 0 } else { lost_of(volume, parts, whole) }
}

/// Adds what a server loses under each scenario whose sums are there.
#[inline(always)]
fn add(sums: &mut [u128], (server, servers): (usize, usize), level_seconds: i64, parts: &[u64]) {
    let mut place = server;
    for &parts in parts {
        let Some(sum) = sums.get_mut(place) else { break };
        *sum += u128::from(parts) * u128::from(level_seconds as u64);
        place += servers;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::RetrySchedule;
    use crate::policy::{Minutes, WindowLayout};

    #[test]
    fn classes_have_their_parts_of_one_whole() {
        let minutes = Minutes::new(30, 5).unwrap();
        let schedule = RetrySchedule::Fixed { minutes: 15 };
        let of = |layout| MailOutcome::compute(minutes, layout, schedule);
        let [separate, random] = [WindowLayout::Separate, WindowLayout::Random].map(of);
        assert_eq!(whole_of(&[separate.clone(), separate.clone()]), 3_600);
        assert_eq!(whole_of(&[MailOutcome::untouched(), random.clone()]), 1 << 50);
        assert_eq!(whole_of(&[separate, random, MailOutcome::untouched()]), 225 << 50, "3,600 is 16 times 225");
    }

    #[test]
    fn what_is_lost_is_rounded_once_for_each_server() {
        let mut lost = Lost::default();
        lost.reset(2, 2);
        // A third of a nano-message three times, under the second scenario alone.
        for _ in 0..3 {
            lost.lose(1, 28_800, &[0, 3_600]);
            lost.lose(0, 28_800, &[]);
        }
        lost.settle([1_000, 1].into_iter(), &[3_600, 3_600]);
        assert_eq!(lost.totals(), [0, 1]);
    }

    #[test]
    fn a_branch_goes_on_from_what_was_lost_together() {
        let (mut trunk, mut branch) = (Lost::default(), Lost::default());
        trunk.reset(2, 3);
        trunk.lose(1, 43_200, &[0, 1, 2]);
        branch.take_over(&trunk, 1..3);
        trunk.keep_first(1);
        trunk.lose(1, 86_400, &[5, 7, 7]);
        branch.lose(1, 43_200, &[1, 1]);
        branch.lose(0, 86_400, &[0, 1]);
        let volumes = [10, 1_000].into_iter();
        trunk.settle(volumes.clone(), &[1, 1, 1]);
        branch.settle(volumes, &[1, 1]);
        assert_eq!((trunk.totals(), branch.totals()), (&[5_000][..], &[1_000, 1_510][..]));
    }
}
