//! Every fix of every finding, in the examples of the rules and in the project that breaks all of
//! them, does what it says: the text still parses, the finding is gone, and a safe one leaves fewer
//! findings than before.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::docs_tests::{examples, with_imports};
use super::testing::{Fixture, apply, fixture, fixture_with};
use super::{ALL, check};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::facts::FileFacts;
use crate::settings::Settings;

fn findings(fixture: &Fixture) -> Vec<Diagnostic> {
    fixture
        .files
        .keys()
        .flat_map(|path| check(&fixture.project, fixture.file(path)))
        .collect()
}

fn errors(fixture: &Fixture) -> usize {
    let facts = |path: &String| fixture.project.facts(fixture.file(path));
    fixture
        .files
        .keys()
        .filter_map(facts)
        .map(|facts| facts.errors.len())
        .sum()
}

/// What the findings and syntax errors are while a fix is applied, and the edited files' text.
fn mended(fixture: &Fixture, fix: &Fix) -> (Vec<Diagnostic>, usize, String) {
    let project = &fixture.project;
    let mut changed = String::new();
    let mut restored = Vec::new();
    for (path, text) in &fixture.files {
        let file = fixture.file(path);
        let edits: Vec<&Edit> = fix.edits.iter().filter(|e| e.place.file == file).collect();
        if edits.is_empty() {
            continue;
        }
        let text = apply(text, &edits);
        restored.push((file, project.facts(file)));
        let facts = FileFacts::of_text(&text, &project.path(file));
        project.set_facts(file, Some(Arc::new(facts)));
        changed.push_str(&format!("//- {path}\n{text}\n"));
    }
    let after = (findings(fixture), errors(fixture), changed);
    for (file, facts) in restored {
        project.set_facts(file, facts);
    }
    after
}

/// Applies each fix by itself and says what is wrong with what it makes.
fn judge(fixture: &Fixture) -> Vec<String> {
    let before = findings(fixture);
    let errors = errors(fixture);
    let mut wrong = Vec::new();
    for finding in &before {
        for fix in &finding.fixes {
            let (found, errors_after, text) = mended(fixture, fix);
            let same = |d: &&Diagnostic| d.code == finding.code && d.message == finding.message;
            let mut complain = |what: &str| {
                wrong.push(format!("{}: {} {what}:\n{text}", finding.code, fix.title));
            };
            if found.iter().filter(same).count() >= before.iter().filter(same).count() {
                complain("does not mend it");
            }
            if errors_after > errors {
                complain("does not parse");
            }
            if fix.safe && found.len() >= before.len() {
                complain("is safe and leaves as many findings");
            }
        }
    }
    wrong
}

#[test]
fn fixes_of_the_examples_mend_them() {
    let wrong: Vec<String> = ALL
        .iter()
        .flat_map(|rule| examples(rule, "Invalid"))
        .flat_map(|example| judge(&fixture(&with_imports(&example))))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn fixes_in_a_whole_project_mend_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/leaky");
    let mut files = BTreeMap::new();
    let mut open = vec![root.clone()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "ts") {
            let name = path
                .strip_prefix(&root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
    let text: String = files
        .iter()
        .map(|(path, text)| format!("//- {path}\n{text}\n"))
        .collect();
    let settings = Settings {
        roles: vec!["sensitivity-reader".to_owned()],
        ..Settings::default()
    };
    let fixture = fixture_with(&text, settings);
    let fixes = findings(&fixture)
        .iter()
        .map(|d| d.fixes.len())
        .sum::<usize>();
    assert!(fixes > 60, "{fixes}");
    let wrong = judge(&fixture);
    let titles: Vec<&str> = wrong.iter().filter_map(|w| w.lines().next()).collect();
    assert!(wrong.is_empty(), "{titles:#?}");
}
