//! What an exploration came to: its files, and its words on the terminal.

use std::io::Write as _;

use brownout::explore::adaptive;
use brownout::explore::book::Book;
use brownout::explore::file::Step;
use brownout::explore::findings::{Findings, findings};
use brownout::explore::points::{Ended, Outcome};
use brownout::explore::survey::SurveyPart;
use brownout::outside::printable;
use brownout::reading::recorded::Names;
use brownout::store::manifest::{FileHash, InputFile, Nothing};
use brownout::store::write::{MANIFEST, OutputDirectory, RowJournal};
use brownout::telling::bundle::png_keys;
use brownout::telling::exploration::tables::each_table;
use brownout::telling::exploration::words::{answer, paragraphs};
use brownout::telling::exploration::{ExplorationBody, ExplorationManifest, Explored, figures, page};
use brownout::watch::Watch;
use brownout::words::counted;

use super::ask::PreparedExploration;
use super::lives::told as told_lives;
use crate::cli::progress::progress_bar;
use crate::cli::{interrupt, outcome, screen};

/// What the points of an exploration say, and the files that hold it.
pub(in crate::cli) struct Made {
    found: Findings,
    answer: String,
}

/// What steps that decide as they go have lived before, and the journal that is kept of what they live now.
pub(in crate::cli) struct Further<'a> {
    /// The index of their first point.
    index: u64,
    known: Vec<Outcome>,
    journal: Option<&'a mut RowJournal>,
}

impl<'a> Further<'a> {
    /// Of an exploration whose own points end at an index.
    pub(super) fn new(index: u64, known: Vec<Outcome>, journal: &'a mut RowJournal) -> Self {
        Further { index, known, journal: Some(journal) }
    }

    /// Of an exploration that begins anew if it is stopped.
    pub(in crate::cli) fn unkept() -> Further<'static> {
        Further { index: 0, known: Vec::new(), journal: None }
    }

    fn keep(&mut self, outcome: &Outcome) -> anyhow::Result<()> {
        self.journal.as_mut().map_or(Ok(()), |journal| Ok(journal.keep(outcome)?))
    }

    fn close(&mut self) -> anyhow::Result<()> {
        self.journal.as_mut().map_or(Ok(()), |journal| Ok(journal.close()?))
    }
}

