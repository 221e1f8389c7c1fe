//! Bringing a project in line with the disk, without reading all of it again.
//!
//! It is done at once where an answer depends on it, as a save's or a rename's does, and a little
//! later where something says that files may come or go: an ignore file, an `exclude` that is being
//! typed, very many changes at a time. A burst of those is one comparison.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::consistent::lock;
use super::entry::{Entry, Stage};
use super::guarded;
use super::saving::{LATE, generate_saved, send_status};
use super::server::Context;
use super::session::Session;
use crate::workspace::{self, Comparison};

/// How long there is to be no further doubt before the disk is asked: longer than between two keys.
const QUIET: Duration = Duration::from_millis(200);

/// How long it is put off at most.
const PATIENCE: Duration = Duration::from_secs(3);

/// What says that a project may not be as the disk is, and whether somebody attends to it.
#[derive(Default)]
pub struct Doubts {
    raised: AtomicU64,
    /// How many of them there were when the disk was asked last.
    settled: AtomicU64,
    is_attended: AtomicBool,
}

impl Doubts {
    /// One more.
    pub fn raise(&self) {
        self.raised.fetch_add(1, Ordering::SeqCst);
    }

    fn count(&self) -> u64 {
        self.raised.load(Ordering::SeqCst)
    }

    fn settle(&self) {
        self.settled.store(self.count(), Ordering::SeqCst);
    }

    /// Takes note of whether a comparison found a difference; `None` if it failed, as it would again.
    /// What was raised while it went on is not settled by it.
    fn compared(&self, outcome: Option<bool>) {
        if outcome.is_none() {
            self.settle();
        }
    }

    fn is_any(&self) -> bool {
        self.count() != self.settled.load(Ordering::SeqCst)
    }

    /// Whether somebody has to attend to them, and nobody does yet.
    fn begins(&self) -> bool {
        self.is_any() && !self.is_attended.swap(true, Ordering::SeqCst)
    }
}

/// Compares a project with the disk and takes up what differs. Answers whether anything does. To be
/// called without the session's lock, in a thread that may wait.
pub fn refresh(session: &Mutex<Session>, entry: &Entry) -> bool {
    let _one = entry.reading().blocking_lock();
    if entry.is_let_go() {
        return false;
    }
    if !workspace::is_root(entry.project.root()) {
        lock(session).look_for_roots();
        return true;
    }
    let mut differs = lock(session).refresh_settings(entry);
    entry.doubts.settle();
    differs |= compare(session, entry, usize::MAX, &|| {}).unwrap_or_default();
    differs
}

/// Reads what is not known of the files of a project, or is another on the disk, and takes it up.
/// `is_large` is called as soon as `large` sources have been found. Answers whether anything differed;
/// `None` if the project was let go of meanwhile.
pub fn compare(
    session: &Mutex<Session>,
    entry: &Entry,
    large: usize,
    is_large: &dyn Fn(),
) -> Option<bool> {
    let open = lock(session).open_files();
    let comparison = Comparison {
        project: &entry.project,
        disk: &entry.disk,
        open: &open,
        is_wanted: &|| !entry.is_let_go(),
    };
    let changes = comparison.changes(large, is_large)?;
    Some(lock(session).take_up(entry, changes))
}

/// Has all doubts settled that nobody attends to.
pub fn attend(context: &Context) {
    let entries = lock(&context.session).now().entries();
    for entry in entries.into_iter().filter(|entry| entry.doubts.begins()) {
        tokio::spawn(when_quiet(context.clone(), entry));
    }
}

/// Settles the doubts about a project once no more of them arise and it has been read.
async fn when_quiet(context: Context, entry: Arc<Entry>) {
    loop {
        let end = Instant::now() + PATIENCE;
        loop {
            let count = entry.doubts.count();
            tokio::time::sleep(QUIET).await;
            if entry.doubts.count() == count || Instant::now() > end {
                break;
            }
        }
        let mut loaded = context.loaded.subscribe();
        while entry.stage() != Stage::Whole && !entry.is_let_go() {
            if loaded.changed().await.is_err() {
                return;
            }
        }
        if entry.doubts.is_any() && !entry.is_let_go() {
            settle(&context, &entry).await;
        }
        entry.doubts.is_attended.store(false, Ordering::SeqCst);
        if entry.is_let_go() || !entry.doubts.begins() {
            return;
        }
    }
}

async fn settle(context: &Context, entry: &Arc<Entry>) {
    let refreshing = tokio::task::spawn_blocking({
        let (context, entry) = (context.clone(), Arc::clone(entry));
        move || guarded("comparing with the disk", || context.refresh(&entry))
    });
    let outcome = refreshing.await.ok().flatten();
    entry.doubts.compared(outcome);
    if outcome != Some(true) {
        return;
    }
    if entry.was_saved_within(LATE) {
        generate_saved(context, entry);
    } else {
        send_status(context, entry).await;
    }
}

#[cfg(test)]
mod tests;
