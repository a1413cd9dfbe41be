//! The table on a shipped study: the same rows however the work is cut, and what thinning does.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use brownout_kernel::draws::Spread;
use brownout_kernel::world::{Behaviour, PausePlan};
use brownout_reading::load::load;

fn study() -> Study {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join("scenarios/quickstart.ron");
    load(&path).unwrap_or_else(|error| panic!("{:?}", error.problems)).study
}

/// The never-share of every group is the first factor; at 2 and more there is no study.
fn template() -> impl Template {
    let study = study();
    move |values: &[Value]| {
        let share = values[0].number();
        let mut study = study.clone();
        for world in study.scenarios_mut().worlds_mut() {
            for mut group in Arc::make_mut(world).edit_groups() {
                group.diligence_mut().set_never_share(share).map_err(|refusal| refusal.to_string())?;
            }
        }
        Ok(study)
    }
}

fn points() -> Vec<Point> {
    let point = |share: f64, block| Point { values: vec![Value::Number(share)], block };
    vec![point(0.1, 0), point(0.9, 0), point(0.1, 1), point(2.0, 0), point(0.1, 0), point(0.2, 2)]
}

fn question() -> PointQuestion {
    let measures = vec![Measure::Lost, Measure::MedianDays, Measure::StillNonCompliant];
    PointQuestion { replications: 2, tenants: Some(40), measures }
}

fn lived(table: &mut PointTable, range: Range<usize>) -> Vec<PointRow> {
    let (wanted, mut kept) = (table.missing(range), Vec::new());
    let ended = live(table, &template(), &question(), &wanted, &|_| ControlFlow::Continue(()), &mut |row| {
        kept.push(row.clone());
        Ok::<(), Infallible>(())
    });
    assert_eq!(ended, Ok(Ended::Complete));
    kept
}

fn whole() -> Vec<PointRow> {
    let mut table = PointTable::new(points());
    lived(&mut table, 0..6);
    table.spread();
    table.complete().unwrap().into_iter().cloned().collect()
}

#[test]
fn rows_do_not_depend_on_threads_shards_or_interruptions() {
    let whole = whole();
    assert!(whole.iter().zip(0..).all(|(row, point)| row.point == point));
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut table = PointTable::new(points());
        for range in [0..1, 1..3, 3..3, 3..6] {
            let mut part = PointTable::new(points());
            for row in pool.install(|| lived(&mut part, range)) {
                table.take(PointRow::from_line(&row.line()).unwrap()).unwrap();
            }
        }
        table.spread();
        assert_eq!(table.complete().unwrap(), whole.iter().collect::<Vec<_>>());
    }
}

#[test]
fn equal_points_are_lived_once_and_blocks_differ() {
    let mut table = PointTable::new(points());
    assert_eq!(table.missing(0..6), [0, 1, 2, 3, 5]);
    lived(&mut table, 0..6);
    assert_eq!(table.complete(), None);
    table.spread();
    let rows = table.complete().unwrap();
    assert_eq!((rows[4].point, &rows[4].outcome), (4, &rows[0].outcome));
    assert_ne!(rows[2].outcome, rows[0].outcome);
    assert_eq!(rows[3].outcome, Err("never_share: 2 is not allowed; expected 0 to 1".to_owned()));
}

#[test]
fn more_who_never_act_leave_more_unremediated() {
    let rows = whole();
    let still =
        |row: &PointRow| row.outcome.as_ref().unwrap()[0].iter().map(|measures| measures[2].unwrap()).sum::<f64>();
    assert!(still(&rows[1]) > still(&rows[0]), "{} {}", still(&rows[1]), still(&rows[0]));
}

#[test]
fn what_was_stopped_goes_on_where_it_was() {
    let mut table = PointTable::new(points());
    let (asked, wanted) = (AtomicU64::new(0), table.missing(0..6));
    // Told twice a point; asked before every tenant besides.
    let ask = |lives| match asked.fetch_add(u64::from(lives > 0), Ordering::Relaxed) {
        0..4 => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    };
    let ended = live(&mut table, &template(), &question(), &wanted, &ask, &mut |_| Ok::<(), Infallible>(()));
    assert_eq!(ended, Ok(Ended::Stopped));
    assert!(table.rows().count() < 5);
    lived(&mut table, 0..6);
    table.spread();
    assert_eq!(table.complete().unwrap(), whole().iter().collect::<Vec<_>>());
}

