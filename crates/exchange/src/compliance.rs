//! Is this server in breach, and since when has it been detected? The one answer for `timeline`, `plan` and whoever else asks.
//!
//! What is asked is what a policy's baselines say of a product and a build at an instant. What is not known stays unknown in the
//! answer: a build known only within bounds, a product of which no baseline speaks, a first detection that nobody noted.
//!
//! - The **build decides over the label**: a server called 2019 whose build is one of SE is an SE server.
//! - A server **complies** if its build is at or above every baseline in force for its product, or stands in the report's own
//!   `RecommendedBuildVersions`.
//! - A server in breach whose first detection nobody noted was detected between `effective` and `effective + spread` of the first
//!   baseline in force that it breaches, **if it hands mail over**: one that never does is never listed (DOMAIN 3.1). Where its build
//!   is known only within bounds, the range goes from that of the lowest build to that of the mildest breach possible.
//!
//! ```
//! use brownout_exchange::compliance::{ComplianceQuestion, Detection, Installed, ServerVerdict, ask};
//! use brownout_exchange::builds::{Naming, catalog};
//! use brownout_kernel::catalog::Comparison;
//! use brownout_exchange::ladders;
//! use brownout_kernel::policy::{Baseline, Baselines, Policy};
//!
//! let minimum = catalog().requirement("15.1.2507.58".parse()?, Comparison::Numeric);
//! let mut baseline = Baseline::new("2016", "2026-09-07".parse()?, catalog().product("2016")?, Some(minimum));
//! baseline.set_spread_days(30.0)?;
//! let mut policy = Policy::with_defaults(ladders::microsoft_2023());
//! policy.set_baselines(Baselines::new(vec![baseline]));
//!
//! let server = Installed::exact(None, "15.1.2507.57".parse()?);
//! let verdict = ask(&ComplianceQuestion::new(&policy, "2026-11-26".parse()?), &server);
//! let ServerVerdict::Breaches(breach) = verdict else { panic!("{verdict:?}") };
//! let (earliest, latest) = ("2026-09-07".parse()?, "2026-10-07".parse()?);
//! assert_eq!(breach.detection, Detection::Between { earliest, latest });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod installed;
mod words;

pub use installed::Installed;
pub use words::{AFTERWARDS, LOOK_UP};

use brownout_kernel::catalog::{Build, ProductId, Verified};
use brownout_kernel::certainty::Certainty;
use brownout_kernel::policy::Policy;
use brownout_kernel::time::SimTime;

/// What is asked, besides the server.
#[derive(Clone, Copy, Debug)]
pub struct ComplianceQuestion<'a> {
    /// The policy that enforces.
    pub policy: &'a Policy,
    /// The instant of the answer.
    pub at: SimTime,
    /// `RecommendedBuildVersions` of the server's own report, taken to be as old as `at`; empty without a report.
    pub recommended: &'a [Build],
    /// First detection, where it is known.
    pub detected: Option<SimTime>,
}

impl<'a> ComplianceQuestion<'a> {
    /// Asks without a report and without a known detection.
    pub fn new(policy: &'a Policy, at: SimTime) -> Self {
        ComplianceQuestion { policy, at, recommended: &[], detected: None }
    }
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerVerdict {
    /// Nothing is to be done now.
    Complies {
        /// What says so.
        basis: Ground,
        /// From here on a later baseline of the policy is breached; `None` if the policy knows of none.
        until: Option<SimTime>,
    },
    /// The question has no answer.
    CannotSay {
        /// Why not.
        doubt: Doubt,
        /// The breach that must be reckoned with: by the lowest build that may be installed, or by the detection in the report.
        worst: Option<ServerBreach>,
    },
    /// The server is in breach.
    Breaches(ServerBreach),
}

/// Why a server complies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Its build is at or above every baseline in force.
    Baselines,
    /// Its build stands in the report's own `RecommendedBuildVersions`.
    Recommended,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// No baseline of the policy speaks of this product.
    NoBaseline(ProductId),
    /// Only the cumulative update is known, or only the product: the lowest build breaches and the highest does not.
    PatchLevel {
        /// Lowest build that may be installed.
        lowest: Build,
        /// Highest build that is known and may be installed.
        highest: Build,
    },
    /// The build is newer than the table of builds: never called compliant by accident.
    NewerThanCatalogue,
    /// Neither build nor label tell the product.
    NoProduct,
}

