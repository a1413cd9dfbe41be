//! Which first detections are told apart.
//!
//! Every detection ahead adds a clock of its own to what the search for pauses must remember, and every detection at all a table
//! of costs. Where there are too many, those nearest to each other are joined. Joined to the earlier one, no server's mail fares
//! better than it will, so a plan made so can be carried out and costs no more than it says; joined to the later one, no plan
//! costs more than it will, so a bound made so holds for the true detections.

use crate::cost::clocks::CLASSES_MAX;
use crate::project::Project;
use brownout_kernel::time::SimTime;

/// Most detections whose clocks no further pause tells apart; their tables take about 2 MB each over a year.
pub const SHARED_MAX: usize = 58;

/// Where detections are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joining {
    /// To the earliest of those joined: for plans.
    Earlier,
    /// To the latest: for bounds.
    Later,
}

/// The first detections that are told apart, rising, and whether any was joined to another.
pub(super) fn detections(project: &Project, joining: Joining) -> (Vec<Option<SimTime>>, bool) {
    let mut all: Vec<SimTime> = project.servers.iter().filter_map(|server| server.detected).collect();
    all.sort_unstable();
    all.dedup();
    let rules = project.policy.pauses();
    let ahead = |detected: &SimTime| rules.freezes() && (!rules.freezes_report() || *detected > project.as_of.start());
    let count = all.len();
    let (alone, shared): (Vec<SimTime>, Vec<SimTime>) = all.into_iter().partition(ahead);
    let kept = [clusters(alone, CLASSES_MAX - 1, joining), clusters(shared, SHARED_MAX, joining)].concat();
    let joined = kept.len() < count;
    let never = project.servers.iter().any(|server| server.detected.is_none()).then_some(None);
    let mut kept: Vec<Option<SimTime>> = never.into_iter().chain(kept.into_iter().map(Some)).collect();
    kept.sort_unstable();
    (kept, joined)
}

/// Rising instants joined at their smallest gaps until there are few enough; one stands for each cluster.
fn clusters(rising: Vec<SimTime>, most: usize, joining: Joining) -> Vec<SimTime> {
    if rising.len() <= most {
        return rising;
    }
    let mut gaps: Vec<usize> = (1..rising.len()).collect();
    gaps.sort_by_key(|&index| (std::cmp::Reverse(rising[index].since(rising[index - 1]).seconds()), index));
    gaps.truncate(most - 1);
    gaps.sort_unstable();
    let firsts = std::iter::once(0).chain(gaps.iter().copied());
    let lasts = gaps.iter().map(|&next| next - 1).chain([rising.len() - 1]);
    match joining {
        Joining::Earlier => firsts.map(|index| rising[index]).collect(),
        Joining::Later => lasts.map(|index| rising[index]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_joined_at_their_smallest_gaps() {
        let at = |seconds: i64| SimTime::from_seconds(seconds);
        let rising: Vec<SimTime> = [0, 5, 100, 101, 102, 400].map(at).into();
        assert_eq!(clusters(rising.clone(), 3, Joining::Earlier), [0, 100, 400].map(at));
        assert_eq!(clusters(rising.clone(), 3, Joining::Later), [5, 102, 400].map(at));
        assert_eq!(clusters(rising.clone(), 6, Joining::Later), rising);
    }
}
