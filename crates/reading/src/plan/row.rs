//! A server as files tell of it: typed values, each with its place and its source.
//!
//! The table of a fleet, a report, the plan's own words about single servers and its defaults all fill this one form, and whoever
//! knows a value first keeps it: the plan goes before the report, the report before the table, the table before the defaults.

use crate::problem::{Problem, Severity};
use crate::text::Place;
use brownout_kernel::catalog::{Build, BuildEvidence, ProductId};
use brownout_kernel::draws::Spread;
use brownout_kernel::time::{Day, SimTime};
use brownout_kernel::world::Route;
use brownout_text::outside::shortened;

/// Who says a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The output of `Get-OnPremServerReportInfo`.
    Report,
    /// The plan, of this server.
    Plan,
    /// The fleet's table.
    Table,
    /// The plan's defaults.
    Defaults,
}

/// A value with its source.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetCell<T> {
    /// The value.
    pub value: T,
    /// Where it stands; `None` for one that no single place tells.
    pub place: Option<Place>,
    /// Who says it.
    pub source: Source,
}

/// What is known of one server; `None` where nothing is said, or nothing that can be read.
#[derive(Clone, Debug, Default)]
pub struct FleetRow {
    /// Number of the row in the table as spreadsheets count: the header is row 1. `None` without one.
    pub number: Option<usize>,
    /// Where that row stands.
    pub place: Option<Place>,
    /// Name of its tenant; `None` in a plan of one.
    pub tenant: Option<FleetCell<String>>,
    /// Its name.
    pub server: Option<FleetCell<String>>,
    /// Its product.
    pub product: Option<FleetCell<ProductId>>,
    /// What is known of its build.
    pub build: Option<FleetCell<BuildEvidence>>,
    /// Builds that its own report recommends.
    pub recommended: Option<FleetCell<Vec<Build>>>,
    /// First detection.
    pub first_detected: Option<FleetCell<SimTime>>,
    /// Messages sent on an average day.
    pub messages_per_day: Option<FleetCell<f64>>,
    /// How it gets out.
    pub route: Option<FleetCell<Route>>,
    /// What it runs afterwards: a product, a build or an update.
    pub target: Option<FleetCell<String>>,
    /// Least working days of a crew.
    pub work_min: Option<FleetCell<f64>>,
    /// Most likely working days.
    pub work_likely: Option<FleetCell<f64>>,
    /// Most working days.
    pub work_max: Option<FleetCell<f64>>,
    /// Days of waiting, instead of work.
    pub lead_days: Option<FleetCell<Spread>>,
    /// Names of the crews that can do it.
    pub crew: Option<FleetCell<Vec<String>>>,
    /// The first day on which work may begin.
    pub earliest: Option<FleetCell<SimTime>>,
    /// Name of its own windows.
    pub window: Option<FleetCell<String>>,
    /// Names of servers that must be done before.
    pub depends_on: Option<FleetCell<Vec<String>>>,
    /// A name that servers share.
    pub group: Option<FleetCell<String>>,
    /// The first day that the cut-over may be on.
    pub not_before: Option<FleetCell<SimTime>>,
    /// The last day that it may be planned for.
    pub not_after: Option<FleetCell<SimTime>>,
    /// The day that it must be planned for.
    pub on: Option<FleetCell<SimTime>>,
    /// Days that it must not be on: first and last of each stretch.
    pub forbid: Option<FleetCell<Vec<(Day, Day)>>>,
    /// Its wave.
    pub wave: Option<FleetCell<f64>>,
    /// How many times its mail counts.
    pub priority: Option<FleetCell<f64>>,
    /// Since when it is worked on.
    pub in_hand: Option<FleetCell<SimTime>>,
    /// Columns whose cells say something that cannot be read: these are neither missing nor filled from elsewhere.
    pub unread: Vec<&'static str>,
}

/// Fills cells of one row from another where it has none and nothing unreadable.
macro_rules! fill {
    ($into:ident, $from:ident, $($column:ident),+) => {$(
        if $into.$column.is_none() && !$into.unread.contains(&stringify!($column)) {
            $into.$column.clone_from(&$from.$column);
        }
    )+};
}

/// Who says a cell and where, by the name of its column.
macro_rules! said {
    ($row:ident, $name:ident, $($column:ident),+) => {
        match $name {
            $(stringify!($column) => $row.$column.as_ref().map(|cell| (cell.source, cell.place.as_ref())),)+
            _ => None,
        }
    };
}

impl FleetRow {
    /// Where the value of a column stands; `None` where there is none, or no single place tells it.
    pub fn place_of(&self, column: &str) -> Option<&Place> {
        self.said(column).and_then(|(_, place)| place)
    }

    fn said(&self, column: &str) -> Option<(Source, Option<&Place>)> {
        said!(
            self,
            column,
            tenant,
            server,
            product,
            build,
            recommended,
            first_detected,
            messages_per_day,
            route,
            target,
            work_min,
            work_likely,
            work_max,
            lead_days,
            crew,
            earliest,
            window,
            depends_on,
            group,
            not_before,
            not_after,
            on,
            forbid,
            wave,
            priority,
            in_hand
        )
    }

