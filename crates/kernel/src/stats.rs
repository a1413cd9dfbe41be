//! Statistics: numbers in, estimates out.
//!
//! - [`mean_interval`] and [`paired_interval`]: means and paired differences over replications, with Student t intervals.
//! - [`band`] and [`quantile_of_counts`]: the spread of replications, and quantiles of a histogram over tenants.
//! - [`LifeTable`]: times to an event, with censoring and competing causes, as grouped whole counts. From one table come
//!   the Kaplan-Meier [`SurvivalCurve`] (with [`TimeQuantile`]s and a [`RestrictedMean`]), the Aalen-Johansen
//!   [`IncidenceCurve`] by cause, the band for people in [`clustered`] counts, and with a second table the [`logrank`] test.
//!
//! An *interval* is the uncertainty of an estimate, a *band* the spread across replications. What is undefined is
//! `None`, never 0 or NaN. Sums run in the order given and on one thread, so equal inputs give equal bits. Left out:
//! delayed entry, interval censoring, weights, stratified tests and more than two samples.
//!
//! ```
//! use brownout_kernel::stats::{IntervalType, LifeTable, SurvivalCurve};
//!
//! // Ten servers: three remediated by day 5, two retired on day 9 (cause 2), five still waiting on day 14.
//! let rows: [(f64, &[u64], u64); 3] = [(5.0, &[3, 0], 0), (9.0, &[0, 2], 0), (14.0, &[0, 0], 5)];
//! let table = LifeTable::from_counts(2, rows).unwrap();
//! let curve = SurvivalCurve::new(&table, 0.95, IntervalType::Log);
//! assert!((curve.at(10.0).unwrap().survival - 0.5).abs() < 1e-12);
//! assert_eq!(curve.median().time, Some(9.0));
//! ```

pub mod clustered;
mod incidence;
mod interval;
mod life_table;
mod logrank;
mod quantile;
mod survival;
mod survival_times;
#[cfg(test)]
mod testdata;
pub mod truncated;

pub use incidence::{CauseIncidence, IncidenceCurve, IncidencePoint};
pub use interval::{Estimate, PairedDifference, mean_interval, paired_interval, t_quantile, z_quantile};
pub use life_table::{ByCause, LifeRow, LifeTable, LifeTableError, RiskCounts};
pub use logrank::{LogRank, logrank};
pub use quantile::{band, quantile_by_rank, quantile_of_counts, quantile_of_sorted, ranks};
pub use survival::{IntervalType, SurvivalCurve, SurvivalPoint};
pub use survival_times::{RestrictedMean, TimeQuantile};
