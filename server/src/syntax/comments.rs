//! The comments of a file.

use super::{Tree, span};
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
pub fn comments(tree: &Tree<'_>, wanted: impl Fn(&str) -> bool) -> Vec<Comment> {
    let text = tree.text();
    let comments = tree.nodes().filter(|node| node.kind() == "comment");
    comments
        .filter_map(|node| {
            // The grammar counts the first half of a Windows line break to the comment.
            let own = span(node).text(text).trim_end_matches('\r');
            wanted(own).then(|| {
                let start = span(node).start as usize;
                let before = text.get(..start).unwrap_or_default();
                let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
                let row = memchr::memchr_iter(b'\n', before.as_bytes()).count();
                Comment {
                    span: Span::new(start, start.saturating_add(own.len())),
                    own_line: line.trim_start_matches('\u{feff}').trim().is_empty(),
                    row: u32::try_from(row).unwrap_or(u32::MAX),
                }
            })
        })
        .collect()
}
