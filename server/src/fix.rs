//! What `--fix` and an editor's fix-all do: safe fixes, until there is none left that does good.
//!
//! Texts change in memory first. A fix is kept only if its files still parse and the whole project
//! has fewer findings than before, so every step makes the project better and the steps end.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use similar::{ChangeTag, TextDiff};

use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::facts::FileFacts;
use crate::project::Project;
use crate::project::layout::Role;
use crate::rules;
use crate::span::{FileId, Place, Span};

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
        let mut found = self.findings();
        // All at once as long as that does good; after a failure one by one, to find what did not.
        let mut at_once = usize::MAX;
        loop {
            let batch = self.batch(&found, at_once);
            let Some(first) = batch.first() else {
                return;
            };
            match self.attempt(&batch, count(&found)) {
                Some(after) => {
                    self.fixes = self.fixes.saturating_add(batch.len());
                    found = after;
                    at_once = usize::MAX;
                }
                None if batch.len() == 1 => {
                    self.rejected.insert(first.key());
                }
                None => at_once = 1,
            }
        }
    }

    /// The findings of the whole project: what is mended in one file must not break another.
    fn findings(&self) -> Vec<(FileId, Vec<Diagnostic>)> {
        let members = self.project.members();
        let found = members
            .into_par_iter()
            .map(|file| (file, rules::check(self.project, file)));
        found.collect()
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

    /// Applies fixes, and answers the findings then; or takes all of them back and answers `None`
    /// if that broke a file or did not leave fewer findings than `before`.
    fn attempt(
        &mut self,
        batch: &[Candidate],
        before: usize,
    ) -> Option<Vec<(FileId, Vec<Diagnostic>)>> {
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
        let after = self.findings();
        if count(&after) < before {
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

fn count(found: &[(FileId, Vec<Diagnostic>)]) -> usize {
    found.iter().map(|(_, found)| found.len()).sum()
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
mod tests {
    use super::*;
    use crate::rules::testing::fixture;

    fn edit(start: u32, end: u32, new_text: &str) -> Edit {
        Edit {
            place: Place {
                file: FileId(0),
                span: Span { start, end },
            },
            new_text: new_text.to_owned(),
        }
    }

    #[test]
    fn edits_keep_the_line_breaks_of_the_text() {
        let edits = [edit(4, 5, "x\ny"), edit(0, 1, "A")];
        let all: Vec<&Edit> = edits.iter().collect();
        assert_eq!(apply("a\r\nbc\r\n", all.clone()), "A\r\nbx\r\ny\r\n");
        assert_eq!(apply("a\nbcd\n", all), "A\nbcx\ny\n");
    }

    #[test]
    fn the_edits_of_a_file_leave_nothing_to_fix_and_the_project_as_it_is() {
        let claims = "quickback/features/claims.ts";
        let fixture = fixture(
            r#"
//- quickback/quickback.config.ts
export default { auth: { roleHierarchy: ["member", "admin", "owner"] } };
//- quickback/features/claims.ts
import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import { defineTable } from "@quickback/compiler";
export const claims = sqliteTable("claims", { id: text("id").primaryKey(), é: text("e") });
export default defineTable(claims, {
  // quickback-realtime-ignore no-events, wide-payload
  realtime: {
    enabled: true,
    requiredRoles: ["admin", "admin", "admin+"],
    fields: ["id", "é", "id", "id", "é"],
  },
});
"#,
        );
        let (project, file) = (&fixture.project, fixture.file(claims));
        let before = &fixture.files[claims];
        let edits = edits(project, file);
        assert_eq!(*project.facts(file).unwrap().text, **before);
        let text = apply(before, edits.iter().collect());
        let options = text.split_once("claims, {").unwrap().1;
        assert_eq!(
            options,
            "\n  realtime: {\n    enabled: true,\n    requiredRoles: [\"admin+\"],\n    fields: [\"id\", \"é\"],\n  },\n});\n"
        );
        let fixed = FileFacts::of_text(&text, &project.path(file));
        project.set_facts(file, Some(Arc::new(fixed)));
        assert_eq!(super::edits(project, file), []);
    }

    proptest::proptest! {
        #[test]
        fn what_differs_makes_one_text_of_the_other(
            before in "([aé😀]{0,2}(\n|\r\n|))*",
            after in "([aé😀]{0,2}(\n|\r\n|))*",
        ) {
            let edits = difference(FileId(0), &before, &after);
            let text = crate::rules::testing::apply(&before, &edits.iter().collect::<Vec<_>>());
            proptest::prop_assert_eq!(text, after);
        }
    }

    #[test]
    fn two_insertions_at_one_place_touch() {
        let span = |start, end| Span { start, end };
        assert!(touch(span(3, 3), span(3, 3)));
        assert!(touch(span(1, 4), span(3, 5)));
        assert!(!touch(span(1, 3), span(3, 5)));
        assert!(!touch(span(3, 3), span(3, 5)));
    }
}
