//! Suppression comments, the severities of the settings, and the order of findings.

use rustc_hash::FxHashMap;

use super::suggest::nearest;
use super::{ALL, Context, code_of};
use crate::diagnostic::{Diagnostic, Edit, Fix, Severity};
use crate::facts::Suppression;
use crate::position::{self, Encoding};
use crate::span::Span;

/// The code of the finding that a suppression suppresses nothing.
pub const UNUSED_SUPPRESSION: &str = "unused-suppression";

/// A code that a suppression names, by its place in `used`: the suppression, and the code in it.
type Use = (usize, usize);

/// Takes out what is suppressed or switched off, adds suppressions that suppress nothing, and
/// sorts.
pub fn apply(context: &Context<'_>, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let suppressions = &context.facts.suppressions;
    let mut used: Vec<Vec<bool>> = suppressions
        .iter()
        .map(|s| vec![false; s.codes.len()])
        .collect();
    let mut kept: Vec<Diagnostic> = if suppressions.is_empty() {
        found
    } else {
        let rope = ropey::Rope::from_str(&context.facts.text);
        let row = |offset| position::line_column(&rope, offset, Encoding::Utf8).line;
        let rows: Vec<(u32, bool)> = suppressions
            .iter()
            .map(|s| (row(s.reach), is_alone(&context.facts.text, s)))
            .collect();
        let covered = covered_rows(&rows);
        // What holds for a code: in which row, or in all of them, by its place in `used`.
        let mut holding: FxHashMap<(&str, Option<u32>), Vec<Use>> = FxHashMap::default();
        for (at, (suppression, row)) in suppressions.iter().zip(&covered).enumerate() {
            let row = (!suppression.file_wide).then_some(*row);
            for (index, (code, _)) in suppression.codes.iter().enumerate() {
                let places = holding.entry((code, row)).or_default();
                places.push((at, index));
            }
        }
        found
            .into_iter()
            .filter(|diagnostic| {
                let at = row(diagnostic.span.start);
                let places = [Some(at), None]
                    .into_iter()
                    .filter_map(|row| holding.get(&(diagnostic.code, row)))
                    .flatten();
                let mut suppressed = false;
                for (at, index) in places {
                    if let Some(used) = used.get_mut(*at).and_then(|u| u.get_mut(*index)) {
                        *used = true;
                    }
                    suppressed = true;
                }
                !suppressed
            })
            .collect()
    };
    // What cannot be read, or is in the rest of the project, may be what a suppression is for.
    if context.facts.errors.is_empty() && !context.is_alone() {
        for (suppression, used) in suppressions.iter().zip(&used) {
            kept.extend(unused(context, suppression, used));
        }
    }
    let settings = context.project.settings();
    kept.retain_mut(|diagnostic| {
        let severity = settings.severity(diagnostic.code, diagnostic.severity);
        diagnostic.severity = severity.unwrap_or(diagnostic.severity);
        severity.is_some()
    });
    kept.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
    kept
}

/// For each suppression, given as its last row and whether it has that for itself, the row that it
/// holds for: the next one that is not itself only a suppression's.
fn covered_rows(rows: &[(u32, bool)]) -> Vec<u32> {
    let mut sorted = rows.to_vec();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    // What a suppression that ends above a row of suppressions holds for.
    let mut passed: FxHashMap<u32, u32> = FxHashMap::default();
    let covered = |passed: &FxHashMap<u32, u32>, row: u32| {
        let next = row.saturating_add(1);
        passed.get(&next).copied().unwrap_or(next)
    };
    for (row, is_alone) in sorted {
        if is_alone {
            let next = covered(&passed, row);
            passed.insert(row, next);
        }
    }
    rows.iter().map(|(row, _)| covered(&passed, *row)).collect()
}

/// Whether nothing stands beside a comment on its lines.
fn is_alone(text: &str, suppression: &Suppression) -> bool {
    let after = text.get(suppression.comment.span.end as usize..);
    let rest = after.unwrap_or_default().trim_start_matches([' ', '\t']);
    suppression.comment.own_line && (rest.is_empty() || rest.starts_with(['\n', '\r']))
}

/// The code of which a text is a misspelling.
fn meant(code: &str) -> Option<&'static str> {
    match code_of(code) {
        Some(_) => None,
        None => nearest(code, ALL.iter().map(|rule| rule.code)),
    }
}

