//! Which scenarios are solvable, and the kinds of servers that make up their population.

use super::rates::{Rate, rates};
use crate::study::Scenario;
use brownout_kernel::catalog::{Build, ProductId};
use brownout_kernel::policy::Policy;
use brownout_kernel::time::SimTime;
use brownout_kernel::world::{Diligence, Group, PausePlan, PerRoute, Route, ServerMix, State, World};

/// Servers that differ by diligence and detection delay alone.
#[derive(Clone, Debug)]
pub struct Stratum {
    /// How many, on average.
    pub servers: f64,
    /// How their diligence is spread.
    pub diligence: Diligence,
    /// From the start to the first instant at which one can be detected.
    pub before: Vec<Phase>,
    /// From there to the last one; detections are uniform over it. Empty if all are detected at once.
    pub window: Vec<Phase>,
    /// After detection: rates by stage and route.
    pub stages: Vec<PerRoute<Rate>>,
    /// No detection comes later.
    pub latest: SimTime,
}

/// A stretch of constant hazards.
#[derive(Clone, Copy, Debug)]
pub struct Phase {
    /// How long, in days.
    pub days: f64,
    /// Hazards per day by route.
    pub rates: PerRoute<Rate>,
}

impl Phase {
    /// The hazard per day of all routes together at a diligence.
    pub fn hazard(&self, diligence: f64) -> f64 {
        Rate::sum(self.rates).at(diligence)
    }
}

/// The kinds of servers that are ever detected.
///
/// # Errors
/// Every reason why a scenario is not solvable.
pub fn of(scenario: &Scenario, start: SimTime, horizon: SimTime) -> Result<Vec<Stratum>, Vec<String>> {
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    let mut cells = Vec::new();
    let groups: Vec<&Group> = scenario.world.groups().iter().filter(|group| group.count() > 0).collect();
    for group in &groups {
        let mut found = group_reasons(group, &scenario.policy);
        for (kind, share) in kinds(scenario, group, start, horizon) {
            match kind.cell(f64::from(group.count()) * share) {
                Ok(cell) => cells.extend(cell),
                Err(reason) => found.push(reason),
            }
        }
        for reason in found {
            match reasons.iter_mut().find(|known| known.0 == reason) {
                Some(known) if known.1.last() == Some(&group.name()) => {}
                Some(known) => known.1.push(group.name()),
                None => reasons.push((reason, vec![group.name()])),
            }
        }
    }
    let words = |(reason, names): (String, Vec<&str>)| match names.len() == groups.len() {
        true => reason,
        false => format!("{reason} (\"{}\")", names.join("\", \"")),
    };
    if reasons.is_empty() { Ok(cells) } else { Err(reasons.into_iter().map(words).collect()) }
}

/// What makes the time to remediation of a group depend on more than its hazards.
fn group_reasons(group: &Group, policy: &Policy) -> Vec<String> {
    let openings = &group.openings();
    let (alone, planned) = match &group.servers() {
        ServerMix::Drawn { per_tenant, .. } => (per_tenant.iter().skip(1).all(|&share| share == 0.0), false),
        ServerMix::Listed(servers) => (servers.len() <= 1, servers.iter().any(|server| server.planned().is_some())),
    };
    let waits = group.routes().iter().flatten().any(|rules| {
        let own = rules.lead_by_product().values();
        own.chain(std::iter::once(&rules.lead())).any(|lead| lead.mean() != 0.0)
    });
    let frozen = openings.freezes().iter().any(|freeze| freeze.share() > 0.0 && !freeze.stretches().is_empty());
    let pausing = group.behaviours().iter().any(|b| b.share() > 0.0 && *b.plan() != PausePlan::Never);
    [
        (!alone, "some tenants have more than one server"),
        (planned, "a remediation has a set date"),
        (waits, "work waits for a lead time after the decision"),
        (!openings.windows().is_empty(), "work waits for maintenance windows"),
        (frozen, "some tenants observe change freezes"),
        (group.failure().prob() != 0.0, "attempts can fail"),
        (pausing && policy.pauses().budget_days() > 0, "tenants may pause"),
    ]
    .into_iter()
    .filter(|(holds, _)| *holds)
    .map(|(_, reason)| reason.to_owned())
    .collect()
}

