//! Columns, roles, tables, namespaces and events.

use std::sync::Arc;

use super::Hover;
use crate::ide::about;
use crate::ide::symbol::{Occurrence, Symbol};
use crate::project::Project;
use crate::project::model::{Call, Table};
use crate::span::FileId;

/// What a name means.
pub fn of(project: &Project, file: FileId, offset: u32, occurrence: &Occurrence) -> Option<Hover> {
    let mut span = occurrence.place.span;
    let index = project.index_at_hand(file);
    let markdown = match &occurrence.symbol {
        Symbol::Column(place) => {
            let name = project.text(*place);
            match table_of(project, file, offset, |table| {
                table.columns.list.iter().any(|c| c.place == Some(*place))
            }) {
                Some(table) => about::column(project, &table, &name)?,
                None => about::internal_column(project, *place)?,
            }
        }
        Symbol::Injected(name) => {
            let table = table_of(project, file, offset, |_| true)?;
            about::column(project, &table, name)?
        }
        Symbol::Role(role) => {
            let facts = project.facts(file)?;
            let after = facts.text.get(span.end as usize..).unwrap_or_default();
            let upwards = after.starts_with('+');
            if upwards {
                span.end += 1;
            }
            about::role(&project.roles(), role, upwards)
        }
        Symbol::Table(name) => {
            let call = call_at(project, file, offset);
            match index.table(name) {
                Some(table) => about::table(project, table, call.as_deref()),
                None => about::no_table(name, index.internal.contains_key(name.as_str())),
            }
        }
        Symbol::Namespace(name) => about::namespace(index.namespace(name)?),
        Symbol::Event(namespace, event) => {
            about::event(project, index.namespace(namespace)?, event)
        }
    };
    Some(Hover { span, markdown })
}

/// The table that a name at an offset is about: that of the definition or the call around it, else
/// the first one in the project.
fn table_of(
    project: &Project,
    file: FileId,
    offset: u32,
    wanted: impl Fn(&Table) -> bool,
) -> Option<Arc<Table>> {
    let model = project.model(file);
    let index = project.index_at_hand(file);
    let mut tables = model.tables.iter();
    let around = tables.find(|table| table.span.touches(offset) && wanted(table));
    let called = || {
        let call = call_at(project, file, offset)?;
        let table = index.table(call.subject.as_ref()?.as_str()?)?;
        wanted(table).then_some(table)
    };
    let first = || {
        let mut tables = index.tables.values().flatten();
        tables.find(|table| wanted(table))
    };
    around.or_else(called).or_else(first).cloned()
}

/// The call around an offset, the innermost.
fn call_at(project: &Project, file: FileId, offset: u32) -> Option<Arc<Call>> {
    let model = project.model(file);
    let calls = model.calls.iter().filter(|call| call.span.touches(offset));
    calls.max_by_key(|call| call.span.start).cloned()
}
