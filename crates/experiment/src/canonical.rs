//! The canonical form of a scenario: one line of text for every value that a life can depend on, in a promised order.
//!
//! Two scenarios have one form if and only if they are the same policy on the same world between the same instants, however and in
//! whichever files they were written. Manifests carry the BLAKE3 hash of this text.
//!
//! # Form
//! The first line is `brownout scenario 2`; the number changes whenever the form does. Each other line is `path = value`: fields in the
//! order below, entries of lists with their index from 0 and, before them, their number as `path.length`; numbers in the shortest
//! decimal form that reads back to the same value, instants in ISO 8601, durations in whole seconds, texts in quotation marks with
//! `"`, `\` and control characters escaped as in JSON, what is absent as `none`. Lines end in a line feed. Names for people are part
//! of it where they address draws (groups) or are looked up (stages), and else left out, as are the words of replies.
//!
//! A new field cannot be forgotten: every struct is taken apart whole, so the compiler asks; and where fields are private, a test
//! asks.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::study::Scenario;
use brownout_kernel::catalog::{Build, Catalog, Numbering, ProductId, Release};
use brownout_kernel::draws::Spread;
use brownout_kernel::mail::calendar::YearEnd;
use brownout_kernel::mail::{CalendarShape, RetrySchedule, Steps};
use brownout_kernel::policy::{Baseline, Baselines, Ladder, Minutes, PauseRequest, PauseRules, Policy, Relapse, Stage};
use brownout_kernel::time::{SimDuration, SimTime};
use brownout_kernel::world::response::Combine;
use brownout_kernel::world::{
    BaseRate, Behaviour, BuildShare, Diligence, Failure, Freeze, Group, ListedServer, Openings, PausePlan, PerRoute,
    Planned, Response, Route, RouteRules, ServerMix, Table, Window, World,
};

/// The canonical form of a scenario observed between two instants.
pub fn form(scenario: &Scenario, start: SimTime, horizon: SimTime) -> String {
    let mut form = Form { text: "brownout scenario 2\n".to_owned(), path: String::new() };
    form.field("start", &start);
    form.field("horizon", &horizon);
    form.field("policy", &*scenario.policy);
    form.field("world", &*scenario.world);
    form.text
}

/// The text so far and the path of the value that comes next.
struct Form {
    text: String,
    path: String,
}

impl Form {
    /// A field of the value at the path.
    fn field(&mut self, name: &str, value: &(impl Canonical + ?Sized)) {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        value.write(self);
        self.path.truncate(length);
    }

    /// The value itself, as text that needs no escape.
    fn put(&mut self, value: impl std::fmt::Display) {
        let _ = writeln!(self.text, "{} = {value}", self.path);
    }
}

trait Canonical {
    fn write(&self, form: &mut Form);
}

/// Values whose printed form is exact and unambiguous.
macro_rules! printed {
    ($($kind:ty),+) => { $(impl Canonical for $kind {
        fn write(&self, form: &mut Form) {
            form.put(self);
        }
    })+ };
}

printed!(bool, i8, i64, u8, u16, u32, u64, usize, f64, SimTime, Build);

/// Structs, taken apart whole.
macro_rules! fields {
    ($($kind:ident { $($field:ident),* $(; $($left:ident),+)? })+) => { $(impl Canonical for $kind {
        fn write(&self, form: &mut Form) {
            let $kind { $($field,)* $($($left: _,)+)? } = self;
            $(form.field(stringify!($field), $field);)*
        }
    })+ };
}

fields! {
    PauseRequest { at, days }
    BuildShare { product, build, share }
    Planned { route, on }
    Steps { first, next, then; name }
    Numbering { three_part_lanes_from, revision_ignored_in }
    Release { product, build, date, esu_only; update, kb, date_inferred, source }
}

/// A field by its getter.
macro_rules! got {
    ($of:expr, silent) => {
        $of.is_silent()
    };
    ($of:expr, $field:ident) => {
        $of.$field()
    };
}

