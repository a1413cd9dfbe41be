//! The servers of a group's tenants.

use crate::catalog::{Build, ProductId};
use crate::limits::{Limits, Refusal, Rule, at_most, repeated, weights};
use crate::time::SimTime;
use crate::world::{PerRoute, Planned, Route, RouteRules};

/// The servers of a group's tenants.
///
/// A group takes no mix that breaks a rule ([`Group::new`](super::Group::new)), so the mix of a group keeps them all.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerMix {
    /// Drawn: how many, and which builds.
    Drawn {
        /// Shares of tenants with 1, 2, 3, ... servers; at most 1,000.
        per_tenant: Vec<f64>,
        /// The mix of builds.
        builds: Vec<BuildShare>,
    },
    /// Named one by one; every tenant of the group has just these, at least one and at most 10,000.
    Listed(Vec<ListedServer>),
}

/// A build and the share of servers that have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BuildShare {
    /// Product.
    pub product: ProductId,
    /// Build.
    pub build: Build,
    /// Share of the group's servers; only proportions count.
    pub share: f64,
}

/// A server named in a study.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedServer {
    pub(crate) name: String,
    pub(crate) product: ProductId,
    pub(crate) build: Build,
    pub(crate) messages_per_day: Option<f64>,
    pub(crate) first_detected: Option<SimTime>,
    pub(crate) planned: Option<Planned>,
}

impl ServerMix {
    /// Most servers named one by one.
    pub const LISTED_MAX: usize = 10_000;
    /// Most servers of one tenant that are drawn.
    pub const PER_TENANT_MAX: usize = 1_000;

    /// Checks what a mix must keep by itself.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        match self {
            ServerMix::Drawn { per_tenant, builds } => {
                weights("builds", builds.iter().map(|build| build.share))?;
                at_most("servers_per_tenant", "shares", per_tenant.len(), Self::PER_TENANT_MAX)?;
                weights("servers_per_tenant", per_tenant.iter().copied())
            }
            ServerMix::Listed(servers) => {
                if servers.is_empty() {
                    return Err(Refusal::of("servers", Rule::Broken("a list of servers needs at least one")));
                }
                at_most("servers", "servers", servers.len(), Self::LISTED_MAX)?;
                let twice = repeated(servers.iter().map(ListedServer::name)).next();
                twice.map_or(Ok(()), |index| Err(Refusal::of_entry("servers", index, Rule::NameTwice)))
            }
        }
    }

    /// Checks that the planned upgrades have a route.
    ///
    /// # Errors
    /// The first server whose upgrade leads nowhere.
    pub(super) fn check_planned(&self, routes: &PerRoute<Option<RouteRules>>) -> Result<(), Refusal> {
        let ServerMix::Listed(servers) = self else { return Ok(()) };
        let lost = |server: &ListedServer| server.planned.is_some_and(|planned| routes[planned.route].is_none());
        let upgrade = |server: &ListedServer| server.planned.is_some_and(|planned| planned.route == Route::Upgrade);
        match servers.iter().position(|server| upgrade(server) && lost(server)) {
            Some(index) => Err(Refusal::of_entry("servers", index, Rule::Broken(ListedServer::NO_UPGRADE))),
            None => Ok(()),
        }
    }
}

impl ListedServer {
    /// Messages a day of one server.
    pub const MESSAGES_PER_DAY: Limits<f64> = Limits::new("messages_per_day", 0.0, 1e12, " messages");
    /// What is wrong with a planned upgrade that has no route.
    pub const NO_UPGRADE: &'static str = "an upgrade is planned but the group has no upgrade route";

    /// A server of which no more is known.
    pub fn new(name: impl Into<String>, product: ProductId, build: Build) -> Self {
        let name = name.into();
        ListedServer { name, product, build, messages_per_day: None, first_detected: None, planned: None }
    }

    /// Name for people, unique in its group.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Product.
    pub const fn product(&self) -> ProductId {
        self.product
    }

    /// Build.
    pub const fn build(&self) -> Build {
        self.build
    }

    /// Messages a day, if known.
    pub const fn messages_per_day(&self) -> Option<f64> {
        self.messages_per_day
    }

    /// First detection, if it is known; may lie before the study starts.
    pub const fn first_detected(&self) -> Option<SimTime> {
        self.first_detected
    }

    /// A remediation whose date is set.
    pub const fn planned(&self) -> Option<Planned> {
        self.planned
    }

    /// States its messages a day.
    ///
    /// # Errors
    /// If they lie outside [`MESSAGES_PER_DAY`](Self::MESSAGES_PER_DAY).
    pub fn set_messages_per_day(&mut self, messages: f64) -> Result<(), Refusal> {
        self.messages_per_day = Some(Self::MESSAGES_PER_DAY.check(messages)?);
        Ok(())
    }

    /// States its first detection.
    pub const fn set_first_detected(&mut self, at: SimTime) {
        self.first_detected = Some(at);
    }

    /// Sets the date of its remediation.
    pub const fn set_planned(&mut self, planned: Planned) {
        self.planned = Some(planned);
    }
}
