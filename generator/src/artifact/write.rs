//! Getting artifacts onto the disk: all of them or none, and only what differs.

use super::compare::{Comparison, Foreign, State, compare_on};
use super::disk::{Disk, Scratch};
use super::place::{self, Misplaced};
use super::{Artifact, Kind};
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// What [`write()`] did. The paths are the artifacts', in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Files that did not exist before.
    pub created: Vec<String>,
    /// Files whose content was replaced.
    pub updated: Vec<String>,
    /// Files that were right already, scaffolds that exist included; they were not touched.
    pub unchanged: Vec<String>,
}

/// Why nothing was written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// Files stand in the way that are not ours to replace.
    #[error("{}", foreign_text(.0))]
    Foreign(Vec<(String, Foreign)>),
    /// An output would land outside the project.
    #[error(
        "`{path}` cannot be generated: {} leads out of the project. \
         Remove that link, or choose another path in quickback-realtime.json", link.display()
    )]
    Outside {
        /// The artifact's path.
        path: String,
        /// The link, or the path itself, that leads out.
        link: PathBuf,
    },
    /// Another process writes the files of this project, for longer than it should.
    #[error(
        "another quickback-realtime is writing into {}, so nothing was generated. \
         Try again when it has ended", root.display()
    )]
    Busy {
        /// The project root.
        root: PathBuf,
    },
    /// The disk refused.
    #[error(
        "`{path}` cannot be written, so nothing was generated: {source}.{}",
        advice(source)
    )]
    Io {
        /// The artifact's path, or the root's.
        path: String,
        /// What the disk said.
        source: io::Error,
    },
    /// The disk refused, and then refused also to take back what had been written before.
    #[error(
        "`{path}` cannot be written ({source}), and {} could not be put back.{}",
        unrestored.join(", "), kept_text(kept)
    )]
    HalfWritten {
        /// The artifact's path.
        path: String,
        /// What the disk said.
        source: io::Error,
        /// The files that hold their new content all the same.
        unrestored: Vec<String>,
        /// Where their former contents are.
        kept: Vec<PathBuf>,
    },
}

fn foreign_text(files: &[(String, Foreign)]) -> String {
    let mut text = String::from("Nothing was generated, so as not to replace what is not ours:");
    for (path, why) in files {
        text.push_str(&format!("\n  {path}: {why}"));
    }
    if files.iter().all(|(_, why)| why.yields_to_force()) {
        text.push_str("\nTo replace it with the generated file, run: generate --force");
    }
    text
}

/// What to do about an error of the disk, as a sentence after it.
pub(super) fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            " Free some space, then try again"
        }
        io::ErrorKind::PermissionDenied => {
            " Make the file and its folder writable, or close the program that holds it, then try again"
        }
        io::ErrorKind::ReadOnlyFilesystem => " Make that disk writable, then try again",
        io::ErrorKind::NotADirectory
        | io::ErrorKind::IsADirectory
        | io::ErrorKind::AlreadyExists
        | io::ErrorKind::DirectoryNotEmpty => " Move away what stands there, then try again",
        io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy => {
            " Close the program that holds it, then try again"
        }
        _ => " Mend that, then try again",
    }
}

fn kept_text(kept: &[PathBuf]) -> String {
    if kept.is_empty() {
        return String::new();
    }
    let names: Vec<String> = kept.iter().map(|path| path.display().to_string()).collect();
    format!(" The former contents are in {}", names.join(", "))
}