/// A breach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerBreach {
    /// Index of the first baseline in force that is breached, in [`Baselines::entries`](brownout_kernel::policy::Baselines::entries); `None`
    /// where only the report says that the server is in breach.
    pub entry: Option<usize>,
    /// Since when: the baseline's effective date, or the known detection where there is no baseline.
    pub effective: SimTime,
    /// When it was first detected.
    pub detection: Detection,
}

impl ServerBreach {
    /// The same breach, of which the detection may have been as late as `latest` too, if nobody noted it.
    fn detected_by(self, latest: SimTime) -> Self {
        let detection = match self.detection {
            Detection::Between { earliest, latest: own } => Detection::Between { earliest, latest: own.max(latest) },
            known => known,
        };
        ServerBreach { detection, ..self }
    }
}

/// When a server in breach was first detected. Its stage clock starts there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detection {
    /// It was noted.
    Known(SimTime),
    /// Nobody noted it. It lies in here, if the server hands mail over at all.
    Between {
        /// The baseline's effective date.
        earliest: SimTime,
        /// That date and the baseline's spread.
        latest: SimTime,
    },
}

impl Detection {
    /// The earliest possible instant: everything comes soonest by it, so it is the worst.
    pub fn earliest(self) -> SimTime {
        match self {
            Detection::Known(at) | Detection::Between { earliest: at, .. } => at,
        }
    }

    /// The latest possible instant.
    pub fn latest(self) -> SimTime {
        match self {
            Detection::Known(at) | Detection::Between { latest: at, .. } => at,
        }
    }

    /// [`Certainty::Known`] or [`Certainty::Range`].
    pub fn certainty(self) -> Certainty {
        match self {
            Detection::Known(_) => Certainty::Known,
            Detection::Between { .. } => Certainty::Range,
        }
    }
}

/// Judges one server.
///
/// A build that the report recommends complies whatever the policy says. A build below every build that the report recommends for
/// its product is in breach even where the policy knows of no baseline that says so: the report is newer than the policy.
pub fn ask(question: &ComplianceQuestion<'_>, server: &Installed) -> ServerVerdict {
    let comparable = |build: Build| crate::builds::catalog().comparable(build);
    let recommends = |build: Build| question.recommended.iter().any(|one| comparable(*one) == comparable(build));
    if server.is_exact() && recommends(server.lowest) {
        return ServerVerdict::Complies { basis: Ground::Recommended, until: next_breach(question, server) };
    }
    let Some(product) = server.product else { return cannot_say(question, Doubt::NoProduct) };
    if question.policy.baselines().of(product).is_empty() {
        return cannot_say(question, Doubt::NoBaseline(product));
    }
    let worst = breach(question, product, server.lowest);
    if let Some(mildest) = breach(question, product, server.highest) {
        return ServerVerdict::Breaches(worst.unwrap_or(mildest).detected_by(mildest.detection.latest()));
    }
    if let Some(worst) = worst {
        // A build between the two may breach the last raise alone.
        let worst = worst.detected_by(last_detection(question, product, server.lowest));
        let doubt = Doubt::PatchLevel { lowest: server.lowest, highest: server.highest };
        return ServerVerdict::CannotSay { doubt, worst: Some(worst) };
    }
    if server.is_exact() && crate::builds::catalog().verify(server.lowest) == Verified::NewerThanCatalogue {
        return cannot_say(question, Doubt::NewerThanCatalogue);
    }
    if below_every_recommended(question, server) {
        let effective = question.detected.unwrap_or(question.at);
        let latest = question.at;
        let detection = question.detected.map_or(Detection::Between { earliest: effective, latest }, Detection::Known);
        return ServerVerdict::Breaches(ServerBreach { entry: None, effective, detection });
    }
    ServerVerdict::Complies { basis: Ground::Baselines, until: next_breach(question, server) }
}