/// Servers of one product, build and holding of extended security updates.
struct ServerKind<'a> {
    group: &'a Group,
    policy: &'a Policy,
    world: &'a World,
    product: ProductId,
    build: Build,
    esu: bool,
    /// First detection, if the study says it.
    known: Option<SimTime>,
    start: SimTime,
    horizon: SimTime,
    /// Instants in `[start, horizon)` from which on other routes may be open, `start` first.
    changes: Vec<SimTime>,
}

/// The kinds of a group's servers with their shares.
fn kinds<'a>(scenario: &'a Scenario, group: &'a Group, start: SimTime, horizon: SimTime) -> Vec<(ServerKind<'a>, f64)> {
    let servers: Vec<(ProductId, Build, f64, Option<SimTime>)> = match &group.servers() {
        ServerMix::Drawn { builds, .. } => {
            let total: f64 = builds.iter().map(|build| build.share).sum();
            builds.iter().map(|build| (build.product, build.build, build.share / total, None)).collect()
        }
        ServerMix::Listed(servers) => {
            servers.iter().map(|server| (server.product(), server.build(), 1.0, server.first_detected())).collect()
        }
    };
    let policy = &scenario.policy;
    let mut kinds = Vec::new();
    for (product, build, share, known) in servers {
        for (esu, holders) in [(false, 1.0 - group.esu_share()), (true, group.esu_share())] {
            let changes = changes(scenario, product, target(group), start, horizon);
            let world = &*scenario.world;
            let kind = ServerKind { group, policy, world, product, build, esu, known, start, horizon, changes };
            kinds.push((kind, share * holders));
        }
    }
    kinds.retain(|(_, share)| *share > 0.0);
    kinds
}

fn target(group: &Group) -> Option<ProductId> {
    group.routes()[Route::Upgrade].as_ref().and_then(|rules| rules.target())
}

fn changes(
    scenario: &Scenario,
    product: ProductId,
    target: Option<ProductId>,
    start: SimTime,
    horizon: SimTime,
) -> Vec<SimTime> {
    let (baselines, catalog) = (scenario.policy.baselines(), &scenario.world.catalog());
    let mut instants = vec![start];
    for product in std::iter::once(product).chain(target) {
        instants.extend(catalog.releases(product).map(|release| release.date));
        instants.extend(baselines.of(product).iter().map(|&entry| baselines.entries()[entry].effective()));
    }
    instants.retain(|&at| at >= start && at < horizon);
    instants.sort();
    instants.dedup();
    instants
}

