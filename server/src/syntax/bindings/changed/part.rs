//! What is changed of a value: it itself, or a member that names lead to.

use smol_str::SmolStr;

use super::super::members::{Member, Members};

/// How many names that lead to a change are told apart. Nobody asks for more than those of
/// `exports.default.auth.options.plugins`, the exports left out.
const MAX_NAMES: usize = 4;

/// What is changed of what a name stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangedPart {
    /// It itself, as by `list.push(...)`: any member of it, but nothing that these lead to.
    Itself,
    /// The member that these names lead to, one after the other, or what that leads to.
    Member(Box<[SmolStr]>),
    /// A member, or what it leads to, that is known when the code runs.
    Any,
}

impl ChangedPart {
    /// What is changed where the member that some names lead to is, or what that leads to.
    pub fn of_names(names: &[SmolStr]) -> Self {
        match names {
            [] => Self::Any,
            _ => Self::Member(names.iter().take(MAX_NAMES).cloned().collect()),
        }
    }

    /// What is changed where that member is, or what it leads to.
    pub(super) fn of(member: &Member) -> Self {
        match member {
            Member::Named(name) => Self::of_names(std::slice::from_ref(name)),
            _ => Self::Any,
        }
    }

    /// What is changed of a value where this is changed of what members of it lead to.
    pub(super) fn behind(&self, members: &Members) -> Vec<Self> {
        if let Some((Member::OneOf(names), _)) = members.split() {
            // It may also be the value itself that is changed.
            return names.iter().map(Self::of).chain([self.clone()]).collect();
        }
        if members.is_none() {
            return vec![self.clone()];
        }
        let mut names = Vec::new();
        let mut rest = members.clone();
        while names.len() < MAX_NAMES {
            match rest.split() {
                Some((Member::Named(name), more)) => {
                    names.push(name);
                    rest = more;
                }
                Some(_) => break,
                None => {
                    if let Self::Member(own) = self {
                        names.extend(own.iter().cloned());
                    }
                    break;
                }
            }
        }
        vec![Self::of_names(&names)]
    }
}
