//! A project of TypeScript edited in any way, token by token and block by block.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariants::edits::check(bytes));