#[test]
fn a_point_with_all_tenants_says_what_a_run_says() {
    let all = PointQuestion { tenants: None, replications: 1, ..question() };
    let mut table = PointTable::new(points()[..1].to_vec());
    let ended =
        live(&mut table, &template(), &all, &[0], &|_| ControlFlow::Continue(()), &mut |_| Ok::<(), Infallible>(()));
    assert_eq!(ended, Ok(Ended::Complete));
    let study = template().study_at(&[Value::Number(0.1)]).unwrap();
    let runner = brownout_experiment::Runner::new(&study);
    let tallies = runner.replicate(0, &|_| {});
    let expected = brownout_experiment::Replicate::read(&runner.rules()[0], &tallies[0]).totals[0][1];
    let row = table.complete().unwrap()[0].clone();
    assert_eq!(row.outcome.unwrap()[0][0][0], expected);
}

#[test]
fn a_row_of_another_table_is_given_back() {
    let row = PointRow { point: 6, outcome: Err(String::new()) };
    assert_eq!(PointTable::new(points()).take(row.clone()), Err(row));
}

#[test]
fn it_is_asked_before_every_tenant_whether_to_go_on_and_stops_within_one() {
    let all = PointQuestion { tenants: None, replications: 1, ..question() };
    let asked = AtomicU64::new(0);
    let lived = |most: u64| {
        asked.store(0, Ordering::Relaxed);
        let ask = |_| match asked.fetch_add(1, Ordering::Relaxed) {
            before if before < most => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        };
        let mut table = PointTable::new(points()[..1].to_vec());
        let ended = live(&mut table, &template(), &all, &[0], &ask, &mut |_| Ok::<(), Infallible>(()));
        (ended, asked.load(Ordering::Relaxed))
    };
    let tenants = brownout_experiment::Runner::new(&study()).tenant_count();
    let (ended, times) = lived(u64::MAX);
    assert!(ended == Ok(Ended::Complete) && times > tenants, "{times} times for {tenants} tenants");
    let (ended, times) = lived(tenants / 2);
    assert!(ended == Ok(Ended::Stopped) && times < tenants / 2 + 100, "{times} times, {} wanted", tenants / 2);
}

/// Changes of what says who tenants are, of what says how they act, and none; with a value that tells two of a kind apart.
fn changed(study: &Study, kind: usize, value: f64) -> Study {
    let mut study = study.clone();
    let mut world = (*study.scenarios()[0].world).clone();
    for mut group in world.edit_groups() {
        let changed = match kind {
            0 => group.diligence_mut().set_never_share(value),
            1 => group.diligence_mut().set_sigma(value),
            2 => group.set_volume(Spread::LogNormal { median: 1000.0 * value, sigma: 0.5 }),
            3 => {
                let eager = Behaviour::new(1.0 - value, PausePlan::WhenBlocked { days: 9 }, false).unwrap();
                group.set_behaviours(vec![Behaviour::new(value, PausePlan::Never, false).unwrap(), eager])
            }
            4 => group.failure_mut().set_prob(value),
            5 => group.set_esu_share(value),
            6 => group.set_gap(Spread::Fixed(10.0 * value)),
            7 => group.set_count((40.0 * value) as i64),
            _ => Ok(()),
        };
        changed.unwrap();
    }
    let world = Arc::new(world);
    study.scenarios_mut().worlds_mut().for_each(|own| *own = world.clone());
    study
}

#[test]
fn points_lived_one_after_the_other_are_those_lived_alone() {
    let study = study();
    let template = move |values: &[Value]| -> Result<Study, String> {
        Ok(changed(&study, values[0].number() as usize, values[1].number()))
    };
    let point =
        |kind: usize, value: f64, block| Point { values: [kind as f64, value].map(Value::Number).to_vec(), block };
    // Everybody is drawn for the first point of a kind, and for most of the others taken over from some point before.
    let kinds = (0..9).flat_map(|kind| [(kind, 0.2), (8, 0.0), (kind, 0.7), (kind, 0.2)]);
    let points: Vec<Point> = kinds.flat_map(|(kind, value)| [point(kind, value, 0), point(kind, value, 1)]).collect();
    let rows = |points: &[Point]| -> Vec<Outcome> {
        let (mut table, mut outcomes) = (PointTable::new(points.to_vec()), Vec::new());
        let wanted: Vec<usize> = (0..points.len()).collect();
        let ended = live(&mut table, &template, &question(), &wanted, &|_| ControlFlow::Continue(()), &mut |row| {
            outcomes.push(row.outcome.clone());
            Ok::<(), Infallible>(())
        });
        assert_eq!(ended, Ok(Ended::Complete));
        outcomes
    };
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let together = pool.install(|| rows(&points));
        for (point, together) in points.iter().zip(&together) {
            let alone = pool.install(|| rows(std::slice::from_ref(point)));
            assert_eq!(alone, std::slice::from_ref(together), "{point:?}");
        }
        // Nothing passes for something else: of the same luck, other tenants make other rows, and so do other deeds. (Nothing in this
        // study depends on extended updates, on the gap or on how many tenants a thinned group had.)
        for kind in 0..5 {
            assert_ne!(together[8 * kind], together[8 * kind + 4], "{kind}");
        }
    }
}