/// Structs that others may read but not take apart.
macro_rules! getters {
    ($($kind:ident { $($field:ident),* $(; $($left:ident),+)? })+) => {
        $(impl Canonical for $kind {
            fn write(&self, form: &mut Form) {
                $(form.field(stringify!($field), &got!(self, $field));)*
            }
        })+

        /// Their fields, those that are left out as well.
        #[cfg(test)]
        const READ: &[(&str, &[&str])] =
            &[$((stringify!($kind), &[$(stringify!($field),)* $($(stringify!($left),)+)?])),+];
    };
}

getters! {
    Policy { ladder, baselines, pauses, relapse, layout; name, replies }
    PauseRules { budget_days, freezes, freezes_report, charge }
    Stage { name, length, minutes, silent }
    Minutes { throttle, block }
    Baseline { effective, product, minimum, spread; name }
    World { groups, response, calendar, catalog; name }
    Group { name, count, servers, esu_share, diligence, routes, openings, failure, gap, behaviours, volume, retry; key }
    ListedServer { product, build, messages_per_day, first_detected, planned; name }
    Diligence { sigma, never_share }
    RouteRules { base, base_by_product, lead, lead_by_product, target }
    Failure { prob, delay }
    Behaviour { share, plan, renew }
    Openings { windows, freezes; clock }
    Window { weekday, opens, seconds }
    Freeze { share, stretches }
    Response { multiplier, added }
    CalendarShape { weekday_shares, flat_share, year_end }
    YearEnd { from, to, level }
}

impl<T: Canonical + ?Sized> Canonical for &T {
    fn write(&self, form: &mut Form) {
        (**self).write(form);
    }
}

impl Canonical for str {
    fn write(&self, form: &mut Form) {
        let mut quoted = String::with_capacity(self.len() + 2);
        for c in self.chars() {
            match c {
                '"' | '\\' => quoted.extend(['\\', c]),
                c if c.is_control() => {
                    let _ = write!(quoted, "\\u{:04x}", u32::from(c));
                }
                c => quoted.push(c),
            }
        }
        form.put(format_args!("\"{quoted}\""));
    }
}

impl Canonical for String {
    fn write(&self, form: &mut Form) {
        self.as_str().write(form);
    }
}

impl Canonical for SimDuration {
    fn write(&self, form: &mut Form) {
        form.put(self.seconds());
    }
}

impl Canonical for ProductId {
    fn write(&self, form: &mut Form) {
        form.put(self.index());
    }
}

impl<T: Canonical> Canonical for Option<T> {
    fn write(&self, form: &mut Form) {
        match self {
            Some(value) => value.write(form),
            None => form.put("none"),
        }
    }
}

impl<T: Canonical> Canonical for [T] {
    fn write(&self, form: &mut Form) {
        form.field("length", &self.len());
        for (index, value) in self.iter().enumerate() {
            form.field(&index.to_string(), value);
        }
    }
}

impl<T: Canonical> Canonical for Vec<T> {
    fn write(&self, form: &mut Form) {
        self.as_slice().write(form);
    }
}

impl<T: Canonical, const N: usize> Canonical for [T; N] {
    fn write(&self, form: &mut Form) {
        self.as_slice().write(form);
    }
}

impl<T: Canonical> Canonical for std::sync::Arc<T> {
    fn write(&self, form: &mut Form) {
        (**self).write(form);
    }
}

impl<A: Canonical, B: Canonical> Canonical for (A, B) {
    fn write(&self, form: &mut Form) {
        form.field("0", &self.0);
        form.field("1", &self.1);
    }
}

impl<K: Canonical, V: Canonical> Canonical for BTreeMap<K, V> {
    fn write(&self, form: &mut Form) {
        form.field("length", &self.len());
        for (index, (key, value)) in self.iter().enumerate() {
            form.field(&format!("{index}.key"), key);
            form.field(&format!("{index}.value"), value);
        }
    }
}

impl<T: Canonical> Canonical for PerRoute<T> {
    fn write(&self, form: &mut Form) {
        for route in Route::ALL {
            form.field(route.name(), &self[route]);
        }
    }
}

impl Canonical for Ladder {
    fn write(&self, form: &mut Form) {
        form.field("stages", self.stages());
    }
}