/// [`ask`] of a server of which perhaps neither build nor product are told.
pub fn ask_told(question: &ComplianceQuestion<'_>, server: Option<&Installed>) -> ServerVerdict {
    server.map_or_else(|| cannot_say(question, Doubt::NoProduct), |server| ask(question, server))
}

impl ServerVerdict {
    /// The breach to reckon with: the one there is, or the worst there may be.
    pub fn breach(&self) -> Option<ServerBreach> {
        match *self {
            ServerVerdict::Complies { .. } => None,
            ServerVerdict::CannotSay { worst, .. } => worst,
            ServerVerdict::Breaches(breach) => Some(breach),
        }
    }
}

/// What ends a breach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// This build or a later one: the highest minimum in force for the product.
    Build(Build),
    /// No build of the product complies.
    AnotherProduct,
}

/// The remedy for servers of a product at an instant; `None` where no baseline in force speaks of it.
pub fn remedy(policy: &Policy, product: ProductId, at: SimTime) -> Option<Remedy> {
    let entries = policy.baselines().of(product).iter().map(|&entry| &policy.baselines().entries()[entry]);
    let in_force: Vec<_> = entries.filter(|entry| entry.effective() <= at).collect();
    if in_force.iter().any(|entry| entry.minimum().is_none()) {
        return Some(Remedy::AnotherProduct);
    }
    in_force.iter().filter_map(|entry| entry.minimum()).map(|one| one.minimum()).max().map(Remedy::Build)
}

/// No answer; a detection in the report is reckoned with all the same.
fn cannot_say(question: &ComplianceQuestion<'_>, doubt: Doubt) -> ServerVerdict {
    let known = |at| ServerBreach { entry: None, effective: at, detection: Detection::Known(at) };
    ServerVerdict::CannotSay { doubt, worst: question.detected.map(known) }
}

fn breach(question: &ComplianceQuestion<'_>, product: ProductId, build: Build) -> Option<ServerBreach> {
    let found = question.policy.baselines().breach(product, build, question.at)?;
    let baseline = &question.policy.baselines().entries()[found.entry];
    let (earliest, latest) = (baseline.effective(), baseline.effective() + baseline.spread());
    let detection = question.detected.map_or(Detection::Between { earliest, latest }, Detection::Known);
    Some(ServerBreach { entry: Some(found.entry), effective: baseline.effective(), detection })
}

/// The latest instant at which a server was first detected under any baseline in force that a build breaches.
fn last_detection(question: &ComplianceQuestion<'_>, product: ProductId, build: Build) -> SimTime {
    let baselines = question.policy.baselines();
    let entries = baselines.of(product).iter().map(|&entry| &baselines.entries()[entry]);
    let breached = entries.filter(|entry| entry.effective() <= question.at && !entry.met_by(product, build));
    breached.map(|entry| entry.effective() + entry.spread()).max().unwrap_or(question.at)
}

/// The first later baseline that the server breaches, by the lowest build that may be installed.
fn next_breach(question: &ComplianceQuestion<'_>, server: &Installed) -> Option<SimTime> {
    let (baselines, product) = (question.policy.baselines(), server.product?);
    let later = baselines.of(product).iter().map(|&entry| &baselines.entries()[entry]);
    let mut later = later.filter(|entry| entry.effective() > question.at && !entry.met_by(product, server.lowest));
    later.next().map(|entry| entry.effective())
}

fn below_every_recommended(question: &ComplianceQuestion<'_>, server: &Installed) -> bool {
    let catalog = crate::builds::catalog();
    let of_product = question.recommended.iter().filter(|build| catalog.product_of(**build) == server.product);
    let mut own_lane = of_product.filter(|build| catalog.lane(**build) == catalog.lane(server.highest)).peekable();
    own_lane.peek().is_some() && own_lane.all(|build| catalog.comparable(server.highest) < catalog.comparable(*build))
}
