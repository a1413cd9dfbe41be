//! A page turned into pixels: a backend of plotters that fills and strokes with tiny-skia.
//!
//! plotters' own bitmap backend has no smooth edges and sets letters on whole pixels; this one is handed the marks that the SVG
//! is made of, in its coordinates, and scales them down.

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform,
};
use tiny_skia::{Color, FillRule, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform};

use super::face::Line;

/// plotters' text sizes are line heights: its SVG writes size / 1.24 as the em.
pub(super) const PLOTTERS_EM: f64 = 1.24;
/// plotters' SVG hangs text this many em below its position.
pub(super) const HANG_EM: f64 = 0.76;

/// Words that cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotWritten {
    #[error("the font \"{0}\" is not embedded")]
    Font(String),
    #[error("words hang from their place and run from left to right; others are not drawn")]
    Place,
}

type Done = Result<(), DrawingErrorKind<NotWritten>>;

/// Pixels to be drawn on, `scale` of plotters' to one of ours.
pub(super) struct Pixels<'a> {
    picture: &'a mut Pixmap,
    scale: u32,
}

impl<'a> Pixels<'a> {
    /// Draws on `picture`, which stays as it is where nothing is drawn.
    pub(super) fn new(picture: &'a mut Pixmap, scale: u32) -> Self {
        Pixels { picture, scale }
    }

    fn down(&self) -> Transform {
        let down = 1.0 / self.scale as f32;
        Transform::from_scale(down, down)
    }

    /// Fills a shape; one without an area is left out, as in SVG.
    fn fill(&mut self, path: Option<Path>, color: BackendColor) -> Done {
        if let Some(path) = path {
            let down = self.down();
            self.picture.fill_path(&path, &paint(color), FillRule::Winding, down, None);
        }
        Ok(())
    }

    fn stroke(&mut self, path: Option<Path>, color: BackendColor, width: u32) -> Done {
        if let Some(path) = path {
            let (down, stroke) =
                (self.down(), Stroke { width: width as f32, line_join: LineJoin::Round, ..Stroke::default() });
            self.picture.stroke_path(&path, &paint(color), &stroke, down, None);
        }
        Ok(())
    }

    fn fill_or_stroke<S: BackendStyle>(&mut self, path: Option<Path>, style: &S, fill: bool) -> Done {
        if fill { self.fill(path, style.color()) } else { self.stroke(path, style.color(), style.stroke_width()) }
    }
}

