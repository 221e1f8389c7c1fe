//! From a project as it was read to the configuration that everything generated comes from.
//!
//! Whatever cannot be read is off or left out, never wider than it would be. [`lower`] answers
//! always, for previews of what is half-typed; [`lower_checked`] refuses where anything is wrong
//! that generated files depend on.

mod blocked;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;

use generator::model;

pub use blocked::{Blocked, Reason};

use crate::project::model::{Namespace, Setting};
use crate::project::resolved::{Kind, Resolved};
use crate::project::{Hierarchy, Project};

/// A project's configuration as far as it can be read.
pub fn lower(project: &Project) -> model::Project {
    let index = project.index();
    let roles = project.roles();
    let mut tables: Vec<model::Table> = index
        .tables
        .values()
        .filter_map(|same| table::defined(project, &roles, same.first()?))
        .collect();
    tables.extend(
        index
            .internal
            .keys()
            .filter_map(|name| table::internal(project, index.internal_table(name)?)),
    );
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    let namespaces = index
        .namespaces
        .values()
        .filter_map(|same| namespace(project, same.first()?))
        .collect();
    let mut known = roles.as_model();
    if roles.hierarchy == Hierarchy::Unknown {
        // Nobody knows which roles are higher than others, so none is.
        known.others.append(&mut known.hierarchy);
    }
    let named: BTreeSet<String> = known
        .others
        .drain(..)
        .chain(tables.iter().flat_map(roles_of).cloned())
        .filter(|role| !known.hierarchy.contains(role))
        .collect();
    known.others = named.into_iter().collect();
    model::Project {
        roles: known,
        tables,
        namespaces,
    }
}

/// A project's configuration for its generated files; `unread` are the files of the project that
/// could not be read, by their absolute paths.
///
/// # Errors
/// [`Blocked`] names everything that has to be mended first: errors in definitions, namespaces or
/// the configuration, by the severities of the rules, whatever settings or suppressions show, and
/// any text of theirs that does not parse. Errors at calls stop nothing, and a field that is no
/// column is left out.
pub fn lower_checked(project: &Project, unread: &[&Path]) -> Result<model::Project, Blocked> {
    blocked::check(project, unread)?;
    Ok(lower(project))
}

/// The roles that a table names.
fn roles_of(table: &model::Table) -> impl Iterator<Item = &String> {
    let required = table
        .realtime
        .iter()
        .filter_map(|realtime| realtime.required_roles.as_ref());
    let shown = table.masks.iter().map(|mask| &mask.show_roles);
    required.chain(shown).flatten()
}

fn namespace(project: &Project, namespace: &Namespace) -> Option<model::Namespace> {
    let name = &namespace.name.known()?.value;
    let list = match &namespace.events {
        Setting::Known(known) if known.value.unresolved.is_empty() => &known.value,
        _ => return None,
    };
    let mut events: Vec<String> = Vec::new();
    for entry in &list.items {
        match (&entry.kind, entry.as_str()) {
            (_, Some("")) | (Kind::Broken, _) => {}
            (_, Some(event)) if !events.iter().any(|e| e == event) => events.push(event.to_owned()),
            _ if entry.is_unknown() => return None,
            _ => {}
        }
    }
    if name.is_empty() {
        return None;
    }
    Some(model::Namespace {
        name: name.clone(),
        source: project.relative(namespace.file),
        events,
        description: namespace
            .description
            .known()
            .map(|description| description.value.clone()),
    })
}

/// Whether a part of a value does not parse.
fn is_broken(value: &Resolved) -> bool {
    use crate::project::resolved::Entry;
    match &value.kind {
        Kind::Broken => true,
        Kind::List(list) => list.items.iter().any(is_broken),
        Kind::Object(object) => object.entries.iter().any(|entry| match entry {
            Entry::Property(property) => is_broken(&property.value),
            Entry::Broken(_) => true,
            Entry::Unresolved(_) => false,
        }),
        _ => false,
    }
}
