//! The numbers of a world that levers write into.

use super::value::Made;
use crate::tree::{Node, Step};
use brownout_exchange::builds::Naming;
use brownout_kernel::catalog::ProductId;
use brownout_kernel::draws::Spread;
use brownout_kernel::mail::{CalendarShape, calendar::YearEnd};
use brownout_kernel::world::{
    BaseRate, Diligence, Failure, Freeze, Group, ListedServer, Response, Route, RouteRules, ServerMix, Table, World,
};

/// A number of a world.
#[derive(Clone, Debug)]
pub(super) enum WorldSlot {
    Multiplier(Entry),
    /// Of the decisions that are added on a route.
    Added(Route, Entry),
    FlatShare,
    YearEndLevel,
    Group(usize, GroupSlot),
}

/// A number of a table.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    Constant,
    Unaware,
    Paused,
    Report,
    Throttle(usize),
    Block(usize),
    Stage(String),
}

/// A number of a group.
#[derive(Clone, Debug)]
pub(super) enum GroupSlot {
    Count,
    EsuShare,
    Sigma,
    NeverShare,
    Route(Route, RouteSlot),
    FailureProb,
    FailureDelay(SpreadSlot),
    Gap(SpreadSlot),
    Volume(SpreadSlot),
    ServerVolume(usize),
    FreezeShare(usize),
}

/// A number of a route.
#[derive(Clone, Copy, Debug)]
pub(super) enum RouteSlot {
    PerMonth,
    Lead(SpreadSlot),
    ProductPerMonth(ProductId),
    ProductLead(ProductId, SpreadSlot),
}

/// A number of a distribution.
#[derive(Clone, Copy, Debug)]
pub(super) enum SpreadSlot {
    Fixed,
    Median,
    Sigma,
    Min,
    Mode,
    Max,
}

/// A step, to be matched.
enum At<'a> {
    Field(&'a str),
    Index(usize),
}
use At::{Field, Index};

fn steps(path: &[Step]) -> Option<Vec<At<'_>>> {
    let step = |step| match step {
        &Step::Index(index) => Some(Index(index)),
        Step::Field(name) => Some(Field(name)),
        _ => None,
    };
    path.iter().map(step).collect()
}

/// The numbers that a value of a world's tree becomes; `None` if they are not of the kinds that stand alone.
pub(super) fn slots(path: &[Step], tree: &Node) -> Option<Vec<WorldSlot>> {
    let steps = steps(path)?;
    Some(match steps.as_slice() {
        [Field("response"), Field("multiplier"), rest @ ..] => vec![WorldSlot::Multiplier(entry(rest)?)],
        [Field("response"), Field("added"), Field(route), rest @ ..] => {
            vec![WorldSlot::Added(route_called(route)?, entry(rest)?)]
        }
        [Field("calendar"), Field("flat_share")] => vec![WorldSlot::FlatShare],
        [Field("calendar"), Field("year_end"), Field("level")] => vec![WorldSlot::YearEndLevel],
        [Field("groups"), Index(group), rest @ ..] => vec![WorldSlot::Group(*group, group_slot(rest)?)],
        [Field("common"), rest @ ..] => {
            let (Some(Field(field)), slot) = (rest.first(), group_slot(rest)?) else { return None };
            let groups = match &tree.field("groups")?.kind {
                crate::tree::Kind::List(items) => items.clone(),
                _ => return None,
            };
            let shares = |&(_, group): &(usize, &Node)| group.field(field).is_none();
            groups.iter().enumerate().filter(shares).map(|(at, _)| WorldSlot::Group(at, slot.clone())).collect()
        }
        _ => return None,
    })
}

fn route_called(name: &str) -> Option<Route> {
    Route::ALL.into_iter().find(|route| route.name() == name)
}

