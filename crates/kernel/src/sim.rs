//! One tenant's life under one policy: events in, tallies out.
//!
//! - [`agenda`]: what happens next, in the promised order (time, event class, insertion number);
//! - [`rules`]: a scenario worked out for speed: hazards by class, mail outcomes by class, patch tracks;
//! - [`life`]: the event loop of a tenant;
//! - `server`: what changes in the life of one server;
//! - `pausing`: when a tenant wants a pause;
//! - `prospect`: what a build faces, worked out once;
//! - [`observe`]: what a life reports as it goes.

pub mod agenda;
pub mod life;
pub mod observe;
mod pausing;
mod prospect;
pub mod rules;
mod server;

pub use agenda::EventClass;
pub use life::{Life, ServerView};
pub use observe::{Cycle, Event, Observer, TallyObserver};
pub use rules::Rules;
