//! What a server is when it is assessed, and the numbers by which that is found.

use crate::catalog::{Build, ProductId};

/// What a server is when it is assessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sim) struct Subject {
    pub(in crate::sim) product: ProductId,
    pub(in crate::sim) build: Build,
    pub(in crate::sim) esu: bool,
}

impl Subject {
    /// The index of its shelf.
    #[inline]
    pub(super) fn shelf(self) -> usize {
        2 * self.product.index() + usize::from(self.esu)
    }
}

/// A subject as two numbers, which are soon compared; in no order.
pub(super) type Code = (u64, u32);

/// The code of a subject.
#[inline(always)]
pub(super) fn code(Subject { product, build, esu }: Subject) -> Code {
    let Build { major, minor, build, revision } = build;
    // As the parts lie in memory on most machines, where all of them are then read at once.
    let [minor, build, revision] = [(minor, 16), (build, 32), (revision, 48)].map(|(part, at)| u64::from(part) << at);
    (u64::from(major) | minor | build | revision, (product.index() as u32) << 1 | u32::from(esu))
}

/// A build as one number, in the same order.
#[inline]
pub(super) fn key(build: Build) -> u64 {
    let Build { major, minor, build, revision } = build;
    let [major, minor, build, revision] = [major, minor, build, revision].map(u64::from);
    major << 48 | minor << 32 | build << 16 | revision
}
