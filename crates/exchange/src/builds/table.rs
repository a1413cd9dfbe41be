//! The table of releases, `exchange-builds.csv`, read into memory once.

use std::sync::{Arc, OnceLock};

use brownout_kernel::catalog::{Build, BuildError, Catalog, Numbering, ProductId, Release};
use brownout_kernel::time::{SimTime, TimeError};

const EMBEDDED: &str = include_str!("exchange-builds.csv");

/// Why a table of releases is not usable.
#[derive(Debug, thiserror::Error)]
pub(super) enum TableError {
    #[error("cannot read the table of builds")]
    Csv(#[from] csv::Error),
    #[error("row {row}")]
    Build { row: usize, source: BuildError },
    #[error("row {row}")]
    Date { row: usize, source: TimeError },
    #[error("row {row}: {field} is \"{value}\"; expected {rule}")]
    Field { row: usize, field: &'static str, value: String, rule: &'static str },
}

/// A lane is one cumulative update from Exchange 2013 on, one service pack before. Mail from Exchange 2007 is stamped with a fourth
/// part of its own (8.3.298.1 for the release 8.3.298.3), so there it does not count.
const NUMBERING: Numbering = Numbering { three_part_lanes_from: 15, revision_ignored_in: Some(8) };

/// The table shipped with brownout; a table that does not parse is our own bug and fails the tests.
pub(super) fn embedded() -> &'static Arc<Catalog> {
    static CATALOG: OnceLock<Arc<Catalog>> = OnceLock::new();
    let read = || parse(EMBEDDED).unwrap_or_else(|error| panic!("embedded table of builds: {error:?}"));
    CATALOG.get_or_init(|| Arc::new(read()))
}

/// Reads columns product, update, release_date, build, kb, esu_only, source.
pub(super) fn parse(text: &str) -> Result<Catalog, TableError> {
    let mut products: Vec<String> = Vec::new();
    let mut releases = Vec::new();
    for (index, row) in csv::Reader::from_reader(text.as_bytes()).records().enumerate() {
        let row = row?;
        let name = short_name(row.get(0).unwrap_or_default());
        let known = products.iter().position(|product| product == name);
        let product = known.unwrap_or_else(|| {
            products.push(name.to_owned());
            products.len() - 1
        });
        releases.push(release(&row, ProductId::new(product as u8), index + 2)?);
    }
    Ok(Catalog::new(products, releases, NUMBERING))
}

fn short_name(full: &str) -> &str {
    full.trim().strip_prefix("Exchange Server ").unwrap_or(full.trim())
}

fn release(row: &csv::StringRecord, product: ProductId, number: usize) -> Result<Release, TableError> {
    let cell = |index: usize| row.get(index).unwrap_or_default().trim();
    let bad = |field, value: &str, rule| TableError::Field { row: number, field, value: value.to_owned(), rule };
    let date: SimTime = cell(2).parse().map_err(|source| TableError::Date { row: number, source })?;
    let build: Build = cell(3).parse().map_err(|source| TableError::Build { row: number, source })?;
    let kb = match cell(4) {
        "" => None,
        digits => Some(digits.parse().map_err(|_| bad("kb", digits, "digits"))?),
    };
    let esu_only = match cell(5) {
        "true" => true,
        "false" => false,
        other => return Err(bad("esu_only", other, "true or false")),
    };
    let source = cell(6).to_owned();
    let date_inferred = source.to_ascii_lowercase().contains("inferred");
    Ok(Release { product, update: cell(1).to_owned(), date, build, kb, esu_only, date_inferred, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_every_product_in_full() {
        let catalog = embedded();
        let counts: Vec<(&str, usize)> =
            catalog.products().map(|id| (catalog.product_name(id), catalog.releases(id).count())).collect();
        let expected = [("2007", 51), ("2010", 62), ("2013", 58), ("2016", 117), ("2019", 118), ("SE", 12)];
        assert_eq!(counts, expected);
        assert_eq!(catalog.all_releases().len(), 418);
        assert_eq!(catalog.all_releases().iter().filter(|release| release.esu_only).count(), 21);
        assert_eq!(catalog.all_releases().iter().filter(|release| release.kb.is_some()).count(), 114);
        assert_eq!(catalog.all_releases().iter().filter(|release| release.date_inferred).count(), 73);
        assert_eq!(catalog.newest_date(), SimTime::from_date(2026, 10, 2).unwrap());
    }

    #[test]
    fn every_build_is_listed_once_and_survives_both_printed_forms() {
        let catalog = embedded();
        assert!(catalog.all_releases().windows(2).all(|pair| pair[0].build < pair[1].build));
        for release in catalog.all_releases() {
            assert_eq!(release.build.to_string().parse(), Ok(release.build));
            let Build { major, minor, build, revision } = release.build;
            assert_eq!(format!("{major:02}.{minor:02}.{build:04}.{revision:03}").parse(), Ok(release.build));
        }
    }

    #[test]
    fn rejects_a_table_with_a_bad_cell() {
        let head = "product,update,release_date,build,kb,esu_only,source\n";
        let parse_row = |row: &str| parse(&format!("{head}{row}\n"));
        assert!(matches!(parse_row("X,RTM,2020-01-01,1.2.3,,false,s"), Err(TableError::Build { row: 2, .. })));
        assert!(matches!(parse_row("X,RTM,2020-13-01,1.2.3.4,,false,s"), Err(TableError::Date { row: 2, .. })));
        assert!(matches!(parse_row("X,RTM,2020-01-01,1.2.3.4,,maybe,s"), Err(TableError::Field { .. })));
        assert!(matches!(parse_row("X,RTM,2020-01-01"), Err(TableError::Csv(_))));
    }
}
