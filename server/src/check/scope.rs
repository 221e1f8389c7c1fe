//! Which projects a command is about, and which of their files.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::workspace::{self, Listing, Problem, Survey};

/// A project, and the parts of it that were asked for.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The project's root.
    pub root: PathBuf,
    /// The absolute paths that were asked for: findings at or under one of them are reported.
    pub paths: Vec<PathBuf>,
    /// The project's files, if the walk that found the root came by them.
    pub listing: Option<Arc<Listing>>,
}

impl Scope {
    /// Whether findings in a file were asked for.
    pub fn holds(&self, file: &Path) -> bool {
        self.paths.iter().any(|path| file.starts_with(path))
    }
}

/// Why a path leads to no project.
#[derive(Debug, thiserror::Error)]
pub enum ScopeError {
    /// The path is not there, or not ours to see.
    #[error("cannot read {}: {reason}. Check the path", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// There is no project.
    #[error(
        "no Quickback project at, under or above {}: no folder there holds a quickback.config.ts. \
         Name the folder of a project, or run this in one", path.display()
    )]
    NoProject {
        /// The path.
        path: PathBuf,
    },
}

/// What the system said, in its own words but without its number.
pub fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

/// The projects at, under or above the paths, in the order of their roots.
///
/// # Errors
/// [`ScopeError`] for the first path that cannot be read or that has no project.
pub fn scopes(paths: &[PathBuf]) -> Result<Vec<Scope>, ScopeError> {
    let mut scopes: BTreeMap<PathBuf, Scope> = BTreeMap::new();
    for path in paths {
        let absolute = located(path).map_err(|error| ScopeError::Unreadable {
            path: path.clone(),
            reason: why(&error),
        })?;
        let (found, problems) = scopes_of(&absolute);
        if found.is_empty() {
            // A project may be where nobody could look.
            let unreadable = problems.into_iter().find_map(|problem| match problem {
                Problem::Unreadable { path, source } => Some((path, why(&source))),
                _ => None,
            });
            return Err(match unreadable {
                Some((path, reason)) => ScopeError::Unreadable { path, reason },
                None => ScopeError::NoProject { path: path.clone() },
            });
        }
        for scope in found {
            match scopes.entry(scope.root.clone()) {
                Entry::Vacant(entry) => {
                    entry.insert(scope);
                }
                Entry::Occupied(mut entry) => entry.get_mut().paths.extend(scope.paths),
            }
        }
    }
    Ok(scopes.into_values().collect())
}

/// The absolute path of what is there. A file that is a link is meant itself, not what it leads to.
fn located(path: &Path) -> io::Result<PathBuf> {
    if path.metadata()?.is_dir() {
        path.canonicalize()
    } else {
        absolute(path)
    }
}

/// The absolute path of a file that need not exist, nor the folders that lead to it.
///
/// # Errors
/// If it is no path to a file, or one of the folders cannot be looked into.
pub fn absolute(file: &Path) -> io::Result<PathBuf> {
    let (Some(name), Some(folder)) = (file.file_name(), file.parent()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let folder = match folder.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => absolute(folder)?,
        found => found?,
    };
    Ok(folder.join(name))
}

/// The project of a file by its absolute path, of which nothing but the file was asked for.
///
/// # Errors
/// [`ScopeError::NoProject`].
pub fn scope_of_file(file: &Path) -> Result<Scope, ScopeError> {
    let path = file.to_owned();
    match workspace::root_of(file) {
        Some(root) => Ok(Scope {
            root,
            paths: vec![path],
            listing: None,
        }),
        None => Err(ScopeError::NoProject { path }),
    }
}

/// The projects at, under or above an absolute path, and what could not be looked into where there is
/// none.
fn scopes_of(absolute: &Path) -> (Vec<Scope>, Vec<Problem>) {
    let scope = |root: PathBuf, listing: Option<Listing>| Scope {
        root,
        paths: vec![absolute.to_owned()],
        listing: listing.map(Arc::new),
    };
    let (mut scopes, mut problems) = (Vec::new(), Vec::new());
    if absolute.is_dir() {
        let survey = Survey::of(absolute);
        let roots: Vec<PathBuf> = survey.roots().map(Path::to_owned).collect();
        if roots.is_empty() {
            problems.extend(survey.problems().iter().cloned());
        }
        let mut listings = survey.listings();
        scopes.extend(roots.into_iter().map(|root| {
            let listing = listings.remove(&root);
            scope(root, listing)
        }));
    }
    let above = workspace::root_of(absolute);
    if let Some(root) = above.filter(|root| !scopes.iter().any(|scope| scope.root == *root)) {
        scopes.push(scope(root, None));
    }
    (scopes, problems)
}
