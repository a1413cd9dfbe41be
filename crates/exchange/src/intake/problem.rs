//! What can be wrong with a report, worded for the person who exported it.

use std::fmt;

/// How many problems a message spells out before it only counts them.
const SHOWN_MAX: usize = 50;

/// What kind of thing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// A required field is absent or empty.
    Missing,
    /// A date cannot be read or does not exist.
    Date,
    /// The order of day and month cannot be settled, or the stated one is impossible.
    DateOrder,
    /// Minutes per hour that are no such thing.
    Number,
    /// A server name that cannot be one.
    Name,
    /// The form itself is broken: JSON that does not parse, a CSV row of the wrong width.
    Syntax,
    /// A value far larger than the report ever holds.
    Size,
}

/// One problem: where, what was found, the rule it breaks and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of thing is wrong.
    pub kind: ProblemKind,
    /// Line of the file, from 1.
    pub line: usize,
    /// Field concerned, or the part of the file.
    pub field: String,
    /// What was found, shortened; empty when something is missing.
    pub value: String,
    /// The rule it breaks.
    pub rule: String,
    /// What to do about it.
    pub remedy: String,
}

/// Why a file is not a usable report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntakeError {
    /// More bytes than any report has.
    TooLarge {
        /// Size of the file.
        bytes: usize,
        /// The most that is read.
        limit: usize,
    },
    /// Binary content.
    NotText {
        /// Place of the first byte that cannot be text.
        offset: usize,
    },
    /// Text in a form that loses or hides what is needed, or of something else than the report.
    Other(super::other::Other),
    /// No column of the name that was given for the tenant.
    NoTenantColumn {
        /// The name.
        wanted: String,
        /// Names of the file's columns, at most ten.
        seen: Vec<String>,
    },
    /// Text without any field of the report.
    NoReport {
        /// Names of fields found instead, at most ten.
        seen: Vec<String>,
    },
    /// Everything wrong with a file that is a report, by line.
    Problems(Vec<Problem>),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {} ", self.line, self.field)?;
        if self.value.is_empty() {
            write!(f, "is missing")?;
        } else {
            write!(f, "is \"{}\"", self.value)?;
        }
        write!(f, "; {}; {}", self.rule, self.remedy)
    }
}

impl fmt::Display for IntakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const AGAIN: &str = "save the output of Get-OnPremServerReportInfo | Format-List";
        match self {
            IntakeError::Other(other) => write!(f, "{other}"),
            IntakeError::NoTenantColumn { wanted, seen } => {
                write!(f, "the report has no column \"{}\" for the tenant; it has {}", shown(wanted), seen.join(", "))
            }
            IntakeError::TooLarge { bytes, limit } => {
                write!(f, "the report has {bytes} bytes; expected at most {limit}; {AGAIN}")
            }
            IntakeError::NotText { offset } => {
                write!(f, "the report is binary from byte {offset} on; expected text in UTF-8 or UTF-16; {AGAIN}")
            }
            IntakeError::NoReport { seen } => {
                write!(f, "the report has none of the fields {}; ", super::draft::FIELDS.join(", "))?;
                if !seen.is_empty() {
                    write!(f, "found {}; ", seen.join(", "))?;
                }
                write!(f, "{AGAIN} from Exchange Online PowerShell")
            }
            IntakeError::Problems(problems) => {
                let shown: Vec<String> = problems.iter().take(SHOWN_MAX).map(Problem::to_string).collect();
                f.write_str(&shown.join("\n"))?;
                match problems.len().saturating_sub(SHOWN_MAX) {
                    0 => Ok(()),
                    more => write!(f, "\nand {more} more problems"),
                }
            }
        }
    }
}

impl std::error::Error for IntakeError {}

/// A value fit for a message: one line, at most 80 characters.
pub(super) fn shown(value: &str) -> String {
    let start: String = value.trim().chars().take(81).map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c }).collect();
    brownout_text::outside::shortened(&start, 80)
}
