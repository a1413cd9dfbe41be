//! `state.ron`, which lies beside the results of a plan: what had happened when it was made, and the dates it gave.
//!
//! Planning again from it needs nothing said twice: servers that are done stay done, work in hand stays in hand, pauses are had. A
//! state of another plan or version is refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::check::Checker;
use crate::problem::Problem;
use crate::text::SourceFile;
use crate::tree::{Path, read_file};
use brownout_kernel::policy::PauseRequest;
use brownout_kernel::time::{Day, SimTime};
use brownout_planner::{Former, FormerDate, FormerPause};

/// Name of the file.
pub const STATE: &str = "state.ron";

/// What a plan remembers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanState {
    /// Name of the plan.
    pub plan: String,
    /// First day that it could plan.
    pub as_of: Day,
    /// Its dates and pauses. Of a server that is done the date it was planned for.
    pub former: Former,
    /// Servers that were done by then.
    pub done: Vec<(String, SimTime)>,
    /// Servers in hand, and since when.
    pub in_hand: Vec<(String, Day)>,
    /// Pauses had or running.
    pub had: Vec<PauseRequest>,
    /// What is remembered of each tenant, by name, where the plan is of several; of the plan as a whole nothing is then.
    pub tenants: BTreeMap<String, PlanState>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StateWire {
    version: u32,
    plan: String,
    as_of: String,
    #[serde(default)]
    servers: Vec<ServerWire>,
    #[serde(default)]
    pauses: Vec<PauseWire>,
    #[serde(default)]
    had: Vec<HadWire>,
    #[serde(default)]
    used: BTreeMap<i16, i64>,
    #[serde(default)]
    tenants: BTreeMap<String, PartWire>,
}

