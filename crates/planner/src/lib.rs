//! Planning: which server is upgraded when, and when the tenant pauses.
//!
//! A [`Project`] is a team's fleet with its crews, calendars and wishes. [`solve()`](solve::solve) finds cut-overs and pauses together: exactly
//! for small fleets ([`exact`]), well and with a bound for large ones ([`improve`], [`bound`]). Pauses are exact for every
//! schedule ([`pauses`]). What a day costs a server comes from the stage engine and the mail table of `run` ([`tariff`]).

#![forbid(unsafe_code)]
// Tests hold what is shipped against the maths library of the platform, and write pictures for people to look at.
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros))]

pub mod basis;
pub mod bound;
pub mod branch;
pub mod capacity;
pub mod clocks;
pub mod conditional;
pub mod costs;
pub mod dual;
pub mod effort;
pub mod exact;
pub mod findings;
pub mod hedge;
pub mod improve;
pub mod jobs;
pub mod joining;
pub mod latest;
pub mod lived;
pub mod mail;
pub mod neighbourhood;
pub mod obstacles;
pub mod orders;
pub mod outcome;
pub mod pauses;
pub mod polish;
pub mod prices;
pub mod project;
pub mod relaxed;
pub mod schedule;
pub mod solve;
pub mod standing;
pub mod strategies;
pub mod tariff;

pub use basis::Basis;
pub use findings::{Change, Findings, plan};
pub use project::{Crew, FleetServer, PauseTerms, Project, Raise, Risk, SEARCH_SECONDS, Weights, Work};
pub use solve::{Solution, solve};
