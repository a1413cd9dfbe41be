//! Known answers through the public API: closed forms, programs of others, published tables.

mod boxes;
mod common;
#[cfg(not(debug_assertions))]
mod coverage;
mod decisions;
mod fronts;
mod salib;
mod sensitivity;
mod winners;
