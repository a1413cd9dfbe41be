//! The catalogue that the kernel's own tests ask: the table of Exchange builds, which the kernel otherwise does not know.

use std::sync::{Arc, OnceLock};

use super::{Catalog, ProductId, Release};

/// The catalogue, read once.
pub(crate) fn catalog() -> &'static Arc<Catalog> {
    static CATALOG: OnceLock<Arc<Catalog>> = OnceLock::new();
    CATALOG.get_or_init(|| Arc::new(read(include_str!("../../../exchange/src/builds/exchange-builds.csv"))))
}

fn read(table: &str) -> Catalog {
    let mut products: Vec<String> = Vec::new();
    let mut releases = Vec::new();
    for row in csv::Reader::from_reader(table.as_bytes()).records().map(Result::unwrap) {
        let name = row[0].trim_start_matches("Exchange Server ");
        let index = products.iter().position(|product| product == name).unwrap_or_else(|| {
            products.push(name.to_owned());
            products.len() - 1
        });
        releases.push(Release {
            product: ProductId::new(index as u8),
            update: row[1].to_owned(),
            date: row[2].parse().unwrap(),
            build: row[3].parse().unwrap(),
            kb: row[4].parse().ok(),
            esu_only: &row[5] == "true",
            date_inferred: row[6].to_ascii_lowercase().contains("inferred"),
            source: row[6].to_owned(),
        });
    }
    Catalog::new(products, releases)
}
