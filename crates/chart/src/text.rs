//! Widths of text, wrapping, and shrinking to fit; measured with the embedded fonts.

use super::face::Line;

pub(super) const REGULAR: &[u8] = include_bytes!("fonts/Inter-Regular.subset.otf");
pub(super) const SEMI_BOLD: &[u8] = include_bytes!("fonts/Inter-SemiBold.subset.otf");

/// The fonts of all words, by CSS weight, for pages that show figures as SVG.
pub const FONTS: [(u16, &[u8]); 2] = [(400, REGULAR), (600, SEMI_BOLD)];

/// plotters knows no weight between normal and bold, so SemiBold is a family of its own.
pub(super) const FAMILY: &str = "Inter";
pub(super) const FAMILY_BOLD: &str = "Inter SemiBold";

/// Width in pixels of one line of text with an em of `size` pixels: the line as it is set, so kerned.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let family = if bold { FAMILY_BOLD } else { FAMILY };
    // The fonts are embedded, so the estimate is only for a broken build.
    Line::set(text, family).map_or_else(|| text.chars().count() as f64 * 0.56, |line| line.width()) * size
}

/// Breaks text at blanks so that no line is wider than `limit`, except for a single long word.
pub(super) fn wrap(text: &str, size: f64, bold: bool, limit: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()) {
        // A number and its sign or size stay together.
        let sign = matches!(word.trim_end_matches([',', ';', '.', ':']), "M" | "bn" | "k") || word.starts_with('%');
        let stuck = sign && lines.last().is_some_and(|line| line.contains(' '));
        if let Some((rest, number)) = lines.last().filter(|_| stuck).and_then(|line| line.rsplit_once(' ')) {
            let (rest, both) = (rest.to_owned(), format!("{number} {word}"));
            let whole = format!("{rest} {both}");
            lines.pop();
            lines.extend(if width(&whole, size, bold) <= limit { vec![whole] } else { vec![rest, both] });
            continue;
        }
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size, bold) <= limit => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Breaks text into as few lines as [`wrap`] does, but of about equal length: no last line of one short word.
pub(super) fn balance(text: &str, size: f64, bold: bool, limit: f64) -> Vec<String> {
    let lines = wrap(text, size, bold, limit);
    let narrower = |share: f64| wrap(text, size, bold, limit * share);
    let shares = [0.5, 0.6, 0.7, 0.8, 0.9].into_iter().map(narrower);
    shares.into_iter().find(|narrow| narrow.len() == lines.len()).unwrap_or(lines)
}

/// Wraps text into at most `lines_max` lines, shrinking from `size_max` to `size_min`; then cuts with an ellipsis.
pub(super) fn fit(text: &str, sizes: (f64, f64), bold: bool, limit: f64, lines_max: usize) -> (f64, Vec<String>) {
    let (size_max, size_min) = sizes;
    let mut size = size_max;
    loop {
        let mut lines = wrap(text, size, bold, limit);
        let fits = lines.len() <= lines_max && lines.iter().all(|line| width(line, size, bold) <= limit);
        if fits {
            return (size, lines);
        }
        if size <= size_min {
            let rest = lines.split_off(lines_max.saturating_sub(1).min(lines.len())).join(" ");
            lines.push(rest);
            return (size, lines.iter().map(|line| cut(line, size, bold, limit)).collect());
        }
        size = (size - 1.0).max(size_min);
    }
}

/// Like [`fit`], but rather shrinks by up to `give` pixels than takes another line.
pub(super) fn fit_few(
    text: &str,
    sizes: (f64, f64),
    give: f64,
    bold: bool,
    limit: f64,
    lines_max: usize,
) -> (f64, Vec<String>) {
    for lines in 1..lines_max {
        let (size, fitted) = fit(text, (sizes.0, sizes.0 - give), bold, limit, lines);
        if !fitted.iter().any(|line| line.ends_with('…')) {
            return (size, fitted);
        }
    }
    fit(text, sizes, bold, limit, lines_max)
}

/// Cuts a line with an ellipsis where it would pass `limit`.
pub(super) fn cut(line: &str, size: f64, bold: bool, limit: f64) -> String {
    if width(line, size, bold) <= limit {
        return line.to_owned();
    }
    let mut kept: Vec<char> = line.chars().take(400).collect();
    while !kept.is_empty() {
        kept.pop();
        let shorter = format!("{}…", kept.iter().collect::<String>().trim_end());
        if width(&shorter, size, bold) <= limit {
            return shorter;
        }
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_grow_with_size_weight_and_length() {
        let plain = width("throttled", 20.0, false);
        assert!((70.0..100.0).contains(&plain), "{plain}");
        assert!((width("throttled", 40.0, false) - 2.0 * plain).abs() < 0.1);
        assert!(width("throttled", 20.0, true) > plain);
        assert_eq!(width("", 20.0, false), 0.0);
    }

    #[test]
    fn wrapped_lines_stay_within_the_limit_and_lose_no_word() {
        let text = "Keeping the throttle in stages 6 and 7 delays four times more mail and loses none";
        let lines = wrap(text, 20.0, false, 300.0);
        assert!(lines.len() > 2 && lines.iter().all(|line| width(line, 20.0, false) <= 300.0));
        assert_eq!(lines.join(" "), text);
    }

    #[test]
    fn too_long_a_text_shrinks_and_then_ends_in_an_ellipsis() {
        let (size, lines) = fit(&"word ".repeat(100), (38.0, 28.0), true, 800.0, 2);
        assert_eq!((size, lines.len()), (28.0, 2));
        assert!(lines[1].ends_with('…') && width(&lines[1], size, true) <= 800.0);
        assert_eq!(fit("", (38.0, 28.0), true, 800.0, 2), (38.0, vec![]));
        assert_eq!(fit(&"x".repeat(2000), (20.0, 17.0), false, 100.0, 1).1.len(), 1);
    }
}
