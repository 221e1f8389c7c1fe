//! Inlay hints: what is not written, and holds all the same.

use crate::project::model::{Known, Realtime, Setting};
use crate::project::resolved::List;
use crate::project::uses::each_role_setting;
use crate::project::{Hierarchy, Project, Roles};
use crate::span::{FileId, Span};

/// A few words that are shown in the text without being there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Where they stand.
    pub offset: u32,
    /// The words.
    pub label: String,
    /// What they mean, in Markdown.
    pub tooltip: String,
}

/// The hints within a range of a file, in order.
pub fn inlay(project: &Project, file: FileId, range: Span) -> Vec<Hint> {
    let model = project.model(file);
    let roles = project.roles();
    let mut found = Vec::new();
    if !matches!(roles.hierarchy, Hierarchy::Unknown) {
        each_role_setting(&model, |_, list, _| {
            expansions(&roles, file, list, &mut found);
        });
    }
    for table in &model.tables {
        if let Some(block) = table.block() {
            found.extend(defaults(file, block));
        }
    }
    found.retain(|hint| range.touches(hint.offset));
    found.sort_by(|a, b| (a.offset, &a.label).cmp(&(b.offset, &b.label)));
    // A constant that two lists spread is one text.
    found.dedup();
    found
}

/// What each `role+` stands for.
fn expansions(roles: &Roles, file: FileId, list: &Known<List>, found: &mut Vec<Hint>) {
    for item in list.value.items.iter() {
        let Some(name) = item.as_str().filter(|name| name.ends_with('+')) else {
            continue;
        };
        let Some(names) = roles.expand(name) else {
            continue;
        };
        if item.origin.file != file {
            continue;
        }
        found.push(Hint {
            offset: item.origin.span.end,
            label: format!("= {}", names.collect::<Vec<_>>().join(", ")),
            tooltip: format!("`{name}` is that role and every one above it in `roleHierarchy`."),
        });
    }
}

/// What holds for the keys that a block leaves out, at its `enabled: true`.
fn defaults(file: FileId, block: &Realtime) -> Option<Hint> {
    let enabled = block.enabled.known().filter(|known| known.value)?;
    if enabled.origin.file != file {
        return None;
    }
    // Of a block that cannot be read to its end it is not known what it leaves out.
    if block.object.unresolved().is_some() {
        return None;
    }
    let events: Vec<&str> = [
        ("insert", &block.on_insert),
        ("update", &block.on_update),
        ("delete", &block.on_delete),
    ]
    .into_iter()
    .filter(|(_, setting)| matches!(setting, Setting::Absent))
    .map(|(event, _)| event)
    .collect();
    let mut parts = Vec::new();
    if !events.is_empty() {
        let also = if events.len() < 3 { "also " } else { "" };
        parts.push(format!("{also}on {}", events.join(", ")));
    }
    if block.required_roles.is_absent() {
        parts.push("to every member".to_owned());
    }
    if block.fields.is_absent() {
        parts.push("all columns".to_owned());
    }
    if parts.is_empty() {
        return None;
    }
    Some(Hint {
        offset: enabled.origin.span.end,
        label: parts.join(" · "),
        tooltip: "What holds for the keys that are not there: `onInsert`, `onUpdate` and `onDelete` are `true`, without `requiredRoles` every authenticated member of the organization receives the events, and without `fields` they hold every column.".to_owned(),
    })
}

#[cfg(test)]
mod tests;
