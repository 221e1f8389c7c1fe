//! What a rule reports.

use std::fmt;

use crate::span::{Place, Span};

/// How grave a finding is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It breaks what the configuration is for.
    Error,
    /// It is most likely not what was meant.
    Warning,
    /// Worth knowing.
    Information,
    /// A suggestion.
    Hint,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
            Self::Hint => "hint",
        })
    }
}

/// One finding in one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// The rule's code.
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// The smallest thing that is wrong.
    pub span: Span,
    /// What is wrong, in the user's own names, and why it matters here.
    pub message: String,
    /// What to do now, if the message does not say so.
    pub help: Option<String>,
    /// Other places that have to do with it.
    pub related: Vec<Related>,
    /// Ways to mend it, the best first.
    pub fixes: Vec<Fix>,
    /// Whether the range is of no use and may be shown faded.
    pub unnecessary: bool,
}

/// A place that has to do with a finding.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Related {
    /// The place.
    pub place: Place,
    /// What is there.
    pub message: String,
}

/// A way to mend a finding.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// Whether it changes neither what is sent nor who receives it.
    pub safe: bool,
    /// The edits, none overlapping another. They may be in another file than the finding.
    pub edits: Vec<Edit>,
}

/// One replacement of text.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Edit {
    /// What is replaced.
    pub place: Place,
    /// By what.
    pub new_text: String,
}

impl Diagnostic {
    /// A finding without fixes.
    pub fn new(
        code: &'static str,
        severity: Severity,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity,
            span,
            message: message.into(),
            help: None,
            related: Vec::new(),
            fixes: Vec::new(),
            unnecessary: false,
        }
    }

    /// With something to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With another place.
    #[must_use]
    pub fn with_related(mut self, place: Place, message: impl Into<String>) -> Self {
        self.related.push(Related {
            place,
            message: message.into(),
        });
        self
    }

    /// With a way to mend it.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }
}

impl Fix {
    /// A fix of one edit.
    pub fn replace(title: impl Into<String>, place: Place, new_text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            safe: false,
            edits: vec![Edit {
                place,
                new_text: new_text.into(),
            }],
        }
    }

    /// Takes in the edits of a fix that does the same for something else; answers `false`, and is
    /// good for nothing then, if the two are at odds.
    #[must_use]
    pub fn join(&mut self, other: &Self) -> bool {
        for edit in &other.edits {
            if self.edits.contains(edit) {
                continue;
            }
            let Place { file, span } = edit.place;
            let is_at_odds = |own: &Edit| {
                let there = own.place.span;
                own.place.file == file && there.start <= span.end && span.start <= there.end
            };
            if self.edits.iter().any(is_at_odds) {
                return false;
            }
            self.edits.push(edit.clone());
        }
        self.safe &= other.safe;
        true
    }

    /// The same, applied by `--fix` and by the editor's fix-all.
    #[must_use]
    pub fn safe(mut self) -> Self {
        self.safe = true;
        self
    }
}
