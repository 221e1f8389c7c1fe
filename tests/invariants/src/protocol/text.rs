//! The texts as the client knows them: changed by what the protocol says of positions, written a
//! second time and slowly.

use std::collections::BTreeMap;

use arbitrary::{Arbitrary, Result, Unstructured};
use serde_json::{Value, json};

use super::conversation::Change;

/// The unit of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Arbitrary)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units.
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl Encoding {
    /// The protocol's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }

    fn units(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A position of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, counted from 0.
    pub line: u32,
    /// The column, counted from 0.
    pub character: u32,
}

impl<'a> Arbitrary<'a> for Position {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (line, character) = if u.ratio(1, 16)? {
            u.arbitrary()?
        } else {
            (u.int_in_range(0..=16)?, u.int_in_range(0..=90)?)
        };
        Ok(Self { line, character })
    }
}

impl Position {
    /// As the protocol writes it.
    pub fn json(self) -> Value {
        json!({ "line": self.line, "character": self.character })
    }
}

/// The open documents by their URIs.
pub struct Texts {
    encoding: Encoding,
    open: BTreeMap<String, String>,
}

impl Texts {
    /// No document is open.
    pub fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            open: BTreeMap::new(),
        }
    }

    /// The open documents.
    pub fn uris(&self) -> Vec<String> {
        self.open.keys().cloned().collect()
    }

    /// The text of an open document.
    pub fn get(&self, uri: &str) -> Option<String> {
        self.open.get(uri).cloned()
    }

    /// Opens a document, or gives an open one another text.
    pub fn open(&mut self, uri: &str, text: &str) {
        self.open.insert(uri.to_owned(), text.to_owned());
    }

    /// Closes a document.
    pub fn close(&mut self, uri: &str) {
        self.open.remove(uri);
    }

    /// Changes a document, if it is open. What ends before it begins is empty.
    pub fn change(&mut self, uri: &str, changes: &[Change]) {
        let encoding = self.encoding;
        let Some(text) = self.open.get_mut(uri) else {
            return;
        };
        for Change { range, text: new } in changes {
            match range {
                None => text.clone_from(&new.0),
                Some((start, end)) => {
                    let start = offset(text, *start, encoding);
                    let end = offset(text, *end, encoding).max(start);
                    text.replace_range(start..end, &new.0);
                }
            }
        }
    }

    /// Fails unless all ranges in an answer about an open document are ranges of its text.
    pub fn judge(&self, uri: &str, answer: &Value) {
        let Some(text) = self.open.get(uri) else {
            return;
        };
        match answer {
            Value::Object(members) => {
                if let (Some(start), Some(end)) = (members.get("start"), members.get("end")) {
                    let (start, end) = (self.judged(text, start), self.judged(text, end));
                    assert!(start <= end, "{answer} ends before it begins in {text:?}");
                }
                for value in members.values() {
                    self.judge(uri, value);
                }
            }
            Value::Array(all) => {
                for value in all {
                    self.judge(uri, value);
                }
            }
            _ => {}
        }
    }

    fn judged(&self, text: &str, position: &Value) -> usize {
        let number = |name: &str| position.get(name).and_then(Value::as_u64);
        let (Some(line), Some(character)) = (number("line"), number("character")) else {
            panic!("{position} is no position");
        };
        let at = Position {
            line: u32::try_from(line).expect("a line is a small number"),
            character: u32::try_from(character).expect("a column is a small number"),
        };
        let found = offset(text, at, self.encoding);
        let back = position_of(text, found, self.encoding);
        assert_eq!(back, at, "{position} is not in the text {text:?}");
        found
    }
}

/// The lines of a text as ranges without their line breaks: `\n`, `\r\n` or `\r`.
fn lines(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let length = match bytes[at] {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => 2,
            b'\r' | b'\n' => 1,
            _ => 0,
        };
        if length > 0 {
            found.push(start..at);
            start = at + length;
        }
        at += length.max(1);
    }
    found.push(start..bytes.len());
    found
}

/// The byte of a position: past the last line the end of the text, past the end of a line that
/// end, within a character its start.
fn offset(text: &str, at: Position, encoding: Encoding) -> usize {
    let lines = lines(text);
    let Some(line) = lines.get(at.line as usize) else {
        return text.len();
    };
    let mut units = 0;
    for (offset, c) in text[line.clone()].char_indices() {
        units += encoding.units(c);
        if units > at.character as usize {
            return line.start + offset;
        }
    }
    line.end
}

fn position_of(text: &str, offset: usize, encoding: Encoding) -> Position {
    let lines = lines(text);
    let line = lines.partition_point(|line| line.start <= offset) - 1;
    let before = &text[lines[line].start..offset.min(lines[line].end)];
    let units: usize = before.chars().map(|c| encoding.units(c)).sum();
    let small = |n: usize| u32::try_from(n).expect("a text is small");
    Position {
        line: small(line),
        character: small(units),
    }
}
