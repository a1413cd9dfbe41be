//! All servers of a report. One tenant has one pause budget and the same pauses for all its servers; nothing is carried over
//! between tenants.

use super::dates::{Dates, Inferred, dates};
use std::collections::BTreeMap;

use super::infer::{self, Explained, Reported};
use super::note::{Misfit, Note};
use super::summer::SummerTime;
use super::{Question, TimelineError, record};
use crate::compliance::{self, Installed, ServerVerdict};
use crate::intake::ServerRecord;
use brownout_kernel::policy::{PauseBook, PauseRequest, Policy};
use brownout_kernel::time::{SimDuration, SimTime};

/// A server of a report with its dates.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// What the report says.
    pub record: ServerRecord,
    /// What is installed, as far as the report tells.
    pub installed: Option<Installed>,
    /// Whether it is in breach.
    pub verdict: ServerVerdict,
    /// Its dates; `None` if it complies, or if nothing can be said of it.
    pub dates: Option<Dates>,
    /// What to know about them.
    pub notes: Vec<Note>,
}

/// All servers of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Fleet {
    /// The servers in the order of the report.
    pub servers: Vec<Server>,
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
/// Pauses that were neither given nor reported are inferred from the dates of the next stages ([`infer`]), for each tenant by its
/// own records. Given pauses that begin after `question.at` are plans and come on top; earlier ones that explain a reported date by
/// themselves replace the inference. Inferred days count among `question.used`, not besides.
///
/// # Errors
/// [`TimelineError`] as for one server.
pub fn fleet(question: &Question<'_>, records: Vec<ServerRecord>) -> Result<Fleet, TimelineError> {
    let stated = question.check_used()?;
    let mut tenants: BTreeMap<Option<String>, Vec<(usize, ServerRecord)>> = BTreeMap::new();
    for (index, record) in records.into_iter().enumerate() {
        let tenant = record::tenant(&record).map(str::to_owned);
        tenants.entry(tenant).or_default().push((index, record));
    }
    let mut servers: Vec<(usize, Server)> = Vec::new();
    let mut notes = Vec::new();
    for own in tenants.into_values() {
        let (indices, own): (Vec<usize>, Vec<ServerRecord>) = own.into_iter().unzip();
        let found = one_tenant(question, &stated, own)?;
        notes.extend(found.notes.into_iter().filter(|note| !notes.contains(note)).collect::<Vec<_>>());
        servers.extend(indices.into_iter().zip(found.servers));
    }
    servers.sort_by_key(|entry| entry.0);
    Ok(Fleet { servers: servers.into_iter().map(|entry| entry.1).collect(), notes })
}

fn one_tenant(
    question: &Question<'_>,
    stated: &BTreeMap<i16, u32>,
    records: Vec<ServerRecord>,
) -> Result<Fleet, TimelineError> {
    let policy = question.policy;
    let findings: Vec<Finding> = records.iter().map(|record| find(question, record)).collect();
    let own: Vec<(Reported, Explained)> = records
        .iter()
        .zip(&findings)
        .filter_map(|(record, finding)| match finding {
            Finding::Explained(explained) => Some((whole_days(record)?, *explained)),
            _ => None,
        })
        .collect();
    let shared = infer::shared_pause(policy, &own, question.at);
    let notes = if shared.is_none() { vec![Note::NoSharedPause] } else { Vec::new() };
    let servers = records.into_iter().zip(findings).map(|(record, finding)| {
        let pause = match (&shared, &finding) {
            // Given pauses tell it all, and a record that no pause explains contradicts the others' pause as well.
            (_, Finding::Confirmed(_) | Finding::Misfit(_)) => None,
            (Some(shared), _) => *shared,
            (None, Finding::Explained(explained)) => explained.pause,
            (None, Finding::NoNextStage) => None,
        };
        server(question, record, &finding, (pause, beside(policy, stated, pause)))
    });
    Ok(Fleet { servers: servers.collect::<Result<_, _>>()?, notes })
}

/// The next stage as reported, an hour of summer time taken out.
fn whole_days(one: &ServerRecord) -> Option<Reported> {
    let reported = record::reported(one)?;
    let start = SummerTime::of(one).map_or(reported.start, |summer| summer.without(reported.start));
    Some(Reported { start, ..reported })
}