impl ServerKind<'_> {
    /// The cell of `servers` such servers; `None` if none of them is ever detected.
    fn cell(&self, servers: f64) -> Result<Option<Stratum>, String> {
        let Some((first, latest)) = self.detections()? else {
            return self.stray(self.horizon).map(|()| None);
        };
        self.stray(latest)?;
        let open = self.lasting(first)?;
        let ladder = self.policy.ladder();
        let rates = |state| rates(self.group, self.world.response(), self.product, open, state);
        let stages = ladder.stages().iter().map(|stage| rates(State::InStage(stage))).collect();
        let (before, window) = (self.phases(self.start, first), self.phases(first, latest));
        Ok(Some(Stratum { servers, diligence: self.group.diligence(), before, window, stages, latest }))
    }

    /// The first and the last instant of detection.
    fn detections(&self) -> Result<Option<(SimTime, SimTime)>, String> {
        let baselines = self.policy.baselines();
        let mut entries = baselines.of(self.product).iter().map(|&index| &baselines.entries()[index]);
        let breached = entries.find(|entry| !entry.met_by(self.product, self.build));
        let Some(entry) = breached.filter(|entry| entry.effective() < self.horizon) else { return Ok(None) };
        let (first, latest) = match self.known {
            Some(known) => (known.max(entry.effective()), known.max(entry.effective())),
            None => (entry.effective(), entry.effective() + entry.spread()),
        };
        if first < self.start {
            return Err("first detections may lie before the start".to_owned());
        }
        Ok(Some((first, latest)))
    }

    /// Refuses servers that act before `until`, undetected, and may breach a baseline later all the same.
    fn stray(&self, until: SimTime) -> Result<(), String> {
        let acting = self.changes.iter().filter(|&&at| at < until);
        let patching = acting.clone().find(|&&at| self.open(at)[Route::Patch]);
        let later = |since: SimTime| self.changes.iter().filter(move |&&at| at >= since);
        let patched = patching.is_some_and(|&since| later(since).any(|&at| self.falls_behind(self.product, at)));
        let upgrading = acting.clone().next().is_some();
        let upgraded = target(self.group).filter(|_| upgrading);
        if patched || upgraded.is_some_and(|target| later(self.start).any(|&at| self.falls_behind(target, at))) {
            return Err("servers that act before detection may fall behind a later baseline".to_owned());
        }
        Ok(())
    }

    /// Whether the newest build of a product at `at` breaches any baseline before the horizon.
    fn falls_behind(&self, product: ProductId, at: SimTime) -> bool {
        let last = self.changes.last().copied().unwrap_or(self.horizon);
        let newest = self.world.catalog().newest_for(product, self.esu, at);
        newest.is_some_and(|build| self.policy.baselines().breach(product, build, last).is_some())
    }

    /// The routes open from `first` detection to the horizon, if these are the same throughout.
    fn lasting(&self, first: SimTime) -> Result<PerRoute<bool>, String> {
        let open = self.open(first);
        let later = || self.changes.iter().copied().filter(|&at| at > first);
        if later().any(|at| self.open(at) != open) {
            return Err("other routes open or close after first detection (a release or a raised baseline)".to_owned());
        }
        let vain = |at: SimTime| {
            let reached = target(self.group).zip(target(self.group).and_then(|target| self.newest(target, at)));
            reached.is_some_and(|(target, build)| self.policy.baselines().breach(target, build, at).is_some())
        };
        if std::iter::once(first).chain(later()).any(vain) {
            return Err("an upgrade may end at a build that does not comply".to_owned());
        }
        Ok(open)
    }

    fn newest(&self, product: ProductId, at: SimTime) -> Option<Build> {
        self.world.catalog().newest_for(product, self.esu, at)
    }

    /// The routes that a server of this kind can take at `at`.
    fn open(&self, at: SimTime) -> PerRoute<bool> {
        PerRoute::from_fn(|route| match (&self.group.routes()[route], route) {
            (None, _) => false,
            (Some(_), Route::Patch) => self.newest(self.product, at).is_some_and(|newest| {
                newest > self.build && self.policy.baselines().breach(self.product, newest, at).is_none()
            }),
            (Some(rules), Route::Upgrade) => rules.target().is_some_and(|target| self.newest(target, at).is_some()),
            (Some(_), Route::Leave) => true,
        })
    }

    /// The hazard of an undetected server from `from` to `to`.
    fn phases(&self, from: SimTime, to: SimTime) -> Vec<Phase> {
        let inside = self.changes.iter().copied().filter(|&at| at > from && at < to);
        let mut cuts: Vec<SimTime> = std::iter::once(from).chain(inside).collect();
        cuts.push(to);
        let phase = |pair: &[SimTime]| Phase {
            days: pair[1].since(pair[0]).days_f64(),
            rates: rates(self.group, self.world.response(), self.product, self.open(pair[0]), State::Unaware),
        };
        cuts.windows(2).map(phase).filter(|phase| phase.days > 0.0).collect()
    }
}
