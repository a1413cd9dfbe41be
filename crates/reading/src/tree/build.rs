//! From tokens to the tree, in one pass.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::lexer::{Lexer, Token};
use super::syntax::Fault;
use super::{Field, Node, NodeKind};
use crate::problem::Problem;
use crate::text::SourceFile;

/// Most brackets within brackets.
const DEPTH_MAX: usize = 128;
/// Most values of one file, so that the tree of a file is bounded in memory.
pub const NODES_MAX: usize = 1_000_000;
/// Most characters of one text.
pub const TEXT_MAX: usize = 10_000;
/// Problems of form that do not keep the rest from being read: kept at most so many.
const FLAWS_MAX: usize = 100;

/// A text that could be read as RON.
#[derive(Debug)]
pub struct Parsed {
    /// The value.
    pub root: Node,
    /// What is wrong with it all the same: names given twice, characters that cannot be written, texts that are too long.
    pub flaws: Vec<Problem>,
}

/// Reads a text; linear in its length, at most [`NODES_MAX`] values.
///
/// # Errors
/// The first thing that is not RON, after which the rest cannot be told apart. `field` is what the problem is filed under.
pub fn parse(file: &Arc<SourceFile>, field: &str) -> Result<Parsed, Problem> {
    parse_naming(file, field, &[])
}

