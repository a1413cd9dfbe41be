//! A made-up catalogue that the kernel's own tests ask: three products, of which the last two are serviced side by side.

use super::{Build, Catalog, Numbering, ProductId, Release};
use crate::time::{SimDuration, SimTime};

/// "old" (major 1), "middle" (2.0) and "new" (2.1) with 3 lanes each; in every lane an update each 40 days from 2022 on, and on a
/// third of those days another one for holders of extended security updates.
pub(crate) fn catalog() -> Catalog {
    let names = ["old", "middle", "new"];
    let first: SimTime = "2022-01-01".parse().unwrap();
    let release = |product: u8, lane: u16, update: u16| Release {
        product: ProductId::new(product),
        update: format!("{lane}-{update}"),
        date: first + SimDuration::from_days(i64::from(lane) * 250 + i64::from(update) * 40),
        build: Build::new(1 + u16::from(product > 0), u16::from(product > 1), lane * 100, update),
        kb: None,
        esu_only: update % 3 == 2,
        date_inferred: false,
        source: String::new(),
    };
    let lanes = (0..3).flat_map(|product| (1..=3).map(move |lane| (product, lane)));
    let releases = lanes.flat_map(|(product, lane)| (0..12).map(move |update| release(product, lane, update)));
    Catalog::new(names.map(str::to_owned).into(), releases.collect(), Numbering::default())
}
