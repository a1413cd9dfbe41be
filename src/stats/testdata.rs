//! Small tools for the tests of this directory.

/// Uniform numbers between 0 and 1, both excluded, for tests: SplitMix64 (Steele, Lea and Flood, 2014).
pub(crate) fn uniforms(seed: u64) -> impl Iterator<Item = f64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    })
}

/// Fails unless `actual` lies within `within` of `expected`.
#[track_caller]
pub(crate) fn assert_near(actual: f64, expected: f64, within: f64) {
    assert!((actual - expected).abs() <= within, "{actual} is not {expected} to within {within}");
}
