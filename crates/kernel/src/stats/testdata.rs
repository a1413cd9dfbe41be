//! Published survival data and small tools for the tests of this directory.
//!
//! One number per person: the time, negative where it is censored.

use super::LifeTable;

/// Acute myelogenous leukaemia, weeks: the arm with maintenance. Miller, *Survival Analysis* (1981); R's `aml`.
#[rustfmt::skip]
pub(crate) const AML_MAINTAINED: &[i32] = &[
    9, 13, -13, 18, 23, -28, 31, 34, -45, 48, -161,
];

/// The same trial: the arm without maintenance.
#[rustfmt::skip]
pub(crate) const AML_CONTROL: &[i32] = &[
    5, 5, 8, 8, 12, -16, 23, 27, 30, 33, 43, 45,
];

/// Remission of acute leukaemia, weeks: placebo. Freireich and others, *Blood* 21 (1963).
#[rustfmt::skip]
pub(crate) const FREIREICH_CONTROL: &[i32] = &[
    1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23,
];

/// The same trial: 6-mercaptopurine.
#[rustfmt::skip]
pub(crate) const FREIREICH_6MP: &[i32] = &[
    6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35,
];

/// Advanced lung cancer, days. North Central Cancer Treatment Group; Loprinzi and others, *J. Clin. Oncol.* 12 (1994).
/// R's `lung`, read from `datasets/lung.csv` of Python's lifelines 0.30.3.
#[rustfmt::skip]
pub(crate) const LUNG: &[i32] = &[
    5, 11, 11, 11, 12, 13, 13, 15, 26, 30, 31, 53, 53, 54, 59, 60, 60, 61, 62, 65, 65, 71, 79, 81, 81, 88, 88, 92,
    -92, 93, 95, 95, 105, -105, 107, 107, 110, 116, 118, 122, 131, 132, 132, 135, 142, 144, 145, 145, 147, 153,
    156, 156, 163, 163, 163, 166, 166, 167, 170, -173, -174, 175, -175, 176, 177, -177, 179, 179, 180, 181, 181,
    182, 183, -185, 186, -188, 189, -191, -192, 194, -196, 197, -197, 199, 201, 201, 202, -202, -203, 207, 208,
    210, -211, 212, 218, -221, 222, -222, 223, -224, -225, -225, 226, 229, 230, -235, -237, 239, 239, -240, -243,
    245, 246, -252, -259, -266, 267, 268, 269, -269, 270, -272, -276, -279, 283, 284, -284, 285, 285, 286, 288,
    291, -292, -292, 293, -296, -300, 301, -301, 303, -303, 305, 306, 310, 310, -315, 320, 329, -332, 337, 340,
    345, 348, 350, 351, 353, 353, -356, 361, 363, 363, 364, -364, 371, 371, -376, -382, -384, 387, 390, 394, -404,
    -413, 426, 428, 429, 433, 442, 444, -444, 450, 455, 457, -458, 460, 473, 477, -511, -511, 519, 520, 524, 524,
    -529, 533, -543, 550, -551, 558, -559, 567, 574, 583, -588, 613, 624, 641, 643, 654, 655, 687, 689, 705, 707,
    728, 731, 735, -740, 765, 791, -806, 814, -821, -840, 883, -965, -1010, -1022,
];

/// The women of [`LUNG`], those whom R's `lung` gives `sex` 2.
#[rustfmt::skip]
pub(crate) const LUNG_WOMEN: &[i32] = &[
    5, 60, 61, 62, 79, 81, -92, 95, -105, 107, 122, 145, 145, 153, 166, 167, -173, -175, -177, 182, 186, -192, 194,
    199, 201, 201, -202, -203, 208, -211, -224, 226, -235, 239, -240, -243, 245, -252, -266, 268, -269, -272, -276,
    285, -292, 293, -296, 305, 310, -315, -332, 340, 345, 348, 350, 351, -356, 361, 363, -364, 371, -376, -382,
    -384, 426, 433, 444, 450, 473, -511, -511, 520, 524, -529, -543, 550, -551, -559, -588, 641, 654, 687, 705, 728,
    731, 735, -740, 765, -821, -965,
];

/// The men of [`LUNG`]: all of it but the women.
pub(crate) fn lung_men() -> Vec<i32> {
    let mut men = LUNG.to_vec();
    for woman in LUNG_WOMEN {
        men.remove(men.iter().position(|person| person == woman).unwrap());
    }
    men
}

