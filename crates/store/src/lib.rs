//! Results on disk: what was made from what, written so that nothing half-written is ever found, and taken up again after a stop.
//!
//! | module | what it holds |
//! |---|---|
//! | [`manifest`] | what was made, from which inputs, and the hashes of what came out |
//! | [`mod@write`] | a package of outputs: staged, kept in a journal, put in place at once |
//! | [`shard`] | parts of a run or an exploration as files, to be merged or continued |
//! | [`jobs`] | ready files for engines that share out shards |

#![forbid(unsafe_code)]
// Tests hold what is shipped against the maths library of the platform, and write pictures for people to look at.
#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros, clippy::too_many_lines)
)]

pub mod jobs;
pub mod manifest;
pub mod shard;
pub mod write;
