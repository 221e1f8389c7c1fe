//! Fixtures for the tests of rules: a project in one string.
//!
//! `//- path` begins a file. `//^^^ severity: message` under a line says what is found there: the
//! carets stand for the characters above them, the `//` before the first of them is not counted.
//! A range that begins at the very start of a line is written `//<^^^`. A configuration with no
//! roles is added where the fixture has none.

// A fixture that is cut within a character is a broken test, and says so by failing.
#![allow(clippy::string_slice)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Edit};
use crate::facts;
use crate::project::{Project, Read, layout};
use crate::settings::{self, Settings};
use crate::span::FileId;

const ROOT: &str = "/project";

/// A project of a fixture.
pub struct Fixture {
    /// The project.
    pub project: Project,
    /// Its files' texts by relative path, expectations included: they are comments.
    pub files: BTreeMap<String, String>,
}

/// The fixture of one table, `claims`, with a column of every sort that rules ask about, and these
/// options besides its columns; each line of them is a line of the file.
pub fn claims(options: &str) -> String {
    format!(
        "//- quickback/features/claims.ts
import {{ feature, q }} from '@quickback/compiler';
export default feature('claims', {{
columns: {{ id: q.id(), title: q.text(), email: q.email(), phoneNumber: q.text(), org: q.scope('organization') }},
{options}
}});
"
    )
}

/// The fixture of one namespace, `x`, whose events are these entries; each line of them is a line of
/// the file.
pub fn events(entries: &str) -> String {
    format!(
        "//- quickback/services/realtime/x.ts
import {{ defineRealtime }} from '@quickback/compiler';
export default defineRealtime({{ name: 'x', events: [
{entries}
] }});
"
    )
}

/// Checks that a fixture has no finding of `code`.
#[track_caller]
pub fn check_silent(text: &str, code: &str) {
    let fixture = fixture(text);
    for path in fixture.files.keys() {
        let found: Vec<Diagnostic> = super::check(&fixture.project, fixture.file(path))
            .into_iter()
            .filter(|d| d.code == code)
            .collect();
        assert_eq!(found, [], "findings of {code} in {path}");
    }
}

/// Checks that a fixture has findings of `code`, and that none of them has a fix.
#[track_caller]
pub fn check_unfixable(text: &str, code: &str) {
    let fixture = fixture(text);
    let of = |path: &String| super::check(&fixture.project, fixture.file(path));
    let mut found: Vec<Diagnostic> = fixture.files.keys().flat_map(of).collect();
    found.retain(|d| d.code == code);
    assert!(!found.is_empty(), "nothing of {code} is found");
    let fixable: Vec<_> = found.iter().filter(|d| !d.fixes.is_empty()).collect();
    assert!(fixable.is_empty(), "{fixable:?}");
}

/// Reads a fixture, its settings too if it has any.
pub fn fixture(text: &str) -> Fixture {
    read(text, None)
}

/// Reads a fixture with settings.
pub fn fixture_with(text: &str, settings: Settings) -> Fixture {
    read(text, Some(settings))
}

fn read(text: &str, settings: Option<Settings>) -> Fixture {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut current: Option<String> = None;
    for line in text.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("//- ") {
            current = Some(path.trim().to_owned());
            files.entry(path.trim().to_owned()).or_default();
        } else if let Some(path) = &current {
            files.entry(path.clone()).or_default().push_str(line);
        }
    }
    if !files
        .keys()
        .any(|path| layout::role(Path::new(path)) == layout::Role::Config)
    {
        files.insert(
            "quickback/quickback.config.ts".into(),
            "export default {};\n".into(),
        );
    }
    let absolute: BTreeMap<PathBuf, String> = files
        .iter()
        .map(|(path, text)| (Path::new(ROOT).join(path), text.clone()))
        .collect();
    let read: Read = Arc::new(move |path: &Path| absolute.get(path).cloned());
    let settings = settings.unwrap_or_else(|| settings::load(Path::new(ROOT), &read).0);
    let project = Project::new(PathBuf::from(ROOT), settings, read);
    let mut listed = Vec::new();
    for (path, text) in &files {
        let (absolute, role) = (Path::new(ROOT).join(path), layout::role(Path::new(path)));
        if role != layout::Role::Other {
            listed.push(project.file(&absolute));
        }
        let matters = role != layout::Role::Source || facts::may_matter(text.as_bytes());
        if role != layout::Role::Other && matters {
            project.add_member(&absolute);
        }
    }
    project.set_listed(listed);
    Fixture { project, files }
}

