//! The texts in which Exchange shows a build: four numbers, or the two pairs of AdminDisplayVersion.

use brownout_kernel::catalog::{Build, BuildError};

/// The longest text in which AdminDisplayVersion is looked for.
const TEXT_MAX: usize = 200;
/// What Active Directory adds to the third part in `serialNumber`: `Version 15.1 (Build 32507.6)`.
const DIRECTORY_OFFSET: u16 = 30_000;

/// A build as people paste it: `15.1.2507.16`, `15.01.2507.016` or `Version 15.1 (Build 2507.6)`, with other words around it.
///
/// # Errors
/// [`BuildError`], as for four numbers.
pub fn read(text: &str) -> Result<Build, BuildError> {
    text.parse().or_else(|error| match error {
        BuildError::NotFourParts { .. } => display_version(text).ok_or(error),
        other => Err(other),
    })
}

/// The shape of AdminDisplayVersion, `Version 15.1 (Build 2507.6)`.
fn display_version(text: &str) -> Option<Build> {
    if text.len() > TEXT_MAX || !text.to_ascii_lowercase().contains("build") {
        return None;
    }
    let runs = text.split(|c: char| !c.is_ascii_digit() && c != '.').map(|run| run.trim_matches('.'));
    let pairs: Vec<(u16, u16)> = runs.filter(|run| !run.is_empty()).map(pair).collect::<Option<_>>()?;
    let [(major, minor), (third, revision)] = pairs.as_slice() else { return None };
    let build = if *third >= DIRECTORY_OFFSET { third - DIRECTORY_OFFSET } else { *third };
    Some(Build::new(*major, *minor, build, *revision))
}

fn pair(run: &str) -> Option<(u16, u16)> {
    let (left, right) = run.split_once('.')?;
    Some((left.parse().ok()?, right.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_display_form_reads_like_four_numbers() {
        for (text, expected) in [
            ("15.01.2507.016", Build::new(15, 1, 2507, 16)),
            ("Version 15.1 (Build 2507.16)", Build::new(15, 1, 2507, 16)),
            ("Version 15.1 (Build 32507.6)", Build::new(15, 1, 2507, 6)),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
        for text in ["Version 15.1", "15.1 2507.6", "Version 15.1 (Build 2507.6.1)", "Build 15.1 (2507.70000)"] {
            assert!(matches!(read(text), Err(BuildError::NotFourParts { .. })), "{text}");
        }
    }
}
