//! Edits that keep a file's style: how an entry of a list or a property of an object is taken out
//! or put in, with its comma, its line, its indentation and the quotes of its neighbours.
//!
//! All ranges are bytes of the text that the edits are for. Where the text around a range is not
//! that of a plain list or object literal, there is no edit rather than a doubtful one.

use super::Context;
use crate::diagnostic::Edit;
use crate::facts::FileFacts;
use crate::span::{FileId, Place, Span};
use crate::syntax::is_one_line_break;

/// How many bytes of a line may stand before what is edited in it.
const MAX_LINE: usize = 10_000;

/// A file that is to be edited.
#[derive(Clone, Copy)]
pub struct Source<'t> {
    /// The file.
    pub file: FileId,
    /// Its text.
    pub text: &'t str,
    /// Where its comments are, in order.
    comments: &'t [Span],
}

impl<'t> Source<'t> {
    /// The file that is checked.
    pub fn of(context: &'t Context<'_>) -> Self {
        Self::in_facts(context.file, &context.facts)
    }

    /// A file of which these are the facts.
    pub fn in_facts(file: FileId, facts: &'t FileFacts) -> Self {
        Self {
            file,
            text: &facts.text,
            comments: &facts.comments,
        }
    }

    /// The replacement of a range.
    pub fn replace(&self, span: Span, new_text: impl Into<String>) -> Edit {
        Edit {
            place: Place {
                file: self.file,
                span,
            },
            new_text: new_text.into(),
        }
    }

    /// Takes out an entry of a list or a property, with its comma, and with its line where it has
    /// one of its own. `None` if the range is not all of an entry.
    pub fn remove(&self, entry: Span) -> Option<Vec<Edit>> {
        if self.is_on_long_line(entry) {
            return None;
        }
        let (start, end) = (entry.start as usize, entry.end as usize);
        let before = self.code_end_before(start);
        let opener = before.checked_sub(1).and_then(|at| self.byte(at))?;
        let next = self.token_after(end);
        let closer = self.byte(next)?;
        if !matches!(opener, b'[' | b'{' | b',') || !matches!(closer, b',' | b']' | b'}') {
            return None;
        }
        let comma = closer == b',';
        let after = if comma { next + 1 } else { end };
        let delete = |from: usize, to: usize| self.replace(Span::new(from, to), "");
        // The last entry leaves its comma with the one before it only where that was the style.
        let dangling =
            (!comma && opener == b',').then(|| Span::new(before.saturating_sub(1), before));
        let line_start = self.line_start(start);
        let rest = self.line_rest(after);
        let edits = if self.is_blank(line_start, start) && self.ends_line(rest) {
            let mut edits = vec![delete(line_start, self.past_line_break(rest))];
            edits.extend(dangling.map(|span| self.replace(span, "")));
            edits
        } else if let Some(span) = dangling {
            if self.is_blank(span.end as usize, start) {
                vec![delete(span.start as usize, end)]
            } else {
                vec![self.replace(span, ""), delete(start, end)]
            }
        } else {
            let following = self.past_spaces(after);
            let last = !comma || matches!(self.byte(self.token_after(after)), Some(b']' | b'}'));
            if last || self.ends_line(following) {
                // What stands before it closes up with what stands after it.
                let from = self.spaces_before(start);
                let sole = last && opener != b',';
                vec![delete(from, if sole { following } else { after })]
            } else {
                vec![delete(start, following)]
            }
        };
        Some(edits)
    }

    /// Puts an entry or a property before a sibling, on a line of its own if that has one.
    pub fn insert_before(&self, sibling: u32, new: &str) -> Edit {
        let at = sibling as usize;
        let line_start = self.line_start(at);
        let between = if line_start > 0 && self.is_blank(line_start, at) {
            format!(",{}{}", self.line_break(), self.slice(line_start, at))
        } else {
            ", ".to_owned()
        };
        self.replace(Span::new(at, at), format!("{new}{between}"))
    }

