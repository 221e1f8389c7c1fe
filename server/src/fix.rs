//! What `--fix` and an editor's fix-all do: safe fixes, until there is none left that does good.
//!
//! Texts change in memory first. A fix is kept only if its files still parse, everything is sent as
//! it was, nothing is found that was not, and the whole project has fewer findings than before: so
//! every step makes the project better and the steps end.

mod state;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use similar::{ChangeTag, TextDiff};

use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::facts::FileFacts;
use crate::project::Project;
use crate::project::layout::Role;
use crate::rules;
use crate::span::{FileId, Place, Span};
pub use state::State;

/// What was fixed, not yet written.
#[derive(Debug, Default)]
pub struct Fixed {
    /// How many fixes were applied.
    pub fixes: usize,
    /// The files that changed: where they are, what they said, and what they say now.
    pub files: Vec<(PathBuf, Arc<str>, Arc<str>)>,
}

/// Fixes what can be fixed in the files whose paths are in scope, in memory.
pub fn fix(project: &Project, in_scope: &dyn Fn(&Path) -> bool) -> Fixed {
    let mut fixer = Fixer {
        project,
        in_scope,
        rejected: FxHashSet::default(),
        before: FxHashMap::default(),
        fixes: 0,
    };
    fixer.run();
    let mut files: Vec<(PathBuf, Arc<str>, Arc<str>)> = fixer
        .before
        .iter()
        .filter_map(|(file, before)| {
            let now = Arc::clone(&project.facts(*file)?.text);
            (now != *before).then(|| (project.path(*file).to_path_buf(), Arc::clone(before), now))
        })
        .collect();
    files.sort();
    Fixed {
        fixes: fixer.fixes,
        files,
    }
}

/// The edits of one file that do what [`fix`] does to it alone, none overlapping another, in order.
/// The project stays as it is.
pub fn edits(project: &Project, file: FileId) -> Vec<Edit> {
    // The whole project is looked at only where there is something to do.
    let is_fixable = |found: &Diagnostic| found.fixes.iter().any(|fix| fix.safe);
    if !project.has_member(file) || !rules::check(project, file).iter().any(is_fixable) {
        return Vec::new();
    }
    let path = project.path(file);
    let fixed = fix(&project.fork(), &|other| *other == *path);
    fixed
        .files
        .iter()
        .flat_map(|(_, before, after)| difference(file, before, after))
        .collect()
}

/// The edits that make one text of another: of each run of lines that differ, what differs.
fn difference(file: FileId, before: &str, after: &str) -> Vec<Edit> {
    let diff = TextDiff::from_lines(before, after);
    let mut edits = Vec::new();
    // What stands between two lines that are the same, and where in the old text that begins.
    let (mut start, mut old, mut new) = (0_usize, String::new(), String::new());
    let mut finish = |start: usize, old: &str, new: &str| {
        let (head, tail) = shared_ends(old, new);
        let inner = |text: &str| {
            let end = text.len().saturating_sub(tail);
            text.get(head..end).unwrap_or_default().to_owned()
        };
        let (replaced, new_text) = (inner(old), inner(new));
        if !(replaced.is_empty() && new_text.is_empty()) {
            let start = start.saturating_add(head);
            let span = Span::new(start, start.saturating_add(replaced.len()));
            let place = Place { file, span };
            edits.push(Edit { place, new_text });
        }
    };
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Delete => old.push_str(change.value()),
            ChangeTag::Insert => new.push_str(change.value()),
            ChangeTag::Equal => {
                finish(start, &old, &new);
                start = start
                    .saturating_add(old.len())
                    .saturating_add(change.value().len());
                old.clear();
                new.clear();
            }
        }
    }
    finish(start, &old, &new);
    edits
}

/// How many bytes two texts share at their start, and at their end beside those.
fn shared_ends(a: &str, b: &str) -> (usize, usize) {
    fn shared(mut pairs: impl Iterator<Item = (char, char)>) -> usize {
        let mut length = 0;
        while let Some((a, b)) = pairs.next()
            && a == b
        {
            length += a.len_utf8();
        }
        length
    }
    let head = shared(a.chars().zip(b.chars()));
    let rest = |text| str::get(text, head..).unwrap_or_default().chars().rev();
    (head, shared(rest(a).zip(rest(b))))
}

/// A finding and its safe fix.
struct Candidate {
    file: FileId,
    code: &'static str,
    message: String,
    fix: Fix,
}

impl Candidate {
    /// What it is known by after other fixes have moved it.
    fn key(&self) -> (FileId, &'static str, String) {
        (self.file, self.code, self.message.clone())
    }
}

struct Fixer<'p> {
    project: &'p Project,
    in_scope: &'p dyn Fn(&Path) -> bool,
    /// Fixes that did no good.
    rejected: FxHashSet<(FileId, &'static str, String)>,
    /// The first texts of the files that were changed.
    before: FxHashMap<FileId, Arc<str>>,
    fixes: usize,
}

