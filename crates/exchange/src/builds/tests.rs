//! What the kernel's catalogue says of the builds of Exchange.

use super::catalog;
use brownout_kernel::catalog::{Build, Comparison, Compliance, Verified};
use brownout_kernel::time::SimTime;

fn product_name_of(build: &str) -> Option<&'static str> {
    let catalog = super::catalog();
    catalog.product_of(build.parse().unwrap()).map(|id| catalog.product_name(id))
}

#[test]
fn the_build_tells_the_product() {
    for release in catalog().all_releases() {
        assert_eq!(catalog().product_of(release.build), Some(release.product), "{}", release.build);
    }
    assert_eq!(product_name_of("15.2.2561.99"), Some("2019"));
    assert_eq!(product_name_of("15.2.2562.0"), Some("SE"));
    assert_eq!(product_name_of("15.2.4000.1"), Some("SE"));
    assert_eq!(product_name_of("15.1.0.0"), Some("2016"));
    assert_eq!(product_name_of("14.4.1.1"), Some("2010"));
    assert_eq!(product_name_of("8.9.1.1"), Some("2007"));
    for unknown in ["6.5.7638.1", "12.0.0.0", "15.3.0.0", "16.0.0.0"] {
        assert_eq!(product_name_of(unknown), None, "{unknown}");
    }
}

#[test]
fn a_release_is_found_by_its_build() {
    let catalog = super::catalog();
    let release = catalog.release(Build::new(15, 1, 2507, 61)).unwrap();
    assert_eq!((release.update.as_str(), release.kb, release.esu_only), ("CU23 Oct25SU", Some(5_066_369), false));
    assert!(catalog.release(Build::new(15, 1, 2507, 36)).is_none());
}

#[test]
fn exchange_2007_is_found_by_the_third_part() {
    let catalog = super::catalog();
    for (stamped, listed) in [("8.3.83.0", "8.3.83.6"), ("8.3.298.1", "8.3.298.3"), ("8.3.279.5", "8.3.279.5")] {
        let release = catalog.release(stamped.parse().unwrap()).unwrap();
        assert_eq!(release.build.to_string(), listed, "{stamped}");
    }
    assert!(catalog.release(Build::new(14, 3, 513, 9)).is_none(), "later products match exactly");
}

fn met(minimum: &str, comparison: Comparison, build: &str) -> bool {
    let requirement = catalog().requirement(minimum.parse().unwrap(), comparison);
    requirement.met_by(build.parse().unwrap())
}

#[test]
fn numeric_refuses_every_cu14_build_below_a_cu15_minimum() {
    for build in ["15.2.1544.4", "15.2.1544.36", "15.2.1544.48"] {
        assert!(!met("15.2.1748.39", Comparison::Numeric, build), "{build}");
    }
    assert!(met("15.2.1748.39", Comparison::Numeric, "15.2.1748.39"));
    assert!(met("15.2.1748.39", Comparison::Numeric, "15.2.2562.17"), "a later product is a higher number");
}

#[test]
fn per_cu_lets_the_same_update_of_cu14_pass() {
    for (build, passes) in [
        ("15.2.1544.34", false),
        ("15.2.1544.36", true),
        ("15.2.1544.48", true),
        ("15.2.1748.37", false),
        ("15.2.1748.39", true),
        ("15.2.1258.39", false),
        ("15.2.1258.9999", false),
        ("15.2.2562.17", true),
    ] {
        assert_eq!(met("15.2.1748.39", Comparison::PerCu, build), passes, "{build}");
    }
}

#[test]
fn per_cu_also_holds_a_higher_lane_to_the_same_update() {
    assert!(met("15.2.1544.36", Comparison::Numeric, "15.2.1748.10"));
    assert!(!met("15.2.1544.36", Comparison::PerCu, "15.2.1748.10"), "CU15 needs its own October 2025 update");
}

