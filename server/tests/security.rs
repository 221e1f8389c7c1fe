//! What `SECURITY.md` says of tests and of dependencies is so.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Whether a source has a test of that name: a function in Rust, a title in JavaScript.
fn has_test(source: &str, name: &str) -> bool {
    source.contains(&format!("fn {name}("))
        || ["test(\"", "test(`", "it('"].iter().any(|call| {
            let mut calls = source.split(call).skip(1);
            calls.any(|rest| rest.starts_with(name))
        })
}

#[test]
fn every_line_of_the_threat_model_names_tests_that_exist() {
    let text = std::fs::read_to_string(top().join("SECURITY.md")).expect("it is there");
    let mut rows = 0;
    let mut wrong = Vec::new();
    for row in text.lines().filter(|line| line.contains(" → ")) {
        let tests = row.trim_end_matches('|').rsplit('|').next();
        let tests = tests.expect("a row has a last cell").trim();
        if !row.starts_with('|') || tests == "test" {
            continue;
        }
        rows += 1;
        let mut source: Option<String> = None;
        let mut named = 0;
        for name in tests.split('`').skip(1).step_by(2) {
            if name.contains('/') {
                let path = top().join(name);
                source = std::fs::read_to_string(&path).ok();
                if source.is_none() {
                    wrong.push(format!("{name} is not there"));
                }
                continue;
            }
            named += 1;
            if !source.as_ref().is_some_and(|source| has_test(source, name)) {
                wrong.push(format!("there is no test {name} where it is named"));
            }
        }
        if named == 0 {
            wrong.push(format!("no test holds: {row}"));
        }
    }
    assert!(rows > 20, "only {rows} lines were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The files in git of one of these patterns, those of fixtures left out.
fn in_git(patterns: &[&str]) -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "--"])
        .args(patterns)
        .current_dir(top())
        .output()
        .expect("git is here");
    let listed = String::from_utf8(listed.stdout).expect("paths are text");
    let ours = listed
        .lines()
        .filter(|path| !path.starts_with("tests/fixtures/"));
    ours.map(str::to_owned).collect()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(top().join(path)).expect("it is in git")
}

/// Every package that is ours to install from has its lock file beside it, in git.
#[test]
fn everything_that_is_installed_is_locked() {
    let files = in_git(&[
        "*Cargo.toml",
        "*Cargo.lock",
        "*package.json",
        "*package-lock.json",
    ]);
    assert!(files.len() > 8, "{files:?}");
    let mut open = Vec::new();
    for path in &files {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let text = read(path);
        let lock = match name {
            "Cargo.toml" if text.contains("[workspace]") => "Cargo.lock",
            "package.json" if text.contains("ependencies\"") => "package-lock.json",
            _ => continue,
        };
        let wanted = if folder.is_empty() {
            lock.to_owned()
        } else {
            format!("{folder}/{lock}")
        };
        if !files.contains(&wanted) {
            open.push(wanted);
        }
    }
    assert!(open.is_empty(), "not locked: {open:?}");
}

/// A crate has its reason in the line above it. One that is taken from the workspace, or that is
/// ours, has it there.
#[test]
fn every_crate_has_its_reason() {
    let mut without = Vec::new();
    let mut seen = 0;
    for path in in_git(&["*Cargo.toml"]) {
        let text = read(&path);
        let (mut is_list, mut has_reason) = (false, false);
        for line in text.lines() {
            if line.starts_with('[') {
                is_list = line.trim_end_matches(']').ends_with("dependencies");
            } else if is_list && line.contains('=') && !line.starts_with('#') {
                seen += 1;
                let is_elsewhere = line.ends_with(".workspace = true") || line.contains("path =");
                if !(has_reason || is_elsewhere) {
                    without.push(format!("{path}: {line}"));
                }
            }
            has_reason = line.starts_with('#');
        }
    }
    assert!(seen > 40, "only {seen} crates were found");
    assert!(without.is_empty(), "without a reason: {without:#?}");
}

/// The packages of npm have theirs in a table, and nothing else stands there.
#[test]
fn every_package_of_npm_has_its_reason() {
    let table = read("tests/supply/npm.md");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
    let told: BTreeSet<String> = rows
        .filter_map(|row| Some(row.split_once('`')?.0.to_owned()))
        .collect();
    let mut used = BTreeSet::new();
    for path in in_git(&["*package.json"]) {
        let package: serde_json::Value = serde_json::from_str(&read(&path)).expect("it is JSON");
        for list in ["dependencies", "devDependencies"] {
            let list = package.get(list).and_then(serde_json::Value::as_object);
            used.extend(list.into_iter().flat_map(|list| list.keys().cloned()));
        }
    }
    assert_eq!(told, used);
}
