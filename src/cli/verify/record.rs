//! What was recorded of results: in a directory's manifest, or in a picture.

use std::path::{Path, PathBuf};

use brownout::chart::read_png_text;
use brownout::reading::files;
use brownout::store::manifest::{Body, Fields, Header, InputFile, MANIFEST_MAX, Package, PackageKind, RunBody};
use brownout::store::write::{MANIFEST, is_result_name};
use brownout::telling::bundle::png_keys;
use brownout::telling::plan::{PlanBody, PlanOptions, png_keys as plan_keys};
use serde::de::DeserializeOwned;

/// Largest picture that is read.
const PICTURE_MAX: u64 = 128 << 20;
/// Most files that a manifest may list; no run writes more than a few dozen.
const NAMES_MAX: usize = 1_000;
/// Why partial results are refused.
const PARTIAL: &str = "of a partial result, which no run gives by itself; merge all shards, then verify";

/// What was recorded.
pub(super) struct Record {
    pub(super) version: String,
    pub(super) what: What,
    pub(super) inputs: Vec<InputFile>,
    pub(super) charts: bool,
    pub(super) recorded: Recorded,
}

/// What is to be made again.
pub(super) enum What {
    Run {
        seed: u64,
        replications: u32,
        precision: Option<String>,
    },
    Plan {
        options: Box<PlanOptions>,
    },
    /// The points, all of them.
    Exploration,
}

/// What is to be compared.
pub(super) enum Recorded {
    Directory { path: PathBuf, names: Vec<String> },
    Picture { name: String, bytes: Vec<u8> },
}

/// Reads what was recorded; the error is for people.
pub(super) fn read(path: &Path) -> Result<Record, String> {
    if path.is_dir() { directory(path) } else { picture(path) }
}

fn directory(path: &Path) -> Result<Record, String> {
    let manifest = path.join(MANIFEST);
    let shown = manifest.display().to_string();
    let bytes = files::read(&manifest, MANIFEST_MAX).map_err(|error| {
        format!("cannot read {shown}: {error}; name a directory that `brownout run`, `plan` or `explore` wrote")
    })?;
    let package = Package::read(&bytes).map_err(|error| damaged(&shown, &error))?;
    let mut names: Vec<String> = package.outputs.into_iter().map(|output| output.file).collect();
    if names.len() > NAMES_MAX {
        return Err(format!("{shown} lists {} files; expected at most {NAMES_MAX}", names.len()));
    }
    names.push(MANIFEST.to_owned());
    names.sort();
    if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(format!("{shown} lists \"{}\" twice; it was changed", pair[0]));
    }
    if let Some(name) = names.iter().find(|name| !is_result_name(name)) {
        return Err(format!("{shown} lists \"{name}\", which is no name of a result file; it was changed"));
    }
    let charts = names.iter().any(|name| name.ends_with(".png"));
    let what = what(&shown, &package.header)?;
    let Header { version, inputs, .. } = package.header;
    let recorded = Recorded::Directory { path: path.to_path_buf(), names };
    Ok(Record { version, what, inputs, charts, recorded })
}

/// What a manifest is of, by its kind.
fn what(shown: &str, header: &Header<Fields>) -> Result<What, String> {
    if let Some((said, told)) = header.contradiction() {
        return Err(format!(
            "{shown}: its \"kind\" says {}, its fields are those of {}; it was changed",
            said.words(),
            told.words()
        ));
    }
    match header.kind() {
        PackageKind::Run => {
            let RunBody { seed, replications, precision, partial, .. } = body(shown, header)?;
            if partial.is_some() {
                return Err(format!("{shown} is {PARTIAL}"));
            }
            Ok(What::Run { seed, replications, precision })
        }
        PackageKind::Plan => {
            let PlanBody { options, .. } = body(shown, header)?;
            Ok(What::Plan { options: Box::new(options) })
        }
        PackageKind::Exploration => Ok(What::Exploration),
        kind @ (PackageKind::Shard | PackageKind::Points) => {
            Err(format!("{shown} says that it is {}; it was changed", kind.words()))
        }
    }
}

fn body<B: Body>(shown: &str, header: &Header<Fields>) -> Result<B, String> {
    header.body_of().map_err(|error| damaged(shown, &error))
}

fn damaged(shown: &str, error: &dyn std::fmt::Display) -> String {
    format!("{shown} is damaged: {error}")
}

fn parse<T: DeserializeOwned>(shown: &str, bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| damaged(shown, &error))
}

fn picture(path: &Path) -> Result<Record, String> {
    let shown = path.display().to_string();
    let bytes = files::read(path, PICTURE_MAX).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let text = read_png_text(&bytes).map_err(|error| {
        let cause = std::error::Error::source(&error).map_or(String::new(), |cause| format!(": {cause}"));
        format!("{shown}: {error}{cause}; name a picture (PNG) of a run or a plan, or the directory of any results")
    })?;
    let find = |key: &str| text.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str());
    let value = |key: &str| find(key).ok_or_else(|| format!("{shown} was not drawn by brownout: it has no \"{key}\""));
    if find(png_keys::EXPLORATION).is_some() {
        return Err(format!(
            "{shown} is a picture of an exploration, which does not carry its inputs; name the directory of the exploration"
        ));
    }
    if find(png_keys::PARTIAL).is_some() {
        return Err(format!("{shown} is {PARTIAL}"));
    }
    let number = |key: &str| value(key)?.parse::<u64>().map_err(|_| format!("{shown}: \"{key}\" is not a number"));
    let what = if find(plan_keys::PLAN).is_some() {
        let options =
            find(plan_keys::OPTIONS).map_or(Ok(PlanOptions::default()), |text| parse(&shown, text.as_bytes()))?;
        What::Plan { options: Box::new(options) }
    } else {
        let replications = u32::try_from(number(png_keys::REPLICATIONS)?).unwrap_or(u32::MAX);
        What::Run { seed: number(png_keys::SEED)?, replications, precision: None }
    };
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(Record {
        version: value(png_keys::VERSION)?.to_owned(),
        what,
        inputs: parse(&shown, value(png_keys::INPUTS)?.as_bytes())?,
        charts: true,
        recorded: Recorded::Picture { name, bytes },
    })
}
