//! The check and the server find the same in every fixture.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tower_lsp::ls_types::DiagnosticSeverity;

use crate::client::{start, uri};

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures");
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the fixtures are there")
        .map(|entry| {
            entry
                .expect("an entry")
                .path()
                .canonicalize()
                .expect("a path")
        })
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

fn severity(severity: DiagnosticSeverity) -> &'static str {
    match severity {
        DiagnosticSeverity::ERROR => "error",
        DiagnosticSeverity::WARNING => "warning",
        DiagnosticSeverity::INFORMATION => "information",
        _ => "hint",
    }
}

#[test]
fn every_fixture_has_the_same_findings() {
    for fixture in fixtures() {
        let output = Command::new(env!("CARGO_BIN_EXE_quickback-realtime"))
            .args([
                "--check",
                "--no-cache",
                "--format",
                "json",
                "--no-generated",
                ".",
            ])
            .current_dir(&fixture)
            .output()
            .expect("the check runs");
        let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
        let diagnostics = report["diagnostics"]
            .as_array()
            .expect("a list of diagnostics");
        assert!(
            !diagnostics.is_empty() || fixture.ends_with("newsroom"),
            "{}",
            fixture.display()
        );
        let mut files: Vec<&str> = diagnostics
            .iter()
            .filter_map(|d| d["file"].as_str())
            .collect();
        files.dedup();
        let mut client = start(json!({}), &[&fixture]);
        for file in files {
            let path = fixture.join(file);
            let text = std::fs::read_to_string(&path).expect("the file is text");
            let uri = uri(&path);
            client.open(&uri, &text);
            let served: Vec<Value> = client
                .diagnostics_of(&uri, 1)
                .iter()
                .map(|d| {
                    json!([
                        d.code,
                        severity(d.severity.expect("a severity")),
                        d.message.split('\n').next(),
                        [d.range.start.line + 1, d.range.start.character + 1],
                        [d.range.end.line + 1, d.range.end.character + 1],
                    ])
                })
                .collect();
            let checked: Vec<Value> = diagnostics
                .iter()
                .filter(|d| d["file"] == file)
                .map(|d| {
                    let at =
                        |end: &str| json!([d["range"][end]["line"], d["range"][end]["column"]]);
                    json!([
                        d["code"],
                        d["severity"],
                        d["message"],
                        at("start"),
                        at("end")
                    ])
                })
                .collect();
            assert_eq!(served, checked, "{} of {}", file, fixture.display());
            client.close(&uri);
            client.next_diagnostics(&uri);
        }
        client.shutdown();
    }
}
