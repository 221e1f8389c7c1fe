//! What is missing before a token, made up for: commas, brackets, the ends of statements.

use super::frame::{Bracket, Frame, Slot};
use super::frames::Frames;
use super::lexer::{Lexer, Punctuation, Token, TokenKind};

/// How far brackets are looked for that are missing: beyond it a text is no configuration.
const MAX_REPAIR: usize = 64;

impl Frames<'_> {
    /// Makes up for a comma, a bracket or the end of a statement that is missing before a word.
    pub(super) fn recover(&mut self, token: Token, lexer: &Lexer<'_>) {
        let text = token.span.text(self.text);
        let column = self
            .text
            .get(..token.span.start as usize)
            .and_then(|before| before.chars().next_back());
        let at_margin = matches!(column, None | Some('\n' | '\r' | '\u{feff}'));
        let next = lexer.peek();
        let follows = next.map(|t| t.kind);
        if at_margin
            && matches!(text, "export" | "import" | "const" | "function")
            && matches!(
                follows,
                Some(
                    TokenKind::Word
                        | TokenKind::String { .. }
                        | TokenKind::Punctuation(Punctuation::Char('{') | Punctuation::Operator)
                )
            )
        {
            while self.open.len() > 1 {
                self.leave();
            }
            self.end_statement();
            return;
        }
        if follows == Some(TokenKind::Punctuation(Punctuation::Char(':'))) {
            self.recover_key(token);
        }
    }

    /// A `key:` can stand neither in a list nor after a value.
    pub(super) fn recover_key(&mut self, token: Token) {
        let has_ternary = |slot: &Slot| slot.ternaries > 0;
        if self.open.last().is_some_and(|(_, slot)| has_ternary(slot)) {
            return;
        }
        // Out of a list that is not closed, if an object is around it.
        let lists = self
            .open
            .iter()
            .rev()
            .take(MAX_REPAIR)
            .take_while(|(index, _)| self.bracket(*index) == Some(Bracket::Array))
            .count();
        let around = self
            .open
            .len()
            .checked_sub(lists + 1)
            .and_then(|at| self.open.get(at));
        let leaves = lists > 0
            && around.is_some_and(|(index, slot)| {
                self.bracket(*index) == Some(Bracket::Object) && !has_ternary(slot)
            });
        if leaves {
            for _ in 0..lists {
                self.leave();
            }
        }
        let in_object = self
            .open
            .last()
            .is_some_and(|(index, _)| self.bracket(*index) == Some(Bracket::Object));
        let after_comma = self.last() == Some(TokenKind::Punctuation(Punctuation::Char(',')));
        if !in_object || (after_comma && !leaves) {
            return;
        }
        let crowded = self.open.last().is_some_and(|(_, slot)| {
            (slot.key.is_some() && (slot.tokens > 0 || token.on_new_line))
                || slot.candidate.is_some()
        });
        if crowded {
            self.end_slot();
        }
    }

    pub(super) fn recover_string(&mut self, token: Token, lexer: &Lexer<'_>) {
        let next = lexer.peek().map(|t| t.kind);
        if next == Some(TokenKind::Punctuation(Punctuation::Char(':'))) {
            self.recover_key(token);
        }
    }

    /// Closes the nearest bracket of those kinds, and what is open in it; nothing if there is none
    /// within the same statements.
    pub(super) fn close(&mut self, kinds: &[Bracket]) {
        let statements = kinds.contains(&Bracket::Block);
        let mut depth = None;
        for (above, (index, _)) in self.open.iter().rev().take(MAX_REPAIR).enumerate() {
            let Some(bracket) = self.bracket(*index) else {
                break;
            };
            if kinds.contains(&bracket) {
                depth = Some(above);
                break;
            }
            if !statements && matches!(bracket, Bracket::Block | Bracket::Template) {
                break;
            }
        }
        let Some(depth) = depth else { return };
        for _ in 0..depth {
            self.leave();
        }
        let closed = self.open.last().map(|(index, _)| *index);
        self.leave();
        let was_block = closed.and_then(|index| self.bracket(index)) == Some(Bracket::Block);
        if was_block && self.in_statements() {
            self.end_slot();
        }
        self.path = closed
            .and_then(|index| self.all.get(index))
            .map(Frame::path_after)
            .unwrap_or_default();
    }
}
