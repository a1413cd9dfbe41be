//! Every event of one tenant under one scenario, written down: the same life that a run lives, with a witness.

mod frames;
mod words;

use crate::describe::markdown::plan;
use brownout_experiment::study::Study;
use brownout_kernel::draws::{DrawSource, TenantDraws, TenantId};
use brownout_kernel::mail::NanoMessages;
use brownout_kernel::mail::amount::messages_of_nano;
use brownout_kernel::policy::Minutes;
use brownout_kernel::sim::{Cycle, Event, EventClass, Life, Observer, Rules, Silent, Stay};
use brownout_kernel::tally::Class;
use brownout_kernel::time::SimTime;
use brownout_kernel::world::group::GroupSampler;
use brownout_kernel::world::{Route, Tenant, make_tenant};

pub use frames::{Lives, events};
pub use words::told;

/// One event of a tenant's life.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceRow {
    /// When.
    pub time: SimTime,
    /// Which event.
    pub event: &'static str,
    /// Which server, counted from 0; `None` for the tenant.
    pub server: Option<usize>,
    /// Class of the server after the event: compliant, unaware, a stage, paused, gone.
    pub state: String,
    /// Throttled minutes per hour in force.
    pub throttle: u8,
    /// Blocked minutes per hour in force.
    pub block: u8,
    /// Days on the enforcement clock.
    pub clock_days: Option<f64>,
    /// Pause days left of the event's calendar year.
    pub pause_days_left: u32,
    /// Decision hazard per day, all routes together.
    pub hazard_per_day: f64,
    /// Why, in words.
    pub cause: String,
}

/// A traced life.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The scenario.
    pub scenario: String,
    /// The tenant's group.
    pub group: String,
    /// The tenant's number in its group.
    pub number: u32,
    /// The replication.
    pub replication: u32,
    /// Multiplier of its base rates.
    pub diligence: f64,
    /// How it uses pauses.
    pub behaviour: String,
    /// Its servers at the start.
    pub servers: Vec<TraceServer>,
    /// The events in order.
    pub events: Vec<TraceRow>,
    /// Messages the tenant lost.
    pub lost_messages: f64,
}

/// A server of a traced tenant at the start.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceServer {
    /// Its product.
    pub product: String,
    /// Its build.
    pub build: String,
    /// Messages it hands over in a day.
    pub messages_a_day: f64,
}

/// Which tenant of a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// Index of the scenario in the study.
    pub scenario: usize,
    /// Number of the tenant, counted through all groups of the scenario's world from 0.
    pub tenant: u64,
    /// The replication, from 0.
    pub replication: u32,
}

/// Traces one tenant; `None` if there is no such tenant.
pub fn trace(study: &Study, address: Address) -> Option<Trace> {
    let scenario = &study.scenarios()[address.scenario];
    let rules = Rules::new(&scenario.policy, &scenario.world, study.start(), study.horizon());
    let source = DrawSource::new(study.seed(), address.replication);
    let (mut draws, tenant) = tenant_of(study, address, &source)?;
    let mut witness = Witness { rows: Vec::new() };
    let mut life = Life::default();
    life.live(&rules, &tenant, &mut draws, &mut witness);
    let group = &scenario.world.groups()[tenant.group];
    let catalog = scenario.world.catalog();
    let describe = |server: &brownout_kernel::world::Server| TraceServer {
        product: catalog.product_name(server.product).to_owned(),
        build: server.build.to_string(),
        messages_a_day: server.volume as f64 / 1000.0,
    };
    Some(Trace {
        scenario: scenario.name.clone(),
        group: group.name().to_owned(),
        number: tenant.number,
        replication: address.replication,
        diligence: tenant.diligence,
        behaviour: plan(group.behaviours()[tenant.behaviour].plan()),
        servers: tenant.servers.iter().map(describe).collect(),
        events: witness.rows,
        lost_messages: messages_of_nano(life.lost()),
    })
}

/// The tenant of a scenario that loses most mail in a replication; `None` if the world is empty.
pub fn worst_by_lost_mail(study: &Study, scenario: usize, replication: u32) -> Option<u64> {
    let it = &study.scenarios()[scenario];
    let rules = Rules::new(&it.policy, &it.world, study.start(), study.horizon());
    let source = DrawSource::new(study.seed(), replication);
    let samplers: Vec<_> =
        it.world.groups().iter().zip(0..).map(|(group, index)| GroupSampler::new(group, index)).collect();
    let mut life = Life::default();
    let mut tenant = Tenant::default();
    let mut worst: Option<(NanoMessages, u64)> = None;
    let mut number = 0;
    for (group, sampler) in it.world.groups().iter().zip(&samplers) {
        for number_in_group in 0..group.count() {
            let mut draws = source.tenant(TenantId::new(group.key(), number_in_group));
            make_tenant(sampler, number_in_group, &mut draws, &mut tenant);
            life.live(&rules, &tenant, &mut draws, &mut Silent);
            if worst.is_none_or(|(lost, _)| life.lost() > lost) {
                worst = Some((life.lost(), number));
            }
            number += 1;
        }
    }
    worst.map(|(_, number)| number)
}

