//! Who of a fleet is in breach and since when, who complies already, and of whom nothing can be said.
//!
//! The rules are those of [`compliance`](brownout_exchange::compliance). A plan is made for the worst that is possible: the
//! earliest detection, the lowest build. A server that complies is done, and one of which no baseline speaks is left out of the
//! plan and of all its sums; both are told by name.

use std::collections::BTreeMap;

use brownout_exchange::compliance::{
    AFTERWARDS, ComplianceQuestion, Detection, Installed, LOOK_UP, ServerBreach, ServerVerdict, ask,
};
use brownout_kernel::certainty::Certainty;
use brownout_kernel::policy::Policy;
use brownout_kernel::time::{Day, SimTime};
use brownout_planner::assessment::{Assessment, LeftOut};
use brownout_planner::index::{PerServer, ServerIndex};
use brownout_planner::project::FleetServer;

/// A fleet as the policy sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct Settled {
    /// The servers that are planned or done.
    pub servers: PerServer<FleetServer>,
    /// The others.
    pub left_out: Vec<LeftOut>,
    /// What must be known about that, a line for every kind.
    pub notes: Vec<String>,
}

/// Most servers that a note names.
const NAMED_MAX: usize = 6;

/// Settles a fleet: detections where none is stated, what is done, what is left out.
pub(super) fn settle(policy: &Policy, as_of: Day, horizon: Day, servers: PerServer<FleetServer>) -> Settled {
    let mut settled = Settled::default();
    let mut notes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let names: Vec<String> = servers.iter().map(|server| server.name.clone()).collect();
    let mut kept: PerServer<Option<ServerIndex>> = PerServer::new();
    for mut server in servers {
        let note = match judge(policy, (as_of.start(), horizon.start()), &mut server) {
            Ok(note) => {
                kept.push(Some(settled.servers.push_and_get_key(server)));
                note
            }
            Err(why) => {
                kept.push(None);
                settled.left_out.push(LeftOut { name: server.name, volume: server.volume, why: why.clone() });
                Some(format!("{why}; left out of the plan and of every sum"))
            }
        };
        if let Some(note) = note {
            notes.entry(note).or_default().push(names[kept.len() - 1].clone());
        }
    }
    for server in &mut settled.servers {
        server.depends_on = server.depends_on.iter().filter_map(|&other| kept.get(other).copied().flatten()).collect();
    }
    settled.notes = notes.into_iter().map(|(note, names)| format!("{}: {note}", listed(&names))).collect();
    settled
}

fn listed(names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMED_MAX);
    let shown = names[..names.len() - more].join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// Settles one server; a note about it if there is anything to know.
///
/// # Errors
/// Why nothing can be said of it.
fn judge(policy: &Policy, (at, end): (SimTime, SimTime), server: &mut FleetServer) -> Result<Option<String>, String> {
    if server.done.is_some() {
        return Ok(None);
    }
    let installed = installed(server);
    let recommended = std::mem::take(&mut server.recommended);
    let question = |at, detected| ComplianceQuestion { policy, at, recommended: recommended.as_slice(), detected };
    let verdict = ask(&question(at, server.detected), &installed);
    match verdict {
        ServerVerdict::Complies { until: Some(until), .. } if until < end => {
            // It complies today and breaches a raise ahead: detected from then on.
            match ask(&question(until, None), &installed) {
                ServerVerdict::Breaches(breach) | ServerVerdict::CannotSay { worst: Some(breach), .. } => {
                    let words = verdict.words(policy, &installed);
                    let words = format!("it complies today: {}", words.trim_start_matches("done: "));
                    Ok(reckon(policy, server, breach, at, &words))
                }
                _ => Ok(None),
            }
        }
        ServerVerdict::Complies { .. } => {
            let words = verdict.words(policy, &installed);
            server.done = Some(at);
            let note = format!("{words}; no work and no pause is planned for it; {AFTERWARDS}");
            server.assessment = Assessment { complies: true, words, ..Assessment::default() };
            Ok(Some(note))
        }
        ServerVerdict::Breaches(breach) => Ok(reckon(policy, server, breach, at, "")),
        ServerVerdict::CannotSay { worst: Some(breach), doubt } => {
            // A stated detection is a breach whatever the policy knows; only the rest is in doubt.
            let words = if installed.is_exact() {
                String::new()
            } else {
                format!("{}; planned as if it ran the lowest of these", doubt.words(policy))
            };
            Ok(reckon(policy, server, breach, at, &words))
        }
        ServerVerdict::CannotSay { worst: None, doubt } => Err(doubt.words(policy)),
    }
}

/// What is installed, as far as it is known.
fn installed(server: &FleetServer) -> Installed {
    Installed::between(Some(server.product), server.evidence.lowest(), server.evidence.highest())
}

/// Takes over the worst breach that is possible, and says what is not known of it.
fn reckon(policy: &Policy, server: &mut FleetServer, breach: ServerBreach, at: SimTime, words: &str) -> Option<String> {
    server.detected = Some(breach.detection.earliest());
    let mut parts: Vec<String> = Vec::new();
    let mut certainty = breach.detection.certainty();
    if !words.is_empty() {
        certainty = certainty.max(Certainty::Range);
        parts.push(words.to_owned());
    }
    if let Detection::Between { earliest, latest } = breach.detection {
        parts.push(range_words(policy, earliest, latest, at));
    }
    let note = (!parts.is_empty()).then(|| parts.join("; "));
    let latest = Some(breach.detection.latest()).filter(|&latest| latest > breach.detection.earliest());
    server.assessment = Assessment { certainty, latest, complies: false, words: note.clone().unwrap_or_default() };
    note
}

/// `first detection is not known: somewhere from 2026-09-07 to 2026-10-07, so day 50 to 80 of the clock on 2026-11-26; ...`.
fn range_words(policy: &Policy, earliest: SimTime, latest: SimTime, at: SimTime) -> String {
    let (from, to) = (earliest.day(), latest.day());
    let days = |since: SimTime| at.since(since).seconds().max(0) / brownout_kernel::time::DAY_SECONDS;
    let worst = "planned for the worst, the earliest";
    if earliest > at {
        return format!("first detection lies ahead, somewhere from {from} to {to}; {worst}");
    }
    let clock =
        format!(", so day {} to {} of the clock of {} on {}", days(latest), days(earliest), policy.name(), at.day());
    format!(
        "first detection is not known: somewhere from {from} to {to}{clock}; {worst}; {LOOK_UP}, and write it into the column \
         first_detected"
    )
}
