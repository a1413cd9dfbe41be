//! Groups of like tenants, and the tenants drawn from them.
//!
//! - `edit`: how a group is made and changed, and what is refused;
//! - `making`: how tenants are made of their draws, many side by side;
//! - `servers`: the servers of its tenants, named or drawn.

mod edit;
mod making;
mod servers;

pub use edit::GroupEdit;
pub use making::{make_bystanders, make_tenant, make_tenants, prepare_decisions, prepare_tenants};
pub use servers::{BuildShare, ListedServer, ServerMix};

use super::{Behaviour, Diligence, Failure, Openings, PerRoute, Planned, RouteRules};
use crate::catalog::{Build, ProductId};
use crate::draws::Spread;
use crate::mail::RetrySchedule;
use crate::time::{SimDuration, SimTime};

/// A group of tenants that differ only by their draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub(crate) name: String,
    pub(crate) key: u32,
    pub(crate) count: u32,
    pub(crate) servers: ServerMix,
    pub(crate) esu_share: f64,
    pub(crate) diligence: Diligence,
    pub(crate) routes: PerRoute<Option<RouteRules>>,
    pub(crate) openings: Openings,
    pub(crate) failure: Failure,
    pub(crate) gap: Spread,
    pub(crate) behaviours: Vec<Behaviour>,
    pub(crate) volume: Spread,
    pub(crate) retry: RetrySchedule,
}

/// One tenant of a world.
#[derive(Clone, Debug, Default)]
pub struct Tenant {
    /// Index of its group in the world.
    pub group: usize,
    /// Its number in the group.
    pub number: u32,
    /// Its servers.
    pub servers: Vec<Server>,
    /// Multiplier of all base rates.
    pub diligence: f64,
    /// Whether it holds extended security updates.
    pub esu: bool,
    /// Index of its behaviour in the group's mix.
    pub behaviour: usize,
    /// Least time between two of its servers.
    pub gap: SimDuration,
    /// Freezes it observes (bit i: freeze i).
    pub freezes: u32,
}

impl Tenant {
    /// Whether this is the same tenant in every respect but its diligence and, where it does `any_volume`, how much mail its servers send.
    pub fn is_like(&self, other: &Tenant, any_volume: bool) -> bool {
        let Tenant { group, number, servers, diligence: _, esu, behaviour, gap, freezes } = self;
        let are_like =
            |(a, b): (&Server, &Server)| *a == if any_volume { Server { volume: a.volume, ..*b } } else { *b };
        (*group, *number, *esu, *behaviour, *freezes)
            == (other.group, other.number, other.esu, other.behaviour, other.freezes)
            && *gap == other.gap
            && servers.len() == other.servers.len()
            && servers.iter().zip(&other.servers).all(are_like)
    }
}

/// One server as the study finds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Server {
    /// Product at the start.
    pub product: ProductId,
    /// Build at the start.
    pub build: Build,
    /// Milli-messages a day.
    pub volume: u64,
    /// First detection, if the study says it.
    pub first_detected: Option<SimTime>,
    /// A remediation whose date is set.
    pub planned: Option<Planned>,
}

/// Cumulative shares, scaled to end at 1.
pub(crate) fn cumulative(shares: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let total: f64 = shares.clone().sum();
    let mut sum = 0.0;
    shares
        .map(|share| {
            sum += share;
            sum / total
        })
        .collect()
}

/// A group with what every tenant needs worked out once.
#[derive(Clone, Debug)]
pub struct GroupSampler<'a> {
    group: &'a Group,
    index: usize,
    counts: Vec<f64>,
    builds: Vec<f64>,
    behaviours: Vec<f64>,
}

impl<'a> GroupSampler<'a> {
    /// Prepares the group at `index` of its world.
    pub fn new(group: &'a Group, index: usize) -> Self {
        let (counts, builds) = match &group.servers {
            ServerMix::Drawn { per_tenant, builds } => {
                (cumulative(per_tenant.iter().copied()), cumulative(builds.iter().map(|b| b.share)))
            }
            ServerMix::Listed(_) => (Vec::new(), Vec::new()),
        };
        let behaviours = cumulative(group.behaviours.iter().map(|b| b.share));
        GroupSampler { group, index, counts, builds, behaviours }
    }

    /// Where the group stands in its world.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The group.
    pub fn group(&self) -> &'a Group {
        self.group
    }
}
