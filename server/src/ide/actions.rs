//! Code actions: the fixes of findings, all safe ones at once, and suppressions.

use crate::diagnostic::{Diagnostic, Edit};
use crate::document::Dialect;
use crate::facts::{FileFacts, SUPPRESSION, Suppression};
use crate::fix;
use crate::project::Project;
use crate::rules::UNUSED_SUPPRESSION;
use crate::settings;
use crate::span::{FileId, Place, Span};
use crate::syntax::{self, Comment, Tree, is_one_line_break};

/// Something that can be done about findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it does, in the imperative.
    pub title: String,
    /// What kind of action it is.
    pub kind: ActionKind,
    /// The edits, none overlapping another. They may be in other files.
    pub edits: Vec<Edit>,
    /// Whether it is the one that an editor's "auto fix" should take.
    pub is_preferred: bool,
    /// The finding that it is about, as an index into those that were given.
    pub diagnostic: Option<usize>,
}

/// What kind of action an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    /// It mends one finding.
    QuickFix,
    /// It mends all of a file that can be mended without changing what is sent to whom, as `--fix`
    /// does.
    FixAll,
    /// It silences a finding.
    Suppress,
}

/// What can be done about those of a file's findings that touch `range`, and, where that is wanted,
/// about the whole file: this is judged by the findings of the whole project.
pub fn actions(
    project: &Project,
    file: FileId,
    range: Span,
    diagnostics: &[Diagnostic],
    wants_fix_all: bool,
) -> Vec<Action> {
    let mut found = Vec::new();
    let touched = diagnostics
        .iter()
        .enumerate()
        .filter(|(_, d)| d.span.start <= range.end && range.start <= d.span.end);
    let facts = project.facts(file);
    for (index, diagnostic) in touched {
        for (rank, fix) in diagnostic.fixes.iter().enumerate() {
            found.push(Action {
                title: fix.title.clone(),
                kind: ActionKind::QuickFix,
                edits: fix.edits.clone(),
                is_preferred: rank == 0,
                diagnostic: Some(index),
            });
        }
        // A comment in the settings suppresses nothing.
        if let Some(facts) = &facts
            && file != settings::FILE
            && diagnostic.code != UNUSED_SUPPRESSION
        {
            let dialect = Dialect::of_path(&project.path(file));
            found.extend(suppressions(file, facts, dialect, diagnostic, index));
        }
    }
    if wants_fix_all {
        found.extend(fix_all(project, file));
    }
    // Fixes first, whichever finding they are for.
    found.sort_by_key(|action| match action.kind {
        ActionKind::QuickFix => 0,
        ActionKind::FixAll => 1,
        ActionKind::Suppress => 2,
    });
    found
}

/// What mends all of a file at once; `None` where there is nothing to mend.
fn fix_all(project: &Project, file: FileId) -> Option<Action> {
    let edits = fix::edits(project, file);
    (!edits.is_empty()).then(|| Action {
        title: "Fix all that can be fixed safely".to_owned(),
        kind: ActionKind::FixAll,
        edits,
        is_preferred: false,
        diagnostic: None,
    })
}

fn suppressions(
    file: FileId,
    facts: &FileFacts,
    dialect: Dialect,
    diagnostic: &Diagnostic,
    index: usize,
) -> impl Iterator<Item = Action> {
    let code = diagnostic.code;
    let action = move |title: String, edit: (Span, String)| Action {
        title,
        kind: ActionKind::Suppress,
        edits: vec![Edit {
            place: Place { file, span: edit.0 },
            new_text: edit.1,
        }],
        is_preferred: false,
        diagnostic: Some(index),
    };
    let line = for_line(facts, dialect, diagnostic)
        .map(|edit| action(format!("Suppress `{code}` for this line"), edit));
    let whole = action(
        format!("Suppress `{code}` in this file"),
        for_file(facts, code),
    );
    line.into_iter().chain([whole])
}

/// The comment above the line of a finding, or the code in the one that is there.
fn for_line(
    facts: &FileFacts,
    dialect: Dialect,
    diagnostic: &Diagnostic,
) -> Option<(Span, String)> {
    let text = &*facts.text;
    let start = line_start(text, diagnostic.span.start);
    if let Some(edit) = above(facts, start).and_then(|s| with_code(text, s, diagnostic.code)) {
        return Some(edit);
    }
    let tree = Tree::read(text, dialect);
    let start = above_comments(&tree, start);
    if !super::cursor::may_hold_comment(text, start) {
        return None;
    }
    let line = text.get(start as usize..).unwrap_or_default();
    let indent: String = line
        .chars()
        .take_while(|c| matches!(c, ' ' | '\t'))
        .collect();
    let code = diagnostic.code;
    let comment = comment_at(&tree, dialect, start, &format!("{SUPPRESSION} {code}"))?;
    let line = format!("{indent}{comment}{}", line_break(text));
    Some((Span::at(start), line))
}

