//! From the texts of cells to values: numbers, dates, builds, routes, lists, under what their table shows about itself.

use brownout_exchange::builds::Naming;
use std::collections::BTreeMap;

use super::super::row::{FleetCell, FleetRow, Source};
use super::super::wire::{DefaultsWire, ServerWire};
use super::{COLUMNS, Habits, Known, RawRow};
use crate::problem::{Problem, Severity};
use crate::text::Place;
use brownout_exchange::intake::{DateOrder, NumberError, read_date, read_number};
use brownout_kernel::draws::Spread;
use brownout_kernel::time::{Day, SimTime};
use brownout_kernel::world::Route;
use brownout_text::names::{nearest, one_of};
use brownout_text::outside::shortened;

/// Most messages a server sends on an average day.
const MESSAGES_MAX: f64 = 1e8;
/// Longest work or waiting in days.
const WORK_MAX: f64 = 730.0;
/// Largest number of a wave.
const WAVE_MAX: f64 = 1_000.0;
/// Largest priority.
const PRIORITY_MAX: f64 = 1_000.0;
/// Most errors of cells that are told.
const PROBLEMS_MAX: usize = 200;

/// The rows with everything of their cells that can be read. Builds that hide their patch level and numbers whose thousands were
/// assumed are told once for all rows.
pub(super) fn rows(raw: &[RawRow], habits: Habits, known: Known<'_>, problems: &mut Vec<Problem>) -> Vec<FleetRow> {
    let mut doubts = Doubts::default();
    let mut rows = Vec::with_capacity(raw.len());
    for one in raw {
        let get = |column: &'static str| one.get(column);
        let place = |column: &str| Some(one.place_of(column));
        let mut cells = Cells::new(&get, habits, &place, Source::Table);
        let told = one.get("server").and_then(|server| known(one.get("tenant").unwrap_or_default(), server));
        let mut row = cells.row(told.as_ref());
        (row.number, row.place) = (Some(one.number), Some(one.place.clone()));
        if one.broken {
            row.unread = COLUMNS.to_vec();
        }
        problems.extend(
            cells.faults.into_iter().map(|fault| row.problem(fault.severity, fault.column, fault.message, fault.help)),
        );
        doubts.gather(rows.len(), &row, cells.assumed);
        rows.push(row);
        if problems.iter().filter(|problem| problem.severity == Severity::Error).count() > PROBLEMS_MAX {
            let message = "there are more problems after this row".to_owned();
            problems.extend(
                rows.last().map(|row| row.problem(Severity::Error, "server", message, "mend them, then try again")),
            );
            break;
        }
    }
    problems.extend(doubts.tell(&rows));
    rows
}

/// Where the value of a column stands; `None` where no single place tells it.
type Places<'a> = &'a dyn Fn(&'static str) -> Option<Place>;

/// The plan's defaults as a row, and what is wrong with them: field, message and remedy.
pub(crate) fn defaults(wire: &DefaultsWire, places: Places<'_>) -> (FleetRow, Vec<(&'static str, String, String)>) {
    let get = |column: &'static str| match column {
        "route" => wire.route.as_deref(),
        "target" => wire.target.as_deref(),
        "crew" => wire.crew.as_deref(),
        "window" => wire.window.as_deref(),
        "earliest" => wire.earliest.as_deref(),
        "lead_days" => wire.lead_days.as_deref(),
        "not_before" => wire.not_before.as_deref(),
        "not_after" => wire.not_after.as_deref(),
        "forbid" => wire.forbid.as_deref(),
        _ => None,
    };
    let mut cells = Cells::new(&get, Habits::default(), places, Source::Defaults);
    let mut row = cells.row(None);
    row.messages_per_day = cells.stated("messages_per_day", wire.messages_per_day, MESSAGES_MAX);
    row.work_min = cells.stated("work_min", wire.work_min, WORK_MAX);
    row.work_likely = cells.stated("work_likely", wire.work_likely, WORK_MAX);
    row.work_max = cells.stated("work_max", wire.work_max, WORK_MAX);
    row.unread.extend(cells.faults.iter().map(|fault| fault.column));
    (row, cells.faults.into_iter().map(|fault| (fault.column, fault.message, fault.help)).collect())
}

