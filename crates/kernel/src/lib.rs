//! The model of brownout: what one life is, and how lives are counted.
//!
//! Values in, values out: no files, no terminal, no clock, no order of chance. The same engine answers for one server, for a plan
//! and for ten million servers.
//!
//! | module | what it holds |
//! |---|---|
//! | [`time`] | whole seconds, calendar days and years |
//! | [`draws`] | random numbers with an address instead of a turn |
//! | [`catalog`] | builds and products: the catalogue is a value of the world |
//! | [`certainty`] | how sure a date is: known, inferred, assumed, a range |
//! | [`policy`] | the stage engine: ladder, baselines, clock, pauses, answers |
//! | [`limits`] | the values that numbers may have, and why others are refused |
//! | [`mail`] | what throttled and blocked minutes do to messages; when mail is sent |
//! | [`world`] | groups, tenants, servers, routes, pause behaviours, maintenance windows |
//! | [`sim`] | one tenant's life, event by event |
//! | [`tally`] | integer accumulators that merge in any order |
//! | [`stats`] | intervals, quantiles, survival, competing risks |

#![forbid(unsafe_code)]
// Tests hold what is shipped against the maths library of the platform, and write pictures for people to look at.
#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros, clippy::too_many_lines)
)]

pub mod catalog;
pub mod certainty;
pub mod draws;
pub mod limits;
pub mod mail;
pub mod policy;
pub mod sim;
pub mod stats;
pub mod tally;
pub mod time;
pub mod watch;
pub mod world;
