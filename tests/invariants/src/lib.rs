//! What must hold whatever is typed, sent or configured.
//!
//! Each function here takes an input and fails, by a panic that says why, where an invariant does
//! not hold. The tests of the server call them with inputs that they make up; the fuzz targets
//! under `tests/fuzz` with inputs that a fuzzer grows; and every input that once failed is kept
//! there and tried again by the tests.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "an invariant that does not hold says so by failing"
)]

pub mod bytes;
pub mod edits;
pub mod findings;
pub mod fixes;
pub mod ide;
pub mod parsers;
pub mod pieces;
pub mod project;
pub mod protocol;
pub mod renames;
pub mod replay;
pub mod settings;
pub mod typescript;
