//! One tenant's life under one policy: events in, tallies out.
//!
//! - [`slots`]: what one owner has ahead of it, and the next event of a tenant with one server;
//! - [`agenda`]: what happens next to many servers, in the promised order (time, event class, insertion number);
//! - [`rules`]: a scenario worked out for speed: hazards by class, mail outcomes by class, patch tracks;
//! - [`life`]: the event loop of a tenant;
//! - `server`: what changes in the life of one server;
//! - `climb`: stage after stage while nothing else happens;
//! - `course`: what happens until somebody decides, worked out once;
//! - `order`: who is first of those to whom something happens at one instant, where a life does not know;
//! - `pausing`: when a tenant wants a pause;
//! - `parting`: up to what moment two scenarios are one;
//! - `losses`: what of a tenant's mail is lost under every scenario that its life stands for;
//! - `prospect`: what a build faces, worked out once, and `known`, kept for the next study;
//! - [`ensemble`]: the scenarios of a study side by side, and `bystanders`, whom none of them touches;
//! - `rounds`: clocks as they ran, so that lives need not be lived again in which they run out as they did;
//! - [`observe`]: what a life reports as it goes.

pub mod agenda;
mod bystanders;
mod climb;
mod course;
pub mod ensemble;
mod known;
pub mod life;
mod losses;
pub mod observe;
mod order;
mod parting;
mod pausing;
mod prospect;
mod rounds;
pub mod rules;
mod server;
pub mod slots;

pub use ensemble::{Again, Changes, Circumstances, Deeds, Ensemble, EnsembleLife};
pub use known::Known;
pub use life::{Life, ServerView};
pub use observe::{Cycle, Event, Observer, Silent, Stay, TallyObserver};
pub use rounds::ClockEvent;
pub use rules::Rules;
pub use slots::EventClass;
