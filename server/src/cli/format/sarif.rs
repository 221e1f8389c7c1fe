//! SARIF 2.1.0, for code scanning.

use serde_json::{Value, json};

use super::View;
use crate::check::{Finding, Fix, Location, Source};
use crate::codes;
use crate::diagnostic::Severity;
use crate::rules;
use crate::span::Span;

/// The log of one run.
pub fn render(view: &View<'_>) -> anyhow::Result<String> {
    let findings = &view.report.findings;
    let mut used: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    used.sort_unstable();
    used.dedup();
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| result(view, finding, &used))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "quickback-realtime",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": "https://docs.quickback.dev",
                "rules": used.iter().map(|code| descriptor(code)).collect::<Vec<_>>(),
            } },
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    });
    Ok(serde_json::to_string_pretty(&log)? + "\n")
}

fn descriptor(code: &str) -> Value {
    let mut descriptor = json!({ "id": code, "helpUri": rules::page(code) });
    if let (Some(fields), Some(known)) = (descriptor.as_object_mut(), codes::find(code)) {
        fields.insert(
            "shortDescription".into(),
            json!({ "text": known.summary() }),
        );
        fields.insert(
            "help".into(),
            json!({ "text": known.summary(), "markdown": known.docs }),
        );
        fields.insert(
            "defaultConfiguration".into(),
            json!({ "level": level(known.severity) }),
        );
    }
    descriptor
}

fn result(view: &View<'_>, finding: &Finding, used: &[&str]) -> Value {
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": used.iter().position(|code| *code == finding.code),
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [{ "physicalLocation": physical(view, &finding.source, finding.span) }],
    });
    if let Some(fields) = result.as_object_mut() {
        if !finding.related.is_empty() {
            let related = finding.related.iter().map(|there| location(view, there));
            fields.insert("relatedLocations".into(), related.collect());
        }
        if let Some(best) = finding.fixes.first() {
            fields.insert("fixes".into(), json!([fix(view, best)]));
        }
    }
    result
}

fn location(view: &View<'_>, location: &Location) -> Value {
    json!({
        "physicalLocation": physical(view, &location.source, location.span),
        "message": { "text": location.message },
    })
}

fn physical(view: &View<'_>, source: &Source, span: Span) -> Value {
    json!({ "artifactLocation": artifact(view, source), "region": region(source, span) })
}

/// Code scanning takes a relative name for one in the repository.
fn artifact(view: &View<'_>, source: &Source) -> Value {
    json!({ "uri": uri(&view.repository_name(source)) })
}

fn region(source: &Source, span: Span) -> Value {
    let (start, end) = source.range(span);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// A change for each file that the fix edits.
fn fix(view: &View<'_>, fix: &Fix) -> Value {
    let mut sources: Vec<&Source> = Vec::new();
    for edit in &fix.edits {
        if !sources.iter().any(|source| source.path == edit.source.path) {
            sources.push(&edit.source);
        }
    }
    let changes = sources.into_iter().map(|source| {
        let edits = fix.edits.iter().filter(|e| e.source.path == source.path);
        let replacements = edits.map(|edit| {
            json!({
                "deletedRegion": region(source, edit.span),
                "insertedContent": { "text": edit.new_text },
            })
        });
        json!({
            "artifactLocation": artifact(view, source),
            "replacements": replacements.collect::<Vec<_>>(),
        })
    });
    json!({
        "description": { "text": fix.title },
        "artifactChanges": changes.collect::<Vec<_>>(),
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "note",
    }
}

/// A relative path as a URI reference: what is no unreserved character is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_path_is_a_uri() {
        assert_eq!(super::uri("a b/é#1.ts"), "a%20b/%C3%A9%231.ts");
    }
}
