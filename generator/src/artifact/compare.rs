//! What stands on the disk, beside what should stand there.

use super::disk::Disk;
use super::format::{is_loose, plain, same_line, same_text};
use super::place::{self, Misplaced};
use super::{Artifact, CONTENT, INPUTS, Kind, Origin, is_ours, origin};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;
use std::{fmt, fs};

/// One artifact and what was found in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The artifact's path.
    pub path: String,
    /// What was found.
    pub state: State,
    /// The text that was found, if there was a readable file.
    pub found: Option<String>,
}

/// How a file on the disk relates to what would be generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// There is no such file.
    Missing,
    /// It is what would be written; a scaffold is fresh as soon as it exists.
    Fresh,
    /// It is ours, and no longer what the definitions say.
    Stale(Difference),
    /// It is not ours to replace.
    Foreign(Foreign),
}

/// The first line in which a stale file differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its number in the file on the disk, from 1.
    pub line: usize,
    /// What stands there; `None` after the file's end.
    pub found: Option<String>,
    /// What should stand there; `None` after the end of what should.
    pub expected: Option<String>,
}

/// Why a file is not ours to replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Foreign {
    /// It does not carry our header; with the line that names another generator, if there is one.
    NotOurs(Option<String>),
    /// It carries our header and was changed by hand.
    Edited,
    /// It is a folder or a device.
    NotAFile,
    /// A symbolic link on the way to it leads out of the project.
    Outside,
    /// It could not be read.
    Unreadable(String),
}

impl Foreign {
    /// Whether `--force` may replace it.
    #[must_use]
    pub fn yields_to_force(&self) -> bool {
        matches!(self, Self::NotOurs(_) | Self::Edited)
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOurs(Some(line)) => {
                write!(f, "another tool made it: its header says `{line}`")
            }
            Self::NotOurs(None) => f.write_str("quickback-realtime did not generate it"),
            Self::Edited => f.write_str("it was changed by hand after it was generated"),
            Self::NotAFile => f.write_str("it is a folder or a device, not a file"),
            Self::Outside => f.write_str("a symbolic link leads from there out of the project"),
            Self::Unreadable(error) => write!(f, "it cannot be read: {error}"),
        }
    }
}

/// Compares every artifact with the file in its place under `root`, in the order given.
#[must_use]
pub fn compare(root: &Path, artifacts: &[Artifact]) -> Vec<Comparison> {
    match Disk::open(root) {
        Ok(disk) => compare_on(&disk, root, artifacts),
        Err(error) => {
            let unreadable = |artifact: &Artifact| Comparison {
                path: artifact.path.clone(),
                state: State::Foreign(Foreign::Unreadable(error.to_string())),
                found: None,
            };
            artifacts.iter().map(unreadable).collect()
        }
    }
}

/// [`compare`] on a disk that is open already.
pub(super) fn compare_on(disk: &Disk, root: &Path, artifacts: &[Artifact]) -> Vec<Comparison> {
    let read: Vec<_> = artifacts
        .iter()
        .map(|artifact| (artifact, read(disk, root, artifact)))
        .collect();
    // In a project of thousands of tables, to hash what was found takes longer than to read it.
    let compare_one = |(artifact, read): (&Artifact, Result<Option<String>, Foreign>)| {
        let (state, found) = match read {
            Err(foreign) => (State::Foreign(foreign), None),
            Ok(None) => (State::Missing, None),
            Ok(Some(text)) => (judge(artifact, &text), Some(text)),
        };
        Comparison {
            path: artifact.path.clone(),
            state,
            found,
        }
    };
    read.into_par_iter().map(compare_one).collect()
}

fn judge(artifact: &Artifact, text: &str) -> State {
    if artifact.kind == Kind::Scaffold || same_text(text, &artifact.contents) {
        return State::Fresh;
    }
    match origin(text) {
        Origin::Ours | Origin::Conflicted => State::Stale(difference(text, &artifact.contents)),
        Origin::Edited => State::Foreign(Foreign::Edited),
        Origin::NotOurs(made_by) => State::Foreign(Foreign::NotOurs(made_by)),
    }
}

