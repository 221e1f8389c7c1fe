//! Pieces of TypeScript: what a text is made of, and what people type, paste and delete around.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use arbitrary::{Arbitrary, Result, Unstructured};
use quickback_realtime::schema;

use crate::project;

/// The ranges of a text's tokens, as roughly as is enough to take them out: words, and single
/// other characters.
pub fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut word_goes_on = false;
    for (at, c) in text.char_indices() {
        let is_word = c.is_alphanumeric() || c == '_' || c == '$';
        match found.last_mut() {
            Some(last) if is_word && word_goes_on => last.end = at + c.len_utf8(),
            _ if !c.is_whitespace() => found.push(at..at + c.len_utf8()),
            _ => {}
        }
        word_goes_on = is_word;
    }
    found
}

/// The ranges of a text's larger parts: its lines without their line breaks, what stands in
/// brackets with them, and strings with their quotes.
pub fn blocks(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut line = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let closes = |opening: char| open.last().is_some_and(|(last, _)| *last == opening);
        match c {
            '\n' => {
                found.push(line..at);
                line = end;
            }
            '(' | '[' | '{' => open.push((c, at)),
            ')' if closes('(') => found.extend(open.pop().map(|(_, start)| start..end)),
            ']' if closes('[') => found.extend(open.pop().map(|(_, start)| start..end)),
            '}' if closes('{') => found.extend(open.pop().map(|(_, start)| start..end)),
            '\'' | '"' | '`' if closes(c) => {
                found.extend(open.pop().map(|(_, start)| start..end));
            }
            '\'' | '"' | '`' => open.push((c, at)),
            _ => {}
        }
    }
    found.push(line..text.len());
    found
}

/// Words that mean something: all that the fixtures and the table of keys have, and some of
/// TypeScript's.
pub static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut words = BTreeSet::new();
    for (_, texts) in project::fixtures() {
        for text in texts.values().filter(|text| text.len() < 20_000) {
            words.extend(tokens(text).into_iter().map(|range| text[range].to_owned()));
        }
    }
    let tables = [
        &schema::REALTIME,
        &schema::SHOW,
        &schema::MASK_RULE,
        &schema::NAMESPACE,
        &schema::CALL_OPTIONS,
        &schema::TARGET,
    ];
    let keys = tables.iter().flat_map(|schema| schema.keys);
    words.extend(keys.map(|key| key.name.to_owned()));
    let more = [
        "as",
        "satisfies",
        "...",
        "null",
        "undefined",
        "-1",
        "0x10",
        "async",
        "class",
        "=>",
        "?.",
        "!",
        "/*",
        "*/",
        "//",
        "`${",
        "é😀",
        "\u{feff}",
        "\u{2028}",
        "\r",
        "__proto__",
        "role+",
    ];
    words.extend(more.map(str::to_owned));
    words.into_iter().collect()
});

/// A piece that people type, paste and delete around.
#[derive(Debug, Clone)]
pub struct Piece(pub String);

/// Whole pieces.
const PHRASES: [&str; 11] = [
    "'titel'",
    "realtime: { enabled: false },",
    "claims",
    "\r\n  é😀",
    "export const x = 1;\n",
    "// quickback-realtime-ignore unknown-field\n",
    "masking: { title: { type: 'name', show: { roles: ['member+'], or: 'owner' } } },\n",
    "await realtime.update('claims', { id }, { id }, org, { targetRoles: ['x'] });\n",
    "...FIELDS, ",
    "import { FIELDS as x } from '../../src/roles';\n",
    "{}",
];

/// Characters that mean something.
const CHARACTERS: &[u8] = b"abcxyz'\"`{}[](),:;.+-=<>?!/*$ \n\r\t";

impl<'a> Arbitrary<'a> for Piece {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let text = match u.int_in_range(0..=9)? {
            0..=2 => {
                let count = u.int_in_range(0..=4)?;
                let some = (0..count).map(|_| Ok(char::from(*u.choose(CHARACTERS)?)));
                some.collect::<Result<String>>()?
            }
            3..=6 => u.choose(&WORDS)?.clone(),
            7 | 8 => (*u.choose(&PHRASES)?).to_owned(),
            _ => u.arbitrary::<char>()?.to_string(),
        };
        Ok(Self(text))
    }
}

/// At least one and at most `most` of something, as long as there are bytes.
pub fn some<'a, T: Arbitrary<'a>>(u: &mut Unstructured<'a>, most: usize) -> Result<Vec<T>> {
    let count = u.int_in_range(1..=most)?;
    (0..count).map(|_| u.arbitrary()).collect()
}
