//! Fate: how the same servers and tenants fare against the baseline scenario.

use maud::{Markup, html};

use super::table::{Caption, table};
use super::words::{counted, name, percent};
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
    let head = html! {
        th scope="col" { "Who" }
        th.num scope="col" { "Servers remediated earlier" } th.num scope="col" { "the same" } th.num scope="col" { "later" }
        th.num scope="col" { "Days earlier " span.unit { "median, 90th percentile" } }
        th.num scope="col" { "Days later " span.unit { "median, 90th percentile" } }
        th.num scope="col" { "Tenants losing less mail" } th.num scope="col" { "the same" } th.num scope="col" { "more" }
    };
    let body = html! { @for s in 1..run.study.scenarios().len() { (scenario_rows(run, s)) } };
    table(&caption, &head, &body)
}

fn scenario_rows(run: Run<'_>, scenario: usize) -> Markup {
    let fates = &run.results.scenarios[scenario].fate;
    let groups = run.study.scenarios()[scenario].world.groups();
    let mut all = FateCounts::default();
    fates.iter().for_each(|fate| all.merge(fate));
    html! {
        tbody {
            tr.part { th scope="rowgroup" colspan="9" { span { (run.study.scenarios()[scenario].name) } } }
            (row(run, "all", &all))
            @if groups.len() > 1 { @for (group, fate) in groups.iter().zip(fates) { (row(run, group.name(), fate)) } }
        }
    }
}

fn row(run: Run<'_>, who: &str, fate: &FateCounts) -> Markup {
    html! {
        tr {
            th scope="row" { (who) }
            @for cell in shares(run, fate.servers, ["server", "servers"]) { (cell) }
            td.num { (quantiles(&fate.days_earlier)) }
            td.num { (quantiles(&fate.days_later)) }
            @for cell in shares(run, fate.tenants, ["tenant", "tenants"]) { (cell) }
        }
    }
}

/// Shares of a whole with the mean count of a replication below.
fn shares(run: Run<'_>, counts: [i64; 3], what: [&str; 2]) -> [Markup; 3] {
    let whole = counts.iter().sum::<i64>().max(1) as f64;
    counts.map(|count| {
        let mean = count as f64 / f64::from(run.results.replications.max(1));
        html! { td.num { (percent(count as f64 / whole)) span.pm { (counted(mean, what[0], what[1])) } } }
    })
}

fn quantiles(days: &LogHistogram) -> String {
    let counts = days.counts();
    let of = |q| quantile_of_counts(&counts, q);
    of(0.5).zip(of(0.9)).map_or("–".to_owned(), |(median, most)| format!("{median}, {most}"))
}
