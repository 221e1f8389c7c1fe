//! The comments of a file.

use super::span;
use crate::document::Document;
use crate::span::Span;

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// All of it, delimiters included.
    pub span: Span,
    /// Whether nothing but white space stands before it on its line.
    pub own_line: bool,
    /// The row of its start, counted from 0, rows ending at `\n`.
    pub row: u32,
}

/// The comments for which `wanted` says yes to their text.
pub fn comments(document: &Document, wanted: impl Fn(&str) -> bool) -> Vec<Comment> {
    let mut found = Vec::new();
    let Some(tree) = document.tree() else {
        return found;
    };
    let text = document.text();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        // The grammar counts the first half of a Windows line break to the comment.
        let own = span(node).text(text).trim_end_matches('\r');
        if node.kind() == "comment" && wanted(own) {
            let start = node.start_byte();
            let before = text.get(..start).unwrap_or_default();
            let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
            found.push(Comment {
                span: Span::new(start, start.saturating_add(own.len())),
                own_line: line.trim_start_matches('\u{feff}').trim().is_empty(),
                row: u32::try_from(node.start_position().row).unwrap_or(u32::MAX),
            });
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}
