//! NSGA-II with generations as barriers: a generation is asked for, lived as a table of points, and told in the same order.
//!
//! Every decision has the address (purpose, generation, candidate, gene), so the search does not depend on threads, shards or
//! interruptions, and a generation can be made again from the outcomes of those before it.
//!
//! # Source
//! K. Deb, A. Pratap, S. Agarwal and T. Meyarivan, *IEEE Transactions on Evolutionary Computation* 6 (2002), 182-197.

use super::front::{crowding, fronts};
use super::variation::{crossed, mutated};
use crate::discovery::FactorKind;
use crate::words::{Purpose, Words, below, unit};

/// How a search goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Candidates of a generation, even and at least 4.
    pub population: usize,
    /// Chance that two parents are crossed at all, usually 0.9.
    pub cross: f64,
    /// How near children stay to their parents, usually 15.
    pub cross_eta: f64,
    /// How small mutations are, usually 20. Each gene mutates with chance 1 / genes.
    pub mutate_eta: f64,
}

impl Options {
    /// The usual options with this population.
    pub fn usual(population: usize) -> Self {
        Options { population, cross: 0.9, cross_eta: 15.0, mutate_eta: 20.0 }
    }
}

/// Why a search cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// The number of candidates.
    #[error("a population of {population} is not allowed; it must be even and at least 4")]
    Population {
        /// What was asked for.
        population: usize,
    },
    /// Nothing to search over.
    #[error("a search needs at least one lever")]
    NoGene,
    /// Outcomes that do not fit what was asked.
    #[error(
        "{told} rows of outcomes were given for {asked} candidates; each candidate needs as many finite outcomes as the others"
    )]
    Outcomes {
        /// How many rows of outcomes were told.
        told: usize,
        /// How many candidates were asked for.
        asked: usize,
    },
}

/// A candidate with its outcomes.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// One share of the unit interval for each lever.
    pub units: Vec<f64>,
    /// Its outcomes, less is better.
    pub outcomes: Vec<f64>,
}

/// A search under way.
#[derive(Clone, Debug)]
pub struct Nsga2 {
    genes: Vec<FactorKind>,
    options: Options,
    generation: u64,
    population: Vec<Candidate>,
    /// Front number and distance of each candidate of the population.
    standing: Vec<(usize, f64)>,
}

impl Nsga2 {
    /// A search over levers; whole numbers are ordered levers, [`crate::factor::Distribution`] turns shares into values.
    ///
    /// # Errors
    /// [`SearchError::NoGene`], [`SearchError::Population`].
    pub fn new(genes: Vec<FactorKind>, options: Options) -> Result<Self, SearchError> {
        if genes.is_empty() {
            return Err(SearchError::NoGene);
        }
        if options.population < 4 || options.population % 2 == 1 {
            return Err(SearchError::Population { population: options.population });
        }
        Ok(Nsga2 { genes, options, generation: 0, population: Vec::new(), standing: Vec::new() })
    }

    /// The generation that is asked for next, from 0.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The candidates that survived so far.
    pub fn population(&self) -> &[Candidate] {
        &self.population
    }

    /// Those of the population that none of them dominates.
    pub fn front(&self) -> Vec<&Candidate> {
        let first = self.standing.iter().zip(&self.population).filter(|((front, _), _)| *front == 0);
        first.map(|(_, candidate)| candidate).collect()
    }

    /// The candidates of the next generation, as shares of the levers; the same however often it is asked.
    pub fn ask(&self, words: &impl Words) -> Vec<Vec<f64>> {
        if self.generation == 0 {
            let share = |candidate: usize, gene: usize| {
                unit(words.word(Purpose::Population, [candidate as u64, gene as u64, 0]))
            };
            let row = |candidate| (0..self.genes.len()).map(|gene| share(candidate, gene)).collect();
            return (0..self.options.population).map(row).collect();
        }
        (0..self.options.population as u64 / 2).flat_map(|pair| self.children(words, pair)).collect()
    }

    /// Tells the outcomes of what was asked for, in the same order, and turns to the next generation.
    ///
    /// # Errors
    /// [`SearchError::Outcomes`] unless there is one row for each candidate, all of one length, with finite values.
    pub fn tell(&mut self, words: &impl Words, outcomes: Vec<Vec<f64>>) -> Result<(), SearchError> {
        let asked = self.ask(words);
        let width = outcomes.first().map_or(0, Vec::len);
        let odd = |row: &Vec<f64>| row.len() != width || row.iter().any(|value| !value.is_finite());
        let known = self.population.first().map_or(width, |candidate| candidate.outcomes.len());
        if outcomes.len() != asked.len() || width == 0 || width != known || outcomes.iter().any(odd) {
            return Err(SearchError::Outcomes { told: outcomes.len(), asked: asked.len() });
        }
        let mut all = std::mem::take(&mut self.population);
        all.extend(asked.into_iter().zip(outcomes).map(|(units, outcomes)| Candidate { units, outcomes }));
        self.survive(all);
        self.generation += 1;
        Ok(())
    }

    /// Keeps the best fronts; of the last one that does not fit whole, the most crowded go one at a time.
    ///
    /// Distances are taken anew after each, as S. Kukkonen and K. Deb, "Improved pruning of non-dominated solutions based on
    /// crowding distance for bi-objective optimization problems", *IEEE Congress on Evolutionary Computation* (2006): leaving
    /// out all at once opens holes where several neighbours go together.
    fn survive(&mut self, all: Vec<Candidate>) {
        let outcomes: Vec<Vec<f64>> = all.iter().map(|candidate| candidate.outcomes.clone()).collect();
        self.standing.clear();
        for (number, mut front) in fronts(&outcomes).into_iter().enumerate() {
            let room = self.options.population - self.population.len();
            while front.len() > room {
                front.remove(most_crowded(&outcomes, &front));
            }
            let distances = crowding(&outcomes, &front);
            self.population.extend(front.iter().map(|&at| all[at].clone()));
            self.standing.extend(distances.into_iter().map(|distance| (number, distance)));
        }
    }

