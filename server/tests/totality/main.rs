//! The analysis answers for every text: cut off anywhere, with any token gone, edited in any order,
//! or made to hurt. It never panics, its ranges lie in the text, and it is done in time.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects by failing"
)]

mod bad_input;
mod cuts;
mod edits;
