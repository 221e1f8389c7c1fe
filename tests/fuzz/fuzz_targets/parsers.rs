//! Any text, and any bytes as a text of TypeScript: both parsers say the same of it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariants::parsers::check(bytes));
