//! Tables on terminals: as a table where its words fit side by side, else row by row, one line for each cell.

use brownout_text::wrap::{columns, indented};
use comfy_table::{Cell, ColumnConstraint, ContentArrangement, Table, Width};

/// Narrowest terminal that is reckoned with, in columns.
const COLUMNS_MIN: u16 = 20;
/// Blanks left and right of the content of a column, the usual ones first; fewer where that takes fewer lines.
const PADDINGS: [(u16, u16); 3] = [(1, 1), (0, 1), (0, 0)];

/// The lines of a table within `width` columns, where nothing but a blank or a line parts its columns; `None` leaves the table as wide as it likes.
///
/// A table whose words would have to be broken is told as a list: the first cell of a row, then `heading: value` for each
/// other one. Spaces that do not break (U+00A0) hold a word together.
pub(super) fn fit(table: &mut Table, width: Option<u16>) -> String {
    within(table, width).unwrap_or_else(|| list(table, usize::from(width.map_or(u16::MAX, at_least))))
}

const fn at_least(width: u16) -> u16 {
    if width < COLUMNS_MIN { COLUMNS_MIN } else { width }
}

/// The lines of a table within `width` columns, as [`fit`] gives them; `None` where words would have to be broken.
pub(super) fn within(table: &mut Table, width: Option<u16>) -> Option<String> {
    let Some(width) = width.map(at_least) else { return Some(table.to_string()) };
    table.set_width(width);
    let words = longest_words(table);
    let mut padded = |(left, right): (u16, u16)| {
        let widths: Vec<u16> = words.iter().map(|word| word + left + right).collect();
        let parted = (widths.len() as u16).saturating_sub(1);
        let fits = widths.iter().sum::<u16>() + parted <= width;
        for (column, least) in table.column_iter_mut().zip(widths) {
            column.set_padding((left, right)).set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
        }
        // As wide as it likes, if that is not too wide: arranged, it would break cells that have room.
        table.set_content_arrangement(ContentArrangement::Disabled);
        let whole = table.to_string();
        let has_room = whole.lines().all(|line| columns(line) <= usize::from(width));
        table.set_content_arrangement(ContentArrangement::Dynamic);
        if has_room { Some(whole) } else { fits.then(|| table.to_string()) }
    };
    PADDINGS.into_iter().filter_map(&mut padded).min_by_key(|text| text.lines().count())
}

/// Width of the longest word of every column.
fn longest_words(table: &mut Table) -> Vec<u16> {
    let mut longest = vec![0; table.column_count()];
    for row in table.header().into_iter().chain(table.row_iter()) {
        for (longest, cell) in longest.iter_mut().zip(row.cell_iter()) {
            let content = cell.content();
            let words = content.split([' ', '\n']).map(columns);
            *longest = words.max().map_or(0, |long| u16::try_from(long).unwrap_or(u16::MAX / 64)).max(*longest);
        }
    }
    longest
}

/// What a cell says, on one line.
fn flat(cell: &Cell) -> String {
    cell.content().replace("-\n", "-").replace('\n', " ")
}

fn list(table: &Table, width: usize) -> String {
    let headings: Vec<String> = table.header().into_iter().flat_map(|row| row.cell_iter().map(flat)).collect();
    let mut text = String::new();
    for row in table.row_iter() {
        for (index, (heading, cell)) in headings.iter().zip(row.cell_iter()).enumerate() {
            let value = flat(cell);
            if index == 0 {
                text.push_str(&indented(&value, "", "  ", width));
            } else if !value.is_empty() {
                text.push_str(&indented(&format!("{heading}: {value}"), "  ", "    ", width));
            }
        }
    }
    text.trim_end().replace('\u{a0}', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use comfy_table::presets::UTF8_HORIZONTAL_ONLY;

    fn table(width: u16) -> Table {
        let mut table = Table::new();
        table.load_preset(UTF8_HORIZONTAL_ONLY);
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        table.set_header(["scenario", "still non-\ncompliant", "lost\n(messages)"]);
        table.add_row(["announced ladder", "33.5\n±\u{a0}2.91", "215\u{a0}M\n±\u{a0}8.5\u{a0}M"]);
        table.add_row(["none", "", "0"]);
        table
    }

    #[test]
    fn a_table_that_fits_stays_as_it_is() {
        for width in [None, Some(100), Some(60)] {
            let mut table = table(width.unwrap_or(100));
            let whole = table.to_string();
            assert_eq!(fit(&mut table, width), whole);
        }
    }

    #[test]
    fn a_table_that_just_fits_keeps_its_words_whole() {
        // Words of 9, 9 and 10 characters, and a blank between.
        let text = fit(&mut table(30), Some(30));
        let words: Vec<&str> = text.split_whitespace().collect();
        for word in ["announced", "scenario", "compliant", "(messages)", "2.91"] {
            assert!(words.contains(&word), "{word} is broken:\n{text}");
        }
        assert!(!text.contains("lost (messages):"), "a list instead of a table:\n{text}");
    }

    #[test]
    fn a_table_that_would_break_words_becomes_a_list() {
        let list = "announced ladder\n  still non-compliant: 33.5\n    ± 2.91\n  lost (messages): 215 M\n    ± 8.5 M\nnone\n  \
                    lost (messages): 0";
        assert_eq!(fit(&mut table(28), Some(28)), list);
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in 20..100 {
            let text = fit(&mut table(width), Some(width));
            assert!(text.lines().all(|line| columns(line) <= usize::from(width)), "{width}:\n{text}");
        }
        assert_eq!(fit(&mut table(3), Some(3)), fit(&mut table(20), Some(20)), "nobody reads on three columns");
    }
}
