//! Tables in CSV as programs and people write them: one reader for reports and fleets.
//!
//! Parted by comma, semicolon or tab, whichever the header has most of, or as Excel's `sep=;` line states. Left out are `#TYPE`
//! lines, comments, blank rows, headers that come again because a file grew by `>>`, and separators at the ends of rows. Quoted
//! cells may run over several lines where their column allows that.

use std::ops::Range;

use super::problem::shown;

/// A row with its place.
#[derive(Clone, Debug)]
pub struct TableRow {
    /// The cells, trimmed.
    pub cells: csv::StringRecord,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// The bytes of that line in the text, without its end.
    pub range: Range<usize>,
}

impl TableRow {
    /// Where its cells stand in the text, quotation marks and all; empty where they cannot be told apart as simply as that.
    ///
    /// - `delimiter`: what parts them.
    pub fn cell_ranges(&self, text: &str, delimiter: u8) -> Vec<Range<usize>> {
        let bytes = text.as_bytes();
        let (mut ranges, mut from, mut quoted) = (Vec::with_capacity(self.cells.len()), self.range.start, false);
        for at in self.range.start..=bytes.len() {
            let byte = bytes.get(at).copied();
            match byte {
                Some(b'"') if at == from || quoted => quoted = !quoted,
                // A doubled quotation mark inside: it has just been taken for the closing one.
                Some(b'"') if bytes[at - 1] == b'"' && bytes[from] == b'"' => quoted = true,
                Some(b'\n') | None if !quoted => {
                    ranges.push(trimmed(text, from..at));
                    break;
                }
                Some(byte) if byte == delimiter && !quoted => {
                    ranges.push(trimmed(text, from..at));
                    from = at + 1;
                }
                _ => {}
            }
        }
        if ranges.len() == self.cells.len() { ranges } else { Vec::new() }
    }
}

/// A range without blanks at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let cell = &text[range.clone()];
    let begins = range.start + cell.len() - cell.trim_start().len();
    begins..begins + cell.trim().len()
}

/// What is wrong with a row, so that its cells say nothing.
#[derive(Clone, Debug)]
pub enum Flaw {
    /// Another number of cells than the header, which is given.
    Width(usize),
    /// The cell, by its index, runs over several lines though it must not: a quotation mark is missing or one is too many.
    Swallowed(usize),
}

/// How many lines a cell may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellLines {
    /// One.
    Line,
    /// Several, unless one of them looks like a row of the table.
    Words,
    /// Any.
    Any,
}

/// Reads a text row by row; the first row it gives is the header.
pub struct TableReader<'a> {
    text: &'a str,
    /// Bytes before the header.
    base: usize,
    records: csv::StringRecordsIntoIter<&'a [u8]>,
    delimiter: u8,
    span: fn(&str) -> CellLines,
    header: Option<csv::StringRecord>,
    /// Lines counted so far, and up to which byte.
    counted: (usize, usize),
}

impl<'a> TableReader<'a> {
    /// Begins a text.
    ///
    /// - `span`: how many lines the cells of a column may take, by the column's name.
    pub fn new(text: &'a str, span: fn(&str) -> CellLines) -> Self {
        let (_, body, stated) = skip_preamble(text);
        let first = body.lines().find(|line| !is_blank(line) && !line.starts_with('#')).unwrap_or_default();
        let delimiter = stated.unwrap_or_else(|| most_frequent(first));
        let records = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .comment(Some(b'#'))
            .from_reader(body.as_bytes())
            .into_records();
        let base = text.len() - body.len();
        TableReader { text, base, records, delimiter, span, header: None, counted: (0, 1) }
    }

    /// What parts the cells.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The line of a record: its position can stand before blank lines and comments that were skipped.
    fn place(&mut self, record: &csv::StringRecord) -> (usize, Range<usize>) {
        let from = record.position().map_or(0, |position| self.base + position.byte() as usize).min(self.text.len());
        let mut at = from;
        for line in self.text[from..].split_inclusive('\n') {
            if !line.trim().is_empty() && !line.starts_with('#') {
                let passed = self.text.as_bytes().get(self.counted.0..at).unwrap_or_default();
                self.counted.1 += passed.iter().filter(|byte| **byte == b'\n').count();
                self.counted.0 = at.max(self.counted.0);
                return (self.counted.1, at..at + line.trim_end().len());
            }
            at += line.len();
        }
        (self.counted.1, from..self.text.len())
    }

    fn flaw(&self, cells: &csv::StringRecord) -> Option<Flaw> {
        let width = self.header.as_ref().map_or(0, csv::StringRecord::len);
        let like_row = |line: &str| line.matches([',', ';', '\t']).count() + 1 >= width.max(2);
        let may = |index: usize, cell: &str| match self
            .header
            .as_ref()
            .map(|header| (self.span)(header.get(index).unwrap_or("")))
        {
            None | Some(CellLines::Line) => false,
            Some(CellLines::Words) => !cell.lines().any(like_row),
            Some(CellLines::Any) => true,
        };
        let over = |(index, cell): &(usize, &str)| cell.contains(['\n', '\r']) && !may(*index, cell);
        if let Some((index, _)) = cells.iter().enumerate().find(over) {
            return Some(Flaw::Swallowed(index));
        }
        // Some programs are generous with separators at the ends of rows and of the header.
        let header = self.header.as_ref()?;
        let named =
            header.iter().enumerate().filter(|(_, name)| !name.is_empty()).last().map_or(0, |(last, _)| last + 1);
        let fits = cells.len() >= named && cells.iter().skip(header.len()).all(str::is_empty);
        (!fits).then_some(Flaw::Width(header.len()))
    }
}

