//! Build numbers: reading them as people paste them, printing both forms Microsoft uses.

use std::fmt;
use std::str::FromStr;

/// The longest text in which a build is looked for.
const TEXT_MAX: usize = 200;
/// What Active Directory adds to the third part in `serialNumber`: `Version 15.1 (Build 32507.6)`.
const DIRECTORY_OFFSET: u16 = 30_000;

/// A build number `major.minor.build.revision`, ordered part by part.
///
/// ```
/// use brownout_kernel::catalog::Build;
/// let build: Build = "15.01.2507.016".parse().unwrap();
/// assert_eq!(build.to_string(), "15.1.2507.16");
/// assert_eq!(build.padded(), "15.01.2507.016");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Build {
    /// First part: 8, 14 or 15 so far.
    pub major: u16,
    /// Second part.
    pub minor: u16,
    /// Third part: the cumulative update of Exchange 2013 and later.
    pub build: u16,
    /// Fourth part.
    pub revision: u16,
}

/// The builds that are serviced together and may be compared with one another.
///
/// One cumulative update (the first three parts) from major version 15 on, one service pack (the first two) before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane {
    /// First part of its builds.
    pub major: u16,
    /// Second part of its builds.
    pub minor: u16,
    /// Third part of its builds; `None` where the lane is a service pack.
    pub build: Option<u16>,
}

/// Why a text holds no build.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// No group of four numbers, nor `Version 15.1 (Build 2507.6)`.
    #[error(
        "\"{text}\" is not a build; expected four numbers such as 15.1.2507.16; \
         take the file version of ExSetup.exe on that server"
    )]
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

    /// The lane this build is serviced in.
    ///
    /// ```
    /// use brownout_kernel::catalog::Build;
    /// assert_eq!(Build::new(15, 2, 1748, 39).lane().to_string(), "15.2.1748");
    /// assert_eq!(Build::new(14, 3, 513, 0).lane().to_string(), "14.3");
    /// ```
    pub const fn lane(self) -> Lane {
        let build = if self.major >= 15 { Some(self.build) } else { None };
        Lane { major: self.major, minor: self.minor, build }
    }

    /// The long form, `15.01.2507.016`; Exchange 2007 leaves its first part unpadded, `8.03.0517.000`.
    pub fn padded(self) -> String {
        let major = if self.major == 8 { "8".to_owned() } else { format!("{:02}", self.major) };
        format!("{major}.{:02}.{:04}.{:03}", self.minor, self.build, self.revision)
    }

    /// The build as it takes part in comparisons: Exchange 2007 stamps mail with a fourth part of its own
    /// (8.3.298.1 for the release 8.3.298.3), so there the fourth part does not count.
    pub const fn comparable(self) -> Build {
        if self.major == 8 { Build { revision: 0, ..self } } else { self }
    }
}

impl fmt::Display for Build {
    /// The short form, `15.1.2507.16`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}.{}.{}", self.major, self.minor, self.build, self.revision))
    }
}

impl fmt::Display for Lane {
    /// `15.2.1748`, or `14.3` for a service pack.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        self.build.map_or(Ok(()), |build| write!(f, ".{build}"))
    }
}

impl FromStr for Build {
    type Err = BuildError;

    /// Reads the short form, the zero-padded form and `Version 15.1 (Build 2507.6)`, with other words around it.
    fn from_str(text: &str) -> Result<Self, BuildError> {
        let shown = || text.trim().chars().take(60).collect::<String>();
        if text.len() > TEXT_MAX {
            return Err(BuildError::NotFourParts { text: shown() });
        }
        let groups: Vec<Vec<&str>> = number_groups(text);
        let mut found: Vec<[u16; 4]> = Vec::new();
        for group in groups.iter().filter(|group| group.len() == 4 && !group.contains(&"")) {
            let parts = numbers(group).ok_or_else(|| BuildError::PartTooLarge { text: shown() })?;
            found.push([parts[0], parts[1], parts[2], parts[3]]);
        }
        found.dedup();
        match found.as_slice() {
            [[a, b, c, d]] => Ok(Build::new(*a, *b, *c, *d)),
            [] => display_version(text, &groups).ok_or_else(|| BuildError::NotFourParts { text: shown() }),
            _ => Err(BuildError::SeveralBuilds { text: shown() }),
        }
    }
}

