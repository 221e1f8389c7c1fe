//! The files of one project and what they mean together.
//!
//! A project reads files when something leads to them, through the function it was made with, so
//! that it sees the unsaved text of an open file. It never fails: a file that is not there, or
//! that cannot be read, only leaves values unknown. Everything that is derived is kept until a
//! file changes that it was derived from.

mod build;
pub mod columns;
mod derived;
mod evaluate;
pub mod firewall;
mod imports;
mod index;
pub mod layout;
mod maker;
pub mod model;
pub mod options;
pub mod read;
pub mod resolve;
pub mod resolved;
mod roles;
pub mod shape;
pub mod trace;
pub mod uses;
mod watched;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use rustc_hash::{FxHashMap, FxHashSet};

pub use evaluate::{Evaluator, Symbol, Target};
pub use index::{Index, Part as IndexPart};
pub use model::Columns;
pub use roles::{Hierarchy, Roles};
pub use watched::Watched;

use crate::facts::FileFacts;
use crate::settings::{self, Settings};
use crate::span::{FileId, Place};
pub use imports::Needed;
use layout::Role;
use model::FileModel;
use resolve::{Mistake, TsConfig};
use watched::Searched;

/// Reads a file's text, unsaved changes included; `None` if there is no such readable file.
pub type Read = Arc<dyn Fn(&Path) -> Option<String> + Send + Sync>;

/// One project.
pub struct Project {
    root: PathBuf,
    read: Read,
    settings: RwLock<Arc<Settings>>,
    /// Whoever needs both locks takes that of `derived` first, or two may wait for each other.
    files: RwLock<Files>,
    derived: RwLock<Derived>,
    searched: RwLock<Searched>,
}

#[derive(Clone, Default)]
struct Files {
    ids: FxHashMap<Arc<Path>, FileId>,
    /// The path of each id, and what it is to the project.
    paths: Vec<(Arc<Path>, Role)>,
    facts: FxHashMap<FileId, Option<Arc<FileFacts>>>,
    /// The files that are looked at for themselves, not only because another leads to them.
    members: FxHashSet<FileId>,
    /// How often each file that is not read was said to be another on the disk.
    doubts: FxHashMap<FileId, u32>,
}

impl Files {
    /// The id of a path; a new one if it is not known.
    fn id(&mut self, path: &Path, root: &Path) -> FileId {
        if let Some(id) = self.ids.get(path) {
            return *id;
        }
        let id = FileId(u32::try_from(self.paths.len()).unwrap_or(u32::MAX));
        let role = path.strip_prefix(root).map_or(Role::Other, layout::role);
        let path: Arc<Path> = path.into();
        self.paths.push((Arc::clone(&path), role));
        self.ids.insert(path, id);
        id
    }
}

/// What is computed from files and kept.
#[derive(Clone, Default)]
struct Derived {
    /// Counts what made something of it untrue: what was computed meanwhile is not kept.
    revision: u64,
    /// Counts how often all of it was forgotten: what is known of an index is not of the next one.
    forgotten: u64,
    tsconfigs: FxHashMap<PathBuf, Option<Arc<TsConfig>>>,
    /// What configurations extend and cannot be read, with the imports that may need it.
    lost: BTreeMap<Mistake, BTreeSet<Needed>>,
    models: FxHashMap<FileId, Arc<FileModel>>,
    /// The files whose models were read from a file too, or once were.
    dependents: FxHashMap<FileId, FxHashSet<FileId>>,
    roles: Option<Arc<Roles>>,
    index: Option<Arc<Index>>,
    indexed: derived::Indexed,
    /// The members whose part of the index is to be made anew.
    unindexed: FxHashSet<FileId>,
}

impl Project {
    /// A project at `root`, an absolute path, without members.
    pub fn new(root: PathBuf, settings: Settings, read: Read) -> Self {
        let settings_path = root.join(layout::SETTINGS_NAME);
        let project = Self {
            root,
            read,
            settings: RwLock::new(Arc::new(settings)),
            files: RwLock::default(),
            derived: RwLock::default(),
            searched: RwLock::default(),
        };
        // The settings are read before there is a project, so their file has a fixed id.
        let file = project.file(&settings_path);
        debug_assert_eq!(file, settings::FILE);
        project
    }

    /// A project with the same files, which can be changed without changing this one. Its ids of
    /// files are the same as far as they are given out.
    pub fn fork(&self) -> Self {
        let (derived, files) = {
            let derived = read(&self.derived);
            (derived.clone(), read(&self.files).clone())
        };
        Self {
            root: self.root.clone(),
            read: Arc::clone(&self.read),
            settings: RwLock::new(self.settings()),
            files: RwLock::new(files),
            derived: RwLock::new(derived),
            searched: RwLock::new(read(&self.searched).clone()),
        }
    }

