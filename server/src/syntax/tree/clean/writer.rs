//! Lays nodes out as the grammar's parser would: comments where it puts them, tokens only where
//! somebody asks for them.

use std::slice::Iter;

use oxc_ast::ast::Comment;
use oxc_span::Span;

use super::super::Entry;
use super::names::{Field, Kind, Numbers, Token};

/// How deep nodes may lie in each other. What reads the tree stops at a depth of its own (the
/// nearest at 200), and what lies there must come from one parser alone; it also keeps the stack
/// that is needed here small.
const MAX_DEPTH: usize = 160;

/// Lays out the nodes of a text in the order of the text.
pub(super) struct Writer<'t> {
    pub(super) text: &'t str,
    numbers: &'static Numbers,
    nodes: Vec<Entry>,
    /// The nodes that are not at their end yet.
    open: Vec<u32>,
    /// The comments that are not laid out yet.
    comments: Iter<'t, Comment>,
    /// The furthest end of what is laid out, comments left out.
    reach: u32,
    is_given_up: bool,
}

impl<'t> Writer<'t> {
    /// Begins with nothing; the comments are in the order of the text.
    pub(super) fn new(text: &'t str, numbers: &'static Numbers, comments: &'t [Comment]) -> Self {
        Self {
            text,
            numbers,
            // About as many as there are: a node takes five bytes or more.
            nodes: Vec::with_capacity(text.len() / 5),
            open: Vec::new(),
            comments: comments.iter(),
            reach: 0,
            is_given_up: false,
        }
    }

    /// What was laid out, or `None` if something could not be.
    pub(super) fn finish(self) -> Option<Vec<Entry>> {
        (!self.is_given_up).then_some(self.nodes)
    }

    /// Says that this text has something that only the grammar's parser can tell.
    pub(super) fn give_up(&mut self) {
        self.is_given_up = true;
    }

    /// The furthest end of what is laid out.
    pub(super) fn reach(&self) -> u32 {
        self.reach
    }

    /// Says that the node that is open reaches to an offset at least.
    pub(super) fn reach_to(&mut self, end: u32) {
        self.reach = self.reach.max(end);
    }

    /// A node from `start`, with what `inside` lays out. It ends at `end`, or with the last thing
    /// inside, if that is further.
    pub(super) fn node(
        &mut self,
        kind: Kind,
        field: Field,
        span: Span,
        inside: impl FnOnce(&mut Self),
    ) {
        let (start, end) = (span.start, span.end);
        if self.open.len() >= MAX_DEPTH {
            self.give_up();
        }
        if self.is_given_up {
            return;
        }
        self.comments_before(start);
        let index = self.push(self.numbers.kind(kind), field, start, end);
        self.open.push(index);
        inside(self);
        let end = end.max(self.reach);
        self.comments_before(end);
        self.open.pop();
        let after = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        if let Some(entry) = self.nodes.get_mut(index as usize) {
            entry.end = end;
            entry.after = after;
        }
        self.reach = end;
    }

    /// A node without anything inside.
    pub(super) fn leaf(&mut self, kind: Kind, field: Field, span: Span) {
        self.comments_before(span.start);
        self.push(self.numbers.kind(kind), field, span.start, span.end);
        self.reach = self.reach.max(span.end);
    }

    /// A token that somebody asks for.
    pub(super) fn token(&mut self, token: Token, field: Field, span: Span) {
        self.comments_before(span.start);
        self.push(self.numbers.token(token), field, span.start, span.end);
        self.reach = self.reach.max(span.end);
    }

    /// The parser of the grammar puts a comment into the innermost node that has something on
    /// both sides of it.
    fn comments_before(&mut self, end: u32) {
        while let Some(comment) = self.comments.as_slice().first() {
            if comment.span.start >= end {
                break;
            }
            self.comments.next();
            let kind = self.numbers.kind(Kind::Comment);
            self.push(kind, Field::None, comment.span.start, comment.span.end);
        }
    }

    fn push(&mut self, kind: u16, field: Field, start: u32, end: u32) -> u32 {
        let index = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push(Entry {
            start,
            end,
            parent: self.open.last().copied().unwrap_or(index),
            after: index.saturating_add(1),
            kind,
            field: self.numbers.field(field),
            is_error: false,
            is_missing: false,
            has_error: false,
        });
        index
    }

    /// The byte at an offset; 0 behind the end.
    pub(super) fn byte(&self, at: u32) -> u8 {
        let bytes = self.text.as_bytes();
        bytes.get(at as usize).copied().unwrap_or_default()
    }

    /// Whether these bytes stand at an offset.
    pub(super) fn has(&self, at: u32, bytes: &[u8]) -> bool {
        let rest = self.text.as_bytes().get(at as usize..);
        rest.is_some_and(|rest| rest.starts_with(bytes))
    }

    /// The next offset from `at` on where neither white space nor a comment stands.
    pub(super) fn skip(&self, at: u32) -> u32 {
        let mut at = at;
        loop {
            match self.byte(at) {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C => at += 1,
                b'/' if self.has(at, b"//") || self.has(at, b"/*") => match self.comment_end(at) {
                    Some(end) => at = end,
                    None => return at,
                },
                0x80.. => {
                    let rest = self.text.get(at as usize..).unwrap_or_default();
                    match rest.chars().next() {
                        Some(c) if c.is_whitespace() || c == '\u{feff}' => {
                            at += u32::try_from(c.len_utf8()).unwrap_or(1);
                        }
                        _ => return at,
                    }
                }
                _ => return at,
            }
        }
    }

    /// The end of the comment that begins at an offset. All that come are still to be laid out,
    /// since none is before something that is.
    pub(super) fn comment_end(&self, at: u32) -> Option<u32> {
        let comments = self.comments.as_slice();
        let index = comments.partition_point(|comment| comment.span.start < at);
        let comment = comments.get(index).filter(|c| c.span.start == at)?;
        Some(comment.span.end)
    }

    /// Where `token` stands, which is next from `at` on.
    pub(super) fn find(&mut self, at: u32, token: &[u8]) -> u32 {
        let found = self.skip(at);
        if !self.has(found, token) {
            self.give_up();
        }
        found
    }

    /// The offset behind `token`, which is next from `at` on.
    pub(super) fn behind(&mut self, at: u32, token: &[u8]) -> u32 {
        let length = u32::try_from(token.len()).unwrap_or_default();
        self.find(at, token).saturating_add(length)
    }
}
