//! The names of a project and who defines them, kept up to date file by file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::layout::Role;
use super::model::{Call, DeclaredTable, FileModel, Namespace, Table};
use super::uses;
use crate::span::{FileId, Place};

/// Every name that definitions of a project give, in sorted order.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// The defined tables by name; more than one where a name is given twice, in the order of
    /// their files.
    pub tables: BTreeMap<SmolStr, Vec<Arc<Table>>>,
    /// The internal tables, which no definition takes up, and where they are declared.
    pub internal: BTreeMap<SmolStr, Place>,
    /// From the database's name of a table to its own.
    pub database_names: BTreeMap<SmolStr, SmolStr>,
    /// The namespaces by name, in the order of their files.
    pub namespaces: BTreeMap<SmolStr, Vec<Arc<Namespace>>>,
    /// How often each role is named in definitions and calls, without `+`.
    pub role_uses: BTreeMap<SmolStr, u32>,
    /// How often each role is named in definitions of tables, without `+`.
    pub table_roles: BTreeMap<SmolStr, u32>,
    /// The files in which there may be a name that is not known here: they do not parse, a name in
    /// them cannot be told, or a namespace in them is in a place where it is not picked up.
    pub doubtful: BTreeSet<FileId>,
    /// Where the events of each table are sent, by the names of the methods.
    table_calls: FxHashMap<SmolStr, Vec<Place>>,
    /// Where the events of each namespace are sent.
    namespace_calls: FxHashMap<SmolStr, Vec<Place>>,
    /// The table objects by name, each with the file that declares it.
    declared: BTreeMap<SmolStr, Vec<Arc<DeclaredTable>>>,
    /// How many definitions take up the table that is declared at a place.
    taken_up: FxHashMap<Place, u32>,
    /// From a database's name to the tables that have it, each with its place.
    named_in_database: BTreeMap<SmolStr, Vec<(SmolStr, Place)>>,
}

/// One file's part of the index.
pub struct Part<'a> {
    /// The file.
    pub file: FileId,
    /// What it is to the project.
    pub role: Role,
    /// What it means.
    pub model: &'a FileModel,
}

impl<'a> Part<'a> {
    /// The namespaces that give a name: one in a place where it is never picked up does not.
    pub fn namespaces(&self) -> impl Iterator<Item = &'a Arc<Namespace>> + use<'a> {
        let is_service = self.role == Role::Service;
        self.model
            .namespaces
            .iter()
            .filter(move |n| is_service && n.is_default_export)
    }

    /// Whether there may be a name in the file that is not known: see [`Index::doubtful`].
    pub fn is_doubtful(&self) -> bool {
        let names = self.namespaces().filter(|n| n.name.known().is_some());
        self.role.is_definition() && self.model.has_errors
            || self.model.tables.iter().any(|table| table.name.is_none())
            || names.count() < self.model.namespaces.len()
    }
}

impl Index {
    /// Takes a file's part out. It has to be the part that was added.
    pub fn remove(&mut self, part: &Part<'_>) {
        self.doubtful.remove(&part.file);
        for table in &part.model.tables {
            let Some(name) = &table.name else { continue };
            take_out(&mut self.tables, &name.text, |t| Arc::ptr_eq(t, table));
            if let Some(count) = self.taken_up.get_mut(&name.place) {
                *count = count.saturating_sub(1);
            }
            self.forget_database_name(table.database_name.as_deref(), name.place);
            for role in uses::roles_of_table(table) {
                discount(&mut self.table_roles, role);
            }
        }
        for declared in &part.model.declared {
            let place = declared.name.place;
            take_out(&mut self.declared, &declared.name.text, |d| {
                d.name.place == place
            });
            self.forget_database_name(declared.database_name.as_deref(), place);
        }
        for namespace in part.namespaces() {
            if let Some(name) = namespace.name.known() {
                take_out(&mut self.namespaces, &name.value, |n| {
                    Arc::ptr_eq(n, namespace)
                });
            }
        }
        for role in uses::roles(part.model) {
            discount(&mut self.role_uses, role);
        }
        for call in &part.model.calls {
            for (calls, name) in self.calls_by(call) {
                if let Some(places) = calls.get_mut(name) {
                    places.retain(|place| place.file != part.file);
                }
            }
        }
        self.settle(part);
    }

