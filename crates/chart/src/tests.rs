//! Every figure, drawn from realistic and from odd data.

use super::page::Mark;
use super::samples::*;
use super::*;

/// All sample figures with file names.
fn all() -> Vec<(&'static str, Figure)> {
    vec![
        ("lines-7", lines(7)),
        ("lines-2", lines(2)),
        ("survival-7", survival(7)),
        ("survival-2", survival(2)),
        ("areas-7", areas(7)),
        ("areas-1", areas(1)),
        ("areas-4", areas(4)),
        ("dots-3", dots(3)),
        ("dots-4", dots(4)),
        ("scatter", scatter()),
        ("bars-across", bars(false)),
        ("bars-upright", bars(true)),
        ("distribution", distribution(false)),
        ("distribution-linear", distribution(true)),
        ("incidence-7", incidence(7)),
        ("incidence-2", incidence(2)),
        ("overview", overview()),
        ("overview-other", overview_other()),
        ("timeline", timeline(false)),
        ("timeline-paused", timeline(true)),
    ]
}

fn pixels(png: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width, info.height, pixels)
}

#[test]
fn every_figure_draws_the_same_1600_by_1000_pixels_twice() {
    for (name, figure) in all() {
        let text = [("figure".to_owned(), name.to_owned())];
        let first = super::png(&figure, &text).unwrap();
        let (width, height, pixels) = pixels(&first);
        assert_eq!((width, height), (WIDTH, HEIGHT), "{name}");
        let inked = pixels.chunks_exact(3).filter(|pixel| **pixel != [255, 255, 255]).count();
        assert!(inked > 20_000, "{name}: {inked}");
        assert_eq!(first, super::png(&figure, &text).unwrap(), "{name}");
        assert_eq!(read_png_text(&first).unwrap(), text, "{name}");
    }
}

/// Writes the samples where `BROWNOUT_CHART_DIR` says, to be looked at; draws them in any case.
#[test]
fn samples_draw_in_time() {
    let dir = std::env::var_os("BROWNOUT_CHART_DIR").map(std::path::PathBuf::from);
    for (name, figure) in all() {
        let start = std::time::Instant::now();
        let bytes = super::png(&figure, &[]).unwrap();
        let took = start.elapsed();
        if let Some(dir) = &dir {
            println!("{name}: {} ms, {} kB", took.as_millis(), bytes.len() / 1000);
            std::fs::write(dir.join(name).with_extension("png"), &bytes).unwrap();
            std::fs::write(dir.join(name).with_extension("svg"), svg(&figure).unwrap()).unwrap();
        }
        assert!(took.as_secs() < 5, "{name}");
    }
}

#[test]
fn words_stay_on_the_page_and_are_large_enough() {
    for (name, figure) in all() {
        for mark in layout::page(&figure).marks {
            if let Mark::Words(words) = mark {
                let area = words.area();
                assert!(words.size >= 17.0, "{name}: {words:?}");
                assert!(area.left >= 8.0 && area.right <= 1592.0, "{name}: {words:?}");
                assert!(area.top >= 8.0 && area.bottom <= 995.0, "{name}: {words:?}");
            }
        }
    }
}

/// Pairs of words on one page that lie on each other.
fn collisions(figure: &Figure) -> Vec<(String, String)> {
    let words: Vec<(String, page::Area)> = layout::page(figure)
        .marks
        .into_iter()
        .filter_map(|mark| match mark {
            Mark::Words(words) => Some((words.text.clone(), words.area())),
            _ => None,
        })
        .collect();
    let mut found = Vec::new();
    for (index, (text, area)) in words.iter().enumerate() {
        let mut below = words[..index].iter().filter(|(_, other)| other.overlaps(area));
        found.extend(below.next().map(|(other, _)| (other.clone(), text.clone())));
    }
    found
}

#[test]
fn no_words_lie_on_others() {
    for (name, figure) in all() {
        assert_eq!(collisions(&figure), [], "{name}");
    }
}

#[test]
fn the_svg_scales_names_its_contents_and_escapes() {
    for (name, figure) in all() {
        let text = svg(&figure).unwrap();
        assert!(text.starts_with("<svg xmlns") && text.contains("viewBox=\"0 0 12800 8000\""), "{name}");
        assert!(text.contains("role=\"img\"") && text.contains("<title>") && text.contains("<desc>"), "{name}");
        assert!(!text.contains("Inter SemiBold"), "{name}");
        assert!(text.contains("seed 42"), "{name}");
        for role in figure.body.roles() {
            let first = role.name.split(' ').next().unwrap();
            assert!(text.contains(first), "{name}: {first}");
        }
    }
    let figure = Figure::new("<script> & \"co\"", "", Lines::default());
    let text = svg(&figure).unwrap();
    assert!(!text.contains("<script>") && text.contains("&lt;script&gt; &amp; "));
}

#[test]
fn figures_say_what_their_data_say() {
    let holds = |figure: &Figure, words: &[&str]| {
        let text = svg(figure).unwrap();
        for word in words {
            assert!(text.contains(word), "{word}");
        }
    };
    holds(&lines(7), &["announced ladder", "761,000 at end", "baseline raised", "change freeze", "Oct 2026", "5 M"]);
    holds(&survival(2), &["half done by day 86", "13 % open", "At risk / censored so far / remediated so far"]);
    holds(&survival(7), &["half done by day 179"]);
    holds(&areas(7), &["full block", "paused", "40,000", "straight to full block"]);
    holds(&dots(3), &["cannot tell", "fewer", "+5,210", "−11.9 M", "more"]);
    holds(&bars(false), &["182,000", "2027", "no pauses granted"]);
    holds(&distribution(false), &["log scale", "1 in 100", "p99 89,394"]);
    holds(&incidence(2), &["54 %", "upgraded", "still non-compliant"]);
    holds(&overview(), &["Half are done by day 86", "761,000", "announced ladder"]);
    holds(&timeline(true), &["now, 21 Nov 2026", "paused", "stage 4, 27 Jan", "all blocked"]);
}

#[test]
fn a_figure_is_stopped_wherever_it_asks_and_asks_between_its_marks() {
    use brownout_kernel::watch::Watch;
    use std::ops::ControlFlow;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    let (figure, asked) = (lines(7), Arc::new(AtomicU64::new(0)));
    let drawn = |most: u64| {
        asked.store(0, Ordering::Relaxed);
        let asked = Arc::clone(&asked);
        let watch = Watch::new(move |_| match asked.fetch_add(1, Ordering::Relaxed) {
            before if before < most => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        });
        png_watched(&figure, &[], &watch)
    };
    assert_eq!(drawn(u64::MAX).unwrap(), png(&figure, &[]).unwrap());
    // Before it begins, and while it is drawn: nobody draws a figure in ten milliseconds.
    for most in [0, 1] {
        assert!(matches!(drawn(most), Err(ChartError::Stopped(_))), "{most}");
    }
}
