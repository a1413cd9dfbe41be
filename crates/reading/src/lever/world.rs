//! The numbers of a world that levers write into.

use super::value::Made;
use crate::tree::{Node, Step};
use brownout_exchange::builds::Naming;
use brownout_kernel::catalog::ProductId;
use brownout_kernel::draws::Spread;
use brownout_kernel::world::{BaseRate, Route, RouteRules, TableEntry, World};

/// A number of a world.
#[derive(Clone, Debug)]
pub(super) enum WorldSlot {
    Multiplier(TableEntry),
    /// Of the decisions that are added on a route.
    Added(Route, TableEntry),
    FlatShare,
    YearEndLevel,
    Group(usize, GroupSlot),
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
                crate::tree::NodeKind::List(items) => items.clone(),
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

fn entry(rest: &[At<'_>]) -> Option<TableEntry> {
    Some(match rest {
        [Index(0)] => TableEntry::Constant,
        [Field("unaware")] => TableEntry::Unaware,
        [Field("paused")] => TableEntry::Paused,
        [Field("report")] => TableEntry::Report,
        [Field("throttle"), Index(point), Index(1)] => TableEntry::Throttle(*point),
        [Field("block"), Index(point), Index(1)] => TableEntry::Block(*point),
        [Field("stages"), Field(name)] => TableEntry::Stage((*name).to_owned()),
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

impl WorldSlot {
    /// Writes a value; `None` if it is refused beside the others, or not of the kind of the number.
    pub(super) fn write(&self, world: &mut World, made: Made) -> Option<()> {
        match self {
            WorldSlot::Multiplier(entry) => world.response_mut().set_entry(None, entry, made.number()?)?.ok(),
            WorldSlot::Added(route, entry) => world.response_mut().set_entry(Some(*route), entry, made.number()?)?.ok(),
            WorldSlot::FlatShare => world.calendar_mut().set_flat_share(made.number()?).ok(),
            WorldSlot::YearEndLevel => world.calendar_mut().year_end_mut()?.set_level(made.number()?).ok(),
            WorldSlot::Group(group, slot) => slot.write(world, *group, made),
        }
    }
}

impl GroupSlot {
    fn write(&self, world: &mut World, index: usize, made: Made) -> Option<()> {
        let group = world.groups().get(index)?;
        let (failure, gap, volume) = (group.failure(), group.gap(), group.volume());
        let mut edit = world.edit_group(index)?;
        match *self {
            GroupSlot::Count => edit.set_count(made.whole()?),
            GroupSlot::EsuShare => edit.set_esu_share(made.number()?),
            GroupSlot::Sigma => edit.diligence_mut().set_sigma(made.number()?),
            GroupSlot::NeverShare => edit.diligence_mut().set_never_share(made.number()?),
            GroupSlot::Route(route, slot) => return edit.change_route(route, |rules| slot.write(rules, made))?,
            GroupSlot::FailureProb => edit.failure_mut().set_prob(made.number()?),
            GroupSlot::FailureDelay(slot) => edit.failure_mut().set_delay(slot.written(failure.delay(), made)?),
            GroupSlot::Gap(slot) => edit.set_gap(slot.written(gap, made)?),
            GroupSlot::Volume(slot) => edit.set_volume(slot.written(volume, made)?),
            GroupSlot::ServerVolume(server) => edit.set_messages_per_day(server, made.number()?),
            GroupSlot::FreezeShare(freeze) => edit.openings_mut().set_freeze_share(freeze, made.number()?),
        }
        .ok()
    }
}

impl RouteSlot {
    fn write(self, rules: &mut RouteRules, made: Made) -> Option<()> {
        match self {
            RouteSlot::PerMonth => match rules.base() {
                BaseRate::PerMonth(_) => rules.set_base(BaseRate::PerMonth(made.number()?)),
                BaseRate::PerDayInStage(_) => return None,
            },
            RouteSlot::Lead(slot) => rules.set_lead(slot.written(rules.lead(), made)?),
            RouteSlot::ProductPerMonth(product) => {
                rules.base_by_product().get(&product)?;
                rules.set_base_of(product, made.number()?)
            }
            RouteSlot::ProductLead(product, slot) => {
                let lead = *rules.lead_by_product().get(&product)?;
                rules.set_lead_of(product, slot.written(lead, made)?)
            }
        }
        .ok()
    }
}

impl SpreadSlot {
    /// The distribution with another number; whoever takes it checks it. `None` if it has no such number.
    fn written(self, mut spread: Spread, made: Made) -> Option<Spread> {
        let target = match (self, &mut spread) {
            (SpreadSlot::Fixed, Spread::Fixed(value)) => value,
            (SpreadSlot::Median, Spread::LogNormal { median, .. }) => median,
            (SpreadSlot::Sigma, Spread::LogNormal { sigma, .. }) => sigma,
            (SpreadSlot::Min, Spread::Pert { min, .. }) => min,
            (SpreadSlot::Mode, Spread::Pert { mode, .. }) => mode,
            (SpreadSlot::Max, Spread::Pert { max, .. }) => max,
            _ => return None,
        };
        *target = made.number()?;
        Some(spread)
    }
}
