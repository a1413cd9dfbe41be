//! Finds the first number in which two files differ.

use super::bundle::{OutputFile, png_keys};
use brownout_chart::{Picture, read_png};
use brownout_text::outside::shortened;

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

/// Where a recorded file is not what the run gives; `None` if they are the same.
///
/// - `recorded`: `None` for a file that is missing.
pub fn compare(name: &str, recorded: Option<&[u8]>, recomputed: &[u8]) -> Option<Mismatch> {
    match recorded {
        None => Some(mismatch(name, "the file", "missing", "present")),
        Some(bytes) if bytes != recomputed => Some(difference(name, bytes, recomputed)),
        Some(_) => None,
    }
}

fn mismatch(file: &str, place: &str, recorded: &str, recomputed: &str) -> Mismatch {
    let [file, place, recorded, recomputed] = [file, place, recorded, recomputed].map(str::to_owned);
    Mismatch { file, place, recorded, recomputed }
}

fn difference(name: &str, recorded: &[u8], recomputed: &[u8]) -> Mismatch {
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
    // Both are read row by row, so a file that was made long costs no memory.
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true);
    let (mut a, mut b) = (builder.from_reader(recorded), builder.from_reader(recomputed));
    let (mut a, mut b) = (a.records(), b.records());
    let mut header: Option<csv::StringRecord> = None;
    for row in 0.. {
        let (x, y) = match (a.next().transpose().ok()?, b.next().transpose().ok()?) {
            (Some(x), Some(y)) => (x, y),
            (None, None) => return None,
            (x, y) => {
                let lines = |rest: usize, one: bool| (row + rest + usize::from(one)).to_string();
                let (recorded, recomputed) = (lines(a.count(), x.is_some()), lines(b.count(), y.is_some()));
                return Some(mismatch(name, "number of lines", &recorded, &recomputed));
            }
        };
        let header = header.get_or_insert_with(|| y.clone());
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
    None
}

fn compare_png(name: &str, recorded: &[u8], recomputed: &[u8]) -> Option<Mismatch> {
    let a = match read_png(recorded) {
        Ok(picture) => picture,
        Err(error) => return Some(mismatch(name, "the picture", &error.to_string(), "intact")),
    };
    let b = read_png(recomputed).ok()?;
    if let Some(rest) = recorded.strip_prefix(recomputed) {
        return Some(mismatch(name, "behind the picture", &format!("{} more bytes", rest.len()), "nothing"));
    }
    Some(match (texts_differ(name, &a, &b), pixels_differ(name, &a, &b)) {
        // A text tells numbers, pixels only show them.
        (Some(text), Some(pixels)) => Mismatch { place: format!("{}, and {}", text.place, pixels.place), ..text },
        (Some(found), None) | (None, Some(found)) => found,
        (None, None) => mismatch(name, "compression only, every pixel and text is the same", "packed anew", "as drawn"),
    })
}

/// The first text of two pictures that differs.
fn texts_differ(name: &str, a: &Picture, b: &Picture) -> Option<Mismatch> {
    let value =
        |picture: &Picture, key: &str| picture.texts.iter().find(|(k, _)| k == key).map(|(_, value)| value.clone());
    for (key, expected) in &b.texts {
        let what = if key == png_keys::MEANS { "the numbers" } else { "the text" };
        match value(a, key) {
            None => return Some(mismatch(name, &format!("{what} \"{key}\""), "nothing", "present")),
            Some(there) if there != *expected => {
                return Some(first_difference_of_text(name, what, key, &there, expected));
            }
            Some(_) => {}
        }
    }
    let more = a.texts.iter().find(|(key, _)| value(b, key).is_none());
    more.map(|(key, _)| mismatch(name, &format!("the text \"{}\"", shortened(key, 80)), "present", "nothing"))
}

/// How many pixels of two pictures differ, and where the first does.
fn pixels_differ(name: &str, a: &Picture, b: &Picture) -> Option<Mismatch> {
    let size = |picture: &Picture| format!("{} x {}", picture.width, picture.height);
    if (a.width, a.height) != (b.width, b.height) {
        return Some(mismatch(name, "the size in pixels", &size(a), &size(b)));
    }
    let pixels = || a.rgb.chunks_exact(3).zip(b.rgb.chunks_exact(3)).enumerate();
    let (at, (x, y)) = pixels().find(|(_, (x, y))| x != y)?;
    let count = pixels().filter(|(_, (x, y))| x != y).count();
    let width = b.width as usize;
    let all = width * b.height as usize;
    let index = format!("{count} of {all} pixels, the first at {}, {}", at % width, at / width);
    let color = |pixel: &[u8]| format!("#{:02x}{:02x}{:02x}", pixel[0], pixel[1], pixel[2]);
    Some(mismatch(name, &index, &color(x), &color(y)))
}

