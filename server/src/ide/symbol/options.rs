//! What the options of definitions and calls name: columns and roles, and which of the options
//! cannot be read.

mod access;
mod firewall;

use super::{Symbol, Unsure, Walk, name_of, text_of};
use crate::project::model::{Call, Setting, Table};
use crate::project::resolved::{Kind, List, Lookup, Object, Resolved};
use crate::span::{FileId, Place};
pub(super) use access::Level;

/// The options that are read, whatever is in them; any other may name columns too.
const READ: [&str; 13] = [
    "columns",
    "realtime",
    "masking",
    "firewall",
    "embeddings",
    "guards",
    "crud",
    "create",
    "update",
    "delete",
    "read",
    "views",
    "actions",
];

/// How deep other options are looked at.
const DEEPEST: usize = 8;

/// An option that may name something and cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The file of the definition, or of the call.
    pub file: FileId,
    /// Whether it is an option of a call.
    pub in_call: bool,
    /// Its key; `None` for all options.
    key: Option<&'static str>,
    /// What it may name.
    pub names: Named,
}

impl Unread {
    /// The option as the subject of a sentence.
    pub fn what(&self) -> String {
        match self.key {
            Some(key) => format!("`{key}`"),
            None => "The options".to_owned(),
        }
    }
}

/// What an option names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Roles.
    Roles,
    /// Columns of the table whose definition stands there.
    Columns(Place),
}

impl Named {
    /// The columns of a table.
    pub fn columns_of(table: &Table) -> Self {
        Self::Columns(Place {
            file: table.file,
            span: table.span,
        })
    }
}

