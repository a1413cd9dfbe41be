//! The Exchange domain: what a server has installed, what its own report says, which replies it gets, and the dates that follow.
//!
//! - [`builds`]: the catalogue of Exchange builds and what people call them;
//! - [`compliance`]: is a server in breach, since when, and how sure is that;
//! - [`ladders`], [`retries`]: the announced ladders; when the transport tries again;
//! - [`intake`]: the output of `Get-OnPremServerReportInfo` in the forms in which people have it;
//! - [`powershell`]: the commands a team needs;
//! - [`timeline`]: the dates of one's own servers.

#![forbid(unsafe_code)]
// Tests hold what is shipped against the maths library of the platform, and write pictures for people to look at.
#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros, clippy::too_many_lines)
)]

pub mod builds;
pub mod compliance;
pub mod intake;
pub mod ladders;
pub mod powershell;
pub mod retries;
pub mod timeline;
