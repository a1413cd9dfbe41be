//! Small multiples: cells for panels on shared axes, and where the key goes.

use super::page::Area;

/// The cells of a page, row by row, and the place for a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grid {
    pub(super) cells: Vec<Area>,
    pub(super) columns: usize,
    /// In a spare cell if there is one, otherwise at the right.
    pub(super) key: Area,
}

/// Between columns, where the last and the first label of two axes meet; and between rows.
const ACROSS: f64 = 48.0;
const DOWN: f64 = 32.0;

impl Grid {
    /// Room for `count` panels; `key_width` is taken off at the right when no cell is spare.
    pub(super) fn new(area: Area, count: usize, key_width: f64) -> Self {
        let (columns, rows) = shape(count);
        let spare = columns * rows - count.max(1);
        let right = if spare > 0 { area.right } else { area.right - key_width - ACROSS };
        let width = (right - area.left - ACROSS * (columns as f64 - 1.0)) / columns as f64;
        let height = (area.height() - DOWN * (rows as f64 - 1.0)) / rows as f64;
        let cell = |index: usize| {
            let left = area.left + (index % columns) as f64 * (width + ACROSS);
            let top = area.top + (index / columns) as f64 * (height + DOWN);
            Area::new(left, top, left + width, top + height)
        };
        let key = match spare {
            0 => Area::new(area.right - key_width, area.top, area.right, area.bottom),
            _ => Area { right: area.right, ..cell(count) },
        };
        Grid { cells: (0..count).map(cell).collect(), columns, key }
    }

    /// Whether no panel stands below this one, so that it must show the time axis.
    pub(super) fn is_lowest(&self, index: usize) -> bool {
        index + self.columns >= self.cells.len()
    }

    /// Whether this panel stands in the first column, so that it must show the value axis.
    pub(super) fn is_leftmost(&self, index: usize) -> bool {
        index.is_multiple_of(self.columns)
    }
}

fn shape(count: usize) -> (usize, usize) {
    match count {
        0 | 1 => (1, 1),
        2 => (2, 1),
        3 | 4 => (2, 2),
        5 | 6 => (3, 2),
        7..=9 => (3, 3),
        _ => (4, count.div_ceil(4)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_never_overlap_and_stay_inside() {
        let area = Area::new(48.0, 150.0, 1552.0, 950.0);
        for count in 0..=14 {
            let grid = Grid::new(area, count, 220.0);
            assert_eq!(grid.cells.len(), count);
            for (index, cell) in grid.cells.iter().chain([&grid.key]).enumerate() {
                assert!(cell.left >= 48.0 && cell.right <= 1552.01 && cell.bottom <= 950.01, "{count} {index}");
                assert!(!grid.cells.iter().take(index).any(|other| other.overlaps(cell)), "{count} {index}");
            }
        }
    }

    #[test]
    fn the_last_panel_of_each_column_shows_the_time_axis() {
        let grid = Grid::new(Area::new(0.0, 0.0, 1500.0, 800.0), 7, 200.0);
        let lowest: Vec<usize> = (0..7).filter(|&index| grid.is_lowest(index)).collect();
        assert_eq!(lowest, [4, 5, 6]);
    }
}
