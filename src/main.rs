//! The brownout program.
fn main() {}
