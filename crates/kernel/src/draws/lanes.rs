//! Logarithms, exponentials and normal quantiles of many numbers side by side, each the same to the last bit as of one number.
//!
//! The functions for one number branch; these compute one straight line and select, so that a compiler makes wide instructions of
//! a loop around them, for whatever processor there is (`widest`). Every operation is the one that the function for one number does, in
//! the same order, and each is rounded alike everywhere; hence the same bits. They take less than `libm` takes: each says which
//! arguments.
//!
//! # Source
//! FreeBSD's `e_exp.c` and `e_log.c` (Sun Microsystems, 1993), whence `libm` has its functions too.

use super::kept::BATCH;
use super::sample::{CENTRE, NEAR, centre_quantile, far_quantile, lognormal, near_quantile};
use super::widest::widest;

/// Numbers of a batch: one for each tenant.
pub(crate) type Column = [f64; BATCH];

const LN2_HI: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN2_LO: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);

/// Bits of the fraction of a number.
const FRACTION: u64 = (1 << 52) - 1;
/// To numbers of this size a whole number is added without a fraction.
const WHOLE: f64 = (1u64 << 52) as f64;
const BIAS: u64 = 1023;

/// The whole part of a number that is not negative and below 2^52.
#[inline(always)]
fn whole_part(x: f64) -> f64 {
    // To the nearest whole number, which may lie above.
    let nearest = (x + WHOLE) - WHOLE;
    nearest - if nearest > x { 1.0 } else { 0.0 }
}

/// The whole part as an integer.
///
/// - `x`: not negative, below 2^52.
#[inline(always)]
pub(crate) fn whole(x: f64) -> u64 {
    (whole_part(x) + WHOLE).to_bits() & FRACTION
}

/// The integer that a whole number is; at most 2^51 in size.
#[inline(always)]
pub(crate) fn integer(whole: f64) -> i64 {
    // Added to this, a whole number stands in the last bits, whatever its sign.
    const SHIFT: f64 = 1.5 * WHOLE;
    (whole + SHIFT).to_bits().wrapping_sub(SHIFT.to_bits()) as i64
}

/// The exponential; `x` at most 700 in size.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    const INV_LN2: f64 = f64::from_bits(0x3ff7_1547_652b_82fe);
    const P: [f64; 5] = [
        f64::from_bits(0x3fc5_5555_5555_553e),
        f64::from_bits(0xbf66_c16c_16be_bd93),
        f64::from_bits(0x3f11_566a_af25_de2c),
        f64::from_bits(0xbebb_bd41_c5d2_6bf1),
        f64::from_bits(0x3e66_3769_72be_a4d0),
    ];
    /// Below, nothing is taken off the exponent; half of ln 2 in the words that the source compares.
    const REDUCED: f64 = f64::from_bits(0x3fd6_2e43_0000_0000);
    /// Below, a line is enough.
    const TINY: f64 = f64::from_bits(0x3e30_0001_0000_0000);
    /// Its last bits are those of a whole number added to it, whatever the sign.
    const SHIFT: f64 = 1.5 * WHOLE;
    let size = x.abs();
    // Both sides of a choice are worked out before it: a side of its own would be a branch.
    let turns = whole_part(INV_LN2 * size + 0.5);
    let k = if size < REDUCED { 0.0 } else { turns }.copysign(x);
    let (high, low) = (x - k * LN2_HI, k * LN2_LO);
    // Of a tiny number nothing is left but the line. Chosen here and not at the end, where the compiler would make a branch of it.
    let rest = high - low;
    let r = if size < TINY { 0.0 } else { rest };
    let rr = r * r;
    let c = r - rr * (P[0] + rr * (P[1] + rr * (P[2] + rr * (P[3] + rr * P[4]))));
    let y = 1.0 + (r * c / (2.0 - c) - low + high);
    let scale = f64::from_bits(((k + SHIFT).to_bits() << 52).wrapping_add(BIAS << 52));
    y * scale
}

