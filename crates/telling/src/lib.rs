//! Answers to bytes: sentences, tables, figures and pages. Values in, bytes out; writing them to disk is the store's business.
//!
//! | module | what it holds |
//! |---|---|
//! | [`frame`] | the one table between an answer and its writers: text, CSV, JSON, HTML |
//! | [`trace`] | every event of one tenant with its cause |
//! | [`numbers`], [`answer`], [`warnings`], [`assumptions`] | what a run says in words |
//! | [`tables`], [`terminal`], [`describe`] | a run as tables; a study as text |
//! | [`figures`], [`html`], [`bundle`] | a run as figures, as a page, as all its files |
//! | [`plan`], [`exploration`] | the same for plans and explorations |
//! | [`mod@timeline`] | the dates of one's own servers |
//! | [`twin`], [`differ`] | simulation against exact curves; one package of outputs against another |

#![forbid(unsafe_code)]
// Tests hold what is shipped against the maths library of the platform, and write pictures for people to look at.
#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros, clippy::too_many_lines)
)]

pub mod answer;
pub mod assumptions;
pub mod bundle;
pub mod describe;
pub mod differ;
mod enforcement;
pub mod exploration;
pub mod figures;
pub mod frame;
pub mod html;
pub mod numbers;
pub mod plan;
pub mod tables;
pub mod terminal;
pub mod timeline;
pub mod trace;
pub mod twin;
pub mod warnings;
