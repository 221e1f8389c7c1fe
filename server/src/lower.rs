//! From what was read to what is generated: complete, without ranges, and closed where something
//! could not be read.
//!
//! Lowering never fails. A table that cannot be resolved completely is lowered as off and a
//! namespace is left out; whether errors stop generation is for the caller to say.

use generator::model;

use crate::project::model::{Masking, Namespace, Realtime, Setting, Table};
use crate::project::resolved::List;
use crate::project::{Columns, Project, Roles};

/// Words that stand where roles do and are none.
const NO_ROLES: [&str; 3] = ["*", "PUBLIC", "everyone"];

/// Everything that a project's outputs depend on.
pub fn lower(project: &Project) -> model::Project {
    let index = project.index();
    let defined = index.tables.values().filter_map(|tables| {
        // Of several with one name, which is an error, the one that sends.
        let enabled = tables.iter().find(|table| table.is_enabled());
        table(project, enabled.or(tables.first())?)
    });
    let internal = index
        .internal
        .iter()
        .filter(|(name, _)| !index.tables.contains_key(*name))
        .filter_map(|(name, place)| {
            let model = project.model(place.file);
            let declared = model.declared.iter().find(|d| d.name.place == *place)?;
            Some(model::Table {
                name: name.clone(),
                source: project.relative(place.file),
                columns: columns(&declared.columns),
                open: declared.columns.open,
                primary_key: Vec::new(),
                owner: None,
                realtime: None,
                masks: Vec::new(),
            })
        });
    let mut tables: Vec<model::Table> = defined.chain(internal).collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    let namespaces = index.namespaces.values();
    model::Project {
        roles: roles(project),
        tables,
        namespaces: namespaces
            .filter_map(|all| namespace(project, all.first()?))
            .collect(),
    }
}

/// The roles that the project knows, those that definitions and calls name among them.
pub fn roles(project: &Project) -> model::Roles {
    let known = project.roles();
    let mut roles = known.as_model();
    for role in project.index().role_uses.keys() {
        if !role.is_empty()
            && !known.knows(role)
            && !NO_ROLES.contains(&role.as_str())
            && !roles.others.contains(role)
        {
            roles.others.push(role.clone());
        }
    }
    roles.others.sort_unstable();
    roles
}

/// One table, off where it cannot be resolved completely; `None` if it has no name that can be
/// told.
pub fn table(project: &Project, table: &Table) -> Option<model::Table> {
    let name = table.name.as_ref()?;
    let roles = project.roles();
    let masks = masks(&roles, &table.masking);
    let realtime = table
        .block()
        .filter(|_| masks.is_some() && table.options.known().is_some())
        .and_then(|block| realtime(&roles, block, &table.columns));
    Some(model::Table {
        name: name.text.clone(),
        source: project.relative(table.file),
        columns: columns(&table.columns),
        open: table.columns.open,
        primary_key: table.primary_key.clone(),
        owner: table.owner.column().map(str::to_owned),
        realtime,
        masks: masks.unwrap_or_default(),
    })
}

/// One namespace; `None` if it cannot be resolved completely.
pub fn namespace(project: &Project, namespace: &Namespace) -> Option<model::Namespace> {
    let events = &namespace.events.known()?.value;
    let names = strings(events)?;
    Some(model::Namespace {
        name: namespace.name.known()?.value.clone(),
        source: project.relative(namespace.file),
        events: once(names.into_iter().map(str::to_owned)),
        description: namespace.description.known().map(|d| d.value.clone()),
    })
}

fn columns(columns: &Columns) -> Vec<model::Column> {
    columns
        .list
        .iter()
        .map(|column| model::Column {
            name: column.name.clone(),
            kind: column.kind.clone(),
            nullable: column.nullable,
            array: column.array,
            injected: column.place.is_none(),
        })
        .collect()
}

fn realtime(roles: &Roles, block: &Realtime, columns: &Columns) -> Option<model::Realtime> {
    if !block.enabled.or(false)? {
        return None;
    }
    let required_roles = match &block.required_roles {
        Setting::Absent => None,
        Setting::Known(known) => Some(in_full(roles, &known.value)?),
        Setting::Unknown(_) | Setting::Invalid(_) => return None,
    };
    let fields = match &block.fields {
        Setting::Absent => None,
        Setting::Known(known) => Some(once(
            strings(&known.value)?
                .into_iter()
                .filter(|name| columns.open || columns.get(name).is_some())
                .map(str::to_owned),
        )),
        Setting::Unknown(_) | Setting::Invalid(_) => return None,
    };
    Some(model::Realtime {
        insert: block.on_insert.or(true)?,
        update: block.on_update.or(true)?,
        delete: block.on_delete.or(true)?,
        required_roles,
        fields,
    })
}

