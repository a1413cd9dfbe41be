//! `brownout timeline`: the dates of one server, or of every server of a report.

pub(in crate::cli) mod ask;
mod overview;
mod picture;
mod rows;
mod table;
pub(in crate::cli) mod words;

use std::io::Write;
use std::path::PathBuf;

use brownout::catalog::Catalog;
use brownout::intake::{DateOrder, ServerRecord, instant_of};
use brownout::outside::printable_json;
use brownout::policy::{PauseRequest, Policy};
use brownout::study::named::DEFAULT;
use brownout::time::SimTime;
use brownout::timeline::{Note, Question, Server, Timeline, fleet, timeline};
use clap::{ArgGroup, Args, ValueEnum};

use super::{DONE, REFUSED, screen};
use ask::Refusal;

/// Show the dates of your servers: every stage, where they stand now, what comes next, pause days left
///
/// Give the day of first detection, or what Get-OnPremServerReportInfo prints in Exchange Online PowerShell. A report does
/// not tell of pauses, but the date of its next stage betrays how many days were paused; they are counted in, and said.
///
/// All times are UTC. The dates hold for servers that nobody touches: bringing a server to a compliant build ends
/// enforcement at once.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("source").required(true), after_help = EXAMPLES)]
pub(crate) struct TimelineArguments {
    /// First detection of the server: a date or a timestamp, UTC unless it has an offset
    #[arg(long, value_name = "TIMESTAMP", group = "source", value_parser = instant_of)]
    first_detected: Option<SimTime>,
    /// Output of Get-OnPremServerReportInfo as Format-List text, CSV or JSON; `-` reads standard input
    #[arg(long, value_name = "FILE", group = "source")]
    report: Option<PathBuf>,
    /// Only this server of the report, by its full or first name; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with = "first_detected")]
    server: Vec<String>,
    /// Order of day and month in the report, where the file leaves it open: day-first or month-first
    #[arg(long, value_name = "ORDER", conflicts_with = "first_detected")]
    date_order: Option<DateOrder>,
    /// A policy known by name (microsoft, microsoft-2023, microsoft-2023-throttle-kept, rollout-2023, rollout-2026,
    /// all-at-once, no-enforcement) or a policy file
    #[arg(long, value_name = "NAME|FILE", default_value = DEFAULT)]
    policy: String,
    /// A pause of whole days, had or planned: from a date or timestamp on; may be repeated
    #[arg(long, value_name = "START:DAYS", value_parser = ask::pause)]
    pause: Vec<PauseRequest>,
    /// Pause days spent in a calendar year besides those pauses; may be repeated
    #[arg(long, value_name = "YEAR:DAYS", value_parser = ask::used)]
    used: Vec<(i16, u32)>,
    /// The instant of "now" [default: the clock of this computer]
    #[arg(long, value_name = "TIMESTAMP", value_parser = instant_of)]
    at: Option<SimTime>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Also draw the dates, replacing the file; several servers get a picture each, their names put before the ending
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
}

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// One row for each server and stretch of time
    Csv,
    /// Everything
    Json,
}

const EXAMPLES: &str = "\
Examples:
  brownout timeline --first-detected 2026-09-09
  brownout timeline --first-detected 2026-09-09 --pause 2026-11-16:14 --used 2026:30
  brownout timeline --report report.txt --png dates.png
  brownout timeline --report report.txt --server exch1 --policy microsoft-2023-throttle-kept
  brownout timeline --report report.json --format csv > dates.csv

To get the report, in Exchange Online PowerShell:
  Get-OnPremServerReportInfo | Format-List > report.txt";

/// One server with its words.
struct Subject {
    /// What the report says, if there is one.
    server: Option<Server>,
    timeline: Timeline,
    notes: Vec<Note>,
}

impl Subject {
    fn name(&self) -> &str {
        self.server.as_ref().map_or("", |server| server.record.name.as_str())
    }
}

/// Everything that is printed.
struct Findings {
    policy: Policy,
    at: SimTime,
    subjects: Vec<Subject>,
    /// What concerns all servers together.
    notes: Vec<Note>,
    /// How the order of day and month was settled, where that was open.
    date_order: Option<String>,
    /// What the report says where it lists no server.
    nothing: Option<String>,
    /// Doubts about the report.
    warnings: Vec<String>,
}