    /// Its name; empty if it has none.
    pub fn name(&self) -> &str {
        self.server.as_ref().map_or("", |cell| cell.value.as_str())
    }

    /// Name of its tenant; empty if it names none.
    pub fn tenant(&self) -> &str {
        self.tenant.as_ref().map_or("", |cell| cell.value.as_str())
    }

    /// Whether a column says something that cannot be read.
    pub fn is_unread(&self, column: &str) -> bool {
        self.unread.contains(&column)
    }

    /// Takes over from the table's row of the same server what this one leaves out.
    pub fn fill(&mut self, table: &FleetRow) {
        // A product without its build, or a build of no known product, gives way to a pair that belongs together.
        if self.product.is_none() || self.build.is_none() {
            if table.product.is_some() && table.build.is_some() {
                (self.product, self.build) = (table.product.clone(), table.build.clone());
            } else {
                fill!(self, table, product, build);
            }
        }
        fill!(self, table, first_detected, messages_per_day, route, target, work_min, work_likely, work_max, lead_days);
        fill!(self, table, crew, earliest, window, depends_on, group, not_before, not_after, on, forbid, wave, in_hand);
        fill!(self, table, priority);
        self.unread.extend(&table.unread);
        if self.number.is_none() {
            (self.number, self.place) = (table.number, table.place.clone());
        }
    }

    /// Takes over what the plan says of this server, also where the row says something else.
    pub fn overrule(&mut self, plan: &FleetRow) {
        let table = std::mem::replace(self, plan.clone());
        (self.server, self.number, self.place) = (table.server.clone(), table.number, table.place.clone());
        self.tenant.clone_from(&table.tenant);
        self.recommended.clone_from(&table.recommended);
        self.fill(&table);
    }

    /// Takes over what holds for every server whose row leaves it out; work and waiting only where it tells neither.
    pub fn fill_with_defaults(&mut self, defaults: &FleetRow) {
        const WORK: [&str; 3] = ["work_min", "work_likely", "work_max"];
        let own_work = [&self.work_min, &self.work_likely, &self.work_max].iter().any(|cell| cell.is_some())
            || WORK.iter().any(|column| self.is_unread(column));
        let own_lead = self.lead_days.is_some() || self.is_unread("lead_days");
        fill!(self, defaults, messages_per_day, route, target, crew, earliest, window, not_before, not_after, forbid);
        if !own_work && !own_lead {
            fill!(self, defaults, lead_days);
            if self.lead_days.is_none() {
                fill!(self, defaults, work_min, work_likely, work_max);
            }
        }
        // What cannot be read in the defaults is told once, there.
        self.unread.extend(&defaults.unread);
    }

    /// A problem of one of the row's cells.
    pub fn problem(&self, severity: Severity, column: &str, message: String, help: impl Into<String>) -> Problem {
        let name = shortened(self.name(), 80);
        let field = match (self.said(column), self.number) {
            (Some((Source::Defaults, _)), _) => format!("defaults.{column}, for {name}"),
            (Some((Source::Plan, _)), _) => format!("servers.{name}.{column}"),
            (_, Some(number)) => format!("row {number} ({name}), column {column}"),
            (_, None) => format!("server {name}, column {column}"),
        };
        let place = self.place_of(column).or(self.place.as_ref()).cloned();
        Problem { severity, place, field, message, help: help.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell<T>(value: T, source: Source) -> Option<FleetCell<T>> {
        Some(FleetCell { value, place: None, source })
    }

    #[test]
    fn whoever_knows_a_value_first_keeps_it() {
        let mut row = FleetRow { messages_per_day: cell(1.0, Source::Report), ..FleetRow::default() };
        let table = FleetRow {
            messages_per_day: cell(2.0, Source::Table),
            group: cell("g".to_owned(), Source::Table),
            number: Some(2),
            ..FleetRow::default()
        };
        row.fill(&table);
        assert_eq!(
            (row.messages_per_day.unwrap().value, row.group.unwrap().value, row.number),
            (1.0, "g".into(), Some(2))
        );
    }

    #[test]
    fn work_and_waiting_are_not_mixed_from_row_and_defaults() {
        let defaults = FleetRow {
            work_likely: cell(2.0, Source::Defaults),
            work_max: cell(5.0, Source::Defaults),
            ..FleetRow::default()
        };
        let mut row = FleetRow { work_likely: cell(9.0, Source::Table), ..FleetRow::default() };
        row.fill_with_defaults(&defaults);
        assert!(row.work_max.is_none(), "9 days at the most likely and 5 at most would contradict each other");
        let mut row = FleetRow { unread: vec!["work_likely"], ..FleetRow::default() };
        row.fill_with_defaults(&defaults);
        assert!(row.work_likely.is_none(), "what cannot be read is not replaced");
    }
}
