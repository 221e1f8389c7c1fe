//! The table of good and bad signatures, which `tests/e2e/worker/signatures.test.mjs` shows to the
//! runtime's WebCrypto: nothing may hold here and not there, or there and not here.

#![cfg(feature = "worker")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests say what they expect by failing"
)]

mod support;

use broadcaster::auth::keyset::KeySet;
use broadcaster::auth::token::Verifier;
use serde_json::Value;
use support::signatures::verify;
use support::tokens::{NOW, RULES, SECRET};

fn table() -> Value {
    serde_json::from_str(include_str!("signatures.json")).unwrap()
}

/// The rows that are not judged as the table says.
fn misjudged(rows: &Value, verifier: Verifier<'_>) -> Vec<String> {
    let rows = rows.as_array().unwrap();
    assert!(rows.len() > 10, "{} rows", rows.len());
    let is_misjudged = |row: &&Value| {
        let verified = verify(row["token"].as_str().unwrap(), verifier, RULES, NOW);
        verified.is_ok() != row["holds"].as_bool().unwrap()
    };
    let rows = rows.iter().filter(is_misjudged);
    rows.map(|row| row["name"].to_string()).collect()
}

#[test]
fn signatures_hold_as_the_table_says() {
    let table = table();
    let keys = KeySet::parse(&table["jwks"].to_string()).unwrap();
    let none: [&str; 0] = [];
    assert_eq!(misjudged(&table["underKeys"], Verifier::Keys(&keys)), none);
    assert_eq!(
        misjudged(&table["underSecret"], Verifier::Secret(SECRET)),
        none
    );
}
