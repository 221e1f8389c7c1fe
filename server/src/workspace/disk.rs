//! What the disk said of each file when it was read, and what is another by now.
//!
//! A server holds a project for hours, and an editor need not say that a file has changed: some
//! never do, and others say so late. To read everything again would take too long; to ask the disk
//! whether each file is still what it was does not.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use std::{fs, io};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Listing, belongs, members};
use crate::facts::{self, FileFacts};
use crate::project::layout::{self, Role};
use crate::project::{Project, Read, Watched};
use crate::span::FileId;

/// A file that was written so shortly before it was read may be written once more without another
/// time: that of FAT counts in steps of two seconds.
const SETTLED: Duration = Duration::from_secs(2);

/// What the disk says of a file without its being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// `None` if there is no such file.
    state: Option<State>,
    /// Whether every later change shows in the state.
    is_settled: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    modified: Option<SystemTime>,
    size: u64,
    /// The file and the time of its last change of any kind, where the system tells: a file that
    /// is moved to the place of another may be as old and as long as that.
    own: (u64, i64, i64),
}

impl Stamp {
    /// Of a file whose text is asked for, or is an editor's: whatever the disk says is another.
    const UNREAD: Self = Self {
        state: None,
        is_settled: false,
    };

    /// What the disk says now. To be asked before the file is read.
    pub fn of(path: &Path) -> Self {
        let Ok(metadata) = fs::metadata(path) else {
            return Self {
                state: None,
                is_settled: true,
            };
        };
        let modified = metadata.modified().ok();
        let age = modified.and_then(|time| SystemTime::now().duration_since(time).ok());
        Self {
            state: Some(State {
                modified,
                size: metadata.len(),
                own: own(&metadata),
            }),
            is_settled: age.is_some_and(|age| age > SETTLED),
        }
    }

    /// Whether a file that had this stamp when it was read is still the same, by the stamp of now.
    fn holds(self, now: Self) -> bool {
        self.is_settled && self.state == now.state
    }

    /// Whether what was read with the stamp `read` is older than what this one stands for.
    fn overtakes(self, read: Self) -> bool {
        self != Self::UNREAD && self.state != read.state
    }
}

