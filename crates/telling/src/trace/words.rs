//! Traced lives for people.

use super::{Trace, TraceServer, events, first_difference};

/// Events shown behind the first that differs.
const BEHIND: usize = 2;

/// Everything printed of a life: who it is and every event; beside another life, where the two part.
///
/// - `tenant`: its number, counted through all groups.
pub fn told(trace: &Trace, against: Option<&Trace>, tenant: u64) -> String {
    match against {
        None => format!("{}\n{}\n", heading(trace, tenant), events(&trace.events).text(None)),
        Some(other) => parting(trace, other, tenant),
    }
}

fn heading(trace: &Trace, tenant: u64) -> String {
    let words = |(i, server): (usize, &TraceServer)| {
        format!("{i}: {} {}, {:.1} messages a day", server.product, server.build, server.messages_a_day)
    };
    format!(
        "Tenant {tenant} ({} number {}) under \"{}\", replication {}: diligence {:.3}; pauses: {}; loses {:.1} messages\nServers: {}",
        trace.group,
        trace.number,
        trace.scenario,
        trace.replication,
        trace.diligence,
        trace.behaviour,
        trace.lost_messages,
        trace.servers.iter().enumerate().map(words).collect::<Vec<_>>().join("; ")
    )
}

/// The last common event and the first that differs, on both sides.
fn parting(a: &Trace, b: &Trace, tenant: u64) -> String {
    let Some(index) = first_difference(a, b) else {
        return format!("{}\nThe life under \"{}\" is the same, event by event.\n", heading(a, tenant), b.scenario);
    };
    let side = |trace: &Trace| {
        let from = index.saturating_sub(1);
        let rows = &trace.events[from.min(trace.events.len())..(index + 1 + BEHIND).min(trace.events.len())];
        let events = events(rows).text(None);
        format!("Under \"{}\" (loses {:.1} messages):\n{events}\n", trace.scenario, trace.lost_messages)
    };
    let heading = heading(a, tenant);
    format!("{heading}\nThe first {index} events are the same; then they part.\n\n{}\n{}", side(a), side(b))
}
