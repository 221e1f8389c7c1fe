//! The real binary over stdin and stdout, and a client that speaks the protocol strictly.

mod bad_input;
mod client;
mod files;
mod typing;