#[cfg(unix)]
fn own(metadata: &fs::Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn own(_: &fs::Metadata) -> (u64, i64, i64) {
    (0, 0, 0)
}

/// The stamps of the files of one project that were read, or looked for in vain.
#[derive(Debug, Default)]
pub struct Disk {
    stamps: Mutex<FxHashMap<PathBuf, Stamp>>,
    /// Counts the texts that were read from an editor.
    borrowed: AtomicU64,
}

impl Disk {
    /// Reads the text of a file: the one that `open` answers, else the disk's. Note is taken of
    /// either.
    pub fn reader(self: &Arc<Self>, open: Read) -> Read {
        let (disk, closed) = (Arc::clone(self), super::reader(None));
        Arc::new(move |path| {
            // Before it is read: whoever changes the text meanwhile has to know who goes by it.
            disk.await_text(path);
            if let Some(text) = open(path) {
                disk.note(path, Stamp::UNREAD);
                disk.borrowed.fetch_add(1, Ordering::SeqCst);
                return Some(text);
            }
            let stamp = Stamp::of(path);
            let text = closed(path);
            disk.note(path, stamp);
            text
        })
    }

    /// How often the text of an open file has been read: it need not be the disk's.
    pub fn borrowed(&self) -> u64 {
        self.borrowed.load(Ordering::SeqCst)
    }

    /// Whether a file has been read, or looked for in vain.
    pub fn knows(&self, path: &Path) -> bool {
        self.stamps().contains_key(path)
    }

    /// Whether a file is another than when it was read, or has not been read.
    pub fn has_changed(&self, path: &Path) -> bool {
        let now = Stamp::of(path);
        !self.seen(path).is_some_and(|seen| seen.holds(now))
    }

    /// The known files in a folder, at any depth.
    pub fn below(&self, folder: &Path) -> Vec<PathBuf> {
        let prefix = folder.as_os_str().as_encoded_bytes();
        let stamps = self.stamps();
        let below = stamps.keys().filter(|path| {
            // Nearly all are dismissed by this, which is much faster.
            path.as_os_str().as_encoded_bytes().starts_with(prefix) && path.starts_with(folder)
        });
        below.filter(|path| *path != folder).cloned().collect()
    }

    /// Reads a file of a project again that was made, changed or removed, or that is not open any
    /// more. Answers whether what is generated may be another by that.
    pub fn reread(&self, project: &Project, path: &Path) -> bool {
        let file = project.file(path);
        if self.knows(path) {
            project.doubt_reading(file);
        }
        let is_read = project.is_read(file);
        // Nothing leads to it, so it is not even read: there may be thousands, as in `node_modules`.
        if project.role(file) == Role::Other && !is_read {
            return false;
        }
        let (stamp, bytes) = (Stamp::of(path), super::read(path));
        let can_matter = match &bytes {
            Ok(bytes) => project.role(file) != Role::Source || facts::may_matter(bytes),
            Err(error) => stamp.state.is_some() && stays(project.role(file), error),
        };
        let is_member = can_matter && belongs(project, path);
        // Also of what is nothing to the project: a comparison that goes on may have seen it otherwise.
        self.note(path, stamp);
        if !is_member && !is_read {
            // It may change what a definition is read from.
            let is_watched = bytes.as_deref().is_ok_and(|b| project.watched().are_in(b));
            if !is_watched || !belongs(project, path) {
                return false;
            }
            project.add_listed(file);
        }
        let old = project.known_facts(file);
        let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let is_same = is_read && old.as_ref().map(|facts| &*facts.text) == text.as_deref();
        if is_same && is_member == project.has_member(file) {
            return false;
        }
        let facts = text.map(|text| facts_of(&text, path));
        let is_generated = !project.role(file).is_definition()
            && old.iter().chain(&facts).any(|facts| facts.generated);
        if !is_same {
            project.set_facts(file, facts);
        }
        set_member(project, file, path, is_member);
        !is_generated
    }

    fn await_text(&self, path: &Path) {
        let mut stamps = self.stamps();
        if !stamps.contains_key(path) {
            stamps.insert(path.to_owned(), Stamp::UNREAD);
        }
    }

    fn note(&self, path: &Path, stamp: Stamp) {
        self.stamps().insert(path.to_owned(), stamp);
    }

    fn seen(&self, path: &Path) -> Option<Stamp> {
        self.stamps().get(path).copied()
    }

    fn stamps(&self) -> MutexGuard<'_, FxHashMap<PathBuf, Stamp>> {
        self.stamps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file of which the project knows something else than the disk says.
struct Change {
    path: PathBuf,
    file: FileId,
    /// The stamp that was known, and the one of now.
    stamps: (Option<Stamp>, Stamp),
    /// What the file holds now, if that is something else; `None` if it cannot be read.
    facts: Option<Option<Arc<FileFacts>>>,
    /// Whether it is a member now.
    is_member: bool,
}

/// What the project knows otherwise than the disk says.
#[derive(Default)]
pub struct Changes {
    files: Vec<Change>,
    /// The files that are where a member can be.
    listed: Vec<FileId>,
    /// Open files that are members now and were not, or the other way round.
    open: Vec<(FileId, PathBuf, bool)>,
    /// Files that are no sources, such as `tsconfig.json`.
    beside: Vec<(PathBuf, Stamp)>,
}

/// How a project is compared with the disk.
pub struct Comparison<'c> {
    /// The project.
    pub project: &'c Project,
    /// What was seen when it was read; nothing, to read it for the first time.
    pub disk: &'c Disk,
    /// The files that were open in an editor when it began, so that their texts are not the disk's;
    /// nor need they be there. Who closes one meanwhile reads it himself.
    pub open: &'c FxHashSet<PathBuf>,
    /// Whether the answer is still wanted: asked before each file is read.
    pub is_wanted: &'c (dyn Fn() -> bool + Sync),
}

impl Comparison<'_> {
    /// Lists the files of the project and reads those that are not what they were, in parallel.
    /// `is_large` is called as soon as `large` sources have been found. `None` if nobody wants the
    /// answer any more. Nothing of the project is changed.
    pub fn changes(&self, large: usize, is_large: &dyn Fn()) -> Option<Changes> {
        let root = self.project.root();
        let listing = Listing::counted(root, large, is_large);
        let listed = members(root, &listing, &self.project.settings());
        let files = self.project.files(&listed);
        let watched = self.project.watched();
        let mut changes = Changes {
            files: files
                .par_iter()
                .zip(&listed)
                .filter_map(|(file, path)| self.listed(*file, path, &watched))
                .collect(),
            listed: files,
            ..Changes::default()
        };
        let closed = listed.into_iter().filter(|path| !self.open.contains(*path));
        self.rest(&closed.map(PathBuf::as_path).collect(), &mut changes);
        (self.is_wanted)().then_some(changes)
    }

    /// What became of a file that is where a member can be.
    fn listed(&self, file: FileId, path: &Path, watched: &Watched) -> Option<Change> {
        if !(self.is_wanted)() || self.open.contains(path) {
            return None;
        }
        let was_member = self.project.has_member(file);
        let (seen, now) = (self.disk.seen(path), Stamp::of(path));
        let change = |facts, is_member| Change {
            path: path.to_owned(),
            file,
            stamps: (seen, now),
            facts,
            is_member,
        };
        if seen.is_some_and(|seen| seen.holds(now)) {
            // It may be one only now: it was excluded, and another file led to it.
            let known = self.project.known_facts(file);
            let is_member =
                was_member || known.is_some_and(|facts| matters(self.project, file, &facts));
            return (is_member != was_member).then(|| change(None, is_member));
        }
        let bytes = match super::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let stays = now.state.is_some() && stays(self.project.role(file), &error);
                let facts = (!was_member || self.known(file).is_some()).then_some(None);
                return Some(change(facts, stays));
            }
        };
        let is_member = self.project.role(file) != Role::Source || facts::may_matter(&bytes);
        if !is_member && !self.project.is_read(file) && !watched.are_in(&bytes) {
            return Some(change(None, false));
        }
        let text = String::from_utf8(bytes).ok();
        let is_same = self.project.is_read(file) && self.known(file).as_deref() == text.as_deref();
        let facts = (!is_same).then(|| text.map(|text| facts_of(&text, path)));
        Some(change(facts, is_member))
    }

    /// What became of the open files, and of those that are not where a member can be: all but
    /// the `closed` ones that are.
    fn rest(&self, closed: &FxHashSet<&Path>, changes: &mut Changes) {
        let project = self.project;
        let members = project.members().into_iter().map(|file| project.path(file));
        let members: Vec<Arc<Path>> = members.collect();
        let stamps = self.disk.stamps();
        let known = stamps.keys().map(PathBuf::as_path);
        let known = known.chain(members.iter().map(|path| &**path));
        let open = self.open.iter().map(PathBuf::as_path);
        let open = open.filter(|path| path.starts_with(project.root()));
        let rest = known.chain(open).filter(|path| !closed.contains(path));
        let mut paths: Vec<PathBuf> = rest.map(Path::to_owned).collect();
        drop(stamps);
        paths.sort_unstable();
        paths.dedup();
        for path in paths {
            let file = project.file(&path);
            if file == crate::settings::FILE {
                continue;
            }
            let was_member = project.has_member(file);
            if self.open.contains(&path) {
                let facts = project.known_facts(file);
                let is_member = facts.is_some_and(|facts| matters(project, file, &facts))
                    && belongs(project, &path);
                if is_member != was_member {
                    changes.open.push((file, path, is_member));
                }
                continue;
            }
            let (seen, now) = (self.disk.seen(&path), Stamp::of(&path));
            let holds = seen.is_some_and(|seen| seen.holds(now));
            if holds && !was_member {
                continue;
            }
            // It may have been open, but nothing is derived from its being known.
            if !layout::is_source_path(&path) {
                changes.beside.push((path, now));
                continue;
            }
            let text = || {
                let bytes = super::bytes(&path)?;
                String::from_utf8(bytes).ok()
            };
            let facts = (!holds && project.is_read(file)).then(text);
            let facts = facts.filter(|text| self.known(file).as_deref() != text.as_deref());
            changes.files.push(Change {
                facts: facts.map(|text| text.map(|text| facts_of(&text, &path))),
                path,
                file,
                stamps: (seen, now),
                is_member: false,
            });
        }
    }

    fn known(&self, file: FileId) -> Option<Arc<str>> {
        let known = self.project.known_facts(file);
        known.map(|facts| Arc::clone(&facts.text))
    }
}

