//! `brownout trace`: every event of one tenant, in order, with its cause.

use std::io::Write;
use std::path::PathBuf;

use brownout::reading::load::load;
use brownout::study::Study;
use brownout::text::names::nearest;
use brownout::trace::{
    Address, Lives, Trace, TraceServer, events, first_difference, trace as traced, worst_by_lost_mail,
};
use clap::{Args, ValueEnum};

use super::format::{Format, about};
use super::stop::Stop;
use super::{problems, screen};

/// Show every event of one tenant in order, with its cause
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brownout trace scenarios/quickstart.ron --scenario \"announced ladder\" --tenant 17
  brownout trace scenarios/quickstart.ron --scenario \"no pause\" --worst lost --replication 3
  brownout trace scenarios/quickstart.ron --scenario \"announced ladder\" --tenant 17 --against \"no pause\"")]
pub(crate) struct TraceArguments {
    /// The study file
    study: PathBuf,
    /// Name of the scenario [default: the first]
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// Number of the tenant, counted through all groups from 0
    #[arg(long, value_name = "N", required_unless_present = "worst")]
    tenant: Option<u64>,
    /// Instead of a number: take the tenant that is worst off
    #[arg(long, value_name = "MEASURE", conflicts_with = "tenant")]
    worst: Option<Worst>,
    /// The replication, from 0
    #[arg(long, value_name = "N", default_value_t = 0)]
    replication: u32,
    /// Show where the life of the same tenant under another scenario first differs
    #[arg(long, value_name = "NAME")]
    against: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Worst {
    /// Loses most mail
    Lost,
}

pub(crate) fn trace(arguments: &TraceArguments) -> Result<(), Stop> {
    let loaded = match load(&arguments.study) {
        Ok(loaded) => loaded,
        Err(error) => {
            problems::show(&error.problems);
            return Err(Stop::REFUSED);
        }
    };
    super::pool(None)?.install(|| show(&loaded.study, arguments))
}

fn index_of(study: &Study, name: &str) -> Result<usize, String> {
    let names: Vec<&str> = study.scenarios().iter().map(|scenario| scenario.name.as_str()).collect();
    names.iter().position(|known| *known == name).ok_or_else(|| {
        let near = nearest(name, &names);
        let help = if near.is_empty() { format!("the study has {}", names.join(", ")) } else { near };
        format!("no scenario is called \"{name}\"; {help}")
    })
}

/// Prints the trace.
fn show(study: &Study, arguments: &TraceArguments) -> Result<(), Stop> {
    let scenario = match arguments.scenario.as_deref().map_or(Ok(0), |name| index_of(study, name)) {
        Ok(scenario) => scenario,
        Err(message) => return Err(Stop::Refused(message)),
    };
    let replication = arguments.replication;
    let tenant = match arguments.worst {
        Some(Worst::Lost) => worst_by_lost_mail(study, scenario, replication),
        None => arguments.tenant,
    };
    let count = study.scenarios()[scenario].world.tenant_count();
    let found = tenant.and_then(|tenant| traced(study, Address { scenario, tenant, replication }));
    let (Some(tenant), Some(found)) = (tenant, found) else {
        let last = count.saturating_sub(1);
        return Err(Stop::Refused(format!("there is no such tenant; the world has tenants 0 to {last}")));
    };
    let other = match &arguments.against {
        None => None,
        Some(name) => match index_of(study, name) {
            Ok(scenario) => traced(study, Address { scenario, tenant, replication }),
            Err(message) => return Err(Stop::Refused(message)),
        },
    };
    let mut out = screen::out();
    let told = Lives::of(tenant, &std::iter::once(&found).chain(&other).collect::<Vec<_>>());
    let fields = || {
        let mut lives = told.trees().into_iter();
        let (trace, against) = (lives.next(), lives.next());
        about([
            ("command", "trace".into()),
            ("tenant", tenant.into()),
            ("trace", trace.into()),
            ("against", against.into()),
        ])
    };
    if let Some(bytes) = arguments.format.written(fields, told.frames()) {
        out.write_all(&bytes)?;
        return Ok(());
    }
    match other {
        None => writeln!(out, "{}\n{}", heading(&found, tenant), events(&found.events).text(None))?,
        Some(other) => write!(out, "{}", parting(&found, &other, tenant))?,
    }
    Ok(())
}

fn heading(trace: &Trace, tenant: u64) -> String {
    let words = |server: &TraceServer| {
        format!("{} {}, {:.1} messages a day", server.product, server.build, server.messages_a_day)
    };
    format!(
        "Tenant {tenant} ({} number {}) under \"{}\", replication {}: diligence {:.3}, pauses {}, loses {:.1} messages\nServers: {}",
        trace.group,
        trace.number,
        trace.scenario,
        trace.replication,
        trace.diligence,
        trace.behaviour,
        trace.lost_messages,
        trace
            .servers
            .iter()
            .zip(0..)
            .map(|(server, i)| format!("{i}: {}", words(server)))
            .collect::<Vec<_>>()
            .join("; ")
    )
}

/// The last common event and the first that differs, on both sides.
fn parting(a: &Trace, b: &Trace, tenant: u64) -> String {
    let Some(index) = first_difference(a, b) else {
        return format!("{}\nThe life under \"{}\" is the same, event by event.\n", heading(a, tenant), b.scenario);
    };
    let side = |trace: &Trace| {
        let from = index.saturating_sub(1);
        let rows = &trace.events[from.min(trace.events.len())..(index + 3).min(trace.events.len())];
        format!(
            "Under \"{}\" (loses {:.1} messages):\n{}\n",
            trace.scenario,
            trace.lost_messages,
            events(rows).text(None)
        )
    };
    format!(
        "{}\nThe first {index} events are the same; then they part.\n\n{}\n{}",
        heading(a, tenant),
        side(a),
        side(b)
    )
}
