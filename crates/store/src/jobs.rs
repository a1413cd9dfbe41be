//! Ready files for engines that share out work: each lives one shard after another with the program as it is, and may lose a
//! machine at any time.
//!
//! Nothing here schedules anything. Every file keeps to three rules: a shard is asked for by its number, from 1 on, also where
//! the engine counts from 0; exit code 2 (a file is wrong) is never tried again; a shard that is there is not lived again.

use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use crate::shard::file_name;
use brownout_experiment::Shard;

/// Something that shares out work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // names of products
pub enum Engine {
    Dask,
    Slurm,
    Kubernetes,
    HyperQueue,
    Parallel,
    Snakemake,
}

impl Engine {
    /// All engines.
    pub const ALL: [Engine; 6] =
        [Engine::Dask, Engine::Slurm, Engine::Kubernetes, Engine::HyperQueue, Engine::Parallel, Engine::Snakemake];

    /// How it is asked for.
    pub fn key(self) -> &'static str {
        match self {
            Engine::Dask => "dask",
            Engine::Slurm => "slurm",
            Engine::Kubernetes => "kubernetes",
            Engine::HyperQueue => "hyperqueue",
            Engine::Parallel => "parallel",
            Engine::Snakemake => "snakemake",
        }
    }

    /// Name of its file, the command that starts it, and the text with its gaps.
    fn template(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Engine::Dask => ("shards.py", "python3 shards.py", include_str!("jobs/dask.py")),
            Engine::Slurm => ("shards.sbatch", "sbatch shards.sbatch", include_str!("jobs/slurm.sh")),
            Engine::Kubernetes => ("shards.yaml", "kubectl apply -f shards.yaml", include_str!("jobs/kubernetes.yaml")),
            Engine::HyperQueue => ("shards.sh", "sh shards.sh", include_str!("jobs/hyperqueue.sh")),
            Engine::Parallel => ("shards.sh", "sh shards.sh", include_str!("jobs/parallel.sh")),
            Engine::Snakemake => ("Snakefile", "snakemake --cores all", include_str!("jobs/Snakefile")),
        }
    }
}

/// What is shared out.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// `run` or `explore`.
    pub command: &'a str,
    /// Name of the study or exploration, as shard files begin with it.
    pub name: &'a str,
    /// How many shards, at least 1.
    pub shards: u32,
    /// Path, in the folder of inputs, and text of every input file; the one that is asked for first.
    pub inputs: &'a [(String, String)],
}

/// Folder of the input files beside the engine's file.
pub const INPUTS: &str = "inputs";

/// Why there are no files for a job.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum JobError {
    #[error("{path} is named by its whole path, which other machines do not have; name it by its way from {from}")]
    Absolute { path: String, from: String },
    #[error(
        "the inputs take {bytes} bytes, and Kubernetes keeps at most {most} in a ConfigMap; put them into the image, or use \
         another engine"
    )]
    TooLarge { bytes: usize, most: usize },
}

/// Most bytes of a ConfigMap, with some room for names.
const CONFIG_MAP_MAX: usize = 1_000_000;

/// The engine's file: its name, how it is started, and its text.
///
/// # Errors
/// [`JobError::TooLarge`] if the engine cannot carry the inputs.
pub fn file(engine: Engine, job: Job<'_>) -> Result<(&'static str, &'static str, String), JobError> {
    let (name, start, template) = engine.template();
    let bytes = job.inputs.iter().map(|(_, text)| text.len()).sum();
    if engine == Engine::Kubernetes && bytes > CONFIG_MAP_MAX {
        return Err(JobError::TooLarge { bytes, most: CONFIG_MAP_MAX });
    }
    let first = job.inputs.first().map_or("", |(path, _)| path.as_str());
    let digits = job.shards.to_string().len();
    // All but the number, which the engine fills in.
    let shard = file_name(job.name, Shard::ALL);
    let stem = shard.split("-1-of-1").next().unwrap_or(job.name).to_owned();
    let paths = job.inputs.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    let gaps = [
        ("@SHARDS@", job.shards.to_string()),
        ("@LAST@", (job.shards - 1).to_string()),
        ("@DIGITS@", digits.to_string()),
        ("@COMMAND@", job.command.to_owned()),
        ("@LABEL@", label(job.name)),
        ("@FILE_SH@", in_shell(&format!("{INPUTS}/{first}"))),
        ("@FILE_JSON@", in_json(first)),
        ("@MOUNTED_JSON@", in_json(&format!("/{INPUTS}/{first}"))),
        ("@STEM_JSON@", in_json(&stem)),
        ("@PATHS_JSON@", serde_json::to_string(&paths).unwrap_or_default()),
        ("@TEXTS_YAML@", texts(job.inputs)),
        ("@ITEMS_YAML@", items(job.inputs)),
    ];
    // The gaps of the template alone are filled: what fills them is not read again.
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('@') {
        let gap = gaps.iter().find(|(gap, _)| rest[at..].starts_with(gap));
        let (filled, length) = gap.map_or(("@", 1), |(gap, filled)| (filled.as_str(), gap.len()));
        text.push_str(&rest[..at]);
        text.push_str(filled);
        rest = &rest[at + length..];
    }
    text.push_str(rest);
    Ok((name, start, text))
}

