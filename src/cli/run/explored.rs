//! `run --explore`: the run's numbers once more, with what is not known beside what luck alone leaves open.

use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use brownout::experiment::{Measure, Run};
use brownout::explore::file::Wished;
use brownout::explore::findings::{OutcomeRange, findings};
use brownout::explore::points::{Ended, live};
use brownout::explore::survey::{lived_points, parts};
use brownout::outside::shortened;
use brownout::reading::files;
use brownout::reading::load::Loaded;
use brownout::reading::problem::{Problem, Severity};
use brownout::store::manifest::{MANIFEST_MAX, hash};
use brownout::telling::exploration::{ExplorationBody, read_spans};
use brownout::telling::terminal;
use brownout_methods::robust::Direction;

use super::RunArguments;
use crate::cli::explore::ask::PreparedExploration;
use crate::cli::progress::progress_bar;
use crate::cli::stop::Stop;
use crate::cli::{interrupt, outcome, screen};

/// Where the second interval comes from.
#[derive(Clone, Debug)]
pub(super) enum Explore {
    /// So many futures are lived.
    Futures(u64),
    /// A finished exploration of the same study.
    Folder(String),
}

/// A number of futures, or the folder of a finished exploration.
pub(super) fn source(text: &str) -> Result<Explore, String> {
    match text.parse::<u64>() {
        Ok(futures) if (20..=1_000_000).contains(&futures) => Ok(Explore::Futures(futures)),
        Ok(futures) => Err(format!("{futures} futures are not allowed; expected 20 to 1000000")),
        Err(_) => Ok(Explore::Folder(text.to_owned())),
    }
}

/// What stands beside the intervals of luck.
pub(super) enum Beside {
    Nothing,
    /// A study whose futures are lived after the run.
    Futures(Box<PreparedExploration>),
    Known(Unknown),
}

impl Beside {
    /// What was asked for, checked before anything is lived.
    ///
    /// # Errors
    /// Why there is nothing to say beside the run, or no place to say it.
    pub(super) fn of(loaded: &Loaded, arguments: &RunArguments) -> Result<Self, Vec<Problem>> {
        let Some(explore) = &arguments.explore else { return Ok(Beside::Nothing) };
        if arguments.telling.is_silent() {
            // No file of the run has the second interval.
            let message = "--quiet prints no table, and what --explore says stands nowhere else".to_owned();
            return Err(vec![problem(message, "print it with --json or --format csv")]);
        }
        match explore {
            Explore::Futures(futures) => {
                asked(&arguments.study, *futures).map(|asked| Beside::Futures(Box::new(asked)))
            }
            Explore::Folder(folder) => finished(folder, loaded).map(Beside::Known),
        }
    }

    /// Tells of a run, and of what is not known beside it.
    ///
    /// - `tell`: tells of the run, and in one document of what is not known.
    pub(super) fn tell(
        self,
        run: Run<'_>,
        is_for_people: bool,
        tell: impl FnOnce(Option<&Unknown>) -> anyhow::Result<()>,
    ) -> Result<(), Stop> {
        if is_for_people {
            // They have the run's own numbers to read while futures are lived.
            tell(None)?;
            return self.unknown()?.map_or(Ok(()), |unknown| Ok(print(run, &unknown)?));
        }
        match self.unknown() {
            Ok(unknown) => Ok(tell(unknown.as_ref())?),
            Err(stop) => {
                tell(None)?;
                Err(stop)
            }
        }
    }

    /// What is not known, if that was asked for.
    ///
    /// # Errors
    /// Ctrl-C while the futures were lived.
    fn unknown(self) -> Result<Option<Unknown>, Stop> {
        match self {
            Beside::Nothing => Ok(None),
            Beside::Known(unknown) => Ok(Some(unknown)),
            Beside::Futures(asked) => lived(&asked).map(Some).ok_or_else(|| {
                Stop::interrupted(
                    "the run's files are written, its futures were not all lived: repeat the command with --force to live them",
                )
            }),
        }
    }
}

/// Prints the second interval.
fn print(run: Run<'_>, unknown: &Unknown) -> anyhow::Result<()> {
    let mut out = screen::out();
    let width = outcome::terminal_width();
    let columns = width.map_or(100, usize::from).clamp(20, 100);
    let Some(table) = terminal::with_unknown(run, &unknown.spans, width) else {
        say!(out, "The futures define none of the measures, so there is no second interval.")?;
        return Ok(());
    };
    let words = format!("Luck only: the 95 % interval of the mean, as above. {}", unknown.meaning());
    writeln!(out, "\n{table}\n{}", brownout::text::wrap::wrapped(&words, columns))?;
    Ok(())
}

