//! Colours, dashes and text sizes: everything that makes the figures of one study look alike.

/// An opaque colour, `0xRRGGBB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink(pub u32);

pub(super) const INK: Ink = Ink(0x1F242B);
pub(super) const MUTED: Ink = Ink(0x5B6470);
pub(super) const AXIS: Ink = Ink(0x8A919B);
pub(super) const GRID: Ink = Ink(0xE6E8EB);
pub(super) const SHADE: Ink = Ink(0xF4F1EA);
pub(super) const WHITE: Ink = Ink(0xFFFFFF);
pub(super) const PAUSE: Ink = Ink(0x6FA8D6);
pub(super) const PAUSE_DARK: Ink = Ink(0x2A6CA3);
pub(super) const PAUSE_PALE: Ink = Ink(0xDCEAF6);
pub(super) const FREEZE: Ink = Ink(0xC9CED5);

impl Ink {
    pub(super) fn rgb(self) -> [u8; 3] {
        [(self.0 >> 16) as u8, (self.0 >> 8) as u8, self.0 as u8]
    }

    /// The colour `share` of the way from `self` to `other`.
    fn towards(self, other: Ink, share: f64) -> Ink {
        let mixed = |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * share).round() as u32;
        let (a, b) = (self.rgb(), other.rgb());
        Ink(mixed(a[0], b[0]) << 16 | mixed(a[1], b[1]) << 8 | mixed(a[2], b[2]))
    }

    /// Relative luminance as WCAG 2 defines it, for choosing dark or white text on a fill.
    fn luminance(self) -> f64 {
        let linear = self.rgb().map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { libm::pow((part + 0.055) / 1.055, 2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    /// Contrast ratio of two colours, 1 to 21 (WCAG 2).
    pub(super) fn contrast(self, other: Ink) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// White or dark text, whichever reads better on this fill.
    pub(super) fn text_on(self) -> Ink {
        if self.contrast(WHITE) >= self.contrast(INK) { WHITE } else { INK }
    }
}

/// How the lines and words of one role look, in every figure of a study.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RoleStyle {
    pub(super) line: Ink,
    pub(super) text: Ink,
    /// Lengths of dash and gap in pixels, alternating; empty for a solid line.
    pub(super) dash: &'static [f64],
}

/// The first scenario is solid and dark. Any two lines differ by a CIEDE2000 of 19 or more (tested) to the normal, the red-blind and the green-blind eye.
const ROLES: [RoleStyle; 7] = [
    RoleStyle { line: Ink(0x1F242B), text: Ink(0x1F242B), dash: &[] },
    RoleStyle { line: Ink(0xC94207), text: Ink(0xBE3D05), dash: &[34.0, 5.0] },
    RoleStyle { line: Ink(0x3C9F97), text: Ink(0x1F776F), dash: &[18.0, 5.0, 3.5, 5.0] },
    RoleStyle { line: Ink(0x0E1698), text: Ink(0x0E1698), dash: &[11.0, 5.0] },
    RoleStyle { line: Ink(0x946BE2), text: Ink(0x7A4CD2), dash: &[22.0, 4.5, 3.5, 4.5, 3.5, 4.5] },
    RoleStyle { line: Ink(0x7C020A), text: Ink(0x7C020A), dash: &[8.0, 4.0] },
    RoleStyle { line: Ink(0x39675C), text: Ink(0x39675C), dash: &[3.5, 3.0] },
];

/// The look of role `index`: 0 is the first scenario; beyond the palette the colours come round again.
pub(super) fn role(index: usize) -> RoleStyle {
    match index {
        0 => ROLES[0],
        _ => ROLES[1 + (index - 1) % (ROLES.len() - 1)],
    }
}

/// The colour of role `index` in every figure, as a page writes it: `#1f242b`.
pub fn role_ink(index: usize) -> String {
    format!("#{:06x}", role(index).line.0)
}

/// What is done to a server, as a colour: one ramp from pale to dark by severity, blue while paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Not under enforcement, or not aware of it: grey.
    Unaware,
    /// Reported, nothing throttled or blocked: pale yellow.
    Report,
    /// Throttled and blocked so many minutes of every hour: yellow to orange by throttling, red to dark red by blocking.
    Enforced {
        /// Throttled minutes per hour, 0 to 60.
        throttled: u8,
        /// Blocked minutes per hour, 0 to 60.
        blocked: u8,
    },
    /// Enforcement paused: blue.
    Paused,
    /// Compliant or gone: green-grey.
    Done,
}

