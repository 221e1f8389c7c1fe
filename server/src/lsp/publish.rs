//! Tells the client what was found, for the documents that it has open.
//!
//! One task does it, so that what is sent last is what was computed last. It is woken by every
//! change and takes the documents in the order in which they wait: the one that is typed in
//! first. A burst of changes ends in one computation of its last text.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tower_lsp::Client;
use tower_lsp::ls_types::{Diagnostic, Uri};

use super::consistent::{lock, unless_overtaken};
use super::entry::{Entry, Stage};
use super::features::{self, Document};
use super::session::Session;
use super::shown::{Outdated, Shown};
use super::snapshot::Snapshot;
use super::status::{PreviewChanged, PreviewChangedParams};
use super::{guarded, proto};

/// The documents whose findings may be others than the client knows.
#[derive(Default)]
pub struct Queue {
    waiting: Mutex<VecDeque<Uri>>,
    wake: Notify,
    asks_anew: AtomicBool,
    /// What a client that pulls was answered last, by document.
    answered: Mutex<HashMap<String, Vec<Diagnostic>>>,
    /// What a client that can be told to ask anew shows beside the texts.
    pub shown: Shown,
}

impl Queue {
    /// Puts a document before all others.
    pub fn first(&self, uri: Uri) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|u| *u != uri);
        waiting.push_front(uri);
        drop(waiting);
        self.wake.notify_one();
    }

    /// Puts documents after those that wait already.
    pub fn then(&self, uris: impl IntoIterator<Item = Uri>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for uri in uris {
            if !waiting.contains(&uri) {
                waiting.push_back(uri);
            }
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// Has a client that pulls ask for everything again, once the documents that wait are through.
    pub fn ask_anew(&self) {
        self.asks_anew.store(true, Ordering::SeqCst);
    }

    /// Takes note of what a client that pulls is answered. The document is looked at once more: it
    /// may have other findings by the time the answer arrives.
    pub fn answer(&self, uri: &Uri, findings: &[Diagnostic]) {
        self.answered()
            .insert(uri.as_str().to_owned(), findings.to_vec());
        self.then([uri.clone()]);
    }

    /// Whether a client that pulls knows other findings of a document, and has to ask again.
    fn is_outdated(&self, uri: &Uri, findings: Vec<Diagnostic>) -> bool {
        match self.answered().get_mut(uri.as_str()) {
            Some(known) if *known != findings => {
                *known = findings;
                true
            }
            // What it has not asked for yet it will ask for by itself.
            _ => false,
        }
    }

    fn answered(&self) -> MutexGuard<'_, HashMap<String, Vec<Diagnostic>>> {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The document that has waited longest.
    pub(super) fn next(&self) -> Option<Uri> {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
    }
}

/// What the client has been told last of a document.
struct Told {
    findings: Vec<Diagnostic>,
    version: i32,
    /// Whether that was all, its project having been read to the end.
    is_whole: bool,
}

impl Told {
    /// Whether a client that knows this has to be told the other.
    fn differs(&self, other: &Self) -> bool {
        (&self.findings, self.version) != (&other.findings, other.version)
    }
}

/// Publishes findings until the server ends. To a client that pulls, it says instead when other
/// documents than the one that is typed in have other findings.
pub async fn run(client: Client, session: Arc<Mutex<Session>>, queue: Arc<Queue>, pulls: bool) {
    // What a client that does not pull has been told last, to say nothing twice.
    let mut told: HashMap<String, Told> = HashMap::new();
    loop {
        queue.wake.notified().await;
        let mut differs = false;
        let mut outdated = Outdated::default();
        let mut looked_at = Vec::new();
        while let Some(uri) = queue.next() {
            let key = uri.as_str().to_owned();
            looked_at.push(key.clone());
            outdated |= queue.shown.outdated(&session, &uri);
            match compute(&session, &uri, pulls) {
                Computed::Wait => {}
                Computed::Overtaken => queue.then([uri]),
                Computed::Closed if pulls => {
                    queue.answered().remove(&key);
                }
                Computed::Found(now) if pulls => {
                    differs |= queue.is_outdated(&uri, now.findings);
                }
                Computed::Closed => {
                    let last = told.remove(&key);
                    if last.is_some_and(|last| !last.findings.is_empty()) {
                        client.publish_diagnostics(uri, Vec::new(), None).await;
                    }
                }
                Computed::Found(now) => {
                    let last = told.get(&key);
                    // A project that is read anew takes nothing back until it has been read.
                    if !now.is_whole && last.is_some_and(|last| last.is_whole) {
                        continue;
                    }
                    if last.is_none_or(|last| last.differs(&now)) {
                        let (findings, version) = (now.findings.clone(), now.version);
                        client
                            .publish_diagnostics(uri, findings, Some(version))
                            .await;
                    }
                    told.insert(key, now);
                }
            }
            // Changes that arrived meanwhile come first.
            tokio::task::yield_now().await;
        }
        outdated.refresh(&client);
        catch_up(&session, &queue);
        let wants_preview_changes = lock(&session).now().client.wants_preview_changes;
        if wants_preview_changes {
            let params = PreviewChangedParams { uris: looked_at };
            client.send_notification::<PreviewChanged>(params).await;
        }
        differs |= pulls && queue.asks_anew.swap(false, Ordering::SeqCst);
        if differs && let Err(error) = client.workspace_diagnostic_refresh().await {
            eprintln!("quickback-realtime: the client does not ask anew: {error}");
        }
    }
}

/// Has what findings were computed without read beside the typing, and the open documents looked
/// at once more after that.
fn catch_up(session: &Arc<Mutex<Session>>, queue: &Arc<Queue>) {
    let entries: Vec<Arc<Entry>> = lock(session).now().projects().cloned().collect();
    for entry in entries {
        if entry.begins_to_catch_up() {
            let (session, queue) = (Arc::clone(session), Arc::clone(queue));
            tokio::task::spawn_blocking(move || {
                // What failed would fail again, and wake this over and over.
                if entry.catch_up() {
                    let open = lock(&session).now().open_uris();
                    queue.then(open);
                }
            });
        }
    }
}

enum Computed {
    /// The document is not open any more.
    Closed,
    /// Its project is still being read.
    Wait,
    /// The session has changed meanwhile.
    Overtaken,
    Found(Told),
}

fn compute(session: &Mutex<Session>, uri: &Uri, pulls: bool) -> Computed {
    let found = unless_overtaken(session, |now| {
        let Some(open) = now.document(uri) else {
            return Computed::Closed;
        };
        let stage = now.stage(open);
        // A client that pulls is told to ask anew when all is known.
        if stage == Stage::Begun || (pulls && stage == Stage::Large) {
            return Computed::Wait;
        }
        Computed::Found(Told {
            // A finding that cannot be computed must not leave an older one standing.
            findings: guarded("diagnostics", || diagnostics(now, uri)).unwrap_or_default(),
            version: open.version,
            is_whole: stage == Stage::Whole,
        })
    });
    found.unwrap_or(Computed::Overtaken)
}

/// The findings of an open document in the protocol's form.
pub fn diagnostics(now: &Snapshot, uri: &Uri) -> Vec<Diagnostic> {
    let Some(Document { open, located, .. }) = features::document(now, uri) else {
        return Vec::new();
    };
    let locate = |place| now.location(&located.entry.project, place);
    now.findings(&located)
        .iter()
        .map(|found| proto::diagnostic(found, open.document.rope(), now.client.encoding, &locate))
        .collect()
}
