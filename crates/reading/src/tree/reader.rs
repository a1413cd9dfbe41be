//! serde's view of a tree: wire types are filled from nodes, and every fault is told where it stands.
//!
//! A fault is noted by the innermost reader that meets it; what goes up from there only says that it was told. Lists whose
//! elements are [`Tried`] go on behind a fault.

mod notes;
mod parts;

use serde::de::{Deserializer, Visitor};

use notes::{Crumb, Failure, Trail, path_of};
pub(super) use notes::{Notes, ReadFault};
pub(crate) use parts::Tried;
use parts::{Entries, Items, Variant};

use super::{Field, Node, NodeKind};
use crate::problem::LISTED_MAX;
use brownout_text::names::{nearest, one_of};

/// A node about to be read.
#[derive(Clone, Copy)]
pub(super) struct At<'a, 'de> {
    node: &'de Node,
    trail: Option<&'a Trail<'a>>,
    notes: &'a Notes,
}

type Outcome<T> = Result<T, Failure>;

impl<'a, 'de> At<'a, 'de> {
    pub(super) fn root(node: &'de Node, notes: &'a Notes) -> Self {
        At { node, trail: None, notes }
    }

    /// Notes a failure that was not told yet.
    fn settle<T>(self, outcome: Outcome<T>) -> Outcome<T> {
        self.notes.work.set(self.notes.work.get() + 1);
        outcome.map_err(|failure| self.note(failure))
    }

    /// A failure as noted. Not part of [`settle`](Self::settle), which there is one of for every type that is read.
    #[cold]
    #[inline(never)]
    fn note(self, failure: Failure) -> Failure {
        let place = match failure {
            Failure::Missing(_) => self.node.beginning(),
            _ => self.node.place(),
        };
        let words = match failure {
            Failure::Told => return failure,
            Failure::Words(message, help) => Some((format!("{message}{}", self.found()), help)),
            Failure::Range => {
                let message = format!("the whole number is out of range here{}", self.found());
                Some((message, "negative or too large".to_owned()))
            }
            Failure::Missing(name) => {
                let dropped = |field: &Field| field.value.is_dropped() && field.name() == name;
                let follows = self.node.inner().fields().is_some_and(|fields| fields.iter().any(dropped));
                let words = (format!("the field \"{name}\" is missing"), format!("add `{name}: ...`"));
                (!follows).then_some(words)
            }
        };
        self.notes.told.borrow_mut().push(ReadFault { path: path_of(self.trail), place, words });
        Failure::Told
    }

    fn found(self) -> String {
        let shown = self.node.shown();
        if shown.is_empty() { shown } else { format!(", found {shown}") }
    }

    fn expected<T>(self, message: &str, help: &str) -> Outcome<T> {
        Err(self.refused(Failure::Words(message.to_owned(), help.to_owned())))
    }

    /// A node that is not read, with why.
    #[cold]
    #[inline(never)]
    fn refused(self, failure: Failure) -> Failure {
        self.notes.work.set(self.notes.work.get() + 1);
        self.note(failure)
    }

    /// The whole number of a node.
    fn whole(self) -> Outcome<i128> {
        match self.node.kind {
            NodeKind::Whole(whole) => Ok(whole),
            NodeKind::Decimal(_) if self.node.excerpt().bytes().all(|c| c.is_ascii_digit() || c == b'_') => {
                Err(self.refused(Failure::Range))
            }
            NodeKind::Decimal(_) => self.expected("a whole number is expected here", "leave the decimals out"),
            _ => self.expected("a whole number is expected here", ""),
        }
    }

    #[cold]
    fn not_so_many(self, length: usize) -> Failure {
        let message = format!("{length} values in brackets are expected here");
        self.refused(Failure::Words(message, "write (..., ...)".to_owned()))
    }

    #[cold]
    fn no_variant(self, variants: &[&str]) -> Failure {
        let message = format!("{} is expected here", one_of(variants));
        self.refused(Failure::Words(message, "written without quotes".to_owned()))
    }

    /// Notes every field that should not be there, at once; each struct is looked at once, however often it is read.
    fn refuse_unknown(self, fields: &'de [Field], known: &'static [&'static str]) {
        if !self.notes.examined.borrow_mut().insert(fields.as_ptr() as usize) {
            return;
        }
        for field in fields.iter().filter(|field| field.stands() && !known.contains(&field.name())) {
            if self.notes.unknown.borrow().len() >= LISTED_MAX {
                self.notes.more.set(self.notes.more.get() + 1);
                continue;
            }
            let name = field.name();
            let near = nearest(name, known);
            let help = if near.is_empty() { format!("expected {}", one_of(known)) } else { near };
            let message = format!("unknown field \"{}\"", brownout_text::outside::shortened(name, 60));
            let path = path_of(Some(&Trail { above: self.trail, step: Crumb::Field(name) }));
            let told = ReadFault { path, place: field.key.place(), words: Some((message, help)) };
            self.notes.unknown.borrow_mut().push(told);
        }
    }

    /// The fields of a struct; those that should not be there are noted.
    fn fields_named(self, name: &str, known: &'static [&'static str]) -> Outcome<&'de [Field]> {
        const HELP: &str = "fields stand in brackets: (name: value, ...)";
        match &self.node.kind {
            NodeKind::Fields(given, fields) if own_name(given.as_deref(), name) => {
                self.refuse_unknown(fields, known);
                Ok(fields)
            }
            NodeKind::Tuple(given, items) if items.is_empty() && own_name(given.as_deref(), name) => Ok(&[]),
            NodeKind::Fields(Some(given), _) | NodeKind::Tuple(Some(given), _) => {
                let message = format!("\"{}\" is not expected here", brownout_text::outside::shortened(given, 60));
                self.expected(&message, HELP)
            }
            _ => self.expected("an opening bracket `(` is expected here", HELP),
        }
    }

    fn items_of<V: Visitor<'de>>(self, items: &'de [Node], visitor: V) -> Outcome<V::Value> {
        self.settle(visitor.visit_seq(Items { at: self, items: items.iter().enumerate() }))
    }
}

