//! Whole days of work at any quantile, from a table.
//!
//! Simulations ask for whole days a million times, and a quantile of a PERT distribution takes a thousand operations. So the
//! quantile function is asked only for the points at which the days change, once for each kind of work. Where chance decides how
//! many times as long as stated work takes, these points move from replication to replication, and it is asked each time.

use crate::former::days_left;
use crate::index::{JobIndex, JobSlice, PerJob, ServerIndex};
use crate::jobs::Job;
use crate::project::{Project, Work};

/// Most changes that a table holds; beyond them the quantile function is asked.
const CHANGES_MAX: usize = 64;

/// Days of work by quantile, for each job.
#[derive(Clone, Debug)]
pub struct DayTables {
    /// Table of each job.
    of_job: PerJob<usize>,
    tables: Vec<DayTable>,
    /// The overrun that the tables are of.
    overrun: f64,
}

#[derive(Clone, Debug)]
struct DayTable {
    /// A server of this kind of work.
    server: ServerIndex,
    least: u32,
    /// The least quantile at which it takes more days than `least`, than one more, ...; rising.
    changes: Vec<f64>,
    /// Whether these are all.
    is_whole: bool,
}

impl DayTables {
    /// The tables of a project's jobs.
    pub fn new(project: &Project, jobs: &JobSlice<Job>) -> Self {
        let overrun = project.risk.overrun.quantile(0.5);
        let mut found = DayTables { of_job: PerJob::new(), tables: Vec::new(), overrun };
        for job in jobs {
            let kind = |server: ServerIndex| {
                let server = &project.servers[server];
                (server.work, server.in_hand, server.in_hand.and_then(|_| server.crews.first()))
            };
            let known = found.tables.iter().position(|table| kind(table.server) == kind(job.server));
            found.of_job.push(known.unwrap_or(found.tables.len()));
            if known.is_none() {
                found.tables.push(DayTable::new(project, job.server, overrun));
            }
        }
        found
    }

    /// Whole days that are left of a job's work if it takes as long as at quantile `q`, above 0 and below 1, and `overrun` times that.
    pub fn days(&self, project: &Project, job: JobIndex, q: f64, overrun: f64) -> u32 {
        let table = &self.tables[self.of_job[job]];
        let works = matches!(project.servers[table.server].work, Work::Days(_));
        if works && overrun.to_bits() != self.overrun.to_bits() {
            return days_left(project, &project.servers[table.server], q, overrun);
        }
        let more = table.changes.partition_point(|&change| change <= q);
        if more == table.changes.len() && !table.is_whole {
            return days_left(project, &project.servers[table.server], q, overrun);
        }
        table.least + more as u32
    }
}

impl DayTable {
    fn new(project: &Project, server: ServerIndex, overrun: f64) -> Self {
        let days = |q: f64| days_left(project, &project.servers[server], q, overrun);
        let (mut low, high) = (f64::EPSILON / 4.0, 1.0 - f64::EPSILON / 2.0);
        let (least, most) = (days(low), days(high));
        let mut changes = Vec::new();
        for taken in (least..most).take(CHANGES_MAX) {
            let mut over = high;
            // Between `low`, where it takes no more than `taken`, and `over`, where it takes more.
            while low.next_up() < over {
                let middle = low + (over - low) / 2.0;
                if middle <= low || middle >= over {
                    break;
                }
                if days(middle) > taken { over = middle } else { low = middle }
            }
            changes.push(over);
        }
        DayTable { server, least, is_whole: (most - least) as usize <= changes.len(), changes }
    }
}
