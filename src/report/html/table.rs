//! Tables: a caption, scopes, and a box of their own to scroll in.

use maud::{Markup, html};

/// What stands above a table.
pub(in crate::report) struct Caption<'a> {
    /// Unique in the page.
    pub(in crate::report) id: &'a str,
    pub(in crate::report) title: &'a str,
    /// How to read it; may be empty.
    pub(in crate::report) note: &'a str,
}

/// A table whose box scrolls where it is too wide, also by keyboard.
///
/// - `head`: the cells of the head row. `body`: one or more `tbody`.
pub(in crate::report) fn table(caption: &Caption<'_>, head: &Markup, body: &Markup) -> Markup {
    html! {
        div.scroll role="region" tabindex="0" aria-labelledby=(caption.id) {
            table {
                caption {
                    span.caption {
                        span.title id=(caption.id) { (caption.title) }
                        @if !caption.note.is_empty() { " " span.how { (caption.note) } }
                    }
                }
                thead { tr { (head) } }
                (body)
            }
        }
    }
}
