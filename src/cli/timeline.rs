//! `brownout timeline`: the dates of one server, or of every server of a report.

pub(in crate::cli) mod ask;
mod picture;

use brownout::builds::Naming;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::format::{Format, FormatArguments};
use super::screen;
use super::stop::Stop;
use brownout::builds::IdentityError;
use brownout::catalog::ProductId;
use brownout::compliance::{self, Detection, Installed, ServerVerdict};
use brownout::intake::{DateOrder, instant_of};
use brownout::policy::PauseRequest;
use brownout::reading::named::DEFAULT;
use brownout::telling::timeline::rows::{self, Answers};
use brownout::telling::timeline::{Findings, Subject, table};
use brownout::time::SimTime;
use brownout::timeline::reply::{Heard, hear};
use brownout::timeline::zone::Zone;
use brownout::timeline::{Note, Question, TimelineError, dates, fleet};
use clap::{ArgGroup, Args};

/// Show the dates of your servers: every stage, where they stand now, what comes next, pause days left
///
/// Give the day of first detection, what Get-OnPremServerReportInfo prints in Exchange Online PowerShell, the reply of the service
/// in a queue or a non-delivery report, or only the build. What the input does not tell is given as a range, and what is worked out
/// is marked: known, inferred, assumed, range.
///
/// All times are UTC unless a note says otherwise. The dates hold for servers that nobody touches: bringing a server to a compliant
/// build ends enforcement.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("source").required(true).multiple(true), after_help = EXAMPLES)]
pub(crate) struct TimelineArguments {
    /// First detection of the server: a date or a timestamp, UTC unless it has an offset
    #[arg(long, value_name = "TIMESTAMP", group = "source", value_parser = instant_of)]
    first_detected: Option<SimTime>,
    /// Output of Get-OnPremServerReportInfo as Format-List text, CSV or JSON; `-` reads standard input
    #[arg(long, value_name = "FILE", group = "source", conflicts_with_all = ["first_detected", "reply", "reply_file", "product", "build"])]
    report: Option<PathBuf>,
    /// What the service replied: "450 4.7.230 … throttled for 10 mins/hr", a non-delivery report, a record of Get-Queue
    #[arg(long, value_name = "TEXT", group = "source", conflicts_with_all = ["first_detected", "reply_file"])]
    reply: Option<String>,
    /// The same, read from a file; `-` reads standard input
    #[arg(long, value_name = "FILE", group = "source", conflicts_with = "first_detected")]
    reply_file: Option<PathBuf>,
    /// Product of the server, such as 2016; without --first-detected its dates are a range
    #[arg(long, value_name = "PRODUCT", group = "source", value_parser = ask::product)]
    product: Option<ProductId>,
    /// Build of the server, such as 15.1.2507.57 or "2016 CU23 Oct23SU"; it decides over the product
    #[arg(long, value_name = "BUILD", group = "source")]
    build: Option<String>,
    /// Column or field of the report that names the organisation of a server; each organisation has pauses and a budget of its own
    #[arg(long, value_name = "NAME", requires = "report")]
    tenant_column: Option<String>,
    /// Only this server of the report, by its full or first name; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with = "first_detected")]
    server: Vec<String>,
    /// Order of day and month in the report, where the file leaves it open: day-first or month-first
    #[arg(long, value_name = "ORDER", conflicts_with = "first_detected")]
    date_order: Option<DateOrder>,
    /// Zone of the report's dates, where they carry none: +02:00, Europe/Berlin, America/New_York [default: UTC]
    #[arg(long, value_name = "ZONE", requires = "report")]
    time_zone: Option<Zone>,
    /// A policy known by name (microsoft, microsoft-2023, microsoft-2023-throttle-kept, rollout-2023, rollout-2026,
    /// all-at-once, no-enforcement) or a policy file
    #[arg(long, value_name = "NAME|FILE", default_value = DEFAULT)]
    policy: String,
    /// A pause of whole days, had or planned: from a date or timestamp on; may be repeated. One that begins while another runs
    /// extends it (assumed)
    #[arg(long, value_name = "START:DAYS", value_parser = ask::pause)]
    pause: Vec<PauseRequest>,
    /// Pause days spent in a calendar year besides those pauses; may be repeated
    #[arg(long, value_name = "YEAR:DAYS", value_parser = ask::used)]
    used: Vec<(i16, u32)>,
    /// The instant of "now", or of the reply [default: the clock of this computer]
    #[arg(long, value_name = "TIMESTAMP", value_parser = instant_of)]
    at: Option<SimTime>,
    #[command(flatten)]
    format: FormatArguments,
    /// Also draw the dates to this file, replacing it; several servers get a picture each, such as dates-mail1.png for dates.png
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  brownout timeline --first-detected 2026-09-09
  brownout timeline --first-detected 2026-09-09 --pause 2026-11-16:14 --used 2026:30
  brownout timeline --report report.txt --png dates.png
  brownout timeline --report report.txt --server exch1 --policy microsoft-2023-throttle-kept
  brownout timeline --report report.json --format csv > dates.csv
  brownout timeline --build 15.1.2507.57
  brownout timeline --reply '450 4.7.230 ... throttled for 10 mins/hr' --at 2026-10-19

To get the report, in Exchange Online PowerShell:
  Get-OnPremServerReportInfo | Format-List > report.txt";

pub(crate) fn run(arguments: &TimelineArguments) -> Result<(), Stop> {
    let findings = match find(arguments) {
        Ok(findings) => findings,
        Err(Stop::Refused(words)) => {
            // The problems of a report come one a line.
            say("error", words.lines().map(str::to_owned));
            return Err(Stop::REFUSED);
        }
        Err(stop) => return Err(stop),
    };
    if let (Some(words), Format::Table) = (&findings.nothing, arguments.format.chosen()) {
        // Nothing to worry about is an answer as well.
        say!(screen::out(), "{words}")?;
        return Ok(());
    }
    let pictures = arguments.png.as_ref().map(|path| picture::paths(&findings, path)).unwrap_or_default();
    let inputs = [arguments.report.as_deref(), arguments.reply_file.as_deref(), Some(Path::new(&arguments.policy))];
    if let Some(words) = pictures.iter().find_map(|(_, path)| ask::would_replace(path, &inputs)) {
        say("error", [words]);
        return Err(Stop::REFUSED);
    }
    let answers = Answers::of(&findings);
    let about = || rows::about(&findings, &answers);
    let people = || table::print(&findings, !arguments.server.is_empty());
    let bytes = arguments.format.chosen().written(about, answers.frames(), people);
    if arguments.format.chosen() != Format::Json {
        say("warning", &findings.warnings);
    }
    if arguments.format.chosen() == Format::Csv {
        say("note", table::notes(&findings));
    }
    for (subject, path) in &pictures {
        picture::write(&findings, subject, path)?;
    }
    screen::out().write_all(&bytes)?;
    Ok(())
}

/// Writes messages to standard error; that nobody reads it is no error.
fn say(kind: &str, messages: impl IntoIterator<Item = impl std::fmt::Display>) {
    messages.into_iter().for_each(|message| eprintln!("{kind}: {message}"));
}

fn find(arguments: &TimelineArguments) -> Result<Findings, Stop> {
    let policy = ask::policy(&arguments.policy)?;
    let at = arguments.at.unwrap_or_else(ask::wall_clock);
    let question = Question { policy: &policy, pauses: &arguments.pause, used: &arguments.used, at };
    let mut findings = Findings {
        policy: policy.clone(),
        catalog: brownout::builds::catalog().clone(),
        at,
        subjects: Vec::new(),
        notes: Vec::new(),
        date_order: None,
        nothing: None,
        warnings: Vec::new(),
        pauses_told: !arguments.pause.is_empty() || !arguments.used.is_empty(),
    };
    let refuse = |error: TimelineError| Stop::Refused(error.to_string());
    let installed = installed(arguments, &mut findings.warnings)?;
    if let Some(path) = &arguments.report {
        let (intake, _) = ask::report(path, arguments.date_order, arguments.tenant_column.as_deref())?;
        findings.date_order = intake.date_order.order().map(|_| intake.date_order.to_string());
        findings.warnings = intake.warnings;
        findings.warnings.extend(intake.nothing.clone());
        findings.nothing = intake.nothing;
        // The pauses of all servers together decide, so the choice comes last.
        let mut records = intake.records;
        if let Some(zone) = arguments.time_zone {
            records.iter_mut().for_each(|record| zone.apply(record));
        }
        let fleet = fleet(&question, records).map_err(refuse)?;
        findings.notes = fleet.notes;
        let chosen = ask::choose(fleet.servers, &arguments.server)?;
        findings.subjects = chosen.into_iter().map(Subject::from).collect();
    } else if let Some(text) = ask::reply(arguments.reply.as_deref(), arguments.reply_file.as_deref())? {
        let heard = hear(policy.ladder(), &text).map_err(|error| Stop::Refused(format!("--reply: {error}")))?;
        findings.subjects.push(told(arguments, &question, installed, Some(heard)).map_err(refuse)?);
    } else {
        findings.subjects.push(told(arguments, &question, installed, None).map_err(refuse)?);
    }
    let unknown = findings.subjects.iter().filter(|one| one.is_undated()).map(|one| one.unknown_detection(&policy));
    findings.warnings.extend(unknown.collect::<std::collections::BTreeSet<_>>());
    Ok(findings)
}

/// What the server runs, as far as arguments tell.
fn installed(arguments: &TimelineArguments, warnings: &mut Vec<String>) -> Result<Option<Installed>, Stop> {
    let catalog = brownout::builds::catalog();
    let Some(text) = &arguments.build else { return Ok(arguments.product.and_then(Installed::product)) };
    match catalog.identify_of(text, arguments.product) {
        Ok(found) => {
            warnings
                .extend(catalog.contradiction(&found).map(|words| format!("--product: {words}; the build decides")));
            let (lowest, highest) = (found.build.lowest(), found.build.highest());
            Ok(Some(Installed::between(Some(found.product), lowest, highest)))
        }
        Err(IdentityError::NoProduct(build)) => Ok(Some(Installed::exact(None, build))),
        Err(error) if error.help().is_empty() => Err(Stop::Refused(format!("--build: {error}"))),
        Err(error) => Err(Stop::Refused(format!("--build: {error}; {}", error.help()))),
    }
}

/// One server of which arguments tell: by its detection, its build, or a reply it got.
fn told(
    arguments: &TimelineArguments,
    question: &Question<'_>,
    installed: Option<Installed>,
    heard: Option<Heard>,
) -> Result<Subject, TimelineError> {
    let Question { policy, at, .. } = *question;
    let stated = arguments.build.is_some() || arguments.product.is_some();
    let asked = compliance::ComplianceQuestion {
        detected: arguments.first_detected,
        ..compliance::ComplianceQuestion::new(policy, at)
    };
    let verdict = stated.then(|| compliance::ask_told(&asked, installed.as_ref()));
    let detection = match (&heard, verdict) {
        (Some(heard), _) => heard.detection(at),
        (None, Some(verdict)) => verdict.breach().map(|breach| breach.detection),
        (None, None) => arguments.first_detected.map(Detection::Known),
    };
    // By a reply the clock is known, so pauses that lie behind are in it already.
    let ahead: Vec<PauseRequest> =
        question.pauses.iter().filter(|pause| heard.is_none() || pause.at >= at).copied().collect();
    let question = Question { pauses: &ahead, ..*question };
    let mut dates = detection.map(|detection| dates(&question, detection, None)).transpose()?;
    if let (Some(dates), Some(ServerVerdict::CannotSay { .. }), None) = (&mut dates, verdict, &heard) {
        dates.doubted = true;
    }
    let rules = dates.iter().flat_map(|dates| &dates.rules);
    let notes = rules.map(|applied| Note::RuleAssumed { applied: *applied, rules: *policy.pauses() }).collect();
    let verdict = verdict.map(|verdict| (verdict, installed));
    Ok(Subject { name: String::new(), server: None, verdict, dates, heard, notes })
}
