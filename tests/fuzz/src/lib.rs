//! The invariants of the broadcaster, which are its own tests'; those of the server are a crate.

#[path = "../../../generator/broadcaster/tests/support/mod.rs"]
pub mod support;
