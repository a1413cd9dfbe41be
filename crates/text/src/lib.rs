//! Text as people read it: numbers and counts rounded by one rule, names near to a misspelt one, cells of CSV, and text that
//! somebody else wrote, made fit to print. Knows nothing of mail or enforcement.

#![forbid(unsafe_code)]
// Tests hold what is shipped against the maths library of the platform, and write pictures for people to look at.
#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros, clippy::too_many_lines)
)]

pub mod csv_text;
pub mod names;
pub mod numbers;
pub mod outside;
pub mod weekdays;
pub mod words;
pub mod wrap;
