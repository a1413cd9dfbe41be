//! The Kaplan-Meier survival curve with Greenwood standard errors.

use super::interval::z_quantile;
use super::life_table::LifeTable;

/// How the pointwise interval of a survival probability is formed; R's `conf.type`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IntervalType {
    /// `S ± z se(S)`, cut to 0..1.
    Plain,
    /// `exp(ln S ± z se(ln S))`, cut at 1; what R takes unless told.
    #[default]
    Log,
    /// Symmetric in `ln(-ln S)`, within 0..1 by itself; steadier in small samples.
    LogLog,
}

/// The share without an event up to each time, of any cause, with its pointwise interval.
///
/// # Source
/// Kaplan and Meier (1958); Greenwood (1926); Klein and Moeschberger, *Survival Analysis* (2nd ed., 2003), sections 4.2
/// and 4.3. Agrees with `survfit` of R's survival 3.5.
#[derive(Clone, Debug, PartialEq)]
pub struct SurvivalCurve {
    start: SurvivalPoint,
    points: Vec<SurvivalPoint>,
    level: f64,
    interval_type: IntervalType,
}

/// One step of a survival curve, in force from its time until the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurvivalPoint {
    /// When the step begins, in the table's unit.
    pub time: f64,
    /// Those at risk just before `time`.
    pub at_risk: u64,
    /// Events of any cause at `time`.
    pub events: u64,
    /// Those censored at `time`, after its events.
    pub censored: u64,
    /// Probability of no event up to and including `time`.
    pub survival: f64,
    /// Greenwood's standard error of `survival`; `None` once nobody is left (`survival` is 0), where it is undefined.
    pub se: Option<f64>,
    /// Lower end of the pointwise interval; `None` where `se` is, or for an impossible level.
    pub low: Option<f64>,
    /// Upper end of the pointwise interval; `None` exactly when `low` is.
    pub high: Option<f64>,
}

impl SurvivalCurve {
    /// The curve of a table, all its causes taken together: one point per row, `S = Π (1 - d / at risk)`.
    ///
    /// - `level`: confidence, above 0 and below 1; outside that every interval is `None`.
    /// - Without events the curve stays at 1, with standard error 0 and interval `[1, 1]`.
    pub fn new(table: &LifeTable, level: f64, interval_type: IntervalType) -> Self {
        let z = z_quantile(0.5 + level / 2.0).filter(|_| level > 0.0);
        let end = z.map(|_| 1.0);
        let (n, se) = (table.n(), Some(0.0));
        let start =
            SurvivalPoint { time: 0.0, at_risk: n, events: 0, censored: 0, survival: 1.0, se, low: end, high: end };
        let (mut survival, mut log_variance) = (1.0, 0.0);
        let points = table.rows().iter().map(|row| {
            let (n, d) = (row.at_risk as f64, row.events_all() as f64);
            survival *= (n - d) / n;
            log_variance += d / (n * (n - d));
            let log_se = (survival > 0.0).then(|| f64::sqrt(log_variance));
            let ends = log_se.zip(z).map(|(log_se, z)| interval_type.ends(survival, z * log_se));
            SurvivalPoint {
                time: row.time,
                at_risk: row.at_risk,
                events: row.events_all(),
                censored: row.censored,
                survival,
                se: log_se.map(|log_se| survival * log_se),
                low: ends.map(|ends| ends.0),
                high: ends.map(|ends| ends.1),
            }
        });
        SurvivalCurve { start, points: points.collect(), level, interval_type }
    }

    /// The curve with other standard errors, and intervals formed from them in the same way.
    ///
    /// - `quantile`: how many standard errors an interval reaches; `None` for no intervals.
    /// - `log_se`: the standard error of the logarithm of survival at a time; `None` where there is none.
    #[must_use]
    pub fn with_errors(mut self, quantile: Option<f64>, log_se: impl Fn(f64) -> Option<f64>) -> SurvivalCurve {
        for point in &mut self.points {
            // Before the first event nothing is uncertain, whatever the grid of the errors says.
            let exact = |se: f64| if point.survival == 1.0 { 0.0 } else { se };
            let log_se = log_se(point.time).filter(|_| point.survival > 0.0).map(exact);
            let ends = log_se.zip(quantile).map(|(se, q)| self.interval_type.ends(point.survival, q * se));
            point.se = log_se.map(|se| point.survival * se);
            (point.low, point.high) = (ends.map(|ends| ends.0), ends.map(|ends| ends.1));
        }
        let end = quantile.map(|_| 1.0);
        (self.start.low, self.start.high) = (end, end);
        self
    }

    /// The step in force at `time`, as [`SurvivalCurve::at`], but drawn on level behind the last time.
    pub fn level_at(&self, time: f64) -> SurvivalPoint {
        let passed = self.points.partition_point(|point| point.time <= time);
        if passed == 0 { self.start } else { self.points[passed - 1] }
    }

