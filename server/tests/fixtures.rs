//! The findings in whole projects are those that `expected.tsv` says, which was written by a
//! reading of the rules and not by running the check.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use quickback_realtime::diagnostic::Diagnostic;
use quickback_realtime::project::Read;
use quickback_realtime::project::layout::SETTINGS_NAME;
use quickback_realtime::{rules, settings, workspace};

/// What is found by comparing generated files and by no rule.
const FOUND_ELSEWHERE: [&str; 2] = ["stale-output", "foreign-output"];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is in the project")
        .join("tests/fixtures")
}

/// `path line code text [severity]` of every finding in the projects at or under a folder, sorted
/// by path and position; and the messages, for whoever reads a failure.
fn found(folder: &Path, with_severity: bool) -> (Vec<String>, BTreeMap<String, String>) {
    let mut lines = Vec::new();
    let mut messages = BTreeMap::new();
    let mut tell = |path: &Path, text: &str, finding: Diagnostic| {
        let path = path.strip_prefix(folder).expect("it is in the project");
        let before = text.get(..finding.span.start as usize);
        let row = before.unwrap_or_default().matches('\n').count() + 1;
        let marked = finding.span.text(text).lines().next().unwrap_or_default();
        let mut line = format!("{}\t{row}\t{}\t{marked}", path.display(), finding.code);
        if with_severity {
            line.push_str(&format!("\t{}", finding.severity));
        }
        messages.insert(line.clone(), finding.message);
        lines.push(line);
    };
    for root in workspace::discover(folder) {
        let read: Read = Arc::new(|path: &Path| std::fs::read_to_string(path).ok());
        let (settings, mistakes) = settings::load(&root, &read);
        let path = root.join(SETTINGS_NAME);
        let text = read(&path).unwrap_or_default();
        for finding in mistakes {
            tell(&path, &text, finding);
        }
        let project = workspace::load(&root, settings, None).project;
        for file in project.members() {
            let Some(facts) = project.facts(file) else {
                continue;
            };
            for finding in rules::check(&project, file) {
                tell(&project.path(file), &facts.text, finding);
            }
        }
    }
    lines.sort();
    (lines, messages)
}

fn expected(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("expected.tsv")).unwrap_or_default();
    let mut lines: Vec<String> = text
        .lines()
        .filter(|line| {
            let code = line.split('\t').nth(2).unwrap_or_default();
            !FOUND_ELSEWHERE.contains(&code)
        })
        .map(str::to_owned)
        .collect();
    lines.sort();
    lines
}

#[track_caller]
fn compare(name: &str) {
    let folder = fixtures().join(name);
    let (found, messages) = found(&folder, name == "docs");
    let expected = expected(&folder);
    let count = |lines: &[String], line: &String| lines.iter().filter(|l| *l == line).count();
    let mut wrong: Vec<String> = found
        .iter()
        .filter(|line| count(&found, line) > count(&expected, line))
        .map(|line| {
            format!(
                "found, not expected: {line}\n    {}",
                messages.get(line).map_or("", String::as_str)
            )
        })
        .collect();
    wrong.extend(
        expected
            .iter()
            .filter(|line| count(&expected, line) > count(&found, line))
            .map(|line| format!("expected, not found: {line}")),
    );
    assert!(wrong.is_empty(), "in {name}:\n{}", wrong.join("\n"));
}

#[test]
fn the_clean_project_is_clean() {
    compare("newsroom");
}

#[test]
fn what_the_documentation_shows_is_judged_as_it_says() {
    compare("docs");
}

#[test]
fn every_rule_that_is_broken_is_reported() {
    compare("leaky");
}

#[test]
fn projects_are_found_in_every_layout() {
    let mut names: Vec<String> = std::fs::read_dir(fixtures())
        .expect("the fixtures are there")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with("layout-"))
        .collect();
    names.sort();
    assert!(names.len() > 5, "{names:?}");
    for name in names {
        compare(&name);
    }
}
