//! Finds fields of a RON text by path, so that problems can be shown and scenarios can change single fields.
//!
//! The text is read by `ron` itself into raw values; a value's place follows from where its slice lies in the text.

use std::fmt;
use std::ops::Range;

use ron::value::RawValue;
use serde::Deserialize;
use serde::de::{Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A field, or the key of a map.
    Field(String),
    /// An element by place, from 0.
    Index(usize),
    /// The element whose `name` field has this value.
    Named(String),
    /// Every element.
    All,
}

/// A path such as `policy.baselines["raise"].effective`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The path with one more field.
    pub fn field(&self, name: &str) -> Path {
        self.with(Step::Field(name.to_owned()))
    }

    /// The path with one more place.
    pub fn index(&self, place: usize) -> Path {
        self.with(Step::Index(place))
    }

    fn with(&self, step: Step) -> Path {
        let mut steps = self.0.clone();
        steps.push(step);
        Path(steps)
    }

    /// Reads a path; `None` if it is malformed.
    pub fn parse(text: &str) -> Option<Path> {
        let mut steps = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let (inside, after) = inner.split_once(']')?;
                let inside = inside.trim();
                steps.push(match (inside, inside.parse()) {
                    ("*", _) => Step::All,
                    (_, Ok(place)) => Step::Index(place),
                    _ => Step::Named(inside.trim_matches('"').to_owned()),
                });
                rest = after.strip_prefix('.').unwrap_or(after);
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (name, after) = rest.split_at(end);
                if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') {
                    return None;
                }
                steps.push(Step::Field(name.to_owned()));
                rest = after.strip_prefix('.').unwrap_or(after);
            }
        }
        (!steps.is_empty()).then_some(Path(steps))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(name) if i == 0 => f.write_str(name)?,
                Step::Field(name) => write!(f, ".{name}")?,
                Step::Index(place) => write!(f, "[{place}]")?,
                Step::Named(name) => write!(f, "[\"{name}\"]")?,
                Step::All => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}

/// The outermost shape of a RON value.
enum Node<'a> {
    Fields(Vec<(String, &'a RawValue)>),
    Items(Vec<&'a RawValue>),
    Scalar,
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some(key) = map.next_key::<Key>()? {
            fields.push((key.0, map.next_value::<&RawValue>()?));
        }
        Ok(Node::Fields(fields))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<&RawValue>()? {
            items.push(item);
        }
        Ok(Node::Items(items))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Node<'de>, D::Error> {
        inner.deserialize_any(NodeVisitor)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Node<'de>, D::Error> {
        inner.deserialize_any(NodeVisitor)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Node<'de>, A::Error> {
        let (_, variant) = data.variant::<Key>()?;
        variant.newtype_variant::<serde::de::IgnoredAny>()?;
        Ok(Node::Scalar)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node<'de>, E> {
        Ok(Node::Scalar)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Node<'de>, E> {
        Ok(Node::Scalar)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Node<'de>, E> {
        Ok(Node::Scalar)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Node<'de>, E> {
        Ok(Node::Scalar)
    }
    fn visit_str<E>(self, _: &str) -> Result<Node<'de>, E> {
        Ok(Node::Scalar)
    }
    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Scalar)
    }
    fn visit_none<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Scalar)
    }
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

/// The key of a field (an identifier) or of a map (a text).
struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_str<E>(self, name: &str) -> Result<Key, E> {
                Ok(Key(name.to_owned()))
            }
        }
        deserializer.deserialize_any(KeyVisitor)
    }
}

/// Options with which all files are read.
pub(crate) fn ron_options() -> ron::Options {
    ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
}

fn node(text: &str) -> Option<Node<'_>> {
    ron_options().from_str(text).ok()
}

/// Bytes of `part` within `whole`, of which it is a slice, without the blanks and comments around it.
fn range_in(whole: &str, part: &RawValue) -> Range<usize> {
    let raw = part.get_ron();
    let start = raw.as_ptr() as usize - whole.as_ptr() as usize;
    let trimmed = part.trim().get_ron();
    let lead = trimmed.as_ptr() as usize - raw.as_ptr() as usize;
    start + lead..start + lead + trimmed.len()
}

/// The values a path leads to, as bytes of `text`; several if it passes through `[*]`.
///
/// # Errors
/// The number of steps that could be followed, with the names that would have been there.
pub fn locate(text: &str, path: &Path) -> Result<Vec<Range<usize>>, NotFound> {
    let start = text.len() - text.trim_start().len();
    let whole = start..text.trim_end().len().max(start);
    let mut found = Vec::from([whole]);
    for (depth, step) in path.0.iter().enumerate() {
        let mut next = Vec::new();
        let mut names = Vec::new();
        for range in &found {
            follow(text, range.clone(), step, &mut next, &mut names);
        }
        if next.is_empty() {
            return Err(NotFound { depth, within: found, names });
        }
        found = next;
    }
    Ok(found)
}