#[test]
fn an_unlisted_minimum_compares_numerically_under_both_rules() {
    for build in ["15.1.2507.35", "15.1.2507.36", "15.1.2507.37", "15.1.2375.37", "15.1.2600.1", "15.2.221.12"] {
        let numeric = met("15.1.2507.36", Comparison::Numeric, build);
        assert_eq!(met("15.1.2507.36", Comparison::PerCu, build), numeric, "{build}");
    }
}

#[test]
fn exchange_2007_compares_by_the_third_part() {
    for comparison in [Comparison::Numeric, Comparison::PerCu] {
        assert!(met("8.3.298.3", comparison, "8.3.298.1"));
        assert!(!met("8.3.298.3", comparison, "8.3.297.9"));
        assert!(met("8.3.298.3", comparison, "8.3.517.0"));
        assert!(!met("8.3.298.3", comparison, "8.2.305.3"));
    }
}

#[test]
fn every_release_meets_itself_and_no_older_one_of_its_lane_does() {
    let catalog = super::catalog();
    for pair in catalog.all_releases().windows(2) {
        let (older, newer) = (pair[0].build, pair[1].build);
        for comparison in [Comparison::Numeric, Comparison::PerCu] {
            let requirement = catalog.requirement(newer, comparison);
            assert!(requirement.met_by(newer));
            let distinct =
                catalog.lane(older) == catalog.lane(newer) && catalog.comparable(older) != catalog.comparable(newer);
            assert!(!distinct || !requirement.met_by(older), "{older} against {requirement}");
        }
    }
}

fn build(text: &str) -> Build {
    text.parse().unwrap()
}

#[test]
fn a_build_beyond_its_lane_or_of_a_newer_lane_cannot_be_verified() {
    let catalog = super::catalog();
    for text in [
        "15.1.2507.76",
        "15.1.2600.1",
        "15.1.2375.38",
        "15.2.1800.1",
        "15.2.2562.54",
        "15.2.3000.1",
        "15.3.1.1",
        "16.0.0.0",
        "14.4.1.1",
        "8.3.600.0",
    ] {
        assert_eq!(catalog.verify(build(text)), Verified::NewerThanCatalogue, "{text}");
    }
}

#[test]
fn a_newer_build_is_never_called_compliant() {
    let catalog = super::catalog();
    for release in catalog.all_releases() {
        for comparison in [Comparison::Numeric, Comparison::PerCu] {
            let requirement = catalog.requirement(release.build, comparison);
            for text in ["15.2.2562.54", "15.2.1748.999", "15.1.2507.76", "15.1.60000.1", "17.0.0.0"] {
                assert_eq!(catalog.judge(build(text), &requirement), Compliance::CannotVerify, "{text}");
            }
        }
    }
}

#[test]
fn a_gap_in_a_lane_is_unlisted_with_the_release_below() {
    let catalog = super::catalog();
    let below = |text: &str| match catalog.verify(build(text)) {
        Verified::Unlisted { nearest_below } => nearest_below.map(|release| release.build.to_string()),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(below("15.1.2507.36").as_deref(), Some("15.1.2507.35"));
    assert_eq!(below("15.2.1600.1").as_deref(), Some("15.2.1544.48"));
    assert_eq!(below("15.2.2562.1"), None, "the release below is another product's");
    for older in ["15.1.100.1", "6.5.7638.1", "13.0.0.0"] {
        assert_eq!(below(older), None, "{older}");
    }
}

#[test]
fn listed_and_unlisted_builds_are_judged_by_the_requirement() {
    let catalog = super::catalog();
    let requirement = catalog.requirement(build("15.1.2507.37"), Comparison::Numeric);
    assert_eq!(catalog.judge(build("15.1.2507.36"), &requirement), Compliance::NonCompliant);
    assert_eq!(catalog.judge(build("15.1.2507.38"), &requirement), Compliance::Compliant);
    assert_eq!(catalog.judge(build("15.1.2507.75"), &requirement), Compliance::Compliant);
}

fn day(text: &str) -> SimTime {
    text.parse().unwrap()
}

#[test]
fn builds_for_esu_holders_are_kept_from_others() {
    let catalog = super::catalog();
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
    let catalog = super::catalog();
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
