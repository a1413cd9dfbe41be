//! Numbers, places, faults of form, and values that get the names they lack.

use super::*;

fn file(text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile { path: "f.ron".to_owned(), text: text.to_owned() })
}

fn refused(text: &str) -> String {
    parse(&file(text), "").unwrap_err().line()
}

#[test]
fn numbers_are_read_in_every_form_and_words_are_none() {
    for (text, whole) in [("12", 12), ("-1_000", -1000), ("0x1F", 31), ("0b101", 5), ("0o17", 15), ("+7", 7)] {
        assert!(matches!(number(text), NodeKind::Whole(found) if found == whole), "{text}");
    }
    for (text, decimal) in [("1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("-2.5E-1", -0.25)] {
        assert!(matches!(number(text), NodeKind::Decimal(found) if found == decimal), "{text}");
    }
    assert!(matches!(number("-inf"), NodeKind::Word(_)) && matches!(number("1.2.3"), NodeKind::Word(_)));
}

#[test]
fn nodes_know_their_place() {
    let file = file("(a: [1, LogNormal(median: 2.0)], // ]\n b: {\"x y\": Some(3)})");
    let root = parse(&file, "").unwrap().root;
    assert_eq!(root.field("b").unwrap().field("x y").unwrap().excerpt(), "3");
    let NodeKind::List(items) = &root.field("a").unwrap().kind else { panic!("a list") };
    assert_eq!(items[1].excerpt(), "LogNormal(median: 2.0)");
    assert_eq!(items[1].field("median").unwrap().place().line_column(), (1, 27));
}

#[test]
fn faults_of_form_are_told_where_they_stand() {
    assert!(refused("(a: 1 b: 2)").starts_with("f.ron:1:7: a comma is missing"), "{}", refused("(a: 1 b: 2)"));
    assert!(refused("(a: [1, 2)").starts_with("f.ron:1:10: expected `]` here"));
    assert!(refused("(a: {\"x\" 1})").contains("a colon is expected"));
    assert!(refused("(a: 1) (b: 2)").contains("behind the value"));
    assert!(refused("(a: 1, 2)").contains("is no name of a field"));
    assert!(refused(&"[".repeat(100_000)).contains("128 deep"));
    assert!(refused("(a: \"x").contains("ends in the middle"));
}

#[test]
fn names_given_twice_and_characters_nobody_can_write_are_flaws() {
    let flaws = parse(&file("(a: {\"x\": 1, \"x\": 2}, b: \"\\u{1b}[2J\", c: \"\\u{fffe}\", a: 1)"), "").unwrap().flaws;
    let told: Vec<_> = flaws.iter().map(|flaw| flaw.message.as_str()).collect();
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told[0].contains("\"x\" is given twice") && told[1].contains("U+001B") && told[2].contains("U+FFFE"));
}

#[test]
fn values_of_some_words_get_the_names_they_lack() {
    const NAMING: &ValueNames = &[("Date", &["first", "last"]), ("Search", &["method"])];
    let shown = |text: &str| {
        let root = parse_naming(&file(text), "", NAMING).map_err(|problem| problem.line())?.root;
        let fields = root.fields().unwrap_or_default().iter();
        Ok::<_, String>(fields.map(|f| format!("{}={}", f.name(), f.value.excerpt())).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(shown("Date(\"a\", \"b\", step_days: 7)").unwrap(), "first=\"a\" last=\"b\" step_days=7");
    assert_eq!(shown("Date(first: \"a\", \"b\")").unwrap(), "first=\"a\" last=\"b\"");
    assert_eq!(shown("Search(Nsga2(x: 1), futures: 8)").unwrap(), "method=Nsga2(x: 1) futures=8");
    assert_eq!(shown("Search(method: Nsga2(x: 1))").unwrap(), "method=Nsga2(x: 1)");
    assert!(shown("Date(\"a\", \"b\", 7)").unwrap_err().contains("no name of a field"));
    assert!(shown("Real(first: 1, 2)").is_err());
}

#[test]
fn extensions_that_are_always_on_may_be_named() {
    assert!(parse(&file("#![enable(implicit_some)]\n(a: 1)"), "").is_ok());
    assert!(refused("#![enable(other)]\n(a: 1)").contains("not known"));
}
