//! The band of a survival curve whose people come in clusters: families, or the servers of a tenant.

use super::interval::t_quantile;
use super::survival::SurvivalCurve;

/// What happened in one cluster at the times of a common grid, in rising order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterCounts {
    /// Events of any cause at each time.
    pub events: Vec<u64>,
    /// Censorings at each time, after its events.
    pub censored: Vec<u64>,
}

/// Standard errors of the logarithm of survival at the times of a grid, from the differences between independent clusters.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusteredErrors {
    by_time: Vec<Option<f64>>,
    clusters: usize,
}

impl ClusterCounts {
    fn leaving(&self, time: usize) -> u64 {
        self.events[time] + self.censored[time]
    }
}

impl ClusteredErrors {
    /// The errors of the curve of all clusters together.
    ///
    /// A cluster `b` with `d_b` events among `Y_b` at risk moves `ln S` by `-sum (d_b - Y_b d / Y) / (Y - d)` over the times so
    /// far (the infinitesimal jackknife). The variance is the sum of squares over the clusters, times `B / (B - 1)`. Within a
    /// cluster anything may depend on anything. `None` from where nobody is left, and everywhere for fewer than two clusters.
    ///
    /// - `clusters`: all with counts of one length.
    ///
    /// # Source
    /// Efron, *The Jackknife, the Bootstrap and Other Resampling Plans* (1982), chapter 6; Ying and Wei, "The Kaplan-Meier
    /// estimate for dependent failure time observations", *Journal of Multivariate Analysis* 50 (1994); `survfit` of R's
    /// survival with `cluster` and `robust`.
    pub fn new(clusters: &[ClusterCounts]) -> Self {
        let times = clusters.first().map_or(0, |cluster| cluster.events.len());
        let total = |cluster: &ClusterCounts| (0..times).map(|time| cluster.leaving(time)).sum::<u64>() as f64;
        let mut at_risk: Vec<f64> = clusters.iter().map(total).collect();
        let mut moved = vec![0.0; clusters.len()];
        let scale = clusters.len() as f64 / (clusters.len() as f64 - 1.0);
        let error = |time: usize| {
            let all: f64 = at_risk.iter().sum();
            let events: f64 = clusters.iter().map(|cluster| cluster.events[time] as f64).sum();
            let left = all - events;
            for ((moved, at_risk), cluster) in moved.iter_mut().zip(&mut at_risk).zip(clusters) {
                if events > 0.0 && left > 0.0 {
                    *moved -= (cluster.events[time] as f64 - *at_risk * events / all) / left;
                }
                *at_risk -= cluster.leaving(time) as f64;
            }
            let squares: f64 = moved.iter().map(|moved| moved * moved).sum();
            (left > 0.0 && clusters.len() > 1).then(|| (scale * squares).sqrt())
        };
        ClusteredErrors { by_time: (0..times).map(error).collect(), clusters: clusters.len() }
    }

    /// A curve with these errors in place of its own, and intervals by Student's t with one degree of freedom less than there are
    /// clusters.
    ///
    /// - `curve`: the curve of all clusters together; its times may be finer than the grid.
    /// - `index`: where in the grid a time of the curve lies.
    pub fn band(&self, curve: SurvivalCurve, index: impl Fn(f64) -> usize) -> SurvivalCurve {
        let t = t_quantile(0.5 + curve.level() / 2.0, self.clusters as f64 - 1.0);
        curve.with_errors(t, |time| self.by_time.get(index(time)).copied().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testdata::{assert_near, uniforms};
    use crate::stats::{IntervalType, LifeTable};

    /// People with daily hazard 0.1 and censoring hazard 0.05, `size` to a cluster; in a cluster all share one fate or none does.
    fn clusters(count: usize, size: usize, shared: bool) -> Vec<ClusterCounts> {
        let mut draws = uniforms(5);
        let cluster = |_| {
            let mut counts = ClusterCounts { events: vec![0; 40], censored: vec![0; 40] };
            let mut fate = (0, true);
            for person in 0..size {
                if person == 0 || !shared {
                    let mut day = |hazard: f64| ((-draws.next().unwrap().ln() / hazard) as usize).min(39);
                    let (event, censoring) = (day(0.1), day(0.05));
                    fate = (event.min(censoring), event <= censoring && event < 39);
                }
                let column = if fate.1 { &mut counts.events } else { &mut counts.censored };
                column[fate.0] += 1;
            }
            counts
        };
        (0..count).map(cluster).collect()
    }

    fn curve(clusters: &[ClusterCounts]) -> SurvivalCurve {
        let sum =
            |column: fn(&ClusterCounts) -> &Vec<u64>, day: usize| clusters.iter().map(|c| column(c)[day]).sum::<u64>();
        let rows: Vec<_> = (0..40).map(|day| ([sum(|c| &c.events, day)], sum(|c| &c.censored, day))).collect();
        let rows = rows.iter().enumerate().map(|(day, (events, censored))| (day as f64, events.as_slice(), *censored));
        SurvivalCurve::new(&LifeTable::from_counts(1, rows).unwrap(), 0.95, IntervalType::Log)
    }

    #[test]
    fn one_person_to_a_cluster_has_greenwoods_error() {
        // Without ties beyond days the two agree to first order; with n persons to 1/n.
        let clusters = clusters(4_000, 1, false);
        let (errors, curve) = (ClusteredErrors::new(&clusters), curve(&clusters));
        for day in [0, 5, 10, 20] {
            let point = curve.at(day as f64).unwrap();
            let greenwood = point.se.unwrap() / point.survival;
            assert_near(errors.by_time[day].unwrap() / greenwood, 1.0, 0.01);
        }
    }

    #[test]
    fn a_shared_fate_widens_the_error_by_the_root_of_the_size() {
        let (shared, alone) = (clusters(500, 9, true), clusters(500, 1, true));
        let (shared, alone) = (ClusteredErrors::new(&shared), ClusteredErrors::new(&alone));
        for day in 0..20 {
            assert_near(shared.by_time[day].unwrap(), alone.by_time[day].unwrap(), 1e-12);
        }
    }

    #[test]
    fn a_single_cluster_has_no_error() {
        let one = ClusteredErrors::new(&clusters(1, 50, false));
        assert!(one.by_time.iter().all(Option::is_none));
        assert_eq!(ClusteredErrors::new(&[]).by_time, []);
    }

    #[test]
    fn where_nobody_is_left_there_is_no_error() {
        let cluster = |events: [u64; 3]| ClusterCounts { events: events.to_vec(), censored: vec![0; 3] };
        let errors = ClusteredErrors::new(&[cluster([1, 1, 2]), cluster([0, 1, 1])]);
        // Day 0: one of four against none of two. d/Y = 1/6, Y - d = 5: -(1 - 4/6)/5 and -(0 - 2/6)/5, squares 2/225, times 2.
        assert_near(errors.by_time[0].unwrap(), (2.0 * 2.0 / 225.0f64).sqrt(), 1e-15);
        assert_eq!(errors.by_time[2], None);
    }
}
