//! `report.html` as a reader meets it: one file, complete, at peace with a browser.

use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::Command;
use tempfile::TempDir;

const QUICKSTART: &str = "scenarios/quickstart.ron";

/// The report of a small run.
fn report(arguments: &[&str]) -> (TempDir, String) {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let mut command = Command::cargo_bin("brownout").unwrap();
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", QUICKSTART, "--out"]);
    command.arg(&out).args(arguments);
    if !arguments.contains(&"--replications") {
        command.args(["--replications", "2"]);
    }
    command.assert().success();
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    let manifest = std::fs::read_to_string(out.join("manifest.json")).unwrap();
    assert!(manifest.contains("\"file\": \"report.html\""));
    (place, page)
}

/// What stands between `open` and `close`, every time.
pub(crate) fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    text.split(open).skip(1).filter_map(|rest| rest.split_once(close)).map(|found| found.0).collect()
}

#[test]
fn one_file_says_everything() {
    let (_place, page) = report(&[]);
    let study = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(QUICKSTART)).unwrap();
    let question = between(&study, "question: \"", "\"")[0];
    assert_eq!(between(&page, "<h1>", "</h1>"), [question]);
    for scenario in ["announced ladder", "no enforcement", "all at once", "no pause"] {
        assert!(page.contains(&format!("<th scope=\"row\">{scenario}")), "{scenario}");
        assert!(page.contains(&format!("Scenario \u{201c}{scenario}\u{201d}</dt>")), "{scenario}");
    }
    for part in [
        "<code>policy.pauses.budget_days</code> = <code>0</code>",
        "prefer \u{201c}no enforcement\u{201d} if one lost message",
        "variance ratio",
        "brownout run quickstart.ron --seed 42 --replications 2",
        "// DOMAIN.md 1.1; stages 5 to 7 rest on one source",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn every_figure_has_its_words_and_every_table_its_caption() {
    let (_place, page) = report(&[]);
    let figures = between(&page, "<figure", "</figure>");
    assert_eq!(figures.len(), 11);
    for figure in figures {
        assert!(figure.contains("<figcaption>") && figure.contains("role=\"img\""));
        let alt = between(figure, "<desc", "</desc>")[0];
        assert!(alt.contains("\u{201c}no pause\u{201d} "), "{alt}");
        assert!(!between(figure, "<title", "</title>")[0].is_empty());
    }
    assert_eq!(page.matches("<table>").count(), page.matches("<caption>").count());
    let ids = between(&page, " id=\"", "\"");
    let mut distinct = ids.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(ids.len(), distinct.len(), "an id is used twice");
    for target in between(&page, "href=\"#", "\"").into_iter().chain(between(&page, "aria-labelledby=\"", "\"")) {
        assert!(target.split(' ').all(|id| ids.contains(&id)), "nothing is called {target}");
    }
}

#[test]
fn nothing_is_fetched_and_only_the_own_script_runs() {
    let (_place, page) = report(&[]);
    for sign in ["<link", "<img", "<iframe", "@import", "src=\"", "xlink", " onload", "url(http"] {
        assert!(!page.contains(sign), "{sign}");
    }
    let without_names = page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    assert!(!without_names.contains("=\"http"), "an address outside");
    let scripts = between(&page, "<script>", "</script>");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/look/page.js");
    assert_eq!(scripts, [std::fs::read_to_string(source).unwrap()]);
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!scripts[0].contains("http") && !scripts[0].contains("fetch") && !scripts[0].contains("innerHTML"));
    assert_eq!(page.matches("script-src 'sha256-").count(), 1);
}

#[test]
fn without_its_script_the_page_is_whole() {
    let (_place, page) = report(&[]);
    // What only the script can use is hidden, and nothing else: no tag of the page but the buttons' has the attribute.
    let (before, rest) = page.split_once("<script>").unwrap();
    let markup = format!("{before}{}", rest.split_once("</script>").unwrap().1);
    let tags = between(&markup, "<", ">").into_iter().filter(|tag| tag.split(' ').any(|word| word == "hidden"));
    let hidden: Vec<&str> = tags.collect();
    assert!(hidden.len() == 1 && hidden[0].starts_with("div class=\"pick\""), "{hidden:?}");
    assert_eq!(page.matches("<details class=\"view\">").count(), 4, "losses and delays, each in two other terms");
}

