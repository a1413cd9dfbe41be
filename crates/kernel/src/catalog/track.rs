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
        match track.last() {
            // Most work is done after the last release that is known.
            Some(last) if last.0 <= at => Some(last.1),
            _ => track.partition_point(|release| release.0 <= at).checked_sub(1).map(|index| track[index].1),
        }
    }

    /// The first release of the product after `at`; never if none is known.
    pub(crate) fn next_release(&self, product: ProductId, esu: bool, at: SimTime) -> SimTime {
        let track = self.of(product, esu);
        track.get(track.partition_point(|release| release.0 <= at)).map_or(SimTime::NEVER, |release| release.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_newest_build_is_that_of_the_track_at_every_release_and_a_second_before() {
        let catalog = sample::catalog();
        let mut asked = 0;
        for product in catalog.products() {
            for esu in [false, true] {
                for (date, _) in catalog.patch_track(product, esu) {
                    for at in [date, SimTime::from_seconds(date.seconds() - 1)] {
                        let expected = catalog.newest_for(product, esu, at);
                        assert_eq!(catalog.tracks().newest(product, esu, at), expected, "{product:?} {esu} {at}");
                        asked += 1;
                    }
                }
            }
        }
        assert!(asked > 4, "{asked}");
    }
}