/// Writes what is missing or stale under `root`: each file by renaming a finished one over it, its
/// permissions kept; files that are right already are not touched. With `force`, files that
/// are not ours or were edited by hand are replaced too; scaffolds never are.
///
/// Writers of one project wait for each other. If the process is killed between two renames, the
/// files renamed so far are the new ones and the others the old ones, each of them whole; the next
/// call mends that, and removes the temporary files that were left.
///
/// # Errors
/// [`WriteError`]. In every case but [`WriteError::HalfWritten`], nothing has changed on the disk.
pub fn write(root: &Path, artifacts: &[Artifact], force: bool) -> Result<Report, WriteError> {
    let refused = |error| io_error(&root.display().to_string(), error);
    let Some(disk) = Disk::open_alone(root).map_err(refused)? else {
        let root = root.to_owned();
        return Err(WriteError::Busy { root });
    };
    let mut report = Report::default();
    let mut todo = Vec::new();
    let mut foreign = Vec::new();
    for (artifact, found) in artifacts.iter().zip(compare_on(&disk, root, artifacts)) {
        let path = artifact.path.clone();
        match found.state {
            State::Fresh => report.unchanged.push(path),
            State::Missing => {
                report.created.push(path);
                todo.push((artifact, found));
            }
            State::Stale(_) => {
                report.updated.push(path);
                todo.push((artifact, found));
            }
            State::Foreign(Foreign::Outside) => return Err(outside(root, path)),
            State::Foreign(ref why) if force && why.yields_to_force() => {
                debug_assert_eq!(
                    artifact.kind,
                    Kind::Generated,
                    "a scaffold is never foreign"
                );
                report.updated.push(path);
                todo.push((artifact, found));
            }
            State::Foreign(why) => foreign.push((path, why)),
        }
    }
    sweep(&disk, root, artifacts);
    if !foreign.is_empty() {
        return Err(WriteError::Foreign(foreign));
    }

    let mut folders = NewFolders::new(&disk);
    let mut staged = Vec::new();
    for (artifact, found) in todo {
        staged.push(stage(&disk, root, artifact, found, &mut folders)?);
    }
    commit(&disk, root, staged)?;
    folders.keep();
    Ok(report)
}

/// Removes what a killed writer has left beside the artifacts.
fn sweep(disk: &Disk, root: &Path, artifacts: &[Artifact]) {
    let places = artifacts
        .iter()
        .filter_map(|a| place::resolve(root, &a.path).ok());
    let folders: BTreeSet<PathBuf> = places
        .filter_map(|place| place.parent().map(Path::to_owned))
        .collect();
    for folder in folders {
        disk.sweep(&folder);
    }
}

fn outside(root: &Path, path: String) -> WriteError {
    let link = match place::resolve(root, &path) {
        Err(Misplaced::Outside(link)) => link,
        _ => PathBuf::from(&path),
    };
    WriteError::Outside { path, link }
}

/// A finished file beside its destination.
struct Staged<'d> {
    path: String,
    /// Relative to the root, links resolved.
    place: PathBuf,
    new: Scratch<'d>,
    /// What stood in the place, under another name, if anything did.
    old: Option<Scratch<'d>>,
    /// What was read of it.
    found: Option<String>,
}

fn stage<'d>(
    disk: &'d Disk,
    root: &Path,
    artifact: &Artifact,
    comparison: Comparison,
    folders: &mut NewFolders<'d>,
) -> Result<Staged<'d>, WriteError> {
    let path = &artifact.path;
    let place = match place::resolve(root, path) {
        Ok(place) => place,
        Err(Misplaced::Outside(link)) => {
            return Err(WriteError::Outside {
                path: path.clone(),
                link,
            });
        }
        Err(Misplaced::Io(error)) => return Err(io_error(path, error)),
    };
    let (new, old) = stage_at(disk, &place, &artifact.contents, folders)
        .map_err(|error| refused(root, path, error))?;
    Ok(Staged {
        path: path.clone(),
        place,
        new,
        old,
        found: comparison.found,
    })
}

/// The error of an operation that a link out of the project may have stopped.
fn refused(root: &Path, path: &str, error: io::Error) -> WriteError {
    match place::resolve(root, path) {
        Err(Misplaced::Outside(link)) => WriteError::Outside {
            path: path.to_owned(),
            link,
        },
        _ => io_error(path, error),
    }
}

fn io_error(path: &str, source: io::Error) -> WriteError {
    WriteError::Io {
        path: path.to_owned(),
        source,
    }
}

