//! Projects on the disk: where they are, which files belong to them, and how those are read.

mod bytes;
mod cache;
pub mod declined;
mod disk;
mod survey;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rayon::prelude::*;

use crate::facts::{self, FileFacts};
use crate::project::layout::{self, Role};
use crate::project::{Project, Read};
use crate::settings::Settings;
use crate::span::FileId;

pub use bytes::{leads_out, read};
pub use cache::{Cache, Hash, hash};
pub use disk::{Changes, Comparison, Disk};
pub use survey::{Listing, Survey};

/// A project that has been read, and what went wrong on the way.
pub struct Loaded {
    /// The project with all its members.
    pub project: Project,
    /// The files that could not be read.
    pub problems: Vec<Problem>,
    /// How many files were looked at.
    pub files: usize,
}

/// A file that could not be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Problem {
    /// The system refused.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Arc<io::Error>,
    },
    /// It is a link to a folder, where definitions are.
    #[error("{} is a link to a folder", .0.display())]
    LinkedFolder(PathBuf),
    /// It is not text.
    #[error("{} is not valid UTF-8 at byte {offset}", path.display())]
    InvalidUtf8 {
        /// The file.
        path: PathBuf,
        /// The first byte that is wrong.
        offset: usize,
        /// What can be read of it, the rest replaced by U+FFFD.
        text: String,
    },
}

impl Problem {
    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Unreadable { path, .. }
            | Self::LinkedFolder(path)
            | Self::InvalidUtf8 { path, .. } => path,
        }
    }

    /// Whether it is the project's at `root`: a link to a folder is only where definitions are, and
    /// where it leads neither in a circle nor back to some that are read.
    fn matters(&self, root: &Path) -> bool {
        let Self::LinkedFolder(path) = self else {
            return true;
        };
        let is_read_there = || {
            let (real, root) = (path.canonicalize().ok()?, root.canonicalize().ok()?);
            if path.parent()?.canonicalize().ok()?.starts_with(&real) {
                return Some(true);
            }
            let there = real.strip_prefix(&root).ok()?.to_owned();
            Some(layout::may_hold_definitions(&root, &there, &|_| false))
        };
        path.strip_prefix(root).is_ok_and(|relative| {
            layout::may_hold_definitions(root, relative, &Path::is_dir)
                && is_read_there() != Some(true)
        })
    }
}

/// The root of the project that a file or folder belongs to: the nearest one above it, itself
/// included if it is a folder.
pub fn root_of(path: &Path) -> Option<PathBuf> {
    path.ancestors()
        .find(|folder| is_root(folder))
        .map(Path::to_owned)
}

/// Whether a folder is the root of a project now.
pub fn is_root(folder: &Path) -> bool {
    layout::is_root(folder, &Path::is_file)
}

/// The roots of all projects at or under a folder, sorted. Ignored folders are not entered.
pub fn discover(folder: &Path) -> Vec<PathBuf> {
    Survey::of(folder).roots().map(Path::to_owned).collect()
}

/// Whether there is anything at a path.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Where a path relative to the root is after all symbolic links, whether it exists or not; `None`
/// if that is not in the project.
pub fn destination(root: &Path, relative: &str) -> Option<PathBuf> {
    let root = root.canonicalize().ok()?;
    let path = root.join(relative);
    let existing = path.ancestors().find(|at| exists(at))?;
    let rest = path.strip_prefix(existing).ok()?;
    // A link to nowhere may come to lead anywhere.
    let real = existing.canonicalize().ok()?;
    let place = if rest.as_os_str().is_empty() {
        real
    } else {
        real.join(rest)
    };
    place.starts_with(&root).then_some(place)
}

/// Reads a project: every file that can matter, in parallel.
///
/// `open` answers the unsaved text of a file that an editor holds.
pub fn load(root: &Path, settings: Settings, open: Option<Read>) -> Loaded {
    load_listed(root, &Listing::of(root), settings, reader(open), &|_, _| {})
}

/// The same for a project whose files have been listed. `read` reads what members lead to; `note` is
/// told the bytes of each member.
pub fn load_listed(
    root: &Path,
    listing: &Listing,
    settings: Settings,
    read: Read,
    note: &Note<'_>,
) -> Loaded {
    let project = Project::new(root.to_owned(), settings, read);
    let (problems, files) = fill_listed(&project, listing, note);
    Loaded {
        project,
        problems,
        files,
    }
}

/// Is told the bytes that were read at a path.
pub type Note<'n> = dyn Fn(&Path, &[u8]) + Sync + 'n;

/// The files of a listing that can be members, in the order of their paths.
pub fn members<'l>(root: &Path, listing: &'l Listing, settings: &Settings) -> Vec<&'l PathBuf> {
    let excluded = exclusion(root, settings);
    let files = listing.files.par_iter();
    files
        .filter(|path| is_member(root, path, &excluded))
        .collect()
}