    /// Puts an entry or a property first in a list or object literal, to whose range `container`
    /// points. `None` if it is neither.
    pub fn insert_first(&self, container: Span, new: &str) -> Option<Edit> {
        let start = container.start as usize;
        let (padding, closer) = match self.byte(start)? {
            b'[' => ("", b']'),
            b'{' => (" ", b'}'),
            _ => return None,
        };
        let inner = start + 1;
        let first = self.token_after(inner);
        if self.byte(first) == Some(closer) {
            if !self.is_blank(inner, first) {
                // Only comments: the new entry follows them, on a line of its own where they have
                // lines.
                let line = self.line_start(first);
                if line > inner && self.is_blank(line, first) {
                    let lead = self.slice(line, first);
                    let unit = self.indentation_unit(container.start);
                    let text = format!("{lead}{unit}{new},{}", self.line_break());
                    return Some(self.replace(Span::new(line, line), text));
                }
                return Some(self.replace(Span::new(first, first), format!("{new}{padding}")));
            }
            return Some(self.replace(Span::new(inner, first), format!("{padding}{new}{padding}")));
        }
        // A comment above the first entry is about that entry and stays with it.
        let line = self.line_rest(inner);
        let at = if self.ends_line(line) {
            self.past_blank(line)
        } else {
            first
        };
        Some(self.insert_before(Span::new(at, at).start, new))
    }

    /// Where the comments begin that stand alone on the lines directly above a place, which are about
    /// it; the place itself where there are none. In bytes.
    pub fn above_comments(&self, at: u32) -> u32 {
        let line = self.line_start(at as usize);
        if !self.is_blank(line, at as usize) {
            return at;
        }
        let mut above = line;
        let comments = self.comments.iter().rev();
        for comment in comments.filter(|comment| comment.end as usize <= line) {
            let start = self.line_start(comment.start as usize);
            let is_alone = self.is_blank(start, comment.start as usize);
            let between = self.slice(comment.end as usize, above);
            if !is_alone || !is_one_line_break(between) {
                break;
            }
            above = start;
        }
        if above == line {
            return at;
        }
        u32::try_from(self.past_spaces(above)).unwrap_or(at)
    }

    /// Puts an entry or a property after a sibling, to whose range `sibling` points, on a line of
    /// its own if that has one. `None` if the sibling is not all of an entry.
    pub fn insert_after(&self, sibling: Span, new: &str) -> Option<Vec<Edit>> {
        self.insert_all_after(sibling, &[new.to_owned()])
    }

    /// The same with several entries or properties, each on a line of its own if the sibling is.
    pub fn insert_all_after(&self, sibling: Span, new: &[String]) -> Option<Vec<Edit>> {
        if self.is_on_long_line(sibling) {
            return None;
        }
        let (start, end) = (sibling.start as usize, sibling.end as usize);
        let next = self.token_after(end);
        let comma = match self.byte(next)? {
            b',' => true,
            b']' | b'}' => false,
            _ => return None,
        };
        let after = if comma { next + 1 } else { end };
        let rest = self.line_rest(after);
        let line_start = self.line_start(start);
        if self.is_blank(line_start, start) && self.ends_line(rest) {
            let lead = format!("{}{}", self.line_break(), self.slice(line_start, start));
            let line = format!("{lead}{}", new.join(&format!(",{lead}")));
            return Some(match (comma, rest == end) {
                (true, _) => vec![self.replace(Span::new(rest, rest), format!("{line},"))],
                (false, true) => vec![self.replace(Span::new(end, end), format!(",{line}"))],
                (false, false) => vec![
                    self.replace(Span::new(end, end), ","),
                    self.replace(Span::new(rest, rest), line),
                ],
            });
        }
        let entries = new.join(", ");
        let text = if comma {
            format!(" {entries},")
        } else {
            format!(", {entries}")
        };
        Some(vec![self.replace(Span::new(after, after), text)])
    }

    /// Puts an argument last into a call, to whose arguments with their parentheses `arguments`
    /// points: behind the last one, which ends with what stands at `last` or with what is said of
    /// its type behind that, and before the comments that follow it.
    pub fn insert_last_argument(&self, arguments: Span, last: Span, new: &str) -> Edit {
        let close = (arguments.end as usize).saturating_sub(1);
        let end = self.code_end_before(close).max(last.end as usize);
        let comma = end.checked_sub(1).and_then(|at| self.byte(at)) == Some(b',');
        let text = if comma {
            format!(" {new},")
        } else {
            format!(", {new}")
        };
        self.replace(Span::new(end, end), text)
    }

