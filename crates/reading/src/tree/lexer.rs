//! RON text cut into tokens, each character looked at once.

use std::borrow::Cow;
use std::ops::Range;

use super::syntax::Fault;

/// A token; what it is made of is a slice of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// `(`, `[` or `{`.
    Open(u8),
    /// `)`, `]` or `}`.
    Close(u8),
    Comma,
    Colon,
    /// `#`, which begins a line of extensions.
    Hash,
    /// `!`
    Bang,
    /// A name, with `r#` taken off.
    Word(&'a str),
    /// Anything that begins like a number.
    Number(&'a str),
    Text(Cow<'a, str>),
    Letter(char),
    End,
}

/// Reads tokens from the beginning on.
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

type Lexed<'a> = Result<(Token<'a>, Range<usize>), Fault>;

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Lexer { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    /// The next token, with its place.
    pub(super) fn next(&mut self) -> Lexed<'a> {
        self.skip_blanks()?;
        let from = self.at;
        let Some(first) = self.rest().chars().next() else { return Ok((Token::End, from..from)) };
        let token = match first {
            '(' | '[' | '{' => self.single(Token::Open(first as u8)),
            ')' | ']' | '}' => self.single(Token::Close(first as u8)),
            ',' => self.single(Token::Comma),
            ':' => self.single(Token::Colon),
            '#' => self.single(Token::Hash),
            '!' => self.single(Token::Bang),
            '"' => self.quoted()?,
            '\'' => self.letter()?,
            'r' if self.raw_hashes().is_some() => self.raw_text()?,
            'r' if self.byte(1) == b'#' => self.raw_word(),
            '0'..='9' | '+' | '-' | '.' => self.number(),
            _ if first.is_alphabetic() || first == '_' => self.word(),
            _ => return Err(Fault::unexpected(first, from)),
        };
        Ok((token, from..self.at))
    }

    fn single(&mut self, token: Token<'a>) -> Token<'a> {
        self.at += 1;
        token
    }

    fn skip_blanks(&mut self) -> Result<(), Fault> {
        loop {
            let blank = self.rest().find(|c: char| !c.is_whitespace()).unwrap_or(self.rest().len());
            self.at += blank;
            if self.rest().starts_with("//") {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
            } else if self.rest().starts_with("/*") {
                self.skip_block_comment()?;
            } else {
                return Ok(());
            }
        }
    }

    /// Block comments hold others.
    fn skip_block_comment(&mut self) -> Result<(), Fault> {
        let from = self.at;
        let mut depth = 0_usize;
        loop {
            match (self.byte(0), self.byte(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return Ok(());
                    }
                }
                _ if self.at >= self.text.len() => {
                    return Err(Fault::at(from..from + 2, "this comment is never closed", "close it with */"));
                }
                _ => self.at += 1,
            }
        }
    }

    fn word(&mut self) -> Token<'a> {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        self.at += end;
        Token::Word(&rest[..end])
    }

    /// `r#name`: names that hold `-` or `.` as well.
    fn raw_word(&mut self) -> Token<'a> {
        self.at += 2;
        let rest = self.rest();
        let in_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '+');
        let end = rest.find(|c: char| !in_word(c)).unwrap_or(rest.len());
        self.at += end;
        Token::Word(&rest[..end])
    }

    fn number(&mut self) -> Token<'a> {
        let rest = self.rest().as_bytes();
        let hex = rest.len() > 1 && matches!(rest, [b'0', b'x' | b'b' | b'o', ..] | [b'+' | b'-', b'0', b'x', ..]);
        let mut end = 1;
        while let Some(&byte) = rest.get(end) {
            let sign = matches!(byte, b'+' | b'-') && !hex && matches!(rest[end - 1], b'e' | b'E');
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.') || sign) {
                break;
            }
            end += 1;
        }
        let number = &self.rest()[..end];
        self.at += end;
        Token::Number(number)
    }

    fn never_closed(&self, from: usize) -> Fault {
        Fault::ends(from..(from + 1).min(self.text.len()))
    }

    fn quoted(&mut self) -> Result<Token<'a>, Fault> {
        let from = self.at;
        self.at += 1;
        let plain = self.rest().find(['"', '\\']).ok_or_else(|| self.never_closed(from))?;
        let begun = &self.rest()[..plain];
        self.at += plain;
        if self.byte(0) == b'"' {
            self.at += 1;
            return Ok(Token::Text(Cow::Borrowed(begun)));
        }
        let mut text = begun.to_owned();
        loop {
            let plain = self.rest().find(['"', '\\']).ok_or_else(|| self.never_closed(from))?;
            text.push_str(&self.rest()[..plain]);
            self.at += plain + 1;
            if self.text.as_bytes()[self.at - 1] == b'"' {
                return Ok(Token::Text(Cow::Owned(text)));
            }
            text.extend(self.escape(from)?);
        }
    }

    /// What stands behind a backslash; `None` where a line is carried on.
    fn escape(&mut self, from: usize) -> Result<Option<char>, Fault> {
        let at = self.at - 1;
        let sign = self.rest().chars().next().ok_or_else(|| self.never_closed(from))?;
        self.at += sign.len_utf8();
        let simple = match sign {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '0' => '\0',
            '\\' | '"' | '\'' => sign,
            '\n' => {
                self.at += self.rest().find(|c: char| !c.is_whitespace()).unwrap_or(0);
                return Ok(None);
            }
            'x' => return self.code_point(at, 2).map(Some),
            'u' => return self.code_point(at, 0).map(Some),
            _ => return Err(Fault::escape(at..self.at)),
        };
        Ok(Some(simple))
    }

    /// `\x1b` with a fixed number of digits, or `\u{1b}`.
    fn code_point(&mut self, at: usize, digits: usize) -> Result<char, Fault> {
        let rest = self.rest();
        let (inside, length) = if digits > 0 {
            (rest.get(..digits), digits)
        } else {
            let end = rest.bytes().take(9).position(|byte| byte == b'}').unwrap_or(0);
            (rest.strip_prefix('{').and_then(|inside| inside.get(..end.max(1) - 1)), end + 1)
        };
        let code = inside.and_then(|inside| u32::from_str_radix(inside, 16).ok()).and_then(char::from_u32);
        let code = code.ok_or_else(|| Fault::escape(at..self.at))?;
        self.at += length;
        Ok(code)
    }

    fn letter(&mut self) -> Result<Token<'a>, Fault> {
        let from = self.at;
        self.at += 1;
        let sign = self.rest().chars().next().ok_or_else(|| self.never_closed(from))?;
        self.at += sign.len_utf8();
        let letter = if sign == '\\' { self.escape(from)? } else { Some(sign) };
        match letter.filter(|_| self.byte(0) == b'\'') {
            Some(letter) => {
                self.at += 1;
                Ok(Token::Letter(letter))
            }
            None => Err(Fault::at(
                from..from + 1,
                "one character in single quotes is expected here",
                "a text stands in double quotes: \"...\"",
            )),
        }
    }

    /// The number of `#` of a raw text that begins here.
    fn raw_hashes(&self) -> Option<usize> {
        let hashes = self.rest()[1..].bytes().take_while(|&byte| byte == b'#').count();
        (self.byte(1 + hashes) == b'"').then_some(hashes)
    }

    fn raw_text(&mut self) -> Result<Token<'a>, Fault> {
        let from = self.at;
        let hashes = self.raw_hashes().unwrap_or(0);
        self.at += hashes + 2;
        let close = format!("\"{}", "#".repeat(hashes));
        let inside = self.rest().find(&close).ok_or_else(|| self.never_closed(from))?;
        let text = &self.rest()[..inside];
        self.at += inside + close.len();
        Ok(Token::Text(Cow::Borrowed(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        let mut lexer = Lexer::new(text);
        let mut found = Vec::new();
        loop {
            match lexer.next().unwrap_or_else(|fault| panic!("{text}: {}", fault.message)) {
                (Token::End, _) => return found,
                (token, _) => found.push(token),
            }
        }
    }

    #[test]
    fn texts_are_read_with_their_escapes_and_raw_ones_without() {
        let text = |text: &str| vec![Token::Text(Cow::Owned(text.to_owned()))];
        assert_eq!(tokens(r#""a\n\"\\\u{e9}\x41""#), text("a\n\"\\éA"));
        assert_eq!(tokens("r\"a\\n\""), text("a\\n"));
        assert_eq!(tokens("r##\"a\"#b\"##"), text("a\"#b"));
        assert_eq!(tokens("\"a\\\n   b\""), text("ab"));
        assert_eq!(tokens("r#per-cu"), [Token::Word("per-cu")]);
    }

    #[test]
    fn comments_hold_others_and_numbers_their_signs() {
        assert_eq!(tokens("/* a /* b */ c */ x // y\n-1.5e-3,0x1F"), {
            [Token::Word("x"), Token::Number("-1.5e-3"), Token::Comma, Token::Number("0x1F")]
        });
    }

    #[test]
    fn what_is_never_closed_and_bad_escapes_are_told_where_they_begin() {
        for (text, at) in
            [(" \"abc", 1), ("/* a", 0), (" r#\"abc\"", 1), ("\"\\q\"", 1), ("\"\\u{zz}\"", 1), ("'ab'", 0)]
        {
            let mut lexer = Lexer::new(text);
            let fault = lexer.next().unwrap_err();
            assert_eq!(fault.range.start, at, "{text}: {}", fault.message);
        }
    }
}
