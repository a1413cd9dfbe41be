//! How far apart two colours are to an eye, for tests of the palette.
//!
//! Red-blind and green-blind sight: Machado, Oliveira and Fernandes, IEEE TVCG 15 (2009), severity 1, on linear RGB. Distance:
//! CIEDE2000, Sharma, Wu and Dalal, Color Res. Appl. 30 (2005).

use super::Ink;

#[derive(Clone, Copy, Debug)]
pub(super) enum Eye {
    Normal,
    RedBlind,
    GreenBlind,
}

impl Eye {
    fn matrix(self) -> [[f64; 3]; 3] {
        match self {
            Eye::Normal => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            Eye::RedBlind => [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
            Eye::GreenBlind => [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_82, 0.042_94, 0.968_881],
            ],
        }
    }
}

fn times(matrix: [[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum())
}

/// CIE L*, a*, b* (D65).
fn lab(ink: Ink, eye: Eye) -> [f64; 3] {
    let linear = ink.rgb().map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    let seen = times(eye.matrix(), linear).map(|part| part.clamp(0.0, 1.0));
    let to_xyz = [
        [0.412_456_4, 0.357_576_1, 0.180_437_5],
        [0.212_672_9, 0.715_152_2, 0.072_175],
        [0.019_333_9, 0.119_192, 0.950_304_1],
    ];
    let [x, y, z] = times(to_xyz, seen);
    let f = |t: f64| if t > 216.0 / 24_389.0 { t.cbrt() } else { (24_389.0 / 27.0 * t + 16.0) / 116.0 };
    let [x, y, z] = [x / 0.950_47, y, z / 1.088_83].map(f);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIEDE2000 between two colours as the eye sees them.
pub(super) fn distance(a: Ink, b: Ink, eye: Eye) -> f64 {
    let ([l1, a1, b1], [l2, a2, b2]) = (lab(a, eye), lab(b, eye));
    let seventh = |c: f64| (c.powi(7) / (c.powi(7) + 25f64.powi(7))).sqrt();
    let g = 0.5 * (1.0 - seventh((a1.hypot(b1) + a2.hypot(b2)) / 2.0));
    let (a1, a2) = (a1 * (1.0 + g), a2 * (1.0 + g));
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let hue = |a: f64, b: f64| b.atan2(a).to_degrees().rem_euclid(360.0);
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let turn = if c1 * c2 == 0.0 { 0.0 } else { (h2 - h1 + 180.0).rem_euclid(360.0) - 180.0 };
    let (dl, dc, dh) = (l2 - l1, c2 - c1, 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin());
    let (l, c) = ((l1 + l2) / 2.0, (c1 + c2) / 2.0);
    let h = match (c1 * c2 == 0.0, (h1 - h2).abs() > 180.0) {
        (true, _) => h1 + h2,
        (_, false) => (h1 + h2) / 2.0,
        (_, true) => ((h1 + h2) / 2.0 + 180.0).rem_euclid(360.0),
    };
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0) - 0.2 * cos(4.0 * h - 63.0);
    let sl = 1.0 + 0.015 * (l - 50.0).powi(2) / (20.0 + (l - 50.0).powi(2)).sqrt();
    let (sc, sh) = (1.0 + 0.045 * c, 1.0 + 0.015 * c * t);
    let rotation = -2.0 * seventh(c) * (60.0 * (-((h - 275.0) / 25.0).powi(2)).exp()).to_radians().sin();
    let (l, c, h) = (dl / sl, dc / sc, dh / sh);
    (l * l + c * c + h * h + rotation * c * h).sqrt()
}

#[test]
fn the_distance_is_that_of_the_published_pairs() {
    // Grey to grey is lightness alone; black to white is 100.
    assert!((distance(Ink(0), Ink(0xFF_FFFF), Eye::Normal) - 100.0).abs() < 0.01);
    assert_eq!(distance(Ink(0x12_3456), Ink(0x12_3456), Eye::Normal), 0.0);
}