/// What the plan says of one server, and what is wrong with it: field, message and remedy.
pub(crate) fn stated(
    name: &str,
    wire: &ServerWire,
    places: Places<'_>,
) -> (FleetRow, Vec<(&'static str, String, String)>) {
    let get = |column: &'static str| match column {
        "server" => Some(name),
        "not_before" => wire.not_before.as_deref(),
        "not_after" => wire.not_after.as_deref(),
        "on" => wire.on.as_deref(),
        "forbid" => wire.forbid.as_deref(),
        _ => None,
    };
    let mut cells = Cells::new(&get, Habits::default(), places, Source::Plan);
    let mut row = cells.row(None);
    row.wave = cells.stated("wave", wire.wave.map(f64::from), WAVE_MAX);
    row.priority = cells.stated("priority", wire.priority.map(f64::from), PRIORITY_MAX);
    row.unread = cells.faults.iter().map(|fault| fault.column).collect();
    (row, cells.faults.into_iter().map(|fault| (fault.column, fault.message, fault.help)).collect())
}

/// What is wrong or doubtful about a cell.
struct Fault {
    severity: Severity,
    column: &'static str,
    message: String,
    help: String,
}

/// The cells of one row being read.
struct Cells<'a> {
    get: &'a dyn Fn(&'static str) -> Option<&'a str>,
    habits: Habits,
    places: Places<'a>,
    source: Source,
    faults: Vec<Fault>,
    /// Numbers whose thousands were assumed, in words.
    assumed: Vec<(&'static str, String)>,
}

