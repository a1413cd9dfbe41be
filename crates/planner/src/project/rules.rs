//! The rules that every project keeps, whoever makes it.

use super::{Crew, FleetServer, Parts, Risk, Weights};
use crate::dates::waits_for;
use crate::index::{CrewIndex, PerServer, ServerIndex};
use brownout_kernel::limits::{Limits, Refusal, Rule, repeated};

/// A share of courses, or a quantile: neither never nor always.
const INSIDE: Limits<f64> = Limits::new("quantile", f64::MIN_POSITIVE, 1.0 - f64::EPSILON, "");
/// A probability of failure below certainty: a cut-over that always fails never ends.
const FAILURE: Limits<f64> = Limits::new("failure_prob", 0.0, 1.0 - f64::EPSILON, "");
/// Points, with room for what stands for "never".
const POINTS: Limits<f64> = Limits::new("weights", 0.0, 1e12, " points");

pub(super) fn check(parts: &Parts) -> Result<(), Refusal> {
    parts.retry.check()?;
    rule(parts.horizon >= parts.as_of, "horizon", "it does not lie before the first day")?;
    names("crews", parts.crews.iter().map(|crew| crew.name.as_str()))?;
    names("servers", parts.servers.iter().map(|server| server.name.as_str()))?;
    let at_least_one = |field, count: usize| rule(count > 0, field, "there must be at least one");
    at_least_one("servers", parts.servers.len())?;
    at_least_one("crews", parts.crews.len())?;
    at_least_one("replications", parts.replications as usize)?;
    rule(parts.pause_terms.least_days > 0, "pause_terms", "a pause lasts a day or more")?;
    POINTS.check(parts.pause_terms.command)?;
    for (index, crew) in parts.crews.iter().enumerate() {
        self::crew(crew).map_err(|why| Refusal::of_entry("crews", index, Rule::Broken(why)))?;
    }
    let (crews, servers) = (parts.crews.len(), parts.servers.len());
    for (index, server) in parts.servers.iter().enumerate() {
        self::server(server, crews, servers).map_err(|why| Refusal::of_entry("servers", index, Rule::Broken(why)))?;
    }
    rule(waits_in_no_circle(&parts.servers), "servers", "none waits for itself, over others or not")?;
    weights(&parts.weights)?;
    risk(&parts.risk)
}

fn names<'a>(field: &'static str, names: impl Iterator<Item = &'a str>) -> Result<(), Refusal> {
    repeated(names).next().map_or(Ok(()), |index| Err(Refusal::of_entry(field, index, Rule::NameTwice)))
}

/// Whether every server can have its turn: whoever waits for nobody that is open is done.
fn waits_in_no_circle(servers: &PerServer<FleetServer>) -> bool {
    let waits: PerServer<Vec<ServerIndex>> = servers.keys().map(|server| waits_for(servers, server)).collect();
    let mut open: Vec<ServerIndex> = servers.keys().collect();
    let mut done = PerServer::from(vec![false; servers.len()]);
    loop {
        let before = open.len();
        open.retain(|&server| {
            done[server] = waits[server].iter().all(|&other| done[other]);
            !done[server]
        });
        if open.len() == before {
            return open.is_empty();
        }
    }
}

fn rule(kept: bool, field: &'static str, why: &'static str) -> Result<(), Refusal> {
    if kept { Ok(()) } else { Err(Refusal::of(field, Rule::Broken(why))) }
}

fn crew(crew: &Crew) -> Result<(), &'static str> {
    match () {
        () if crew.jobs == 0 => Err("a crew has room for at least one job"),
        () if !crew.holidays.is_sorted() => Err("holidays rise"),
        () if !crew.extra.is_sorted() => Err("extra openings rise"),
        () => Ok(()),
    }
}

fn server(server: &FleetServer, crews: usize, servers: usize) -> Result<(), &'static str> {
    let there = |crew: &CrewIndex| usize::from(*crew) < crews;
    match () {
        () if server.crews.is_empty() => Err("some crew can do it"),
        () if !server.crews.iter().all(there) => Err("its crews are among those of the project"),
        () if !server.depends_on.iter().all(|other| usize::from(*other) < servers) => {
            Err("it depends on servers of the project")
        }
        () if server.in_hand.and_then(|in_hand| in_hand.keeps).is_some_and(|kept| !there(&kept.crew)) => {
            Err("the crew that has it in hand is among those of the project")
        }
        () if server.priority == 0 => Err("its priority is at least 1"),
        () => Ok(()),
    }
}

fn weights(weights: &Weights) -> Result<(), Refusal> {
    let Weights { lost, delayed, exposure, pause_day, stability } = *weights;
    [lost, delayed, exposure, pause_day, stability].into_iter().try_for_each(|points| POINTS.check(points).map(|_| ()))
}

fn risk(risk: &Risk) -> Result<(), Refusal> {
    let quantiles = [risk.level, risk.plan_quantile].into_iter().chain(risk.commit);
    quantiles.chain(risk.try_quantiles.iter().copied()).try_for_each(|quantile| INSIDE.check(quantile).map(|_| ()))?;
    FAILURE.check(risk.failure_prob).map(|_| ())
}
