//! Where the grammar's parser sees the end of a statement that has no semicolon.
//!
//! It matters since a comment before that end belongs to the statement. The rule is the grammar's
//! (`scan_automatic_semicolon` in tree-sitter-typescript 0.23), which is not quite that of the
//! language: a line that begins with a comment does not end what stands before it.

use oxc_span::Span;

use super::writer::Writer;

/// What may follow where a semicolon may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follows {
    /// The rest of an expression.
    Operator,
    /// Nothing of it.
    Statement,
}

impl Writer<'_> {
    /// The end of a statement that ends with a semicolon, written or not.
    pub(super) fn statement_end(&self, span: Span, follows: Follows) -> u32 {
        if span.end > span.start && self.byte(span.end.saturating_sub(1)) == b';' {
            return span.end;
        }
        self.automatic_end(span.end, follows)
    }

    /// The end of something after which a semicolon may be missing, with the comments up to it.
    pub(super) fn automatic_end(&self, end: u32, follows: Follows) -> u32 {
        let mut at = end;
        loop {
            if self.ends_at(at, follows) {
                return at;
            }
            match self.comment_end(self.skip_space(at)) {
                Some(comment) => at = comment,
                None => return end,
            }
        }
    }

    /// The next offset from `at` on where no white space stands.
    pub(super) fn skip_space(&self, at: u32) -> u32 {
        let rest = self.text.get(at as usize..).unwrap_or_default();
        let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let skipped = rest.len().saturating_sub(trimmed.len());
        at.saturating_add(u32::try_from(skipped).unwrap_or_default())
    }

    /// Whether a statement ends at an offset.
    fn ends_at(&self, at: u32, follows: Follows) -> bool {
        let mut at = at;
        loop {
            match self.byte(at) {
                0 => return true,
                b'}' => {
                    let next = self.byte(self.skip_ascii_space(at.saturating_add(1)));
                    return next != b':' || follows == Follows::Operator;
                }
                b'\n' => break,
                byte if is_space(byte) => at = at.saturating_add(1),
                _ => return false,
            }
        }
        let Some(at) = self.skip_lines(at) else {
            return false;
        };
        let next = |ahead: u32| self.byte(at.saturating_add(ahead));
        match next(0) {
            b'`' | b',' | b'.' | b';' | b'*' | b'%' | b'>' | b'<' | b'=' | b'?' | b'^' | b'|'
            | b'&' | b'/' | b':' => false,
            b'(' | b'[' => follows != Follows::Operator,
            b'+' => next(1) == b'+',
            b'-' => next(1) == b'-',
            b'!' => next(1) != b'=',
            // The grammar's way to tell `in` and `instanceof` from a name.
            b'i' if next(1) != b'n' => true,
            b'i' if !next(2).is_ascii_alphabetic() => false,
            b'i' if self.has(at.saturating_add(2), b"stanceof") => next(10).is_ascii_alphabetic(),
            _ => true,
        }
    }

    fn skip_ascii_space(&self, at: u32) -> u32 {
        let mut at = at;
        while is_space(self.byte(at)) {
            at = at.saturating_add(1);
        }
        at
    }

    /// Goes past white space and comments, as the grammar sees them here; `None` at a slash that
    /// begins no comment.
    fn skip_lines(&self, at: u32) -> Option<u32> {
        let mut at = at;
        loop {
            at = self.skip_ascii_space(at);
            if self.byte(at) != b'/' {
                return Some(at);
            }
            let rest = self.text.as_bytes().get(at as usize..).unwrap_or_default();
            let length = if rest.starts_with(b"//") {
                memchr::memchr(b'\n', rest).unwrap_or(rest.len())
            } else if let Some(block) = rest.strip_prefix(b"/*") {
                let end = memchr::memmem::find(block, b"*/");
                end.map_or(rest.len(), |end| end.saturating_add(4))
            } else {
                return None;
            };
            at = at.saturating_add(u32::try_from(length).unwrap_or(u32::MAX));
        }
    }
}

/// What C calls white space in its own locale.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C)
}