    fn children(&self, words: &impl Words, pair: u64) -> [Vec<f64>; 2] {
        let [a, b] = [0, 1].map(|parent| &self.population[self.parent(words, pair, parent)].units);
        let mut children = [a.clone(), b.clone()];
        let word =
            |gene: usize, turn: u64| unit(words.word(Purpose::Cross, [self.generation, pair, 4 * gene as u64 + turn]));
        let is_crossed = word(self.genes.len(), 0) < self.options.cross;
        for (gene, kind) in self.genes.iter().enumerate().filter(|_| is_crossed) {
            if word(gene, 0) < 0.5 {
                continue;
            }
            let mut two = match kind {
                FactorKind::Ordered => crossed(a[gene], b[gene], word(gene, 1), self.options.cross_eta),
                FactorKind::Choice => [a[gene], b[gene]],
            };
            if word(gene, 2) < 0.5 {
                two.swap(0, 1);
            }
            [children[0][gene], children[1][gene]] = two;
        }
        for (index, child) in children.iter_mut().enumerate() {
            self.mutate(words, 2 * pair + index as u64, child);
        }
        children
    }

    fn mutate(&self, words: &impl Words, candidate: u64, child: &mut [f64]) {
        let word = |gene: usize, turn: u64| {
            unit(words.word(Purpose::Mutate, [self.generation, candidate, 2 * gene as u64 + turn]))
        };
        for (gene, kind) in self.genes.iter().enumerate() {
            if word(gene, 0) * self.genes.len() as f64 >= 1.0 {
                continue;
            }
            child[gene] = match kind {
                FactorKind::Ordered => mutated(child[gene], word(gene, 1), self.options.mutate_eta),
                FactorKind::Choice => word(gene, 1),
            };
        }
    }

    /// The better of two drawn candidates: the earlier front, then the less crowded, then the first drawn.
    fn parent(&self, words: &impl Words, pair: u64, parent: u64) -> usize {
        let drawn = |turn: u64| {
            let word = words.word(Purpose::Parent, [self.generation, pair, 2 * parent + turn]);
            below(word, self.population.len() as u64) as usize
        };
        let (a, b) = (drawn(0), drawn(1));
        let (front_a, front_b) = (self.standing[a].0, self.standing[b].0);
        let b_is_better = front_b < front_a || front_b == front_a && self.standing[b].1 > self.standing[a].1;
        if b_is_better { b } else { a }
    }
}

/// Which member of a front has the nearest neighbours; of equals the last.
fn most_crowded(outcomes: &[Vec<f64>], front: &[usize]) -> usize {
    let distances = crowding(outcomes, front);
    (0..front.len()).rev().min_by(|&a, &b| distances[a].total_cmp(&distances[b])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tests::Mixed;

    /// A lever with an order and a choice of 4: the second option is best, and the lever trades one outcome for the other.
    fn outcomes(units: &[f64]) -> Vec<f64> {
        let choice = (units[1] * 4.0) as usize;
        let cost = if choice == 1 { 0.0 } else { 1.0 };
        vec![units[0] + cost, 1.0 - units[0] + cost]
    }

    fn searched(generations: u64) -> Nsga2 {
        let mut search = Nsga2::new(vec![FactorKind::Ordered, FactorKind::Choice], Options::usual(20)).unwrap();
        for _ in 0..generations {
            let told = search.ask(&Mixed(8)).iter().map(|units| outcomes(units)).collect();
            search.tell(&Mixed(8), told).unwrap();
        }
        search
    }

    #[test]
    fn the_best_option_is_found_and_the_front_is_spread() {
        let search = searched(30);
        let front = search.front();
        assert!(front.iter().all(|candidate| (candidate.units[1] * 4.0) as usize == 1));
        let levers: Vec<f64> = front.iter().map(|candidate| candidate.units[0]).collect();
        let (least, most) =
            (levers.iter().fold(1.0, |a: f64, b| a.min(*b)), levers.iter().fold(0.0, |a: f64, b| a.max(*b)));
        assert!(front.len() == 20 && least < 0.1 && most > 0.9, "{levers:?}");
        assert_eq!(search.generation(), 30);
    }

    #[test]
    fn a_search_is_the_same_each_time() {
        assert_eq!(searched(5).population(), searched(5).population());
        assert_eq!(searched(3).ask(&Mixed(8)), searched(3).ask(&Mixed(8)));
        assert_ne!(searched(3).ask(&Mixed(8)), searched(3).ask(&Mixed(9)));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(Nsga2::new(vec![], Options::usual(20)).unwrap_err(), SearchError::NoGene);
        let odd = Nsga2::new(vec![FactorKind::Ordered], Options::usual(5)).unwrap_err();
        assert_eq!(odd, SearchError::Population { population: 5 });
        let mut search = searched(1);
        assert_eq!(search.tell(&Mixed(8), vec![]).unwrap_err(), SearchError::Outcomes { told: 0, asked: 20 });
        let told = search.tell(&Mixed(8), vec![vec![0.0]; 20]).unwrap_err();
        assert_eq!(told, SearchError::Outcomes { told: 20, asked: 20 });
    }
}
