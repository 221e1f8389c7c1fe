//! The preview of a table or a namespace: what each receiver gets of each of its events.

mod unresolved;

use generator::model;
use generator::preview::{self as generate, Options};

use crate::lower;
use crate::project::Project;
use crate::project::model::{Call, Method, Namespace, Setting, Table};
use crate::span::{FileId, Place, Span};
use crate::syntax::value::Value;

/// What a preview is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked<'a> {
    /// What stands at an offset of the file.
    Offset(u32),
    /// The table of that name.
    Table(&'a str),
    /// The namespace of that name.
    Namespace(&'a str),
    /// Whatever has that name, the table first.
    Name(&'a str),
}

/// A preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// What it is a preview of.
    pub kind: PreviewKind,
    /// Where that is defined: the call of `defineTable` or the like.
    pub definition: Place,
    /// Whether the definition could be read to its end. If not it may be in the middle of an edit,
    /// and what was shown before may be worth more.
    pub is_whole: bool,
    /// The events.
    pub preview: generate::Preview,
}

/// What a preview can be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreviewKind {
    /// A table.
    Table,
    /// A namespace.
    Namespace,
}

/// The preview of a table or a namespace; `None` if there is none at the offset or of that name.
///
/// # Errors
/// A sentence, if the options do not fit.
pub fn preview(
    project: &Project,
    file: FileId,
    asked: Asked<'_>,
    options: &Options,
) -> Option<Result<Preview, String>> {
    let index = project.index();
    let of_table = |name: &str| {
        let mut tables = index.tables.get(name)?.iter();
        let here = tables.find(|table| table.file == file);
        let counts = || index.table_that_counts(name);
        Some(table(project, here.or_else(counts)?, options))
    };
    let of_namespace = |name: &str| Some(namespace(project, index.namespace(name)?, options));
    match asked {
        Asked::Offset(offset) => at(project, file, offset, options),
        Asked::Table(name) => of_table(name),
        Asked::Namespace(name) => of_namespace(name),
        Asked::Name(name) => of_table(name).or_else(|| of_namespace(name)),
    }
}

/// The preview of what an offset is in: a definition, a table object, or a call.
fn at(
    project: &Project,
    file: FileId,
    offset: u32,
    options: &Options,
) -> Option<Result<Preview, String>> {
    let model = project.model(file);
    let index = project.index();
    let mut tables = model.tables.iter();
    if let Some(found) = tables.find(|table| table.span.touches(offset)) {
        return Some(table(project, found, options));
    }
    let mut namespaces = model.namespaces.iter();
    if let Some(found) = namespaces.find(|namespace| namespace.span.touches(offset)) {
        return Some(namespace(project, found, options));
    }
    let calls = model.calls.iter().filter(|call| call.span.touches(offset));
    if let Some(call) = calls.max_by_key(|call| call.span.start) {
        return match called(call)? {
            Asked::Table(name) => Some(table(project, index.table(name)?, options)),
            Asked::Namespace(name) => Some(namespace(project, index.namespace(name)?, options)),
            Asked::Offset(_) | Asked::Name(_) => None,
        };
    }
    let facts = project.facts(file)?;
    let mut declared = model.declared.iter().filter(|declared| {
        let mut bindings = facts.scopes.iter();
        let binding = bindings.find(|b| b.name_span == declared.name.place.span);
        let value: Option<&Value> = binding.and_then(|b| b.value.as_deref());
        value.is_some_and(|value| {
            let whole = value.span.cover(declared.name.place.span);
            whole.touches(offset)
        })
    });
    if let Some(declared) = declared.next() {
        return Some(table(project, index.table(&declared.name.text)?, options));
    }
    // A file that defines one thing is about that.
    match (model.tables.as_slice(), model.namespaces.as_slice()) {
        ([only], []) => Some(table(project, only, options)),
        ([], [only]) => Some(namespace(project, only, options)),
        _ => None,
    }
}

fn called(call: &Call) -> Option<Asked<'_>> {
    match &call.method {
        Method::Insert | Method::Update | Method::Delete => {
            Some(Asked::Table(call.subject.as_ref()?.as_str()?))
        }
        Method::Broadcast => {
            let (namespace, _) = call.subject.as_ref()?.as_str()?.split_once(':')?;
            Some(Asked::Namespace(namespace))
        }
        Method::Event { namespace, .. } => Some(Asked::Namespace(&namespace.0)),
    }
}

/// The preview of one table. Only that table is lowered, whatever else the project holds.
pub fn table(project: &Project, table: &Table, options: &Options) -> Result<Preview, String> {
    let lowered = lower::table(project, table)
        .ok_or("The name of this table cannot be told, so there is nothing to preview.")?;
    let name = lowered.name.clone();
    let is_off = lowered.realtime.is_none();
    let alone = model::Project {
        roles: lower::roles(project),
        tables: vec![lowered],
        namespaces: Vec::new(),
    };
    let mut preview = generate::table(&alone, &name, options).map_err(|error| error.to_string())?;
    if is_off {
        preview.unresolved = unresolved::in_table(project, table);
    }
    Ok(Preview {
        kind: PreviewKind::Table,
        definition: Place {
            file: table.file,
            span: table.span,
        },
        is_whole: parses(project, table.file, table.span) && is_known(table),
        preview,
    })
}

/// The preview of one namespace.
pub fn namespace(
    project: &Project,
    namespace: &Namespace,
    options: &Options,
) -> Result<Preview, String> {
    let lowered = lower::namespace(project, namespace);
    let is_resolved = lowered.is_some();
    let preview = match lowered {
        Some(lowered) => {
            let name = lowered.name.clone();
            let alone = model::Project {
                roles: lower::roles(project),
                tables: Vec::new(),
                namespaces: vec![lowered],
            };
            generate::namespace(&alone, &name, options).map_err(|error| error.to_string())?
        }
        None => unresolved::namespace(project, namespace).ok_or(
            "The name or the events of this namespace cannot be resolved, so there is nothing to preview.",
        )?,
    };
    Ok(Preview {
        kind: PreviewKind::Namespace,
        definition: Place {
            file: namespace.file,
            span: namespace.span,
        },
        is_whole: is_resolved && parses(project, namespace.file, namespace.span),
        preview,
    })
}

/// Whether nothing in a definition fails to parse.
fn parses(project: &Project, file: FileId, span: Span) -> bool {
    project.facts(file).is_some_and(|facts| {
        let mut errors = facts.errors.iter();
        errors.all(|error| error.end < span.start || span.end < error.start)
    })
}

/// Whether every value that delivery depends on is known: a half-typed one is not.
fn is_known(table: &Table) -> bool {
    fn readable<T>(setting: &Setting<T>) -> bool {
        matches!(setting, Setting::Absent | Setting::Known(_))
    }
    let masks = match &table.masking {
        Setting::Known(known) => known.value.rules.iter().all(|rule| rule.whole),
        other => readable(other),
    };
    let block = match &table.realtime {
        Setting::Known(known) => {
            let block = &known.value;
            readable(&block.enabled)
                && readable(&block.on_insert)
                && readable(&block.on_update)
                && readable(&block.on_delete)
                && readable(&block.required_roles)
                && readable(&block.fields)
        }
        other => readable(other),
    };
    masks && block && readable(&table.options)
}

#[cfg(test)]
mod tests;
