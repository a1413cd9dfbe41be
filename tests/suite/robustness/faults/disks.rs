//! Disks that are full and directories that may not be written.

use super::{OWN_MOUNTS, Said, directory, names, run, shell, study, write_plan};
use crate::common::write;

/// Every command that writes files, and what it would write.
const WRITERS: [(&str, &str); 6] = [
    ("run study.ron --out small/out", "small/out"),
    ("run study.ron --shard 1/2 --out small/out", "small/out"),
    ("merge shards --out small/out", "small/out"),
    ("plan plan.ron --out small/out", "small/out"),
    ("timeline --first-detected 2026-09-09 --at 2026-10-01 --png small/dates.png", "small/dates.png"),
    ("new small/fresh", "small/fresh.ron"),
];

/// A directory with all that [`WRITERS`] read.
fn prepared() -> tempfile::TempDir {
    let directory = directory();
    write_plan(directory.path());
    run(directory.path(), &["run", "study.ron", "--shard", "1/1", "--out", "shards"]).done();
    std::fs::create_dir(directory.path().join("small")).unwrap();
    directory
}

#[test]
fn every_command_names_a_full_disk_and_leaves_nothing_half_written_on_it() {
    let directory = prepared();
    for (arguments, place) in WRITERS {
        // A file system of 64 KiB, filled up to its last block.
        let script = format!(
            "mount -t tmpfs -o size=64k none small || exit 77; dd if=/dev/zero of=small/full bs=1k count=60 2>/dev/null
             $PROGRAM {arguments}; code=$?; rm small/full; find small -mindepth 1; exit $code"
        );
        let Some(said) = shell(directory.path(), &OWN_MOUNTS, &script) else { return };
        // A shard of this study and a new study fit into what is left: then they must be whole.
        if said.code == Some(0) {
            assert!(arguments.contains("--shard") || arguments.contains("new"), "{arguments}: {said:?}");
            assert!(said.out.contains(place), "{arguments}: {said:?}");
            continue;
        }
        said.refused(&[place, "disk is full", "cannot write"]);
        assert_eq!(said.out, "", "{arguments} leaves something on the disk, or prints as if all were well");
    }
}

#[test]
fn a_disk_without_a_single_free_block_is_named_by_every_command() {
    let directory = prepared();
    for (arguments, place) in WRITERS {
        let script = format!(
            "mount -t tmpfs -o size=64k none small || exit 77; dd if=/dev/zero of=small/full bs=4k 2>/dev/null
             $PROGRAM {arguments}; code=$?; rm small/full; find small -mindepth 1; exit $code"
        );
        let Some(said) = shell(directory.path(), &OWN_MOUNTS, &script) else { return };
        said.refused(&[place, "disk is full", "cannot write"]);
        assert_eq!(said.out, "", "{arguments} leaves something on the disk, or prints as if all were well");
    }
}

#[test]
fn a_read_only_file_system_is_named_before_any_work_is_done() {
    let directory = prepared();
    for (arguments, place) in WRITERS {
        let script = format!("mount -t tmpfs -o ro none small || exit 77; $PROGRAM {arguments}");
        let Some(said) = shell(directory.path(), &OWN_MOUNTS, &script) else { return };
        said.refused(&[place, "read-only"]);
        assert_eq!(said.out, "", "{arguments}");
    }
}

/// Runs a script whose processes may do no more than their user: a superuser here loses every privilege.
fn as_anybody(directory: &tempfile::TempDir, script: &str) -> Option<Said> {
    let probe = "touch small/probe 2>/dev/null && rm small/probe && exit 77; exit 0";
    let plain = ["env"];
    let bare = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"];
    let wrapper: &[&str] = if shell(directory.path(), &plain, probe).is_some() { &plain } else { &bare };
    shell(directory.path(), wrapper, probe)?;
    shell(directory.path(), wrapper, script)
}

#[cfg(unix)]
#[test]
fn a_directory_without_permission_to_write_is_named_before_any_work_is_done() {
    use std::os::unix::fs::PermissionsExt;
    let directory = prepared();
    let small = directory.path().join("small");
    let allow = |mode: u32| std::fs::set_permissions(&small, std::fs::Permissions::from_mode(mode)).unwrap();
    allow(0o555);
    for (arguments, place) in WRITERS {
        let Some(said) = as_anybody(&directory, &format!("$PROGRAM {arguments}")) else { break };
        said.refused(&[place, "permission denied"]);
        assert_eq!(said.out, "", "{arguments}");
    }
    assert_eq!(names(&small), Vec::<String>::new());
    // A study that may not be read.
    let secret = write(directory.path(), "secret.ron", &study(3));
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o000)).unwrap();
    if let Some(said) = as_anybody(&directory, "$PROGRAM check secret.ron") {
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.err.contains("secret.ron") && said.err.contains("permission denied"), "{said:?}");
    }
    allow(0o755);
}

#[test]
fn results_on_a_disk_that_fills_up_later_stay_what_they_were() {
    // Complete results, then no room for the next ones: --force must not lose the old ones before the new ones are there.
    let directory = prepared();
    let script = "mount -t tmpfs -o size=400k none small || exit 77
        $PROGRAM run study.ron --no-charts --out small/out >/dev/null || exit 3
        dd if=/dev/zero of=small/full bs=4k 2>/dev/null
        $PROGRAM run study.ron --no-charts --seed 9 --force --out small/out; code=$?
        rm small/full; $PROGRAM verify small/out || exit 4; ls -A small/out | grep unfinished; exit $code";
    let Some(said) = shell(directory.path(), &OWN_MOUNTS, script) else { return };
    said.refused(&["small/out", "disk is full"]);
    assert!(said.out.starts_with("identical: ") && said.out.lines().count() == 1, "{said:?}");
}
