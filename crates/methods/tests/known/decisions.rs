//! Robustness: the decision table, and what cross-fitting takes away.

use brownout_methods::robust::{Criterion, Direction, Outcomes, judge, ranking_matrix, table};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::common::{near, normal};

const TABLE: [[f64; 3]; 3] = [[3.0, 9.0, 2.0], [5.0, 5.0, 5.0], [8.0, 4.0, 1.0]];

fn rows() -> Vec<Vec<f64>> {
    TABLE.map(|row| row.to_vec()).to_vec()
}

#[test]
fn the_decision_table_has_its_answers() {
    let regrets = table::regret(&rows());
    assert_eq!(regrets.iter().map(|row| table::greatest(row)).collect::<Vec<_>>(), [5.0, 4.0, 5.0]);
    assert_eq!(rows().iter().map(|row| table::greatest(row)).collect::<Vec<_>>(), [9.0, 5.0, 8.0]);
}

#[test]
fn without_noise_cross_fitting_gives_the_decision_table() {
    let values = rows().into_iter().map(|row| row.into_iter().map(|value| vec![value; 4]).collect()).collect();
    let outcomes = Outcomes::new(values, Direction::Less).unwrap();
    let of = |criterion| judge(&outcomes, criterion, 0.95).unwrap();
    let values = |criterion| of(criterion).iter().map(|judged| judged.value).collect::<Vec<f64>>();
    let ranks = |criterion| of(criterion).iter().map(|judged| judged.rank).collect::<Vec<usize>>();
    assert_eq!(values(Criterion::GreatestRegret), [5.0, 4.0, 5.0]);
    assert_eq!(values(Criterion::Worst(0.05)), [9.0, 5.0, 8.0]);
    let mean = values(Criterion::Mean);
    assert!(near(mean[0], 4.667, 5e-4) && mean[1] == 5.0 && near(mean[2], 4.333, 5e-4), "{mean:?}");
    let thirds = |criterion, expected: [f64; 3]| {
        let found = values(criterion);
        assert!(found.iter().zip(expected).all(|(found, third)| near(*found, third / 3.0, 1e-15)), "{found:?}");
    };
    thirds(Criterion::MeanRegret, [6.0, 7.0, 5.0]);
    thirds(Criterion::Satisfice(5.0), [2.0, 3.0, 2.0]);
    thirds(Criterion::ChanceBest, [1.0, 0.0, 2.0]);
    assert_eq!(ranks(Criterion::GreatestRegret), [2, 1, 3]);
    assert_eq!(ranks(Criterion::Mean), [2, 3, 1]);
    assert_eq!(ranks(Criterion::ChanceBest), [2, 3, 1]);
}

/// Seed 1; n 2,000 futures of 5 equal schedules with 8 replications. Cross-fitted regrets are 0 within 3.9 standard errors
/// (alpha 1e-4). Wrong would be the plain table: there each schedule regrets 1.163 standard errors of a mean, 0.411.
#[test]
fn equal_schedules_are_not_regretted() {
    let mut generator = ChaCha8Rng::seed_from_u64(1);
    let mut future = |_| (0..8).map(|_| normal(&mut generator)).collect::<Vec<f64>>();
    let values: Vec<Vec<Vec<f64>>> = (0..5).map(|_| (0..2000).map(&mut future).collect()).collect();
    let means: Vec<Vec<f64>> =
        values.iter().map(|row| row.iter().map(|values| values.iter().sum::<f64>() / 8.0).collect()).collect();
    let plain = table::regret(&means)[0].iter().sum::<f64>() / 2000.0;
    assert!(near(plain, 0.411, 0.04), "{plain}");
    let outcomes = Outcomes::new(values, Direction::Less).unwrap();
    for judged in judge(&outcomes, Criterion::MeanRegret, 0.9999).unwrap() {
        assert!(judged.interval.unwrap().holds(0.0), "{judged:?}");
    }
    for judged in judge(&outcomes, Criterion::Worst(0.05), 0.9999).unwrap() {
        assert!(judged.interval.unwrap().holds(0.0), "{judged:?}");
    }
    for judged in judge(&outcomes, Criterion::ChanceBest, 0.9999).unwrap() {
        assert!(judged.interval.unwrap().holds(0.2), "{judged:?}");
    }
    // One future in twenty seems to tell the schedules apart, half of them each way.
    for pair in ranking_matrix(&outcomes, 0.95).unwrap() {
        assert!(near(pair.cannot_be_told.value, 0.95, 0.02), "{pair:?}");
        assert!(pair.better.holds(0.025) || near(pair.better.value, 0.025, 0.014), "{pair:?}");
    }
}