impl<'a> Cells<'a> {
    fn new(
        get: &'a dyn Fn(&'static str) -> Option<&'a str>,
        habits: Habits,
        places: Places<'a>,
        source: Source,
    ) -> Self {
        Cells { get, habits, places, source, faults: Vec::new(), assumed: Vec::new() }
    }

    fn row(&mut self, told: Option<&FleetRow>) -> FleetRow {
        let mut row = FleetRow { tenant: self.text("tenant"), server: self.text("server"), ..FleetRow::default() };
        self.identity(told, &mut row);
        row.first_detected = self.date("first_detected");
        row.messages_per_day = self.number("messages_per_day", MESSAGES_MAX);
        row.route = self.route();
        row.target = self.text("target");
        row.work_min = self.number("work_min", WORK_MAX);
        row.work_likely = self.number("work_likely", WORK_MAX);
        row.work_max = self.number("work_max", WORK_MAX);
        row.lead_days = self.lead();
        row.crew = self.list("crew", &['|', '\n', '\r']);
        row.earliest = self.date("earliest");
        row.window = self.text("window");
        row.depends_on = self.list("depends_on", &['|', ',', ';', ' ', '\n', '\r']);
        row.group = self.text("group");
        row.not_before = self.date("not_before");
        row.not_after = self.date("not_after");
        row.on = self.date("on");
        row.forbid = self.stretches("forbid");
        row.wave = self.number("wave", WAVE_MAX);
        row.priority = self.number("priority", PRIORITY_MAX);
        row.in_hand = self.date("in_hand");
        let errors = self.faults.iter().filter(|fault| fault.severity == Severity::Error);
        row.unread = errors.map(|fault| fault.column).collect();
        row
    }

    fn cell<T>(&self, column: &'static str, value: T) -> FleetCell<T> {
        FleetCell { value, place: (self.places)(column), source: self.source }
    }

    fn error(&mut self, column: &'static str, message: String, help: impl Into<String>) {
        self.faults.push(Fault { severity: Severity::Error, column, message, help: help.into() });
    }

    fn text(&self, column: &'static str) -> Option<FleetCell<String>> {
        (self.get)(column).map(|text| self.cell(column, text.to_owned()))
    }

    fn list(&self, column: &'static str, marks: &[char]) -> Option<FleetCell<Vec<String>>> {
        let names = (self.get)(column)?.split(marks).map(str::trim).filter(|name| !name.is_empty());
        Some(self.cell(column, names.map(str::to_owned).collect()))
    }

    /// Product and build, which must be read together: an update has a name only within its product.
    fn identity(&mut self, told: Option<&FleetRow>, row: &mut FleetRow) {
        let catalog = brownout_exchange::builds::catalog();
        let stated = told.and_then(|told| told.product.as_ref()).map(|cell| cell.value);
        let Some(text) = (self.get)("build") else { return };
        let found = match stated {
            Some(_) => catalog.identify_of(text, stated),
            None => catalog.identify(text, (self.get)("product")),
        };
        match found {
            Ok(found) => {
                if let Some(message) = catalog.contradiction(&found) {
                    let help = "the build decides; correct the product, or the build".to_owned();
                    self.faults.push(Fault { severity: Severity::Warning, column: "build", message, help });
                }
                (row.product, row.build) =
                    (Some(self.cell("product", found.product)), Some(self.cell("build", found.build)));
            }
            Err(error) => {
                let column = if error.concerns_product() { "product" } else { "build" };
                self.error(column, error.to_string(), error.help());
            }
        }
    }

    /// A number that the plan states as such.
    fn stated(&mut self, column: &'static str, value: Option<f64>, most: f64) -> Option<FleetCell<f64>> {
        let value = value?;
        if !(0.0..=most).contains(&value) {
            self.error(column, format!("{value} is not allowed; expected a number from 0 to {most}"), "");
            return None;
        }
        Some(self.cell(column, value))
    }

    /// A number of a cell, under the habits of its table.
    fn number(&mut self, column: &'static str, most: f64) -> Option<FleetCell<f64>> {
        let text = (self.get)(column)?;
        let shown = shortened(text, 40);
        let number = match read_number(text, self.habits.numbers, most) {
            Ok(number) => number,
            Err(error @ NumberError::Ambiguous { decimal, thousands }) => {
                let help = format!("write {thousands}, or {decimal:.4} with four decimals");
                self.error(column, format!("\"{shown}\" {error}"), help);
                return None;
            }
            Err(NumberError::Unreadable) => {
                self.error(column, format!("\"{shown}\" is not allowed; expected a number from 0 to {most}"), "");
                return None;
            }
        };
        if !(0.0..=most).contains(&number.value) {
            self.error(column, format!("\"{shown}\" is not allowed; expected a number from 0 to {most}"), "");
            return None;
        }
        if number.assumed {
            self.assumed.push((column, format!("\"{shown}\" is read as {}", number.value)));
        }
        Some(self.cell(column, number.value))
    }

    fn route(&mut self) -> Option<FleetCell<Route>> {
        let text = (self.get)("route")?.to_lowercase();
        let route = Route::ALL.into_iter().find(|route| route.name() == text);
        if route.is_none() {
            let names: Vec<&str> = Route::ALL.iter().map(|route| route.name()).collect();
            let message = format!("\"{}\" is not a route; expected {}", shortened(&text, 40), one_of(&names));
            self.error("route", message, nearest(&text, &names));
        }
        route.map(|route| self.cell("route", route))
    }

    fn lead(&mut self) -> Option<FleetCell<Spread>> {
        let text = (self.get)("lead_days")?;
        let read = |part: &str| read_number(part, self.habits.numbers, WORK_MAX).ok().map(|number| number.value);
        let parts: Option<Vec<f64>> = text.split('/').map(read).collect();
        let days = match parts.as_deref() {
            Some([days]) => days_between(*days, *days, *days),
            Some([min, likely, max]) => days_between(*min, *likely, *max),
            _ => {
                let message = format!("\"{}\" is not a lead time", shortened(text, 40));
                self.error("lead_days", message, "write days as 14, or as 7/14/30: least, most likely, most");
                return None;
            }
        };
        days.map_err(|message| self.error("lead_days", message, "")).ok().map(|days| self.cell("lead_days", days))
    }

    fn date(&mut self, column: &'static str) -> Option<FleetCell<SimTime>> {
        let text = (self.get)(column)?;
        self.date_of(column, text).map(|at| self.cell(column, at))
    }

    /// Days, and stretches from a first to a last day: `2026-12-24..2026-12-26|2027-01-04`.
    fn stretches(&mut self, column: &'static str) -> Option<FleetCell<Vec<(Day, Day)>>> {
        let mut found = Vec::new();
        for part in (self.get)(column)?.split(['|', '\n', '\r']).map(str::trim).filter(|part| !part.is_empty()) {
            let (first, last) = part.split_once("..").unwrap_or((part, part));
            let first = self.date_of(column, first.trim())?.day();
            let last = self.date_of(column, last.trim())?.day();
            if last < first {
                self.error(
                    column,
                    format!("{first}..{last} ends before it begins"),
                    "write the first day, then the last",
                );
                return None;
            }
            found.push((first, last));
        }
        Some(self.cell(column, found))
    }

    fn date_of(&mut self, column: &'static str, text: &str) -> Option<SimTime> {
        let date = match read_date(text) {
            Ok(found) => found?.0,
            Err(error) => {
                self.error(column, error.to_string(), "");
                return None;
            }
        };
        let readings = [DateOrder::DayFirst, DateOrder::MonthFirst].map(|order| date.at(order));
        match (self.habits.order, readings) {
            (Some(order), _) if date.is_open() => date.at(order),
            (None, [Some(day), Some(month)]) if date.is_open() => {
                let message = format!(
                    "\"{}\" is {} day-first or {} month-first, and nothing in the table tells which",
                    shortened(text, 40),
                    day.day(),
                    month.day()
                );
                self.error(column, message, "write dates as 2026-09-07, or state --date-order");
                None
            }
            (_, [day, month]) => day.or(month),
        }
    }
}

