//! What an editor shows: completion, hover, navigation and the rest.
//!
//! Plain data out, byte offsets, nothing of a protocol. Every function answers for any text and any
//! offset; where the text is broken it answers with what can still be read.

mod about;
pub mod actions;
mod audience;
pub mod completion;
mod cursor;
pub mod hints;
pub mod hover;
pub mod lenses;
pub mod navigate;
pub mod preview;
mod region;
pub mod rename;
mod shape;
pub mod symbol;
pub mod symbols;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod totality;
mod words;
