//! Definition, references, highlights and rename.

use tower_lsp::jsonrpc::{Error, ErrorCode};
use tower_lsp::ls_types::{
    DocumentHighlight, DocumentHighlightKind, Location, Position, PrepareRenameResponse,
    WorkspaceEdit,
};

use super::features::Document;
use super::{edits, proto};
use crate::ide::{navigate, rename};

/// Where what stands at a position is declared.
pub fn definition(document: &Document<'_>, at: Position) -> Vec<Location> {
    let project = &document.located.entry.project;
    navigate::definition(project, document.located.file, document.offset(at))
        .into_iter()
        .filter_map(|place| document.session.location(project, place))
        .collect()
}

/// Every place that names what stands at a position.
pub fn references(document: &Document<'_>, at: Position, with_declaration: bool) -> Vec<Location> {
    let project = &document.located.entry.project;
    navigate::references(project, document.located.file, document.offset(at))
        .into_iter()
        .filter(|reference| with_declaration || !reference.is_declaration)
        .filter_map(|reference| document.session.location(project, reference.place))
        .collect()
}

/// The places in the document itself.
pub fn highlights(document: &Document<'_>, at: Position) -> Vec<DocumentHighlight> {
    let encoding = document.session.client.encoding;
    navigate::highlights(
        &document.located.entry.project,
        document.located.file,
        document.offset(at),
    )
    .into_iter()
    .map(|reference| DocumentHighlight {
        range: proto::range(
            document.open.document.rope(),
            reference.place.span,
            encoding,
        ),
        kind: Some(if reference.is_declaration {
            DocumentHighlightKind::WRITE
        } else {
            DocumentHighlightKind::READ
        }),
    })
    .collect()
}

/// The name at a position that can be changed.
///
/// # Errors
/// Why it cannot be changed, as a sentence that the client shows.
pub fn prepare_rename(
    document: &Document<'_>,
    at: Position,
) -> Result<Option<PrepareRenameResponse>, Error> {
    let found = rename::prepare(
        &document.located.entry.project,
        document.located.file,
        document.offset(at),
    )
    .map_err(refusal)?;
    Ok(
        found.map(|found| PrepareRenameResponse::RangeWithPlaceholder {
            range: proto::range(
                document.open.document.rope(),
                found.span,
                document.session.client.encoding,
            ),
            placeholder: found.name,
        }),
    )
}

/// The edits that give the name at a position another, and what they do not reach; what is not
/// wanted any more is not looked for any further.
///
/// # Errors
/// Why it cannot be changed to that, as a sentence that the client shows.
pub fn rename(
    document: &Document<'_>,
    at: Position,
    new_name: &str,
    is_wanted: &dyn Fn() -> bool,
) -> Result<Option<(WorkspaceEdit, Option<String>)>, Error> {
    let project = &document.located.entry.project;
    let found = rename::rename(
        project,
        document.located.file,
        document.offset(at),
        new_name,
        is_wanted,
    )
    .map_err(refusal)?;
    Ok(found.and_then(|found| {
        Some((
            edits::workspace_edit(document.session, project, &found.edits)?,
            found.note,
        ))
    }))
}

fn refusal(sentence: String) -> Error {
    Error {
        code: ErrorCode::ServerError(-32803),
        message: sentence.into(),
        data: None,
    }
}