fn stage_at<'d>(
    disk: &'d Disk,
    place: &Path,
    contents: &str,
    folders: &mut NewFolders<'d>,
) -> io::Result<(Scratch<'d>, Option<Scratch<'d>>)> {
    let Some(folder) = place.parent() else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    folders.create(folder)?;
    let before = disk.metadata(place)?;
    let permissions = before.as_ref().map(cap_std::fs::Metadata::permissions);
    let new = disk.stage(folder, contents.as_bytes(), permissions)?;
    let old = match before {
        Some(_) => Some(disk.second_name(place, folder)?),
        None => None,
    };
    Ok((new, old))
}

fn commit(disk: &Disk, root: &Path, staged: Vec<Staged<'_>>) -> Result<(), WriteError> {
    let mut done: Vec<Staged<'_>> = Vec::new();
    for mut file in staged {
        let renamed = unchanged(disk, &file.place, file.found.as_deref())
            .and_then(|()| file.new.replace(&file.place));
        if let Err(source) = renamed {
            let path = file.path.clone();
            let (unrestored, kept) = take_back(disk, done);
            return Err(if unrestored.is_empty() {
                refused(root, &path, source)
            } else {
                WriteError::HalfWritten {
                    path,
                    source,
                    unrestored,
                    kept: kept.into_iter().map(|path| root.join(path)).collect(),
                }
            });
        }
        done.push(file);
    }
    Ok(())
}

/// Fails if a file is not what it was when it was compared: somebody is writing it.
fn unchanged(disk: &Disk, place: &Path, found: Option<&str>) -> io::Result<()> {
    let now = disk.read(place)?;
    // What is no text was nobody's to compare.
    if now
        .as_deref()
        .map(str::from_utf8)
        .is_some_and(|text| text.is_err())
        || now.as_deref() == found.map(str::as_bytes)
    {
        return Ok(());
    }
    Err(io::Error::other("it is being changed by another program"))
}

/// Undoes the renames of `done`, the last one first. Answers the files that it could not undo, and
/// where their former contents are.
fn take_back(disk: &Disk, done: Vec<Staged<'_>>) -> (Vec<String>, Vec<PathBuf>) {
    let mut failed = Vec::new();
    let mut kept = Vec::new();
    for mut file in done.into_iter().rev() {
        let undone = match &mut file.old {
            None => disk.remove_file(&file.place),
            Some(old) => old.replace(&file.place),
        };
        if undone.is_err() {
            failed.push(file.path);
            // Dropping it would remove the only copy of the former content.
            kept.extend(file.old.map(Scratch::keep));
        }
    }
    (failed, kept)
}

/// The folders that were made on the way, removed again unless they are kept.
struct NewFolders<'d> {
    disk: &'d Disk,
    made: Vec<PathBuf>,
}

impl<'d> NewFolders<'d> {
    fn new(disk: &'d Disk) -> Self {
        let made = Vec::new();
        Self { disk, made }
    }

    fn create(&mut self, folder: &Path) -> io::Result<()> {
        let above: Vec<&Path> = folder
            .ancestors()
            .filter(|at| !at.as_os_str().is_empty())
            .collect();
        for at in above.into_iter().rev() {
            if self.disk.metadata(at)?.is_none() && self.disk.create_dir(at)? {
                self.made.push(at.to_owned());
            }
        }
        Ok(())
    }

    fn keep(mut self) {
        self.made.clear();
    }
}

impl Drop for NewFolders<'_> {
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            // What somebody else has put something into in the meantime stays.
            let _ = self.disk.remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_of_the_disk_has_its_advice() {
        for (kind, says) in [
            (io::ErrorKind::StorageFull, "Free some space"),
            (io::ErrorKind::QuotaExceeded, "Free some space"),
            (io::ErrorKind::PermissionDenied, "folder writable"),
            (io::ErrorKind::ReadOnlyFilesystem, "that disk writable"),
            (io::ErrorKind::NotADirectory, "Move away"),
            (io::ErrorKind::IsADirectory, "Move away"),
            (io::ErrorKind::AlreadyExists, "Move away"),
            (io::ErrorKind::ResourceBusy, "Close the program"),
            (io::ErrorKind::Interrupted, "Mend that"),
        ] {
            assert!(advice(&kind.into()).contains(says), "{kind}");
        }
    }
}
