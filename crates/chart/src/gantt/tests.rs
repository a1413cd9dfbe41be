//! Plans of every size and of odd data: words stay apart and on the page, and pages grow only as far as they may.

use super::*;
use crate::page::Mark;
use crate::{Figure, WIDTH, layout, png, svg};
use brownout_kernel::time::SimDuration;

fn at(day: i64) -> SimTime {
    SimTime::from_seconds(1_795_219_200 + day * 86_400)
}

fn spans(first: i64) -> Vec<StageSpan> {
    let minutes = [(0, 0), (5, 0), (10, 0), (20, 0), (30, 5), (0, 10), (0, 20), (0, 60)];
    let mut from = at(first);
    let mut spans = Vec::new();
    for (index, (throttled, blocked)) in minutes.into_iter().enumerate() {
        let to = from + SimDuration::from_days(if index == 0 { 30 } else { 10 });
        let tone = if index == 0 { Tone::Report } else { Tone::Enforced { throttled, blocked } };
        spans.push(StageSpan { name: format!("stage-{index}"), from, to: (index < 7).then_some(to), tone });
        from = to;
    }
    spans
}

fn row(index: i64, count: i64) -> GanttRow {
    let done = count > 3 && index < count / 10;
    let cut_over = if done { -12 + index % 7 } else { 8 + 100 * index / count };
    let work = (cut_over - 4 - index % 3, cut_over);
    GanttRow {
        name: format!("mail-{}-{index:03}", ["eu-west", "us", "ap"][index as usize % 3]),
        about: "Exchange 2016 · upgrade to SE · Berlin".into(),
        crew: Some(index as usize % 3),
        spans: spans(-40 + (index * 37) % 60),
        work: (!done).then(|| match index % 5 {
            4 => GanttWork::Waiting(at(work.0), at(work.1)),
            _ => GanttWork::Crew(at(work.0), at(work.1)),
        }),
        cut_over: Some(at(cut_over)),
        done,
        date: String::new(),
        former: None,
        likely: (!done).then(|| (at(cut_over), at(cut_over + 5 + (index * 13) % 23))),
    }
}

fn gantt(count: i64) -> Gantt {
    let crew = |index: i64| GanttCrew {
        name: ["Berlin", "Madrid and Lisbon", "Oslo"][index as usize].into(),
        windows: (0..20).map(|week| at(7 * week + index)).collect(),
        freezes: vec![(at(28), at(44 + 3 * index))],
    };
    Gantt {
        rows: (0..count).map(|index| row(index, count)).collect(),
        crews: (0..3).map(crew).collect(),
        if_late: Vec::new(),
        level: "95 %".to_owned(),
        dates: String::new(),
        pauses: vec![(at(27), at(47)), (at(80), at(92))],
        today: Some((at(0), "as of".into())),
        from: at(-20),
        to: at(130),
        stages: spans(0).into_iter().map(|span| (span.name, span.tone)).collect(),
    }
}

fn figure(gantt: Gantt) -> Figure {
    Figure::new(
        "All 40 servers are done by 12 Mar 2027, the closest 3 days before its mail is blocked",
        "A subtitle",
        gantt,
    )
    .note("A note.")
    .footer("a footer")
}

fn words(figure: &Figure) -> Vec<(String, f64, Area)> {
    let marks = layout::page(figure).marks.into_iter();
    let words = marks.filter_map(|mark| match mark {
        Mark::Words(words) => Some((words.text.clone(), words.size, words.area())),
        _ => None,
    });
    words.collect()
}

fn check(name: &str, figure: &Figure) {
    let height = f64::from(layout::page(figure).height);
    let all = words(figure);
    for (index, (text, size, area)) in all.iter().enumerate() {
        assert!(*size >= 17.0, "{name}: {text}");
        assert!(area.left >= 8.0 && area.right <= 1592.0, "{name}: {text} {area:?}");
        assert!(area.top >= 8.0 && area.bottom <= height - 5.0, "{name}: {text} {area:?}");
        let under = all[..index].iter().find(|(_, _, other)| other.overlaps(area));
        assert_eq!(under.map(|(other, ..)| other), None, "{name}: under {text}");
    }
}

#[test]
fn words_of_plans_of_every_size_stay_apart_and_on_the_page() {
    for count in [1, 2, 6, 12, 22, 23, 40, 75, 104, 105, 150, 300, 700] {
        check(&format!("{count} servers"), &figure(gantt(count)));
    }
}

/// A plan of which every second server that is not done had another date before, now and then outside the picture.
fn planned_again(count: i64) -> Gantt {
    let mut gantt = gantt(count);
    for (index, row) in gantt.rows.iter_mut().enumerate().filter(|(index, row)| index % 2 == 0 && !row.done) {
        let days = [-21, 7, -7, 35, -1, -200, 200][index / 2 % 7];
        row.former = row.cut_over.map(|at| at + SimDuration::from_days(days));
    }
    gantt
}

