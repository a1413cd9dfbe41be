//! The samplers at addressed words against their distribution functions.

use brownout::draws::{
    DrawSource, Purpose, Spread, TenantId, attempt_index, exponential, group_key, normal_quantile, picks,
};
use statrs::distribution::{Beta, ContinuousCDF, Exp, LogNormal, Normal, Uniform};

use super::{deviation, z_limit};

/// Numbers of one sample; seed 4711, replication 3, group "ks".
const N: usize = 400_000;
const ALPHA: f64 = 1e-6;

/// Uniform numbers at addresses spread over tenants, servers, rounds and attempts, as a life reads them.
fn uniforms(purpose: Purpose) -> Vec<f64> {
    let source = DrawSource::new(4711, 3);
    let key = group_key("ks");
    let each = |i: usize| {
        let mut draws = source.tenant(TenantId::new(key, (i / 8) as u32));
        draws.unit((i / 4 % 2) as u32, purpose, attempt_index((i / 2 % 2) as u32, (i % 2) as u32))
    };
    (0..N).map(each).collect()
}

/// The Kolmogorov-Smirnov distance of a sample from a distribution function.
pub(super) fn distance(mut sample: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
    sample.sort_by(f64::total_cmp);
    let n = sample.len() as f64;
    let gap = |(i, &x): (usize, &f64)| (cdf(x) - i as f64 / n).abs().max((cdf(x) - (i + 1) as f64 / n).abs());
    sample.iter().enumerate().map(gap).fold(0.0, f64::max)
}

/// The distance that a right sample of `n` exceeds with probability at most alpha: P(D > d) <= 2 exp(-2 n d^2), Massart (1990).
pub(super) fn limit_of(n: usize) -> f64 {
    ((2.0 / ALPHA).ln() / (2.0 * n as f64)).sqrt()
}

fn limit() -> f64 {
    limit_of(N)
}

#[test]
fn words_at_addresses_are_uniform_for_every_purpose() {
    // seed 4711, n 400,000; 16 purposes, and the limit is for one, so alpha is 1.6e-5 for the test.
    let uniform = Uniform::new(0.0, 1.0).unwrap();
    let purposes = [
        Purpose::Build,
        Purpose::MailVolume,
        Purpose::Detection,
        Purpose::PatchThreshold,
        Purpose::UpgradeThreshold,
        Purpose::LeaveThreshold,
        Purpose::LeadTime,
        Purpose::AttemptFails,
        Purpose::RetryDelay,
        Purpose::ServerCount,
        Purpose::Diligence,
        Purpose::NeverActs,
        Purpose::PauseBehaviour,
        Purpose::Gap,
        Purpose::ObservesFreeze,
        Purpose::HoldsEsu,
    ];
    for purpose in purposes {
        let found = distance(uniforms(purpose), |x| uniform.cdf(x));
        assert!(found < limit(), "{purpose:?}: {found} of {}", limit());
    }
    // Deliberately wrong: a word whose lowest hundredth is folded onto the highest.
    let folded = uniforms(Purpose::Build).into_iter().map(|u| if u < 0.01 { 1.0 - u } else { u }).collect();
    assert!(distance(folded, |x| uniform.cdf(x)) > limit());
}

#[test]
fn thresholds_are_unit_exponential() {
    // seed 4711, n 400,000, alpha 1e-6, Massart's limit.
    let exp = Exp::new(1.0).unwrap();
    let found = distance(uniforms(Purpose::PatchThreshold).into_iter().map(exponential).collect(), |x| exp.cdf(x));
    assert!(found < limit(), "{found}");
    // Deliberately wrong: a rate 2 % too high.
    let wrong = uniforms(Purpose::PatchThreshold).into_iter().map(|u| exponential(u) / 1.02).collect();
    assert!(distance(wrong, |x| exp.cdf(x)) > limit());
}

#[test]
fn normals_are_standard_normal() {
    // seed 4711, n 400,000, alpha 1e-6, Massart's limit.
    let normal = Normal::new(0.0, 1.0).unwrap();
    let found = distance(uniforms(Purpose::Diligence).into_iter().map(normal_quantile).collect(), |x| normal.cdf(x));
    assert!(found < limit(), "{found}");
    // Deliberately wrong: the sum of three uniform numbers with the right mean and variance.
    let parts = [Purpose::Build, Purpose::Gap, Purpose::LeadTime].map(uniforms);
    let wrong = (0..N).map(|i| 2.0 * (parts.iter().map(|part| part[i]).sum::<f64>() - 1.5)).collect();
    assert!(distance(wrong, |x| normal.cdf(x)) > limit());
}

#[test]
fn lognormal_delays_have_the_stated_median_and_sigma() {
    // seed 4711, n 400,000, alpha 1e-6, Massart's limit.
    let spread = Spread::LogNormal { median: 14.0, sigma: 0.8 };
    let law = LogNormal::new(14f64.ln(), 0.8).unwrap();
    let found = distance(uniforms(Purpose::LeadTime).into_iter().map(|u| spread.quantile(u)).collect(), |x| law.cdf(x));
    assert!(found < limit(), "{found}");
    // Deliberately wrong: the median read as a mean.
    let wrong = LogNormal::new(14f64.ln() - 0.32, 0.8).unwrap();
    let found =
        distance(uniforms(Purpose::LeadTime).into_iter().map(|u| spread.quantile(u)).collect(), |x| wrong.cdf(x));
    assert!(found > limit());
}