/// Moves a pointer over the report as a reader would and writes down what is seen. Runs instead of the policy that forbids it.
const READER: &str = r#"<script>
addEventListener("load", () => {
  const seen = {}, tip = () => document.querySelector(".tip").hidden ? "" : document.querySelector(".tip").innerText;
  const figure = document.querySelector("\#figure-mail-lost"), shown = () => [...figure.querySelectorAll(".card")].filter(card => !card.hidden && card.closest("details")?.hidden !== true);
  document.querySelectorAll("details.part").forEach(part => { part.open = true; });
  seen.views = [...figure.querySelectorAll(".views button")].map(button => button.textContent);
  seen.first = shown().length;
  const card = shown()[0], box = card.querySelector("svg").getBoundingClientRect();
  const move = (x, y) => card.dispatchEvent(new PointerEvent("pointermove", { clientX: box.left + box.width * x, clientY: box.top + box.height * y, bubbles: true }));
  move(0.5, 0.5);
  seen.tip = tip();
  card.dispatchEvent(new PointerEvent("pointerleave"));
  seen.left = tip();
  card.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  seen.key = tip();
  document.querySelector("[data-pick='1']").click();
  const faded = () => figure.querySelectorAll(".off").length, bands = () => figure.querySelectorAll(".hid[visibility=visible]").length;
  seen.faded = faded() > 0;
  seen.own = [...figure.querySelectorAll("[data-of='1']")].every(mark => !mark.classList.contains("off"));
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  seen.clear = faded() + bands();
  figure.querySelectorAll(".views button")[2].click();
  seen.third = shown().length === 1 && shown()[0].closest("details") !== null;
  document.body.dataset.seen = JSON.stringify(seen);
});
</script></body>"#;

#[test]
fn a_reader_reads_values_off_highlights_and_changes_terms() {
    let Some(browser) = chromium() else {
        println!("skipped: no Chromium");
        return;
    };
    let (place, page) = report(&[]);
    let policy = between(&page, "<meta http-equiv=\"Content-Security-Policy\"", ">")[0].to_owned();
    let tried = page.replace(&policy, "").replace("</body>", &READER.replace('\\', ""));
    let path = place.path().join("tried.html");
    std::fs::write(&path, tried).unwrap();
    let (document, log) = load(&browser, &path, &place.path().join("net.json"));
    let seen = between(&document, "data-seen=\"", "\"").first().map(|text| text.replace("&quot;", "\""));
    let seen: serde_json::Value = serde_json::from_str(&seen.unwrap_or_else(|| panic!("{log}"))).unwrap();
    assert_eq!(seen["views"], serde_json::json!(["by week", "cumulative", "cumulative, in per cent of all mail sent"]));
    assert_eq!((&seen["first"], &seen["third"]), (&1.into(), &true.into()));
    let tip = seen["tip"].as_str().unwrap();
    assert!(tip.starts_with("week from 20") && tip.contains("announced ladder") && tip.contains("no pause"), "{tip}");
    assert_eq!(seen["left"], "");
    assert!(seen["key"].as_str().unwrap().starts_with("week from 20"), "{seen}");
    assert_eq!((&seen["faded"], &seen["own"], &seen["clear"]), (&true.into(), &true.into(), &0.into()));
}

#[test]
fn the_same_run_gives_the_same_page_on_any_number_of_threads() {
    assert_eq!(report(&["--threads", "1"]).1, report(&["--threads", "2"]).1);
}

#[test]
fn one_replication_claims_nothing() {
    let (_place, page) = report(&["--replications", "1"]);
    assert!(page.contains("none of this is sure yet"));
    assert!(page.contains("one replication gives no interval"));
    assert!(!page.contains("±\u{a0}"), "an interval out of nothing");
}

#[test]
fn without_charts_the_page_has_no_figures() {
    let (_place, page) = report(&["--no-charts"]);
    assert!(!page.contains("<figure") && !page.contains("href=\"#figures\""));
    assert!(page.contains("The four goals"));
}

/// The browser, if there is one.
fn chromium() -> Option<PathBuf> {
    let given = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = std::env::split_paths(&paths).flat_map(|dir| names.map(|name| dir.join(name)));
    given.into_iter().chain(found).find(|path| path.is_file())
}

