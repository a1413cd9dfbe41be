//! What the arguments ask for, and refusals that say place, value, rule and remedy.

use brownout::builds::Naming;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use brownout::catalog::ProductId;
use brownout::intake::{DateOrder, Intake, IntakeError, IntakeOptions, instant_of, read};
use brownout::outside::printable;
use brownout::policy::{PauseRequest, Policy};
use brownout::reading::files::reason;
use brownout::reading::load::load_policy;
use brownout::reading::named;
use brownout::reading::text::SourceFile;
use brownout::text::names::{nearest, one_of};
use brownout::time::{SimTime, YEAR_MAX, YEAR_MIN};
use brownout::timeline::Server;
use brownout::timeline::reply::replies;

use crate::cli::problems;
use crate::cli::stop::Stop;

/// More bytes than any report has; the reader of reports words the refusal.
const REPORT_MAX: u64 = (4 << 20) + 1;
/// Longest pause that is read; budgets refuse far shorter ones.
const PAUSE_DAYS_MAX: u32 = 3_660;

/// `2026-11-16:14` or `2026-11-16T08:00:00Z:14`.
pub(in crate::cli) fn pause(text: &str) -> Result<PauseRequest, String> {
    const SHAPE: &str = "expected START:DAYS such as 2026-11-16:14 or 2026-11-16T08:00:00Z:14";
    // A timestamp without days ends in a colon and two digits as well; only its start is no instant then.
    let (start, days) = text.rsplit_once(':').ok_or_else(|| SHAPE.to_owned())?;
    if instant_of(text).is_ok() {
        return Err(format!("the days are missing; {SHAPE}"));
    }
    let at = instant_of(start).map_err(|error| error.to_string())?;
    let days = days.parse().ok().filter(|days| (1..=PAUSE_DAYS_MAX).contains(days));
    let days = days.ok_or_else(|| format!("the days are not a whole number from 1 to {PAUSE_DAYS_MAX}; {SHAPE}"))?;
    Ok(PauseRequest { at, days })
}

/// `2026:30`.
pub(in crate::cli) fn used(text: &str) -> Result<(i16, u32), String> {
    let pair = text.split_once(':').and_then(|(year, days)| Some((year.parse().ok()?, days.parse().ok()?)));
    let sane = |(year, days): &(i16, u32)| (YEAR_MIN..=YEAR_MAX).contains(year) && *days <= 366;
    pair.filter(sane).ok_or_else(|| "expected YEAR:DAYS with 0 to 366 days, such as 2026:30".to_owned())
}

/// This instant, to the second. The one look at the clock of the computer.
#[allow(clippy::disallowed_types, reason = "the one place that asks the wall clock")]
pub(super) fn wall_clock() -> SimTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    SimTime::from_seconds(since.as_secs() as i64)
}

/// The policy known by a name, or of a file.
pub(super) fn policy(name: &str) -> Result<Policy, Stop> {
    if let Some(policy) = named::policy(name) {
        return Ok(policy);
    }
    let path = Path::new(name);
    if !name.ends_with(".ron") && !name.contains(['/', '\\']) && !path.exists() {
        let near = nearest(name, &named::NAMES);
        let near = if near.is_empty() { near } else { format!("{near} ") };
        return Err(Stop::Refused(format!(
            "--policy: there is no policy \"{name}\"; {near}expected {} or the path of a .ron file",
            one_of(&named::NAMES)
        )));
    }
    match load_policy(path) {
        Ok((policy, warnings)) => {
            problems::show(&warnings);
            Ok(policy)
        }
        Err(error) => {
            problems::show(&error.problems);
            Err(Stop::REFUSED)
        }
    }
}

/// The servers of a report.
/// - Returns also the report as a file of text, to be recorded.
pub(in crate::cli) fn report(
    path: &Path,
    date_order: Option<DateOrder>,
    tenant_column: Option<&str>,
) -> Result<(Intake, Arc<SourceFile>), Stop> {
    let standard_input = path == Path::new("-");
    let shown =
        if standard_input { "standard input".to_owned() } else { printable(&path.display().to_string()).into_owned() };
    let bytes = bytes_of(path).map_err(|why| {
        Stop::Refused(format!(
            "cannot read {shown}: {why}; expected a file with the output of Get-OnPremServerReportInfo | Format-List"
        ))
    })?;
    let options =
        IntakeOptions { date_order, tenant_column: tenant_column.map(str::to_owned), ..IntakeOptions::default() };
    // The problems of a report come one a line; each gets the name of the file.
    let refused = |error: IntakeError| {
        let mut lines: Vec<String> = error.to_string().lines().map(|line| format!("{shown}: {line}")).collect();
        if !replies(&text_of(&bytes)).is_empty() {
            lines = vec![format!(
                "{shown}: this is no report, but it holds replies of the service; read them with `brownout timeline --reply-file {shown}`"
            )];
        }
        Stop::Refused(lines.join("\n"))
    };
    let intake = read(&bytes, &options).map_err(refused)?;
    let text = brownout::intake::text_of(&bytes).map_err(refused)?;
    Ok((intake, Arc::new(SourceFile { path: shown.clone(), text })))
}

