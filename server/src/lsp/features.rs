//! What an editor asks for: from the protocol's positions to ours, and from our answers to the
//! protocol's.

use tower_lsp::ls_types::{
    CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionItemTag,
    CompletionTextEdit, Documentation, Hover, HoverContents, InsertTextFormat, MarkupContent,
    MarkupKind, Position, TextEdit, Uri,
};

use super::snapshot::{Located, Open, Snapshot};
use super::{plain, proto};
use crate::ide::completion::{self, Completion, CompletionKind};
use crate::ide::hover;
use crate::position;

/// An open document of a project.
pub struct Document<'s> {
    /// The session as it was when this was asked.
    pub session: &'s Snapshot,
    /// The document.
    pub open: &'s Open,
    /// Its project and file.
    pub located: Located,
}

/// The document of a URI; `None` if it is not open or belongs to no project.
pub fn document<'s>(session: &'s Snapshot, uri: &Uri) -> Option<Document<'s>> {
    Some(Document {
        session,
        open: session.document(uri)?,
        located: session.locate(uri)?,
    })
}

impl<'s> Document<'s> {
    /// The same document with the text of an earlier moment.
    pub fn as_of(&self, open: &'s Open) -> Self {
        Self {
            session: self.session,
            open,
            located: self.located.clone(),
        }
    }

    /// The byte offset of a position.
    pub fn offset(&self, at: Position) -> u32 {
        position::offset(
            self.open.document.rope(),
            proto::line_column(at),
            self.session.client.encoding,
        )
    }
}

/// What may be written at a place.
pub fn completion(document: &Document<'_>, at: Position) -> Vec<CompletionItem> {
    let Document { open, located, .. } = document;
    let offset = document.offset(at);
    completion::complete(
        &located.entry.project,
        located.file,
        open.document.text(),
        offset,
    )
    .into_iter()
    .map(|completion| completion_item(document, completion))
    .collect()
}

fn completion_item(document: &Document<'_>, completion: Completion) -> CompletionItem {
    let client = &document.session.client;
    let range = proto::range(
        document.open.document.rope(),
        completion.replace,
        client.encoding,
    );
    let is_snippet = completion.is_snippet && client.snippets;
    let new_text = if completion.is_snippet && !client.snippets {
        plain::snippet(&completion.insert)
    } else {
        completion.insert
    };
    CompletionItem {
        kind: Some(match completion.kind {
            CompletionKind::Key => CompletionItemKind::PROPERTY,
            CompletionKind::Value => CompletionItemKind::VALUE,
            CompletionKind::Column => CompletionItemKind::FIELD,
            CompletionKind::Role | CompletionKind::MaskType => CompletionItemKind::ENUM_MEMBER,
            CompletionKind::Table => CompletionItemKind::CLASS,
            CompletionKind::Namespace => CompletionItemKind::MODULE,
            CompletionKind::Event => CompletionItemKind::EVENT,
            CompletionKind::Method => CompletionItemKind::METHOD,
            CompletionKind::Snippet => CompletionItemKind::SNIPPET,
        }),
        label_details: completion
            .detail
            .as_ref()
            .map(|detail| CompletionItemLabelDetails {
                detail: None,
                description: Some(detail.clone()),
            }),
        detail: completion.detail,
        documentation: completion
            .documentation
            .map(|text| markup(text, client.markdown_in_completion))
            .map(Documentation::MarkupContent),
        tags: completion
            .deprecated
            .then(|| vec![CompletionItemTag::DEPRECATED]),
        sort_text: Some(completion.sort),
        // Always said: Neovim 0.11 leaves every item with an edit in the list otherwise, whatever
        // has been typed.
        filter_text: Some(
            completion
                .filter
                .unwrap_or_else(|| completion.label.clone()),
        ),
        insert_text_format: Some(if is_snippet {
            InsertTextFormat::SNIPPET
        } else {
            InsertTextFormat::PLAIN_TEXT
        }),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text })),
        label: completion.label,
        ..CompletionItem::default()
    }
}

/// What the thing at a place means.
pub fn hover(document: &Document<'_>, at: Position) -> Option<Hover> {
    let Document {
        session,
        open,
        located,
    } = document;
    let hover = hover::hover(&located.entry.project, located.file, document.offset(at))?;
    Some(Hover {
        contents: HoverContents::Markup(markup(hover.markdown, session.client.markdown_in_hover)),
        range: Some(proto::range(
            open.document.rope(),
            hover.span,
            session.client.encoding,
        )),
    })
}

/// Markdown in the protocol's form, without its marks where the client takes only plain text.
pub fn markup(value: String, as_markdown: bool) -> MarkupContent {
    if as_markdown {
        MarkupContent {
            kind: MarkupKind::Markdown,
            value,
        }
    } else {
        MarkupContent {
            kind: MarkupKind::PlainText,
            value: plain::markdown(&value),
        }
    }
}