impl Tone {
    pub(super) fn ink(self) -> Ink {
        match self {
            Tone::Unaware => Ink(0xD5D9DE),
            Tone::Report | Tone::Enforced { throttled: 0, blocked: 0 } => Ink(0xFDF5DA),
            Tone::Enforced { throttled, blocked: 0 } => {
                let share = (f64::from(throttled) / 30.0).min(1.0);
                Ink(0xFBE38C).towards(Ink(0xEB8F2D), share)
            }
            Tone::Enforced { blocked, .. } => {
                let share = ((f64::from(blocked) / 60.0).min(1.0).sqrt() - 0.25).max(0.0) / 0.75;
                match share {
                    s if s < 0.45 => Ink(0xE0662F).towards(Ink(0xBF2F23), s / 0.45),
                    s => Ink(0xBF2F23).towards(Ink(0x6B0F14), (s - 0.45) / 0.55),
                }
            }
            Tone::Paused => PAUSE,
            Tone::Done => Ink(0xBFDCCB),
        }
    }
}

const CAUSES: [Ink; 6] = [Ink(0x3B83BD), Ink(0x00795A), Ink(0x9AA1AB), Ink(0xD9A032), Ink(0xA8467F), Ink(0xC84B00)];

/// The fill of cause number `index` (patch, upgrade, leave, ...).
pub(super) fn cause(index: usize) -> Ink {
    CAUSES[index % CAUSES.len()]
}

/// Text sizes (em, in pixels of the 1600 pixel page) and whether names stand at the ends of lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    pub(super) label: f64,
    pub(super) value: f64,
    pub(super) tick: f64,
    pub(super) small: f64,
    pub(super) line: f64,
    /// False inside an overview, whose key names the scenarios once for all panels.
    pub(super) names: bool,
}

impl Look {
    /// One figure to the page.
    pub(super) const PAGE: Look = Look { label: 21.0, value: 19.0, tick: 20.0, small: 17.0, line: 3.0, names: true };
    /// One of four figures on a page.
    pub(super) const PANEL: Look = Look { label: 18.0, value: 18.0, tick: 17.5, small: 17.0, line: 2.6, names: false };
}

#[cfg(test)]
mod eyes;

#[cfg(test)]
mod tests {
    use super::eyes::{Eye, distance};
    use super::*;

    /// CIEDE2000 between any two scenarios' lines, to any of the three eyes: some eight times what is just seen.
    const APART_MIN: f64 = 19.0;

    #[test]
    fn lines_differ_to_every_eye() {
        for eye in [Eye::Normal, Eye::RedBlind, Eye::GreenBlind] {
            for (a, role) in ROLES.iter().enumerate() {
                for (b, other) in ROLES[..a].iter().enumerate() {
                    let apart = distance(role.line, other.line, eye);
                    assert!(apart >= APART_MIN, "{a} and {b} to {eye:?}: {apart:.1}");
                }
            }
        }
        // What the measure must notice: these two were one colour to the red-blind eye.
        assert!(distance(Ink(0xC84B00), Ink(0x8A6100), Eye::RedBlind) < 1.0);
    }

    #[test]
    fn words_in_role_colours_read_on_white() {
        for index in 0..20 {
            let style = role(index);
            assert!(style.text.contrast(WHITE) >= 4.5, "{index}: {:.2}", style.text.contrast(WHITE));
            assert!(style.line.contrast(WHITE) >= 3.0, "{index}");
        }
    }

    #[test]
    fn severer_stages_are_darker() {
        let ladder = [(0, 0), (5, 0), (10, 0), (20, 0), (30, 5), (0, 10), (0, 20), (0, 60)];
        let light: Vec<f64> =
            ladder.map(|(throttled, blocked)| Tone::Enforced { throttled, blocked }.ink().luminance()).into();
        assert!(light.is_sorted_by(|a, b| a > b), "{light:?}");
    }
}
