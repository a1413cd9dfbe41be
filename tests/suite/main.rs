//! Tests of the built program.

mod timeline;
