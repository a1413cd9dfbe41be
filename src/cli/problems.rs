//! Shows problems of studies the way compilers do: the line, a pointer, the remedy.

use std::io::{IsTerminal, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use brownout::outside::{is_printable, printable};
use brownout::study::problem::{Problem, Severity};
use brownout::study::text::Place;

use super::screen;

/// Characters of a line that are shown before and behind a place.
const AROUND: usize = 200;

/// Writes problems to standard error, errors first, and returns how many there were of each kind.
pub(crate) fn show(problems: &[Problem]) -> (usize, usize) {
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort_by_key(|problem| {
        let place = problem.place.as_ref().map(|place| (place.file.path.clone(), place.range.start));
        (problem.severity, place)
    });
    let colour = std::io::stderr().is_terminal();
    for problem in sorted {
        if colour {
            screen::tell_in_colour(&format!("{}\n\n", Renderer::styled().render(&[group(problem)])));
        } else {
            // That nobody reads standard error is no error.
            let _ = writeln!(screen::err(), "{}\n", Renderer::plain().render(&[group(problem)]));
        }
    }
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    (errors, problems.len() - errors)
}

/// A problem as it is drawn; nothing in it is obeyed by a terminal.
fn group(problem: &Problem) -> Group<'static> {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = if problem.field.is_empty() {
        problem.message.clone()
    } else {
        format!("{}: {}", problem.field, problem.message)
    };
    let mut group = Group::with_title(level.primary_title(printable(&title).into_owned()));
    if let Some(place) = &problem.place {
        let (text, line, range) = excerpt(place);
        let snippet = Snippet::source(text).line_start(line).path(printable(&place.file.path).into_owned());
        group = group.element(snippet.annotation(AnnotationKind::Primary.span(range)));
    }
    if !problem.help.is_empty() {
        group = group.element(Level::HELP.message(printable(&problem.help).into_owned()));
    }
    group
}

/// The lines around a place, cut to a sane length and made fit to print: their text, the number of the first, and where the
/// place is in it.
fn excerpt(place: &Place) -> (String, usize, Range<usize>) {
    let text = place.file.text.as_str();
    let (start, end) = (text.floor_char_boundary(place.range.start), text.floor_char_boundary(place.range.end));
    let (before, behind) = (&text[..start], &text[end.max(start)..]);
    let from = before.rfind('\n').map_or(0, |at| at + 1);
    let head = cut_front(&before[from..]);
    let inside = &text[start..end.max(start)];
    let inside = cut_back(inside, 10 * AROUND);
    let tail = cut_back(behind.split('\n').next().unwrap_or_default(), AROUND);
    let [head, inside, tail] = [head, inside, tail].map(shown);
    let range = head.len()..head.len() + inside.len();
    (format!("{head}{inside}{tail}"), 1 + before.matches('\n').count(), range)
}

fn cut_front(text: &str) -> &str {
    let from = text.char_indices().rev().nth(AROUND).map_or(0, |(at, c)| at + c.len_utf8());
    &text[from..]
}

fn cut_back(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}

/// Text with its line ends and nothing else that a terminal obeys; a tab is four blanks.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => shown.push_str("    "),
            '\r' => {}
            '\n' => shown.push('\n'),
            c if is_printable(c) => shown.push(c),
            c => shown.extend(c.escape_unicode()),
        }
    }
    shown
}