/// Words whose first values may stand without names, and these names: RON has either all values of a bracket named or none.
pub type ValueNames = [(&'static str, &'static [&'static str])];

/// [`parse`], where the first values of some words get their names if they stand without.
///
/// # Errors
/// As for [`parse`].
pub fn parse_naming(file: &Arc<SourceFile>, field: &str, naming: &'static ValueNames) -> Result<Parsed, Problem> {
    let mut builder = Builder::new(file, naming);
    match builder.whole() {
        Ok(root) => {
            let flaws = builder.flaws.into_iter().map(|flaw| flaw.problem(file, field)).collect();
            Ok(Parsed { root, flaws })
        }
        Err(fault) => Err(fault.problem(file, field)),
    }
}

struct Builder<'a> {
    file: &'a Arc<SourceFile>,
    naming: &'static ValueNames,
    lexer: Lexer<'a>,
    token: Token<'a>,
    range: Range<usize>,
    nodes: usize,
    flaws: Vec<Fault>,
}

type Built<T> = Result<T, Fault>;

impl<'a> Builder<'a> {
    fn new(file: &'a Arc<SourceFile>, naming: &'static ValueNames) -> Self {
        let lexer = Lexer::new(&file.text);
        Builder { file, naming, lexer, token: Token::End, range: 0..0, nodes: 0, flaws: Vec::new() }
    }

    fn advance(&mut self) -> Built<(Token<'a>, Range<usize>)> {
        let (token, range) = self.lexer.next()?;
        Ok((std::mem::replace(&mut self.token, token), std::mem::replace(&mut self.range, range)))
    }

    fn whole(&mut self) -> Built<Node> {
        self.advance()?;
        while self.token == Token::Hash {
            self.extensions()?;
        }
        let root = self.value(0)?;
        match (&self.token, &root.kind) {
            (Token::End, _) => Ok(root),
            (Token::Colon, NodeKind::Word(name)) => {
                let message = format!("\"{name}\" is not expected here");
                Err(Fault::at(
                    root.start as usize..root.end as usize,
                    message,
                    "fields stand in brackets: (name: value, ...)",
                ))
            }
            _ => Err(Fault::at(
                self.range.clone(),
                "nothing is expected behind the value",
                "is a bracket closed too early?",
            )),
        }
    }

    /// `#![enable(implicit_some)]`
    fn extensions(&mut self) -> Built<()> {
        let wanted = [Token::Hash, Token::Bang, Token::Open(b'['), Token::Word("enable"), Token::Open(b'(')];
        for wanted in wanted {
            let (token, range) = self.advance()?;
            if token != wanted {
                return Err(Fault::at(range, "extensions are written #![enable(implicit_some)]", "leave the line out"));
            }
        }
        loop {
            match self.advance()? {
                (Token::Word("implicit_some" | "explicit_struct_names") | Token::Comma, _) => {}
                (Token::Close(b')'), _) if self.token == Token::Close(b']') => return self.advance().map(drop),
                (_, range) => {
                    return Err(Fault::at(
                        range,
                        "this extension is not known",
                        "implicit_some is always on; leave the line out",
                    ));
                }
            }
        }
    }

    fn node(&mut self, range: Range<usize>, kind: NodeKind) -> Built<Node> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(Fault::at(range, format!("the file has more than {NODES_MAX} values"), "make several of it"));
        }
        Ok(Node::new(self.file, range, kind))
    }

    fn value(&mut self, depth: usize) -> Built<Node> {
        if depth > DEPTH_MAX {
            let message = format!("brackets stand within brackets more than {DEPTH_MAX} deep");
            return Err(Fault::at(self.range.clone(), message, ""));
        }
        let (token, range) = self.advance()?;
        let kind = match token {
            Token::Open(b'(') => return self.bracket(None, range.start, depth),
            Token::Open(b'[') => return self.list(range.start, depth),
            Token::Open(_) => return self.map(range.start, depth),
            Token::Word("true") => NodeKind::Flag(true),
            Token::Word("false") => NodeKind::Flag(false),
            Token::Word(name) if self.token == Token::Open(b'(') => {
                self.advance()?;
                return self.bracket(Some(Arc::from(name)), range.start, depth);
            }
            Token::Word(name) => NodeKind::Word(Arc::from(name)),
            Token::Number(text) => number(text),
            Token::Letter(letter) => NodeKind::Letter(letter),
            Token::Text(text) => {
                self.examine(&text, &range);
                NodeKind::Text(Arc::from(text))
            }
            Token::End => return Err(Fault::ends(self.last_character())),
            _ => return Err(Fault::at(range, "a value is expected here", "")),
        };
        self.node(range, kind)
    }

    /// Characters that no picture, page or table can hold, and texts that nobody can read.
    fn examine(&mut self, text: &str, range: &Range<usize>) {
        let odd = |&c: &char| (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || (c as u32) & 0xfffe == 0xfffe;
        if let Some(c) = text.chars().find(odd) {
            let message = format!("a text cannot have the character U+{:04X}", c as u32);
            self.flaw(range.clone(), message, "pictures and tables cannot hold it; leave it out");
        }
        if text.len() > TEXT_MAX && text.chars().count() > TEXT_MAX {
            let message = format!("a text of {} characters; expected at most {TEXT_MAX}", text.chars().count());
            self.flaw(range.clone(), message, "");
        }
    }

    fn flaw(&mut self, range: Range<usize>, message: String, help: &str) {
        if self.flaws.len() < FLAWS_MAX {
            self.flaws.push(Fault::at(range, message, help));
        }
    }

    fn last_character(&self) -> Range<usize> {
        let text = self.file.text.trim_end();
        let last = text.chars().next_back().map_or(0, char::len_utf8);
        text.len() - last..text.len()
    }

    /// What stands between `(` and `)`: fields, or values without names.
    fn bracket(&mut self, name: Option<Arc<str>>, start: usize, depth: usize) -> Built<Node> {
        let mut fields: Vec<Field> = Vec::new();
        let mut items: Vec<Node> = Vec::new();
        let own_names = self.names_of_values(name.as_deref());
        while self.token != Token::Close(b')') {
            let own_name = own_names.get(fields.len());
            if !fields.is_empty() && own_name.is_none() && !matches!(self.token, Token::Word(_)) {
                return Err(self.no_name());
            }
            let item = self.value(depth + 1)?;
            match (&item.kind, self.token == Token::Colon, own_name) {
                (_, false, Some(&own_name)) => {
                    let key = item.with_kind(NodeKind::Word(Arc::from(own_name)));
                    fields.push(Field { key, value: item });
                }
                (NodeKind::Word(_), true, _) if items.is_empty() => {
                    self.advance()?;
                    let value = self.value(depth + 1)?;
                    fields.push(Field { key: item, value });
                }
                (_, false, _) if fields.is_empty() => items.push(item),
                (_, true, _) => return Err(no_name_of_field(&item)),
                (_, false, _) => {
                    let at = item.end as usize;
                    return Err(Fault::at(item.start as usize..at, "a name without a value", "write name: value"));
                }
            }
            self.comma(b')')?;
        }
        let end = self.advance()?.1.end;
        if fields.is_empty() {
            if name.as_deref() == Some("Some") && items.len() == 1 {
                // An optional value is written plainly or in `Some(...)`.
                return Ok(items.remove(0));
            }
            return self.node(start..end, NodeKind::Tuple(name, Arc::new(items)));
        }
        self.doubled(&fields);
        self.node(start..end, NodeKind::Fields(name, Arc::new(fields)))
    }

    fn names_of_values(&self, word: Option<&str>) -> &'static [&'static str] {
        self.naming.iter().find(|(known, _)| word == Some(known)).map_or(&[], |(_, names)| names)
    }

    fn no_name(&self) -> Fault {
        match self.token {
            Token::End => Fault::ends(self.last_character()),
            Token::Number(text) => {
                Fault::at(self.range.clone(), format!("{text:?} is no name of a field"), "write name: value")
            }
            _ => Fault::at(self.range.clone(), "the name of a field is expected here", "write name: value"),
        }
    }

    fn list(&mut self, start: usize, depth: usize) -> Built<Node> {
        let mut items = Vec::new();
        while self.token != Token::Close(b']') {
            items.push(self.value(depth + 1)?);
            self.comma(b']')?;
        }
        let end = self.advance()?.1.end;
        self.node(start..end, NodeKind::List(Arc::new(items)))
    }

    fn map(&mut self, start: usize, depth: usize) -> Built<Node> {
        let mut entries = Vec::new();
        while self.token != Token::Close(b'}') {
            let key = self.value(depth + 1)?;
            if self.token != Token::Colon {
                return Err(match self.token {
                    Token::End => Fault::ends(self.last_character()),
                    _ => Fault::at(self.range.clone(), "a colon is expected before this", "write key: value"),
                });
            }
            self.advance()?;
            let value = self.value(depth + 1)?;
            entries.push(Field { key, value });
            self.comma(b'}')?;
        }
        let end = self.advance()?.1.end;
        self.doubled(&entries);
        self.node(start..end, NodeKind::Map(Arc::new(entries)))
    }

    /// A comma, or the closing bracket, which is left for later.
    fn comma(&mut self, close: u8) -> Built<()> {
        match self.token {
            Token::Comma => self.advance().map(drop),
            Token::Close(found) if found == close => Ok(()),
            Token::Close(_) => {
                let message = format!("expected `{}` here", close as char);
                Err(Fault::at(self.range.clone(), message, "a comma or a closing bracket is missing"))
            }
            Token::End => Err(Fault::ends(self.last_character())),
            _ => {
                Err(Fault::at(self.range.clone(), "a comma is missing before this", "put one behind the value before"))
            }
        }
    }

    fn doubled(&mut self, fields: &[Field]) {
        let mut seen = BTreeSet::new();
        for field in fields {
            if !seen.insert(field.name()) {
                let name = brownout_text::outside::shortened(field.name(), 60);
                let range = field.key.start as usize..field.key.end as usize;
                self.flaw(range, format!("\"{name}\" is given twice"), "keep one of them");
            }
        }
    }
}

