//! On which scale an output is explained: a few points carry the variance of a heavy tail, so ranks or logarithms are asked too.

/// The scale on which an output is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// The values themselves.
    Value,
    /// Their ranks within the scramble; equal values share their mean rank.
    Rank,
    /// `log(1 + y)`, for outputs of at least 0; of a negative one `-log(1 - y)`, so that differences may be asked too.
    Log,
}

impl Scale {
    /// The outputs of one scramble on this scale.
    ///
    /// Ranks are taken within one scramble, over all its matrices, so that scrambles stay independent.
    pub fn applied(self, outputs: &[f64]) -> Vec<f64> {
        match self {
            Scale::Value => outputs.to_vec(),
            Scale::Rank => ranks(outputs),
            Scale::Log => outputs.iter().map(|y| libm::copysign(libm::log1p(y.abs()), *y)).collect(),
        }
    }
}

/// Ranks from 1; equal values share the mean of their ranks.
pub(crate) fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let end = start + order[start..].iter().take_while(|&&at| values[at] == values[order[start]]).count().max(1);
        for &at in &order[start..end] {
            ranks[at] = (start + 1 + end) as f64 / 2.0;
        }
        start = end;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_their_mean_rank() {
        assert_eq!(Scale::Rank.applied(&[5.0, 1.0, 5.0, -2.0]), [3.5, 2.0, 3.5, 1.0]);
        assert_eq!(ranks(&[0.0, -0.0]), [1.5, 1.5]);
        assert_eq!(ranks(&[f64::NAN, 1.0]), [2.0, 1.0]);
        assert_eq!(ranks(&[]), Vec::<f64>::new());
    }

    #[test]
    fn logarithms_keep_the_sign_and_zero() {
        let applied = Scale::Log.applied(&[0.0, 1.0, -1.0]);
        assert_eq!(applied, [0.0, std::f64::consts::LN_2, -std::f64::consts::LN_2]);
        assert_eq!(Scale::Value.applied(&[3.0]), [3.0]);
    }
}
