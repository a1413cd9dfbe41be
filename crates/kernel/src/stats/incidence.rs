//! Cumulative incidence under competing causes: who left by which route, and when.

use super::life_table::{LifeRow, LifeTable};

/// The share with an event of each cause up to each time, while the other causes compete: the Aalen-Johansen estimate.
///
/// At every time survival and the incidences of all causes add up to 1. `1 - S` of a Kaplan-Meier curve that counts
/// other causes as censorings is larger, and answers another question.
///
/// # Source
/// Aalen and Johansen (1978); Klein and Moeschberger, *Survival Analysis* (2nd ed., 2003), section 4.7. Estimates agree
/// with `survfit` of R's survival 3.5, which forms its standard errors otherwise (infinitesimal jackknife).
#[derive(Clone, Debug, PartialEq)]
pub struct IncidenceCurve {
    points: Vec<IncidencePoint>,
    n: u64,
    cause_count: usize,
}

/// One step of all incidences, in force from its time until the next.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidencePoint {
    /// When the step begins, in the table's unit.
    pub time: f64,
    /// Probability of no event of any cause up to and including `time`.
    pub survival: f64,
    /// By cause; cause 1 comes first.
    pub causes: Vec<CauseIncidence>,
}

/// The cumulative incidence of one cause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CauseIncidence {
    /// Probability of an event of this cause up to and including the point's time.
    pub incidence: f64,
    /// Its standard error (Greenwood type); without censoring it is the binomial `√(F (1 - F) / n)`.
    pub se: f64,
}

/// What the recursion carries for one cause: incidence, its variance, and its covariance with survival.
#[derive(Clone, Copy, Default)]
struct Moments {
    incidence: f64,
    variance: f64,
    covariance: f64,
}

impl IncidenceCurve {
    /// The incidences of a table: one point per row, each cause growing by `S(before) × d / at risk`.
    pub fn new(table: &LifeTable) -> Self {
        Self::of(table, Self::steps(table).collect())
    }

    /// The same to be read at whole times alone: of the points after one whole time and up to the next only the last is there.
    pub fn at_whole_times(table: &LifeTable) -> Self {
        let mut points: Vec<IncidencePoint> = Vec::new();
        for point in Self::steps(table) {
            match points.last_mut().filter(|last| last.time.ceil() == point.time.ceil()) {
                Some(last) => *last = point,
                None => points.push(point),
            }
        }
        Self::of(table, points)
    }

    fn of(table: &LifeTable, points: Vec<IncidencePoint>) -> Self {
        IncidenceCurve { points, n: table.n(), cause_count: table.cause_count() }
    }

    fn steps(table: &LifeTable) -> impl Iterator<Item = IncidencePoint> {
        let (mut survival, mut survival_variance) = (1.0, 0.0);
        let mut causes = vec![Moments::default(); table.cause_count()];
        table.rows().iter().map(move |row| {
            for (moments, &events) in causes.iter_mut().zip(row.events.iter()) {
                *moments = moments.step(survival, survival_variance, row, events);
            }
            let (n, all) = (row.at_risk as f64, row.events_all() as f64 / row.at_risk as f64);
            survival_variance = survival_variance * (1.0 - all).powi(2) + survival * survival * all * (1.0 - all) / n;
            survival *= (n - row.events_all() as f64) / n;
            IncidencePoint { time: row.time, survival, causes: causes.iter().map(Moments::estimate).collect() }
        })
    }

    /// The steps in rising order of time, one per row of the table unless it is read at whole times alone.
    pub fn points(&self) -> &[IncidencePoint] {
        &self.points
    }

    /// The incidences by cause at `time`, drawn on level behind the last time; none before the first.
    pub fn level_at(&self, time: f64) -> impl Iterator<Item = CauseIncidence> {
        let passed = self.points.partition_point(|point| point.time <= time);
        let none = CauseIncidence { incidence: 0.0, se: 0.0 };
        let causes = passed.checked_sub(1).map(|index| self.points[index].causes.as_slice());
        (0..self.cause_count).map(move |cause| causes.map_or(none, |causes| causes[cause]))
    }

