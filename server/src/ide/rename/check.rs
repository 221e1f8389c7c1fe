//! When a name must not be changed, and what it must not be changed to.

use std::collections::BTreeSet;

use generator::model::BETTER_AUTH_ROLES;

use super::is_quoted;
use crate::codes;
use crate::ide::cursor::is_word;
use crate::ide::navigate;
use crate::ide::symbol::{Named, Occurrence, Symbol, Unread};
use crate::project::columns::INJECTED;
use crate::project::layout::SETTINGS_NAME;
use crate::project::model::{NameKind, Setting, Table};
use crate::project::{Hierarchy, Project};
use crate::rules::delivery::table_name;
use crate::rules::identifiers::is_reserved;
use crate::settings::Mistake;
use crate::span::Place;
use crate::syntax::{is_identifier, is_keyword};

/// The name of a symbol as it is written.
pub fn name_of(project: &Project, symbol: &Symbol) -> String {
    match symbol {
        Symbol::Column(place) => project.text(*place),
        Symbol::Injected(name)
        | Symbol::Role(name)
        | Symbol::Table(name)
        | Symbol::Namespace(name)
        | Symbol::Event(_, name) => name.clone(),
    }
}

/// Refuses what must not be renamed, whatever the new name.
pub fn may_change(project: &Project, symbol: &Symbol) -> Result<(), String> {
    match symbol {
        Symbol::Injected(name) => injected(name),
        Symbol::Role(name) => role_may_change(project, name),
        Symbol::Column(place) => {
            let name = project.text(*place);
            if INJECTED.iter().any(|(injected, _)| *injected == name) {
                return injected(&name);
            }
            Ok(())
        }
        Symbol::Table(name) => {
            if !project.index().declares(name) {
                return Err(format!(
                    "No definition in this project declares a table \"{name}\", so there is no name to change but in this call."
                ));
            }
            table_may_change(project, name)?;
            one_declaration(project, symbol)
        }
        Symbol::Namespace(_) => one_declaration(project, symbol),
        Symbol::Event(namespace, name) => {
            let index = project.index();
            let events = index.namespace(namespace).map(|n| &n.events);
            if let Some(Setting::Known(known)) = events
                && !known.value.is_whole()
            {
                return Err(format!(
                    "The events of \"{namespace}\" cannot all be resolved, so another \"{name}\" might be missed."
                ));
            }
            one_declaration(project, symbol)
        }
    }
}

fn table_may_change(project: &Project, name: &str) -> Result<(), String> {
    let index = project.index();
    let defined = index.tables.get(name).into_iter().flatten();
    let names = defined.filter_map(|table| table.name.as_ref());
    let internal = index.internal_table(name).map(|table| &table.name);
    for kind in names.chain(internal).map(|name| name.kind) {
        match kind {
            NameKind::Const | NameKind::Text => {}
            NameKind::Key => {
                return Err(format!(
                    "`{name}` is a key of an object of tables, and what takes it from there might be missed."
                ));
            }
            NameKind::Foreign => {
                return Err(format!(
                    "`{name}` is declared where this project cannot read it. Change it there first."
                ));
            }
        }
    }
    Ok(())
}

fn injected(name: &str) -> Result<(), String> {
    Err(format!(
        "`{name}` is added by the compiler to every table, so its name cannot be changed."
    ))
}

fn one_declaration(project: &Project, symbol: &Symbol) -> Result<(), String> {
    let what = what(project, symbol);
    match navigate::declarations(project, symbol).len() {
        0 => Err(format!(
            "Nothing in this project declares {what}, so there is nothing to rename."
        )),
        1 => Ok(()),
        n => Err(format!(
            "There are {n} declarations of {what}; which one is meant cannot be told. Remove the others first."
        )),
    }
}

fn role_may_change(project: &Project, name: &str) -> Result<(), String> {
    let roles = project.roles();
    if BETTER_AUTH_ROLES.contains(&name) {
        return Err(format!(
            "`{name}` is one of Better Auth's own roles, so its name cannot be changed."
        ));
    }
    if matches!(name, "everyone" | "PUBLIC" | "*") {
        return Err(format!("`{name}` is no role but a word of Quickback's."));
    }
    if roles.hierarchy == Hierarchy::Unknown {
        return Err(
            "`roleHierarchy` in the configuration cannot be resolved, so its entry might be missed."
                .to_owned(),
        );
    }
    let is_unread =
        |mistake: &Mistake| matches!(mistake.code, codes::SYNTAX_ERROR | codes::UNREADABLE_FILE);
    if project.settings().mistake.as_ref().is_some_and(is_unread) {
        return Err(format!(
            "{SETTINGS_NAME} cannot be read, so `{name}` might be missed there."
        ));
    }
    Ok(())
}

/// The tables that have a column that is declared at `place`.
pub fn tables_with(project: &Project, place: Place) -> Vec<std::sync::Arc<Table>> {
    let index = project.index();
    let tables = index.tables.values().flatten();
    tables
        .filter(|table| table.columns.list.iter().any(|c| c.place == Some(place)))
        .cloned()
        .collect()
}

