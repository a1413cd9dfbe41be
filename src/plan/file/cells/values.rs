//! Numbers, lead times and dates of cells, under what their table shows about itself.

use super::{Cells, WORK_MAX};
use crate::draws::Spread;
use crate::intake::{DateOrder, NumberError, read_date, read_number};
use crate::outside::shortened;
use crate::time::SimTime;

impl Cells<'_, '_> {
    pub(super) fn number(&mut self, column: &'static str, usual: Option<f64>, most: f64) -> Option<f64> {
        let Some(text) = self.row.get(column) else { return usual };
        self.number_in(column, text, most)
    }

    /// A number of a cell, under the habits of its table.
    pub(super) fn number_in(&mut self, column: &'static str, text: &str, most: f64) -> Option<f64> {
        let shown = shortened(text, 40);
        let number = match read_number(text, self.row.habits.numbers, most) {
            Ok(number) => number,
            Err(error @ NumberError::Ambiguous { decimal, thousands }) => {
                self.error(
                    column,
                    format!("\"{shown}\" {error}"),
                    format!("write {thousands}, or {decimal:.4} with four decimals"),
                );
                return None;
            }
            Err(NumberError::Unreadable) => {
                self.error(column, format!("\"{shown}\" is not allowed; expected a number from 0 to {most}"), "");
                return None;
            }
        };
        if !(0.0..=most).contains(&number.value) {
            self.error(column, format!("\"{shown}\" is not allowed; expected a number from 0 to {most}"), "");
            return None;
        }
        if number.assumed {
            let assumed = format!("\"{shown}\" is read as {}", number.value);
            self.assumed.get_or_insert_with(|| (self.row.clone(), column, assumed, 0)).3 += 1;
        }
        Some(number.value)
    }

    pub(super) fn lead(&mut self, text: &str) -> Option<Spread> {
        let read = |part: &str| read_number(part, self.row.habits.numbers, WORK_MAX).ok().map(|number| number.value);
        let parts: Option<Vec<f64>> = text.split('/').map(read).collect();
        match parts.as_deref() {
            Some([days]) => self.spread("lead_days", *days, *days, *days),
            Some([min, likely, max]) => self.spread("lead_days", *min, *likely, *max),
            _ => {
                let message = format!("\"{text}\" is not a lead time");
                self.error("lead_days", message, "write days as 14, or as 7/14/30: least, most likely, most");
                None
            }
        }
    }

    pub(super) fn spread(&mut self, column: &'static str, min: f64, mode: f64, max: f64) -> Option<Spread> {
        if !(0.0 <= min && min <= mode && mode <= max && max <= WORK_MAX) {
            let message = format!(
                "{min}, {mode}, {max} days are not allowed; expected least <= most likely <= most, 0 to {WORK_MAX}"
            );
            self.error(column, message, "");
            return None;
        }
        Some(if min == max { Spread::Fixed(mode) } else { Spread::Pert { min, mode, max } })
    }

    pub(super) fn date(&mut self, column: &'static str) -> Option<SimTime> {
        let text = self.text(column)?;
        let date = match read_date(&text) {
            Ok(found) => found?.0,
            Err(error) => {
                self.error(column, error.to_string(), "");
                return None;
            }
        };
        let readings = [DateOrder::DayFirst, DateOrder::MonthFirst].map(|order| date.at(order));
        match (self.row.habits.order, readings) {
            (Some(order), _) if date.is_open() => date.at(order),
            (None, [Some(day), Some(month)]) if date.is_open() => {
                let message = format!(
                    "\"{}\" is {} day-first or {} month-first, and nothing in the table tells which",
                    shortened(&text, 40),
                    day.day(),
                    month.day()
                );
                self.error(column, message, "write dates as 2026-09-07, or state --date-order");
                None
            }
            (_, [day, month]) => day.or(month),
        }
    }
}
