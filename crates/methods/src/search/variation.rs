//! Crossing and mutation of genes, each a share of the unit interval.
//!
//! # Sources
//! K. Deb and R. B. Agrawal, "Simulated binary crossover for continuous search space", *Complex Systems* 9 (1995), in the bounded
//! form of Deb's NSGA-II program; K. Deb and M. Goyal, "A combined genetic adaptive search (GeneAS) for engineering design",
//! *Computer Science and Informatics* 26 (1996), for polynomial mutation.

/// Two children of two genes with an order, by simulated binary crossover within 0 to 1.
///
/// - `u`: a uniform number; `eta`: greater for children nearer to their parents.
pub(super) fn crossed(a: f64, b: f64, u: f64, eta: f64) -> [f64; 2] {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    let distance = high - low;
    if distance < 1e-14 {
        return [a, b];
    }
    let spread = |room: f64| {
        let alpha = 2.0 - libm::pow(1.0 + 2.0 * room / distance, -(eta + 1.0));
        let base = if u <= 1.0 / alpha { u * alpha } else { 1.0 / (2.0 - u * alpha) };
        libm::pow(base, 1.0 / (eta + 1.0))
    };
    let near_low = 0.5 * (low + high - spread(low) * distance);
    let near_high = 0.5 * (low + high + spread(1.0 - high) * distance);
    [near_low.clamp(0.0, 1.0), near_high.clamp(0.0, 1.0)]
}

/// A gene with an order after polynomial mutation within 0 to 1.
pub(super) fn mutated(gene: f64, u: f64, eta: f64) -> f64 {
    let power = eta + 1.0;
    let shift = if u < 0.5 {
        libm::pow(2.0 * u + (1.0 - 2.0 * u) * libm::pow(1.0 - gene, power), 1.0 / power) - 1.0
    } else {
        1.0 - libm::pow(2.0 * (1.0 - u) + (2.0 * u - 1.0) * libm::pow(gene, power), 1.0 / power)
    };
    (gene + shift).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_lie_around_their_parents_and_within_their_range() {
        for k in 0..1000 {
            let u = (f64::from(k) + 0.5) / 1000.0;
            let [a, b] = crossed(0.2, 0.6, u, 15.0);
            assert!(a <= b && (0.0..=1.0).contains(&a) && (0.0..=1.0).contains(&b), "{u}: {a}, {b}");
        }
        assert_eq!(crossed(0.3, 0.3, 0.9, 15.0), [0.3, 0.3]);
    }

    #[test]
    fn a_middling_word_leaves_a_gene_where_it_was() {
        assert_eq!(mutated(0.4, 0.5, 20.0), 0.4);
        for k in 0..1000 {
            let u = (f64::from(k) + 0.5) / 1000.0;
            for gene in [0.0, 0.4, 1.0] {
                assert!((0.0..=1.0).contains(&mutated(gene, u, 20.0)));
            }
        }
    }
}
