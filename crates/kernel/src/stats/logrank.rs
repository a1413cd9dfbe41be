//! The two-sample log-rank test.

use super::life_table::LifeTable;

/// Whether two survival curves differ by more than chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogRank {
    /// Events of the first sample.
    pub observed: u64,
    /// Events expected in the first sample if both had one hazard at each time.
    pub expected: f64,
    /// Hypergeometric variance of `observed - expected`.
    pub variance: f64,
    /// `(observed - expected)² / variance`: chi-square with one degree of freedom if both samples have one hazard.
    pub chi_square: f64,
    /// Probability of a chi-square as large or larger under one hazard.
    pub p: f64,
}

/// Compares the times to an event, of any cause, of two independent samples.
///
/// Not for scenarios that share random numbers: those are paired, and this test takes them for independent.
///
/// `None` when nothing can be compared: no event happened while both samples had somebody at risk.
///
/// # Source
/// Mantel (1966); Klein and Moeschberger, *Survival Analysis* (2nd ed., 2003), section 7.3. Agrees with `survdiff` of
/// R's survival 3.5 (`rho = 0`).
pub fn logrank(first: &LifeTable, second: &LifeTable) -> Option<LogRank> {
    let mut times: Vec<f64> = first.rows().iter().chain(second.rows()).map(|row| row.time).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let (mut in_first, mut in_second) = (Walk { table: first, next: 0 }, Walk { table: second, next: 0 });
    let (mut observed, mut expected, mut variance) = (0, 0.0, 0.0);
    for time in times {
        let ((n1, d1), (n2, d2)) = (in_first.step(time), in_second.step(time));
        observed += d1;
        let (n, d, n1, n2) = (n1 as f64 + n2 as f64, d1 as f64 + d2 as f64, n1 as f64, n2 as f64);
        expected += d * n1 / n;
        if n > 1.0 {
            variance += (n1 / n) * (n2 / n) * d * (n - d) / (n - 1.0);
        }
    }
    let chi_square = (variance > 0.0).then(|| (observed as f64 - expected).powi(2) / variance)?;
    // The upper tail of chi-square with one degree of freedom.
    let p = libm::erfc((chi_square / 2.0).sqrt());
    Some(LogRank { observed, expected, variance, chi_square, p })
}

/// A place in a table, moved on through rising times.
struct Walk<'a> {
    table: &'a LifeTable,
    next: usize,
}

impl Walk<'_> {
    /// Those at risk and the events at `time`, which must not fall from call to call nor pass over a row.
    fn step(&mut self, time: f64) -> (u64, u64) {
        match self.table.rows().get(self.next) {
            None => (0, 0),
            Some(row) if row.time > time => (row.at_risk, 0),
            Some(row) => {
                self.next += 1;
                (row.at_risk, row.events_all())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testdata::{
        AML_CONTROL, AML_MAINTAINED, FREIREICH_6MP, FREIREICH_CONTROL, LUNG_WOMEN, VETERAN_STANDARD, VETERAN_TEST,
        assert_near, lung_men, table,
    };

    fn compare(first: &[i32], second: &[i32]) -> LogRank {
        logrank(&table(first), &table(second)).unwrap()
    }

    #[test]
    fn published_comparisons_are_those_of_r() {
        let aml = compare(AML_MAINTAINED, AML_CONTROL);
        assert_near(aml.chi_square, 3.396388699, 6e-10);
        assert_near(aml.p, 0.0653393, 6e-8);
        let freireich = compare(FREIREICH_CONTROL, FREIREICH_6MP);
        assert_near(freireich.chi_square, 16.79294099, 6e-9);
        assert_near(freireich.p, 4.1688e-5, 6e-10);
    }

    #[test]
    fn men_and_women_of_lung_compare_as_r_has_it() {
        // R 4.2.2, survival 3.5-3: survdiff(Surv(time, status) ~ sex, data = lung)
        let lung = compare(&lung_men(), LUNG_WOMEN);
        assert_eq!(lung.observed, 112);
        assert_near(lung.expected, 91.5817390296, 6e-11);
        assert_near(lung.variance, 40.3714339796, 6e-11);
        assert_near(lung.chi_square, 10.3267419548856, 6e-12);
        assert_near(lung.p, 0.00131116452036, 6e-15);
    }

    #[test]
    fn expected_events_are_those_of_r() {
        // R 4.2.2, survival 3.5-3: survdiff(...)$exp
        for (first, second, expected) in [
            (AML_MAINTAINED, AML_CONTROL, 10.6893359923),
            (FREIREICH_CONTROL, FREIREICH_6MP, 10.749499052),
            (VETERAN_STANDARD, VETERAN_TEST, 64.5001966636),
        ] {
            assert_near(compare(first, second).expected, expected, 6e-10);
        }
    }

    #[test]
    fn veteran_arms_compare_as_lifelines_has_it() {
        // lifelines 0.30.3, logrank_test
        let veteran = compare(VETERAN_STANDARD, VETERAN_TEST);
        assert_near(veteran.chi_square, 0.008227343202350305, 6e-13);
        assert_near(veteran.p, 0.9277272333400758, 6e-13);
    }

    #[test]
    fn tiny_samples_compare_as_those_of_r() {
        let cases = [
            (compare(&[10, 20, 30], &[10, 20, 50]), 0.254237, 0.614107),
            (compare(&[10, -20, 30], &[10, -20, 50]), 0.384615, 0.535143),
        ];
        for (test, chi_square, p) in cases {
            assert_near(test.chi_square, chi_square, 6e-7);
            assert_near(test.p, p, 6e-7);
        }
    }

    #[test]
    fn a_sample_does_not_differ_from_itself_and_order_does_not_matter() {
        let same = compare(AML_CONTROL, AML_CONTROL);
        assert_eq!((same.chi_square, same.p), (0.0, 1.0));
        let (ab, ba) = (compare(AML_CONTROL, AML_MAINTAINED), compare(AML_MAINTAINED, AML_CONTROL));
        assert_near(ab.chi_square, ba.chi_square, 1e-12);
        assert_near(ab.observed as f64 + ba.observed as f64, ab.expected + ba.expected, 1e-12);
    }

    #[test]
    fn nothing_to_compare_is_none() {
        assert_eq!(logrank(&table(&[-5, -9]), &table(&[-7])), None);
        assert_eq!(logrank(&table(&[5, 9]), &table(&[])), None);
        assert_eq!(logrank(&table(&[-1]), &table(&[5, 9])), None);
    }
}
