//! Names for arguments that may stand without them: RON has either all arguments named or none.

/// Words whose first arguments may stand without names, and these names.
const WORDS: [(&str, &[&str]); 4] =
    [("Date", &["first", "last"]), ("Sensitivity", &["design"]), ("Search", &["method"]), ("Select", &["by"])];

/// A text with names added.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Labelled {
    pub(super) text: String,
    /// Line, column in the text made (both from 1, columns in characters) behind each name, and the name's length.
    added: Vec<(usize, usize, usize)>,
}

impl Labelled {
    /// Where a place of the text made stands in the original.
    pub(super) fn original(&self, line: usize, column: usize) -> (usize, usize) {
        let before = self.added.iter().filter(|(at, behind, _)| *at == line && *behind <= column);
        (line, column - before.map(|(.., length)| length).sum::<usize>())
    }
}

/// A word that is open.
struct Open {
    names: &'static [&'static str],
    /// Arguments begun so far.
    argument: usize,
    /// Whether an argument may begin here.
    begins: bool,
}

/// The text with the names of all arguments that lack them. Linear in the text; strings and comments are left alone.
pub(super) fn labelled(text: &str) -> Labelled {
    let mut made = Labelled { text: String::with_capacity(text.len() + 256), added: Vec::new() };
    let (mut open, mut word, mut rest): (Vec<Open>, &str, &str) = (Vec::new(), "", text);
    let (mut line, mut column) = (1, 1);
    while !rest.is_empty() {
        let piece = piece(rest);
        let is_space = piece.starts_with(char::is_whitespace) || piece.starts_with("//") || piece.starts_with("/*");
        if let Some(names) = open.last_mut().filter(|open| open.begins && !is_space) {
            names.begins = false;
            let named = is_named(rest) || piece == ")";
            if let Some(name) = names.names.get(names.argument).filter(|_| !named) {
                made.text.push_str(&format!("{name}: "));
                column += name.len() + 2;
                made.added.push((line, column, name.len() + 2));
            }
            names.argument += 1;
        }
        match piece {
            "(" | "[" | "{" => {
                let names = WORDS.iter().find(|(known, _)| piece == "(" && *known == word).map_or(&[][..], |(_, n)| n);
                open.push(Open { names, argument: 0, begins: true });
            }
            ")" | "]" | "}" => drop(open.pop()),
            "," => open.iter_mut().last().into_iter().for_each(|open| open.begins = true),
            _ => {}
        }
        if !is_space {
            word = piece;
        }
        made.text.push_str(piece);
        for character in piece.chars() {
            (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        rest = &rest[piece.len()..];
    }
    made
}

/// The next piece: a word, a string, a comment, white space, or a single character.
fn piece(text: &str) -> &str {
    let first = text.chars().next().unwrap_or(' ');
    let until = |end: Option<usize>| &text[..end.unwrap_or(text.len())];
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    match first {
        '"' => {
            let mut escaped = false;
            let closes = |(at, c): (usize, char)| {
                let ends = c == '"' && !escaped && at > 0;
                escaped = c == '\\' && !escaped;
                ends.then_some(at + 1)
            };
            until(text.char_indices().find_map(closes))
        }
        '/' if text.starts_with("//") => until(text.find('\n')),
        '/' if text.starts_with("/*") => until(text[2..].find("*/").map(|at| at + 4)),
        _ if first.is_whitespace() => until(text.find(|c: char| !c.is_whitespace())),
        _ if is_word(first) => until(text.find(|c: char| !is_word(c))),
        _ => &text[..first.len_utf8()],
    }
}

/// Whether a text begins with a name and a colon.
fn is_named(text: &str) -> bool {
    let name = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    name > 0 && text[name..].trim_start().starts_with(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_get_the_names_they_lack() {
        let made = |text| labelled(text).text;
        assert_eq!(made("Date(\"a\", \"b\", step_days: 7)"), "Date(first: \"a\", last: \"b\", step_days: 7)");
        assert_eq!(
            made("Sensitivity(Sobol(base: 8), of: [Level])"),
            "Sensitivity(design: Sobol(base: 8), of: [Level])"
        );
        assert_eq!(made("Search(method: Nsga2(x: 1))"), "Search(method: Nsga2(x: 1))");
        assert_eq!(made("Real(1, 2), Date()"), "Real(1, 2), Date()");
    }

    #[test]
    fn strings_and_comments_are_left_alone() {
        let text = "(a: \"Date(1, 2) \\\" Search(\", // Date(3)\n /* Search(4) */ b: [1, 2])";
        assert_eq!(labelled(text).text, text);
        assert_eq!(labelled("\"never closed").text, "\"never closed");
    }

    #[test]
    fn places_are_those_of_the_original() {
        let made = labelled("(\n  Date(\"a\", 5))");
        assert_eq!(made.text, "(\n  Date(first: \"a\", last: 5))");
        let column = made.text.lines().nth(1).unwrap().find('5').unwrap() + 1;
        assert_eq!(made.original(2, column), (2, 13));
        assert_eq!(made.original(1, 1), (1, 1));
    }
}
