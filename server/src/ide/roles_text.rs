//! Who receives a table's events, in words.

use crate::project::Roles;
use crate::project::model::{Setting, Table};

/// Who receives a table's events: `member, admin`, or what else there is to say.
pub fn receivers(roles: &Roles, table: &Table) -> String {
    let Some(block) = table.block() else {
        return "nobody".to_owned();
    };
    match &block.required_roles {
        Setting::Absent => "every member of the organization".to_owned(),
        Setting::Known(known) => {
            let names = expanded(
                roles,
                known.value.items.iter().filter_map(|item| item.as_str()),
            );
            match (names.is_empty(), known.value.is_whole()) {
                (_, false) => "not known: a role cannot be resolved".to_owned(),
                (true, true) => "nobody".to_owned(),
                (false, true) => names.join(", "),
            }
        }
        Setting::Unknown(_) | Setting::Invalid(_) => "not known".to_owned(),
    }
}

/// Roles with every `role+` in full, each once. What cannot be expanded stays as it is.
pub fn expanded<'r>(roles: &Roles, names: impl Iterator<Item = &'r str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        let stands_for = roles.expand(name).unwrap_or_else(|| vec![name.to_owned()]);
        for role in stands_for {
            if !found.contains(&role) {
                found.push(role);
            }
        }
    }
    found
}
