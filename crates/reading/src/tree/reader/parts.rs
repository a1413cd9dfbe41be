//! Lists, structs, maps and variants, as serde walks through them.

use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};

use super::{At, Crumb, Failure, Outcome, ReadFault, Trail, path_of};
use crate::tree::{Field, Node, NodeKind};

pub(super) struct Items<'a, 'de> {
    pub(super) at: At<'a, 'de>,
    pub(super) items: std::iter::Enumerate<std::slice::Iter<'de, Node>>,
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Outcome<Option<T::Value>> {
        let Some((index, node)) = self.items.by_ref().find(|(_, node)| !node.is_dropped()) else { return Ok(None) };
        let trail = Trail { above: self.at.trail, step: Crumb::Index(index) };
        let at = At { node, trail: Some(&trail), notes: self.at.notes };
        at.settle(seed.deserialize(at)).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

pub(super) struct Entries<'a, 'de> {
    at: At<'a, 'de>,
    fields: std::slice::Iter<'de, Field>,
    value: Option<&'de Field>,
    /// The names a struct knows; a map takes any.
    known: Option<&'static [&'static str]>,
    /// Which of them were given already.
    given: Vec<bool>,
}

impl<'a, 'de> Entries<'a, 'de> {
    pub(super) fn new(at: At<'a, 'de>, fields: &'de [Field], known: Option<&'static [&'static str]>) -> Self {
        let given = vec![false; known.map_or(0, <[_]>::len)];
        Entries { at, fields: fields.iter(), value: None, known, given }
    }

    /// The next entry that is read.
    fn next(&mut self) -> Option<&'de Field> {
        let field = loop {
            let field = self.fields.next()?;
            if self.counts(field) {
                break field;
            }
        };
        self.value = Some(field);
        self.value
    }

    /// Whether an entry is read: it stands, its name is known and, in a struct, was not given before.
    fn counts(&mut self, field: &Field) -> bool {
        if !field.stands() {
            return false;
        }
        let Some(known) = self.known else { return true };
        let index = known.iter().position(|name| *name == field.name());
        index.is_some_and(|index| !std::mem::replace(&mut self.given[index], true))
    }
}

impl<'de> MapAccess<'de> for Entries<'_, 'de> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Outcome<Option<K::Value>> {
        let Some(field) = self.next() else { return Ok(None) };
        if self.known.is_some() {
            let name: StrDeserializer<'_, Failure> = field.name().into_deserializer();
            return self.at.settle(seed.deserialize(name)).map(Some);
        }
        let trail = Trail { above: self.at.trail, step: Crumb::Field(field.name()) };
        let at = At { node: &field.key, trail: Some(&trail), notes: self.at.notes };
        at.settle(seed.deserialize(at)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Outcome<V::Value> {
        let field = self.value.take().ok_or(Failure::Told)?;
        let trail = Trail { above: self.at.trail, step: Crumb::Field(field.name()) };
        let at = At { node: &field.value, trail: Some(&trail), notes: self.at.notes };
        at.settle(seed.deserialize(at))
    }
}

pub(super) struct Variant<'a, 'de> {
    pub(super) at: At<'a, 'de>,
    pub(super) name: &'de str,
}

impl<'a, 'de> EnumAccess<'de> for Variant<'a, 'de> {
    type Error = Failure;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Outcome<(V::Value, Self)> {
        let name: StrDeserializer<'_, Failure> = self.name.into_deserializer();
        let words = seed.deserialize(name);
        // The message names what was found already.
        let told = match words {
            Err(Failure::Words(message, help)) => {
                let told = ReadFault {
                    path: path_of(self.at.trail),
                    place: self.at.node.place(),
                    words: Some((message, help)),
                };
                self.at.notes.told.borrow_mut().push(told);
                Err(Failure::Told)
            }
            other => other,
        };
        told.map(|value| (value, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Failure;

    fn unit_variant(self) -> Outcome<()> {
        match self.at.node.kind {
            NodeKind::Word(_) => Ok(()),
            _ => Err(Failure::custom(format!("{} takes no values", self.name))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Outcome<T::Value> {
        match &self.at.node.kind {
            NodeKind::Tuple(_, items) if items.len() == 1 => {
                let at = At { node: &items[0], ..self.at };
                at.settle(seed.deserialize(at))
            }
            _ => Err(Failure::Words(format!("{0}(...) with one value is expected here", self.name), String::new())),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Outcome<V::Value> {
        match &self.at.node.kind {
            NodeKind::Tuple(_, items) if items.len() == length => self.at.items_of(items, visitor),
            _ => {
                Err(Failure::Words(format!("{}(...) with {length} values is expected here", self.name), String::new()))
            }
        }
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Outcome<V::Value> {
        match &self.at.node.kind {
            NodeKind::Fields(_, given) => {
                self.at.refuse_unknown(given, fields);
                self.at.settle(visitor.visit_map(Entries::new(self.at, given, Some(fields))))
            }
            NodeKind::Tuple(_, items) if items.is_empty() => {
                self.at.settle(visitor.visit_map(Entries::new(self.at, &[], Some(fields))))
            }
            _ => Err(Failure::Words(format!("{}(name: value, ...) is expected here", self.name), String::new())),
        }
    }
}

/// An element that may fail without ending its list: what is wrong with it was told.
pub(crate) struct Tried<T>(pub(crate) Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Tried<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Tried(T::deserialize(deserializer).ok()))
    }
}
