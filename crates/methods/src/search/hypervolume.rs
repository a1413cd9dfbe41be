//! Hypervolume: how much of the space below a reference point a set of outcomes dominates, exactly, in two and three outcomes.
//!
//! # Sources
//! E. Zitzler and L. Thiele, "Multiobjective evolutionary algorithms: a comparative case study and the Strength Pareto approach",
//! *IEEE Transactions on Evolutionary Computation* 3 (1999); in three outcomes by slices along the third.

/// The hypervolume of `outcomes` below `reference`; less is better. Outcomes that are not below it everywhere add nothing.
///
/// `None` unless there are two or three outcomes, all finite and as many as the reference has.
pub fn hypervolume(outcomes: &[Vec<f64>], reference: &[f64]) -> Option<f64> {
    let finite = |row: &[f64]| row.iter().all(|value| value.is_finite());
    if !finite(reference) || outcomes.iter().any(|row| row.len() != reference.len() || !finite(row)) {
        return None;
    }
    let below = |row: &&Vec<f64>| row.iter().zip(reference).all(|(value, limit)| value < limit);
    match *reference {
        [x, y] => {
            let points: Vec<[f64; 2]> = outcomes.iter().filter(below).map(|row| [row[0], row[1]]).collect();
            Some(area(points, [x, y]))
        }
        [x, y, z] => {
            let points: Vec<[f64; 3]> = outcomes.iter().filter(below).map(|row| [row[0], row[1], row[2]]).collect();
            Some(volume(points, [x, y, z]))
        }
        _ => None,
    }
}

fn area(mut points: Vec<[f64; 2]>, [x_limit, y_limit]: [f64; 2]) -> f64 {
    points.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    let (mut area, mut lowest) = (0.0, y_limit);
    for [x, y] in points {
        if y < lowest {
            area += (x_limit - x) * (lowest - y);
            lowest = y;
        }
    }
    area
}

fn volume(mut points: Vec<[f64; 3]>, [x, y, z]: [f64; 3]) -> f64 {
    points.sort_by(|a, b| a[2].total_cmp(&b[2]));
    let (mut volume, mut slice) = (0.0, Vec::new());
    for (index, point) in points.iter().enumerate() {
        slice.push([point[0], point[1]]);
        let top = points.get(index + 1).map_or(z, |next| next[2]);
        if top > point[2] {
            volume += area(slice.clone(), [x, y]) * (top - point[2]);
        }
    }
    volume
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_overlap_once() {
        let points = [vec![1.0, 2.0], vec![2.0, 1.0], vec![2.0, 2.0], vec![4.0, 0.0]];
        assert_eq!(hypervolume(&points, &[3.0, 3.0]), Some(3.0));
        assert_eq!(hypervolume(&[], &[3.0, 3.0]), Some(0.0));
    }

    #[test]
    fn volumes_are_slices() {
        let cube = vec![vec![0.0; 3]];
        assert_eq!(hypervolume(&cube, &[2.0, 2.0, 2.0]), Some(8.0));
        // Two boxes of 1 x 2 x 2 and 2 x 1 x 1 that share 1 x 1 x 1.
        let two = vec![vec![1.0, 0.0, 0.0], vec![0.0, 1.0, 1.0]];
        assert_eq!(hypervolume(&two, &[2.0, 2.0, 2.0]), Some(5.0));
    }

    #[test]
    fn other_numbers_of_outcomes_are_refused() {
        assert_eq!(hypervolume(&[vec![0.0]], &[1.0]), None);
        assert_eq!(hypervolume(&[vec![0.0; 3]], &[1.0; 2]), None);
        assert_eq!(hypervolume(&[vec![f64::NAN, 0.0]], &[1.0; 2]), None);
    }
}
