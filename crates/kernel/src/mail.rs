//! What minutes of throttling and blocking do to messages, and when messages are sent.
//!
//! Two tables are computed once and then only looked up: [`outcome`] tells, for one (T, B, layout, retry schedule), which
//! share of the messages is accepted at once, delayed or lost; [`calendar`] tells how much mail a day carries. Messages are
//! expectations given a server's volume, not a Poisson draw, which removes noise that helps nobody; [`amount`] says in which
//! units they are counted.

pub mod amount;
pub mod calendar;
pub mod outcome;
pub mod retry;

pub use amount::{MailAmount, NanoMessages};
pub use calendar::{Calendar, CalendarShape, Moment};
pub use outcome::MailOutcome;
pub use retry::{RetrySchedule, Steps};
