//! Any conversation with the language server.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariants::protocol::check(bytes));
