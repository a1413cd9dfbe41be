//! The plan as everything here tells it: a row for each server in order of its cut-over, and the pauses with what they do.

use brownout_exchange::timeline::rules::{Applied, applied};
use brownout_kernel::certainty::Certainty;
use brownout_kernel::policy::{Minutes, PauseRequest, Period, paused};
use brownout_kernel::time::{Clock, Day, SimDuration, SimTime};
use brownout_planner::chance::conditional::Conditional;
use brownout_planner::chance::outcome::{Danger, Fleet, ServerChance, falls_back};
use brownout_planner::cost::mail::MailFate;
use brownout_planner::index::{CrewIndex, JobIndex, ServerIndex};
use brownout_planner::{Findings, FleetServer, Project, Raise};
use std::sync::Arc;

/// A plan worked out for telling.
#[derive(Clone, Debug)]
pub struct Story<'a> {
    /// What was found.
    pub findings: &'a Findings<'a>,
    /// The servers, those that are done first, the others in order of their cut-overs.
    pub rows: Vec<PlanRow<'a>>,
    /// The pauses to be asked for, in order of time.
    pub pauses: Vec<PlannedPause>,
}

/// A server in the plan.
#[derive(Clone, Debug)]
pub struct PlanRow<'a> {
    /// The server.
    pub server: &'a FleetServer,
    /// Whether it is done already.
    pub done: bool,
    /// When it is cut over as planned, or was done.
    pub at: SimTime,
    /// The crew; `None` for a server that is done.
    pub crew: Option<CrewIndex>,
    /// First day of work or of waiting.
    pub start: Option<Day>,
    /// Stages and pauses under the planned pauses, if it is never done; empty if the policy never reaches it.
    pub periods: Vec<Period>,
    /// Rules without a source that decide about these periods.
    pub rules: Vec<Applied>,
    /// When it met or would meet each [`Danger`] for the first time, pauses counted in.
    pub first: [Option<SimTime>; 3],
    /// When it would meet each [`Danger`] from the first planned day on: that day itself if it is under it then.
    pub ahead: [Option<SimTime>; 3],
    /// Its chances; `None` for a server that is done.
    pub chance: Option<&'a ServerChance>,
    /// Its mail from the first planned day to the cut-over, if everything goes as planned.
    pub fate: MailFate,
}

/// A pause to be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedPause {
    /// First paused instant: when the command must be run.
    pub at: SimTime,
    /// Whole days.
    pub days: u32,
    /// First instant after it.
    pub ends: SimTime,
    /// Days charged to each calendar year, rising.
    pub charges: Vec<(i16, u32)>,
    /// Pause days left afterwards in the year in which it begins.
    pub left: u32,
    /// Whether it carries a pause on that ends at this very instant.
    pub joins: bool,
    /// Servers not done at its beginning that would be throttled or blocked without it, as stages stand then.
    pub held: Vec<String>,
    /// Servers cut over while it lasts.
    pub bridged: Vec<String>,
    /// Servers that should be done by then: the pause is asked for only if one of them is not. Empty for a pause that is asked
    /// for in any case.
    pub only_if: Vec<String>,
    /// Probability that it is asked for.
    pub prob: f64,
}

impl PlannedPause {
    /// Whether it is asked for only if something is late.
    pub fn is_conditional(&self) -> bool {
        !self.only_if.is_empty()
    }
}

impl<'a> Story<'a> {
    /// The story of some findings.
    pub fn new(findings: &'a Findings<'a>) -> Self {
        let project = findings.basis.project;
        let fleet = findings.fleet();
        let job_of = |server: ServerIndex| findings.basis.jobs.position(|job| job.server == server);
        let mut rows: Vec<PlanRow<'a>> =
            project.servers.keys().map(|server| row(findings, &fleet, server, job_of(server))).collect();
        rows.sort_by_key(|row| (!row.done, row.at, row.start));
        let pauses = pauses(findings, &rows);
        Story { findings, rows, pauses }
    }

    /// Rules without a source that decide about pauses had or planned, each once with the most days it bears on.
    pub fn assumed(&self) -> Vec<Applied> {
        let mut all: Vec<Applied> = Vec::new();
        for &rule in self.rows.iter().flat_map(|row| &row.rules) {
            match all.iter_mut().find(|known| known.rule == rule.rule && known.from == rule.from) {
                Some(known) => known.days = known.days.max(rule.days),
                None => all.push(rule),
            }
        }
        all.sort_by_key(|rule| (rule.from, rule.rule));
        all
    }

