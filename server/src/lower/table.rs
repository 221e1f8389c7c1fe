//! One table. What cannot be resolved makes it silent; what is half-typed counts as far as it can
//! be read, so that a preview follows the typing. Nothing half-typed is ever generated.

use generator::broadcaster::mask::MaskType;
use generator::model::{Column, Mask, Realtime, Table};

use super::{NO_ROLES, is_broken};
use crate::project::model::{self, Columns, DeclaredTable, MaskRule, Setting};
use crate::project::resolved::{Entry, Kind, List, Lookup, Object, Property};
use crate::project::{Hierarchy, Project, Roles};

/// A table that a definition makes; `None` if its name cannot be told.
pub fn defined(project: &Project, table: &model::Table) -> Option<Table> {
    let roles = project.roles();
    let lists = Lists {
        roles: &roles,
        table,
    };
    let masks = lists.masks();
    Some(Table {
        name: table.name.as_ref()?.text.to_string(),
        source: project.relative(table.file),
        columns: columns(&table.columns),
        open: table.columns.open,
        primary_key: table.primary_key.clone(),
        owner: table.owner.column().map(str::to_owned),
        realtime: masks.is_some().then(|| lists.realtime()).flatten(),
        masks: masks.unwrap_or_default(),
    })
}

/// A table that no definition takes up: it is never sent.
pub fn internal(project: &Project, table: &DeclaredTable) -> Table {
    Table {
        name: table.name.text.to_string(),
        source: project.relative(table.name.place.file),
        columns: columns(&table.columns),
        open: table.columns.open,
        primary_key: table
            .columns
            .list
            .iter()
            .filter(|column| column.primary_key)
            .map(|column| column.name.to_string())
            .collect(),
        owner: None,
        realtime: None,
        masks: Vec::new(),
    }
}

fn columns(columns: &Columns) -> Vec<Column> {
    columns
        .list
        .iter()
        .map(|column| Column {
            name: column.name.to_string(),
            kind: column.kind.clone(),
            nullable: column.nullable,
            dimensions: column.dimensions,
            injected: column.place.is_none(),
        })
        .collect()
}

/// A list of names that was read as far as it can be.
enum Read<'a> {
    /// There is none.
    Absent,
    /// These, without repetitions.
    Names(Vec<&'a str>),
    /// It depends on something that cannot be resolved.
    Unresolved,
}

struct Lists<'a> {
    roles: &'a Roles,
    table: &'a model::Table,
}

