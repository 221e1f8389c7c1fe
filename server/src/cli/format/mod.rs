//! The formats that findings are written in.

mod github;
mod gitlab;
mod json;
mod junit;
mod sarif;
mod text;

use std::path::Path;

use super::arguments::Format;
use crate::check::{Finding, Report, Source, relative_name};

/// What is written.
#[derive(Debug, Clone, Copy)]
pub struct View<'r> {
    /// What was found.
    pub report: &'r Report,
    /// The directory that GitHub and GitLab name files relative to, also those of a SARIF log, where
    /// they say one.
    pub repository: Option<&'r Path>,
    /// Whether hints and information are shown where people read.
    pub all: bool,
    /// Whether only the findings are written.
    pub quiet: bool,
}

impl<'r> View<'r> {
    /// The findings that are shown where people read.
    fn shown(&self) -> impl Iterator<Item = &'r Finding> {
        let all = self.all;
        self.report
            .findings
            .iter()
            .filter(move |finding| all || finding.counts())
    }

    /// A file's name in the repository, for those who show findings there.
    fn repository_name(&self, source: &Source) -> String {
        match self.repository {
            Some(root) if source.path.starts_with(root) => relative_name(&source.path, root),
            _ => source.name.clone(),
        }
    }
}

/// The whole of what is written, with colors that the stream takes out where they are not wanted.
///
/// # Errors
/// If a format cannot hold what was found.
pub fn render(format: Format, view: &View<'_>) -> anyhow::Result<String> {
    match format {
        Format::Text => Ok(text::render(view)),
        Format::Json => json::render(view),
        Format::Sarif => sarif::render(view),
        Format::Github => Ok(github::render(view)),
        Format::Gitlab => gitlab::render(view),
        Format::Junit => junit::render(view),
    }
}

/// `1 file`, `2 files`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
