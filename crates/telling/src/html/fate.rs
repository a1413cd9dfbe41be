//! Fate: how the same servers and tenants fare against the baseline scenario.

use maud::{Markup, html};

use super::table::{Caption, Cell, Sheet, table};
use super::words::{counted, name};
use crate::frame::{Heading, Setting};
use brownout_experiment::Run;
use brownout_kernel::stats::quantile_of_counts;
use brownout_kernel::tally::{FateCounts, LogHistogram};

/// The section; empty for a single scenario.
pub(super) fn section(run: Run<'_>) -> Markup {
    html! {
        @if run.study.scenarios().len() > 1 {
            section id="fate" {
                (fates(run))
            }
        }
    }
}

fn fates(run: Run<'_>) -> Markup {
    let title = format!("Against {}", name(run, 0));
    let caption = Caption {
        id: "fates",
        title: &title,
        note: "Each server and tenant is compared with itself under the first scenario, in every replication. Servers not \
               remediated count as remediated at the horizon.",
    };
    let days = |words: &str| Heading::text(words).note("median, 90th percentile").set(Setting::Right);
    let headings = [
        Heading::text("Who"),
        Heading::share("Servers remediated earlier"),
        Heading::share("the same"),
        Heading::share("later"),
        days("Days earlier"),
        days("Days later"),
        Heading::share("Tenants losing less mail"),
        Heading::share("the same"),
        Heading::share("more"),
    ];
    let mut rows = Sheet::new("fate", headings);
    (1..run.study.scenarios().len()).for_each(|s| scenario_rows(run, s, &mut rows));
    table(&caption, &rows)
}

fn scenario_rows(run: Run<'_>, scenario: usize, rows: &mut Sheet) {
    let fates = &run.results.scenarios[scenario].fate;
    let groups = run.study.scenarios()[scenario].world.groups();
    let mut all = FateCounts::default();
    fates.iter().for_each(|fate| all.merge(fate));
    rows.part(&run.study.scenarios()[scenario].name);
    rows.row(row(run, "all", &all));
    if groups.len() > 1 {
        groups.iter().zip(fates).for_each(|(group, fate)| rows.row(row(run, group.name(), fate)));
    }
}

fn row(run: Run<'_>, who: &str, fate: &FateCounts) -> Vec<Cell> {
    let mut cells = vec![Cell::of(who)];
    cells.extend(shares(run, fate.servers, ["server", "servers"]));
    cells.extend([&fate.days_earlier, &fate.days_later].map(|days| Cell::of(quantiles(days))));
    cells.extend(shares(run, fate.tenants, ["tenant", "tenants"]));
    cells
}

/// Shares of a whole with the mean count of a replication below.
fn shares(run: Run<'_>, counts: [i64; 3], what: [&str; 2]) -> [Cell; 3] {
    let whole = counts.iter().sum::<i64>().max(1) as f64;
    counts.map(|count| {
        let mean = count as f64 / f64::from(run.results.replications.max(1));
        Cell::of(count as f64 / whole).below(counted(mean, what[0], what[1]))
    })
}

fn quantiles(days: &LogHistogram) -> Option<String> {
    let counts = days.counts();
    let of = |q| quantile_of_counts(&counts, q);
    of(0.5).zip(of(0.9)).map(|(median, most)| format!("{median}, {most}"))
}