/// Loads a page and returns its document and what the browser wrote to its log; the network log goes to `net`.
fn load(browser: &Path, page: &Path, net: &Path) -> (String, String) {
    let profile = tempfile::tempdir().unwrap();
    let (document, log) = (profile.path().join("document.html"), profile.path().join("log.txt"));
    let mut child = Process::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args([
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--allow-file-access-from-files",
            "--enable-logging=stderr",
            "--v=0",
        ])
        .arg("--host-resolver-rules=MAP * ~NOTFOUND")
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--log-net-log={}", net.display()))
        .args(["--window-size=1280,1000", "--virtual-time-budget=5000", "--dump-dom"])
        .arg(format!("file://{}", page.display()))
        .stdout(Stdio::from(std::fs::File::create(&document).unwrap()))
        .stderr(Stdio::from(std::fs::File::create(&log).unwrap()))
        .spawn()
        .unwrap();
    let end = Instant::now() + Duration::from_secs(90);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("the browser does not come back");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let read = |path: &Path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    (read(&document), read(&log))
}

/// A page that shows the report in a frame as wide as a phone and writes down how wide the report has become.
const PHONE: &str = r#"<!doctype html><title>phone</title><body>
<iframe src="out/report.html" width="375" height="800" style="border:0"></iframe>
<script>
addEventListener("load", () => {
  const page = document.querySelector("iframe").contentDocument;
  const fonts = [...page.fonts].filter(font => font.status === "loaded").length;
  document.body.dataset.result = `width ${page.documentElement.scrollWidth} fonts ${fonts}`;
  if (page.documentElement.scrollWidth > 375) {
    const wide = [...page.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > 376 && !e.closest(".scroll, .card, pre"));
    document.body.dataset.wide = wide.slice(0, 5).map(e => e.outerHTML.slice(0, 80)).join(" | ");
  }
});
</script>"#;

/// What a page asked of a network, and what it wrote to the console. Requests of the browser itself have no origin.
fn asked_and_said(browser: &Path, page: &Path) -> (Vec<String>, Vec<String>) {
    let net = page.with_extension("net.json");
    let (_, log) = load(browser, page, &net);
    let net = std::fs::read_to_string(&net).unwrap();
    let of_a_page =
        |line: &&str| line.contains("\"initiator\":\"") && !line.contains("\"initiator\":\"not an origin\"");
    let urls = net.lines().filter(of_a_page).flat_map(|line| between(line, "\"url\":\"", "\""));
    let asked = urls.filter(|url| !url.starts_with("file:") && !url.starts_with("data:")).map(str::to_owned).collect();
    (asked, log.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect())
}

#[test]
fn a_browser_finds_nothing_wrong() {
    let Some(browser) = chromium() else {
        println!("skipped: no Chromium");
        return;
    };
    let (place, _page) = report(&[]);
    let found = asked_and_said(&browser, &place.path().join("out/report.html"));
    assert_eq!(found, (Vec::new(), Vec::new()));
    // The same look at a page that does both wrong.
    let bad = place.path().join("bad.html");
    std::fs::write(
        &bad,
        "<!doctype html><img src='http://brownout.invalid/x.png'><script>console.error('oh')</script>",
    )
    .unwrap();
    let (asked, said) = asked_and_said(&browser, &bad);
    assert_eq!(asked, ["http://brownout.invalid/x.png"]);
    assert!(said.iter().any(|line| line.contains("\"oh\"")), "{said:?}");
}

/// The phone's document with `out/report.html` of a directory in it; `None` without a browser.
pub(crate) fn on_a_phone(place: &Path) -> Option<String> {
    let Some(browser) = chromium() else {
        println!("skipped: no Chromium");
        return None;
    };
    let phone = place.join("phone.html");
    std::fs::write(&phone, PHONE).unwrap();
    let (document, log) = load(&browser, &phone, &place.join("net.json"));
    Some(document + &log)
}

#[test]
fn a_phone_needs_no_sideways_scrolling() {
    let (place, _page) = report(&[]);
    let Some(document) = on_a_phone(place.path()) else { return };
    let wide = between(&document, "data-wide=\"", "\"");
    assert!(
        document.contains("data-result=\"width 375 fonts 2\""),
        "{:?} {wide:?}",
        between(&document, "data-result=\"", "\"")
    );
}
