//! A row as one line of text, bit for bit: what a shard or an interrupted exploration leaves behind.
//!
//! `12:3ff0000000000000,-;4008000000000000,-|...`: the point, then measures by `,`, replications by `;`, scenarios by `|`; each
//! value as the 16 hexadecimal digits of its bits, `-` where it is not defined. `12!reason` for a point without a study.

use super::{Outcome, PointRow};

/// Why a line is no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It does not begin with the number of a point.
    #[error("a row begins with the number of its point and \":\" or \"!\"")]
    Point,
    /// A value that is none.
    #[error("value {index} of the row is not 16 hexadecimal digits or \"-\"")]
    Value {
        /// Which value, from 1.
        index: usize,
    },
}

impl PointRow {
    /// The row as a line, without its end.
    pub fn line(&self) -> String {
        Self::line_of(self.point as u64, &self.outcome)
    }

    /// The line of what the point at an index came to.
    pub fn line_of(index: u64, outcome: &Outcome) -> String {
        let outcome = match outcome {
            Ok(outcome) => outcome,
            // A reason is one line by contract; what breaks that is mended here.
            Err(why) => return format!("{index}!{}", why.replace(['\n', '\r'], " ")),
        };
        let value = |value: &Option<f64>| value.map_or("-".to_owned(), |value| format!("{:016x}", value.to_bits()));
        let replication = |values: &Vec<Option<f64>>| values.iter().map(value).collect::<Vec<_>>().join(",");
        let scenario = |rows: &Vec<Vec<Option<f64>>>| rows.iter().map(replication).collect::<Vec<_>>().join(";");
        format!("{index}:{}", outcome.iter().map(scenario).collect::<Vec<_>>().join("|"))
    }

    /// The row that a line says.
    ///
    /// # Errors
    /// [`LineError`], naming what is wrong first.
    pub fn from_line(line: &str) -> Result<Self, LineError> {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let point = line[..digits].parse().map_err(|_| LineError::Point)?;
        let outcome = match line[digits..].split_at_checked(1) {
            Some((":", rest)) => Ok(values(rest)?),
            Some(("!", why)) => Err(why.to_owned()),
            _ => return Err(LineError::Point),
        };
        Ok(PointRow { point, outcome })
    }
}

fn values(text: &str) -> Result<Vec<Vec<Vec<Option<f64>>>>, LineError> {
    let mut index = 0;
    let mut value = |text: &str| {
        index += 1;
        let is_number = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match text {
            "-" => Ok(None),
            _ if is_number => u64::from_str_radix(text, 16)
                .map(|bits| Some(f64::from_bits(bits)))
                .map_err(|_| LineError::Value { index }),
            _ => Err(LineError::Value { index }),
        }
    };
    let mut replication = |text: &str| text.split(',').map(&mut value).collect::<Result<Vec<_>, _>>();
    let mut scenario = |text: &str| text.split(';').map(&mut replication).collect::<Result<Vec<_>, _>>();
    text.split('|').map(&mut scenario).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_as_it_was_written() {
        let values = vec![vec![vec![Some(1.0 / 3.0), None], vec![Some(-0.0), Some(f64::MAX)]], vec![vec![None; 2]; 2]];
        for outcome in [Ok(values), Err("no study: rate is -1".to_owned())] {
            let row = PointRow { point: 12, outcome };
            assert_eq!(PointRow::from_line(&row.line()), Ok(row));
        }
    }

    #[test]
    fn a_damaged_line_is_no_row() {
        assert_eq!(PointRow::from_line(""), Err(LineError::Point));
        assert_eq!(PointRow::from_line("x:-"), Err(LineError::Point));
        assert_eq!(PointRow::from_line("1"), Err(LineError::Point));
        assert_eq!(PointRow::from_line("1é"), Err(LineError::Point));
        assert_eq!(PointRow::from_line("1:-,3ff"), Err(LineError::Value { index: 2 }));
        assert_eq!(PointRow::from_line("1:+ff0000000000000"), Err(LineError::Value { index: 1 }));
        assert_eq!(PointRow::from_line("1:"), Err(LineError::Value { index: 1 }));
    }
}