/// How far a path could be followed.
#[derive(Clone, Debug)]
pub struct NotFound {
    /// Steps that were followed.
    pub depth: usize,
    /// The values reached so far.
    pub within: Vec<Range<usize>>,
    /// Names the failing step could have had.
    pub names: Vec<String>,
}

fn follow(text: &str, range: Range<usize>, step: &Step, next: &mut Vec<Range<usize>>, names: &mut Vec<String>) {
    let part = &text[range.clone()];
    let shift = |raw: &RawValue| {
        let inner = range_in(part, raw);
        range.start + inner.start..range.start + inner.end
    };
    match (node(part), step) {
        (Some(Node::Fields(fields)), Step::Field(name) | Step::Named(name)) => {
            next.extend(fields.iter().filter(|field| field.0 == *name).map(|field| shift(field.1)));
            names.extend(fields.into_iter().map(|field| field.0));
        }
        (Some(Node::Items(items)), Step::Index(place)) => next.extend(items.get(*place).map(|item| shift(item))),
        (Some(Node::Items(items)), Step::All) => next.extend(items.iter().map(|item| shift(item))),
        (Some(Node::Items(items)), Step::Named(name)) => {
            for item in items {
                let item_name = name_of(item.get_ron());
                if item_name.as_deref() == Some(name) {
                    next.push(shift(item));
                }
                names.extend(item_name);
            }
        }
        _ => {}
    }
}

/// The `name` field of a struct.
fn name_of(text: &str) -> Option<String> {
    let Some(Node::Fields(fields)) = node(text) else { return None };
    let name = fields.iter().find(|field| field.0 == "name")?;
    ron_options().from_str(name.1.get_ron()).ok()
}

/// Names of fields or keys written twice in any struct or map of a text, with the second's value.
pub fn doubled_keys(text: &str) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    doubled_within(text, 0..text.len(), &mut found);
    found
}

fn doubled_within(text: &str, range: Range<usize>, found: &mut Vec<(String, Range<usize>)>) {
    let part = &text[range.clone()];
    let shift = |raw: &RawValue| {
        let inner = range_in(part, raw);
        range.start + inner.start..range.start + inner.end
    };
    match node(part) {
        Some(Node::Fields(fields)) => {
            for (i, (name, value)) in fields.iter().enumerate() {
                if fields[..i].iter().any(|earlier| earlier.0 == *name) {
                    found.push((name.clone(), shift(value)));
                }
                doubled_within(text, shift(value), found);
            }
        }
        Some(Node::Items(items)) => items.iter().for_each(|item| doubled_within(text, shift(item), found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"(
    // a comment with (brackets]
    ladder: (preset: "x"),
    groups: [
        (name: "old", lead: LogNormal(median: 14.0, sigma: 0.8), list: [1, 2]),
        (name: "new ones", lead: Fixed(3.0) /* here */ , map: {"a-b": 2.5}),
    ],
)"#;

    fn at(path: &str) -> Vec<&'static str> {
        let ranges = locate(TEXT, &Path::parse(path).unwrap()).unwrap();
        ranges.into_iter().map(|range| &TEXT[range]).collect()
    }

    #[test]
    fn paths_lead_to_values_at_any_depth() {
        assert_eq!(at("ladder.preset"), ["\"x\""]);
        assert_eq!(at("groups[0].lead.median"), ["14.0"]);
        assert_eq!(at("groups[\"new ones\"].lead"), ["Fixed(3.0)"]);
        assert_eq!(at("groups[new ones].map.a-b"), ["2.5"]);
        assert_eq!(at("groups[*].name"), ["\"old\"", "\"new ones\""]);
        assert_eq!(at("groups[old].list[1]"), ["2"]);
    }

    #[test]
    fn a_missing_step_names_what_there_is() {
        let missing = locate(TEXT, &Path::parse("groups[olde].lead").unwrap()).unwrap_err();
        assert_eq!((missing.depth, missing.names), (1, vec!["old".to_owned(), "new ones".to_owned()]));
        let missing = locate(TEXT, &Path::parse("ladder.stages").unwrap()).unwrap_err();
        assert_eq!((missing.depth, missing.names), (1, vec!["preset".to_owned()]));
    }

    #[test]
    fn malformed_paths_are_no_paths() {
        for text in ["", "a..b", "a[", ".a", "a b"] {
            assert_eq!(Path::parse(text), None, "{text}");
        }
        assert_eq!(Path::parse("a[\"x y\"].b[3][*]").unwrap().to_string(), "a[\"x y\"].b[3][*]");
    }

    #[test]
    fn keys_written_twice_are_found_at_any_depth() {
        let text = "(a: {\"x\": 1, \"x\": 2}, b: [(c: 1, c: 2)])";
        let found: Vec<_> = doubled_keys(text).into_iter().map(|(name, range)| (name, &text[range])).collect();
        assert_eq!(found, [("x".to_owned(), "2"), ("c".to_owned(), "2")]);
    }
}
