//! Loops made for every width of instructions that processors of a kind have, of which the widest is taken when they run.
//!
//! What is called must be `#[inline(always)]`, and all that it calls: it is compiled once for each width. Every operation gives the
//! same bits at every width, as none is fused with another and none changes places.

/// Makes what an expression calls as it was compiled for this processor.
macro_rules! widest {
    ($call:expr) => {
        fearless_simd::dispatch!(fearless_simd::Level::new(), _ => $call)
    };
}

pub(crate) use widest;
