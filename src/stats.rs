//! Statistics: numbers in, estimates out.
//!
//! - [`mean_interval`] and [`paired_interval`]: means and paired differences over replications, with Student t intervals.
//! - [`band`] and [`quantile_of_counts`]: the spread of replications, and quantiles of a histogram over tenants.
//!
//! An *interval* is the uncertainty of an estimate, a *band* the spread across replications. What is undefined is
//! `None`, never 0 or NaN. Sums run in the order given and on one thread, so equal inputs give equal bits. Left out:
//! delayed entry, interval censoring, weights, stratified tests and more than two samples.

mod interval;
mod quantile;
#[cfg(test)]
mod testdata;

pub use interval::{Estimate, PairedDifference, mean_interval, paired_interval, t_quantile, z_quantile};
pub use quantile::{band, quantile_of_counts, quantile_of_sorted};
