//! From a fleet's rows to its servers: every cell checked, every problem told by row and column.

use std::collections::BTreeMap;

use super::sheet::Row;
use super::wire::DefaultsWire;
use crate::catalog::{Build, BuildEvidence, Catalog, ProductId, Verified};
use crate::draws::Spread;
use crate::plan::project::{FleetServer, Work};
use crate::policy::Policy;
use crate::study::problem::{Problem, Severity, nearest, one_of};
use crate::time::{Day, SimTime};
use crate::world::{Openings, Route};

/// Most messages a server sends on an average day.
const MESSAGES_MAX: f64 = 1e8;
/// Longest work or waiting in days.
const WORK_MAX: f64 = 730.0;

/// What cells can refer to.
pub(super) struct Context<'a> {
    pub(super) policy: Option<&'a Policy>,
    pub(super) as_of: SimTime,
    pub(super) crews: &'a [String],
    pub(super) windows: &'a BTreeMap<String, Openings>,
    pub(super) defaults: &'a DefaultsWire,
}

/// The servers of a fleet; those with a problem are left out, so there may be fewer than rows.
pub(super) fn servers(context: &Context<'_>, rows: &[Row], problems: &mut Vec<Problem>) -> Vec<FleetServer> {
    let names: Vec<String> = rows.iter().map(|row| row.server().to_lowercase()).collect();
    let mut missing: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut servers = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let mut cells = Cells { context, row, problems, missing: &mut missing, good: true };
        if names[..place].contains(&names[place]) && !names[place].is_empty() {
            cells.error("server", "there is another server of this name".to_owned(), "rename one, or drop a row");
        }
        let server = cells.server(&names);
        servers.extend(server.filter(|_| cells.good));
    }
    problems.extend(missing.into_iter().map(ask_for));
    servers
}

