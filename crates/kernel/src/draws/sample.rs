//! The few ways in which a uniform number becomes a value. Each is an inversion: one word in, one value out.

use super::{lanes, pert};
use crate::limits::{Limits, Refusal, Rule};

/// A uniform number in the open interval (0, 1) from the upper 52 bits of a word.
///
/// With 53 bits the largest number would round to 1.
#[inline(always)]
pub fn unit(word: u64) -> f64 {
    // The bits are the fraction of a number from 1 on; what is taken off leaves half a step at either end.
    f64::from_bits(1f64.to_bits() | word >> 12) - (1.0 - f64::EPSILON / 2.0)
}

/// A unit-exponential number by inversion.
#[inline]
pub fn exponential(u: f64) -> f64 {
    -libm::log(u)
}

/// A distribution of a non-negative quantity: days of a delay, messages a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// Always this value.
    Fixed(f64),
    /// Lognormal with this median and standard deviation of the logarithm.
    LogNormal {
        /// Median, in the unit of the quantity.
        median: f64,
        /// Standard deviation of the natural logarithm.
        sigma: f64,
    },
    /// Beta-PERT between `min` and `max` with this mode (shape 4).
    Pert {
        /// Least value.
        min: f64,
        /// Most likely value.
        mode: f64,
        /// Greatest value.
        max: f64,
    },
}

impl Spread {
    /// Values that a distribution may be centred on, and values of a fixed one.
    pub const VALUE: Limits<f64> = Limits::new("value", 0.0, 1e9, "");
    /// Standard deviations of the logarithm.
    pub const SIGMA: Limits<f64> = Limits::new("sigma", 0.0, 5.0, "");

    /// The distribution, if its numbers are allowed. Whoever keeps one asks.
    ///
    /// # Errors
    /// If a number lies outside its limits, or the mode of a PERT distribution not between its ends.
    pub fn check(self) -> Result<Self, Refusal> {
        match self {
            Spread::Fixed(value) => Self::VALUE.check(value).map(|_| self),
            Spread::LogNormal { median, sigma } => {
                Self::VALUE.check(median)?;
                Self::SIGMA.check(sigma).map(|_| self)
            }
            Spread::Pert { min, mode, max } => {
                Self::VALUE.check(min)?;
                Self::VALUE.check(max)?;
                let ordered = min <= mode && mode <= max;
                ordered.then_some(self).ok_or(Refusal::of("mode", Rule::Unordered { min, mode, max }))
            }
        }
    }

    /// No delay at all.
    pub const NONE: Spread = Spread::Fixed(0.0);

    /// The quantile at `u`, in the unit of the quantity.
    #[inline]
    pub fn quantile(&self, u: f64) -> f64 {
        match *self {
            Spread::LogNormal { .. } => self.value(normal_quantile(u)),
            Spread::Fixed(value) => value,
            Spread::Pert { min, mode, max } => pert::quantile(min, mode, max, u),
        }
    }

    /// The value at a normal deviate where it is lognormal, in the unit of the quantity; else the deviate.
    #[inline]
    pub fn value(&self, deviate: f64) -> f64 {
        match *self {
            Spread::LogNormal { median, sigma } => lognormal(median, sigma, deviate, libm::exp),
            Spread::Fixed(_) | Spread::Pert { .. } => deviate,
        }
    }

    /// Turns uniform numbers into the quantiles there, side by side.
    ///
    /// The distribution is one that was [checked](Self::check).
    pub(crate) fn quantiles(&self, units: &mut [f64]) {
        match *self {
            Spread::LogNormal { median, sigma } => lanes::lognormal_quantiles(units, median, sigma),
            Spread::Fixed(_) | Spread::Pert { .. } => units.iter_mut().for_each(|unit| *unit = self.quantile(*unit)),
        }
    }

