//! brownout: a deterministic discrete-event simulator and what-if planner for staged mail enforcement.
//!
//! Exchange Online throttles, then blocks, mail from out-of-date on-premises Exchange servers. brownout compares rollout schedules
//! over a population of servers, and tells a team the dates of its own. Nothing in the engine depends on the name Exchange: other
//! staged brownouts fit the same model.
//!
//! The program is a thin edge; everything it does is in crates below it, of which none imports upward:
//!
//! | crate | what it holds |
//! |---|---|
//! | [`text`] | numbers, counts, names and CSV cells as people read them ([`words`], [`csv_text`], [`outside`]) |
//! | [`methods`] | intervals, designs, sensitivity indices, boxes, selection and search; knows nothing of mail |
//! | `kernel` | the model, values in and values out: [`time`], [`draws`], [`catalog`], [`certainty`], [`limits`], [`policy`], [`mail`], [`world`], [`sim`], [`tally`], [`stats`] |
//! | `scenarios` | the shipped files as texts, in their own folder |
//! | `exchange` | the domain: the table of [`builds`], [`compliance`] with them, the announced [`ladders`], [`retries`] of the transport, [`intake`] of `Get-OnPremServerReportInfo`, the [`timeline`] of one's own servers |
//! | [`experiment`] | a [`study`] as a value; replications, paired comparison, precision; its exact [`twin`] |
//! | [`planner`] | upgrade windows and pauses: cost, search, chance |
//! | [`reading`] | files of people to studies and projects, or every problem at once |
//! | [`explore`] | a study at many points of what is not known |
//! | [`store`] | packages of outputs, their manifests, journals and shards |
//! | [`chart`] | figures |
//! | [`telling`] | answers to bytes: one [`frame`] for all tables, sentences, pages; the [`trace`] of a life |
//!
//! When is mail of a server first detected on 9 September 2026 lost, if its tenant pauses for 30 days from 20 October?
//!
//! ```
//! use brownout::ladders;
//! use brownout::policy::{PauseBook, Policy, history};
//!
//! let policy = Policy::with_defaults(ladders::microsoft_2023());
//! let mut book = PauseBook::new();
//! let pause = book.grant(policy.pauses(), "2026-10-20".parse()?, 30)?;
//! let periods = history(&policy, "2026-09-09".parse()?, &[pause]);
//!
//! let first_block = periods.iter().find(|period| period.minutes.block() > 0).unwrap();
//! assert_eq!(first_block.from.to_string(), "2026-12-08T00:00:00Z");
//! assert_eq!(book.left(policy.pauses(), 2026), 60);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

// The command line speaks of the library as everybody else does.
extern crate self as brownout;

// Its doc comments are help texts, in which `<name>` is no tag.
#[doc(hidden)]
#[allow(rustdoc::invalid_html_tags, rustdoc::bare_urls)]
pub mod cli;

pub use brownout_exchange::{builds, compliance, intake, ladders, powershell, retries, timeline};
pub use brownout_experiment::{study, twin};
pub use brownout_kernel::{catalog, certainty, draws, limits, mail, policy, sim, stats, tally, time, watch, world};
pub use brownout_telling::{columns, frame, trace};
pub use brownout_text::{csv_text, outside, words};

pub use brownout_chart as chart;
pub use brownout_experiment as experiment;
pub use brownout_explore as explore;
pub use brownout_methods as methods;
pub use brownout_planner as planner;
pub use brownout_reading as reading;
pub use brownout_store as store;
pub use brownout_telling as telling;
pub use brownout_text as text;
