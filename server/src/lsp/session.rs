//! What the server holds: open documents, projects, and what the client can do.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use ropey::Rope;
use rustc_hash::FxHashMap;
use tower_lsp::ls_types::{Location, Uri};

pub use super::entry::Entry;
use super::entry::Memory;
use super::proto;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{Change, Dialect, Document};
use crate::facts::FileFacts;
use crate::position::Encoding;
use crate::project::layout::{self, Role};
use crate::project::{Project, Read};
use crate::settings;
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
    /// Whether an outline may have children.
    pub nested_symbols: bool,
    /// Whether edits may carry document versions.
    pub document_changes: bool,
    /// The commands that the client carries out itself.
    pub commands: Vec<String>,
}

/// An open document.
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
    root: Option<PathBuf>,
}

/// The texts of the open files, which projects read before the disk.
type Overlay = Arc<RwLock<FxHashMap<PathBuf, Arc<str>>>>;

/// Everything that the server holds.
#[derive(Default)]
pub struct Session {
    /// What the client can do.
    pub client: Client,
    /// The workspace folders.
    pub folders: Vec<PathBuf>,
    open: BTreeMap<String, Open>,
    projects: BTreeMap<PathBuf, Arc<Entry>>,
    /// What is remembered of each project, whether or not it has been read.
    memories: BTreeMap<PathBuf, Arc<Memory>>,
    overlay: Overlay,
    given_up: BTreeSet<PathBuf>,
}

/// One file of a project, found by its URI.
#[derive(Clone)]
pub struct Located {
    /// The project.
    pub entry: Arc<Entry>,
    /// The file.
    pub file: FileId,
}

impl Session {
    /// Takes up a document.
    pub fn did_open(&mut self, uri: Uri, version: i32, text: &str) {
        let path = proto::path_of(&uri);
        let dialect = path
            .as_deref()
            .map_or(Dialect::TypeScript, Dialect::of_path);
        let root = path.as_deref().and_then(root_of);
        let open = Open {
            document: Document::new(text, dialect),
            uri: uri.clone(),
            version,
            path,
            root,
        };
        self.hand_to_project(&open);
        self.open.insert(uri.as_str().to_owned(), open);
    }

    /// Changes a document; false if it is not open.
    pub fn did_change(&mut self, uri: &Uri, version: i32, changes: &[Change]) -> bool {
        let encoding = self.client.encoding;
        let Some(mut open) = self.open.remove(uri.as_str()) else {
            return false;
        };
        open.document.edit(changes, encoding);
        open.version = version;
        if !self.hand_to_project(&open)
            && let Some(root) = &open.root
        {
            self.projects.remove(root);
        }
        self.open.insert(uri.as_str().to_owned(), open);
        true
    }

    /// Lets go of a document: the disk's text counts again.
    pub fn did_close(&mut self, uri: &Uri) {
        let Some(open) = self.open.remove(uri.as_str()) else {
            return;
        };
        let Some(path) = open.path else { return };
        self.write_overlay(|overlay| overlay.remove(&path));
        if !self.reread(&path)
            && let Some(root) = &open.root
        {
            self.projects.remove(root);
        }
    }

    /// Takes note of a file that was made, changed or removed outside of the editor. Answers the
    /// root of the project that has to be read anew, if one has.
    pub fn disk_changed(&mut self, path: &Path) -> Option<PathBuf> {
        let name = path
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or_default();
        if layout::CONFIG_NAMES.contains(&name)
            || name == layout::SETTINGS_NAME
            || name == "package.json"
            || name == ".gitignore"
            || (name.starts_with("tsconfig") && name.ends_with(".json"))
        {
            let root = workspace::root_of(path);
            // A root that is gone, or that a new one now stands above or below of.
            let stale: Vec<PathBuf> = self
                .projects
                .keys()
                .filter(|known| path.starts_with(known) || root.as_ref() == Some(known))
                .cloned()
                .collect();
            for known in stale {
                self.projects.remove(&known);
            }
            self.given_up.clear();
            for open in self.open.values_mut() {
                open.root = open.path.as_deref().and_then(root_of);
            }
            return root;
        }
        if !self.is_open(path) {
            self.reread(path);
        }
        None
    }

    /// Whether a file is open.
    pub fn is_open(&self, path: &Path) -> bool {
        self.open_file(path).is_some()
    }

    /// The open document of a URI.
    pub fn document(&self, uri: &Uri) -> Option<&Open> {
        self.open.get(uri.as_str())
    }

    /// Whether the project of a document is still to be read.
    pub fn is_waiting(&self, open: &Open) -> bool {
        open.root
            .as_ref()
            .is_some_and(|root| !self.projects.contains_key(root) && !self.given_up.contains(root))
    }

    /// The open document of a path.
    pub fn open_file(&self, path: &Path) -> Option<&Open> {
        self.open
            .values()
            .find(|open| open.path.as_deref() == Some(path))
    }

    /// The URIs of all open documents.
    pub fn open_uris(&self) -> Vec<Uri> {
        self.open.values().map(|open| open.uri.clone()).collect()
    }

    /// Lets go of every project, to be read anew.
    pub fn forget_projects(&mut self) {
        self.projects.clear();
        self.given_up.clear();
    }

    /// The loaded projects.
    pub fn projects(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.projects.values()
    }

    /// The project and file of an open document, or of any file of a loaded project.
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

    /// The roots of projects that open documents belong to and that are not read yet.
    pub fn missing_roots(&self) -> Vec<PathBuf> {
        let mut roots: Vec<PathBuf> = self
            .open
            .values()
            .filter_map(|open| open.root.clone())
            .filter(|root| !self.projects.contains_key(root) && !self.given_up.contains(root))
            .collect();
        roots.sort();
        roots.dedup();
        roots
    }

