//! Addressed words from ChaCha8, and the functions that the literature tests with.

use std::f64::consts::PI;

use brownout_methods::design::saltelli::Saltelli;
use brownout_methods::interval::z_quantile;
use brownout_methods::words::{Purpose, Words, unit};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Words of ChaCha8: the seed, the purpose and the first two parts of the index make the key, the last part the stream.
pub(crate) struct Keyed(pub(crate) u64);

impl Words for Keyed {
    fn word(&self, purpose: Purpose, index: [u64; 3]) -> u64 {
        let mut key = [0u8; 32];
        for (bytes, part) in key.chunks_exact_mut(8).zip([self.0, purpose as u64, index[0], index[1]]) {
            bytes.copy_from_slice(&part.to_le_bytes());
        }
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(index[2]);
        generator.next_u64()
    }
}

/// A standard normal value from a generator that is read in order.
pub(crate) fn normal(generator: &mut ChaCha8Rng) -> f64 {
    z_quantile(unit(generator.next_u64())).unwrap()
}

/// The luck of a block: a standard normal value.
pub(crate) fn luck(seed: u64, block: u64) -> f64 {
    z_quantile(unit(Keyed(seed).word(Purpose::Resample, [block, 9, 9]))).unwrap()
}

/// Ishigami's function of three shares, with a = 7 and b = 0.1.
pub(crate) fn ishigami(u: &[f64]) -> f64 {
    let [x, y, z] = [0, 1, 2].map(|k| -PI + 2.0 * PI * u[k]);
    let sine = libm::sin(y);
    libm::sin(x) * (1.0 + 0.1 * z * z * z * z) + 7.0 * sine * sine
}

/// Sobol's g function with a = 0, 1, 4.5, 9, 99, 99, 99, 99.
pub(crate) fn g(u: &[f64]) -> f64 {
    let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
    u.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product()
}

/// The outputs of a design, row by row.
pub(crate) fn lived(design: &Saltelli, mut y: impl FnMut(&[f64], u64) -> f64) -> Vec<f64> {
    (0..design.rows()).map(|number| design.row(number)).map(|row| y(&row.units, row.block)).collect()
}

/// Whether two numbers are as near as they should be.
pub(crate) fn near(a: f64, b: f64, within: f64) -> bool {
    (a - b).abs() <= within
}
