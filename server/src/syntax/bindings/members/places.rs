//! The members that lead to a place, and what lies behind it.

use std::collections::BTreeSet;

use super::{End, MAX_LENGTH, Member, Members};

/// How many lead through what is put into each other. More are written by nobody.
const MAX_TOLD: usize = 8;

impl Member {
    /// Whether it may be the same as another.
    fn may_meet(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::OneOf(members), one) | (one, Self::OneOf(members)) => {
                members.iter().any(|member| member.may_meet(one))
            }
            (Self::Element, Self::Named(name)) | (Self::Named(name), Self::Element) => {
                name.bytes().all(|byte| byte.is_ascii_digit())
            }
            (one, other) => one == other,
        }
    }
}

impl Members {
    /// These, and then a member of what they lead to.
    pub(in crate::syntax::bindings) fn then(&self, member: Member) -> Self {
        let mut longer = self.clone();
        match &self.end {
            End::Anything => {}
            End::Nothing if self.reversed.len() < MAX_LENGTH => longer.reversed.insert(0, member),
            End::Nothing => longer.end = Self::any_of(&BTreeSet::from([member])).end,
            End::Of(names) => {
                let mut names = BTreeSet::clone(names);
                names.insert(member);
                longer.end = Self::any_of(&names).end;
            }
        }
        longer
    }

    /// Whether it is known what each is, and they are no more than lead through a few things.
    pub(in crate::syntax::bindings) fn are_told(&self) -> bool {
        self.end == End::Nothing && self.reversed.len() <= MAX_TOLD
    }

    /// What is left of these behind a place, if they lead to it or through it.
    pub(in crate::syntax::bindings) fn behind(&self, place: &Self) -> Option<Self> {
        let mut rest = self.clone();
        for member in place.reversed.iter().rev() {
            let (first, behind) = rest.split()?;
            if !first.may_meet(member) {
                return None;
            }
            rest = behind;
        }
        if place.end == End::Nothing || rest.is_none() {
            return Some(rest);
        }
        // The place may lie anywhere further in.
        let mut names = BTreeSet::new();
        rest.add_to(&mut names);
        Some(Self::any_of(&names))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{MAX_LENGTH, Member, Members};

    fn members(names: &[&str]) -> Members {
        let last_first = names.iter().rev();
        last_first.fold(Members::default(), |members, name| {
            members.of(match *name {
                "*" => Member::Any,
                "[]" => Member::Element,
                name => Member::Named(name.into()),
            })
        })
    }

    #[test]
    fn what_lies_behind_a_place() {
        for (all, place, rest) in [
            (vec!["a", "b"], vec![], Some(vec!["a", "b"])),
            (vec!["a", "b"], vec!["a"], Some(vec!["b"])),
            (vec!["a"], vec!["a"], Some(vec![])),
            (vec![], vec!["a"], None),
            (vec!["b"], vec!["a"], None),
            (vec!["*", "b"], vec!["a"], Some(vec!["b"])),
            (vec!["a", "b"], vec!["*"], Some(vec!["b"])),
            (vec!["0", "b"], vec!["[]"], Some(vec!["b"])),
            (vec!["length"], vec!["[]"], None),
        ] {
            let found = members(&all).behind(&members(&place));
            assert_eq!(found, rest.map(|rest| members(&rest)), "{all:?} {place:?}");
        }
    }

    #[test]
    fn what_is_too_long_leads_anywhere_behind() {
        let mut long = Members::default();
        for _ in 0..MAX_LENGTH + 2 {
            long = long.then(Member::Named("a".into()));
        }
        assert_eq!(members(&["a"; 3]).behind(&long), None);
        let other = members(&["a"; MAX_LENGTH]);
        assert_eq!(other.behind(&long), Some(Members::default()));
        assert_eq!(
            members(&["a", "b"]).then(Member::Any),
            members(&["a", "b", "*"])
        );
    }
}
