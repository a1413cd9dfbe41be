//! The same engine in another domain: a mail service stops taking TLS 1.0.
//!
//! There are no updates to install: a version of the protocol is one thing. Compliance is dated: from one day on, senders that still speak TLS 1.0 are out of bounds, are
//! told so for two weeks, then held back for half of every hour, then refused. Who renews his gateway speaks TLS 1.2 from then on.
//! The catalogue, the rollout schedule and the words of the answers are values; nothing else had to be made.
//!
//! `cargo run --release --package brownout-experiment --example tls_sunset`

use brownout_experiment::Scope;
use std::sync::Arc;

use brownout_experiment::study::{Scenario, Scenarios, Study};
use brownout_experiment::{Measure, Results, Runner};
use brownout_kernel::catalog::{Build, Catalog, Numbering, ProductId, Release};
use brownout_kernel::draws::Spread;
use brownout_kernel::mail::{CalendarShape, RetrySchedule};
use brownout_kernel::policy::{Baseline, Baselines, Ladder, Minutes, PauseRules, Policy, Replies, Stage};
use brownout_kernel::time::{SimDuration, SimTime};
use brownout_kernel::world::{BaseRate, BuildShare, Group, PerRoute, Response, RouteRules, ServerMix, Table, World};

/// Senders renewed in a month, of a hundred that may be.
pub(crate) const RENEWALS_PER_MONTH: f64 = 0.30;

fn days(days: i64) -> SimDuration {
    SimDuration::from_seconds(days * 86_400)
}

fn stage(name: &str, length_days: Option<i64>, throttle: u8, block: u8) -> Stage {
    let minutes = Minutes::new(throttle, block).expect("an hour holds both");
    Stage::new(name, length_days, minutes).expect("a day or more")
}

/// What the service does: two weeks of notice, a month of delays, then refusal.
fn sunset(name: &str, stages: Vec<Stage>, out_of_bounds: SimTime) -> Policy {
    let ladder = Ladder::new(name, stages).expect("the stages are in order");
    let old = Baseline::new("TLS 1.0 is over", out_of_bounds, ProductId::new(0), None);
    let mut policy = Policy::with_defaults(ladder);
    policy.set_baselines(Baselines::new(vec![old]));
    policy.set_pauses(PauseRules::default().with_budget_days(0).expect("no pauses"));
    policy.set_replies(Replies::fixed(
        "454 4.7.5 TLS 1.0 is deprecated; accepted again in {minutes} minutes",
        "554 5.7.5 TLS 1.0 is not accepted for {minutes} minutes of every hour",
    ));
    policy
}

/// The versions of the protocol: each is one thing, available since the day it was published.
fn versions() -> Catalog {
    let version = |index: u8, published: &str| Release {
        product: ProductId::new(index),
        update: "published".to_owned(),
        date: published.parse().expect("a date"),
        build: Build::new(1, [0, 2][usize::from(index)], 0, 0),
        kb: None,
        esu_only: false,
        date_inferred: false,
        source: "RFC 2246, RFC 5246".to_owned(),
    };
    Catalog::new(
        vec!["TLS 1.0".to_owned(), "TLS 1.2".to_owned()],
        vec![version(0, "1999-01-01"), version(1, "2008-08-01")],
        Numbering::default(),
    )
}

/// Senders with one gateway each; a renewal ends at TLS 1.2 and takes no time once it is decided.
fn world(senders: u32) -> World {
    let (old, new) = (ProductId::new(0), ProductId::new(1));
    let renewal = RouteRules::new(BaseRate::PerMonth(RENEWALS_PER_MONTH), Spread::NONE).expect("a rate").ending_at(new);
    let servers = ServerMix::Drawn {
        per_tenant: vec![1.0],
        builds: vec![BuildShare { product: old, build: Build::new(1, 0, 0, 0), share: 1.0 }],
    };
    let mut group = Group::new("senders", servers, PerRoute::new(None, Some(renewal), None)).expect("a way to TLS 1.2");
    let mut edit = group.edit();
    edit.set_count(senders.into()).expect("so many senders");
    edit.set_volume(Spread::Fixed(200.0)).expect("messages a day");
    edit.set_retry(RetrySchedule::Fixed { minutes: 15 }).expect("minutes");
    // Before anybody is told, nobody renews; from then on all renew at one rate, so the answer is known in closed form.
    let told = |unaware: f64, rate: f64| Table::ByMinutes {
        unaware,
        paused: rate,
        report: rate,
        throttle: Vec::new(),
        block: Vec::new(),
        combine: brownout_kernel::world::response::Combine::Larger,
    };
    let nothing = || Table::constant(0.0);
    let response = Response::new(told(0.0, 1.0), PerRoute::new(nothing(), nothing(), nothing())).expect("numbers");
    let catalog = Arc::new(versions());
    World::new("senders of one service", vec![group], response, CalendarShape::even(), catalog).expect("one group")
}

/// Delays first, or refusal at once.
pub(crate) fn study(senders: u32, replications: u32) -> Study {
    let start: SimTime = "2027-01-01".parse().expect("a date");
    let over = start + days(30);
    let world = Arc::new(world(senders));
    let scenario = |name: &str, stages: Vec<Stage>| Scenario {
        name: name.to_owned(),
        about: String::new(),
        policy: Arc::new(sunset(name, stages, over)),
        world: Arc::clone(&world),
        changes: Vec::new(),
    };
    let brownout = vec![stage("notice", Some(14), 0, 0), stage("delay", Some(30), 30, 0), stage("refuse", None, 0, 60)];
    let at_once = vec![stage("notice", Some(14), 0, 0), stage("refuse", None, 0, 60)];
    let scenarios =
        Scenarios::new(scenario("brownout", brownout), [scenario("refusal at once", at_once)]).expect("two names");
    let times = (start, start + days(365));
    let mut study = Study::new("tls-sunset", "Does a month of delays spare mail?", times, scenarios).expect("a year");
    study.set_seed(7);
    study.set_replications(replications.into()).expect("at least one");
    study
}

#[allow(dead_code, clippy::disallowed_macros, reason = "an example prints; the test beside it only borrows the study")]
fn main() {
    let study = study(2_000, 40);
    let results = Results::run(&Runner::new(&study), study.replications(), &|_| {});
    println!("{}", study.question());
    for (scenario, results) in study.scenarios().iter().zip(&results.scenarios) {
        for measure in [Measure::Lost, Measure::Delayed, Measure::StillNonCompliant] {
            if let Some(summary) = results.summary(Scope::All, measure) {
                println!("{:16} {:24} {:12.0}", scenario.name, measure.key(), summary.estimate.mean);
            }
        }
    }
}
