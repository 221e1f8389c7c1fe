//! The columns that a firewall names.

use super::super::Walk;
use super::{Named, as_list};
use crate::project::model::Table;
use crate::project::resolved::{Kind, Resolved};

/// How deep what a firewall combines is looked at.
const DEEPEST: usize = 8;

impl Walk<'_> {
    /// `{ owner: { column } }` of any clause, `[{ field, equals }]`, what `and` and `or` combine, and
    /// a function that returns one of these.
    pub(super) fn firewall(&mut self, table: &Table, value: &Resolved, depth: usize) {
        let columns = [Named::columns_of(table)];
        let is_hidden = matches!(value.kind, Kind::Function(None)) || depth >= DEEPEST;
        if is_hidden || value.is_unknown() {
            self.unread(Some("firewall"), &columns);
            return;
        }
        if let Kind::Function(Some(returned)) = &value.kind {
            self.firewall(table, returned, depth + 1);
        }
        if let Some(list) = as_list(value) {
            if !list.unresolved.is_empty() {
                self.unread(Some("firewall"), &columns);
            }
            for item in list.items.iter() {
                self.firewall(table, item, depth + 1);
            }
        }
        let Some(object) = value.as_object() else {
            return;
        };
        if object.unresolved().is_some() {
            self.unread(Some("firewall"), &columns);
        }
        for property in object.properties() {
            let value = &property.value;
            match property.key.as_str() {
                "owner" | "organization" | "team" | "softDelete" | "and" | "or" => {
                    self.firewall(table, value, depth + 1);
                }
                "field" if value.is_unknown() => self.unread(Some("field"), &columns),
                "column" if value.is_unknown() => self.unread(Some("column"), &columns),
                "field" | "column" => self.column_text(table, value),
                _ => self.may_name(Some(table), "firewall", value, 0),
            }
        }
    }
}
