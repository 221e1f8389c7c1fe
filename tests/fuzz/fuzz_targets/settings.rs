//! Any text as `quickback-realtime.json` and as `tsconfig.json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariants::settings::check(bytes));
