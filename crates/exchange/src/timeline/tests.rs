//! Known answers, the real record, and reports that do not fit.

use super::*;
use crate::intake::{IntakeOptions, NextStage, ServerRecord, read};
use crate::ladders;
use brownout_kernel::policy::{Charge, PauseRules};
use brownout_kernel::time::SimDuration;

fn at(text: &str) -> SimTime {
    text.parse().unwrap()
}

fn announced() -> Policy {
    Policy::with_defaults(ladders::microsoft_2023())
}

fn ask<'a>(policy: &'a Policy, pauses: &'a [PauseRequest], now: &str) -> Question<'a> {
    Question { policy, pauses, used: &[], at: at(now) }
}

fn pause(text: &str, days: u32) -> PauseRequest {
    PauseRequest { at: at(text), days }
}

fn record(detected: &str, next: Option<(&str, u32, u32)>) -> ServerRecord {
    let text = format!("ServerFQDN : a.example\nBuild : 15.1.2507.16\nFirstDetectedDate : {detected}\n");
    let mut record = read(text.as_bytes(), &IntakeOptions::default()).unwrap().records.remove(0);
    record.next_stage = next.map(|(start, throttle_minutes, block_minutes)| NextStage {
        start: at(start),
        throttle_minutes,
        block_minutes,
    });
    record
}

/// The dates of a server that has some.
fn dated(server: &Server) -> &Timeline {
    &server.dates.as_ref().unwrap().timeline
}

const DETECTED: &str = "2024-03-28T00:15:08Z";

#[test]
fn the_known_answer_has_both_dates() {
    let policy = announced();
    let found = timeline(&ask(&policy, &[], "2024-05-10T00:15:08Z"), at(DETECTED)).unwrap();
    assert_eq!(found.headlines.throttled_from, Some(at("2024-04-27T00:15:08Z")));
    assert_eq!(found.headlines.blocked_from, Some(at("2024-05-27T00:15:08Z")));
    assert_eq!(found.headlines.all_blocked_from, Some(at("2024-06-26T00:15:08Z")));
    let now = found.now.unwrap();
    assert_eq!(stage_name(policy.ladder(), &now.standing.period), "throttle-10");
    assert_eq!(now.standing.served, SimDuration::from_days(43));
    assert_eq!(now.next.unwrap().from, at("2024-05-17T00:15:08Z"));
    assert_eq!(now.answer, Some(Answer::Accept), "a quarter past lies behind the ten minutes");
}

#[test]
fn the_real_record_betrays_six_paused_days() {
    let policy = announced();
    let records = vec![record(DETECTED, Some(("2024-05-23T00:15:08Z", 20, 0)))];
    let found = fleet(&ask(&policy, &[], "2024-05-20"), records).unwrap();
    let server = &found.servers[0];
    let Note::PauseAssumed { days, from, to, .. } = &server.notes[0] else { panic!("{:?}", server.notes) };
    assert_eq!((*days, *from, *to), (6, at("2024-05-07T00:15:08Z"), at("2024-05-13T00:15:08Z")));
    let next = dated(server).now.unwrap().next.unwrap();
    assert_eq!((next.from, next.minutes.throttle()), (at("2024-05-23T00:15:08Z"), 20));
    assert_eq!(dated(server).headlines.blocked_from, Some(at("2024-06-02T00:15:08Z")));
    assert_eq!(dated(server).budget[0], YearBudget { year: 2024, used: 6, left: 84 });
    let text = server.notes[0].to_string();
    assert!(text.contains("6 days later than without pauses; 6 paused days are inferred"), "{text}");
}

#[test]
fn any_pause_a_year_can_pay_is_found_from_any_next_stage() {
    let policy = Policy::with_defaults(ladders::microsoft_2023());
    let (ladder, detected) = (policy.ladder(), at("2026-01-05T07:08:09Z"));
    for (stage, rung) in ladder.stages().iter().enumerate().skip(1) {
        for days in 0..=91 {
            let start = detected + ladder.start_of(stage) + SimDuration::from_days(i64::from(days));
            let reported = infer::Reported { detected, start, minutes: rung.minutes().into() };
            let found = infer::explain(&policy, &reported, SimTime::NEVER)
                .map(|found| found.pause.map_or(0, |pause| pause.days));
            assert_eq!(found.ok(), (days <= 90).then_some(days), "stage {stage}");
        }
    }
}

