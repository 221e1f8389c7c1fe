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
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
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
            let shows_progress = self.session().client.shows_progress;
            tokio::spawn(async move {
                let progress = match shows_progress {
                    true => begin_progress(&client, &root).await,
                    false => None,
                };
                let read = tokio::task::spawn_blocking({
                    let root = root.clone();
                    move || guarded("reading the project", || loader(&root))
                });
                let read = read.await.ok().flatten();
                let open = {
                    let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(read) = read {
                        session.install(read);
                    }
                    loading
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .retain(|r| *r != root);
                    session.open_uris()
                };
                loaded.send_modify(|count| *count += 1);
                queue.then(open);
                if let Some(progress) = progress {
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
