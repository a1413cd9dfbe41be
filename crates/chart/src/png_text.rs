//! PNG bytes with texts in their metadata, written and read back.

use std::io::{Cursor, Write};

use brownout_kernel::watch::Watch;
use png::{BitDepth, ColorType, Compression, DecodeOptions, Decoder, Encoder, Transformations};

use super::draw::ChartError;

/// Rows of a picture between two questions whether to go on: a few milliseconds.
const ROWS: usize = 40;

/// A picture of (width, height) as PNG, with the texts as iTXt chunks before the pixels.
///
/// - `rgba`: four bytes a pixel. The ground is opaque, so no pixel is translucent and alpha is left out.
pub(super) fn encode(
    rgba: &[u8],
    (width, height): (u32, u32),
    text: &[(String, String)],
    watch: &Watch,
) -> Result<Vec<u8>, ChartError> {
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
    let mut pixels = writer.stream_writer().map_err(ChartError::Encode)?;
    let mut rgb = Vec::with_capacity(width as usize * 3 * ROWS);
    for rows in rgba.chunks(width as usize * 4 * ROWS) {
        watch.check()?;
        rgb.clear();
        rgb.extend(rows.chunks_exact(4).flat_map(|pixel| &pixel[..3]));
        pixels.write_all(&rgb).map_err(|error| ChartError::Encode(error.into()))?;
    }
    pixels.finish().map_err(ChartError::Encode)?;
    writer.finish().map_err(ChartError::Encode)?;
    Ok(bytes)
}

/// PNG's rule: 1 to 79 printable Latin-1 characters, no blank at either end and none doubled.
fn is_key(key: &str) -> bool {
    let printable = |c: char| matches!(c as u32, 32..=126 | 161..=255);
    (1..=79).contains(&key.chars().count()) && key.chars().all(printable) && key.trim() == key && !key.contains("  ")
}

/// Most pixels of a picture that is read; ours have 1.6 million, those of large fleets some ten times as many.
const PIXELS_MAX: u64 = 40_000_000;
/// Most bytes of text in a picture once it is inflated: the inputs of a study, several times over.
const TEXT_MAX: usize = 64 << 20;

/// A picture as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Three bytes a pixel, row by row; what was transparent is as if on black.
    pub rgb: Vec<u8>,
    /// The texts, as (key, value) in the order of the file.
    pub texts: Vec<(String, String)>,
}

/// The texts in a PNG, as (key, value) in the order of the file.
///
/// The whole picture is read, so that damage anywhere is noticed: every chunk's checksum is compared, those of texts
/// and other side matters too. Memory is bounded whatever the file claims: pixels come row by row.
///
/// # Errors
/// [`ChartError::Damaged`] if the bytes are cut short, changed, or no PNG at all, [`ChartError::TooLarge`] if they claim more
/// pixels than any picture has.
pub fn read_png_text(bytes: &[u8]) -> Result<Vec<(String, String)>, ChartError> {
    let mut rows = 0;
    let (_, _, texts) = walk(bytes, &mut |_, _| rows += 1)?;
    debug_assert!(rows > 0);
    Ok(texts)
}

/// A PNG with its pixels, whatever their depth and colours were, and its texts.
///
/// # Errors
/// As [`read_png_text`].
pub fn read_png(bytes: &[u8]) -> Result<Picture, ChartError> {
    let mut rgb = Vec::new();
    let (width, height, texts) = walk(bytes, &mut |row, color| match color {
        ColorType::Rgb | ColorType::Indexed => rgb.extend_from_slice(row),
        ColorType::Rgba => row.chunks_exact(4).for_each(|pixel| rgb.extend_from_slice(&pixel[..3])),
        ColorType::Grayscale => row.iter().for_each(|&grey| rgb.extend([grey; 3])),
        ColorType::GrayscaleAlpha => row.chunks_exact(2).for_each(|pixel| rgb.extend([pixel[0]; 3])),
    })?;
    Ok(Picture { width, height, rgb, texts })
}

