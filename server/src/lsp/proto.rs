//! From our types to the protocol's.

use std::path::{Path, PathBuf};

use ropey::Rope;
use tower_lsp::ls_types::{
    CodeDescription, Diagnostic as LspDiagnostic, DiagnosticRelatedInformation, DiagnosticSeverity,
    DiagnosticTag, Location, NumberOrString, Position, PositionEncodingKind, Range, Uri,
};

use crate::diagnostic::{Diagnostic, Severity};
use crate::position::{self, Encoding, LineColumn, Shown};
use crate::rules;
use crate::span::{Place, Span};

/// What a diagnostic says that it comes from.
pub const SOURCE: &str = "quickback-realtime";

/// The path of a `file:` URI, without `.` and `..`; of Windows with an upper-case drive letter.
pub fn path_of(uri: &Uri) -> Option<PathBuf> {
    if !uri.scheme().as_str().eq_ignore_ascii_case("file") {
        return None;
    }
    uri.to_file_path()
        .map(|path| crate::project::resolve::normalize(&path))
}

/// The URI of an absolute path.
pub fn uri_of(path: &Path) -> Option<Uri> {
    Uri::from_file_path(path)
}

/// The encoding to count in: UTF-8 if the client can, since that is what we count in, else UTF-16.
pub fn negotiate(offered: Option<&[PositionEncodingKind]>) -> Encoding {
    let offered = offered.unwrap_or_default();
    if offered.contains(&PositionEncodingKind::UTF8) {
        Encoding::Utf8
    } else if offered.contains(&PositionEncodingKind::UTF16)
        || !offered.contains(&PositionEncodingKind::UTF32)
    {
        Encoding::Utf16
    } else {
        Encoding::Utf32
    }
}

/// The protocol's name of an encoding.
pub fn encoding_kind(encoding: Encoding) -> PositionEncodingKind {
    match encoding {
        Encoding::Utf8 => PositionEncodingKind::UTF8,
        Encoding::Utf16 => PositionEncodingKind::UTF16,
        Encoding::Utf32 => PositionEncodingKind::UTF32,
    }
}

/// A position as a line and a column.
pub fn line_column(position: Position) -> LineColumn {
    LineColumn {
        line: position.line,
        column: position.character,
    }
}

/// A byte range as the protocol's.
pub fn range(rope: &Rope, span: Span, encoding: Encoding) -> Range {
    let (start, end) = position::range(rope, span, encoding);
    between(start, end)
}

/// A byte range of a file that is not open as the protocol's: whoever opens it shows it without its
/// byte order mark.
pub fn closed_range(shown: &Shown, span: Span, encoding: Encoding) -> Range {
    let [start, end] = [span.start, span.end].map(|at| shown.line_column(at, encoding));
    between(start, end)
}

fn between(start: LineColumn, end: LineColumn) -> Range {
    let position = |at: LineColumn| Position {
        line: at.line,
        character: at.column,
    };
    Range {
        start: position(start),
        end: position(end),
    }
}

/// A protocol's range as bytes.
pub fn span(rope: &Rope, range: Range, encoding: Encoding) -> Span {
    let start = position::offset(rope, line_column(range.start), encoding);
    let end = position::offset(rope, line_column(range.end), encoding);
    Span {
        start,
        end: end.max(start),
    }
}

/// The protocol's severity.
pub fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Information => DiagnosticSeverity::INFORMATION,
        Severity::Hint => DiagnosticSeverity::HINT,
    }
}

/// A finding as the protocol's. `locate` finds the places of related information.
pub fn diagnostic(
    found: &Diagnostic,
    rope: &Rope,
    encoding: Encoding,
    locate: &dyn Fn(Place) -> Option<Location>,
) -> LspDiagnostic {
    let related: Vec<DiagnosticRelatedInformation> = found
        .related
        .iter()
        .filter_map(|r| {
            Some(DiagnosticRelatedInformation {
                location: locate(r.place)?,
                message: r.message.clone(),
            })
        })
        .collect();
    let message = match &found.help {
        Some(help) => format!("{}\n{help}", found.message),
        None => found.message.clone(),
    };
    LspDiagnostic {
        range: range(rope, found.span, encoding),
        severity: Some(severity(found.severity)),
        code: Some(NumberOrString::String(found.code.to_owned())),
        code_description: rules::page(found.code)
            .parse()
            .ok()
            .map(|href| CodeDescription { href }),
        source: Some(SOURCE.to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        tags: found.unnecessary.then(|| vec![DiagnosticTag::UNNECESSARY]),
        data: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_is_taken_where_it_is_offered() {
        use PositionEncodingKind as Kind;
        assert_eq!(negotiate(None), Encoding::Utf16);
        assert_eq!(negotiate(Some(&[Kind::UTF16, Kind::UTF8])), Encoding::Utf8);
        assert_eq!(negotiate(Some(&[Kind::UTF32])), Encoding::Utf32);
        assert_eq!(
            negotiate(Some(&[Kind::UTF32, Kind::UTF16])),
            Encoding::Utf16
        );
    }

    #[test]
    fn only_files_have_paths() {
        let path = |uri: &str| path_of(&uri.parse().unwrap());
        assert_eq!(
            path("file:///a/b%20c/../d.ts"),
            Some(PathBuf::from("/a/d.ts"))
        );
        assert_eq!(path("untitled:Untitled-1"), None);
        assert_eq!(path("git:/a/b.ts"), None);
    }
}