    /// What reads a project: the unsaved texts first. To be called without the session's lock.
    pub fn loader(&self) -> impl Fn(&Path) -> Entry + Send + Sync + use<> {
        let open = self.unsaved();
        move |root| {
            let (settings, findings) =
                settings::load(root, &workspace::reader(Some(Arc::clone(&open))));
            Entry::new(
                workspace::load(root, settings, Some(Arc::clone(&open))),
                findings,
            )
        }
    }

    /// What answers the unsaved text of an open file.
    fn unsaved(&self) -> Read {
        let overlay = Arc::clone(&self.overlay);
        Arc::new(move |path: &Path| {
            let texts = overlay.read().unwrap_or_else(PoisonError::into_inner);
            texts.get(path).map(|text| text.to_string())
        })
    }

    /// What answers a project as it stands on the disk: itself, unless a document of it has unsaved
    /// changes; then it is read again without them. To be called without the session's lock.
    pub fn as_on_disk(&self, entry: &Arc<Entry>) -> impl Fn() -> Arc<Entry> + Send + use<> {
        let root = entry.project.root().to_owned();
        let entry = Arc::clone(entry);
        let texts: Vec<(PathBuf, Arc<str>)> = self
            .open
            .values()
            .filter(|open| open.root.as_ref() == Some(&root))
            .filter_map(|open| Some((open.path.clone()?, Arc::clone(open.document.text()))))
            .collect();
        move || {
            let read = workspace::reader(None);
            if texts
                .iter()
                .all(|(path, text)| read(path).as_deref() == Some(&**text))
            {
                return Arc::clone(&entry);
            }
            let (settings, findings) = settings::load(&root, &read);
            Arc::new(Entry::new(workspace::load(&root, settings, None), findings))
        }
    }

    /// Takes up a project that has been read, with the documents that changed meanwhile.
    pub fn install(&mut self, mut entry: Entry) -> Arc<Entry> {
        let root = entry.project.root().to_owned();
        entry.remember(self.memories.entry(root.clone()).or_default());
        let entry = Arc::new(entry);
        self.projects.insert(root, Arc::clone(&entry));
        for open in self.open.values() {
            self.hand_to_project(open);
        }
        entry
    }

    /// Gives up a project that cannot be read: its documents have no findings, and nobody waits.
    pub fn give_up(&mut self, root: PathBuf) {
        self.given_up.insert(root);
    }

    /// Reads the settings of a project again. Answers false where they exclude other files than
    /// before, so that the project has to be read anew.
    fn reread_settings(&self, entry: &Entry) -> bool {
        let read = workspace::reader(Some(self.unsaved()));
        let (settings, findings) = settings::load(entry.project.root(), &read);
        entry.set_settings_findings(findings);
        let old = entry.project.settings();
        if old.exclude != settings.exclude {
            return false;
        }
        if *old != settings {
            entry.project.set_settings(settings);
        }
        true
    }

    /// Lets go of projects that lie in no folder and hold no open document.
    pub fn drop_unused_projects(&mut self) {
        let kept: Vec<PathBuf> = self.open.values().filter_map(|o| o.root.clone()).collect();
        let folders = &self.folders;
        self.projects
            .retain(|root, _| kept.contains(root) || folders.iter().any(|f| root.starts_with(f)));
    }

    /// The findings of a file, with the severities that the user wants shown.
    pub fn findings(&self, located: &Located) -> Vec<Diagnostic> {
        let mut findings = located.entry.findings(located.file);
        let shown = &self.client.severities;
        findings.retain_mut(|finding| match shown.get(finding.code) {
            None => true,
            Some(None) => false,
            Some(Some(severity)) => {
                finding.severity = *severity;
                true
            }
        });
        findings
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
                let rope = Rope::from_str(&facts.text);
                Some(Location {
                    uri: proto::uri_of(&path)?,
                    range: proto::range(&rope, place.span, encoding),
                })
            }
        }
    }

    /// Gives the text of an open document to its project, if that has been read. Answers false
    /// where the project has to be read anew.
    fn hand_to_project(&self, open: &Open) -> bool {
        let Some(path) = &open.path else { return true };
        let text = Arc::clone(open.document.text());
        self.write_overlay(|overlay| overlay.insert(path.clone(), text));
        let Some(entry) = open.root.as_ref().and_then(|root| self.projects.get(root)) else {
            return true;
        };
        if layout::role(path.strip_prefix(entry.project.root()).unwrap_or(path)) == Role::Settings {
            return self.reread_settings(entry);
        }
        let facts = FileFacts::of(&open.document);
        workspace::update(&entry.project, path, Some(Arc::new(facts)));
        true
    }

    /// Reads a file of a loaded project again. Answers false where the project has to be read anew.
    fn reread(&self, path: &Path) -> bool {
        let Some(root) = root_of(path) else {
            return true;
        };
        let Some(entry) = self.projects.get(&root) else {
            return true;
        };
        if layout::role(path.strip_prefix(&root).unwrap_or(path)) == Role::Settings {
            return self.reread_settings(entry);
        }
        workspace::update_from_disk(&entry.project, path);
        true
    }

    fn write_overlay<T>(&self, change: impl FnOnce(&mut FxHashMap<PathBuf, Arc<str>>) -> T) -> T {
        change(&mut self.overlay.write().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The root of the project that a file belongs to: the nearest above it on the disk.
fn root_of(path: &Path) -> Option<PathBuf> {
    path.parent().and_then(workspace::root_of)
}
