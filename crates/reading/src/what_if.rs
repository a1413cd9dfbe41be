//! What if: changes to a study from outside its file.
//!
//! The changes are a small file of their own, in the same notation, which stands among the recorded inputs: what was asked can be
//! repeated, resumed and verified like any study.
//!
//! ```text
//! (every: {"world.groups[0].count": 30}, beside: [{"policy.pauses.budget_days": 0}, {"world.common.hazard": Times(0.5)}])
//! ```
//!
//! `every` is set in all scenarios. With `beside` only the study's first scenario is kept, and each entry becomes a scenario
//! beside it, a copy of the first with these values set and named after them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::problem::Problem;
use super::text::{SourceFile, one_line};
use super::tree::{Field, Node, NodeKind, parse};
use brownout_text::outside::shortened;

/// The name under which changes are recorded; no file that a study names is called so.
pub const NAME: &str = "what-if options";

/// Longest name of a scenario that is made of changes, in characters.
const NAME_MAX: usize = 60;

/// One change as it is typed: `PATH=VALUE`, `PATH*=FACTOR`, `PATH+=TERM`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Path of the field, as in `set`.
    pub path: String,
    /// The value in the notation of studies.
    pub value: String,
}

/// Why a text is no change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// There is no equals sign, or nothing on one side of it.
    #[error("expected PATH=VALUE such as policy.pauses.budget_days=0, PATH*=0.5 to multiply, PATH+=3 to add")]
    Shape,
    /// What is multiplied with or added is no number.
    #[error("\"{0}\" is not a number to calculate with")]
    NotANumber(String),
}

impl Change {
    /// All changes that a text with a list of values means, one for each value; the list is parted by commas outside brackets.
    ///
    /// # Errors
    /// [`ChangeError`]
    pub fn each(text: &str) -> Result<Vec<Change>, ChangeError> {
        let (path, values) = text.split_once('=').ok_or(ChangeError::Shape)?;
        parted(values).into_iter().map(|value| format!("{path}={value}").parse()).collect()
    }
}

impl std::str::FromStr for Change {
    type Err = ChangeError;

    fn from_str(text: &str) -> Result<Self, ChangeError> {
        let (path, value) = text.split_once('=').ok_or(ChangeError::Shape)?;
        let (path, value) = (path.trim(), value.trim());
        let calculated =
            [('*', "Times"), ('+', "Plus")].into_iter().find_map(|(mark, name)| Some((path.strip_suffix(mark)?, name)));
        let (path, value) = match calculated {
            Some((path, name)) => {
                value.parse::<f64>().map_err(|_| ChangeError::NotANumber(shortened(value, 40)))?;
                (path.trim_end(), format!("{name}({value})"))
            }
            None => (path, notation(value)),
        };
        if path.is_empty() || value.is_empty() {
            return Err(ChangeError::Shape);
        }
        Ok(Change { path: path.to_owned(), value })
    }
}

/// A value as studies write it: what is none in their notation, such as a bare date, or more than one, is a text.
fn notation(value: &str) -> String {
    let file = Arc::new(SourceFile { path: NAME.to_owned(), text: value.to_owned() });
    let is_value = parse(&file, "").is_ok_and(|parsed| parsed.flaws.is_empty() && parsed.root.excerpt() == value);
    if is_value || value.is_empty() { value.to_owned() } else { quoted(value) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Values parted by commas outside brackets and quotation marks.
fn parted(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut in_text, mut from) = (Vec::new(), 0_i32, false, 0);
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if in_text => drop(letters.next()),
            '"' => in_text = !in_text,
            '(' | '[' | '{' if !in_text => depth += 1,
            ')' | ']' | '}' if !in_text => depth -= 1,
            ',' if !in_text && depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

/// What is asked of a study beyond its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhatIf {
    /// Set in every scenario.
    pub every: Vec<Change>,
    /// A scenario each beside the baseline scenario.
    pub beside: Vec<Change>,
}

impl WhatIf {
    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.every.is_empty() && self.beside.is_empty()
    }

    /// The changes as a file.
    ///
    /// - `path`: what the file is called.
    pub fn file(&self, path: String) -> Arc<SourceFile> {
        let map = |changes: &[Change]| {
            let entries: Vec<String> =
                changes.iter().map(|change| format!("{}: {}", quoted(&change.path), change.value)).collect();
            format!("{{{}}}", entries.join(", "))
        };
        let mut text = format!("(\n    every: {},\n    beside: [\n", map(&self.every));
        for change in &self.beside {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "        {},", map(std::slice::from_ref(change)));
        }
        text.push_str("    ],\n)\n");
        Arc::new(SourceFile { path, text })
    }
}

