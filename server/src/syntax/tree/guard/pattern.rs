//! Whether a pattern holds an expression, and what `infer` is followed by.

use super::reader::{Reader, is_name};
use super::types::Last;

impl Reader<'_> {
    /// Whether `infer` is what is read, and a name and `extends` follow.
    pub(super) fn is_constrained(&mut self) -> bool {
        self.word();
        let begun = self.at;
        self.skip_space();
        let is_apart = self.at > begun && !self.word().is_empty();
        self.skip_space();
        is_apart && self.rest().starts_with(b"extends")
    }

    /// Whether a pattern follows that holds an expression: a default, or a computed name.
    pub(super) fn pattern_holds_expression(&mut self) -> bool {
        self.skip(1);
        self.skip_space();
        // Modifiers, which are skipped as well.
        while self.peek(0).is_some_and(is_name) {
            if self.at > self.end {
                return true;
            }
            self.word();
            self.skip_space();
        }
        if !matches!(self.peek(0), Some(b'{' | b'[')) {
            return false;
        }
        let mut open: Vec<u8> = Vec::new();
        let mut last = Last::Operator;
        loop {
            let Some(byte) = self.peek(0) else {
                return false;
            };
            if self.at > self.end {
                return true;
            }
            match byte {
                b'{' => open.push(byte),
                b'[' if open.last() == Some(&b'{') && last == Last::Separator => return true,
                b'[' => open.push(byte),
                b'}' | b']' => {
                    open.pop();
                }
                b'=' => return self.peek(1) != Some(b'>') && self.peek(1) != Some(b'='),
                b',' | b':' => {}
                b'.' if self.rest().starts_with(b"...") => self.skip(2),
                b'"' | b'\'' => {
                    if !self.skip_string(byte) {
                        return false;
                    }
                    self.at = self.at.saturating_sub(1);
                }
                byte if is_name(byte) && last != Last::Name => {
                    self.word();
                    self.at = self.at.saturating_sub(1);
                }
                _ => return false,
            }
            if open.is_empty() {
                return false;
            }
            last = match byte {
                b'{' | b'[' | b',' => Last::Separator,
                b':' | b'.' => Last::Operator,
                byte if is_name(byte) => Last::Name,
                _ => Last::Value,
            };
            self.skip(1);
            self.skip_space();
        }
    }
}
