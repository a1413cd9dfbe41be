//! Living the points of an exploration: all of them or a shard, from the beginning or from where it stopped.

use std::ops::{ControlFlow, Range};

use brownout::experiment::Shard;
use brownout::explore::book::{Book, indexes_of};
use brownout::explore::points::{Ended, Outcome};
use brownout::explore::survey::SurveyPart;
use brownout::store::shard::{PointsBody, PointsHeader};
use brownout::store::write::RowJournal;
use indicatif::ProgressBar;

use super::ask::PreparedExploration;
use crate::cli::interrupt;
use crate::cli::progress::{progress_bar, resume_bar};

/// The points of all parts in the order in which they are asked for, equal ones once.
pub(in crate::cli) struct PointWork {
    /// By part: the points that are lived.
    wanted: Vec<Vec<usize>>,
    /// By part: how many points are lived, and the replications of each.
    costs: Vec<(u64, u64)>,
}

impl PointWork {
    /// The work of parts of which nothing is known yet.
    pub(in crate::cli) fn of(parts: &[SurveyPart]) -> Self {
        let wanted: Vec<Vec<usize>> = parts.iter().map(|part| part.table.missing(0..part.rows.len())).collect();
        let cost =
            |(part, wanted): (&SurveyPart, &Vec<usize>)| (wanted.len() as u64, u64::from(part.question.replications));
        let costs = parts.iter().zip(&wanted).map(cost).collect();
        PointWork { wanted, costs }
    }

    /// All points.
    pub(in crate::cli) fn points(&self) -> u64 {
        self.costs.iter().map(|(points, _)| points).sum()
    }

    /// The indexes of a shard.
    pub(in crate::cli) fn indexes(&self, shard: Shard) -> Range<u64> {
        indexes_of(&self.costs, shard)
    }

    /// Replications of all points at some indexes.
    fn replications(&self, indexes: Range<u64>) -> u64 {
        let (mut first, mut sum) = (0, 0);
        for &(points, replications) in &self.costs {
            let end = first + points;
            sum += replications * (indexes.end.clamp(first, end) - indexes.start.clamp(first, end));
            first = end;
        }
        sum
    }

    /// What the file of a shard is about.
    pub(in crate::cli) fn header(&self, asked: &PreparedExploration, shard: Shard) -> PointsHeader {
        PointsHeader::new(PointsBody::new(&asked.name, shard, self.points(), self.indexes(shard)), asked.inputs())
    }
}

/// Lives the points at some indexes, as far as they are not `known`, and tells each row to `keep`. What is known beyond them, if it
/// came to its end.
pub(in crate::cli) fn lived(
    asked: &PreparedExploration,
    parts: &mut [SurveyPart],
    work: &PointWork,
    indexes: Range<u64>,
    known: Vec<Outcome>,
    keep: &mut dyn FnMut(&Outcome) -> anyhow::Result<()>,
) -> anyhow::Result<Option<Vec<Outcome>>> {
    let tenants = asked.tenants() * asked.schedules.len() as u64;
    let bar = progress_bar(work.replications(indexes.clone()) * tenants);
    let known_until = (indexes.start + known.len() as u64).min(indexes.end);
    resume_bar(&bar, work.replications(indexes.start..known_until) * tenants);
    let ask = |lived| told(&bar, lived);
    let mut keep = |_, outcome: &Outcome| keep(outcome);
    let mut book = Book::new(indexes, known, &ask, &mut keep);
    let studies = (&asked.template, asked.schedules.len());
    let mut ended = Ok(Ended::Complete);
    for (part, wanted) in parts.iter_mut().zip(&work.wanted) {
        ended = book.live(studies, &mut part.table, &part.question, wanted);
        if !matches!(ended, Ok(Ended::Complete)) {
            break;
        }
        part.table.spread();
    }
    bar.finish_and_clear();
    Ok((ended? == Ended::Complete).then(|| book.rest()))
}

/// Counts lives; with none it is only asked whether to go on, thousands of times a second.
pub(super) fn told(bar: &ProgressBar, lived: u64) -> ControlFlow<()> {
    if lived > 0 {
        bar.inc(lived);
    }
    if interrupt::is_asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// Lives a shard of which a journal is kept; what is known beyond it, if it came to its end.
pub(in crate::cli) fn lived_with(
    asked: &PreparedExploration,
    parts: &mut [SurveyPart],
    work: &PointWork,
    indexes: Range<u64>,
    (journal, known): (&mut RowJournal, Vec<Outcome>),
) -> anyhow::Result<Option<Vec<Outcome>>> {
    let rest =
        interrupt::orderly(|| lived(asked, parts, work, indexes, known, &mut |outcome| Ok(journal.keep(outcome)?)))?;
    if rest.is_none() {
        journal.close()?;
    }
    Ok(rest)
}
