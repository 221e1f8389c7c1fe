//! Both parsers say the same of every text that both read: of all that this project has of
//! TypeScript, of what the language has, and of texts that lack a token.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects by failing"
)]

mod made;
mod samples;
mod texts;
