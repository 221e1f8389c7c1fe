//! Definitions, references and highlights of columns, roles, tables, namespaces and events.

use super::symbol::{self, Symbol};
use crate::project::{Hierarchy, Project};
use crate::span::{FileId, Place};

/// A place that names what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The name, without quotes.
    pub place: Place,
    /// Whether it is declared here.
    pub is_declaration: bool,
}

/// Where what is named at an offset is declared; nothing where nothing of ours is named.
pub fn definition(project: &Project, file: FileId, offset: u32) -> Vec<Place> {
    let mut found: Vec<Place> = symbol::at(project, file, offset)
        .iter()
        .flat_map(|occurrence| declarations(project, &occurrence.symbol))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Every place in the project that names what is named at an offset, its declaration included.
pub fn references(project: &Project, file: FileId, offset: u32) -> Vec<Reference> {
    let symbols = symbols(project, file, offset);
    if symbols.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Reference> = symbol::everywhere(project, &symbols)
        .into_iter()
        .map(|occurrence| Reference {
            place: occurrence.place,
            is_declaration: occurrence.is_declaration,
        })
        .collect();
    found.dedup_by_key(|reference| reference.place);
    found
}

/// The places in the file itself.
pub fn highlights(project: &Project, file: FileId, offset: u32) -> Vec<Reference> {
    let symbols = symbols(project, file, offset);
    if symbols.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Reference> = symbol::occurrences(project, file)
        .into_iter()
        .filter(|o| o.place.file == file && symbols.contains(&o.symbol))
        .map(|o| Reference {
            place: o.place,
            is_declaration: o.is_declaration,
        })
        .collect();
    found.dedup_by_key(|reference| reference.place);
    found
}

fn symbols(project: &Project, file: FileId, offset: u32) -> Vec<Symbol> {
    symbol::at(project, file, offset)
        .into_iter()
        .map(|occurrence| occurrence.symbol)
        .collect()
}

/// Where a symbol is declared, by the index alone.
pub(super) fn declarations(project: &Project, symbol: &Symbol) -> Vec<Place> {
    let index = project.index();
    let found = |namespace: &str| {
        let files = index.namespaces.get(namespace).into_iter().flatten();
        files.map(|namespace| namespace.file).collect::<Vec<_>>()
    };
    let declared_in = |files: Vec<FileId>| {
        files
            .into_iter()
            .flat_map(|file| symbol::occurrences(project, file))
            .filter(|o| o.is_declaration && o.symbol == *symbol)
            .map(|o| o.place)
            .collect()
    };
    match symbol {
        Symbol::Column(place) => vec![*place],
        Symbol::Injected(_) => Vec::new(),
        Symbol::Role(role) => {
            let roles = project.roles();
            let hierarchy = match &roles.hierarchy {
                Hierarchy::Declared(roles) => roles.as_slice(),
                Hierarchy::Absent | Hierarchy::Unknown => &[],
            };
            let hierarchy = hierarchy
                .iter()
                .map(|(name, place)| (name, symbol::inner(*place)));
            let extra = roles.extra.iter().map(|(name, place)| (name, *place));
            let all = hierarchy.chain(extra).filter(|(name, _)| *name == role);
            all.map(|(_, place)| place).collect()
        }
        Symbol::Table(name) => {
            let defined = index.tables.get(name.as_str()).into_iter().flatten();
            let mut places: Vec<Place> = defined
                .filter_map(|table| Some(table.name.as_ref()?.place))
                .collect();
            if places.is_empty() {
                places.extend(index.internal.get(name.as_str()));
            }
            places
        }
        Symbol::Namespace(name) | Symbol::Event(name, _) => declared_in(found(name)),
    }
}

#[cfg(test)]
mod tests;
