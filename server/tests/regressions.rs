//! The inputs that fuzzers have found, tried again.

use invariants::{bytes, edits, parsers, project, protocol, replay, settings};

fn replay(target: &str, check: impl Fn(&[u8])) {
    let tried = replay::replay(&project::top().join("tests/fuzz"), target, check);
    assert!(tried > 0, "no inputs of {target}");
}

#[test]
fn bytes_as_a_file() {
    replay("bytes", bytes::check);
}

#[test]
fn edited_projects() {
    replay("edits", edits::check);
}

#[test]
fn conversations() {
    replay("protocol", protocol::check);
}

#[test]
fn settings_and_tsconfigs() {
    replay("settings", settings::check);
}

#[test]
fn texts_by_two_parsers() {
    replay("parsers", parsers::check);
}
