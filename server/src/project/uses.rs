//! Where roles are named: one walk that the index, the rules and the navigation share.

use super::model::{FileModel, Known, MaskRule, Masking, Setting};
use super::resolved::{List, Resolved};

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
    each_role_setting(model, |kind, known| visit(kind, &known.value));
}

/// The same with where each list stands.
pub fn each_role_setting<'m>(
    model: &'m FileModel,
    mut visit: impl FnMut(RoleList, &'m Known<List>),
) {
    fn masks<'m>(masking: &'m Setting<Masking>, visit: &mut impl FnMut(RoleList, &'m Known<List>)) {
        let rules = masking
            .known()
            .map_or(&[] as &[MaskRule], |known| &known.value.rules);
        for list in rules.iter().filter_map(|rule| rule.roles.known()) {
            visit(RoleList::Show, list);
        }
    }
    for table in &model.tables {
        if let Some(list) = table.block().and_then(|block| block.required_roles.known()) {
            visit(RoleList::Required, list);
        }
        masks(&table.masking, &mut visit);
    }
    for call in &model.calls {
        if let Some(list) = call.target_roles.known() {
            visit(RoleList::Target, list);
        }
        masks(&call.masking, &mut visit);
    }
}

/// The roles that a file names, without `+`, with repetitions.
pub fn roles(model: &FileModel) -> Vec<String> {
    let mut found = Vec::new();
    each_role_list(model, |_, list| {
        found.extend(
            list.items
                .iter()
                .filter_map(Resolved::as_str)
                .map(|role| role.strip_suffix('+').unwrap_or(role).to_owned()),
        );
    });
    found
}