/// Reads the files of a listing into a project. What is known of a file already is left as it is.
/// Answers what went wrong, and how many files were looked at.
fn fill_listed(project: &Project, listing: &Listing, note: &Note<'_>) -> (Vec<Problem>, usize) {
    let paths = members(project.root(), listing, &project.settings());
    let files = project.files(&paths);
    let looked: Vec<(FileId, Looked)> = files
        .par_iter()
        .zip(&paths)
        .map(|(file, path)| (*file, member_facts(project, *file, path, note)))
        .collect();
    project.set_listed(files);
    let excluded = exclusion(project.root(), &project.settings());
    let is_excluded = |path: &Path| {
        let relative = path.strip_prefix(project.root());
        relative.is_ok_and(|at| excluded.matched_path_or_any_parents(at, true).is_ignore())
    };
    let mut problems = listing.problems.clone();
    problems.retain(|problem| !is_excluded(problem.path()));
    let mut found = Vec::with_capacity(looked.len());
    // What is in a folder that is not entered may be any definition.
    found.extend(
        problems
            .iter()
            .map(|problem| (project.file(problem.path()), None)),
    );
    for (file, looked) in looked {
        match looked {
            Ok(Some(facts)) => found.push((file, Some(facts))),
            Ok(None) => {}
            Err(problem) => {
                // It stays a member, of which nothing is known.
                found.push((file, None));
                problems.push(problem);
            }
        }
    }
    project.offer_members(found);
    (problems, paths.len())
}

/// Whether a path can be a member of the project at `root`, judged by its name and the settings.
pub fn is_member(root: &Path, path: &Path, excluded: &Gitignore) -> bool {
    let Ok(relative) = path.strip_prefix(root) else {
        return false;
    };
    let role = layout::role(relative);
    role != Role::Other
        && role != Role::Settings
        && !excluded
            .matched_path_or_any_parents(relative, false)
            .is_ignore()
}

/// The paths that the settings exclude.
pub fn exclusion(root: &Path, settings: &Settings) -> Gitignore {
    let mut builder = GitignoreBuilder::new(root);
    for glob in &settings.exclude {
        // A glob that cannot be read is reported where the settings are read.
        let _ = builder.add_line(None, glob);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// What became of looking at a file: its facts if it can matter.
type Looked = Result<Option<Arc<FileFacts>>, Problem>;

/// Looks at a file.
fn member_facts(project: &Project, file: FileId, path: &Path, note: &Note<'_>) -> Looked {
    let is_source = project.role(file) == Role::Source;
    let matters = |text: &[u8]| !is_source || facts::may_matter(text);
    if let Some(known) = project.known_facts(file) {
        return Ok(matters(known.text.as_bytes()).then_some(known));
    }
    let facts_of = |text: &str| Arc::new(FileFacts::of_text(text, path));
    // The text of an open file is what counts; a file that is not open is read as bytes first,
    // since most are dismissed by a search.
    let bytes = match read(path) {
        Ok(bytes) => bytes,
        Err(source) => {
            return match project.read_text(path) {
                Some(text) => Ok(matters(text.as_bytes()).then(|| facts_of(&text))),
                None if is_source && is_too_long(&source) => Ok(None),
                None => Err(Problem::Unreadable {
                    path: path.to_owned(),
                    source: Arc::new(source),
                }),
            };
        }
    };
    note(path, &bytes);
    if !matters(&bytes) {
        return Ok(None);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(facts_of(&text))),
        Err(error) => Err(Problem::InvalidUtf8 {
            path: path.to_owned(),
            offset: error.utf8_error().valid_up_to(),
            text: String::from_utf8_lossy(error.as_bytes()).into_owned(),
        }),
    }
}

/// Whether a file was not read for its length: where no definitions are, it is no source.
fn is_too_long(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::FileTooLarge
}

/// What a file holds; `None` if it cannot be read.
pub fn bytes(path: &Path) -> Option<Vec<u8>> {
    read(path).ok()
}

/// Reads the text of a file: the one that `open` answers, else the disk's.
pub fn reader(open: Option<Read>) -> Read {
    Arc::new(move |path| {
        if let Some(text) = open.as_ref().and_then(|open| open(path)) {
            return Some(text);
        }
        bytes(path).and_then(|bytes| String::from_utf8(bytes).ok())
    })
}

/// Puts what is known of a file in the place of what was: its facts, or that it is gone.
pub fn update(project: &Project, path: &Path, facts: Option<Arc<FileFacts>>) {
    let file = project.file(path);
    let can_matter = facts.as_ref().is_some_and(|facts| {
        project.role(file) != Role::Source || facts::may_matter(facts.text.as_bytes())
    });
    let is_member = can_matter && (project.has_member(file) || belongs(project, path));
    project.set_facts(file, facts);
    if is_member {
        project.add_member(path);
    } else {
        project.remove_member(file);
    }
}

/// Whether a file is where a member can be: not excluded, in no other project within, and nothing
/// that a walk over the project leaves out.
fn belongs(project: &Project, path: &Path) -> bool {
    let root = project.root();
    is_member(root, path, &exclusion(root, &project.settings()))
        && path
            .parent()
            .and_then(root_of)
            .is_none_or(|nearest| nearest == root)
        && survey::lists(root, path)
}