    /// Adds a file's part. `path` answers the path of a file, by which equal names are ordered.
    pub fn add(&mut self, part: &Part<'_>, path: &dyn Fn(FileId) -> Arc<Path>) {
        if part.is_doubtful() {
            self.doubtful.insert(part.file);
        }
        for table in &part.model.tables {
            let Some(name) = &table.name else { continue };
            let tables = self.tables.entry(name.text.clone()).or_default();
            tables.push(Arc::clone(table));
            tables.sort_by_cached_key(|t| (path(t.file), t.span));
            *self.taken_up.entry(name.place).or_default() += 1;
            self.learn_database_name(table.database_name.as_deref(), &name.text, name.place);
            for role in uses::roles_of_table(table) {
                count(&mut self.table_roles, role);
            }
        }
        for declared in &part.model.declared {
            let name = &declared.name;
            let same = self.declared.entry(name.text.clone()).or_default();
            same.push(Arc::clone(declared));
            same.sort_by_cached_key(|d| (path(d.name.place.file), d.name.place.span));
            self.learn_database_name(declared.database_name.as_deref(), &name.text, name.place);
        }
        for namespace in part.namespaces() {
            if let Some(name) = namespace.name.known() {
                let same = self
                    .namespaces
                    .entry(name.value.as_str().into())
                    .or_default();
                same.push(Arc::clone(namespace));
                same.sort_by_cached_key(|n| (path(n.file), n.span));
            }
        }
        for role in uses::roles(part.model) {
            count(&mut self.role_uses, role);
        }
        for call in &part.model.calls {
            let place = Place {
                file: part.file,
                span: call.method_span,
            };
            for (calls, name) in self.calls_by(call) {
                calls.entry(name.into()).or_default().push(place);
            }
        }
        self.settle(part);
    }

    /// The first definition of a table.
    pub fn table(&self, name: &str) -> Option<&Arc<Table>> {
        self.tables.get(name)?.first()
    }

    /// The definition of a table that counts: of several with one name, which is an error, the one
    /// that sends.
    pub fn table_that_counts(&self, name: &str) -> Option<&Arc<Table>> {
        let mut same = self.tables.get(name)?.iter();
        same.clone()
            .find(|table| table.is_enabled())
            .or_else(|| same.next())
    }

    /// The first definition of a namespace.
    pub fn namespace(&self, name: &str) -> Option<&Arc<Namespace>> {
        self.namespaces.get(name)?.first()
    }

    /// The calls that send events of a table, in no order of files: the names of their methods.
    pub fn calls_of_table(&self, name: &str) -> &[Place] {
        self.table_calls.get(name).map_or(&[], Vec::as_slice)
    }

    /// The calls that send events of a namespace, likewise.
    pub fn calls_of_namespace(&self, name: &str) -> &[Place] {
        self.namespace_calls.get(name).map_or(&[], Vec::as_slice)
    }

    /// What a call is listed in, and under which name.
    fn calls_by<'a>(
        &mut self,
        call: &'a Call,
    ) -> impl Iterator<Item = (&mut FxHashMap<SmolStr, Vec<Place>>, &'a str)> {
        let table = call.table().map(|name| (&mut self.table_calls, name));
        let namespace = call
            .namespace()
            .map(|name| (&mut self.namespace_calls, name));
        table.into_iter().chain(namespace)
    }

    /// Whether any definition declares a table of that name.
    pub fn declares(&self, name: &str) -> bool {
        self.tables.contains_key(name) || self.internal.contains_key(name)
    }

    /// The table object that is declared under a name and that no definition takes up.
    pub fn internal_table(&self, name: &str) -> Option<&Arc<DeclaredTable>> {
        self.declared
            .get(name)?
            .iter()
            .find(|d| !self.is_taken_up(d.name.place))
    }

    fn is_taken_up(&self, place: Place) -> bool {
        self.taken_up.get(&place).is_some_and(|count| *count > 0)
    }

    /// Decides again which of the tables that a part touches are internal.
    fn settle(&mut self, part: &Part<'_>) {
        let defined = part.model.tables.iter().filter_map(|t| t.name.as_ref());
        let declared = part.model.declared.iter().map(|d| &d.name);
        for name in defined.chain(declared) {
            match self.internal_table(&name.text).map(|d| d.name.place) {
                Some(place) => self.internal.insert(name.text.clone(), place),
                None => self.internal.remove(name.text.as_str()),
            };
        }
    }

    fn learn_database_name(&mut self, database_name: Option<&str>, name: &str, place: Place) {
        let Some(database_name) = database_name else {
            return;
        };
        let names = self
            .named_in_database
            .entry(database_name.into())
            .or_default();
        names.push((name.into(), place));
        names.sort_by(|a, b| a.0.cmp(&b.0));
        self.settle_database_name(database_name);
    }

    fn forget_database_name(&mut self, database_name: Option<&str>, place: Place) {
        let Some(database_name) = database_name else {
            return;
        };
        if let Some(names) = self.named_in_database.get_mut(database_name)
            && let Some(index) = names.iter().position(|n| n.1 == place)
        {
            names.remove(index);
        }
        self.settle_database_name(database_name);
    }

    fn settle_database_name(&mut self, database_name: &str) {
        match self
            .named_in_database
            .get(database_name)
            .and_then(|names| names.first())
        {
            Some((name, _)) => {
                self.database_names
                    .insert(database_name.into(), name.clone());
            }
            None => {
                self.database_names.remove(database_name);
                self.named_in_database.remove(database_name);
            }
        }
    }
}

