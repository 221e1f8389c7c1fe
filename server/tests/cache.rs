//! A check with a cache finds what a check without one finds, whatever happened in between: to the
//! project, to the cache, or to both at once.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects by failing"
)]

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use quickback_realtime::check::{self, CheckedProject, Options, Report};
use quickback_realtime::generate::{self, Outcome, Request};
use quickback_realtime::lower::Looked;

/// A copy of a fixture, and a folder for its cache.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new(fixture: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures");
        copy(&fixtures.join(fixture), &folder.path().join("project"));
        Self { folder }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("project").canonicalize().unwrap()
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    /// Checks with a cache in a folder, or without one.
    fn check(&self, cache: Option<PathBuf>) -> Report {
        let root = self.root();
        let scopes = check::scopes(std::slice::from_ref(&root)).unwrap();
        let options = Options {
            cache,
            generated: true,
            ..Options::default()
        };
        check::check(&scopes, &options, &root, &())
    }

    /// Fails unless a cached check finds what a fresh one finds.
    #[track_caller]
    fn compare(&self) {
        let fresh = self.check(None);
        let cached = self.check(Some(self.cache()));
        assert_eq!(cached.notes, [] as [String; 0]);
        assert_eq!(said(&cached), said(&fresh));
    }

    /// Generates its files, so that from now on they are compared.
    fn generate(&self) {
        let root = self.root();
        let project = CheckedProject::open(&root, &Options::default()).project;
        let request = Request::Command { force: false };
        let outcome = generate::run(&project, request, &Looked::default());
        assert!(
            matches!(outcome, Outcome::Written { .. } | Outcome::Blocked(_)),
            "{outcome:?}"
        );
    }

    /// The sources of the project, sorted.
    fn sources(&self) -> Vec<PathBuf> {
        let mut files = files(&self.root());
        files.retain(|file| file.extension().is_some_and(|e| e == "ts" || e == "tsx"));
        files
    }
}

/// Everything that a report says.
fn said(report: &Report) -> String {
    format!(
        "{:#?} {:?} {:?}",
        report.findings, report.failures, report.summary
    )
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(file, target).unwrap();
    }
}

/// What can happen to a file between two checks; numbers choose among what there is.
#[derive(Debug, Clone)]
enum Change {
    /// A piece of the text is replaced.
    Edit(usize, usize, usize, &'static str),
    /// The file takes the text of another.
    Overwrite(usize, usize),
    /// Two files change places.
    Swap(usize, usize),
    Remove(usize),
    /// A file of the cache is cut off.
    Cut(usize, usize),
    /// A byte of the cache is another.
    Flip(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let any = any::<usize>;
    let piece = prop::sample::select(vec![
        "",
        "'",
        "}",
        "editor",
        "realtime: { enabled: true },",
        "// quickback-realtime-ignore unknown-role\n",
        "é😀\r\n",
    ]);
    prop_oneof![
        6 => (any(), any(), 0_usize..12, piece).prop_map(|(f, at, n, p)| Change::Edit(f, at, n, p)),
        1 => (any(), any()).prop_map(|(a, b)| Change::Overwrite(a, b)),
        1 => (any(), any()).prop_map(|(a, b)| Change::Swap(a, b)),
        1 => any().prop_map(Change::Remove),
        1 => (any(), any()).prop_map(|(f, at)| Change::Cut(f, at)),
        1 => (any(), any()).prop_map(|(f, at)| Change::Flip(f, at)),
    ]
}

fn apply(project: &Project, change: &Change) {
    let sources = project.sources();
    let pick = |index: usize| &sources[index % sources.len()];
    let kept = files(project.folder.path());
    let kept: Vec<_> = kept
        .iter()
        .filter(|f| f.starts_with(project.cache()))
        .collect();
    match *change {
        Change::Edit(file, at, length, piece) => {
            let text = fs::read_to_string(pick(file)).unwrap();
            let boundary = |at: usize| {
                (at..=text.len())
                    .find(|i| text.is_char_boundary(*i))
                    .unwrap()
            };
            let start = boundary(at % (text.len() + 1));
            let end = boundary((start + length).min(text.len()));
            fs::write(
                pick(file),
                format!("{}{piece}{}", &text[..start], &text[end..]),
            )
            .unwrap();
        }
        Change::Overwrite(from, to) => {
            let text = fs::read(pick(from)).unwrap();
            fs::write(pick(to), text).unwrap();
        }
        Change::Swap(a, b) => {
            let (first, second) = (fs::read(pick(a)).unwrap(), fs::read(pick(b)).unwrap());
            fs::write(pick(a), second).unwrap();
            fs::write(pick(b), first).unwrap();
        }
        Change::Remove(file) => {
            // A project without its configuration is none.
            if !pick(file).to_string_lossy().contains("quickback.config") {
                fs::remove_file(pick(file)).unwrap();
            }
        }
        Change::Cut(..) | Change::Flip(..) if kept.is_empty() => {}
        Change::Cut(file, at) => {
            let file = kept[file % kept.len()];
            let bytes = fs::read(file).unwrap();
            fs::write(file, &bytes[..at % (bytes.len() + 1)]).unwrap();
        }
        Change::Flip(file, at) => {
            let file = kept[file % kept.len()];
            let mut bytes = fs::read(file).unwrap();
            if !bytes.is_empty() {
                let at = at % bytes.len();
                bytes[at] ^= 0x20;
            }
            fs::write(file, bytes).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]
    #[test]
    fn a_cached_check_finds_what_a_fresh_one_finds(
        fixture in prop::sample::select(vec!["newsroom", "leaky"]),
        is_generated in any::<bool>(),
        changes in prop::collection::vec(change(), 1..12),
    ) {
        let project = Project::new(fixture);
        if is_generated {
            project.generate();
        }
        project.compare();
        for change in &changes {
            apply(&project, change);
            project.compare();
        }
    }
}

#[test]
fn what_has_not_changed_is_not_written_again() {
    let project = Project::new("leaky");
    project.check(Some(project.cache()));
    let written = |folder: &Path| -> Vec<_> {
        let files = files(folder).into_iter();
        files
            .map(|file| (file.metadata().unwrap().modified().unwrap(), file))
            .collect()
    };
    let first = written(&project.cache());
    assert!(!first.is_empty());
    project.compare();
    assert_eq!(written(&project.cache()), first);

    let source = &project.sources()[0];
    let text = fs::read_to_string(source).unwrap();
    fs::write(source, format!("{text}\n")).unwrap();
    project.compare();
    let second = written(&project.cache());
    let changed = first.iter().zip(&second).filter(|(a, b)| a != b).count();
    assert_eq!((first.len(), changed), (second.len(), 1));
}

#[test]
fn many_checks_at_once_agree() {
    let project = Project::new("leaky");
    let fresh = said(&project.check(None));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..4 {
                    let report = project.check(Some(project.cache()));
                    assert_eq!(report.notes, [] as [String; 0]);
                    assert_eq!(said(&report), fresh);
                }
            });
        }
    });
}

#[test]
fn a_folder_that_cannot_be_written_is_said_and_changes_nothing() {
    let project = Project::new("leaky");
    let fresh = said(&project.check(None));
    // Even whoever may write everywhere can make no folder in a file.
    let file = project.folder.path().join("file");
    fs::write(&file, "").unwrap();
    let report = project.check(Some(file.join("cache")));
    assert_eq!(said(&report), fresh);
    assert!(
        matches!(&report.notes[..], [note] if note.starts_with("cannot keep what was found in ")),
        "{:?}",
        report.notes
    );
}
