//! The newest build of a product over time: what a server that keeps up would run.

use super::{Build, Catalog, ProductId};
use crate::time::SimTime;

impl Catalog {
    /// The releases of all products as servers meet them.
    pub(crate) fn tracks(&self) -> &Tracks {
        &self.tracks
    }

    /// The highest build of `product` released on or before `on`; without `esu`, builds for holders of extended
    /// security updates are left out. `None` before the first release.
    pub fn newest_for(&self, product: ProductId, esu: bool, on: SimTime) -> Option<Build> {
        let available = self.releases(product).filter(|release| (esu || !release.esu_only) && release.date <= on);
        available.map(|release| release.build).max()
    }

    /// Strictly rising builds of `product`, each with the day from which it was the highest one available.
    ///
    /// Agrees with [`newest_for`](Catalog::newest_for) at every instant. The first entry may be long ago.
    pub fn patch_track(&self, product: ProductId, esu: bool) -> Vec<(SimTime, Build)> {
        let available = self.releases(product).filter(|release| esu || !release.esu_only);
        let mut dated: Vec<(SimTime, Build)> = available.map(|release| (release.date, release.build)).collect();
        dated.sort();
        let mut track: Vec<(SimTime, Build)> = Vec::new();
        for (date, build) in dated {
            match track.last_mut() {
                Some(last) if build <= last.1 => {}
                Some(last) if date == last.0 => last.1 = build,
                _ => track.push((date, build)),
            }
        }
        track
    }
}

/// Builds of every product in order of release, each newer than all before; without and with extended security updates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tracks(Vec<[Vec<(SimTime, Build)>; 2]>);

impl Tracks {
    pub(crate) fn new(catalog: &Catalog) -> Self {
        Tracks(catalog.products().map(|p| [catalog.patch_track(p, false), catalog.patch_track(p, true)]).collect())
    }

    /// The releases of a product.
    #[inline]
    pub(crate) fn of(&self, product: ProductId, esu: bool) -> &[(SimTime, Build)] {
        &self.0[product.index()][usize::from(esu)]
    }

    /// Newest build of a product at `at`.
    #[inline]
    pub(crate) fn newest(&self, product: ProductId, esu: bool, at: SimTime) -> Option<Build> {
        let track = self.of(product, esu);
        track.partition_point(|release| release.0 <= at).checked_sub(1).map(|index| track[index].1)
    }

    /// The first release of the product after `at`; never if none is known.
    pub(crate) fn next_release(&self, product: ProductId, esu: bool, at: SimTime) -> SimTime {
        let track = self.of(product, esu);
        track.get(track.partition_point(|release| release.0 <= at)).map_or(SimTime::NEVER, |release| release.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    #[test]
    fn builds_for_esu_holders_are_kept_from_others() {
        let catalog = crate::catalog::sample::catalog();
        let newest = |name: &str, esu, on: &str| {
            let product = catalog.named(name).unwrap();
            catalog.newest_for(product, esu, day(on)).map(|build| build.to_string())
        };
        assert_eq!(newest("2016", false, "2026-12-31").as_deref(), Some("15.1.2507.61"));
        assert_eq!(newest("2016", true, "2026-12-31").as_deref(), Some("15.1.2507.75"));
        assert_eq!(newest("2019", true, "2026-10-01").as_deref(), Some("15.2.1748.51"));
        assert_eq!(newest("SE", false, "2026-10-02").as_deref(), Some("15.2.2562.53"), "on the day itself");
        assert_eq!(newest("SE", false, "2025-06-30"), None);
    }

    #[test]
    fn a_track_rises_and_agrees_with_the_newest_build_of_every_day() {
        let catalog = crate::catalog::sample::catalog();
        for product in catalog.products() {
            for esu in [false, true] {
                let track = catalog.patch_track(product, esu);
                assert!(track.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
                for release in catalog.releases(product) {
                    let on_track = track.iter().rev().find(|entry| entry.0 <= release.date).map(|entry| entry.1);
                    assert_eq!(catalog.newest_for(product, esu, release.date), on_track);
                }
            }
        }
    }
}
