//! Names and values at the ends of lines, pushed apart until none touches another.

use super::page::{Area, Page, Words};
use super::spec::Role;
use super::text;
use super::theme::{self, Look};

/// The name and the last value of a line, to stand where the line ends.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct EndLabel {
    pub(super) role: Role,
    pub(super) value: String,
    /// Height of the line's end.
    pub(super) y: f64,
    /// Orders lines that end together, the greatest on top: what they came to where they still differed.
    pub(super) rank: f64,
}

/// Things that are drawn on top of each other, as one thing under all their names: "announced = throttle kept".
///
/// The first of them gives colour and place.
pub(super) fn merged<T: Clone>(
    things: &[T],
    equal: impl Fn(&T, &T) -> bool,
    role: impl Fn(&mut T) -> &mut Role,
) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for thing in things {
        match kept.iter_mut().find(|known| equal(known, thing)) {
            Some(known) => {
                let other = role(&mut thing.clone()).clone();
                let first = role(known);
                first.name = format!("{} = {}", first.name, other.name);
                first.also.extend(other.indices());
            }
            None => kept.push(thing.clone()),
        }
    }
    kept
}

/// Ends that lie this close, in the text size of labels, are one end.
const TOGETHER: f64 = 0.8;

/// How many lines end where the line of a label ends, itself among them.
fn together(labels: &[EndLabel], label: &EndLabel, look: &Look) -> usize {
    labels.iter().filter(|other| (other.y - label.y).abs() < look.label * TOGETHER).count()
}

/// Whether a leader would be part of a fan.
fn crowded(labels: &[EndLabel], label: &EndLabel, look: &Look) -> bool {
    together(labels, label, look) > 2
}

/// Widest name before it is wrapped.
const NAME_WIDTH_MAX: f64 = 250.0;
/// Room between the plot and the labels, for the leaders.
const LEADER: f64 = 34.0;

fn name_lines(label: &EndLabel, look: &Look) -> Vec<String> {
    if !look.names {
        return Vec::new();
    }
    let mut lines = text::balance(&label.role.name, look.label, true, NAME_WIDTH_MAX);
    if lines.len() > 3 {
        let rest = lines.split_off(2).join(" ");
        lines.push(rest);
    }
    lines.iter().map(|line| text::cut(line, look.label, true, NAME_WIDTH_MAX)).collect()
}

fn value_line(label: &EndLabel, look: &Look) -> String {
    let alike = label.role.name.matches(" = ").count() + 1;
    let value = if look.names || alike == 1 { label.value.clone() } else { format!("{} ({alike} alike)", label.value) };
    text::cut(&value, look.value, false, NAME_WIDTH_MAX + 60.0)
}

/// Width to leave at the right of the plot.
pub(super) fn gutter(labels: &[EndLabel], look: &Look) -> f64 {
    let widest = labels.iter().flat_map(|label| {
        let value = text::width(&value_line(label, look), look.value, false);
        name_lines(label, look).into_iter().map(|line| text::width(&line, look.label, true)).chain([value])
    });
    let widest = widest.fold(0.0, f64::max);
    if widest > 0.0 { widest + LEADER + 6.0 } else { 10.0 }
}

/// Draws the labels right of the plot, in the order of their lines, inside the height of `room`.
pub(super) fn draw(page: &mut Page, plot: Area, room: (f64, f64), labels: &[EndLabel], look: &Look) {
    let (name_step, value_step) = (look.label * 1.16, look.value * 1.16);
    let heights: Vec<f64> =
        labels.iter().map(|label| name_lines(label, look).len() as f64 * name_step + value_step).collect();
    // Lines that end together are named in the order of what they came to.
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by(|&a, &b| labels[b].rank.total_cmp(&labels[a].rank));
    let mut centres = vec![0.0; labels.len()];
    for (nth, &index) in order.iter().enumerate() {
        let together = together(labels, &labels[index], look) > 1;
        let near = |other: &&EndLabel| (other.y - labels[index].y).abs() < look.label * TOGETHER;
        let highest = labels.iter().filter(near).map(|other| other.y).fold(f64::INFINITY, f64::min);
        centres[index] = if together { highest + nth as f64 * 1e-3 } else { labels[index].y };
    }
    let tops = spread(&centres, &heights, look.label * 0.45, room);
    for ((label, top), height) in labels.iter().zip(&tops).zip(&heights) {
        let style = theme::role(label.role.index);
        let x = plot.right + LEADER;
        let centre = top + height / 2.0;
        page.of(&label.role, |page| {
            if crowded(labels, label, look) {
                let y = top + if look.names { name_step * 0.55 } else { height / 2.0 };
                page.dashed(&[(x - 30.0, y), (x - 6.0, y)], style.line, look.line, style.dash);
            } else {
                page.stroke(&[(plot.right + 5.0, label.y), (x - 7.0, centre)], style.line, 1.2);
            }
            let mut y = *top;
            for line in name_lines(label, look) {
                page.words(Words::new(line, (x, y + look.label * 0.92), look.label, style.text).bold());
                y += name_step;
            }
            page.words(Words::new(value_line(label, look), (x, y + look.value * 0.88), look.value, style.text));
        });
    }
}