impl Lists<'_> {
    /// What is sent; `None` where realtime is off, absent, or cannot be resolved.
    fn realtime(&self) -> Option<Realtime> {
        let known = self.table.realtime.known()?;
        let block = &known.value;
        let flag = |setting: &Setting<bool>, key: &str, default: bool| match setting {
            Setting::Absent => Some(default),
            Setting::Known(known) => Some(known.value),
            Setting::Invalid(_) => Some(false),
            Setting::Unknown(_) => match half_typed(&block.object, key)? {
                HalfTyped::Key => Some(default),
                HalfTyped::Value => Some(false),
            },
        };
        if !flag(&block.enabled, "enabled", false)? {
            return None;
        }
        let required_roles = match names(&block.required_roles, &block.object, "requiredRoles") {
            Read::Absent => None,
            Read::Names(roles) => Some(self.expand(roles, false)?.0),
            Read::Unresolved => return None,
        };
        let fields = match names(&block.fields, &block.object, "fields") {
            Read::Absent => None,
            Read::Names(mut fields) => {
                fields.retain(|field| self.is_column(field));
                Some(fields.into_iter().map(str::to_owned).collect())
            }
            Read::Unresolved => return None,
        };
        Some(Realtime {
            insert: flag(&block.on_insert, "onInsert", true)?,
            update: flag(&block.on_update, "onUpdate", true)?,
            delete: flag(&block.on_delete, "onDelete", true)?,
            required_roles,
            fields,
        })
    }

    /// The explicit rules; `None` where they cannot be resolved.
    fn masks(&self) -> Option<Vec<Mask>> {
        let known = match &self.table.masking {
            Setting::Absent => return Some(Vec::new()),
            Setting::Known(known) => known,
            Setting::Unknown(_) => {
                let options = self.table.options.known()?;
                // Only another key is half-typed.
                return matches!(half_typed(&options.value, "masking")?, HalfTyped::Key)
                    .then(Vec::new);
            }
            Setting::Invalid(_) => return None,
        };
        let options = &self.table.options.known()?.value;
        let object = options.last("masking")?.value.as_object()?;
        let is_open = |entry: &Entry| matches!(entry, Entry::Unresolved(_));
        if object.entries.iter().any(is_open) {
            return None;
        }
        let mut masks: Vec<Mask> = Vec::new();
        for rule in &known.value.rules {
            if !self.is_column(&rule.column) {
                continue;
            }
            let mask = self.mask(rule, object.last(&rule.column)?)?;
            // Of a repeated column the last rule counts, in the place of the first.
            match masks.iter_mut().find(|m| m.column == mask.column) {
                Some(earlier) => *earlier = mask,
                None => masks.push(mask),
            }
        }
        Some(masks)
    }

    fn mask(&self, rule: &MaskRule, property: &Property) -> Option<Mask> {
        let hidden = || Mask {
            column: rule.column.to_string(),
            kind: MaskType::Redact,
            show_roles: Vec::new(),
            show_everyone: false,
            show_owner: false,
        };
        let is_wrong = matches!(rule.kind, Setting::Invalid(_) | Setting::Absent)
            || matches!(rule.roles, Setting::Invalid(_))
            || matches!(rule.or_owner, Setting::Invalid(_));
        // What is wrong is reported and never generated; shown it is as hidden as can be.
        if is_wrong || is_broken(&property.value) {
            return Some(hidden());
        }
        let (Setting::Known(kind), Setting::Known(_) | Setting::Absent) =
            (&rule.kind, &rule.or_owner)
        else {
            return None;
        };
        let (show_roles, show_everyone) = match &rule.roles {
            Setting::Absent => (Vec::new(), false),
            Setting::Known(known) => match entries(&known.value) {
                Read::Names(roles) => self.expand(roles, true)?,
                Read::Absent | Read::Unresolved => return None,
            },
            Setting::Unknown(_) | Setting::Invalid(_) => return None,
        };
        Some(Mask {
            kind: kind.value,
            show_roles,
            show_everyone,
            show_owner: matches!(rule.or_owner, Setting::Known(_)),
            ..hidden()
        })
    }

    fn is_column(&self, name: &str) -> bool {
        !name.is_empty() && (self.table.columns.open || self.table.columns.get(name).is_some())
    }

    /// The roles that names stand for, and whether `everyone` is among them. Names that mean
    /// nothing here are left out. `None` for a `role+` whose hierarchy cannot be resolved.
    fn expand(&self, names: Vec<&str>, may_be_everyone: bool) -> Option<(Vec<String>, bool)> {
        let mut roles: Vec<String> = Vec::new();
        let mut everyone = false;
        for name in names {
            match name {
                "everyone" => {
                    everyone |= may_be_everyone;
                    continue;
                }
                name if NO_ROLES.contains(&name) => continue,
                _ => {}
            }
            if name.ends_with('+') && self.roles.hierarchy == Hierarchy::Unknown {
                return None;
            }
            for role in self.roles.expand(name).into_iter().flatten() {
                if !roles.iter().any(|known| known == role) {
                    roles.push(role.to_owned());
                }
            }
        }
        Some((roles, everyone))
    }
}

/// What of a setting is half-typed.
enum HalfTyped {
    /// Some key beside it, which may or may not be this one.
    Key,
    /// Its value.
    Value,
}

/// Whether a setting is unknown only because something does not parse.
fn half_typed(object: &Object, key: &str) -> Option<HalfTyped> {
    match object.get(key) {
        Lookup::Found(property) => is_broken(&property.value).then_some(HalfTyped::Value),
        Lookup::Unknown(span) => {
            let is_it = |entry: &Entry| matches!(entry, Entry::Broken(at) if *at == span);
            object.entries.iter().any(is_it).then_some(HalfTyped::Key)
        }
        Lookup::Absent => None,
    }
}

fn names<'a>(setting: &'a Setting<List>, object: &Object, key: &str) -> Read<'a> {
    match setting {
        Setting::Absent => Read::Absent,
        Setting::Known(known) => entries(&known.value),
        // Nobody, nothing: it is reported, and never generated.
        Setting::Invalid(_) => Read::Names(Vec::new()),
        Setting::Unknown(_) => match half_typed(object, key) {
            Some(HalfTyped::Key) => Read::Absent,
            Some(HalfTyped::Value) => Read::Names(Vec::new()),
            None => Read::Unresolved,
        },
    }
}

fn entries(list: &List) -> Read<'_> {
    let is_unresolved = |kind: &Kind| matches!(kind, Kind::Unknown | Kind::Builder(_));
    if !list.unresolved.is_empty() || list.items.iter().any(|i| is_unresolved(&i.kind)) {
        return Read::Unresolved;
    }
    let mut names: Vec<&str> = Vec::new();
    for name in list.items.iter().filter_map(|item| item.as_str()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Read::Names(names)
}
