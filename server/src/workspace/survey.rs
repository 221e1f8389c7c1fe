//! One walk over a folder: the projects in it and the files that belong to each.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use ignore::{DirEntry, WalkBuilder, WalkState};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Problem, bytes};
use crate::project::layout;

/// The files that belong to a project by where they are.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Those that are no project's within, sorted; ignored ones are left out.
    pub files: Vec<PathBuf>,
    /// The folders that could not be entered.
    pub problems: Vec<Problem>,
}

/// What is at and under a folder.
#[derive(Debug)]
pub struct Survey {
    folder: PathBuf,
    /// The roots at and under the folder, sorted.
    roots: Vec<PathBuf>,
    files: Vec<PathBuf>,
    problems: Vec<Problem>,
}

/// What a walk comes by.
enum Found {
    File(PathBuf),
    Problem(Problem),
}

/// How many files a walker hands over at once: one by one, handing over takes longer than walking.
const AT_ONCE: usize = 256;

/// What one walker has come by and not handed over yet.
struct Batch {
    found: Vec<Found>,
    sender: mpsc::Sender<Vec<Found>>,
}

impl Batch {
    fn push(&mut self, found: Found) {
        self.found.push(found);
        if self.found.len() >= AT_ONCE {
            self.send();
        }
    }

    fn send(&mut self) {
        // The receiver is there for as long as the walk is.
        let _ = self.sender.send(std::mem::take(&mut self.found));
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.send();
    }
}

impl Survey {
    /// Walks over a folder on all processors. Ignored folders are not entered.
    pub fn of(folder: &Path) -> Self {
        Self::counted(folder, usize::MAX, &|| {})
    }

    /// The same; `is_large` is called as soon as so many sources have been found.
    fn counted(folder: &Path, large: usize, is_large: &dyn Fn()) -> Self {
        let mut survey = Self {
            folder: folder.to_owned(),
            roots: Vec::new(),
            files: Vec::new(),
            problems: Vec::new(),
        };
        let (sender, receiver) = mpsc::channel();
        std::thread::scope(|scope| {
            // The walk owns the last sender: when it has ended, so have the messages.
            scope.spawn(move || walk(folder, &sender));
            for found in receiver.into_iter().flatten() {
                match found {
                    Found::File(file) => {
                        survey.files.push(file);
                        if survey.files.len() == large {
                            is_large();
                        }
                    }
                    Found::Problem(problem) => survey.problems.push(problem),
                }
            }
        });
        survey.roots = roots(folder, &survey.files);
        survey.files.par_sort_unstable();
        survey.problems.sort_by(|a, b| a.path().cmp(b.path()));
        survey
    }

    /// The roots of the projects at and under the folder, sorted.
    pub fn roots(&self) -> impl Iterator<Item = &Path> {
        let roots = self.roots.iter().map(PathBuf::as_path);
        // The walk enters what is a feature's in some project; of what is in none, here is judged.
        roots.filter(|root| !is_skipped(&self.folder, root))
    }

    /// What could not be looked into.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The listings of the projects at and under the folder, by their roots.
    pub fn listings(self) -> FxHashMap<PathBuf, Listing> {
        let roots: FxHashSet<&Path> = self.roots.iter().map(PathBuf::as_path).collect();
        let mut listings: FxHashMap<PathBuf, Listing> = FxHashMap::default();
        for root in &self.roots {
            listings.insert(root.clone(), Listing::default());
        }
        // Files that follow each other are mostly of one folder.
        let mut last: Option<(&Path, Option<&Path>)> = None;
        for file in &self.files {
            let folder = file.parent().unwrap_or(file);
            let root = match last {
                Some((known, root)) if known == folder => root,
                _ => nearest(&roots, folder),
            };
            last = Some((folder, root));
            if let Some(listing) = root.and_then(|root| listings.get_mut(root)) {
                listing.files.push(file.clone());
            }
        }
        for problem in self.problems {
            if let Some(root) = nearest(&roots, problem.path())
                && problem.matters(root)
                && let Some(listing) = listings.get_mut(root)
            {
                listing.problems.push(problem);
            }
        }
        listings
    }
}

impl Listing {
    /// Walks over the project at `root`.
    pub fn of(root: &Path) -> Self {
        Self::counted(root, usize::MAX, &|| {})
    }

    /// The same; `is_large` is called as soon as so many sources have been found.
    pub fn counted(root: &Path, large: usize, is_large: &dyn Fn()) -> Self {
        let mut survey = Survey::counted(root, large, is_large);
        // Whoever names a root means it, whether or not it looks like one.
        survey.roots.push(root.to_owned());
        survey.listings().remove(root).unwrap_or_default()
    }
}

