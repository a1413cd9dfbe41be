//! The house itself: tests that can fail, planted faults that can be planted, a README that is true.

mod evidence;
mod mutants;
mod readme;
mod sections;
mod sizes;
