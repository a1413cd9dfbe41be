//! The rules of schedules written down a second time, from the words of the documentation: where a job can go, and which
//! jobs can go together. Days are plain day numbers here and nothing is kept from one question to the next.

use brownout::planner::index::{CrewIndex, ServerIndex};
use brownout::planner::{FleetServer, Project, Work};
use brownout::time::{Day, SimTime};
use brownout::world::{Freeze, Window};

/// One way to do a server's work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Way {
    pub(crate) at: SimTime,
    pub(crate) crew: CrewIndex,
    /// Days on which the crew is busy, rising.
    pub(crate) busy: Vec<i32>,
}

/// Every way to do a server's work, in order of time.
pub(crate) fn ways(project: &Project, server: &FleetServer) -> Vec<Way> {
    if let Some(kept) = server.in_hand.and_then(|in_hand| in_hand.keeps) {
        // Work in hand keeps its date: the crew is busy with it from the day on which it was to begin, if that is ahead.
        let (day, crew) = (kept.at.day().number(), &project.crews[kept.crew]);
        let first = kept.start.number().max(project.as_of.number());
        let works = matches!(server.work, Work::Days(days) if days.quantile(project.risk.plan_quantile) > 1e-9);
        let is_busy = |&day: &i32| {
            let here = Day::from_number(day);
            works && crew.works[here.weekday()] && !crew.holidays.contains(&here)
        };
        let busy = (first..day).filter(is_busy).chain([day]).collect();
        return vec![Way { at: kept.at, crew: kept.crew, busy }];
    }
    let mut ways: Vec<Way> = server
        .crews
        .iter()
        .flat_map(|&crew| {
            cut_overs(project, server, crew).into_iter().filter_map(move |at| way(project, server, crew, at))
        })
        .collect();
    ways.retain(|way| server.in_hand.is_some() || is_allowed(server, way.at.day()));
    ways.sort();
    ways
}

/// Whether a day keeps every date that is stated for a server.
fn is_allowed(server: &FleetServer, day: Day) -> bool {
    let dates = &server.dates;
    let too_early = dates.not_before.is_some_and(|first| day < first);
    let too_late = dates.not_after.is_some_and(|last| day > last);
    let elsewhere = dates.on.is_some_and(|on| day != on);
    !too_early && !too_late && !elsewhere && dates.forbid.iter().all(|&(first, last)| day < first || day > last)
}

/// Whether a server waits for another: it depends on it, or belongs to a later wave.
fn waits_for(project: &Project, one: ServerIndex, other: ServerIndex) -> bool {
    let (here, there) = (&project.servers[one], &project.servers[other]);
    let later_wave = here.wave.zip(there.wave).is_some_and(|(here, there)| there < here);
    here.in_hand.is_none() && (here.depends_on.contains(&other) || later_wave)
}

/// The first instant of every window within the plan that no freeze covers.
fn cut_overs(project: &Project, server: &FleetServer, crew: CrewIndex) -> Vec<SimTime> {
    let crews = &project.crews[crew].openings;
    let own = server.windows.as_ref();
    // Any time: at midnight, and when a day's work is done.
    let day =
        |weekday| [(0, 57_600), (57_600, 28_800)].map(|(opens, seconds)| Window::new(weekday, opens, seconds).unwrap());
    let any_time: Vec<Window> = (0..7).flat_map(day).collect();
    let windows = own.map_or(crews.windows(), |own| own.windows());
    let windows = if windows.is_empty() { &any_time } else { windows };
    let freezes: Vec<&Freeze> = own.iter().flat_map(|own| own.freezes()).chain(crews.freezes()).collect();
    let mut found = Vec::new();
    // A window that opened before the plan is over, unless a freeze ends in it.
    for day in project.as_of.number() - 8..project.horizon.number() {
        for window in windows.iter().filter(|window| window.weekday() == Day::from_number(day).weekday()) {
            let opens = Day::from_number(day).start().seconds() + window.opens();
            found.extend(first_free(&freezes, opens, opens + window.seconds()));
        }
    }
    found.retain(|at| *at >= project.as_of.start() && *at < project.horizon.start());
    found
}

/// The first second of `[from, to)` outside all freezes.
fn first_free(freezes: &[&Freeze], from: i64, to: i64) -> Option<SimTime> {
    let stretches = || freezes.iter().flat_map(|freeze| freeze.stretches());
    let mut at = from;
    while let Some(stretch) = stretches().find(|stretch| stretch.0.seconds() <= at && at < stretch.1.seconds()) {
        at = stretch.1.seconds();
    }
    (at < to).then(|| SimTime::from_seconds(at))
}

/// The way that ends with this cut-over; `None` where there is no time for the work.
fn way(project: &Project, server: &FleetServer, crew: CrewIndex, at: SimTime) -> Option<Way> {
    let day = at.day().number();
    let quantile = project.risk.plan_quantile;
    let stated = server.earliest.map_or(project.as_of.number(), |earliest| earliest.number());
    let own = project.servers.position(|other| other.name == server.name).expect("a server of the project");
    let before = project.servers.keys().filter(|&other| waits_for(project, own, other));
    let after_done = before.filter_map(|other| project.servers[other].done).map(|at| at.day().number() + 1);
    let mut ready = after_done.max().unwrap_or(i32::MIN);
    let mut busy = vec![day];
    match server.work {
        Work::Lead(spread) => ready = ready.max(stated + (spread.quantile(quantile) - 1e-9).ceil() as i32),
        Work::Days(spread) => {
            ready = ready.max(stated).max(project.as_of.number());
            let days = (spread.quantile(quantile) - 1e-9).ceil() as usize;
            let crew = &project.crews[crew];
            let works = |day: &i32| {
                let day = Day::from_number(*day);
                crew.works[day.weekday()] && !crew.holidays.contains(&day)
            };
            // The day of the cut-over is a day of work from 16:00 on.
            let last = if at.second_of_day() >= 57_600 { day } else { day - 1 };
            busy = (day - 400..=last).rev().filter(works).take(days).collect();
            if busy.len() < days {
                return None;
            }
            busy.push(day);
            busy.sort_unstable();
            busy.dedup();
        }
    }
    let apart = |done: SimTime| done.day().number().abs_diff(day) >= project.gap_days;
    let keeps_gap = project.servers.iter().filter_map(|other| other.done).all(apart);
    (busy[0] >= ready && keeps_gap).then_some(Way { at, crew, busy })
}

/// Whether jobs, given as (server, way), break no rule together.
pub(crate) fn fit_together(project: &Project, chosen: &[(ServerIndex, &Way)]) -> bool {
    let days = chosen.iter().flat_map(|(_, way)| way.busy.iter().map(|&day| (way.crew, day)));
    let places_kept = days
        .clone()
        .all(|here| days.clone().filter(|other| *other == here).count() <= project.crews[here.0].jobs as usize);
    let pairs =
        || chosen.iter().flat_map(|one| chosen.iter().filter(|other| other.0 != one.0).map(move |other| (one, other)));
    let day = |way: &Way| way.at.day().number();
    let gaps_kept = pairs().all(|(one, other)| day(one.1).abs_diff(day(other.1)) >= project.gap_days);
    let order_kept = pairs().all(|(one, other)| !waits_for(project, one.0, other.0) || day(other.1) < one.1.busy[0]);
    places_kept && gaps_kept && order_kept
}
