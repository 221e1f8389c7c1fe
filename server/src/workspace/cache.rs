//! What was read of files in an earlier run, so that only what has changed is parsed.
//!
//! An entry is the facts of one text. They follow from the text and its dialect alone, never from
//! another file, so the key is a hash of both; that of the sources that read them, and of the
//! versions of what they use, is in the head of each file of the cache. Whatever else a check does
//! it does anew, so a cached check finds what a fresh one finds.
//!
//! A project's entries lie in a few files (shards), by a hash of the path that they are for, and a
//! run writes only those shards again in which something is new. It writes them whole, beside the
//! old ones, and renames them over these: whoever reads meanwhile sees one or the other. What no
//! file of the project has any more is left out then, so a cache is never much larger than the
//! facts of its project.

use std::fs;
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest as _, Sha256};

use crate::document::Dialect;
use crate::facts::FileFacts;

/// The first bytes of every shard: what it is, and the sources that wrote it.
const HEAD: &str = concat!(
    "quickback-realtime facts ",
    env!("CARGO_PKG_VERSION"),
    " ",
    env!("QUICKBACK_REALTIME_SOURCES"),
    "\n"
);

/// How many shards a project has.
const SHARDS: usize = 16;

/// How the names of shards end, and how those begin that are still being written.
const SUFFIX: &str = ".facts";
const WRITING: &str = "writing-";

/// What nobody has used for so long is removed.
const MAX_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A shard that is still being written after so long was given up.
const MAX_WRITING: Duration = Duration::from_secs(60 * 60);

/// At most so many bytes are kept of all projects together; the projects that were used least
/// recently go first.
const MAX_BYTES: u64 = 1 << 30;

/// The first half of a SHA-256.
type Hash = [u8; 16];

/// The bytes before an entry's facts: its key, a hash of the facts, and their length.
const ENTRY_HEAD: usize = 16 + 16 + 4;

/// The facts that earlier runs have read of a project's files.
#[derive(Debug)]
pub struct Cache {
    /// Where this project's entries are.
    own: PathBuf,
    root: PathBuf,
    shards: Vec<Shard>,
}

#[derive(Debug, Default)]
struct Shard {
    bytes: Vec<u8>,
    /// Where the facts of a key are in the bytes, with the hash that they must have.
    entries: FxHashMap<Hash, (Hash, Range<usize>)>,
    used: Mutex<Used>,
}

#[derive(Debug, Default)]
struct Used {
    /// The keys of the entries that were good.
    kept: Vec<Hash>,
    /// Entries that were not there yet, as they are written.
    fresh: Vec<Vec<u8>>,
}

impl Cache {
    /// Reads what is kept in `folder` of the project at `root`. What cannot be read, or was not
    /// written by this very version, is as good as not there.
    pub fn open(folder: &Path, root: &Path) -> Self {
        let own = place_of(folder, root);
        let shards = (0..SHARDS).into_par_iter();
        let shards = shards.map(|index| Shard::read(&own.join(shard_name(index))));
        Self {
            root: root.to_owned(),
            shards: shards.collect(),
            own,
        }
    }

    /// The facts of a text that is at a path.
    pub fn facts(&self, text: &str, path: &Path) -> FileFacts {
        let key = key(text, Dialect::of_path(path));
        let Some(shard) = self.shard(path) else {
            return FileFacts::of_text(text, path);
        };
        let known = shard.entry(&key).and_then(|bytes| decode(bytes, text));
        if let Some(facts) = known {
            shard.used().kept.push(key);
            return facts;
        }
        let facts = FileFacts::of_text(text, path);
        if let Some(entry) = encode(&key, &facts) {
            shard.used().fresh.push(entry);
        }
        facts
    }

