//! Work that takes longer than stated, all of it together, and the dates that can be promised then.

use brownout::draws::Spread;
use brownout::planner::chance::conditional::PausesAsked;
use brownout::planner::chance::outcome::{Lived, courses, live};
use brownout::planner::index::{JobIndex, PerCrew};
use brownout::planner::{Basis, Project, Risk, Work, solve};
use brownout::time::SimTime;

use super::edges::{at, project, server};

/// Replications of each study; seed 1.
const REPLICATIONS: u32 = 4_000;

/// As many crews as servers, each server four days of work, in a plan in which nothing fails.
fn fleet(servers: usize, overrun: Spread) -> Project {
    let one = |index: usize| {
        let mut one = server(Some("2026-01-01"));
        (one.name, one.work) = (format!("mail{index}"), Work::Days(Spread::Fixed(4.0)));
        one
    };
    let mut project = project("2026-10-01", "2026-12-31", (0..servers).map(one).collect());
    let crew = |index: usize| brownout::planner::Crew { name: format!("crew {index}"), ..project.crews.raw[0].clone() };
    let crews: PerCrew<_> = (0..servers).map(crew).collect();
    let changed = project.change(|parts| {
        parts.crews = crews;
        parts.servers.iter_mut().zip(0_usize..).for_each(|(server, index)| server.crews = vec![index.into()]);
        parts.risk = Risk { failure_prob: 0.0, commit: Some(0.8), overrun, ..Risk::default() };
        (parts.replications, parts.search_seconds) = (REPLICATIONS, 1);
    });
    changed.unwrap();
    project
}

fn lived(project: &Project) -> (Lived, Vec<SimTime>) {
    let basis = Basis::new(project);
    let schedule = solve(&basis).unwrap().draft.schedule;
    let runs = courses(&basis, &schedule);
    let planned = schedule.iter().zip(&basis.jobs).map(|(&chosen, job)| job.candidates[chosen].at).collect();
    (live(&basis, &schedule, &runs, &PausesAsked::default()), planned)
}

/// Four days that take 1.25 times as long in the median (sigma 0.3) are planned as five, so work ends on 5 October at 16:00. With a
/// lognormal F of median 1 they take n days or fewer if F <= n/5: 0.5 for five days, 0.728 for six, 0.869 for seven, 0.941 for eight,
/// 0.975 for nine. So 80 % are reached on the seventh day and 95 % on the ninth. At n = 4,000 a share misses its probability by more
/// than 0.032 with alpha = 0.0001.
#[test]
fn a_promised_date_holds_as_often_as_it_says_when_work_overruns() {
    let project = fleet(1, Spread::LogNormal { median: 1.25, sigma: 0.3 });
    let (lived, planned) = lived(&project);
    let chance = &lived.servers[JobIndex::from(0)];
    assert_eq!(planned, [at("2026-10-05T16:00:00Z")]);
    assert!((chance.on_time - 0.5).abs() < 0.032, "{}", chance.on_time);
    let days = [chance.done[1], chance.done[2]].map(SimTime::day);
    assert_eq!(days, ["2026-10-07", "2026-10-09"].map(|day| at(day).day()));
    assert_eq!(chance.commit, Some(at("2026-10-07T16:00:00Z")));
}

/// Three crews that share nothing else are late together: all on time in half of the futures, where independent ones would be in an
/// eighth. n = 4,000, alpha = 0.0001.
#[test]
fn works_of_one_plan_are_late_together() {
    let (lived, _) = lived(&fleet(3, Spread::LogNormal { median: 1.25, sigma: 0.3 }));
    assert!((lived.fleet_on_time - 0.5).abs() < 0.032, "{}", lived.fleet_on_time);
    assert!(lived.servers.iter().all(|server| server.on_time == lived.fleet_on_time));
}

/// An overrun that is certain is planned for, and nothing is late. Exact.
#[test]
fn a_certain_overrun_is_part_of_the_plan() {
    for (times, done) in [(0.5, "2026-10-02"), (1.0, "2026-10-04"), (2.0, "2026-10-08")] {
        let (lived, planned) = lived(&fleet(2, Spread::Fixed(times)));
        assert!(planned.iter().all(|planned| planned.day() == at(done).day()), "{times}: {planned:?}");
        assert_eq!(lived.fleet_on_time, 1.0, "{times}");
    }
}

/// Waiting is not work: nobody's overrun makes a delivery later. Exact.
#[test]
fn waiting_is_not_stretched() {
    let with = |overrun: Spread| {
        let lead = Work::Lead(Spread::LogNormal { median: 6.0, sigma: 0.4 });
        let project = fleet(2, overrun).with(|parts| parts.servers.iter_mut().for_each(|server| server.work = lead));
        lived(&project.unwrap())
    };
    assert_eq!(with(Spread::Fixed(1.0)), with(Spread::LogNormal { median: 3.0, sigma: 0.5 }));
}
