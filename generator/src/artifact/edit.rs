//! Changing a file of the user's, or making one: whole or not at all.

use super::disk::Disk;
use super::place::{self, Misplaced};
use super::write::advice;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a file was left as it is.
#[derive(Debug, Error)]
pub enum EditError {
    /// It is not what it was when it was read.
    #[error("it has changed since it was read")]
    Changed,
    /// It may not be written.
    #[error("it may only be read")]
    ReadOnly,
    /// There is such a file already.
    #[error("there is such a file already")]
    Exists,
    /// It is not in the project.
    #[error("{} leads out of the project", .0.display())]
    Outside(PathBuf),
    /// Another process writes into the project, for longer than it should.
    #[error("another quickback-realtime is writing into this project")]
    Busy,
    /// The disk refused.
    #[error("{source}.{}", advice(source))]
    Io {
        /// What the disk said.
        #[from]
        source: io::Error,
    },
}

/// Puts another text in the place of the one that was read: whole or not at all, the file's
/// permissions kept. A link within the project is followed.
///
/// # Errors
/// [`EditError`]; the file is as it was then.
pub fn replace(root: &Path, path: &str, before: &str, after: &str) -> Result<(), EditError> {
    let (disk, place, folder) = open(root, path)?;
    let permissions = match disk.metadata(&place)? {
        Some(meta) => meta.permissions(),
        None => return Err(EditError::Changed),
    };
    if permissions.readonly() {
        return Err(EditError::ReadOnly);
    }
    let mut new = disk.stage(&folder, after.as_bytes(), Some(permissions))?;
    if disk.read(&place)?.as_deref() != Some(before.as_bytes()) {
        return Err(EditError::Changed);
    }
    Ok(new.replace(&place)?)
}

/// Makes a file that is not there yet, whole or not at all.
///
/// # Errors
/// [`EditError`]; nothing has changed then.
pub fn create(root: &Path, path: &str, text: &str) -> Result<(), EditError> {
    let (disk, place, folder) = open(root, path)?;
    let mut new = disk.stage(&folder, text.as_bytes(), None)?;
    new.create(&place).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => EditError::Exists,
        _ => EditError::Io { source },
    })
}

/// The disk, the file's place on it, and the folder of that, without what a killed writer left.
fn open(root: &Path, path: &str) -> Result<(Disk, PathBuf, PathBuf), EditError> {
    let place = place::resolve(root, path).map_err(|misplaced| match misplaced {
        Misplaced::Outside(link) => EditError::Outside(link),
        Misplaced::Io(source) => EditError::Io { source },
    })?;
    let disk = Disk::open_alone(root)?.ok_or(EditError::Busy)?;
    let folder = place.parent().map(Path::to_owned).unwrap_or_default();
    disk.sweep(&folder);
    Ok((disk, place, folder))
}
