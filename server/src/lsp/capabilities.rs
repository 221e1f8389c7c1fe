//! What client and server tell each other about what they can do.

use std::collections::BTreeMap;

use serde_json::Value;
use tower_lsp::ls_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability,
    CodeLensOptions, CompletionOptions, DiagnosticOptions, DiagnosticServerCapabilities,
    ExecuteCommandOptions, HoverProviderCapability, InitializeParams, MarkupKind, OneOf,
    RenameOptions, SaveOptions, ServerCapabilities, TextDocumentSyncCapability,
    TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions,
    WorkDoneProgressOptions, WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

use super::snapshot::Client;
use super::{commands, proto, tips};
use crate::diagnostic::Severity;

/// Reads what the client can do.
pub fn client(params: &InitializeParams) -> Client {
    let ClientCapabilities {
        workspace,
        text_document,
        window,
        general,
        ..
    } = &params.capabilities;
    let offered = general
        .as_ref()
        .and_then(|g| g.position_encodings.as_deref());
    let workspace = workspace.as_ref();
    let text_document = text_document.as_ref();
    let can_pull = text_document.is_some_and(|t| t.diagnostic.is_some());
    let can_refresh = workspace
        .and_then(|w| w.diagnostics.as_ref())
        .is_some_and(|d| d.refresh_support == Some(true));
    let experimental = params.capabilities.experimental.as_ref();
    let experiment = |name: &str| experimental.and_then(|e| e.get(name));
    let options = params.initialization_options.as_ref();
    let option = |name: &str| options.and_then(|o| o.get(name)).and_then(Value::as_bool);
    let completion_item = text_document
        .and_then(|t| t.completion.as_ref())
        .and_then(|c| c.completion_item.as_ref());
    Client {
        encoding: proto::negotiate(offered),
        pulls: can_pull && can_refresh,
        watches: workspace
            .and_then(|w| w.did_change_watched_files.as_ref())
            .is_some_and(|w| w.dynamic_registration == Some(true)),
        refreshes_hints: workspace
            .and_then(|w| w.inlay_hint.as_ref())
            .is_some_and(|h| h.refresh_support == Some(true)),
        refreshes_lenses: workspace
            .and_then(|w| w.code_lens.as_ref())
            .is_some_and(|l| l.refresh_support == Some(true)),
        nested_symbols: text_document
            .and_then(|t| t.document_symbol.as_ref())
            .is_some_and(|s| s.hierarchical_document_symbol_support == Some(true)),
        document_changes: workspace
            .and_then(|w| w.workspace_edit.as_ref())
            .is_some_and(|e| e.document_changes == Some(true)),
        commands: experiment("commands")
            .and_then(|c| c.as_array())
            .map(|list| {
                list.iter()
                    .filter_map(|c| c.as_str().map(str::to_owned))
                    .collect()
            })
            .unwrap_or_default(),
        severities: severities(options.and_then(|o| o.get("severities"))),
        wants_status: experiment("quickbackStatus").and_then(Value::as_bool) == Some(true),
        wants_preview_changes: experiment("quickbackPreview").and_then(Value::as_bool)
            == Some(true),
        trusted: option("trusted") != Some(false),
        generates_on_save: option("generateOnSave") != Some(false),
        snippets: completion_item.is_some_and(|i| i.snippet_support == Some(true)),
        markdown_in_completion: takes_markdown(
            completion_item.and_then(|i| i.documentation_format.as_deref()),
        ),
        markdown_in_hover: takes_markdown(
            text_document
                .and_then(|t| t.hover.as_ref())
                .and_then(|h| h.content_format.as_deref()),
        ),
        prepares_rename: text_document
            .and_then(|t| t.rename.as_ref())
            .is_some_and(|r| r.prepare_support == Some(true)),
        shows_progress: window
            .as_ref()
            .is_some_and(|w| w.work_done_progress == Some(true)),
    }
}

/// Whether Markdown is among the formats that a client takes. One that names none takes any: the
/// protocol made no condition of it before it had formats to name.
fn takes_markdown(formats: Option<&[MarkupKind]>) -> bool {
    formats.is_none_or(|formats| formats.contains(&MarkupKind::Markdown))
}

/// The severities by rule that an editor's settings name; what cannot be read is left out.
pub fn severities(value: Option<&Value>) -> BTreeMap<String, Option<Severity>> {
    let by_code = value.and_then(Value::as_object).into_iter().flatten();
    by_code
        .filter_map(|(code, severity)| {
            let severity = match severity.as_str()? {
                "off" => None,
                _ => Some(serde_json::from_value(severity.clone()).ok()?),
            };
            Some((code.clone(), severity))
        })
        .collect()
}

/// What this server can do for that client.
pub fn server(client: &Client) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(proto::encoding_kind(client.encoding)),
        text_document_sync: Some(TextDocumentSyncCapability::Options(
            TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(TextDocumentSyncKind::INCREMENTAL),
                save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions {
                    include_text: Some(false),
                })),
                ..TextDocumentSyncOptions::default()
            },
        )),
        diagnostic_provider: client.pulls.then(|| {
            DiagnosticServerCapabilities::Options(DiagnosticOptions {
                identifier: Some(proto::SOURCE.to_owned()),
                inter_file_dependencies: true,
                workspace_diagnostics: false,
                ..DiagnosticOptions::default()
            })
        }),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(
                ["\"", "'", "`", ".", ":", "{", "[", ",", " "]
                    .map(str::to_owned)
                    .to_vec(),
            ),
            ..CompletionOptions::default()
        }),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, tips::FIX_ALL]),
            ..CodeActionOptions::default()
        })),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: [
                commands::PREVIEW,
                commands::GENERATE,
                commands::DOCTOR,
                commands::RELOAD,
            ]
            .map(str::to_owned)
            .to_vec(),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        // Options may be given only to a client that asks before it renames.
        rename_provider: Some(if client.prepares_rename {
            OneOf::Right(RenameOptions {
                prepare_provider: Some(true),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            })
        } else {
            OneOf::Left(true)
        }),
        inlay_hint_provider: Some(OneOf::Left(true)),
        code_lens_provider: Some(CodeLensOptions {
            resolve_provider: Some(false),
        }),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            ..WorkspaceServerCapabilities::default()
        }),
        ..ServerCapabilities::default()
    }
}
