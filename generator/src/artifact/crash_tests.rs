//! What a failure, or an end, at any operation of the writer leaves behind.

use super::disk::faults::{Fault, with};
use super::{
    Artifact, Comment, Report, State, WriteError, compare, create, replace, sha256, write,
};
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;
use tempfile::{TempDir, tempdir};

/// The errors that a disk has for a writer.
const KINDS: [ErrorKind; 4] = [
    ErrorKind::StorageFull,
    ErrorKind::PermissionDenied,
    ErrorKind::ReadOnlyFilesystem,
    ErrorKind::Other,
];

fn artifact(path: &str, body: &str) -> Artifact {
    Artifact::generated(path.into(), Comment::Rust, &sha256(body), body)
}

/// A project whose outputs are stale, missing, right, forced, and behind a link; and what is to be
/// written into it.
struct Project {
    root: TempDir,
    new: Vec<Artifact>,
}

impl Project {
    fn new() -> Self {
        let root = tempdir().unwrap();
        let old = [
            artifact("a/stale.rs", "// old\n"),
            artifact("a/right.rs", "// right\n"),
            artifact("real/linked.rs", "// old\n"),
        ];
        write(root.path(), &old, false).unwrap();
        fs::write(root.path().join("forced.rs"), "// somebody else's\n").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("real/linked.rs", root.path().join("linked.rs")).unwrap();
        let new = vec![
            artifact("a/stale.rs", "// new\n"),
            artifact("a/right.rs", "// right\n"),
            artifact("b/c/missing.rs", "// new\n"),
            Artifact::scaffold("b/wrangler.toml".into(), "name = \"b\"\n".into()),
            artifact("forced.rs", "// new\n"),
            artifact("linked.rs", "// new\n"),
        ];
        Self { root, new }
    }

    fn write(&self) -> Result<Report, WriteError> {
        write(self.root.path(), &self.new, true)
    }

    fn tree(&self) -> BTreeMap<PathBuf, Entry> {
        tree(self.root.path())
    }

    fn is_fresh(&self) -> bool {
        let found = compare(self.root.path(), &self.new);
        found.iter().all(|found| found.state == State::Fresh)
    }
}

/// What stands at a path: a folder, or the content and time of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Folder,
    File(String, SystemTime),
}

/// Everything under a folder, but for folders that are empty.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Entry> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            found.insert(path.clone(), Entry::Folder);
            found.extend(tree(&path));
        } else {
            let text = fs::read_to_string(&path).unwrap();
            let time = fs::metadata(&path).unwrap().modified().unwrap();
            found.insert(path, Entry::File(text, time));
        }
    }
    found
}

fn texts(tree: &BTreeMap<PathBuf, Entry>) -> BTreeMap<PathBuf, String> {
    let text = |(path, entry): (&PathBuf, &Entry)| match entry {
        Entry::File(text, _) => Some((path.clone(), text.clone())),
        Entry::Folder => None,
    };
    tree.iter().filter_map(text).collect()
}

fn is_ours(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_string_lossy();
    name.starts_with(".quickback-realtime-")
}

/// The texts that a project ends with when all goes well.
fn finished() -> BTreeMap<PathBuf, String> {
    let project = Project::new();
    project.write().unwrap();
    relative(&project)
}

/// The texts of a project, by their path in it.
fn relative(project: &Project) -> BTreeMap<PathBuf, String> {
    let root = project.root.path();
    let texts = texts(&project.tree()).into_iter();
    texts
        .map(|(path, text)| (path.strip_prefix(root).unwrap().to_owned(), text))
        .collect()
}

/// Tries `one` with a fault at each operation in turn, until none is left. Answers how many there are.
fn at_each(mut one: impl FnMut(usize) -> Vec<&'static str>) -> usize {
    for at in 0.. {
        if one(at).len() <= at {
            return at;
        }
        assert!(at < 1000, "it does not end");
    }
    unreachable!("the loop ends by returning")
}

/// Every file is the old one or the new one, and the next writer makes all of them the new ones and
/// leaves nothing else.
fn assert_whole_and_mendable(
    project: &Project,
    before: &BTreeMap<PathBuf, String>,
    finished: &BTreeMap<PathBuf, String>,
    what: &str,
) {
    for (path, text) in relative(project) {
        let is_whole = [before, finished]
            .iter()
            .any(|t| t.get(&path) == Some(&text));
        assert!(
            is_whole || is_ours(&path),
            "{what}: {} is {text:?}",
            path.display()
        );
    }
    for path in before.keys() {
        assert!(
            project.root.path().join(path).exists(),
            "{what}: {} is gone",
            path.display()
        );
    }
    project.write().unwrap();
    assert!(project.is_fresh(), "{what}");
    assert_eq!(
        &relative(project),
        finished,
        "{what}: nothing is left behind"
    );
}

