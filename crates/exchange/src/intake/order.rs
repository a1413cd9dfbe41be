//! Settling the order of day and month from all dates of a file together.
//!
//! In turn, and the first that decides wins: the order the user states; the announced arithmetic (throttling so many days
//! after first detection, blocking so many, to the second); the only order under which every date exists; the order under
//! which nothing lies before first detection. If all leave both orders possible, the user has to say; if arithmetic and
//! existence speak for both, the file mixes orders and is refused.

use std::fmt;

use super::IntakeOptions;
use super::date::DateOrder;
use super::draft::{Dated, Dates};
use super::problem::{Problem, ProblemKind, shown};
use brownout_kernel::time::{SimDuration, SimTime};

/// How the order of day and month was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderBasis {
    /// The user said so.
    Stated(DateOrder),
    /// Every date reads the same either way.
    NotNeeded,
    /// The other order makes a date impossible.
    OnlyPossible {
        /// The order.
        order: DateOrder,
        /// Line of such a date.
        line: usize,
        /// That date as it was written.
        text: String,
    },
    /// Only this order gives throttling and blocking dates at the announced distance from first detection.
    Arithmetic {
        /// The order.
        order: DateOrder,
        /// How many dates show it.
        dates: usize,
    },
    /// The other order puts dates before first detection.
    Chronology {
        /// The order.
        order: DateOrder,
        /// How many dates the other order puts there.
        dates: usize,
    },
}

impl OrderBasis {
    /// The order; `None` where it makes no difference.
    pub const fn order(&self) -> Option<DateOrder> {
        match self {
            OrderBasis::NotNeeded => None,
            OrderBasis::Stated(order)
            | OrderBasis::OnlyPossible { order, .. }
            | OrderBasis::Arithmetic { order, .. }
            | OrderBasis::Chronology { order, .. } => Some(*order),
        }
    }

    /// The order to read by, an arbitrary one where it makes no difference.
    pub(super) fn reading(&self) -> DateOrder {
        self.order().unwrap_or(DateOrder::DayFirst)
    }
}

impl fmt::Display for OrderBasis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OrderBasis::Stated(order) => write!(f, "dates are read {order}, as stated"),
            OrderBasis::NotNeeded => f.write_str("dates leave no doubt about day and month"),
            OrderBasis::OnlyPossible { order, line, text } => {
                write!(f, "dates are read {order}: \"{text}\" at line {line} has no other reading")
            }
            OrderBasis::Arithmetic { order, dates } => write!(
                f,
                "dates are read {order}: only then do {dates} throttling or blocking dates lie as announced after first detection"
            ),
            OrderBasis::Chronology { order, dates } => {
                write!(f, "dates are read {order}: otherwise {dates} dates would lie before first detection")
            }
        }
    }
}

/// A later date of a record beside its first detection, and the announced distance if there is one.
struct Pair<'a> {
    detected: &'a Dated,
    later: &'a Dated,
    expected: Option<SimDuration>,
}

impl Pair<'_> {
    fn times(&self, order: DateOrder) -> Option<(SimTime, SimTime)> {
        self.detected.date.at(order).zip(self.later.date.at(order))
    }

    fn as_announced(&self, order: DateOrder) -> bool {
        self.times(order).is_some_and(|(from, to)| Some(to.since(from)) == self.expected)
    }

    /// Whether the date lies as announced but for the hour of summer time that one of two local times has and the other has not.
    fn is_an_hour_off(&self, order: DateOrder) -> bool {
        let off = |(from, to): (SimTime, SimTime)| Some(to.since(from).seconds() - self.expected?.seconds());
        self.times(order).and_then(off).is_some_and(|seconds| seconds.abs() == 3_600)
    }

    fn before_detection(&self, order: DateOrder) -> bool {
        self.times(order).is_some_and(|(from, to)| to < from)
    }
}

/// Settles the order; `None` after adding a problem that tells why it cannot be.
pub(super) fn settle<'a>(
    dates: impl Iterator<Item = &'a Dates>,
    options: &IntakeOptions,
    warnings: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) -> Option<OrderBasis> {
    let dates: Vec<&Dates> = dates.collect();
    let all: Vec<&Dated> = dates.iter().flat_map(|record| record.all()).collect();
    let pairs: Vec<Pair<'_>> = dates.iter().flat_map(|record| pairs(record, options)).collect();
    let basis = match options.date_order {
        Some(order) => stated(order, &all, problems),
        None => inferred(&all, &pairs, problems),
    }?;
    warn(&basis, &pairs, warnings);
    Some(basis)
}

fn pairs<'a>(record: &'a Dates, options: &IntakeOptions) -> Vec<Pair<'a>> {
    let days = |days: u32| Some(SimDuration::from_days(i64::from(days)));
    let later = [
        (&record.throttle, days(options.report_days)),
        (&record.blocking, days(options.block_after_days)),
        (&record.next, None),
    ];
    let Some(detected) = &record.detected else { return Vec::new() };
    later
        .into_iter()
        .filter_map(|(later, expected)| Some(Pair { detected, later: later.as_ref()?, expected }))
        .collect()
}

/// A stated order holds unless it makes a date impossible.
fn stated(order: DateOrder, all: &[&Dated], problems: &mut Vec<Problem>) -> Option<OrderBasis> {
    let impossible: Vec<&&Dated> = all.iter().filter(|dated| dated.date.at(order).is_none()).collect();
    for dated in &impossible {
        let rule = format!("it is no date when read {order}");
        problems.push(problem(dated, rule, format!("state --date-order {}", order.other())));
    }
    impossible.is_empty().then_some(OrderBasis::Stated(order))
}

