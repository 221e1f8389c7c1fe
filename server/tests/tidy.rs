//! The invariants of the house, each of them checked in the sources.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use std::path::{Path, PathBuf};

/// A source file: its path from the top of the project, and its text.
struct Source {
    path: String,
    text: String,
}

fn sources(folders: &[&str], extensions: &[&str]) -> Vec<Source> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is in the project");
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|f| top.join(f)).collect();
    while let Some(path) = open.pop() {
        let name = path
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or_default();
        if path.is_dir() {
            if !matches!(
                name,
                "target" | "node_modules" | "fixtures" | ".cache" | ".out" | "dist" | "build"
            ) {
                let entries = std::fs::read_dir(&path).expect("a folder can be read");
                open.extend(entries.map(|e| e.expect("an entry can be read").path()));
            }
        } else if extensions.iter().any(|e| name.ends_with(e)) {
            let relative = path.strip_prefix(top).expect("it is in the project");
            found.push(Source {
                path: relative.to_string_lossy().replace('\\', "/"),
                text: std::fs::read_to_string(&path).expect("a source is text"),
            });
        }
    }
    assert!(!found.is_empty(), "no sources in {folders:?}");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Fails for every file that holds `needle` and is under none of `allowed`.
fn only(folder: &str, needle: &str, allowed: &[&str]) {
    let strays: Vec<String> = sources(&[folder], &[".rs"])
        .into_iter()
        .filter(|s| s.text.contains(needle) && !allowed.iter().any(|a| s.path.starts_with(a)))
        .map(|s| s.path)
        .collect();
    assert!(
        strays.is_empty(),
        "`{needle}` is named outside of {allowed:?}: {strays:?}"
    );
}

#[test]
fn only_the_server_names_the_protocol() {
    only("server/src", "tower_lsp", &["server/src/lsp/"]);
}

#[test]
fn only_document_and_syntax_name_tree_sitter() {
    only(
        "server/src",
        "tree_sitter",
        &["server/src/document.rs", "server/src/syntax/"],
    );
}

#[test]
fn only_the_edges_touch_the_disk() {
    let edges = [
        "server/src/workspace.rs",
        "server/src/workspace/",
        "server/src/cli/",
        "server/src/generate.rs",
        // Asserts about files on the disk.
        "server/src/settings/",
        "server/src/settings.rs",
        // Tests beside the code: of a project on the disk, over the fixtures, the table of all rules.
        "server/src/check/remembered/recheck/tests.rs",
        "server/src/rules/docs_tests.rs",
        "server/src/rules/fixes_tests.rs",
        "server/src/ide/totality.rs",
        "server/src/lsp/panic_tests.rs",
        "server/src/lsp/generation/tests.rs",
        "server/src/lsp/refreshing/tests.rs",
    ];
    only("server/src", "std::fs", &edges);
    only("generator/src", "std::fs", &["generator/src/artifact"]);
}

#[test]
fn only_one_place_of_the_broadcaster_names_the_runtime() {
    only(
        "generator/broadcaster/src",
        "use worker::",
        &[
            "generator/broadcaster/src/lib.rs",
            "generator/broadcaster/src/runtime",
        ],
    );
}

#[test]
fn the_generator_knows_neither_syntax_nor_protocol() {
    for needle in ["tree_sitter", "tower_lsp", "quickback_realtime"] {
        only("generator/src", needle, &[]);
    }
}

#[test]
fn rooms_are_small() {
    let folders = [
        "server/src",
        "server/tests",
        "generator/src",
        "generator/tests",
        "generator/broadcaster/src",
        "editors",
        "tests/e2e",
    ];
    let large: Vec<String> = sources(&folders, &[".rs", ".ts", ".mjs", ".lua"])
        .into_iter()
        .map(|s| (s.text.lines().count(), s.path))
        .filter(|(lines, _)| *lines > 500)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert!(large.is_empty(), "files of more than 500 lines: {large:#?}");
}

#[test]
fn nothing_is_left_to_do_without_a_word() {
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("unimplemented", "!("),
        concat!("to", "do!("),
    ];
    let folders = ["server", "generator", "editors", "tests/e2e"];
    let strays: Vec<String> = sources(&folders, &[".rs", ".ts", ".mjs", ".lua"])
        .into_iter()
        .filter(|s| marks.iter().any(|m| s.text.contains(m)))
        .map(|s| s.path)
        .collect();
    assert!(strays.is_empty(), "{strays:?}");
}
