//! The announced ladders, and the names by which files call a ladder.
//!
//! ```
//! use brownout_exchange::ladders::{microsoft_2023, preset};
//! assert_eq!(preset("microsoft-2023"), Some(microsoft_2023()));
//! assert_eq!(microsoft_2023().start_of(7).days_f64(), 90.0);
//! ```

use brownout_kernel::policy::{Ladder, Minutes, Stage};

/// Names of the presets, in the order in which help shows them.
pub const PRESETS: [&str; 4] = ["microsoft-2023", "microsoft-2023-throttle-kept", "all-at-once", "none"];

/// The preset of this name, one of [`PRESETS`].
pub fn preset(name: &str) -> Option<Ladder> {
    match name {
        "microsoft-2023" => Some(microsoft_2023()),
        "microsoft-2023-throttle-kept" => Some(microsoft_2023_throttle_kept()),
        "all-at-once" => Some(Ladder::all_at_once()),
        "none" => Some(Ladder::none()),
        _ => None,
    }
}

/// The announced ladder: 30 days of report, then throttling of 5, 10 and 20 minutes, then 30 minutes with 5 blocked,
/// then 10 and 20 blocked minutes for 10 days each, at day 90 everything (DOMAIN 1.1; stages 5 to 7 rest on one source).
pub fn microsoft_2023() -> Ladder {
    announced("microsoft-2023", 0)
}

/// The other reading of the sources: throttling of 30 minutes is kept in the two stages before the full block.
pub fn microsoft_2023_throttle_kept() -> Ladder {
    announced("microsoft-2023-throttle-kept", 30)
}

fn announced(name: &str, kept: u8) -> Ladder {
    let rungs = [
        ("report", Some(30), 0, 0),
        ("throttle-5", Some(10), 5, 0),
        ("throttle-10", Some(10), 10, 0),
        ("throttle-20", Some(10), 20, 0),
        ("block-5", Some(10), 30, 5),
        ("block-10", Some(10), kept, 10),
        ("block-20", Some(10), kept, 20),
        ("block-all", None, 0, Minutes::HOUR),
    ];
    let stage = |(name, days, throttle, block): (&str, Option<i64>, u8, u8)| {
        Stage::new(name, days, Minutes::new(throttle, block)?)
    };
    let stages = rungs.into_iter().map(stage).collect::<Result<_, _>>();
    let ladder = stages.map(|stages| Ladder::new(name, stages));
    ladder.ok().and_then(Result::ok).unwrap_or_else(|| panic!("the announced stages make a ladder"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use brownout_kernel::policy::ladder::problems;
    use brownout_kernel::time::SimDuration;

    #[test]
    fn one_unpaused_cycle_has_the_announced_minutes() {
        let day_90 = SimDuration::from_days(90);
        assert_eq!(microsoft_2023().minutes_before(day_90), (15_600, 8_400));
        assert_eq!(microsoft_2023_throttle_kept().minutes_before(day_90), (30_000, 8_400));
    }

    #[test]
    fn every_preset_has_its_name_and_no_problem() {
        for name in PRESETS {
            let ladder = preset(name).unwrap();
            assert_eq!(ladder.name(), name);
            assert_eq!(problems(ladder.stages()), []);
        }
        assert!(preset("microsoft-2024").is_none());
    }
}