#[test]
fn a_pause_that_was_given_is_not_inferred_again() {
    let policy = announced();
    let records = || vec![record(DETECTED, Some(("2024-05-23T00:15:08Z", 20, 0)))];
    let pauses = [pause("2024-05-09", 6)];
    let found = fleet(&ask(&policy, &pauses, "2024-05-20"), records()).unwrap();
    assert!(matches!(found.servers[0].notes[0], Note::PauseConfirmed { .. }));
    assert_eq!(dated(&found.servers[0]).budget[0].used, 6);
    let pauses = [pause("2024-05-21", 4)];
    let found = fleet(&ask(&policy, &pauses, "2024-05-20"), records()).unwrap();
    let stage_4 = dated(&found.servers[0]).periods.iter().find(|period| period.stage == 3).unwrap();
    assert_eq!(stage_4.from, at("2024-05-27T00:15:08Z"), "a planned pause comes on top");
}

#[test]
fn days_said_to_be_used_contain_the_inferred_ones() {
    let policy = announced();
    let records = vec![record(DETECTED, Some(("2024-05-23T00:15:08Z", 20, 0)))];
    let question = Question { used: &[(2024, 10)], ..ask(&policy, &[], "2024-05-20") };
    assert_eq!(dated(&fleet(&question, records).unwrap().servers[0]).budget[0].left, 80);
}

#[test]
fn dates_that_no_pause_explains_are_noted() {
    let policy = announced();
    let misfit = |next| {
        let found = fleet(&ask(&policy, &[], "2024-05-20"), vec![record(DETECTED, Some(next))]).unwrap();
        match found.servers[0].notes[0].clone() {
            Note::Unexplained { misfit, instead, .. } => (misfit, instead),
            other => panic!("{other:?}"),
        }
    };
    let unpaused = at("2024-05-17T00:15:08Z");
    assert_eq!(misfit(("2024-05-10T00:15:08Z", 20, 0)), (Misfit::Earlier { unpaused }, None));
    assert_eq!(misfit(("2024-05-20T10:00:00Z", 20, 0)), (Misfit::NotWholeDays { unpaused }, None));
    assert_eq!(misfit(("2024-05-20T00:15:08Z", 17, 0)), (Misfit::NoSuchStage, None));
    let kept = Some(("microsoft-2023-throttle-kept", 0));
    assert_eq!(misfit(("2024-06-06T00:15:08Z", 30, 10)), (Misfit::NoSuchStage, kept));
    assert!(matches!(misfit(("2025-01-17T00:15:08Z", 20, 0)).0, Misfit::NoSuchPause { days: 245, .. }));
}

#[test]
fn an_old_report_is_called_old() {
    let policy = announced();
    let record = record(DETECTED, Some(("2024-05-17T00:15:08Z", 20, 0)));
    let notes = |now| fleet(&ask(&policy, &[], now), vec![record.clone()]).unwrap().servers[0].notes.clone();
    assert_eq!(notes("2024-05-17T00:15:07Z"), []);
    assert_eq!(notes("2024-05-17T00:15:08Z"), [Note::Outdated { reported: at("2024-05-17T00:15:08Z") }]);
}

#[test]
fn a_clock_that_runs_through_pauses_cannot_be_late() {
    let mut policy = announced();
    policy.set_pauses(policy.pauses().with_freezes(false));
    let records = vec![record(DETECTED, Some(("2024-05-23T00:15:08Z", 20, 0)))];
    let found = fleet(&ask(&policy, &[], "2024-05-20"), records).unwrap();
    assert!(matches!(found.servers[0].notes[0], Note::Unexplained { misfit: Misfit::NoSuchPause { days: 6, .. }, .. }));
}

#[test]
fn servers_of_a_tenant_share_their_pause() {
    let policy = announced();
    // The second server was detected on 12 May; of its 30 days none was paused, so the pause was over by then.
    let records = vec![
        record(DETECTED, Some(("2024-05-23T00:15:08Z", 20, 0))),
        record("2024-05-12T00:00:00Z", Some(("2024-06-11T00:00:00Z", 5, 0))),
        record("2024-04-20T00:00:00Z", None),
    ];
    let found = fleet(&ask(&policy, &[], "2024-05-20"), records).unwrap();
    assert_eq!(found.notes, []);
    for server in &found.servers {
        assert_eq!(dated(server).budget[0].used, 6, "{:?}", server.record.first_detected);
    }
    let third = &found.servers[2];
    assert_eq!(third.notes[0], Note::PauseShared);
    assert_eq!(found.servers[1].notes, [], "the pause did not concern the second");
    assert_eq!(dated(third).headlines.throttled_from, Some(at("2024-05-26T00:00:00Z")));
}

