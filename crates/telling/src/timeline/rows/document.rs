//! The answer as one document: each server with everything about it. All of it is read from the frames.

use serde_json::{Map, Value as Json};

use super::{Answers, EARLIEST, Findings, LATEST, NOTE, WARNING};
use crate::frame::{Frame, Tree, Value, fields};

/// What is true of the answer as a whole, and each server with its rows of the other frames.
pub fn about(findings: &Findings, answers: &Answers) -> Map<String, Json> {
    let common = answers.notes.only("number", Value::Missing);
    fields([
        ("command", "timeline".into()),
        ("version", env!("CARGO_PKG_VERSION").into()),
        ("policy", findings.policy.name().into()),
        ("layout", findings.policy.layout().name().into()),
        ("at", findings.at.to_string().into()),
        ("date_order", findings.date_order.as_deref().into()),
        ("servers", servers(answers)),
        ("notes", common.only("kind", NOTE).values("note")),
        ("warnings", common.only("kind", WARNING).values("note")),
    ])
}

/// The column by which rows belong to a server.
const NUMBER: &[&str] = &["number"];

fn servers(answers: &Answers) -> Json {
    let by = |detection: &str| [&answers.now, &answers.next].map(|frame| frame.only("detection", detection));
    let ([now, next], [now_latest, next_latest]) = (by(EARLIEST), by(LATEST));
    let notes = answers.notes.only("kind", NOTE);
    let tree = Tree::of(&answers.servers)
        .without(NUMBER)
        .fold("inferred_pause")
        .one("now", standing(&now, &next, &answers.replies), NUMBER)
        .one("now_latest", standing(&now_latest, &next_latest, &answers.replies), NUMBER)
        .list("pause_days", Tree::of(&answers.pause_days), NUMBER)
        .list("periods", period(&answers.periods, &answers.replies), NUMBER)
        .values("notes", &notes, NUMBER);
    Json::Array(tree.objects())
}

fn standing<'a>(now: &'a Frame, next: &'a Frame, replies: &'a Frame) -> Tree<'a> {
    Tree::of(now).one("next", period(next, replies), NUMBER)
}

fn period<'a>(frame: &'a Frame, replies: &'a Frame) -> Tree<'a> {
    Tree::of(frame).fold("mail").values("smtp", replies, &["throttle", "block"])
}