/// Veterans' Administration lung cancer trial, days: standard treatment. Kalbfleisch and Prentice (1980), R's
/// `veteran`; read from `veteran.arff` of Python's scikit-survival, which has it from
/// lib.stat.cmu.edu/datasets/veteran.
#[rustfmt::skip]
pub(crate) const VETERAN_STANDARD: &[i32] = &[
    3, 4, 7, 8, 8, 10, 10, 11, 12, 12, 13, 16, 18, 18, 20, 21, 22, -25, 27, 30, 31, 35, 42, 51, 52, 54, 54, 56,
    59, 63, 72, 82, 92, 95, -97, 100, -100, 103, 105, 110, 117, 117, 118, 122, -123, 126, 132, 139, 143, 144, 151,
    153, 156, 162, 162, 177, -182, 200, 216, 228, 250, 260, 278, 287, 314, 384, 392, 411, 553,
];

/// The same trial: test treatment.
#[rustfmt::skip]
pub(crate) const VETERAN_TEST: &[i32] = &[
    1, 1, 2, 7, 7, 8, 8, 13, 15, 15, 18, 19, 19, 20, 21, 24, 24, 25, 25, 25, 29, 30, 31, 33, 36, 43, 44, 45, 48,
    49, 51, 51, 52, 52, 53, 61, 73, 80, 80, -83, 84, 87, -87, 90, 95, 99, 99, -103, 111, 111, 112, 133, 140, 164,
    186, 201, 231, -231, 242, 283, 340, 357, 378, 389, 467, 587, 991, 999,
];

/// Monoclonal gammopathy, by the year in which something first happened, counted from diagnosis: (year, [plasma cell
/// malignancy, death before it], censored). Kyle, *Mayo Clin. Proc.* 68 (1993); the first rows (`start == 0`) of R's `mgus1` with
/// `ceiling(stop / 365.25)`, so that nearly every year has ties of both causes.
#[rustfmt::skip]
pub(crate) const MGUS: &[(i32, [u64; 2], u64)] = &[
    (1, [1, 14], 0), (2, [1, 9], 0), (3, [1, 8], 0), (4, [5, 3], 0), (5, [3, 10], 0), (6, [3, 6], 0),
    (7, [4, 8], 0), (8, [7, 7], 0), (9, [2, 8], 0), (10, [4, 3], 0), (11, [6, 3], 0), (12, [4, 5], 0),
    (13, [2, 3], 0), (14, [3, 6], 0), (15, [1, 6], 0), (16, [1, 5], 0), (17, [3, 10], 0), (18, [0, 3], 0),
    (19, [2, 7], 0), (20, [1, 2], 0), (21, [2, 1], 0), (22, [0, 3], 0), (23, [0, 3], 0), (24, [0, 5], 0),
    (25, [2, 7], 0), (26, [0, 2], 0), (27, [2, 3], 0), (28, [1, 3], 0), (29, [1, 1], 0), (30, [0, 1], 0),
    (31, [0, 1], 0), (32, [2, 1], 2), (33, [0, 1], 5), (34, [0, 1], 4), (35, [0, 1], 1), (36, [0, 1], 1),
    (37, [0, 1], 0), (39, [0, 1], 0), (40, [0, 0], 1),
];

/// A published set as a table with one cause.
pub(crate) fn table(data: &[i32]) -> LifeTable {
    let observations = data.iter().map(|&time| (f64::from(time.abs()), usize::from(time > 0)));
    LifeTable::from_observations(1, observations).unwrap()
}

/// What 10^15 people do, to the nearest person, under constant hazards in each of `steps` steps of length `step`; those
/// left at the end are censored there.
///
/// `hazards` maps a step, counted from 1, to the hazard of each cause.
pub(crate) fn exponential_table(
    steps: usize,
    step: f64,
    cause_count: usize,
    hazards: impl Fn(usize) -> Vec<f64>,
) -> LifeTable {
    let mut left = 1_000_000_000_000_000_u64;
    let mut rows: Vec<(f64, Vec<u64>, u64)> = Vec::new();
    for index in 1..=steps {
        let hazards = hazards(index);
        let total: f64 = hazards.iter().sum();
        let leaving = left as f64 * -libm::expm1(-total * step);
        let events: Vec<u64> = hazards.iter().map(|hazard| (leaving * hazard / total).round() as u64).collect();
        left -= events.iter().sum::<u64>();
        rows.push((index as f64 * step, events, 0));
    }
    rows.last_mut().unwrap().2 = left;
    let rows = rows.iter().map(|(time, events, censored)| (*time, events.as_slice(), *censored));
    LifeTable::from_counts(cause_count, rows).unwrap()
}

/// Uniform numbers between 0 and 1, both excluded, for tests: SplitMix64 (Steele, Lea and Flood, 2014).
pub(crate) fn uniforms(seed: u64) -> impl Iterator<Item = f64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    })
}

/// Fails unless `actual` lies within `within` of `expected`.
#[track_caller]
pub(crate) fn assert_near(actual: f64, expected: f64, within: f64) {
    assert!((actual - expected).abs() <= within, "{actual} is not {expected} to within {within}");
}