impl DrawingBackend for Pixels<'_> {
    type ErrorType = NotWritten;

    fn get_size(&self) -> (u32, u32) {
        (self.picture.width() * self.scale, self.picture.height() * self.scale)
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Done {
        self.fill(rectangle(point, (point.0 + 1, point.1 + 1)), color)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Done {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Done {
        self.fill_or_stroke(rectangle(upper_left, bottom_right), style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
        self.stroke(along(path).finish(), style.color(), style.stroke_width())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
        let mut path = along(path);
        path.close();
        self.fill(path.finish(), style.color())
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, fill: bool) -> Done {
        let (x, y) = point(center);
        self.fill_or_stroke(PathBuilder::from_circle(x, y, radius as f32), style, fill)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, pos: BackendCoord) -> Done {
        let anchor = style.anchor();
        if !matches!((&anchor.v_pos, style.transform()), (VPos::Top, FontTransform::None)) {
            return Err(DrawingErrorKind::DrawingError(NotWritten::Place));
        }
        let family = style.family();
        let font = || DrawingErrorKind::DrawingError(NotWritten::Font(family.as_str().to_owned()));
        let line = Line::set(text, family.as_str()).ok_or_else(font)?;
        let em = style.size() / PLOTTERS_EM;
        let before = match anchor.h_pos {
            HPos::Left => 0.0,
            HPos::Center => line.width() / 2.0,
            HPos::Right => line.width(),
        };
        let start = (f64::from(pos.0) - before * em, f64::from(pos.1) + HANG_EM * em);
        self.fill(line.path(start, em), style.color())
    }
}

fn paint(color: BackendColor) -> Paint<'static> {
    let mut paint = Paint::default();
    let (red, green, blue) = color.rgb;
    let mut color8 = Color::from_rgba8(red, green, blue, u8::MAX);
    color8.apply_opacity(color.alpha as f32);
    paint.set_color(color8);
    paint
}

fn point(at: BackendCoord) -> (f32, f32) {
    (at.0 as f32, at.1 as f32)
}

fn rectangle(upper_left: BackendCoord, bottom_right: BackendCoord) -> Option<Path> {
    let ((left, top), (right, bottom)) = (point(upper_left), point(bottom_right));
    Rect::from_ltrb(left, top, right, bottom).map(PathBuilder::from_rect)
}

/// A path from point to point.
fn along(points: impl IntoIterator<Item = BackendCoord>) -> PathBuilder {
    let mut path = PathBuilder::new();
    for (x, y) in points.into_iter().map(point) {
        if path.is_empty() { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::super::draw::render;
    use super::super::page::{Align, Page, Words};
    use super::super::theme::Ink;
    use super::*;
    use brownout_kernel::watch::Watch;

    /// Left, top, right and bottom of what is not white, edges included.
    fn inked(draw: impl FnOnce(&mut Page)) -> [u32; 4] {
        let (mut page, mut picture) = (Page::default(), Pixmap::new(400, 200).unwrap());
        draw(&mut page);
        render(&page, Pixels::new(&mut picture, 8), &Watch::never()).unwrap();
        let white =
            |x, y| picture.pixel(x, y).unwrap().demultiply() == tiny_skia::ColorU8::from_rgba(255, 255, 255, 255);
        let dark: Vec<(u32, u32)> =
            (0..400).flat_map(|x| (0..200).map(move |y| (x, y))).filter(|&(x, y)| !white(x, y)).collect();
        let range =
            |of: fn(&(u32, u32)) -> u32| (dark.iter().map(of).min().unwrap(), dark.iter().map(of).max().unwrap());
        let ((left, right), (top, bottom)) = (range(|at| at.0), range(|at| at.1));
        [left, top, right, bottom]
    }

    const BLACK: Ink = super::super::theme::INK;

    #[test]
    fn shapes_cover_the_pixels_between_their_corners() {
        let corners = [(20.0, 30.0), (50.0, 30.0), (50.0, 70.0), (20.0, 70.0)];
        assert_eq!(inked(|page| page.fill(&corners, BLACK, 1.0)), [20, 30, 49, 69]);
        assert_eq!(inked(|page| page.stroke(&[(20.0, 50.0), (80.0, 50.0)], BLACK, 4.0)), [20, 48, 79, 51]);
    }

    /// An H stands on the base line, has 0.727 em in height (Inter's capitals) and stems to both sides of the middle.
    #[test]
    fn words_stand_on_their_base_line_where_they_are_aligned() {
        let at = |align| inked(|page| page.words(Words::new("H", (200.0, 100.0), 100.0, BLACK).align(align)));
        let [left, top, right, bottom] = at(Align::Centre);
        assert_eq!((top, bottom), (27, 99));
        assert!(left + right == 399 || left + right == 400, "{left} {right}");
        assert!(at(Align::Left)[0] > 200 && at(Align::Right)[2] < 200);
    }

    /// Both backends read sizes and places of words alike; plotters' own says so only in what it writes.
    #[test]
    fn the_svg_hangs_its_words_as_far_and_makes_them_as_large() {
        let svg = super::super::svg(&super::super::samples::lines(2)).unwrap();
        assert!(svg.contains(&format!("dy=\"{HANG_EM}em\"")));
        // A title of 38 pixels, eight times as large.
        assert!(
            svg.contains("font-size=\"304\""),
            "{}",
            svg.lines().find(|line| line.starts_with("<text")).unwrap_or("")
        );
    }
}
