//! The command line, with the real binary.

// Tests say what they expect by failing; helpers outside of a `#[test]` too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod bad_input;
#[cfg(unix)]
mod cache;
mod check;
mod commands;
mod doctor;
mod fix;
mod fixtures;
mod formats;
mod generate;
mod preview;
#[cfg(unix)]
mod progress;
mod support;
mod watch;
mod wrangler;