/// The explicit masks; `None` if they cannot be resolved completely.
fn masks(roles: &Roles, masking: &Setting<Masking>) -> Option<Vec<model::Mask>> {
    let rules = match masking {
        Setting::Absent => return Some(Vec::new()),
        Setting::Known(known) if known.value.unresolved.is_none() => &known.value.rules,
        Setting::Known(_) | Setting::Unknown(_) | Setting::Invalid(_) => return None,
    };
    let mut masks: Vec<model::Mask> = Vec::new();
    for rule in rules {
        if !rule.whole {
            return None;
        }
        let shown = match &rule.roles {
            Setting::Known(known) => in_full(roles, &known.value)?,
            _ => Vec::new(),
        };
        let mask = model::Mask {
            column: rule.column.clone(),
            kind: rule.kind.known()?.value,
            show_everyone: shown.iter().any(|role| role == "everyone"),
            show_roles: shown
                .into_iter()
                .filter(|role| role != "everyone")
                .collect(),
            show_owner: rule.or_owner.known().is_some(),
        };
        // Of a repeated key only the last value exists.
        match masks.iter_mut().find(|other| other.column == mask.column) {
            Some(other) => *other = mask,
            None => masks.push(mask),
        }
    }
    Some(masks)
}

/// A list of roles with every `role+` in full, each once; `None` if it is not all known.
fn in_full(roles: &Roles, list: &List) -> Option<Vec<String>> {
    let names = strings(list)?;
    // What cannot be expanded stands for nobody.
    let all = names.into_iter().filter_map(|name| roles.expand(name));
    Some(once(all.flatten()))
}

/// The strings of a list; `None` if it holds anything else or cannot be resolved completely.
fn strings(list: &List) -> Option<Vec<&str>> {
    if !list.is_whole() {
        return None;
    }
    list.items.iter().map(|item| item.as_str()).collect()
}

fn once(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::fixture;

    fn lowered(options: &str) -> model::Table {
        let text = format!(
            "//- quickback/quickback.config.ts\nexport default {{ auth: {{ roleHierarchy: ['member', 'hr', 'admin'] }} }};\n//- quickback/features/claims.ts\nimport {{ sqliteTable, text }} from 'drizzle-orm/sqlite-core';\nimport {{ defineTable }} from '@quickback/compiler';\nconst claims = sqliteTable('open_claims', {{ id: text('id').primaryKey(), ownerId: text('o') }});\nexport default defineTable(claims, {{ {options} }});\n"
        );
        let project = lower(&fixture(&text).project);
        assert_eq!(project.tables.len(), 1);
        project.tables.into_iter().next().unwrap()
    }

    #[test]
    fn what_is_resolved_is_lowered_in_full() {
        let table = lowered(
            "masking: { id: { type: 'name' }, id: { type: 'redact', show: { roles: ['hr+', 'everyone'], or: 'owner' } } }, realtime: { enabled: true, onDelete: false, requiredRoles: ['hr+', 'hr', 'x+'], fields: ['id', 'id', 'nothing', 'createdAt'] }",
        );
        assert_eq!(table.name, "claims");
        assert_eq!(table.owner.as_deref(), Some("ownerId"));
        let realtime = table.realtime.unwrap();
        assert_eq!(realtime.required_roles.unwrap(), ["hr", "admin"]);
        assert_eq!(realtime.fields.unwrap(), ["id", "createdAt"]);
        assert!(realtime.insert && realtime.update && !realtime.delete);
        assert_eq!(table.masks.len(), 1);
        assert!(table.masks[0].show_everyone && table.masks[0].show_owner);
        assert_eq!(table.masks[0].show_roles, ["hr", "admin"]);
    }

    #[test]
    fn what_is_not_resolved_is_off() {
        for options in [
            "",
            "realtime: {}",
            "realtime: { enabled: maybe() }",
            "realtime: { enabled: true, onInsert: maybe() }",
            "realtime: { enabled: true, fields: [...more()] }",
            "realtime: { enabled: true, requiredRoles: [1] }",
            "realtime: { enabled: true, requiredRoles: 'hr' }",
            "realtime: { enabled: true }, masking: { id: { type: pick() } }",
            "realtime: { enabled: true }, masking: { ...rules() }",
            "realtime: { enabled: true }, ...rest()",
        ] {
            assert_eq!(lowered(options).realtime, None, "{options}");
        }
        assert!(lowered("realtime: { enabled: true }").realtime.is_some());
    }
}
