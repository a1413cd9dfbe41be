//! From a fleet's rows to its servers: what they refer to is looked up, what is missing is asked for.

use brownout_exchange::builds::Naming;
use std::collections::BTreeMap;

use super::row::FleetRow;
use super::sheet::days_between;
use crate::plan::target;
use crate::problem::{Problem, Severity};
use brownout_kernel::catalog::{BuildEvidence, ProductId};
use brownout_kernel::policy::Policy;
use brownout_kernel::time::{Day, SimTime};
use brownout_kernel::world::{Openings, Route};
use brownout_planner::assessment::Assessment;
use brownout_planner::index::{CrewIndex, PerServer, ServerIndex};
use brownout_planner::project::{FleetServer, Raise, Work};
use brownout_planner::{InHand, StatedDates};
use brownout_text::names::{nearest, one_of};
use brownout_text::outside::shortened;

/// Most errors of cells that are told.
const PROBLEMS_MAX: usize = 200;
/// Days among which one is looked for that keeps all dates of a server.
const DAYS_MAX: usize = 40_000;
/// Most problems for which the nearest server's name is looked up.
const NEAREST_MAX: usize = 40;

/// What cells can refer to.
pub(super) struct Context<'a> {
    pub(super) policy: Option<&'a Policy>,
    pub(super) crews: &'a [String],
    pub(super) windows: &'a BTreeMap<String, Openings>,
    /// Whether every row of the table could be read, so that a name that is not there is wrong.
    pub(super) complete: bool,
}

/// The servers of a fleet; those with a problem are left out, so there may be fewer than rows.
pub(super) fn servers(context: &Context<'_>, rows: &[FleetRow], problems: &mut Vec<Problem>) -> PerServer<FleetServer> {
    let names: Vec<String> = rows.iter().map(|row| row.name().to_lowercase()).collect();
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, name) in names.iter().enumerate() {
        all.entry(name.as_str()).or_insert(index);
    }
    let mut missing: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut servers = PerServer::new();
    for (index, row) in rows.iter().enumerate() {
        let mut cells = RowCheck { context, row, problems, missing: &mut missing, good: row.unread.is_empty() };
        if all.get(names[index].as_str()) != Some(&index) && !names[index].is_empty() {
            cells.error("server", "there is another server of this name".to_owned(), "rename one, or drop a row");
        }
        let server = cells.server(&names, &all);
        servers.extend(server.filter(|_| cells.good));
        if problems.iter().filter(|problem| problem.severity == Severity::Error).count() > PROBLEMS_MAX {
            let message = "there are more problems after this row".to_owned();
            problems.push(row.problem(Severity::Error, "server", message, "mend them, then try again"));
            break;
        }
    }
    problems.extend(missing.into_iter().map(ask_for));
    servers
}

