//! Studies that look valid and are odd: whatever passes `check` is run to its end without a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;

use brownout::experiment::Runner;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::study;

/// Studies that are made; they follow from the seed alone.
const STUDIES: usize = 400;
const SEED: u64 = 20260907;

/// Picks values at and beyond the edges of what each field may hold.
struct Dice(ChaCha8Rng);

impl Dice {
    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[(self.0.next_u64() % choices.len() as u64) as usize]
    }

    fn spread(&mut self) -> &'static str {
        self.of(&[
            "None",
            "Fixed(0)",
            "Fixed(1e9)",
            "Fixed(0.00001)",
            "LogNormal(median: 1e9, sigma: 5)",
            "LogNormal(median: 0, sigma: 5)",
            "LogNormal(median: 3, sigma: 0)",
            "Pert(min: 0, mode: 0, max: 0)",
            "Pert(min: 0, mode: 1e9, max: 1e9)",
            "Pert(min: 1, mode: 2, max: 3)",
        ])
    }

    fn date(&mut self) -> &'static str {
        self.of(&[
            "1970-01-01",
            "2000-02-29",
            "2024-12-31",
            "2025-02-01",
            "2025-07-01",
            "2026-09-07",
            "2026-09-07T00:00:01Z",
            "2026-12-31T23:59:59Z",
            "2027-03-01",
            "2099-12-31",
            "2100-01-01",
            "0001-01-01",
            "9999-12-31",
        ])
    }

    fn table(&mut self) -> &'static str {
        self.of(&[
            "Constant(0)",
            "Constant(1e6)",
            "ByMinutes(report: 0, paused: 1e6, throttle: [], block: [(60, 1e6)])",
            "ByMinutes(unaware: 1e6, report: 1, paused: 0, throttle: [(0, 5), (60, 0)], block: [(0.001, 1)])",
            "ByStage(paused: 1, stages: {\"a\": 1, \"b\": 1e6})",
        ])
    }

    fn route(&mut self) -> String {
        let rate = self.of(&[
            "per_month: 0",
            "per_month: 1000",
            "per_month: 1e-300",
            "in_stage: (probability: {\"report\": 0.999999})",
            "",
        ]);
        let lead = self.spread();
        let own = self.of(&["", ", by_product: {\"2016\": (per_month: 1000), \"SE\": (lead: None)}"]);
        format!("{rate}{} lead: {lead}{own}", if rate.is_empty() { "" } else { "," })
    }

    fn group(&mut self, name: &str) -> String {
        let servers = if self.0.next_u64().is_multiple_of(2) {
            let share = self.of(&["1", "1e-300", "1e9"]);
            let build =
                self.of(&["15.2.1544.36", "15.1.2507.61", "15.2.2562.17", "15.0.1497.48", "8.3.83.6", "15.2.9999.1"]);
            format!(
                "builds: [(build: \"{build}\", share: {share}), (build: \"15.2.1118.40\", share: 0)], servers_per_tenant: [{}]",
                self.of(&["1", "0, 1", "0,0,0,0,0,1", "1e-300, 1e9"])
            )
        } else {
            let build = self.of(&["15.2.1544.36", "15.1.2507.61", "15.2.2562.17", "14.3.123.4", "15.2.2562.53"]);
            let detected = self.date();
            let detected = if self.0.next_u64().is_multiple_of(2) {
                String::new()
            } else {
                format!(", first_detected: \"{detected}\"")
            };
            let (route, on) = (self.of(&["patch", "upgrade", "leave"]), self.date());
            let volume = self.of(&["0", "1e12", "3.5"]);
            format!(
                "servers: [(name: \"a\", build: \"{build}\", messages_per_day: {volume}{detected}, planned: (route: {route}, on: \"{on}\")), (name: \"b\", build: \"{build}\"{detected})]"
            )
        };
        let esu = self.of(&["0", "1", "0.5"]);
        let target = self.of(&["SE", "2019", "2016", "2007"]);
        let (patch, upgrade, leave) = (self.route(), self.route(), self.route());
        let diligence = format!("(sigma: {}, never_share: {})", self.of(&["0", "5"]), self.of(&["0", "1"]));
        let windows = self.of(&[
            "",
            "(day: \"Sun\", from: \"23:59\", hours: 0.01)",
            "(day: \"mon\", from: \"0:00\", hours: 168)",
        ]);
        let freezes = self.of(&[
            "",
            "(from: \"01-01\", to: \"12-31\")",
            "(from: \"01-01\", to: \"07-01\"), (from: \"07-01\", to: \"01-01\")",
            "(from: \"0001-01-01\", to: \"9999-12-31\")",
            "(from: \"02-29\", to: \"03-01\", share: 0.5)",
        ]);
        let failure = format!("(prob: {}, delay: {})", self.of(&["0", "0.9"]), self.spread());
        let (gap, volume) = (self.spread(), self.spread());
        let at = self.date();
        let days = self.of(&["1", "90", "3660"]);
        let pauses = match self.0.next_u64() % 5 {
            0 => String::new(),
            1 => format!("(plan: Fixed([(at: \"{at}\", days: {days}), (at: \"{at}\", days: {days})]), renew: true)"),
            2 => format!("(plan: SeveralShort(days: {days}, gap_days: 0), renew: true)"),
            3 => "(share: 0.5, plan: UntilDone, renew: true), (share: 0.5, plan: Never)".to_owned(),
            _ => format!("(plan: WhenBlocked(days: {days})), (share: 0, plan: OneLong(days: {days}), renew: true)"),
        };
        let retry = self.of(&["Mailbox", "Edge", "Fixed(minutes: 1)", "Fixed(minutes: 1440)"]);
        format!(
            "(name: \"{name}\", count: {}, {servers}, esu_share: {esu}, diligence: {diligence},
            routes: (patch: ({patch}), upgrade: (to: \"{target}\", {upgrade}), leave: ({leave})), windows: [{windows}],
            freezes: [{freezes}], failure: {failure}, gap_days: {gap}, pauses: [{pauses}], messages_per_day: {volume}, retry: {retry})",
            self.of(&["0", "1", "3"])
        )
    }

    fn pause_rules(&mut self) -> String {
        format!(
            "(budget_days: {}, freezes: {}, freezes_report: {}, charge: {})",
            self.of(&["0", "90", "366"]),
            self.of(&["true", "false"]),
            self.of(&["true", "false"]),
            self.of(&["year_of_day", "year_of_grant"])
        )
    }

    fn study(&mut self) -> String {
        let ladder = self.of(&[
            "preset: \"microsoft-2023\"",
            "preset: \"none\", slower: 100",
            "preset: \"all-at-once\"",
            "stages: [(name: \"a\", days: 36500), (name: \"b\", block: 60)], slower: 100",
            "stages: [(name: \"a\", days: 1, silent: true), (name: \"b\", throttle: 60)], slower: 0.01",
            "stages: [(name: \"a\", days: 1, throttle: 59, block: 1), (name: \"b\")]",
        ]);
        let baseline = |dice: &mut Dice, name: &str| {
            let product = dice.of(&["2019", "2016", "SE", "2007"]);
            let spread = dice.of(&["0", "3650", "0.00001"]);
            format!(
                "(name: \"{name}\", effective: \"{}\", product: \"{product}\", whole_product: true, spread_days: {spread})",
                dice.date()
            )
        };
        let effective = self.date();
        let baselines = match self.0.next_u64() % 3 {
            0 => String::new(),
            1 => baseline(self, "x"),
            _ => format!(
                "{}, {}, (name: \"z\", effective: \"{effective}\", product: \"2019\", minimum: \"15.2.1748.39\")",
                baseline(self, "x"),
                baseline(self, "y")
            ),
        };
        let pauses = self.pause_rules();
        let relapse = self.of(&["restart", "resume", "enter_at(\"b\")", "enter_at(\"block-all\")"]);
        let layout = self.of(&["separate", "adjacent", "random"]);
        let (start, horizon) = self
            .of(&[
                "2026-09-07|2027-03-07",
                "2025-01-01|2026-01-01",
                "1970-01-01|1971-01-01",
                "2099-12-30|2100-01-02",
                "2026-09-07T00:00:01Z|2026-09-07T00:00:02Z",
                "2024-02-28|2026-03-01",
            ])
            .split_once('|')
            .unwrap();
        let (group, other) = (self.group("g"), self.group("h"));
        let (multiplier, added) = (self.table(), self.table());
        let calendar = self.of(&[
            "",
            "weekday_shares: [0,0,0,0,0,0,1e9], flat_share: 0",
            "no_year_end: true",
            "year_end: (from: \"02-29\", to: \"02-29\", level: 10)",
        ]);
        let comparison = self.of(&["numeric", "per_cu"]);
        format!("(version: 1, question: \"?\", seed: 18446744073709551615, replications: 1, start: \"{start}\", horizon: \"{horizon}\",
            policy: (ladder: ({ladder}), baselines: [{baselines}], comparison: {comparison}, pauses: {pauses}, relapse: {relapse}, layout: {layout}),
            world: (response: (multiplier: {multiplier}, added: (patch: {added})), calendar: ({calendar}), groups: [{group}, {other}]),
            scenarios: [(name: \"a\"), (name: \"b\", set: {{\"policy.ladder\": (preset: \"all-at-once\")}})])")
    }
}

/// Lives a study that passes `check`; tells whether it did, or what its panic said.
fn lived(text: &str) -> Result<bool, String> {
    let run = AssertUnwindSafe(|| {
        let Some(study) = study(text).0 else { return false };
        let runner = Runner::new(&study);
        (0..2).for_each(|replication| drop(runner.replicate(replication, &|_| {})));
        true
    });
    catch_unwind(run).map_err(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        words.or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned())).unwrap_or_default()
    })
}

