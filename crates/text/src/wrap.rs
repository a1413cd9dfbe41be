//! Text in lines, by the width that letters have on a terminal; words are never broken.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// Text in lines of at most so many columns, where its words allow; no line end behind the last.
///
/// ```
/// assert_eq!(brownout_text::wrap::wrapped("one two three", 8), "one two\nthree");
/// ```
pub fn wrapped(text: &str, columns: usize) -> String {
    textwrap::wrap(text, options(columns)).join("\n")
}

/// The same with a beginning for the first line and one for the others; a line end behind each.
///
/// ```
/// assert_eq!(brownout_text::wrap::indented("one two three", "- ", "  ", 10), "- one two\n  three\n");
/// ```
pub fn indented(text: &str, first: &str, rest: &str, columns: usize) -> String {
    let options = options(columns).initial_indent(first).subsequent_indent(rest);
    textwrap::wrap(text, options).join("\n") + "\n"
}

/// Columns that a text takes on a terminal: letters of Chinese, Japanese and Korean take two.
///
/// ```
/// assert_eq!(brownout_text::wrap::columns("a京"), 3);
/// ```
pub fn columns(text: &str) -> usize {
    textwrap::core::display_width(text)
}

fn options<'a>(columns: usize) -> Options<'a> {
    Options::new(columns)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .break_words(false)
}
