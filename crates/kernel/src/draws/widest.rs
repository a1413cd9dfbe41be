//! Loops compiled once for each width of instructions that processors of a kind have, of which the widest is taken when they run.
//!
//! What is called must be `#[inline(always)]`, and so must all that it calls: else it stays as wide as every processor allows. Every
//! operation gives the same bits at every width, as none is fused with another and none changes places.

/// Calls a function as it was compiled for the widest instructions of this processor.
macro_rules! widest {
    ($call:expr) => {
        fearless_simd::dispatch!(fearless_simd::Level::new(), _ => $call)
    };
}

pub(crate) use widest;

/// Every width that this processor has.
#[cfg(test)]
pub(super) fn levels() -> Vec<fearless_simd::Level> {
    use fearless_simd::Level;
    let widest = Level::new();
    #[cfg(target_arch = "x86_64")]
    let between = [widest.as_sse4_2().map(Level::Sse4_2), widest.as_avx2().map(Level::Avx2)];
    #[cfg(not(target_arch = "x86_64"))]
    let between = [None; 2];
    [Some(Level::baseline()), between[0], between[1], Some(widest)].into_iter().flatten().collect()
}
