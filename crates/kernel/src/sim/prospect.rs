//! What a build faces, worked out once: which baseline it breaches and which routes lead out, stretch by stretch.
//!
//! Between two changes of baselines and releases nothing moves, so a server of a group with a given build has one row for
//! each stretch between them. A life looks its row up instead of asking catalogue and schedule at every event.

mod subject;

use std::collections::BTreeSet;

use super::server::press::Open;
use crate::catalog::Tracks;
use crate::catalog::{Build, ProductId};
use crate::policy::{Baselines, Breach};
use crate::time::SimTime;
use crate::world::{Group, Route, Server, ServerMix};
pub(super) use subject::Subject;
use subject::{Code, code, key};

/// A stretch in which neither baselines nor releases change anything for a build.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ProspectRow {
    /// First instant after the stretch; never if nothing changes any more.
    pub(super) until: SimTime,
    /// The baseline the build breaches.
    pub(super) breach: Option<Breach>,
    /// The routes a decision can take, in the order of [`Route::ALL`]; none where no baseline concerns the build.
    pub(super) open: Open,
    /// Whether a baseline, in force or to come, is one that the build does not meet.
    pub(super) concerned: bool,
}

/// The rows of every build that servers of one group can have.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Prospects {
    /// By product, without and with extended security updates: the builds in order, and where their rows begin.
    shelves: Vec<Vec<(u64, usize)>>,
    /// The rows of each build in order of time; the last of a build never ends before the horizon.
    rows: Vec<ProspectRow>,
    /// Whether a baseline, in force or to come, concerns every build that servers have at the start, or none; else `None`.
    concern_of_all: Option<bool>,
    /// The indices of those builds at the start.
    starts: Vec<(Subject, RowIndex)>,
    /// Their codes.
    start_codes: Vec<Code>,
    /// All subjects in order, and where the rows of each begin.
    subjects: Vec<(Subject, usize)>,
    /// By row: the index of its subject.
    subject_of: Vec<u32>,
}

/// The row that holds for a build at some instant, by its index in the table of its group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RowIndex(usize);

impl RowIndex {
    /// How many rows it stands behind another of the same build.
    pub(super) fn after(self, first: RowIndex) -> usize {
        self.0 - first.0
    }

    /// The row that stands so many behind it.
    #[inline]
    pub(super) fn plus(self, rows: usize) -> RowIndex {
        RowIndex(self.0 + rows)
    }
}

/// What servers of a group can be and become, and by which routes: all that its rows depend on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Possible {
    /// What servers start as.
    first: Vec<(ProductId, Build)>,
    /// Whether some tenants have no extended security updates, and whether some have.
    esu: [bool; 2],
    /// The product an upgrade ends at.
    target: Option<ProductId>,
    patches: bool,
    leaves: bool,
}

impl Possible {
    /// That of a group.
    pub(super) fn of(group: &Group) -> Possible {
        let first = match &group.servers {
            ServerMix::Drawn { builds, .. } => builds.iter().map(|share| (share.product, share.build)).collect(),
            ServerMix::Listed(servers) => servers.iter().map(|server| (server.product, server.build)).collect(),
        };
        Possible {
            first,
            esu: [group.esu_share < 1.0, group.esu_share > 0.0],
            target: group.routes[Route::Upgrade].as_ref().and_then(|rules| rules.target),
            patches: group.routes[Route::Patch].is_some(),
            leaves: group.routes[Route::Leave].is_some(),
        }
    }

    /// Every product and build a server can have: those it starts with, and those it may patch or upgrade to.
    fn subjects(&self, tracks: &Tracks) -> BTreeSet<Subject> {
        let products: BTreeSet<ProductId> = self.first.iter().map(|server| server.0).chain(self.target).collect();
        let mut all = BTreeSet::new();
        for esu in [false, true] {
            if self.esu[usize::from(esu)] {
                let later = products.iter().flat_map(|&p| tracks.of(p, esu).iter().map(move |release| (p, release.1)));
                let possible = self.first.iter().copied().chain(later);
                all.extend(possible.map(|(product, build)| Subject { product, build, esu }));
            }
        }
        all
    }