    /// The steps in rising order of time, one per row of the table, those with censorings alone included.
    pub fn points(&self) -> &[SurvivalPoint] {
        &self.points
    }

    /// How many the curve describes.
    pub fn n(&self) -> u64 {
        self.start.at_risk
    }

    /// Confidence level of the intervals.
    pub fn level(&self) -> f64 {
        self.level
    }

    /// How the intervals were formed.
    pub fn interval_type(&self) -> IntervalType {
        self.interval_type
    }

    /// The step in force at `time`: the last point at or before it, or before the first one a step at time 0 with
    /// survival 1. The `at_risk` in it is the step's own; [`LifeTable::standing_at`] counts for any time.
    ///
    /// `None` where the data are silent: before time 0, without anybody, and after the last time unless survival is 0.
    pub fn at(&self, time: f64) -> Option<SurvivalPoint> {
        let last = self.points.last()?;
        if !(time >= 0.0 && (time <= last.time || last.survival == 0.0)) {
            return None;
        }
        Some(self.level_at(time))
    }
}

impl IntervalType {
    /// Both ends for a survival above 0, given `z` times the standard error of its logarithm.
    fn ends(self, survival: f64, spread: f64) -> (f64, f64) {
        if spread == 0.0 {
            return (survival, survival);
        }
        match self {
            IntervalType::Plain => ((survival - survival * spread).max(0.0), (survival + survival * spread).min(1.0)),
            IntervalType::Log => (survival * libm::exp(-spread), (survival * libm::exp(spread)).min(1.0)),
            IntervalType::LogLog => {
                let log = libm::log(survival);
                let ratio = libm::exp(spread / -log);
                (libm::exp(log * ratio), libm::exp(log / ratio))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testdata::{
        AML_MAINTAINED, FREIREICH_6MP, FREIREICH_CONTROL, LUNG, VETERAN_STANDARD, VETERAN_TEST, assert_near,
        exponential_table, table,
    };

    fn log_curve(data: &[i32]) -> SurvivalCurve {
        SurvivalCurve::new(&table(data), 0.95, IntervalType::Log)
    }

    #[test]
    fn aml_steps_are_those_of_r() {
        let curve = log_curve(AML_MAINTAINED);
        let steps = [(9.0, 0.909), (13.0, 0.818), (18.0, 0.716), (23.0, 0.614), (31.0, 0.491), (34.0, 0.368)];
        for (time, survival) in steps.into_iter().chain([(48.0, 0.184), (161.0, 0.184)]) {
            assert_near(curve.at(time).unwrap().survival, survival, 5e-4);
        }
    }

    #[test]
    fn freireich_six_mp_at_six_weeks_is_that_of_r() {
        let point = log_curve(FREIREICH_6MP).at(6.0).unwrap();
        assert_near(point.survival, 0.8571429, 6e-8);
        assert_near(point.se.unwrap(), 0.0763604, 6e-8);
        assert_near(point.low.unwrap(), 0.7198171, 6e-8);
        assert_eq!(point.high, Some(1.0));
    }

    #[test]
    fn lung_at_one_year_is_that_of_r() {
        let point = log_curve(LUNG).at(365.0).unwrap();
        assert_near(point.survival, 0.4092416245, 6e-11);
        assert_near(point.se.unwrap(), 0.0358236, 6e-8);
    }

    #[test]
    fn every_published_set_has_the_survival_errors_and_limits_of_r() {
        // R 4.2.2, survival 3.5-3: summary(survfit(Surv(time, status) ~ 1), times = ...), 12 digits.
        let veteran = [VETERAN_STANDARD, VETERAN_TEST].concat();
        let known: [(&[i32], f64, [f64; 4]); 8] = [
            (AML_MAINTAINED, 18.0, [0.715909090909, 0.1396649705572, 0.4884262874221, 1.0]),
            (AML_MAINTAINED, 48.0, [0.184090909091, 0.1534927457863, 0.0359178984892, 0.943525769475]),
            (FREIREICH_6MP, 10.0, [0.752941176471, 0.0963496529943, 0.585918982030, 0.967574754552]),
            (FREIREICH_6MP, 23.0, [0.448179271709, 0.1345914567558, 0.248788226818, 0.807372045529]),
            (LUNG, 90.0, [0.881578947368, 0.0213982196059, 0.8406211828565, 0.924532305744]),
            (LUNG, 700.0, [0.142391505655, 0.0303413106484, 0.0937792807208, 0.216202776635]),
            (&veteran, 50.0, [0.619332006193, 0.0415667375381, 0.542993663674, 0.706402596487]),
            (&veteran, 200.0, [0.205302843415, 0.0359971990187, 0.145595442200, 0.289495721001]),
        ];
        for (data, time, [survival, se, low, high]) in known {
            let point = log_curve(data).at(time).unwrap();
            assert_near(point.survival, survival, 6e-13);
            assert_near(point.se.unwrap(), se, 6e-13);
            assert_near(point.low.unwrap(), low, 6e-12);
            assert_near(point.high.unwrap(), high, 6e-12);
        }
    }

    #[test]
    fn veteran_survival_is_that_of_lifelines() {
        // lifelines 0.30.3, KaplanMeierFitter.predict
        let curve = log_curve(&[VETERAN_STANDARD, VETERAN_TEST].concat());
        for (day, survival) in [(50.0, 0.61933201), (100.0, 0.41799451), (200.0, 0.20530284)] {
            assert_near(curve.at(day).unwrap().survival, survival, 6e-9);
        }
    }

    #[test]
    fn without_censoring_the_curve_is_the_empirical_survival() {
        let curve = SurvivalCurve::new(&table(FREIREICH_CONTROL), 0.95, IntervalType::Plain);
        for point in curve.points() {
            let later = FREIREICH_CONTROL.iter().filter(|&&time| f64::from(time) > point.time).count() as f64;
            let share = later / 21.0;
            assert_near(point.survival, share, 1e-14);
            let binomial = (share * (1.0 - share) / 21.0).sqrt();
            assert_near(point.se.unwrap_or(0.0), binomial, 1e-14);
        }
        assert_eq!(curve.points().last().unwrap().survival, 0.0);
    }

    #[test]
    fn interval_types_differ_as_their_formulas_say() {
        let at_nine = |kind| {
            let point = SurvivalCurve::new(&table(AML_MAINTAINED), 0.95, kind).at(9.0).unwrap();
            (point.low.unwrap(), point.high.unwrap())
        };
        // S = 10/11, se(ln S) = √(1/110), by hand.
        let (s, spread) = (10.0_f64 / 11.0, 1.9599639845 * (1.0_f64 / 110.0).sqrt());
        assert_near(at_nine(IntervalType::Plain).0, s * (1.0 - spread), 1e-9);
        assert_near(at_nine(IntervalType::Log).0, s * (-spread).exp(), 1e-9);
        assert_near(at_nine(IntervalType::LogLog).0, s.powf((spread / -s.ln()).exp()), 1e-9);
        assert_near(at_nine(IntervalType::LogLog).1, s.powf((-spread / -s.ln()).exp()), 1e-9);
        assert_eq!((at_nine(IntervalType::Plain).1, at_nine(IntervalType::Log).1), (1.0, 1.0));
    }

    /// Survival at days 30, 60 and 90 if each day of each month brings that month's hazard.
    fn staged(hazards: [f64; 3]) -> [f64; 3] {
        let table = exponential_table(90, 1.0, 1, |day| vec![hazards[(day - 1) / 30]]);
        let curve = SurvivalCurve::new(&table, 0.95, IntervalType::Log);
        [30.0, 60.0, 90.0].map(|day| curve.at(day).unwrap().survival)
    }

    #[test]
    fn staged_hazards_add_up() {
        // Bound of this and the next test: 90 roundings of whole counts out of 1e15, and ten printed digits.
        let closed = [0.12, 0.42, 1.32].map(|cumulative: f64| (-cumulative).exp());
        for (survival, closed) in staged([0.004, 0.010, 0.030]).into_iter().zip(closed) {
            assert_near(survival, closed, 1e-12);
        }
    }

    #[test]
    fn staged_daily_chances_multiply() {
        let hazards = [0.004, 0.010, 0.030].map(|chance: f64| -libm::log1p(-chance));
        for (survival, product) in staged(hazards).into_iter().zip([0.8867070322, 0.6558975228, 0.2630195429]) {
            assert_near(survival, product, 6e-11);
        }
    }

    #[test]
    fn zero_hazard_censors_everything_and_the_curve_stays_at_one() {
        let curve = log_curve(&[-90, -90, -90]);
        let point = curve.at(90.0).unwrap();
        assert_eq!((point.survival, point.se, point.low, point.high), (1.0, Some(0.0), Some(1.0), Some(1.0)));
        assert_eq!(point.censored, 3);
    }

    #[test]
    fn the_curve_is_silent_beyond_its_data() {
        let curve = log_curve(&[3, -5]);
        assert_eq!(curve.at(2.9).unwrap().survival, 1.0);
        assert_eq!(curve.at(5.0).unwrap().survival, 0.5);
        assert_eq!((curve.at(5.1), curve.at(-1.0), curve.at(f64::NAN)), (None, None, None));
        assert_eq!(log_curve(&[3, 5]).at(99.0).unwrap().survival, 0.0);
        assert_eq!(log_curve(&[]).at(0.0), None);
    }

    #[test]
    fn an_impossible_level_leaves_the_intervals_out() {
        let curve = SurvivalCurve::new(&table(LUNG), 1.0, IntervalType::Log);
        assert_eq!(curve.at(365.0).unwrap().low, None);
        assert_eq!(curve.at(0.0).unwrap().low, None);
        assert!(curve.at(365.0).unwrap().se.is_some());
    }
}
