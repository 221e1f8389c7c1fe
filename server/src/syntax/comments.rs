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

impl Comment {
    /// The comment at a range of a text.
    pub fn at(span: Span, text: &str) -> Self {
        let before = text.get(..span.start as usize).unwrap_or_default();
        let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
        let row = memchr::memchr_iter(b'\n', before.as_bytes()).count();
        Self {
            span,
            own_line: line.trim_start_matches('\u{feff}').trim().is_empty(),
            row: u32::try_from(row).unwrap_or(u32::MAX),
        }
    }
}

/// Whether what stands between two things puts the second on the line behind the first: one line
/// break, and blanks.
pub fn is_one_line_break(between: &str) -> bool {
    ["\n", "\r\n", "\r"].contains(&between.trim_matches([' ', '\t']))
}

/// Where the comments of a text are, in order.
pub fn comments(tree: &Tree<'_>) -> Box<[Span]> {
    let comments = tree.nodes().filter(|node| node.kind() == "comment");
    let spans = comments.map(|node| {
        let start = span(node).start as usize;
        // The grammar counts the first half of a Windows line break to the comment.
        let own = span(node).text(tree.text()).trim_end_matches('\r');
        Span::new(start, start.saturating_add(own.len()))
    });
    spans.collect()
}