    /// Whether a server can be so at the start.
    fn starts_as(&self, subject: Subject) -> bool {
        self.first.contains(&(subject.product, subject.build))
    }
}

impl Prospects {
    /// Works out the rows of a group from `start` to `horizon`.
    pub(super) fn new(
        group: &Possible,
        baselines: &Baselines,
        tracks: &Tracks,
        start: SimTime,
        horizon: SimTime,
    ) -> Prospects {
        let assessor = Assessor { group, baselines, tracks };
        let mut prospects = Prospects {
            shelves: Vec::new(),
            rows: Vec::new(),
            concern_of_all: None,
            starts: Vec::new(),
            start_codes: Vec::new(),
            subjects: Vec::new(),
            subject_of: Vec::new(),
        };
        let subjects = group.subjects(tracks);
        for &subject in &subjects {
            let shelf = subject.shelf();
            prospects.shelves.resize(prospects.shelves.len().max(shelf + 1), Vec::new());
            prospects.shelves[shelf].push((key(subject.build), prospects.rows.len()));
            prospects.subjects.push((subject, prospects.rows.len()));
            prospects.rows.extend(assessor.rows(subject, start, horizon));
            prospects.subject_of.resize(prospects.rows.len(), prospects.subjects.len() as u32 - 1);
        }
        let starting = subjects.into_iter().filter(|subject| group.starts_as(*subject));
        prospects.starts = starting.map(|subject| (subject, prospects.find(subject, start))).collect();
        prospects.start_codes = prospects.starts.iter().map(|start| code(start.0)).collect();
        let concerned: BTreeSet<bool> =
            prospects.starts.iter().map(|&(_, index)| prospects.row(index).concerned).collect();
        prospects.concern_of_all = concerned.first().copied().filter(|_| concerned.len() == 1);
        prospects
    }

    /// The index of a subject at `now`.
    ///
    /// # Panics
    /// If servers of the group cannot be like this.
    pub(super) fn find(&self, subject: Subject, now: SimTime) -> RowIndex {
        let (shelf, key) = (&self.shelves[subject.shelf()], key(subject.build));
        let first = match shelf.last() {
            // Whoever patches has the newest build afterwards.
            Some(&(newest, first)) if newest == key => first,
            _ => {
                let known = shelf.binary_search_by_key(&key, |entry| entry.0);
                shelf[known.expect("every build a server can have has its rows")].1
            }
        };
        self.turn_to(RowIndex(first), now)
    }

    /// The index of a server at the start.
    ///
    /// # Panics
    /// If servers of the group cannot be like this.
    #[inline]
    pub(super) fn at_start(&self, subject: Subject) -> RowIndex {
        self.starts[self.start_number(subject)].1
    }

    /// The number of a subject among those that servers start as.
    #[inline]
    pub(super) fn start_number(&self, subject: Subject) -> usize {
        // Few builds, so looking through them is faster than searching among all that servers can come to have.
        let wanted = code(subject);
        let known = self.start_codes.iter().position(|&code| code == wanted);
        known.expect("every build a server can start with has its rows")
    }

    /// What servers start as, in order.
    pub(super) fn starts(&self) -> impl ExactSizeIterator<Item = Subject> {
        self.starts.iter().map(|start| start.0)
    }

    /// The row in which servers start that start as one of [these](Self::starts), by its number.
    #[inline]
    pub(super) fn start_row(&self, number: usize) -> RowIndex {
        self.starts[number].1
    }

    /// The rows of a subject from the start on.
    pub(super) fn ahead(&self, subject: Subject) -> &[ProspectRow] {
        let start = self.at_start(subject).0;
        let end = self.subjects.iter().map(|subject| subject.1).find(|&begin| begin > start);
        &self.rows[start..end.unwrap_or(self.rows.len())]
    }

