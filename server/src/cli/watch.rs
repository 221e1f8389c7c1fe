//! `generate --watch`: generates whenever something changes that it is made from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use notify::{Event, EventKind, RecursiveMode, Watcher as _};

use super::Outcome;
use super::format::count;
use super::generate::one;
use super::output::Output;
use crate::check::Scope;
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
    for scope in scopes {
        one(scope, force, base, output, true)?;
    }
    output.note(&format!(
        "Watching {}. Stop with Ctrl-C.",
        count(scopes.len(), "project", "projects")
    ));
    loop {
        let changed = next(&events, scopes)?;
        for scope in scopes.iter().filter(|scope| changed.contains(&scope.root)) {
            // What was forced once is ours from then on; an edit by hand later is not.
            one(scope, false, base, output, false)?;
        }
    }
}

/// Waits for a burst of changes to begin and to end, and answers the roots that it touched.
fn next(
    events: &Receiver<notify::Result<Event>>,
    scopes: &[Scope],
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
        let touched = roots(event, scopes);
        if !touched.is_empty() {
            begun.get_or_insert_with(Instant::now);
            changed.extend(touched);
        }
    }
}

/// The roots of the projects that an event may change. After an error, as when the system's
/// queue has run over, that is every one.
fn roots(event: notify::Result<Event>, scopes: &[Scope]) -> BTreeSet<PathBuf> {
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
    let touched = event.paths.iter().filter_map(|path| {
        // Of a project within another, the inner one is meant.
        let scope = scopes
            .iter()
            .filter(|scope| path.starts_with(&scope.root))
            .max_by_key(|scope| scope.root.components().count())?;
        matters(path.strip_prefix(&scope.root).ok()?).then(|| scope.root.clone())
    });
    touched.collect()
}

/// Whether a change of a file, by its path relative to the root, can change what is generated.
fn matters(relative: &Path) -> bool {
    let Some(name) = relative.file_name().map(|name| name.to_string_lossy()) else {
        return false;
    };
    if relative.ancestors().any(layout::is_skipped_folder) {
        return false;
    }
    // A folder, by its looks, may have been moved with everything in it.
    layout::is_source(&name)
        || !name.contains('.')
        || name == layout::SETTINGS_NAME
        || name.ends_with("ignore")
        || (name.starts_with("tsconfig") && name.ends_with(".json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_change_anything_is_no_change() {
        for (path, expected) in [
            ("quickback/features/claims.ts", true),
            ("quickback-realtime.json", true),
            ("tsconfig.base.json", true),
            (".gitignore", true),
            ("quickback/features", true),
            ("node_modules/x/index.ts", false),
            ("src/.quickback-realtime-a1.tmp", false),
            ("README.md", false),
            ("", false),
        ] {
            assert_eq!(matters(Path::new(path)), expected, "{path}");
        }
    }
}
