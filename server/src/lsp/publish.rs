//! Tells the client what was found, for the documents that it has open.
//!
//! One task does it, so that what is sent last is what was computed last. It is woken by every
//! change and takes the documents in the order in which they wait: the one that is typed in
//! first. A burst of changes ends in one computation of its last text.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;
use tower_lsp::Client;
use tower_lsp::ls_types::{Diagnostic, Uri};

use super::features::{self, Document};
use super::server::lock;
use super::session::Session;
use super::status::{PreviewChanged, PreviewChangedParams};
use super::{guarded, proto};

/// The documents whose findings may be others than the client knows.
#[derive(Default)]
pub struct Queue {
    waiting: Mutex<VecDeque<Uri>>,
    wake: Notify,
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

    fn next(&self) -> Option<Uri> {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
    }
}

/// Publishes findings until the server ends. To a client that pulls, it says instead when other
/// documents than the one that is typed in have other findings.
pub async fn run(client: Client, session: Arc<Mutex<Session>>, queue: Arc<Queue>, pulls: bool) {
    // What the client has been told last, to say nothing twice.
    let mut told: HashMap<String, (Vec<Diagnostic>, i32)> = HashMap::new();
    loop {
        queue.wake.notified().await;
        let mut differs = false;
        let mut looked_at = Vec::new();
        while let Some(uri) = queue.next() {
            let key = uri.as_str().to_owned();
            looked_at.push(key.clone());
            match compute(&session, &uri) {
                Computed::Wait => {}
                Computed::Closed => {
                    let last = told.remove(&key);
                    if !pulls && last.is_some_and(|(findings, _)| !findings.is_empty()) {
                        client.publish_diagnostics(uri, Vec::new(), None).await;
                    }
                }
                Computed::Found(findings, version) => {
                    let now = (findings, version);
                    if told.get(&key) != Some(&now) {
                        let last = told.insert(key, now.clone());
                        if pulls {
                            differs |= last.is_some_and(|last| last.0 != now.0);
                        } else {
                            client.publish_diagnostics(uri, now.0, Some(version)).await;
                        }
                    }
                }
            }
            // Changes that arrived meanwhile come first.
            tokio::task::yield_now().await;
        }
        let wants_preview_changes = lock(&session).client.wants_preview_changes;
        if wants_preview_changes {
            let params = PreviewChangedParams { uris: looked_at };
            client.send_notification::<PreviewChanged>(params).await;
        }
        if differs && let Err(error) = client.workspace_diagnostic_refresh().await {
            eprintln!("quickback-realtime: the client does not ask anew: {error}");
        }
    }
}

enum Computed {
    /// The document is not open any more.
    Closed,
    /// Its project is still being read.
    Wait,
    Found(Vec<Diagnostic>, i32),
}

fn compute(session: &Mutex<Session>, uri: &Uri) -> Computed {
    let session = lock(session);
    let Some(open) = session.document(uri) else {
        return Computed::Closed;
    };
    if session.is_waiting(open) {
        return Computed::Wait;
    }
    let version = open.version;
    match guarded("diagnostics", || diagnostics(&session, uri)) {
        Some(findings) => Computed::Found(findings, version),
        // A finding that cannot be computed must not leave an older one standing.
        None => Computed::Found(Vec::new(), version),
    }
}

/// The findings of an open document in the protocol's form.
pub fn diagnostics(session: &Session, uri: &Uri) -> Vec<Diagnostic> {
    let Some(Document { open, located, .. }) = features::document(session, uri) else {
        return Vec::new();
    };
    let locate = |place| session.location(&located.entry.project, place);
    session
        .findings(&located)
        .iter()
        .map(|found| {
            proto::diagnostic(
                found,
                open.document.rope(),
                session.client.encoding,
                &locate,
            )
        })
        .collect()
}
