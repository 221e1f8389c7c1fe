//! A finding that stands for itself: with the texts that its ranges mean.

use std::cmp::Ordering;
use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::Severity;
use crate::position::{Encoding, LineColumn, Shown};
use crate::span::Span;

/// A file as it was when it was checked.
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// Its path relative to the directory of the command, with `/`.
    pub name: String,
    /// Its text.
    pub text: Arc<str>,
    shown: Shown,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Source {
    /// A file at an absolute path; its name is relative to `base`.
    pub fn new(path: &Path, text: Arc<str>, base: &Path) -> Self {
        Self {
            path: path.to_owned(),
            name: relative_name(path, base),
            shown: Shown::new(&text),
            text,
        }
    }

    /// The ends of a range, lines and columns counted from 1, columns in UTF-16 units.
    pub fn range(&self, span: Span) -> (LineColumn, LineColumn) {
        (self.line_column(span.start), self.line_column(span.end))
    }

    fn line_column(&self, offset: u32) -> LineColumn {
        let at = self.shown.line_column(offset, Encoding::Utf16);
        LineColumn {
            line: at.line.saturating_add(1),
            column: at.column.saturating_add(1),
        }
    }
}

/// A path relative to `base`, with `/`.
pub fn relative_name(path: &Path, base: &Path) -> String {
    let relative = pathdiff::diff_paths(path, base);
    let parts: Vec<String> = relative
        .as_deref()
        .unwrap_or(path)
        .components()
        .map(|component| match component {
            // It already ends in the separator that `join` puts after it.
            Component::RootDir => String::new(),
            other => other.as_os_str().to_string_lossy().into_owned(),
        })
        .collect();
    if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    }
}

/// A finding.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The file.
    pub source: Arc<Source>,
    /// The rule's code.
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// The smallest thing that is wrong.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do now, if the message does not say so.
    pub help: Option<String>,
    /// Other places that have to do with it.
    pub related: Vec<Location>,
    /// Ways to mend it, the best first.
    pub fixes: Vec<Fix>,
}

/// A place that has to do with a finding.
#[derive(Debug, Clone)]
pub struct Location {
    /// The file.
    pub source: Arc<Source>,
    /// The range in it.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// A way to mend a finding.
#[derive(Debug, Clone)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// Whether it changes neither what is sent nor who receives it.
    pub safe: bool,
    /// The edits, none overlapping another.
    pub edits: Vec<Edit>,
}

/// One replacement of text.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The file.
    pub source: Arc<Source>,
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub new_text: String,
}

impl Finding {
    /// The order in which findings are shown: by file, then position.
    pub fn order(&self, other: &Self) -> Ordering {
        (&self.source.name, self.span, self.code, &self.message).cmp(&(
            &other.source.name,
            other.span,
            other.code,
            &other.message,
        ))
    }

    /// The best fix that changes only the finding's own file, as the formats can show it.
    pub fn own_fix(&self) -> Option<&Fix> {
        self.fixes.iter().find(|fix| {
            fix.edits
                .iter()
                .all(|edit| edit.source.path == self.source.path)
        })
    }

    /// Whether it counts, for the exit status and the totals.
    pub fn counts(&self) -> bool {
        matches!(self.severity, Severity::Error | Severity::Warning)
    }
}