/// Whether a file that is there and cannot be read stays a member, of which nothing is known.
fn stays(role: Role, error: &io::Error) -> bool {
    role != Role::Source || !super::is_too_long(error)
}

fn matters(project: &Project, file: FileId, facts: &FileFacts) -> bool {
    project.role(file) != Role::Source || facts::may_matter(facts.text.as_bytes())
}

fn facts_of(text: &str, path: &Path) -> Arc<FileFacts> {
    Arc::new(FileFacts::of_text(text, path))
}

impl Changes {
    /// Takes them up, but for files that have been read or opened since they were compared. Answers
    /// whether anything of the project is another by that.
    pub fn apply(self, project: &Project, disk: &Disk, is_open: &dyn Fn(&Path) -> bool) -> bool {
        let mut differs = false;
        let mut new = Vec::new();
        project.set_listed(self.listed);
        for change in self.files {
            let Change { path, file, .. } = change;
            let (before, stamp) = change.stamps;
            let seen = disk.seen(&path);
            let is_overtaken = seen != before && seen.is_some_and(|seen| seen.overtakes(stamp));
            if is_open(&path) || is_overtaken {
                continue;
            }
            disk.note(&path, stamp);
            match change.facts {
                Some(facts) if change.is_member && !project.is_read(file) => {
                    new.push((file, facts));
                }
                facts => {
                    differs |= facts.is_some() || change.is_member != project.has_member(file);
                    if let Some(facts) = facts {
                        project.set_facts(file, facts);
                    }
                    set_member(project, file, &path, change.is_member);
                }
            }
        }
        for (file, path, is_member) in self.open.into_iter().filter(|(_, path, _)| is_open(path)) {
            // It may have been edited since.
            let facts = project.known_facts(file);
            let can_matter = facts.is_some_and(|facts| matters(project, file, &facts));
            set_member(project, file, &path, is_member && can_matter);
            differs = true;
        }
        differs |= !new.is_empty();
        project.offer_members(new);
        if !self.beside.is_empty() {
            for (path, stamp) in self.beside {
                disk.note(&path, stamp);
            }
            project.forget_derived();
            differs = true;
        }
        differs
    }
}

fn set_member(project: &Project, file: FileId, path: &Path, is_member: bool) {
    if is_member {
        project.add_member(path);
    } else {
        project.remove_member(file);
    }
}
