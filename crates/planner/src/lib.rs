//! Planning: which server is upgraded when, and when the tenant pauses.
//!
//! A [`Project`] is a team's fleet with its crews, calendars and wishes; [`plan`] is everything that is told about it
//! ([`findings`]). In between are three ideas:
//!
//! - [`cost`]: what a plan costs, from the stage engine and the mail table of `run`; pauses are exact for every schedule;
//! - [`search`]: [`solve()`](search::solve::solve) finds cut-overs and pauses together, exactly for small fleets, well and with a bound
//!   for large ones;
//! - [`chance`]: the plan lived many times, as work takes as long as it takes and cut-overs fail.
//!
//! They read what a project says: [`dates`] that the team states, the [`desk`] where pauses begin, the [`former`] plan that is planned
//! again; and share what is worked out of it once: its [`jobs`] and the [`basis`]. [`tenants`] plans several projects whose crews are
//! the same.
//!
//! Lists of servers, crews, jobs, candidates and groups are read by an [`index`] of their own type.

#![forbid(unsafe_code)]
// Tests hold what is shipped against the maths library of the platform, and write pictures for people to look at.
#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros, clippy::too_many_lines)
)]

pub mod assessment;
pub mod basis;
pub mod chance;
pub mod cost;
pub mod dates;
pub mod desk;
pub mod findings;
pub mod former;
pub mod index;
pub mod jobs;
pub mod project;
pub mod search;
pub mod tenants;

pub use basis::Basis;
pub use chance::buffers::{Buffer, Buffered, with_best_buffer};
pub use dates::{StatedDates, waits_for};
pub use desk::Desk;
pub use findings::{Change, Findings, plan, recalled};
pub use former::{Former, FormerDate, FormerPause, Happened, InHand, KeptDate};
pub use project::{Crew, FleetServer, Parts, PauseTerms, Project, Raise, Risk, SEARCH_SECONDS, Weights, Work};
pub use search::solve::{Solution, solve};
