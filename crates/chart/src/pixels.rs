//! A page turned into pixels: a backend of plotters that fills and strokes with tiny-skia.
//!
//! plotters' own bitmap backend has no smooth edges and sets letters on whole pixels; this one is handed the marks that the SVG
//! is made of, in its coordinates, and scales them down.

use std::convert::Infallible;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};
use tiny_skia::{Color, FillRule, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform};

use super::face::Line;

/// plotters' text sizes are line heights: its SVG writes size / 1.24 as the em.
pub(super) const PLOTTERS_EM: f64 = 1.24;
/// plotters' SVG hangs text this many em below its position.
pub(super) const HANG_EM: f64 = 0.76;

type Done = Result<(), DrawingErrorKind<Infallible>>;

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
    type ErrorType = Infallible;

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

    /// Along the base line from the left, as all words of figures are.
    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, pos: BackendCoord) -> Done {
        let Some(line) = Line::set(text, style.family().as_str()) else { return Ok(()) };
        let em = style.size() / PLOTTERS_EM;
        let before = match style.anchor().h_pos {
            HPos::Left => 0.0,
            HPos::Center => line.width() / 2.0,
            HPos::Right => line.width(),
        };
        let below = match style.anchor().v_pos {
            VPos::Top => HANG_EM,
            VPos::Center | VPos::Bottom => 0.0,
        };
        let start = (f64::from(pos.0) - before * em, f64::from(pos.1) + below * em);
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
