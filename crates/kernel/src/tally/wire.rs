//! Tallies as bytes and back, exactly.
//!
//! The reader knows the [`Shape`] of a tally from its study, so only the numbers are written: column by column, small ones
//! short, zeros by their count. Reading takes any bytes: what a shape has no room for is refused, and no more memory is
//! taken than a tally of the shape has, beside [`BUCKETS_MAX`] buckets for a histogram.

mod number;

pub use number::{Decoder, Encoder};

use super::{CurveCounts, FateCounts, GroupTally, LogHistogram, Shape, Tally};
use crate::mail::MailAmount;

/// Buckets of a histogram that holds the largest value there is.
pub const BUCKETS_MAX: usize = 1_920;

/// Why bytes are no tally of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum WireError {
    #[error("a number is cut short")]
    Short,
    #[error("a number is larger than its field")]
    Large,
    #[error("a run of zeros is empty or longer than its column")]
    Run,
    #[error("a histogram has {0} buckets; at most {BUCKETS_MAX} are possible")]
    Buckets(usize),
    #[error("calendar years are not in rising order")]
    Years,
    #[error("{0} bytes are left over")]
    Rest(usize),
}

/// Writes a tally.
pub fn encode(tally: &Tally, to: &mut Encoder) {
    for series in &tally.series {
        to.column(series.cells.iter().map(|cell| cell.servers));
        to.column(series.cells.iter().map(|cell| cell.seconds));
        to.column(series.cells.iter().map(|cell| cell.volume));
        to.column(series.cells.iter().map(|cell| cell.mail));
    }
    tally.groups.iter().for_each(|group| encode_group(group, to));
    to.column(tally.out_of_budget.iter().copied());
    to.unsigned(tally.pause_days.len() as u128);
    for (&year, &days) in &tally.pause_days {
        to.signed(year.into());
        to.signed(days.into());
    }
    for curve in &tally.curves {
        curve.remediated.iter().for_each(|route| to.column(route.iter().copied()));
        to.column(curve.censored.iter().copied());
        for within in curve.withins() {
            to.column(within.iter().map(|within| within.sum));
            to.column(within.iter().map(|within| within.lead));
            to.column(within.iter().map(|within| within.latest));
        }
    }
}

/// Reads a tally of a shape.
///
/// # Errors
/// [`WireError`] if the bytes do not fit the shape.
pub fn decode(shape: Shape, from: &mut Decoder<'_>) -> Result<Tally, WireError> {
    let mut tally = Tally::new(shape);
    for series in &mut tally.series {
        from.column(series.cells.iter_mut().map(|cell| &mut cell.servers))?;
        from.column(series.cells.iter_mut().map(|cell| &mut cell.seconds))?;
        from.column::<MailAmount, _>(series.cells.iter_mut().map(|cell| &mut cell.volume))?;
        from.column::<MailAmount, _>(series.cells.iter_mut().map(|cell| &mut cell.mail))?;
    }
    tally.groups.iter_mut().try_for_each(|group| decode_group(group, from))?;
    from.column(tally.out_of_budget.iter_mut())?;
    for _ in 0..from.whole::<u16>()? {
        let year = i16::try_from(from.signed()?).map_err(|_| WireError::Large)?;
        if tally.pause_days.last_key_value().is_some_and(|(&last, _)| last >= year) {
            return Err(WireError::Years);
        }
        tally.pause_days.insert(year, i64::try_from(from.signed()?).map_err(|_| WireError::Large)?);
    }
    tally.curves.iter_mut().try_for_each(|curve| decode_curve(curve, from))?;
    Ok(tally)
}

fn encode_group(group: &GroupTally, to: &mut Encoder) {
    to.column(group.mail.iter().copied());
    to.column(group.seconds.iter().copied());
    to.column(group.at_horizon.iter().copied());
    to.column(group.remediated.iter().copied());
    to.column(group.remediated_before.iter().copied());
    to.column([group.servers, group.tenants, group.tenants_losing]);
    encode_histogram(&group.lost_by_tenant, to);
    let FateCounts { servers, days_earlier, days_later, tenants } = &group.fate;
    to.column(*servers);
    to.column(*tenants);
    encode_histogram(days_earlier, to);
    encode_histogram(days_later, to);
}

fn decode_group(group: &mut GroupTally, from: &mut Decoder<'_>) -> Result<(), WireError> {
    from.column::<MailAmount, _>(group.mail.iter_mut())?;
    from.column(group.seconds.iter_mut())?;
    from.column(group.at_horizon.iter_mut())?;
    from.column(group.remediated.iter_mut())?;
    from.column(group.remediated_before.iter_mut())?;
    from.column([&mut group.servers, &mut group.tenants, &mut group.tenants_losing].into_iter())?;
    group.lost_by_tenant = decode_histogram(from)?;
    from.column(group.fate.servers.iter_mut())?;
    from.column(group.fate.tenants.iter_mut())?;
    group.fate.days_earlier = decode_histogram(from)?;
    group.fate.days_later = decode_histogram(from)?;
    Ok(())
}

