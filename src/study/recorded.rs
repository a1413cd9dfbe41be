//! Studies from recorded input files, without any file being there.

use std::path::Path;
use std::sync::Arc;

use super::Study;
use super::compose::compose;
use super::problem::{Problem, Severity};
use super::text::SourceFile;

/// The study that recorded files make up, the study's own file first, and what is valid but doubtful about it.
///
/// # Errors
/// One sentence, if a file is missing or not valid.
pub fn compose_recorded(files: &[Arc<SourceFile>]) -> Result<(Study, Vec<Problem>), String> {
    let study_file = files.first().ok_or("no input is recorded")?;
    let directory = Path::new(&study_file.path).parent().unwrap_or_else(|| Path::new(""));
    let name =
        Path::new(&study_file.path).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let mut reader = |relative: &str| {
        let wanted = directory.join(relative).display().to_string();
        files.iter().find(|file| file.path == wanted).cloned().ok_or_else(|| format!("{wanted} is not recorded"))
    };
    let (study, problems) = compose(&name, study_file, &mut reader);
    let error = problems.iter().find(|problem| problem.severity == Severity::Error);
    match (study, error) {
        (Some(study), None) => Ok((study, problems)),
        (_, Some(error)) => Err(format!("the recorded inputs are not valid: {}", error.line())),
        (None, None) => Err("the recorded inputs are not valid".to_owned()),
    }
}
