//! What `SECURITY.md` says of tests and of dependencies is so.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Whether a source has a test of that name: a function in Rust, a title in JavaScript.
fn has_test(source: &str, name: &str) -> bool {
    source.contains(&format!("fn {name}("))
        || ["test(\"", "test(`"].iter().any(|call| {
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

/// Every package that is ours to install from has its lock file beside it, in git.
#[test]
fn everything_that_is_installed_is_locked() {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "--",
            "*Cargo.toml",
            "*Cargo.lock",
            "*package.json",
            "*package-lock.json",
        ])
        .current_dir(top())
        .output()
        .expect("git is here");
    let listed = String::from_utf8(listed.stdout).expect("paths are text");
    let files: Vec<&str> = listed
        .lines()
        .filter(|path| !path.starts_with("tests/fixtures/"))
        .collect();
    assert!(files.len() > 8, "{files:?}");
    let mut open = Vec::new();
    for path in &files {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let text = std::fs::read_to_string(top().join(path)).expect("it is there");
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
        if !files.contains(&&*wanted) {
            open.push(wanted);
        }
    }
    assert!(open.is_empty(), "not locked: {open:?}");
}
