//! Selection: which of the schedules is best on average over futures, with as few replications as can be.
//!
//! A replication is a future of its own: a draw of all unknowns, with luck of its own, that all schedules live alike. So what is
//! chosen is best on average if nothing more is known, and paired differences make the choice short.

use brownout_methods::factor::Value;
use brownout_methods::interval::{Interval, mean, mean_interval, sample_variance};
use brownout_methods::robust::Direction;
use brownout_methods::selection::{Kn, KnOptions, allocation};
use brownout_methods::words::{Purpose, Words, unit};

use super::adaptive::Lives;
use super::file::{Explore, Selection, Spending};
use super::points::Template;
use super::search::{Chosen, Futures, SearchFault};
use super::{Apart, ExploreDraws};

/// What a selection came to.
#[derive(Clone, Debug)]
pub struct Selected {
    /// What was asked.
    pub selection: Selection,
    /// The schedule chosen; `None` if the replications did not suffice.
    pub chosen: Option<usize>,
    /// By schedule: replications lived.
    pub replications: Vec<u64>,
    /// By schedule: mean of the outcome over them with its interval.
    pub means: Vec<Option<Interval>>,
    /// By schedule: the number of replications after which it was dropped; `None` if it was not.
    pub dropped: Vec<Option<u64>>,
    /// What could not be told; may be empty.
    pub note: String,
}

/// Futures that are lived side by side before the next decision of KN looks at them one by one.
const BATCH: usize = 16;

/// How many lives a selection takes at most, in tenants of one schedule.
pub fn lives(selection: &Selection, schedules: usize) -> u64 {
    match selection.by {
        Spending::Kn(_) => selection.most.saturating_mul(schedules as u64),
        Spending::Ocba(_) => selection.most.max(selection.first * schedules as u64),
    }
}

/// Selects among the schedules of the study.
///
/// # Errors
/// [`SearchFault`]: it was stopped, or a future has no study.
pub(super) fn selected(
    explore: &Explore,
    selection: &Selection,
    (template, schedules): (&dyn Template, usize),
    lives: &mut Lives<'_>,
) -> Result<Selected, SearchFault> {
    let mut lab = Lab { explore, selection, template, lives, losses: vec![Vec::new(); schedules] };
    match selection.by {
        Spending::Kn(delta) => kn(&mut lab, delta),
        Spending::Ocba(batch) => spent(&mut lab, batch),
    }
}

/// The schedules with what they have lived so far.
struct Lab<'a, 'l> {
    explore: &'a Explore,
    selection: &'a Selection,
    template: &'a dyn Template,
    lives: &'a mut Lives<'l>,
    /// Losses by schedule, in the order of the futures.
    losses: Vec<Vec<f64>>,
}

impl Lab<'_, '_> {
    /// Lives the next so many futures of the schedules named; each goes on where it stands.
    fn live(&mut self, schedules: &[usize], count: usize) -> Result<(), SearchFault> {
        let begins = schedules.first().map_or(0, |&schedule| self.losses[schedule].len());
        let futures = self.futures(begins, count);
        let chosen = Chosen { template: self.template, schedules: schedules.to_vec() };
        let kept = vec![vec![Value::Kept; self.explore.levers.len()]];
        let lived = futures.lived(self.explore, (&chosen, schedules.len()), &kept, None, self.lives)?;
        let less = self.explore.outcomes[self.selection.outcome].wish == Direction::Less;
        for (&schedule, futures) in schedules.iter().zip(lived.iter().flatten()) {
            for values in futures {
                let value = values[self.selection.outcome].ok_or_else(|| {
                    let key = self.explore.outcomes[self.selection.outcome].measure.key();
                    SearchFault::NoStudy(format!("{key} is not defined in every future"))
                })?;
                self.losses[schedule].push(if less { value } else { -value });
            }
        }
        Ok(())
    }

    fn futures(&self, begins: usize, count: usize) -> Futures {
        let draws = ExploreDraws::new(self.explore.seed).apart(Apart::Select);
        let share =
            |future: usize, factor: usize| unit(draws.word(Purpose::CellPlace, [factor as u64, future as u64, 0]));
        let row = |future| (0..self.explore.unknowns.len().max(1)).map(|factor| share(future, factor)).collect();
        Futures {
            units: (begins..begins + count).map(row).collect(),
            first: Apart::Select.first_replication() + begins as u64,
        }
    }

