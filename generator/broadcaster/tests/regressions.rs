//! The inputs that fuzzers have found, tried again.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect by failing"
)]

mod support;

#[path = "../../../tests/invariants/src/replay.rs"]
mod replay;

use std::path::Path;

use support::{cases, raw};

fn replay(target: &str, check: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz");
    assert!(
        replay::replay(&folder, target, check) > 0,
        "no inputs of {target}"
    );
}

#[test]
fn bodies_and_frames() {
    replay("body", raw::any);
}

#[test]
fn deliveries() {
    replay("delivery", cases::check_bytes);
}

#[cfg(feature = "worker")]
#[test]
fn tokens() {
    replay("tokens", support::tokens::any);
}
