//! Which texts are ordinary, so that the fast parser can read them: it cannot be stopped.
//!
//! That parser descends into whatever is nested, without a limit of depth, and where it does not
//! know what it sees it tries: it reads on, and goes back if that was wrong. Both are told here by
//! bounds that no text can fool. What may nest is counted over the whole text and never taken off
//! again, since brackets that close may stand in a string; what is read twice within something
//! that is read twice doubles the time, and such places are counted too. The depth of brackets is
//! limited only as well as it can be told.

mod pattern;
mod reader;
mod tries;
mod types;

/// The longest text, in bytes. Longer ones are written by programs.
const MAX_LENGTH: usize = 512 << 10;

/// The deepest brackets.
const MAX_DEPTH: i32 = 128;

/// What the parser needs without anything nested (23 KB were measured, with both profiles), and
/// what the tree is laid out with, which limits itself: 160 nodes within each other.
const BASE: usize = 1 << 20;

/// The largest stack, in bytes. It is only reserved; what is used of it is what a text needs.
const MAX_STACK: usize = 128 << 20;

/// The most work, in bytes that are read for each place where the parser may try something. One
/// takes some 30 ns at the worst, so that this is a bound of some two seconds, which only a text that
/// was made for it can come near.
const MAX_WORK: u64 = 50_000_000;

/// The stack that the parser may need for a text at most, in bytes; `None` if the text is not one
/// that people write.
pub(super) fn stack(text: &str) -> Option<usize> {
    if text.len() > MAX_LENGTH || has_rare_space(text) {
        return None;
    }
    let bytes = text.as_bytes();
    let stack = levels(bytes)?.saturating_add(BASE);
    let tries = tries::count(bytes)?;
    let work = u64::from(tries.places).checked_mul(u64::try_from(bytes.len()).ok()?)?;
    let work = work.checked_mul(1 << tries.doublings)?;
    let is_ordinary = stack <= MAX_STACK && work <= MAX_WORK;
    is_ordinary.then_some(stack)
}

/// Whether there is white space that only JavaScript knows. What is told from bytes alone would
/// take it for a part of a name.
fn has_rare_space(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_rare =
        |c: char| !c.is_ascii() && (c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'));
    !text.is_ascii() && text.chars().any(is_rare)
}

/// What is known of a byte.
#[derive(Clone, Copy)]
struct Class {
    /// The stack that it can take, in bytes.
    stack: u16,
    /// How it changes the depth of brackets.
    step: i8,
    /// Whether a word can end with it.
    is_word: bool,
    /// Whether it can stand between two words.
    is_gap: bool,
}

/// The stack for one level of nesting, half as much again as was measured with the parser's crates
/// at any level of optimization (2026-11, oxc 0.146): brackets and whatever follows them took up
/// to 1,830 bytes, `=` and `?:` up to 600, prefixes, operators and statements in statements less.
const CLASSES: [Class; 256] = {
    let none = Class {
        stack: 0,
        step: 0,
        is_word: false,
        is_gap: false,
    };
    let mut classes = [none; 256];
    let mut byte = 0;
    while byte < 256 {
        let at = byte;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the index of a table of 256"
        )]
        #[expect(clippy::indexing_slicing, reason = "the same, at compile time")]
        {
            classes[at] = match at as u8 {
                b'(' | b'[' | b'{' => Class {
                    stack: 2_800,
                    step: 1,
                    ..none
                },
                b')' | b']' | b'}' => Class { step: -1, ..none },
                b'<' | b'`' => Class {
                    stack: 2_800,
                    ..none
                },
                b'=' | b'?' | b':' | b'@' => Class {
                    stack: 1_000,
                    ..none
                },
                b'/' => Class {
                    stack: WORD,
                    ..none
                },
                b'!' | b'~' | b'+' | b'-' | b'*' | b'|' | b'&' | b'^' | b'%' | b'>' | b'.' => {
                    Class { stack: 500, ..none }
                }
                b'a'..=b'z' => Class {
                    is_word: true,
                    ..none
                },
                b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x80.. => Class {
                    is_gap: true,
                    ..none
                },
                _ => none,
            };
        }
        byte += 1;
    }
    classes
};

/// The stack for a word that another one follows: `keyof `, `do `, `typeof `.
const WORD: u16 = 900;

/// The stack for whatever may nest in a text; `None` if its brackets are too deep, or if it holds
/// the character that the grammar takes for the end.
fn levels(bytes: &[u8]) -> Option<usize> {
    let mut stack = 0_usize;
    let mut words = 0_usize;
    let (mut depth, mut deepest) = (0_i32, 0_i32);
    let mut was_word = false;
    let mut has_end = false;
    for byte in bytes {
        let class = CLASSES.get(usize::from(*byte))?;
        stack = stack.saturating_add(usize::from(class.stack));
        words = words.saturating_add(usize::from(was_word & class.is_gap));
        was_word = class.is_word;
        depth = depth.saturating_add(i32::from(class.step));
        deepest = deepest.max(depth);
        has_end |= *byte == 0;
    }
    let stack = stack.saturating_add(words.saturating_mul(usize::from(WORD)));
    (deepest <= MAX_DEPTH && !has_end).then_some(stack)
}

#[cfg(test)]
mod tests;
