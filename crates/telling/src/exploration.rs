//! An exploration as files: its manifest, figures and page.

pub mod figures;
mod manifest;
pub mod page;
pub mod tables;
pub mod words;

pub use manifest::{ExplorationBody, ExplorationManifest};
pub use tables::read_spans;

use brownout_explore::file::Explore;
use brownout_explore::findings::Findings;
use brownout_explore::survey::SurveyPart;

/// An exploration with everything that was found.
#[derive(Clone, Copy, Debug)]
pub struct Explored<'a> {
    /// Its name.
    pub name: &'a str,
    /// What was asked.
    pub explore: &'a Explore,
    /// The points.
    pub parts: &'a [SurveyPart],
    /// What they say.
    pub found: &'a Findings,
    /// Names of the schedules.
    pub schedules: &'a [String],
    /// What was not tried, in words.
    pub not_tried: &'a [String],
}
