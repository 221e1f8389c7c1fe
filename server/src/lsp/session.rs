//! What the server holds, and how each message changes it.

mod disk;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::{FxHashMap, FxHashSet};
use tower_lsp::ls_types::Uri;

use super::entry::{Entry, Memory, Stage};
use super::snapshot::{Client, Open, Snapshot, root_of};
use super::{guarded, proto};
use crate::document::{Change, Dialect, Document};
use crate::facts::FileFacts;
use crate::project::layout;
use crate::project::{Project, Read};
use crate::settings::{self, Settings};
use crate::workspace::{self, Disk};

pub use disk::OnDisk;

/// The texts of the open files, which projects read before the disk.
type Overlay = Arc<RwLock<FxHashMap<PathBuf, Arc<str>>>>;

/// Everything that the server holds. Only what changes it needs the lock that it is behind: what
/// is asked is answered from its [`Snapshot`].
#[derive(Default)]
pub struct Session {
    now: Snapshot,
    /// What is remembered of each project, whether or not it has been read.
    memories: BTreeMap<PathBuf, Arc<Memory>>,
    overlay: Overlay,
    /// Whether all projects in the workspace folders have been begun.
    has_surveyed: bool,
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
        self.hand_to_project(&open);
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
        // The same file may be open by another name, whose text counts.
        if let Some(other) = self.now.open_file(path).cloned() {
            self.hand_to_project(&other);
            return;
        }
        self.write_overlay(|overlay| overlay.remove(path));
        for entry in self.readers(path, open.root.as_deref()) {
            if layout::is_source_path(path) {
                // Whoever has asked for it a moment ago may come with the unsaved text yet: what is
                // known first stays, and is compared with the disk.
                entry.project.facts(entry.project.file(path));
            }
            self.follow(&entry, path);
        }
        self.let_go_of_unwanted();
    }

    /// Puts other workspace folders in the place of those that were.
    pub fn change_folders(&mut self, change: impl FnOnce(&mut Vec<PathBuf>)) {
        self.now.revision += 1;
        change(Arc::make_mut(&mut self.now.folders));
        self.has_surveyed = false;
        self.let_go_of_unwanted();
    }

    /// Lets go of projects that lie in no workspace folder, nor around one, and hold no open document.
    fn let_go_of_unwanted(&mut self) {
        let open = self.now.open.values();
        let kept: BTreeSet<&PathBuf> = open.filter_map(|open| open.root.as_ref()).collect();
        let roots = self.now.projects.keys();
        let roots = roots.filter(|root| !kept.contains(root) && !is_in(&self.now.folders, root));
        for root in roots.cloned().collect::<Vec<_>>() {
            self.forget_project(&root);
        }
    }

    /// Lets go of every project, to be read anew.
    pub fn forget_projects(&mut self) {
        for entry in self.now.projects.values() {
            entry.let_go();
        }
        self.now.projects = Arc::default();
        self.look_for_roots();
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

    /// The folders in which projects are to be looked for that no document is open of; `None` if that
    /// has been done.
    pub fn unsurveyed(&self) -> Option<Arc<Vec<PathBuf>>> {
        (!self.has_surveyed).then(|| Arc::clone(&self.now.folders))
    }

    /// Begins those of the projects that were found in these folders and are not there yet. Answers
    /// those that are to be read.
    pub fn begin_found(&mut self, roots: Vec<PathBuf>, folders: &[PathBuf]) -> Vec<Arc<Entry>> {
        self.has_surveyed = folders == self.now.folders.as_slice();
        let missing = roots.into_iter().filter(|root| {
            let is_there = self.now.projects.contains_key(root);
            is_in(&self.now.folders, root) && !is_there && !self.now.given_up.contains(root)
        });
        let missing: Vec<PathBuf> = missing.collect();
        let begun = missing.into_iter().filter_map(|root| self.begin(root));
        begun.collect()
    }

    fn begin(&mut self, root: PathBuf) -> Option<Arc<Entry>> {
        self.now.revision += 1;
        let disk = Arc::<Disk>::default();
        let read = disk.reader(self.unsaved());
        let entry = guarded("reading the settings", || {
            let (settings, findings) = settings::load(&root, &read);
            let project = Project::new(root.clone(), settings, read);
            Entry::new(project, disk, findings, Stage::Begun)
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

    /// A project that no document is open of, to be read by whoever asks for it as it stands on the
    /// disk: it is let go of already.
    pub fn unread(&mut self, root: PathBuf) -> Arc<Entry> {
        let project = Project::new(root.clone(), Settings::default(), workspace::reader(None));
        let mut entry = Entry::new(project, Arc::default(), Vec::new(), Stage::Begun);
        entry.remember(self.memories.entry(root).or_default());
        entry.let_go();
        Arc::new(entry)
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
        let open = self.open_in(root);
        let paths = open.iter().filter_map(|open| open.path.as_ref());
        for path in paths.filter(|path| layout::is_source_path(path)) {
            let facts = entry.project.facts(entry.project.file(path));
            workspace::update(&entry.project, path, facts);
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
        if let Some(entry) = Arc::make_mut(&mut self.now.projects).remove(root) {
            entry.let_go();
        }
    }

    /// The files that are open.
    pub fn open_files(&self) -> FxHashSet<PathBuf> {
        let texts = self.overlay.read();
        let texts = texts.unwrap_or_else(PoisonError::into_inner);
        texts.keys().cloned().collect()
    }

    /// What tells whether a file is open.
    pub fn is_open(&self) -> impl Fn(&Path) -> bool + Send + Sync + use<> {
        let overlay = Arc::clone(&self.overlay);
        move |path: &Path| {
            let texts = overlay.read().unwrap_or_else(PoisonError::into_inner);
            texts.contains_key(path)
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

    /// Reads the settings of a project again. Answers whether they are others. Where they exclude
    /// other files than before, that has to be taken up.
    fn reread_settings(&self, entry: &Entry) -> bool {
        let read = entry.disk.reader(self.unsaved());
        let (settings, findings) = settings::load(entry.project.root(), &read);
        entry.set_settings_findings(findings);
        entry.project.forget_settings_text();
        let old = entry.project.settings();
        let differs = *old != settings;
        if old.exclude != settings.exclude {
            entry.doubts.raise();
        }
        if differs {
            entry.project.set_settings(settings);
        }
        differs
    }

    fn is_settings(&self, entry: &Entry, path: &Path) -> bool {
        path == entry.project.root().join(layout::SETTINGS_NAME)
    }

    /// Gives the text of an open document to its project, and to the others that have read it, as
    /// far as they are there.
    fn hand_to_project(&self, open: &Open) {
        let Some(path) = &open.path else { return };
        let text = Arc::clone(open.document.text());
        self.write_overlay(|overlay| overlay.insert(path.clone(), text));
        let root = open.root.as_deref();
        let readers = self.readers(path, root);
        if let Some(own) = readers.iter().find(|entry| self.is_settings(entry, path)) {
            self.reread_settings(own);
            return;
        }
        // What is no source is read beside, when it is asked for, and once it is saved.
        if readers.is_empty() || !layout::is_source_path(path) {
            return;
        }
        let facts = guarded("reading a document", || FileFacts::of(&open.document));
        let facts = facts.map(Arc::new);
        for entry in readers {
            let project = &entry.project;
            if Some(project.root()) == root {
                workspace::update(project, path, facts.clone());
            } else {
                project.set_facts(project.file(path), facts.clone());
            }
        }
    }

    /// The projects whose findings and outputs may come from a file: the one that it is in, given
    /// its `root`, and those that have read it, as what several packages share.
    fn readers(&self, path: &Path, root: Option<&Path>) -> Vec<Arc<Entry>> {
        let entries = self.now.projects.values();
        let readers =
            entries.filter(|entry| Some(entry.project.root()) == root || entry.disk.knows(path));
        readers.cloned().collect()
    }

    /// Reads a closed source or the settings of a project again. Answers whether what is generated
    /// may be another by that.
    fn reread(&self, entry: &Entry, path: &Path) -> bool {
        if self.is_settings(entry, path) {
            return self.reread_settings(entry);
        }
        entry.disk.reread(&entry.project, path)
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

/// Whether a project lies in one of the folders, or around one.
fn is_in(folders: &[PathBuf], root: &Path) -> bool {
    let mut folders = folders.iter();
    folders.any(|folder| root.starts_with(folder) || folder.starts_with(root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_no_source_is_not_read_as_one() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/newsroom");
        let root = root.canonicalize().unwrap();
        let text = "{ \"description\": \"realtime\" }";
        let mut session = Session::default();
        for (name, is_read) in [
            ("quickback/features/more.ts", true),
            ("package-lock.json", false),
        ] {
            let path = root.join(name);
            session.did_open(proto::uri_of(&path).unwrap(), 1, text);
            session.begin_projects();
            let entry = session.now().entries().remove(0);
            let known = entry.project.known_facts(entry.project.file(&path));
            assert_eq!(known.is_some(), is_read, "{name}");
        }
    }
}
