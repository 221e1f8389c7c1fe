//! How a name is written where the cursor is: with or without quotes, and in which.

use super::{At, Completion, CompletionKind};
use crate::ide::cursor::{Bracket, Frame, Next, Touched, is_word};
use crate::syntax::is_identifier;

impl At<'_> {
    /// A completion that inserts its label as it stands.
    pub(super) fn plain(&self, label: &str, kind: CompletionKind, rank: usize) -> Completion {
        Completion {
            label: label.to_owned(),
            kind,
            detail: None,
            documentation: None,
            insert: label.to_owned(),
            is_snippet: false,
            replace: self.cursor.replace(self.offset),
            filter: None,
            sort: format!("{rank:04}"),
            deprecated: false,
        }
    }

    /// A completion of a string: its text within quotes, the whole literal where there are none.
    pub(super) fn string(&self, text: &str, kind: CompletionKind, rank: usize) -> Completion {
        let mut completion = self.plain(text, kind, rank);
        completion.insert = match self.cursor.touched {
            Touched::Text { quote, .. } => escaped(text, quote),
            Touched::Nothing | Touched::Word(_) => self.literal(text) + self.separator(),
        };
        completion
    }

    /// A completion of a key: quoted where it has to be, with what follows the colon, unless the
    /// key that is there has its value already.
    pub(super) fn key(
        &self,
        name: &str,
        kind: CompletionKind,
        value: &str,
        rank: usize,
    ) -> Completion {
        let mut completion = self.plain(name, kind, rank);
        let has_value = self.cursor.next == Some(Next::Colon);
        let written = match self.cursor.touched {
            Touched::Text { quote, .. } => escaped(name, quote),
            _ if is_identifier(name) => name.to_owned(),
            _ => self.literal(name),
        };
        // Within quotes the closing one stands after the cursor, so only the key can be written.
        if has_value || self.cursor.in_string() {
            completion.insert = written;
        } else {
            completion.insert = format!("{}: {value}{}", snippet_text(&written), self.separator());
            completion.is_snippet = true;
        }
        completion
    }

    /// A string literal in the quotes of its neighbours, else in the file's.
    pub(super) fn literal(&self, text: &str) -> String {
        let neighbour = self.cursor.innermost().and_then(|frame| {
            let (_, word) = frame.strings.last()?;
            let before = self.text.get(..word.span.start as usize)?;
            before.chars().next_back()
        });
        let quote = neighbour
            .filter(|c| matches!(c, '"' | '\''))
            .unwrap_or(self.cursor.quote);
        format!("{quote}{}{quote}", escaped(text, quote))
    }

    /// The file's quote around something, for a snippet.
    pub(super) fn quoted_snippet(&self, inner: &str) -> String {
        let quote = self.cursor.quote;
        format!("{quote}{inner}{quote}")
    }

    /// The comma that an entry needs where another one follows without one.
    fn separator(&self) -> &'static str {
        let at = self.cursor.replace(self.offset).end as usize;
        let rest = self.text.get(at..).unwrap_or_default().trim_start();
        let follows = rest.starts_with(|c: char| is_word(c) || matches!(c, '"' | '\'' | '`'))
            || rest.starts_with("...");
        let is_list = self.cursor.innermost().is_some_and(|frame| {
            matches!(frame.bracket, Bracket::Object | Bracket::Array) && self.is_entry(frame)
        });
        if follows && is_list { "," } else { "" }
    }

    /// Whether what is inserted is an entry of the bracket, and no value of a key in it.
    fn is_entry(&self, frame: &Frame) -> bool {
        frame.bracket == Bracket::Array || self.cursor.slot.key.is_none()
    }

    /// The comma that a block of several lines needs after it.
    pub(super) fn comma(&self) -> &'static str {
        let at = self.cursor.replace(self.offset).end as usize;
        let rest = self.text.get(at..).unwrap_or_default().trim_start();
        if rest.starts_with(',') { "" } else { "," }
    }
}

/// A text as it stands within quotes.
fn escaped(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            '$' if quote == '`' => out.push_str("\\$"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A text as it stands in a snippet.
pub(super) fn snippet_text(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('$', "\\$")
        .replace('}', "\\}")
}
