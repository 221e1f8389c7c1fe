//! Where is kept what a check has found, so that the next one looks only at what has changed.
//!
//! Of each project there is one file, which is written whole, beside the old one, and renamed over
//! it: whoever reads meanwhile sees one or the other. In its head are the sources of the binary that
//! wrote it, and a hash of the rest: what another version wrote, or what was damaged, is as good as
//! not there.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustc_hash::FxHashSet;
use sha2::{Digest as _, Sha256};

/// The first bytes of a file: what it is, and the sources that wrote it.
const HEAD: &str = concat!(
    "quickback-realtime check ",
    env!("CARGO_PKG_VERSION"),
    " ",
    env!("QUICKBACK_REALTIME_SOURCES"),
    "\n"
);

/// The name of a project's file, how such names end, and how those begin that are being written.
const NAME: &str = "check.kept";
const SUFFIX: &str = ".kept";
const WRITING: &str = "writing-";

/// What nobody has used for so long is removed.
const MAX_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A file that is still being written after so long was given up.
const MAX_WRITING: Duration = Duration::from_secs(60 * 60);

/// At most so many bytes are kept of all projects together; the projects that were used least
/// recently go first.
const MAX_BYTES: u64 = 1 << 30;

/// The first half of a SHA-256.
pub type Hash = [u8; 16];

/// What is kept of one project.
#[derive(Debug)]
pub struct Cache {
    own: PathBuf,
}

impl Cache {
    /// Where it is kept by default: in the system's folder for what can be made again, since nobody
    /// wants it among sources, and a project need not have a `node_modules`. `None` if the system
    /// names none.
    pub fn default_folder() -> Option<PathBuf> {
        Some(dirs::cache_dir()?.join("quickback-realtime"))
    }

    /// What is kept in `folder` of the project at `root`.
    pub fn of(folder: &Path, root: &Path) -> Self {
        Self {
            own: place_of(folder, root),
        }
    }

    /// What was written last by this very version, if it can be read and is whole.
    pub fn read(&self) -> Option<Vec<u8>> {
        let bytes = fs::read(self.own.join(NAME)).ok()?;
        let rest = bytes.strip_prefix(HEAD.as_bytes())?;
        let (check, kept) = rest.split_first_chunk::<16>()?;
        (hash(&[kept]) == *check).then(|| kept.to_vec())
    }

    /// Writes what takes the place of what was written before.
    ///
    /// # Errors
    /// What the system refused. What was kept before is as it was then.
    pub fn write(&self, kept: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.own)?;
        let mut file = tempfile::Builder::new()
            .prefix(WRITING)
            .tempfile_in(&self.own)?;
        file.write_all(HEAD.as_bytes())?;
        file.write_all(&hash(&[kept]))?;
        file.write_all(kept)?;
        file.persist(self.own.join(NAME))
            .map_err(|error| error.error)?;
        Ok(())
    }

    /// Removes from `folder` what nobody has used for long, and what is too much, but not what is
    /// kept of the projects at `roots`.
    ///
    /// # Errors
    /// What the system refused.
    pub fn prune<'r>(folder: &Path, roots: impl Iterator<Item = &'r Path>) -> io::Result<()> {
        let own = roots.map(|root| place_of(folder, root)).collect();
        prune(folder, &own, SystemTime::now())
    }
}

/// A hash of parts, one after another.
pub fn hash(parts: &[&[u8]]) -> Hash {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part);
    }
    let whole: [u8; 32] = sha.finalize().into();
    whole.first_chunk().copied().unwrap_or_default()
}

fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
/// A project's cache, as it is seen by others.
struct Kept {
    latest: SystemTime,
    size: u64,
    path: PathBuf,
    files: Vec<PathBuf>,
}

/// Where in a folder is what belongs to the project at `root`: under a hash, as a path may be too
/// long for a name.
pub(super) fn place_of(folder: &Path, root: &Path) -> PathBuf {
    folder.join(hex(&hash(&[root.as_os_str().as_encoded_bytes()])))
}

