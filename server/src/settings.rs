//! `quickback-realtime.json`: what is checked and generated, the same in an editor and in CI.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;

/// The settings of a project.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// Roles that are known besides those of the hierarchy.
    pub roles: Vec<String>,
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
            helper: "src/lib/realtime.ts".to_owned(),
            client: Some("src/lib/realtime-client.ts".to_owned()),
            worker: Some("realtime-worker".to_owned()),
        }
    }
}
