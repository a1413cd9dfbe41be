//! How to make the plan again: its files by the names under which they are recorded, and the command with its arguments.

use maud::{Markup, html};

use super::Sources;
use crate::html::provenance::shell;
use crate::plan::words;
use crate::plan::{PlanOptions, Story};
use brownout_store::manifest::hash;

/// Stands for the directory of the former plan: where it lay is not recorded.
const FORMER: &str = "FORMER";

/// The section.
pub(in crate::plan) fn section(story: &Story<'_>, sources: &Sources<'_>) -> Markup {
    let project = story.project();
    html! {
        section id="reproduce" {
            h2 { "How to reproduce" }
            p { "The same files and arguments give the same bytes, on any number of threads:" }
            pre tabindex="0" { code { (command(story, sources)) } }
            @if sources.options.state.is_some() {
                p { code { (FORMER) } " stands for the directory of the former plan, wherever it lies." }
            }
            @if sources.options.former.is_some() {
                p {
                    "The calendar takes the place of the one that lay in the directory of the former plan, or of these results: what fell away is "
                    "called off only where that one is there."
                }
            }
            dl {
                dt { "Version" } dd { "brownout " (env!("CARGO_PKG_VERSION")) }
                dt { "As of" } dd { (project.as_of) }
                dt { "Horizon" } dd { (project.horizon) }
                dt { "Seed" } dd { (project.seed) }
                dt { "Replications" } dd { (words::replications(story)) }
                @for row in story.rows.iter().filter(|row| row.done && project.tenant.is_none()) { dt { (row.server.name) " done" } dd { (row.at) } }
                @for file in sources.inputs { dt { "BLAKE3 of " (file.path) } dd { code { (hash(file.text.as_bytes())) } } }
            }
        }
    }
}

/// The command on one line, as a shell reads it.
fn command(story: &Story<'_>, sources: &Sources<'_>) -> String {
    let project = story.project();
    let path = sources.inputs.first().map_or("PLAN.ron", |file| file.path.as_str());
    let mut words = vec!["brownout".to_owned(), "plan".to_owned(), path.to_owned()];
    words.extend(given(sources.options));
    words.extend(["--as-of".to_owned(), project.as_of.to_string()]);
    words.extend(["--seed".to_owned(), project.seed.to_string()]);
    words.extend(["--replications".to_owned(), project.replications.to_string()]);
    words.extend(sources.figures.is_empty().then(|| "--no-charts".to_owned()));
    words.iter().map(|word| shell(word)).collect::<Vec<_>>().join(" ")
}

/// The options given, except day, seed and replications, which are always shown.
fn given(options: &PlanOptions) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut say = |name: &str, value: Option<String>| {
        words.extend(value.into_iter().flat_map(|value| [format!("--{name}"), value]));
    };
    say("former", options.state.as_ref().map(|_| FORMER.to_owned()));
    say("fleet", options.fleet.clone());
    say("report", options.report.clone());
    say("date-order", options.date_order.clone());
    options.done.iter().for_each(|done| say("done", Some(format!("{}={}", done.server, short(&done.at)))));
    for (server, since) in &options.in_hand {
        let since = since.as_ref().map_or(String::new(), |since| format!("={}", short(since)));
        say("in-hand", Some(format!("{server}{since}")));
    }
    options.pauses.iter().for_each(|(at, days)| say("pause", Some(format!("{}:{days}", short(at)))));
    options.used.iter().for_each(|(year, days)| say("used", Some(format!("{year}:{days}"))));
    say("time", options.time.map(|seconds| seconds.to_string()));
    words.extend(options.as_planned.then(|| "--as-planned".to_owned()));
    words
}

/// A day instead of its first instant.
fn short(at: &str) -> &str {
    at.strip_suffix("T00:00:00Z").unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Done;

    #[test]
    fn arguments_are_told_with_the_names_under_which_files_are_recorded() {
        let done = |server: &str, at: &str| Done { server: server.to_owned(), at: at.to_owned() };
        let options = PlanOptions {
            as_of: Some("2026-12-01T00:00:00Z".to_owned()),
            done: vec![done("a", "2026-11-28T00:00:00Z"), done("b c", "2026-11-28T20:00:00Z")],
            in_hand: vec![("d".to_owned(), None), ("e".to_owned(), Some("2026-11-30T00:00:00Z".to_owned()))],
            as_planned: true,
            state: Some("state.ron".to_owned()),
            pauses: vec![("2026-11-26T00:00:00Z".to_owned(), 31)],
            used: vec![(2026, 3)],
            time: Some(5),
            fleet: Some("ours.csv".to_owned()),
            report: Some("report.txt".to_owned()),
            ..PlanOptions::default()
        };
        let words: Vec<String> = given(&options).iter().map(|word| shell(word)).collect();
        assert_eq!(
            words.join(" "),
            "--former FORMER --fleet ours.csv --report report.txt --done a=2026-11-28 --done 'b c=2026-11-28T20:00:00Z' \
             --in-hand d --in-hand e=2026-11-30 --pause 2026-11-26:31 --used 2026:3 --time 5 --as-planned"
        );
        assert_eq!(given(&PlanOptions::default()), Vec::<String>::new());
    }
}