/// Removes what is old, and what is too much; never what is in `own`, and never anything that
/// does not look like ours: a folder for caches may be one that holds other things too.
fn prune(folder: &Path, own: &FxHashSet<PathBuf>, now: SystemTime) -> io::Result<()> {
    let age = |time: SystemTime| now.duration_since(time).unwrap_or_default();
    let mut others: Vec<Kept> = Vec::new();
    let mut total: u64 = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_ours = name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        // Another run may remove the same at the same time.
        let Some(entries) = is_ours.then(|| fs::read_dir(&path).ok()).flatten() else {
            continue;
        };
        let mut kept = Kept {
            // Another run may have made the folder just now, and is about to write into it.
            latest: path.metadata().and_then(|m| m.modified()).unwrap_or(now),
            size: 0,
            files: Vec::new(),
            path,
        };
        for file in entries.flatten() {
            let (name, Ok(metadata)) = (file.file_name(), file.metadata()) else {
                continue;
            };
            let (name, changed) = (name.to_string_lossy(), metadata.modified().unwrap_or(now));
            if name.starts_with(WRITING) && age(changed) > MAX_WRITING {
                remove(fs::remove_file(file.path()))?;
            } else if name.starts_with(WRITING) || name.ends_with(SUFFIX) {
                kept.size = kept.size.saturating_add(metadata.len());
                kept.latest = kept.latest.max(changed);
                kept.files.push(file.path());
            }
        }
        total = total.saturating_add(kept.size);
        if !own.contains(&kept.path) {
            others.push(kept);
        }
    }
    others.sort_by(|a, b| (a.latest, &a.path).cmp(&(b.latest, &b.path)));
    for kept in others {
        if total > MAX_BYTES || age(kept.latest) > MAX_AGE {
            for file in kept.files {
                remove(fs::remove_file(file))?;
            }
            remove(fs::remove_dir(kept.path))?;
            total = total.saturating_sub(kept.size);
        }
    }
    Ok(())
}

/// What is gone already need not be removed, and what holds something else is not ours to remove.
fn remove(result: io::Result<()>) -> io::Result<()> {
    use io::ErrorKind::{DirectoryNotEmpty, NotFound};
    match result {
        Err(error) if matches!(error.kind(), NotFound | DirectoryNotEmpty) => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(folder: &Path, root: &str) -> Cache {
        Cache::of(folder, Path::new(root))
    }

    #[test]
    fn what_is_kept_comes_back_to_its_own_project() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(at(folder.path(), "/p").read(), None);
        at(folder.path(), "/p").write(b"first").unwrap();
        at(folder.path(), "/p").write(b"second").unwrap();
        assert_eq!(
            at(folder.path(), "/p").read().as_deref(),
            Some(&b"second"[..])
        );
        assert_eq!(at(folder.path(), "/q").read(), None);
    }

    #[test]
    fn no_damage_and_no_other_version_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let cache = at(folder.path(), "/p");
        cache.write(b"what was found").unwrap();
        let path = cache.own.join(NAME);
        let good = fs::read(&path).unwrap();
        for at in 0..good.len() {
            let mut flipped = good.clone();
            flipped[at] ^= 0x10;
            for damaged in [&flipped[..], &good[..at]] {
                fs::write(&path, damaged).unwrap();
                assert_eq!(cache.read(), None, "damage at {at}");
            }
        }
    }

    #[test]
    fn what_is_old_or_too_much_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let [cache, other, begun] = ["/p", "/q", "/r"].map(|root| at(folder.path(), root));
        cache.write(b"own").unwrap();
        other.write(b"another's").unwrap();
        fs::create_dir(&begun.own).unwrap();
        fs::write(cache.own.join("writing-x"), "").unwrap();
        let foreign = folder.path().join("somebody's own");
        fs::create_dir(&foreign).unwrap();

        let own = FxHashSet::from_iter([cache.own.clone()]);
        prune(folder.path(), &own, SystemTime::now()).unwrap();
        assert!(other.own.exists() && cache.own.join("writing-x").exists());
        assert!(begun.own.exists());
        let later = SystemTime::now() + MAX_AGE + Duration::from_secs(1);
        prune(folder.path(), &own, later).unwrap();
        assert!(!other.own.exists() && cache.read().is_some());
        assert!(!cache.own.join("writing-x").exists());
        assert!(foreign.exists());
    }
}