/// Whether a struct may be written with this name: none, or that of its type.
fn own_name(given: Option<&str>, name: &str) -> bool {
    given.is_none_or(|given| given == name || name.strip_suffix("Wire") == Some(given))
}

macro_rules! whole_numbers {
    ($($method:ident: $type:ty => $visit:ident,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
            let whole = self.whole()?;
            self.settle(<$type>::try_from(whole).map_err(|_| Failure::Range).and_then(|n| visitor.$visit(n)))
        })*
    };
}

impl<'de> Deserializer<'de> for At<'_, 'de> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match &self.node.kind {
            NodeKind::Whole(_) => self.deserialize_i64(visitor),
            NodeKind::Decimal(_) => self.deserialize_f64(visitor),
            NodeKind::Flag(_) => self.deserialize_bool(visitor),
            NodeKind::Letter(_) => self.deserialize_char(visitor),
            NodeKind::Text(_) => self.deserialize_str(visitor),
            NodeKind::Fields(_, fields) | NodeKind::Map(fields) => {
                self.settle(visitor.visit_map(Entries::new(self, fields, None)))
            }
            NodeKind::Tuple(_, items) | NodeKind::List(items) => self.items_of(items, visitor),
            NodeKind::Word(_) | NodeKind::Dropped => self.settle(visitor.visit_unit()),
        }
    }

    whole_numbers! {
        deserialize_i8: i8 => visit_i8,
        deserialize_i16: i16 => visit_i16,
        deserialize_i32: i32 => visit_i32,
        deserialize_i64: i64 => visit_i64,
        deserialize_u8: u8 => visit_u8,
        deserialize_u16: u16 => visit_u16,
        deserialize_u32: u32 => visit_u32,
        deserialize_u64: u64 => visit_u64,
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.node.kind {
            NodeKind::Flag(flag) => self.settle(visitor.visit_bool(flag)),
            _ => self.expected("`true` or `false` is expected here", ""),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.node.kind {
            NodeKind::Whole(whole) => self.settle(visitor.visit_f64(whole as f64)),
            NodeKind::Decimal(decimal) => self.settle(visitor.visit_f64(decimal)),
            _ => self.expected("a number is expected here", ""),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.node.kind {
            NodeKind::Letter(letter) => self.settle(visitor.visit_char(letter)),
            _ => self.expected("one character in single quotes is expected here", ""),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match &self.node.kind {
            NodeKind::Text(text) => self.settle(visitor.visit_borrowed_str(text)),
            _ => self.expected("a text in quotes is expected here", "write \"...\""),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match &self.node.kind {
            NodeKind::Word(word) if &**word == "None" => self.settle(visitor.visit_none()),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match &self.node.kind {
            NodeKind::Tuple(None, items) if items.is_empty() => self.settle(visitor.visit_unit()),
            _ => self.expected("`()` is expected here", ""),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Outcome<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Outcome<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match &self.node.kind {
            NodeKind::List(items) => self.items_of(items, visitor),
            _ => self.expected("a list is expected here", "write [..., ...]"),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Outcome<V::Value> {
        match &self.node.kind {
            NodeKind::Tuple(None, items) if items.len() == length => self.items_of(items, visitor),
            _ => Err(self.not_so_many(length)),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Outcome<V::Value> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match &self.node.kind {
            NodeKind::Map(entries) => self.settle(visitor.visit_map(Entries::new(self, entries, None))),
            _ => self.expected("a map is expected here", "write {key: value, ...}"),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        let given = self.fields_named(name, fields)?;
        self.settle(visitor.visit_map(Entries::new(self, given, Some(fields))))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        match &self.node.kind {
            NodeKind::Word(name) | NodeKind::Fields(Some(name), _) | NodeKind::Tuple(Some(name), _) => {
                self.settle(visitor.visit_enum(Variant { at: self, name }))
            }
            _ => Err(self.no_variant(variants)),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match &self.node.kind {
            NodeKind::Word(name) | NodeKind::Text(name) => self.settle(visitor.visit_borrowed_str(name)),
            _ => self.expected("a name is expected here", ""),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        self.settle(visitor.visit_unit())
    }

    serde::forward_to_deserialize_any! { i128 u128 }
}