#[test]
fn former_dates_are_marked_where_they_changed_and_only_there() {
    let marks = |gantt: Gantt| layout::page(&figure(gantt)).marks.len();
    let told = |gantt: Gantt| words(&figure(gantt)).into_iter().map(|(text, ..)| text).collect::<Vec<_>>();
    let legend = "former date, where it changed, and the new one";
    assert!(told(planned_again(34)).iter().any(|text| text == legend));
    assert!(!told(gantt(34)).iter().any(|text| text == legend));
    assert!(told(planned_again(34)).iter().any(|text| text.contains(", was ")));
    // The words at the right are always as wide, so that the axis has its ticks where it had them.
    let one = |days: Option<i64>| {
        let mut one = gantt(1);
        one.rows[0].date = "a date".to_owned();
        one.rows[0].former = days.and_then(|days| Some(one.rows[0].cut_over? + SimDuration::from_days(days)));
        marks(one)
    };
    let more = |days: i64| one(Some(days)) - one(None);
    // A mark of three, an arrow of four and the legend's with the diamond of two and words: an arrow that has no room, or a mark
    // outside the picture, is not drawn.
    assert_eq!([-21, 21, 0, -300, 900].map(more), [17, 17, 13, 14, 14]);
    for count in [1, 6, 34, 104, 150] {
        check(&format!("{count} servers planned again"), &figure(planned_again(count)));
    }
}

/// Writes plans where `BROWNOUT_CHART_DIR` says, to be looked at; draws them in any case.
#[test]
fn plans_draw() {
    let dir = std::env::var_os("BROWNOUT_CHART_DIR").map(std::path::PathBuf::from);
    for count in [1, 40, 150] {
        let bytes = png(&figure(gantt(count)), &[]).unwrap();
        if let Some(dir) = &dir {
            std::fs::write(dir.join(format!("gantt-{count}.png")), bytes).unwrap();
        }
        let bytes = png(&figure(planned_again(count)), &[]).unwrap();
        if let Some(dir) = &dir {
            std::fs::write(dir.join(format!("gantt-again-{count}.png")), bytes).unwrap();
        }
    }
}

#[test]
fn pages_grow_with_the_fleet_up_to_their_limit() {
    let height = |count| layout::page(&figure(gantt(count))).height;
    assert!(height(1) >= 400 && height(6) <= 1000 && height(12) <= 1000);
    assert!((1_000..1_600).contains(&height(40)), "{}", height(40));
    assert!((1_800..=HEIGHT_MAX).contains(&height(150)), "{}", height(150));
    assert!((HEIGHT_MAX - 60..=HEIGHT_MAX).contains(&height(3_000)), "{}", height(3_000));
}

#[test]
fn a_plan_draws_at_its_own_height() {
    let figure = figure(gantt(40));
    let bytes = png(&figure, &[]).unwrap();
    let reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
    let info = reader.info();
    assert_eq!((info.width, info.height), (WIDTH, layout::page(&figure).height));
    assert_eq!(bytes, png(&figure, &[]).unwrap());
    assert!(svg(&figure).unwrap().contains(&format!("viewBox=\"0 0 12800 {}\"", info.height * 8)));
}

#[test]
fn small_fleets_show_every_name_and_large_ones_as_many_as_have_room() {
    let named = |count: i64| words(&figure(gantt(count))).iter().filter(|(text, ..)| text.starts_with("mail-")).count();
    assert_eq!([1, 6, 40, 150].map(named), [1, 6, 40, 150]);
    assert!((60..700).contains(&named(700)), "{}", named(700));
}

#[test]
fn odd_plans_draw() {
    let draws = |name: &str, gantt: Gantt| {
        let figure = figure(gantt);
        for (text, _, area) in words(&figure) {
            assert!(area.left >= 0.0 && area.right <= 1600.0, "{name}: {text}");
        }
        png(&figure, &[]).unwrap_or_else(|error| panic!("{name}: {error}"));
    };
    draws("empty", Gantt::default());
    let mut never = gantt(5);
    for row in &mut never.rows {
        row.cut_over = None;
        row.likely = Some((SimTime::NEVER, SimTime::NEVER));
        row.spans.clear();
        row.name = "n".repeat(200);
    }
    draws("never", never);
    let mut backwards = gantt(3);
    backwards.pauses = vec![(at(5), at(2)), (SimTime::NEVER, SimTime::NEVER)];
    (backwards.from, backwards.to) = (at(9), at(-9));
    backwards.crews = vec![GanttCrew { name: "c".repeat(90), ..GanttCrew::default() }; 20];
    draws("backwards", backwards);
    let mut done = gantt(4);
    done.rows.iter_mut().for_each(|row| row.done = true);
    draws("all done", done);
}
