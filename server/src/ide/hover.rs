//! Hover: what the thing under the cursor means here.

mod keys;
mod names;

use super::symbol;
use crate::project::Project;
use crate::span::{FileId, Span};

/// What is said about a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// The range.
    pub span: Span,
    /// What is said, in Markdown.
    pub markdown: String,
}

/// What the thing at an offset means; `None` where nothing of ours stands.
pub fn hover(project: &Project, file: FileId, offset: u32) -> Option<Hover> {
    if project.facts(file)?.generated {
        return None;
    }
    let named = symbol::at(project, file, offset);
    if let Some(occurrence) = named.first() {
        return names::of(project, file, offset, occurrence);
    }
    keys::of(project, file, offset)
}

#[cfg(test)]
mod tests;
