//! The place of a cursor among the brackets that are open at a token.

use super::frames::Frames;
use super::lexer::{Lexer, Punctuation, Token, TokenKind, is_word};
use super::{Cursor, Member, Next, Touched};
use crate::span::Span;

impl Frames<'_> {
    /// The place of a cursor that touches `token` or stands before it.
    pub(super) fn cursor(
        &mut self,
        token: Token,
        offset: u32,
        lexer: &Lexer<'_>,
    ) -> Option<Cursor> {
        let before = token.span.start >= offset;
        let touched = match token.kind {
            _ if before => Touched::Nothing,
            TokenKind::Word => Touched::Word(token.span),
            TokenKind::String {
                content,
                quote,
                closed,
            } if content.touches(offset) => Touched::Text {
                replace: self.replaced(content, closed, offset),
                quote,
            },
            // The cursor stands after the closing quote, or within an operator.
            TokenKind::String { .. } | TokenKind::Punctuation(_) => Touched::Nothing,
            TokenKind::Comment | TokenKind::Other | TokenKind::TemplateHead => return None,
        };
        let new_line = if before {
            self.break_before(offset)
        } else {
            token.on_new_line
        };
        // What a name that goes over two lines belongs to is told by what follows it too.
        match touched {
            Touched::Word(_) => self.recover(token, lexer),
            Touched::Text { .. } => self.recover_string(token, lexer),
            Touched::Nothing => {}
        }
        let (_, slot) = self.open.last()?;
        let after_dot = matches!(self.last(), Some(TokenKind::Punctuation(Punctuation::Dot)));
        let member = match (after_dot, self.previous[1]) {
            (true, Some(dot)) => Some(Member {
                path: self.path.clone(),
                dot: dot.span,
            }),
            _ => None,
        };
        let next = match (touched, before) {
            (Touched::Nothing, _) => None,
            _ => lexer.peek().map(|next| match next.kind {
                TokenKind::Punctuation(Punctuation::Char(':')) => Next::Colon,
                TokenKind::Punctuation(Punctuation::Char('(')) => Next::Parenthesis,
                _ => Next::Other,
            }),
        };
        let mut slot = slot.clone();
        // A word on a new line after a whole value begins the next entry: the comma is missing.
        let mut fresh = slot.tokens == 0;
        if new_line && !after_dot && !self.expects_value() && slot.tokens > 0 {
            fresh = true;
            slot.key = None;
        }
        Some(Cursor {
            frames: Vec::new(),
            stack: self.open.iter().map(|(index, _)| *index).collect(),
            slot,
            touched,
            member,
            fresh,
            next,
            quote: '"',
        })
    }

    /// The range of a string's text that a completion replaces: all of it if it is closed and
    /// could be a name, else what of it stands around the cursor.
    fn replaced(&self, content: Span, closed: bool, offset: u32) -> Span {
        let inner = content.text(self.text);
        let is_name = |c: char| is_word(c) || matches!(c, '-' | ':' | '+' | '.' | ' ' | '/');
        if closed && inner.chars().all(is_name) {
            return content;
        }
        let after = Span {
            start: offset,
            end: content.end,
        };
        let rest = after.text(self.text);
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        Span {
            start: content.start,
            end: offset.saturating_add(u32::try_from(length).unwrap_or(0)),
        }
    }

    fn break_before(&self, offset: u32) -> bool {
        let start = self.previous[1].map_or(0, |token| token.span.end);
        Span { start, end: offset }
            .text(self.text)
            .contains(['\n', '\r'])
    }
}
