//! What was made, by which program, from which inputs, and what came out: one format for runs, plans, explorations and shards.
//!
//! Every record begins with a [`Header`]: program, version, kind, what its [`Body`] has to say, and the inputs, whole. The header
//! alone stands at the beginning of a shard; a [`Manifest`] is a header and what came out, and stands in `manifest.json`. None
//! of them carries a date or a path outside its inputs, so the same work gives the same bytes wherever it was called from.
//!
//! | kind | file | body |
//! |---|---|---|
//! | `run` | `manifest.json` | [`RunBody`] |
//! | `plan` | `manifest.json` | `PlanBody`, where plans are told |
//! | `exploration` | `manifest.json` | `ExplorationBody`, where explorations are told |
//! | `shard` | `*.shard` | [`ShardBody`](crate::shard::ShardBody) |
//! | `points` | `*.shard` | [`PointsBody`](crate::shard::PointsBody) |

mod inputs;
mod run;

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[cfg(test)]
pub(crate) use inputs::inputs_of;
pub use inputs::{FileHash, InputFile, differing_input, hash, spoilt_input};
pub use run::{PartialEntry, RunBody, RunManifest, RunResults, ScenarioEntry, scenario_hash};

/// What a record is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PackageKind {
    /// A run of a study.
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

impl PackageKind {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            PackageKind::Run => "a run",
            PackageKind::Plan => "a plan",
            PackageKind::Shard => "a shard of a run",
            PackageKind::Points => "a shard of an exploration",
            PackageKind::Exploration => "an exploration",
        }
    }
}

/// What a record of one kind says that no other says.
pub trait Body: Clone + Debug + PartialEq + Serialize + DeserializeOwned {
    /// The kind; `None` if the body is of any kind.
    const KIND: Option<PackageKind>;
    /// What came out beside the files; [`Nothing`] for most.
    type Results: Clone + Debug + PartialEq + Serialize + DeserializeOwned;
}

/// No results beside the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothing {}

/// Largest manifest that is read: it carries its inputs.
pub const MANIFEST_MAX: u64 = 64 << 20;

/// The beginning of every record: enough to know what to make again, and from what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "B: Body")]
pub struct Header<B: Body> {
    /// `brownout`.
    pub program: String,
    /// Version of the program.
    pub version: String,
    /// What it is of; manifests of the first versions do not say it.
    #[serde(default)]
    kind: Option<PackageKind>,
    /// What records of this kind say.
    #[serde(flatten)]
    pub body: B,
    /// Every input file with its hash and content, the first one first.
    pub inputs: Vec<InputFile>,
}

/// `manifest.json`: what was made, from what, and what came out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "B: Body")]
pub struct Manifest<B: Body> {
    /// What was made, from what.
    #[serde(flatten)]
    pub header: Header<B>,
    /// Key numbers.
    #[serde(flatten)]
    pub results: B::Results,
    /// Valid but doubtful things.
    pub warnings: Vec<String>,
    /// BLAKE3 hashes of every output file but this one.
    pub outputs: Vec<FileHash>,
}

/// Why bytes are no record of the kind that is wanted.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// They are no such JSON.
    #[error("{0}")]
    Form(#[from] serde_json::Error),
    /// They are a record of another kind.
    #[error("it is not of {}", .0.words())]
    OtherKind(PackageKind),
}

impl<B: Body> Header<B> {
    /// The beginning of a record that this program makes.
    pub fn new(body: B, inputs: Vec<InputFile>) -> Self {
        Header {
            program: "brownout".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            kind: B::KIND,
            body,
            inputs,
        }
    }

    /// Whether this version of the program made it.
    pub fn is_of_this_version(&self) -> bool {
        self.version == env!("CARGO_PKG_VERSION")
    }

    /// The header on one line.
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a header that stands alone.
    ///
    /// # Errors
    /// [`RecordError`] if it is no header of this kind.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        serde_json::from_slice::<Self>(bytes)?.checked()
    }

    fn checked(self) -> Result<Self, RecordError> {
        match B::KIND {
            Some(wanted) if self.kind != Some(wanted) => Err(RecordError::OtherKind(wanted)),
            _ => Ok(self),
        }
    }
}

impl<B: Body> Manifest<B> {
    /// The manifest of a work, without its outputs.
    pub fn new(body: B, inputs: Vec<InputFile>, results: B::Results, warnings: Vec<String>) -> Self {
        Manifest { header: Header::new(body, inputs), results, warnings, outputs: Vec::new() }
    }

    /// Whether this version of the program made it from these inputs.
    pub fn is_of(&self, inputs: &[InputFile]) -> bool {
        self.header.is_of_this_version() && self.header.inputs == inputs
    }