/// Beta-PERT's law between `min` and `max`, scaled to them: Beta(1 + k (mode - min) / range, 1 + k (max - mode) / range).
fn pert_cdf(min: f64, mode: f64, max: f64, shape: f64) -> impl Fn(f64) -> f64 {
    let range = max - min;
    let law = Beta::new(1.0 + shape * (mode - min) / range, 1.0 + shape * (max - mode) / range).unwrap();
    move |x| law.cdf((x - min) / range)
}

#[test]
fn pert_delays_follow_the_beta_law_of_their_bounds_and_mode() {
    // seed 4711, n 100,000 for each of 5 shapes, alpha 1e-6 each (5e-6 for the test), Massart's limit. The laws are those of
    // statrs, whose incomplete beta function is not ours.
    const FEW: usize = 100_000;
    for (min, mode, max) in [(5.0, 20.0, 60.0), (0.0, 0.0, 10.0), (1.0, 9.0, 9.0), (3.0, 7.0, 14.0), (0.0, 1.0, 730.0)]
    {
        let sample = || {
            uniforms(Purpose::RetryDelay)[..FEW].iter().map(|&u| Spread::Pert { min, mode, max }.quantile(u)).collect()
        };
        let sample: Vec<f64> = sample();
        assert!(sample.iter().all(|x| (min..=max).contains(x)), "{min}, {mode}, {max}");
        let found = distance(sample.clone(), pert_cdf(min, mode, max, 4.0));
        assert!(found < limit_of(FEW), "{min}, {mode}, {max}: {found}");
        // Deliberately wrong: a weight of the mode of 3 in place of 4, and the triangle of the same bounds and mode.
        assert!(distance(sample.clone(), pert_cdf(min, mode, max, 3.0)) > limit_of(FEW), "{min}, {mode}, {max}");
        let triangle = |x: f64| {
            if x < mode {
                (x - min).powi(2) / ((max - min) * (mode - min))
            } else if x < max {
                1.0 - (max - x).powi(2) / ((max - min) * (max - mode))
            } else {
                1.0
            }
        };
        assert!(distance(sample, triangle) > limit_of(FEW), "{min}, {mode}, {max}");
    }
}

#[test]
fn places_are_picked_by_their_shares() {
    // seed 4711, n 400,000, 5 places, alpha 1e-6 over all, normal limit.
    let shares = [0.05, 0.4, 0.3, 0.2, 0.05];
    let cumulative: Vec<f64> = shares
        .iter()
        .scan(0.0, |sum, share| {
            Some({
                *sum += share;
                *sum
            })
        })
        .collect();
    let mut places = vec![0; N];
    picks(&cumulative, &uniforms(Purpose::Build), &mut places);
    let mut counts = [0i64; 5];
    places.into_iter().for_each(|place| counts[place as usize] += 1);
    let worst =
        |shares: [f64; 5]| counts.iter().zip(shares).map(|(&c, p)| deviation(c, N as i64, p)).fold(0.0, f64::max);
    assert!(worst(shares) < z_limit(5), "{counts:?}");
    // Deliberately wrong: half a percent of all moved from one place to the next.
    assert!(worst([0.05, 0.395, 0.305, 0.2, 0.05]) > z_limit(5));
}

#[test]
fn purposes_of_one_address_are_independent() {
    // seed 4711, n 400,000 pairs in 10 x 10 cells: chi-square with 99 degrees of freedom (margins known), limit by its
    // normal approximation (Wilson and Hilferty 1931) at alpha 1e-6: 99 (1 - 2/891 + 4.75 sqrt(2/891))^3 = 181.
    let chi_square = |a: &[f64], b: &[f64]| {
        let mut cells = [0f64; 100];
        a.iter().zip(b).for_each(|(a, b)| cells[(a * 10.0) as usize * 10 + (b * 10.0) as usize] += 1.0);
        let expected = a.len() as f64 / 100.0;
        cells.iter().map(|cell| (cell - expected).powi(2) / expected).sum::<f64>()
    };
    let (patch, upgrade) = (uniforms(Purpose::PatchThreshold), uniforms(Purpose::UpgradeThreshold));
    assert!(chi_square(&patch, &upgrade) < 181.0, "{}", chi_square(&patch, &upgrade));
    // The next address of the same purpose.
    assert!(chi_square(&patch[1..], &patch[..N - 1]) < 181.0);
    // Deliberately wrong: 3 % of the pairs share their word.
    let shared: Vec<f64> =
        patch.iter().zip(&upgrade).enumerate().map(|(i, (&p, &u))| if i % 33 == 0 { p } else { u }).collect();
    assert!(chi_square(&patch, &shared) > 181.0);
}
