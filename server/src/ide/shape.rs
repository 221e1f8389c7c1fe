//! The table that a cursor's configuration or call is about, as far as broken text lets it be known.

use std::sync::Arc;

use generator::model::ColumnKind;

use super::cursor::{Bracket, Cursor, Frame, Word};
use super::region::{HelperMethod, Names, Subject};
use crate::project::columns::{INJECTED, TABLE_FUNCTIONS};
use crate::project::model::{Column, Columns, FileModel, Table};
use crate::project::{Evaluator, Project};
use crate::span::FileId;

/// A table, or what is known of it.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// The definition, where it could be read.
    pub table: Option<Arc<Table>>,
    /// The columns.
    pub columns: Arc<Columns>,
}

impl From<Arc<Table>> for Shape {
    fn from(table: Arc<Table>) -> Self {
        Self {
            columns: table.columns.clone(),
            table: Some(table),
        }
    }
}

/// The table that a region is about.
pub fn shape(
    project: &Project,
    file: FileId,
    names: &Names<'_>,
    cursor: &Cursor,
    subject: Subject,
) -> Shape {
    let model = names.model();
    match subject {
        Subject::Table(index) => defined(project, file, model, cursor, index),
        Subject::NamedTable(index) => model
            .tables
            .get(index)
            .map(|table| Shape::from(Arc::clone(table)))
            .unwrap_or_default(),
        Subject::Call(index) => {
            let name = cursor.frame(index).and_then(called_table);
            name.map(|name| by_name(project, &name.text))
                .unwrap_or_default()
        }
        Subject::NamedCall(index) => {
            let subject = model
                .calls
                .get(index)
                .and_then(|call| call.subject.as_ref());
            subject
                .and_then(|subject| subject.as_str())
                .map(|name| by_name(project, name))
                .unwrap_or_default()
        }
        Subject::Namespace => Shape::default(),
    }
}

/// The table that a call names in its first argument.
fn called_table(frame: &Frame) -> Option<&Word> {
    frame
        .strings
        .iter()
        .find(|(index, _)| *index == 0)
        .map(|(_, word)| word)
}

/// The table of that name in the project.
pub fn by_name(project: &Project, name: &str) -> Shape {
    let index = project.index();
    if let Some(table) = index.table(name) {
        return Shape::from(Arc::clone(table));
    }
    let Some(place) = index.internal.get(name) else {
        return Shape::default();
    };
    let model = project.model(place.file);
    let declared = model.declared.iter().find(|d| d.name.place == *place);
    Shape {
        table: None,
        columns: declared.map(|d| d.columns.clone()).unwrap_or_default(),
    }
}

/// The table that the call with the arguments at `index` defines.
fn defined(
    project: &Project,
    file: FileId,
    model: &FileModel,
    cursor: &Cursor,
    index: usize,
) -> Shape {
    let Some(frame) = cursor.frame(index) else {
        return Shape::default();
    };
    let start = frame.callee.first().map(|word| word.span.start);
    let table = model.tables.iter().find(|t| Some(t.span.start) == start);
    if let Some(table) = table
        && has_declared(&table.columns)
    {
        return Shape::from(Arc::clone(table));
    }
    let mut shape = Shape {
        table: table.map(Arc::clone),
        columns: Arc::default(),
    };
    let argument = frame.names.iter().find(|(index, _)| *index == 0);
    if let Some((_, name)) = argument
        && let Some(columns) = declared(project, file, name)
    {
        shape.columns = columns;
        return shape;
    }
    shape.columns = Arc::new(written(cursor, index, argument.map(|(_, name)| name)));
    shape
}

fn has_declared(columns: &Columns) -> bool {
    columns.list.iter().any(|column| column.place.is_some())
}

/// The columns of a table object that a name means.
fn declared(project: &Project, file: FileId, name: &Word) -> Option<Arc<Columns>> {
    let evaluator = Evaluator::new(project, file);
    let symbol = evaluator.named(file, name.text.as_str(), name.span)?;
    let (_, span) = symbol.name?;
    let model = project.model(symbol.file);
    let declared = model.declared.iter().find(|d| d.name.place.span == span)?;
    has_declared(&declared.columns).then(|| declared.columns.clone())
}

/// The columns as they are written, by the brackets alone: what the tree of a broken text lost.
fn written(cursor: &Cursor, index: usize, name: Option<&Word>) -> Columns {
    let is_table = |frame: &Frame| {
        frame.bracket == Bracket::Arguments
            && frame
                .callee
                .last()
                .is_some_and(|word| TABLE_FUNCTIONS.contains(&word.text.as_str()))
    };
    let of_call = |call: usize| {
        let mut objects = cursor.children(call);
        objects
            .find(|(_, frame)| frame.bracket == Bracket::Object && frame.index == 1)
            .map(|(at, _)| at)
    };
    // `defineTable(name, ...)` or `defineTable(sqliteTable(...), ...)`.
    let call = match name {
        Some(name) => cursor.frames.iter().position(|frame| {
            is_table(frame) && frame.assigned.as_ref().is_some_and(|a| a.text == name.text)
        }),
        None => None,
    };
    let inline = || {
        let mut calls = cursor.children(index);
        calls.find(|(_, frame)| is_table(frame)).map(|(at, _)| at)
    };
    // `feature(name, { columns: {...} })`.
    let of_feature = || {
        let options = of_call(index)?;
        let mut objects = cursor.children(options);
        objects
            .find(|(_, frame)| frame.key.as_ref().is_some_and(|key| key.text == "columns"))
            .map(|(at, _)| at)
    };
    let object = call.or_else(inline).and_then(of_call).or_else(of_feature);
    let keys = object
        .and_then(|object| cursor.frame(object))
        .map(|frame| frame.keys.as_slice())
        .unwrap_or_default();
    let column = |name: &str, kind| Column {
        name: name.into(),
        place: None,
        kind,
        nullable: true,
        dimensions: 0,
        primary_key: false,
        may_be_scope: false,
    };
    let mut list: Vec<Column> = keys
        .iter()
        .map(|key| column(&key.text, ColumnKind::Unknown))
        .collect();
    for (name, kind) in INJECTED {
        if !list.iter().any(|column| column.name == name) {
            list.push(column(name, kind));
        }
    }
    Columns {
        list,
        open: true,
        may_hide_scope: true,
    }
}

/// The keys of the payload in a call that is no table's.
pub fn payload_keys(cursor: &Cursor, arguments: usize, method: HelperMethod) -> Vec<String> {
    cursor
        .children(arguments)
        .filter(|(_, frame)| frame.bracket == Bracket::Object && method.is_record(frame.index))
        .flat_map(|(_, frame)| frame.keys.iter().map(|key| key.text.clone()))
        .collect()
}
