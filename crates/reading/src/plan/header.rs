//! The header of a fleet table: its columns, those that are there under another name, and texts that are no table.

use super::sheet::COLUMNS;
use crate::problem::{Problem, Severity};
use crate::text::Place;
use brownout_text::names::{nearest, one_of};
use brownout_text::outside::shortened;

/// Names that other tools give to columns of a fleet, in lower case without punctuation.
const ALIASES: [(&str, &str); 4] = [
    ("server", "name servername serverfqdn fqdn computername computer host hostname identity"),
    ("build", "admindisplayversion version buildnumber buildversion exsetup exsetupversion fileversion productversion"),
    ("product", "exchangeserver exchangeversion exchange"),
    ("first_detected", "firstdetecteddate firstdetection detected detecteddate"),
];

/// The column that each cell of the header names, `None` for one that is passed over; no columns where what is needed is missing,
/// which is told in one problem.
pub(super) fn columns(
    header: &csv::StringRecord,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Option<Vec<Option<&'static str>>> {
    let mut found: Vec<Option<&'static str>> = Vec::new();
    let mut unknown = Vec::new();
    let note = |severity, message: String, help: String| {
        let field = "row 1".to_owned();
        Problem { severity, place: Some(place.clone()), field, message, help }
    };
    for name in header {
        let wanted = name.to_lowercase().replace([' ', '-'], "_");
        let column = column(name);
        let shown = shortened(name, 40);
        if column.is_some() && found.contains(&column) {
            let message = format!("column \"{shown}\" is there twice");
            problems.push(note(Severity::Error, message, "keep one of them".to_owned()));
        }
        if column.is_none() && !name.is_empty() {
            unknown.push((shown, wanted));
        }
        found.push(column);
    }
    let renamed: Vec<(&str, &'static str)> = unknown
        .iter()
        .filter_map(|(shown, wanted)| Some((shown.as_str(), called_otherwise(wanted)?)))
        .filter(|(_, column)| !found.contains(&Some(column)))
        .collect();
    let has_server = found.contains(&Some("server"));
    if !has_server || renamed.iter().any(|(_, column)| *column == "build") {
        let message = match has_server {
            true => "there is no column \"build\"".to_owned(),
            false => "there is no column \"server\"".to_owned(),
        };
        problems.push(note(Severity::Error, message, remedy(header, &renamed)));
        return None;
    }
    for (shown, wanted) in &unknown {
        let near = match called_otherwise(wanted).filter(|column| !found.contains(&Some(column))) {
            Some(column) => format!("if it is {column}, rename it"),
            None => nearest(wanted, &COLUMNS),
        };
        let help = if near.is_empty() { format!("known are {}", COLUMNS.join(", ")) } else { near };
        problems.push(note(Severity::Warning, format!("column \"{shown}\" is not known and passed over"), help));
    }
    Some(found)
}

/// The column of a fleet that a header's cell names.
pub(super) fn column(name: &str) -> Option<&'static str> {
    let wanted = name.to_lowercase().replace([' ', '-'], "_");
    COLUMNS.into_iter().find(|column| *column == wanted)
}

/// The column of a fleet that other tools call so.
fn called_otherwise(name: &str) -> Option<&'static str> {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    ALIASES.into_iter().find(|(_, names)| names.split(' ').any(|name| name == plain)).map(|(column, _)| column)
}

fn remedy(header: &csv::StringRecord, renamed: &[(&str, &'static str)]) -> String {
    if renamed.is_empty() {
        let known: Vec<String> =
            header.iter().filter(|name| !name.is_empty()).take(20).map(|name| shortened(name, 40)).collect();
        return format!("the header has {}", one_of(&known));
    }
    let words = renamed.iter().map(|(shown, column)| match shown.to_lowercase().as_str() {
        "admindisplayversion" => format!(
            "\"{shown}\" is the {column}, but hides security updates: rename it to {column}, and better take the file version of \
             ExSetup.exe"
        ),
        _ => format!("\"{shown}\" is the {column}: rename it to {column}"),
    });
    words.collect::<Vec<_>>().join("; ")
}

/// What a text is that is no table in CSV, with the remedy.
pub(super) fn other_form(text: &str) -> Option<(&'static str, &'static str)> {
    const EXPORT: &str = "export it with Export-Csv -NoTypeInformation";
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (first, second) = (lines.next()?, lines.next().unwrap_or_default());
    if first.starts_with("<Objs") {
        return Some(("this is a file of Export-Clixml, which is for PowerShell only", EXPORT));
    }
    if first.starts_with('<') {
        return Some(("this is a web page or an XML file, no table in CSV", EXPORT));
    }
    let ruled = second.contains("--") && second.chars().all(|c| c == '-' || c == ' ');
    if ruled && first.split_whitespace().count() > 1 {
        return Some(("this is a table of Format-Table, which cuts columns off", EXPORT));
    }
    let listed = |line: &str| line.split_once(" : ").is_some_and(|(name, _)| !name.contains([',', ';', '\t']));
    if listed(first) && listed(second) {
        return Some((
            "this is a list of Format-List, no table in CSV",
            "export it with Export-Csv, or give a report as --report",
        ));
    }
    first
        .starts_with(['{', '['])
        .then_some(("this is JSON, no table in CSV", "export it with Export-Csv, or give a report as --report"))
}