#[test]
fn dates_that_contradict_each_other_are_explained_one_by_one() {
    let policy = announced();
    let records = vec![
        record(DETECTED, Some(("2024-05-23T00:15:08Z", 20, 0))),
        record(DETECTED, Some(("2024-05-17T00:15:08Z", 20, 0))),
    ];
    let found = fleet(&ask(&policy, &[], "2024-05-16"), records).unwrap();
    assert_eq!(found.notes, [Note::NoSharedPause]);
    let used: Vec<u32> = found.servers.iter().map(|server| dated(server).budget[0].used).collect();
    assert_eq!(used, [6, 0]);
}

#[test]
fn a_pause_over_new_year_lasts_180_days() {
    let policy = announced();
    let pauses = [pause("2026-10-03", 180)];
    let found = timeline(&ask(&policy, &pauses, "2026-12-24"), at("2026-09-09")).unwrap();
    let now = found.now.unwrap();
    assert_eq!(now.paused_until, Some(at("2027-04-01")));
    assert_eq!(now.standing.served, SimDuration::from_days(24));
    assert_eq!(found.headlines.throttled_from, Some(at("2027-04-07")));
    let left: Vec<_> = found.budget.iter().map(|year| (year.year, year.left)).collect();
    assert_eq!(left, [(2026, 0), (2027, 0)]);
}

#[test]
fn overspending_is_refused() {
    let policy = announced();
    let pauses = [pause("2026-09-20", 85), pause("2026-12-20", 20)];
    let error = timeline(&ask(&policy, &pauses, "2026-12-24"), at("2026-09-09")).unwrap_err();
    assert!(matches!(error, TimelineError::Pause(PauseError::OverBudget { year: 2026, left: 5, .. })), "{error}");
    let question = Question { used: &[(2026, 60), (2026, 40)], ..ask(&policy, &[], "2026-12-24") };
    let error = timeline(&question, at("2026-09-09")).unwrap_err();
    assert_eq!(error, TimelineError::UsedTooMuch { year: 2026, days: 100, budget: 90 });
    let records = vec![record(DETECTED, Some(("2024-05-23T00:15:08Z", 20, 0)))];
    let question = Question { used: &[(2024, 91)], ..ask(&policy, &[], "2024-05-20") };
    assert!(matches!(fleet(&question, records), Err(TimelineError::UsedTooMuch { days: 91, .. })));
}

#[test]
fn before_detection_a_server_stands_nowhere() {
    let policy = announced();
    assert_eq!(timeline(&ask(&policy, &[], "2024-03-01"), at(DETECTED)).unwrap().now, None);
}

#[test]
fn the_answer_follows_the_layout() {
    let mut policy = announced();
    let answer =
        |policy: &Policy, now: &str| timeline(&ask(policy, &[], now), at("2024-03-28")).unwrap().now.unwrap().answer;
    assert_eq!(answer(&policy, "2024-05-28T10:57:00Z"), Some(Answer::Blocked { minutes: 5 }));
    policy.set_layout(WindowLayout::Adjacent);
    assert_eq!(answer(&policy, "2024-05-28T10:57:00Z"), Some(Answer::Accept));
    policy.set_layout(WindowLayout::Random);
    assert_eq!(answer(&policy, "2024-05-28T10:57:00Z"), None);
    assert_eq!(answer(&policy, "2024-08-28T10:57:00Z"), Some(Answer::Blocked { minutes: 60 }));
}

#[test]
fn ladders_without_stages_have_no_dates() {
    let policy = Policy::with_defaults(Ladder::none());
    let found = timeline(&ask(&policy, &[], "2024-05-20"), at(DETECTED)).unwrap();
    assert_eq!(found.headlines, Headlines::default());
    let policy = Policy::with_defaults(Ladder::all_at_once());
    let found = timeline(&ask(&policy, &[], "2024-05-20"), at(DETECTED)).unwrap();
    assert_eq!(found.headlines.all_blocked_from, Some(at(DETECTED)));
    assert_eq!(found.now.unwrap().next, None);
}

#[test]
fn a_pause_in_the_report_stage_that_does_not_stop_the_clock_explains_nothing() {
    let mut policy = announced();
    policy.set_pauses(PauseRules::default().with_freezes_report(false).with_charge(Charge::YearOfGrant));
    let records = vec![record(DETECTED, Some(("2024-05-01T00:15:08Z", 5, 0)))];
    let found = fleet(&ask(&policy, &[], "2024-04-20"), records).unwrap();
    assert!(matches!(found.servers[0].notes[0], Note::Unexplained { misfit: Misfit::NoSuchPause { days: 4, .. }, .. }));
}
