//! Shows problems of studies the way compilers do: the line, a pointer, the remedy.

use std::io::Write;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use brownout::outside::printable;
use brownout::reading::problem::{Problem, Severity};

use super::screen;

/// Writes problems to standard error, errors first, and returns how many there were of each kind.
pub(crate) fn show(problems: &[Problem]) -> (usize, usize) {
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort_by_key(|problem| {
        let place = problem.place.as_ref().map(|place| (place.file.path.clone(), place.range.start));
        // What counts the others comes last.
        (problem.severity, place.is_none() && problem.field.is_empty(), place)
    });
    for problem in sorted {
        let shown = Shown::of(problem);
        if colours() {
            screen::tell_in_colour(&format!("{}\n\n", Renderer::styled().render(&[shown.group()])));
        } else {
            // That nobody reads standard error is no error.
            let _ = writeln!(screen::err(), "{}\n", Renderer::plain().render(&[shown.group()]));
        }
    }
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    (errors, problems.len() - errors)
}

/// Whether standard error is a terminal whose user did not ask for plain text (`NO_COLOR` set and not empty).
fn colours() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && super::screen::is_watched()
}

/// A problem in text that is fit for a terminal.
struct Shown {
    severity: Severity,
    title: String,
    help: String,
    /// Path, line number, the line, and the place in it.
    line: Option<(String, usize, String, Range<usize>)>,
}

impl Shown {
    fn of(problem: &Problem) -> Self {
        let title = if problem.field.is_empty() {
            problem.message.clone()
        } else {
            format!("{}: {}", problem.field, problem.message)
        };
        let line = problem.place.as_ref().map(|place| {
            let (text, range, number) = place.line();
            let (text, range) = printable_line(text, range);
            (printable(&place.file.path).into_owned(), number, text, range)
        });
        let help = printable(&problem.help).into_owned();
        Shown { severity: problem.severity, title: printable(&title).into_owned(), help, line }
    }

    fn group(&self) -> Group<'_> {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(self.title.as_str()));
        if let Some((path, number, text, range)) = &self.line {
            let snippet = Snippet::source(text.as_str()).line_start(*number).path(path.as_str());
            group = group.element(snippet.annotation(AnnotationKind::Primary.span(range.clone())));
        }
        if !self.help.is_empty() {
            group = group.element(Level::HELP.message(self.help.as_str()));
        }
        group
    }
}

/// A line with nothing a terminal obeys, tabs as four blanks, and where the place lies in it then.
fn printable_line(text: &str, range: Range<usize>) -> (String, Range<usize>) {
    let shown = |part: &str| printable(&part.replace('\t', "    ")).into_owned();
    let before = shown(&text[..range.start]);
    let within = shown(&text[range.clone()]);
    let place = before.len()..before.len() + within.len();
    (format!("{before}{within}{}", shown(&text[range.end..])), place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_moves_with_what_is_made_printable_before_it() {
        let (text, range) = printable_line("\ta\u{1b}b: 3", 4..5);
        assert_eq!((text.as_str(), &text[range]), ("    a\\u{1b}b: 3", ":"));
    }
}
