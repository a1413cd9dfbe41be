//! The progress bar: on standard error, and only when that is a terminal and nobody asked for quiet; without colour where `NO_COLOR` is set.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// The bar in a template, blue unless the user or the terminal wants no colour.
///
/// # Source
/// <https://no-color.org>: the variable counts when it is set and not empty.
fn bar_part() -> &'static str {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if set("NO_COLOR") || dumb { "{bar:40}" } else { "{bar:40.blue}" }
}

fn bar(length: u64, rest: &str) -> ProgressBar {
    if super::screen::is_quiet() || !super::screen::is_watched() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template(&format!("{} {rest}", bar_part())) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// A bar that counts tenants, each once for every replication it is lived in.
pub(crate) fn progress_bar(tenants: u64) -> ProgressBar {
    bar(tenants, "{percent} %, {human_pos} of {human_len} tenants lived, done in {eta}{msg}")
}

/// Leaves out what an earlier run has lived already: the bar and its time are about what is lived now.
pub(crate) fn resume_bar(bar: &ProgressBar, done: u64) {
    if done > 0 {
        bar.set_length(bar.length().unwrap_or(0).saturating_sub(done));
        bar.set_message(format!(" ({} more were lived before)", indicatif::HumanCount(done)));
    }
    bar.reset();
}

/// A bar that counts the steps of one piece of work.
pub(crate) fn steps_bar(steps: u64, what: &'static str) -> ProgressBar {
    bar(steps, "{msg}, step {pos} of {len}, {elapsed}").with_message(what)
}
