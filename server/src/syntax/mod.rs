//! Typed views over the syntax tree: values, bindings, imports, calls and comments of one file.
//!
//! Nothing here knows Quickback. Error nodes are allowed everywhere; what cannot be read is
//! [`value::ValueKind::Broken`] or simply absent.

mod bindings;
mod calls;
mod comments;
pub mod flow;
mod lower;
mod module;
pub mod value;

pub use bindings::{Binding, Scopes};
pub use calls::{CallExpression, Handling, calls, root_name};
pub use comments::{Comment, comments};
pub use lower::lower;
pub use module::{Export, ExportTarget, Import, Imported, Module, module};

/// A node of the tree.
pub type Node<'t> = tree_sitter::Node<'t>;

use crate::document::Document;
use crate::span::Span;

/// The range of a node.
pub fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

/// The first places that do not parse, in order, at most `limit`: error nodes and missing tokens;
/// all of a text that the parser gave up on.
pub fn errors(document: &Document, limit: usize) -> Vec<Span> {
    let mut found = Vec::new();
    let Some(tree) = document.tree() else {
        return vec![Span::new(0, document.text().len())];
    };
    if !tree.root_node().has_error() {
        return found;
    }
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            found.push(span(node));
            if found.len() >= limit {
                return found;
            }
        }
        if !node.is_error() && node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}
