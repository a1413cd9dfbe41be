//! What goes wrong outside the program: full and read-only disks, kills between two files, directories that vanish, links,
//! clocks that go back, pipes, terminals, locales, names. Each fault is a real one; where this machine cannot make it, the
//! test says so on standard error and checks that the reason is the machine.

mod clock;
mod disks;
mod errors;
mod kills;
mod paths;
mod terminals;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::common::{StudyText, group, write};

/// The built program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_brownout");

/// A study that runs in milliseconds, in a directory of its own.
fn directory() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "study.ron", &study(20));
    directory
}

fn study(tenants: u32) -> String {
    let text = StudyText {
        horizon: "2026-12-07",
        groups: vec![group("plain", tenants, r#"upgrade: (to: "SE", per_month: 0.3)"#, "")],
        scenarios: vec![
            r#"(name: "first")"#.to_owned(),
            r#"(name: "second", set: {"policy.layout": adjacent})"#.to_owned(),
        ],
        ..StudyText::default()
    };
    text.ron()
}

/// Writes a plan of two servers, `plan.ron` with `fleet.csv`.
fn write_plan(directory: &Path) {
    let plan = r#"(version: 1, as_of: "2026-11-21", horizon: "2027-03-01", policy: "microsoft-2023", fleet: "fleet.csv",
    replications: 20, crews: [(name: "team", windows: [(day: "Sat", from: "18:00", hours: 6)])])"#;
    write(directory, "plan.ron", plan);
    let rows = "a,15.1.2507.57,2026-10-01,1000,1\nb,15.1.2507.57,2026-10-12,900,2\n";
    write(directory, "fleet.csv", &format!("server,build,first_detected,messages_per_day,work_likely\n{rows}"));
}

/// Names in a directory, sorted; hidden ones too.
fn names(path: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// What a command came to.
#[derive(Debug)]
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Said { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

impl Said {
    /// Fails unless the program refused with exactly one message that has all these words in it, and nothing of its insides.
    #[track_caller]
    fn refused(&self, words: &[&str]) {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert_eq!(self.err.lines().filter(|line| line.starts_with("error")).count(), 1, "{self:?}");
        for word in words {
            assert!(self.err.contains(word), "\"{word}\" is missing in {}", self.err);
        }
        for inside in ["panicked", "os error", "Os {", "src/", ".rs:"] {
            assert!(!self.err.contains(inside), "\"{inside}\" is no word for people: {}", self.err);
        }
    }

    #[track_caller]
    fn done(&self) -> &Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
        self
    }
}

/// Runs the program in `directory`.
fn run(directory: &Path, arguments: &[&str]) -> Said {
    let output = Command::new(PROGRAM).current_dir(directory).args(arguments).stdin(Stdio::null()).output();
    output.unwrap().into()
}

/// Runs a shell script in `directory`, `$PROGRAM` being the program. The script's exit code 77 means that this machine cannot
/// do it, which its standard error explains.
fn shell(directory: &Path, wrapper: &[&str], script: &str) -> Option<Said> {
    let mut words = wrapper.iter().copied().chain(["sh", "-c", script]);
    let mut command = Command::new(words.next().unwrap());
    let command = command.args(words).current_dir(directory).env("PROGRAM", PROGRAM).stdin(Stdio::null());
    let said: Said = match command.output() {
        Ok(output) => output.into(),
        Err(error) => Said { code: Some(77), out: String::new(), err: format!("no {}: {error}", wrapper[0]) },
    };
    let forbidden = said.err.contains("unshare:") || said.err.contains("ptrace") || said.err.contains("setpriv:");
    if said.code == Some(77) || forbidden {
        eprintln!("skipped, this machine cannot do it: {}", said.err);
        return None;
    }
    Some(said)
}

/// A shell as root of a mount name space of its own, which may mount file systems.
const OWN_MOUNTS: [&str; 2] = ["unshare", "-rm"];
