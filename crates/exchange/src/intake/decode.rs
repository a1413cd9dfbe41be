//! Bytes to text: the encodings PowerShell writes, and a refusal of what is no text.

use super::problem::IntakeError;

/// The most bytes that are read; a thousand servers take about one megabyte.
const BYTES_MAX: usize = 4 << 20;

/// The text of a file, with line ends made `\n` and terminal colours removed.
pub(super) fn decode(bytes: &[u8], warnings: &mut Vec<String>) -> Result<String, IntakeError> {
    if bytes.len() > BYTES_MAX {
        return Err(IntakeError::TooLarge { bytes: bytes.len(), limit: BYTES_MAX });
    }
    let text = letters(bytes);
    refuse_binary(&text)?;
    if text.contains('\u{FFFD}') {
        warnings.push("some bytes are not valid text and were replaced; save the report as UTF-8".to_owned());
    }
    Ok(without_colours(&text.replace("\r\n", "\n").replace('\r', "\n")))
}

/// The text of a table in any of these encodings; `None` for what is binary.
pub fn table_text(bytes: &[u8]) -> Option<String> {
    let text = letters(bytes);
    refuse_binary(&text).is_ok().then_some(text)
}

fn letters(bytes: &[u8]) -> String {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ if alternates(bytes, 1) => wide(bytes, u16::from_le_bytes),
        _ if alternates(bytes, 0) => wide(bytes, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => western(bytes),
        },
    }
}

/// UTF-16, with U+FFFD for what does not pair up or was cut off.
fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks(2).map(|pair| match pair {
        [a, b] => unit([*a, *b]),
        _ => 0xFFFD,
    });
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Windows-1252, in which Windows PowerShell and Excel write where they are not told otherwise; control characters it leaves open
/// stand for bytes that cannot be text.
fn western(bytes: &[u8]) -> String {
    const UPPER: [char; 32] = [
        '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}',
        '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
    ];
    let letter = |byte: &u8| match byte {
        0x80..=0x9f => UPPER[usize::from(byte - 0x80)],
        _ => char::from(*byte),
    };
    bytes.iter().map(letter).collect()
}

/// Whether every second byte from `zeros` on is 0 and no other is: UTF-16 of plain letters, without its mark.
fn alternates(bytes: &[u8], zeros: usize) -> bool {
    let head = &bytes[..bytes.len().min(64)];
    head.len() >= 8 && head.iter().enumerate().all(|(index, byte)| (*byte == 0) == (index % 2 == zeros))
}

/// NUL never occurs in text; a few other control characters and undecodable bytes may, a tenth of the text may not.
fn refuse_binary(text: &str) -> Result<(), IntakeError> {
    let odd = |c: char| c == char::REPLACEMENT_CHARACTER || (c.is_control() && !"\t\n\r\u{c}\u{1b}".contains(c));
    let odd_count = text.chars().filter(|c| odd(*c)).count();
    let nul = text.find('\0');
    let drowned = odd_count * 10 > text.chars().count();
    match nul.or_else(|| if drowned { text.find(odd) } else { None }) {
        Some(offset) => Err(IntakeError::NotText { offset }),
        None => Ok(()),
    }
}

/// Drops escape sequences such as `ESC [32;1m`, which PowerShell 7 writes around field names.
fn without_colours(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = piece.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        plain.push_str(rest.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, IntakeError> {
        decode(bytes, &mut Vec::new())
    }

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn every_encoding_powershell_writes_reads_alike() {
        let plain = "Build : 15.1.2507.16\n";
        let windows = plain.replace('\n', "\r\n");
        let marked = format!("\u{feff}{windows}");
        let variants = [
            windows.clone().into_bytes(),
            marked.clone().into_bytes(),
            utf16(&marked, u16::to_le_bytes),
            utf16(&marked, u16::to_be_bytes),
            utf16(&windows, u16::to_le_bytes),
            utf16(&windows, u16::to_be_bytes),
            b"\x1b[32;1mBuild : \x1b[0m15.1.2507.16\r\n".to_vec(),
        ];
        for bytes in &variants {
            assert_eq!(read(bytes).as_deref(), Ok(plain), "{bytes:?}");
        }
    }

    #[test]
    fn blank_files_are_blank_texts() {
        for bytes in [&b""[..], b" \r\n\t", b"\xEF\xBB\xBF", b"\xFF\xFE"] {
            assert_eq!(read(bytes).unwrap().trim(), "");
        }
    }

    #[test]
    fn binary_is_refused_where_it_begins() {
        assert_eq!(read(b"PK\x03\x04\x00\x00abc"), Err(IntakeError::NotText { offset: 4 }));
        assert!(matches!(read(&[0x81; 50]), Err(IntakeError::NotText { offset: 0 })));
        assert!(matches!(read(&vec![b'a'; BYTES_MAX + 1]), Err(IntakeError::TooLarge { .. })));
    }

    #[test]
    fn windows_1252_is_read_and_a_stray_byte_only_warns() {
        let mut warnings = Vec::new();
        assert_eq!(decode(b"Name : B\xFCro \x80", &mut warnings).as_deref(), Ok("Name : Büro €"));
        assert_eq!(warnings, Vec::<String>::new());
        assert!(decode(b"Name : B\x81ro server with a long name", &mut warnings).is_ok());
        assert_eq!(warnings.len(), 1);
    }
}
