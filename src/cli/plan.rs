//! `brownout plan`: upgrade windows and pauses of a team's own servers.
