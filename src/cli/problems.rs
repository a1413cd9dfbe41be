//! Shows problems of studies the way compilers do: the line, a pointer, the remedy.

use std::io::{IsTerminal, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use brownout::study::problem::{Problem, Severity};

/// Writes problems to standard error, errors first, and returns how many there were of each kind.
pub(crate) fn show(problems: &[Problem]) -> (usize, usize) {
    let renderer = if std::io::stderr().is_terminal() { Renderer::styled() } else { Renderer::plain() };
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort_by_key(|problem| {
        let place = problem.place.as_ref().map(|place| (place.file.path.clone(), place.range.start));
        (problem.severity, place)
    });
    for problem in sorted {
        // That nobody reads standard error is no error.
        let _ = writeln!(std::io::stderr(), "{}\n", renderer.render(&[group(problem)]));
    }
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    (errors, problems.len() - errors)
}

fn group(problem: &Problem) -> Group<'_> {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = if problem.field.is_empty() {
        problem.message.clone()
    } else {
        format!("{}: {}", problem.field, problem.message)
    };
    let mut group = Group::with_title(level.primary_title(title));
    if let Some(place) = &problem.place {
        let snippet = Snippet::source(place.file.text.as_str()).path(place.file.path.as_str());
        group = group.element(snippet.annotation(AnnotationKind::Primary.span(place.range.clone())));
    }
    if !problem.help.is_empty() {
        group = group.element(Level::HELP.message(problem.help.as_str()));
    }
    group
}