/// One question for a column that several servers leave out.
fn ask_for((column, servers): (&'static str, Vec<String>)) -> Problem {
    let shown = if servers.len() > 6 {
        format!("{}, ... ({} in all)", shortened(&servers[..5].join(", "), 300), servers.len())
    } else {
        shortened(&servers.join(", "), 300)
    };
    let message = format!("the plan needs the column {column} for {shown}");
    let help = match column {
        "work_likely" => {
            "add it (working days of a crew), or lead_days, to the fleet, or to `defaults` in the plan".to_owned()
        }
        "build" => {
            "add it to the fleet: 15.1.2507.57, or the name of the update with the product in its own column".to_owned()
        }
        _ => format!("add it to the fleet, or `defaults: ({column}: ...)` to the plan"),
    };
    Problem { severity: Severity::Error, place: None, field: "fleet".to_owned(), message, help }
}

struct RowCheck<'a, 'p> {
    context: &'a Context<'a>,
    row: &'a FleetRow,
    problems: &'p mut Vec<Problem>,
    missing: &'p mut BTreeMap<&'static str, Vec<String>>,
    good: bool,
}

impl RowCheck<'_, '_> {
    fn server(&mut self, names: &[String], all: &BTreeMap<&str, usize>) -> Option<FleetServer> {
        let row = self.row;
        let identity = self.identity();
        let volume = self.volume();
        let (route, target) = self.route();
        let work = self.work();
        let crews = self.crews();
        let windows = self.windows();
        let depends_on = self.depends_on(names, all);
        let (dates, wave, priority) = (self.dates(), self.wave(), self.priority());
        let (product, evidence) = identity?;
        let again = self.again(product, route, &target);
        Some(FleetServer {
            name: row.name().to_owned(),
            product,
            build: evidence.lowest(),
            evidence,
            detected: row.first_detected.as_ref().map(|cell| cell.value),
            assessment: Assessment::default(),
            recommended: row.recommended.as_ref().map(|cell| cell.value.clone()).unwrap_or_default(),
            volume: volume?,
            route,
            target,
            work: work?,
            crews,
            earliest: row.earliest.as_ref().map(|cell| cell.value.day()),
            windows,
            depends_on,
            dates,
            wave,
            priority,
            group: row.group.as_ref().map(|cell| cell.value.clone()).unwrap_or_default(),
            done: None,
            in_hand: row.in_hand.as_ref().map(|cell| InHand { since: Some(cell.value.day()), keeps: None }),
            again,
        })
    }

    fn error(&mut self, column: &str, message: String, help: impl Into<String>) {
        self.problems.push(self.row.problem(Severity::Error, column, message, help));
        self.good = false;
    }

    fn warn(&mut self, column: &str, message: String, help: &str) {
        self.problems.push(self.row.problem(Severity::Warning, column, message, help));
    }

    /// Asks for a column, unless it says something that was refused already.
    fn lacks(&mut self, column: &'static str) {
        if !self.row.is_unread(column) {
            self.missing.entry(column).or_default().push(self.row.name().to_owned());
        }
        self.good = false;
    }

    fn identity(&mut self) -> Option<(ProductId, BuildEvidence)> {
        let cells = self.row.product.as_ref().zip(self.row.build.as_ref());
        let Some((product, build)) = cells.map(|(product, build)| (product.value, build.value)) else {
            if !self.row.is_unread("product") {
                self.lacks("build");
            }
            self.good = false;
            return None;
        };
        if let Some(message) = brownout_exchange::builds::catalog().too_new(build.lowest()) {
            self.warn("build", message, "it is compared by number and cannot be verified");
        }
        Some((product, build))
    }

    fn volume(&mut self) -> Option<u64> {
        let Some(messages) = &self.row.messages_per_day else {
            self.lacks("messages_per_day");
            return None;
        };
        Some(libm::round(messages.value * 1000.0) as u64)
    }

    /// The way out and its target; an upgrade goes to SE where nothing else is said.
    fn route(&self) -> (Route, String) {
        let route = self.row.route.as_ref().map_or(Route::Upgrade, |cell| cell.value);
        let usual = if route == Route::Upgrade { "SE" } else { "" };
        (route, self.row.target.as_ref().map_or_else(|| usual.to_owned(), |cell| cell.value.clone()))
    }

    fn work(&mut self) -> Option<Work> {
        let row = self.row;
        let own_work = [&row.work_min, &row.work_likely, &row.work_max].into_iter().any(Option::is_some);
        if let Some(lead) = &row.lead_days {
            if own_work {
                let message = "a server has either work or a lead time".to_owned();
                self.error("lead_days", message, "leave one of them blank");
            }
            return Some(Work::Lead(lead.value));
        }
        let Some(likely) = row.work_likely.as_ref().map(|cell| cell.value) else {
            if !row.is_unread("lead_days") {
                self.lacks("work_likely");
            }
            return None;
        };
        let days = |cell: &Option<super::row::FleetCell<f64>>| cell.as_ref().map_or(likely, |cell| cell.value);
        match days_between(days(&row.work_min), likely, days(&row.work_max)) {
            Ok(days) => Some(Work::Days(days)),
            Err(message) => {
                self.error("work_likely", message, "");
                None
            }
        }
    }

    fn crews(&mut self) -> Vec<CrewIndex> {
        let known = self.context.crews;
        let Some(names) = &self.row.crew else { return (0..known.len()).map(CrewIndex::from).collect() };
        let mut crews = Vec::new();
        for name in &names.value {
            match known.iter().position(|crew| crew.eq_ignore_ascii_case(name)) {
                Some(crew) => crews.push(CrewIndex::from(crew)),
                None => {
                    let near = nearest(name, known);
                    let help = if near.is_empty() { format!("the plan has {}", one_of(known)) } else { near };
                    self.error("crew", format!("no crew is called \"{name}\""), help);
                }
            }
        }
        crews.sort_unstable();
        crews.dedup();
        crews
    }

    fn windows(&mut self) -> Option<Openings> {
        let name = &self.row.window.as_ref()?.value;
        let found = self.context.windows.get(name);
        if found.is_none() {
            let known: Vec<&String> = self.context.windows.keys().collect();
            let near = nearest(name, &known);
            let help = if near.is_empty() { "add it to `windows` in the plan".to_owned() } else { near };
            self.error("window", format!("no window is called \"{name}\""), help);
        }
        found.cloned()
    }

    fn depends_on(&mut self, names: &[String], all: &BTreeMap<&str, usize>) -> Vec<ServerIndex> {
        let wanted = self.row.depends_on.as_ref().map(|cell| cell.value.as_slice()).unwrap_or_default();
        let mut servers = Vec::new();
        for name in wanted.iter().take(names.len()) {
            match all.get(name.to_lowercase().as_str()).copied() {
                Some(server) if *names[server] == self.row.name().to_lowercase() => {
                    self.error("depends_on", format!("{name} depends on itself"), "");
                }
                Some(server) => servers.push(ServerIndex::from(server)),
                // It may stand in a row that could not be read, which was told.
                None if !self.context.complete => self.good = false,
                None => {
                    // Searching all names for each of many wrong ones would take long.
                    let few = self.problems.len() < NEAREST_MAX;
                    let help = if few { nearest(&shortened(name, 80), names) } else { String::new() };
                    self.error("depends_on", format!("no server is called \"{}\"", shortened(name, 80)), help);
                    // One wrong name is told; the rest of the cell may be as wrong.
                    break;
                }
            }
        }
        servers.sort_unstable();
        servers.dedup();
        servers
    }

    /// The dates that are stated for its cut-over, if some day keeps them all.
    fn dates(&mut self) -> StatedDates {
        let row = self.row;
        let day = |cell: &Option<super::row::FleetCell<SimTime>>| cell.as_ref().map(|cell| cell.value.day());
        let dates = StatedDates {
            not_before: day(&row.not_before),
            not_after: day(&row.not_after),
            on: day(&row.on),
            forbid: row.forbid.as_ref().map(|cell| cell.value.clone()).unwrap_or_default(),
        };
        let column = if dates.on.is_some() { "on" } else { "not_after" };
        let open = dates.last().is_none_or(|last| {
            let first = dates.first().map_or(last.number() - DAYS_MAX as i32, Day::number);
            (first..=last.number()).take(DAYS_MAX).any(|day| dates.allow(Day::from_number(day)))
        });
        if !open {
            self.error(column, format!("no day is {dates}"), "drop one of these dates, or move it");
        }
        dates
    }

    fn wave(&mut self) -> Option<u32> {
        let wave = self.row.wave.as_ref()?.value;
        if wave.fract() != 0.0 {
            self.error("wave", format!("{wave} is not allowed; expected a whole number"), "waves are 0, 1, 2, ...");
        }
        Some(wave as u32)
    }

    fn priority(&mut self) -> u32 {
        let Some(priority) = self.row.priority.as_ref().map(|cell| cell.value) else { return 1 };
        if priority.fract() != 0.0 || priority < 1.0 {
            let message = format!("{priority} is not allowed; expected a whole number from 1 on");
            self.error("priority", message, "5 lets a message of this server count as much as five of another");
        }
        priority as u32
    }

    /// The baseline by which a server is detected again with its target, which is warned of; `None` if the target lasts, or none is
    /// needed.
    fn again(&mut self, product: ProductId, route: Route, target: &str) -> Option<Raise> {
        let catalog = brownout_exchange::builds::catalog();
        let policy = self.context.policy.filter(|_| route != Route::Leave && !target.is_empty())?;
        let Some((reached, build)) = target::reached(product, target) else {
            let help = "write a product (SE), a build, or an update of the server's product (CU23 Oct25SU)";
            self.error("target", format!("\"{target}\" is no product, build or update"), help);
            return None;
        };
        if reached < product {
            let names = [reached, product].map(|product| catalog.product_name(product));
            let message = format!("\"{target}\" is of {}, which is older than {}", names[0], names[1]);
            self.error("target", message, "a server is upgraded to a newer product, or patched within its own");
            return None;
        }
        let raise = target::raise(policy, reached, build)?;
        let message = format!(
            "{target} ({} {build}) is below the baseline \"{}\" of {}",
            catalog.product_name(reached),
            raise.baseline,
            raise.at.day()
        );
        self.warn("target", message, "the server would be detected again; choose a target above it");
        Some(raise)
    }
}

/// The day of a date that has to be a whole day.
pub(super) fn whole_day(at: SimTime) -> Option<Day> {
    (at.second_of_day() == 0).then(|| at.day())
}
