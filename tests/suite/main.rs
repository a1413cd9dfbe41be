//! Tests of the built program.

mod html;
mod timeline;