impl Iterator for TableReader<'_> {
    type Item = (TableRow, Option<Flaw>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            // Text that is UTF-8, read with rows of any width, cannot fail.
            let cells = self.records.next()?.ok()?;
            // A spreadsheet's blank rows consist of separators, not always those of the header.
            if cells.iter().all(is_blank) {
                continue;
            }
            if self.header.as_ref().is_some_and(|header| header.iter().map(shown).eq(cells.iter().map(shown))) {
                continue;
            }
            let (line, range) = self.place(&cells);
            let flaw = self.flaw(&cells);
            if self.header.is_none() {
                self.header = Some(cells.clone());
            }
            return Some((TableRow { cells, line, range }, flaw));
        }
    }
}

fn is_blank(text: &str) -> bool {
    text.trim_matches([',', ';', '\t', ' ', '\r']).is_empty()
}

/// Leaves out blank lines, `#TYPE …` and Excel's `sep=;` before the header; also says how many lines that were, and the separator
/// that such a line states.
pub(super) fn skip_preamble(text: &str) -> (usize, &str, Option<u8>) {
    let (mut skipped, mut rest, mut stated) = (0, text, None);
    while let Some((line, tail)) = rest.split_once('\n') {
        let line = line.trim_matches([' ', '\r', '"', '\u{feff}']);
        match line.strip_prefix("sep=").or(line.strip_prefix("SEP=")).map(str::as_bytes) {
            Some([mark, ..]) => stated = Some(*mark).filter(u8::is_ascii_punctuation).or(Some(b'\t')),
            Some([]) => {}
            None if line.trim_matches([',', ';', '\t']).is_empty() || line.starts_with("#TYPE") => {}
            None => break,
        }
        (skipped, rest) = (skipped + 1, tail);
    }
    (skipped, rest, stated)
}

/// The most frequent candidate in the header; names of fields contain none of them.
fn most_frequent(header: &str) -> u8 {
    let count = |mark: u8| header.bytes().filter(|byte| *byte == mark).count();
    [b';', b'\t'].into_iter().fold(b',', |best, mark| if count(mark) > count(best) { mark } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(usize, String, bool)> {
        let span = |name: &str| if name == "list" { CellLines::Words } else { CellLines::Line };
        let row = |(row, flaw): (TableRow, Option<Flaw>)| {
            (row.line, row.cells.iter().collect::<Vec<_>>().join("|"), flaw.is_some())
        };
        TableReader::new(text, span).map(row).collect()
    }

    #[test]
    fn preambles_comments_blank_rows_and_headers_again_are_no_rows() {
        for text in [
            "#TYPE Deserialized.Report\r\nsep=;\r\n;;\r\n\"A\";\"B\"\r\n;\r\n\"1,5\";\"x\"\r\n#TYPE again\r\n\"A\";\"B\"\r\n2;y;;\r\n",
            "A\tB\n# a comment\n\n1,5\tx\nA\tB\n2\ty\n\t\n",
            "\u{feff}A,B,\n\"1,5\",x,\n,,\n,;\nA,B,\n2,y\n",
        ] {
            let cells: Vec<String> =
                rows(text).into_iter().map(|row| row.1.trim_matches(['|', '\u{feff}']).to_owned()).collect();
            assert_eq!(cells, ["A|B", "1,5|x", "2|y"], "{text:?}");
            assert!(rows(text).iter().all(|row| !row.2), "{text:?}");
        }
    }

    #[test]
    fn every_row_has_the_line_on_which_it_begins() {
        let lines: Vec<usize> =
            rows("sep=,\n\nA,list\n1,\"x\ny\"\n# no\n\n2,z\n").into_iter().map(|row| row.0).collect();
        assert_eq!(lines, [3, 4, 8]);
    }

    #[test]
    fn cells_stand_where_their_text_stands() {
        let text = "sep=;\nA;B;C\n\n x ;\"a; \"\"b\"\"\nc\";3.5\r\né;;\"\"\n1;2\n";
        let shown = |(row, _): (TableRow, Option<Flaw>)| -> Vec<&str> {
            row.cell_ranges(text, b';').into_iter().map(|range| &text[range]).collect()
        };
        let found: Vec<Vec<&str>> = TableReader::new(text, |_| CellLines::Any).map(shown).collect();
        assert_eq!(
            found,
            [vec!["A", "B", "C"], vec!["x", "\"a; \"\"b\"\"\nc\"", "3.5"], vec!["é", "", "\"\""], vec!["1", "2"]]
        );
    }

    #[test]
    fn rows_of_another_width_and_cells_that_swallowed_rows_have_a_flaw() {
        let flaws = |text: &str| rows(text).into_iter().filter(|row| row.2).map(|row| row.0).collect::<Vec<_>>();
        assert_eq!(flaws("A,B\n1,2\n3,4,5\n6\n7,8\n"), [3, 4]);
        assert_eq!(flaws("A,list\n1,\"x\n2,y\n3,z\n"), [2]);
        assert_eq!(flaws("A,\"list\n1,x\n"), [1]);
    }
}
