//! The commands of Exchange Online PowerShell that a team needs, and lines of script that hold them. Only cmdlets of DOMAIN 3.5 appear,
//! with the parameters known there, and PowerShell's own to ask and to warn.

use brownout_kernel::time::Day;

/// Shows whether a pause runs and how many days are left.
pub const GET_PAUSES: &str = "Get-TenantExemptionInfo -BlockingScenario UnpatchedOnPremServer";
/// Shows what the service knows of the servers.
pub const GET_REPORT: &str = "Get-OnPremServerReportInfo";

/// Asks for a pause from now on.
pub fn new_pause(days: u32) -> String {
    format!("New-TenantExemptionInfo -BlockingScenario UnpatchedOnPremServer -NumberOfDays {days}")
}

/// A command that runs only on one day (UTC); on any other it warns. Where there is a question it is asked first, and the command runs
/// if the answer is no.
pub fn guarded(day: Day, command: &str, question: Option<&str>) -> String {
    let run = question.map_or_else(
        || command.to_owned(),
        |question| {
            let question = quoted(question);
            format!("if ((Read-Host {question}) -eq 'no') {{ {command} }} else {{ Write-Warning 'No pause was asked for.' }}")
        },
    );
    format!(
        "if ([DateTime]::UtcNow.Date -eq [DateTime]'{day}') {{ {run} }} else {{ Write-Warning \"NOTHING WAS RUN: today is \
         $([DateTime]::UtcNow.ToString('yyyy-MM-dd')) UTC, this pause belongs to {day}.\" }}"
    )
}

/// A comment on one line of plain letters, whatever a name or a question holds.
pub fn comment(text: &str) -> String {
    format!("# {}", ascii(text)).trim_end().to_owned()
}

/// A text between single quotation marks, in plain letters.
fn quoted(text: &str) -> String {
    format!("'{}'", ascii(text).replace('\'', "''"))
}

/// Plain letters on one line: control characters become blanks, other letters question marks.
fn ascii(text: &str) -> String {
    let plain = |letter: char| match letter {
        letter if letter.is_control() => ' ',
        letter if letter.is_ascii() => letter,
        _ => '?',
    };
    text.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_comment_or_its_quotation_marks() {
        assert_eq!(comment("why?\r\nNew-Thing \u{2028}é"), "# why?  New-Thing ??");
        assert_eq!(comment(""), "#");
        assert_eq!(quoted("o'hara\n\u{2019}x"), "'o''hara ?x'");
    }

    #[test]
    fn a_command_is_guarded_by_its_day_and_by_a_question() {
        let day = "2026-12-24".parse::<brownout_kernel::time::SimTime>().unwrap().day();
        let alone = guarded(day, &new_pause(8), None);
        assert_eq!(
            alone,
            "if ([DateTime]::UtcNow.Date -eq [DateTime]'2026-12-24') { New-TenantExemptionInfo -BlockingScenario \
             UnpatchedOnPremServer -NumberOfDays 8 } else { Write-Warning \"NOTHING WAS RUN: today is \
             $([DateTime]::UtcNow.ToString('yyyy-MM-dd')) UTC, this pause belongs to 2026-12-24.\" }"
        );
        let asked = guarded(day, "X", Some("Done?"));
        assert!(
            asked.contains(
                "{ if ((Read-Host 'Done?') -eq 'no') { X } else { Write-Warning 'No pause was asked for.' } }"
            )
        );
    }
}
