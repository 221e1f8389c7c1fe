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
const MAX_DEPTH: i64 = 128;

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

/// How many bytes are counted at once, with SIMD: no sum of a block exceeds a byte.
const BLOCK: usize = 64;

/// The stack for whatever may nest in a text; `None` if its brackets are too deep, or if it holds
/// the character that the grammar takes for the end.
///
/// A level takes half as much again as was measured with the parser's crates at any level of
/// optimization (2026-11, oxc 0.146): brackets up to 1,830 bytes, with all that can follow them;
/// `=` and `?:` up to 600; words like `keyof ` and `do ` up to 570; operators up to 270.
fn levels(bytes: &[u8]) -> Option<usize> {
    let (mut brackets, mut marks, mut operators, mut words) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut depth = 0_i64;
    for block in bytes.chunks(BLOCK) {
        let opening = count(block, opens);
        if depth.saturating_add(i64::try_from(opening).ok()?) > MAX_DEPTH
            && deepest(block, depth) > MAX_DEPTH
        {
            return None;
        }
        let closing = count(block, closes);
        depth = depth.saturating_add(i64::try_from(opening).ok()? - i64::try_from(closing).ok()?);
        brackets += opening + count(block, |b| (b == b'<') | (b == b'`'));
        marks += count(block, |b| {
            (b == b'=') | (b == b'?') | (b == b':') | (b == b'@') | (b == b'/')
        });
        operators += count(block, |b| {
            // From `!` to `.`, brackets and quotes among them, which does no harm.
            (b.wrapping_sub(b'!') <= b'.' - b'!')
                | (b == b'>')
                | (b == b'^')
                | (b == b'|')
                | (b == b'~')
        });
    }
    let behind = bytes.get(1..).unwrap_or_default();
    for (block, next) in bytes.chunks(BLOCK).zip(behind.chunks(BLOCK)) {
        let ends = block.iter().zip(next).map(|(byte, next)| {
            // White space, or the beginning of a character that may be some.
            u8::from(byte.is_ascii_lowercase() & ((*next <= b' ') | (*next >= 0x80)))
        });
        words += usize::from(ends.fold(0_u8, u8::wrapping_add));
    }
    // A text is far too short for these to overflow.
    let stack = brackets * 2_800 + marks * 1_000 + words * 900 + operators * 500;
    memchr::memchr(0, bytes).is_none().then_some(stack)
}

fn opens(byte: u8) -> bool {
    (byte == b'(') | (byte == b'[') | (byte == b'{')
}

fn closes(byte: u8) -> bool {
    (byte == b')') | (byte == b']') | (byte == b'}')
}

/// How many bytes of a block are such.
fn count(block: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let ones = block.iter().map(|byte| u8::from(is(*byte)));
    usize::from(ones.fold(0_u8, u8::wrapping_add))
}

/// The deepest that brackets are in a block, before which they are as deep as `depth` says.
fn deepest(block: &[u8], depth: i64) -> i64 {
    let mut depth = depth;
    let depths = block.iter().map(|byte| {
        depth = depth.saturating_add(i64::from(opens(*byte)) - i64::from(closes(*byte)));
        depth
    });
    depths.max().unwrap_or_default()
}

#[cfg(test)]
mod tests;
