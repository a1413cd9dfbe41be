//! Points: a study at values of its unknowns and levers, in a block of replications. A list of points in, a table out.
//!
//! Everything that asks what would be if the parameters were others stands on this table: screening, sensitivity, boxes, ranking
//! of schedules, search. The mathematics is in [`brownout_methods`], which knows nothing of studies; here are the studies.
//!
//! - A **replication number is an address**: the same block at two points means the same tenants with the same luck.
//! - The table holds what each replication came to, bit for bit the same for any number of threads, shards and interruptions.
//! - Text is parsed once, before: a [`Template`] writes typed values into a typed study.

#![forbid(unsafe_code)]
// Tests hold what is shipped against the maths library of the platform, and write pictures for people to look at.
#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros, clippy::too_many_lines)
)]

pub mod adaptive;
pub mod book;
mod draws;
pub mod file;
pub mod findings;
pub mod former;
pub mod points;
pub mod search;
pub mod select;
pub mod survey;
pub mod template;
pub mod thin;
pub mod usual;

pub use book::Book;
pub use draws::{Apart, ExploreDraws};
pub use points::{Point, PointTable, Template};
pub use template::StudyTemplate;