/// Widest line of the names when they stand in a column, at most `limit`.
pub(super) fn column_width<'a>(roles: impl Iterator<Item = &'a Role>, limit: f64, look: &Look) -> f64 {
    let lines = roles.flat_map(|role| text::balance(&role.name, look.label, true, limit));
    lines.map(|line| text::width(&line, look.label, true)).fold(0.0, f64::max).min(limit)
}

/// The name of a row, left of it: on two lines if the row is high enough.
pub(super) fn row_name(page: &mut Page, role: &Role, room: Area, look: &Look) {
    let mut lines = text::balance(&role.name, look.label, true, room.width() + 0.5);
    if lines.len() > 2 || room.height() < look.label * 1.2 * lines.len() as f64 {
        lines = vec![role.name.clone()];
    }
    let step = look.label * 1.16;
    let mut y = room.middle().1 - (lines.len() as f64 - 1.0) * step / 2.0 + look.label * 0.36;
    for line in lines {
        let line = text::cut(&line, look.label, true, room.width() + 0.5);
        let words = Words::new(line, (room.left, y), look.label, theme::role(role.index).text).bold();
        page.of(role, |page| page.words(words));
        y += step;
    }
}

/// Tops of boxes that want to be centred at `centres` but must keep `gap` between them and stay in the room.
///
/// Boxes keep the order of their centres. Neighbours that touch are moved together to where they are on average
/// closest to what they want (pool adjacent violators). If the room is too small for all, the gaps shrink, then the
/// boxes overlap evenly.
pub(super) fn spread(centres: &[f64], heights: &[f64], gap: f64, room: (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..centres.len()).collect();
    order.sort_by(|&a, &b| centres[a].total_cmp(&centres[b]));
    let wanted: f64 = heights.iter().map(|height| height + gap).sum();
    let squeeze = ((room.1 - room.0) / wanted.max(1.0)).min(1.0);
    let mut offset = 0.0;
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    let mut offsets = Vec::new();
    for &index in &order {
        let centre = if centres[index].is_finite() { centres[index] } else { room.0 };
        offsets.push(offset);
        blocks.push((centre - heights[index] / 2.0 - offset, 1));
        offset += (heights[index] + gap) * squeeze;
        while blocks.len() > 1 && blocks[blocks.len() - 2].0 >= blocks[blocks.len() - 1].0 {
            let (mean, count) = blocks.pop().unwrap_or((0.0, 0));
            if let Some(last) = blocks.last_mut() {
                let total = last.1 + count;
                last.0 = (last.0 * last.1 as f64 + mean * count as f64) / total as f64;
                last.1 = total;
            }
        }
    }
    let start_max = (room.1 - (offset - gap * squeeze).max(0.0)).max(room.0);
    let starts = blocks.iter().flat_map(|&(mean, count)| std::iter::repeat_n(mean.clamp(room.0, start_max), count));
    let mut tops = vec![0.0; centres.len()];
    for ((&index, start), offset) in order.iter().zip(starts).zip(offsets) {
        tops[index] = start + offset;
    }
    tops
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_stay_where_they_want_when_there_is_room() {
        assert_eq!(spread(&[100.0, 300.0], &[40.0, 40.0], 8.0, (0.0, 500.0)), [80.0, 280.0]);
        assert!(spread(&[], &[], 8.0, (0.0, 500.0)).is_empty());
    }

    #[test]
    fn boxes_that_would_touch_move_apart_evenly() {
        assert_eq!(spread(&[100.0, 100.0], &[40.0, 40.0], 8.0, (0.0, 500.0)), [56.0, 104.0]);
    }

    #[test]
    fn boxes_stay_in_the_room_in_the_order_of_their_lines() {
        let centres = [499.0, 498.0, 497.0, 10.0, 499.5, 496.0, f64::NAN];
        let tops = spread(&centres, &[48.0; 7], 8.0, (0.0, 500.0));
        assert!(tops.iter().all(|top| (0.0..=452.001).contains(top)), "{tops:?}");
        assert!(tops[3] < tops[5] && tops[5] < tops[2] && tops[2] < tops[1] && tops[0] < tops[4]);
        assert!(tops[4] - tops[0] >= 55.9);
    }
}