fn tenant_of(study: &Study, address: Address, source: &DrawSource) -> Option<(TenantDraws, Tenant)> {
    let world = &study.scenarios()[address.scenario].world;
    let mut number = address.tenant;
    for (index, group) in world.groups().iter().enumerate() {
        if number < u64::from(group.count()) {
            let mut draws = source.tenant(TenantId::new(group.key(), number as u32));
            let mut tenant = Tenant::default();
            make_tenant(&GroupSampler::new(group, index), number as u32, &mut draws, &mut tenant);
            return Some((draws, tenant));
        }
        number -= u64::from(group.count());
    }
    None
}

/// Index of the first event in which two traces differ; `None` if they are the same.
pub fn first_difference(a: &Trace, b: &Trace) -> Option<usize> {
    let same = |(x, y): (&TraceRow, &TraceRow)| {
        x.time == y.time && x.event == y.event && x.state == y.state && x.cause == y.cause
    };
    let common = a.events.iter().zip(&b.events).take_while(|&pair| same(pair)).count();
    (common < a.events.len().max(b.events.len())).then_some(common)
}

/// Writes every event down.
struct Witness {
    rows: Vec<TraceRow>,
}

impl Observer for Witness {
    fn stayed(&mut self, _: Stay) {}
    fn remediated(&mut self, _: usize, _: Route, _: Option<Cycle>, _: SimTime) {}
    fn at_horizon(&mut self, _: usize, _: Class, _: Option<Cycle>, _: SimTime) {}
    fn paused(&mut self, _: i16, _: u32) {}
    fn out_of_budget(&mut self, _: &Rules<'_>, _: SimTime, _: SimTime) {}

    fn event(&mut self, rules: &Rules<'_>, event: Event<'_>) {
        let left = event.life.pauses().left(rules.policy.pauses(), event.at.year());
        let mut row = TraceRow {
            time: event.at,
            event: event.class.name(),
            server: event.server,
            state: String::new(),
            throttle: 0,
            block: 0,
            clock_days: None,
            pause_days_left: left,
            hazard_per_day: 0.0,
            cause: String::new(),
        };
        match event.server {
            None => row.cause = pause_cause(&event),
            Some(server) => {
                let view = event.life.server(server);
                let class = view.class.index();
                let minutes: Minutes = rules.classes.minutes(class);
                row.state = if view.gone { "gone".to_owned() } else { rules.classes.names()[class].clone() };
                (row.throttle, row.block) = (minutes.throttle(), minutes.block());
                row.clock_days = view.enforcement.map(|enforcement| enforcement.served(event.at).days_f64());
                row.hazard_per_day = view.hazard_per_day.iter().sum();
                row.cause = server_cause(rules, &event, server);
            }
        }
        self.rows.push(row);
    }
}

fn pause_cause(event: &Event<'_>) -> String {
    match (event.class, event.life.pauses().current()) {
        (EventClass::PauseStart, Some(pause)) if pause.to() > event.at => format!("paused until {}", pause.to()),
        (EventClass::PauseStart, _) => "wants a pause, but nothing is restricted or no days are left".to_owned(),
        _ => "the pause runs out".to_owned(),
    }
}

fn server_cause(rules: &Rules<'_>, event: &Event<'_>, server: usize) -> String {
    let view = event.life.server(server);
    let product = rules.world.catalog().product_name(view.product);
    let entries = rules.policy.baselines().entries();
    let due = view.appointment.map_or_else(String::new, |at| at.to_string());
    match event.class {
        EventClass::BaselineChange => match (view.breach, view.enforcement) {
            (Some(breach), None) => format!("breaches baseline \"{}\", not detected yet", entries[breach.entry].name()),
            (Some(breach), Some(_)) => format!("still in breach of baseline \"{}\"", entries[breach.entry].name()),
            (None, _) => format!("{product} {} complies with every baseline in force", view.build),
        },
        EventClass::Detection => {
            let entry = view.breach.map_or("", |breach| entries[breach.entry].name());
            format!("first detected: {product} {} breaches baseline \"{entry}\"", view.build)
        }
        EventClass::StageChange => "the clock reached the next stage".to_owned(),
        EventClass::Decision => match view.decided {
            Some(route) => format!("decided to {}; first attempt on {due}", route.name()),
            None => "no decision".to_owned(),
        },
        EventClass::Remediation => match (view.decided, view.gone) {
            (Some(route), _) => format!("attempt to {} failed; next on {due}", route.name()),
            (None, true) => "left: the server is removed".to_owned(),
            (None, false) if view.breach.is_none() => format!("done: now {product} {}", view.build),
            (None, false) => format!("done: now {product} {}, which is not enough", view.build),
        },
        EventClass::PauseStart | EventClass::PauseEnd => String::new(),
    }
}