/// Walks over a folder on all processors and sends what it comes by. In a repository that is left
/// out which git ignores there: what is written above it does not count. In none, the `.gitignore`
/// files at and under the folder count as if it were one, up to the repositories and the projects in
/// it: what belongs to a project is the same whether one looks from there or from a folder around it.
fn walk(folder: &Path, sender: &mpsc::Sender<Vec<Found>>) {
    if folder.ancestors().any(is_repository) {
        walk_from(folder, folder, Ignored::InRepository, sender, everything);
        return;
    }
    let mut begun = vec![folder.to_owned()];
    while let Some(from) = begun.pop() {
        // Of what is found in here, only a repository is one: around it is none.
        if is_repository(&from) {
            walk_from(&from, folder, Ignored::InRepository, sender, everything);
            continue;
        }
        let anew = Arc::new(Mutex::new(Vec::new()));
        let found = Arc::clone(&anew);
        walk_from(&from, folder, Ignored::ByFiles, sender, move |folder| {
            let begins = is_repository(folder) || layout::is_root(folder, &Path::is_file);
            if begins {
                let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                found.push(folder.to_owned());
            }
            !begins
        });
        let mut anew = anew.lock().unwrap_or_else(PoisonError::into_inner);
        begun.append(&mut anew);
    }
}

/// Whether the walk over the project at `root` comes by a file; of one that is not there yet, by the
/// nearest folder around it that is. Of a project of which nothing is there, it leaves nothing out.
pub(super) fn lists(root: &Path, file: &Path) -> bool {
    let mut around = file.ancestors().take_while(|at| at.starts_with(root));
    let Some(there) = around.find(|at| super::exists(at)) else {
        return file.starts_with(root);
    };
    if root.ancestors().any(is_repository) {
        return leads_to(root, root, Ignored::InRepository, there);
    }
    let within = there.ancestors().take_while(|at| at.starts_with(root));
    match within.filter(|folder| is_repository(folder)).last() {
        Some(repository) => {
            leads_to(root, root, Ignored::ByFiles, repository)
                && leads_to(repository, root, Ignored::InRepository, there)
        }
        None => leads_to(root, root, Ignored::ByFiles, there),
    }
}

/// Which files a walk leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ignored {
    /// Those that git ignores in the repository.
    InRepository,
    /// Those that the `.gitignore` files in the folder name.
    ByFiles,
    /// None: what would say so cannot be read. Then it is as if it were not there.
    Nothing,
}

/// Whether a walk over a folder under `top` comes by what is at `end`.
fn leads_to(folder: &Path, top: &Path, ignored: Ignored, end: &Path) -> bool {
    if !can_be_told(folder) {
        return leads_by(folder, top, Ignored::Nothing, end);
    }
    let way = end.ancestors().take_while(|at| at.starts_with(folder));
    match way
        .filter(|at| !bytes::ignore_files_are_ordinary(at))
        .last()
    {
        Some(within) => {
            leads_by(folder, top, ignored, within) && leads_by(within, top, Ignored::Nothing, end)
        }
        None => leads_by(folder, top, ignored, end),
    }
}

fn leads_by(folder: &Path, top: &Path, ignored: Ignored, end: &Path) -> bool {
    let (top, way) = (top.to_owned(), end.to_owned());
    walker(folder, ignored)
        .filter_entry(move |entry| {
            way.starts_with(entry.path())
                && (!is_folder(entry) || may_be_entered(&top, entry.path()))
        })
        .build()
        .flatten()
        .any(|entry| entry.path() == end)
}

/// Whether can be told what is ignored in a folder: what says so there and above can be read.
fn can_be_told(folder: &Path) -> bool {
    let real = folder.canonicalize();
    let mut around = real.as_deref().unwrap_or(folder).ancestors();
    around.all(bytes::ignore_files_are_ordinary)
}

/// What a walk leaves out.
fn walker(folder: &Path, ignored: Ignored) -> WalkBuilder {
    let mut walker = WalkBuilder::new(folder);
    walker
        .require_git(ignored == Ignored::InRepository)
        .parents(ignored == Ignored::InRepository)
        // Those are other tools'.
        .ignore(false)
        .follow_links(false);
    if ignored == Ignored::Nothing {
        walker
            .git_ignore(false)
            .git_exclude(false)
            .git_global(false);
    }
    walker
}

/// Whether a folder is the top of a repository. Of a second working tree and of a submodule, what
/// says so is a file.
pub(super) fn is_repository(folder: &Path) -> bool {
    [".git", ".jj"]
        .iter()
        .any(|name| folder.join(name).exists())
}

fn everything(_: &Path) -> bool {
    true
}