    /// The white space before what begins its line at `at`; `None` if something stands before it.
    pub fn indentation(&self, at: u32) -> Option<&'t str> {
        let at = at as usize;
        let line_start = self.line_start(at);
        (line_start > 0 && self.is_blank(line_start, at)).then(|| self.slice(line_start, at))
    }

    /// What one level of indentation is, judged by the line at `at` and the nearest one above that
    /// is indented less; two spaces where there is none.
    pub fn indentation_unit(&self, at: u32) -> &'t str {
        let line_start = self.line_start(at as usize);
        let indent = self.indentation(at).unwrap_or_default();
        self.slice(0, line_start)
            .lines()
            .rev()
            .filter(|line| !line.trim().is_empty())
            .find_map(|line| {
                let outer = line.get(..line.len() - line.trim_start().len())?;
                indent.strip_prefix(outer).filter(|unit| !unit.is_empty())
            })
            .unwrap_or("  ")
    }

    /// A string literal in the quotes of the strings at or nearest to `near`.
    pub fn string(&self, near: Span, value: &str) -> String {
        let is_quote = |c: &char| matches!(c, '"' | '\'');
        let quote = near
            .text(self.text)
            .chars()
            .find(is_quote)
            .or_else(|| self.text.chars().find(is_quote))
            .unwrap_or('"');
        let mut literal = String::from(quote);
        for c in value.chars() {
            match c {
                '\n' => literal.push_str("\\n"),
                '\r' => literal.push_str("\\r"),
                _ => {
                    if c == quote || c == '\\' {
                        literal.push('\\');
                    }
                    literal.push(c);
                }
            }
        }
        literal.push(quote);
        literal
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn slice(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or_default()
    }

    fn is_blank(&self, from: usize, to: usize) -> bool {
        self.slice(from, to).trim().is_empty()
    }

    fn line_start(&self, at: usize) -> usize {
        let before = self.slice(0, at).as_bytes();
        memchr::memrchr2(b'\n', b'\r', before).map_or(0, |n| n + 1)
    }

    /// How the file's lines end.
    pub fn line_break(&self) -> &'static str {
        match self.text.find('\n') {
            Some(at) if at > 0 && self.byte(at - 1) == Some(b'\r') => "\r\n",
            _ => "\n",
        }
    }

    /// Whether the line ends at `at`.
    fn ends_line(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b'\n' | b'\r'))
    }

    fn past_line_break(&self, at: usize) -> usize {
        match (self.byte(at), self.byte(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => at + 2,
            (Some(_), _) => at + 1,
            (None, _) => at,
        }
    }

    fn past_blank(&self, at: usize) -> usize {
        let rest = self.slice(at, self.text.len());
        at + (rest.len() - rest.trim_start().len())
    }

    fn before_blank(&self, at: usize) -> usize {
        self.slice(0, at).trim_end().len()
    }

    fn past_spaces(&self, at: usize) -> usize {
        let rest = self.slice(at, self.text.len());
        at + (rest.len() - rest.trim_start_matches([' ', '\t']).len())
    }

    fn spaces_before(&self, at: usize) -> usize {
        self.slice(0, at).trim_end_matches([' ', '\t']).len()
    }

    /// Past spaces and comments, as far as they are on one line.
    fn line_rest(&self, at: usize) -> usize {
        let mut at = at;
        loop {
            let spaces = self.past_spaces(at);
            match self.comment_end(spaces) {
                Some(end) if !self.slice(spaces, end).contains(['\n', '\r']) => at = end,
                _ if self.ends_line(spaces) => return spaces,
                _ => return at,
            }
        }
    }

    /// Whether a range is on a line that no person wrote, which is not searched through.
    fn is_on_long_line(&self, span: Span) -> bool {
        let start = self.line_start(span.start as usize);
        (span.start as usize).saturating_sub(start) > MAX_LINE
    }

    /// The end of the comment that begins at `at`, if one does.
    fn comment_end(&self, at: usize) -> Option<usize> {
        let found = self
            .comments
            .binary_search_by_key(&at, |comment| comment.start as usize);
        let comment = self.comments.get(found.ok()?)?;
        Some(comment.end as usize)
    }

    /// Where the next token begins at or after `at`: past white space and comments.
    fn token_after(&self, at: usize) -> usize {
        let mut at = self.past_blank(at);
        while let Some(end) = self.comment_end(at) {
            at = self.past_blank(end);
        }
        at
    }

    /// Where the last token before `at` ends: before white space and comments.
    fn code_end_before(&self, at: usize) -> usize {
        let mut end = self.before_blank(at);
        let first = self.comments.partition_point(|c| (c.start as usize) < at);
        let before = self.comments.get(..first).unwrap_or_default();
        for comment in before.iter().rev() {
            // White space may also end a comment.
            if (comment.end as usize) < end {
                break;
            }
            end = self.before_blank(comment.start as usize);
        }
        end
    }
}
