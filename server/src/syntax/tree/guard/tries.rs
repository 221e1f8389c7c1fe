//! Where the parser tries: it reads on as if it knew what it sees, and goes back if it was wrong.
//!
//! It does so at a parenthesis that may begin an arrow function, and remembers where it was none, so
//! that what is within is read again once for each parenthesis around it. And it does so in three
//! places of which it remembers nothing:
//! - behind `<` it reads types first, and if what follows is no list of types, a comparison;
//! - a type that begins with `({` or `([` it reads as parameters first, to know a function type;
//! - `infer a extends b` it reads again if a `?` follows.
//!
//! What lies within these is read twice, so that it doubles the time where an expression lies within,
//! and in that such a place again: `a<(b=c<(d=...`. Each place that holds an expression is counted.
//! Types and patterns have no regular expressions and no JSX, so that they can be read without
//! knowing what is around them: what is found may be none, say in a comment, but none is missed.

use super::reader::{REACH, Reader, is_name, is_space};
use super::types::TYPE_WORDS;

/// More doublings than any text has that people write.
const MAX_DOUBLINGS: u32 = 10;

/// How many bytes are looked at in all, as often as the text is long.
const MAX_PASSES: usize = 4;

/// What the parser may try in a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tries {
    /// At how many places.
    pub(super) places: u32,
    /// How many of them may double the time if they lie in each other.
    pub(super) doublings: u32,
}

/// What may be tried in a text; `None` if there are too many doublings to be written by a person, or
/// too much to look at.
pub(super) fn count(bytes: &[u8]) -> Option<Tries> {
    let mut tries = Tries::default();
    let mut left = bytes.len().saturating_mul(MAX_PASSES).saturating_add(REACH);
    let marks = memchr::memchr2_iter(b'<', b'(', bytes);
    let infer = memchr::memmem::find_iter(bytes, b"infer");
    for at in marks.chain(infer) {
        let mut reader = Reader::at(bytes, at);
        let (is_place, is_double) = match bytes.get(at) {
            Some(b'<') => (true, reader.types_hold_expression()),
            Some(b'(') => match Opening::of(bytes, at) {
                Opening::Call => (false, false),
                Opening::Group => (true, false),
                Opening::Type => (true, reader.pattern_holds_expression()),
            },
            _ => (false, reader.is_constrained()),
        };
        tries.places = tries.places.saturating_add(u32::from(is_place));
        tries.doublings = tries.doublings.saturating_add(u32::from(is_double));
        left = left.checked_sub(reader.at.saturating_sub(at))?;
        if tries.doublings > MAX_DOUBLINGS {
            return None;
        }
    }
    Some(tries)
}

/// What a parenthesis may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// What a function is given, or the head of a statement: nothing is tried there.
    Call,
    /// An expression or an arrow function, but no type.
    Group,
    /// Any of them, or a type.
    Type,
}

/// Words behind which an expression begins, and that a parenthesis does not call.
const OPERATORS: [&[u8]; 14] = [
    b"await",
    b"case",
    b"delete",
    b"do",
    b"else",
    b"in",
    b"instanceof",
    b"of",
    b"return",
    b"throw",
    b"typeof",
    b"void",
    b"yield",
    b"default",
];

impl Opening {
    fn of(bytes: &[u8], at: usize) -> Self {
        let is_word = |text: &[u8]| text.first().is_some_and(|byte| is_name(*byte));
        let is_type_word = |word: &[u8]| TYPE_WORDS.contains(&word) || !word.is_ascii();
        let (token, start) = before(bytes, at);
        match token {
            word if is_word(word) && is_type_word(word) => Self::Type,
            word if OPERATORS.contains(&word) => Self::Group,
            word if is_word(word) => Self::Call,
            b"]" => Self::Call,
            b")" => Self::Group,
            b"(" => {
                let (called, _) = before(bytes, start);
                match is_word(called) && !is_type_word(called) {
                    true => Self::Group,
                    false => Self::Type,
                }
            }
            b"=" if is_value_of_variable(bytes, start) => Self::Group,
            // Behind `<T>` there are parameters for certain; behind `=>` there may be a type.
            b">" if !bytes.get(..start).is_some_and(|text| text.ends_with(b"=")) => Self::Group,
            _ => Self::Type,
        }
    }
}

/// Whether the `=` at an offset gives a value to a variable or a member, and no type to a name.
fn is_value_of_variable(bytes: &[u8], at: usize) -> bool {
    let (name, start) = before(bytes, at);
    let (keyword, start) = before(bytes, start);
    let is_variable = match keyword {
        // `<const T = ...` is a parameter of a type.
        b"const" => !matches!(before(bytes, start).0, b"<" | b","),
        b"let" | b"var" | b"." => true,
        _ => false,
    };
    is_variable && name.first().is_some_and(|byte| is_name(*byte))
}

/// What stands before an offset, white space left out: a word, or a single byte.
fn before(bytes: &[u8], at: usize) -> (&[u8], usize) {
    let all = bytes.get(..at).unwrap_or_default();
    let spaces = all.iter().rev().take_while(|byte| is_space(**byte)).count();
    let text = all
        .get(..all.len().saturating_sub(spaces))
        .unwrap_or_default();
    let name = text.iter().rev().take_while(|byte| is_name(**byte)).count();
    let start = text.len().saturating_sub(name.max(1));
    (text.get(start..).unwrap_or_default(), start)
}
