//! Any bytes as the body of a broadcast and as a frame from a client.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::support::raw::any(bytes));
