//! Whole numbers as bytes: seven bits a byte, small ones short, and runs of zeros as their length.

use super::WireError;

/// Bytes of the longest number of 128 bits.
const LONGEST: usize = 19;

/// Writes numbers one after another.
#[derive(Debug, Default)]
pub struct Encoder(Vec<u8>);

impl Encoder {
    /// Seven bits a byte, the lowest first; the eighth says that more follow (LEB128).
    pub fn unsigned(&mut self, mut value: u128) {
        while value > 0x7f {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// As [`Encoder::unsigned`], with the sign in the lowest bit, so that numbers near 0 stay short.
    pub fn signed(&mut self, value: i128) {
        self.unsigned(((value << 1) ^ (value >> 127)) as u128);
    }

    /// A column of numbers whose length the reader knows; zeros in a row take a byte and their count.
    pub fn column<T: Into<i128>>(&mut self, values: impl IntoIterator<Item = T>) {
        let mut zeros = 0u128;
        for value in values {
            let value = value.into();
            if value == 0 {
                zeros += 1;
                continue;
            }
            self.zeros(&mut zeros);
            self.signed(value);
        }
        self.zeros(&mut zeros);
    }

    fn zeros(&mut self, zeros: &mut u128) {
        if *zeros > 0 {
            self.0.push(0);
            self.unsigned(*zeros);
            *zeros = 0;
        }
    }

    /// What was written.
    pub fn bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Reads what an [`Encoder`] wrote. Any bytes may be given: what does not fit is an error, never a panic, and nothing is
/// allocated on the word of the bytes.
#[derive(Debug)]
pub struct Decoder<'a>(&'a [u8]);

impl<'a> Decoder<'a> {
    /// Reads from the start of some bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Decoder(bytes)
    }

    /// See [`Encoder::unsigned`].
    pub fn unsigned(&mut self) -> Result<u128, WireError> {
        let mut value = 0u128;
        for index in 0..LONGEST {
            let (&byte, rest) = self.0.split_first().ok_or(WireError::Short)?;
            self.0 = rest;
            let bits = u128::from(byte & 0x7f);
            // The last byte of the longest number has room for two bits.
            if index == LONGEST - 1 && bits > 3 {
                return Err(WireError::Large);
            }
            value |= bits << (7 * index);
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(WireError::Large)
    }

    /// A number that must fit a smaller type.
    pub fn whole<T: TryFrom<u128>>(&mut self) -> Result<T, WireError> {
        T::try_from(self.unsigned()?).map_err(|_| WireError::Large)
    }

    /// See [`Encoder::signed`].
    pub fn signed(&mut self) -> Result<i128, WireError> {
        let value = self.unsigned()?;
        Ok((value >> 1) as i128 ^ -((value & 1) as i128))
    }

    /// Fills places that hold 0 with the numbers of a column of the same length.
    pub fn column<'p, T, P>(&mut self, places: P) -> Result<(), WireError>
    where
        T: TryFrom<i128> + 'p,
        P: ExactSizeIterator<Item = &'p mut T>,
    {
        let mut places = places;
        while let Some(index) = places.next() {
            match self.signed()? {
                0 => self.skip_zeros(&mut places)?,
                value => *index = T::try_from(value).map_err(|_| WireError::Large)?,
            }
        }
        Ok(())
    }

    fn skip_zeros(&mut self, places: &mut impl ExactSizeIterator) -> Result<(), WireError> {
        let further = self.whole::<usize>()?.checked_sub(1).filter(|further| *further <= places.len());
        match further.ok_or(WireError::Run)? {
            0 => {}
            further => drop(places.nth(further - 1)),
        }
        Ok(())
    }

    /// # Errors
    /// [`WireError::Rest`] if bytes are left.
    pub fn end(self) -> Result<(), WireError> {
        if self.0.is_empty() { Ok(()) } else { Err(WireError::Rest(self.0.len())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_size_come_back() {
        let mut numbers = vec![0, 1, -1, 63, 64, -64, -65, i128::MAX, i128::MIN];
        numbers.extend((0..127).flat_map(|bit| [1 << bit, -(1 << bit), (1 << bit) - 1]));
        let mut encoder = Encoder::default();
        numbers.iter().for_each(|&number| encoder.signed(number));
        let bytes = encoder.bytes();
        let mut decoder = Decoder::new(&bytes);
        for &number in &numbers {
            assert_eq!(decoder.signed(), Ok(number));
        }
        assert_eq!(decoder.end(), Ok(()));
    }

    #[test]
    fn zeros_in_a_row_take_a_few_bytes() {
        let mut encoder = Encoder::default();
        let mut column = vec![0i64; 100_000];
        (column[0], column[50_000], column[99_999]) = (-5, i64::MIN, 7);
        encoder.column(column.iter().copied());
        let bytes = encoder.bytes();
        assert!(bytes.len() < 25, "{} bytes", bytes.len());
        let mut back = vec![0i64; column.len()];
        Decoder::new(&bytes).column(back.iter_mut()).unwrap();
        assert_eq!(back, column);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let column = |bytes: &[u8]| Decoder::new(bytes).column([0i64; 4].iter_mut());
        assert_eq!(column(&[]), Err(WireError::Short));
        assert_eq!(column(&[2, 0]), Err(WireError::Short), "a run without its length");
        assert_eq!(column(&[0, 0]), Err(WireError::Run), "a run of nothing");
        assert_eq!(column(&[2, 0, 4]), Err(WireError::Run), "a run beyond the end");
        assert_eq!(column(&[0, 4]), Ok(()));
        assert_eq!(Decoder::new(&[0xff; 30]).unsigned(), Err(WireError::Large));
        let mut encoder = Encoder::default();
        encoder.signed(i128::from(i64::MAX) + 1);
        assert_eq!(column(&encoder.bytes()), Err(WireError::Large));
        assert_eq!(Decoder::new(&[1, 2]).end(), Err(WireError::Rest(2)));
    }
}
