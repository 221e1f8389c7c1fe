//! Turns the model of a Quickback project's realtime configuration into running code.
//!
//! This crate knows nothing of syntax or of any protocol: it is handed a complete, valid
//! [`model::Project`] and returns text. Delivery and masking are not written here but in the
//! `broadcaster` crate, which is what the worker runs.

pub use broadcaster;

pub mod artifact;
pub mod model;
pub mod policy;
pub mod preview;
