//! Who complies, who does not, and of whom nothing can be said.

use brownout::builds::Naming;
use brownout::catalog::Build;
use brownout::certainty::Certainty;
use brownout::compliance::*;
use brownout::reading::named;
use brownout::time::SimTime;

fn at(text: &str) -> SimTime {
    text.parse().unwrap()
}

fn build(text: &str) -> Build {
    text.parse().unwrap()
}

fn exact(text: &str) -> Installed {
    Installed::exact(None, build(text))
}

fn asked(policy: &str, now: &str, server: &Installed) -> ServerVerdict {
    ask(&ComplianceQuestion::new(&named::policy(policy).unwrap(), at(now)), server)
}

fn between(earliest: &str, latest: &str) -> Detection {
    Detection::Between { earliest: at(earliest), latest: at(latest) }
}

/// Model: Policy.
#[test]
fn an_unknown_detection_lies_in_the_spread_of_the_first_baseline_breached() {
    for (text, earliest, latest) in [
        ("15.1.2507.57", "2026-09-07", "2026-10-07"),
        ("15.1.2507.16", "2024-03-01", "2024-03-31"),
        ("15.2.1544.36", "2026-09-07", "2026-10-07"),
        ("15.0.1395.4", "2023-12-04", "2024-01-03"),
        ("14.3.513.0", "2023-09-04", "2023-10-04"),
        ("8.3.83.0", "2023-06-23", "2023-07-23"),
    ] {
        let ServerVerdict::Breaches(breach) = asked("microsoft", "2026-11-26", &exact(text)) else { panic!("{text}") };
        assert_eq!((breach.effective, breach.detection), (at(earliest), between(earliest, latest)), "{text}");
    }
}

/// Model: Policy.
#[test]
fn a_known_detection_stays_known() {
    let policy = named::policy("microsoft").unwrap();
    let question =
        ComplianceQuestion { detected: Some(at("2026-09-20")), ..ComplianceQuestion::new(&policy, at("2026-11-26")) };
    let ServerVerdict::Breaches(breach) = ask(&question, &exact("15.1.2507.57")) else { panic!() };
    assert_eq!(breach.detection, Detection::Known(at("2026-09-20")));
    assert_eq!(breach.detection.certainty(), Certainty::Known);
}

/// Model: Policy.
#[test]
fn builds_at_or_above_every_baseline_in_force_are_done() {
    for text in ["15.1.2507.61", "15.1.2507.75", "15.2.1748.39", "15.2.2562.17", "15.2.2562.53"] {
        let verdict = asked("microsoft", "2026-11-26", &exact(text));
        assert_eq!(verdict, ServerVerdict::Complies { basis: Ground::Baselines, until: None }, "{text}");
    }
    let verdict = asked("microsoft", "2026-08-01", &exact("15.1.2507.57"));
    let until = Some(at("2026-09-07"));
    assert_eq!(verdict, ServerVerdict::Complies { basis: Ground::Baselines, until }, "the raise lies ahead");
}

/// Model: Policy.
#[test]
fn the_report_s_own_list_counts_in_both_forms() {
    let (policy, listed) = (named::policy("microsoft").unwrap(), [build("15.01.2507.057"), build("15.1.2507.75")]);
    let question = ComplianceQuestion { recommended: &listed, ..ComplianceQuestion::new(&policy, at("2026-11-26")) };
    let done = ServerVerdict::Complies { basis: Ground::Recommended, until: None };
    assert_eq!(ask(&question, &exact("15.1.2507.57")), done);
    assert!(matches!(ask(&question, &exact("15.1.2507.58")), ServerVerdict::Breaches(_)));
}

/// Model: Policy.
#[test]
fn a_build_below_all_that_the_report_recommends_is_no_all_clear() {
    let (policy, listed) = (named::policy("microsoft").unwrap(), [build("15.1.2507.73"), build("15.1.2507.75")]);
    let question = ComplianceQuestion {
        recommended: &listed,
        detected: Some(at("2027-03-08")),
        ..ComplianceQuestion::new(&policy, at("2027-04-01"))
    };
    let ServerVerdict::Breaches(breach) = ask(&question, &exact("15.1.2507.61")) else { panic!() };
    assert_eq!((breach.entry, breach.detection), (None, Detection::Known(at("2027-03-08"))));
    assert!(matches!(ask(&question, &exact("15.1.2507.75")), ServerVerdict::Complies { .. }));
}

