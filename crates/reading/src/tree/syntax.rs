//! What can be wrong with the form of a text.

use std::ops::Range;
use std::sync::Arc;

use crate::problem::{Problem, Severity};
use crate::text::{Place, SourceFile};

/// One thing that is wrong, and where.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: String,
}

impl Fault {
    pub(super) fn at(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Fault { range, message: message.into(), help: help.into() }
    }

    pub(super) fn unexpected(c: char, at: usize) -> Self {
        let shown = brownout_text::outside::printable(c.encode_utf8(&mut [0; 4])).into_owned();
        Fault::at(at..at + c.len_utf8(), format!("the character {shown} is not expected here"), "")
    }

    pub(super) fn ends(range: Range<usize>) -> Self {
        Fault::at(range, "the text ends in the middle", "a bracket or quote is never closed; is the file complete?")
    }

    pub(super) fn escape(range: Range<usize>) -> Self {
        let help = "\\n, \\t, \\\\, \\\" and \\u{e9} are; or write r\"...\", where a backslash is itself";
        Fault::at(range, "this is no escape sequence", help)
    }

    /// The problem of a field in a file.
    pub(super) fn problem(self, file: &Arc<SourceFile>, field: &str) -> Problem {
        Problem {
            severity: Severity::Error,
            place: Some(Place { file: Arc::clone(file), range: self.range }),
            field: field.to_owned(),
            message: self.message,
            help: self.help,
        }
    }
}