/// Makes all files of an exploration of which every point is known, and hands each over, the manifest last; `None` if it was
/// stopped.
pub(in crate::cli) fn made(
    asked: &PreparedExploration,
    parts: &[SurveyPart],
    further: &mut Further<'_>,
    charts: bool,
    each: &mut dyn FnMut(&str, &[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<Option<Made>> {
    let mut found = findings(&asked.explore, parts, asked.schedules.len());
    if !decided(asked, further, &mut found)? {
        return Ok(None);
    }
    let answer = answer(&asked.explore, &found, &asked.schedules);
    let mut outputs = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| {
        outputs.push(FileHash::of(name, &bytes));
        each(name, &bytes)
    };
    each_table(&asked.explore, parts, &found, &asked.schedules, &mut add)?;
    let drawn = interrupt::orderly(|| told(asked, parts, charts, &found, &interrupt::watch(|_| ())));
    if drawn.as_ref().is_err_and(outcome::is_stop) {
        return Ok(None);
    }
    for (name, bytes) in drawn? {
        add(&name, bytes)?;
    }
    each(MANIFEST, &manifest(asked, parts, &found, &answer, outputs).bytes())?;
    Ok(Some(Made { found, answer }))
}

/// Takes the steps that decide as they go; whether they came to their end.
fn decided(asked: &PreparedExploration, further: &mut Further<'_>, found: &mut Findings) -> anyhow::Result<bool> {
    let schedules = asked.schedules.len();
    if !adaptive::is_asked(&asked.explore) {
        return Ok(true);
    }
    let bar = progress_bar(adaptive::lives(&asked.explore, schedules, asked.tenants()));
    let ask = |lived| told_lives(&bar, lived);
    let (index, known) = (further.index, std::mem::take(&mut further.known));
    let mut keep = |_, outcome: &Outcome| further.keep(outcome);
    let mut book = Book::beyond(index, known, &ask, &mut keep);
    let ended = interrupt::orderly(|| adaptive::take(&asked.explore, &asked.template, schedules, &mut book, found));
    bar.finish_and_clear();
    further.close()?;
    Ok(ended? == Ended::Complete)
}

/// Writes all files, then prints the answer and what it rests on unless `quiet`; whether it came to that.
pub(in crate::cli) fn write_and_print(
    asked: &PreparedExploration,
    parts: &[SurveyPart],
    further: &mut Further<'_>,
    (charts, quiet): (bool, bool),
    output: OutputDirectory,
) -> anyhow::Result<Option<()>> {
    let mut names = Vec::new();
    let made = made(asked, parts, further, charts, &mut |name, bytes| {
        names.push(name.to_owned());
        Ok(output.add(name, bytes)?)
    })?;
    let Some(made) = made else { return Ok(None) };
    let (target, stale) = (output.path().to_path_buf(), outcome::stale_files(output.path()));
    output.finish(&names, &stale)?;
    if quiet {
        return Ok(Some(()));
    }
    print(asked, parts, &made.found, &made.answer)?;
    let count = counted(names.len() as u64, "file");
    say!(screen::out(), "{count} in {}; begin with report.html", target.display())?;
    Ok(Some(()))
}

/// The pictures and the page.
fn told(
    asked: &PreparedExploration,
    parts: &[SurveyPart],
    charts: bool,
    found: &Findings,
    watch: &Watch,
) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let not_tried = not_tried(asked, parts);
    let explored = Explored {
        name: &asked.name,
        explore: &asked.explore,
        parts,
        found,
        schedules: &asked.schedules,
        not_tried: &not_tried,
    };
    let explore = &asked.explore;
    let (futures, replications) = explore.futures;
    let footer = format!(
        "{} · seed {} · {futures} futures of {replications} replications · brownout {}",
        asked.name,
        explore.seed,
        env!("CARGO_PKG_VERSION")
    );
    let figures = if charts { figures::all(&explored, &footer, watch)? } else { Vec::new() };
    let text = [
        (png_keys::EXPLORATION.to_owned(), asked.name.clone()),
        ("brownout version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("brownout seed".to_owned(), explore.seed.to_string()),
    ];
    let mut files = page::pngs(&figures, &text, watch)?;
    let inputs: Vec<_> = asked.inputs().iter().map(InputFile::source).collect();
    let recorded = Names::new(&asked.files, |_| false);
    let warnings: Vec<String> = asked.warnings.iter().map(|problem| recorded.line(&problem.line())).collect();
    let sources = page::Sources { inputs: &inputs, warnings: &warnings, figures: &figures, look: crate::cli::look() };
    files.push(("report.html".to_owned(), page::page(&explored, &sources, watch)?));
    Ok(files)
}

fn manifest(
    asked: &PreparedExploration,
    parts: &[SurveyPart],
    found: &Findings,
    answer: &str,
    outputs: Vec<FileHash>,
) -> ExplorationManifest {
    let recorded = Names::new(&asked.files, |_| false);
    let lines = asked.warnings.iter().map(|problem| recorded.line(&problem.line()));
    let warnings = lines.chain(found.notes.iter().cloned()).collect();
    let body = ExplorationBody {
        study: asked.study.name().to_owned(),
        question: asked.explore.question.clone(),
        answer: answer.to_owned(),
        seed: asked.explore.seed,
        tenants: asked.explore.tenants,
        points: parts.iter().map(|part| part.table.distinct() as u64).sum(),
        schedules: asked.schedules.clone(),
    };
    ExplorationManifest { outputs, ..ExplorationManifest::new(body, asked.inputs(), Nothing {}, warnings) }
}

fn print(asked: &PreparedExploration, parts: &[SurveyPart], found: &Findings, answer: &str) -> anyhow::Result<()> {
    let mut out = screen::out();
    let columns = outcome::terminal_width().map_or(100, usize::from).clamp(20, 100);
    let mut write = |text: &str, indent: &str| -> std::io::Result<()> {
        let lines = brownout::text::wrap::wrapped(&printable(text), columns - indent.len());
        lines.lines().try_for_each(|line| writeln!(out, "{indent}{line}"))
    };
    write(answer, "")?;
    if !asked.explore.question.is_empty() {
        write(&asked.explore.question, "")?;
    }
    for paragraph in paragraphs(&asked.explore, found, &asked.schedules) {
        write(" ", "")?;
        write(paragraph.heading, "")?;
        paragraph.lines.iter().try_for_each(|line| write(line, "  "))?;
    }
    write(" ", "")?;
    write("What was not tried", "")?;
    not_tried(asked, parts).iter().try_for_each(|line| write(line, "  "))?;
    Ok(())
}

/// What the numbers do not speak of.
fn not_tried(asked: &PreparedExploration, parts: &[SurveyPart]) -> Vec<String> {
    let explore = &asked.explore;
    let mut lines = vec![format!(
        "Everything that is no unknown stayed as the study has it; {} moved, independently of one another.",
        counted(explore.unknowns.len() as u64, "unknown")
    )];
    if !asked.left.is_empty() {
        let count = counted(asked.left.len() as u64, "parameter");
        lines.push(format!("{count} with a range in the table of assumptions stayed too: {}.", asked.left.join("; ")));
    }
    let tenants = asked.tenants();
    let all: u64 =
        asked.study.scenarios().first().map_or(0, |s| s.world.groups().iter().map(|g| u64::from(g.count())).sum());
    if tenants < all {
        lines.push(format!(
            "{} of {} were lived at a point; amounts are scaled back, group by group.",
            counted(tenants, "tenant"),
            counted(all, "tenant")
        ));
    }
    let (futures, replications) = explore.futures;
    let points = counted(parts.iter().map(|part| part.rows.len() as u64).sum(), "point");
    lines.push(format!("A future is a draw of all unknowns; {futures} were compared, in {replications} replications each, of {points} in all."));
    if explore.structures.is_empty() {
        lines.push(
            "No structure of the model was varied: every future keeps the study's own form of how people respond."
                .to_owned(),
        );
    }
    if !explore.levers.is_empty() && !explore.steps.iter().any(|step| matches!(step, Step::Search(_))) {
        lines.push("Levers stay as each schedule has them: no step searches over them.".to_owned());
    }
    lines
}