fn entry(rest: &[At<'_>]) -> Option<Entry> {
    Some(match rest {
        [Index(0)] => Entry::Constant,
        [Field("unaware")] => Entry::Unaware,
        [Field("paused")] => Entry::Paused,
        [Field("report")] => Entry::Report,
        [Field("throttle"), Index(point), Index(1)] => Entry::Throttle(*point),
        [Field("block"), Index(point), Index(1)] => Entry::Block(*point),
        [Field("stages"), Field(name)] => Entry::Stage((*name).to_owned()),
        _ => return None,
    })
}

fn group_slot(rest: &[At<'_>]) -> Option<GroupSlot> {
    Some(match rest {
        [Field("count")] => GroupSlot::Count,
        [Field("esu_share")] => GroupSlot::EsuShare,
        [Field("diligence"), Field("sigma")] => GroupSlot::Sigma,
        [Field("diligence"), Field("never_share")] => GroupSlot::NeverShare,
        [Field("routes"), Field(route), rest @ ..] => GroupSlot::Route(route_called(route)?, route_slot(rest)?),
        [Field("failure"), Field("prob")] => GroupSlot::FailureProb,
        [Field("failure"), Field("delay"), rest @ ..] => GroupSlot::FailureDelay(spread_slot(rest)?),
        [Field("gap_days"), rest @ ..] => GroupSlot::Gap(spread_slot(rest)?),
        [Field("messages_per_day"), rest @ ..] => GroupSlot::Volume(spread_slot(rest)?),
        [Field("servers"), Index(server), Field("messages_per_day")] => GroupSlot::ServerVolume(*server),
        [Field("freezes"), Index(freeze), Field("share")] => GroupSlot::FreezeShare(*freeze),
        _ => return None,
    })
}

fn route_slot(rest: &[At<'_>]) -> Option<RouteSlot> {
    let product = |name| brownout_exchange::builds::catalog().product(name).ok();
    Some(match rest {
        [Field("per_month")] => RouteSlot::PerMonth,
        [Field("lead"), rest @ ..] => RouteSlot::Lead(spread_slot(rest)?),
        [Field("by_product"), Field(name), Field("per_month")] => RouteSlot::ProductPerMonth(product(name)?),
        [Field("by_product"), Field(name), Field("lead"), rest @ ..] => {
            RouteSlot::ProductLead(product(name)?, spread_slot(rest)?)
        }
        _ => return None,
    })
}

fn spread_slot(rest: &[At<'_>]) -> Option<SpreadSlot> {
    Some(match rest {
        [Index(0)] => SpreadSlot::Fixed,
        [Field("median")] => SpreadSlot::Median,
        [Field("sigma")] => SpreadSlot::Sigma,
        [Field("min")] => SpreadSlot::Min,
        [Field("mode")] => SpreadSlot::Mode,
        [Field("max")] => SpreadSlot::Max,
        _ => return None,
    })
}

/// Whether the numbers of every distribution go together, once all of them are written.
pub(super) fn hold_together(world: &World) -> bool {
    let of_route =
        |rules: &RouteRules| rules.lead.is_ordered() && rules.lead_by_product.values().all(Spread::is_ordered);
    let of_group = |group: &Group| {
        let own = [&group.failure.delay, &group.gap, &group.volume];
        own.into_iter().all(Spread::is_ordered) && group.routes.iter().flatten().all(of_route)
    };
    world.groups.iter().all(of_group)
}

impl WorldSlot {
    /// Writes a value; `None` if it is out of its limits, or not of the kind of the number.
    pub(super) fn write(&self, world: &mut World, made: Made) -> Option<()> {
        match self {
            WorldSlot::Multiplier(entry) => entry.write(&mut world.response.multiplier, made),
            WorldSlot::Added(route, entry) => entry.write(&mut world.response.added[*route], made),
            WorldSlot::FlatShare => made.put(&mut world.calendar.flat_share, CalendarShape::FLAT_SHARES),
            WorldSlot::YearEndLevel => made.put(&mut world.calendar.year_end.as_mut()?.level, YearEnd::LEVELS),
            WorldSlot::Group(group, slot) => slot.write(world.groups.get_mut(*group)?, made),
        }
    }
}

impl Entry {
    fn write(&self, table: &mut Table, made: Made) -> Option<()> {
        if let Entry::Constant = self {
            let mut value = 0.0;
            made.put(&mut value, Response::VALUES)?;
            *table = Table::constant(value);
            return Some(());
        }
        let target = match (self, table) {
            (Entry::Unaware, Table::ByMinutes { unaware, .. } | Table::ByStage { unaware, .. }) => unaware,
            (Entry::Paused, Table::ByMinutes { paused, .. } | Table::ByStage { paused, .. }) => paused,
            (Entry::Report, Table::ByMinutes { report, .. }) => report,
            (Entry::Throttle(point), Table::ByMinutes { throttle, .. }) => &mut throttle.get_mut(*point)?.1,
            (Entry::Block(point), Table::ByMinutes { block, .. }) => &mut block.get_mut(*point)?.1,
            (Entry::Stage(name), Table::ByStage { stages, .. }) => stages.get_mut(name)?,
            _ => return None,
        };
        made.put(target, Response::VALUES)
    }
}

impl GroupSlot {
    fn write(&self, group: &mut Group, made: Made) -> Option<()> {
        match *self {
            GroupSlot::Count => {
                group.count = made.whole().filter(|count| (0..=Group::COUNT_MAX).contains(count))? as u32;
                Some(())
            }
            GroupSlot::EsuShare => made.put(&mut group.esu_share, Group::SHARES),
            GroupSlot::Sigma => made.put(&mut group.diligence.sigma, Diligence::SIGMAS),
            GroupSlot::NeverShare => made.put(&mut group.diligence.never_share, Diligence::SHARES),
            GroupSlot::Route(route, slot) => slot.write(group.routes[route].as_mut()?, made),
            GroupSlot::FailureProb => made.put(&mut group.failure.prob, Failure::PROBS),
            GroupSlot::FailureDelay(slot) => slot.write(&mut group.failure.delay, made),
            GroupSlot::Gap(slot) => slot.write(&mut group.gap, made),
            GroupSlot::Volume(slot) => slot.write(&mut group.volume, made),
            GroupSlot::ServerVolume(server) => {
                let ServerMix::Listed(servers) = &mut group.servers else { return None };
                let volume = servers.get_mut(server)?.messages_per_day.as_mut()?;
                made.put(volume, ListedServer::MESSAGES_PER_DAY)
            }
            GroupSlot::FreezeShare(freeze) => {
                made.put(&mut group.openings.freezes.get_mut(freeze)?.share, Freeze::SHARES)
            }
        }
    }
}

impl RouteSlot {
    fn write(self, rules: &mut RouteRules, made: Made) -> Option<()> {
        match self {
            RouteSlot::PerMonth => match &mut rules.base {
                BaseRate::PerMonth(rate) => made.put(rate, BaseRate::PER_MONTH),
                BaseRate::PerDayInStage(_) => None,
            },
            RouteSlot::Lead(slot) => slot.write(&mut rules.lead, made),
            RouteSlot::ProductPerMonth(product) => {
                made.put(rules.base_by_product.get_mut(&product)?, BaseRate::PER_MONTH)
            }
            RouteSlot::ProductLead(product, slot) => slot.write(rules.lead_by_product.get_mut(&product)?, made),
        }
    }
}

impl SpreadSlot {
    fn write(self, spread: &mut Spread, made: Made) -> Option<()> {
        match (self, spread) {
            (SpreadSlot::Fixed, Spread::Fixed(value)) => made.put(value, Spread::VALUES),
            (SpreadSlot::Median, Spread::LogNormal { median, .. }) => made.put(median, Spread::VALUES),
            (SpreadSlot::Sigma, Spread::LogNormal { sigma, .. }) => made.put(sigma, Spread::SIGMAS),
            (SpreadSlot::Min, Spread::Pert { min, .. }) => made.put(min, Spread::VALUES),
            (SpreadSlot::Mode, Spread::Pert { mode, .. }) => made.put(mode, Spread::VALUES),
            (SpreadSlot::Max, Spread::Pert { max, .. }) => made.put(max, Spread::VALUES),
            _ => None,
        }
    }
}