    /// How many the curve describes.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The step in force at `time`: the last point at or before it, or before the first one a step at time 0 with
    /// survival 1 and no incidence.
    ///
    /// `None` where the data are silent: before time 0, without anybody, and after the last time unless survival is 0.
    pub fn at(&self, time: f64) -> Option<IncidencePoint> {
        let last = self.points.last()?;
        if !(time >= 0.0 && (time <= last.time || last.survival == 0.0)) {
            return None;
        }
        let passed = self.points.partition_point(|point| point.time <= time);
        let none = CauseIncidence { incidence: 0.0, se: 0.0 };
        let start = || IncidencePoint { time: 0.0, survival: 1.0, causes: vec![none; self.cause_count] };
        Some(passed.checked_sub(1).map_or_else(start, |index| self.points[index].clone()))
    }
}

impl Moments {
    /// The moments after one row, given survival and its variance before it.
    ///
    /// One step of the matrix recursion of Andersen, Borgan, Gill and Keiding (1993), section IV.4.1, with the events
    /// of a row multinomial among those at risk.
    fn step(self, survival: f64, survival_variance: f64, row: &LifeRow, events: u64) -> Moments {
        let n = row.at_risk as f64;
        let (this, all) = (events as f64 / n, row.events_all() as f64 / n);
        let spread = survival * survival * this / n;
        let grown = self.covariance + this * survival_variance;
        Moments {
            incidence: self.incidence + survival * this,
            variance: self.variance + this * (self.covariance + grown) + spread * (1.0 - this),
            covariance: (1.0 - all) * (grown - spread),
        }
    }