/// Model: Policy.
#[test]
fn the_build_decides_over_the_label() {
    let label = brownout::builds::catalog().product("2019").ok();
    let server = Installed::exact(label, build("15.2.2562.29"));
    assert_eq!(server.product, brownout::builds::catalog().product("SE").ok());
    assert!(matches!(asked("microsoft", "2026-11-26", &server), ServerVerdict::Complies { .. }));
}

/// Model: Policy.
#[test]
fn a_policy_that_does_not_speak_of_a_product_cannot_say() {
    let verdict = asked("microsoft-2023", "2026-11-26", &exact("8.3.83.6"));
    let ServerVerdict::CannotSay { doubt: Doubt::NoBaseline(_), worst: None } = verdict else { panic!("{verdict:?}") };
    let words = verdict.words(&named::policy("microsoft-2023").unwrap(), &exact("8.3.83.6"));
    assert_eq!(words, "cannot say: no baseline of policy microsoft-2023 speaks of Exchange 2007");
}

/// Model: Policy.
#[test]
fn a_hidden_patch_level_is_no_answer_unless_both_ends_agree() {
    let hidden = |text| Installed::cumulative_update(None, build(text));
    let verdict = asked("microsoft", "2026-11-26", &hidden("15.1.2507.6"));
    let ServerVerdict::CannotSay { doubt: Doubt::PatchLevel { .. }, worst: Some(worst) } = verdict else {
        panic!("{verdict:?}")
    };
    // By its lowest build in March 2024, by a build such as 15.1.2507.57 not before September 2026.
    assert_eq!(worst.detection, between("2024-03-01", "2026-10-07"));
    let before = asked("microsoft", "2026-08-01", &hidden("15.1.2507.6"));
    assert_eq!(before.breach().map(|breach| breach.detection), Some(between("2024-03-01", "2024-03-31")));
    assert!(matches!(asked("microsoft", "2026-11-26", &hidden("15.1.2375.7")), ServerVerdict::Breaches(_)), "CU22");
    assert!(matches!(asked("microsoft", "2026-11-26", &hidden("15.2.2562.17")), ServerVerdict::Complies { .. }), "SE");
    assert!(Installed::may_hide_updates(build("15.1.2507.6")) && !Installed::may_hide_updates(build("15.1.2507.57")));
    let product = Installed::product(brownout::builds::catalog().product("2010").unwrap()).unwrap();
    assert!(
        matches!(asked("microsoft", "2026-11-26", &product), ServerVerdict::Breaches(_)),
        "a whole product needs no build"
    );
}

/// Model: Policy.
#[test]
fn the_remedy_meets_every_baseline_in_force() {
    let policy = named::policy("microsoft").unwrap();
    let found = |product, now| remedy(&policy, brownout::builds::catalog().product(product).unwrap(), at(now));
    assert_eq!(found("2016", "2026-11-26"), Some(Remedy::Build(build("15.1.2507.61"))));
    assert_eq!(found("2016", "2026-08-01"), Some(Remedy::Build(build("15.1.2507.31"))));
    assert_eq!(found("2013", "2026-11-26"), Some(Remedy::AnotherProduct));
    assert_eq!(found("2016", "2023-01-01"), None);
}

/// Model: Policy.
#[test]
fn a_build_newer_than_the_table_is_never_called_compliant() {
    for text in ["15.1.2507.999", "15.2.2562.999", "15.2.9999.1"] {
        let verdict = asked("microsoft", "2026-11-26", &exact(text));
        assert_eq!(verdict, ServerVerdict::CannotSay { doubt: Doubt::NewerThanCatalogue, worst: None }, "{text}");
    }
    let verdict = asked("microsoft", "2026-11-26", &exact("15.3.1.1"));
    assert_eq!(verdict, ServerVerdict::CannotSay { doubt: Doubt::NoProduct, worst: None });
}
