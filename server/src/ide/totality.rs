//! Every function answers for every text: here for the fixtures, cut off where somebody stopped
//! typing.

// A test that cuts a text within a character says so by failing.
#![allow(clippy::string_slice)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::testing::{at_cursor, in_options};
use generator::preview::Options;

use super::{
    actions, completion, hints, hover, lenses, navigate, preview, rename, symbol, symbols,
};
use crate::facts::FileFacts;
use crate::project::{Project, layout};
use crate::rules::testing::apply;
use crate::settings::Settings;
use crate::span::{FileId, Span};

/// Asks for everything that can be asked at a place.
fn ask(project: &Project, file: FileId, text: &str, offset: u32) {
    for item in completion::complete(project, file, text, offset) {
        assert!(
            item.replace.touches(offset)
                && text
                    .get(item.replace.start as usize..item.replace.end as usize)
                    .is_some(),
            "{item:?} does not hold the cursor"
        );
    }
    if let Some(found) = hover::hover(project, file, offset) {
        assert!(!found.markdown.is_empty());
    }
    let whole = Span::new(0, text.len());
    for hint in hints::inlay(project, file, whole) {
        assert!(text.is_char_boundary(hint.offset as usize));
    }
    for lens in lenses::lenses(project, file) {
        assert!(whole.contains(lens.span));
    }
    for symbol in symbols::document(project, file) {
        assert!(whole.contains(symbol.span) && symbol.span.contains(symbol.selection));
    }
    for found in navigate::highlights(project, file, offset) {
        assert!(whole.contains(found.place.span));
    }
    let _ = navigate::definition(project, file, offset);
    let _ = preview::preview(
        project,
        file,
        preview::Asked::Offset(offset),
        &Options::default(),
    );
    let findings = crate::rules::check(project, file);
    let _ = actions::actions(project, file, whole, &findings, true);
}

/// Asks at the end of a text that is all there is of a file.
fn ask_at_end(project: &Project, file: FileId, text: &str) {
    let path = project.path(file);
    let facts = FileFacts::of_text(text, &path);
    project.set_facts(file, Some(Arc::new(facts)));
    ask(project, file, text, u32::try_from(text.len()).unwrap());
}

fn read_folder(folder: &Path, files: &mut BTreeMap<PathBuf, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_folder(&path, files);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            files.insert(path, text);
        }
    }
}

#[test]
fn every_fixture_cut_off() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures");
    let mut asked = 0;
    for entry in std::fs::read_dir(&root).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let mut files = BTreeMap::new();
        read_folder(&folder, &mut files);
        let project = load(&folder, &files);
        for (path, text) in &files {
            let file = project.file(path);
            // A stride that meets every kind of place in one file or another.
            for end in (0..=text.len()).step_by(61) {
                if let Some(prefix) = text.get(..end) {
                    ask_at_end(&project, file, prefix);
                    asked += 1;
                }
            }
            ask_at_end(&project, file, text);
        }
    }
    assert!(asked > 1_000, "the fixtures are not where they were");
}

#[test]
fn every_moment_of_typing_a_block() {
    let block = "  realtime: {\n    enabled: true,\n    requiredRoles: [\"member+\", 'admin'],\n    fields: [\"id\", `title`],\n  },\n  masking: { email: { type: \"email\", show: { roles: [\"admin\"], or: \"owner\" } } },";
    let mut offered = 0;
    for end in 0..=block.len() {
        let at = at_cursor(&in_options(&format!("{}$0", &block[..end])));
        let found = completion::complete(&at.fixture.project, at.file, &at.text, at.offset);
        offered += usize::from(!found.is_empty());
        ask(&at.fixture.project, at.file, &at.text, at.offset);
        // With nothing after the cursor, as at the end of a new file.
        ask_at_end(&at.fixture.project, at.file, &at.text[..at.offset as usize]);
    }
    assert!(offered > 60, "only {offered} moments had completions");
}

/// The newsroom, a project without findings.
fn newsroom() -> (PathBuf, BTreeMap<PathBuf, String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/newsroom");
    let mut files = BTreeMap::new();
    read_folder(&root, &mut files);
    (root, files)
}

fn load(root: &Path, files: &BTreeMap<PathBuf, String>) -> Project {
    let texts = files.clone();
    let read = Arc::new(move |path: &Path| texts.get(path).cloned());
    let project = Project::new(root.to_owned(), Settings::default(), read);
    for path in files.keys() {
        if layout::role(path.strip_prefix(root).unwrap()) != layout::Role::Other {
            project.add_member(path);
        }
    }
    project
}

/// All findings of a project, without the places.
fn findings(project: &Project) -> Vec<String> {
    let mut found: Vec<String> = project
        .members()
        .into_iter()
        .flat_map(|file| {
            let found = crate::rules::check(project, file);
            found
                .into_iter()
                .map(move |d| format!("{}: {}", project.relative(file), d.message))
        })
        .collect();
    found.sort();
    found
}

#[test]
fn a_renamed_project_is_as_clean_as_before() {
    let (root, files) = newsroom();
    let project = load(&root, &files);
    let before = findings(&project);
    let mut declared: Vec<_> = project
        .members()
        .into_iter()
        .flat_map(|file| symbol::occurrences(&project, file))
        .filter(|o| o.is_declaration)
        .collect();
    declared.sort();
    declared.dedup();
    let mut renamed = 0;
    // By its name alone this column says which organization a record belongs to.
    declared.retain(|o| project.text(o.place) != "orgId");
    // A stride that meets names of every kind.
    for occurrence in declared.iter().step_by(7) {
        let at = occurrence.place;
        let renaming =
            match rename::rename(&project, at.file, at.span.start, "somethingElse", &|| true) {
                Ok(Some(renaming)) => renaming,
                // Columns of internal tables are left to TypeScript, injected ones to the compiler.
                Ok(None) if matches!(occurrence.symbol, symbol::Symbol::Column(_)) => continue,
                Ok(None) => panic!("{occurrence:?} is named and cannot be found"),
                Err(_) => continue,
            };
        let mut after = files.clone();
        for file in project.members() {
            let edits: Vec<_> = renaming
                .edits
                .iter()
                .filter(|e| e.place.file == file)
                .collect();
            if let Some(text) = after.get_mut(&*project.path(file)) {
                *text = apply(text, &edits);
            }
        }
        let found = findings(&load(&root, &after));
        assert_eq!(found.len(), before.len(), "{occurrence:?}: {found:#?}");
        renamed += 1;
    }
    assert!(renamed >= 10, "only {renamed} names could be changed");
}
