//! Risk charts of usual and odd plans: words stay on the page and apart, and say what the data say.

use super::*;
use crate::page::Mark;
use crate::{Figure, layout, png, svg};

fn day(n: i32) -> Day {
    Day::from_number(20_778 + n)
}

fn risk() -> PlanRisk {
    let finish = (0..30).map(|n| FinishDay { day: day(60 + n), share: f64::from(n + 1) / 30.0 }).collect();
    let limit = |name: &str, n: i32| Limit { name: name.into(), at: day(n).start() };
    let start = |danger: &str, alone: Option<i32>, paused: Option<i32>, now: f64| SafeStart {
        danger: danger.into(),
        alone: SafeDay { day: alone.map(day), now },
        paused: Some(SafeDay { day: paused.map(day), now: (now + 0.5).min(1.0) }),
    };
    let loss = |name: &str, index: usize, mean: f64, worst: Option<f64>| LossRow {
        role: Role::new(name, index),
        mean,
        half: worst.map(|_| 10.0),
        worst,
    };
    PlanRisk {
        from: day(0),
        to: day(100),
        finish,
        quantiles: vec![(0.5, day(74).start()), (0.8, day(83).start()), (0.95, day(88).start())],
        limits: vec![limit("throttling", 12), limit("blocking", 42), limit("full block", 72)],
        starts: vec![
            start("throttling", None, None, 0.12),
            start("blocking", None, Some(20), 0.7),
            start("full block", Some(15), Some(70), 1.0),
        ],
        level: 0.95,
        losses: vec![
            loss("the plan", 0, 1_240.0, Some(3_400.0)),
            loss("do nothing", 1, 4_200_000.0, None),
            loss("biggest first", 2, 22_000.0, Some(41_000.0)),
            loss("pause 90 days now", 3, 0.0, Some(0.0)),
        ],
    }
}

fn figure(risk: PlanRisk) -> Figure {
    Figure::new("95 % sure to be done by 12 Mar 2027", "A subtitle", risk).note("A note.").footer("a footer")
}

fn words(figure: &Figure) -> Vec<(String, Area)> {
    let marks = layout::page(figure).marks.into_iter();
    let words = marks.filter_map(|mark| match mark {
        Mark::Words(words) => Some((words.text.clone(), words.area())),
        _ => None,
    });
    words.collect()
}

#[test]
fn words_stay_apart_and_on_the_page() {
    let mut lengths = risk();
    lengths.losses.remove(1);
    lengths.losses.iter_mut().for_each(|row| row.mean += 9_000.0);
    for risk in [risk(), lengths] {
        let all = words(&figure(risk));
        for (index, (text, area)) in all.iter().enumerate() {
            assert!(area.left >= 8.0 && area.right <= 1592.0 && area.bottom <= 995.0, "{text} {area:?}");
            let under = all[..index].iter().find(|(_, other)| other.overlaps(area));
            assert_eq!(under.map(|(other, _)| other), None, "under {text}");
        }
    }
}

#[test]
fn the_picture_says_what_the_data_say() {
    let text = svg(&figure(risk())).unwrap();
    for part in [
        "95 % by ",
        "blocking begins ",
        "too late: started at once 12 % without a pause, 62 % with every pause day left",
        "only with pauses",
        "4.2 M",
        "log scale",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn odd_plans_draw() {
    let draws = |name: &str, risk: PlanRisk| {
        png(&figure(risk), &[]).unwrap_or_else(|error| panic!("{name}: {error}"));
    };
    draws("empty", PlanRisk::default());
    let mut never = risk();
    never.finish.clear();
    never.quantiles.iter_mut().for_each(|quantile| quantile.1 = SimTime::NEVER);
    never.limits.iter_mut().for_each(|limit| limit.at = SimTime::NEVER);
    for start in &mut never.starts {
        (start.alone.day, start.paused) = (None, None);
    }
    draws("never", never);
    let mut odd = risk();
    odd.to = day(-50);
    odd.losses.iter_mut().for_each(|row| row.mean = f64::NAN);
    odd.losses[0].worst = Some(f64::INFINITY);
    draws("odd", odd);
    let mut past = risk();
    past.limits.iter_mut().for_each(|limit| limit.at = day(-300).start());
    draws("past", past);
}