#[test]
fn whatever_passes_check_is_lived_to_its_end() {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut dice = Dice(ChaCha8Rng::seed_from_u64(SEED));
        for _ in 0..STUDIES {
            let text = dice.study();
            let _ = send.send(Err(text.clone()));
            let _ = send.send(Ok(lived(&text)));
        }
    });
    let (mut passed, mut panics, mut at_work) = (0, Vec::new(), String::new());
    loop {
        match receive.recv_timeout(Duration::from_secs(120)) {
            Ok(Err(text)) => at_work = text,
            Ok(Ok(Ok(ran))) => passed += usize::from(ran),
            Ok(Ok(Err(panic))) => panics.push(format!("{panic}\n{at_work}")),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("this study does not end:\n{at_work}"),
        }
    }
    assert!(panics.is_empty(), "{} of {STUDIES} panic:\n{}", panics.len(), panics.join("\n----\n"));
    assert!(passed > STUDIES / 10, "only {passed} of {STUDIES} pass check, so the test tries too little");
}

#[test]
fn an_upgrade_planned_before_its_target_is_released_is_refused() {
    let text = "(version: 1, question: \"?\", seed: 1, replications: 1, start: \"2025-01-01\", horizon: \"2026-01-01\",
        policy: (ladder: (preset: \"microsoft-2023\"), baselines: [(name: \"b\", effective: \"2025-01-01\", product: \"2019\", whole_product: true)]),
        world: (groups: [(name: \"g\", count: 1, servers: [(name: \"a\", build: \"15.2.1544.36\", planned: (route: upgrade, on: \"2025-02-01\"))])]),
        scenarios: [(name: \"only\")])";
    let told = super::lines(text);
    assert!(
        told.iter().any(|line| line.contains("before there is any build of") && line.contains("2025-07-01 or later")),
        "{told:?}"
    );
    assert_eq!(lived(&text.replace("2025-02-01", "2025-07-01")), Ok(true));
}
