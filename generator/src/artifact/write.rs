//! Getting artifacts onto the disk: all of them or none, and only what differs.

use super::compare::{Foreign, State, compare};
use super::place::{self, Misplaced};
use super::{Artifact, Kind};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::{NamedTempFile, TempPath};
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
    /// The disk refused.
    #[error("`{path}` cannot be written, so nothing was generated: {source}")]
    Io {
        /// The artifact's path.
        path: String,
        /// What the disk said.
        source: io::Error,
    },
    /// The disk refused, and then refused also to take back what had been written before.
    #[error(
        "`{path}` cannot be written ({source}), and {} could not be put back; the former contents \
         are kept beside them in files named .quickback-realtime-*.tmp", unrestored.join(", ")
    )]
    HalfWritten {
        /// The artifact's path.
        path: String,
        /// What the disk said.
        source: io::Error,
        /// The files that hold their new content all the same.
        unrestored: Vec<String>,
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

/// Writes what is missing or stale under `root`: each file by renaming a finished one over it, its
/// permissions kept; files that are right already are not touched. With `force`, files that
/// are not ours or were edited by hand are replaced too; scaffolds never are.
///
/// # Errors
/// [`WriteError`]. In every case but [`WriteError::HalfWritten`], nothing has changed on the disk.
pub fn write(root: &Path, artifacts: &[Artifact], force: bool) -> Result<Report, WriteError> {
    write_with(root, artifacts, force, |from, to| fs::rename(from, to))
}

/// [`write()`] with the renaming handed in, so that tests can make it fail.
fn write_with(
    root: &Path,
    artifacts: &[Artifact],
    force: bool,
    rename: impl Fn(&Path, &Path) -> io::Result<()>,
) -> Result<Report, WriteError> {
    let mut report = Report::default();
    let mut todo = Vec::new();
    let mut foreign = Vec::new();
    for (artifact, comparison) in artifacts.iter().zip(compare(root, artifacts)) {
        let path = artifact.path.clone();
        match comparison.state {
            State::Fresh => report.unchanged.push(path),
            State::Missing => {
                report.created.push(path);
                todo.push(artifact);
            }
            State::Stale(_) => {
                report.updated.push(path);
                todo.push(artifact);
            }
            State::Foreign(Foreign::Outside) => return Err(outside(root, path)),
            State::Foreign(why) if force && why.yields_to_force() => {
                debug_assert_eq!(
                    artifact.kind,
                    Kind::Generated,
                    "a scaffold is never foreign"
                );
                report.updated.push(path);
                todo.push(artifact);
            }
            State::Foreign(why) => foreign.push((path, why)),
        }
    }
    if !foreign.is_empty() {
        return Err(WriteError::Foreign(foreign));
    }

    let mut folders = NewFolders::default();
    let mut staged = Vec::new();
    for artifact in todo {
        staged.push(stage(root, artifact, &mut folders)?);
    }
    commit(staged, rename)?;
    folders.keep();
    Ok(report)
}

fn outside(root: &Path, path: String) -> WriteError {
    let link = match place::resolve(root, &path) {
        Err(Misplaced::Outside(link)) => link,
        _ => PathBuf::from(&path),
    };
    WriteError::Outside { path, link }
}

/// A finished file beside its destination.
struct Staged {
    path: String,
    place: PathBuf,
    new: TempPath,
    /// What stood in the place, under another name, if anything did.
    old: Option<TempPath>,
}

fn stage(root: &Path, artifact: &Artifact, folders: &mut NewFolders) -> Result<Staged, WriteError> {
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
    let (new, old) =
        stage_at(&place, &artifact.contents, folders).map_err(|error| io_error(path, error))?;
    Ok(Staged {
        path: path.clone(),
        place,
        new,
        old,
    })
}

fn io_error(path: &str, source: io::Error) -> WriteError {
    WriteError::Io {
        path: path.to_owned(),
        source,
    }
}

fn stage_at(
    place: &Path,
    contents: &str,
    folders: &mut NewFolders,
) -> io::Result<(TempPath, Option<TempPath>)> {
    let Some(folder) = place.parent() else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    folders.create(folder)?;
    let before = match fs::metadata(place) {
        Ok(meta) => Some(meta),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let mut file = temporary(folder)?;
    file.write_all(contents.as_bytes())?;
    if let Some(meta) = &before {
        file.as_file().set_permissions(meta.permissions())?;
    }
    file.as_file().sync_all()?;
    let new = file.into_temp_path();
    let old = match before {
        Some(_) => Some(aside(place, folder)?),
        None => None,
    };
    Ok((new, old))
}

/// An empty file that no tool takes for source code, with the permissions of any new file.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".quickback-realtime-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// A second name for the file at `place`, so that putting it back restores even its time stamp.
fn aside(place: &Path, folder: &Path) -> io::Result<TempPath> {
    let backup = temporary(folder)?.into_temp_path();
    fs::remove_file(&backup)?;
    // Some file systems know no hard links.
    if fs::hard_link(place, &backup).is_err() {
        fs::copy(place, &backup)?;
    }
    Ok(backup)
}

fn commit(
    staged: Vec<Staged>,
    rename: impl Fn(&Path, &Path) -> io::Result<()>,
) -> Result<(), WriteError> {
    let mut done: Vec<Staged> = Vec::new();
    for file in staged {
        if let Err(source) = rename(&file.new, &file.place) {
            let path = file.path.clone();
            let unrestored = take_back(done, rename);
            return Err(if unrestored.is_empty() {
                WriteError::Io { path, source }
            } else {
                WriteError::HalfWritten {
                    path,
                    source,
                    unrestored,
                }
            });
        }
        done.push(file);
    }
    Ok(())
}

/// Undoes the renames of `done`, and returns the paths of those that it could not undo.
fn take_back(done: Vec<Staged>, rename: impl Fn(&Path, &Path) -> io::Result<()>) -> Vec<String> {
    let mut failed = Vec::new();
    for file in done.into_iter().rev() {
        let undone = match &file.old {
            Some(old) => rename(old, &file.place),
            None => fs::remove_file(&file.place),
        };
        if undone.is_err() {
            // Dropping the backup would remove the only copy of the former content.
            let _ = file.old.map(TempPath::keep);
            failed.push(file.path);
        }
    }
    failed
}

/// The folders that were made on the way, removed again unless they are kept.
#[derive(Default)]
struct NewFolders(Vec<PathBuf>);

impl NewFolders {
    fn create(&mut self, folder: &Path) -> io::Result<()> {
        let missing: Vec<_> = folder
            .ancestors()
            .take_while(|at| !at.exists())
            .map(Path::to_owned)
            .collect();
        for at in missing.into_iter().rev() {
            fs::create_dir(&at)?;
            self.0.push(at);
        }
        Ok(())
    }

    fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            // What somebody else has put something into in the meantime stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::{Comment, sha256};
    use std::cell::Cell;

    fn artifact(path: &str, body: &str) -> Artifact {
        Artifact::generated(path.into(), Comment::Rust, &sha256(body), body)
    }

    /// A rename that works `good` times, fails once, and works again.
    fn failing_after(good: usize) -> impl Fn(&Path, &Path) -> io::Result<()> {
        let left = Cell::new(good + 1);
        move |from, to| {
            left.set(left.get().wrapping_sub(1));
            if left.get() == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            fs::rename(from, to)
        }
    }

    #[test]
    fn a_failure_half_way_restores_every_file_and_folder() {
        let root = tempfile::tempdir().unwrap();
        let old = artifact("a/kept.rs", "const OLD: u8 = 1;\n");
        write(root.path(), std::slice::from_ref(&old), false).unwrap();
        let place = root.path().join("a/kept.rs");
        let before = fs::metadata(&place).unwrap().modified().unwrap();

        let new = [
            artifact("a/kept.rs", "const NEW: u8 = 1;\n"),
            artifact("b/c/new.rs", "const NEW: u8 = 2;\n"),
            artifact("d/never.rs", "const NEW: u8 = 3;\n"),
        ];
        let error = write_with(root.path(), &new, false, failing_after(2)).unwrap_err();
        assert!(matches!(&error, WriteError::Io { path, .. } if path == "d/never.rs"));
        assert_eq!(fs::read_to_string(&place).unwrap(), old.contents);
        assert_eq!(fs::metadata(&place).unwrap().modified().unwrap(), before);
        let left: Vec<_> = fs::read_dir(root.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "new folders are gone: {left:?}");
        let left: Vec<_> = fs::read_dir(root.path().join("a")).unwrap().collect();
        assert_eq!(left.len(), 1, "temporary files are gone: {left:?}");
    }

    #[test]
    fn what_cannot_be_put_back_is_named() {
        let root = tempfile::tempdir().unwrap();
        let old = [artifact("a.rs", "// 1\n"), artifact("b.rs", "// 1\n")];
        write(root.path(), &old, false).unwrap();
        let new = [artifact("a.rs", "// 2\n"), artifact("b.rs", "// 2\n")];
        let calls = Cell::new(0);
        let once = |from: &Path, to: &Path| {
            calls.set(calls.get() + 1);
            if calls.get() > 1 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            fs::rename(from, to)
        };
        let error = write_with(root.path(), &new, false, once).unwrap_err();
        assert!(
            matches!(&error, WriteError::HalfWritten { unrestored, .. } if unrestored == &["a.rs"])
        );
        let kept = fs::read_dir(root.path())
            .unwrap()
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().ends_with(".tmp"))
            .map(|entry| fs::read_to_string(entry.path()).unwrap());
        assert_eq!(kept.collect::<Vec<_>>(), [old[0].contents.clone()]);
    }
}