/// Changes a study's tree as a file of changes says.
///
/// # Errors
/// If the file is none of changes.
pub(super) fn apply(study: &mut Node, changes: &Arc<SourceFile>) -> Result<(), Problem> {
    let parsed = parse(changes, NAME)?;
    if let Some(flaw) = parsed.flaws.into_iter().next() {
        return Err(flaw);
    }
    let every = parsed.root.field("every").and_then(Node::fields).unwrap_or_default().to_vec();
    let beside = match parsed.root.field("beside").map(|node| &node.kind) {
        Some(NodeKind::List(items)) => items.as_ref().clone(),
        _ => Vec::new(),
    };
    let NodeKind::Fields(_, fields) = &mut study.kind else { return Ok(()) };
    let Some(scenarios) = Arc::make_mut(fields).iter_mut().find(|field| field.name() == "scenarios") else {
        return Ok(());
    };
    let NodeKind::List(items) = &mut scenarios.value.kind else { return Ok(()) };
    let items = Arc::make_mut(items);
    for item in items.iter_mut() {
        set_all(item, &every);
    }
    if let (Some(first), false) = (items.first().cloned(), beside.is_empty()) {
        items.truncate(1);
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for entry in &beside {
            let mut scenario = first.clone();
            let sets = entry.fields().unwrap_or_default();
            let name = name_of(sets);
            let again = names.entry(name.clone()).or_default();
            *again += 1;
            let name = if *again > 1 { format!("{name} ({again})") } else { name };
            put(&mut scenario, "name", entry.with_kind(NodeKind::Text(name.into())));
            put(&mut scenario, "about", entry.with_kind(NodeKind::Text("".into())));
            set_all(&mut scenario, sets);
            items.push(scenario);
        }
    }
    Ok(())
}

/// A scenario's name after its changes.
fn name_of(sets: &[Field]) -> String {
    let words: Vec<String> = sets.iter().map(|field| words(field.name(), &field.value)).collect();
    shortened(&words.join(", "), NAME_MAX)
}

/// `pauses.budget_days = 0`, `hazard × 0.5`.
fn words(path: &str, value: &Node) -> String {
    let path = path.trim_start_matches("world.").trim_start_matches("policy.");
    let calculated = match &value.kind {
        NodeKind::Tuple(Some(name), items) if items.len() == 1 => Some((&**name, items[0].excerpt())),
        _ => None,
    };
    let value = match calculated {
        Some(("Times", factor)) => format!("\u{d7} {factor}"),
        Some(("Plus", term)) => format!("+ {term}"),
        _ => format!("= {}", value.excerpt()),
    };
    one_line(&format!("{path} {value}"))
}

/// Puts a field of a struct in place of the one of that name.
fn put(node: &mut Node, name: &str, value: Node) {
    let key = value.with_kind(NodeKind::Word(name.into()));
    if let NodeKind::Fields(_, fields) = &mut node.kind {
        let fields = Arc::make_mut(fields);
        match fields.iter_mut().find(|field| field.name() == name) {
            Some(field) => field.value = value,
            None => fields.push(Field { key, value }),
        }
    }
}

