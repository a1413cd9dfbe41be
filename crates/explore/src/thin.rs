//! Fewer tenants, so that a point costs milliseconds: groups keep their proportions, quantities are scaled back.

use brownout_experiment::{Measure, totals_of};
use brownout_kernel::sim::Rules;
use brownout_kernel::tally::Tally;
use brownout_kernel::world::World;

/// How many tenants each of `counts` keeps if together they may be `tenants`, by the largest remainder; of equals the first.
///
/// A group that has tenants keeps at least one, or what it does could not be scaled back; so with very few tenants there may be a
/// few more than were asked for. Nothing is ever added.
///
/// # Source
/// M. L. Balinski and H. P. Young, *Fair Representation* (1982), chapter 3: Hamilton's method.
pub fn kept(counts: &[u32], tenants: u64) -> Vec<u32> {
    let all: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    if tenants >= all {
        return counts.to_vec();
    }
    let exact = |count: u32| u128::from(count) * u128::from(tenants);
    let mut kept: Vec<u32> = counts.iter().map(|&count| (exact(count) / u128::from(all)) as u32).collect();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|&group| (std::cmp::Reverse(exact(counts[group]) % u128::from(all)), group));
    let short = tenants - kept.iter().map(|&count| u64::from(count)).sum::<u64>();
    order.into_iter().take(short as usize).for_each(|group| kept[group] += 1);
    kept.iter().zip(counts).map(|(&kept, &count)| kept.max(count.min(1))).collect()
}

/// A world with fewer tenants, and for each group how many each lived tenant stands for.
///
/// The first tenants of a group are kept, so that they are the same people with the same luck as in the whole world.
pub fn thinned(world: &World, tenants: u64) -> (World, Vec<f64>) {
    let counts: Vec<u32> = world.groups().iter().map(|group| group.count()).collect();
    let kept = kept(&counts, tenants);
    let mut world = world.clone();
    for (mut group, &kept) in world.edit_groups().zip(&kept) {
        // No group keeps more tenants than it has, so none is refused.
        let _ = group.set_count(kept.into());
    }
    let weight = |(&count, &kept): (&u32, &u32)| if kept == 0 { 1.0 } else { f64::from(count) / f64::from(kept) };
    (world, counts.iter().zip(&kept).map(weight).collect())
}

/// Some measures of a thinned replication, in their order, scaled back to the whole world.
///
/// - Amounts and counts are summed over groups, each times its weight.
/// - Pause days and days without budget are kept for all groups together: they are scaled by tenants lived to tenants there are.
/// - The share of tenants that lose weighs groups too. Times and quantiles are those of the tenants that were lived.
pub fn scaled(rules: &Rules<'_>, tally: &Tally, weights: &[f64], measures: &[Measure]) -> Vec<Option<f64>> {
    let totals = totals_of(rules, tally, measures);
    let is_whole = weights.iter().all(|&weight| weight == 1.0);
    let weighed = |of: &dyn Fn(usize) -> f64| {
        weights.iter().enumerate().fold(0.0, |sum, (group, weight)| sum + weight * of(group))
    };
    let lived: f64 = tally.groups.iter().fold(0.0, |sum, group| sum + group.tenants as f64);
    let tenants = weighed(&|group| tally.groups[group].tenants as f64);
    let value = |&measure: &Measure| -> Option<f64> {
        let index = measure.index();
        let together = totals[0][index];
        match measure {
            _ if is_whole => together,
            Measure::PauseDays | Measure::OutOfBudgetDays => {
                together.filter(|_| lived > 0.0).map(|v| v * tenants / lived)
            }
            Measure::TenantsLosingShare => {
                let losing = weighed(&|group| tally.groups[group].tenants_losing as f64);
                (tenants > 0.0).then(|| losing / tenants)
            }
            _ if is_sum(measure) => Some(weighed(&|group| totals[group + 1][index].unwrap_or(0.0))),
            _ => together,
        }
    };
    measures.iter().map(value).collect()
}

/// Whether a measure of two groups together is the sum of both.
fn is_sum(measure: Measure) -> bool {
    !matches!(
        measure,
        Measure::TenantsLosingShare
            | Measure::LostByTenantP50
            | Measure::LostByTenantP90
            | Measure::LostByTenantP99
            | Measure::FirstQuartileDays
            | Measure::MedianDays
            | Measure::ThirdQuartileDays
            | Measure::RestrictedMeanDays
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_keep_their_proportions_by_the_largest_remainder() {
        // Quotas 4.0, 3.5, 2.5 of 10; the remainders of the last two are equal, the first of them gets the tenant.
        assert_eq!(kept(&[400, 350, 250], 10), [4, 4, 2]);
        assert_eq!(kept(&[400, 350, 250], 1000), [400, 350, 250]);
        assert_eq!(kept(&[4, 3], 100), [4, 3]);
    }

    #[test]
    fn a_group_that_has_tenants_keeps_one_and_an_empty_one_none() {
        assert_eq!(kept(&[100_000, 1, 0], 100), [100, 1, 0]);
        assert_eq!(kept(&[5, 5], 0), [1, 1]);
        assert_eq!(kept(&[u32::MAX, u32::MAX], 3), [2, 1]);
    }
}
