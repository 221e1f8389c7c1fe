//! The members that lead from a value to a part of it.

use smol_str::SmolStr;

/// How many are told apart. Longer chains are written by nobody; what a circle of names makes
/// longer and longer ends here.
const MAX_LENGTH: usize = 32;

/// The members that lead from a value to what is changed of it. One that is computed may be any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Members {
    /// From the last to the first.
    reversed: Vec<Option<SmolStr>>,
    /// Whether anything may follow.
    is_open: bool,
}

impl Members {
    /// Any members at all, or none.
    pub(super) fn any() -> Self {
        Self {
            reversed: Vec::new(),
            is_open: true,
        }
    }

    /// These, from a value of which a member is the one that they led from so far.
    pub(super) fn of(&self, member: Option<SmolStr>) -> Self {
        let mut longer = self.clone();
        longer.reversed.push(member);
        if longer.reversed.len() > MAX_LENGTH {
            longer.reversed.remove(0);
            longer.is_open = true;
        }
        longer
    }

    /// The first, and those that follow it; `None` where it may only be the value itself that is
    /// changed.
    pub(super) fn split(&self) -> Option<(Option<SmolStr>, Self)> {
        let mut rest = self.clone();
        match rest.reversed.pop() {
            Some(first) => Some((first, rest)),
            None => self.is_open.then_some((None, rest)),
        }
    }

    /// These, from a list of whose elements they led into one: it may stand anywhere else there.
    pub(super) fn of_copy(&self) -> Option<Self> {
        let (_, rest) = self.split()?;
        Some(rest.of(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_cut_open() {
        let mut members = Members::default();
        assert_eq!(members.split(), None);
        for number in 0..=MAX_LENGTH {
            members = members.of(Some(number.to_string().into()));
        }
        let mut length = 0;
        while let Some((Some(first), rest)) = members.split() {
            assert_eq!(first, (MAX_LENGTH - length).to_string());
            members = rest;
            length += 1;
        }
        assert_eq!((length, members), (MAX_LENGTH, Members::any()));
        assert_eq!(Members::any().split(), Some((None, Members::any())));
    }
}
