//! The answer in words, the same for every command.

use super::{Doubt, Ground, Installed, ServerVerdict};
use brownout_kernel::policy::Policy;

/// How long enforcement lingers after an update, and what else may still be refused (DOMAIN 3.3, 7.9).
pub const AFTERWARDS: &str = "how long enforcement lingers after an update is not known. If mail is still refused, look for \
     another server behind the same connector, for an older Exchange among the hops that the message's Received headers name, and \
     for mail put into the Pickup folder, which carries the build of the bare cumulative update (mended by the November 2024 \
     update v2)";

/// Where first detection can be looked up.
pub const LOOK_UP: &str = "look it up: FirstDetectedDate of Get-OnPremServerReportInfo in Exchange Online PowerShell, or the \
     out-of-date servers report under Reports, Mail flow in the Exchange admin center";

impl Doubt {
    /// `cannot say: no baseline of policy microsoft-2023 speaks of Exchange 2007`.
    pub fn words(&self, policy: &Policy) -> String {
        match self {
            Doubt::NoBaseline(product) => format!(
                "cannot say: no baseline of policy {} speaks of Exchange {}",
                policy.name(),
                crate::builds::catalog().product_name(*product)
            ),
            Doubt::PatchLevel { lowest, highest } => format!(
                "cannot say: the patch level is unknown, somewhere from {lowest} to {highest}; read the version of ExSetup.exe or run \
                 Health Checker"
            ),
            Doubt::NewerThanCatalogue => format!(
                "cannot verify: the build is newer than the table of builds of {}",
                crate::builds::catalog().newest_date().day()
            ),
            Doubt::NoProduct => "cannot say: neither the build nor the label tells the product".to_owned(),
        }
    }
}

impl ServerVerdict {
    /// The answer in one line.
    pub fn words(&self, policy: &Policy, server: &Installed) -> String {
        match self {
            ServerVerdict::Complies { basis, until } => {
                let build = match server.is_exact() {
                    true => server.lowest.to_string(),
                    false => format!("{}, the lowest it may have,", server.lowest),
                };
                let basis = match basis {
                    Ground::Baselines => {
                        format!("build {build} meets every baseline of policy {} in force", policy.name())
                    }
                    Ground::Recommended => format!("build {build} stands in the report's own RecommendedBuildVersions"),
                };
                let until = until.map_or(String::new(), |until| format!(", until the raise of {}", until.day()));
                format!("done: {basis}{until}")
            }
            ServerVerdict::CannotSay { doubt, .. } => doubt.words(policy),
            ServerVerdict::Breaches(breach) => match breach
                .entry
                .and_then(|entry| policy.baselines().entries().get(entry))
            {
                Some(baseline) => {
                    format!("breaches baseline {}, in force since {}", baseline.name(), baseline.effective().day())
                }
                None => "in breach by its report: its build is below every build that the report recommends".to_owned(),
            },
        }
    }
}