impl Fixture {
    /// The file of a relative path.
    pub fn file(&self, path: &str) -> FileId {
        self.project.file(&Path::new(ROOT).join(path))
    }
}

/// Checks that the findings of `code` are exactly those that the fixture says, in every file.
#[track_caller]
pub fn check(text: &str, code: &str) {
    check_in(&fixture(text), code);
}

/// The same for a fixture that is made already.
#[track_caller]
pub fn check_in(fixture: &Fixture, code: &str) {
    for (path, text) in &fixture.files {
        let file = fixture.file(path);
        let mut found: Vec<String> = super::check(&fixture.project, file)
            .iter()
            .filter(|d| d.code == code)
            .map(|d| render(text, d))
            .collect();
        let mut expected = expectations(text);
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "findings of {code} in {path}");
    }
}

/// Checks that the first fix of the first finding of `code` makes a text that holds `expected`,
/// and that the finding is gone then.
#[track_caller]
pub fn check_fix(text: &str, code: &str, expected: &str) {
    let fixture = fixture(text);
    for path in fixture.files.keys() {
        let file = fixture.file(path);
        let findings = super::check(&fixture.project, file);
        let Some(diagnostic) = findings.iter().find(|d| d.code == code) else {
            continue;
        };
        let fix = diagnostic.fixes.first().expect("the finding has a fix");
        let before = findings.iter().filter(|d| d.code == code).count();
        let mut files = fixture.files.clone();
        for (path, text) in &mut files {
            let file = fixture.file(path);
            let edits: Vec<&Edit> = fix.edits.iter().filter(|e| e.place.file == file).collect();
            *text = apply(text, &edits);
        }
        let all: String = files
            .iter()
            .map(|(path, text)| format!("//- {path}\n{text}\n"))
            .collect();
        assert!(
            all.contains(expected),
            "the fix made:\n{all}\nwhich does not hold:\n{expected}"
        );
        let again = self::fixture(&all);
        let after = super::check(&again.project, again.file(path))
            .iter()
            .filter(|d| d.code == code)
            .count();
        assert!(
            after < before,
            "the finding is still there after its fix:\n{all}"
        );
        return;
    }
    panic!("no finding of {code}");
}

/// A text after edits.
pub fn apply(text: &str, edits: &[&Edit]) -> String {
    let mut sorted = edits.to_vec();
    sorted.sort_by_key(|e| std::cmp::Reverse(e.place.span));
    let mut result = text.to_owned();
    for edit in sorted {
        result.replace_range(
            edit.place.span.start as usize..edit.place.span.end as usize,
            &edit.new_text,
        );
    }
    result
}

fn render(text: &str, diagnostic: &Diagnostic) -> String {
    let before = &text[..diagnostic.span.start as usize];
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count();
    let length = diagnostic.span.text(text).chars().count();
    format!(
        "{line}:{column}+{length} {}: {}",
        diagnostic.severity, diagnostic.message
    )
}

fn expectations(text: &str) -> Vec<String> {
    let mut expected = Vec::new();
    let mut code_line = 0;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        let Some(marks) = trimmed
            .strip_prefix("//")
            .filter(|m| m.starts_with('^') || m.starts_with("<^"))
        else {
            code_line = index + 1;
            continue;
        };
        let indent = line.chars().count() - trimmed.chars().count();
        let (column, marks) = match marks.strip_prefix('<') {
            Some(marks) => (indent, marks),
            None => (indent + 2, marks),
        };
        let length = marks.chars().take_while(|c| *c == '^').count();
        let message = marks[length..].trim();
        expected.push(format!("{code_line}:{column}+{length} {message}"));
    }
    expected
}
