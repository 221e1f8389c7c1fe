//! Generation that stands still for a reason that is not shown.
//!
//! A suppression and a severity change what is shown, never what can be generated: without a word
//! the check would pass, while every change of a definition goes no further than its file.

use std::path::Path;
use std::sync::Arc;

use super::{Finding, Source};
use crate::diagnostic::Severity;
use crate::generate::Expected;
use crate::lower::Reason;
use crate::project::{Project, layout};
use crate::span::Span;
use crate::{codes, settings};

/// A finding for each error that stops generation and is none of `found`.
pub(super) fn unseen(
    project: &Project,
    expected: &Expected,
    found: &[Finding],
    base: &Path,
) -> Vec<Finding> {
    let settings = project.settings();
    let Some(severity) = settings.severity(codes::STALE_OUTPUT, Severity::Error) else {
        return Vec::new();
    };
    let reasons = expected.blocked().iter();
    let unseen = reasons.filter(|reason| {
        let path = project.root().join(&reason.path);
        !found.iter().any(|finding| shows(finding, reason, &path))
    });
    let finding = |reason: &Reason| {
        let path = project.root().join(&reason.path);
        let read = |path: &Path| project.read_text(path);
        let text = if reason.path == layout::SETTINGS_NAME {
            settings::text(project.root(), &read)
        } else {
            read(&path)
        };
        let text = text.unwrap_or_default();
        Finding {
            source: Arc::new(Source::new(&path, text.into(), base)),
            code: codes::STALE_OUTPUT,
            severity,
            span: reason.place.map_or_else(Span::default, |place| place.span),
            message: format!(
                "Nothing is generated until this is mended, although it is not shown as an error: {} ({})",
                reason.message, reason.code
            ),
            help: None,
            related: Vec::new(),
            fixes: Vec::new(),
        }
    };
    unseen.map(finding).collect()
}

/// Whether a finding says as an error what stops generation. Where a file does not parse, one place
/// of it is enough.
fn shows(finding: &Finding, reason: &Reason, path: &Path) -> bool {
    let is_there = match reason.place {
        Some(place) if reason.code != codes::SYNTAX_ERROR => finding.span == place.span,
        _ => true,
    };
    finding.severity == Severity::Error
        && finding.code == reason.code
        && finding.source.path == path
        && is_there
}