/// One question for a column that several servers leave out.
fn ask_for((column, servers): (&'static str, Vec<String>)) -> Problem {
    let shown = if servers.len() > 6 {
        format!("{}, ... ({} in all)", servers[..5].join(", "), servers.len())
    } else {
        servers.join(", ")
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

struct Cells<'a, 'p> {
    context: &'a Context<'a>,
    row: &'a Row,
    problems: &'p mut Vec<Problem>,
    missing: &'p mut BTreeMap<&'static str, Vec<String>>,
    good: bool,
}

impl Cells<'_, '_> {
    fn server(&mut self, names: &[String]) -> Option<FleetServer> {
        let identity = self.identity();
        let volume = self.volume();
        let (route, target) = self.route();
        let work = self.work();
        let crews = self.crews();
        let windows = self.windows();
        let depends_on = self.depends_on(names);
        let stated = self.date("first_detected");
        let earliest = self.date("earliest").map(SimTime::day);
        let (product, evidence) = identity?;
        let build = evidence.lowest();
        let detected = stated.or_else(|| self.expected_detection(product, build));
        self.warn_about_target(product, route, &target);
        Some(FleetServer {
            name: self.row.server().to_owned(),
            product,
            build,
            evidence,
            detected,
            volume: volume?,
            route,
            target,
            work: work?,
            crews,
            earliest,
            windows,
            depends_on,
            group: self.row.get("group").unwrap_or_default().to_owned(),
            done: None,
        })
    }

    fn error(&mut self, column: &str, message: String, help: impl Into<String>) {
        self.problems.push(self.row.problem(Severity::Error, column, message, help));
        self.good = false;
    }

    fn warn(&mut self, column: &str, message: String, help: &str) {
        self.problems.push(self.row.problem(Severity::Warning, column, message, help));
    }

    fn lacks(&mut self, column: &'static str) {
        self.missing.entry(column).or_default().push(self.row.server().to_owned());
        self.good = false;
    }

    /// A cell, or what the plan says for all servers.
    fn text(&self, column: &str) -> Option<String> {
        let defaults = self.context.defaults;
        let usual = match column {
            "route" => &defaults.route,
            "target" => &defaults.target,
            "crew" => &defaults.crew,
            "window" => &defaults.window,
            "earliest" => &defaults.earliest,
            "lead_days" => &defaults.lead_days,
            _ => &None,
        };
        self.row.get(column).map(str::to_owned).or_else(|| usual.clone())
    }

    fn number(&mut self, column: &'static str, usual: Option<f64>, most: f64) -> Option<f64> {
        let Some(text) = self.row.get(column) else { return usual };
        let number = text.parse::<f64>().ok().filter(|number| (0.0..=most).contains(number));
        if number.is_none() {
            self.error(column, format!("\"{text}\" is not allowed; expected a number from 0 to {most}"), "");
        }
        number
    }

    fn identity(&mut self) -> Option<(ProductId, BuildEvidence)> {
        let catalog = Catalog::embedded();
        let Some(text) = self.row.get("build") else {
            self.lacks("build");
            return None;
        };
        let found = match catalog.identify(text, self.row.get("product")) {
            Ok(found) => found,
            Err(error) => {
                let column = if error.concerns_product() { "product" } else { "build" };
                self.error(column, error.to_string(), error.help());
                return None;
            }
        };
        let build = found.build.lowest();
        if let Some(stated) = found.contradicted {
            let (stated, own) = (catalog.product_name(stated), catalog.product_name(found.product));
            let message = format!("build {build} belongs to {own}, not to {stated}");
            self.warn("build", message, "the build decides; correct the product, or the build");
        }
        if let Some(doubt) = found.build.doubt() {
            self.warn("build", doubt, "");
        }
        if matches!(catalog.verify(build), Verified::NewerThanCatalogue) {
            let message = format!("build {build} is newer than the catalogue of {}", catalog.newest_date().day());
            self.warn("build", message, "it is compared by number and cannot be verified");
        }
        Some((found.product, found.build))
    }

    fn volume(&mut self) -> Option<u64> {
        let usual = self.context.defaults.messages_per_day;
        if self.row.get("messages_per_day").is_none() && usual.is_none() {
            self.lacks("messages_per_day");
            return None;
        }
        let messages = self.number("messages_per_day", usual, MESSAGES_MAX)?;
        Some(libm::round(messages * 1000.0) as u64)
    }

    fn route(&mut self) -> (Route, String) {
        let text = self.text("route").unwrap_or_else(|| "upgrade".to_owned()).to_lowercase();
        let route = Route::ALL.into_iter().find(|route| route.name() == text);
        if route.is_none() {
            let names: Vec<&str> = Route::ALL.iter().map(|route| route.name()).collect();
            self.error(
                "route",
                format!("\"{text}\" is not a route; expected {}", one_of(&names)),
                nearest(&text, &names),
            );
        }
        let route = route.unwrap_or(Route::Upgrade);
        let target = self.text("target");
        (
            route,
            if route == Route::Upgrade {
                target.unwrap_or_else(|| "SE".to_owned())
            } else {
                target.unwrap_or_default()
            },
        )
    }

    fn work(&mut self) -> Option<Work> {
        let own_work = ["work_min", "work_likely", "work_max"].iter().any(|column| self.row.get(column).is_some());
        if let Some(text) = self.text("lead_days").filter(|_| self.row.get("lead_days").is_some() || !own_work) {
            if own_work {
                self.error(
                    "lead_days",
                    "a server has either work or a lead time".to_owned(),
                    "leave one of them blank",
                );
            }
            return self.lead(&text).map(Work::Lead);
        }
        let defaults = self.context.defaults;
        let usual = |value: Option<f64>| value.filter(|_| !own_work);
        let min = self.number("work_min", usual(defaults.work_min), WORK_MAX);
        let likely = self.number("work_likely", usual(defaults.work_likely), WORK_MAX);
        let max = self.number("work_max", usual(defaults.work_max), WORK_MAX);
        let Some(mode) = likely else {
            if self.row.get("work_likely").is_none() {
                self.lacks("work_likely");
            }
            return None;
        };
        self.spread("work_likely", min.unwrap_or(mode), mode, max.unwrap_or(mode)).map(Work::Days)
    }

    fn lead(&mut self, text: &str) -> Option<Spread> {
        let parts: Option<Vec<f64>> = text.split('/').map(|part| part.trim().parse().ok()).collect();
        match parts.as_deref() {
            Some([days]) => self.spread("lead_days", *days, *days, *days),
            Some([min, likely, max]) => self.spread("lead_days", *min, *likely, *max),
            _ => {
                let message = format!("\"{text}\" is not a lead time");
                self.error("lead_days", message, "write days as 14, or as 7/14/30: least, most likely, most");
                None
            }
        }
    }

    fn spread(&mut self, column: &'static str, min: f64, mode: f64, max: f64) -> Option<Spread> {
        if !(0.0 <= min && min <= mode && mode <= max && max <= WORK_MAX) {
            let message = format!(
                "{min}, {mode}, {max} days are not allowed; expected least <= most likely <= most, 0 to {WORK_MAX}"
            );
            self.error(column, message, "");
            return None;
        }
        Some(if min == max { Spread::Fixed(mode) } else { Spread::Pert { min, mode, max } })
    }

    fn crews(&mut self) -> Vec<usize> {
        let known = self.context.crews;
        let Some(text) = self.text("crew") else { return (0..known.len()).collect() };
        let mut crews = Vec::new();
        for name in text.split('|').map(str::trim).filter(|name| !name.is_empty()) {
            match known.iter().position(|crew| crew.eq_ignore_ascii_case(name)) {
                Some(crew) => crews.push(crew),
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
        let name = self.text("window")?;
        let found = self.context.windows.get(&name);
        if found.is_none() {
            let known: Vec<&String> = self.context.windows.keys().collect();
            let near = nearest(&name, &known);
            let help = if near.is_empty() { "add it to `windows` in the plan".to_owned() } else { near };
            self.error("window", format!("no window is called \"{name}\""), help);
        }
        found.cloned()
    }

    fn depends_on(&mut self, names: &[String]) -> Vec<usize> {
        let text = self.row.get("depends_on").unwrap_or_default();
        let mut places = Vec::new();
        for name in text.split(['|', ',', ';', ' ']).filter(|name| !name.is_empty()) {
            match names.iter().position(|other| *other == name.to_lowercase()) {
                Some(place) if *names[place] == self.row.server().to_lowercase() => {
                    self.error("depends_on", format!("{name} depends on itself"), "");
                }
                Some(place) => places.push(place),
                None => self.error("depends_on", format!("no server is called \"{name}\""), nearest(name, names)),
            }
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    fn date(&mut self, column: &'static str) -> Option<SimTime> {
        let text = self.text(column)?;
        let date = text.parse::<SimTime>();
        date.map_err(|error| self.error(column, error.to_string(), "")).ok()
    }

    /// The first detection to reckon with where none is known: the day from which the build breaches a baseline, or the first
    /// planned day if that is past.
    fn expected_detection(&mut self, product: ProductId, build: Build) -> Option<SimTime> {
        let policy = self.context.policy?;
        let entries = policy.baselines.entries().iter();
        let breached = entries.filter(|entry| !entry.met_by(product, build)).map(|entry| entry.effective).min();
        if breached.is_none() {
            let message = match policy.baselines.entries().is_empty() {
                true => {
                    format!("the policy {} has no baselines that would tell when this server is detected", policy.name)
                }
                false => format!(
                    "build {build} breaches no baseline of {}; enforcement never reaches this server",
                    policy.name
                ),
            };
            self.warn("first_detected", message, "give the date, or plan it for other reasons: waiting costs nothing");
        }
        breached.map(|effective| effective.max(self.context.as_of))
    }

    /// A target that a baseline of the plan refuses would have to be replaced again.
    fn warn_about_target(&mut self, product: ProductId, route: Route, target: &str) {
        let catalog = Catalog::embedded();
        let Some(policy) = self.context.policy.filter(|_| route != Route::Leave && !target.is_empty()) else { return };
        let reached = match (target.parse::<Build>(), catalog.product(target)) {
            (Ok(build), _) => catalog.product_of(build).map(|product| (product, build)),
            (_, Ok(product)) => {
                catalog.releases(product).max_by_key(|release| release.build).map(|r| (product, r.build))
            }
            _ => catalog.update(product, target).ok().map(|release| (product, release.build)),
        };
        let Some((product, build)) = reached else {
            let help = "write a product (SE), a build, or an update of the server's product (CU23 Oct25SU)";
            return self.error("target", format!("\"{target}\" is no product, build or update"), help);
        };
        if let Some(entry) = policy.baselines.entries().iter().find(|entry| !entry.met_by(product, build)) {
            let message = format!(
                "{target} ({} {build}) is below the baseline \"{}\" of {}",
                catalog.product_name(product),
                entry.name,
                entry.effective.day()
            );
            self.warn("target", message, "the server would be detected again; choose a target above it");
        }
    }
}

/// The day of a date that has to be a whole day.
pub(super) fn whole_day(at: SimTime) -> Option<Day> {
    (at.second_of_day() == 0).then(|| at.day())
}
