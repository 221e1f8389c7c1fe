//! Where on the disk an artifact belongs, and the proof that it is inside the project.

use super::disk::step;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Why a path cannot be used for an artifact.
#[derive(Debug)]
pub(super) enum Misplaced {
    /// It leads out of the project root: by its text, or through the symbolic link named here.
    Outside(PathBuf),
    /// The disk could not say.
    Io(io::Error),
}

/// Where `path` is after all symbolic links, whether it exists or not. Both are relative to `root`.
pub(super) fn resolve(root: &Path, path: &str) -> Result<PathBuf, Misplaced> {
    let relative = Path::new(path);
    let plain = relative
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !plain || path.is_empty() {
        return Err(Misplaced::Outside(relative.to_owned()));
    }
    let root = step("resolve", || root.canonicalize()).map_err(Misplaced::Io)?;
    let mut at = root.clone();
    let mut parts = relative.components();
    while let Some(part) = parts.next() {
        let next = at.join(part);
        match step("resolve", || next.symlink_metadata()) {
            // From here on nothing exists, so nothing can lead astray.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                at = parts.fold(next, |at, part| at.join(part));
                break;
            }
            Err(error) => return Err(Misplaced::Io(error)),
            Ok(meta) if meta.is_symlink() => {
                let target = next
                    .canonicalize()
                    // A link to nowhere may come to lead anywhere.
                    .map_err(|_| Misplaced::Outside(next.clone()))?;
                if !target.starts_with(&root) {
                    return Err(Misplaced::Outside(next));
                }
                at = target;
            }
            Ok(_) => at = next,
        }
    }
    let inside = at.strip_prefix(&root).map(Path::to_owned);
    inside.map_err(|_| Misplaced::Outside(at))
}
