//! Criteria of robustness, cross-fitted: what is chosen on one half of the replications is measured on the other.

use super::{Direction, Outcomes, table};
use crate::interval::{Interval, mean_interval, share_interval};

/// A criterion by which schedules are judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Criterion {
    /// Mean outcome over futures.
    Mean,
    /// Mean outcome over the worst share of futures, such as 0.05.
    Worst(f64),
    /// Mean regret over futures: how much better the best schedule of each future would have been.
    MeanRegret,
    /// Regret in the future in which it is greatest.
    GreatestRegret,
    /// Share of futures in which the outcome keeps to a limit: at most where less is wished, at least where more is.
    Satisfice(f64),
    /// Share of futures in which the schedule is the best one.
    ChanceBest,
}

/// Why a criterion cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum CriterionError {
    /// The share of the worst futures.
    #[error("the worst {share} of the futures is no share; it must be above 0 and at most 1")]
    Share {
        /// What was asked for.
        share: f64,
    },
    /// The limit.
    #[error("{limit} is no limit; it must be a finite number")]
    Limit {
        /// What was asked for.
        limit: f64,
    },
    /// The confidence.
    #[error("{level} is no level of confidence; it must lie above 0 and below 1")]
    Level {
        /// What was asked for.
        level: f64,
    },
}

/// What a criterion says of one schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The criterion's value, in the unit and direction of the outcome; regrets are losses of at least about 0.
    pub value: f64,
    /// Its interval over futures; `None` where one extreme future, or the only one, decides.
    pub interval: Option<Interval>,
    /// 1 for the schedule that the criterion prefers; equals go by their index.
    pub rank: usize,
}

/// Judges all schedules by a criterion.
///
/// Futures count as independent draws; from a low-discrepancy sample the intervals are wider than need be. Regrets may come out
/// a little below 0 where noise chose the wrong schedule as best: that is what makes their mean unbiased.
///
/// # Errors
/// [`CriterionError`] for a share, limit or level outside its range.
pub fn judge(outcomes: &Outcomes, criterion: Criterion, level: f64) -> Result<Vec<Judged>, CriterionError> {
    match criterion {
        Criterion::Worst(share) if !(share > 0.0 && share <= 1.0) => return Err(CriterionError::Share { share }),
        Criterion::Satisfice(limit) if !limit.is_finite() => return Err(CriterionError::Limit { limit }),
        _ if !(level > 0.0 && level < 1.0) => return Err(CriterionError::Level { level }),
        _ => {}
    }
    let spreads: Vec<PerFuture> = match criterion {
        Criterion::Satisfice(limit) => satisficing(outcomes, limit),
        Criterion::Mean => outcomes.whole().into_iter().map(PerFuture::Futures).collect(),
        _ => {
            let (a, b) = (outcomes.half(false), outcomes.half(true));
            let sides = [(&a, &b), (&b, &a)].map(|(chosen, measured)| crossed(chosen, measured, criterion));
            let [one, other] = sides;
            one.into_iter().zip(other).map(|(one, other)| one.averaged(other)).collect()
        }
    };
    Ok(ranked(spreads, criterion, outcomes.wish, level))
}

/// What a criterion says, future by future where it is a mean over futures.
enum PerFuture {
    /// One value for each future; the criterion is their mean.
    Futures(Vec<f64>),
    /// For each future how far it counts as a success; the criterion is their share.
    Successes(Vec<f64>),
    /// One number that one future decides.
    Single(f64),
}

impl PerFuture {
    fn averaged(self, other: Self) -> Self {
        let average = |a: Vec<f64>, b: Vec<f64>| a.into_iter().zip(b).map(|(a, b)| (a + b) / 2.0).collect();
        match (self, other) {
            (PerFuture::Futures(a), PerFuture::Futures(b)) => PerFuture::Futures(average(a, b)),
            (PerFuture::Successes(a), PerFuture::Successes(b)) => PerFuture::Successes(average(a, b)),
            (PerFuture::Single(a), PerFuture::Single(b)) => PerFuture::Single((a + b) / 2.0),
            (one, _) => one,
        }
    }

    fn values(&self) -> &[f64] {
        match self {
            PerFuture::Futures(values) | PerFuture::Successes(values) => values,
            PerFuture::Single(value) => std::slice::from_ref(value),
        }
    }

    fn interval(&self, level: f64) -> Option<Interval> {
        match self {
            PerFuture::Futures(values) => mean_interval(values, level),
            // Halves of successes are rounded to whole ones for the width alone.
            PerFuture::Successes(values) => {
                let sum = values.iter().sum::<f64>();
                let wilson = share_interval(libm::floor(sum + 0.5) as usize, values.len(), level)?;
                Some(Interval { value: sum / values.len() as f64, ..wilson })
            }
            PerFuture::Single(_) => None,
        }
    }
}

/// One half chooses, the other measures.
fn crossed(chosen: &[Vec<f64>], measured: &[Vec<f64>], criterion: Criterion) -> Vec<PerFuture> {
    let futures = chosen[0].len();
    let best: Vec<usize> = (0..futures).map(|future| table::best(chosen, future)).collect();
    let regret =
        |losses: &[Vec<f64>], schedule: usize, future: usize| losses[schedule][future] - losses[best[future]][future];
    let of = |schedule: usize| match criterion {
        Criterion::MeanRegret => {
            PerFuture::Futures((0..futures).map(|future| regret(measured, schedule, future)).collect())
        }
        Criterion::GreatestRegret => {
            let shown: Vec<f64> = (0..futures).map(|future| regret(chosen, schedule, future)).collect();
            PerFuture::Single(regret(measured, schedule, table::worst_futures(&shown, 0.0)[0]))
        }
        Criterion::Worst(share) => PerFuture::Futures(worst(&chosen[schedule], &measured[schedule], share)),
        Criterion::ChanceBest => {
            PerFuture::Successes(best.iter().map(|&best| if best == schedule { 1.0 } else { 0.0 }).collect())
        }
        Criterion::Mean | Criterion::Satisfice(_) => PerFuture::Futures(measured[schedule].clone()),
    };
    (0..chosen.len()).map(of).collect()
}