/// Refuses where what cannot be read may name the symbol too.
pub fn may_be_missed(project: &Project, symbol: &Symbol, unread: &[Unread]) -> Result<(), String> {
    let name = name_of(project, symbol);
    match symbol {
        Symbol::Role(_) => match unread.iter().find(|unread| unread.names == Named::Roles) {
            Some(unread) => Err(format!(
                "A list of roles in {} cannot be resolved, so `{name}` might be missed there.",
                project.relative(unread.file)
            )),
            None => Ok(()),
        },
        Symbol::Column(place) => {
            for table in tables_with(project, *place) {
                let hidden = Named::columns_of(&table);
                if let Some(unread) = unread.iter().find(|unread| unread.names == hidden) {
                    let whose = if unread.in_call {
                        format!("a call in {}", project.relative(unread.file))
                    } else {
                        table_name(&table)
                    };
                    return Err(format!(
                        "{} of {whose} cannot be resolved, so `{name}` might be missed there.",
                        unread.what()
                    ));
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Refuses a new name that is none, or that is taken.
pub fn may_be_called(project: &Project, symbol: &Symbol, new: &str) -> Result<(), String> {
    if new == name_of(project, symbol) {
        return Err(format!("`{new}` is its name already."));
    }
    let taken = |what: &str| Err(format!("There is {what} `{new}` already."));
    let identifier = |what: &str| {
        if is_identifier(new) {
            Ok(())
        } else {
            Err(format!(
                "`{new}` cannot be the name of {what}: use letters, digits and `_`, with no digit first."
            ))
        }
    };
    match symbol {
        Symbol::Injected(_) => Ok(()),
        Symbol::Column(place) => {
            identifier("a column")?;
            let mut tables = tables_with(project, *place).into_iter();
            match tables.find(|table| table.columns.get(new).is_some()) {
                Some(table) => taken(&format!("in {} a column", table_name(&table))),
                None => Ok(()),
            }
        }
        Symbol::Role(_) => {
            let is_name = |c: char| is_word(c) || matches!(c, '-' | '.' | '/' | ':');
            if new.is_empty() || !new.chars().all(is_name) {
                return Err(format!(
                    "`{new}` cannot be the name of a role: use letters, digits, `-` and `_`."
                ));
            }
            let used = project.index().role_uses.contains_key(new);
            if project.roles().knows(new) || used || matches!(new, "everyone" | "PUBLIC") {
                return taken("a role");
            }
            Ok(())
        }
        Symbol::Table(_) => {
            identifier("a table")?;
            if is_keyword(new) {
                return Err(format!(
                    "`{new}` cannot be the name of a table object: it is a word of JavaScript's own."
                ));
            }
            if project.index().declares(new) {
                return taken("a table");
            }
            Ok(())
        }
        Symbol::Namespace(_) => {
            identifier("a namespace")?;
            if is_reserved(new) {
                return Err(format!(
                    "`{new}` cannot be the name of a namespace: the helper needs it for itself."
                ));
            }
            if project.index().namespaces.contains_key(new) {
                return taken("a namespace");
            }
            Ok(())
        }
        Symbol::Event(namespace, _) => {
            identifier("an event")?;
            let index = project.index();
            let events = index.namespace(namespace).and_then(|n| n.events.known());
            let mut items = events
                .into_iter()
                .flat_map(|known| known.value.items.iter());
            if items.any(|item| item.as_str() == Some(new)) {
                return taken(&format!("in \"{namespace}\" an event"));
            }
            Ok(())
        }
    }
}

/// Refuses where a text that names the symbol names something else too: a constant that several
/// definitions take up. `all` is every place that names something.
pub fn names_nothing_else(
    project: &Project,
    symbol: &Symbol,
    all: &[Occurrence],
) -> Result<(), String> {
    let own = all.iter().filter(|occurrence| occurrence.symbol == *symbol);
    let places: BTreeSet<Place> = own.map(|occurrence| occurrence.place).collect();
    let mut shared = all
        .iter()
        .filter(|other| other.symbol != *symbol && places.contains(&other.place));
    match shared.next() {
        Some(other) => Err(format!(
            "The text in {} that names {} names {} too: it is a constant that several definitions take up. Give each of them a text of its own first.",
            project.relative(other.place.file),
            what(project, symbol),
            what(project, &other.symbol),
        )),
        None => Ok(()),
    }
}

/// A symbol in words.
fn what(project: &Project, symbol: &Symbol) -> String {
    let name = name_of(project, symbol);
    match symbol {
        Symbol::Column(place) => match tables_with(project, *place).first() {
            Some(table) => format!("the column `{name}` of {}", table_name(table)),
            None => format!("the column `{name}`"),
        },
        Symbol::Injected(_) => format!("the column `{name}` that the compiler adds"),
        Symbol::Role(_) => format!("the role \"{name}\""),
        Symbol::Table(_) => format!("the table \"{name}\""),
        Symbol::Namespace(_) => format!("the namespace \"{name}\""),
        Symbol::Event(namespace, _) => format!("the event \"{namespace}:{name}\""),
    }
}

/// Refuses to write in files that are not the project's own.
pub fn all_are_ours(project: &Project, found: &[Occurrence]) -> Result<(), String> {
    for occurrence in found {
        let path = project.path(occurrence.place.file);
        let foreign = path
            .components()
            .any(|part| part.as_os_str() == "node_modules")
            || !path.starts_with(project.root());
        let generated = project
            .facts(occurrence.place.file)
            .is_none_or(|facts| facts.generated);
        if foreign || generated {
            return Err(format!(
                "The name is also written in {}, which is not this project's to change.",
                project.relative(occurrence.place.file)
            ));
        }
    }
    Ok(())
}

/// Refuses a name of a table object that means something else where the object is used.
pub fn is_free(project: &Project, found: &[Occurrence], new: &str) -> Result<(), String> {
    // In a string the name stands for nothing that a file calls so.
    for occurrence in found.iter().filter(|o| !is_quoted(project, o.place)) {
        let Some(facts) = project.facts(occurrence.place.file) else {
            continue;
        };
        let imported = facts.module.imports.iter().any(|i| i.local == new);
        let bound = facts.scopes.lookup(new, occurrence.place.span.start);
        if imported || bound.is_some() {
            return Err(format!(
                "`{new}` means something else in {} already.",
                project.relative(occurrence.place.file)
            ));
        }
    }
    Ok(())
}