    /// How sure it is what stands from an instant on, over all servers that are not done: a pause is as sure as what it holds off.
    pub fn certainty_from(&self, at: SimTime) -> Certainty {
        let stands = |row: &PlanRow<'_>| {
            row.periods.iter().find(|period| period.to > at).map(|period| self.certainty_of(row, period))
        };
        self.open().filter_map(stands).max().unwrap_or_default()
    }

    /// How sure a period of a row is: what ends before the first unsure instant is as sure as the first detection.
    pub fn certainty_of(&self, row: &PlanRow<'_>, period: &Period) -> Certainty {
        let inferred = self.project().pauses_inferred.iter().any(|pause| period.to > pause.at);
        let assumed = row.rules.iter().any(|rule| period.to > rule.from);
        let marks = [inferred.then_some(Certainty::Inferred), assumed.then_some(Certainty::Assumed)];
        marks.into_iter().flatten().fold(row.server.assessment.certainty, Certainty::max)
    }

    /// The project.
    pub fn project(&self) -> &'a Project {
        self.findings.basis.project
    }

    /// The servers that are not done, in order of their cut-overs.
    pub fn open(&self) -> impl Iterator<Item = &PlanRow<'a>> {
        self.rows.iter().filter(|row| !row.done)
    }

    /// The clocks of the place where a server is cut over: those of its own windows or of its crew's, else those of the plan; `None`
    /// for UTC alone.
    pub fn clock_of(&self, row: &PlanRow<'a>) -> Option<&'a Clock> {
        let project = self.project();
        let own = row.server.windows.as_ref().and_then(|openings| openings.clock());
        let crew = row.crew.and_then(|crew| project.crews[crew].openings.clock());
        own.or(crew).map(Arc::as_ref).or(self.clock())
    }

    /// The clocks of the plan; `None` for UTC alone.
    pub fn clock(&self) -> Option<&'a Clock> {
        self.project().clock.as_deref()
    }

    /// By whose clocks servers are told, in words: a place, or "each crew's place"; `None` for UTC alone.
    pub fn place(&self) -> Option<String> {
        let mut names: Vec<Option<&str>> = self.open().map(|row| self.clock_of(row).map(Clock::name)).collect();
        names.sort_unstable();
        names.dedup();
        match names.as_slice() {
            [] | [None] => self.clock().map(|clock| clock.name().to_owned()),
            [Some(one)] => Some((*one).to_owned()),
            _ => Some("each crew's place".to_owned()),
        }
    }

    /// Name of a row's server, with that of its tenant where there are several.
    pub fn name_of(&self, row: &PlanRow<'_>) -> String {
        match &self.project().tenant {
            Some(tenant) => format!("{tenant}: {}", row.server.name),
            None => row.server.name.clone(),
        }
    }

    /// The last planned cut-over; `None` if everything is done.
    pub fn last(&self) -> Option<SimTime> {
        self.open().map(|row| row.at).max()
    }

    /// Name of a row's crew; empty for a server that is done.
    pub fn crew(&self, row: &PlanRow<'_>) -> &'a str {
        row.crew.map_or("", |crew| self.project().crews[crew].name.as_str())
    }

    /// The servers that are not done and stay done once they are.
    pub fn staying(&self) -> impl Iterator<Item = &PlanRow<'a>> {
        self.open().filter(|row| falls_back(self.project(), row.server).is_none())
    }

    /// The servers that are not done and whose target breaches a baseline within the plan, each with that baseline.
    pub fn falling_back(&self) -> impl Iterator<Item = (&PlanRow<'a>, &'a Raise)> {
        let falls = |row: &&PlanRow<'a>| falls_back(self.project(), row.server).is_some();
        self.open().filter(falls).filter_map(|row| Some((row, row.server.again.as_ref()?)))
    }

    /// Pauses had and planned in any case with their ends, in order of time.
    pub fn paused(&self) -> Vec<(SimTime, SimTime)> {
        paused(&self.findings.grants()).into_iter().map(|pause| (pause.from(), pause.to())).collect()
    }
}

