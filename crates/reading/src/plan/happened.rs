//! What has happened since a plan was made: what the command line says goes before what is remembered, and that before what is taken
//! to have gone as planned.

use super::Overrides;
use super::state::{PlanState, STATE, state};
use crate::problem::{Problem, Severity};
use brownout_kernel::policy::PauseRequest;
use brownout_kernel::time::{Day, SimTime};
use brownout_planner::index::{PerServer, ServerIndex};
use brownout_planner::project::FleetServer;
use brownout_planner::{Happened, InHand};
use brownout_text::names::nearest;
use brownout_text::words::counted;

/// What is said, remembered, and taken to have gone as planned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Events {
    /// What the command line says of servers that are done; several may name one server.
    said_done: Vec<(String, SimTime)>,
    said_in_hand: Vec<(String, Option<SimTime>)>,
    /// What the state of the former plan remembers, as far as nothing else is said.
    remembered: Happened,
    /// What went as planned.
    as_planned: Happened,
    /// Pauses had that the command line or the state tell of.
    had: Vec<PauseRequest>,
    /// Pause days used, by calendar year.
    used: Vec<(i16, u32)>,
}

impl Events {
    /// Puts together what is known to have happened by `as_of`.
    pub fn new(overrides: &Overrides, state: Option<&PlanState>, as_of: Day) -> Self {
        let mut events = Events {
            said_done: overrides.done.clone(),
            said_in_hand: overrides.in_hand.clone(),
            had: overrides.had.clone(),
            used: overrides.used.clone(),
            ..Events::default()
        };
        let Some(state) = state else { return events };
        let expected = match overrides.as_planned {
            true => state.former.as_planned(as_of),
            false => Happened::default(),
        };
        let remembered = Happened { done: state.done.clone(), in_hand: state.in_hand.clone(), had: state.had.clone() };
        events.remembered = events.unknown(remembered);
        events.had.extend(&events.remembered.had);
        events.as_planned = events.unknown(expected);
        // What was in hand and went as planned is done.
        let done = &events.as_planned.done;
        events.remembered.in_hand.retain(|one| done.iter().all(|done| !same(&done.0, &one.0)));
        events.had.extend(&events.as_planned.had);
        let years = state.former.used.iter().filter(|used| overrides.used.iter().all(|said| said.0 != used.0));
        events.used.extend(years);
        events
    }

    /// The part of what happened of which nothing is known yet.
    fn unknown(&self, happened: Happened) -> Happened {
        let done = || self.said_done.iter().chain(&self.remembered.done).map(|one| &one.0);
        let in_hand = || self.said_in_hand.iter().map(|one| &one.0);
        let is_done = |name: &str| done().any(|known| same(known, name));
        let is_said = |name: &str| in_hand().any(|known| same(known, name)) || is_done(name);
        let is_begun = |name: &str| self.remembered.in_hand.iter().any(|one| same(&one.0, name)) || is_said(name);
        Happened {
            done: happened.done.into_iter().filter(|one| !is_said(&one.0)).collect(),
            in_hand: happened.in_hand.into_iter().filter(|one| !is_begun(&one.0)).collect(),
            had: happened.had.into_iter().filter(|one| self.had.iter().all(|had| had.at != one.at)).collect(),
        }
    }

    /// Pauses had.
    pub fn had(&self) -> &[PauseRequest] {
        &self.had
    }

    /// Pause days used besides, by calendar year.
    pub fn used(&self) -> &[(i16, u32)] {
        &self.used
    }

    /// What was remembered and what was taken to have gone as planned, for people.
    pub fn notes(&self, state: &PlanState) -> Vec<String> {
        let count = |happened: &Happened| {
            format!(
                "{} done, {} in hand, {} had",
                counted(happened.done.len() as u64, "server"),
                happened.in_hand.len(),
                counted(happened.had.len() as u64, "pause")
            )
        };
        let remembered = format!("remembered from the plan as of {}: {}", state.as_of, count(&self.remembered));
        let planned = (self.as_planned != Happened::default())
            .then(|| format!("taken to have gone as planned since then: {}", count(&self.as_planned)));
        std::iter::once(remembered).chain(planned).collect()
    }