fn find(question: &Question<'_>, record: &ServerRecord) -> Finding {
    let policy = question.policy;
    let Some(reported) = whole_days(record) else { return Finding::NoNextStage };
    // A pause begins when it is asked for, so one that lies ahead cannot be in the report.
    let given: Vec<PauseRequest> = question.pauses.iter().filter(|pause| pause.at <= question.at).copied().collect();
    match infer::explain(policy, &reported, question.at) {
        Ok(explained) if !given.is_empty() && infer::confirms(policy, &reported, &given) => {
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
) -> Result<Server, TimelineError> {
    let Question { policy, at, .. } = *question;
    let (installed, detected) = (record::installed(&record), record::detected(&record));
    let asked = compliance::ComplianceQuestion { policy, at, recommended: &record.recommended, detected };
    let verdict = compliance::ask_told(&asked, installed.as_ref());
    let Some(breach) = verdict.breach() else {
        return Ok(Server { record, installed, verdict, dates: None, notes: Vec::new() });
    };
    let pauses: Vec<PauseRequest> = question.pauses.iter().copied().chain(assumed).collect();
    let question = Question { pauses: &pauses, used: &used, ..*question };
    let summer = SummerTime::of(&record);
    let mut dates = dates(&question, breach.detection, summer.as_ref())?;
    dates.inferred = assumed.map(|pause| inferred(policy, &record, finding, pause, at));
    dates.doubted = matches!(verdict, ServerVerdict::CannotSay { .. });
    let mut notes = Vec::new();
    notes.extend(note_on_pause(policy, &record, finding, assumed));
    notes.extend(summer.map(Note::LocalTime));
    let baseline = breach.entry.map(|entry| &policy.baselines().entries()[entry]);
    notes.extend(baseline.zip(detected).filter(|(entry, detected)| *detected < entry.effective()).map(
        |(entry, detected)| Note::OlderDetection {
            detected,
            baseline: entry.name().to_owned(),
            effective: entry.effective(),
        },
    ));
    notes.extend(dates.rules.iter().map(|applied| Note::RuleAssumed { applied: *applied, rules: *policy.pauses() }));
    notes.extend(notes_on_age(&record, &dates, !pauses.is_empty(), at));
    Ok(Server { record, installed, verdict, dates: Some(dates), notes })
}

/// What the report's own dates no longer tell.
fn notes_on_age(record: &ServerRecord, dates: &Dates, paused: bool, at: SimTime) -> Vec<Note> {
    let headlines = dates.timeline.headlines;
    let next = record.next_stage.map(|next| next.start).filter(|start| *start <= at);
    let mut notes: Vec<Note> = next.map(|reported| Note::Outdated { reported }).into_iter().collect();
    let fields = [
        ("ThrottleEnabledDate", record.throttle_enabled, headlines.throttled_from),
        ("BlockingEnabledDate", record.blocking_enabled, headlines.blocked_from),
    ];
    // An hour of summer time is no pause.
    let moved = |(field, reported, real): (_, Option<SimTime>, Option<SimTime>)| {
        (real?.since(reported?) >= SimDuration::DAY).then_some(field)
    };
    let fields: Vec<&'static str> = fields.into_iter().filter_map(moved).collect();
    if paused && !fields.is_empty() {
        notes.push(Note::HeadlinesMoved { fields });
    }
    notes
}

/// What the inferred pause leaves open about the instant asked for.
fn inferred(policy: &Policy, record: &ServerRecord, finding: &Finding, pause: PauseRequest, at: SimTime) -> Inferred {
    let ladder = policy.ladder();
    let Some((told, stage)) = whole_days(record).zip(match finding {
        Finding::Explained(explained) => Some(explained.stage),
        _ => None,
    }) else {
        return Inferred { pause, otherwise: None, may_run: false };
    };
    // The stage before the next one is in force now, unless a pause granted in it still runs.
    let in_stage = told.detected + ladder.start_of(stage - 1) <= at && at < told.start;
    let otherwise = in_stage.then(|| (stage - 1, ladder.stages()[stage - 1].minutes()));
    Inferred { pause, otherwise, may_run: in_stage }
}

/// The days said to be used, less those an inferred pause accounts for.
fn beside(policy: &Policy, stated: &BTreeMap<i16, u32>, assumed: Option<PauseRequest>) -> Vec<(i16, u32)> {
    let mut book = PauseBook::new();
    if let Some(pause) = assumed {
        book.grant_up_to(policy.pauses(), pause.at, pause.days);
    }
    let rest = |(&year, &days): (&i16, &u32)| (year, days.saturating_sub(book.used(year)));
    stated.iter().map(rest).collect()
}

fn note_on_pause(
    policy: &Policy,
    record: &ServerRecord,
    finding: &Finding,
    assumed: Option<PauseRequest>,
) -> Option<Note> {
    let Some(told) = whole_days(record) else {
        return Some(if assumed.is_some() { Note::PauseShared } else { Note::NoNextStage });
    };
    let reported = record.next_stage.map_or(told.start, |next| next.start);
    let name = |explained: &Explained| policy.ladder().stages()[explained.stage].name().to_owned();
    match finding {
        Finding::NoNextStage => Some(Note::NoNextStage),
        Finding::Confirmed(explained) => Some(Note::PauseConfirmed { next: name(explained), reported }),
        Finding::Explained(explained) => explained.pause.and(assumed).map(|pause| Note::PauseAssumed {
            next: name(explained),
            reported,
            days: explained.pause.map_or(0, |own| i64::from(own.days)),
            from: pause.at,
            to: pause.at + SimDuration::from_days(i64::from(pause.days)),
        }),
        Finding::Misfit(misfit) => Some(Note::Unexplained {
            reported,
            minutes: told.minutes,
            policy: policy.name().to_owned(),
            misfit: *misfit,
            instead: infer::better_preset(policy, &told),
        }),
    }
}
