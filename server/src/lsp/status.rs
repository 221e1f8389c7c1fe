//! What a client that shows a status is told about a project, and the report of `doctor`.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::notification::Notification;

use super::entry::Entry;
use super::snapshot::{Client, Snapshot};
use crate::diagnostic::Severity;

/// `quickback/status`, to clients that announce `experimental.quickbackStatus`.
pub struct StatusChanged;

impl Notification for StatusChanged {
    type Params = Status;
    const METHOD: &'static str = "quickback/status";
}

/// `quickback/previewChanged`, to clients that announce `experimental.quickbackPreview`.
pub struct PreviewChanged;

impl Notification for PreviewChanged {
    type Params = PreviewChangedParams;
    const METHOD: &'static str = "quickback/previewChanged";
}

/// The documents whose previews may be others now.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct PreviewChangedParams {
    /// The documents.
    pub uris: Vec<String>,
}

/// The state of a project.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The project's root.
    pub project: Option<String>,
    /// The server's version.
    pub version: String,
    /// How many tables it defines.
    pub tables: usize,
    /// How many namespaces.
    pub namespaces: usize,
    /// How many errors all its files have.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
    /// Whether it has adopted us, so that files are generated on save.
    pub adopted: bool,
    /// What became of the last generation.
    pub last_generation: Option<Generation>,
}

/// What became of a generation.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Generation {
    /// `written`, `unchanged`, `blocked` or `failed`.
    pub outcome: String,
    /// One sentence.
    pub message: String,
    /// The files that were written, the helper first.
    pub files: Vec<String>,
    /// Those of them that were not there before.
    pub created: Vec<String>,
    /// The files that the errors are in which stop it.
    #[serde(skip)]
    pub stopped_in: Vec<String>,
}

/// The state of a project as a client shows it, all its files checked. To be called without the
/// session's lock.
pub fn status(entry: &Entry, client: &Client, adopted: bool) -> Status {
    let project = &entry.project;
    let mut files = project.members();
    files.push(crate::settings::FILE);
    let findings: Vec<_> = files
        .into_iter()
        .flat_map(|file| client.shown(entry.findings(file)))
        .collect();
    let count = |severity| findings.iter().filter(|d| d.severity == severity).count();
    let index = project.index();
    Status {
        project: Some(project.root().display().to_string()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        tables: index.tables.len(),
        namespaces: index.namespaces.len(),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        adopted,
        last_generation: entry.last_generation(),
    }
}

/// What keeps a project from being generated on save, whatever is in it.
fn keeps_from_generating(entry: &Entry, client: &Client, adopted: bool) -> Option<&'static str> {
    if !client.trusted {
        Some("the workspace is not trusted")
    } else if !client.generates_on_save {
        Some("the settings of the editor say so")
    } else if entry.project.settings().generate_on_save == Some(false) {
        Some("the settings of the project say so")
    } else if !adopted {
        Some("the project has not adopted us")
    } else {
        None
    }
}

/// Whether client and settings want a project generated on save.
pub fn is_generated_on_save(entry: &Entry, client: &Client) -> bool {
    keeps_from_generating(entry, client, true).is_none()
}

/// What the server knows, as Markdown to be pasted into an issue.
pub fn report(session: &Snapshot, adopted: &dyn Fn(&Entry) -> bool) -> String {
    let mut text = String::from("# Quickback Realtime\n\n");
    let mut line = |key: &str, value: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "- {key}: {value}");
    };
    line("version", env!("CARGO_PKG_VERSION").to_owned());
    line(
        "server",
        std::env::current_exe().map_or("unknown".to_owned(), |path| path.display().to_string()),
    );
    line(
        "system",
        format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
    );
    line("columns", format!("{:?}", session.client.encoding));
    line(
        "diagnostics",
        if session.client.pulls {
            "pulled"
        } else {
            "pushed"
        }
        .to_owned(),
    );
    line("open documents", session.open_uris().len().to_string());
    for folder in session.folders.iter() {
        line("folder", folder.display().to_string());
    }
    for entry in session.projects() {
        let status = status(entry, &session.client, adopted(entry));
        let _ = writeln!(text, "\n## {}\n", status.project.unwrap_or_default());
        let mut line = |key: &str, value: String| {
            let _ = writeln!(text, "- {key}: {value}");
        };
        line(
            "configuration",
            entry
                .project
                .config()
                .map_or("none".to_owned(), |f| entry.project.relative(f)),
        );
        line("roles", entry.project.roles().all().join(", "));
        line("files", entry.project.members().len().to_string());
        line("tables", status.tables.to_string());
        line("namespaces", status.namespaces.to_string());
        line("errors", status.errors.to_string());
        line("warnings", status.warnings.to_string());
        line(
            "generates on save",
            match keeps_from_generating(entry, &session.client, status.adopted) {
                None => "yes".to_owned(),
                Some(reason) => format!("no, {reason}"),
            },
        );
        if let Some(generation) = status.last_generation {
            line(
                "last generation",
                format!("{}: {}", generation.outcome, generation.message),
            );
        }
    }
    text
}
