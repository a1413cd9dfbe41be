//! Products by their index.

/// One product of a [`Catalog`](super::Catalog): its index in the order of the products.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProductId(pub(super) u8);

impl ProductId {
    /// The product at this index of a catalogue, from 0.
    pub const fn new(index: u8) -> Self {
        ProductId(index)
    }

    /// Index in the catalogue's order, from 0: fit for indexing a small table.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}
