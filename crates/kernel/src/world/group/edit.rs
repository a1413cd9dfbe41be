//! How a group is made, read and changed.

use super::{Group, ServerMix};
use crate::draws::{Spread, group_key};
use crate::limits::{Limits, Refusal, Rule, weights};
use crate::mail::RetrySchedule;
use crate::world::{Behaviour, Diligence, Failure, Openings, PerRoute, Route, RouteRules};

impl Group {
    /// Tenants of one group.
    pub const COUNT: Limits<i64> = Limits::new("count", 0, 100_000_000, " tenants");
    /// Shares of tenants that hold extended security updates.
    pub const ESU_SHARE: Limits<f64> = Limits::new("esu_share", 0.0, 1.0, "");

    /// A group of one tenant who sends no mail, never pauses and may work at any time; all else is set with [`edit`](Self::edit).
    ///
    /// # Errors
    /// If the mix of servers breaks one of its rules, an upgrade has no product to end at, another route has one, or a planned
    /// upgrade has no route.
    pub fn new(
        name: impl Into<String>,
        servers: ServerMix,
        routes: PerRoute<Option<RouteRules>>,
    ) -> Result<Self, Refusal> {
        servers.check()?;
        for route in Route::ALL {
            routes[route].as_ref().map_or(Ok(()), |rules| rules.check_target(route))?;
        }
        servers.check_planned(&routes)?;
        let name = name.into();
        Ok(Group {
            key: group_key(&name),
            name,
            count: 1,
            servers,
            esu_share: 0.0,
            diligence: Diligence::EQUAL,
            routes,
            openings: Openings::default(),
            failure: Failure::NEVER,
            gap: Spread::NONE,
            behaviours: vec![Behaviour::never()],
            volume: Spread::NONE,
            retry: RetrySchedule::Fixed { minutes: 15 },
        })
    }

    /// The group, to be changed.
    pub const fn edit(&mut self) -> GroupEdit<'_> {
        GroupEdit(self)
    }

    /// Name, unique in the world; the draws of its tenants are addressed by it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What addresses the draws of its tenants: [`group_key`] of the name, unless another group of the world has the same.
    pub const fn key(&self) -> u32 {
        self.key
    }

    /// Number of tenants.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// What servers they have.
    pub const fn servers(&self) -> &ServerMix {
        &self.servers
    }

    /// Share of tenants that hold extended security updates.
    pub const fn esu_share(&self) -> f64 {
        self.esu_share
    }

    /// How tenants differ in their readiness to act.
    pub const fn diligence(&self) -> Diligence {
        self.diligence
    }

    /// The routes open to them.
    pub const fn routes(&self) -> &PerRoute<Option<RouteRules>> {
        &self.routes
    }

    /// When work may happen.
    pub const fn openings(&self) -> &Openings {
        &self.openings
    }

    /// How attempts fail.
    pub const fn failure(&self) -> Failure {
        self.failure
    }

    /// Days between the servers of one tenant.
    pub const fn gap(&self) -> Spread {
        self.gap
    }

    /// The mix of pause behaviours; shares sum to 1.
    pub fn behaviours(&self) -> &[Behaviour] {
        &self.behaviours
    }

    /// Messages a day of a server, if the server does not say.
    pub const fn volume(&self) -> Spread {
        self.volume
    }

    /// How senders retry.
    pub const fn retry(&self) -> RetrySchedule {
        self.retry
    }
}

/// A group that is being changed: everything but its name, by which its world knows it.
#[derive(Debug)]
pub struct GroupEdit<'a>(&'a mut Group);

impl std::ops::Deref for GroupEdit<'_> {
    type Target = Group;

    fn deref(&self) -> &Group {
        self.0
    }
}

