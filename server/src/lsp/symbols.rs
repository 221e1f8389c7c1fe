//! Document and workspace symbols.

use tower_lsp::ls_types::{
    DocumentSymbol, DocumentSymbolResponse, Location, OneOf, SymbolInformation, SymbolKind,
    WorkspaceSymbol,
};

use super::features::Document;
use super::proto;
use super::snapshot::Snapshot;
use crate::ide::symbols;

/// The outline of a document, flat for clients that know no other.
pub fn document(document: &Document<'_>) -> DocumentSymbolResponse {
    let found = symbols::document(&document.located.entry.project, document.located.file);
    if document.session.client.nested_symbols {
        DocumentSymbolResponse::Nested(found.into_iter().map(|s| nested(document, s)).collect())
    } else {
        let mut flat = Vec::new();
        for symbol in found {
            flatten(document, symbol, None, &mut flat);
        }
        DocumentSymbolResponse::Flat(flat)
    }
}

#[expect(
    deprecated,
    reason = "the protocol's type has a field that is not used any more"
)]
fn nested(document: &Document<'_>, symbol: symbols::DocumentSymbol) -> DocumentSymbol {
    let range = |span| {
        proto::range(
            document.open.document.rope(),
            span,
            document.session.client.encoding,
        )
    };
    DocumentSymbol {
        name: symbol.name,
        detail: symbol.detail,
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: range(symbol.span),
        selection_range: range(symbol.selection),
        children: Some(
            symbol
                .children
                .into_iter()
                .map(|child| nested(document, child))
                .collect(),
        ),
    }
}

#[expect(
    deprecated,
    reason = "the protocol's type has a field that is not used any more"
)]
fn flatten(
    document: &Document<'_>,
    symbol: symbols::DocumentSymbol,
    container: Option<&str>,
    flat: &mut Vec<SymbolInformation>,
) {
    let range = proto::range(
        document.open.document.rope(),
        symbol.selection,
        document.session.client.encoding,
    );
    flat.push(SymbolInformation {
        name: symbol.name.clone(),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        location: Location {
            uri: document.open.uri.clone(),
            range,
        },
        container_name: container.map(str::to_owned),
    });
    for child in symbol.children {
        flatten(document, child, Some(&symbol.name), flat);
    }
}

/// The names of all projects that have been read.
pub fn workspace(session: &Snapshot, query: &str) -> Vec<WorkspaceSymbol> {
    session
        .projects()
        .flat_map(|entry| {
            symbols::workspace(&entry.project, query)
                .into_iter()
                .filter_map(|symbol| {
                    Some(WorkspaceSymbol {
                        name: symbol.name,
                        kind: kind(symbol.kind),
                        tags: None,
                        container_name: symbol.container,
                        location: OneOf::Left(session.location(&entry.project, symbol.place)?),
                        data: None,
                    })
                })
        })
        .collect()
}

fn kind(kind: symbols::SymbolKind) -> SymbolKind {
    match kind {
        symbols::SymbolKind::Table => SymbolKind::CLASS,
        symbols::SymbolKind::Block => SymbolKind::OBJECT,
        symbols::SymbolKind::Column => SymbolKind::FIELD,
        symbols::SymbolKind::Namespace => SymbolKind::NAMESPACE,
        symbols::SymbolKind::Event => SymbolKind::EVENT,
        symbols::SymbolKind::Role => SymbolKind::ENUM_MEMBER,
    }
}
