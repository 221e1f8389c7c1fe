//! The protocol's messages. Every change is applied before the first `await` of its handler, so
//! that changes keep their order although handlers run concurrently.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CodeActionParams, CodeActionResponse, CodeLens, CodeLensParams, CompletionParams,
    CompletionResponse, DidChangeConfigurationParams, DidChangeTextDocumentParams,
    DidChangeWatchedFilesParams, DidChangeWatchedFilesRegistrationOptions,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, DocumentDiagnosticParams, DocumentDiagnosticReport,
    DocumentDiagnosticReportResult, DocumentHighlight, DocumentHighlightParams,
    DocumentSymbolParams, DocumentSymbolResponse, ExecuteCommandParams, FileChangeType,
    FileSystemWatcher, FullDocumentDiagnosticReport, GlobPattern, GotoDefinitionParams,
    GotoDefinitionResponse, Hover, HoverParams, InitializeParams, InitializeResult,
    InitializedParams, InlayHint, InlayHintParams, LSPAny, Location, MessageType,
    PrepareRenameResponse, ReferenceParams, Registration, RelatedFullDocumentDiagnosticReport,
    RenameParams, ServerInfo, TextDocumentPositionParams, WatchKind, WorkspaceEdit,
    WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

use super::entry::{Entry, Stage};
use super::features::Document;
use super::server::Backend;
use super::{
    capabilities, features, guarded, navigation, proto, publish, refreshing, saving, symbols, tips,
};
use crate::document::Change;
use crate::project::layout;

