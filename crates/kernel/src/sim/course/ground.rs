//! Where the servers of a group's tenants set out on their courses.

use super::super::life::FEW;
use super::super::prospect::{RowIndex, Subject};
use super::super::rules::{GroupRules, Rules};
use super::super::server::detection;
use super::journey::Lane;
use super::{Course, CourseBook, Traveller};
use crate::draws::{Purpose, TenantDraws};
use crate::world::{Group, PausePlan, ServerMix, Tenant};

/// Where the tenants of one group set out.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Ground<'g, 'a> {
    book: &'g CourseBook,
    pub(super) rules: &'g Rules<'a>,
    index: usize,
    group: &'g Group,
    pub(super) group_rules: &'g GroupRules,
    /// Of courses, as in [`CourseBook::groups`].
    places: &'g [usize],
    /// Whether work is planned for some server.
    plans: bool,
    /// Whether a baseline concerns every server.
    all_concerned: bool,
}

impl<'g> Ground<'g, '_> {
    /// Whether no tenant has courses.
    pub(in crate::sim) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether nothing can happen to a tenant.
    #[inline(always)]
    pub(super) fn passes_by(&self, tenant: &Tenant) -> bool {
        !self.all_concerned && self.rules.passes_by(tenant)
    }

    /// Whether servers of a tenant have courses, in a group in which some have.
    #[inline(always)]
    pub(in crate::sim) fn has_courses(&self, tenant: &Tenant) -> bool {
        let plan = &self.group.behaviours[tenant.behaviour].plan;
        let few = match tenant.servers.len() {
            1 => !matches!(plan, PausePlan::Fixed(_)),
            // The servers of a tenant that never pauses go their ways alone until somebody decides.
            several => several <= FEW && matches!(plan, PausePlan::Never),
        };
        few && !(self.plans && tenant.servers.iter().any(|server| server.planned.is_some()))
    }

    /// A server that sets out on its course, if there is one.
    #[inline(always)]
    pub(super) fn departure(&self, tenant: &Tenant, server: usize, draws: &mut TenantDraws) -> Option<Departure<'g>> {
        let Ground { book, rules, index: group, group_rules, places, .. } = *self;
        let found = &tenant.servers[server];
        let subject = Subject { product: found.product, build: found.build, esu: tenant.esu };
        let (start, starts) = (group_rules.prospects.start_number(subject), group_rules.prospects.starts().len());
        let place = places[tenant.behaviour * starts + start];
        let courses = book.at(place, rules, Traveller { group, subject, behaviour: tenant.behaviour });
        let detected = match courses.breach {
            Some(breach) => {
                let entry = &rules.policy.baselines.entries()[breach.entry];
                let at = match found.first_detected {
                    Some(known) => known.max(entry.effective),
                    None => detection(entry, draws.unit(server as u32, Purpose::Detection, breach.ordinal)),
                };
                rules.calendar.seconds_until(at)
            }
            None => 0,
        };
        let course = courses.at(detected)?;
        let start = group_rules.prospects.start_row(start);
        Some(Departure { course, group, detected, start, lane: Lane::default() })
    }
}

/// A server that sets out on its course.
#[derive(Clone, Copy, Debug)]
pub(super) struct Departure<'c> {
    pub(super) course: &'c Course,
    pub(super) group: usize,
    /// Its first detection, in seconds since the calendar's first midnight.
    pub(super) detected: i64,
    /// The row in which it starts.
    pub(super) start: RowIndex,
    /// Where it is told how far it goes, once it waits for others.
    pub(super) lane: Lane,
}

impl CourseBook {
    /// Where the tenants of a group set out.
    pub(in crate::sim) fn ground<'g, 'a>(&'g self, rules: &'g Rules<'a>, group: usize) -> Ground<'g, 'a> {
        let (of_group, group_rules) = (&rules.world.groups[group], &rules.groups[group]);
        let plans = match &of_group.servers {
            ServerMix::Drawn { .. } => false,
            ServerMix::Listed(servers) => servers.iter().any(|server| server.planned.is_some()),
        };
        let all_concerned = group_rules.prospects.concern_of_all() == Some(true);
        let places = &self.groups[group];
        Ground { book: self, rules, index: group, group: of_group, group_rules, places, plans, all_concerned }
    }
}
