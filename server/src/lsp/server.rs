//! The server's state and what its messages have in common: waiting for projects, asking about
//! documents, and passing changes on.

use std::ops::Deref;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use tokio::sync::watch;
use tower_lsp::Client;
use tower_lsp::ls_types::Uri;

use super::busy::Busy;
use super::consistent::{consistently, lock};
use super::entry::{Entry, Stage};
use super::features::Document;
use super::publish::Queue;
use super::refreshing::refresh;
use super::session::Session;
use super::snapshot::Snapshot;
use super::turns::Turns;
use super::{features, guarded, loading};

/// What work needs that goes on beside the messages.
#[derive(Clone)]
pub struct Context {
    /// Who is told.
    pub client: Client,
    /// What is changed, and asked.
    pub session: Arc<Mutex<Session>>,
    /// The documents whose findings become others.
    pub queue: Arc<Queue>,
    /// Counts what may end the waiting of a request: the steps in which projects are read, and the
    /// looks for those that are missing.
    pub loaded: watch::Sender<u64>,
    /// What is written into projects.
    pub busy: Busy,
}

impl Context {
    /// Reads the projects that open documents belong to, each in a thread of its own.
    pub fn load_missing(&self) {
        let begun = lock(&self.session).begin_projects();
        self.load(begun);
    }

    /// Brings a project in line with the disk, and has what differs be shown. Answers whether anything
    /// does. To be called without the session's lock, in a thread that may wait.
    pub fn refresh(&self, entry: &Entry) -> bool {
        let differs = refresh(&self.session, entry);
        if differs {
            // Its documents may be another project's now.
            self.load_missing();
            let open = lock(&self.session).now().open_uris();
            self.queue.then(open);
        }
        differs
    }

    /// Reads projects that have been begun, each in a thread of its own.
    pub fn load(&self, begun: Vec<Arc<Entry>>) {
        for entry in begun {
            tokio::spawn(loading::load(self.clone(), entry));
        }
        // Who waits for a project that is none any more waits for another, or for nothing.
        self.loaded.send_modify(|count| *count += 1);
    }
}

/// The server.
pub struct Backend {
    context: Context,
    pub(super) publisher: OnceLock<tokio::task::JoinHandle<()>>,
    pub(super) ended: Arc<AtomicBool>,
    /// The looks for projects in the workspace folders.
    pub(super) surveys: Turns,
}

impl Deref for Backend {
    type Target = Context;

    fn deref(&self) -> &Context {
        &self.context
    }
}

impl Backend {
    /// A server for a client.
    pub fn new(client: Client) -> Self {
        Self {
            context: Context {
                client,
                session: Arc::default(),
                queue: Arc::default(),
                loaded: watch::Sender::new(0),
                busy: Busy::default(),
            },
            publisher: OnceLock::new(),
            ended: Arc::default(),
            surveys: Turns::default(),
        }
    }

    /// Whether the client has said `shutdown`.
    pub fn ended(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.ended)
    }

    /// What is written into projects.
    pub fn busy(&self) -> Busy {
        self.busy.clone()
    }

    pub(super) fn session(&self) -> MutexGuard<'_, Session> {
        lock(&self.session)
    }

    /// Changes the session. What panics half-way leaves the rest as it is.
    pub(super) fn change<T>(
        &self,
        what: &'static str,
        change: impl FnOnce(&mut Session) -> T,
    ) -> Option<T> {
        let mut session = self.session();
        guarded(what, || change(&mut session))
    }

    /// The session as it is now.
    pub(super) fn now(&self) -> Snapshot {
        self.session().now().clone()
    }

    /// Waits until the project of a document has been read to the end, or so far.
    pub(super) async fn ready(&self, uri: &Uri, stage: Stage) {
        let waits = |now: &Snapshot| {
            now.document(uri)
                .is_some_and(|open| now.stage(open) < stage)
        };
        self.wait_while(&waits).await;
    }

    /// Waits until all projects that are being read have been read to the end.
    pub(super) async fn all_ready(&self) {
        let waits = |now: &Snapshot| {
            let mut entries = now.entries().into_iter();
            entries.any(|entry| entry.stage() < Stage::Whole)
        };
        self.wait_while(&waits).await;
    }

    async fn wait_while(&self, waits: &(dyn Fn(&Snapshot) -> bool + Send + Sync)) {
        let mut loaded = self.loaded.subscribe();
        loop {
            let waits = waits(self.session().now());
            if !waits || loaded.changed().await.is_err() {
                return;
            }
        }
    }

    /// Waits until the project of a document has been read to the end and is as the disk is, but for
    /// what is open.
    pub(super) async fn refreshed(&self, uri: &Uri) {
        self.ready(uri, Stage::Whole).await;
        let Some(located) = self.now().locate(uri) else {
            return;
        };
        let context = self.context.clone();
        let refreshing = tokio::task::spawn_blocking(move || {
            let entry = located.entry;
            guarded("comparing with the disk", || context.refresh(&entry))
        });
        // What follows from it does not follow here: a request that is cancelled goes no further,
        // and what was taken up by then has to be shown all the same.
        let _failed = refreshing.await;
    }

    /// Answers a question about a document, once its project has been read. It is answered in a
    /// thread of its own and without the session's lock: whoever types does not wait for it.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        what: &'static str,
        uri: &Uri,
        answer: impl Fn(&Document<'_>) -> T + Send + 'static,
    ) -> Option<T> {
        self.ready(uri, Stage::Whole).await;
        let uri = uri.clone();
        let answered = self.look(move |now| {
            guarded(what, || Some(answer(&features::document(now, &uri)?))).flatten()
        });
        answered.await.flatten()
    }

    /// Computes something from the session in a thread of its own and without the session's lock.
    pub(super) async fn look<T: Send + 'static>(
        &self,
        compute: impl Fn(&Snapshot) -> T + Send + 'static,
    ) -> Option<T> {
        let session = Arc::clone(&self.session);
        let computing = tokio::task::spawn_blocking(move || consistently(&session, compute));
        computing.await.ok()
    }

    /// A document changed: its own findings come first, then those of the others.
    pub(super) fn changed(&self, uri: Uri) {
        let now = self.now();
        // A client that pulls asks for the changed document by itself.
        if !now.client.pulls {
            self.queue.first(uri.clone());
        }
        let others = now.open_uris().into_iter();
        self.queue.then(others.filter(|other| *other != uri));
    }

    /// Something changed that all documents may depend on.
    pub(super) fn all_changed(&self) {
        self.queue.then(self.now().open_uris());
    }
}