    /// The file, ending in a line end.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Reads the file.
    ///
    /// # Errors
    /// [`RecordError`] if it is no manifest of this kind.
    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let manifest: Self = serde_json::from_slice(bytes)?;
        Ok(Manifest { header: manifest.header.checked()?, ..manifest })
    }
}

/// The fields of a record whose kind is not known before it is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(Map<String, Value>);

impl Body for Fields {
    const KIND: Option<PackageKind> = None;
    type Results = Nothing;
}

/// A package of outputs of any kind.
pub type Package = Manifest<Fields>;

impl Header<Fields> {
    /// What it is of. The first versions wrote runs and plans without saying so: then the fields tell.
    pub fn kind(&self) -> PackageKind {
        self.kind.unwrap_or_else(|| self.kind_by_fields())
    }

    /// What it says it is, and what its fields tell, if these differ: then it was changed.
    pub fn contradiction(&self) -> Option<(PackageKind, PackageKind)> {
        self.kind.map(|said| (said, self.kind_by_fields())).filter(|(said, told)| said != told)
    }

    fn kind_by_fields(&self) -> PackageKind {
        match |name: &str| self.body.0.contains_key(name) {
            has if has("plan") => PackageKind::Plan,
            has if has("schedules") => PackageKind::Exploration,
            has if has("shard") && has("points") => PackageKind::Points,
            has if has("shard") => PackageKind::Shard,
            _ => PackageKind::Run,
        }
    }

    /// What a record of its kind says.
    ///
    /// # Errors
    /// If a field is missing or of another form.
    pub fn body_of<B: Body>(&self) -> Result<B, serde_json::Error> {
        B::deserialize(Value::Object(self.body.0.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Plan {
        plan: String,
        gap: f64,
    }

    impl Body for Plan {
        const KIND: Option<PackageKind> = Some(PackageKind::Plan);
        type Results = Nothing;
    }

    fn manifest() -> Manifest<Plan> {
        let body = Plan { plan: "a".to_owned(), gap: 0.1 + 0.2 };
        let mut manifest = Manifest::new(body, inputs_of(&["a"]), Nothing {}, vec!["a warning".to_owned()]);
        manifest.outputs.push(FileHash::of("a.csv", b"a"));
        manifest
    }

    #[test]
    fn the_fields_stand_in_one_order_and_come_back() {
        let bytes = manifest().bytes();
        let text = String::from_utf8(bytes.clone()).unwrap();
        let keys = text.lines().filter_map(|line| line.strip_prefix("  \"")?.split_once('"')).map(|(key, _)| key);
        let order = ["program", "version", "kind", "plan", "gap", "inputs", "warnings", "outputs"];
        assert_eq!(keys.collect::<Vec<_>>(), order);
        let again = Manifest::<Plan>::read(&bytes).unwrap();
        assert_eq!((again.bytes(), again), (bytes, manifest()));
    }

    #[test]
    fn a_manifest_of_any_kind_tells_its_kind_and_its_body() {
        let package = Package::read(&manifest().bytes()).unwrap();
        assert_eq!(package.header.kind(), PackageKind::Plan);
        assert_eq!(package.header.body_of::<Plan>().unwrap(), manifest().header.body);
        assert_eq!((package.header.inputs, package.outputs), (manifest().header.inputs, manifest().outputs));
        assert!(package.header.body.0.keys().eq(["gap", "plan"]), "what the head says is no field of the body");
    }

    #[test]
    fn of_a_manifest_of_the_first_versions_the_fields_tell_the_kind() {
        let text = String::from_utf8(manifest().bytes()).unwrap();
        let old = text.replace("  \"kind\": \"plan\",\n", "");
        assert_ne!(old, text);
        let kind = |text: &str| Package::read(text.as_bytes()).unwrap().header.kind();
        assert_eq!((kind(&old), kind(&old.replace("\"plan\":", "\"study\":"))), (PackageKind::Plan, PackageKind::Run));
        assert!(matches!(Manifest::<Plan>::read(old.as_bytes()), Err(RecordError::OtherKind(PackageKind::Plan))));
    }

    #[test]
    fn a_manifest_of_another_kind_is_refused() {
        let text = String::from_utf8(manifest().bytes()).unwrap().replace("\"kind\": \"plan\"", "\"kind\": \"run\"");
        let told = Manifest::<Plan>::read(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(told, "it is not of a plan");
        assert!(matches!(Manifest::<Plan>::read(b"{}"), Err(RecordError::Form(_))));
    }
}
