//! Tenants as they are made: every share and every spread of a group, against the law its field states.

use brownout::draws::{DrawSource, TenantId};
use brownout::world::group::GroupSampler;
use brownout::world::{Tenant, make_tenant};
use statrs::distribution::{Beta, ContinuousCDF, LogNormal};

use super::samplers::{distance, limit_of};
use super::{deviation, z_limit};
use crate::common::{StudyText, group};

/// Tenants that are made; seed 1, replication 0.
const TENANTS: u32 = 100_000;

/// A group whose every field is drawn.
fn wild() -> String {
    let more = r#"esu_share: 0.3, pauses: [(share: 0.5, plan: Never), (share: 0.3, plan: UntilDone), (share: 0.2, plan: WhenBlocked(days: 9))]"#;
    group("wild", TENANTS, r#"upgrade: (to: "SE", per_month: 0.1)"#, more)
        .replace("servers_per_tenant: [1]", "servers_per_tenant: [0.6, 0.3, 0.1]")
        .replace("sigma: 0, never_share: 0", "sigma: 1.2, never_share: 0.15")
        .replace(
            r#"builds: [(build: "15.2.1544.36", share: 1)]"#,
            r#"builds: [(build: "15.2.1544.36", share: 1), (build: "15.2.1748.10", share: 3)]"#,
        )
        .replace(
            "freezes: []",
            r#"freezes: [(from: "12-15", to: "01-02", share: 0.6), (from: "07-01", to: "08-01", share: 0.25)]"#,
        )
        .replace("gap_days: Fixed(0)", "gap_days: Pert(min: 1, mode: 3, max: 20)")
        .replace("messages_per_day: Fixed(100)", "messages_per_day: LogNormal(median: 560, sigma: 1.4)")
}

fn tenants() -> Vec<Tenant> {
    let study = StudyText { groups: vec![wild()], ..StudyText::default() }.study();
    let group = &study.scenarios()[0].world.groups()[0];
    let (sampler, source) = (GroupSampler::new(group, 0), DrawSource::new(study.seed(), 0));
    let each = |number| {
        let mut tenant = Tenant::default();
        make_tenant(&sampler, number, &mut source.tenant(TenantId::new(group.key(), number)), &mut tenant);
        tenant
    };
    (0..TENANTS).map(each).collect()
}

#[test]
fn shares_of_a_group_are_shares_of_its_tenants() {
    // seed 1, n 100,000 tenants (150,000 servers for builds), 10 comparisons, alpha 1e-6 over all, normal limit.
    let tenants = tenants();
    let n = i64::from(TENANTS);
    let limit = z_limit(10);
    let check = |what: &str, count: usize, n: i64, share: f64| {
        let found = deviation(count as i64, n, share);
        assert!(found < limit, "{what}: {found} standard errors from {share}");
        // Deliberately wrong: a share 2 points off.
        assert!(deviation(count as i64, n, share + 0.02) > limit, "{what}: 2 points are not told apart");
    };
    let count = |holds: &dyn Fn(&Tenant) -> bool| tenants.iter().filter(|tenant| holds(tenant)).count();
    for (place, share) in [0.6, 0.3, 0.1].into_iter().enumerate() {
        check("servers", count(&|tenant| tenant.servers.len() == place + 1), n, share);
    }
    for (place, share) in [0.5, 0.3, 0.2].into_iter().enumerate() {
        check("behaviour", count(&|tenant| tenant.behaviour == place), n, share);
    }
    check("never acts", count(&|tenant| tenant.diligence == 0.0), n, 0.15);
    check("esu", count(&|tenant| tenant.esu), n, 0.3);
    check("first freeze", count(&|tenant| tenant.freezes & 1 == 1), n, 0.6);
    let servers: Vec<_> = tenants.iter().flat_map(|tenant| &tenant.servers).collect();
    let old = servers.iter().filter(|server| server.build.to_string() == "15.2.1544.36").count();
    check("build", old, servers.len() as i64, 0.25);
}

#[test]
fn spreads_of_a_group_are_those_of_its_tenants() {
    // seed 1, n 85,000 acting tenants, 150,000 servers, 100,000 gaps; alpha 1e-6 each, Massart's limit.
    let tenants = tenants();
    let acting: Vec<f64> = tenants.iter().map(|tenant| tenant.diligence).filter(|&diligence| diligence > 0.0).collect();
    let law = |median: f64, sigma: f64| LogNormal::new(median.ln(), sigma).unwrap();
    let mean_one = law((-0.72f64).exp(), 1.2);
    assert!(distance(acting.clone(), |x| mean_one.cdf(x)) < limit_of(acting.len()), "diligence");
    let volumes: Vec<f64> =
        tenants.iter().flat_map(|tenant| &tenant.servers).map(|server| server.volume as f64 / 1000.0).collect();
    let stated = law(560.0, 1.4);
    assert!(distance(volumes.clone(), |x| stated.cdf(x)) < limit_of(volumes.len()), "messages a day");
    let gaps: Vec<f64> = tenants.iter().map(|tenant| tenant.gap.days_f64()).collect();
    let pert = Beta::new(1.0 + 4.0 * 2.0 / 19.0, 1.0 + 4.0 * 17.0 / 19.0).unwrap();
    assert!(distance(gaps.clone(), |x| pert.cdf((x - 1.0) / 19.0)) < limit_of(gaps.len()), "gaps");
    // Deliberately wrong: diligence with median 1, volumes with mean 560, gaps 2 % longer.
    let (median_one, mean_560) = (law(1.0, 1.2), law(560.0 * (-0.98f64).exp(), 1.4));
    assert!(distance(acting, |x| median_one.cdf(x)) > limit_of(85_000));
    assert!(distance(volumes, |x| mean_560.cdf(x)) > limit_of(150_000));
    assert!(distance(gaps, |x| pert.cdf((1.02 * x - 1.0) / 19.0)) > limit_of(100_000));
}