impl Walk<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        if let Some(name) = &table.name {
            let symbol = Symbol::Table(name.text.to_string());
            self.push(name.place, symbol, true);
        }
        for column in &table.columns.list {
            if let Some(place) = column.place {
                self.declared_column(place);
            }
        }
        let columns = Named::columns_of(table);
        let both = [Named::Roles, columns];
        let Some(options) = table.options.known() else {
            if let Setting::Unknown(_) = table.options {
                self.unread(None, &both);
            }
            return;
        };
        let options = &options.value;
        if let Setting::Unknown(_) = table.realtime {
            self.unread(Some("realtime"), &both);
        }
        if let Some(block) = table.block() {
            if let Some(list) = self.setting("fields", &block.fields, columns) {
                self.columns_in(table, list);
            }
            if let Some(list) = self.setting("requiredRoles", &block.required_roles, Named::Roles) {
                self.roles_in(list);
            }
        }
        if let Some(rules) = self.object(options, "masking", &both) {
            self.rules("masking", rules, Some(table));
        }
        if let Some(firewall) = self.option(options, "firewall", &[columns]) {
            self.firewall(table, firewall, 0);
        }
        if let Some(all) = self.project.options(table) {
            self.other_options(table, &all);
        }
    }

    /// The siblings of `realtime` that name columns and roles too, which would go stale.
    fn other_options(&mut self, table: &Table, options: &Object) {
        let columns = [Named::columns_of(table)];
        let both = [Named::Roles, Named::columns_of(table)];
        for (block, keys) in [
            ("embeddings", &["fields", "onUpdate"][..]),
            ("guards", &["createable", "updatable", "immutable"][..]),
        ] {
            let Some(block) = self.object(options, block, &columns) else {
                continue;
            };
            for key in keys {
                self.column_list(table, block, key);
            }
            if let Some(protected) = self.object(block, "protected", &columns) {
                if protected.unresolved().is_some() {
                    self.unread(Some("protected"), &columns);
                }
                for property in protected.properties() {
                    self.column(table, &property.key, name_of(property));
                }
            }
        }
        for (key, level) in [
            ("crud", Level::Parts),
            ("create", Level::Part),
            ("update", Level::Part),
            ("delete", Level::Part),
            ("read", Level::Read),
            ("views", Level::Parts),
            ("actions", Level::Parts),
        ] {
            if let Some(value) = self.option(options, key, &both) {
                self.access(Some(table), key, value, level, 0);
            }
        }
        for property in options.properties() {
            if !READ.contains(&property.key.as_str()) {
                self.may_name(Some(table), &property.key, &property.value, 0);
            }
        }
    }

    /// The names in something of which is not known what it is.
    fn may_name(&mut self, table: Option<&Table>, option: &str, value: &Resolved, depth: usize) {
        if depth >= DEEPEST {
            return;
        }
        match &value.kind {
            Kind::String(text) => {
                if let Some(column) = column_of(table, text) {
                    self.is_unsure(option, text_of(value), column);
                    return;
                }
                let (role, place) = role_of(text, value);
                if self.project.roles().knows(role) {
                    self.is_unsure(option, place, Symbol::Role(role.to_owned()));
                }
            }
            Kind::List(list) => {
                for item in list.items.iter() {
                    self.may_name(table, option, item, depth + 1);
                }
            }
            Kind::Object(object) => {
                for property in object.properties() {
                    if let Some(column) = column_of(table, &property.key) {
                        self.is_unsure(option, name_of(property), column);
                    }
                    self.may_name(table, option, &property.value, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn is_unsure(&mut self, option: &str, place: Place, symbol: Symbol) {
        self.said.unsure.push(Unsure {
            place,
            symbol,
            option: option.into(),
        });
    }

    pub(super) fn call_options(&mut self, call: &Call, table: Option<&Table>) {
        let columns = table.map(Named::columns_of);
        let both: Vec<Named> = columns.into_iter().chain([Named::Roles]).collect();
        let before = self.said.unread.len();
        if let Setting::Unknown(_) = call.options {
            self.unread(None, &both);
        }
        if let Some(list) = self.setting("targetRoles", &call.target_roles, Named::Roles) {
            self.roles_in(list);
        }
        if let Some(options) = call.options.known()
            && let Some(rules) = self.object(&options.value, "maskingConfig", &both)
        {
            self.rules("maskingConfig", rules, table);
        }
        for unread in self.said.unread.iter_mut().skip(before) {
            unread.in_call = true;
        }
    }

    /// The rules of `masking` or `maskingConfig`: columns and roles.
    fn rules(&mut self, key: &'static str, rules: &Object, table: Option<&Table>) {
        if rules.unresolved().is_some() {
            let columns = table.map(Named::columns_of);
            let both: Vec<Named> = columns.into_iter().chain([Named::Roles]).collect();
            self.unread(Some(key), &both);
        }
        for property in rules.properties() {
            if let Some(table) = table {
                self.column(table, &property.key, name_of(property));
            }
            let Some(rule) = property.value.as_object() else {
                if property.value.is_unknown() {
                    self.unread(Some(key), &[Named::Roles]);
                }
                continue;
            };
            if let Some(query) = rule.last("query") {
                self.may_name(table, key, &query.value, 0);
            }
            if let Some(show) = self.object(rule, "show", &[Named::Roles])
                && let Some(roles) = self.option(show, "roles", &[Named::Roles])
                && let Some(list) = as_list(roles)
            {
                if !list.is_whole() {
                    self.unread(Some("show"), &[Named::Roles]);
                }
                self.roles_in(list);
            }
        }
    }

    fn column_list(&mut self, table: &Table, block: &Object, key: &'static str) {
        let columns = [Named::columns_of(table)];
        if let Some(value) = self.option(block, key, &columns)
            && let Some(list) = as_list(value)
        {
            if !list.is_whole() {
                self.unread(Some(key), &columns);
            }
            self.columns_in(table, list);
        }
    }

    fn columns_in(&mut self, table: &Table, list: &List) {
        for item in list.items.iter() {
            self.column_text(table, item);
        }
    }

    fn column_text(&mut self, table: &Table, value: &Resolved) {
        if let Some(name) = value.as_str() {
            self.column(table, name, text_of(value));
        }
    }

    fn roles_in(&mut self, list: &List) {
        for item in list.items.iter() {
            let Some(name) = item.as_str() else { continue };
            let (role, place) = role_of(name, item);
            self.push(place, Symbol::Role(role.to_owned()), false);
        }
    }

    /// The list of a setting, and a word where it cannot be read to its end.
    fn setting<'l>(
        &mut self,
        key: &'static str,
        setting: &'l Setting<List>,
        names: Named,
    ) -> Option<&'l List> {
        let list = setting.known().map(|known| &known.value);
        if matches!(setting, Setting::Unknown(_)) || list.is_some_and(|list| !list.is_whole()) {
            self.unread(Some(key), &[names]);
        }
        list
    }

    /// The value of an option, and a word where that may be another.
    fn option<'o>(
        &mut self,
        object: &'o Object,
        key: &'static str,
        names: &[Named],
    ) -> Option<&'o Resolved> {
        let value = object.last(key).map(|property| &property.value);
        let is_hidden = matches!(object.get(key), Lookup::Unknown(_));
        if is_hidden || value.is_some_and(Resolved::is_unknown) {
            self.unread(Some(key), names);
        }
        value
    }

    fn object<'o>(
        &mut self,
        object: &'o Object,
        key: &'static str,
        names: &[Named],
    ) -> Option<&'o Object> {
        self.option(object, key, names)?.as_object()
    }

    fn unread(&mut self, key: Option<&'static str>, names: &[Named]) {
        self.said.unread.extend(names.iter().map(|names| Unread {
            file: self.file,
            in_call: false,
            key,
            names: *names,
        }));
    }
}

/// A role without its `+`, and where it stands.
fn role_of<'t>(text: &'t str, value: &Resolved) -> (&'t str, Place) {
    let mut place = text_of(value);
    match text.strip_suffix('+') {
        Some(role) => {
            place.span.end = place.span.end.saturating_sub(1);
            (role, place)
        }
        None => (text, place),
    }
}

/// The column of that name, if the table declares one.
fn column_of(table: Option<&Table>, name: &str) -> Option<Symbol> {
    let column = table?.columns.get(name)?;
    column.place.map(Symbol::Column)
}

fn as_list(value: &Resolved) -> Option<&List> {
    match &value.kind {
        Kind::List(list) => Some(list),
        _ => None,
    }
}