    /// The project's root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What `quickback-realtime.json` says.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&read(&self.settings))
    }

    /// Puts other settings in the place of those that hold. Which files are members is left as it
    /// is: where `exclude` differs, the project is to be compared with the disk.
    pub fn set_settings(&self, settings: Settings) {
        *write(&self.settings) = Arc::new(settings);
        // What `createRealtime` is imported from may be the helper now, or not any more.
        self.forget_derived();
    }

    /// The file of an absolute path, known or not.
    pub fn file(&self, path: &Path) -> FileId {
        if let Some(id) = read(&self.files).ids.get(path) {
            return *id;
        }
        write(&self.files).id(path, &self.root)
    }

    /// The same of many at once. Files that were not known get ids in the order that they have here.
    pub fn files<P: AsRef<Path>>(&self, paths: &[P]) -> Vec<FileId> {
        let mut files = write(&self.files);
        files.ids.reserve(paths.len());
        files.paths.reserve(paths.len());
        let ids = paths.iter().map(|path| files.id(path.as_ref(), &self.root));
        ids.collect()
    }

    /// The absolute paths of all files that are known, in the order of their ids.
    pub fn paths(&self) -> Vec<Arc<Path>> {
        let files = read(&self.files);
        files
            .paths
            .iter()
            .map(|(path, _)| Arc::clone(path))
            .collect()
    }

    /// The absolute path of a file.
    pub fn path(&self, file: FileId) -> Arc<Path> {
        read(&self.files)
            .paths
            .get(file.0 as usize)
            .map_or_else(|| Path::new("").into(), |(path, _)| Arc::clone(path))
    }

    /// The path of a file relative to the root, with `/`.
    pub fn relative(&self, file: FileId) -> String {
        let path = self.path(file);
        let relative = path.strip_prefix(&self.root).unwrap_or(&path);
        relative.to_string_lossy().replace('\\', "/")
    }

    /// What a file is to the project.
    pub fn role(&self, file: FileId) -> Role {
        let files = read(&self.files);
        let known = files.paths.get(file.0 as usize);
        known.map_or(Role::Other, |(_, role)| *role)
    }

    /// Makes a file a member, which is checked and gives names to others.
    pub fn add_member(&self, path: &Path) -> FileId {
        let file = self.file(path);
        if write(&self.files).members.insert(file) {
            let mut derived = write(&self.derived);
            derived.revision += 1;
            derived.unindexed.insert(file);
        }
        file
    }

    /// Makes files members with what was read of them, unless something is known of one already, as
    /// of an open file.
    pub fn offer_members(&self, found: Vec<(FileId, Option<Arc<FileFacts>>)>) {
        let mut new: Vec<FileId> = Vec::with_capacity(found.len());
        {
            let mut files = write(&self.files);
            files.facts.reserve(found.len());
            files.members.reserve(found.len());
            for (file, facts) in found {
                files.facts.entry(file).or_insert(facts);
                if files.members.insert(file) {
                    new.push(file);
                }
            }
        }
        if !new.is_empty() {
            let mut derived = write(&self.derived);
            derived.revision += 1;
            derived.unindexed.extend(new);
        }
    }

    /// Whether a file is a member.
    pub fn has_member(&self, file: FileId) -> bool {
        read(&self.files).members.contains(&file)
    }

    /// Makes a file no member any more.
    pub fn remove_member(&self, file: FileId) {
        if write(&self.files).members.remove(&file) {
            let mut derived = write(&self.derived);
            derived.revision += 1;
            derived.unindexed.insert(file);
        }
    }

    /// The members in the order of their paths.
    pub fn members(&self) -> Vec<FileId> {
        let files = read(&self.files);
        let mut members: Vec<FileId> = files.members.iter().copied().collect();
        // Most have got their ids in the order of their paths, and what is in order is sorted fast.
        members.sort_unstable();
        let path = |id: &FileId| files.paths.get(id.0 as usize).map(|(path, _)| &**path);
        members.sort_by(|a, b| path(a).cmp(&path(b)));
        members
    }

    /// The facts of a file, `None` if it cannot be read.
    pub fn facts(&self, file: FileId) -> Option<Arc<FileFacts>> {
        trace::note(|trace| {
            trace.files.insert(file);
        });
        loop {
            let doubts = {
                let files = read(&self.files);
                if let Some(facts) = files.facts.get(&file) {
                    return facts.clone();
                }
                files.doubts.get(&file).copied()
            };
            let path = self.path(file);
            let facts = (self.read)(&path).map(|text| Arc::new(FileFacts::of_text(&text, &path)));
            let mut files = write(&self.files);
            // Whoever has said so meanwhile found nothing here to put right.
            if files.doubts.get(&file).copied() == doubts {
                return files.facts.entry(file).or_insert(facts).clone();
            }
        }
    }

    /// Takes note that the disk says something else of a file: whoever reads it at this moment reads
    /// it again.
    pub fn doubt_reading(&self, file: FileId) {
        let mut files = write(&self.files);
        if !files.facts.contains_key(&file) {
            let doubts = files.doubts.entry(file).or_default();
            *doubts = doubts.wrapping_add(1);
        }
    }

    /// Whether a file has been read, or looked for in vain.
    pub fn is_read(&self, file: FileId) -> bool {
        read(&self.files).facts.contains_key(&file)
    }

    /// The facts of a file that has been read and could be.
    pub fn known_facts(&self, file: FileId) -> Option<Arc<FileFacts>> {
        read(&self.files).facts.get(&file).cloned().flatten()
    }

    /// The text at a place; empty if its file cannot be read.
    pub fn text(&self, place: Place) -> String {
        self.facts(place.file)
            .map(|facts| place.span.text(&facts.text).to_owned())
            .unwrap_or_default()
    }

    /// The text of a file that need be no source; `None` if it cannot be read.
    pub fn read_text(&self, path: &Path) -> Option<String> {
        (self.read)(path)
    }

    /// Forgets the text of the settings, which have been read again. Nothing follows from it but
    /// where the names in it stand: it is read when that is asked for.
    pub fn forget_settings_text(&self) {
        write(&self.files).facts.remove(&settings::FILE);
        self.doubt_reading(settings::FILE);
    }

    /// Puts the facts of an open file, of a file read elsewhere, or `None` of one that is gone, in
    /// the place of what was known, and forgets what depends on them.
    pub fn set_facts(&self, file: FileId, facts: Option<Arc<FileFacts>>) {
        let exists = facts.is_some();
        let existed = write(&self.files).facts.insert(file, facts);
        // A file that nobody asked for leads nowhere yet.
        let appeared = existed.is_some_and(|old| old.is_some() != exists);
        let role = self.role(file);
        let mut guard = write(&self.derived);
        let derived = &mut *guard;
        derived.revision += 1;
        let stale: Vec<FileId> = if appeared {
            // What an import means may be another file now.
            derived.dependents.clear();
            derived.models.keys().copied().chain([file]).collect()
        } else {
            let dependents = derived.dependents.remove(&file).unwrap_or_default();
            dependents.into_iter().chain([file]).collect()
        };
        for id in stale {
            derived.models.remove(&id);
            derived.unindexed.insert(id);
        }
        let leads_to_roles = derived
            .roles
            .as_ref()
            .is_some_and(|roles| roles.visited.contains(&file));
        if role == Role::Config || appeared || leads_to_roles {
            derived.roles = None;
        }
    }

    /// Counts the changes of what is known of the files, of which are members, and of the settings.
    pub fn revision(&self) -> u64 {
        read(&self.derived).revision
    }

    /// Forgets everything that was derived, after files changed that no facts are kept of.
    pub fn forget_derived(&self) {
        let mut derived = write(&self.derived);
        *derived = Derived {
            revision: derived.revision + 1,
            forgotten: derived.forgotten + 1,
            ..Derived::default()
        };
    }

    /// Keeps what was computed from the files as they were at a revision, if they still are.
    fn keep(&self, revision: u64, keep: impl FnOnce(&mut Derived)) {
        let mut derived = write(&self.derived);
        if derived.revision == revision {
            keep(&mut derived);
        }
    }

    /// The project's roles.
    pub fn roles(&self) -> Arc<Roles> {
        let revision = {
            let derived = read(&self.derived);
            if let Some(roles) = &derived.roles {
                return Arc::clone(roles);
            }
            derived.revision
        };
        let config = self.config();
        let roles = Arc::new(roles::roles(self, config));
        self.keep(revision, |derived| {
            derived.roles = Some(Arc::clone(&roles));
        });
        roles
    }

    /// The configuration file, the one outside `quickback/` first.
    pub fn config(&self) -> Option<FileId> {
        let folders = [self.root.clone(), self.root.join("quickback")];
        folders
            .iter()
            .flat_map(|folder| layout::CONFIG_NAMES.map(|name| self.file(&folder.join(name))))
            .find(|file| self.facts(*file).is_some())
    }
}

/// A panic while a lock was held leaves what it guards as it was: each write is one step.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
