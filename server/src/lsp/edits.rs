//! Edits in the protocol's form.

use std::collections::{BTreeMap, HashMap};

use tower_lsp::ls_types::{
    DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, Range, TextDocumentEdit,
    TextEdit, Uri, WorkspaceEdit,
};

use super::proto;
use super::snapshot::Snapshot;
use crate::diagnostic::Edit;
use crate::position::Shown;
use crate::project::Project;
use crate::span::{FileId, Span};
use crate::workspace;

/// Edits of any files of a project. An edit of a file that is open carries its version, where the
/// client understands that, so that it is refused if the text has changed meanwhile. `None` if a
/// closed file is not on the disk what it was when it was read: the edits would be of another text.
pub fn workspace_edit(
    session: &Snapshot,
    project: &Project,
    edits: &[Edit],
) -> Option<WorkspaceEdit> {
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        by_file.entry(edit.place.file).or_default().push(edit);
    }
    let mut changes: Vec<(Uri, Option<i32>, Vec<TextEdit>)> = Vec::new();
    for (file, edits) in by_file {
        let path = project.path(file);
        let encoding = session.client.encoding;
        let text_edits = |range: &dyn Fn(Span) -> Range| -> Vec<TextEdit> {
            let edits = edits.into_iter().map(|edit| TextEdit {
                range: range(edit.place.span),
                new_text: edit.new_text.clone(),
            });
            edits.collect()
        };
        changes.push(match session.open_file(&path) {
            Some(open) => {
                let rope = open.document.rope();
                let edits = text_edits(&|span| proto::range(rope, span, encoding));
                (open.uri.clone(), Some(open.version), edits)
            }
            None => {
                let facts = project.facts(file)?;
                if workspace::bytes(&path)? != facts.text.as_bytes() {
                    return None;
                }
                let shown = Shown::new(&facts.text);
                let edits = text_edits(&|span| proto::closed_range(&shown, span, encoding));
                (proto::uri_of(&path)?, None, edits)
            }
        });
    }
    Some(if session.client.document_changes {
        let edits = changes
            .into_iter()
            .map(|(uri, version, edits)| TextDocumentEdit {
                text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
                edits: edits.into_iter().map(OneOf::Left).collect(),
            })
            .collect();
        WorkspaceEdit {
            document_changes: Some(DocumentChanges::Edits(edits)),
            ..WorkspaceEdit::default()
        }
    } else {
        let changes: HashMap<Uri, Vec<TextEdit>> = changes
            .into_iter()
            .map(|(uri, _, edits)| (uri, edits))
            .collect();
        WorkspaceEdit {
            changes: Some(changes),
            ..WorkspaceEdit::default()
        }
    })
}
