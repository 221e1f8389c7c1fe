//! Any change under any policies: who receives it, and what each one sees.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::support::cases::check_bytes(bytes));