/// What a picture is that was recorded alone, among the pictures of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureMatch {
    /// The picture of this name, byte by byte.
    Same(String),
    /// One that differs.
    Differs(Mismatch),
}

/// Finds a picture among those of a run, one after another: the same bytes first, then the same pixels, then the same name.
#[derive(Debug)]
pub struct Search<'a> {
    name: &'a str,
    bytes: &'a [u8],
    picture: Picture,
    best: Option<(u8, PictureMatch)>,
}

impl<'a> Search<'a> {
    /// A search for a picture; `None` if it is none.
    pub fn new(name: &'a str, bytes: &'a [u8]) -> Option<Self> {
        Some(Search { name, bytes, picture: read_png(bytes).ok()?, best: None })
    }

    /// Looks at a file of the run.
    pub fn look(&mut self, file: &OutputFile) {
        if !file.name.ends_with(".png") || self.best.as_ref().is_some_and(|(rank, _)| *rank == 3) {
            return;
        }
        if file.bytes == self.bytes {
            self.best = Some((3, PictureMatch::Same(file.name.clone())));
            return;
        }
        let Ok(drawn) = read_png(&file.bytes) else { return };
        let rank = if drawn.rgb == self.picture.rgb { 2 } else { u8::from(file.name == self.name) };
        if rank > 0 && self.best.as_ref().is_none_or(|(best, _)| *best < rank) {
            let mut found = difference(&file.name, self.bytes, &file.bytes);
            if file.name != self.name {
                found.file = format!("{}, which is {} under another name", self.name, file.name);
            }
            self.best = Some((rank, PictureMatch::Differs(found)));
        }
    }

    /// What was found.
    pub fn end(self) -> PictureMatch {
        self.best.map_or_else(
            || {
                PictureMatch::Differs(mismatch(
                    self.name,
                    "the pixels and the name",
                    "of no picture of this run",
                    "others",
                ))
            },
            |(_, found)| found,
        )
    }
}

/// A short piece around the first difference of two long texts.
fn first_difference_of_text(name: &str, what: &str, key: &str, a: &str, b: &str) -> Mismatch {
    let at = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let piece = |text: &str| text.chars().skip(at.saturating_sub(30)).take(70).collect::<String>();
    mismatch(name, &format!("{what} \"{key}\" at character {at}"), &piece(a), &piece(b))
}

fn compare_lines(name: &str, recorded: &[u8], recomputed: &[u8]) -> Option<Mismatch> {
    let (a, b) = (String::from_utf8_lossy(recorded), String::from_utf8_lossy(recomputed));
    let mut lines = a.lines().zip(b.lines()).enumerate();
    let Some((line, (x, y))) = lines.find(|(_, (x, y))| x != y) else {
        let count = |text: &str| text.lines().count();
        let found = mismatch(name, "number of lines", &count(&a).to_string(), &count(&b).to_string());
        return Some(found).filter(|_| count(&a) != count(&b));
    };
    // Pages have lines of many thousand characters: what is shown begins shortly before the first that differs.
    let same = x.chars().zip(y.chars()).take_while(|(one, other)| one == other).count();
    let from = same.saturating_sub(40);
    let cut = |text: &str| text.chars().skip(from).take(120).collect::<String>().trim().to_owned();
    let place = format!("line {}, character {}", line + 1, same + 1);
    Some(mismatch(name, &place, &cut(x), &cut(y)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, recorded: &str, recomputed: &str) -> Mismatch {
        compare(name, Some(recorded.as_bytes()), recomputed.as_bytes()).unwrap()
    }

    #[test]
    fn equal_files_have_no_mismatch() {
        assert_eq!(compare("a.csv", Some(b"x,y\n1,2\n"), b"x,y\n1,2\n"), None);
    }

    #[test]
    fn the_first_differing_number_of_a_table_is_named() {
        let found = found("a.csv", "x,y\n1,2\n3,5\n", "x,y\n1,2\n3,4\n");
        assert_eq!(found.place, "line 3, column \"y\" (3, 4)");
        assert_eq!((found.recorded.as_str(), found.recomputed.as_str()), ("5", "4"));
    }

    #[test]
    fn missing_files_lines_and_damaged_pictures_are_named() {
        assert_eq!(compare("a.csv", None, b"x\n").unwrap().recorded, "missing");
        let lines = found("a.csv", "x\n1\n", "x\n1\n2\n3\n");
        assert_eq!(
            (lines.place.as_str(), lines.recorded.as_str(), lines.recomputed.as_str()),
            ("number of lines", "2", "4")
        );
        assert_eq!(found("a.png", "no picture", "?").place, "the picture");
        assert_eq!(found("m.json", "{\n\"a\": 1\n}", "{\n\"a\": 2\n}").place, "line 2, character 6");
    }
}