#[test]
fn killed_at_any_operation_every_file_is_whole_and_the_next_run_mends_it() {
    let finished = finished();
    let count = at_each(|at| {
        let project = Project::new();
        let before = relative(&project);
        let (_, done) = with(at, Fault::Killed, || project.write());
        let what = format!("killed at operation {at}, {:?}", done.get(at));
        assert_whole_and_mendable(&project, &before, &finished, &what);
        done
    });
    assert!(count > 80, "{count} operations");
}

#[test]
fn an_error_at_any_operation_changes_all_or_nothing() {
    let finished = finished();
    for first in 0..KINDS.len() / 2 {
        at_each(|at| {
            // Each operation fails in two ways.
            let kind = KINDS[(at + first * 2) % KINDS.len()];
            let project = Project::new();
            let (before, texts_before) = (project.tree(), relative(&project));
            let (result, done) = with(at, Fault::Refused(kind), || project.write());
            let what = format!("{kind} at operation {at}, {:?}", done.get(at));
            match result {
                Ok(_) => assert!(project.is_fresh(), "{what}"),
                Err(error) => {
                    assert_says_what_to_do(&error, &project, &what);
                    let mut after = project.tree();
                    // A temporary file that may not be removed now is removed by the next run.
                    after.retain(|path, _| done.get(at) != Some(&"unlink") || !is_ours(path));
                    assert_eq!(after, before, "{what}: {error}");
                }
            }
            assert_whole_and_mendable(&project, &texts_before, &finished, &what);
            done
        });
    }
}

fn assert_says_what_to_do(error: &WriteError, project: &Project, what: &str) {
    let text = error.to_string();
    let root = project.root.path().display().to_string();
    let names_a_file = project.new.iter().any(|a| text.contains(&a.path)) || text.contains(&root);
    assert!(names_a_file, "{what}: {text}");
    let verbs = ["again", "cannot be read", "run: generate --force"];
    assert!(
        verbs.iter().any(|verb| text.contains(verb)),
        "{what}: {text}"
    );
}

#[test]
fn what_is_broken_for_good_is_said_and_nothing_is_lost() {
    let finished = finished();
    let mut half = 0;
    at_each(|at| {
        let project = Project::new();
        let before = relative(&project);
        let (result, done) = with(at, Fault::Broken(ErrorKind::Other), || project.write());
        let what = format!("broken from operation {at}, {:?}", done.get(at));
        let after = relative(&project);
        let place = |path: &str| PathBuf::from(path.replace("linked.rs", "real/linked.rs"));
        let said = result.as_ref().err().map(ToString::to_string);
        if let Err(WriteError::HalfWritten {
            unrestored, kept, ..
        }) = result
        {
            half += 1;
            for path in &unrestored {
                assert_eq!(
                    after.get(&place(path)),
                    finished.get(&place(path)),
                    "{what}"
                );
            }
            let said = said.unwrap();
            let kept: Vec<String> = kept
                .iter()
                .inspect(|p| assert!(said.contains(&*p.to_string_lossy()), "{what}: {said}"))
                .map(|p| fs::read_to_string(p).unwrap())
                .collect();
            for text in unrestored
                .iter()
                .filter_map(|path| before.get(&place(path)))
            {
                assert!(kept.contains(text), "{what}: {kept:?}");
            }
        } else if result.is_err() {
            let outputs = after.iter().filter(|(path, _)| !is_ours(path));
            assert!(outputs.eq(before.iter()), "{what}");
        }
        assert_whole_and_mendable(&project, &before, &finished, &what);
        done
    });
    assert!(half > 0, "renames broke half-way");
}

#[test]
fn what_is_edited_meanwhile_is_not_lost() {
    const EDIT: &str = "// typed by somebody in this very moment\n";
    let mut kept = 0;
    at_each(|at| {
        let project = Project::new();
        let place = project.root.path().join("a/stale.rs");
        let edited = place.clone();
        let edit = Fault::Meanwhile(Rc::new(move || fs::write(&edited, EDIT).unwrap()));
        let forceless = || write(project.root.path(), &project.new[..4], false);
        let (_, done) = with(at, edit, forceless);
        // Between the last look at a file and its renaming nothing can be noticed.
        if done.len() > at && done.get(at) != Some(&"rename") {
            assert_eq!(
                fs::read_to_string(&place).unwrap(),
                EDIT,
                "at {at}, {:?}",
                done.get(at)
            );
            kept += 1;
        }
        done
    });
    assert!(kept > 40, "{kept} edits");
}

