//! How ready tenants are to act.

use crate::draws::lanes;
use crate::limits::{Limits, Refusal};

/// How ready tenants are to act: everybody's base rates are multiplied by a number of one's own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diligence {
    pub(crate) sigma: f64,
    pub(crate) never_share: f64,
}

impl Diligence {
    /// Standard deviations of the logarithm.
    pub const SIGMA: Limits<f64> = Limits::new("sigma", 0.0, 5.0, "");
    /// Shares of tenants that never act.
    pub const NEVER_SHARE: Limits<f64> = Limits::new("never_share", 0.0, 1.0, "");
    /// All alike.
    pub const EQUAL: Diligence = Diligence { sigma: 0.0, never_share: 0.0 };

    /// A diligence of these parameters.
    ///
    /// # Errors
    /// If one lies outside its limits.
    pub fn new(sigma: f64, never_share: f64) -> Result<Self, Refusal> {
        let mut made = Self::EQUAL;
        made.set_sigma(sigma)?;
        made.set_never_share(never_share)?;
        Ok(made)
    }

    /// Standard deviation of the logarithm; the mean is 1.
    pub const fn sigma(&self) -> f64 {
        self.sigma
    }

    /// Share of tenants that never act unless an added hazard makes them.
    pub const fn never_share(&self) -> f64 {
        self.never_share
    }

    /// Another standard deviation.
    ///
    /// # Errors
    /// If it lies outside [`SIGMA`](Self::SIGMA).
    pub fn set_sigma(&mut self, sigma: f64) -> Result<(), Refusal> {
        self.sigma = Self::SIGMA.check(sigma)?;
        Ok(())
    }

    /// Another share of tenants that never act.
    ///
    /// # Errors
    /// If it lies outside [`NEVER_SHARE`](Self::NEVER_SHARE).
    pub fn set_never_share(&mut self, share: f64) -> Result<(), Refusal> {
        self.never_share = Self::NEVER_SHARE.check(share)?;
        Ok(())
    }

    /// Turns uniform numbers into the diligence there: lognormal with mean 1.
    pub(super) fn quantiles(&self, units: &mut [f64]) {
        lanes::lognormal_quantiles_of_mean_one(units, self.sigma);
    }
}