/// A comment of these words as it may stand on a line of its own before the one that begins at
/// `line`; `None` where none may.
fn comment_at(tree: &Tree<'_>, dialect: Dialect, line: u32, words: &str) -> Option<String> {
    if dialect != Dialect::Tsx {
        return Some(format!("// {words}"));
    }
    let around = tree.nodes().filter(|node| {
        let span = syntax::span(*node);
        span.start < line && line < span.end
    });
    // Each node comes before those in it.
    match around.last().map(syntax::Node::kind) {
        // What stands between tags is shown, and so is the line break between two texts, as a blank.
        Some("jsx_element" | "jsx_text") => {
            let (before, after) = tree.text().split_at_checked(line as usize)?;
            let is_text = !before.trim_end().ends_with(['>', '}'])
                && !after.trim_start().starts_with(['<', '{']);
            (!is_text).then(|| format!("{{/* {words} */}}"))
        }
        // An attribute's may go over several lines.
        Some("string" | "string_fragment" | "jsx_attribute") => None,
        _ => Some(format!("// {words}")),
    }
}

/// The comment at the top of the file, or the code in the one that is somewhere in it.
fn for_file(facts: &FileFacts, code: &str) -> (Span, String) {
    let text = &*facts.text;
    let existing = facts.suppressions.iter().find(|s| s.file_wide);
    if let Some(edit) = existing.and_then(|s| with_code(text, s, code)) {
        return edit;
    }
    let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let after = text.get(mark..).unwrap_or_default();
    // What is executed by its first line keeps it.
    let line = match after.strip_prefix("#!") {
        Some(rest) => rest.find('\n').map_or(0, |at| at + 3),
        None => 0,
    };
    let comment = format!("// {SUPPRESSION}-file {code}{}", line_break(text));
    (Span::new(mark + line, mark + line), comment)
}

/// The suppression that holds for the line that begins at `start`: between them there are only
/// comments.
fn above(facts: &FileFacts, start: u32) -> Option<&Suppression> {
    let text = facts.text.get(..start as usize)?;
    let line_break = if text.ends_with("\r\n") { 2 } else { 1 };
    let previous = line_start(text, start.checked_sub(line_break)?);
    let mut holding = facts.suppressions.iter().rev();
    holding.find(|suppression| {
        let reach = suppression.reach;
        !suppression.file_wide && previous <= reach && reach < start
    })
}

/// The beginning of the comments that stand alone on the lines directly above the one that begins at
/// `line`, without those that document something: another tool's may be about the line.
fn above_comments(tree: &Tree<'_>, line: u32) -> u32 {
    let text = tree.text();
    let mut at = line;
    for comment in syntax::comments(tree).iter().rev() {
        if comment.end > at {
            continue;
        }
        let between = text.get(comment.end as usize..at as usize);
        let is_directly_above = between.is_some_and(is_one_line_break);
        let is_documentation = comment.text(text).starts_with("/**");
        if !is_directly_above || is_documentation || !Comment::at(*comment, text).own_line {
            break;
        }
        at = line_start(text, comment.start);
    }
    at
}

/// One more code in a suppression.
fn with_code(text: &str, suppression: &Suppression, code: &str) -> Option<(Span, String)> {
    if let Some((_, last)) = suppression.codes.last() {
        return Some((Span::at(last.end), format!(", {code}")));
    }
    let comment = suppression.comment.span;
    let word = if suppression.file_wide {
        format!("{SUPPRESSION}-file")
    } else {
        SUPPRESSION.to_owned()
    };
    let at = comment.text(text).find(&word)? + word.len();
    let at = comment.start.saturating_add(u32::try_from(at).ok()?);
    Some((Span::at(at), format!(" {code}")))
}

fn line_start(text: &str, offset: u32) -> u32 {
    let before = text.get(..offset as usize).unwrap_or_default();
    let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    u32::try_from(start).unwrap_or(0)
}

fn line_break(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests;
