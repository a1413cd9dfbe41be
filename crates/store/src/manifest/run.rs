//! What the manifest of a run says of its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use brownout_experiment::study::{Scenario, Study};
use brownout_experiment::{Measure, Run, Scope};

use super::{Body, InputFile, Manifest, PackageKind, hash};

/// The manifest of a run.
pub type RunManifest = Manifest<RunBody>;

/// What was run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunBody {
    /// Name of the study.
    pub study: String,
    /// The question.
    pub question: String,
    /// Master seed.
    pub seed: u64,
    /// Replications.
    pub replications: u32,
    /// The precision asked for, whose batches decided how many replications there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<String>,
    /// What is missing, if the results are those of some shards only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<PartialEntry>,
    /// Start of observation.
    pub start: String,
    /// End of observation.
    pub horizon: String,
}

impl Body for RunBody {
    const KIND: Option<PackageKind> = Some(PackageKind::Run);
    type Results = RunResults;
}

/// What partial results lack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialEntry {
    /// Shards that were not there, from 1 on.
    pub missing_shards: Vec<u32>,
    /// Shards of the whole run.
    pub shards: u32,
    /// Replications of the whole run; those that were not complete are left out.
    pub replications_asked: u32,
}

/// Key numbers of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunResults {
    /// The scenarios, the baseline scenario first.
    pub scenarios: Vec<ScenarioEntry>,
}

/// A scenario with its key numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioEntry {
    /// Name.
    pub name: String,
    /// Hash of everything that decides its numbers but seed and replications.
    pub hash: String,
    /// Means of the measures by key; undefined ones are left out.
    pub means: BTreeMap<String, f64>,
}

/// The hash of a scenario's [canonical form](brownout_experiment::canonical): one for the same policy on the same world between the
/// same instants, whatever files they came from and however they were written.
pub fn scenario_hash(run: Run<'_>, scenario: &Scenario) -> String {
    hash(brownout_experiment::canonical::form(scenario, run.study.start(), run.study.horizon()).as_bytes())
}

impl RunBody {
    fn of(run: Run<'_>) -> Self {
        let study = run.study;
        RunBody {
            study: study.name().to_owned(),
            question: study.question().to_owned(),
            seed: study.seed(),
            replications: run.results.replications,
            precision: study.precision().map(|precision| precision.to_string()),
            partial: run.results.partial.as_ref().map(|partial| PartialEntry {
                missing_shards: partial.missing.clone(),
                shards: partial.shards,
                replications_asked: partial.asked,
            }),
            start: study.start().to_string(),
            horizon: study.horizon().to_string(),
        }
    }
}

impl RunResults {
    fn of(run: Run<'_>) -> Self {
        let scenarios = run.study.scenarios().iter().zip(&run.results.scenarios).map(|(scenario, results)| {
            let mean = |measure: Measure| {
                Some((measure.key().to_owned(), results.summary(Scope::All, measure)?.estimate.mean))
            };
            ScenarioEntry {
                name: scenario.name.clone(),
                hash: scenario_hash(run, scenario),
                means: Measure::ALL.into_iter().filter_map(mean).collect(),
            }
        });
        RunResults { scenarios: scenarios.collect() }
    }
}

impl Manifest<RunBody> {
    /// The manifest of a run, without its outputs.
    pub fn of_run(run: Run<'_>, inputs: Vec<InputFile>, warnings: Vec<String>) -> Self {
        Manifest::new(RunBody::of(run), inputs, RunResults::of(run), warnings)
    }

    /// Whether these are the whole results of a study: the same program, inputs, seed and precision asked for and, if none is,
    /// replications.
    pub fn is_whole_run_of(&self, study: &Study, inputs: &[InputFile]) -> bool {
        let precision = study.precision().map(|precision| precision.to_string());
        let body = &self.header.body;
        self.is_of(inputs)
            && body.partial.is_none()
            && body.seed == study.seed()
            && (precision.is_some() || study.replications() == body.replications)
            && body.precision == precision
    }
}