    fn estimate(&self) -> CauseIncidence {
        CauseIncidence { incidence: self.incidence, se: self.variance.max(0.0).sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testdata::{AML_MAINTAINED, MGUS, assert_near, exponential_table, table};
    use crate::stats::{IntervalType, SurvivalCurve};

    const TIES: [(f64, usize); 11] =
        [(1.0, 0), (5.0, 1), (3.0, 1), (6.0, 1), (1.0, 2), (3.0, 1), (2.0, 0), (5.0, 1), (2.0, 0), (3.0, 2), (6.0, 2)];

    #[test]
    fn tied_causes_and_censorings_give_the_incidences_of_r() {
        let curve = IncidenceCurve::new(&LifeTable::from_observations(2, TIES).unwrap());
        let known =
            [(3.0, 0.2597402597, 0.2207792208), (5.0, 0.5194805195, 0.2207792208), (6.0, 0.6493506494, 0.3506493506)];
        for (time, first, second) in known {
            let point = curve.at(time).unwrap();
            assert_near(point.causes[0].incidence, first, 6e-11);
            assert_near(point.causes[1].incidence, second, 6e-11);
        }
    }

    #[test]
    fn at_whole_times_a_curve_of_these_alone_says_what_all_of_it_says() {
        let times = [(0.0, 1), (0.2, 1), (0.9, 2), (1.0, 1), (1.0, 0), (1.1, 2), (1.7, 1), (3.4, 1), (6.0, 0)];
        let table = LifeTable::from_observations(2, times).unwrap();
        let (all, whole) = (IncidenceCurve::new(&table), IncidenceCurve::at_whole_times(&table));
        assert_eq!(whole.points().iter().map(|point| point.time).collect::<Vec<_>>(), [0.0, 1.0, 1.7, 3.4, 6.0]);
        for time in 0..9 {
            assert!(whole.level_at(f64::from(time)).eq(all.level_at(f64::from(time))), "{time}");
        }
    }

    #[test]
    fn a_published_set_with_ties_in_every_year_has_the_incidences_of_r() {
        // R 4.2.2, survival 3.5-3: survfit(Surv(year, event) ~ 1), probabilities in state, 12 digits.
        let rows = MGUS.iter().map(|(year, events, censored)| (f64::from(*year), events.as_slice(), *censored));
        let table = LifeTable::from_counts(2, rows).unwrap();
        assert_eq!(table.n(), 241);
        let curve = IncidenceCurve::new(&table);
        for (year, survival, malignancy, death) in [
            (1.0, 0.9377593360996, 0.00414937759336, 0.0580912863071),
            (5.0, 0.7717842323651, 0.04564315352697, 0.1825726141079),
            (10.0, 0.5560165975104, 0.12863070539419, 0.3153526970954),
            (20.0, 0.2531120331950, 0.22406639004149, 0.5228215767635),
            // From here on there are censorings, some in the years of events.
            (32.0, 0.0829875518672, 0.26556016597510, 0.6514522821577),
            (35.0, 0.0615820325364, 0.26556016597510, 0.6728578014885),
            (39.0, 0.0164218753430, 0.26556016597510, 0.7180179586819),
        ] {
            let point = curve.at(year).unwrap();
            assert_near(point.survival, survival, 6e-14);
            assert_near(point.causes[0].incidence, malignancy, 6e-14);
            assert_near(point.causes[1].incidence, death, 6e-14);
        }
    }

    #[test]
    fn two_constant_hazards_share_as_their_rates() {
        // Daily rows hold the exact chances of a day, so only the rounding of whole counts out of 1e15 is left.
        let curve = IncidenceCurve::new(&exponential_table(365, 1.0, 2, |_| vec![0.01, 0.002]));
        let known =
            [(90.0, 0.3395955256, 0.5503370620, 0.1100674124), (365.0, 0.0125253586, 0.8228955345, 0.1645791069)];
        for (day, survival, first, second) in known {
            let point = curve.at(day).unwrap();
            assert_near(point.survival, survival, 6e-11);
            assert_near(point.causes[0].incidence, first, 6e-11);
            assert_near(point.causes[1].incidence, second, 6e-11);
        }
    }

    #[test]
    fn survival_and_incidences_add_up_to_one() {
        let table = LifeTable::from_observations(2, TIES).unwrap();
        let kaplan_meier = SurvivalCurve::new(&table, 0.95, IntervalType::Log);
        for (point, step) in IncidenceCurve::new(&table).points().iter().zip(kaplan_meier.points()) {
            assert_eq!(point.survival, step.survival);
            assert_near(point.survival + point.causes[0].incidence + point.causes[1].incidence, 1.0, 1e-14);
        }
    }

    #[test]
    fn without_censoring_the_standard_error_is_binomial() {
        let uncensored = TIES.map(|(time, cause)| (time, cause.max(1)));
        let curve = IncidenceCurve::new(&LifeTable::from_observations(2, uncensored).unwrap());
        for (time, count) in [(1.0, 1.0), (3.0, 2.0), (6.0, 3.0)] {
            let (second, share) = (curve.at(time).unwrap().causes[1], count / 11.0);
            assert_near(second.incidence, share, 1e-14);
            assert_near(second.se, f64::sqrt(share * (1.0 - share) / 11.0), 1e-14);
        }
    }

    #[test]
    fn a_single_cause_has_the_error_of_kaplan_meier() {
        let curve = IncidenceCurve::new(&table(AML_MAINTAINED));
        let kaplan_meier = SurvivalCurve::new(&table(AML_MAINTAINED), 0.95, IntervalType::Log);
        for (point, step) in curve.points().iter().zip(kaplan_meier.points()) {
            assert_near(point.causes[0].incidence, 1.0 - step.survival, 1e-14);
            assert_near(point.causes[0].se, step.se.unwrap(), 1e-14);
        }
    }

    #[test]
    fn before_the_first_row_nothing_has_happened_and_after_the_last_nothing_is_known() {
        let curve = IncidenceCurve::new(&LifeTable::from_observations(2, [(4.0, 1), (9.0, 0)]).unwrap());
        let start = curve.at(3.0).unwrap();
        assert_eq!((start.survival, start.causes.len(), start.causes[0].incidence), (1.0, 2, 0.0));
        assert_eq!(curve.at(9.5), None);
        assert_eq!(IncidenceCurve::new(&LifeTable::from_observations(2, []).unwrap()).at(0.0), None);
    }
}
