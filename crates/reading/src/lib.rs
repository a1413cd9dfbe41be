//! Files of people to values: text in, a [`Study`](brownout_experiment::study::Study) or a
//! [`Project`](brownout_planner::Project) out, or every problem at once.
//!
//! A file becomes a [`tree`] whose nodes know their places; shapes of the file ([`wire`]) are read from the tree, [`check`]ed as a
//! whole, and composed to values. What is set from the command line or by an exploration works on the same tree.
//!
//! | module | what it holds |
//! |---|---|
//! | [`files`] | opening files that may be pipes, devices or 100 GB |
//! | [`text`], [`tree`] | text and its places; the tree of a file |
//! | [`wire`], [`check`], [`compose`] | shapes as written; every rule a file must keep; values from what was written |
//! | [`mod@set`], [`what_if`], [`lever`] | changes: as text in a scenario, from the command line, thousands of times a second |
//! | [`load`], [`document`] | a study with all the files it names |
//! | [`named`], [`shipped`] | policies by name; the studies inside the program |
//! | [`plan`] | plans and fleets |
//! | [`problem`], [`recorded`] | what is wrong, where, and what would be right; inputs kept in a manifest |

#![forbid(unsafe_code)]
// Tests hold what is shipped against the maths library of the platform, and write pictures for people to look at.
#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros, clippy::too_many_lines)
)]

pub mod check;
pub mod compose;
pub mod document;
pub mod files;
pub mod lever;
pub mod load;
pub mod named;
pub mod plan;
pub mod problem;
pub mod recorded;
pub mod set;
pub mod shipped;
pub mod text;
pub mod tree;
pub mod what_if;
pub mod wire;
