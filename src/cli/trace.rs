//! `brownout trace`: every event of one tenant, in order, with its cause.

use std::io::Write;
use std::path::PathBuf;

use brownout::reading::load::load;
use brownout::study::Study;
use brownout::text::names::nearest;
use brownout::trace::{Address, Lives, told, trace as traced, worst_by_lost_mail};
use clap::{Args, ValueEnum};

use super::format::FormatArguments;
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
    #[command(flatten)]
    format: FormatArguments,
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
    problems::show(&loaded.warnings);
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
    let lives = Lives::of(tenant, &std::iter::once(&found).chain(&other).collect::<Vec<_>>());
    let people = || told(&found, other.as_ref(), tenant);
    screen::out().write_all(&arguments.format.chosen().written(|| lives.about(tenant), lives.frames(), people))?;
    Ok(())
}
