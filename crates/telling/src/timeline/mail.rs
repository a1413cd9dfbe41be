//! How much mail waits and how long, how much is lost, in each stage: exact, from the minutes of the hour.

use brownout_exchange::retries;
use brownout_kernel::mail::MailOutcome;
use brownout_kernel::policy::Minutes;
use brownout_text::words::percent;

use super::Findings;
use super::table::{WIDTH, wrapped};
use crate::columns;
use crate::frame::{Frame, Shown, TextTable};

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
    let columns =
        columns![Text stage, Number delayed, Number mean_delay "s", Integer within_90_percent "s", Number lost];
    let mut frame = Frame::new("mail", columns);
    for stage in restricting {
        let mail = of(findings, stage.minutes());
        let delays = [mail.delayed.into(), mail.mean_seconds.into(), mail.p90_seconds.into()];
        frame.row([stage.name().into()].into_iter().chain(delays).chain([mail.lost.into()]));
    }
    if frame.rows().is_empty() {
        return String::new();
    }
    let shown = [
        Shown::new("mail in stage"),
        Shown::new("delayed").number(share),
        Shown::new("mean delay").number(|seconds| format!("{seconds:.0} s")).missing("-"),
        Shown::new("90 % within").number(|seconds| format!("{:.0} min", (seconds / 60.0).ceil())).missing("-"),
        Shown::new("lost").number(share),
    ];
    let table = TextTable::shown(&frame, shown).plain(WIDTH);
    let layout = findings.policy.layout().name();
    let assumed = format!(
        "By layout {layout} (assumed: where the minutes lie is not public) and the default retries of a Mailbox server; delays are \
         those of delayed mail."
    );
    format!("{table}{}", wrapped(&assumed, "  ", "  "))
}

fn share(share: f64) -> String {
    if share == 0.0 { "-".to_owned() } else { percent(share) }
}
