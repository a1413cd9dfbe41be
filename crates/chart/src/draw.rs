//! Marks through plotters to SVG, and to the pixels of a PNG.
//!
//! plotters places everything on whole pixels, so it draws eight times as large as the page, and pixels are scaled down.
//! Only the embedded fonts are used, never those of the machine, so equal figures give equal bytes.

use brownout_kernel::watch::Watch;
use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::coord::Shift;
use plotters::element::{Circle, PathElement, Polygon};
use plotters::prelude::{DrawingArea, IntoDrawingArea, IntoFont, RGBAColor, ShapeStyle, Text, TextStyle};
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use tiny_skia::Pixmap;

use super::page::{Align, Mark, Page, Point, WIDTH, Words};
use super::pixels::{HANG_EM, PLOTTERS_EM, Pixels};
use super::readings::Readings;
use super::spec::Figure;
use super::theme::Ink;
use super::{layout, letters, png_text, text};

/// plotters pixels per page pixel.
const SCALE: f64 = 8.0;

/// Why a figure could not be drawn or a picture not be read.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The work was stopped before all figures were drawn.
    #[error(transparent)]
    Stopped(#[from] brownout_kernel::watch::Stopped),
    /// plotters refused a mark.
    #[error("cannot draw the figure: {0}")]
    Draw(String),
    /// There is no room for so large a picture.
    #[error("the figure is {width} x {height} pixels, for which there is no room")]
    NoRoom {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The picture could not be written as PNG.
    #[error("cannot write the figure as PNG")]
    Encode(#[source] png::EncodingError),
    /// A key is not 1 to 79 printable Latin letters, as PNG asks.
    #[error("\"{key}\" cannot name a text in a PNG: expected 1 to 79 Latin letters")]
    Key {
        /// The key as given.
        key: String,
    },
    /// The picture is larger than any that is drawn here.
    #[error("the picture is {width} x {height}; expected at most {most} million pixels")]
    TooLarge {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
        /// Most pixels, in millions.
        most: u64,
    },
    /// The bytes are not a whole, undamaged PNG.
    #[error("not a whole and undamaged PNG")]
    Damaged(#[source] png::DecodingError),
}

/// The figure as a self-contained SVG: it scales with the page it stands in and carries its text alternative.
///
/// Text stays text, set in Inter where the reader has it.
///
/// # Errors
/// [`ChartError::Draw`] if plotters refuses a mark.
pub fn svg(figure: &Figure) -> Result<String, ChartError> {
    svg_of(&layout::page(figure), figure)
}

/// A figure for a page that answers to a pointer.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    /// As of [`svg`], but without title, subtitle, notes and footer, which the page says in words of its own. What belongs to
    /// roles carries their numbers as `data-of`, and class `hid` if it is seen only while one of them is highlighted.
    pub svg: String,
    /// What can be read off it, as JSON: `curves` and `spots` with their places in pixels of a figure [`WIDTH`] wide; none if
    /// nothing can.
    pub readings: Option<String>,
}

/// A figure for a page that answers to a pointer.
///
/// # Errors
/// As [`svg`].
pub fn live(figure: &Figure) -> Result<Live, ChartError> {
    let page = layout::live(figure);
    let svg = owned(&svg_of(&page, figure)?, &page)?;
    Ok(Live { svg, readings: page.readings.as_ref().and_then(Readings::json) })
}

/// Writes to each element whose it is. plotters writes one element for each mark, behind the ground.
fn owned(svg: &str, page: &Page) -> Result<String, ChartError> {
    let mut owners = page.owners.iter();
    let mut out = String::with_capacity(svg.len() + svg.len() / 8);
    let is_element = |line: &str| ["<polyline", "<polygon", "<circle", "<text"].iter().any(|tag| line.starts_with(tag));
    for line in svg.lines() {
        let owner = if is_element(line) { owners.next() } else { None };
        match owner.filter(|owner| !owner.roles.is_empty()).and_then(|owner| Some((owner, line.split_once(' ')?))) {
            Some((owner, (tag, rest))) => {
                let of: Vec<String> = owner.roles.iter().map(usize::to_string).collect();
                let hidden = if owner.hidden { " class=\"hid\" visibility=\"hidden\"" } else { "" };
                out.push_str(&format!("{tag} data-of=\"{}\"{hidden} {rest}", of.join(" ")));
            }
            None => out.push_str(line),
        }
        out.push('\n');
    }
    match owners.next() {
        None => Ok(out),
        Some(_) => Err(ChartError::Draw("not every mark has become an element".to_owned())),
    }
}

fn svg_of(page: &Page, figure: &Figure) -> Result<String, ChartError> {
    let mut out = String::with_capacity(200_000);
    let size = (WIDTH * SCALE as u32, page.height * SCALE as u32);
    render(page, SVGBackend::with_string(&mut out, size), &Watch::never())?;
    Ok(dress(&out, figure, page.height))
}

/// The figure as a PNG, 1600 pixels wide and as high as its body asks (1000 for most), that carries the given texts
/// (key, value) in its metadata. Letters that the font lacks are numbers with a key below, whose names are in the metadata too.
///
/// # Errors
/// As [`svg`]; [`ChartError::NoRoom`] and [`ChartError::Encode`] if the picture cannot be made; [`ChartError::Key`].
pub fn png(figure: &Figure, text: &[(String, String)]) -> Result<Vec<u8>, ChartError> {
    png_watched(figure, text, &Watch::never())
}

/// As [`png()`], but asks at every mark and every few rows whether to go on.
///
/// # Errors
/// As [`png()`]; [`ChartError::Stopped`].
pub fn png_watched(figure: &Figure, text: &[(String, String)], watch: &Watch) -> Result<Vec<u8>, ChartError> {
    watch.check()?;
    let (figure, mut key) = letters::writable(figure);
    let mut page = layout::page(&figure);
    key.finish(&mut page);
    let (width, height) = (WIDTH, page.height);
    let mut picture = Pixmap::new(width, height).ok_or(ChartError::NoRoom { width, height })?;
    render(&page, Pixels::new(&mut picture, SCALE as u32), watch)?;
    let text: Vec<(String, String)> = text.iter().cloned().chain(key.metadata()).collect();
    png_text::encode(picture.data(), (width, height), &text, watch)
}

/// Draws the marks of a page one after the other.
pub(super) fn render<B: DrawingBackend>(page: &Page, to: B, watch: &Watch) -> Result<(), ChartError> {
    let failed = |error: String| ChartError::Draw(error);
    let root = to.into_drawing_area();
    root.fill(&RGBAColor(255, 255, 255, 1.0)).map_err(|error| failed(error.to_string()))?;
    for mark in &page.marks {
        watch.check()?;
        mark_to(&root, mark).map_err(failed)?;
    }
    root.present().map_err(|error| failed(error.to_string()))
}

fn mark_to<B: DrawingBackend>(root: &DrawingArea<B, Shift>, mark: &Mark) -> Result<(), String> {
    let drawn = match mark {
        Mark::Stroke { points, ink, width, alpha } => {
            let width = (width * SCALE).round().max(1.0) as u32;
            root.draw(&PathElement::new(
                scaled(points),
                ShapeStyle { color: colour(*ink, *alpha), filled: false, stroke_width: width },
            ))
        }
        Mark::Fill { points, ink, alpha } => root.draw(&Polygon::new(scaled(points), filled(*ink, *alpha))),
        Mark::Dot { centre, radius, ink } => {
            root.draw(&Circle::new(scale(*centre), (radius * SCALE).round() as i32, filled(*ink, 1.0)))
        }
        Mark::Words(words) => root.draw(&text_of(words)),
    };
    drawn.map_err(|error| error.to_string())
}

fn text_of(words: &Words) -> Text<'_, (i32, i32), &str> {
    let family = if words.bold { text::FAMILY_BOLD } else { text::FAMILY };
    let across = match words.align {
        Align::Left => HPos::Left,
        Align::Centre => HPos::Center,
        Align::Right => HPos::Right,
    };
    let font = (family, words.size * SCALE * PLOTTERS_EM).into_font();
    let color = colour(words.ink, 1.0).to_backend_color();
    let style = TextStyle { font, color, pos: Pos::new(across, VPos::Top) };
    Text::new(words.text.as_str(), scale((words.at.0, words.at.1 - words.size * HANG_EM)), style)
}

fn colour(ink: Ink, alpha: f64) -> RGBAColor {
    let [red, green, blue] = ink.rgb();
    RGBAColor(red, green, blue, alpha)
}

fn filled(ink: Ink, alpha: f64) -> ShapeStyle {
    ShapeStyle { color: colour(ink, alpha), filled: true, stroke_width: 0 }
}

fn scale(point: Point) -> (i32, i32) {
    ((point.0 * SCALE).round() as i32, (point.1 * SCALE).round() as i32)
}

fn scaled(points: &[Point]) -> Vec<(i32, i32)> {
    points.iter().copied().map(scale).collect()
}

/// Gives plotters' SVG a size that follows its place, a text alternative, round corners, and real font names.
fn dress(raw: &str, figure: &Figure, height: u32) -> String {
    let alt = if figure.alt.is_empty() { format!("{}. {}", figure.title, figure.subtitle) } else { figure.alt.clone() };
    let body = raw.split_once('>').map_or(raw, |(_, body)| body);
    let (width, height) = (WIDTH * SCALE as u32, height * SCALE as u32);
    let head = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         stroke-linejoin=\"round\" stroke-linecap=\"butt\">\n<title>{}</title>\n<desc>{}</desc>",
        escape(&figure.title),
        escape(&alt)
    );
    let fallback = "Inter, Helvetica, Arial, sans-serif";
    let body = body
        .replace("font-family=\"Inter SemiBold\"", &format!("font-family=\"{fallback}\" font-weight=\"600\""))
        .replace("font-family=\"Inter\"", &format!("font-family=\"{fallback}\""));
    head + &body
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
