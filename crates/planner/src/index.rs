//! Indices of the planner, each of a type of its own: that of a job reads no list of servers.
//!
//! A [`PerTenant`], [`PerServer`], [`PerCrew`], [`PerJob`], [`PerCandidate`] or [`PerGroup`] is a vector that only its own index reads. Days are plain
//! numbers, counted from [`Project::as_of`](crate::project::Project): they are added, subtracted and cut into stretches.

use typed_index_collections::{TiSlice, TiVec};

macro_rules! index {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(usize);

        impl From<usize> for $name {
            fn from(index: usize) -> Self {
                $name(index)
            }
        }

        impl From<$name> for usize {
            fn from(index: $name) -> usize {
                index.0
            }
        }
    };
}

index! {
    /// A tenant: its row in a list of [projects](crate::project::Project) that share their crews.
    TenantIndex
}
index! {
    /// A server of the fleet: its row in [`Project::servers`](crate::project::Project).
    ServerIndex
}
index! {
    /// A crew: its row in [`Project::crews`](crate::project::Project).
    CrewIndex
}
index! {
    /// A job: its row in [`Basis::jobs`](crate::basis::Basis). Servers that are done have none.
    JobIndex
}
index! {
    /// One of the candidates of a job: its row in [`Job::candidates`](crate::jobs::Job).
    CandidateIndex
}
index! {
    /// Servers with the same first detection: their row in [`Tariffs::groups`](crate::cost::tariff::Tariffs).
    GroupIndex
}

/// Something of each tenant.
pub type PerTenant<T> = TiVec<TenantIndex, T>;
/// The tenants, or what is known of each, borrowed.
pub type TenantSlice<T> = TiSlice<TenantIndex, T>;
/// Something of each server.
pub type PerServer<T> = TiVec<ServerIndex, T>;
/// Something of each crew.
pub type PerCrew<T> = TiVec<CrewIndex, T>;
/// Something of each job.
pub type PerJob<T> = TiVec<JobIndex, T>;
/// Something of each candidate of a job.
pub type PerCandidate<T> = TiVec<CandidateIndex, T>;
/// Something of each group of servers.
pub type PerGroup<T> = TiVec<GroupIndex, T>;
/// The jobs of a project, or what is known of each, borrowed.
pub type JobSlice<T> = TiSlice<JobIndex, T>;