fn suppresses_nothing(code: &str) -> String {
    let ask = meant(code).map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
    format!("This suppression of `{code}` suppresses nothing.{ask}")
}

fn unused(context: &Context<'_>, suppression: &Suppression, used: &[bool]) -> Vec<Diagnostic> {
    let whole = suppression.comment.span;
    let edit = |span: Span, new_text: &str| Edit {
        place: context.place(span),
        new_text: new_text.to_owned(),
    };
    let finding = |span: Span, message: String, codes: &[(String, Span)], removed: Span| {
        let mut diagnostic = Diagnostic::new(UNUSED_SUPPRESSION, Severity::Warning, span, message);
        if let [(code, at)] = codes
            && let Some(near) = meant(code)
        {
            diagnostic = diagnostic.with_fix(Fix {
                title: format!("Change to `{near}`"),
                safe: false,
                edits: vec![edit(*at, near)],
            });
        }
        diagnostic = diagnostic.with_fix(Fix {
            title: "Remove the unused suppression".to_owned(),
            // What is misspelt is not unused, and its reason would go with it.
            safe: !codes.is_empty() && codes.iter().all(|(code, _)| code_of(code).is_some()),
            edits: vec![edit(removed, "")],
        });
        diagnostic.unnecessary = true;
        diagnostic
    };
    if used.iter().all(|used| !used) {
        let message = match suppression.codes.as_slice() {
            [] => "This suppression names no rule, so it suppresses nothing.".to_owned(),
            [(code, _)] => suppresses_nothing(code),
            _ => "This suppression suppresses nothing.".to_owned(),
        };
        return vec![finding(
            whole,
            message,
            &suppression.codes,
            comment_with_line(&context.facts.text, suppression),
        )];
    }
    let unused = suppression.codes.iter().enumerate();
    unused
        .filter(|(index, _)| used.get(*index) == Some(&false))
        .map(|(index, named)| {
            let (code, span) = named;
            let message = suppresses_nothing(code);
            let neighbour = |i: usize| suppression.codes.get(i).map(|(_, span)| *span);
            // Together with the comma after it, or, of the last one, before it.
            let removed = match (
                neighbour(index + 1),
                index.checked_sub(1).and_then(neighbour),
            ) {
                (Some(next), _) => Span {
                    start: span.start,
                    end: next.start,
                },
                (None, Some(previous)) => Span {
                    start: previous.end,
                    end: span.end,
                },
                (None, None) => *span,
            };
            finding(*span, message, std::slice::from_ref(named), removed)
        })
        .collect()
}

/// The comment, with its whole line where it stands alone.
fn comment_with_line(text: &str, suppression: &Suppression) -> Span {
    let span = suppression.comment.span;
    // Where something stands beside it, the line has to stay.
    if !is_alone(text, suppression) {
        return comment_with_blanks(text, suppression);
    }
    let before = text.get(..span.start as usize).unwrap_or_default();
    // A byte order mark belongs to the file, not to its first line.
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let start = before.rfind(['\n', '\r']).map_or(mark, |at| at + 1);
    let after = text.get(span.end as usize..).unwrap_or_default();
    let rest = after.trim_start_matches([' ', '\t']);
    let line_break = if rest.starts_with("\r\n") {
        2
    } else {
        usize::from(rest.starts_with(['\n', '\r']))
    };
    Span::new(
        start,
        span.end as usize + (after.len() - rest.len()) + line_break,
    )
}

/// A comment beside which something stands, with the blanks that would be left at the beginning or
/// the end of the line, or twice within it.
fn comment_with_blanks(text: &str, suppression: &Suppression) -> Span {
    const BLANKS: [char; 2] = [' ', '\t'];
    let Span { start, end } = suppression.comment.span;
    let before = text.get(..start as usize).unwrap_or_default();
    let after = text.get(end as usize..).unwrap_or_default();
    let (kept, rest) = (
        before.trim_end_matches(BLANKS),
        after.trim_start_matches(BLANKS),
    );
    if suppression.comment.own_line {
        return Span::new(before.len(), text.len().saturating_sub(rest.len()));
    }
    let is_doubled = kept.len() < before.len() && rest.len() < after.len();
    if rest.is_empty() || rest.starts_with(['\n', '\r']) {
        Span::new(kept.len(), text.len().saturating_sub(rest.len()))
    } else if is_doubled {
        Span::new(kept.len(), end as usize)
    } else {
        suppression.comment.span
    }
}

#[cfg(test)]
mod tests;