/// Size and texts of a picture.
type Walked = (u32, u32, Vec<(String, String)>);

/// Walks through a picture row by row, eight bits a colour.
fn walk(bytes: &[u8], each: &mut dyn FnMut(&[u8], ColorType)) -> Result<Walked, ChartError> {
    let mut options = DecodeOptions::default();
    options.set_ignore_checksums(false);
    options.set_skip_ancillary_crc_failures(false);
    let mut decoder = Decoder::new_with_options(Cursor::new(bytes), options);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let (width, height) = decoder.read_header_info().map_err(ChartError::Damaged)?.size();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(ChartError::TooLarge { width, height, most: PIXELS_MAX / 1_000_000 });
    }
    let mut reader = decoder.read_info().map_err(ChartError::Damaged)?;
    let (color, _) = reader.output_color_type();
    while let Some(row) = reader.next_row().map_err(ChartError::Damaged)? {
        each(row.data(), color);
    }
    reader.finish().map_err(ChartError::Damaged)?;
    let info = reader.info();
    let mut texts: Vec<(String, String)> =
        info.uncompressed_latin1_text.iter().map(|chunk| (chunk.keyword.clone(), chunk.text.clone())).collect();
    let mut left = TEXT_MAX;
    for chunk in &info.utf8_text {
        let mut chunk = chunk.clone();
        chunk.decompress_text_with_limit(left).map_err(ChartError::Damaged)?;
        let text = chunk.get_text().map_err(ChartError::Damaged)?;
        left = left.saturating_sub(text.len());
        texts.push((chunk.keyword.clone(), text));
    }
    Ok((width, height, texts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        let text = [("study".to_owned(), "floor – 2026 ✓".to_owned()), ("seed".to_owned(), "42".to_owned())];
        encode(&[200; 30 * 20 * 4], (30, 20), &text, &Watch::never()).unwrap()
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
            let result = encode(&[0; 4], (1, 1), &[(key.to_owned(), String::new())], &Watch::never());
            assert!(matches!(result, Err(ChartError::Key { .. })), "{key}");
        }
    }

    #[test]
    fn pixels_come_back_whatever_they_were_packed_as() {
        let picture = read_png(&sample()).unwrap();
        assert_eq!((picture.width, picture.height, picture.rgb.len()), (30, 20, 30 * 20 * 3));
        assert!(picture.rgb.iter().all(|&byte| byte == 200) && picture.texts.len() == 2);
        let mut grey = Vec::new();
        let mut encoder = Encoder::new(&mut grey, 30, 20);
        encoder.set_color(ColorType::Grayscale);
        encoder.set_compression(Compression::High);
        encoder.write_header().unwrap().write_image_data(&[200; 30 * 20]).unwrap();
        assert_eq!(read_png(&grey).unwrap().rgb, picture.rgb);
    }

    #[test]
    fn a_picture_that_inflates_beyond_all_measure_is_refused_unread() {
        let mut bytes = Vec::new();
        let encoder = Encoder::new(&mut bytes, 100_000, 100_000);
        drop(encoder.write_header());
        assert!(matches!(read_png_text(&bytes), Err(ChartError::TooLarge { width: 100_000, .. })));
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 1, 1);
        let mut chunk = png::text_metadata::ITXtChunk::new("bomb", "0".repeat(TEXT_MAX + 1));
        chunk.compressed = true;
        encoder.set_color(ColorType::Grayscale);
        let mut writer = encoder.write_header().unwrap();
        writer.write_text_chunk(&chunk).unwrap();
        writer.write_image_data(&[0]).unwrap();
        writer.finish().unwrap();
        assert!(bytes.len() < 1 << 20, "{}", bytes.len());
        assert!(matches!(read_png_text(&bytes), Err(ChartError::Damaged(_))));
    }
}
