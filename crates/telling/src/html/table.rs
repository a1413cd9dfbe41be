//! Tables: a caption, scopes, and a box of their own to scroll in.

use maud::{Markup, html};

/// What stands above a table.
pub(crate) struct Caption<'a> {
    /// Unique in the page.
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    /// How to read it; may be empty.
    pub(crate) note: &'a str,
}

/// A table whose box scrolls where it is too wide, also by keyboard.
///
/// - `head`: the cells of the head row. `body`: one or more `tbody`.
pub(crate) fn table(caption: &Caption<'_>, head: &Markup, body: &Markup) -> Markup {
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