    fn done(&self, chosen: Option<usize>, dropped: Vec<Option<u64>>, used: &[u64], note: String) -> Selected {
        let less = self.explore.outcomes[self.selection.outcome].wish == Direction::Less;
        let turned = |interval: Interval| match less {
            true => interval,
            false => Interval { value: -interval.value, low: -interval.high, high: -interval.low },
        };
        let means = self.losses.iter().zip(used).map(|(losses, &used)| {
            let losses = &losses[..losses.len().min(used as usize)];
            mean_interval(losses, self.selection.certainty).map(turned)
        });
        Selected {
            selection: *self.selection,
            chosen,
            replications: used.to_vec(),
            means: means.collect(),
            dropped,
            note,
        }
    }
}

fn kn(lab: &mut Lab<'_, '_>, delta: f64) -> Result<Selected, SearchFault> {
    let schedules = lab.losses.len();
    let (first, most) = (lab.selection.first, lab.selection.most);
    let options = KnOptions { alpha: 1.0 - lab.selection.certainty, delta, first_stage: first };
    let mut method = Kn::new(schedules, options).map_err(|error| SearchFault::NoStudy(error.to_string()))?;
    let (mut dropped, mut used) = (vec![None; schedules], vec![0u64; schedules]);
    while method.chosen().is_none() && method.replications() < most {
        let left = method.left().to_vec();
        let room = (most - method.replications()).min(BATCH.max(first as usize) as u64) as usize;
        lab.live(&left, room)?;
        for _ in 0..room {
            let at = method.replications() as usize;
            let left = method.left().to_vec();
            let values: Vec<f64> = left.iter().map(|&schedule| lab.losses[schedule][at]).collect();
            method.add(&values).map_err(|error| SearchFault::NoStudy(error.to_string()))?;
            left.iter().for_each(|&schedule| used[schedule] += 1);
            for &schedule in left.iter().filter(|schedule| !method.left().contains(schedule)) {
                dropped[schedule] = Some(method.replications());
            }
            if method.chosen().is_some() {
                break;
            }
        }
    }
    let note = match method.chosen() {
        Some(_) => String::new(),
        None => format!("{} schedules are left after {most} replications, the most allowed", method.left().len()),
    };
    Ok(lab.done(method.chosen(), dropped, &used, note))
}

fn spent(lab: &mut Lab<'_, '_>, batch: u64) -> Result<Selected, SearchFault> {
    let schedules = lab.losses.len();
    let all: Vec<usize> = (0..schedules).collect();
    lab.live(&all, lab.selection.first as usize)?;
    let mut note = String::new();
    loop {
        let lived: Vec<u64> = lab.losses.iter().map(|losses| losses.len() as u64).collect();
        let left = lab.selection.most.saturating_sub(lived.iter().sum());
        if left == 0 {
            break;
        }
        let means: Vec<f64> = lab.losses.iter().map(|losses| mean(losses).unwrap_or(f64::NAN)).collect();
        let sds: Vec<f64> =
            lab.losses.iter().map(|losses| sample_variance(losses).map_or(f64::NAN, libm::sqrt)).collect();
        match allocation(&means, &sds, &lived, batch.min(left)) {
            Ok(given) => {
                for (schedule, count) in given.into_iter().enumerate().filter(|(_, count)| *count > 0) {
                    lab.live(&[schedule], count as usize)?;
                }
            }
            Err(error) => {
                note = format!("the rest was not spent: {error}");
                break;
            }
        }
    }
    let used: Vec<u64> = lab.losses.iter().map(|losses| losses.len() as u64).collect();
    let means: Vec<f64> = lab.losses.iter().map(|losses| mean(losses).unwrap_or(f64::INFINITY)).collect();
    let best = (0..schedules).min_by(|&a, &b| means[a].total_cmp(&means[b]).then(a.cmp(&b)));
    Ok(lab.done(best, vec![None; schedules], &used, note))
}