    /// Writes what is new. Answers whether anything was: then [`Cache::prune`] is due, once for all
    /// projects of a run.
    ///
    /// # Errors
    /// What the system refused. What was kept before is as it was then.
    pub fn save(&self) -> io::Result<bool> {
        let stale: Vec<(usize, &Shard)> = self
            .shards
            .iter()
            .enumerate()
            .filter(|(_, shard)| !shard.used().fresh.is_empty())
            .collect();
        if stale.is_empty() {
            return Ok(false);
        }
        fs::create_dir_all(&self.own)?;
        stale
            .into_par_iter()
            .try_for_each(|(index, shard)| shard.write(&self.own, index))?;
        Ok(true)
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

    fn shard(&self, path: &Path) -> Option<&Shard> {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        let [first, ..] = hash(&[relative.as_os_str().as_encoded_bytes()]);
        self.shards.get(usize::from(first) % SHARDS)
    }
}

impl Shard {
    fn read(path: &Path) -> Self {
        let Ok(bytes) = fs::read(path) else {
            return Self::default();
        };
        if !bytes.starts_with(HEAD.as_bytes()) {
            return Self::default();
        }
        let mut entries = FxHashMap::default();
        let mut at = HEAD.len();
        while let Some((key, check, length)) = entry_head(&bytes, at) {
            let start = at.saturating_add(ENTRY_HEAD);
            let end = start.saturating_add(length);
            if end > bytes.len() {
                break;
            }
            entries.insert(key, (check, start..end));
            at = end;
        }
        Self {
            bytes,
            entries,
            used: Mutex::default(),
        }
    }

    fn used(&self) -> std::sync::MutexGuard<'_, Used> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The facts of a key as they were written, if they are what was written.
    fn entry(&self, key: &Hash) -> Option<&[u8]> {
        let (check, range) = self.entries.get(key)?;
        let facts = self.bytes.get(range.clone())?;
        (hash(&[facts]) == *check).then_some(facts)
    }

    fn write(&self, folder: &Path, index: usize) -> io::Result<()> {
        let used = self.used();
        let mut file = tempfile::Builder::new()
            .prefix(WRITING)
            .tempfile_in(folder)?;
        let mut kept = used.kept.clone();
        kept.sort_unstable();
        kept.dedup();
        let mut bytes = HEAD.as_bytes().to_vec();
        for range in kept.iter().filter_map(|key| self.entries.get(key)) {
            let (_, Range { start, end }) = range;
            let whole = start.saturating_sub(ENTRY_HEAD)..*end;
            bytes.extend_from_slice(self.bytes.get(whole).unwrap_or_default());
        }
        for entry in &used.fresh {
            bytes.extend_from_slice(entry);
        }
        file.write_all(&bytes)?;
        file.persist(folder.join(shard_name(index)))
            .map_err(|error| error.error)?;
        Ok(())
    }
}

fn shard_name(index: usize) -> String {
    format!("{index:x}{SUFFIX}")
}

fn entry_head(bytes: &[u8], at: usize) -> Option<(Hash, Hash, usize)> {
    let (key, rest) = bytes.get(at..)?.split_first_chunk::<16>()?;
    let (check, rest) = rest.split_first_chunk::<16>()?;
    let (length, _) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    Some((*key, *check, length))
}

/// The facts as they are kept: all but the text, which is at hand whenever they are wanted.
fn encode(key: &Hash, facts: &FileFacts) -> Option<Vec<u8>> {
    let bytes = postcard::to_allocvec(facts).ok()?;
    let length = u32::try_from(bytes.len()).ok()?;
    let mut entry = Vec::with_capacity(ENTRY_HEAD.saturating_add(bytes.len()));
    entry.extend_from_slice(key);
    entry.extend_from_slice(&hash(&[&bytes]));
    entry.extend_from_slice(&length.to_le_bytes());
    entry.extend_from_slice(&bytes);
    Some(entry)
}

fn decode(bytes: &[u8], text: &str) -> Option<FileFacts> {
    let facts: FileFacts = postcard::from_bytes(bytes).ok()?;
    Some(facts.with_text(text))
}

fn key(text: &str, dialect: Dialect) -> Hash {
    let dialect: &[u8] = match dialect {
        Dialect::TypeScript => b"ts",
        Dialect::Tsx => b"tsx",
    };
    hash(&[dialect, b"\0", text.as_bytes()])
}

fn hash(parts: &[&[u8]]) -> Hash {
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

    const TEXT: &str = "import { defineTable } from '@quickback/compiler';\n\
        // quickback-realtime-ignore unknown-role\n\
        export default defineTable(t, { realtime: { enabled: true, fields: ['id', ...more] } });\n";

    fn path() -> &'static Path {
        Path::new("/p/features/a.ts")
    }

    fn open(folder: &Path) -> Cache {
        Cache::open(folder, Path::new("/p"))
    }

