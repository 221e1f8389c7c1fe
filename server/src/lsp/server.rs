//! The server's state and what its messages have in common: waiting for projects, asking about
//! documents, and passing changes on.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::watch;
use tower_lsp::Client;
use tower_lsp::ls_types::{ProgressToken, Uri};

use super::features::Document;
use super::publish::Queue;
use super::saving::send_status;
use super::session::Session;
use super::{features, guarded};

/// The server.
pub struct Backend {
    pub(super) client: Client,
    pub(super) session: Arc<Mutex<Session>>,
    pub(super) queue: Arc<Queue>,
    /// Counts the projects that have been read, so that a request can wait for its own.
    loaded: watch::Sender<u64>,
    loading: Arc<Mutex<Vec<PathBuf>>>,
    pub(super) publisher: OnceLock<tokio::task::JoinHandle<()>>,
    pub(super) ended: Arc<AtomicBool>,
}

impl Backend {
    /// A server for a client.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            session: Arc::default(),
            queue: Arc::default(),
            loaded: watch::Sender::new(0),
            loading: Arc::default(),
            publisher: OnceLock::new(),
            ended: Arc::default(),
        }
    }

    /// Whether the client has said `shutdown`.
    pub fn ended(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.ended)
    }

    pub(super) fn session(&self) -> MutexGuard<'_, Session> {
        lock(&self.session)
    }

    /// Reads the projects that open documents belong to, each in a thread of its own.
    pub(super) fn load_missing(&self) {
        let (missing, loader) = {
            let session = self.session();
            (session.missing_roots(), session.loader())
        };
        let loader = Arc::new(loader);
        for root in missing {
            {
                let mut loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
                if loading.contains(&root) {
                    continue;
                }
                loading.push(root.clone());
            }
            let (session, queue, loading, loaded) = (
                Arc::clone(&self.session),
                Arc::clone(&self.queue),
                Arc::clone(&self.loading),
                self.loaded.clone(),
            );
            let (loader, client) = (Arc::clone(&loader), self.client.clone());
            let (shows_progress, shows_status) = {
                let session = self.session();
                (session.client.shows_progress, session.client.wants_status)
            };
            tokio::spawn(async move {
                let reading = tokio::task::spawn_blocking({
                    let root = root.clone();
                    move || guarded("reading the project", || loader(&root))
                });
                // The client's consent to progress must not hold up what it is about.
                let progress = shows_progress.then(|| {
                    let (client, root) = (client.clone(), root.clone());
                    tokio::spawn(async move { begin_progress(&client, &root).await })
                });
                let read = reading.await.ok().flatten();
                let (open, entry) = {
                    let mut session = lock(&session);
                    let entry = match read {
                        Some(entry) => Some(session.install(entry)),
                        None => {
                            session.give_up(root.clone());
                            None
                        }
                    };
                    loading
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .retain(|r| *r != root);
                    (session.open_uris(), entry)
                };
                loaded.send_modify(|count| *count += 1);
                queue.then(open);
                if let Some(entry) = entry.filter(|_| shows_status) {
                    send_status(&client, &entry).await;
                }
                if let Some(progress) = progress
                    && let Ok(Some(progress)) = progress.await
                {
                    progress.finish().await;
                }
            });
        }
    }

    /// Waits until the project of a document has been read.
    pub(super) async fn ready(&self, uri: &Uri) {
        let mut loaded = self.loaded.subscribe();
        loop {
            let waits = {
                let session = self.session();
                session
                    .document(uri)
                    .is_some_and(|open| session.is_waiting(open))
            };
            if !waits || loaded.changed().await.is_err() {
                return;
            }
        }
    }

    /// Answers a question about a document, once its project has been read.
    pub(super) async fn ask<T>(
        &self,
        what: &str,
        uri: &Uri,
        answer: impl FnOnce(&Document<'_>) -> T + Send,
    ) -> Option<T> {
        self.ready(uri).await;
        let session = self.session();
        guarded(what, || Some(answer(&features::document(&session, uri)?))).flatten()
    }

    /// A document changed: its own findings come first, then those of the others.
    pub(super) fn changed(&self, uri: Uri) {
        let (others, pulls) = {
            let session = self.session();
            (session.open_uris(), session.client.pulls)
        };
        // A client that pulls asks for the changed document by itself.
        if !pulls {
            self.queue.first(uri.clone());
        }
        self.queue
            .then(others.into_iter().filter(|other| *other != uri));
    }

    /// Something changed that all documents may depend on.
    pub(super) fn all_changed(&self) {
        let open = self.session().open_uris();
        self.queue.then(open);
    }
}

/// Begins work-done progress for the reading of a project, if the client agrees.
async fn begin_progress(
    client: &Client,
    root: &std::path::Path,
) -> Option<tower_lsp::OngoingProgress<tower_lsp::Unbounded, tower_lsp::NotCancellable>> {
    let token = ProgressToken::String(format!("quickback-realtime/{}", root.display()));
    client.create_work_done_progress(token.clone()).await.ok()?;
    let name = root
        .file_name()
        .unwrap_or(root.as_os_str())
        .to_string_lossy()
        .into_owned();
    Some(
        client
            .progress(token, "Quickback Realtime")
            .with_message(format!("Reading {name}"))
            .begin()
            .await,
    )
}

/// The session, also after a panic of one that held it: every change of it is one step.
pub fn lock(session: &Mutex<Session>) -> MutexGuard<'_, Session> {
    session.lock().unwrap_or_else(PoisonError::into_inner)
}