fn encode_histogram(histogram: &LogHistogram, to: &mut Encoder) {
    to.unsigned(histogram.counts.len() as u128);
    to.column(histogram.counts.iter().copied());
}

fn decode_histogram(from: &mut Decoder<'_>) -> Result<LogHistogram, WireError> {
    let buckets = from.whole::<usize>()?;
    if buckets > BUCKETS_MAX {
        return Err(WireError::Buckets(buckets));
    }
    let mut counts = vec![0u64; buckets];
    from.column(counts.iter_mut())?;
    Ok(LogHistogram { counts })
}

fn decode_curve(curve: &mut CurveCounts, from: &mut Decoder<'_>) -> Result<(), WireError> {
    curve.remediated.iter_mut().try_for_each(|route| from.column(route.iter_mut()))?;
    from.column(curve.censored.iter_mut())?;
    for within in curve.withins_mut() {
        from.column(within.iter_mut().map(|within| &mut within.sum))?;
        from.column(within.iter_mut().map(|within| &mut within.lead))?;
        from.column(within.iter_mut().map(|within| &mut within.latest))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::curve::Within;
    use crate::world::Route;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    const SHAPE: Shape = Shape { days: 9, classes: 3, kinds: 2, groups: 2, entries: 1, curve_days: 11 };

    /// Scatters numbers over a tally; whole lists stay empty as they do in short studies.
    fn scatter(numbers: &[(u16, i64)]) -> Tally {
        let mut tally = Tally::new(SHAPE);
        for &(index, number) in numbers {
            let (kind, at) = (usize::from(index), usize::from(index) / 16);
            let group = &mut tally.groups[at % 2];
            let cells = &mut tally.series[at % 2].cells;
            let cell_at = at % cells.len();
            let cell = &mut cells[cell_at];
            let wide = MailAmount::from(number) << (at % 64);
            match kind % 16 {
                0 => cell.servers = number,
                1 => cell.seconds = number,
                2 => cell.volume = wide,
                3 => cell.mail = wide,
                4 => group.mail[at % 3] = wide,
                5 => group.seconds[at % 3] = number,
                6 => group.at_horizon[at % 3] = number,
                7 => group.remediated[Route::ALL[at % 3]] = number,
                8 => group.remediated_before[Route::ALL[at % 3]] = number,
                9 => (group.servers, group.tenants, group.tenants_losing) = (number, number / 2, number / 3),
                10 => group.lost_by_tenant.add(number.unsigned_abs()),
                11 => group.fate.days_later.add(at as u64),
                12 => group.fate.servers[at % 3] = number,
                13 => tally.out_of_budget[at % 10] = number,
                14 => drop(tally.pause_days.insert(at as i16, number)),
                _ => {
                    let curve = &mut tally.curves[at % 2];
                    curve.remediated[Route::ALL[at % 3]][at % 12] = number;
                    let within = curve.withins_mut().nth(at % 4).unwrap();
                    within[at % 12] = Within { sum: number, lead: at as u32, latest: number as u32 };
                }
            }
        }
        tally
    }

    fn bytes(tally: &Tally) -> Vec<u8> {
        let mut encoder = Encoder::default();
        encode(tally, &mut encoder);
        encoder.bytes()
    }

    fn back(bytes: &[u8]) -> Result<Tally, WireError> {
        let mut decoder = Decoder::new(bytes);
        let tally = decode(SHAPE, &mut decoder)?;
        decoder.end().map(|()| tally)
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(6), failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn tallies_come_back_as_they_were(numbers in prop::collection::vec(any::<(u16, i64)>(), 0..200)) {
            let tally = scatter(&numbers);
            prop_assert_eq!(back(&bytes(&tally)), Ok(tally));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            // Reading must not panic; what is read writes itself so that it is read again.
            if let Ok(tally) = back(&bytes) {
                prop_assert_eq!(back(&super::tests::bytes(&tally)), Ok(tally));
            }
        }

        #[test]
        fn changed_bytes_are_read_or_refused(
            numbers in prop::collection::vec(any::<(u16, i64)>(), 0..60), index: prop::sample::Index, flip in 1..=255u8
        ) {
            let mut changed = bytes(&scatter(&numbers));
            let index = index.index(changed.len());
            changed[index] ^= flip;
            let _ = back(&changed);
        }
    }

    #[test]
    fn an_empty_tally_is_small() {
        let length = bytes(&Tally::new(SHAPE)).len();
        // Two bytes for every column of zeros, of which there are some sixty.
        assert!(length < 150, "{length} bytes");
    }

    #[test]
    fn the_largest_value_has_the_last_bucket() {
        let mut histogram = LogHistogram::default();
        histogram.add(u64::MAX);
        assert_eq!(histogram.counts.len(), BUCKETS_MAX);
    }

    #[test]
    fn another_shape_is_refused() {
        let bytes = bytes(&scatter(&[(0, 5), (3, 9), (15, 2)]));
        let other = Shape { classes: 4, ..SHAPE };
        let mut decoder = Decoder::new(&bytes);
        assert!(decode(other, &mut decoder).is_err() || decoder.end().is_err());
    }
}