impl Canonical for Baselines {
    fn write(&self, form: &mut Form) {
        self.entries().write(form);
    }
}

impl Canonical for brownout_kernel::catalog::Requirement {
    fn write(&self, form: &mut Form) {
        // What a comparison by lane asks for follows from the minimum and the catalogue, which stands below.
        form.field("build", &self.minimum());
        form.field("comparison", &self.comparison());
    }
}

impl Canonical for Catalog {
    fn write(&self, form: &mut Form) {
        form.field("numbering", &self.numbering());
        form.field("products", self.names());
        form.field("releases", self.all_releases());
    }
}

/// Variants without values, by names that do not change when the code's do.
macro_rules! names {
    ($($kind:path { $($variant:ident $name:literal),+ })+) => { $(impl Canonical for $kind {
        fn write(&self, form: &mut Form) {
            type Kind = $kind;
            form.put(match self { $(Kind::$variant => $name,)+ });
        }
    })+ };
}

names! {
    Route { Patch "patch", Upgrade "upgrade", Leave "leave" }
    Combine { Larger "larger", Sum "sum" }
    brownout_kernel::policy::Charge { YearOfDay "year_of_day", YearOfGrant "year_of_grant" }
    brownout_kernel::policy::WindowLayout { Separate "separate", Adjacent "adjacent", Random "random" }
    brownout_kernel::catalog::Comparison { Numeric "numeric", PerCu "per_cu" }
}

impl Canonical for Relapse {
    fn write(&self, form: &mut Form) {
        match self {
            Relapse::Restart => form.put("restart"),
            Relapse::Resume => form.put("resume"),
            Relapse::EnterAt(stage) => form.field("enter_at", stage),
        }
    }
}

impl Canonical for Spread {
    fn write(&self, form: &mut Form) {
        match self {
            Spread::Fixed(value) => form.field("fixed", value),
            Spread::LogNormal { median, sigma } => form.field("log_normal", &[*median, *sigma]),
            Spread::Pert { min, mode, max } => form.field("pert", &[*min, *mode, *max]),
        }
    }
}

impl Canonical for RetrySchedule {
    fn write(&self, form: &mut Form) {
        match self {
            RetrySchedule::Stepped(steps) => form.field("stepped", steps),
            RetrySchedule::Fixed { minutes } => form.field("fixed", minutes),
        }
    }
}

impl Canonical for ServerMix {
    fn write(&self, form: &mut Form) {
        match self {
            ServerMix::Drawn { per_tenant, builds } => {
                form.field("per_tenant", per_tenant);
                form.field("builds", builds);
            }
            ServerMix::Listed(servers) => form.field("listed", servers),
        }
    }
}

impl Canonical for BaseRate {
    fn write(&self, form: &mut Form) {
        match self {
            BaseRate::PerMonth(rate) => form.field("per_month", rate),
            BaseRate::PerDayInStage(rates) => form.field("per_day_in_stage", rates),
        }
    }
}

impl Canonical for PausePlan {
    fn write(&self, form: &mut Form) {
        match self {
            PausePlan::Never => form.put("never"),
            PausePlan::OneLong { days } => form.field("one_long", days),
            PausePlan::SeveralShort { days, gap_days } => form.field("several_short", &[*days, *gap_days]),
            PausePlan::WhenBlocked { days } => form.field("when_blocked", days),
            PausePlan::UntilDone => form.put("until_done"),
            PausePlan::Fixed(pauses) => form.field("fixed", pauses),
        }
    }
}

impl Canonical for Table {
    fn write(&self, form: &mut Form) {
        match self {
            Table::ByStage { unaware, paused, stages } => {
                form.field("unaware", unaware);
                form.field("paused", paused);
                form.field("stages", stages);
            }
            Table::ByMinutes { unaware, paused, report, throttle, block, combine } => {
                form.field("unaware", unaware);
                form.field("paused", paused);
                form.field("report", report);
                form.field("throttle", throttle);
                form.field("block", block);
                form.field("combine", combine);
            }
        }
    }
}

#[cfg(test)]
mod tests;
