//! Tables in the form of fewest lines: their cells have parts, and parts may stand beside or below each other.

use super::{TextTable, narrow, whole, without_rules};
use comfy_table::ContentArrangement;

/// How the parts of a cell stand, the shortest form first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// All on one line.
    OneLine,
    /// A number and its half-width on one line, what else there is below.
    Numbers,
    /// Each on a line of its own.
    Stacked,
}

impl Form {
    /// - `parts`: each on a line of its own; a half-width begins with `±`.
    pub(super) fn of(self, parts: String) -> String {
        match self {
            Form::OneLine => whole(&parts.replacen("\n±", " ±", 1).replace('\n', "  ")),
            Form::Numbers => parts.replacen("\n±", "\u{a0}±", 1),
            Form::Stacked => parts,
        }
    }
}

/// The form of fewest lines within the width, a single table before several.
pub(super) fn fewest_lines(table: &TextTable<'_>, width: Option<u16>) -> String {
    let columns = table.shown.len() - 1;
    let forms = [Form::OneLine, Form::Numbers, Form::Stacked];
    let all = (1..=columns).flat_map(|tables| forms.map(|form| (form, tables)));
    let fits = all.filter_map(|(form, tables)| below_each_other(table, form, tables, width));
    let text = fits.min_by_key(|text| text.lines().count());
    let text = text.unwrap_or_else(|| narrow::fit(&mut part(table, Form::Stacked, 1..columns + 1), width));
    // Blanks that hold words together have done their work: a reader searches for plain ones.
    text.replace('\u{a0}', " ")
}

/// The columns in so many tables below each other, each as wide as the next; `None` where words would have to be broken.
fn below_each_other(table: &TextTable<'_>, form: Form, tables: usize, width: Option<u16>) -> Option<String> {
    let columns = table.shown.len() - 1;
    let each = columns.div_ceil(tables).max(1);
    let of = |from: usize| narrow::within(&mut part(table, form, from..(from + each).min(columns + 1)), width);
    let tables = (1..=columns).step_by(each).map(of).collect::<Option<Vec<_>>>()?;
    // The rule under a table parts it from the next one, which needs none of its own above.
    let below = tables[1..].iter().map(|table| table.split_once('\n').map_or("", |(_, rest)| rest));
    Some(tables.iter().take(1).map(String::as_str).chain(below).collect::<Vec<_>>().join("\n"))
}

/// Some of the columns, beside the first.
fn part(table: &TextTable<'_>, form: Form, columns: std::ops::Range<usize>) -> comfy_table::Table {
    let shown: Vec<usize> = std::iter::once(0).chain(columns).collect();
    let mut table = table.table_of(form, &shown);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    if form != Form::Stacked {
        without_rules(&mut table);
    }
    table
}
