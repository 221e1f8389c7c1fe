//! The names of a project and who defines them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Project;
use super::model::{Namespace, Table};
use crate::span::{FileId, Place};

/// Every name that definitions of a project give, in sorted order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Index {
    /// The defined tables by name; more than one where a name is given twice.
    pub tables: BTreeMap<String, Vec<Arc<Table>>>,
    /// The internal tables, which no definition takes up, and where they are declared.
    pub internal: BTreeMap<String, Place>,
    /// From the database's name of a table to its own.
    pub database_names: BTreeMap<String, String>,
    /// The namespaces by name.
    pub namespaces: BTreeMap<String, Vec<Arc<Namespace>>>,
    /// How often each role is named in definitions and calls, without `+`.
    pub role_uses: BTreeMap<String, u32>,
}

impl Index {
    /// Reads the index of all members.
    pub fn of(project: &Project, members: &[FileId]) -> Self {
        let mut index = Self::default();
        let mut defined: Vec<Place> = Vec::new();
        let mut declared = Vec::new();
        for file in members {
            let model = project.model(*file);
            for table in &model.tables {
                if let Some(name) = &table.name {
                    defined.push(name.place);
                    if let Some(database_name) = &table.database_name {
                        index
                            .database_names
                            .insert(database_name.clone(), name.text.clone());
                    }
                    index
                        .tables
                        .entry(name.text.clone())
                        .or_default()
                        .push(Arc::clone(table));
                }
            }
            declared.extend(
                model
                    .declared
                    .iter()
                    .map(|d| (d.name.clone(), d.database_name.clone())),
            );
            // A namespace in a place where it is never picked up gives no name.
            if project.role(*file) == super::layout::Role::Service {
                for namespace in model.namespaces.iter().filter(|n| n.is_default_export) {
                    if let Some(name) = namespace.name.known() {
                        index
                            .namespaces
                            .entry(name.value.clone())
                            .or_default()
                            .push(Arc::clone(namespace));
                    }
                }
            }
            for role in super::uses::roles(&model) {
                *index.role_uses.entry(role).or_default() += 1;
            }
        }
        for (name, database_name) in declared {
            if defined.contains(&name.place) {
                continue;
            }
            if let Some(database_name) = database_name {
                index
                    .database_names
                    .entry(database_name)
                    .or_insert_with(|| name.text.clone());
            }
            index.internal.entry(name.text).or_insert(name.place);
        }
        index
    }

    /// The first definition of a table.
    pub fn table(&self, name: &str) -> Option<&Arc<Table>> {
        self.tables.get(name)?.first()
    }

    /// The first definition of a namespace.
    pub fn namespace(&self, name: &str) -> Option<&Arc<Namespace>> {
        self.namespaces.get(name)?.first()
    }

    /// Whether any definition declares a table of that name.
    pub fn declares(&self, name: &str) -> bool {
        self.tables.contains_key(name) || self.internal.contains_key(name)
    }
}