    /// The mean of the distribution.
    pub fn mean(&self) -> f64 {
        match *self {
            Spread::Fixed(value) => value,
            Spread::LogNormal { median, sigma } => median * libm::exp(sigma * sigma / 2.0),
            Spread::Pert { min, mode, max } => (min + 4.0 * mode + max) / 6.0,
        }
    }
}

/// The lognormal value at a normal deviate.
#[inline(always)]
pub(super) fn lognormal(median: f64, sigma: f64, deviate: f64, exp: impl Fn(f64) -> f64) -> f64 {
    median * exp(sigma * deviate)
}

/// Quantile of the standard normal distribution, to about 16 digits.
///
/// - `p`: in the open interval (0, 1).
///
/// # Source
/// M. J. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", *Applied Statistics* 37 (1988),
/// routine PPND16.
#[inline]
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= CENTRE {
        return centre_quantile(q);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = libm::sqrt(-libm::log(tail));
    let size = if r <= NEAR { near_quantile(r) } else { far_quantile(r) };
    if q < 0.0 { -size } else { size }
}

/// Numbers that differ from one half by so much at most lie in the centre.
pub(super) const CENTRE: f64 = 0.425;

/// Square roots of logarithms up to which a tail is near.
pub(super) const NEAR: f64 = 5.0;

/// The quantile in the centre, `q` above one half.
#[inline(always)]
pub(super) fn centre_quantile(q: f64) -> f64 {
    q * ratio(0.180625 - q * q, &CENTRE_TOP, &CENTRE_BOTTOM)
}

/// The size of the quantile in a near tail, `r` the square root of the logarithm.
#[inline(always)]
pub(super) fn near_quantile(r: f64) -> f64 {
    ratio(r - 1.6, &NEAR_TOP, &NEAR_BOTTOM)
}

/// The size of the quantile in a far tail.
#[inline(always)]
pub(super) fn far_quantile(r: f64) -> f64 {
    ratio(r - 5.0, &FAR_TOP, &FAR_BOTTOM)
}

#[inline(always)]
fn ratio(r: f64, top: &[f64; 8], bottom: &[f64; 8]) -> f64 {
    let horner = |c: &[f64; 8]| c[..7].iter().rev().fold(c[7], |sum, &k| sum * r + k);
    horner(top) / horner(bottom)
}

