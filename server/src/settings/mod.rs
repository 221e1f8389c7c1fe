//! `quickback-realtime.json`: what is checked and generated, the same in an editor and in CI.

mod json_schema;
pub mod keys;
mod paths;
mod read;

use std::collections::BTreeMap;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Severity};
use crate::project::{Read, layout};
use crate::span::{FileId, Span};
use crate::workspace;

pub use json_schema::{json_schema, page};
pub use read::lower_first;

/// The file of the settings in every [`crate::project::Project`]: the first that it knows.
pub const FILE: FileId = FileId(0);

/// Where the JSON schema of the settings is published.
pub const SCHEMA_URL: &str = "https://docs.quickback.dev/realtime/quickback-realtime.schema.json";

/// The settings of a project.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// Roles that are known besides those of the hierarchy, each with where its text stands in
    /// [`FILE`], without quotes.
    pub roles: Vec<(String, Span)>,
    /// Severities by rule; `None` switches the rule off.
    pub rules: BTreeMap<String, Option<Severity>>,
    /// Globs of files that are left alone, relative to the root.
    pub exclude: Vec<String>,
    /// Where the generated files go.
    pub output: Output,
    /// Whether the language server generates on save; `None` where it is not said.
    pub generate_on_save: Option<bool>,
    /// Whether the file exists: then the project has adopted us.
    pub exists: bool,
    /// What is wrong in the file, the first of it: then nothing is generated, since where it should
    /// go is not certain.
    pub mistake: Option<Mistake>,
}

/// What is wrong in the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The code of its finding.
    pub code: &'static str,
    /// What that finding says.
    pub message: String,
}

impl Settings {
    /// How grave the findings of a code are in this project, `usual` where that is not said; `None`
    /// where nobody wants to know.
    pub fn severity(&self, code: &str, usual: Severity) -> Option<Severity> {
        self.rules.get(code).copied().unwrap_or(Some(usual))
    }
}

/// Where the generated files go, relative to the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The helper.
    pub helper: String,
    /// The browser client, if one is wanted.
    pub client: Option<String>,
    /// The folder of the worker, if one is wanted.
    pub worker: Option<String>,
}

impl Default for Output {
    fn default() -> Self {
        Self {
            helper: keys::HELPER.to_owned(),
            client: Some(keys::CLIENT.to_owned()),
            worker: Some(keys::WORKER.to_owned()),
        }
    }
}

impl Output {
    /// The places that are generated into, files and the worker's folder, relative to the root.
    pub fn places(&self) -> Vec<String> {
        [
            Some(&self.helper),
            self.client.as_ref(),
            self.worker.as_ref(),
        ]
        .into_iter()
        .flatten()
        .cloned()
        .collect()
    }
}

/// Reads the settings of the project at `root`, an absolute path, and says what is wrong in them;
/// what is wrong is as if it were not there. Without the file they are the defaults.
///
/// The ranges mean the text that `read` answers for `quickback-realtime.json`, and fixes are in
/// [`FILE`].
pub fn load(root: &Path, read: &Read) -> (Settings, Vec<Diagnostic>) {
    let path = root.join(layout::SETTINGS_NAME);
    let Some(text) = text(root, &|path| read(path)) else {
        let mut settings = Settings::default();
        let mut found = Vec::new();
        if workspace::exists(&path) {
            settings.exists = true;
            let (what, remedy) = if leads_out(root) {
                ("is a link out of the repository", "Make it a file")
            } else {
                ("cannot be read", "Make it a readable file of UTF-8 text")
            };
            found.push(Diagnostic::new(
                crate::codes::UNREADABLE_FILE,
                Severity::Error,
                Span::default(),
                format!(
                    "{} {what}, so its settings do not hold. {remedy}.",
                    layout::SETTINGS_NAME
                ),
            ));
        }
        settings.mistake = first(&found);
        return (settings, found);
    };
    let mut found = Vec::new();
    let (mut settings, spans) = read::read(&text, &mut found);
    paths::check(root, &mut settings.output, &spans, &mut found);
    settings.exists = true;
    found.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
    settings.mistake = first(&found);
    (settings, found)
}

/// The text of the settings of the project at `root`, as far as it may be shown: what a stranger's
/// link leads to is not theirs to show.
pub fn text(root: &Path, read: &dyn Fn(&Path) -> Option<String>) -> Option<String> {
    let path = root.join(layout::SETTINGS_NAME);
    (!leads_out(root)).then(|| read(&path)).flatten()
}

fn leads_out(root: &Path) -> bool {
    let path = root.join(layout::SETTINGS_NAME);
    path.is_symlink() && workspace::leads_out(root, &path)
}

fn first(found: &[Diagnostic]) -> Option<Mistake> {
    found.first().map(|finding| Mistake {
        code: finding.code,
        message: finding.message.clone(),
    })
}

#[cfg(test)]
mod tests;
