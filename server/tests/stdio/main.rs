//! The real binary over stdin and stdout, and a client that speaks the protocol strictly.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test says what it expects by failing"
)]

mod agree;
mod asking;
mod bad_input;
mod client;
mod conditions;
mod extra_roles;
mod features;
mod files;
mod fixing;
mod generating;
mod large;
mod projects;
mod refreshing;
mod shared;
mod status;
mod typing;
