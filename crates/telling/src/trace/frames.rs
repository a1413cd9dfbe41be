//! Traced lives as frames, and as trees of JSON that are made of these.

use serde_json::{Map, Value as Json};

use super::{Trace, TraceRow};
use crate::columns;
use crate::frame::{Column, ColumnKind, Frame, Tree, Value, fields};

/// Events as a table.
pub fn events(rows: &[TraceRow]) -> Frame {
    let columns = columns![
        Instant time, Text event, Integer server, Text state, Integer throttle "minutes an hour", Integer block "minutes an hour",
        Number clock_days "days", Integer pause_days_left "days", Number hazard_per_day "1/day", Text cause,
    ];
    let mut frame = Frame::new("events", columns);
    for row in rows {
        frame.row([
            row.time.into(),
            row.event.into(),
            row.server.into(),
            Value::from(&row.state),
            row.throttle.into(),
            row.block.into(),
            row.clock_days.into(),
            row.pause_days_left.into(),
            row.hazard_per_day.into(),
            Value::from(&row.cause),
        ]);
    }
    frame
}

/// Lives of one tenant under one scenario or under several.
#[derive(Clone, Debug)]
pub struct Lives {
    /// The events: of several lives one behind the other, with the scenario of each in front.
    pub events: Frame,
    /// What is told of each life, which are numbered from 0.
    pub lives: Frame,
    /// The tenant's servers at the start of each life.
    pub servers: Frame,
    /// The events with the number of their life.
    numbered: Frame,
}

impl Lives {
    /// Of the lives of a tenant.
    ///
    /// - `tenant`: its number, counted through all groups.
    pub fn of(tenant: u64, traces: &[&Trace]) -> Self {
        let scenario = |_, trace: &Trace| Value::from(&trace.scenario);
        let all = match traces {
            [one] => events(&one.events),
            several => behind(Column::new("scenario", "", ColumnKind::Text), several, scenario),
        };
        Lives {
            events: all,
            lives: lives(tenant, traces),
            servers: servers(traces),
            numbered: behind(Column::new("life", "", ColumnKind::Integer), traces, |life, _| life.into()),
        }
    }

    /// All frames, the main one first.
    pub const fn frames(&self) -> [&Frame; 3] {
        [&self.events, &self.lives, &self.servers]
    }

    /// What is true of the answer as a whole: the life, and the one beside it.
    ///
    /// - `tenant`: its number, counted through all groups.
    pub fn about(&self, tenant: u64) -> Map<String, Json> {
        let mut lives = self.trees().into_iter();
        let (trace, against) = (lives.next(), lives.next());
        fields([
            ("command", "trace".into()),
            ("tenant", tenant.into()),
            ("trace", trace.into()),
            ("against", against.into()),
        ])
    }

    /// Each life with its servers and events.
    pub fn trees(&self) -> Vec<Json> {
        const LIFE: &[&str] = &["life"];
        let tree = Tree::of(&self.lives).without(LIFE).list("servers", Tree::of(&self.servers), LIFE);
        tree.list("events", Tree::of(&self.numbered), LIFE).objects()
    }
}

/// The events of lives, one life behind the other, behind a column that tells which.
fn behind(column: Column, traces: &[&Trace], which: impl Fn(usize, &Trace) -> Value) -> Frame {
    let mut columns = vec![column];
    columns.extend_from_slice(events(&[]).columns());
    let mut frame = Frame::new("events", columns);
    for (life, trace) in traces.iter().enumerate() {
        for row in events(&trace.events).rows() {
            frame.row(std::iter::once(which(life, trace)).chain(row.iter().cloned()));
        }
    }
    frame
}

fn lives(tenant: u64, traces: &[&Trace]) -> Frame {
    let columns = columns![
        Integer life, Text scenario, Integer tenant, Text group, Integer number, Integer replication, Number diligence,
        Text behaviour, Number lost_messages "messages",
    ];
    let mut frame = Frame::new("lives", columns);
    for (life, trace) in traces.iter().enumerate() {
        frame.row([
            life.into(),
            Value::from(&trace.scenario),
            tenant.into(),
            Value::from(&trace.group),
            trace.number.into(),
            trace.replication.into(),
            trace.diligence.into(),
            Value::from(&trace.behaviour),
            trace.lost_messages.into(),
        ]);
    }
    frame
}

fn servers(traces: &[&Trace]) -> Frame {
    let columns =
        columns![Integer life, Integer server, Text product, Text build, Number messages_a_day "messages a day"];
    let mut frame = Frame::new("life-servers", columns);
    for (life, trace) in traces.iter().enumerate() {
        for (at, server) in trace.servers.iter().enumerate() {
            let what: [Value; 2] = [life.into(), at.into()];
            let is = [(&server.product).into(), (&server.build).into(), server.messages_a_day.into()];
            frame.row(what.into_iter().chain(is));
        }
    }
    frame
}
