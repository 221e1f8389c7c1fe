//! GitLab's code quality report.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::View;
use crate::check::Finding;
use crate::diagnostic::Severity;

/// A list of issues.
pub fn render(view: &View<'_>) -> anyhow::Result<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let issues: Vec<Value> = view
        .shown()
        .map(|finding| {
            let path = view.repository_name(&finding.source);
            let what = format!("{}\0{path}\0{}", finding.code, finding.message);
            let nth = seen.entry(what.clone()).or_default();
            *nth += 1;
            issue(finding, &path, &fingerprint(&what, *nth))
        })
        .collect();
    Ok(serde_json::to_string_pretty(&issues)? + "\n")
}

fn issue(finding: &Finding, path: &str, fingerprint: &str) -> Value {
    let (start, end) = finding.source.range(finding.span);
    json!({
        "description": finding.message,
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Information | Severity::Hint => "info",
        },
        "location": { "path": path, "lines": { "begin": start.line, "end": end.line } },
    })
}

/// What a finding is known by from one pipeline to the next. The line is no part of it: what
/// moves is not new.
fn fingerprint(what: &str, nth: usize) -> String {
    let digest = Sha256::digest(format!("{what}\0{nth}"));
    let bytes = digest.iter().take(16);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}