impl PlanRow<'_> {
    /// What is in force at an instant, just before anything changes at it; `None` before first detection.
    pub fn period_before(&self, at: SimTime) -> Option<&Period> {
        self.periods.iter().rfind(|period| period.from < at)
    }

    /// When it would meet a danger within the plan.
    pub fn meets(&self, danger: Danger) -> Option<SimTime> {
        self.ahead[danger as usize]
    }

    /// When a danger begins for it: in the past if it is under it at `as_of`, else the next time.
    pub fn begins(&self, danger: Danger, as_of: SimTime) -> Option<SimTime> {
        let ahead = self.meets(danger)?;
        if ahead == as_of { self.first[danger as usize] } else { Some(ahead) }
    }

    /// Whether it is under a danger at the first planned instant.
    pub fn is_under(&self, danger: Danger, as_of: SimTime) -> bool {
        !self.done && self.meets(danger) == Some(as_of)
    }

    /// Whether it is under a danger at some time from the first planned day until it is done as planned.
    pub fn suffers(&self, danger: Danger) -> bool {
        self.meets(danger).is_some_and(|at| at < self.at)
    }

    /// Seconds from an instant to its cut-over in which some of its mail is blocked.
    pub fn blocked_seconds(&self, from: SimTime) -> i64 {
        let blocked = self.periods.iter().filter(|period| Danger::Blocking.hits(period.minutes));
        let inside = blocked.map(|period| period.to.min(self.at).since(period.from.max(from).min(self.at)));
        inside.map(|length| length.seconds().max(0)).sum()
    }
}

fn row<'a>(findings: &'a Findings<'a>, fleet: &Fleet<'_>, index: ServerIndex, job: Option<JobIndex>) -> PlanRow<'a> {
    let project = findings.basis.project;
    let server = &project.servers[index];
    let fortune = fleet.fortune(index);
    let candidate = job.map(|job| findings.candidate(job));
    let at = candidate.map_or(server.done.unwrap_or(SimTime::NEVER), |candidate| candidate.at);
    PlanRow {
        server,
        done: job.is_none(),
        at,
        crew: candidate.map(|candidate| candidate.crew),
        start: candidate.map(|candidate| project.day(candidate.start)),
        rules: fortune.map_or_else(Vec::new, |fortune| applied(&project.policy, &findings.grants(), &fortune.periods)),
        periods: fortune.map_or_else(Vec::new, |fortune| fortune.periods.clone()),
        first: Danger::ALL.map(|danger| danger.from(fortune?, server.detected?)),
        ahead: Danger::ALL.map(|danger| danger.from(fortune?, project.as_of.start())),
        chance: job.map(|job| &findings.lived.servers[job]),
        fate: if job.is_some() { fleet.fate(index, at) } else { MailFate::default() },
    }
}

/// The pauses, each with what it costs the budgets and what it holds off.
fn pauses(findings: &Findings<'_>, rows: &[PlanRow<'_>]) -> Vec<PlannedPause> {
    let project = findings.basis.project;
    let rules = project.policy.pauses();
    let mut book = project.spent.book().clone();
    let always = findings.asked.always.iter().map(|grant| (grant.request(), None));
    let conditional = findings.asked.conditional.iter().map(|one| (one.grant.request(), Some(one)));
    let mut requests: Vec<(PauseRequest, Option<&Conditional>)> = always.chain(conditional).collect();
    requests.sort_by_key(|request| request.0);
    let mut planned = Vec::new();
    for (PauseRequest { at, days }, condition) in requests {
        let joins = book.current().is_some_and(|pause| pause.to() == at);
        book.grant_up_to(rules, at, days);
        let charges = book.newest_charges().to_vec();
        let ends = at + SimDuration::from_days(i64::from(days));
        let left = book.left(rules, at.year());
        let late: Vec<&str> =
            condition.iter().flat_map(|one| &one.only_if).map(|&job| findings.server(job).name.as_str()).collect();
        let is_late = |row: &&PlanRow<'_>| late.contains(&row.server.name.as_str());
        let held = names(rows.iter().filter(|row| (row.at > at || is_late(row)) && is_held(project, row, at)));
        let only_if = names(rows.iter().filter(is_late));
        let prob = condition.map_or(1.0, |one| one.prob);
        let bridged = names(rows.iter().filter(|row| !row.done && (at..ends).contains(&row.at)));
        planned.push(PlannedPause { at, days, ends, charges, left, joins, held, bridged, only_if, prob });
    }
    planned
}

fn names<'r, 'a: 'r>(rows: impl Iterator<Item = &'r PlanRow<'a>>) -> Vec<String> {
    rows.map(|row| row.server.name.clone()).collect()
}

/// Whether the stage of a server that is not done at the beginning of a pause would restrict its mail.
fn is_held(project: &Project, row: &PlanRow<'_>, at: SimTime) -> bool {
    let stage = row.period_before(at + SimDuration::from_seconds(1)).map(|period| period.stage);
    let minutes = stage.map_or(Minutes::NONE, |stage| project.policy.ladder().stages()[stage].minutes());
    !row.done && minutes.restrict()
}
