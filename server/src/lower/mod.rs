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
use rayon::prelude::*;
use smol_str::SmolStr;

pub use blocked::{Blocked, Looked, Reason, may_change};

use crate::project::model::{Namespace, Setting, Table};
use crate::project::resolved::{Kind, Resolved};
use crate::project::{Hierarchy, Project};

/// Words that stand where roles do and are none.
const NO_ROLES: [&str; 4] = ["*", "PUBLIC", "everyone", ""];

/// A project's configuration as far as it can be read.
pub fn lower(project: &Project) -> model::Project {
    let index = project.index();
    let defined: Vec<_> = index.tables.keys().collect();
    let defined = defined
        .into_par_iter()
        .filter_map(|name| table(project, index.table_that_counts(name)?));
    // A name is listed once: what a definition says of it counts, whatever else is called so.
    let internal = index.internal.keys();
    let internal: Vec<_> = internal
        .filter(|n| !index.tables.contains_key(*n))
        .collect();
    let internal = internal
        .into_par_iter()
        .filter_map(|name| Some(table::internal(project, index.internal_table(name)?)));
    let mut tables: Vec<model::Table> = defined.chain(internal).collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    let namespaces = index.namespaces.values();
    model::Project {
        roles: roles(project),
        tables,
        namespaces: namespaces
            .filter_map(|same| namespace(project, same.first()?))
            .collect(),
    }
}

/// The roles that the project knows, those that definitions name among them.
pub fn roles(project: &Project) -> model::Roles {
    let known = project.roles();
    let mut roles = known.as_model();
    if known.hierarchy == Hierarchy::Unknown {
        forget_order(&mut roles);
    }
    let index = project.index();
    let named = index
        .table_roles
        .keys()
        .map(SmolStr::as_str)
        .filter(|role| !NO_ROLES.contains(role));
    let others: BTreeSet<String> = roles
        .others
        .drain(..)
        .chain(named.map(str::to_owned))
        .filter(|role| !roles.hierarchy.contains(role))
        .collect();
    roles.others = others.into_iter().collect();
    roles
}

/// Where nobody knows which roles are higher than others none is, so that a call's `role+` is refused.
fn forget_order(roles: &mut model::Roles) {
    roles.declared = false;
    roles.others.append(&mut roles.hierarchy);
    roles.others.sort_unstable();
}

/// One table, off where it cannot be resolved completely; `None` if its name cannot be told.
pub fn table(project: &Project, table: &Table) -> Option<model::Table> {
    table::defined(project, table)
}

/// A project's configuration for its generated files; `unread` are the files of the project that
/// could not be read, by their absolute paths.
///
/// # Errors
/// [`Blocked`] names everything that has to be mended first: errors in definitions, namespaces or
/// the configuration, by the severities of the rules, whatever settings or suppressions show, and
/// any text of theirs that does not parse. Errors at calls stop nothing, and a field that is no
/// column is left out. So is the order of the roles where something else than the configuration
/// changes it and nothing says `role+`.
pub fn lower_checked(
    project: &Project,
    unread: &[&Path],
    looked: &Looked,
) -> Result<model::Project, Blocked> {
    let clear = blocked::check(project, unread, looked)?;
    let mut model = lower(project);
    if !clear.roles_are_as_read {
        forget_order(&mut model.roles);
    }
    Ok(model)
}

/// One namespace; `None` if it cannot be resolved completely.
pub fn namespace(project: &Project, namespace: &Namespace) -> Option<model::Namespace> {
    let name = &namespace.name.known()?.value;
    let list = match &namespace.events {
        Setting::Known(known) if known.value.unresolved.is_empty() => &known.value,
        _ => return None,
    };
    let mut events: Vec<String> = Vec::new();
    for entry in list.items.iter() {
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