/// The text in an artifact's place, or `None` where there is nothing.
fn read(disk: &Disk, root: &Path, artifact: &Artifact) -> Result<Option<String>, Foreign> {
    let unreadable = |error: std::io::Error| Foreign::Unreadable(error.to_string());
    let place = match place::resolve(root, &artifact.path) {
        Ok(place) => place,
        Err(Misplaced::Outside(_)) => return Err(Foreign::Outside),
        Err(Misplaced::Io(error)) => return Err(unreadable(error)),
    };
    let Some(meta) = disk.metadata(&place).map_err(unreadable)? else {
        return Ok(None);
    };
    let is_scaffold = artifact.kind == Kind::Scaffold;
    if !meta.is_file() {
        // Whatever stands in a scaffold's place is the user's.
        return is_scaffold
            .then(|| Some(String::new()))
            .ok_or(Foreign::NotAFile);
    }
    match disk.read(&place) {
        // What is no text is certainly not ours.
        Ok(Some(bytes)) => String::from_utf8(bytes).map(Some).or_else(|_| {
            is_scaffold
                .then(|| Some(String::new()))
                .ok_or(Foreign::NotOurs(None))
        }),
        Ok(None) => Ok(None),
        Err(_) if is_scaffold => Ok(Some(String::new())),
        Err(error) => Err(unreadable(error)),
    }
}

fn difference(found: &str, expected: &str) -> Difference {
    // The hashes in the header always differ and tell a reader nothing.
    let dull = |line: &str| line.contains(INPUTS) || line.contains(CONTENT);
    let plain = plain(found);
    // A tool may have put lines before ours.
    let mut last = found.lines().count().saturating_sub(plain.lines().count());
    let mut found_lines = plain.lines().zip(last + 1..);
    let mut expected_lines = expected.lines();
    let mut dull_line = None;
    let loose = is_loose(expected);
    loop {
        match (found_lines.next(), expected_lines.next()) {
            (None, None) => break,
            (Some((a, _)), Some(b)) if same_line(a, b, loose) => last += 1,
            (Some((a, line)), Some(b)) if dull(a) && dull(b) => {
                dull_line.get_or_insert((line, a, b));
                last = line;
            }
            (a, b) => {
                return Difference {
                    line: a.map_or(last + 1, |(_, line)| line),
                    found: a.map(|(text, _)| text.to_owned()),
                    expected: b.map(str::to_owned),
                };
            }
        }
    }
    let (line, found, expected) = dull_line.unwrap_or((last, "", ""));
    Difference {
        line,
        found: Some(found.to_owned()),
        expected: Some(expected.to_owned()),
    }
}

/// The files with our header at or under `places` (files or folders relative to `root`), sorted.
/// Folders that are hidden, linked, or hold dependencies or build results are passed over.
#[must_use]
pub fn find_ours(root: &Path, places: &[String]) -> Vec<String> {
    let mut ours = BTreeSet::new();
    for path in places {
        if let Ok(place) = place::resolve(root, path) {
            collect(&root.join(place), path, 0, &mut ours);
        }
    }
    ours.into_iter().collect()
}

/// The files with our header at or under `places` that are none of `made`, sorted. A file that is
/// reached by two names, through a link or on a disk to which `A` is `a`, is one.
#[must_use]
pub fn left_overs(root: &Path, made: &[Artifact], places: &[String]) -> Vec<String> {
    let made_names: BTreeSet<&str> = made.iter().map(|artifact| artifact.path.as_str()).collect();
    let mut found = find_ours(root, places);
    found.retain(|path| !made_names.contains(path.as_str()));
    if found.is_empty() {
        return found;
    }
    // What cannot be resolved is not there, or cannot be read: its name says all that is known.
    let resolved = |path: &str| root.join(path).canonicalize().ok();
    let made: BTreeSet<_> = made_names.into_iter().filter_map(resolved).collect();
    found.retain(|path| resolved(path).is_none_or(|place| !made.contains(&place)));
    found
}

/// How a file begins; nothing where it cannot be read. A header is shorter, conflicts in it included.
fn head(place: &Path) -> String {
    const BYTES: u64 = 8 * 1024;
    let mut head = Vec::new();
    let read = fs::File::open(place).and_then(|file| file.take(BYTES).read_to_end(&mut head));
    match read {
        Ok(_) => String::from_utf8_lossy(&head).into_owned(),
        Err(_) => String::new(),
    }
}

/// No output lies deeper under its place; the bound keeps a mistaken place from costing much.
const DEPTH: usize = 4;

fn collect(place: &Path, path: &str, depth: usize, ours: &mut BTreeSet<String>) {
    let Ok(meta) = fs::metadata(place) else {
        return;
    };
    if meta.is_file() {
        if is_ours(&head(place)) {
            ours.insert(path.to_owned());
        }
        return;
    }
    if depth == DEPTH {
        return;
    }
    // A folder that cannot be listed holds nothing that we could have written.
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let linked = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        let foreign = matches!(name.as_str(), "node_modules" | "target" | "build" | "dist");
        if !linked && !foreign && !name.starts_with('.') {
            collect(&entry.path(), &format!("{path}/{name}"), depth + 1, ours);
        }
    }
}
