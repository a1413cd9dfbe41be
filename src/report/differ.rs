//! Finds the first number in which two files differ.

use super::bundle::OutputFile;

/// Where recorded results and recomputed ones part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The file.
    pub file: String,
    /// The first place that differs, in words.
    pub place: String,
    /// What was recorded there.
    pub recorded: String,
    /// What the run gives.
    pub recomputed: String,
}

/// Every recorded file that is not what the run gives. `recorded` has `None` for files that are missing.
pub fn mismatches(recorded: &[(String, Option<Vec<u8>>)], recomputed: &[OutputFile]) -> Vec<Mismatch> {
    let mut found = Vec::new();
    for file in recomputed {
        let bytes = recorded.iter().find(|(name, _)| *name == file.name).and_then(|(_, bytes)| bytes.as_ref());
        match bytes {
            None => found.push(mismatch(&file.name, "the file", "missing", "present")),
            Some(bytes) if *bytes != file.bytes => found.push(compare(&file.name, bytes, &file.bytes)),
            Some(_) => {}
        }
    }
    found
}

fn mismatch(file: &str, place: &str, recorded: &str, recomputed: &str) -> Mismatch {
    let [file, place, recorded, recomputed] = [file, place, recorded, recomputed].map(str::to_owned);
    Mismatch { file, place, recorded, recomputed }
}

fn compare(name: &str, recorded: &[u8], recomputed: &[u8]) -> Mismatch {
    let found = match name.rsplit('.').next() {
        Some("csv") => compare_csv(name, recorded, recomputed),
        Some("png") => compare_png(name, recorded, recomputed),
        _ => compare_lines(name, recorded, recomputed),
    };
    found.unwrap_or_else(|| {
        let at = recorded.iter().zip(recomputed).take_while(|(a, b)| a == b).count();
        mismatch(
            name,
            &format!("byte {at}"),
            &format!("{} bytes", recorded.len()),
            &format!("{} bytes", recomputed.len()),
        )
    })
}

fn compare_csv(name: &str, recorded: &[u8], recomputed: &[u8]) -> Option<Mismatch> {
    let reader = |bytes: &[u8]| -> Option<Vec<csv::StringRecord>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        reader.records().collect::<Result<_, _>>().ok()
    };
    let (a, b) = (reader(recorded)?, reader(recomputed)?);
    let header = b.first()?;
    for (row, (x, y)) in a.iter().zip(&b).enumerate() {
        let column = (0..x.len().max(y.len())).find(|&column| x.get(column) != y.get(column));
        if let Some(column) = column {
            let title = header.get(column).unwrap_or("?");
            let keys: Vec<&str> = y.iter().take(4).collect();
            let place = format!("line {}, column \"{title}\" ({})", row + 1, keys.join(", "));
            return Some(mismatch(
                name,
                &place,
                x.get(column).unwrap_or("nothing"),
                y.get(column).unwrap_or("nothing"),
            ));
        }
    }
    Some(mismatch(name, "number of lines", &a.len().to_string(), &b.len().to_string())).filter(|_| a.len() != b.len())
}

fn compare_png(name: &str, recorded: &[u8], recomputed: &[u8]) -> Option<Mismatch> {
    let a = match crate::chart::read_png_text(recorded) {
        Ok(text) => text,
        Err(error) => return Some(mismatch(name, "the picture", &error.to_string(), "intact")),
    };
    let b = crate::chart::read_png_text(recomputed).ok()?;
    if let Some(rest) = recorded.strip_prefix(recomputed) {
        return Some(mismatch(name, "behind the picture", &format!("{} more bytes", rest.len()), "nothing"));
    }
    let value =
        |text: &[(String, String)], key: &str| text.iter().find(|(k, _)| k == key).map(|(_, value)| value.clone());
    for (key, expected) in &b {
        let there = value(&a, key).unwrap_or_else(|| "nothing".to_owned());
        if there != *expected {
            return Some(first_difference_of_text(name, key, &there, expected));
        }
    }
    Some(mismatch(name, "the pixels", "a picture of other numbers", "the picture of these numbers"))
}

/// A short piece around the first difference of two long texts.
fn first_difference_of_text(name: &str, key: &str, a: &str, b: &str) -> Mismatch {
    let at = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let piece = |text: &str| text.chars().skip(at.saturating_sub(30)).take(70).collect::<String>();
    mismatch(name, &format!("\"{key}\" at character {at}"), &piece(a), &piece(b))
}

fn compare_lines(name: &str, recorded: &[u8], recomputed: &[u8]) -> Option<Mismatch> {
    let (a, b) = (String::from_utf8_lossy(recorded), String::from_utf8_lossy(recomputed));
    let mut lines = a.lines().zip(b.lines()).enumerate();
    let (line, (x, y)) = lines.find(|(_, (x, y))| x != y)?;
    let cut = |text: &str| text.trim().chars().take(120).collect::<String>();
    Some(mismatch(name, &format!("line {}", line + 1), &cut(x), &cut(y)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> OutputFile {
        OutputFile { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    fn recorded(name: &str, text: &str) -> Vec<(String, Option<Vec<u8>>)> {
        vec![(name.to_owned(), Some(text.as_bytes().to_vec()))]
    }

    #[test]
    fn equal_files_have_no_mismatch() {
        assert_eq!(mismatches(&recorded("a.csv", "x,y\n1,2\n"), &[file("a.csv", "x,y\n1,2\n")]), []);
    }

    #[test]
    fn the_first_differing_number_of_a_table_is_named() {
        let found = mismatches(&recorded("a.csv", "x,y\n1,2\n3,5\n"), &[file("a.csv", "x,y\n1,2\n3,4\n")]);
        assert_eq!(found[0].place, "line 3, column \"y\" (3, 4)");
        assert_eq!((found[0].recorded.as_str(), found[0].recomputed.as_str()), ("5", "4"));
    }

    #[test]
    fn missing_files_lines_and_damaged_pictures_are_named() {
        assert_eq!(mismatches(&[], &[file("a.csv", "x\n")])[0].recorded, "missing");
        let found = mismatches(&recorded("a.csv", "x\n1\n"), &[file("a.csv", "x\n1\n2\n")]);
        assert_eq!(found[0].place, "number of lines");
        let found = mismatches(&recorded("a.png", "no picture"), &[file("a.png", "?")]);
        assert_eq!(found[0].place, "the picture");
        let found = mismatches(&recorded("m.json", "{\n\"a\": 1\n}"), &[file("m.json", "{\n\"a\": 2\n}")]);
        assert_eq!(found[0].place, "line 2");
    }
}
