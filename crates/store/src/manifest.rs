//! `manifest.json`: what was run, from what, and what came out.

use brownout_experiment::Scope;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use brownout_experiment::Measure;
use brownout_experiment::Run;
use brownout_experiment::study::{Scenario, Study};
use brownout_reading::text::SourceFile;

/// What a package of outputs is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A run of a study.
    #[default]
    Run,
    /// A plan.
    Plan,
    /// Some of the lives of a run.
    Shard,
    /// Some of the points of an exploration.
    Points,
    /// A study at many points of what is not known.
    Exploration,
}

/// What every manifest says, whatever its kind: enough to know what to make again, and which files are of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Package {
    /// `brownout`.
    pub program: String,
    /// Version of the program.
    pub version: String,
    /// What it is of; of a manifest without it the fields tell.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Every input file with its hash and content, the first one first.
    pub inputs: Vec<InputFile>,
    /// Hashes of the output files.
    pub outputs: Vec<FileHash>,
}

/// Largest manifest that is read: it carries its inputs.
pub const MANIFEST_MAX: u64 = 64 << 20;

/// The manifest of a run. It carries no date: the same run gives the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// `brownout`.
    pub program: String,
    /// Version of the program.
    pub version: String,
    /// What it is of.
    #[serde(default)]
    pub kind: Kind,
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
    /// Every input file with its hash and content, the study first.
    pub inputs: Vec<InputFile>,
    /// The scenarios, the baseline scenario first.
    pub scenarios: Vec<ScenarioEntry>,
    /// Valid but doubtful things.
    pub warnings: Vec<String>,
    /// BLAKE3 hashes of every output file but this one.
    pub outputs: Vec<FileHash>,
}

/// An input file, whole, so that a run can be repeated from its manifest alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputFile {
    /// Path from the folder of the first file, which is recorded by its name alone.
    pub file: String,
    /// BLAKE3, in hexadecimal.
    pub blake3: String,
    /// Content.
    pub text: String,
}

impl InputFile {
    /// A file that was read.
    pub fn new(file: &SourceFile) -> Self {
        InputFile { file: file.path.clone(), blake3: Self::hash_of(&file.text), text: file.text.clone() }
    }

    /// The hash of a file with this text.
    pub fn hash_of(text: &str) -> String {
        hash(text.as_bytes())
    }

    /// The file, as studies are made of.
    pub fn source(&self) -> Arc<SourceFile> {
        Arc::new(SourceFile { path: self.file.clone(), text: self.text.clone() })
    }
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

/// A file and its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileHash {
    /// Name in the output directory.
    pub file: String,
    /// BLAKE3, in hexadecimal.
    pub blake3: String,
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

/// The hash of a file's content.
pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// The hash of a scenario's [canonical form](brownout_experiment::canonical): one for the same policy on the same world between the
/// same instants, whatever files they came from and however they were written.
pub fn scenario_hash(run: Run<'_>, scenario: &Scenario) -> String {
    hash(brownout_experiment::canonical::form(scenario, run.study.start(), run.study.horizon()).as_bytes())
}

impl Manifest {
    /// The manifest of a run, without its outputs.
    pub fn new(run: Run<'_>, inputs: Vec<InputFile>, warnings: Vec<String>) -> Self {
        let study = run.study;
        let scenarios = study.scenarios().iter().zip(&run.results.scenarios).map(|(scenario, results)| ScenarioEntry {
            name: scenario.name.clone(),
            hash: scenario_hash(run, scenario),
            means: Measure::ALL
                .iter()
                .filter_map(|&measure| {
                    Some((measure.key().to_owned(), results.summary(Scope::All, measure)?.estimate.mean))
                })
                .collect(),
        });
        Manifest {
            program: "brownout".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            kind: Kind::Run,
            study: study.name().to_owned().to_owned(),
            question: study.question().to_owned().to_owned(),
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
            inputs,
            scenarios: scenarios.collect(),
            warnings,
            outputs: Vec::new(),
        }
    }

    /// Whether these are the whole results of a study: the same program, inputs, seed and precision asked for and, if none is,
    /// replications.
    pub fn is_whole_run_of(&self, study: &Study, inputs: &[InputFile]) -> bool {
        let precision = study.precision().map(|precision| precision.to_string());
        self.version == env!("CARGO_PKG_VERSION")
            && self.partial.is_none()
            && self.inputs == inputs
            && self.seed == study.seed()
            && (precision.is_some() || study.replications() == self.replications)
            && self.precision == precision
    }

    /// The file, ending in a line end.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}