/// The runs of digits and dots in `text`, each split at its dots.
fn number_groups(text: &str) -> Vec<Vec<&str>> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|run| run.trim_matches('.'))
        .filter(|run| !run.is_empty())
        .map(|run| run.split('.').collect())
        .collect()
}

fn numbers(parts: &[&str]) -> Option<Vec<u16>> {
    parts.iter().map(|part| part.parse().ok()).collect()
}

/// The shape of AdminDisplayVersion, `Version 15.1 (Build 2507.6)`.
fn display_version(text: &str, groups: &[Vec<&str>]) -> Option<Build> {
    let [head, tail] = groups else { return None };
    if head.len() != 2 || tail.len() != 2 || !text.to_ascii_lowercase().contains("build") {
        return None;
    }
    let (head, tail) = (numbers(head)?, numbers(tail)?);
    let build = if tail[0] >= DIRECTORY_OFFSET { tail[0] - DIRECTORY_OFFSET } else { tail[0] };
    Some(Build::new(head[0], head[1], build, tail[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Build {
        text.parse().unwrap()
    }

    #[test]
    fn short_padded_and_display_forms_read_alike() {
        let expected = Build::new(15, 1, 2507, 16);
        for text in ["15.1.2507.16", "15.01.2507.016", " 15.1.2507.16\r\n", "Version 15.1 (Build 2507.16)"] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(read("Version 15.1 (Build 32507.6)"), Build::new(15, 1, 2507, 6), "as the directory stores it");
        assert_eq!(read("8.03.0517.000"), Build::new(8, 3, 517, 0));
    }

    #[test]
    fn words_around_a_build_do_not_matter() {
        assert_eq!(read("id 15.2.1118.39 via Frontend Transport"), Build::new(15, 2, 1118, 39));
        assert_eq!(read("build: 15.2.1118.39."), Build::new(15, 2, 1118, 39));
        assert_eq!(read("15.2.1118.39 (15.02.1118.039)"), Build::new(15, 2, 1118, 39));
    }

    #[test]
    fn only_exchange_2007_leaves_its_first_part_unpadded() {
        assert_eq!(Build::new(8, 3, 517, 0).padded(), "8.03.0517.000");
        assert_eq!(Build::new(14, 0, 639, 21).padded(), "14.00.0639.021");
    }

    #[test]
    fn rejects_what_is_not_one_build() {
        for text in ["", "CU23", "15.1.2507", "15.1.2507.16.1", "15.1.2507.-16", "15..2507.16", "2016"] {
            assert!(matches!(text.parse::<Build>(), Err(BuildError::NotFourParts { .. })), "{text}");
        }
        assert!(matches!("15.1.250716.16".parse::<Build>(), Err(BuildError::PartTooLarge { .. })));
        assert!(matches!("15.1.2507.16 15.1.2507.17".parse::<Build>(), Err(BuildError::SeveralBuilds { .. })));
        assert!("1.".repeat(10_000).parse::<Build>().is_err());
    }

    #[test]
    fn the_message_names_text_rule_and_remedy() {
        let message = "15.1.2507".parse::<Build>().unwrap_err().to_string();
        assert!(message.contains("\"15.1.2507\"") && message.contains("four numbers") && message.contains("ExSetup"));
    }

    #[test]
    fn builds_order_part_by_part() {
        assert!(read("15.2.1544.48") < read("15.2.1748.10"));
        assert!(read("15.1.2507.9") < read("15.1.2507.12"));
        assert!(read("8.3.517.0") < read("14.0.639.21"));
    }
}