/// A file's bytes, at most as many as a report has; `-` is standard input. The error is for people.
fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(REPORT_MAX).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
        return Ok(bytes);
    }
    // One byte too many is enough for the reader to say that it is too many.
    brownout::reading::files::read_beginning(path, REPORT_MAX).map(|read| read.0).map_err(|error| error.to_string())
}

/// Text whose replies are plain letters, whatever it is encoded in: UTF-16 writes them with zeros in between.
fn text_of(bytes: &[u8]) -> String {
    let letters: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    String::from_utf8_lossy(&letters).into_owned()
}

/// The text with the service's reply, from either argument.
pub(super) fn reply(text: Option<&str>, path: Option<&Path>) -> Result<Option<String>, Stop> {
    let Some(path) = path else { return Ok(text.map(str::to_owned)) };
    let bytes = bytes_of(path).map_err(|why| {
        let shown = path.display().to_string();
        Stop::Refused(format!("cannot read {}: {why}; expected a file with the service's reply", printable(&shown)))
    })?;
    Ok(Some(text_of(&bytes)))
}

/// A product by any of its names.
pub(super) fn product(text: &str) -> Result<ProductId, String> {
    brownout::builds::catalog().product(text).map_err(|error| error.to_string())
}

/// Why a file must not be written: it would replace one that was read.
pub(super) fn would_replace(output: &Path, inputs: &[Option<&Path>]) -> Option<String> {
    let real = output.canonicalize().ok()?;
    let input = inputs.iter().flatten().find(|input| input.canonicalize().is_ok_and(|input| input == real))?;
    let (output, input) = (output.display().to_string(), input.display().to_string());
    Some(format!(
        "--png {} would replace {}, which is read; choose another name",
        printable(&output),
        printable(&input)
    ))
}

/// The servers that were named, or all.
pub(super) fn choose(servers: Vec<Server>, names: &[String]) -> Result<Vec<Server>, Stop> {
    let called = |server: &Server, name: &str| {
        let (full, name) = (server.record.name.to_lowercase(), name.to_lowercase());
        full == name || full.split('.').next() == Some(name.as_str())
    };
    for name in names {
        if !servers.iter().any(|server| called(server, name)) {
            let all: Vec<&str> = servers.iter().map(|server| server.record.name.as_str()).collect();
            let near = nearest(name, &all);
            let help = if near.is_empty() { format!("it has {}", one_of(&all[..all.len().min(20)])) } else { near };
            return Err(Stop::Refused(format!("--server: the report has no server \"{name}\"; {help}")));
        }
    }
    let wanted = |server: &Server| names.is_empty() || names.iter().any(|name| called(server, name));
    Ok(servers.into_iter().filter(wanted).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_split_at_its_last_colon() {
        let at = |text: &str| text.parse().unwrap();
        assert_eq!(pause("2026-11-16:14"), Ok(PauseRequest { at: at("2026-11-16"), days: 14 }));
        assert_eq!(pause("16/11/2026:3"), Ok(PauseRequest { at: at("2026-11-16"), days: 3 }));
        let east = PauseRequest { at: at("2026-11-16T06:00:00Z"), days: 14 };
        assert_eq!(pause("2026-11-16T08:00:00+02:00:14"), Ok(east));
        let full = "2026-11-16T08:00:01Z";
        assert_eq!(pause(&format!("{full}:3")), Ok(PauseRequest { at: at(full), days: 3 }));
    }

    #[test]
    fn bad_pauses_say_what_is_wrong() {
        for (text, word) in [
            ("2026-11-16", "START:DAYS"),
            ("2026-11-16T08:00:00", "days are missing"),
            ("soon:3", "is not a date"),
            ("6/11/2026:3", "2026-11-06"),
            ("2026-11-16:0", "1 to 3660"),
            ("2026-11-16:-3", "1 to 3660"),
            ("2026-11-16:99999999999", "1 to 3660"),
            ("", "START:DAYS"),
        ] {
            assert!(pause(text).unwrap_err().contains(word), "{text}: {:?}", pause(text));
        }
    }

    #[test]
    fn used_days_name_a_year() {
        assert_eq!(used("2026:30"), Ok((2026, 30)));
        for text in ["2026", "26:3", "2026:", "2026:400", "2026:-1", "99999:1"] {
            assert!(used(text).is_err(), "{text}");
        }
    }
}