/// How many sources may have changed at a time that are each read at once. Of more, as of another
/// branch, the whole project is compared with the disk, by all processors and beside the typing.
const AT_ONCE: usize = 32;

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let client = capabilities::client(&params);
        let capabilities = capabilities::server(&client);
        let folders = match &params.workspace_folders {
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
        {
            let mut session = self.session();
            session.change_client(|known| *known = client);
            session.change_folders(|known| *known = folders);
        }
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
        if self.now().client.watches {
            let client = self.client.clone();
            // A request to the client is never awaited in a handler: it could wait for us.
            tokio::spawn(async move {
                let glob = "**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,json,gitignore}";
                let watcher = |glob: &str, kind| FileSystemWatcher {
                    glob_pattern: GlobPattern::String(glob.into()),
                    kind,
                };
                // Of a folder that is removed its own path may be all that is said.
                let watchers = vec![watcher(glob, None), watcher("**", Some(WatchKind::Delete))];
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
        // The client may kill the process as soon as it has this answer.
        self.busy.done().await;
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        self.change("opening a document", |session| {
            session.did_open(document.uri.clone(), document.version, &document.text);
        });
        self.load_missing();
        refreshing::attend(self);
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
        let version = params.text_document.version;
        let changed = self.change("changing a document", |session| {
            session.did_change(&uri, version, &changes)
        });
        if changed == Some(false) {
            eprintln!(
                "quickback-realtime: a change of a document that is not open: {}",
                uri.as_str()
            );
            return;
        }
        self.load_missing();
        refreshing::attend(self);
        self.changed(uri);
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.change("closing a document", |session| {
            session.did_close(&params.text_document.uri);
        });
        self.queue.shown.close(&params.text_document.uri);
        self.load_missing();
        refreshing::attend(self);
        self.changed(params.text_document.uri);
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        let changes = params.changes.iter();
        let changes: Vec<(PathBuf, bool)> = changes
            .filter_map(|c| Some((proto::path_of(&c.uri)?, c.typ == FileChangeType::DELETED)))
            .collect();
        let (many, mut few): (Vec<_>, Vec<_>) = changes
            .iter()
            .partition(|(path, _)| layout::is_source_path(path) && !layout::is_config(path));
        if many.len() > AT_ONCE {
            let many: Vec<&Path> = many.iter().map(|(path, _)| &**path).collect();
            self.session().doubt(&many);
        } else {
            few.extend(many);
        }
        let mut others: Vec<Arc<Entry>> = Vec::new();
        for (path, is_gone) in few {
            let other = self.change("reading a file again", |session| {
                session.disk_changed(path, *is_gone)
            });
            others.extend(other.unwrap_or_default());
        }
        self.load_missing();
        self.all_changed();
        refreshing::attend(self);
        // An editor may say so only after a save that should have known.
        for entry in others.iter().filter(|e| e.was_saved_within(saving::LATE)) {
            saving::generate_saved(self, entry);
        }
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.change("changing the folders", |session| {
            let removed: Vec<PathBuf> = params
                .event
                .removed
                .iter()
                .filter_map(|f| proto::path_of(&f.uri))
                .collect();
            let added = params.event.added.iter();
            let added = added.filter_map(|f| proto::path_of(&f.uri));
            session.change_folders(|folders| {
                folders.retain(|f| !removed.contains(f));
                folders.extend(added);
            });
        });
        self.all_changed();
    }

    async fn diagnostic(
        &self,
        params: DocumentDiagnosticParams,
    ) -> Result<DocumentDiagnosticReportResult> {
        let uri = params.text_document.uri;
        self.ready(&uri, Stage::Large).await;
        let items = self.look({
            let uri = uri.clone();
            move |now| guarded("diagnostics", || publish::diagnostics(now, &uri))
        });
        let items = items.await.flatten().unwrap_or_default();
        self.queue.answer(&uri, &items);
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
        // The editor goes on with the answer while more is typed, so it has to be for the text of
        // now, not for what that is once the answer is computed.
        let now = self.now();
        let uri = at.text_document.uri.clone();
        let items = self.ask("completion", &at.text_document.uri, move |d| {
            let asked = now.document(&uri).unwrap_or(d.open);
            features::completion(&d.as_of(asked), at.position)
        });
        Ok(items.await.map(CompletionResponse::Array))
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let uri = params.text_document.uri.clone();
        Ok(self
            .ask("code actions", &uri, move |d| tips::actions(d, &params))
            .await)
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        let uri = params.text_document.uri.clone();
        let queue = Arc::clone(&self.queue);
        let hints = self.ask("inlay hints", &uri, move |d| {
            if d.session.client.refreshes_hints {
                queue.shown.answer_hints(d);
            }
            tips::hints(d, params.range)
        });
        Ok(hints.await)
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        let queue = Arc::clone(&self.queue);
        let lenses = self.ask("code lenses", &params.text_document.uri, move |d| {
            let lenses = tips::lenses(d);
            if d.session.client.refreshes_lenses {
                queue.shown.answer_lenses(d, &lenses);
            }
            lenses
        });
        Ok(lenses.await)
    }

    async fn goto_definition(
        &self,
        params: GotoDefinitionParams,
    ) -> Result<Option<GotoDefinitionResponse>> {
        let at = params.text_document_position_params;
        let found = self.ask("definition", &at.text_document.uri, move |d| {
            navigation::definition(d, at.position)
        });
        Ok(found
            .await
            .filter(|found| !found.is_empty())
            .map(GotoDefinitionResponse::Array))
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let (at, declaration) = (
            params.text_document_position,
            params.context.include_declaration,
        );
        let find = move |d: &Document<'_>| navigation::references(d, at.position, declaration);
        Ok(self.ask("references", &at.text_document.uri, find).await)
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        let at = params.text_document_position_params;
        Ok(self
            .ask("highlights", &at.text_document.uri, move |d| {
                navigation::highlights(d, at.position)
            })
            .await)
    }

    async fn prepare_rename(
        &self,
        at: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        let find = move |d: &Document<'_>| navigation::prepare_rename(d, at.position);
        self.ask("rename", &at.text_document.uri, find)
            .await
            .unwrap_or(Ok(None))
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let at = params.text_document_position;
        self.refreshed(&at.text_document.uri).await;
        // It is gone as soon as the request is dropped.
        let request = Arc::new(());
        let asked = Arc::downgrade(&request);
        let is_wanted = move || asked.strong_count() > 0;
        let find = move |d: &Document<'_>| {
            navigation::rename(d, at.position, &params.new_name, &is_wanted)
        };
        let found = self
            .ask("rename", &at.text_document.uri, find)
            .await
            .unwrap_or(Ok(None))?;
        let Some((edit, note)) = found else {
            return Ok(None);
        };
        if let Some(note) = note {
            self.client.show_message(MessageType::INFO, note).await;
        }
        Ok(Some(edit))
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let at = params.text_document_position_params;
        let found = self.ask("hover", &at.text_document.uri, move |d| {
            features::hover(d, at.position)
        });
        Ok(found.await.flatten())
    }

    async fn document_symbol(
        &self,
        params: DocumentSymbolParams,
    ) -> Result<Option<DocumentSymbolResponse>> {
        Ok(self
            .ask("symbols", &params.text_document.uri, symbols::document)
            .await)
    }

    async fn symbol(
        &self,
        params: WorkspaceSymbolParams,
    ) -> Result<Option<WorkspaceSymbolResponse>> {
        self.whole_workspace().await;
        let found =
            self.look(move |now| guarded("symbols", || symbols::workspace(now, &params.query)));
        Ok(found.await.flatten().map(WorkspaceSymbolResponse::Nested))
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        let _work = self.busy.begin();
        let uri = params.text_document.uri;
        if let Some(path) = proto::path_of(&uri) {
            self.change("saving a document", |session| {
                session.disk_changed(&path, false);
                // Other files may have changed with it, and not every editor says so.
                session.doubt(&[&path]);
            });
        }
        self.load_missing();
        self.all_changed();
        refreshing::attend(self);
        self.saved(&uri).await;
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        self.execute(&params.command, params.arguments).await
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        let section = params
            .settings
            .get("quickbackRealtime")
            .unwrap_or(&params.settings);
        let option = |name: &str| section.get(name).and_then(serde_json::Value::as_bool);
        self.session().change_client(|client| {
            if let Some(generates) = option("generateOnSave") {
                client.generates_on_save = generates;
            }
            if let Some(trusted) = option("trusted") {
                client.trusted = trusted;
            }
            if section.get("severities").is_some() {
                client.severities = capabilities::severities(section.get("severities"));
            }
        });
        self.all_changed();
        for entry in self.now().projects() {
            saving::send_status(self, entry).await;
        }
    }
}
