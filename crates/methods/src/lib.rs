//! The mathematics of exploring a study whose parameters are not known: values in, values out.
//!
//! It answers four questions about a function that is expensive to evaluate and returns noisy values:
//!
//! | question | module |
//! |---|---|
//! | which points should be lived? | [`factor`], [`design`] |
//! | which factor decides the answer? | [`indices`], [`screening`], with [`stability`] of the ranking |
//! | where does it fail? | [`discovery`] |
//! | which schedule, or which levers? | [`robust`], [`selection`], [`search`] |
//!
//! Three promises hold throughout:
//!
//! - **Same bytes everywhere.** A random word is named by its address ([`words`]), never "the next one"; sums run in the order
//!   of indices, sorting goes by `total_cmp` with the index as tie-break, and transcendental functions come from `libm` (the
//!   quantiles of intervals from `statrs`).
//! - **Any shard makes any row.** A row of a design follows from its number alone.
//! - **Luck is told from ignorance.** The block of replications is a factor of the design, rows of low-discrepancy samples are
//!   never resampled, and what was chosen on noise is measured on other noise.
//!
//! It knows nothing of mail, studies, files or threads.

#![forbid(unsafe_code)]
// Tests hold what is shipped against the maths library of the platform, and write pictures for people to look at.
#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros, clippy::too_many_lines)
)]

pub mod design;
pub mod discovery;
pub mod factor;
pub mod indices;
pub mod interval;
pub mod robust;
pub mod screening;
pub mod search;
pub mod selection;
pub mod stability;
pub mod words;
