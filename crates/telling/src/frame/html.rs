//! A frame on a page: the rows of a table, numbers to the right, everything escaped.

use maud::{Markup, html};

use super::{Frame, Value};

impl Frame {
    /// Head cells and body of a table.
    pub fn html(&self) -> (Markup, Markup) {
        let head = html! {
            @for column in self.columns() {
                th scope="col" class=[column.kind.is_numeric().then_some("number")] {
                    (column.name.replace('_', " "))
                    @if !column.unit.is_empty() { " (" (column.unit) ")" }
                }
            }
        };
        let body = html! {
            tbody {
                @for row in self.rows() {
                    tr {
                        @for (value, column) in row.iter().zip(self.columns()) {
                            td class=[column.kind.is_numeric().then_some("number")] { (words(value)) }
                        }
                    }
                }
            }
        };
        (head, body)
    }
}

fn words(value: &Value) -> String {
    if *value == Value::Missing { "–".to_owned() } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use crate::columns;
    use crate::frame::Frame;

    #[test]
    fn names_are_escaped_and_missing_values_are_dashes() {
        let mut frame = Frame::new("x", columns![Text server, Number lost "messages"]);
        frame.row(["<b>".into(), None::<f64>.into()]);
        let (head, body) = frame.html();
        assert!(head.into_string().contains("lost (messages)"));
        assert!(body.into_string().contains("<td>&lt;b&gt;</td><td class=\"number\">–</td>"));
    }
}
