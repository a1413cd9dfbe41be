//! PRIM against an independent program, and against labels that mean nothing.

use brownout_methods::discovery::prim::{Options, Step, balanced, trajectory};
use brownout_methods::discovery::{Cases, Counts, FactorKind};
use brownout_methods::words::{Purpose, shuffled};

use crate::common::{Keyed, near};

const PLAIN: Options = Options { peel: 0.05, mass: 0.05, paste: false };

/// The van der Corput sequence: the digits of `i` mirrored at the point.
fn van_der_corput(base: u32, i: u32) -> f64 {
    let (mut rest, mut scale, mut value) = (i, 1.0, 0.0);
    while rest > 0 {
        scale /= f64::from(base);
        value += scale * f64::from(rest % base);
        rest /= base;
    }
    value
}

fn columns() -> Vec<Vec<f64>> {
    [2, 3, 5, 7, 11].map(|base| (1..=1000).map(|i| van_der_corput(base, i)).collect()).to_vec()
}

fn labels(columns: &[Vec<f64>]) -> Vec<bool> {
    let [a, b, c, ..] = columns else { panic!("too few columns") };
    (0..1000).map(|i| a[i] > 0.6 && b[i] < 0.5 || c[i] > 0.95).collect()
}

fn cases(labels: Vec<bool>) -> Cases {
    Cases::new(columns().into_iter().map(|column| (FactorKind::Ordered, column)).collect(), labels).unwrap()
}

#[test]
fn the_peeling_is_that_of_an_independent_program() {
    let cases = cases(labels(&columns()));
    assert_eq!(cases.of_interest(), 239);
    let steps = trajectory(&cases, PLAIN).unwrap().unwrap();
    let at = |step: usize| (steps[step].counts.n, steps[step].counts.k);
    assert_eq!(
        [5, 10, 15, 20, 25, 30, 32].map(at),
        [(772, 231), (595, 221), (458, 211), (353, 206), (271, 202), (208, 199), (187, 187)]
    );
    assert_eq!(steps.len(), 33);
    let limits = &steps[32].limits;
    assert_eq!(limits.restricted(), [0, 1]);
    assert!(near(limits.0[0].low, 0.61084, 5e-6) && near(limits.0[1].high, 0.482853, 5e-7), "{limits:?}");
    assert_eq!(limits.rule(&["a", "b", "c", "d", "e"]), "a >= 0.6108 and b <= 0.4829");
}

#[test]
fn pasting_never_thins_a_box() {
    let cases = cases(labels(&columns()));
    let peeled = trajectory(&cases, PLAIN).unwrap().unwrap();
    let pasted = trajectory(&cases, Options { paste: true, ..PLAIN }).unwrap().unwrap();
    assert_eq!(peeled, pasted[..peeled.len()]);
    for pair in pasted[peeled.len() - 1..].windows(2) {
        assert!(pair[1].counts.n > pair[0].counts.n && pair[1].density > pair[0].density);
    }
}

#[test]
fn the_held_out_half_confirms_a_true_box() {
    let (searched, held) = cases(labels(&columns())).split(&Keyed(1), 0.5).unwrap();
    let steps = trajectory(&searched, PLAIN).unwrap().unwrap();
    let best = balanced(&steps).unwrap();
    let fresh = held.within(&best.limits);
    assert!(fresh.density().unwrap() > 0.9 && fresh.coverage(held.of_interest()).unwrap() > 0.75, "{fresh:?}");
}

/// Seeds 0 to 59; n 60 samples of 1,000 points of 15 factors of which a tenth is marked by chance, a half held out. The held-out
/// density is binomial about the base rate: the sum over all samples must lie within 3.9 standard errors (alpha 1e-4). Wrong
/// would be to judge a box by the half that found it: there it is about four times as dense.
#[test]
fn a_box_in_shuffled_labels_is_dense_only_where_it_was_found() {
    let samples = 60;
    let (mut shown, mut fresh, mut rate) = (0.0, Counts { n: 0, k: 0 }, 0.0);
    for seed in 0..samples {
        let order = |factor: u64| shuffled(&Keyed(seed), Purpose::CellOrder, [factor, 0], 1000);
        let column = |factor| (FactorKind::Ordered, order(factor).into_iter().map(|rank| rank as f64).collect());
        let all = Cases::new((0..15).map(column).collect(), (0..1000).map(|i| i % 10 == 0).collect()).unwrap();
        let (searched, held) = all.split(&Keyed(seed), 0.5).unwrap();
        let steps = trajectory(&searched, PLAIN).unwrap().unwrap();
        let Step { density, limits, .. } = steps.last().unwrap();
        shown += density / searched.base_rate() / samples as f64;
        let counts = held.within(limits);
        fresh = Counts { n: fresh.n + counts.n, k: fresh.k + counts.k };
        rate += held.base_rate() / samples as f64;
    }
    let error = (rate * (1.0 - rate) / fresh.n as f64).sqrt();
    assert!((3.0..5.0).contains(&shown), "{shown} times the base rate where it was found");
    assert!(near(fresh.density().unwrap(), rate, 3.9 * error), "{fresh:?} at a base rate of {rate}");
}
