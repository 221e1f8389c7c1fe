//! Code actions, inlay hints and code lenses.

use serde_json::json;
use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionTriggerKind,
    CodeLens, Command, InlayHint, InlayHintLabel, InlayHintTooltip, Range,
};

use super::features::{Document, markup};
use super::{edits, proto};
use crate::ide::actions::{self, Action, ActionKind};
use crate::ide::hints;
use crate::ide::lenses::{self, Lens, LensKind};
use crate::span::Span;

/// `source.fixAll.quickbackRealtime`.
pub const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.quickbackRealtime");

/// The command by which a client shows a preview that it opens itself.
pub const SHOW_PREVIEW: &str = "quickbackRealtime.showPreview";
/// The command by which a client shows places that the server found.
pub const SHOW_REFERENCES: &str = "quickbackRealtime.showReferences";

/// What can be done about the findings in a range.
pub fn actions(document: &Document<'_>, params: &CodeActionParams) -> Vec<CodeActionOrCommand> {
    let Document {
        session,
        open,
        located,
    } = document;
    let project = &located.entry.project;
    let encoding = session.client.encoding;
    let range = proto::span(open.document.rope(), params.range, encoding);
    let findings = session.findings(located);
    let wanted = |kind: &CodeActionKind| {
        params.context.only.as_ref().is_none_or(|only| {
            only.iter().any(|o| {
                // The empty kind is the parent of all.
                o.as_str().is_empty()
                    || kind.as_str() == o.as_str()
                    || kind.as_str().starts_with(&format!("{}.", o.as_str()))
            })
        })
    };
    // A light bulb that an editor shows by itself at every step of the cursor is not about all.
    let is_asked_for = params.context.only.is_some()
        || params.context.trigger_kind != Some(CodeActionTriggerKind::AUTOMATIC);
    let wants_fix_all = is_asked_for && wanted(&FIX_ALL);
    let locate = |place| session.location(project, place);
    actions::actions(project, located.file, range, &findings, wants_fix_all)
        .into_iter()
        .filter_map(
            |Action {
                 title,
                 kind,
                 edits: changes,
                 is_preferred,
                 diagnostic,
             }| {
                let kind = match kind {
                    ActionKind::QuickFix | ActionKind::Suppress => CodeActionKind::QUICKFIX,
                    ActionKind::FixAll => FIX_ALL,
                };
                if !wanted(&kind) {
                    return None;
                }
                let about = diagnostic.and_then(|index| findings.get(index));
                let about = about.map(|d| {
                    vec![proto::diagnostic(
                        d,
                        open.document.rope(),
                        encoding,
                        &locate,
                    )]
                });
                Some(CodeActionOrCommand::CodeAction(CodeAction {
                    title,
                    kind: Some(kind),
                    diagnostics: about,
                    edit: Some(edits::workspace_edit(session, project, &changes)?),
                    is_preferred: is_preferred.then_some(true),
                    ..CodeAction::default()
                }))
            },
        )
        .collect()
}

/// The hints in a range.
pub fn hints(document: &Document<'_>, range: Range) -> Vec<InlayHint> {
    let Document {
        session,
        open,
        located,
    } = document;
    let encoding = session.client.encoding;
    let rope = open.document.rope();
    let span = proto::span(rope, range, encoding);
    hints::inlay(&located.entry.project, located.file, span)
        .into_iter()
        .map(|hint| InlayHint {
            position: proto::range(rope, Span::at(hint.offset), encoding).start,
            label: InlayHintLabel::String(hint.label),
            kind: None,
            text_edits: None,
            // The protocol has no format of its own to negotiate for them.
            tooltip: Some(InlayHintTooltip::MarkupContent(markup(
                hint.tooltip,
                session.client.markdown_in_hover,
            ))),
            padding_left: Some(true),
            padding_right: None,
            data: None,
        })
        .collect()
}

/// The lenses of a document.
pub fn lenses(document: &Document<'_>) -> Vec<CodeLens> {
    let Document {
        session,
        open,
        located,
    } = document;
    lenses::lenses(&located.entry.project, located.file)
        .into_iter()
        .map(|lens| CodeLens {
            range: proto::range(open.document.rope(), lens.span, session.client.encoding),
            command: Some(command(document, lens)),
            data: None,
        })
        .collect()
}

/// What a lens does, by a command that the client has said it carries out, else by ours. A lens
/// that only says something has a command without a name.
fn command(document: &Document<'_>, lens: Lens) -> Command {
    let Document {
        session,
        open,
        located,
    } = document;
    let client_has = |name: &str| session.client.commands.iter().any(|c| c == name);
    let (command, arguments) = match lens.kind {
        LensKind::Preview { name, is_table } => {
            let kind = if is_table { "table" } else { "namespace" };
            let command = if client_has(SHOW_PREVIEW) {
                SHOW_PREVIEW
            } else {
                super::commands::PREVIEW
            };
            (
                command,
                Some(vec![json!({ "uri": open.uri, "name": name, "kind": kind })]),
            )
        }
        LensKind::Calls(places) if client_has(SHOW_REFERENCES) => {
            let project = &located.entry.project;
            let locations: Vec<_> = places
                .into_iter()
                .filter_map(|p| session.location(project, p))
                .collect();
            let at = proto::range(open.document.rope(), lens.span, session.client.encoding).start;
            (
                SHOW_REFERENCES,
                Some(vec![json!(open.uri), json!(at), json!(locations)]),
            )
        }
        LensKind::Calls(_) | LensKind::Receivers => ("", None),
    };
    Command {
        title: lens.title,
        command: command.to_owned(),
        arguments,
    }
}
