//! What verify says of pictures that were touched and of plans, and that what is recorded does not depend on the caller.

use std::path::Path;

use brownout::chart::read_png;

use super::{directory, done, run, study};
use crate::common::write;
use crate::sameness::shards::files;

/// The picture with other compression, other texts or other pixels.
fn packed(from: &Path, to: &Path, text: impl Fn(&str, &str) -> String, pixels: impl Fn(&mut Vec<u8>)) {
    let mut picture = read_png(&std::fs::read(from).unwrap()).unwrap();
    pixels(&mut picture.rgb);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fastest);
    for (key, value) in &picture.texts {
        encoder.add_itxt_chunk(key.clone(), text(key, value)).unwrap();
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&picture.rgb).unwrap();
    writer.finish().unwrap();
    std::fs::write(to, bytes).unwrap();
}

#[test]
fn verify_says_what_differs_of_a_picture() {
    let directory = directory();
    let path = directory.path();
    done(path, &["run", "study.ron", "--out", "out"]);
    let genuine = path.join("out/mail-lost.png");
    std::fs::copy(&genuine, path.join("renamed.png")).unwrap();
    let said = done(path, &["verify", "renamed.png"]);
    assert!(said.starts_with("identical: renamed.png is mail-lost.png under another name"), "{said}");
    let same = |_: &str, value: &str| value.to_owned();
    let other = path.join("mail-lost.png");
    packed(&genuine, &other, same, |_| {});
    let (code, said, _) = run(path, &["verify", "mail-lost.png"]);
    assert!(code == Some(1) && said.contains("compression only, every pixel and text is the same"), "{said}");
    packed(&genuine, &other, same, |rgb| rgb[30] ^= 1);
    let (code, said, _) = run(path, &["verify", "mail-lost.png"]);
    assert!(
        code == Some(1) && said.contains("mail-lost.png: 1 of ") && said.contains("pixels, the first at 10, 0"),
        "{said}"
    );
    packed(
        &genuine,
        &other,
        |key, value| if key == "brownout study" { "x".to_owned() } else { value.to_owned() },
        |_| {},
    );
    let (code, said, _) = run(path, &["verify", "mail-lost.png"]);
    assert!(code == Some(1) && said.contains("the text \"brownout study\""), "{said}");
    packed(
        &genuine,
        &other,
        |key, value| if key == "brownout means" { "{}".to_owned() } else { value.to_owned() },
        |_| {},
    );
    let (code, said, _) = run(path, &["verify", "mail-lost.png"]);
    assert!(code == Some(1) && said.contains("the numbers \"brownout means\""), "{said}");
    packed(&genuine, &path.join("both.png"), same, |_| {});
    let (code, said, _) = run(path, &["verify", "both.png"]);
    assert!(code == Some(1) && said.contains("both.png, which is mail-lost.png under another name"), "{said}");
    // In a directory too.
    std::fs::rename(&genuine, path.join("out/x.png")).unwrap();
    let (code, said, _) = run(path, &["verify", "out"]);
    assert!(code == Some(1) && said.contains("missing, but x.png is the same to the byte"), "{said}");
}

#[test]
fn a_study_gives_the_same_bytes_from_anywhere_by_any_path() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    std::fs::create_dir_all(path.join("a/b")).unwrap();
    write(path, "a/study.ron", &study(20, "plain"));
    done(&path.join("a"), &["run", "study.ron", "--no-charts", "--out", "../o0"]);
    let absolute = path.join("a/study.ron").display().to_string();
    done(path, &["run", "a/study.ron", "--no-charts", "--out", "o1"]);
    done(path, &["run", &absolute, "--no-charts", "--out", "o2"]);
    done(&path.join("a/b"), &["run", "./../study.ron", "--no-charts", "--out", "../../o3"]);
    let mut all = vec!["o1", "o2", "o3"];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("a/study.ron", path.join("link.ron")).unwrap();
        std::os::unix::fs::symlink("a", path.join("folder")).unwrap();
        done(path, &["run", "link.ron", "--no-charts", "--out", "o4"]);
        done(path, &["run", "folder/study.ron", "--no-charts", "--out", "o5"]);
        all.extend(["o4", "o5"]);
    }
    let first = files(&path.join("o0"));
    for out in all {
        assert!(files(&path.join(out)) == first, "{out}");
    }
}

#[test]
fn plans_are_verified_from_what_they_recorded() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    std::fs::create_dir_all(path.join("plans")).unwrap();
    let plan = r#"(version: 1, as_of: "2026-11-21", horizon: "2027-03-01", policy: "microsoft-2023", fleet: "fleet.csv",
        replications: 20, crews: [(name: "team", windows: [(day: "Sat", from: "18:00", hours: 6)])])"#;
    write(path, "plans/plan.ron", plan);
    let header = "server,build,first_detected,messages_per_day,work_likely";
    write(
        path,
        "plans/fleet.csv",
        &format!("{header}\na,15.1.2507.57,2026-10-01,1000,1\nb,15.1.2507.57,2026-10-12,900,2\n"),
    );
    write(path, "other.csv", &format!("{header}\na,15.1.2507.57,2026-10-01,1000,1\nc,15.1.2507.57,2026-10-12,700,2\n"));
    let plain = ["plan", "plans/plan.ron", "--out", "plain"];
    let said = ["plan", "plans/plan.ron", "--fleet", "other.csv", "--as-of", "2026-11-28", "--done", "a=2026-11-24"];
    let rest = ["--pause", "2026-11-01:5", "--used", "2026:3", "--seed", "9", "--replications", "30", "--out", "said"];
    done(path, &plain);
    done(path, &[&said as &[&str], &rest].concat());
    std::fs::remove_dir_all(path.join("plans")).unwrap();
    std::fs::remove_file(path.join("other.csv")).unwrap();
    for folder in ["plain", "said"] {
        let said = done(path, &["verify", folder]);
        assert!(said.starts_with("identical: "), "{said}");
        std::fs::copy(path.join(folder).join("gantt.png"), path.join("gantt.png")).unwrap();
        let said = done(path, &["verify", "gantt.png"]);
        assert!(said.starts_with("identical: "), "{said}");
    }
    let table = path.join("said/plan.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    std::fs::write(&table, text.replacen("\nc,", "\nd,", 1)).unwrap();
    let (code, said, _) = run(path, &["verify", "said"]);
    assert!(code == Some(1) && said.contains("plan.csv: line ") && said.contains("recorded d, recomputed c"), "{said}");
}
