//! The tables of several tenants: those of each, one under the other with the tenant's name, and a row for each tenant.

use super::{Stories, file_names, tenant};
use crate::columns;
use crate::frame::{Column, ColumnKind, Frame, Value};
use crate::plan::{Story, tables, why};
use brownout_planner::chance::outcome::Danger;
use brownout_planner::cost::tariff::points;

/// All tables, in the order of the files.
pub(super) fn all(stories: &Stories<'_>) -> Vec<Frame> {
    let of_each = [tables::plan, tables::pauses, tables::stages, tables::latest, why::frame];
    let shared = [tables::crews_of(&stories.tenants), tables::finish_of(&stories.findings.lived)];
    let stacked = of_each.into_iter().map(|make| stacked(stories, make));
    std::iter::once(tenants(stories)).chain(stacked).chain(shared).chain(changes(stories)).collect()
}

/// `changes.csv` of the tenants that were planned before; `None` where none was.
fn changes(stories: &Stories<'_>) -> Option<Frame> {
    let planned_again = |story: &&Story<'_>| story.findings.changes.is_some();
    let again: Vec<&Story<'_>> = stories.tenants.iter().filter(planned_again).collect();
    let make = |story: &Story<'_>| tables::changes(story).unwrap_or_else(|| Frame::new("changes", Vec::new()));
    (!again.is_empty()).then(|| under_one_another(&again, make))
}

/// The tables of all tenants under one another, the tenant in the first column.
fn stacked(stories: &Stories<'_>, make: fn(&Story<'_>) -> Frame) -> Frame {
    under_one_another(&stories.tenants.iter().collect::<Vec<_>>(), make)
}

fn under_one_another(stories: &[&Story<'_>], make: impl Fn(&Story<'_>) -> Frame) -> Frame {
    let mut all: Option<Frame> = None;
    for story in stories {
        let one = make(story);
        let columns =
            || std::iter::once(Column::new("tenant", "", ColumnKind::Text)).chain(one.columns().to_vec()).collect();
        let frame = all.get_or_insert_with(|| Frame::new(one.name(), columns()));
        for row in one.rows() {
            frame.row(std::iter::once(Value::from(tenant(story))).chain(row.iter().cloned()));
        }
    }
    all.unwrap_or_else(|| Frame::new("", Vec::new()))
}

/// `tenants.csv`: a row for each tenant, those that end first at the front.
fn tenants(stories: &Stories<'_>) -> Frame {
    let columns = columns![
        Text tenant,
        Text policy,
        Integer servers,
        Integer open,
        Integer left_out,
        Instant last_cut_over,
        Instant done_p50,
        Instant done_p80,
        Instant done_p95,
        Instant done_at_level,
        Number level,
        Number on_time_prob,
        Instant throttled_from,
        Instant blocked_from,
        Instant all_blocked_from,
        Number before_throttling_prob,
        Number before_blocking_prob,
        Number before_full_block_prob,
        Number lost_planned "messages",
        Number lost_mean "messages",
        Number lost_mean_low "messages",
        Number lost_mean_high "messages",
        Integer replications,
        Integer pauses,
        Integer pause_days "days",
        Integer conditional_pauses,
        Number points "points",
        Number points_alone_at_least "points",
        Text files,
    ];
    let mut frame = Frame::new("tenants", columns);
    for (story, name) in stories.tenants.iter().zip(file_names(stories)) {
        frame.row(tenant_row(story, &name));
    }
    frame
}

fn tenant_row(story: &Story<'_>, files: &str) -> Vec<Value> {
    let (project, findings) = (story.project(), story.findings);
    let lived = &findings.lived;
    let always: Vec<_> = story.pauses.iter().filter(|pause| !pause.is_conditional()).collect();
    let begins = |danger: Danger| story.open().filter_map(|row| row.begins(danger, project.as_of.start())).min();
    let mut row: Vec<Value> = vec![
        Value::from(tenant(story)),
        project.policy.ladder().name().into(),
        story.rows.len().into(),
        story.open().count().into(),
        project.left_out.len().into(),
        story.last().into(),
    ];
    let open = story.last().is_some();
    row.extend(lived.fleet_done.map(|at| Some(at).filter(|_| open).into()));
    row.extend([Some(lived.fleet_sure).filter(|_| open).into(), project.risk.level.into()]);
    row.push(Some(lived.fleet_on_time).filter(|_| open).into());
    row.extend(Danger::ALL.map(|danger| begins(danger).into()));
    row.extend(lived.fleet_clear.map(|prob| Some(prob).filter(|_| open).into()));
    row.extend([findings.planned.lost_messages().into(), lived.lost.mean.into()]);
    row.extend(tables::ends(lived.lost.interval));
    row.extend([
        lived.replications.into(),
        always.len().into(),
        always.iter().map(|pause| pause.days).sum::<u32>().into(),
        (story.pauses.len() - always.len()).into(),
        points(findings.solution.draft.cost).into(),
        points(findings.solution.bound).into(),
        files.into(),
    ]);
    row
}
