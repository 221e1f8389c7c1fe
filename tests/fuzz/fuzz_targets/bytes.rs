//! Any bytes as a file of a project: syntax, facts, rules, fixes, and what an editor asks.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariants::bytes::check(bytes));
