//! Texts that are no report: named for what they are, with what to run instead.

use std::fmt;

use super::draft::{self, plain};
use super::form::RawRecord;
use super::problem::shown;

/// What a text is instead of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Other {
    /// `Format-Table`, which cuts columns.
    Table,
    /// `Export-Clixml`.
    Clixml,
    /// An Excel workbook.
    Workbook,
    /// A web page.
    Page,
    /// An error message of PowerShell.
    Failure,
    /// `Get-ExchangeServer`.
    Servers,
    /// `Get-Queue`.
    Queues,
    /// `Get-TenantExemptionInfo` and its kin: pauses, not servers.
    Pauses,
    /// `Format-Table` of some other command.
    OtherTable,
}

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const RUN: &str =
            "run Get-OnPremServerReportInfo | Format-List in Exchange Online PowerShell and save what it prints";
        f.write_str(match self {
            Other::Table => "this is a table of Format-Table, which cuts columns off; ",
            Other::Clixml => "this is a file of Export-Clixml, which is for PowerShell only; ",
            Other::Workbook => "this is an Excel workbook; save it as CSV (UTF-8), or ",
            Other::Page => "this is a web page or an XML file; ",
            Other::Failure => "this is an error message of PowerShell, not a report; connect with Connect-ExchangeOnline, then ",
            Other::Servers => {
                "this is the output of Get-ExchangeServer, which tells nothing of enforcement and hides security updates; "
            }
            Other::Queues => {
                "this is the output of Get-Queue; its LastError tells the stage: run Get-Queue | Format-List and give what it prints to \
                 `brownout timeline --reply-file`, or "
            }
            Other::Pauses => {
                "this is a list of pauses, which names no server; give them as --pause START:DAYS or --used YEAR:DAYS beside a report; "
            }
            Other::OtherTable => "this is a table of another command, without any field of the report; ",
        })?;
        f.write_str(RUN)
    }
}

/// The kind of a text that is known by its first bytes or lines, before anything is made of it.
pub(super) fn by_text(text: &str) -> Option<Other> {
    let start = text.trim_start();
    let begins = |with: &str| start.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with));
    if begins("PK\u{3}\u{4}") {
        return Some(Other::Workbook);
    }
    if begins("<Objs") {
        return Some(Other::Clixml);
    }
    if ["<?xml", "<!doctype", "<html"].into_iter().any(begins) {
        return Some(Other::Page);
    }
    None
}

/// Fields of the commands about pauses, as [`plain`] writes them.
const PAUSES: [&str; 3] = ["blockingscenario", "numberofdays", "exemptiondays"];

/// Guesses what a text is that has no field of a report.
pub(super) fn by_content(text: &str, records: &[RawRecord]) -> Option<Other> {
    let has = |name: &str| records.iter().flat_map(|record| &record.fields).any(|field| plain(&field.name) == name);
    if ["FullyQualifiedErrorId", "CategoryInfo", "is not recognized as"].iter().any(|mark| text.contains(mark)) {
        return Some(Other::Failure);
    }
    if has("lasterror") || has("nexthopdomain") {
        return Some(Other::Queues);
    }
    if has("admindisplayversion") {
        return Some(Other::Servers);
    }
    if PAUSES.iter().any(|name| has(name)) {
        return Some(Other::Pauses);
    }
    let mut above = "";
    for line in text.lines() {
        let ruled = line.trim().len() > 3 && line.trim().chars().all(|c| c == '-' || c == ' ');
        if ruled && line.contains("--") && above.split_whitespace().count() > 1 {
            let names: Vec<&str> = above.split_whitespace().collect();
            let has = |wanted: &str| names.iter().any(|name| plain(name) == wanted);
            return Some(match () {
                () if names.iter().any(|name| draft::is_known(name)) => Other::Table,
                () if has("admindisplayversion") => Other::Servers,
                () if has("nexthopdomain") || has("lasterror") => Other::Queues,
                () if PAUSES.into_iter().any(has) => Other::Pauses,
                () => Other::OtherTable,
            });
        }
        above = line;
    }
    None
}