    /// How many entries of a cache were of use, and how many texts had to be read.
    fn counts(cache: &Cache) -> (usize, usize) {
        let used = cache.shards.iter().map(Shard::used);
        used.fold((0, 0), |(kept, fresh), used| {
            (kept + used.kept.len(), fresh + used.fresh.len())
        })
    }

    #[test]
    fn facts_come_back_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let fresh = FileFacts::of_text(TEXT, path());
        for expected in [(0, 1), (1, 0)] {
            let cache = open(folder.path());
            assert_eq!(cache.facts(TEXT, path()), fresh);
            assert_eq!(counts(&cache), expected);
            cache.save().unwrap();
        }
    }

    #[test]
    fn another_text_dialect_project_or_version_is_read_anew() {
        let folder = tempfile::tempdir().unwrap();
        let cache = open(folder.path());
        cache.facts(TEXT, path());
        cache.save().unwrap();

        let cache = open(folder.path());
        cache.facts(&format!("{TEXT} "), path());
        cache.facts(TEXT, Path::new("/p/features/a.tsx"));
        assert_eq!(counts(&cache), (0, 2));

        let cache = Cache::open(folder.path(), Path::new("/q"));
        cache.facts(TEXT, Path::new("/q/features/a.ts"));
        assert_eq!(counts(&cache), (0, 1));

        let own = open(folder.path()).own;
        for shard in fs::read_dir(&own).unwrap() {
            let shard = shard.unwrap().path();
            let mut bytes = fs::read(&shard).unwrap();
            bytes[HEAD.len() - 2] ^= 1;
            fs::write(&shard, bytes).unwrap();
        }
        let cache = open(folder.path());
        cache.facts(TEXT, path());
        assert_eq!(counts(&cache), (0, 1));
    }

    #[test]
    fn no_damage_is_taken_for_facts() {
        let folder = tempfile::tempdir().unwrap();
        let cache = open(folder.path());
        cache.facts(TEXT, path());
        cache.save().unwrap();
        let shard = fs::read_dir(&cache.own).unwrap().next().unwrap();
        let shard = shard.unwrap().path();
        let good = fs::read(&shard).unwrap();
        let fresh = FileFacts::of_text(TEXT, path());
        for at in 0..good.len() {
            let mut flipped = good.clone();
            flipped[at] ^= 0x10;
            for damaged in [&flipped[..], &good[..at]] {
                fs::write(&shard, damaged).unwrap();
                let cache = open(folder.path());
                assert_eq!(cache.facts(TEXT, path()), fresh);
                assert_eq!(counts(&cache), (0, 1), "damage at {at}");
            }
        }
    }

    #[test]
    fn what_is_gone_from_the_project_goes_from_its_shards() {
        let folder = tempfile::tempdir().unwrap();
        let size = |cache: &Cache| -> u64 {
            let files = fs::read_dir(&cache.own).unwrap();
            files.map(|f| f.unwrap().metadata().unwrap().len()).sum()
        };
        let cache = open(folder.path());
        cache.facts(TEXT, path());
        cache.save().unwrap();
        let first = size(&cache);
        for round in 0..20 {
            let cache = open(folder.path());
            cache.facts(&format!("{TEXT}// {round:4}\n"), path());
            cache.save().unwrap();
            assert!(size(&cache) < first + 100);
        }
    }

    #[test]
    fn what_is_old_or_too_much_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let cache = open(folder.path());
        cache.facts(TEXT, path());
        cache.save().unwrap();
        let other = Cache::open(folder.path(), Path::new("/q"));
        other.facts(TEXT, Path::new("/q/a.ts"));
        other.save().unwrap();
        fs::write(cache.own.join("writing-x"), "").unwrap();
        let foreign = folder.path().join("somebody's own");
        fs::create_dir(&foreign).unwrap();
        let begun = Cache::open(folder.path(), Path::new("/r")).own;
        fs::create_dir(&begun).unwrap();

        let own = FxHashSet::from_iter([cache.own.clone()]);
        prune(folder.path(), &own, SystemTime::now()).unwrap();
        assert!(other.own.exists() && cache.own.join("writing-x").exists());
        assert!(begun.exists());
        let later = SystemTime::now() + MAX_AGE + Duration::from_secs(1);
        prune(folder.path(), &own, later).unwrap();
        assert!(!other.own.exists() && cache.own.exists());
        assert!(!cache.own.join("writing-x").exists());
        assert!(foreign.exists());
    }
}
