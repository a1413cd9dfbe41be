//! What must not break it: hostile, spoilt and cut files, full disks, kills, the corpus of the fuzzer.

mod edges;
mod faults;
mod fuzz;
mod spoilt;
