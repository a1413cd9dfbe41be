//! A frame as a table of Markdown.

use super::Frame;

impl Frame {
    /// The table, with headings in words; a line for each row.
    pub(crate) fn markdown<'a>(&self, headings: impl IntoIterator<Item = &'a str>) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let head: Vec<String> = headings.into_iter().map(plain).collect();
        let mut text = line(&head) + &line(&vec!["---".to_owned(); head.len()]);
        for row in self.rows() {
            text += &line(&row.iter().map(|value| plain(&value.to_string())).collect::<Vec<_>>());
        }
        text
    }
}

/// Text that cannot break a table.
pub(crate) fn plain(text: &str) -> String {
    text.replace('|', "\\|").split_whitespace().collect::<Vec<_>>().join(" ")
}
