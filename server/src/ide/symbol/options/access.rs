//! Rules of access: the roles that they name, and the columns of the records that they ask for.

use super::super::{Walk, name_of};
use super::{Named, as_list};
use crate::project::model::Table;
use crate::project::resolved::{Lookup, Object, Resolved};

/// How deep rules of access are looked at.
const DEEPEST: usize = 8;

/// What a value in `crud`, `read` or the like is, from which follows where names can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// `crud`, `views` or `actions`: each of its properties is a [`Level::Part`].
    Parts,
    /// An operation, a view or an action, with a rule among other things.
    Part,
    /// `read`, with views and a rule among other things.
    Read,
    /// `access`, and what it combines.
    Rule,
    /// `roles`.
    Roles,
    /// `record`: its keys are columns.
    Record,
    /// What a column of a record is compared with.
    Compared,
    /// Anything else.
    Other,
}

impl Level {
    fn below(self, key: &str) -> Self {
        match (self, key) {
            (Self::Record | Self::Compared, _) => Self::Compared,
            (Self::Rule, "and" | "or") => Self::Rule,
            (Self::Rule, "roles") => Self::Roles,
            (Self::Rule, "record") => Self::Record,
            (Self::Rule | Self::Roles, _) => Self::Other,
            (_, "access") => Self::Rule,
            (Self::Parts, _) => Self::Part,
            (Self::Read, "views") => Self::Parts,
            _ => Self::Other,
        }
    }

    /// Whether what cannot be read in an object may name something.
    fn hides(self, object: &Object) -> bool {
        let is_hidden = |key| matches!(object.get(key), Lookup::Unknown(_));
        match self {
            Self::Parts | Self::Rule | Self::Record => object.unresolved().is_some(),
            Self::Part => is_hidden("access"),
            Self::Read => is_hidden("access") || is_hidden("views"),
            Self::Roles | Self::Compared | Self::Other => false,
        }
    }

    /// Whether roles may be named in it.
    fn may_name_roles(self) -> bool {
        !matches!(self, Self::Record | Self::Compared | Self::Other)
    }

    /// Whether columns may.
    fn may_name_columns(self) -> bool {
        !matches!(self, Self::Roles | Self::Compared | Self::Other)
    }
}

impl Walk<'_> {
    /// What `access` clauses name, wherever they stand in an option: roles, and columns of the table.
    pub(in super::super) fn access(
        &mut self,
        table: Option<&Table>,
        option: &'static str,
        value: &Resolved,
        level: Level,
        depth: usize,
    ) {
        let Some(object) = value.as_object().filter(|_| depth < DEEPEST) else {
            if value.is_unknown() || value.as_object().is_some() {
                self.hidden(table, option, level);
            }
            return;
        };
        if level.hides(object) {
            self.hidden(table, option, level);
        }
        if let (Level::Part, Some(table)) = (level, table) {
            self.column_list(table, object, "fields");
        }
        for property in object.properties() {
            if let (Level::Record, Some(table)) = (level, table) {
                self.column(table, &property.key, name_of(property));
            }
            let below = level.below(&property.key);
            let option = match level {
                Level::Read if below == Level::Parts => "views",
                _ => option,
            };
            if level != Level::Other && below == Level::Other {
                self.may_name(table, option, &property.value, 0);
            }
            let Some(list) = as_list(&property.value) else {
                self.access(table, option, &property.value, below, depth + 1);
                continue;
            };
            if !list.unresolved.is_empty() {
                self.hidden(table, option, below);
            }
            if property.key == "roles" && below != Level::Compared {
                self.roles_in(list);
            }
            // `or: [{ roles: [...] }, ...]`
            for item in list.items.iter() {
                self.access(table, option, item, below, depth + 1);
            }
        }
    }

    /// Takes note of what cannot be read.
    fn hidden(&mut self, table: Option<&Table>, option: &'static str, level: Level) {
        if level.may_name_roles() {
            self.unread(Some(option), &[Named::Roles]);
        }
        if let Some(table) = table.filter(|_| level.may_name_columns()) {
            self.unread(Some(option), &[Named::columns_of(table)]);
        }
    }
}