/// Walks over a folder under `top` and enters what `enters` says.
fn walk_from(
    folder: &Path,
    top: &Path,
    ignored: Ignored,
    sender: &mpsc::Sender<Vec<Found>>,
    enters: impl Fn(&Path) -> bool + Send + Sync + 'static,
) {
    let ignored = if can_be_told(folder) {
        ignored
    } else {
        Ignored::Nothing
    };
    let untold = Arc::new(Mutex::new(Vec::new()));
    let (around, found_untold) = (top.to_owned(), Arc::clone(&untold));
    let is_told = move |folder: &Path| {
        let is_told = ignored == Ignored::Nothing || bytes::ignore_files_are_ordinary(folder);
        if !is_told {
            let mut untold = found_untold.lock().unwrap_or_else(PoisonError::into_inner);
            untold.push(folder.to_owned());
        }
        is_told
    };
    walker(folder, ignored)
        .threads(std::thread::available_parallelism().map_or(1, usize::from))
        .filter_entry(move |entry| {
            let path = entry.path();
            !is_folder(entry) || may_be_entered(&around, path) && enters(path) && is_told(path)
        })
        .build_parallel()
        .run(|| {
            let mut batch = Batch {
                found: Vec::new(),
                sender: sender.clone(),
            };
            Box::new(move |entry| {
                if let Some(found) = found(entry) {
                    batch.push(found);
                }
                WalkState::Continue
            })
        });
    let mut untold = untold.lock().unwrap_or_else(PoisonError::into_inner);
    for folder in untold.drain(..) {
        walk_from(&folder, top, Ignored::Nothing, sender, everything);
    }
}

/// The roots among the folders at and under `top` that hold one of the files, sorted. The folders
/// without a configuration, which are nearly all, are not asked what is in them.
fn roots(top: &Path, files: &[PathBuf]) -> Vec<PathBuf> {
    let is_config = |file: &Path| {
        let name = file.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| layout::CONFIG_NAMES.contains(&name))
    };
    let folders = files
        .iter()
        .filter(|file| is_config(file))
        .filter_map(|file| file.parent());
    let mut roots: Vec<PathBuf> = folders
        // What is in `quickback` may make the folder around it one.
        .flat_map(|folder| [Some(folder), folder.parent()])
        .flatten()
        .filter(|folder| folder.starts_with(top))
        .filter(|folder| layout::is_root(folder, &Path::is_file))
        .map(Path::to_owned)
        .collect();
    roots.sort_unstable();
    roots.dedup();
    roots
}

/// The nearest of the roots at or above a path.
fn nearest<'p>(roots: &FxHashSet<&Path>, path: &'p Path) -> Option<&'p Path> {
    path.ancestors().find(|at| roots.contains(at))
}

/// What an entry of a walk means.
fn found(entry: Result<DirEntry, ignore::Error>) -> Option<Found> {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => return problem(error, None).map(Found::Problem),
    };
    let kind = entry.file_type()?;
    // A link is followed to a file, never to a folder, which could lead in circles.
    if kind.is_symlink() && entry.depth() > 0 && entry.path().is_dir() {
        return Some(Found::Problem(Problem::LinkedFolder(entry.into_path())));
    }
    let is_file = layout::is_source_path(entry.path())
        && (kind.is_file() || kind.is_symlink() && entry.path().is_file());
    is_file.then(|| Found::File(entry.into_path()))
}

/// What stopped a walk from entering a folder. What is wrong with an ignore file is git's to say.
fn problem(error: ignore::Error, at: Option<PathBuf>) -> Option<Problem> {
    match error {
        ignore::Error::WithPath { path, err } => problem(*err, Some(path)),
        ignore::Error::WithDepth { err, .. } => problem(*err, at),
        ignore::Error::Io(source) => Some(Problem::Unreadable {
            path: at?,
            source: Arc::new(source),
        }),
        _ => None,
    }
}

fn is_folder(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
}

/// Whether a folder is to be entered: it is not skipped by its place under `top`, or would not be
/// under some folder between, which may turn out to be a project's root.
fn may_be_entered(top: &Path, folder: &Path) -> bool {
    folder
        .ancestors()
        .skip(1)
        .take_while(|above| above.starts_with(top))
        .chain([top])
        .any(|above| is_read(above, folder))
}

/// Whether nothing is read in a folder, or in one around it, as the project at `root` sees it.
fn is_skipped(root: &Path, folder: &Path) -> bool {
    folder
        .ancestors()
        .take_while(|at| *at != root && at.starts_with(root))
        .any(|at| !is_read(root, at))
}

fn is_read(root: &Path, folder: &Path) -> bool {
    folder
        .strip_prefix(root)
        .is_ok_and(|relative| !layout::is_skipped_folder(relative))
}

#[cfg(test)]
mod tests;
