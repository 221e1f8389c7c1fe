//! What the server holds, and how each message changes it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;
use tower_lsp::ls_types::Uri;

use super::entry::{Entry, Memory, Stage};
use super::snapshot::{Client, Open, Snapshot, root_of};
use super::{guarded, proto};
use crate::document::{Change, Dialect, Document};
use crate::facts::FileFacts;
use crate::project::layout::{self, Role};
use crate::project::{Project, Read};
use crate::settings;
use crate::workspace;

/// The texts of the open files, which projects read before the disk.
type Overlay = Arc<RwLock<FxHashMap<PathBuf, Arc<str>>>>;

/// A project as it stands on the disk.
pub struct OnDisk {
    /// The project.
    pub entry: Arc<Entry>,
    /// Which of its states that is: the project may follow the typing.
    revision: u64,
}

impl OnDisk {
    /// Whether the project is still what it was.
    pub fn holds(&self) -> bool {
        self.entry.project.revision() == self.revision
    }
}

/// Everything that the server holds. Only what changes it needs the lock that it is behind: what
/// is asked is answered from its [`Snapshot`].
#[derive(Default)]
pub struct Session {
    now: Snapshot,
    /// What is remembered of each project, whether or not it has been read.
    memories: BTreeMap<PathBuf, Arc<Memory>>,
    overlay: Overlay,
}

impl Session {
    /// The session as it is now.
    pub fn now(&self) -> &Snapshot {
        &self.now
    }

    /// Takes note of what the client can do, or wants now.
    pub fn change_client(&mut self, change: impl FnOnce(&mut Client)) {
        self.now.revision += 1;
        change(Arc::make_mut(&mut self.now.client));
    }

    /// Takes up a document.
    pub fn did_open(&mut self, uri: Uri, version: i32, text: &str) {
        self.now.revision += 1;
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
        self.documents()
            .insert(uri.as_str().to_owned(), Arc::new(open));
    }

    /// Changes a document; false if it is not open.
    pub fn did_change(&mut self, uri: &Uri, version: i32, changes: &[Change]) -> bool {
        self.now.revision += 1;
        let encoding = self.now.client.encoding;
        let Some(open) = self.documents().remove(uri.as_str()) else {
            return false;
        };
        let mut open = Arc::unwrap_or_clone(open);
        open.document.edit(changes, encoding);
        open.version = version;
        if !self.hand_to_project(&open)
            && let Some(root) = &open.root
        {
            self.forget_project(root);
        }
        self.documents()
            .insert(uri.as_str().to_owned(), Arc::new(open));
        true
    }

    /// Lets go of a document: the disk's text counts again.
    pub fn did_close(&mut self, uri: &Uri) {
        self.now.revision += 1;
        let Some(open) = self.documents().remove(uri.as_str()) else {
            return;
        };
        let Some(path) = &open.path else { return };
        self.write_overlay(|overlay| overlay.remove(path));
        if !self.reread(path)
            && let Some(root) = &open.root
        {
            self.forget_project(root);
        }
    }

