//! Where roles are named: one walk that the index, the rules and the navigation share.

use super::model::{FileModel, Known, MaskRule, Masking, Setting, Table};
use super::resolved::{List, Resolved};
use crate::span::Span;

/// What a list of roles is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleList {
    /// `requiredRoles` of a table.
    Required,
    /// `show.roles` of a mask.
    Show,
    /// `targetRoles` of a call.
    Target,
}

/// Calls `visit` with each list of roles in a file.
pub fn each_role_list<'m>(model: &'m FileModel, mut visit: impl FnMut(RoleList, &'m List)) {
    each_role_setting(model, |kind, known, _| visit(kind, &known.value));
}

/// The same with where each list stands, and the definition or the call that it is of.
pub fn each_role_setting<'m>(
    model: &'m FileModel,
    mut visit: impl FnMut(RoleList, &'m Known<List>, Span),
) {
    for table in &model.tables {
        each_of_table(table, &mut |kind, list| visit(kind, list, table.span));
    }
    for call in &model.calls {
        if let Some(list) = call.target_roles.known() {
            visit(RoleList::Target, list, call.span);
        }
        each_of_masking(&call.masking, &mut |kind, list| {
            visit(kind, list, call.span)
        });
    }
}

fn each_of_table<'m>(table: &'m Table, visit: &mut impl FnMut(RoleList, &'m Known<List>)) {
    if let Some(list) = table.block().and_then(|block| block.required_roles.known()) {
        visit(RoleList::Required, list);
    }
    each_of_masking(&table.masking, visit);
}

fn each_of_masking<'m>(
    masking: &'m Setting<Masking>,
    visit: &mut impl FnMut(RoleList, &'m Known<List>),
) {
    let rules = masking
        .known()
        .map_or(&[] as &[MaskRule], |known| &known.value.rules);
    for list in rules.iter().filter_map(|rule| rule.roles.known()) {
        visit(RoleList::Show, list);
    }
}

/// The roles that a file names, without `+`, with repetitions.
pub fn roles(model: &FileModel) -> Vec<&str> {
    let mut found = Vec::new();
    each_role_list(model, |_, list| found.extend(names(list)));
    found
}

/// Whether a file says `role+` anywhere.
pub fn names_higher(model: &FileModel) -> bool {
    let mut found = false;
    each_role_list(model, |_, list| {
        let mut written = list.items.iter().filter_map(Resolved::as_str);
        found |= written.any(|role| role.ends_with('+'));
    });
    found
}

/// The roles that the definition of a table names, without `+`, with repetitions.
pub fn roles_of_table(table: &Table) -> Vec<&str> {
    let mut found = Vec::new();
    each_of_table(table, &mut |_, known| found.extend(names(&known.value)));
    found
}

fn names(list: &List) -> impl Iterator<Item = &str> {
    let written = list.items.iter().filter_map(Resolved::as_str);
    written.map(|role| role.strip_suffix('+').unwrap_or(role))
}
