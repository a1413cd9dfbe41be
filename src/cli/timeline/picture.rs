//! The dates as pictures, one file for each server.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use brownout::store::write::{WriteError, write_file};
use brownout::telling::timeline::picture::png;
use brownout::telling::timeline::{Findings, Subject};

/// The servers that have dates to draw, each with the file its picture goes to.
pub(super) fn paths<'a>(findings: &'a Findings, path: &Path) -> Vec<(&'a Subject, PathBuf)> {
    let several = findings.subjects.len() > 1;
    let dated = findings.subjects.iter().filter(|subject| subject.dates.is_some());
    dated.map(|one| (one, if several { suffixed(path, &one.name) } else { path.to_owned() })).collect()
}

/// Writes a picture; one that exists under the name given is replaced.
pub(super) fn write(findings: &Findings, subject: &Subject, path: &Path) -> anyhow::Result<()> {
    let Some(bytes) = png(findings, subject)? else { return Ok(()) };
    write_file(path, &bytes).map_err(|error| match error {
        WriteError::FileFailed { path, reason } => anyhow!("cannot write {path}: {reason}; choose another --png"),
        other => anyhow!(other),
    })
}

/// `dates.png` with the server's name: `dates-exch1.bear.local.png`.
fn suffixed(path: &Path, server: &str) -> PathBuf {
    let clean: String =
        server.chars().map(|c| if c.is_alphanumeric() || "-._".contains(c) { c } else { '_' }).collect();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().map_or("png".into(), |ending| ending.to_string_lossy());
    path.with_file_name(format!("{stem}-{clean}.{ending}"))
}