/// The natural logarithm of a positive number that is neither subnormal nor infinite.
#[inline(always)]
pub(crate) fn log(x: f64) -> f64 {
    const L: [f64; 7] = [
        f64::from_bits(0x3fe5_5555_5555_5593),
        f64::from_bits(0x3fd9_9999_9997_fa04),
        f64::from_bits(0x3fd2_4924_9422_9359),
        f64::from_bits(0x3fcc_71c5_1d8e_78af),
        f64::from_bits(0x3fc7_4664_96cb_03de),
        f64::from_bits(0x3fc3_9a09_d078_c69f),
        f64::from_bits(0x3fc2_f112_df3e_5244),
    ];
    /// Half of the square root of 2: what is left without the exponent lies from here on.
    const LEAST: u64 = 0x3fe6_a09e << 32;
    let bits = x.to_bits() + ((BIAS << 52) - LEAST);
    // The exponent as a number: added to the last bits of 2^52, and that taken off again.
    let k = f64::from_bits(WHOLE.to_bits() | bits >> 52) - (WHOLE + BIAS as f64);
    let f = f64::from_bits((bits & FRACTION) + LEAST) - 1.0;
    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even = w * (L[1] + w * (L[3] + w * L[5]));
    let odd = z * (L[0] + w * (L[2] + w * (L[4] + w * L[6])));
    let r = odd + even;
    s * (half_square + r) + k * LN2_LO - half_square + f + k * LN2_HI
}

/// Turns numbers of the open interval (0, 1) into unit-exponential ones, as [`exponential`](super::exponential) does.
pub(super) fn exponentials(units: &mut [f64]) {
    widest!(exponentials_here(units));
}

#[inline(always)]
fn exponentials_here(units: &mut [f64]) {
    units.iter_mut().for_each(|unit| *unit = -log(*unit));
}

/// Turns numbers of the open interval (0, 1) into the quantiles of the standard normal distribution there.
pub(crate) fn normal_quantiles(units: &mut [f64]) {
    widest!(normal_quantiles_here(units));
}

/// Turns numbers of the open interval (0, 1) into quantiles of a lognormal distribution: `median x exp(sigma x deviate)`.
pub(crate) fn lognormal_quantiles(units: &mut [f64], median: f64, sigma: f64) {
    widest!(lognormal_quantiles_here(units, median, sigma));
}

#[inline(always)]
fn lognormal_quantiles_here(units: &mut [f64], median: f64, sigma: f64) {
    normal_quantiles_here(units);
    units.iter_mut().for_each(|unit| *unit = lognormal(median, sigma, *unit, exp));
}

/// The same where the mean is 1: `exp(sigma x deviate - sigma^2 / 2)`.
pub(crate) fn lognormal_quantiles_of_mean_one(units: &mut [f64], sigma: f64) {
    widest!(lognormal_quantiles_of_mean_one_here(units, sigma));
}

#[inline(always)]
fn lognormal_quantiles_of_mean_one_here(units: &mut [f64], sigma: f64) {
    normal_quantiles_here(units);
    units.iter_mut().for_each(|unit| *unit = exp(sigma * *unit - sigma * sigma / 2.0));
}

/// The index of each number in a list of rising cumulative shares; the last place takes what rounding leaves over.
///
/// - `cumulative`: at least one value, rising, the last about 1;
/// - `places`: as many as there are numbers.
///
/// # Panics
/// If the list is empty.
pub fn picks(cumulative: &[f64], units: &[f64], places: &mut [u64]) {
    widest!(picks_here(cumulative, units, places));
}

#[inline(always)]
fn picks_here(cumulative: &[f64], units: &[f64], places: &mut [u64]) {
    places.fill(0);
    // Every share for every number: to stop at the first that is greater is a branch that no processor foresees.
    for &share in &cumulative[..cumulative.len() - 1] {
        for (place, &unit) in places.iter_mut().zip(units) {
            *place += u64::from(unit >= share);
        }
    }
}

