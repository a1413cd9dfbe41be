//! What a life is: every rule of docs/MODEL.md, by numbers that can be said beforehand, by properties, and against closed forms.

mod compliance;
mod corners;
mod coupling;
mod lives;
mod loose_ends;
mod properties;
mod sums;
mod twin;
