//! What turns the choice: which unknown decides which of two schedules is better, and at which value.
//!
//! Two answers that do not lean on each other: total indices of the sign of the difference, with luck as a factor, from the
//! design for indices; and for each unknown the one cut that best separates the futures in which the choice is wrong, found in
//! one half of the futures and counted in the other.

use brownout_methods::design::saltelli::Shape;
use brownout_methods::discovery::{Cases, Counts, Limit, cart};
use brownout_methods::indices::{Index, IndexVerdict, Scale, indices};
use brownout_methods::robust::Direction;
use brownout_methods::stability::{Stability, stability};

use super::choice::{Choice, Stand, stands};
use super::decides::{RESAMPLES, TOP};
use super::{LEVEL, Values, fails, means};
use crate::ExploreDraws;
use crate::file::Explore;
use crate::survey::SurveyPart;

/// What decides between the chosen schedule and its rival.
#[derive(Clone, Debug)]
pub struct Turning {
    /// Which outcome, by its index.
    pub outcome: usize,
    /// The chosen schedule.
    pub chosen: usize,
    /// The schedule that is better where the choice is wrong.
    pub rival: usize,
    /// Total and first indices of the sign of the difference, luck last, with how sure their ranking is; `None` without a
    /// design for indices, or where the sign never changes.
    pub sign: Option<(Vec<Index>, Option<Stability>)>,
    /// The cut of each unknown that has one, the most useful first.
    pub cuts: Vec<Cut>,
}

impl Turning {
    /// The unknown to find out first: the one through which most of the sign goes, if that is sure; else the one whose cut most
    /// often mends the choice among the futures held out.
    pub fn first_to_find(&self) -> Option<usize> {
        let sure = |index: &Index| matches!(index.verdict, IndexVerdict::Decides | IndexVerdict::Matters);
        let by_sign = self.sign.as_ref().and_then(|(factors, _)| {
            let unknowns = 0..factors.len().saturating_sub(1);
            unknowns
                .filter(|&at| sure(&factors[at]))
                .max_by(|&a, &b| factors[a].total.value.total_cmp(&factors[b].total.value).then(b.cmp(&a)))
        });
        by_sign.or_else(|| self.cuts.iter().find(|cut| cut.gain() > 0).map(|cut| cut.factor))
    }

    /// The cut of an unknown.
    pub fn cut(&self, factor: usize) -> Option<&Cut> {
        self.cuts.iter().find(|cut| cut.factor == factor)
    }
}

/// Where an unknown must lie for the rival to be better more often, and what that is worth among the futures held out.
#[derive(Clone, Debug)]
pub struct Cut {
    /// The unknown, by its index.
    pub factor: usize,
    /// The side on which the choice is wrong more often.
    pub limit: Limit,
    /// Futures held out on that side, and those of them in which the rival is clearly better.
    pub inside: Counts,
    /// The same on the other side.
    pub outside: Counts,
    /// Futures held out.
    pub held: usize,
    /// Of these, futures in which the choice is wrong if nothing is known.
    pub wrong: usize,
    /// The same if the rival is taken on its side.
    pub wrong_if_known: usize,
}

impl Cut {
    /// How many more futures are right if it is known on which side the unknown lies.
    pub fn gain(&self) -> i64 {
        self.wrong as i64 - self.wrong_if_known as i64
    }
}

/// Fewest futures on a side of a cut, as a share.
const SIDE_MIN: f64 = 0.1;

/// What turns a choice, from the futures; `None` if no rival is ever clearly better.
pub(super) fn turning(explore: &Explore, part: &SurveyPart, values: &Values, choice: &Choice) -> Option<Turning> {
    let (rival, _) = choice.rival?;
    let outcome = explore.outcomes.iter().position(|wished| *wished == choice.wished)?;
    let futures = values[0].len();
    let stand = |future| stands(explore, values, outcome, future).map(|stands| stands[choice.chosen][rival]);
    let stand: Option<Vec<Stand>> = (0..futures).map(stand).collect();
    let stand = stand?;
    let is = |wanted: Stand| stand.iter().map(|stand| *stand == wanted).collect::<Vec<bool>>();
    let (rival_better, chosen_better) = (is(Stand::Worse), is(Stand::Better));
    let mut cuts: Vec<Cut> = fails::columns(explore, part)
        .into_iter()
        .enumerate()
        .filter_map(|(factor, column)| {
            let labelled = |labels: &Vec<bool>| Cases::new(vec![column.clone()], labels.clone()).ok();
            cut(explore, factor, &labelled(&rival_better)?, &labelled(&chosen_better)?)
        })
        .collect();
    cuts.sort_by(|a, b| b.gain().cmp(&a.gain()).then(contrast(b).total_cmp(&contrast(a))));
    Some(Turning { outcome, chosen: choice.chosen, rival, sign: None, cuts })
}

/// How much denser the wrong futures are inside than outside.
fn contrast(cut: &Cut) -> f64 {
    cut.inside.density().unwrap_or(0.0) - cut.outside.density().unwrap_or(0.0)
}

fn cut(explore: &Explore, factor: usize, rival_better: &Cases, chosen_better: &Cases) -> Option<Cut> {
    let draws = ExploreDraws::new(explore.seed);
    let (searched, held) = rival_better.split(&draws, 0.5)?;
    let (_, other) = chosen_better.split(&draws, 0.5)?;
    let min_leaf = (searched.points() as f64 * SIDE_MIN) as usize;
    let leaves = cart::leaves(&searched, cart::Options { min_leaf, max_depth: 1 });
    let limits = &leaves.first().filter(|_| leaves.len() == 2)?.limits;
    let (inside, wrong) = (held.within(limits), held.of_interest());
    let outside = Counts { n: held.points() - inside.n, k: wrong - inside.k };
    let wrong_if_known = outside.k + other.within(limits).k;
    let limit = limits.0.first()?.clone();
    Some(Cut { factor, limit, inside, outside, held: held.points(), wrong, wrong_if_known })
}

/// The indices of the sign of the difference between two schedules, and how sure their ranking is.
pub(super) fn sign(
    explore: &Explore,
    shape: Shape,
    values: &Values,
    turning: &Turning,
) -> Option<(Vec<Index>, Option<Stability>)> {
    let levels = |schedule: usize| means(&values[schedule], turning.outcome);
    let (chosen, rival) = (levels(turning.chosen)?, levels(turning.rival)?);
    let direction = if explore.outcomes[turning.outcome].wish == Direction::Less { 1.0 } else { -1.0 };
    let sign = |(chosen, rival): (&f64, &f64)| match direction * (chosen - rival) {
        difference if difference > 0.0 => 1.0,
        difference if difference < 0.0 => -1.0,
        _ => 0.0,
    };
    let outputs: Vec<f64> = chosen.iter().zip(&rival).map(sign).collect();
    let made = indices(shape, &outputs, Scale::Value, LEVEL)?;
    let scores: Vec<Vec<f64>> = made.scrambles.iter().map(|scramble| scramble.total.clone()).collect();
    let sure = stability(&ExploreDraws::new(explore.seed), &scores, TOP.min(shape.columns), RESAMPLES);
    Some((made.factors, sure))
}