    /// Takes note of a file that was made, changed or removed outside of the editor. Answers the
    /// root of the project that has to be read anew, if one has.
    pub fn disk_changed(&mut self, path: &Path) -> Option<PathBuf> {
        self.now.revision += 1;
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
                .now
                .projects
                .keys()
                .filter(|known| path.starts_with(known) || root.as_ref() == Some(known))
                .cloned()
                .collect();
            for known in stale {
                self.forget_project(&known);
            }
            Arc::make_mut(&mut self.now.given_up).clear();
            for open in self.documents().values_mut() {
                let root = open.path.as_deref().and_then(root_of);
                if root != open.root {
                    Arc::make_mut(open).root = root;
                }
            }
            return root;
        }
        if !self.now.is_open(path) {
            self.reread(path);
        }
        None
    }

    /// Puts other workspace folders in the place of those that were, and lets go of projects that
    /// lie in none of them and hold no open document.
    pub fn change_folders(&mut self, change: impl FnOnce(&mut Vec<PathBuf>)) {
        self.now.revision += 1;
        change(Arc::make_mut(&mut self.now.folders));
        let open = self.now.open.values();
        let kept: Vec<PathBuf> = open.filter_map(|open| open.root.clone()).collect();
        let folders = &self.now.folders;
        Arc::make_mut(&mut self.now.projects)
            .retain(|root, _| kept.contains(root) || folders.iter().any(|f| root.starts_with(f)));
    }

    /// Lets go of every project, to be read anew.
    pub fn forget_projects(&mut self) {
        self.now.revision += 1;
        self.now.projects = Arc::default();
        self.now.given_up = Arc::default();
    }

    /// Begins the projects that open documents belong to and that are not there yet: with their
    /// settings and the open documents, and nothing else read. Answers those that are to be read.
    pub fn begin_projects(&mut self) -> Vec<Arc<Entry>> {
        let now = &self.now;
        let mut roots: Vec<PathBuf> = now
            .open
            .values()
            .filter_map(|open| open.root.as_ref())
            .filter(|root| !now.projects.contains_key(*root) && !now.given_up.contains(*root))
            .cloned()
            .collect();
        roots.sort();
        roots.dedup();
        let begun = roots.into_iter().filter_map(|root| self.begin(root));
        begun.collect()
    }

    fn begin(&mut self, root: PathBuf) -> Option<Arc<Entry>> {
        self.now.revision += 1;
        let read = workspace::reader(Some(self.unsaved()));
        let entry = guarded("reading the settings", || {
            let (settings, findings) = settings::load(&root, &read);
            let project = Project::new(root.clone(), settings, read);
            Entry::new(project, findings, Stage::Begun)
        });
        let Some(mut entry) = entry else {
            self.give_up(root);
            return None;
        };
        entry.remember(self.memories.entry(root.clone()).or_default());
        let entry = Arc::new(entry);
        Arc::make_mut(&mut self.now.projects).insert(root.clone(), Arc::clone(&entry));
        let open: Vec<Arc<Open>> = self.open_in(&root);
        for open in open {
            self.hand_to_project(&open);
        }
        Some(entry)
    }

    /// Takes note that a project has been read to the end; false if it has been let go of
    /// meanwhile.
    pub fn finish(&mut self, entry: &Arc<Entry>) -> bool {
        let root = entry.project.root();
        let current = self.now.projects.get(root);
        if !current.is_some_and(|current| Arc::ptr_eq(current, entry)) {
            return false;
        }
        self.now.revision += 1;
        // While the disk was read, an open text may have come to matter or ceased to.
        for path in self
            .open_in(root)
            .iter()
            .filter_map(|open| open.path.as_ref())
        {
            let file = entry.project.file(path);
            if file != settings::FILE {
                workspace::update(&entry.project, path, entry.project.facts(file));
            }
        }
        entry.set_stage(Stage::Whole);
        true
    }

    /// Gives up a project that cannot be read: its documents have no findings, and nobody waits.
    pub fn give_up(&mut self, root: PathBuf) {
        self.forget_project(&root);
        Arc::make_mut(&mut self.now.given_up).insert(root);
    }

    fn forget_project(&mut self, root: &Path) {
        self.now.revision += 1;
        Arc::make_mut(&mut self.now.projects).remove(root);
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
    pub fn as_on_disk(&self, entry: &Arc<Entry>) -> impl Fn() -> OnDisk + Send + use<> {
        let root = entry.project.root().to_owned();
        let entry = Arc::clone(entry);
        let revision = entry.project.revision();
        let texts: Vec<(PathBuf, Arc<str>)> = self
            .open_in(&root)
            .iter()
            .filter_map(|open| Some((open.path.clone()?, Arc::clone(open.document.text()))))
            .collect();
        move || {
            let read = workspace::reader(None);
            if texts
                .iter()
                .all(|(path, text)| read(path).as_deref() == Some(&**text))
            {
                let entry = Arc::clone(&entry);
                return OnDisk { entry, revision };
            }
            let (settings, findings) = settings::load(&root, &read);
            let project = workspace::load(&root, settings, None).project;
            OnDisk {
                revision: project.revision(),
                entry: Arc::new(Entry::new(project, findings, Stage::Whole)),
            }
        }
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

    /// Gives the text of an open document to its project, if that is there. Answers false where the
    /// project has to be read anew.
    fn hand_to_project(&self, open: &Open) -> bool {
        let Some(path) = &open.path else { return true };
        let text = Arc::clone(open.document.text());
        self.write_overlay(|overlay| overlay.insert(path.clone(), text));
        let root = open.root.as_ref();
        let Some(entry) = root.and_then(|root| self.now.projects.get(root)) else {
            return true;
        };
        if layout::role(path.strip_prefix(entry.project.root()).unwrap_or(path)) == Role::Settings {
            return self.reread_settings(entry);
        }
        let facts = guarded("reading a document", || FileFacts::of(&open.document));
        workspace::update(&entry.project, path, facts.map(Arc::new));
        true
    }

    /// Reads a file of a project again. Answers false where the project has to be read anew.
    fn reread(&self, path: &Path) -> bool {
        let Some(root) = root_of(path) else {
            return true;
        };
        let Some(entry) = self.now.projects.get(&root) else {
            return true;
        };
        if layout::role(path.strip_prefix(&root).unwrap_or(path)) == Role::Settings {
            return self.reread_settings(entry);
        }
        workspace::update_from_disk(&entry.project, path);
        true
    }

    fn open_in(&self, root: &Path) -> Vec<Arc<Open>> {
        let open = self.now.open.values();
        open.filter(|open| open.root.as_deref() == Some(root))
            .cloned()
            .collect()
    }

    fn documents(&mut self) -> &mut BTreeMap<String, Arc<Open>> {
        Arc::make_mut(&mut self.now.open)
    }

    fn write_overlay<T>(&self, change: impl FnOnce(&mut FxHashMap<PathBuf, Arc<str>>) -> T) -> T {
        change(&mut self.overlay.write().unwrap_or_else(PoisonError::into_inner))
    }
}
