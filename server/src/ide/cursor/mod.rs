//! Where a cursor is, whatever the text around it looks like.
//!
//! The tree of a half-typed text says little: one missing brace, and a configuration is an error
//! node. So the place of a cursor is read from the tokens alone, with a stack of open brackets that
//! each know what they belong to: a key, an argument of a call, an item of a list.

mod frame;
mod frames;
mod lexer;
mod locate;
mod repair;

use crate::span::Span;
pub use frame::{Bracket, Frame, Slot, Word};
use frames::Frames;
pub use lexer::is_word;
use lexer::{Lexer, Token, TokenKind};

/// The place of a cursor.
#[derive(Debug)]
pub struct Cursor {
    /// Every bracket up to the end of the cursor's statement, in the order in which they open. The
    /// first one is the file.
    pub frames: Vec<Frame>,
    /// The brackets around the cursor, the file first: indices into `frames`.
    pub stack: Vec<usize>,
    /// What stands before the cursor since the last comma in the innermost bracket.
    pub slot: Slot,
    /// What the cursor touches.
    pub touched: Touched,
    /// The path before the dot that the cursor stands after, as `realtime.extraction.`.
    pub member: Option<Member>,
    /// Whether an entry begins here: after a bracket or a comma, or where a comma is missing.
    pub fresh: bool,
    /// What follows the touched word or string.
    pub next: Option<Next>,
    /// The quotes that the file uses most.
    pub quote: char,
}

/// What a cursor touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touched {
    /// Nothing: something new begins here.
    Nothing,
    /// A name whose beginning is before the cursor.
    Word(Span),
    /// The text of a string.
    Text {
        /// The range that a completion takes the place of.
        replace: Span,
        /// The quote.
        quote: char,
    },
}

/// The place after a dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// What stands before the dot.
    pub path: Vec<Word>,
    /// The dot.
    pub dot: Span,
}

/// The mark after what the cursor touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// `:`
    Colon,
    /// `(`
    Parenthesis,
    /// Anything else on the same line.
    Other,
}

impl Cursor {
    /// The place of the cursor at a byte offset; `None` in a comment, a number, a regular
    /// expression, or the text of a template with substitutions, where nothing may be offered.
    pub fn at(text: &str, offset: u32) -> Option<Self> {
        let offset = offset.min(u32::try_from(text.len()).unwrap_or(u32::MAX));
        let mut frames = Frames::new(text);
        let mut lexer = Lexer::new(text);
        let mut found: Option<Cursor> = None;
        while let Some(token) = lexer.next() {
            if found.is_none() && reaches(token, offset) {
                found = Some(frames.cursor(token, offset, &lexer)?);
            }
            frames.push(token, &mut lexer);
            if found.is_none() && frames.in_template(offset) {
                return None;
            }
            // What comes after the statement of the cursor says nothing about it.
            if found.is_some() && frames.is_outside() {
                break;
            }
        }
        let end = Token {
            span: Span::new(text.len(), text.len()),
            kind: TokenKind::Other,
            on_new_line: text.trim_end_matches([' ', '\t']).ends_with(['\n', '\r']),
        };
        let mut cursor = match found {
            Some(cursor) => cursor,
            None => frames.cursor(end, offset, &lexer)?,
        };
        cursor.quote = frames.quote();
        cursor.frames = frames.finish();
        Some(cursor)
    }

    /// The bracket around the cursor.
    pub fn innermost(&self) -> Option<&Frame> {
        self.frame(*self.stack.last()?)
    }

    /// A bracket by its index.
    pub fn frame(&self, index: usize) -> Option<&Frame> {
        self.frames.get(index)
    }

    /// The brackets directly in the one with that index.
    pub fn children(&self, parent: usize) -> impl Iterator<Item = (usize, &Frame)> {
        self.frames
            .iter()
            .enumerate()
            .filter(move |(_, frame)| frame.parent == Some(parent))
    }

    /// The range that a completion takes the place of.
    pub fn replace(&self, offset: u32) -> Span {
        match self.touched {
            Touched::Nothing => Span::at(offset),
            Touched::Word(span) => span,
            Touched::Text { replace, .. } => replace,
        }
    }

    /// Whether the cursor is within quotes.
    pub fn in_string(&self) -> bool {
        matches!(self.touched, Touched::Text { .. })
    }
}

/// Whether a token is the one that the cursor touches, or the first one after it.
fn reaches(token: Token, offset: u32) -> bool {
    match token.kind {
        TokenKind::Word => token.span.end >= offset,
        TokenKind::String {
            content, closed, ..
        } => {
            // A string that is not closed goes on to the end of its line.
            token.span.end > offset || (!closed && content.touches(offset))
        }
        TokenKind::Comment | TokenKind::Other => token.span.end >= offset,
        TokenKind::TemplateHead | TokenKind::Punctuation(_) => token.span.end > offset,
    }
}

/// Whether a comment may stand at a byte offset: it is not within the text of a template.
pub fn may_hold_comment(text: &str, offset: u32) -> bool {
    let mut frames = Frames::new(text);
    let mut lexer = Lexer::new(text);
    while let Some(token) = lexer.next() {
        if token.span.start >= offset {
            break;
        }
        if token.span.end > offset {
            return false;
        }
        frames.push(token, &mut lexer);
        if frames.in_template(offset) {
            return false;
        }
    }
    true
}

/// Whether `name` stands in the text as a word of its own, strings and comments left out.
pub fn has_word(text: &str, name: &str) -> bool {
    let mut frames = Frames::new(text);
    let mut lexer = Lexer::new(text);
    while let Some(token) = lexer.next() {
        frames.push(token, &mut lexer);
        if token.kind == TokenKind::Word && token.span.text(text) == name {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests;