#[rustfmt::skip]
const CENTRE_TOP: [f64; 8] = [
    3.387_132_872_796_366_5, 1.331_416_678_917_843_8e2, 1.971_590_950_306_551_3e3, 1.373_169_376_550_946e4,
    4.592_195_393_154_987e4, 6.726_577_092_700_87e4, 3.343_057_558_358_813e4, 2.509_080_928_730_122_7e3,
];
#[rustfmt::skip]
const CENTRE_BOTTOM: [f64; 8] = [
    1.0, 4.231_333_070_160_091e1, 6.871_870_074_920_579e2, 5.394_196_021_424_751e3,
    2.121_379_430_158_659_7e4, 3.930_789_580_009_271e4, 2.872_908_573_572_194_3e4, 5.226_495_278_852_854e3,
];
#[rustfmt::skip]
const NEAR_TOP: [f64; 8] = [
    1.423_437_110_749_683_5, 4.630_337_846_156_546, 5.769_497_221_460_691, 3.647_848_324_763_204_5,
    1.270_458_252_452_368_4, 2.417_807_251_774_506e-1, 2.272_384_498_926_918_4e-2, 7.745_450_142_783_414e-4,
];
#[rustfmt::skip]
const NEAR_BOTTOM: [f64; 8] = [
    1.0, 2.053_191_626_637_759, 1.676_384_830_183_803_8, 6.897_673_349_851e-1,
    1.481_039_764_274_800_8e-1, 1.519_866_656_361_645_7e-2, 5.475_938_084_995_345e-4, 1.050_750_071_644_416_9e-9,
];
#[rustfmt::skip]
const FAR_TOP: [f64; 8] = [
    6.657_904_643_501_103, 5.463_784_911_164_114, 1.784_826_539_917_291_3, 2.965_605_718_285_048_7e-1,
    2.653_218_952_657_612_4e-2, 1.242_660_947_388_078_4e-3, 2.711_555_568_743_487_6e-5, 2.010_334_399_292_288_1e-7,
];
#[rustfmt::skip]
const FAR_BOTTOM: [f64; 8] = [
    1.0, 5.998_322_065_558_88e-1, 1.369_298_809_227_358e-1, 1.487_536_129_085_061_5e-2,
    7.868_691_311_456_133e-4, 1.846_318_317_510_054_8e-5, 1.421_511_758_316_446e-7, 2.044_263_103_389_939_8e-15,
];

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Beta, ContinuousCDF, Normal};

    #[test]
    fn units_stay_inside_the_open_interval() {
        assert!(unit(0) > 0.0);
        assert!(unit(u64::MAX) < 1.0);
        let same = |word: u64| assert_eq!(unit(word), ((word >> 12) as f64 + 0.5) * 0.5f64.powi(52), "{word:x}");
        (0..64).flat_map(|bit| [1 << bit, u64::MAX << bit, u64::MAX >> bit, 0xa5 << bit]).for_each(same);
    }

    #[test]
    fn normal_quantiles_agree_with_published_values() {
        assert!((normal_quantile(0.95) - 1.6448536270).abs() < 5e-11);
        assert!((normal_quantile(0.975) - 1.9599639845).abs() < 5e-11);
        assert_eq!(normal_quantile(0.5), 0.0);
        // Far tails: Wichura's test values (1988), p = 1e-20 gives -9.262340089798408.
        assert!((normal_quantile(1e-20) + 9.262340089798408).abs() < 1e-13);
    }

    #[test]
    fn normal_quantiles_invert_an_independent_distribution_function() {
        let normal = Normal::new(0.0, 1.0).unwrap();
        for i in 1..2000 {
            let p = f64::from(i) / 2000.0;
            assert!((normal.cdf(normal_quantile(p)) - p).abs() < 1e-10, "p = {p}");
        }
    }

    #[test]
    fn pert_quantiles_invert_an_independent_distribution_function() {
        let spread = Spread::Pert { min: 2.0, mode: 4.0, max: 8.0 };
        let beta = Beta::new(1.0 + 4.0 * 2.0 / 6.0, 1.0 + 4.0 * 4.0 / 6.0).unwrap();
        for i in 1..200 {
            let p = f64::from(i) / 200.0;
            let x = (spread.quantile(p) - 2.0) / 6.0;
            assert!((beta.cdf(x) - p).abs() < 1e-9, "p = {p}");
        }
    }

    #[test]
    fn means_agree_with_closed_forms_and_with_the_quantiles() {
        let pert = Spread::Pert { min: 2.0, mode: 4.0, max: 8.0 };
        assert!((pert.mean() - 4.3333333).abs() < 1e-6);
        for spread in [pert, Spread::LogNormal { median: 14.0, sigma: 0.8 }, Spread::Fixed(3.0)] {
            // The mean is the integral of the quantile function; 20,000 midpoints leave the lognormal tail within 0.3 %.
            let n = 20_000;
            let sum: f64 = (0..n).map(|i| spread.quantile((f64::from(i) + 0.5) / f64::from(n))).sum();
            assert!((sum / f64::from(n) / spread.mean() - 1.0).abs() < 3e-3, "{spread:?}");
        }
    }

    #[test]
    fn the_first_values_never_change() {
        // Golden bits: a change here changes every result ever published with this version.
        let values =
            [normal_quantile(0.1), exponential(0.3), Spread::LogNormal { median: 560.0, sigma: 1.4 }.quantile(0.9)];
        assert_eq!(values.map(f64::to_bits), [0xbff4_813c_36e2_6d33, 0x3ff3_4378_fcbd_a721, 0x40aa_503b_aa82_2fcc]);
    }
}
