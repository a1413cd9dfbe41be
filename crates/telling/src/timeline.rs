//! The dates of one's own servers, told: on the terminal, as a table of dates, as a picture.
//!
//! What is not known is told as a range or marked as inferred or assumed wherever it stands.

mod mail;
mod overview;
pub mod picture;
mod range;
pub mod rows;
pub mod table;
pub mod words;

use brownout_exchange::compliance::{self, Installed, ServerVerdict};
use brownout_exchange::timeline::reply::Heard;
use brownout_exchange::timeline::{Dates, Note, Server};
use brownout_kernel::catalog::Catalog;
use brownout_kernel::policy::Policy;
use brownout_kernel::time::SimTime;
use brownout_text::outside::printable;
use std::sync::Arc;

/// One server with its words.
#[derive(Debug)]
pub struct Subject {
    /// Its name; empty where only dates or a build were given.
    pub name: String,
    /// What the report says, if there is one.
    pub server: Option<Server>,
    /// Whether it is in breach, and what is installed; `None` where only dates were given.
    pub verdict: Option<(ServerVerdict, Option<Installed>)>,
    /// Its dates; `None` if it complies, or if nothing can be said of it.
    pub dates: Option<Dates>,
    /// The reply that the dates rest on.
    pub heard: Option<Heard>,
    /// What must be known about them.
    pub notes: Vec<Note>,
}

/// Everything that is told.
#[derive(Debug)]
pub struct Findings {
    /// The policy.
    pub policy: Policy,
    /// The catalogue of builds that the servers were read by.
    pub catalog: Arc<Catalog>,
    /// The instant of "now".
    pub at: SimTime,
    /// The servers, in the order of the report.
    pub subjects: Vec<Subject>,
    /// What concerns all servers together.
    pub notes: Vec<Note>,
    /// How the order of day and month was settled, where that was open.
    pub date_order: Option<String>,
    /// What the report says where it lists no server.
    pub nothing: Option<String>,
    /// Doubts about the report.
    pub warnings: Vec<String>,
    /// Whether pauses or pause days were given.
    pub pauses_told: bool,
}

impl From<Server> for Subject {
    fn from(server: Server) -> Self {
        Subject {
            name: printable(&server.record.name).into_owned(),
            verdict: Some((server.verdict, server.installed)),
            dates: server.dates.clone(),
            notes: server.notes.clone(),
            server: Some(server),
            heard: None,
        }
    }
}

impl Subject {
    /// Whether it has dates though nobody noted its first detection.
    pub fn is_undated(&self) -> bool {
        self.heard.is_none() && self.dates.as_ref().is_some_and(|dates| dates.latest.is_some())
    }

    /// What to say of a first detection that nobody noted.
    pub fn unknown_detection(&self, policy: &Policy) -> String {
        let breach = self.verdict.as_ref().and_then(|(verdict, _)| verdict.breach());
        let baseline = breach.and_then(|breach| policy.baselines().entries().get(breach.entry?));
        let spread = baseline.zip(breach).map_or(String::new(), |(baseline, breach)| {
            let latest = breach.detection.latest();
            if latest > baseline.effective() + baseline.spread() {
                // Which raise it breached first depends on the build, which is not known either.
                let (from, to) = (breach.detection.earliest().day(), latest.day());
                return format!(" somewhere from {from} to {to} (assumed), as the build is older or newer");
            }
            let days = baseline.spread().days_ceil();
            format!(
                " within {days} days (assumed) of {}, the day of baseline {}",
                baseline.effective().day(),
                baseline.name()
            )
        });
        format!(
            "first detection is not known: it lies{spread}, if the server hands mail over at all. Plan for the earliest dates, and {}",
            compliance::LOOK_UP
        )
    }
}

/// Product and build, and what the catalogue knows of it. The build decides over the label.
pub(crate) fn build_words(findings: &Findings, server: &Server) -> (String, String) {
    use brownout_kernel::catalog::Verified;
    let (catalog, record) = (&findings.catalog, &server.record);
    let known = server.installed.and_then(|installed| installed.product).or(record.product);
    let product = known.map_or(printable(&record.product_text).into_owned(), |id| catalog.product_name(id).to_owned());
    let verdict = match record.build.map(|build| catalog.verify(build.lowest())) {
        None => "no readable build".to_owned(),
        Some(Verified::Listed(release)) => release.update.clone(),
        Some(Verified::Unlisted { nearest_below: Some(below) }) => format!("not listed, above {}", below.update),
        Some(Verified::Unlisted { nearest_below: None }) => "not listed".to_owned(),
        Some(Verified::NewerThanCatalogue) => {
            format!("cannot verify: newer than catalogue of {}", catalog.newest_date().day())
        }
    };
    (format!("{product} {}", printable(&record.build_text)).trim().to_owned(), verdict)
}
