//! A fleet's plan on one page: a row for each server, with what is in force for it, the work on it and when it is done.
//!
//! The page grows with the fleet, up to a limit. Rows of a few servers have two lines of words each; those of hundreds
//! are thin and share columns of names. What would be in force after a cut-over stays visible, but pale: it is what awaits
//! those who come late.

mod former;
mod lanes;
mod legend;
mod names;
mod rows;

use super::axis;
use super::dates::Dates;
use super::page::{Area, HEIGHT, Page};
use super::theme::{Ink, Look, Tone};
use super::timeline::StageSpan;
use brownout_kernel::time::SimTime;
use names::Names;

/// Highest page in pixels; beyond that rows only get thinner.
const HEIGHT_MAX: u32 = 2400;
/// Most height of what is neither rows nor lanes: title, subtitle, notes, axis, legend.
const FRAME: f64 = 440.0;
/// Room for the lengths of pauses above everything, and between lanes and rows.
const HEAD: f64 = 30.0;
const GAP: f64 = 10.0;
const ROW_MAX: f64 = 76.0;
/// Height of a row up to which the page does not grow.
const ROW_EASY: f64 = 23.0;
/// Height of a row from which on more servers make it thinner.
const ROW_TIGHT: f64 = 12.5;
/// Lanes of crews that are drawn; further ones would leave no room for servers.
const LANES_MAX: usize = 8;

/// A fleet's plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gantt {
    /// The servers, from the top down.
    pub rows: Vec<GanttRow>,
    /// The crews, each with a lane of its own above the servers.
    pub crews: Vec<GanttCrew>,
    /// The tenant's pauses, `[from, to)`.
    pub pauses: Vec<(SimTime, SimTime)>,
    /// Pauses that are asked for only if something is late, `[from, to)`.
    pub if_late: Vec<(SimTime, SimTime)>,
    /// Where the whiskers end, in words: "95 %".
    pub level: String,
    /// What the words right of the rows are; empty for "planned for".
    pub dates: String,
    /// Where the past ends, and its name: (instant, "as of").
    pub today: Option<(SimTime, String)>,
    /// First instant of the picture.
    pub from: SimTime,
    /// Last instant of the picture.
    pub to: SimTime,
    /// Names of what may be in force, for the legend.
    pub stages: Vec<(String, Tone)>,
}

/// A crew's calendar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GanttCrew {
    /// Its name.
    pub name: String,
    /// Instants at which it can cut a server over.
    pub windows: Vec<SimTime>,
    /// Change freezes, `[from, to)`.
    pub freezes: Vec<(SimTime, SimTime)>,
}

/// What comes before a cut-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GanttWork {
    /// A crew works on it, `[from, to)`.
    Crew(SimTime, SimTime),
    /// It waits and keeps nobody busy, `[from, to)`.
    Waiting(SimTime, SimTime),
}

/// A server's row.
#[derive(Clone, Debug, PartialEq)]
pub struct GanttRow {
    /// Name of the server.
    pub name: String,
    /// What becomes of it, in a few words; left out where rows are thin.
    pub about: String,
    /// The lane of its crew: its index among [`Gantt::crews`].
    pub crew: Option<usize>,
    /// What is in force if it never gets done, pauses counted in.
    pub spans: Vec<StageSpan>,
    /// What comes before the cut-over.
    pub work: Option<GanttWork>,
    /// When it is done as planned, or was done; `None` if never.
    pub cut_over: Option<SimTime>,
    /// Whether it is done already.
    pub done: bool,
    /// Words right of the row; empty for its day.
    pub date: String,
    /// The date that it had in a former plan, where that is another.
    pub former: Option<SimTime>,
    /// P50 and the date that is sure enough of when it is done by chance; [`SimTime::NEVER`] if that is not in years.
    pub likely: Option<(SimTime, SimTime)>,
}

impl Gantt {
    /// Height of the plan if it is so wide.
    pub(super) fn height(&self, width: f64, look: &Look) -> f64 {
        let rows = self.row_height() * self.rows.len().max(1) as f64;
        let legend = legend::height(self, Area::new(0.0, 0.0, width, 1.0), look);
        HEAD + self.lanes_height() + GAP + rows + axis::foot(look) + legend
    }

    /// Height of a row: as high as is good, until the page has to grow, and thinner when it cannot grow any more.
    fn row_height(&self) -> f64 {
        let count = self.rows.len().max(1) as f64;
        let room = f64::from(HEIGHT) - FRAME - self.lanes_height();
        let most = f64::from(HEIGHT_MAX) - FRAME - self.lanes_height();
        let easy = (room / count).clamp(ROW_EASY, ROW_MAX);
        let tight = (1300.0 / count).clamp(ROW_TIGHT, ROW_EASY);
        (if room / count >= ROW_EASY { easy } else { tight }).min(most / count)
    }

    fn lanes_height(&self) -> f64 {
        self.crews.len().min(LANES_MAX) as f64 * lanes::LANE
    }

    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        let legend = legend::height(self, area, look);
        let names = Names::new(self, area.width() * 0.3, look);
        let notes = self.notes_width(look);
        let bottom = area.bottom - legend - axis::foot(look);
        let lanes =
            Area { left: area.left + names.width + 18.0, top: area.top + HEAD, right: area.right - notes, bottom };
        let top = lanes.top + self.lanes_height() + GAP;
        let height = self.row_height().min((bottom - top) / self.rows.len().max(1) as f64);
        let plot = Area { top, bottom: top + height * self.rows.len().max(1) as f64, ..lanes };
        let time = Dates::between(self.from, self.to.max(self.from)).over(plot.left, plot.right);
        self.paint_ground(page, plot, &time, height);
        self.paint_pauses(page, plot, &time, lanes.top, look);
        self.paint_if_late(page, plot, &time, lanes.top, look);
        self.paint_months(page, plot, &time, look);
        self.paint_work(page, plot, &time, height);
        self.paint_today(page, plot, &time);
        self.paint_crews(page, lanes, area.left, &time, look);
        names.paint(page, self, plot, area.left, height, look);
        self.paint_notes(page, plot, height, look);
        axis::draw_x(page, plot, &super::lines::fitting(time.ticks(look.tick), area, look), look);
        let below = Area { top: plot.bottom + axis::foot(look) + 8.0, ..area };
        legend::paint(page, self, below, look);
    }
}

/// The colour of a crew's bars and ticks: dark and away from the hues of stages and pauses.
fn crew_ink(crew: Option<usize>) -> Ink {
    const CREWS: [Ink; 5] = [Ink(0x1F3A5F), Ink(0x00695C), Ink(0x6A3D8F), Ink(0x4A4F57), Ink(0x7B2C5E)];
    crew.map_or(CREWS[3], |crew| CREWS[crew % CREWS.len()])
}

#[cfg(test)]
mod tests;