/// What a text without records says where it is the answer "nothing reported": nothing at all, or a short message. `None` where
/// it is something else.
pub(super) fn nothing(text: &str, records: &[RawRecord]) -> Option<String> {
    let says: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty() && !is_prompt(line)).collect();
    if says.is_empty() || matches!(says.concat().as_str(), "[]" | "null" | "{}" | "[null]") {
        return Some("the report is empty: no server was reported".to_owned());
    }
    let short = says.len() <= 6 && text.len() <= 2_000 && records.iter().all(|record| record.fields.is_empty());
    let lower = text.to_lowercase();
    let subject = ["server", "on-prem", "onprem", "report", "exchange"].iter().any(|word| lower.contains(word));
    let denial =
        ["no ", "not ", "none", "nothing", "0 ", "all ", "up to date", "up-to-date", "kein", "aucun", "ning", "nessun"];
    let denial = denial.iter().any(|word| lower.contains(word));
    (short && subject && denial).then(|| format!("the report lists no server; it says: {}", shown(&says.join(" "))))
}

fn is_prompt(line: &str) -> bool {
    line.starts_with("PS ") || line.starts_with("[PS]")
}

#[cfg(test)]
mod tests {
    use super::super::{IntakeError, IntakeOptions, read};
    use super::*;

    fn other(text: &[u8]) -> Option<Other> {
        match read(text, &IntakeOptions::default()) {
            Err(IntakeError::Other(other)) => Some(other),
            _ => None,
        }
    }

    #[test]
    fn texts_are_named_for_what_they_are() {
        let table = "\nServerFQDN Build        FirstDetectedDate\n---------- -----        -----------------\na.b        15.1.2507.57 09/09/2026\n";
        assert_eq!(other(table.as_bytes()), Some(Other::Table));
        assert_eq!(
            other(b"Name Edition AdminDisplayVersion\n---- ------- -------------------\nE Standard Version 15.1\n"),
            Some(Other::Servers)
        );
        assert_eq!(other(b"Name : E\nAdminDisplayVersion : Version 15.1 (Build 2507.6)\n"), Some(Other::Servers));
        assert_eq!(
            other(b"\"Name\",\"AdminDisplayVersion\"\n\"E\",\"Version 15.1 (Build 2507.6)\"\n"),
            Some(Other::Servers)
        );
        assert_eq!(other(b"Identity : E\\1\nLastError : 450 4.7.230\n"), Some(Other::Queues));
        let queues = b"Identity Status NextHopDomain\n-------- ------ -------------\nMX1\\3 Retry contoso.example\n";
        assert_eq!(other(queues), Some(Other::Queues));
        assert!(Other::Queues.to_string().contains("--reply-file"));
        assert_eq!(other(b"BlockingScenario : UnpatchedOnPremServer\nDaysUsed : 10\n"), Some(Other::Pauses));
        assert_eq!(
            other(b"FileVersion FileName\n----------- --------\n15.01.2507.057 C:\\x.exe\n"),
            Some(Other::OtherTable)
        );
        assert_eq!(other(b"<Objs Version=\"1.1.0.1\">\n<Obj RefId=\"0\">\n</Obj></Objs>"), Some(Other::Clixml));
        assert_eq!(other(b"PK\x03\x04\x14\x00\x06"), Some(Other::Workbook));
        let failed = b"Get-OnPremServerReportInfo : The term is not recognized as the name of a cmdlet\n    + CategoryInfo : X\n";
        assert_eq!(other(failed), Some(Other::Failure));
    }

    #[test]
    fn nothing_reported_is_an_answer() {
        let header = "\"ServerFQDN\",\"Build\",\"FirstDetectedDate\"\r\n";
        let message = "There are no out-of-date on-premises Exchange servers reported for this tenant.\n";
        for text in
            ["", " \r\n", "\u{feff}", "[]", "null", header, message, "PS C:\\> Get-OnPremServerReportInfo | fl\n\n"]
        {
            let intake =
                read(text.as_bytes(), &IntakeOptions::default()).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert!(intake.records.is_empty() && intake.nothing.is_some(), "{text}");
        }
        assert!(read(b"hello", &IntakeOptions::default()).is_err());
    }
}
