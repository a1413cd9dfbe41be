//! Where jobs are put in: what a local search over dates alone needs to know, of the jobs of one tenant or of several.

use crate::cost::tariff::Cost;
use crate::index::{CandidateIndex, JobSlice, PerJob};
use crate::jobs::Job;
use crate::search::schedule::Ledger;
use brownout_kernel::watch::Watch;

/// Jobs and the rules that hold among them.
#[derive(Clone, Debug)]
pub struct Room<'a> {
    /// The jobs.
    pub jobs: &'a JobSlice<Job>,
    /// A ledger with none of them in it.
    pub empty: Ledger<'a>,
    /// Candidate of each job that is its date in the former plan, if that is still possible.
    pub kept: &'a PerJob<Option<CandidateIndex>>,
    /// Thousandths of messages a day of each job's server.
    pub volumes: &'a PerJob<Cost>,
    /// Asked whether to go on.
    pub watch: &'a Watch,
}
