//! What other tools do to a generated file, though nobody has changed what it says.

use super::claim;
use std::borrow::Cow;

/// What is said of the hash of a file in which Prettier adds or takes away semicolons, since it
/// does that by the project's taste also below its own `prettier-ignore`.
pub(super) const BUT_SEMICOLONS: &str = ", but for semicolons at line ends";

/// What Prettier puts before a file, of TypeScript or Markdown, where a project has it mark what it
/// has seen.
const SEEN: [&str; 2] = ["/** @format */\n\n", "<!-- @format -->\n\n"];

/// A text with the line ends that we write, which a checkout may have changed, and without
/// Prettier's mark.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        let plain = text.replace("\r\n", "\n");
        Cow::Owned(unmarked(&plain).map(str::to_owned).unwrap_or(plain))
    } else {
        Cow::Borrowed(unmarked(text).unwrap_or(text))
    }
}

fn unmarked(text: &str) -> Option<&str> {
    SEEN.iter().find_map(|mark| text.strip_prefix(mark))
}

/// A text as it is hashed: without the semicolons at the ends of its lines, if those are `loose`.
pub(super) fn hashed(text: &str, loose: bool) -> Cow<'_, str> {
    if loose {
        Cow::Owned(text.replace(";\n", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether an artifact of ours is loose in its semicolons.
pub(super) fn is_loose(expected: &str) -> bool {
    claim(expected).is_some_and(|line| line.contains(BUT_SEMICOLONS))
}

/// Whether `found` is what we write, `expected`, but for what other tools do to it.
pub(super) fn same_text(found: &str, expected: &str) -> bool {
    if found == expected {
        return true;
    }
    let loose = is_loose(expected);
    hashed(&plain(found), loose) == hashed(expected, loose)
}

/// The same of two lines, in a text whose semicolons are `loose` or not.
pub(super) fn same_line(found: &str, expected: &str, loose: bool) -> bool {
    let bare = |line| str::strip_suffix(line, ';').unwrap_or(line);
    found == expected || (loose && bare(found) == bare(expected))
}
