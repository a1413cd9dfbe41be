//! Plans of several tenants by the program: files, refusals, the same bytes again.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

const PLAN: &str = r#"(
    version: 1, question: "Whose turn is when?", as_of: "2026-11-21", horizon: "2027-04-01", policy: "microsoft", fleet: "fleet.csv",
    crews: [(name: "we", windows: [(day: "Sat", from: "08:00", hours: 6)])],
    defaults: (work_likely: 1, messages_per_day: 800),
    replications: 50, TENANTS
)"#;
const FLEET: &str = "tenant,server,build,first_detected,depends_on
Contoso,mx-1,15.1.2507.57,2026-10-05T00:15:08Z,
Contoso,mx-2,15.1.2507.57,2026-10-05T00:15:08Z,mx-1
Fabrikam & Co.,mx-1,15.2.1544.36,2026-09-20T00:15:08Z,
Adatum,MX-1,15.2.1544.36,2026-11-01T00:15:08Z,
";

fn files(tenants: &str, fleet: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("provider.ron"), PLAN.replace("TENANTS", tenants)).unwrap();
    fs::write(directory.path().join("fleet.csv"), fleet).unwrap();
    directory
}

fn brownout(directory: &Path, arguments: &[&str]) -> (bool, String, String) {
    let mut command = Command::cargo_bin("brownout").unwrap();
    let output = command.current_dir(directory).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

fn planned(directory: &Path, more: &[&str]) -> String {
    let (good, out, err) = brownout(directory, &[&["plan", "provider.ron", "--time", "1"], more].concat());
    assert!(good, "{err}");
    out
}

fn refused(tenants: &str, fleet: &str, more: &[&str]) -> String {
    let directory = files(tenants, fleet);
    let (good, _, err) = brownout(directory.path(), &[&["plan", "provider.ron", "--no-files"], more].concat());
    assert!(!good, "{tenants} {more:?} is refused");
    err
}

/// The rows of a table by the names of its columns.
fn column(directory: &Path, table: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_path(directory.join("output/provider").join(table)).unwrap();
    let index = reader.headers().unwrap().iter().position(|header| header == name).unwrap();
    reader.records().map(|record| record.unwrap()[index].to_owned()).collect()
}

#[test]
fn each_tenant_has_its_rows_its_calendar_and_its_commands() {
    let directory = files("", FLEET);
    let told = planned(directory.path(), &["--no-charts"]);
    assert!(told.contains("All 4 servers of 3 tenants are done by"), "{told}");
    let path = |name: &str| directory.path().join("output/provider").join(name);
    let mut tenants = column(directory.path(), "tenants.csv", "tenant");
    tenants.sort();
    assert_eq!(tenants, ["Adatum", "Contoso", "Fabrikam & Co."]);
    assert_eq!(column(directory.path(), "plan.csv", "tenant").len(), 4);
    // One crew and one window a week: never two cut-overs on one day, whoever's they are.
    let mut cut_overs = column(directory.path(), "plan.csv", "cut_over");
    cut_overs.sort();
    cut_overs.dedup();
    assert_eq!(cut_overs.len(), 4);
    let days: Vec<u32> =
        column(directory.path(), "tenants.csv", "pause_days").iter().map(|days| days.parse().unwrap()).collect();
    for (tenant, file) in
        [("Contoso", "tenant-contoso"), ("Fabrikam & Co.", "tenant-fabrikam-co"), ("Adatum", "tenant-adatum")]
    {
        let calendar = fs::read_to_string(path(&format!("{file}.ics"))).unwrap();
        assert!(calendar.contains("X-WR-CALNAME:Upgrade plan provider: "), "{calendar}");
        let script = fs::read_to_string(path(&format!("{file}.ps1"))).unwrap();
        let index = column(directory.path(), "tenants.csv", "tenant").iter().position(|name| name == tenant).unwrap();
        assert_eq!(script.contains("NumberOfDays"), days[index] > 0 || script.contains("only if"), "{script}");
        assert_eq!(column(directory.path(), "tenants.csv", "files")[index], file);
    }
    let all = fs::read_to_string(path("plan.ics")).unwrap().replace("\r\n ", "");
    assert!(all.contains("SUMMARY:Contoso: Cut-over of mx-2"), "{all}");
    let page = fs::read_to_string(path("report.html")).unwrap();
    assert!(page.contains("Fabrikam &amp; Co.") && page.contains("The first 7 days"));
}

#[test]
fn a_plan_of_tenants_made_on_one_thread_is_verified_on_all() {
    let directory = files("tenants: {\"Adatum\": (pauses: (used: {2026: 80}))},", FLEET);
    planned(directory.path(), &["--threads", "1"]);
    let (good, told, err) = brownout(directory.path(), &["verify", "output/provider"]);
    assert!(good && told.contains("identical"), "{told}{err}");
}

#[test]
fn what_is_a_tenants_own_is_its_own() {
    let own =
        "tenants: {\"contoso\": (policy: \"no-enforcement\"), \"Adatum\": (pauses: (allow: false), gap_days: 9)},";
    let directory = files(own, FLEET);
    planned(directory.path(), &["--no-charts"]);
    let of = |name: &str, wanted: &str| -> String {
        let names = column(directory.path(), "tenants.csv", "tenant");
        let index = names.iter().position(|tenant| tenant.eq_ignore_ascii_case(wanted)).unwrap();
        column(directory.path(), "tenants.csv", name)[index].clone()
    };
    assert_eq!((of("blocked_from", "Contoso"), of("pause_days", "Adatum")), (String::new(), "0".to_owned()));
    assert!(!of("blocked_from", "Fabrikam & Co.").is_empty());
}

#[test]
fn a_tenants_report_gives_names_builds_and_detections() {
    let directory = files("tenants: {\"Northwind\": (report: \"northwind.txt\")},", FLEET);
    let report = "ServerFQDN : mail.northwind.example\nBuild : 15.1.2507.57\nExchangeServer : ExchangeServer2016\nFirstDetectedDate : 2026-10-01 00:15:08\nRecommendedBuildVersions : 15.1.2507.61\nThrottleEnabledDate : 2026-10-31 00:15:08\nBlockingEnabledDate : 2026-11-30 00:15:08\nNextStageThrottleRate : 20\nNextStageBlockRate : 0\nNextStageStartDate : 2026-11-20 00:15:08\n";
    fs::write(directory.path().join("northwind.txt"), report).unwrap();
    planned(directory.path(), &["--no-charts"]);
    let names = column(directory.path(), "plan.csv", "server");
    let index = names.iter().position(|name| name == "mail.northwind.example").unwrap();
    assert_eq!(column(directory.path(), "plan.csv", "tenant")[index], "Northwind");
    assert_eq!(column(directory.path(), "plan.csv", "first_detected")[index], "2026-10-01T00:15:08Z");
}

#[test]
fn done_servers_are_named_with_their_tenant() {
    let directory = files("", FLEET);
    planned(directory.path(), &["--no-charts", "--as-of", "2026-12-01", "--done", "contoso/mx-1=2026-11-28"]);
    let status = column(directory.path(), "plan.csv", "status");
    assert_eq!(status.iter().filter(|status| *status == "done").count(), 1);
    let told = refused("", FLEET, &["--as-of", "2026-12-01", "--done", "mx-1=2026-11-28"]);
    assert!(told.contains("mx-1 names no tenant of the plan") && told.contains("TENANT/SERVER"), "{told}");
}

#[test]
fn what_belongs_to_no_tenant_is_refused_with_place_and_remedy() {
    let without = FLEET.replace("Adatum,", ",");
    let told = refused("", &without, &[]);
    assert!(told.contains("fleet.csv:5:1") && told.contains("names no tenant"), "{told}");
    let told = refused("pauses: (had: [(at: \"2026-11-01\", days: 5)]),", FLEET, &[]);
    assert!(told.contains("each has pauses of its own") && told.contains("tenants: {"), "{told}");
    let told = refused("tenants: {\"Fabricam & Co.\": (gap_days: 3)},", FLEET, &[]);
    assert!(told.contains("no server of the fleet is of this tenant"), "{told}");
    let told = refused("tenants: {\"Contoso\": (servers: {\"mx-9\": (wave: 1)})},", FLEET, &[]);
    assert!(told.contains("no server of the tenant has this name") && told.contains("did you mean \"mx-"), "{told}");
    for option in [&["--pause", "2026-11-01:5"][..], &["--used", "2026:5"], &["--why", "mx-1"]] {
        let told = refused("", FLEET, option);
        assert!(told.contains(option[0]) && told.contains("several tenants"), "{told}");
    }
    let told = refused("tenants: {\"a/b\": ()},", FLEET, &[]);
    assert!(told.contains("is no name for a tenant"), "{told}");
}

#[test]
fn what_stands_in_the_way_of_tenants_is_told_with_their_names() {
    let short = |horizon: &str| {
        let directory = files("", FLEET);
        let plan = PLAN.replace("TENANTS", "").replace("2027-04-01", horizon);
        fs::write(directory.path().join("provider.ron"), plan).unwrap();
        let (good, _, err) = brownout(directory.path(), &["plan", "provider.ron", "--no-files"]);
        assert!(!good);
        err
    };
    let told = short("2026-12-12");
    assert!(told.contains("servers must be done before 2026-12-12") && told.contains(": mx-"), "{told}");
    assert!(told.contains("a horizon of"), "{told}");
    let told = short("2026-11-25");
    assert!(told.contains("Adatum: MX-1") || told.contains("Contoso: mx-1"), "{told}");
}

/// Each server with its tenant, its status and its date.
fn dates(directory: &Path) -> Vec<(String, String, String)> {
    let of = |name: &str| column(directory, "plan.csv", name);
    let names = of("tenant").into_iter().zip(of("server")).map(|(tenant, server)| format!("{tenant}/{server}"));
    let mut all: Vec<_> = names.zip(of("status")).zip(of("cut_over")).map(|((n, s), d)| (n, s, d)).collect();
    all.sort();
    all
}

#[test]
fn tenants_are_planned_again_from_what_is_remembered_of_each() {
    let directory = files("", FLEET);
    planned(directory.path(), &["--no-charts"]);
    let before = dates(directory.path());
    let again = ["--no-charts", "--former", "output/provider", "--as-of", "2026-12-02", "--as-planned", "--force"];
    planned(directory.path(), &again);
    let after = dates(directory.path());
    for ((name, _, date), (same, status, now)) in before.iter().zip(&after) {
        assert_eq!((name, date), (same, now), "what went as planned keeps its date");
        let wanted = if date.as_str() < "2026-12-02" { "done" } else { "planned" };
        assert_eq!(status.replace("in hand", "planned"), wanted, "{name}");
    }
    assert!(after.iter().any(|one| one.1 == "done"), "{after:?}");
    let (good, told, err) = brownout(directory.path(), &["verify", "output/provider"]);
    assert!(good && told.contains("identical"), "{told}{err}");
    // What is only remembered is remembered by the plan after it, too.
    let third = ["--no-charts", "--former", "output/provider", "--as-of", "2026-12-03", "--force"];
    planned(directory.path(), &third);
    let done = |dates: &[(String, String, String)]| dates.iter().filter(|one| one.1 == "done").count();
    assert_eq!(done(&dates(directory.path())), done(&after));
    // What fell away is called off in the calendar of whose it was, and in no other.
    let calendar = |name: &str| {
        let path = directory.path().join("output/provider").join(name);
        fs::read_to_string(path).unwrap().replace("\r\n ", "")
    };
    let finished = after.iter().find(|one| one.1 == "done").unwrap().0.split('/').next().unwrap();
    let file = column(directory.path(), "tenants.csv", "files");
    let index = column(directory.path(), "tenants.csv", "tenant").iter().position(|name| name == finished).unwrap();
    let own = calendar(&format!("{}.ics", file[index]));
    assert!(own.contains("SUMMARY:Cancelled: Enforcement begins"), "{own}");
    assert!(!own.contains("SUMMARY:Cancelled: Cancelled"), "{own}");
    assert!(calendar("plan.ics").contains(&format!("SUMMARY:Cancelled: {finished}: Enforcement begins")));
}

#[test]
fn a_former_plan_of_one_tenant_is_not_gone_on_with_for_several() {
    let directory = files("", &FLEET.replace("Fabrikam & Co.,mx-1", "x,mx-3").replace("Adatum,MX-1", "x,mx-4"));
    let one = fs::read_to_string(directory.path().join("fleet.csv")).unwrap();
    let one: Vec<&str> = one.lines().map(|line| line.split_once(',').unwrap().1).collect();
    fs::write(directory.path().join("one.csv"), one.join("\n")).unwrap();
    planned(directory.path(), &["--no-charts", "--fleet", "one.csv", "--out", "alone"]);
    let (good, _, err) = brownout(directory.path(), &["plan", "provider.ron", "--former", "alone", "--no-files"]);
    assert!(!good && err.contains("the former plan is of one tenant, this one of several"), "{err}");
}
