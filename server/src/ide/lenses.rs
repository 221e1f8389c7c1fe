//! Code lenses: what stands above the definition of a table or a namespace.

use super::audience;
use crate::project::model::Table;
use crate::project::{Project, Roles};
use crate::span::{FileId, Place, Span};

/// A line above a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The definition's function: `defineTable`.
    pub span: Span,
    /// What the line says.
    pub title: String,
    /// What it does.
    pub kind: LensKind,
}

/// What a lens does when it is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LensKind {
    /// It shows the events of the table or namespace of that name.
    Preview {
        /// The name.
        name: String,
        /// Whether it is a table, or else a namespace.
        is_table: bool,
    },
    /// It shows the calls that send them.
    Calls(Vec<Place>),
    /// Nothing: it says who receives what.
    Receivers,
}

/// The lenses of a file.
pub fn lenses(project: &Project, file: FileId) -> Vec<Lens> {
    let model = project.model(file);
    let facts = project.facts(file);
    let mut found = Vec::new();
    if model.tables.is_empty() && model.namespaces.is_empty() {
        return found;
    }
    let roles = project.roles();
    let index = project.index();
    let callee = |span: Span| {
        let definition = facts.as_ref().and_then(|f| model.definition(f, span));
        definition.map_or(span, |definition| definition.callee_span)
    };
    for table in &model.tables {
        let Some(name) = &table.name else { continue };
        let span = callee(table.span);
        let lens = |title: String, kind| Lens { span, title, kind };
        let calls = in_order(project, index.calls_of_table(&name.text));
        if !table.realtime.is_absent() {
            let preview = LensKind::Preview {
                name: name.text.to_string(),
                is_table: true,
            };
            found.push(lens("Preview events".to_owned(), preview));
        }
        if !table.realtime.is_absent() || !calls.is_empty() {
            found.push(lens(count(calls.len()), LensKind::Calls(calls)));
        }
        // The longest comes last, since editors cut off what does not fit.
        if !table.realtime.is_absent() {
            found.push(lens(receivers(&roles, table), LensKind::Receivers));
        }
    }
    for namespace in &model.namespaces {
        let Some(name) = namespace.name.known() else {
            continue;
        };
        let span = namespace.callee_span;
        let calls = in_order(project, index.calls_of_namespace(&name.value));
        let preview = LensKind::Preview {
            name: name.value.clone(),
            is_table: false,
        };
        for (title, kind) in [
            ("Preview events".to_owned(), preview),
            (count(calls.len()), LensKind::Calls(calls)),
        ] {
            found.push(Lens { span, title, kind });
        }
    }
    found
}

fn receivers(roles: &Roles, table: &Table) -> String {
    let Some(block) = table.block() else {
        return "realtime cannot be read".to_owned();
    };
    match block.enabled.or(false) {
        Some(true) => audience::summary(roles, table),
        Some(false) => "realtime is off".to_owned(),
        None => "realtime may be off: `enabled` cannot be resolved".to_owned(),
    }
}

fn count(calls: usize) -> String {
    match calls {
        0 => "no calls".to_owned(),
        1 => "1 call".to_owned(),
        n => format!("{n} calls"),
    }
}

/// Places in the order of files and offsets.
fn in_order(project: &Project, places: &[Place]) -> Vec<Place> {
    let mut places = places.to_vec();
    places.sort_by_cached_key(|place| (project.path(place.file), place.span));
    places
}

#[cfg(test)]
mod tests;