#[test]
fn killed_while_a_file_is_edited_or_made_it_is_old_or_new() {
    at_each(|at| {
        let root = tempdir().unwrap();
        let place = root.path().join("claims.ts");
        fs::write(&place, "old").unwrap();
        let (_, done) = with(at, Fault::Killed, || {
            replace(root.path(), "claims.ts", "old", "new")
        });
        let text = fs::read_to_string(&place).unwrap();
        assert!(text == "old" || text == "new", "at {at}: {text}");
        replace(root.path(), "claims.ts", &text, "newer").unwrap();
        assert_eq!(
            texts(&tree(root.path())),
            BTreeMap::from([(place, "newer".to_owned())])
        );
        done
    });
    at_each(|at| {
        let root = tempdir().unwrap();
        let place = root.path().join("settings.json");
        let (_, done) = with(at, Fault::Killed, || {
            create(root.path(), "settings.json", "{}")
        });
        if !place.exists() {
            create(root.path(), "settings.json", "{}").unwrap();
        }
        assert_eq!(fs::read_to_string(&place).unwrap(), "{}", "at {at}");
        create(root.path(), "settings.json", "{}").unwrap_err();
        assert_eq!(tree(root.path()).len(), 1, "at {at}");
        done
    });
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;

    /// Somebody puts a link out of the project into a place, at any moment.
    fn assert_nothing_is_touched(swap: impl Fn(&Path, &Path) + Copy + 'static) {
        at_each(|at| {
            let project = Project::new();
            let elsewhere = tempdir().unwrap();
            fs::write(elsewhere.path().join("stale.rs"), "// theirs\n").unwrap();
            let before = tree(elsewhere.path());
            let (root, outside) = (project.root.path().to_owned(), elsewhere.path().to_owned());
            let meanwhile = Fault::Meanwhile(Rc::new(move || swap(&root, &outside)));
            let (_, done) = with(at, meanwhile, || project.write());
            // A root that is a link before it is opened leads to where the project is.
            if at > 0 {
                assert_eq!(
                    tree(elsewhere.path()),
                    before,
                    "at {at}, {:?}",
                    done.get(at)
                );
            }
            done
        });
    }

    #[test]
    fn a_folder_that_becomes_a_link_out_of_the_project_leads_nowhere() {
        assert_nothing_is_touched(|root, outside| {
            fs::rename(root.join("a"), root.join("moved")).unwrap();
            symlink(outside, root.join("a")).unwrap();
        });
    }

    #[test]
    fn a_file_that_becomes_a_link_out_of_the_project_leads_nowhere() {
        assert_nothing_is_touched(|root, outside| {
            fs::remove_file(root.join("a/stale.rs")).unwrap();
            symlink(outside.join("stale.rs"), root.join("a/stale.rs")).unwrap();
        });
    }

    #[test]
    fn a_missing_folder_that_becomes_a_link_out_of_the_project_leads_nowhere() {
        assert_nothing_is_touched(|root, outside| {
            // It may have been made already.
            let _ = fs::remove_dir_all(root.join("b"));
            symlink(outside, root.join("b")).unwrap();
        });
    }

    #[test]
    fn a_root_that_becomes_a_link_leads_nowhere() {
        assert_nothing_is_touched(|root, outside| {
            let moved = root.with_extension("moved");
            fs::rename(root, &moved).unwrap();
            symlink(outside, root).unwrap();
        });
    }

    #[test]
    fn an_edit_is_not_made_through_a_link_out_of_the_project() {
        let (root, elsewhere) = (tempdir().unwrap(), tempdir().unwrap());
        let theirs = elsewhere.path().join("shared.ts");
        fs::write(&theirs, "old").unwrap();
        symlink(&theirs, root.path().join("shared.ts")).unwrap();
        let error = replace(root.path(), "shared.ts", "old", "new").unwrap_err();
        assert!(
            error.to_string().contains("leads out of the project"),
            "{error}"
        );
        assert_eq!(fs::read_to_string(&theirs).unwrap(), "old");
    }
}

#[test]
fn a_folder_that_comes_into_the_way_takes_everything_back() {
    at_each(|at| {
        let project = Project::new();
        let place = project.root.path().join("b/c/missing.rs");
        let folder = place.clone();
        let make = move || {
            // After the file has been written, it is too late to be in its way.
            let _ = fs::create_dir_all(folder.join("inner"));
        };
        let (result, done) = with(at, Fault::Meanwhile(Rc::new(make)), || project.write());
        if place.is_dir() {
            result.unwrap_err();
            let stale = fs::read_to_string(project.root.path().join("a/stale.rs")).unwrap();
            assert!(stale.ends_with("// old\n"), "at {at}, {:?}", done.get(at));
        }
        done
    });
}

#[test]
fn two_writers_wait_for_each_other() {
    let project = Project::new();
    std::thread::scope(|scope| {
        for turn in 0..4 {
            let (root, new) = (project.root.path(), &project.new);
            scope.spawn(move || {
                for round in 0..10 {
                    let body = format!("// {turn} {round}\n");
                    let all: Vec<_> = new.iter().map(|a| artifact(&a.path, &body)).collect();
                    write(root, &all, true).unwrap();
                }
            });
        }
    });
    let outputs = relative(&project);
    let bodies: Vec<&str> = outputs
        .values()
        .map(|text| text.lines().last().unwrap())
        .collect();
    assert!(
        bodies.windows(2).all(|pair| pair[0] == pair[1]),
        "{bodies:?}"
    );
}