/// What is remembered of one tenant of several.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartWire {
    servers: Vec<ServerWire>,
    pauses: Vec<PauseWire>,
    had: Vec<HadWire>,
    used: BTreeMap<i16, i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServerWire {
    server: String,
    planned: Option<PlannedWire>,
    in_hand: Option<String>,
    done: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedWire {
    crew: String,
    start: String,
    at: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PauseWire {
    at: String,
    days: i64,
    only_if_late: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HadWire {
    at: String,
    days: i64,
}

/// The state in a file, if it is one of this plan; every problem is added to `further`.
pub fn state(file: &Arc<SourceFile>, plan: &str, further: &mut Vec<Problem>) -> Option<PlanState> {
    let mut read = read_file::<StateWire>(file, "");
    let mut found = None;
    if let (Some(wire), Some(tree)) = (&read.value, &read.tree) {
        let mut checker = Checker::new(tree, "", &read.dropped);
        found = checked(&mut checker, wire, plan);
        read.problems.join(checker.problems);
    }
    let problems = read.problems.into_list();
    let good = problems.is_empty();
    further.extend(problems);
    found.filter(|_| good)
}

fn checked(checker: &mut Checker<'_>, wire: &StateWire, plan: &str) -> Option<PlanState> {
    let root = Path::default();
    if wire.version != 1 {
        let message = format!("version {} is not known", wire.version);
        checker.error(&root.field("version"), message, "this program reads version 1");
    }
    if wire.plan != plan {
        let message = format!("this is of the plan \"{}\"; expected \"{plan}\"", wire.plan);
        checker.error(&root.field("plan"), message, "give --former the directory of this plan's results");
    }
    let as_of = checker.time(&root.field("as_of"), &wire.as_of).map(SimTime::day);
    let StateWire { servers, pauses, had, used, .. } = wire;
    let mut state = part(checker, &root, (servers, pauses, had, used));
    (state.plan, state.as_of) = (wire.plan.clone(), as_of?);
    for (name, PartWire { servers, pauses, had, used }) in &wire.tenants {
        let of_tenant = part(checker, &root.field("tenants").field(name), (servers, pauses, had, used));
        let of_tenant = PlanState { plan: wire.plan.clone(), as_of: state.as_of, ..of_tenant };
        state.tenants.insert(name.clone(), of_tenant);
    }
    Some(state)
}

/// What is remembered of a plan or a tenant, at `root`; of which plan and from when on is not known here.
fn part(
    checker: &mut Checker<'_>,
    root: &Path,
    (servers, pauses, had, used): (&[ServerWire], &[PauseWire], &[HadWire], &BTreeMap<i16, i64>),
) -> PlanState {
    let mut former = Former::default();
    let (mut done, mut in_hand) = (Vec::new(), Vec::new());
    for (index, server) in servers.iter().enumerate() {
        let at = root.field("servers").index(index);
        let mut time = |field: &str, text: &Option<String>| checker.time(&at.field(field), text.as_ref()?);
        done.extend(time("done", &server.done).map(|at| (server.server.clone(), at)));
        in_hand.extend(time("in_hand", &server.in_hand).map(|at| (server.server.clone(), at.day())));
        former.dates.extend(server.planned.as_ref().and_then(|planned| {
            let at = at.field("planned");
            let (start, cut_over) =
                (checker.time(&at.field("start"), &planned.start), checker.time(&at.field("at"), &planned.at));
            let (server, crew) = (server.server.clone(), planned.crew.clone());
            Some(FormerDate { server, crew, start: start?.day(), at: cut_over? })
        }));
    }
    let mut pause = |list: &str, index: usize, at: &str, days: i64| {
        let within = root.field(list).index(index);
        let days = checker.whole(&within.field("days"), days, 1..=3_660, " days") as u32;
        checker.time(&within.field("at"), at).map(|at| PauseRequest { at, days })
    };
    for (index, planned) in pauses.iter().enumerate() {
        let request = pause("pauses", index, &planned.at, planned.days);
        let is_conditional = planned.only_if_late;
        former.pauses.extend(request.map(|request| FormerPause { request, is_conditional }));
    }
    let had = had.iter().enumerate();
    let had = had.filter_map(|(index, had)| pause("had", index, &had.at, had.days)).collect();
    for (&year, &days) in used {
        let field = root.field("used").field(&year.to_string());
        former.used.push((year, checker.whole(&field, days, 0..=366, " days") as u32));
    }
    PlanState { former, done, in_hand, had, ..PlanState::nothing() }
}

impl PlanState {
    /// Nothing is remembered.
    fn nothing() -> Self {
        PlanState {
            plan: String::new(),
            as_of: Day::from_number(0),
            former: Former::default(),
            done: Vec::new(),
            in_hand: Vec::new(),
            had: Vec::new(),
            tenants: BTreeMap::new(),
        }
    }

    /// What is remembered of several tenants.
    pub fn of_tenants(plan: &str, as_of: Day, tenants: BTreeMap<String, PlanState>) -> Self {
        PlanState { plan: plan.to_owned(), as_of, tenants, ..PlanState::nothing() }
    }

    /// What is remembered of a tenant, whoever spells it how.
    pub fn of(&self, tenant: &str) -> Option<&PlanState> {
        self.tenants.iter().find(|(name, _)| name.eq_ignore_ascii_case(tenant)).map(|one| one.1)
    }

    /// The file.
    pub fn text(&self) -> String {
        let mut text = format!(
            "// What is remembered of this plan. To plan again from it: brownout plan FILE.ron --former DIR --as-of DATE\n(\n    \
             version: 1,\n    plan: {:?},\n    as_of: \"{}\",\n",
            self.plan, self.as_of
        );
        if self.tenants.is_empty() {
            text.push_str(&self.lists("    "));
        } else {
            text.push_str("    tenants: {\n");
            for (name, state) in &self.tenants {
                text.push_str(&format!("        {name:?}: (\n{}        ),\n", state.lists("            ")));
            }
            text.push_str("    },\n");
        }
        text.push_str(")\n");
        text
    }

    /// - `indent`: of each list.
    fn lists(&self, indent: &str) -> String {
        let mut text = format!("{indent}servers: [\n");
        for name in self.names() {
            let mut parts = vec![format!("server: {name:?}")];
            let planned = self.former.date(name).map(|date| {
                format!("planned: (crew: {:?}, start: \"{}\", at: \"{}\")", date.crew, date.start, date.at)
            });
            parts.extend(planned);
            let in_hand = self.in_hand.iter().find(|one| one.0 == name);
            parts.extend(in_hand.map(|(_, since)| format!("in_hand: \"{since}\"")));
            let done = self.done.iter().find(|one| one.0 == name);
            parts.extend(done.map(|(_, at)| format!("done: \"{at}\"")));
            text.push_str(&format!("{indent}    ({}),\n", parts.join(", ")));
        }
        text.push_str(&format!("{indent}],\n{indent}pauses: [\n"));
        for FormerPause { request: PauseRequest { at, days }, is_conditional } in &self.former.pauses {
            text.push_str(&format!("{indent}    (at: \"{at}\", days: {days}, only_if_late: {is_conditional}),\n"));
        }
        text.push_str(&format!("{indent}],\n{indent}had: [\n"));
        for PauseRequest { at, days } in &self.had {
            text.push_str(&format!("{indent}    (at: \"{at}\", days: {days}),\n"));
        }
        let used: Vec<String> = self.former.used.iter().map(|(year, days)| format!("{year}: {days}")).collect();
        text.push_str(&format!("{indent}],\n{indent}used: {{{}}},\n", used.join(", ")));
        text
    }

    /// All servers, each once: those that are done first, then by date.
    fn names(&self) -> Vec<&str> {
        let done = self.done.iter().map(|one| one.0.as_str());
        let planned = self.former.dates.iter().map(|date| date.server.as_str());
        let in_hand = self.in_hand.iter().map(|one| one.0.as_str());
        let mut names: Vec<&str> = Vec::new();
        for name in done.chain(planned).chain(in_hand) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    fn sample() -> PlanState {
        let date = |server: &str, at_text: &str| FormerDate {
            server: server.to_owned(),
            crew: "we\"st\\".to_owned(),
            start: at("2026-11-23").day(),
            at: at(at_text),
        };
        let pause = |at_text: &str, is_conditional| FormerPause {
            request: PauseRequest { at: at(at_text), days: 41 },
            is_conditional,
        };
        PlanState {
            plan: "city".to_owned(),
            as_of: at("2026-12-01").day(),
            former: Former {
                dates: vec![date("a", "2026-11-25T19:00:00Z"), date("b \u{e9}", "2026-12-05")],
                pauses: vec![pause("2026-12-04", false), pause("2027-01-01", true)],
                used: vec![(2026, 3)],
            },
            done: vec![("a".to_owned(), at("2026-11-26T20:00:00Z")), ("unplanned".to_owned(), at("2026-11-01"))],
            in_hand: vec![("b \u{e9}".to_owned(), at("2026-11-30").day())],
            had: vec![PauseRequest { at: at("2026-11-21"), days: 5 }],
            tenants: BTreeMap::new(),
        }
    }

    fn read(text: String, plan: &str) -> (Option<PlanState>, Vec<String>) {
        let file = Arc::new(SourceFile { path: "former/state.ron".to_owned(), text });
        let mut problems = Vec::new();
        let state = state(&file, plan, &mut problems);
        (state, problems.iter().map(Problem::line).collect())
    }

    #[test]
    fn a_state_comes_back_as_it_was_written() {
        let mut written = sample();
        assert_eq!(read(written.text(), "city"), (Some(written.clone()), vec![]));
        written.former = Former::default();
        (written.done, written.in_hand, written.had) = Default::default();
        assert_eq!(read(written.text(), "city"), (Some(written), vec![]));
        let tenants = [("Contoso", sample()), ("A \"b\"", PlanState { done: Vec::new(), ..sample() })];
        let tenants = tenants.map(|(name, state)| (name.to_owned(), state)).into();
        let several = PlanState::of_tenants("city", sample().as_of, tenants);
        assert_eq!(read(several.text(), "city"), (Some(several.clone()), vec![]));
        assert_eq!(several.of("contoso"), Some(&sample()));
    }

    #[test]
    fn a_state_of_another_plan_or_version_or_with_wrong_values_is_refused() {
        let (none, problems) = read(sample().text(), "hospital");
        assert_eq!(none, None);
        assert!(
            problems[0].contains("former/state.ron:4:11: plan: this is of the plan \"city\"; expected \"hospital\"")
        );
        let spoilt = sample().text().replace("version: 1", "version: 2").replace("days: 5)", "days: 0)");
        let (none, problems) = read(spoilt.replace("2026-11-26T20", "2026-13-26T20"), "city");
        assert_eq!((none, problems.len()), (None, 3), "{problems:?}");
        assert_eq!(read("(version: 1)".to_owned(), "city").0, None);
    }
}