    /// Every subject that a server can have or come to have, with its rows; the same subjects in every table of a group.
    pub(super) fn rows_by_subject(&self) -> impl Iterator<Item = (Subject, &[ProspectRow])> {
        let ends = self.subjects.iter().skip(1).map(|next| next.1).chain([self.rows.len()]);
        self.subjects.iter().zip(ends).map(|(&(subject, begin), end)| (subject, &self.rows[begin..end]))
    }

    /// The index in another table of the group that has the same number among the rows of the same subject.
    pub(super) fn counterpart(&self, here: RowIndex, other: &Prospects) -> RowIndex {
        let subject = self.subject_of[here.0] as usize;
        RowIndex(other.subjects[subject].1 + (here.0 - self.subjects[subject].1))
    }

    /// Whether a baseline, in force or to come, concerns a server as it is at the start.
    pub(super) fn concern(&self, server: &Server, esu: bool) -> bool {
        self.row(self.at_start(Subject { product: server.product, build: server.build, esu })).concerned
    }

    /// Whether baselines concern all, none or some (`None`) of the servers that the group can have at the start.
    #[inline]
    pub(super) fn concern_of_all(&self) -> Option<bool> {
        self.concern_of_all
    }

    /// The index of the same subject at a later instant.
    #[inline]
    pub(super) fn turn_to(&self, mut index: RowIndex, now: SimTime) -> RowIndex {
        while self.rows[index.0].until <= now {
            index.0 += 1;
        }
        index
    }

    /// The row of an index.
    #[inline]
    pub(super) fn row(&self, index: RowIndex) -> &ProspectRow {
        &self.rows[index.0]
    }
}

/// Asks baselines and releases about one group.
struct Assessor<'a> {
    group: &'a Possible,
    baselines: &'a Baselines,
    tracks: &'a Tracks,
}

