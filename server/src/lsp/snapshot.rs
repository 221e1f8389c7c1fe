//! The session as it was at a moment: what requests are answered from, without its lock.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tower_lsp::ls_types::{Location, Uri};

use super::entry::{Entry, Stage};
use super::proto;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Document;
use crate::position::{Encoding, Shown};
use crate::project::Project;
use crate::span::{FileId, Place};
use crate::workspace;

/// What the client can do and asked for.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The unit of columns.
    pub encoding: Encoding,
    /// Whether diagnostics are pulled; else they are pushed.
    pub pulls: bool,
    /// Whether file watchers can be registered.
    pub watches: bool,
    /// Whether it shows work-done progress that the server begins.
    pub shows_progress: bool,
    /// Whether snippets can be inserted.
    pub snippets: bool,
    /// Whether it shows Markdown in the documentation of completions.
    pub markdown_in_completion: bool,
    /// Whether it shows Markdown in hovers.
    pub markdown_in_hover: bool,
    /// Whether it asks for the name at a place before it renames that.
    pub prepares_rename: bool,
    /// Whether the editor trusts the workspace: else nothing is written into it.
    pub trusted: bool,
    /// Whether the user wants files generated on save, as far as the editor knows.
    pub generates_on_save: bool,
    /// The severities that the user wants shown in the editor; `None` hides a rule's findings.
    pub severities: BTreeMap<String, Option<Severity>>,
    /// Whether it wants `quickback/status`.
    pub wants_status: bool,
    /// Whether it wants `quickback/previewChanged`.
    pub wants_preview_changes: bool,
    /// Whether it asks for hints anew when it is told to.
    pub refreshes_hints: bool,
    /// Whether it asks for lenses anew when it is told to.
    pub refreshes_lenses: bool,
    /// Whether an outline may have children.
    pub nested_symbols: bool,
    /// Whether edits may carry document versions.
    pub document_changes: bool,
    /// The commands that the client carries out itself.
    pub commands: Vec<String>,
}

impl Client {
    /// Findings with the severities that the user wants shown.
    pub fn shown(&self, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        findings.retain_mut(|finding| match self.severities.get(finding.code) {
            None => true,
            Some(None) => false,
            Some(Some(severity)) => {
                finding.severity = *severity;
                true
            }
        });
        findings
    }
}

/// An open document.
#[derive(Clone)]
pub struct Open {
    /// The URI as the client writes it.
    pub uri: Uri,
    /// The client's version.
    pub version: i32,
    /// Text and tree.
    pub document: Document,
    /// The path of a file.
    pub path: Option<PathBuf>,
    /// The root of the project that it belongs to.
    pub root: Option<PathBuf>,
}

/// One file of a project, found by its URI.
#[derive(Clone)]
pub struct Located {
    /// The project.
    pub entry: Arc<Entry>,
    /// The file.
    pub file: FileId,
}

/// Everything that a request may look at. A clone costs a handful of reference counts.
///
/// The documents and the client are as they were; the projects follow the typing. Whoever computes
/// something from them without the session's lock has to ask afterwards whether they are still
/// those that it began with: see [`super::consistent`].
#[derive(Clone, Default)]
pub struct Snapshot {
    /// What the client can do.
    pub client: Arc<Client>,
    /// The workspace folders.
    pub folders: Arc<Vec<PathBuf>>,
    /// The open documents by their URIs.
    pub(super) open: Arc<BTreeMap<String, Arc<Open>>>,
    /// The projects by their roots, whether or not they have been read to the end.
    pub(super) projects: Arc<BTreeMap<PathBuf, Arc<Entry>>>,
    /// The roots of projects that cannot be read.
    pub(super) given_up: Arc<BTreeSet<PathBuf>>,
    /// Counts the changes of the session.
    pub(super) revision: u64,
}

impl Snapshot {
    /// Whether a file is open.
    pub fn is_open(&self, path: &Path) -> bool {
        self.open_file(path).is_some()
    }

    /// The open document of a URI.
    pub fn document(&self, uri: &Uri) -> Option<&Open> {
        self.open.get(uri.as_str()).map(|open| &**open)
    }

    /// How far the project of a document has been read; [`Stage::Whole`] where it has none.
    pub fn stage(&self, open: &Open) -> Stage {
        match &open.root {
            Some(root) if !self.given_up.contains(root) => self
                .projects
                .get(root)
                .map_or(Stage::Begun, |entry| entry.stage()),
            _ => Stage::Whole,
        }
    }

    /// The open document of a path.
    pub fn open_file(&self, path: &Path) -> Option<&Arc<Open>> {
        let mut open = self.open.values();
        open.find(|open| open.path.as_deref() == Some(path))
    }

    /// The URIs of all open documents.
    pub fn open_uris(&self) -> Vec<Uri> {
        self.open.values().map(|open| open.uri.clone()).collect()
    }

    /// All projects.
    pub fn entries(&self) -> Vec<Arc<Entry>> {
        self.projects.values().cloned().collect()
    }

    /// The projects that have been read to the end.
    pub fn projects(&self) -> impl Iterator<Item = &Arc<Entry>> {
        let projects = self.projects.values();
        projects.filter(|entry| entry.stage() == Stage::Whole)
    }

    /// Those of them that a document is open of.
    pub fn shown_projects(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.projects().filter(|entry| {
            let root = Some(entry.project.root());
            self.open.values().any(|open| open.root.as_deref() == root)
        })
    }

    /// The project and file of an open document, or of any file of a project.
    pub fn locate(&self, uri: &Uri) -> Option<Located> {
        let path = proto::path_of(uri)?;
        let root = match self.document(uri) {
            Some(open) => open.root.clone()?,
            None => root_of(&path)?,
        };
        let entry = Arc::clone(self.projects.get(&root)?);
        let file = entry.project.file(&path);
        Some(Located { entry, file })
    }

    /// The findings of a file, with the severities that the user wants shown.
    pub fn findings(&self, located: &Located) -> Vec<Diagnostic> {
        self.client.shown(located.entry.findings(located.file))
    }

    /// Where a place of a project is, for the client.
    pub fn location(&self, project: &Project, place: Place) -> Option<Location> {
        let path = project.path(place.file);
        let opened = self.open_file(&path);
        let encoding = self.client.encoding;
        match opened {
            Some(open) => Some(Location {
                uri: open.uri.clone(),
                range: proto::range(open.document.rope(), place.span, encoding),
            }),
            None => {
                let facts = project.facts(place.file)?;
                let shown = Shown::new(&facts.text);
                Some(Location {
                    uri: proto::uri_of(&path)?,
                    range: proto::closed_range(&shown, place.span, encoding),
                })
            }
        }
    }
}

/// The root of the project that a file belongs to: the nearest above it on the disk.
pub fn root_of(path: &Path) -> Option<PathBuf> {
    path.parent().and_then(workspace::root_of)
}
