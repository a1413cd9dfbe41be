//! `set` never changes more than it says.

use brownout::draws::Spread;
use brownout::reading::problem::Severity;
use brownout::study::Study;
use brownout::world::{BaseRate, Behaviour, Group, Openings, Route, Window};

use super::{lines, small, study};

/// The study with one further scenario that sets these entries.
fn with_set(world: &str, group: &str, entries: &str) -> Study {
    let text = small(world, group, &format!("(name: \"changed\", set: {{{entries}}})"));
    let (study, problems) = study(&text);
    study.unwrap_or_else(|| panic!("{:#?}", problems.iter().map(|p| p.line()).collect::<Vec<_>>()))
}

fn groups(study: &Study) -> [&Group; 2] {
    [0, 1].map(|scenario| &study.scenarios()[scenario].world.groups()[0])
}

#[test]
fn a_route_set_within_the_defaults_leaves_the_other_routes_and_its_own_lead_time() {
    for (group, path) in [("", "world.common.routes.upgrade"), ("", "world.groups[0].routes.upgrade")] {
        let study = with_set("", group, &format!(r#""{path}": (per_month: 0.02, to: "SE")"#));
        let [before, after] = groups(&study);
        let route = |group: &Group, route: Route| group.routes()[route].clone().unwrap();
        assert_eq!(route(after, Route::Patch), route(before, Route::Patch), "{path}");
        assert_eq!(route(after, Route::Leave), route(before, Route::Leave), "{path}");
        let (was, is) = (route(before, Route::Upgrade), route(after, Route::Upgrade));
        assert_eq!(
            (is.base().clone(), is.lead(), is.target()),
            (BaseRate::PerMonth(0.02), was.lead(), was.target()),
            "{path}"
        );
        assert_eq!(is.base_by_product(), was.base_by_product(), "{path}");
    }
}

#[test]
fn single_fields_of_every_default_can_be_set_and_nothing_else_moves() {
    let fields = [
        r#""world.common.routes.patch.lead": None"#,
        r#""world.groups[g].diligence.never_share": 0.3"#,
        r#""world.common.failure": (prob: 0.1)"#,
        r#""world.groups[0].gap_days.median": 3"#,
        r#""world.common.pauses[0].renew": false"#,
        r#""world.common.windows[0].hours": 4"#,
        r#""world.response.multiplier.block[3][1]": 5"#,
        r#""world.response.added.upgrade.block": [(60, 0.01)]"#,
        r#""world.calendar.year_end.level": 0.5"#,
        r#""world.common.routes": (upgrade: (by_product: {"2016": (per_month: 0.1)}))"#,
        r#""world.common": (routes: (patch: (per_month: 2)))"#,
        r#""world.common.routes.leave.by_product.2016.per_month": 0.2"#,
        r#""policy.pauses.freezes": false"#,
        r#""policy.ladder.slower": 2"#,
    ];
    for field in fields {
        let study = with_set("", "", field);
        let [before, after] = [0, 1].map(|scenario| &study.scenarios()[scenario]);
        assert_ne!((&before.policy, &before.world), (&after.policy, &after.world), "{field} changes nothing");
        let [mut was, is] = groups(&study).map(Clone::clone);
        // Whatever the entry does not name is as it was.
        if field.contains("failure") {
            assert_eq!(is.failure().delay(), was.failure().delay());
            *was.edit().failure_mut() = is.failure();
        } else if field.contains("never_share") {
            assert_eq!(is.diligence().sigma(), was.diligence().sigma());
            *was.edit().diligence_mut() = is.diligence();
        } else if field.contains("gap_days") {
            assert_eq!(is.gap(), Spread::LogNormal { median: 3.0, sigma: 0.7 });
            was.edit().set_gap(is.gap()).unwrap();
        } else if field.contains("pauses[0]") {
            let mut mix = was.behaviours().to_vec();
            mix[0] = Behaviour::new(mix[0].share(), mix[0].plan().clone(), false).unwrap();
            was.edit().set_behaviours(mix).unwrap();
        } else if field.contains("windows") {
            let [window] = was.openings().windows() else { panic!("one window") };
            let shorter = Window::new(window.weekday(), window.opens(), 4 * 3600).unwrap();
            *was.edit().openings_mut() = Openings::new(vec![shorter], was.openings().freezes().to_vec()).unwrap();
        } else if field.contains("routes") {
            let open = |group: &Group| group.routes().iter().flatten().count();
            assert_eq!((open(&was), open(&is)), (3, 3), "{field}");
            for route in Route::ALL {
                was.edit().change_route(route, |rules| *rules = is.routes()[route].clone().unwrap());
            }
        }
        assert_eq!(was, is, "{field}");
    }
}

#[test]
fn a_group_without_own_routes_takes_those_of_common_before_one_is_set() {
    let common = r#"common: (routes: (patch: (per_month: 0.5, lead: Fixed(9)), upgrade: (per_month: 0.1, to: "SE"))),"#;
    let study = with_set(common, "", r#""world.groups[0].routes.patch.per_month": 0.7"#);
    let [before, after] = groups(&study);
    let patch = after.routes()[Route::Patch].clone().unwrap();
    assert_eq!((patch.base(), patch.lead()), (&BaseRate::PerMonth(0.7), Spread::Fixed(9.0)));
    assert!(after.routes().iter().skip(1).eq(before.routes().iter().skip(1)));
}

#[test]
fn what_a_value_replaces_without_stating_it_is_named() {
    let common = r#"common: (routes: (patch: (per_month: 0.5, lead: Fixed(9)), leave: (per_month: 0.1))),"#;
    let set = |entry: &str| small(common, "", &format!("(name: \"changed\", set: {{{entry}}})"));
    let told = lines(&set(r#""world.common.routes": (patch: (per_month: 0.7))"#));
    let lost = told.iter().find(|line| line.contains("loses")).unwrap_or_else(|| panic!("{told:?}"));
    assert!(lost.contains("\"patch.lead\" or \"leave\"") && lost.starts_with("study.ron:4:"), "{lost}");
    // One way of stating a thing takes the place of another.
    let told = lines(&set(r#""policy.ladder": (stages: [(name: "all", block: 60)])"#));
    assert!(told.iter().all(|line| !line.contains("loses")), "{told:?}");
}

#[test]
fn errors_of_set_point_at_its_entry() {
    let at_entry = |entry: &str| {
        let text = small("", "", &format!("\n(name: \"changed\", set: {{\n{entry}}})"));
        let line = text.lines().position(|line| line == format!("{entry}}})])")).unwrap() + 1;
        let (_, problems) = study(&text);
        let errors: Vec<_> = problems.iter().filter(|p| p.severity == Severity::Error).collect();
        assert!(!errors.is_empty(), "{entry} is accepted");
        for error in errors {
            let (found, _) = error.place.as_ref().map(|place| place.line_column()).unwrap();
            assert_eq!(found, line, "{}", error.line());
        }
    };
    for entry in [
        r#""policy.layot": random"#,
        r#""policy.layout": randon"#,
        r#""world.groups[7].count": 3"#,
        r#""world.groups[0].count": -3"#,
        r#""world.groups[0].routes.upgrade": (per_month: 0.1, to: "2099")"#,
        r#""policy.relapse": enter_at("nowhere")"#,
        r#""policy.ladder.slower": 1000"#,
        r#""world.common.routes.upgrade.to": None"#,
        r#""world.common.diligence": (sgma: 1)"#,
        r#""policy.baselines": 3"#,
        r#""cake": 3"#,
        r#""policy.**.cake": 3"#,
    ] {
        at_entry(entry);
    }
}

#[test]
fn what_a_set_breaks_elsewhere_is_told_at_the_set() {
    let text = small("", "", "\n(name: \"changed\", set: {\n\"policy.ladder\": (preset: \"none\"),})")
        .replace("policy: (ladder", "policy: (relapse: enter_at(\"block-all\"), ladder");
    let told = lines(&text);
    assert!(
        told.iter().any(|line| line.starts_with("study.ron:6:") && line.contains("no stage is called")),
        "{told:?}"
    );
}

#[test]
fn stars_lead_to_every_value_that_is_written() {
    let group = r#", diligence: (sigma: 1, never_share: 0.1)"#;
    let study = with_set(
        "common: (diligence: (sigma: 1, never_share: 0.2)),",
        group,
        r#""world.**.diligence.never_share": 0.4"#,
    );
    assert_eq!(groups(&study).map(|group| group.diligence().never_share()), [0.1, 0.4]);
    let study = with_set("", "", r#""policy.baselines.*.spread_days": 3"#);
    assert_eq!(study.scenarios()[1].policy.baselines().entries()[0].spread().days_f64(), 3.0);
}
