//! Comments that silence findings.

use memchr::memmem;

use crate::span::Span;
use crate::syntax::{Comment, is_one_line_break};

/// What a suppression comment begins with, after its `//`.
pub const SUPPRESSION: &str = "quickback-realtime-ignore";

/// A suppression comment.
#[derive(Debug, Clone, PartialEq)]
pub struct Suppression {
    /// The whole comment.
    pub comment: Comment,
    /// Where it ends, in bytes; or, where comments stand alone on the lines directly behind it, where
    /// the last of these ends: another tool's may be about the next line too.
    pub reach: u32,
    /// Whether it holds for the whole file.
    pub file_wide: bool,
    /// The codes that it names, with their ranges.
    pub codes: Vec<(String, Span)>,
}

/// The suppression comments among all comments of a text; most texts hold none.
pub(super) fn all(text: &str, comments: &[Span]) -> Vec<Suppression> {
    if memmem::find(text.as_bytes(), SUPPRESSION.as_bytes()).is_none() {
        return Vec::new();
    }
    let mut found = Vec::new();
    // The comment behind, with its reach.
    let mut behind: Option<(Span, u32)> = None;
    for comment in comments.iter().rev() {
        let next = behind.filter(|(next, _)| are_lines(text, comment.end, *next));
        let reach = next.map_or(comment.end, |(_, reach)| reach);
        behind = Some((*comment, reach));
        if comment.text(text).contains(SUPPRESSION) {
            found.extend(suppression(Comment::at(*comment, text), reach, text));
        }
    }
    found.reverse();
    found
}

/// Whether a comment stands alone on the lines that begin behind the one that ends at `end`.
fn are_lines(text: &str, end: u32, comment: Span) -> bool {
    let between = text.get(end as usize..comment.start as usize);
    let after = text.get(comment.end as usize..).unwrap_or_default();
    let rest = after.trim_start_matches([' ', '\t']);
    between.is_some_and(is_one_line_break) && (rest.is_empty() || rest.starts_with(['\n', '\r']))
}

/// Reads `// quickback-realtime-ignore code, code: reason`.
fn suppression(comment: Comment, reach: u32, text: &str) -> Option<Suppression> {
    let whole = comment.span.text(text);
    let body = whole.get(2..)?;
    let body = body.strip_suffix("*/").unwrap_or(body);
    let lead = body.len() - body.trim_start_matches(['*', ' ', '\t', '\n', '\r']).len();
    let rest = body.get(lead..)?.strip_prefix(SUPPRESSION)?;
    let mut at = comment.span.start as usize + 2 + lead + SUPPRESSION.len();
    let (file_wide, rest) = match rest.strip_prefix("-file") {
        Some(rest) => {
            at += "-file".len();
            (true, rest)
        }
        None => (false, rest),
    };
    // A longer word is another tool's, or a misspelling that would silently suppress nothing.
    if !rest.is_empty() && !rest.starts_with(|c: char| c.is_whitespace() || c == ':') {
        return None;
    }
    // As other tools have it, too.
    let reason = [":", " --", " ("].iter().filter_map(|mark| rest.find(mark));
    let list = rest.get(..reason.min().unwrap_or(rest.len()))?;
    let mut codes = Vec::new();
    for part in list.split(',') {
        let code = part.trim();
        let start = at + (part.len() - part.trim_start().len());
        if !code.is_empty() {
            codes.push((code.to_owned(), Span::new(start, start + code.len())));
        }
        at += part.len() + 1;
    }
    Some(Suppression {
        comment,
        reach,
        file_wide,
        codes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Dialect;
    use crate::syntax::{Tree, comments};

    #[test]
    fn reads_suppressions() {
        let text = "// quickback-realtime-ignore unknown-role, empty-list: legacy\n/* quickback-realtime-ignore-file wide-payload */\n// quickback-realtime-ignored x\n";
        let tree = Tree::read(text, Dialect::TypeScript);
        let found = all(text, &comments(&tree));
        let codes: Vec<_> = found
            .iter()
            .map(|s| {
                (
                    s.file_wide,
                    s.codes
                        .iter()
                        .map(|(c, at)| (c.as_str(), at.text(text)))
                        .collect::<Vec<_>>(),
                )
            })
            .collect();
        assert_eq!(
            codes,
            [
                (
                    false,
                    vec![
                        ("unknown-role", "unknown-role"),
                        ("empty-list", "empty-list")
                    ]
                ),
                (true, vec![("wide-payload", "wide-payload")])
            ]
        );
    }
}
