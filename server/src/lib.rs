//! The analysis of Quickback's realtime configuration, and its two faces: a language server and a
//! check for the command line.
//!
//! The flow is one way: [`document`] → [`syntax`] → [`facts`] → [`project`] → [`rules`] and
//! [`ide`]; only [`lsp`], [`cli`] and [`workspace`] know the world outside. The core cannot fail:
//! whatever it is shown, it answers with what it could read.

pub mod check;
pub mod cli;
pub mod codes;
pub mod diagnostic;
pub mod document;
pub mod facts;
pub mod fix;
pub mod generate;
pub mod ide;
pub mod lower;
pub mod lsp;
pub mod position;
pub mod project;
pub mod rules;
pub mod schema;
pub mod settings;
pub mod span;
pub mod syntax;
pub mod workspace;
