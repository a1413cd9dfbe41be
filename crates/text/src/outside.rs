//! Text from outside, made fit to print: names, cells, paths and texts of files that somebody else wrote.
//!
//! A terminal obeys control characters: a study's title could move the cursor, rename the window or write "identical" over a
//! verdict, and bidirectional marks show letters in another order than they stand. Whatever comes from a file, an argument or an
//! operating system's message passes [`printable`] before a person reads it. Nothing is lost: what is not shown as it is, is
//! shown as its code point.

use std::borrow::Cow;

/// Whether a character may be shown as it is.
///
/// Refused: control characters of both sets (C0, DEL, C1), bidirectional marks, line and paragraph separators, invisible
/// formatting and tag characters, and what Unicode promises never to assign.
pub fn is_printable(c: char) -> bool {
    let invisible = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    !c.is_control() && !invisible && (c as u32) & 0xfffe != 0xfffe
}

/// The text on one line with nothing a terminal obeys: what [`is_printable`] refuses stands as `\u{1b}`.
///
/// ```
/// use brownout_text::outside::printable;
/// assert_eq!(printable("mail-süd 台北"), "mail-süd 台北");
/// assert_eq!(printable("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\\u{a}");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_printable) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_printable(c) {
            shown.push(c);
        } else {
            shown.extend(c.escape_unicode());
        }
    }
    Cow::Owned(shown)
}

/// [`printable`] of at most the first `chars` characters, with an ellipsis where something was cut off.
///
/// Reads no more of the text than it shows, so that a name of a megabyte costs what a name costs.
pub fn shortened(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => printable(text).into_owned(),
        Some((end, _)) => format!("{}…", printable(&text[..end])),
    }
}

/// A JSON text with nothing in it that a terminal obeys but line ends: inside its strings, the only place where such characters
/// can stand, they are written as JSON writes them, so it still means the same.
///
/// ```
/// use brownout_text::outside::printable_json;
/// assert_eq!(printable_json("{\"a\": \"\u{9b}31m\u{e0041}\"}\n"), "{\"a\": \"\\u009b31m\\udb40\\udc41\"}\n");
/// ```
pub fn printable_json(text: &str) -> Cow<'_, str> {
    let fits = |c: char| is_printable(c) || c == '\n';
    if text.chars().all(fits) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if fits(c) {
            shown.push(c);
        } else {
            shown.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_passes() {
        let every = (0..=0x10_ffff_u32).filter_map(char::from_u32).filter(|&c| is_printable(c));
        assert!(every.clone().all(|c| !c.is_control()), "C0, DEL and C1");
        for obeyed in [
            '\u{7}', '\u{1b}', '\u{7f}', '\u{9b}', '\u{9d}', '\u{200f}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{fffe}',
        ] {
            assert!(!every.clone().any(|c| c == obeyed), "{obeyed:?}");
            let shown = printable(&format!("a{obeyed}b")).into_owned();
            assert_eq!(shown, format!("a\\u{{{:x}}}b", obeyed as u32));
        }
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöü\u{1b}", 3), "äöü…");
        assert_eq!(shortened(&"x".repeat(1_000_000), 4), "xxxx…");
    }
}
