//! Who receives a table's events and what they see of it, in words.

use generator::broadcaster::mask::MaskType;

use crate::project::Roles;
use crate::project::model::{Setting, Table};
use crate::project::resolved::List;
use crate::rules::delivery::{self, automatic_mask};

/// The role that sees what is masked automatically, besides the owner.
const AUTOMATIC_ROLE: &str = "admin";

/// The rule that holds for a column: the explicit one, else the automatic one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    /// How it is masked.
    pub kind: MaskType,
    /// The roles that see it plain, `role+` in full; `None` where that cannot be told.
    pub roles: Option<Vec<String>>,
    /// Whether nobody is masked.
    pub everyone: bool,
    /// Whether the record's owner sees it plain.
    pub owner: bool,
    /// Whether the compiler masks it by its name alone.
    pub automatic: bool,
}

/// The rule that holds for a column of a table; `None` if there is none or it cannot be told.
pub fn mask(roles: &Roles, table: &Table, column: &str) -> Option<Mask> {
    let has_owner = table.owner.column().is_some();
    if let Some(rule) = table.mask(column) {
        let listed = match &rule.roles {
            Setting::Absent => Some(Vec::new()),
            Setting::Known(known) => in_full(roles, &known.value),
            Setting::Unknown(_) | Setting::Invalid(_) => None,
        };
        return Some(Mask {
            kind: rule.kind.known()?.value,
            everyone: listed
                .iter()
                .flatten()
                .any(|role| role.as_str() == "everyone"),
            roles: listed,
            owner: rule.or_owner.known().is_some() && has_owner,
            automatic: false,
        });
    }
    if delivery::has_rule(table, column) != Some(false) {
        return None;
    }
    Some(Mask {
        kind: automatic_mask(column, table.columns.get(column))?,
        roles: Some(vec![AUTOMATIC_ROLE.to_owned()]),
        everyone: false,
        owner: has_owner,
        automatic: true,
    })
}

impl Mask {
    /// Who sees the value plain: `admin and the record's owner`; `None` if that cannot be told.
    pub fn seen_by(&self) -> Option<String> {
        if self.everyone {
            return Some("everybody".to_owned());
        }
        let roles = self.roles.as_ref()?;
        Some(match (roles.is_empty(), self.owner) {
            (true, false) => "nobody".to_owned(),
            (true, true) => "the record's owner".to_owned(),
            (false, false) => roles.join(", "),
            (false, true) => format!("{} and the record's owner", roles.join(", ")),
        })
    }
}

/// The roles that receive a table's events: `None` for every member, or why it cannot be told.
pub fn required(roles: &Roles, table: &Table) -> Result<Option<Vec<String>>, &'static str> {
    let Some(block) = table.block() else {
        return Err("not known");
    };
    match &block.required_roles {
        Setting::Absent => Ok(None),
        Setting::Known(known) => in_full(roles, &known.value)
            .map(Some)
            .ok_or("not known: a role cannot be resolved"),
        Setting::Unknown(_) | Setting::Invalid(_) => Err("not known"),
    }
}

/// Who receives a table's events: `member, admin`, or what else there is to say.
pub fn receivers(roles: &Roles, table: &Table) -> String {
    match required(roles, table) {
        Ok(None) => "every member of the organization".to_owned(),
        Ok(Some(names)) if names.is_empty() => "nobody".to_owned(),
        Ok(Some(names)) => names.join(", "),
        Err(why) => why.to_owned(),
    }
}

/// Who receives what of a table in one line:
/// `member, admin · masked for member: email, ssn · owner sees all`.
pub fn summary(roles: &Roles, table: &Table) -> String {
    let mut parts = vec![receivers(roles, table)];
    let masked: Vec<(&str, Mask)> = delivery::sent(table)
        .into_iter()
        .filter_map(|sent| Some((sent.name, mask(roles, table, sent.name)?)))
        .filter(|(_, mask)| !mask.everyone && mask.roles.is_some())
        .collect();
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    let required = required(roles, table).ok().flatten();
    for (column, mask) in &masked {
        let shown = mask.roles.as_deref().unwrap_or_default();
        let hidden = match &required {
            Some(required) => {
                let (seeing, hidden): (Vec<&str>, Vec<&str>) = required
                    .iter()
                    .map(String::as_str)
                    .partition(|role| shown.iter().any(|shown| shown == role));
                if hidden.is_empty() {
                    continue;
                }
                // Whichever names fewer: a line of code shows only so much above it.
                if seeing.is_empty() {
                    "all".to_owned()
                } else if seeing.len() < hidden.len() {
                    format!("all but {}", seeing.join(", "))
                } else {
                    hidden.join(", ")
                }
            }
            None if shown.is_empty() => "all".to_owned(),
            None => format!("all but {}", shown.join(", ")),
        };
        match groups.iter_mut().find(|(group, _)| *group == hidden) {
            Some((_, columns)) => columns.push(column),
            None => groups.push((hidden, vec![column])),
        }
    }
    for (hidden, columns) in &groups {
        parts.push(format!("masked for {hidden}: {}", columns.join(", ")));
    }
    let owned: Vec<&str> = masked
        .iter()
        .filter(|(column, mask)| mask.owner && groups.iter().any(|(_, c)| c.contains(column)))
        .map(|(column, _)| *column)
        .collect();
    let hidden: usize = groups.iter().map(|(_, columns)| columns.len()).sum();
    if !owned.is_empty() {
        let what = if owned.len() == hidden {
            "all".to_owned()
        } else {
            owned.join(", ")
        };
        parts.push(format!("owner sees {what}"));
    }
    parts.join(" · ")
}

/// A list of roles with every `role+` in full, each once; `None` if it is not all known.
fn in_full(roles: &Roles, list: &List) -> Option<Vec<String>> {
    if !list.is_whole() {
        return None;
    }
    let mut found: Vec<String> = Vec::new();
    for name in list.items.iter().filter_map(|item| item.as_str()) {
        let meant: Vec<&str> = match roles.expand(name) {
            Some(meant) => meant.collect(),
            None => vec![name],
        };
        for role in meant {
            if !found.iter().any(|known| known == role) {
                found.push(role.to_owned());
            }
        }
    }
    Some(found)
}