#[inline(always)]
fn normal_quantiles_here(units: &mut [f64]) {
    for units in units.chunks_mut(BATCH) {
        let (mut tails, mut places, mut count) = ([0.5; BATCH], [0; BATCH], 0);
        for (place, &unit) in units.iter().enumerate() {
            // A branch that often goes the other way; written without one the loop takes more instructions.
            if (unit - 0.5).abs() > CENTRE {
                (tails[count], places[count]) = (unit, place);
                count += 1;
            }
        }
        units.iter_mut().for_each(|unit| *unit = centre_quantile(*unit - 0.5));
        let tails = &mut tails[..count];
        tail_quantiles(tails);
        for (&tail, &place) in tails.iter().zip(&places) {
            units[place] = tail;
        }
    }
}

/// The quantiles at numbers outside the centre.
#[inline(always)]
fn tail_quantiles(units: &mut [f64]) {
    let mut roots = [0.0; BATCH];
    let mut far = 0;
    for (unit, root) in units.iter_mut().zip(&mut roots) {
        let q = *unit - 0.5;
        let above = 1.0 - *unit;
        let tail = if q < 0.0 { *unit } else { above };
        *root = (-log(tail)).sqrt();
        *unit = near_quantile(*root).copysign(q);
        far |= u64::from(*root > NEAR);
    }
    if far != 0 {
        for (unit, &root) in units.iter_mut().zip(&roots).filter(|(_, root)| **root > NEAR) {
            *unit = far_quantile(root).copysign(*unit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::normal_quantile;
    use crate::draws::widest::levels;
    use rand::{Rng, RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Numbers around `x`, a few thousand of its neighbours on either side.
    fn around(x: f64) -> impl Iterator<Item = f64> {
        (-3_000..3_000).map(move |step: i64| f64::from_bits(x.to_bits().wrapping_add_signed(step)))
    }

    fn same(name: &str, x: f64, ours: f64, expected: f64) {
        assert_eq!(ours.to_bits(), expected.to_bits(), "{name} of {x:e}: {ours:e} is not {expected:e}");
    }

    #[test]
    fn whole_numbers_of_either_sign_are_the_integers_they_are() {
        let far = (0..51).flat_map(|bit| [1i64 << bit, (1 << bit) + 1, (1 << bit) - 1]);
        for number in far.chain([0, 1_767_225_600, (1 << 51) - 1]) {
            assert_eq!([integer(number as f64), integer(-(number as f64))], [number, -number]);
        }
    }

    #[test]
    fn exponentials_are_those_of_the_library() {
        let check = |x: f64| {
            same("exp", x, exp(x), libm::exp(x));
            same("exp", -x, exp(-x), libm::exp(-x));
        };
        let high = |word: u64| f64::from_bits(word << 32);
        // The words that the source compares, and every change of the exponent of the result.
        let words = [0x3fd6_2e42, 0x3fd6_2e43, 0x3ff0_a2b2, 0x3e30_0000, 0x3e30_0001].map(high);
        let turns = (1..2_000).map(|halves| f64::from(halves) * 0.5 * std::f64::consts::LN_2).filter(|&x| x < 699.0);
        words.into_iter().chain(turns).chain([1.0, 2.0, 699.9]).flat_map(around).for_each(check);
        [0.0, f64::MIN_POSITIVE, 5e-324, 1e-300, 700.0].into_iter().for_each(check);
        // Halves of the last digit of 1, where the line and the polynomial may round differently.
        (0..4_000).map(|i| f64::from(i) * 0.5f64.powi(55)).for_each(check);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for _ in 0..2_000_000 {
            let [wide, deviate, small]: [f64; 3] = std::array::from_fn(|_| rng.random());
            [wide * 700.0, deviate * 20.0, small, small * 1e-6, libm::exp(-40.0 * wide)].into_iter().for_each(check);
        }
    }

    #[test]
    fn logarithms_are_those_of_the_library() {
        let check = |x: f64| same("log", x, log(x), libm::log(x));
        let roots = (-60..60).map(|exponent| std::f64::consts::SQRT_2 * 2f64.powi(exponent));
        let powers = (-60..60).map(|exponent| 2f64.powi(exponent));
        let halves = (1..50).map(|i| f64::from_bits((0x3fe6_a09e << 32) + (i - 25) * 0x1000_0000));
        roots.chain(powers).chain(halves).flat_map(around).for_each(check);
        [f64::MIN_POSITIVE, f64::MAX, 1e-300, 1e300].into_iter().for_each(check);
        (1..100_000).map(|i| f64::from(i) * 0.5f64.powi(53)).for_each(check);
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        for _ in 0..3_000_000 {
            check(crate::draws::unit(rng.next_u64()));
            check(f64::from_bits(rng.random_range(f64::MIN_POSITIVE.to_bits()..f64::INFINITY.to_bits())));
        }
    }

    #[test]
    fn quantiles_are_those_of_one_number() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let ends = (0..5_000).map(|i| f64::from(2 * i + 1) * 0.5f64.powi(53));
        let powers = (1..53).map(|exponent| 0.5f64.powi(exponent));
        let borders = [0.075, 0.925, 0.5, libm::exp(-25.0), 1.0 - libm::exp(-25.0)].into_iter().chain(powers);
        let mut units: Vec<f64> = borders.flat_map(around).chain(ends.clone()).chain(ends.map(|u| 1.0 - u)).collect();
        units.retain(|&u| 0.0 < u && u < 1.0);
        units.extend((0..3_000_000).map(|_| crate::draws::unit(rng.next_u64())));
        for length in [1, 2, 3, 63, 64, 65, 1_000] {
            let units = &units[units.len().saturating_sub(length * 5_000)..];
            for expected in units.chunks(length) {
                let mut lanes = expected.to_vec();
                normal_quantiles(&mut lanes);
                lanes.iter().zip(expected).for_each(|(&lane, &u)| same("quantile", u, lane, normal_quantile(u)));
            }
        }
        let mut lanes = units.clone();
        normal_quantiles(&mut lanes);
        lanes.iter().zip(&units).for_each(|(&lane, &u)| same("quantile", u, lane, normal_quantile(u)));
    }

    #[test]
    fn every_width_gives_the_same_numbers() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let units: Vec<f64> = (0..200_000).map(|_| crate::draws::unit(rng.next_u64())).collect();
        for level in levels() {
            // Odd lengths, so that some are left over at every width.
            for units in units.chunks(61) {
                let (mut waits, mut deviates, mut values) = (units.to_vec(), units.to_vec(), units.to_vec());
                let (shares, mut places) = ([0.05, 0.45, 0.75, 0.95, 1.0], vec![7; units.len()]);
                fearless_simd::dispatch!(level, _ => picks_here(&shares, units, &mut places));
                fearless_simd::dispatch!(level, _ => exponentials_here(&mut waits));
                fearless_simd::dispatch!(level, _ => normal_quantiles_here(&mut deviates));
                fearless_simd::dispatch!(level, _ => lognormal_quantiles_here(&mut values, 560.0, 1.4));
                for (index, &u) in units.iter().enumerate() {
                    let deviate = normal_quantile(u);
                    assert_eq!(places[index] as usize, shares[..4].partition_point(|&share| share <= u), "{u:e}");
                    same("exponential", u, waits[index], -libm::log(u));
                    same("quantile", u, deviates[index], deviate);
                    same("value", u, values[index], lognormal(560.0, 1.4, deviate, libm::exp));
                }
            }
        }
    }

    #[test]
    fn picking_follows_the_shares() {
        let picked = |cumulative: &[f64], units: &[f64]| {
            let mut places = vec![7; units.len()];
            picks(cumulative, units, &mut places);
            places
        };
        assert_eq!(picked(&[0.2, 0.5, 1.0], &[0.1, 0.2, 0.49, 0.5, 0.99]), [0, 1, 1, 2, 2]);
        assert_eq!(picked(&[0.5, 0.999], &[0.9995]), [1], "the last place takes what is left over");
    }

    #[test]
    fn whole_parts_are_rounded_down() {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let check = |x: f64| assert_eq!(whole(x), x as u64, "{x:e}");
        (1..53).map(|exponent| 2f64.powi(exponent)).flat_map(around).filter(|&x| x < WHOLE).for_each(check);
        [0.0, 0.5, 1.5, 2.5, 0.999_999_999_999_999_9, WHOLE - 1.0, WHOLE - 0.5].into_iter().for_each(check);
        (0..1_000_000).for_each(|_| check(rng.random::<f64>() * 2f64.powi(rng.random_range(0..53))));
    }
}