/// Counts one use of a name more.
fn count(counts: &mut BTreeMap<SmolStr, u32>, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => {
            counts.insert(name.into(), 1);
        }
    }
}

/// Counts one use of a name less.
fn discount(counts: &mut BTreeMap<SmolStr, u32>, name: &str) {
    if let Some(count) = counts.get_mut(name) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(name);
        }
    }
}

fn take_out<T>(map: &mut BTreeMap<SmolStr, Vec<T>>, name: &str, is: impl Fn(&T) -> bool) {
    let Some(list) = map.get_mut(name) else {
        return;
    };
    if let Some(index) = list.iter().position(is) {
        list.remove(index);
    }
    if list.is_empty() {
        map.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::FileFacts;
    use crate::rules::testing::fixture;

    const FIXTURE: &str = "\
//- quickback/features/a.ts
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { defineTable } from '@quickback/compiler';
export const openClaims = sqliteTable('open_claims', { id: text('id') });
export const audit = sqliteTable('audit', { id: text('id') });
export default defineTable(openClaims, { realtime: { enabled: true, requiredRoles: ['admin', 'hr+'] } });
import { createRealtime } from '../../src/lib/realtime';
createRealtime(env).insert('openClaims', row, org);
//- quickback/services/realtime/n.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'presence', events: ['joined'] });
";

    /// Everything that an index says, in a form that can be compared.
    fn say(index: &Index) -> String {
        let tables: Vec<_> = index.tables.iter().map(|(n, t)| (n, t.len())).collect();
        let internal: Vec<_> = index.internal.keys().collect();
        let namespaces: Vec<_> = index.namespaces.iter().map(|(n, l)| (n, l.len())).collect();
        format!(
            "{tables:?} {internal:?} {:?} {namespaces:?} {:?} {:?} {:?}",
            index.database_names,
            index.role_uses,
            index.table_roles,
            index.calls_of_table("openClaims").len()
        )
    }

    #[test]
    fn an_index_that_followed_edits_equals_a_fresh_one() {
        let fixture = fixture(FIXTURE);
        let file = fixture.file("quickback/features/a.ts");
        let original = say(&fixture.project.index());
        assert_eq!(
            original,
            r#"[("openClaims", 1)] ["audit"] {"audit": "audit", "open_claims": "openClaims"} [("presence", 1)] {"admin": 1, "hr": 1} {"admin": 1, "hr": 1} 1"#
        );
        let text = fixture
            .files
            .get("quickback/features/a.ts")
            .expect("the file is there")
            .clone();
        let edits = [
            text.replace("defineTable(openClaims", "defineTable(audit"),
            text.replace("'hr+'", "'admin'"),
            text.replace("open_claims", "audit"),
            String::new(),
            text.clone(),
        ];
        for edited in edits {
            let facts = FileFacts::of_text(&edited, Path::new("a.ts"));
            fixture.project.set_facts(file, Some(Arc::new(facts)));
            let followed = say(&fixture.project.index());
            fixture.project.forget_derived();
            assert_eq!(followed, say(&fixture.project.index()));
        }
        assert_eq!(say(&fixture.project.index()), original);
    }
}
