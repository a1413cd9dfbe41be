//! What the dates need of a report's record: the one place that knows how the reader words it.

use crate::compliance::Installed;
use crate::intake::{ServerRecord, ZoneEvidence};
use brownout_kernel::policy::Minutes;
use brownout_kernel::time::SimTime;

use super::infer::{Reported, ReportedMinutes};

/// `FirstDetectedDate`, where the record has one.
pub(super) fn detected(record: &ServerRecord) -> Option<SimTime> {
    record.first_detected
}

/// The organisation a record belongs to; records of several are never mixed.
pub(super) fn tenant(record: &ServerRecord) -> Option<&str> {
    record.tenant.as_deref()
}

/// Whether the dates were read without a zone, so that the zone of the exporting computer may be theirs.
pub(super) fn is_unzoned(record: &ServerRecord) -> bool {
    record.zone != ZoneEvidence::Stated
}

/// Changes every date of a record.
pub(super) fn map_dates(record: &mut ServerRecord, change: impl Fn(SimTime) -> SimTime) {
    for date in [&mut record.first_detected, &mut record.throttle_enabled, &mut record.blocking_enabled] {
        *date = date.map(&change);
    }
    if let Some(next) = &mut record.next_stage {
        next.start = change(next.start);
    }
}

/// What is installed; `None` where neither build nor product are told.
pub(super) fn installed(record: &ServerRecord) -> Option<Installed> {
    match record.build {
        None => Installed::told(record.product, None),
        Some(build) => Some(Installed::between(record.product, build.lowest(), build.highest())),
    }
}

/// The next stage, where the record names it whole.
pub(super) fn reported(record: &ServerRecord) -> Option<Reported> {
    let next = record.next_stage?;
    let most = |minutes: u32| minutes.min(Minutes::HOUR.into()) as u8;
    let minutes = ReportedMinutes { throttle: most(next.throttle_minutes), block: most(next.block_minutes) };
    Some(Reported { detected: detected(record)?, start: next.start, minutes })
}
