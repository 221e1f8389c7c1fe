//! The protocol's messages. Every change is applied before the first `await` of its handler, so
//! that changes keep their order although handlers run concurrently.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::watch;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CodeActionParams, CodeActionResponse, CodeLens, CodeLensParams, CompletionParams,
    CompletionResponse, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWatchedFilesRegistrationOptions, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DocumentDiagnosticParams,
    DocumentDiagnosticReport, DocumentDiagnosticReportResult, FileSystemWatcher,
    FullDocumentDiagnosticReport, GlobPattern, InitializeParams, InitializeResult,
    InitializedParams, InlayHint, InlayHintParams, MessageType, ProgressToken, Registration,
    RelatedFullDocumentDiagnosticReport, ServerInfo, Uri,
};
use tower_lsp::{Client, LanguageServer};

use super::features::Document;
use super::publish::Queue;
use super::session::Session;
use super::{capabilities, features, guarded, proto, publish, tips};
use crate::document::Change;

/// The server.
pub struct Backend {
    client: Client,
    session: Arc<Mutex<Session>>,
    queue: Arc<Queue>,
    /// Counts the projects that have been read, so that a request can wait for its own.
    loaded: watch::Sender<u64>,
    loading: Arc<Mutex<Vec<PathBuf>>>,
    publisher: OnceLock<tokio::task::JoinHandle<()>>,
    ended: Arc<AtomicBool>,
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

    fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the projects that open documents belong to, each in a thread of its own.
    fn load_missing(&self) {
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
    async fn ready(&self, uri: &Uri) {
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
    async fn ask<T>(
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
    fn changed(&self, uri: Uri) {
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
    fn all_changed(&self) {
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

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let client = capabilities::client(&params);
        let capabilities = capabilities::server(&client);
        let mut session = self.session();
        session.folders = match &params.workspace_folders {
            Some(folders) => folders
                .iter()
                .filter_map(|f| proto::path_of(&f.uri))
                .collect(),
            #[expect(
                deprecated,
                reason = "clients without workspace folders send only this"
            )]
            None => params.root_uri.iter().filter_map(proto::path_of).collect(),
        };
        let pulls = client.pulls;
        session.client = client;
        drop(session);
        self.publisher.get_or_init(|| {
            let (session, queue) = (Arc::clone(&self.session), Arc::clone(&self.queue));
            tokio::spawn(publish::run(self.client.clone(), session, queue, pulls))
        });
        Ok(InitializeResult {
            capabilities,
            server_info: Some(ServerInfo {
                name: "quickback-realtime".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..InitializeResult::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        if self.session().client.watches {
            let client = self.client.clone();
            // A request to the client is never awaited in a handler: it could wait for us.
            tokio::spawn(async move {
                let glob = "**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,json,gitignore}";
                let watchers = vec![FileSystemWatcher {
                    glob_pattern: GlobPattern::String(glob.into()),
                    kind: None,
                }];
                let options =
                    serde_json::to_value(DidChangeWatchedFilesRegistrationOptions { watchers })
                        .ok();
                let registration = Registration {
                    id: "quickback-realtime/files".to_owned(),
                    method: "workspace/didChangeWatchedFiles".to_owned(),
                    register_options: options,
                };
                if let Err(error) = client.register_capability(vec![registration]).await {
                    client
                        .log_message(
                            MessageType::WARNING,
                            format!("files are not watched: {error}"),
                        )
                        .await;
                }
            });
        }
    }

    async fn shutdown(&self) -> Result<()> {
        self.ended.store(true, Ordering::SeqCst);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        self.session()
            .did_open(document.uri.clone(), document.version, &document.text);
        self.load_missing();
        self.changed(document.uri);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let uri = params.text_document.uri;
        let changes: Vec<Change> = params
            .content_changes
            .into_iter()
            .map(|change| Change {
                range: change
                    .range
                    .map(|r| (proto::line_column(r.start), proto::line_column(r.end))),
                text: change.text,
            })
            .collect();
        if !self
            .session()
            .did_change(&uri, params.text_document.version, &changes)
        {
            eprintln!(
                "quickback-realtime: a change of a document that is not open: {}",
                uri.as_str()
            );
            return;
        }
        self.changed(uri);
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.session().did_close(&params.text_document.uri);
        self.changed(params.text_document.uri);
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        {
            let mut session = self.session();
            for path in params.changes.iter().filter_map(|c| proto::path_of(&c.uri)) {
                session.disk_changed(&path);
            }
        }
        self.load_missing();
        self.all_changed();
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        {
            let mut session = self.session();
            let removed: Vec<PathBuf> = params
                .event
                .removed
                .iter()
                .filter_map(|f| proto::path_of(&f.uri))
                .collect();
            session.folders.retain(|f| !removed.contains(f));
            session.folders.extend(
                params
                    .event
                    .added
                    .iter()
                    .filter_map(|f| proto::path_of(&f.uri)),
            );
            session.drop_unused_projects();
        }
        self.all_changed();
    }

    async fn diagnostic(
        &self,
        params: DocumentDiagnosticParams,
    ) -> Result<DocumentDiagnosticReportResult> {
        let uri = params.text_document.uri;
        self.ready(&uri).await;
        let items = {
            let session = self.session();
            guarded("diagnostics", || publish::diagnostics(&session, &uri)).unwrap_or_default()
        };
        Ok(DocumentDiagnosticReportResult::Report(
            DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
                related_documents: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport {
                    result_id: None,
                    items,
                },
            }),
        ))
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let at = params.text_document_position;
        let items = self.ask("completion", &at.text_document.uri, |d| {
            features::completion(d, at.position)
        });
        Ok(items.await.map(CompletionResponse::Array))
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let uri = params.text_document.uri.clone();
        Ok(self
            .ask("code actions", &uri, |d| tips::actions(d, &params))
            .await)
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        Ok(self
            .ask("inlay hints", &params.text_document.uri, |d| {
                tips::hints(d, params.range)
            })
            .await)
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        Ok(self
            .ask("code lenses", &params.text_document.uri, tips::lenses)
            .await)
    }
}