/// Days of work or waiting from the least over the most likely to the most.
///
/// # Errors
/// In words, if they do not rise or are too long.
pub(crate) fn days_between(min: f64, mode: f64, max: f64) -> Result<Spread, String> {
    if !(0.0 <= min && min <= mode && mode <= max && max <= WORK_MAX) {
        return Err(format!(
            "{min}, {mode}, {max} days are not allowed; expected least <= most likely <= most, 0 to {WORK_MAX}"
        ));
    }
    Ok(if min == max { Spread::Fixed(mode) } else { Spread::Pert { min, mode, max } })
}

/// What is doubtful about many rows alike, told once with the first row and their number.
#[derive(Default)]
struct Doubts {
    builds: BTreeMap<String, (usize, usize)>,
    /// First row with a number whose thousands were assumed, its column and words, and how many there are.
    thousands: Option<(usize, &'static str, String, usize)>,
}

impl Doubts {
    fn gather(&mut self, index: usize, row: &FleetRow, assumed: Vec<(&'static str, String)>) {
        if let Some(doubt) = row.build.as_ref().and_then(|cell| brownout_exchange::builds::doubt(cell.value)) {
            self.builds.entry(doubt).or_insert((index, 0)).1 += 1;
        }
        for (column, words) in assumed {
            self.thousands.get_or_insert((index, column, words, 0)).3 += 1;
        }
    }

    fn tell(self, rows: &[FleetRow]) -> Vec<Problem> {
        let builds = self.builds.into_iter().map(|(doubt, (index, count))| {
            let message = if count > 1 { format!("{doubt} (servers like this: {count})") } else { doubt };
            rows[index].problem(Severity::Warning, "build", message, "")
        });
        let thousands = self.thousands.map(|(index, column, words, count)| {
            let help = "write whole numbers without marks, or decimals with one or two digits";
            rows[index].problem(Severity::Warning, column, format!("{words} (such cells: {count})"), help)
        });
        builds.chain(thousands).collect()
    }
}
