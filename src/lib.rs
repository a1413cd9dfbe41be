//! brownout: a deterministic discrete-event simulator and what-if planner for staged mail enforcement.
//!
//! Exchange Online throttles, then blocks, mail from out-of-date on-premises Exchange servers. brownout compares rollout schedules
//! over a population of servers, and tells a team the dates of its own. Nothing in the engine depends on the name Exchange: other
//! staged brownouts fit the same model.
//!
//! | module | what it holds |
//! |---|---|
//! | [`time`] | whole seconds, calendar days and years |
//! | [`draws`] | random numbers with an address instead of a turn |
//! | [`catalog`] | builds and products, with the embedded table |
//! | [`policy`] | the stage engine: ladder, baselines, clock, pauses, answers |
//! | [`compliance`], [`certainty`] | is a server in breach, since when, and how sure is that |
//! | [`mail`] | what throttled and blocked minutes do to messages; when mail is sent |
//! | [`world`] | groups, tenants, servers, routes, pause behaviours, maintenance windows |
//! | [`sim`] | one tenant's life, event by event |
//! | [`tally`] | integer accumulators that merge in any order |
//! | [`stats`] | intervals, quantiles, survival, competing risks |
//! | [`experiment`] | replications, paired comparison, precision |
//! | [`explore`] | a study at many points of what is not known |
//! | [`twin`] | exact survival curves where a scenario can be solved |
//! | [`study`] | study files: read, checked as a whole, composed |
//! | [`timeline`], [`intake`] | the dates of one's own servers, from `Get-OnPremServerReportInfo` |
//! | [`trace`] | every event of one tenant with its cause |
//! | [`shard`] | parts of a run or an exploration as files, to be merged or continued |
//! | [`jobs`] | ready files for engines that share out shards |
//! | [`outside`] | text that somebody else wrote, made fit to print |
//! | [`chart`], [`report`] | figures, tables, the page, the manifest |
//!
//! When is mail of a server first detected on 9 September 2026 lost, if its tenant pauses for 30 days from 20 October?
//!
//! ```
//! use brownout::policy::{Ladder, PauseBook, Policy, history};
//!
//! let policy = Policy::with_defaults(Ladder::microsoft_2023());
//! let mut book = PauseBook::new();
//! let pause = book.grant(&policy.pauses, "2026-10-20".parse()?, 30)?;
//! let periods = history(&policy, "2026-09-09".parse()?, &[pause]);
//!
//! let first_block = periods.iter().find(|period| period.minutes.block > 0).unwrap();
//! assert_eq!(first_block.from.to_string(), "2026-12-08T00:00:00Z");
//! assert_eq!(book.left(&policy.pauses, 2026), 60);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

pub use brownout_kernel::{catalog, draws, mail, outside, policy, sim, stats, tally, time, watch, world};

pub mod certainty;
pub mod chart;
pub mod compliance;
pub mod csv_text;
pub mod experiment;
pub mod explore;
pub mod files;
pub mod frame;
pub mod intake;
pub mod jobs;
pub mod plan;
pub mod report;
pub mod shard;
pub mod study;
pub mod timeline;
pub mod trace;
pub mod twin;
pub mod words;
