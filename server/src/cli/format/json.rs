//! One JSON object, for programs.

use serde::Serialize;

use super::View;
use crate::check::{self, Finding, Source, Summary};
use crate::diagnostic::Severity;
use crate::span::Span;

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    diagnostics: Vec<Diagnostic<'r>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Diagnostic<'r> {
    file: &'r str,
    code: &'r str,
    severity: Severity,
    message: &'r str,
    range: Range,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Fix<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'r>>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Fix<'r> {
    title: &'r str,
    safe: bool,
    edits: Vec<Edit<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Edit<'r> {
    range: Range,
    new_text: &'r str,
}

#[derive(Serialize)]
struct Related<'r> {
    file: &'r str,
    range: Range,
    message: &'r str,
}

/// The report as one object on several lines.
pub fn render(view: &View<'_>) -> anyhow::Result<String> {
    let document = Document {
        version: 1,
        diagnostics: view.report.findings.iter().map(diagnostic).collect(),
        summary: view.report.summary,
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn diagnostic(finding: &Finding) -> Diagnostic<'_> {
    let related = finding.related.iter().map(|location| Related {
        file: &location.source.name,
        range: range(&location.source, location.span),
        message: &location.message,
    });
    Diagnostic {
        file: &finding.source.name,
        code: finding.code,
        severity: finding.severity,
        message: &finding.message,
        range: range(&finding.source, finding.span),
        help: finding.help.as_deref(),
        fix: finding.own_fix().map(fix),
        related: related.collect(),
    }
}

fn fix(fix: &check::Fix) -> Fix<'_> {
    let edits = fix.edits.iter().map(|edit| Edit {
        range: range(&edit.source, edit.span),
        new_text: &edit.new_text,
    });
    Fix {
        title: &fix.title,
        safe: fix.safe,
        edits: edits.collect(),
    }
}

fn range(source: &Source, span: Span) -> Range {
    let (start, end) = source.range(span);
    let position = |at: crate::position::LineColumn| Position {
        line: at.line,
        column: at.column,
    };
    Range {
        start: position(start),
        end: position(end),
    }
}