impl GroupEdit<'_> {
    /// Another number of tenants.
    ///
    /// # Errors
    /// If it lies outside [`Group::COUNT`].
    pub fn set_count(&mut self, count: i64) -> Result<(), Refusal> {
        self.0.count = Group::COUNT.check(count)? as u32;
        Ok(())
    }

    /// Another share of tenants that hold extended security updates.
    ///
    /// # Errors
    /// If it lies outside [`Group::ESU_SHARE`].
    pub fn set_esu_share(&mut self, share: f64) -> Result<(), Refusal> {
        self.0.esu_share = Group::ESU_SHARE.check(share)?;
        Ok(())
    }

    /// How tenants differ in their readiness to act, to be changed.
    pub const fn diligence_mut(&mut self) -> &mut Diligence {
        &mut self.0.diligence
    }

    /// When work may happen, to be changed.
    pub const fn openings_mut(&mut self) -> &mut Openings {
        &mut self.0.openings
    }

    /// How attempts fail, to be changed.
    pub const fn failure_mut(&mut self) -> &mut Failure {
        &mut self.0.failure
    }

    /// Changes a route, if it is open; the product that an upgrade ends at stays what it was.
    pub fn change_route<T>(&mut self, route: Route, change: impl FnOnce(&mut RouteRules) -> T) -> Option<T> {
        let rules = self.0.routes[route].as_mut()?;
        let target = rules.target;
        let told = change(rules);
        rules.target = target;
        Some(told)
    }

    /// Closes a route.
    ///
    /// # Errors
    /// If a server is planned to take it.
    pub fn close(&mut self, route: Route) -> Result<(), Refusal> {
        let mut routes = self.0.routes.clone();
        routes[route] = None;
        self.0.servers.check_planned(&routes)?;
        self.0.routes = routes;
        Ok(())
    }

    /// Messages a day of one of the servers that are named; nothing if there is no such server.
    ///
    /// # Errors
    /// As [`ListedServer::set_messages_per_day`](super::ListedServer::set_messages_per_day).
    pub fn set_messages_per_day(&mut self, server: usize, messages: f64) -> Result<(), Refusal> {
        let ServerMix::Listed(servers) = &mut self.0.servers else { return Ok(()) };
        servers.get_mut(server).map_or(Ok(()), |server| server.set_messages_per_day(messages))
    }

    /// Other days between the servers of one tenant.
    ///
    /// # Errors
    /// As [`Spread::check`].
    pub fn set_gap(&mut self, gap: Spread) -> Result<(), Refusal> {
        self.0.gap = gap.check()?;
        Ok(())
    }

    /// Other messages a day of servers that do not say themselves.
    ///
    /// # Errors
    /// As [`Spread::check`].
    pub fn set_volume(&mut self, volume: Spread) -> Result<(), Refusal> {
        self.0.volume = volume.check()?;
        Ok(())
    }

    /// Another mix of pause behaviours.
    ///
    /// # Errors
    /// If their shares do not sum to 1, by more than a millionth.
    pub fn set_behaviours(&mut self, behaviours: Vec<Behaviour>) -> Result<(), Refusal> {
        weights("pauses", behaviours.iter().map(Behaviour::share))?;
        let sum: f64 = behaviours.iter().map(Behaviour::share).sum();
        if (sum - 1.0).abs() > 1e-6 {
            return Err(Refusal::of("pauses", Rule::NotWhole(sum)));
        }
        self.0.behaviours = behaviours;
        Ok(())
    }

    /// Another retry schedule.
    ///
    /// # Errors
    /// As [`RetrySchedule::check`].
    pub fn set_retry(&mut self, retry: RetrySchedule) -> Result<(), Refusal> {
        self.0.retry = retry.check()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BuildShare, ListedServer};
    use super::*;
    use crate::catalog::{Build, ProductId};
    use crate::world::{BaseRate, Planned};

    const BUILD: Build = Build::new(15, 2, 1, 0);

    fn listed(name: &str) -> ListedServer {
        ListedServer::new(name, ProductId::new(0), BUILD)
    }

    fn closed() -> PerRoute<Option<RouteRules>> {
        PerRoute::default()
    }

    fn field(made: Result<Group, Refusal>) -> (&'static str, Option<usize>) {
        made.map(|_| ()).map_err(|refusal| (refusal.field(), refusal.index())).unwrap_err()
    }

    #[test]
    fn a_group_that_breaks_a_rule_cannot_be_made() {
        let drawn = |share, per_tenant| ServerMix::Drawn {
            per_tenant,
            builds: vec![BuildShare { product: ProductId::new(0), build: BUILD, share }],
        };
        let made = |servers| Group::new("all", servers, closed());
        assert!(made(drawn(1.0, vec![1.0])).is_ok());
        assert_eq!(field(made(drawn(0.0, vec![1.0]))), ("builds", None));
        assert_eq!(field(made(drawn(1.0, vec![1.0, -0.1]))), ("servers_per_tenant", Some(1)));
        assert_eq!(field(made(ServerMix::Listed(Vec::new()))), ("servers", None));
        assert_eq!(field(made(ServerMix::Listed(vec![listed("a"), listed("b"), listed("a")]))), ("servers", Some(2)));
    }

    #[test]
    fn an_upgrade_ends_somewhere_and_no_other_route_does() {
        let rules = || RouteRules::new(BaseRate::PerMonth(0.1), Spread::NONE).unwrap();
        let to = |product| rules().ending_at(ProductId::new(product));
        let made = |routes| Group::new("all", ServerMix::Listed(vec![listed("a")]), routes);
        assert!(made(PerRoute::new(Some(rules()), Some(to(1)), Some(rules()))).is_ok());
        assert_eq!(field(made(PerRoute::new(None, Some(rules()), None))).0, "upgrade");
        assert_eq!(field(made(PerRoute::new(Some(to(1)), None, None))).0, "to");
        let mut planned = listed("a");
        planned.set_planned(Planned { route: Route::Upgrade, on: crate::time::SimTime::from_seconds(0) });
        assert_eq!(field(Group::new("all", ServerMix::Listed(vec![planned]), closed())), ("servers", Some(0)));
    }

    #[test]
    fn what_is_refused_leaves_the_group_as_it_was() {
        let upgrade = RouteRules::new(BaseRate::PerMonth(0.1), Spread::NONE).unwrap().ending_at(ProductId::new(1));
        let routes = PerRoute::new(None, Some(upgrade), None);
        let mut group = Group::new("all", ServerMix::Listed(vec![listed("a")]), routes).unwrap();
        let before = group.clone();
        let mut edit = group.edit();
        let pert = Spread::Pert { min: 2.0, mode: 1.0, max: 3.0 };
        let refused = [
            edit.set_count(-1),
            edit.set_esu_share(f64::NAN),
            edit.diligence_mut().set_sigma(5.1),
            edit.failure_mut().set_prob(0.91),
            edit.set_gap(pert),
            edit.set_volume(Spread::LogNormal { median: 1.0, sigma: -0.1 }),
            edit.set_messages_per_day(0, -1.0),
            edit.set_behaviours(vec![Behaviour::never(), Behaviour::never()]),
            edit.set_retry(RetrySchedule::Fixed { minutes: 0 }),
            edit.change_route(Route::Upgrade, |rules| rules.set_base(BaseRate::PerMonth(1000.1))).unwrap(),
        ];
        assert_eq!(refused.map(|told| told.is_err()), [true; 10]);
        // Nor can a route be exchanged for one that leads elsewhere.
        edit.change_route(Route::Upgrade, |rules| *rules = rules.clone().ending_at(ProductId::new(0)));
        assert_eq!(group, before);
    }
}
