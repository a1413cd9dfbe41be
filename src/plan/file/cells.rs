//! From a fleet's rows to its servers: every cell checked, every problem told by row and column.

mod values;

use std::collections::BTreeMap;

use super::sheet::Row;
use super::wire::DefaultsWire;
use crate::catalog::{Build, BuildEvidence, Catalog, ProductId, Verified};
use crate::outside::shortened;
use crate::plan::project::{FleetServer, Work};
use crate::plan::standing::Standing;
use crate::plan::target;
use crate::policy::Policy;
use crate::study::problem::{Problem, Severity, nearest, one_of};
use crate::time::{Day, SimTime};
use crate::world::{Openings, Route};

/// Most messages a server sends on an average day.
const MESSAGES_MAX: f64 = 1e8;
/// Most errors of cells that are told.
const PROBLEMS_MAX: usize = 200;
/// Most problems for which the nearest server's name is looked up.
const NEAREST_MAX: usize = 40;
/// Longest work or waiting in days.
const WORK_MAX: f64 = 730.0;

/// What cells can refer to.
pub(super) struct Context<'a> {
    pub(super) policy: Option<&'a Policy>,
    pub(super) crews: &'a [String],
    pub(super) windows: &'a BTreeMap<String, Openings>,
    pub(super) defaults: &'a DefaultsWire,
}

/// The servers of a fleet; those with a problem are left out, so there may be fewer than rows.
pub(super) fn servers(context: &Context<'_>, rows: &[Row], problems: &mut Vec<Problem>) -> Vec<FleetServer> {
    let names: Vec<String> = rows.iter().map(|row| row.server().to_lowercase()).collect();
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, name) in names.iter().enumerate() {
        all.entry(name.as_str()).or_insert(place);
    }
    let mut missing: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut servers = Vec::new();
    let mut assumed = None;
    let mut doubts: BTreeMap<String, (&Row, usize)> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        let (missing, assumed, doubts) = (&mut missing, &mut assumed, &mut doubts);
        let mut cells = Cells { context, row, problems, missing, assumed, doubts, good: true };
        if all.get(names[place].as_str()) != Some(&place) && !names[place].is_empty() {
            cells.error("server", "there is another server of this name".to_owned(), "rename one, or drop a row");
        }
        let server = cells.server(&names, &all);
        servers.extend(server.filter(|_| cells.good));
        if problems.iter().filter(|problem| problem.severity == Severity::Error).count() > PROBLEMS_MAX {
            let help = "mend them, then try again";
            problems.push(row.problem(
                Severity::Error,
                "server",
                "there are more problems after this row".to_owned(),
                help,
            ));
            break;
        }
    }
    // One warning for all servers whose build hides the same patch level.
    problems.extend(doubts.into_iter().map(|(doubt, (row, count))| {
        let message = if count > 1 { format!("{doubt} (servers like this: {count})") } else { doubt };
        row.problem(Severity::Warning, "build", message, "")
    }));
    problems.extend(assumed.map(|(row, column, words, count)| {
        let message = format!("{words} (such cells: {count})");
        row.problem(
            Severity::Warning,
            column,
            message,
            "write whole numbers without marks, or decimals with one or two digits",
        )
    }));
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

struct Cells<'a, 'p> {
    /// Doubts about builds, each with the first server it concerns and how many there are.
    doubts: &'p mut BTreeMap<String, (&'a Row, usize)>,
    context: &'a Context<'a>,
    row: &'a Row,
    problems: &'p mut Vec<Problem>,
    missing: &'p mut BTreeMap<&'static str, Vec<String>>,
    /// The first number whose thousands were assumed, and how many there are.
    assumed: &'p mut Option<(Row, &'static str, String, usize)>,
    good: bool,
}

