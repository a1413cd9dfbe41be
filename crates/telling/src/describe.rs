//! The model document: what a study simulates, written from the study itself.
//!
//! The headings are those of the ODD protocol for agent-based models, each with the items of the STRESS-DES checklist for
//! discrete-event simulations that it answers. Everything that a study states, or takes from the defaults, is printed from
//! the study as it was checked; the prose around it says what the program does with these numbers whatever they are.
//! Where scenarios differ, each distinct version stands once, under the names of the scenarios it belongs to.
//!
//! # Source
//! Grimm et al., "The ODD protocol for describing agent-based and other simulation models: a second update", *JASSS* 23
//! (2020); Monks et al., "Strengthening the reporting of empirical simulation studies: introducing the STRESS guidelines",
//! *Journal of Simulation* 13 (2019).

mod facts;
pub(crate) mod markdown;
mod population;
mod rules;
mod sections;
#[cfg(test)]
mod tests;

use brownout_experiment::study::Study;

/// The study's model as markdown. The same study gives the same text.
pub fn describe(study: &Study) -> String {
    let sections = [
        sections::head(study),
        sections::purpose(study),
        sections::entities(study),
        sections::process(),
        sections::concepts(study),
        sections::initialization(study),
        sections::input(study),
        sections::submodels(study),
        sections::experimentation(study),
        sections::assumptions(study),
    ];
    sections.map(|section| section.trim().to_owned()).join("\n\n") + "\n"
}
