//! The command line, with the real binary.

// Tests say what they expect by failing; helpers outside of a `#[test]` too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod check;
mod commands;
mod fix;
mod formats;
mod support;