impl Assessor<'_> {
    fn rows(&self, subject: Subject, start: SimTime, horizon: SimTime) -> Vec<ProspectRow> {
        let mut rows = vec![self.row(subject, start)];
        let mut until = rows[0].until;
        while until < horizon {
            let row = self.row(subject, until);
            until = row.until;
            rows.push(row);
        }
        rows
    }

    /// How a subject stands at `now`, and until when.
    fn row(&self, subject: Subject, now: SimTime) -> ProspectRow {
        let Subject { product, build, esu } = subject;
        if !self.baselines.concern(product, build) {
            // It meets all there are and all to come: nobody has a reason to act.
            return ProspectRow { until: SimTime::NEVER, breach: None, open: Open::NONE, concerned: false };
        }
        let breach = self.baselines.breach(product, build, now);
        let change = self.baselines.next_change(product, now);
        let release = self.tracks.next_release(product, esu, now);
        let until = change.min(release).min(self.next_change_of_target(subject, now));
        ProspectRow { until, breach, open: self.open_routes(subject, now), concerned: true }
    }

    fn open_routes(&self, subject: Subject, now: SimTime) -> Open {
        let Subject { product, build, esu } = subject;
        let newest = self.tracks.newest(product, esu, now).filter(|_| self.group.patches);
        let patch =
            newest.is_some_and(|newest| newest > build && self.baselines.breach(product, newest, now).is_none());
        let upgrade = self.target(product).is_some_and(|target| self.target_complies(target, esu, now));
        Open::new([patch, upgrade, self.group.leaves])
    }

    /// The product an upgrade would end at, unless the server has it already.
    fn target(&self, product: ProductId) -> Option<ProductId> {
        self.group.target.filter(|&target| target != product)
    }

    /// Whether the newest build of a product complies with every baseline in force.
    fn target_complies(&self, target: ProductId, esu: bool, now: SimTime) -> bool {
        let newest = self.tracks.newest(target, esu, now);
        newest.is_some_and(|build| self.baselines.breach(target, build, now).is_none())
    }

    /// When the upgrade route may open or close because of its target; never if it is open for good.
    fn next_change_of_target(&self, subject: Subject, now: SimTime) -> SimTime {
        let Some(target) = self.target(subject.product) else { return SimTime::NEVER };
        if self.baselines.of(target).is_empty() && self.target_complies(target, subject.esu, now) {
            return SimTime::NEVER;
        }
        self.baselines.next_change(target, now).min(self.tracks.next_release(target, subject.esu, now))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::catalog::{Catalog, Comparison};
    use crate::draws::Spread;
    use crate::mail::RetrySchedule;
    use crate::policy::Baseline;
    use crate::time::SimDuration;
    use crate::world::{BaseRate, BuildShare, Diligence, Failure, Openings, RouteRules};

    /// A schedule like the first rollout: whole products, then minimum builds that are raised once more.
    fn schedule(catalog: &Catalog) -> Baselines {
        let entries = [
            ("2022-06-23", "old", None),
            ("2023-03-01", "middle", Some("2.0.200.3")),
            ("2023-03-01", "new", Some("2.1.200.3")),
            ("2024-11-01", "middle", Some("2.0.300.5")),
            ("2024-11-01", "new", Some("2.1.300.5")),
        ];
        let baseline = |(date, product, minimum): (&str, &str, Option<&str>)| Baseline {
            name: format!("{product} {date}"),
            effective: date.parse().unwrap(),
            product: catalog.named(product).unwrap(),
            minimum: minimum.map(|build| catalog.requirement(build.parse().unwrap(), Comparison::Numeric)),
            spread: SimDuration::ZERO,
        };
        Baselines::new(entries.into_iter().map(baseline).collect())
    }

    fn route(target: Option<ProductId>) -> Option<RouteRules> {
        let (base, lead) = (BaseRate::PerMonth(0.1), Spread::Fixed(1.0));
        Some(RouteRules { base, base_by_product: BTreeMap::new(), lead, lead_by_product: BTreeMap::new(), target })
    }

    fn group(catalog: &Catalog, target: &str) -> Group {
        let builds = ["1.0.100.2", "1.0.200.0", "2.0.100.4", "2.0.200.1", "2.0.300.0", "2.1.100.0", "2.1.200.3"];
        let product = |build| catalog.product_of(build).unwrap();
        let share = |build: Build| BuildShare { product: product(build), build, share: 1.0 / builds.len() as f64 };
        Group {
            name: "all".to_owned(),
            key: 1,
            count: 1,
            servers: ServerMix::Drawn {
                per_tenant: vec![1.0],
                builds: builds.iter().map(|build| share(build.parse().unwrap())).collect(),
            },
            esu_share: 0.5,
            diligence: Diligence { sigma: 0.0, never_share: 0.0 },
            routes: crate::world::PerRoute::new(route(None), route(catalog.named(target)), route(None)),
            openings: Openings::default(),
            failure: Failure { prob: 0.0, delay: Spread::Fixed(1.0) },
            gap: Spread::Fixed(0.0),
            behaviours: Vec::new(),
            volume: Spread::Fixed(1.0),
            retry: RetrySchedule::Fixed { minutes: 15 },
        }
    }

    #[test]
    fn rows_say_every_day_what_baselines_and_releases_say() {
        let catalog = &crate::catalog::sample::catalog();
        let (baselines, tracks) = (schedule(catalog), Tracks::new(catalog));
        let (start, horizon): (SimTime, SimTime) = ("2022-06-01".parse().unwrap(), "2025-06-30".parse().unwrap());
        let mut changes = 0;
        for target in ["middle", "new"] {
            let group = group(catalog, target);
            let group = Possible::of(&group);
            let prospects = Prospects::new(&group, &baselines, &tracks, start, horizon);
            let assessor = Assessor { group: &group, baselines: &baselines, tracks: &tracks };
            for subject in group.subjects(&tracks) {
                let mut index = prospects.find(subject, start);
                let mut now = start;
                while now < horizon {
                    index = prospects.turn_to(index, now);
                    let (row, asked) = (prospects.row(index), assessor.row(subject, now));
                    assert_eq!((row.breach, row.open), (asked.breach, asked.open), "{subject:?} at {now}");
                    assert!(row.until > now);
                    changes += usize::from(row.until == now + SimDuration::DAY);
                    now = now + SimDuration::DAY;
                }
            }
        }
        assert!(changes > 1_000, "only {changes} changes were met");
    }
}
