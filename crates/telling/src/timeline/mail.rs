//! How much mail waits and how long, how much is lost, in each stage: exact, from the minutes of the hour.

use brownout_exchange::retries;
use brownout_kernel::mail::MailOutcome;
use brownout_kernel::policy::Minutes;
use brownout_text::words::percent;
use comfy_table::CellAlignment;

use super::Findings;
use super::table::{lines_of, plain_table, wrapped};

/// What becomes of mail under some minutes an hour.
pub(super) struct StageMail {
    /// Share that is delayed, 0 to 1.
    pub(super) delayed: f64,
    /// Mean delay of what is delayed, in seconds.
    pub(super) mean_seconds: Option<f64>,
    /// Delay that 90 % of what is delayed does not exceed, in seconds.
    pub(super) p90_seconds: Option<u32>,
    /// Share that is lost, 0 to 1.
    pub(super) lost: f64,
}

/// Mail of a sender that is an Exchange Mailbox server.
pub(super) fn of(findings: &Findings, minutes: Minutes) -> StageMail {
    let outcome = MailOutcome::compute(minutes, findings.policy.layout(), retries::MAILBOX);
    StageMail {
        delayed: outcome.share(outcome.delayed),
        mean_seconds: outcome.mean_delay_seconds(),
        p90_seconds: outcome.delay_quantile_seconds(0.9),
        lost: outcome.share(outcome.lost()),
    }
}

/// A row for each stage that restricts mail; empty if none does.
pub(super) fn table(findings: &Findings) -> String {
    let restricting = findings.policy.ladder().stages().iter().filter(|stage| stage.minutes().restrict());
    let mut table = plain_table();
    table.set_header(["mail in stage", "delayed", "mean delay", "90 % within", "lost"]);
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    let mut rows = 0;
    for stage in restricting {
        let mail = of(findings, stage.minutes());
        table.add_row([
            stage.name().to_owned(),
            share(mail.delayed),
            mail.mean_seconds.map_or("-".to_owned(), |seconds| format!("{seconds:.0} s")),
            mail.p90_seconds.map_or("-".to_owned(), |seconds| format!("{} min", seconds.div_ceil(60))),
            share(mail.lost),
        ]);
        rows += 1;
    }
    if rows == 0 {
        return String::new();
    }
    let layout = findings.policy.layout().name();
    let assumed = format!(
        "By layout {layout} (assumed: where the minutes lie is not public) and the default retries of a Mailbox server; delays are \
         those of delayed mail."
    );
    format!("{}{}", lines_of(table), wrapped(&assumed, "  ", "  "))
}

fn share(share: f64) -> String {
    if share == 0.0 { "-".to_owned() } else { percent(share) }
}