impl Cells<'_, '_> {
    fn server(&mut self, names: &[String], all: &BTreeMap<&str, usize>) -> Option<FleetServer> {
        let identity = self.identity();
        let volume = self.volume();
        let (route, target) = self.route();
        let work = self.work();
        let crews = self.crews();
        let windows = self.windows();
        let depends_on = self.depends_on(names, all);
        let stated = self.row.told.detected.or_else(|| self.date("first_detected"));
        let earliest = self.date("earliest").map(SimTime::day);
        let (product, evidence) = identity?;
        let build = evidence.lowest();
        self.warn_about_target(product, route, &target);
        let again = self.context.policy.and_then(|policy| target::raise(policy, product, route, &target));
        Some(FleetServer {
            name: self.row.server().to_owned(),
            product,
            build,
            evidence,
            detected: stated,
            standing: Standing::default(),
            recommended: self.row.told.recommended.clone(),
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

    fn identity(&mut self) -> Option<(ProductId, BuildEvidence)> {
        let catalog = Catalog::embedded();
        if let Some((product, build)) = self.row.told.product.zip(self.row.told.build) {
            // The reader of the report has told what is doubtful about it.
            self.warn_if_newer(build.lowest());
            return Some((product, build));
        }
        let product = self.row.told.product.map(|id| catalog.product_name(id)).or_else(|| self.row.get("product"));
        let Some(text) = self.row.get("build") else {
            self.lacks("build");
            return None;
        };
        let found = match catalog.identify(text, product) {
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
            self.doubts.entry(doubt).or_insert((self.row, 0)).1 += 1;
        }
        self.warn_if_newer(build);
        Some((found.product, found.build))
    }

    fn warn_if_newer(&mut self, build: Build) {
        let catalog = Catalog::embedded();
        if matches!(catalog.verify(build), Verified::NewerThanCatalogue) {
            let message = format!("build {build} is newer than the catalogue of {}", catalog.newest_date().day());
            self.warn("build", message, "it is compared by number and cannot be verified");
        }
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

    fn crews(&mut self) -> Vec<usize> {
        let known = self.context.crews;
        let Some(text) = self.text("crew") else { return (0..known.len()).collect() };
        let mut crews = Vec::new();
        for name in text.split(['|', '\n', '\r']).map(str::trim).filter(|name| !name.is_empty()) {
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

    fn depends_on(&mut self, names: &[String], all: &BTreeMap<&str, usize>) -> Vec<usize> {
        let text = self.row.get("depends_on").unwrap_or_default();
        let mut places = Vec::new();
        for name in text.split(['|', ',', ';', ' ', '\n', '\r']).filter(|name| !name.is_empty()).take(names.len()) {
            match all.get(name.to_lowercase().as_str()).copied() {
                Some(place) if *names[place] == self.row.server().to_lowercase() => {
                    self.error("depends_on", format!("{name} depends on itself"), "");
                }
                Some(place) => places.push(place),
                None => {
                    self.error(
                        "depends_on",
                        format!("no server is called \"{}\"", shortened(name, 80)),
                        // Searching all names for each of many wrong ones would take long.
                        if self.problems.len() < NEAREST_MAX {
                            nearest(&shortened(name, 80), names)
                        } else {
                            String::new()
                        },
                    );
                    // One wrong name is told; the rest of the cell may be as wrong.
                    break;
                }
            }
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    /// A target that a baseline of the plan refuses would have to be replaced again.
    fn warn_about_target(&mut self, product: ProductId, route: Route, target: &str) {
        let catalog = Catalog::embedded();
        let Some(policy) = self.context.policy.filter(|_| route != Route::Leave && !target.is_empty()) else { return };
        let Some((reached, build)) = target::reached(product, target) else {
            let help = "write a product (SE), a build, or an update of the server's product (CU23 Oct25SU)";
            return self.error("target", format!("\"{target}\" is no product, build or update"), help);
        };
        if let Some(raise) = target::raise(policy, product, route, target) {
            let message = format!(
                "{target} ({} {build}) is below the baseline \"{}\" of {}",
                catalog.product_name(reached),
                raise.baseline,
                raise.at.day()
            );
            self.warn("target", message, "the server would be detected again; choose a target above it");
        }
    }
}

/// The day of a date that has to be a whole day.
pub(super) fn whole_day(at: SimTime) -> Option<Day> {
    (at.second_of_day() == 0).then(|| at.day())
}
