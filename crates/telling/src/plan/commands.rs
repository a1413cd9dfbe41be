//! `pauses.ps1`: the commands that ask for the planned pauses, each on its day.
//!
//! A pause begins at the moment its command runs and cannot be ended or given back (DOMAIN 3.4). So every command is guarded by
//! its date: run on any other day, the file does nothing, and says loudly what day it is not. A conditional pause asks first
//! whether the servers it waits for are done.

use super::words::{self, counted, only_if};
use super::{PlannedPause, Story};
use brownout_exchange::powershell::{self, GET_PAUSES, GET_REPORT, comment};
use brownout_kernel::time::Clock;

/// The command of a pause.
pub(super) fn command(pause: &PlannedPause) -> String {
    powershell::new_pause(pause.days)
}

/// The command, guarded: on any other day than its own (UTC) it only warns; a conditional one asks first.
pub(super) fn guarded(pause: &PlannedPause) -> String {
    let days = counted(pause.days as usize, "day");
    let question = format!("Are all of these done: {}? Type yes, or no to pause for {days}", pause.only_if.join(", "));
    powershell::guarded(pause.at.day(), &command(pause), pause.is_conditional().then_some(question.as_str()))
}

/// The file.
pub(super) fn script(story: &Story<'_>) -> Vec<u8> {
    let mut lines = head(story);
    if story.pauses.is_empty() {
        lines.push(String::new());
        lines.push("# The plan asks for no pause. There is nothing to run.".to_owned());
    }
    for (index, pause) in story.pauses.iter().enumerate() {
        lines.push(String::new());
        lines.extend(one(pause, story.clock(), (index + 1, story.pauses.len())).into_iter().map(|line| comment(&line)));
        lines.push(guarded(pause));
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text.into_bytes()
}

fn head(story: &Story<'_>) -> Vec<String> {
    let project = story.project();
    let mut lines = vec![
        format!("Pauses of the plan {}, as of {}", project.name, project.as_of),
        project.question.clone(),
        format!("brownout {}, seed {}, {}", env!("CARGO_PKG_VERSION"), project.seed, super::words::replications(story)),
    ];
    if !story.pauses.is_empty() {
        let once = format!(
            "Run it once on each of these days, as soon after {} UTC as you can: a pause begun late ends late, and a",
            super::words::desk_opens(story)
        );
        let about = [
            "",
            "A pause begins when its command runs. It cannot be ended early and its days do not come back.",
            "Each command below runs only on its own day (UTC); on any other day it does nothing and says so.",
            &once,
            "second run on the same day prolongs the pause and spends its days again.",
            "",
            "Before: connect to Exchange Online, and look whether a pause runs and how many days are left:",
        ];
        lines.extend(about.map(str::to_owned));
        lines.push(format!("  {GET_PAUSES}"));
        lines.push("What the service knows of your servers, and the date of their next stage:".to_owned());
        lines.push(format!("  {GET_REPORT}"));
        lines.push(
            "If a server's next stage differs from the plan, make the plan anew before spending days.".to_owned(),
        );
        lines.extend(words::doubts(story));
    }
    lines.iter().filter(|line| !line.is_empty() || !story.pauses.is_empty()).map(|line| comment(line)).collect()
}

fn one(pause: &PlannedPause, by: Option<&Clock>, (index, count): (usize, usize)) -> Vec<String> {
    let condition = match pause.is_conditional() {
        true => format!(", only if {} not done", only_if(pause)),
        false => String::new(),
    };
    let mut lines = vec![format!(
        "{index} of {count}. On {}{condition}, at {}: pause for {}, until {}.",
        words::weekday_date(pause.at.day()),
        words::local::hours(pause.at, by),
        counted(pause.days as usize, "day"),
        words::local::moment_by(pause.ends, by),
    )];
    if pause.joins {
        lines.push(
            "It carries on the pause before, as a command of its own: every calendar year pays for its own days."
                .to_owned(),
        );
    }
    let verb = if pause.held.len() == 1 { "is" } else { "are" };
    let held = counted(pause.held.len(), "server");
    lines.push(match pause.is_conditional() {
        true => format!("It is needed in {} of cases: something went wrong before.", words::percent(pause.prob)),
        false => format!(
            "It bridges {}; {held} {verb} out of throttling and blocking by it at its beginning.",
            counted(pause.bridged.len(), "cut-over")
        ),
    });
    let charges: Vec<String> = pause.charges.iter().map(|(year, days)| format!("{days} of {year}")).collect();
    lines.push(format!(
        "Days charged: {}; left in {} afterwards: {}.",
        charges.join(", "),
        pause.at.year(),
        pause.left
    ));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_guarded_by_its_day() {
        let at: brownout_kernel::time::SimTime = "2026-12-24".parse().unwrap();
        let pause = PlannedPause {
            at,
            days: 8,
            ends: at + brownout_kernel::time::SimDuration::from_days(8),
            charges: vec![(2026, 8)],
            left: 3,
            joins: false,
            held: Vec::new(),
            bridged: vec!["mail1".into()],
            only_if: Vec::new(),
            prob: 1.0,
        };
        assert!(guarded(&pause).contains("-eq [DateTime]'2026-12-24') { New-TenantExemptionInfo"));
        let late = PlannedPause { only_if: vec!["o'hara".into(), "\u{2019}x".into()], prob: 0.05, ..pause.clone() };
        assert!(
            guarded(&late)
                .contains("if ((Read-Host 'Are all of these done: o''hara, ?x? Type yes, or no to pause for 8 days')")
        );
        assert!(one(&late, None, (2, 2))[0].starts_with("2 of 2. On Thu 24 Dec 2026, only if one of o'hara and"));
        let lines = one(&pause, None, (1, 2));
        assert_eq!(
            lines[0],
            "1 of 2. On Thu 24 Dec 2026, at 00:00 UTC: pause for 8 days, until Fri 1 Jan 2027, 00:00 UTC."
        );
        assert_eq!(lines[2], "Days charged: 8 of 2026; left in 2026 afterwards: 3.");
    }
}