/// A name as engines allow it for a job: small letters, digits and hyphens, at most 40 of them.
fn label(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let label: String = name.chars().map(plain).take(40).collect();
    let label = label.trim_matches('-');
    if label.is_empty() { "brownout".to_owned() } else { label.to_owned() }
}

/// One word of a shell.
fn in_shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A text as JSON, which YAML and Python read alike.
fn in_json(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

fn texts(inputs: &[(String, String)]) -> String {
    let mut lines = String::new();
    for (at, (_, text)) in inputs.iter().enumerate() {
        let _ = writeln!(lines, "  input-{at}: {}", in_json(text));
    }
    lines.trim_end().to_owned()
}

fn items(inputs: &[(String, String)]) -> String {
    let item = |(at, (path, _)): (usize, &(String, String))| {
        format!("              - {{key: input-{at}, path: {}}}", in_json(path))
    };
    inputs.iter().enumerate().map(item).collect::<Vec<_>>().join("\n")
}

/// Where files lie in one folder that holds them all, as they lie to one another.
///
/// - `files`: whole paths; the first one's folder is where the others are named from.
/// - `named`: the paths by which the files name one another.
///
/// # Errors
/// [`JobError::Absolute`] if a file is named by its whole path.
pub fn layout(files: &[PathBuf], named: &[String]) -> Result<Vec<String>, JobError> {
    let from = || files.first().map_or_else(String::new, |file| file.display().to_string());
    if let Some(path) = named.iter().find(|path| Path::new(path).is_absolute()) {
        return Err(JobError::Absolute { path: path.clone(), from: from() });
    }
    let whole: Vec<Vec<String>> = files.iter().map(|file| parts(file)).collect();
    let folders = |path: &Vec<String>| path[..path.len().saturating_sub(1)].to_vec();
    let mut shared = whole.first().map(folders).unwrap_or_default();
    for path in &whole {
        let same = shared.iter().zip(&folders(path)).take_while(|(a, b)| a == b).count();
        shared.truncate(same);
    }
    Ok(whole.iter().map(|path| path[shared.len()..].join("/")).collect())
}

/// The parts of a path without `.` and `..`.
fn parts(path: &Path) -> Vec<String> {
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(parts.pop()),
            Component::CurDir => {}
            part => parts.push(part.as_os_str().to_string_lossy().into_owned()),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_keep_their_places_to_one_another() {
        let files = ["/a/b/explore/q.ron", "/a/b/explore/../q.ron", "/a/b/worlds/w.ron"].map(PathBuf::from);
        assert_eq!(layout(&files, &["../q.ron".to_owned()]).unwrap(), ["explore/q.ron", "q.ron", "worlds/w.ron"]);
        assert_eq!(layout(&files[..1], &[]).unwrap(), ["q.ron"]);
        let told = layout(&files, &["/data/w.ron".to_owned()]).unwrap_err().to_string();
        assert!(told.contains("/data/w.ron is named by its whole path"), "{told}");
    }

    #[test]
    fn no_gap_is_left_and_what_fills_one_is_not_read_again() {
        let inputs = [("it's @SHARDS@.ron".to_owned(), "( version: 1 ) \"@LAST@\"".to_owned())];
        let job = Job { command: "run", name: "it's @SHARDS@", shards: 64, inputs: &inputs };
        for engine in Engine::ALL {
            let (_, _, text) = file(engine, job).unwrap();
            for gap in ["@COMMAND@", "@LABEL@", "@FILE", "@STEM", "@PATHS", "@TEXTS", "@ITEMS", "@MOUNTED", "@DIGITS"] {
                assert!(!text.contains(gap), "{engine:?}: {gap}");
            }
            assert!(text.contains("64"), "{engine:?}");
        }
        let (_, _, text) = file(Engine::Slurm, job).unwrap();
        assert!(text.contains(r"'inputs/it'\''s @SHARDS@.ron'"), "{text}");
    }

    #[test]
    fn engines_that_count_from_0_are_told_to_count_from_1() {
        let inputs = [("a.ron".to_owned(), String::new())];
        let job = Job { command: "explore", name: "a", shards: 16, inputs: &inputs };
        let text = |engine| file(engine, job).unwrap().2;
        assert!(text(Engine::Slurm).contains("--array=1-16"));
        assert!(text(Engine::HyperQueue).contains("--array \"${1:-1-16}\""));
        assert!(text(Engine::Parallel).contains("seq 1 16"));
        assert!(text(Engine::Kubernetes).contains("JOB_COMPLETION_INDEX + 1"));
        assert!(text(Engine::Kubernetes).contains("completions: 16"));
        let large = [("a.ron".to_owned(), "x".repeat(CONFIG_MAP_MAX + 1))];
        assert!(matches!(file(Engine::Kubernetes, Job { inputs: &large, ..job }), Err(JobError::TooLarge { .. })));
    }
}
