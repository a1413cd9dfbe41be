//! Integration tests of brownout: one binary, one module for each thing that is checked.

mod architecture;
mod cli;
mod common;
mod coupling;
mod defence;
mod determinism;
mod golden;
mod html;
mod lives;
mod properties;
mod readme;
mod scenarios;
mod statistics;
mod timeline;