/// How far what is not known leaves each number open, and how that was found, in words.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Unknown {
    pub(in crate::cli) spans: Vec<OutcomeRange>,
    words: String,
}

impl Unknown {
    /// What the second interval is, in words.
    pub(in crate::cli) fn meaning(&self) -> String {
        format!("With what is not known: from the 5th to the 95th of 100 futures; {}.", self.words)
    }
}

fn problem(message: String, help: &str) -> Problem {
    Problem { severity: Severity::Error, place: None, field: String::new(), message, help: help.to_owned() }
}

/// Measures that every replication has.
const MEASURES: [Measure; 4] = [Measure::Lost, Measure::Delayed, Measure::Exposure, Measure::StillNonCompliant];

/// Replications in each future.
const REPLICATIONS: u32 = 6;

/// A study whose futures can be lived, asked before the run itself begins.
///
/// # Errors
/// Why there is nothing to explore.
fn asked(study: &Path, futures: u64) -> Result<PreparedExploration, Vec<Problem>> {
    // A shipped exploration of the same name may have schedules of its own, which are not the run's scenarios.
    let mut asked = PreparedExploration::of_study(study, None)?;
    asked.explore.futures = (futures, REPLICATIONS);
    asked.explore.steps.clear();
    asked.explore.outcomes =
        MEASURES.map(|measure| Wished { measure, wish: Direction::Less, limit: None }).into_iter().collect();
    Ok(asked)
}

/// Lives the futures; `None` if that was stopped.
fn lived(asked: &PreparedExploration) -> Option<Unknown> {
    let mut parts = parts(&asked.explore);
    let tenants = asked.tenants() * asked.schedules.len() as u64;
    let lives = parts.iter().map(|part| lived_points(part) as u64 * u64::from(part.question.replications) * tenants);
    let bar = progress_bar(lives.sum());
    let ask = |lived: u64| {
        bar.inc(lived);
        if interrupt::is_asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let keep = &mut |_: &_| Ok::<(), std::convert::Infallible>(());
    let ended = interrupt::orderly(|| {
        parts.iter_mut().all(|part| {
            let wanted = part.table.missing(0..part.rows.len());
            let ended = live(&mut part.table, &asked.template, &part.question, &wanted, &ask, keep);
            part.table.spread();
            ended == Ok(Ended::Complete)
        })
    });
    bar.finish_and_clear();
    if !ended {
        return None;
    }
    let spans = findings(&asked.explore, &parts, asked.schedules.len()).spans;
    let (futures, replications) = asked.explore.futures;
    let words = format!(
        "{futures} futures, each a draw of {} over the ranges of the shipped table of assumptions, {} tenants, {replications} \
         replications in each (what is drawn: brownout explore STUDY --write FILE)",
        brownout::words::counted(asked.explore.unknowns.len() as u64, "unknown"),
        asked.tenants()
    );
    Some(Unknown { spans, words })
}

/// The spans of a finished exploration of the same study.
///
/// # Errors
/// In words, if the folder holds none.
fn finished(folder: &str, loaded: &Loaded) -> Result<Unknown, Vec<Problem>> {
    let shown = shortened(folder, 200);
    let wrong = |message: String| {
        vec![problem(message, "name the folder of a finished exploration of this study, or a number of futures")]
    };
    let Some(manifest) = outcome::manifest_in::<ExplorationBody>(Path::new(folder)) else {
        return Err(wrong(format!("{shown} holds no exploration")));
    };
    let study = loaded.files.first().map(|file| hash(file.text.as_bytes()));
    if manifest.header.inputs.get(1).map(|input| input.blake3.clone()) != study {
        return Err(wrong(format!("{shown} is an exploration of another study")));
    }
    let table = files::read(&Path::new(folder).join("spans.csv"), MANIFEST_MAX).ok().filter(|bytes| {
        let recorded = manifest.outputs.iter().find(|output| output.file == "spans.csv");
        recorded.is_some_and(|output| output.blake3 == hash(bytes))
    });
    let names: Vec<&str> = loaded.study.scenarios().iter().map(|scenario| scenario.name.as_str()).collect();
    let spans = table.as_deref().and_then(|bytes| read_spans(bytes, &names));
    let Some(spans) = spans else { return Err(wrong(format!("{shown}/spans.csv is missing or was changed"))) };
    Ok(Unknown { spans, words: format!("the futures of {shown}") })
}
