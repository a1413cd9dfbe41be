//! Build numbers: four parts, read with other words around them.

use std::fmt;
use std::str::FromStr;

/// The longest text in which a build is looked for.
const TEXT_MAX: usize = 200;

/// A build number `major.minor.build.revision`, ordered part by part.
///
/// ```
/// use brownout_kernel::catalog::Build;
/// let build: Build = "15.01.2507.016".parse().unwrap();
/// assert_eq!(build.to_string(), "15.1.2507.16");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Build {
    /// First part.
    pub major: u16,
    /// Second part.
    pub minor: u16,
    /// Third part.
    pub build: u16,
    /// Fourth part.
    pub revision: u16,
}

/// Why a text holds no build.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// No group of four numbers.
    #[error("\"{text}\" is not a build; expected four numbers such as 15.1.2507.16")]
    NotFourParts {
        /// What was read, shortened.
        text: String,
    },
    /// A part beyond what a Windows file version can hold.
    #[error("\"{text}\" is not a build; each of its four numbers must be at most 65535; check for a missing dot")]
    PartTooLarge {
        /// What was read, shortened.
        text: String,
    },
    /// Two different builds in one text.
    #[error("\"{text}\" names more than one build; expected exactly one; keep the one that is meant")]
    SeveralBuilds {
        /// What was read, shortened.
        text: String,
    },
}

impl Build {
    /// The build with these four parts.
    pub const fn new(major: u16, minor: u16, build: u16, revision: u16) -> Self {
        Build { major, minor, build, revision }
    }
}

impl fmt::Display for Build {
    /// The short form, `15.1.2507.16`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}.{}.{}", self.major, self.minor, self.build, self.revision))
    }
}

impl FromStr for Build {
    type Err = BuildError;

    /// Reads four numbers, zero-padded or not, with other words around them.
    fn from_str(text: &str) -> Result<Self, BuildError> {
        let shown = || text.trim().chars().take(60).collect::<String>();
        if text.len() > TEXT_MAX {
            return Err(BuildError::NotFourParts { text: shown() });
        }
        let mut found: Vec<[u16; 4]> = Vec::new();
        for group in number_groups(text).iter().filter(|group| group.len() == 4 && !group.contains(&"")) {
            let parts = numbers(group).ok_or_else(|| BuildError::PartTooLarge { text: shown() })?;
            found.push([parts[0], parts[1], parts[2], parts[3]]);
        }
        found.dedup();
        match found.as_slice() {
            [[a, b, c, d]] => Ok(Build::new(*a, *b, *c, *d)),
            [] => Err(BuildError::NotFourParts { text: shown() }),
            _ => Err(BuildError::SeveralBuilds { text: shown() }),
        }
    }
}

/// The runs of digits and dots in `text` that end with a word, each split at its dots: `2507.16b` is no number.
fn number_groups(text: &str) -> Vec<Vec<&str>> {
    let runs = text.split_inclusive(|c: char| !c.is_ascii_digit() && c != '.');
    runs.filter(|run| !run.ends_with(char::is_alphabetic))
        .map(|run| run.trim_end_matches(|c: char| !c.is_ascii_digit() && c != '.').trim_matches('.'))
        .filter(|run| !run.is_empty())
        .map(|run| run.split('.').collect())
        .collect()
}

fn numbers(parts: &[&str]) -> Option<Vec<u16>> {
    parts.iter().map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Build {
        text.parse().unwrap()
    }

    #[test]
    fn short_and_padded_forms_read_alike() {
        let expected = Build::new(15, 1, 2507, 16);
        for text in ["15.1.2507.16", "15.01.2507.016", " 15.1.2507.16\r\n"] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(read("8.03.0517.000"), Build::new(8, 3, 517, 0));
    }

    #[test]
    fn words_around_a_build_do_not_matter() {
        assert_eq!(read("id 15.2.1118.39 via Frontend Transport"), Build::new(15, 2, 1118, 39));
        assert_eq!(read("build: 15.2.1118.39."), Build::new(15, 2, 1118, 39));
        assert_eq!(read("15.2.1118.39 (15.02.1118.039)"), Build::new(15, 2, 1118, 39));
    }

    #[test]
    fn rejects_what_is_not_one_build() {
        for text in ["", "CU23", "15.1.2507", "15.1.2507.16.1", "15.1.2507.-16", "15..2507.16", "2016", "15.1.2507.16b"]
        {
            assert!(matches!(text.parse::<Build>(), Err(BuildError::NotFourParts { .. })), "{text}");
        }
        assert!(matches!("15.1.250716.16".parse::<Build>(), Err(BuildError::PartTooLarge { .. })));
        assert!(matches!("15.1.2507.16 15.1.2507.17".parse::<Build>(), Err(BuildError::SeveralBuilds { .. })));
        assert!("1.".repeat(10_000).parse::<Build>().is_err());
    }

    #[test]
    fn the_message_names_text_and_rule() {
        let message = "15.1.2507".parse::<Build>().unwrap_err().to_string();
        assert!(message.contains("\"15.1.2507\"") && message.contains("four numbers"));
    }

    #[test]
    fn builds_order_part_by_part() {
        assert!(read("15.2.1544.48") < read("15.2.1748.10"));
        assert!(read("15.1.2507.9") < read("15.1.2507.12"));
        assert!(read("8.3.517.0") < read("14.0.639.21"));
    }
}
