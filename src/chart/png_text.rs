//! PNG bytes with texts in their metadata, written and read back.

use std::io::Cursor;

use png::{BitDepth, ColorType, Compression, DecodeOptions, Decoder, Encoder};

use super::draw::ChartError;

/// An RGB picture as PNG, with the texts as iTXt chunks before the pixels.
pub(super) fn encode(rgb: &[u8], width: u32, height: u32, text: &[(String, String)]) -> Result<Vec<u8>, ChartError> {
    let mut bytes = Vec::with_capacity(200_000);
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    for (key, value) in text {
        if !is_key(key) {
            return Err(ChartError::Key { key: key.clone() });
        }
        encoder.add_itxt_chunk(key.clone(), value.clone()).map_err(ChartError::Encode)?;
    }
    let mut writer = encoder.write_header().map_err(ChartError::Encode)?;
    writer.write_image_data(rgb).map_err(ChartError::Encode)?;
    writer.finish().map_err(ChartError::Encode)?;
    Ok(bytes)
}

/// PNG's rule: 1 to 79 printable Latin-1 characters, no blank at either end and none doubled.
fn is_key(key: &str) -> bool {
    let printable = |c: char| matches!(c as u32, 32..=126 | 161..=255);
    (1..=79).contains(&key.chars().count()) && key.chars().all(printable) && key.trim() == key && !key.contains("  ")
}

/// The texts in a PNG, as (key, value) in the order of the file.
///
/// The whole picture is read, so that damage anywhere is noticed: every chunk's checksum is compared, those of texts
/// and other side matters too.
///
/// # Errors
/// [`ChartError::Damaged`] if the bytes are cut short, changed, or no PNG at all.
pub fn read_png_text(bytes: &[u8]) -> Result<Vec<(String, String)>, ChartError> {
    let mut options = DecodeOptions::default();
    options.set_ignore_checksums(false);
    options.set_skip_ancillary_crc_failures(false);
    let mut reader = Decoder::new_with_options(Cursor::new(bytes), options).read_info().map_err(ChartError::Damaged)?;
    let mut row_count = 0;
    while reader.next_row().map_err(ChartError::Damaged)?.is_some() {
        row_count += 1;
    }
    debug_assert!(row_count > 0);
    reader.finish().map_err(ChartError::Damaged)?;
    let info = reader.info();
    let mut texts: Vec<(String, String)> =
        info.uncompressed_latin1_text.iter().map(|chunk| (chunk.keyword.clone(), chunk.text.clone())).collect();
    for chunk in &info.utf8_text {
        texts.push((chunk.keyword.clone(), chunk.get_text().map_err(ChartError::Damaged)?));
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        let text = [("study".to_owned(), "floor – 2026 ✓".to_owned()), ("seed".to_owned(), "42".to_owned())];
        encode(&[200; 30 * 20 * 3], 30, 20, &text).unwrap()
    }

    #[test]
    fn texts_come_back_as_given() {
        let texts = read_png_text(&sample()).unwrap();
        assert_eq!(texts, [("study".into(), "floor – 2026 ✓".into()), ("seed".into(), "42".into())]);
    }

    #[test]
    fn damage_in_any_byte_is_noticed() {
        let good = sample();
        for index in 0..good.len() {
            let mut bad = good.clone();
            bad[index] ^= 0x10;
            assert!(matches!(read_png_text(&bad), Err(ChartError::Damaged(_))), "byte {index} of {}", good.len());
        }
        for length in 0..good.len() {
            assert!(matches!(read_png_text(&good[..length]), Err(ChartError::Damaged(_))), "first {length} bytes");
        }
    }

    #[test]
    fn refuses_keys_that_png_cannot_hold() {
        for key in ["", " seed", "a  b", "ключ", &"k".repeat(80)] {
            let result = encode(&[0; 3], 1, 1, &[(key.to_owned(), String::new())]);
            assert!(matches!(result, Err(ChartError::Key { .. })), "{key}");
        }
    }
}
