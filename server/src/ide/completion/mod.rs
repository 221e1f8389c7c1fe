//! Completion: what may be written at the cursor, in whole and in half-typed code.

mod calls;
mod columns;
mod keys;
mod roles;
mod snippets;
mod write;

pub(super) use keys::{key_documentation, mask_documentation};
pub(super) use roles::code_list;

use std::sync::Arc;

use super::cursor::{Bracket, Cursor};
use super::region::{Callee, Names, Region};
use crate::facts::FileFacts;
use crate::project::{Index, Project};
use crate::schema::KeyKind;
use crate::span::{FileId, Span};

/// Something that may be written at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What the list shows.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// A few words beside the label.
    pub detail: Option<String>,
    /// What it means, in Markdown.
    pub documentation: Option<String>,
    /// What is inserted.
    pub insert: String,
    /// Whether `insert` is a snippet, with `$1` and `${1:text}` for what is typed next.
    pub is_snippet: bool,
    /// What it takes the place of: a range on the cursor's line that holds the cursor.
    pub replace: Span,
    /// What is compared with the text before the cursor, where that is not the label.
    pub filter: Option<String>,
    /// Where it stands in the list: smaller ones first.
    pub sort: String,
    /// Whether it is only for older projects.
    pub deprecated: bool,
}

/// What a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    /// A key of a configuration object.
    Key,
    /// A value.
    Value,
    /// A column of a table.
    Column,
    /// A role.
    Role,
    /// A type of mask.
    MaskType,
    /// A table.
    Table,
    /// An event namespace.
    Namespace,
    /// An event.
    Event,
    /// A method of the helper.
    Method,
    /// A piece of code with places to fill in.
    Snippet,
}

/// What may be written at `offset` of `text`, which is the text that the project knows of `file` or
/// one from right before it; nothing outside of Quickback's configuration and calls.
pub fn complete(project: &Project, file: FileId, text: &str, offset: u32) -> Vec<Completion> {
    let Some(names) = Names::of(project, file) else {
        return Vec::new();
    };
    let Some(cursor) = Cursor::at(text, offset) else {
        return Vec::new();
    };
    let place = At {
        project,
        file,
        text,
        offset,
        names,
        cursor,
    };
    place.complete().unwrap_or_default()
}

/// The place that is completed, and everything that is known of it.
struct At<'a> {
    project: &'a Project,
    file: FileId,
    text: &'a str,
    offset: u32,
    names: Names<'a>,
    cursor: Cursor,
}

impl At<'_> {
    /// The names of the project, as far as they are known at once.
    fn index(&self) -> Arc<Index> {
        self.project.index_at_hand(self.file)
    }

    fn complete(&self) -> Option<Vec<Completion>> {
        if self.cursor.member.is_some() {
            return self.member();
        }
        let innermost = self.cursor.innermost()?;
        if innermost.bracket == Bracket::Subscript {
            return self.subscript(innermost);
        }
        if innermost.bracket == Bracket::File {
            return self.statement();
        }
        let in_object = innermost.bracket == Bracket::Object;
        match self.names.region(&self.cursor)? {
            Region::Arguments(callee) => self.argument(callee),
            _ if !in_object && !self.begins_item() => None,
            Region::Options(subject) => match &self.cursor.slot.key {
                None => self.begins_key().then(|| self.option_blocks(subject)),
                Some(key) => self.option_value(&key.text),
            },
            Region::Block(schema, subject) => match &self.cursor.slot.key {
                None => self.begins_key().then(|| self.keys(schema)),
                Some(key) => self.value(schema.key(&key.text)?, subject),
            },
            Region::ByColumn(schema, subject) => match &self.cursor.slot.key {
                None => self
                    .begins_key()
                    .then(|| self.masked_columns(schema, subject)),
                Some(_) => Some(vec![self.mask_rule_value(schema)?]),
            },
            Region::Record(subject) => match &self.cursor.slot.key {
                None => self.begins_key().then(|| self.record_keys(subject)),
                Some(_) => None,
            },
            Region::List(kind, subject) => self.items(kind, subject),
        }
    }

    /// Whether a key may begin here.
    fn begins_key(&self) -> bool {
        self.cursor.fresh
    }

    /// Whether an item of a list may begin here. Between two strings only a comma is missing.
    fn begins_item(&self) -> bool {
        self.cursor.fresh || self.cursor.in_string()
    }

    fn argument(&self, callee: Callee) -> Option<Vec<Completion>> {
        if !self.begins_item() {
            return None;
        }
        let index = self.cursor.slot.index;
        match callee {
            Callee::Helper(method, _) => self.helper_argument(method, index),
            Callee::Table(_) | Callee::Feature(_) | Callee::Namespace => None,
        }
    }

    fn items(&self, kind: KeyKind, subject: super::region::Subject) -> Option<Vec<Completion>> {
        match kind {
            KeyKind::Columns => Some(self.field_items(subject)),
            KeyKind::Roles | KeyKind::ShowRoles => Some(self.role_items(kind)),
            _ => None,
        }
    }

    fn facts(&self) -> Option<std::sync::Arc<FileFacts>> {
        self.project.facts(self.file)
    }
}

#[cfg(test)]
mod tests;