pub(crate) fn run(arguments: &TimelineArguments) -> anyhow::Result<u8> {
    let findings = match find(arguments) {
        Ok(findings) => findings,
        Err(Refusal::Failed(error)) => return Err(error),
        Err(Refusal::Told) => return Ok(REFUSED),
        Err(Refusal::Words(words)) => {
            say("error", [words]);
            return Ok(REFUSED);
        }
    };
    if let (Some(words), Format::Table) = (&findings.nothing, arguments.format) {
        // Nothing to worry about is an answer as well.
        writeln!(std::io::stdout().lock(), "{words}")?;
        return Ok(DONE);
    }
    let bytes = match arguments.format {
        Format::Table => table::print(&findings, !arguments.server.is_empty()).into_bytes(),
        Format::Csv => rows::csv(&findings)?,
        Format::Json => printable_json(&String::from_utf8_lossy(&rows::json(&findings)?)).into_owned().into_bytes(),
    };
    if arguments.format != Format::Json {
        say("warning", &findings.warnings);
    }
    if arguments.format == Format::Csv {
        say("note", table::notes(&findings));
    }
    if let Some(path) = &arguments.png {
        picture::write(&findings, path)?;
    }
    screen::out().write_all(&bytes)?;
    Ok(DONE)
}

/// Writes messages to standard error; that nobody reads it is no error.
fn say(kind: &str, messages: impl IntoIterator<Item = impl std::fmt::Display>) {
    messages.into_iter().for_each(|message| eprintln!("{kind}: {message}"));
}

fn find(arguments: &TimelineArguments) -> Result<Findings, Refusal> {
    let policy = ask::policy(&arguments.policy)?;
    let at = arguments.at.unwrap_or_else(ask::wall_clock);
    let question = Question { policy: &policy, pauses: &arguments.pause, used: &arguments.used, at };
    let mut findings = Findings {
        policy: policy.clone(),
        at,
        subjects: Vec::new(),
        notes: Vec::new(),
        date_order: None,
        nothing: None,
        warnings: Vec::new(),
    };
    if let Some(path) = &arguments.report {
        let (intake, _) = ask::report(path, arguments.date_order)?;
        findings.date_order = intake.date_order.order().map(|_| intake.date_order.to_string());
        findings.warnings = intake.warnings;
        findings.warnings.extend(intake.nothing.clone());
        findings.nothing = intake.nothing;
        // The pauses of all servers together decide, so the choice comes last.
        let fleet = fleet(&question, intake.records).map_err(|error| Refusal::Words(error.to_string()))?;
        findings.notes = fleet.notes;
        let undated = |record: &ServerRecord| {
            format!(
                "line {}: {}: the day of first detection is not known, so its dates are not either",
                record.line, record.name
            )
        };
        findings.warnings.extend(fleet.undated.iter().map(undated));
        let chosen = ask::choose(fleet.servers, &arguments.server)?;
        findings.subjects = chosen.into_iter().map(Subject::from).collect();
    } else if let Some(detected) = arguments.first_detected {
        let timeline = timeline(&question, detected).map_err(|error| Refusal::Words(error.to_string()))?;
        findings.subjects.push(Subject { server: None, timeline, notes: Vec::new() });
    }
    Ok(findings)
}

impl From<Server> for Subject {
    fn from(server: Server) -> Self {
        Subject { timeline: server.timeline.clone(), notes: server.notes.clone(), server: Some(server) }
    }
}

/// Product and build, and what the catalogue knows of it.
fn build_words(server: &Server) -> (String, String) {
    use brownout::catalog::Verified;
    let catalog = Catalog::embedded();
    let record = &server.record;
    let product = record.product.map_or(record.product_text.clone(), |id| catalog.product_name(id).to_owned());
    let verdict = match record.build.map(|build| catalog.verify(build.lowest())) {
        None => "no readable build".to_owned(),
        Some(Verified::Listed(release)) => release.update.clone(),
        Some(Verified::Unlisted { nearest_below: Some(below) }) => format!("not listed, above {}", below.update),
        Some(Verified::Unlisted { nearest_below: None }) => "not listed".to_owned(),
        Some(Verified::NewerThanCatalogue) => {
            format!("cannot verify: newer than catalogue of {}", catalog.newest_date().day())
        }
    };
    (format!("{product} {}", record.build_text).trim().to_owned(), verdict)
}