impl Fixer<'_> {
    fn run(&mut self) {
        let mut state = State::of(self.project);
        // All at once as long as that does good; after a failure half of it, down to the one that
        // did not, and up again from there.
        let mut at_once = usize::MAX;
        loop {
            let batch = self.batch(&state.found, at_once);
            let Some(first) = batch.first() else {
                return;
            };
            match self.attempt(&batch, &state) {
                Some(after) => {
                    self.fixes = self.fixes.saturating_add(batch.len());
                    state = after;
                    at_once = at_once.saturating_mul(2);
                }
                None if batch.len() == 1 => {
                    self.rejected.insert(first.key());
                }
                None => at_once = batch.len() / 2,
            }
        }
    }

    /// The next fixes, at most `limit`, of which no two touch the same text.
    fn batch(&self, found: &[(FileId, Vec<Diagnostic>)], limit: usize) -> Vec<Candidate> {
        let mut taken: FxHashMap<FileId, Vec<Span>> = FxHashMap::default();
        let mut batch = Vec::new();
        for (file, diagnostics) in found {
            if !(self.in_scope)(&self.project.path(*file)) {
                continue;
            }
            for diagnostic in diagnostics {
                let Some(fix) = diagnostic.fixes.iter().find(|fix| fix.safe) else {
                    continue;
                };
                let candidate = Candidate {
                    file: *file,
                    code: diagnostic.code,
                    message: diagnostic.message.clone(),
                    fix: fix.clone(),
                };
                let is_free = fix.edits.iter().all(|edit| {
                    self.is_ours_to_edit(edit.place.file)
                        && taken
                            .get(&edit.place.file)
                            .is_none_or(|spans| spans.iter().all(|s| !touch(*s, edit.place.span)))
                });
                if fix.edits.is_empty() || !is_free || self.rejected.contains(&candidate.key()) {
                    continue;
                }
                for edit in &fix.edits {
                    taken
                        .entry(edit.place.file)
                        .or_default()
                        .push(edit.place.span);
                }
                batch.push(candidate);
                if batch.len() >= limit {
                    return batch;
                }
            }
        }
        batch
    }

    fn is_ours_to_edit(&self, file: FileId) -> bool {
        !matches!(self.project.role(file), Role::Other | Role::Settings)
            && (self.in_scope)(&self.project.path(file))
            && self
                .project
                .facts(file)
                .is_some_and(|facts| !facts.generated)
    }

    /// Applies fixes, and answers how the project is then; or takes all of them back and answers
    /// `None` if that broke a file or did not mend what was `before`.
    fn attempt(&mut self, batch: &[Candidate], before: &State) -> Option<State> {
        let mut edits: FxHashMap<FileId, Vec<&Edit>> = FxHashMap::default();
        for edit in batch.iter().flat_map(|candidate| &candidate.fix.edits) {
            edits.entry(edit.place.file).or_default().push(edit);
        }
        let mut changes: Vec<(FileId, Arc<FileFacts>, Arc<FileFacts>)> = Vec::new();
        for (file, edits) in edits {
            let old = self.project.facts(file)?;
            let text = apply(&old.text, edits);
            let new = FileFacts::of_text(&text, &self.project.path(file));
            if new.errors.len() > old.errors.len() {
                return None;
            }
            changes.push((file, old, Arc::new(new)));
        }
        for (file, _, new) in &changes {
            self.project.set_facts(*file, Some(Arc::clone(new)));
        }
        let after = State::of(self.project);
        if after.mends(before) {
            for (file, old, _) in changes {
                let text = Arc::clone(&old.text);
                self.before.entry(file).or_insert(text);
            }
            return Some(after);
        }
        for (file, old, _) in changes {
            self.project.set_facts(file, Some(old));
        }
        None
    }
}

/// Whether two edits have to do with each other: two insertions at one place do, since their order
/// would be a guess.
fn touch(a: Span, b: Span) -> bool {
    a == b || (a.start < b.end && b.start < a.end)
}

/// A text after edits that do not overlap. Line breaks are written as the text writes them.
fn apply(text: &str, mut edits: Vec<&Edit>) -> String {
    edits.sort_by_key(|edit| edit.place.span);
    let windows = text
        .split_once('\n')
        .is_some_and(|(first, _)| first.ends_with('\r'));
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let (start, end) = (edit.place.span.start as usize, edit.place.span.end as usize);
        result.push_str(text.get(at..start).unwrap_or_default());
        if windows {
            let unix = edit.new_text.replace("\r\n", "\n");
            result.push_str(&unix.replace('\n', "\r\n"));
        } else {
            result.push_str(&edit.new_text);
        }
        at = end;
    }
    result.push_str(text.get(at..).unwrap_or_default());
    result
}

#[cfg(test)]
mod tests;
