//! What is wrong with the name of a role where one stands.

use super::Context;
use super::suggest::nearest;
use crate::project::Hierarchy;
use crate::project::resolved::Resolved;
use crate::project::uses::RoleList;

/// What is wrong with the name of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It stands for everybody or the public, which is no role that a receiver has.
    Everybody,
    /// `x+` where `x` is not in the hierarchy, with the entry that is near.
    NotInHierarchy(Option<String>),
    /// Nothing knows it, with the role that is near.
    Unknown(Option<String>),
}

/// What is wrong with an entry of a list of roles. Of what is no string, or an empty one, this
/// says nothing, and of an unknown role only as much as the declared hierarchy allows.
pub fn problem(context: &Context<'_>, kind: RoleList, entry: &Resolved) -> Option<Problem> {
    let role = entry.as_str().filter(|role| !role.is_empty())?;
    let roles = &context.roles;
    match role {
        "*" | "PUBLIC" => return Some(Problem::Everybody),
        "everyone" if kind == RoleList::Show => return None,
        "everyone" => return Some(Problem::Everybody),
        _ => {}
    }
    if roles.hierarchy == Hierarchy::Unknown {
        return None;
    }
    if let Some(lowest) = role.strip_suffix('+') {
        let names = &roles.names;
        if names.iter().any(|n| n == lowest) {
            return None;
        }
        let near = nearest(lowest, names.iter().map(String::as_str));
        return Some(Problem::NotInHierarchy(near.map(|n| format!("{n}+"))));
    }
    if roles.knows(role) {
        return None;
    }
    let known = nearest(role, roles.all());
    if matches!(roles.hierarchy, Hierarchy::Declared(_)) {
        return Some(Problem::Unknown(known.map(str::to_owned)));
    }
    // Without a declared hierarchy any role may exist. One is doubted only if it is nearly one
    // that is known, or one that is established in the project while this one is not.
    let uses = |role: &str| {
        context
            .index()
            .role_uses
            .get(role)
            .copied()
            .unwrap_or_default()
    };
    let established = context
        .index()
        .role_uses
        .iter()
        .filter(|(_, count)| **count >= 2 && **count > uses(role))
        .map(|(name, _)| name.as_str())
        .filter(|name| !matches!(*name, "*" | "PUBLIC" | "everyone"));
    let near = known.or_else(|| nearest(role, established))?;
    Some(Problem::Unknown(Some(near.to_owned())))
}

/// Whether an entry stands for a role or roles that can be told and that nothing is wrong with.
pub fn is_sound(context: &Context<'_>, kind: RoleList, entry: &Resolved) -> bool {
    entry.as_str().is_some_and(|role| !role.is_empty()) && problem(context, kind, entry).is_none()
}

/// The roles that an entry stands for; `None` for a `role+` while the hierarchy is not known.
pub fn expanded<'a>(
    context: &'a Context<'_>,
    role: &'a str,
) -> Option<impl Iterator<Item = &'a str>> {
    if role.ends_with('+') && context.roles.hierarchy == Hierarchy::Unknown {
        return None;
    }
    context.roles.expand(role)
}