/// One value for each future whose mean is the mean measured loss of the futures that were worst on the choosing half.
///
/// With `q` the least loss of these, a future counts `q + (loss - q) F / w` if it is one of the `w` worst of `F`, else `q`: the
/// influence of each future on the mean of the worst, whose spread gives the interval.
fn worst(chosen: &[f64], measured: &[f64], share: f64) -> Vec<f64> {
    let futures = table::worst_futures(chosen, share);
    let edge = futures.last().map_or(0.0, |&future| chosen[future]);
    let weight = chosen.len() as f64 / futures.len() as f64;
    let mut values = vec![edge; chosen.len()];
    for future in futures {
        values[future] = edge + (measured[future] - edge) * weight;
    }
    values
}

/// A limit is kept or not: nothing is chosen, so all replications measure.
fn satisficing(outcomes: &Outcomes, limit: f64) -> Vec<PerFuture> {
    let limit = if outcomes.wish == Direction::Less { limit } else { -limit };
    let kept = |loss: &f64| if *loss <= limit { 1.0 } else { 0.0 };
    outcomes.whole().iter().map(|row| PerFuture::Successes(row.iter().map(kept).collect())).collect()
}

fn ranked(spreads: Vec<PerFuture>, criterion: Criterion, wish: Direction, level: f64) -> Vec<Judged> {
    let is_share = matches!(criterion, Criterion::Satisfice(_) | Criterion::ChanceBest);
    let values: Vec<f64> = spreads.iter().map(|spread| crate::interval::mean(spread.values()).unwrap_or(0.0)).collect();
    let mut order: Vec<usize> = (0..values.len()).collect();
    let cost = |at: usize| if is_share { -values[at] } else { values[at] };
    order.sort_by(|&a, &b| cost(a).total_cmp(&cost(b)).then(a.cmp(&b)));
    // Means of what more is wished of are told as they were given; shares and regrets have a direction of their own.
    let turned = wish == Direction::More && matches!(criterion, Criterion::Mean | Criterion::Worst(_));
    let judged = |(at, spread): (usize, &PerFuture)| {
        let rank = 1 + order.iter().position(|&other| other == at).unwrap_or(at);
        let interval = spread.interval(level);
        if turned {
            let interval = interval.map(|i| Interval { value: -i.value, low: -i.high, high: -i.low });
            return Judged { value: -values[at], interval, rank };
        }
        Judged { value: values[at], interval, rank }
    };
    spreads.iter().enumerate().map(judged).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each future twice, without noise.
    fn doubled(table: &[[f64; 3]], wish: Direction) -> Outcomes {
        let row = |row: &[f64; 3]| row.iter().map(|&value| vec![value; 2]).collect();
        Outcomes::new(table.iter().map(row).collect(), wish).unwrap()
    }

    fn values(outcomes: &Outcomes, criterion: Criterion) -> Vec<f64> {
        judge(outcomes, criterion, 0.95).unwrap().iter().map(|judged| judged.value).collect()
    }

    #[test]
    fn where_more_is_wished_everything_is_mirrored() {
        let outcomes = doubled(&[[3.0, 9.0, 2.0], [5.0, 5.0, 5.0]], Direction::More);
        assert_eq!(values(&outcomes, Criterion::Worst(0.3)), [2.0, 5.0]);
        assert_eq!(values(&outcomes, Criterion::GreatestRegret), [3.0, 4.0]);
        assert_eq!(values(&outcomes, Criterion::Satisfice(5.0)), [1.0 / 3.0, 1.0]);
        let ranks: Vec<usize> =
            judge(&outcomes, Criterion::Satisfice(5.0), 0.95).unwrap().iter().map(|judged| judged.rank).collect();
        assert_eq!(ranks, [2, 1]);
    }

    #[test]
    fn an_extreme_future_has_no_interval_and_a_share_has_wilson_s() {
        let outcomes = doubled(&[[3.0, 9.0, 2.0], [5.0, 5.0, 5.0]], Direction::Less);
        assert_eq!(judge(&outcomes, Criterion::GreatestRegret, 0.95).unwrap()[0].interval, None);
        let chance = judge(&outcomes, Criterion::ChanceBest, 0.95).unwrap();
        assert_eq!(chance[0].interval, share_interval(2, 3, 0.95));
        let mean = judge(&outcomes, Criterion::Mean, 0.95).unwrap();
        assert_eq!(mean[1].interval, Some(Interval { value: 5.0, low: 5.0, high: 5.0 }));
    }

    #[test]
    fn what_is_no_criterion_is_refused() {
        let outcomes = doubled(&[[1.0, 2.0, 3.0]], Direction::Less);
        let refused = |criterion, level| judge(&outcomes, criterion, level).unwrap_err();
        assert_eq!(refused(Criterion::Worst(0.0), 0.95), CriterionError::Share { share: 0.0 });
        assert_eq!(refused(Criterion::Mean, 1.0), CriterionError::Level { level: 1.0 });
        let infinite = Criterion::Satisfice(f64::INFINITY);
        assert_eq!(refused(infinite, 0.95), CriterionError::Limit { limit: f64::INFINITY });
    }
}
