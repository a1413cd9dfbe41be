//! What of a group decides who its tenants are, before anything happens to them.

use super::{Behaviour, Diligence, Freeze, Group, ServerMix};
use crate::draws::Spread;

/// All of a group that [`make_tenant`](super::make_tenant) asks: groups that are composed alike have, of the same draws, the same
/// tenants to the last bit, however differently they act later.
#[derive(Clone, Debug, PartialEq)]
pub struct Composition {
    key: u32,
    servers: ServerMix,
    esu_share: f64,
    diligence: Diligence,
    gap: Spread,
    volume: Spread,
    /// The shares of the mix of pause behaviours.
    behaviours: Vec<f64>,
    /// The shares of tenants that observe each freeze.
    freezes: Vec<f64>,
}

impl Composition {
    /// That of a group.
    pub fn of(group: &Group) -> Self {
        // Whoever adds a field to the group decides here whether it makes other tenants.
        let Group {
            name: _,
            key,
            count: _,
            servers,
            esu_share,
            diligence,
            routes: _,
            openings,
            failure: _,
            gap,
            behaviours,
            volume,
            retry: _,
        } = group;
        let (behaviour_share, freeze_share) = (|b: &Behaviour| b.share, |freeze: &Freeze| freeze.share);
        Composition {
            key: *key,
            servers: servers.clone(),
            esu_share: *esu_share,
            diligence: *diligence,
            gap: *gap,
            volume: *volume,
            behaviours: behaviours.iter().map(behaviour_share).collect(),
            freezes: openings.freezes.iter().map(freeze_share).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::RetrySchedule;
    use crate::world::{Failure, Openings, PerRoute};

    fn group() -> Group {
        Group {
            name: "all".to_owned(),
            key: 1,
            count: 10,
            servers: ServerMix::Drawn { per_tenant: vec![1.0], builds: Vec::new() },
            esu_share: 0.5,
            diligence: Diligence { sigma: 1.0, never_share: 0.1 },
            routes: PerRoute::new(None, None, None),
            openings: Openings {
                windows: Vec::new(),
                freezes: vec![Freeze::yearly(0.5, (12, 20), (1, 2), 2026..=2027).unwrap()],
                clock: None,
            },
            failure: Failure { prob: 0.0, delay: Spread::Fixed(1.0) },
            gap: Spread::Fixed(7.0),
            behaviours: vec![Behaviour::never()],
            volume: Spread::Fixed(500.0),
            retry: RetrySchedule::Fixed { minutes: 15 },
        }
    }

    #[test]
    fn groups_that_make_other_tenants_are_composed_otherwise() {
        let changes: [fn(&mut Group); 9] = [
            |group| group.key = 2,
            |group| group.servers = ServerMix::Drawn { per_tenant: vec![0.5, 0.5], builds: Vec::new() },
            |group| group.esu_share = 0.4,
            |group| group.diligence.sigma = 1.1,
            |group| group.diligence.never_share = 0.2,
            |group| group.openings.freezes[0].share = 0.6,
            |group| group.gap = Spread::Fixed(8.0),
            |group| group.behaviours = vec![Behaviour { share: 0.5, ..Behaviour::never() }; 2],
            |group| group.volume = Spread::Fixed(501.0),
        ];
        let changed = changes.map(|change| {
            let mut other = group();
            change(&mut other);
            Composition::of(&other)
        });
        assert!(changed.iter().all(|composition| *composition != Composition::of(&group())));
    }

    #[test]
    fn how_tenants_act_composes_nothing() {
        let changes: [fn(&mut Group); 5] = [
            |group| group.name = "others".to_owned(),
            |group| group.count = 20,
            |group| group.failure.prob = 0.5,
            |group| group.behaviours[0].renew = true,
            |group| group.retry = RetrySchedule::Fixed { minutes: 5 },
        ];
        for change in changes {
            let mut other = group();
            change(&mut other);
            assert_eq!(Composition::of(&other), Composition::of(&group()));
        }
    }
}
