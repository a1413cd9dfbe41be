//! Single lives whose every number can be said beforehand.

use brownout::experiment::Measure;

use crate::common::{StudyText, group, total};

#[test]
fn a_gap_of_none_is_no_gap() {
    // Three servers decide within hours; without a gap all are done by the second day, with one of 30 days they are not.
    let with = |gap: &str| {
        let routes = r#"upgrade: (to: "SE", per_month: 900)"#;
        let servers = group("g", 50, routes, "").replace("servers_per_tenant: [1]", "servers_per_tenant: [0, 0, 1]");
        StudyText { groups: vec![servers.replace("Fixed(0)", gap)], ..StudyText::default() }
    };
    let days = |gap: &str| total(&with(gap).run(1), 0, Measure::NonCompliantServerDays) / 150.0;
    assert!(days("None") < 0.2, "{} days", days("None"));
    assert_eq!(days("None"), days("Fixed(0)"));
    // The second waits 30 days for the first, the third 60.
    assert!((days("Fixed(30)") - 30.0).abs() < 0.2, "{} days", days("Fixed(30)"));
}

#[test]
fn a_lead_of_none_for_one_product_is_no_lead() {
    let with = |lead: &str| {
        let routes =
            format!(r#"upgrade: (to: "SE", per_month: 900, lead: Fixed(50), by_product: {{"2019": (lead: {lead})}})"#);
        StudyText { groups: vec![group("g", 50, &routes, "")], ..StudyText::default() }
    };
    let days = |lead: &str| total(&with(lead).run(1), 0, Measure::NonCompliantServerDays) / 50.0;
    assert!(days("None") < 0.2, "{} days", days("None"));
    assert!((days("Fixed(7)") - 7.0).abs() < 0.2, "{} days", days("Fixed(7)"));
}