    /// Marks what is done and in hand in a fleet.
    pub(super) fn mark(&self, servers: &mut PerServer<FleetServer>, as_of: Day, further: &mut Vec<Problem>) {
        let mut marking = Marking { servers, as_of, further };
        marking.check_in_hand();
        for (index, (name, at)) in self.said_done.iter().enumerate() {
            let earlier = self.said_done[..index].iter().find(|(other, _)| same(other, name));
            if let Some((_, before)) = earlier.filter(|(_, before)| before != at) {
                let message = format!("{name} is said to be done on {} and on {}", before.day(), at.day());
                marking.refuse("--done", message, "give one day");
            }
            marking.done("--done", name, *at);
        }
        for (name, since) in &self.said_in_hand {
            if self.said_done.iter().any(|(other, _)| same(other, name)) {
                let message = format!("{name} is said to be done and to be in hand");
                marking.refuse("--in-hand", message, "leave one of them out");
            }
            marking.in_hand("--in-hand", name, since.map(SimTime::day));
        }
        for happened in [&self.remembered, &self.as_planned] {
            for (name, at) in &happened.done {
                if marking.is_there(name) {
                    marking.done(STATE, name, *at);
                }
            }
            for (name, since) in &happened.in_hand {
                if marking.is_there(name) {
                    marking.in_hand(STATE, name, Some(*since));
                }
            }
        }
        let forgotten = self.remembered.done.iter().filter(|one| !marking.is_there(&one.0));
        let forgotten: Vec<&str> = forgotten.map(|one| one.0.as_str()).collect();
        if !forgotten.is_empty() {
            let message = format!("remembered as done, but not in the fleet any more: {}", forgotten.join(", "));
            marking.note(Severity::Warning, STATE, message, "");
        }
    }
}

/// The state of the former plan, if one is given and is of this plan; every problem is added to `further`.
pub fn recalled(overrides: &Overrides, plan: &str, further: &mut Vec<Problem>) -> Option<PlanState> {
    let state = state(overrides.state.as_ref()?, plan, further)?;
    match overrides.as_of.map(SimTime::day) {
        Some(as_of) if as_of < state.as_of => {
            let message = format!("{as_of} is before {}, the day of the former plan", state.as_of);
            let help = "plan again from that day on or a later one".to_owned();
            further.push(Problem {
                severity: Severity::Error,
                place: None,
                field: "--as-of".to_owned(),
                message,
                help,
            });
            None
        }
        _ => Some(state),
    }
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

struct Marking<'s, 'p> {
    servers: &'s mut PerServer<FleetServer>,
    as_of: Day,
    further: &'p mut Vec<Problem>,
}

impl Marking<'_, '_> {
    fn note(&mut self, severity: Severity, field: &str, message: String, help: &str) {
        let (field, help) = (field.to_owned(), help.to_owned());
        self.further.push(Problem { severity, place: None, field, message, help });
    }

    fn refuse(&mut self, field: &str, message: String, help: &str) {
        self.note(Severity::Error, field, message, help);
    }

    fn is_there(&self, name: &str) -> bool {
        self.servers.iter().any(|server| same(&server.name, name))
    }

    /// The server of this name; a problem if there is none.
    fn find(&mut self, field: &str, name: &str) -> Option<ServerIndex> {
        let found = self.servers.position(|server| same(&server.name, name));
        if found.is_none() {
            let names: Vec<String> = self.servers.iter().map(|server| server.name.clone()).collect();
            self.refuse(field, format!("no server is called \"{name}\""), &nearest(name, &names));
        }
        found
    }

    fn done(&mut self, field: &str, name: &str, at: SimTime) {
        let Some(index) = self.find(field, name) else { return };
        if at.day() > self.as_of {
            let message = format!("{name} cannot be done on {} already: the plan is as of {}", at.day(), self.as_of);
            self.refuse(field, message, "give --as-of");
        }
        self.servers[index].done = Some(at);
    }

    fn in_hand(&mut self, field: &str, name: &str, since: Option<Day>) {
        let Some(index) = self.find(field, name) else { return };
        self.servers[index].in_hand = Some(InHand { since, keeps: None });
        self.refuse_ahead(field, name, since);
    }

    /// What the fleet says of work in hand.
    fn check_in_hand(&mut self) {
        let told = self.servers.iter().filter_map(|server| Some((server.name.clone(), server.in_hand?.since)));
        for (name, since) in told.collect::<Vec<_>>() {
            self.refuse_ahead("fleet, column in_hand", &name, since);
        }
    }

    /// Work cannot have begun after the first planned day.
    fn refuse_ahead(&mut self, field: &str, name: &str, since: Option<Day>) {
        if let Some(since) = since.filter(|since| *since > self.as_of) {
            let message = format!("{name} cannot be in hand since {since} already: the plan is as of {}", self.as_of);
            self.refuse(field, message, "give --as-of");
        }
    }
}
