//! Any bytes as session tokens, key sets, claims, API keys and tickets.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::support::tokens::any(bytes));
