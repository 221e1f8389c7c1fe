//! `generate --watch`: generates whenever something changes that it is made from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use notify::event::ModifyKind;
use notify::{Event, EventKind, RecursiveMode, Watcher};
use rustc_hash::FxHashMap;

use super::Outcome;
use super::format::count;
use super::generate;
use super::output::Output;
use crate::check::{CheckedProject, Options, Scope};
use crate::project::layout;

/// A burst of saves is over when nothing has happened for so long.
const QUIET: Duration = Duration::from_millis(150);
/// And is not waited for any longer than this.
const PATIENCE: Duration = Duration::from_secs(2);

/// Generates the projects, and again whenever one of them changes, until it is interrupted.
pub fn run(scopes: &[Scope], force: bool, base: &Path, output: &Output) -> Outcome {
    let (sender, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event| {
        // The receiver is gone only when the command ends.
        let _ = sender.send(event);
    })
    .context("cannot watch files")?;
    for scope in scopes {
        watcher
            .watch(&scope.root, RecursiveMode::Recursive)
            .with_context(|| format!("cannot watch {}", scope.root.display()))?;
    }
    let mut outside = Outside::default();
    for scope in scopes {
        let project = CheckedProject::open(&scope.root, &Options::default());
        generate::write(&project, scope, force, base, output, true)?;
        outside.watch(&project, scope, &mut watcher);
    }
    output.note(&format!(
        "Watching {}. Stop with Ctrl-C.",
        count(scopes.len(), "project", "projects")
    ));
    loop {
        let changed = next(&events, scopes, &outside)?;
        for scope in scopes.iter().filter(|scope| changed.contains(&scope.root)) {
            // What was forced once is ours from then on; an edit by hand later is not.
            let project = CheckedProject::open(&scope.root, &Options::default());
            generate::write(&project, scope, false, base, output, false)?;
            outside.watch(&project, scope, &mut watcher);
        }
    }
}

/// What projects have read outside of their roots: each file, with the roots of those.
#[derive(Default)]
struct Outside {
    files: FxHashMap<PathBuf, BTreeSet<PathBuf>>,
    folders: BTreeSet<PathBuf>,
}

impl Outside {
    /// Watches what a project has read elsewhere, but for packages that are installed.
    fn watch(&mut self, project: &CheckedProject, scope: &Scope, watcher: &mut dyn Watcher) {
        for path in project.project.paths() {
            let is_installed = path
                .components()
                .any(|part| part.as_os_str() == "node_modules");
            if path.starts_with(&scope.root) || is_installed || !path.is_file() {
                continue;
            }
            if let Some(folder) = path.parent()
                && self.folders.insert(folder.to_owned())
            {
                // What cannot be watched is read all the same whenever something else changes.
                let _unwatched = watcher.watch(folder, RecursiveMode::NonRecursive);
            }
            let roots = self.files.entry(path.to_path_buf()).or_default();
            roots.insert(scope.root.clone());
        }
    }
}

/// Waits for a burst of changes to begin and to end, and answers the roots that it touched.
fn next(
    events: &Receiver<notify::Result<Event>>,
    scopes: &[Scope],
    outside: &Outside,
) -> anyhow::Result<BTreeSet<PathBuf>> {
    let mut changed = BTreeSet::new();
    let mut begun: Option<Instant> = None;
    loop {
        let event = match begun {
            None => events.recv().context("the watcher has ended")?,
            Some(begun) if begun.elapsed() >= PATIENCE => return Ok(changed),
            Some(_) => match events.recv_timeout(QUIET) {
                Ok(event) => event,
                Err(RecvTimeoutError::Timeout) => return Ok(changed),
                Err(error @ RecvTimeoutError::Disconnected) => {
                    return Err(error).context("the watcher has ended");
                }
            },
        };
        let touched = roots(event, scopes, outside);
        if !touched.is_empty() {
            begun.get_or_insert_with(Instant::now);
            changed.extend(touched);
        }
    }
}

/// The roots of the projects that an event may change. After an error, as when the system's
/// queue has run over, that is every one.
fn roots(event: notify::Result<Event>, scopes: &[Scope], outside: &Outside) -> BTreeSet<PathBuf> {
    let all = || scopes.iter().map(|scope| scope.root.clone()).collect();
    let Ok(event) = event else {
        return all();
    };
    if event.need_rescan() {
        return all();
    }
    if matches!(event.kind, EventKind::Access(_)) {
        return BTreeSet::new();
    }
    // A folder may have gone, or come, with everything in it.
    let is_moved = matches!(
        event.kind,
        EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
    );
    let touched = event.paths.iter().filter_map(|path| {
        // Of a project within another, the inner one is meant.
        let scope = scopes
            .iter()
            .filter(|scope| path.starts_with(&scope.root))
            .max_by_key(|scope| scope.root.components().count())?;
        let is_folder = |path: &Path| path.is_dir() || is_moved && !path.exists();
        let relative = path.strip_prefix(&scope.root).ok()?;
        let matters = matters(relative, is_folder(path));
        matters.then(|| scope.root.clone())
    });
    let read = event
        .paths
        .iter()
        .filter_map(|path| outside.files.get(path));
    touched.chain(read.flatten().cloned()).collect()
}

/// Whether a change of a file, by its path relative to the root, can change what is generated, or
/// that of what may be a folder.
fn matters(relative: &Path, may_be_folder: bool) -> bool {
    let Some(name) = relative.file_name().map(|name| name.to_string_lossy()) else {
        return false;
    };
    if relative.ancestors().any(layout::is_skipped_folder) {
        return false;
    }
    layout::is_source(&name)
        || may_be_folder && !name.starts_with('.')
        || name == layout::SETTINGS_NAME
        || name.ends_with("ignore")
        || (name.starts_with("tsconfig") && name.ends_with(".json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_change_anything_is_no_change() {
        for (path, may_be_folder, expected) in [
            ("quickback/features/claims.ts", false, true),
            ("quickback-realtime.json", false, true),
            ("tsconfig.base.json", false, true),
            (".gitignore", false, true),
            ("quickback/features", true, true),
            ("quickback/features/tips.v2", true, true),
            ("quickback/features", false, false),
            ("node_modules/x/index.ts", true, false),
            ("src/.quickback-realtime-a1.tmp", true, false),
            ("README.md", false, false),
            ("", true, false),
        ] {
            let found = matters(Path::new(path), may_be_folder);
            assert_eq!(found, expected, "{path}");
        }
    }
}