/// Adds entries to a scenario's `set`; those it has of the same path give way.
fn set_all(scenario: &mut Node, entries: &[Field]) {
    let Some(first) = entries.first() else { return };
    let mut set = scenario.field("set").cloned().unwrap_or_else(|| first.key.with_kind(NodeKind::Map(Arc::default())));
    if let NodeKind::Map(fields) = &mut set.kind {
        let fields = Arc::make_mut(fields);
        fields.retain(|known| entries.iter().all(|entry| entry.name() != known.name()));
        fields.extend_from_slice(entries);
    }
    put(scenario, "set", set);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::compose_what_if;

    fn changed(what_if: &WhatIf) -> Result<brownout_experiment::study::Study, Vec<String>> {
        let text = brownout_scenarios::text("quickstart.ron").unwrap().to_owned();
        let file = Arc::new(SourceFile { path: "quickstart.ron".to_owned(), text });
        let changes = what_if.file(NAME.to_owned());
        let reader = &mut |path: &str| Err(format!("{path} is not read here"));
        let (study, problems) = compose_what_if("quickstart", &file, Some(&changes), reader);
        study.ok_or_else(|| problems.iter().map(Problem::line).collect())
    }

    fn change(text: &str) -> Change {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn texts_are_changes_and_lists_are_several() {
        assert_eq!(change("a.b = 3"), Change { path: "a.b".into(), value: "3".into() });
        assert_eq!(change("a*=0.5").value, "Times(0.5)");
        assert_eq!(change("a+=-2").value, "Plus(-2)");
        assert_eq!(change("start=2026-10-01").value, "\"2026-10-01\"");
        assert_eq!(change("to=\"SE\"").value, "\"SE\"");
        let scan = Change::each("p=(a: 1, b: [2, 3]),None,\"x,y\"").unwrap();
        assert_eq!(
            scan.iter().map(|one| one.value.as_str()).collect::<Vec<_>>(),
            ["(a: 1, b: [2, 3])", "None", "\"x,y\""]
        );
        let scan = Change::each("p=\"a\\\",b\",2").unwrap();
        assert_eq!(scan.iter().map(|one| one.value.as_str()).collect::<Vec<_>>(), ["\"a\\\",b\"", "2"]);
        for text in ["a=30 // x", "a=#![enable(implicit_some)] 3", "a=3 4", "a=3}, beside: [{\"b\": 1"] {
            let value = change(text).value;
            assert!(value.starts_with('"') && value.ends_with('"'), "{text}: more than a value is a text: {value}");
        }
        for wrong in ["a", "=3", "a=", "a*=x"] {
            assert!(wrong.parse::<Change>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_scenario_is_changed_or_changes_stand_beside_the_first() {
        let whole = changed(&WhatIf::default()).unwrap();
        let every =
            changed(&WhatIf { every: vec![change("policy.pauses.budget_days=7")], ..WhatIf::default() }).unwrap();
        assert_eq!(every.scenarios().len(), whole.scenarios().len());
        assert!(every.scenarios().iter().all(|scenario| scenario.policy.pauses().budget_days() == 7));
        let beside = vec![change("policy.pauses.budget_days=0"), change("policy.pauses.budget_days*=0.5")];
        let beside = changed(&WhatIf { beside, ..WhatIf::default() }).unwrap();
        let days: Vec<u32> = beside.scenarios().iter().map(|scenario| scenario.policy.pauses().budget_days()).collect();
        assert_eq!(days, [90, 0, 45]);
        assert_eq!(beside.scenarios()[0].name, whole.scenarios()[0].name);
        assert_eq!(beside.scenarios()[2].name, "pauses.budget_days \u{d7} 0.5");
    }

    #[test]
    fn a_change_that_leads_nowhere_is_told_at_its_place() {
        let wrong = WhatIf { every: vec![change("policy.pauses.budget_dayz=7")], ..WhatIf::default() };
        let problems = changed(&wrong).unwrap_err();
        assert!(problems.iter().any(|line| line.contains(NAME) && line.contains("budget_days")), "{problems:?}");
    }
}