fn inferred(all: &[&Dated], pairs: &[Pair<'_>], problems: &mut Vec<Problem>) -> Option<OrderBasis> {
    let (day, month) = (Evidence::of(DateOrder::DayFirst, all, pairs), Evidence::of(DateOrder::MonthFirst, all, pairs));
    if let (Some(for_day), Some(for_month)) = (day.sample(), month.sample()) {
        mixed(for_day, for_month, problems);
        return None;
    }
    let favoured = if day.sample().is_some() { Some(&day) } else { month.sample().map(|_| &month) };
    if let Some(basis) = favoured.and_then(Evidence::basis) {
        return Some(basis);
    }
    let Some(open) = all.iter().find(|dated| dated.date.is_open()) else { return Some(OrderBasis::NotNeeded) };
    let before = |order: DateOrder| pairs.iter().filter(|pair| pair.before_detection(order)).count();
    match (before(DateOrder::DayFirst), before(DateOrder::MonthFirst)) {
        (0, dates) if dates > 0 => Some(OrderBasis::Chronology { order: DateOrder::DayFirst, dates }),
        (dates, 0) if dates > 0 => Some(OrderBasis::Chronology { order: DateOrder::MonthFirst, dates }),
        _ => {
            undecided(open, problems);
            None
        }
    }
}

/// What speaks firmly for one order: dates that lie as announced only then, and a date that exists only then.
struct Evidence<'a> {
    order: DateOrder,
    announced: Vec<&'a Dated>,
    only: Option<&'a Dated>,
}

impl<'a> Evidence<'a> {
    fn of(order: DateOrder, all: &[&'a Dated], pairs: &[Pair<'a>]) -> Self {
        let fits = |pair: &&Pair<'a>| pair.as_announced(order) && !pair.as_announced(order.other());
        let announced = pairs.iter().filter(fits).map(|pair| pair.later).collect();
        let only = all.iter().copied().find(|dated| dated.date.at(order.other()).is_none());
        Evidence { order, announced, only }
    }

    /// A date that shows it; one without another reading says more than arithmetic.
    fn sample(&self) -> Option<&'a Dated> {
        self.only.or(self.announced.first().copied())
    }

    fn basis(&self) -> Option<OrderBasis> {
        let order = self.order;
        if !self.announced.is_empty() {
            return Some(OrderBasis::Arithmetic { order, dates: self.announced.len() });
        }
        self.only.map(|dated| OrderBasis::OnlyPossible { order, line: dated.line, text: shown(&dated.text) })
    }
}

fn problem(dated: &Dated, rule: String, remedy: String) -> Problem {
    let (field, value) = (dated.field.to_owned(), shown(&dated.text));
    Problem { kind: ProblemKind::DateOrder, line: dated.line, field, value, rule, remedy }
}

fn mixed(day: &Dated, month: &Dated, problems: &mut Vec<Problem>) {
    let rule = format!(
        "it reads month-first, but \"{}\" at line {} reads day-first, and a file has one order",
        shown(&day.text),
        day.line
    );
    problems.push(problem(month, rule, "read the two exports one by one".to_owned()));
}

fn undecided(open: &Dated, problems: &mut Vec<Problem>) {
    let at = |order| open.date.at(order).map(|time| time.day().to_string()).unwrap_or_default();
    let (day, month) = (at(DateOrder::DayFirst), at(DateOrder::MonthFirst));
    let rule = format!("it means {day} day-first or {month} month-first, and nothing in the file tells which");
    problems.push(problem(open, rule, "state --date-order day-first or --date-order month-first".to_owned()));
}

/// Warns of dates that do not lie where the announced ladder puts them, once per kind.
fn warn(basis: &OrderBasis, pairs: &[Pair<'_>], warnings: &mut Vec<String>) {
    let order = basis.reading();
    let contradicts = |pair: &&Pair<'_>| pair.expected.is_some() && !pair.as_announced(order);
    let other_fits = pairs.iter().filter(contradicts).filter(|pair| pair.as_announced(order.other()));
    if let (OrderBasis::Stated(_), Some(count @ 1..)) = (basis, Some(other_fits.clone().count())) {
        let first = other_fits.clone().next().map_or(0, |pair| pair.later.line);
        warnings.push(format!(
            "line {first}: dates lie as announced after first detection only when read {} (such dates: {count}); \
             the stated {order} was used; check --date-order",
            order.other()
        ));
        return;
    }
    for field in ["ThrottleEnabledDate", "BlockingEnabledDate"] {
        let off: Vec<&Pair<'_>> = pairs
            .iter()
            .filter(|pair| pair.later.field == field && !pair.is_an_hour_off(order))
            .filter(contradicts)
            .collect();
        if let Some((pair, (from, to))) = off.first().and_then(|pair| Some((*pair, pair.times(order)?))) {
            let (days, expected) = (to.since(from).days_f64(), pair.expected.map_or(0.0, SimDuration::days_f64));
            warnings.push(format!(
                "line {}: {field} lies {days:.2} days after first detection, announced were {expected}; \
                 servers concerned: {}; check the ladder",
                pair.later.line,
                off.len()
            ));
        }
    }
    let early: Vec<&Pair<'_>> = pairs.iter().filter(|pair| pair.before_detection(order)).collect();
    if let Some(pair) = early.first() {
        let (line, field) = (pair.later.line, pair.later.field);
        warnings.push(format!(
            "line {line}: {field} lies before first detection (such dates: {}); check the order of day and month",
            early.len()
        ));
    }
}
