//! All that reaches the terminal passes here: text of others cannot move the cursor, colour, hide or reorder what we say.
//!
//! Standard output and standard error are opened in this file only; the lints of `clippy.toml` hold that. What is written through a [`Screen`]
//! is escaped but for line ends, whoever wrote it and whatever it came from: names, arguments, messages of the system.

#![allow(clippy::disallowed_methods, reason = "this is the one place that opens the terminal")]

use std::fmt::Arguments;
use std::io::{self, IsTerminal, StderrLock, StdoutLock, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use brownout::outside::{is_printable, printable};

/// Writes text with nothing in it that a terminal obeys but line ends.
#[derive(Debug)]
pub(crate) struct Screen<W>(W);

impl<W: Write> Write for Screen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let mut clean = 0;
        for (at, c) in text.char_indices().filter(|&(_, c)| c != '\n' && !is_printable(c)) {
            self.0.write_all(&text.as_bytes()[clean..at])?;
            write!(self.0, "{}", c.escape_unicode())?;
            clean = at + c.len_utf8();
        }
        self.0.write_all(&text.as_bytes()[clean..])?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Standard output.
pub(crate) fn out() -> Screen<StdoutLock<'static>> {
    Screen(io::stdout().lock())
}

/// Standard error.
pub(crate) fn err() -> Screen<StderrLock<'static>> {
    Screen(io::stderr().lock())
}

/// Columns of the terminal that standard output is; `None` if it is none, and in it `None` if it does not know.
pub(crate) fn columns() -> Option<Option<u16>> {
    let out = io::stdout();
    out.is_terminal().then(|| terminal_size::terminal_size_of(&out).map(|(width, _)| width.0))
}

/// Whether nothing is to be said but warnings, errors and what was asked for by name.
static QUIET: AtomicBool = AtomicBool::new(false);

/// From now on says no more than it must, if that was asked for.
pub(crate) fn be_quiet(asked: bool) {
    QUIET.fetch_or(asked, Ordering::Relaxed);
}

/// Whether no more is said than must be.
pub(crate) fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Whether somebody looks at standard error as it is written.
pub(crate) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Writes one line, and one only, whatever line ends its words bring along.
pub(crate) fn line(out: &mut impl Write, words: Arguments<'_>) -> io::Result<()> {
    writeln!(out, "{}", printable(&words.to_string()))
}

/// Writes one line to standard error. If nobody reads it, there is nobody to tell.
pub(crate) fn tell(words: Arguments<'_>) {
    let _ = line(&mut err(), words);
}

/// Writes text of our own with colours to standard error; the parts that came from outside were made [`printable`] before.
pub(crate) fn tell_in_colour(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Writes a script of our own as it is.
pub(crate) fn script(bytes: &[u8]) -> io::Result<()> {
    io::stdout().lock().write_all(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(bytes: &[u8]) -> String {
        let mut screen = Screen(Vec::new());
        screen.write_all(bytes).unwrap();
        String::from_utf8(screen.0).unwrap()
    }

    #[test]
    fn nothing_but_line_ends_is_obeyed() {
        assert_eq!(written("süd 台北\nnext".as_bytes()), "süd 台北\nnext");
        assert_eq!(written(b"a\x1b]0;x\x07b\rc\td"), "a\\u{1b}]0;x\\u{7}b\\u{d}c\\u{9}d");
        assert_eq!(written("\u{9b}31m\u{202e}".as_bytes()), "\\u{9b}31m\\u{202e}");
        assert_eq!(written(b"\x9b31m"), "\u{fffd}31m", "bytes that are no text");
    }

    #[test]
    fn a_line_stays_one_line() {
        let mut bytes = Vec::new();
        line(&mut bytes, format_args!("different: {}", "x\nidentical: 3 of 3 files")).unwrap();
        assert_eq!(bytes, b"different: x\\u{a}identical: 3 of 3 files\n");
    }
}
