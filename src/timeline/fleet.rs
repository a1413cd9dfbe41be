//! All servers of a report: one tenant, hence one pause budget and the same pauses for all.

use super::infer::{self, Explained, Reported};
use super::note::{Misfit, Note};
use super::{Question, Timeline, TimelineError, opened_book, timeline};
use crate::intake::ServerRecord;
use crate::policy::{Minutes, PauseBook, PauseRequest, Policy};
use crate::time::{SimDuration, SimTime};

/// A server of a report with its dates.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// What the report says.
    pub record: ServerRecord,
    /// Its dates.
    pub timeline: Timeline,
    /// What to know about them.
    pub notes: Vec<Note>,
}

/// All servers of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Fleet {
    /// The servers in the order of the report.
    pub servers: Vec<Server>,
    /// Servers of which the report has no first detection: their dates are not known.
    pub undated: Vec<ServerRecord>,
    /// What concerns them together.
    pub notes: Vec<Note>,
}

/// What is known about the pauses behind one record.
enum Finding {
    NoNextStage,
    Confirmed(Explained),
    Explained(Explained),
    Misfit(Misfit),
}

/// The dates of all servers of a report.
///
/// Pauses that were neither given nor reported are inferred from the dates of the next stages ([`infer`]). Given pauses
/// that begin after `question.at` are plans and come on top; earlier ones that explain a reported date by themselves
/// replace the inference. Inferred days count among `question.used`, not besides.
///
/// # Errors
/// [`TimelineError`] as for one server.
pub fn fleet(question: &Question<'_>, records: Vec<ServerRecord>) -> Result<Fleet, TimelineError> {
    let policy = question.policy;
    let stated = opened_book(question)?;
    let (records, undated): (Vec<_>, Vec<_>) = records.into_iter().partition(|record| record.first_detected.is_some());
    let findings: Vec<Finding> = records.iter().map(|record| find(question, record)).collect();
    let own: Vec<(Reported, Explained)> = records
        .iter()
        .zip(&findings)
        .filter_map(|(record, finding)| match finding {
            Finding::Explained(explained) => Some((reported(record)?, *explained)),
            _ => None,
        })
        .collect();
    let shared = infer::shared_pause(&policy.ladder, &policy.pauses, &own);
    let notes = if shared.is_none() { vec![Note::NoSharedPause] } else { Vec::new() };
    let servers = records.into_iter().zip(findings).map(|(record, finding)| {
        let pause = match (&shared, &finding) {
            (_, Finding::Confirmed(_)) => None,
            (Some(shared), _) => *shared,
            (None, Finding::Explained(explained)) => explained.pause,
            (None, _) => None,
        };
        server(question, record, &finding, (pause, beside(policy, &stated, pause)))
    });
    Ok(Fleet {
        servers: servers.collect::<Result<Vec<Option<Server>>, _>>()?.into_iter().flatten().collect(),
        undated,
        notes,
    })
}

fn reported(record: &ServerRecord) -> Option<Reported> {
    let next = record.next_stage?;
    let minutes = Minutes { throttle: next.throttle_minutes.min(60) as u8, block: next.block_minutes.min(60) as u8 };
    Some(Reported { detected: record.first_detected?, start: next.start, minutes })
}

fn find(question: &Question<'_>, record: &ServerRecord) -> Finding {
    let Policy { ladder, pauses: rules, .. } = question.policy;
    let Some(reported) = reported(record) else { return Finding::NoNextStage };
    // A pause begins when it is asked for, so one that lies ahead cannot be in the report.
    let given: Vec<PauseRequest> = question.pauses.iter().filter(|pause| pause.at <= question.at).copied().collect();
    match infer::explain(ladder, rules, &reported) {
        Ok(explained) if !given.is_empty() && infer::confirms(ladder, rules, &reported, &given) => {
            Finding::Confirmed(explained)
        }
        Ok(explained) => Finding::Explained(explained),
        Err(misfit) => Finding::Misfit(misfit),
    }
}

fn server(
    question: &Question<'_>,
    record: ServerRecord,
    finding: &Finding,
    (assumed, used): (Option<PauseRequest>, Vec<(i16, u32)>),
) -> Result<Option<Server>, TimelineError> {
    let Some(detected) = record.first_detected else { return Ok(None) };
    let pauses: Vec<PauseRequest> = question.pauses.iter().copied().chain(assumed).collect();
    let timeline = timeline(&Question { pauses: &pauses, used: &used, ..*question }, detected)?;
    let mut notes = Vec::new();
    notes.extend(note_on_pause(question.policy, &record, finding, assumed));
    let next = record.next_stage.map(|next| next.start).filter(|start| *start <= question.at);
    notes.extend(next.map(|reported| Note::Outdated { reported }));
    let headlines = timeline.headlines;
    let fields = [
        ("ThrottleEnabledDate", record.throttle_enabled, headlines.throttled_from),
        ("BlockingEnabledDate", record.blocking_enabled, headlines.blocked_from),
    ];
    let moved = |(field, reported, real): (_, Option<SimTime>, Option<SimTime>)| (reported? < real?).then_some(field);
    let fields: Vec<&'static str> = fields.into_iter().filter_map(moved).collect();
    if !pauses.is_empty() && !fields.is_empty() {
        notes.push(Note::HeadlinesMoved { fields });
    }
    Ok(Some(Server { record, timeline, notes }))
}

/// The days said to be used, less those an inferred pause accounts for.
fn beside(policy: &Policy, stated: &PauseBook, assumed: Option<PauseRequest>) -> Vec<(i16, u32)> {
    let mut book = PauseBook::new();
    if let Some(pause) = assumed {
        book.grant_up_to(&policy.pauses, pause.at, pause.days);
    }
    let rest = |&(year, days): &(i16, u32)| (year, days.saturating_sub(book.used(year)));
    stated.used_by_year().iter().map(rest).collect()
}

fn note_on_pause(
    policy: &Policy,
    record: &ServerRecord,
    finding: &Finding,
    assumed: Option<PauseRequest>,
) -> Option<Note> {
    let Some(told) = reported(record) else {
        return Some(if assumed.is_some() { Note::PauseShared } else { Note::NoNextStage });
    };
    let name = |explained: &Explained| policy.ladder.stages()[explained.stage].name.clone();
    match finding {
        Finding::NoNextStage => Some(Note::NoNextStage),
        Finding::Confirmed(explained) => Some(Note::PauseConfirmed { next: name(explained), reported: told.start }),
        Finding::Explained(explained) => explained.pause.and(assumed).map(|pause| Note::PauseAssumed {
            next: name(explained),
            reported: told.start,
            days: explained.pause.map_or(0, |own| i64::from(own.days)),
            from: pause.at,
            to: pause.at + SimDuration::from_days(i64::from(pause.days)),
        }),
        Finding::Misfit(misfit) => Some(Note::Unexplained {
            reported: told.start,
            minutes: told.minutes,
            policy: policy.name.clone(),
            misfit: *misfit,
            instead: infer::better_preset(&policy.ladder, &policy.pauses, &told),
        }),
    }
}
