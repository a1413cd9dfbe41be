//! The program as people meet it: commands, tables, pages, words, and cases from the field.

mod by_name;
mod cli;
mod defence;
mod documents;
pub(crate) mod explore;
pub(crate) mod explore_search;
pub(crate) mod html;
mod intake_cases;
pub(crate) mod jobs;
mod neighbours;
mod reading;
mod scenarios;
mod screens;
mod stopping;
mod telling;
mod timeline;
mod timeline_cases;
mod what_if;
