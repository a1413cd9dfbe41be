//! `Format-List`: one `Name : value` per line, wrapped values indented below, servers apart by a blank line.

use std::collections::BTreeSet;

use super::draft::{self, plain};
use super::form::{RawField, RawRecord};
use super::problem::shown;

/// What is open while the lines pass.
#[derive(Default)]
struct Reader {
    records: Vec<RawRecord>,
    /// Names in the last record; empty when the next field begins a record.
    names: BTreeSet<String>,
    /// Whether a line may continue the last value.
    in_value: bool,
    strays: Vec<(usize, String)>,
}

/// The records of a text. Lines that are neither field nor continuation are left out and counted in a warning.
pub(super) fn records(text: &str, warnings: &mut Vec<String>) -> Vec<RawRecord> {
    let mut reader = Reader::default();
    let lines: Vec<&str> = text.lines().collect();
    let mut index = 0;
    while index < lines.len() {
        match frame_end(&lines, index) {
            // What a transcript says of itself: the header, the line behind it that names the file, the end.
            Some(end) => {
                reader.part();
                index = end;
                if lines.get(end).is_some_and(|line| split_field(line).is_none()) {
                    index += 1;
                }
            }
            None => {
                reader.take(lines[index], index + 1);
                index += 1;
            }
        }
    }
    if let Some((line, stray)) = reader.strays.first() {
        let count = reader.strays.len();
        warnings.push(format!("line {line}: \"{stray}\" is no field; such lines left out: {count}"));
    }
    if reader.records.iter().all(|record| record.fields.len() <= 1) { regroup(reader.records) } else { reader.records }
}

/// Longest header of a transcript in lines.
const FRAME_MAX: usize = 40;

/// Where a frame of a transcript ends that begins at a line of asterisks: behind the next such line, if nothing between them is a
/// field of the report.
fn frame_end(lines: &[&str], from: usize) -> Option<usize> {
    let is_rule = |line: &str| line.trim().len() >= 10 && line.trim().bytes().all(|byte| byte == b'*');
    if !is_rule(lines[from]) {
        return None;
    }
    let within = &lines[from + 1..lines.len().min(from + FRAME_MAX)];
    let known = |line: &str| split_field(line).is_some_and(|(name, _)| draft::is_known(name));
    let end = within.iter().position(|line| is_rule(line) || known(line))?;
    is_rule(within[end]).then_some(from + end + 2)
}

impl Reader {
    /// Ends the record and the value that are open.
    fn part(&mut self) {
        self.names.clear();
        self.in_value = false;
    }

    fn take(&mut self, line: &str, number: usize) {
        let content = line.trim();
        let indented = line.starts_with(char::is_whitespace);
        if content.is_empty() {
            return self.part();
        }
        let wrapped = self.in_value && (indented || content.starts_with(|c: char| c.is_ascii_digit()));
        match split_field(content) {
            Some((name, value)) if !wrapped || draft::is_known(name) => self.field(name, value, number),
            _ if wrapped => self.continue_value(content),
            _ if content.starts_with("PS ") || content.starts_with("[PS]") => {}
            _ => self.strays.push((number, shown(content))),
        }
    }

    fn field(&mut self, name: &str, value: &str, line: usize) {
        let fresh = self.names.is_empty() || self.names.contains(&plain(name));
        if fresh {
            self.names.clear();
            self.records.push(RawRecord { line, fields: Vec::new() });
        }
        self.names.insert(plain(name));
        if let Some(record) = self.records.last_mut() {
            record.fields.push(RawField { name: name.to_owned(), value: value.to_owned(), line });
        }
        self.in_value = true;
    }

    fn continue_value(&mut self, content: &str) {
        if let Some(field) = self.records.last_mut().and_then(|record| record.fields.last_mut()) {
            field.value.push('\n');
            field.value.push_str(content);
        }
    }
}

/// Puts fields that all stand alone, as in a text pasted with double spacing, back into records: one ends where a name
/// comes again.
fn regroup(singles: Vec<RawRecord>) -> Vec<RawRecord> {
    let mut records: Vec<RawRecord> = Vec::new();
    let mut names = BTreeSet::new();
    for field in singles.into_iter().flat_map(|record| record.fields) {
        if records.is_empty() || !names.insert(plain(&field.name)) {
            names = BTreeSet::from([plain(&field.name)]);
            records.push(RawRecord { line: field.line, fields: Vec::new() });
        }
        if let Some(record) = records.last_mut() {
            record.fields.push(field);
        }
    }
    records
}

/// Name and value of a line like `Build   : 15.1.2507.16`, or `None`. A URL or a time of day is no field.
pub(super) fn split_field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim().split_once(':')?;
    let name = name.trim_end();
    let legal = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    let spaced = value.is_empty() || value.starts_with(char::is_whitespace) || draft::is_known(name);
    let named = name.starts_with(char::is_alphabetic) && name.chars().all(legal);
    (named && spaced).then(|| (name, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Vec<Vec<(String, String)>> {
        let pairs = |record: RawRecord| record.fields.into_iter().map(|field| (field.name, field.value)).collect();
        records(text, &mut Vec::new()).into_iter().map(pairs).collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn blank_lines_or_a_repeated_name_part_the_servers() {
        let expected = vec![vec![pair("A", "1"), pair("B", "2")], vec![pair("A", "3"), pair("B", "")]];
        assert_eq!(shape("\n\nA : 1\nB : 2\n\n\nA : 3\nB :\n\n"), expected);
        assert_eq!(shape("A : 1\nB : 2\nA : 3\nB :\n"), expected);
        assert_eq!(shape("A : 1\n\nB : 2\n\nA : 3\n\nB :\n"), expected, "pasted with double spacing");
    }

    #[test]
    fn wrapped_values_are_joined() {
        let text = "Url  : see\n       https://example.org\n       part: two\nList : 15.1,\n15.2\nBuild : 3\n";
        let expected = vec![vec![
            pair("Url", "see\nhttps://example.org\npart: two"),
            pair("List", "15.1,\n15.2"),
            pair("Build", "3"),
        ]];
        assert_eq!(shape(text), expected);
    }

    #[test]
    fn prompts_pass_silently_and_other_strays_are_counted() {
        let mut warnings = Vec::new();
        records("PS C:\\> Get-Something | fl\n\nA : 1\n\nDone, see above\nBye\n", &mut warnings);
        assert_eq!(warnings, ["line 5: \"Done, see above\" is no field; such lines left out: 2"]);
    }
}