/// Names of fields of the outermost struct of a text that may be broken, as far as it can be cut into tokens.
pub(crate) fn outer_names(text: &str) -> Vec<&str> {
    let (mut lexer, mut depth, mut last, mut names) = (Lexer::new(text), 0_usize, None, Vec::new());
    while let Ok((token, _)) = lexer.next() {
        match token {
            Token::End => break,
            Token::Open(_) => depth += 1,
            Token::Close(_) => depth = depth.saturating_sub(1),
            Token::Colon if depth == 1 && names.len() < 100 => names.extend(last),
            _ => {}
        }
        last = if let Token::Word(name) = token { Some(name) } else { None };
    }
    names
}

fn no_name_of_field(item: &Node) -> Fault {
    let message = format!("{:?} is no name of a field", item.shown());
    Fault::at(item.start as usize..item.end as usize, message, "write name: value")
}

/// A number; a word where it is none, so that what expects one can say so.
fn number(text: &str) -> NodeKind {
    let plain = if text.contains('_') { text.replace('_', "") } else { text.to_owned() };
    let (sign, digits) = match plain.as_bytes() {
        [b'-', ..] => (-1, &plain[1..]),
        [b'+', ..] => (1, &plain[1..]),
        _ => (1, plain.as_str()),
    };
    for (prefix, radix) in [("0x", 16), ("0b", 2), ("0o", 8)] {
        if let Some(whole) = digits.strip_prefix(prefix).and_then(|digits| i128::from_str_radix(digits, radix).ok()) {
            return NodeKind::Whole(sign * whole);
        }
    }
    let begins = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    match (plain.parse(), plain.parse()) {
        (Ok(whole), _) => NodeKind::Whole(whole),
        (_, Ok(decimal)) if begins => NodeKind::Decimal(decimal),
        _ => NodeKind::Word(Arc::from(text)),
    }
}
