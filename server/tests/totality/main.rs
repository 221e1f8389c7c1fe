//! The analysis answers for every text: cut off anywhere, with any token gone, edited in any order,
//! or made to hurt. It never panics, its ranges lie in the text, and it is done in time.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects by failing"
)]

mod bad_input;
mod cuts;
mod edits;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use quickback_realtime::diagnostic::Diagnostic;
use quickback_realtime::facts::FileFacts;
use quickback_realtime::project::{Project, layout};
use quickback_realtime::rules;
use quickback_realtime::settings::Settings;
use quickback_realtime::span::{FileId, Span};

/// The texts of a project by their absolute paths.
type Texts = BTreeMap<PathBuf, String>;

/// A project of texts that are nowhere on the disk.
fn project(root: &Path, texts: &Texts) -> Project {
    let read = {
        let texts = texts.clone();
        Arc::new(move |path: &Path| texts.get(path).cloned())
    };
    let project = Project::new(root.to_owned(), Settings::default(), read);
    for path in texts.keys() {
        if layout::role(path.strip_prefix(root).expect("it is in the project"))
            != layout::Role::Other
        {
            project.add_member(path);
        }
    }
    project
}

/// The fixtures: each with its folder and its texts.
fn fixtures() -> Vec<(PathBuf, Texts)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is in the project")
        .join("tests/fixtures");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the fixtures are there") {
        let root = entry.expect("an entry can be read").path();
        if root.is_dir() {
            let mut texts = Texts::new();
            read_folder(&root, &mut texts);
            found.push((root, texts));
        }
    }
    found.sort();
    assert!(found.len() > 8, "the fixtures are not where they were");
    found
}

fn read_folder(folder: &Path, texts: &mut Texts) {
    for entry in std::fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            read_folder(&path, texts);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            texts.insert(path, text);
        }
    }
}

/// Puts a text in the place of a file's and checks the file.
fn check(project: &Project, file: FileId, text: &str) -> Vec<Diagnostic> {
    let facts = FileFacts::of_text(text, &project.path(file));
    project.set_facts(file, Some(Arc::new(facts)));
    let found = rules::check(project, file);
    for finding in &found {
        judge(project, file, finding);
    }
    found
}

/// Fails unless every range of a finding is one of its text.
fn judge(project: &Project, file: FileId, finding: &Diagnostic) {
    let is_range = |file: FileId, span: Span| {
        let facts = project.facts(file).expect("what is pointed at can be read");
        assert!(
            span.start <= span.end
                && facts
                    .text
                    .get(span.start as usize..span.end as usize)
                    .is_some(),
            "{span:?} is no range of {} in {finding:?}",
            project.relative(file)
        );
    };
    is_range(file, finding.span);
    for related in &finding.related {
        is_range(related.place.file, related.place.span);
    }
    for fix in &finding.fixes {
        let mut edits: Vec<_> = fix.edits.iter().map(|edit| edit.place).collect();
        edits.sort();
        for edit in &edits {
            is_range(edit.file, edit.span);
        }
        for pair in edits.windows(2) {
            assert!(
                pair[0].file != pair[1].file || pair[0].span.end <= pair[1].span.start,
                "edits overlap in {finding:?}"
            );
        }
    }
}
