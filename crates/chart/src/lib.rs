//! Figures for a study: numbers, names and days in, SVG and PNG out.
//!
//! A [`Figure`] is data: title, subtitle, footer, notes, and a [`Body`] such as [`Lines`] or [`Survival`]. Nothing here
//! knows the simulator. [`svg()`] and [`png()`] draw it, 1600 x 1000 pixels (a Gantt chart as high as it needs), in three steps: the body turns itself into
//! marks in pixels (axes, lines, words), plotters hands the marks to its SVG backend or to one of ours that fills pixels.
//!
//! Promises: equal figures give equal bytes (embedded fonts, no clock, no system fonts); odd input (no series, one
//! point, zeros, gaps, infinities) still gives a picture; words are at least 17 pixels high; colour and dash follow the
//! [`Role`] of a scenario in every figure, role 0 being the baseline.
//!
//! Left out: choosing titles (the caller computes the finding), writing files, and CSV of the numbers.
//!
//! ```
//! use brownout_chart::{ DayPoint, Figure, Lines, Role, Series};
//! use brownout_kernel::time::Day;
//!
//! let points = (0..90).map(|n| DayPoint::new(Day::from_number(20_700 + n), f64::from(n * n))).collect();
//! let lines = Lines::new("messages a week", vec![Series::new(Role::new("announced ladder", 0), points)]);
//! let figure = Figure::new("Losses grow with the ladder", "Messages lost, mean of 400 replications", lines);
//! let png = brownout_chart::png(&figure, &[("seed".to_owned(), "42".to_owned())])?;
//! assert_eq!(brownout_chart::read_png_text(&png)?, [("seed".to_owned(), "42".to_owned())]);
//! # Ok::<(), brownout_chart::ChartError>(())
//! ```

#![forbid(unsafe_code)]
// Tests hold what is shipped against the maths library of the platform, and write pictures for people to look at.
#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros, clippy::too_many_lines)
)]

mod areas;
mod axis;
mod bars;
mod box_limits;
mod dates;
mod distribution;
mod dots;
mod draw;
mod face;
mod front;
mod gantt;
mod grid;
mod incidence;
mod key;
mod labels;
mod layout;
mod letters;
mod lines;
mod mu_sigma;
mod names;
mod overview;
mod page;
mod parallel;
mod pixels;
mod png_text;
mod ranking;
mod readings;
mod regret;
mod risk;
mod risk_table;
mod rows;
mod scatter;
mod spec;
mod survival;
mod text;
mod theme;
mod timeline;
mod tornado;
mod tradeoff;

#[cfg(test)]
mod odd;
#[cfg(test)]
mod odd_explored;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub use areas::{AreaPanel, Areas, Stage};
pub use bars::{Bar, Bars, Direction};
pub use box_limits::{BoxLimits, LimitRow, LimitsPanel};
pub use brownout_text::numbers::{
    Rounded, Size, rounded, rounded_signed, said, said_signed, signed, times, value, with_sign,
};
pub use distribution::{Distribution, ShareScale, TailCurve};
pub use dots::{Difference, Dots, Measure};
pub use draw::{ChartError, Live, live, png, png_watched, svg};
pub use front::{Front, FrontPanel, FrontPoint};
pub use gantt::{Gantt, GanttCrew, GanttRow, GanttWork};
pub use incidence::{Incidence, IncidencePanel};
pub use lines::{Bands, DayPoint, Event, Lines, Period, Series};
pub use mu_sigma::{MuSigma, Screened};
pub use overview::{Overview, Panel};
pub use page::{HEIGHT, WIDTH};
pub use parallel::{Parallel, ParallelAxis, Ruling};
pub use png_text::{Picture, read_png, read_png_text};
pub use ranking::{Compared, Ranking, RankingPanel};
pub use regret::{Regret, RegretRow};
pub use risk::{FinishDay, Limit, LossRow, PlanRisk, SafeDay, SafeStart};
pub use scatter::{Ranged, Scatter, ScatterPoint};
pub use spec::{Body, Figure, Role};
pub use survival::{Curve, Risk, Step, Survival};
pub use text::FONTS;
pub use theme::{Ink, Tone, role_ink};
pub use timeline::{StageSpan, Timeline};
pub use tornado::{Tornado, TornadoPanel, TornadoRow};
pub use tradeoff::{Tradeoff, TradeoffPanel};
