//! Why a command ends without having done what was asked of it.

use super::interrupt::STOPPED;
use super::{FAILED, REFUSED};

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Arguments or files are wrong: what to say, an error on each line.
    Refused(String),
    /// It was told already: the exit code.
    Told(u8),
    /// The work failed.
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Stop::Failed(error.into())
    }
}

impl Stop {
    /// Arguments or files are wrong, and that was told.
    pub(crate) const REFUSED: Stop = Stop::Told(REFUSED);
    /// The work failed, and that was told.
    pub(crate) const FAILED: Stop = Stop::Told(FAILED);

    /// Ctrl-C ended the work; how to go on.
    pub(crate) fn interrupted(how: &str) -> Stop {
        eprintln!("stopped; {how}");
        Stop::Told(STOPPED)
    }

    /// Says what was not told yet, and gives the exit code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Stop::Refused(words) => {
                words.lines().for_each(|line| eprintln!("error: {line}"));
                REFUSED
            }
            Stop::Told(code) => code,
            Stop::Failed(error) => {
                eprintln!("error: {}", super::chain(&error));
                FAILED
            }
        }
    }
}
