//! The members that lead from a value to a part of it.

mod places;

use std::collections::BTreeSet;
use std::sync::Arc;

use smol_str::SmolStr;

use super::handed::Place;

/// How many are told apart. Longer chains are written by nobody; what a circle of names makes
/// longer and longer ends here.
const MAX_LENGTH: usize = 32;

/// How many names may follow each other in any order. A circle of more may lead anywhere.
const MAX_NAMES: usize = 32;

/// How many calls in each other are told apart. Behind that any call of a function counts.
const MAX_ENTERED: usize = 2;

/// A member of a value, or several of which it is one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Member {
    /// The one of that name.
    Named(SmolStr),
    /// An element of a list, which no object has.
    Element,
    /// One whose name is computed.
    Any,
    /// One of these.
    OneOf(Arc<BTreeSet<Member>>),
    /// What it answers, if it is a function; to that call, if it is known to which.
    Answer(Option<Arc<Call>>),
    /// What it makes, if it is a class.
    Made,
    /// The function that is called by what is assigned to it.
    Set,
    /// What it is handed in a place, if it is a function.
    Handed(Place),
}

/// A call, by its index, and where it stands.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Call {
    pub index: u32,
    pub within: Option<Arc<Entered>>,
}

/// A function, by its index, and the call by which it was entered.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Entered {
    pub function: u32,
    pub by: Arc<Call>,
}

impl Call {
    /// A call that stands in functions that were entered by others, as far as these are told apart.
    pub(super) fn new(index: u32, within: Option<Arc<Entered>>) -> Arc<Self> {
        let outer = std::iter::successors(within.as_ref(), |entered| entered.by.within.as_ref());
        let is_told = outer.take(MAX_ENTERED).count() < MAX_ENTERED;
        let within = within.filter(|_| is_told);
        Arc::new(Self { index, within })
    }
}

impl Member {
    /// Whether it may be the member of an object that has that name; `None` is a computed one.
    pub(super) fn may_be_key(&self, key: Option<&str>) -> bool {
        match self {
            Self::Named(name) => key.is_none_or(|key| key == name),
            Self::Element | Self::Answer(_) | Self::Made | Self::Set | Self::Handed(_) => false,
            Self::Any => true,
            Self::OneOf(members) => members.iter().any(|member| member.may_be_key(key)),
        }
    }

    /// Whether it may be the element of a list at that place; `None` is one that is not known.
    pub(super) fn may_be_place(&self, place: Option<usize>) -> bool {
        match self {
            Self::Named(name) => place.is_none_or(|place| *name == place.to_string()),
            Self::Element | Self::Any => true,
            Self::Answer(_) | Self::Made | Self::Set | Self::Handed(_) => false,
            Self::OneOf(members) => members.iter().any(|member| member.may_be_place(place)),
        }
    }

    /// Whether it may be another.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        match other {
            Self::Named(name) => {
                self.may_be_key(Some(name))
                    || name
                        .parse()
                        .is_ok_and(|place| self.may_be_place(Some(place)))
            }
            _ => self.may_be_key(None) || self.may_be_place(None),
        }
    }

    /// The same for other files, which know nothing of the calls of this one.
    fn outside(&self) -> Self {
        match self {
            Self::Answer(_) => Self::Answer(None),
            Self::OneOf(members) => {
                Self::OneOf(Arc::new(members.iter().map(Self::outside).collect()))
            }
            other => other.clone(),
        }
    }

    /// The place in a list that it names.
    pub(super) fn place(&self) -> Option<usize> {
        match self {
            Self::Named(name) => name.parse().ok(),
            _ => None,
        }
    }

    /// The call of which it is what a function answers, or may be.
    fn answered(&self) -> Option<Option<Arc<Call>>> {
        match self {
            Self::Answer(call) => Some(call.clone()),
            Self::OneOf(members) => members.iter().find_map(Self::answered).map(|_| None),
            _ => None,
        }
    }

    /// Whether it is no part of a value, but something that comes of one.
    fn is_derived(&self) -> bool {
        matches!(
            self,
            Self::Answer(_) | Self::Made | Self::Set | Self::Handed(_)
        )
    }

    /// Whether it is the member of that name and no other.
    pub(super) fn is(&self, key: &str) -> bool {
        matches!(self, Self::Named(name) if name == key)
    }
}

/// What may follow the members that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum End {
    #[default]
    Nothing,
    /// These in any order, any number of times.
    Of(Arc<BTreeSet<Member>>),
    Anything,
}

/// The members that lead from a value to what is changed of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Members {
    /// From the last to the first.
    reversed: Vec<Member>,
    end: End,
    /// The call by which the function was entered that the value is looked for in; `None` where it
    /// may be any.
    pub entered: Option<Arc<Entered>>,
}

impl Members {
    /// Any members at all, or none.
    pub(super) fn any() -> Self {
        Self {
            end: End::Anything,
            ..Self::default()
        }
    }

    /// Those of a set in any order, any number of times.
    pub(super) fn any_of(names: &BTreeSet<Member>) -> Self {
        if names.len() > MAX_NAMES || names.contains(&Member::Any) {
            return Self::any();
        }
        Self {
            end: End::Of(Arc::new(names.clone())),
            ..Self::default()
        }
    }

    /// Adds them to a set, which stays short.
    pub(super) fn add_to(&self, names: &mut BTreeSet<Member>) {
        if self.end == End::Anything {
            names.insert(Member::Any);
        }
        let end = match &self.end {
            End::Of(members) => Some(members),
            End::Nothing | End::Anything => None,
        };
        let all = self
            .reversed
            .iter()
            .chain(end.into_iter().flat_map(|end| &**end));
        for member in all {
            if names.len() <= MAX_NAMES && !names.contains(member) {
                names.insert(member.clone());
            }
        }
    }

    /// These, from a value of which a member is the one that they led from so far.
    pub(super) fn of(&self, member: Member) -> Self {
        let mut longer = self.clone();
        longer.reversed.push(member);
        if longer.reversed.len() > MAX_LENGTH {
            let mut names = BTreeSet::from([longer.reversed.remove(0)]);
            let end = Self {
                end: longer.end,
                ..Self::default()
            };
            end.add_to(&mut names);
            longer.end = Self::any_of(&names).end;
        }
        longer
    }

    /// The first, and those that follow it; `None` where it may only be the value itself that is
    /// changed.
    pub(super) fn split(&self) -> Option<(Member, Self)> {
        let mut rest = self.clone();
        match (rest.reversed.pop(), &self.end) {
            (Some(first), _) => Some((first, rest)),
            (None, End::Nothing) => None,
            (None, End::Of(names)) => Some((Member::OneOf(Arc::clone(names)), rest)),
            (None, End::Anything) => Some((Member::Any, rest)),
        }
    }

    /// The same for other files, which know nothing of the calls of this one.
    pub(super) fn outside(&self) -> Self {
        let end = match &self.end {
            End::Of(members) => End::Of(Arc::new(members.iter().map(Member::outside).collect())),
            end => end.clone(),
        };
        Self {
            reversed: self.reversed.iter().map(Member::outside).collect(),
            end,
            entered: None,
        }
    }

    /// How many are known.
    pub(super) fn len(&self) -> usize {
        self.reversed.len()
    }

    /// Whether there are none: it is the value itself that is changed.
    pub(super) fn is_none(&self) -> bool {
        self.reversed.is_empty() && self.end == End::Nothing
    }

    /// These, in a function that was entered by a call.
    pub(super) fn entered_by(&self, entered: Option<Arc<Entered>>) -> Self {
        Self {
            entered,
            ..self.clone()
        }
    }

    /// These of what a function answers to a call, which stands where they are looked for.
    pub(super) fn of_answer(&self, call: u32) -> Self {
        let call = Call::new(call, self.entered.clone());
        self.of(Member::Answer(Some(call)))
    }

    /// Those behind an element of a list, if the first may be one.
    pub(super) fn of_element(&self) -> Option<Self> {
        let (first, rest) = self.split()?;
        first.may_be_place(None).then_some(rest)
    }

    /// The call of which a function's answer comes first, if that is known, and those behind that;
    /// `None` where something else comes first.
    pub(super) fn answered(&self) -> Option<(Option<Arc<Call>>, Self)> {
        let (first, rest) = self.split()?;
        Some((first.answered()?, rest))
    }

    /// Whether they lead to no part of the value, but to something that comes of it.
    pub(super) fn are_derived(&self) -> bool {
        self.reversed.iter().any(Member::is_derived)
    }

    /// These, from a list of whose elements they led into one: it may stand anywhere else there.
    pub(super) fn of_copy(&self) -> Option<Self> {
        let (_, rest) = self.split()?;
        Some(rest.of(Member::Element))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(number: usize) -> Member {
        Member::Named(number.to_string().into())
    }

    #[test]
    fn what_is_too_long_goes_on_with_the_names_that_are_cut_off() {
        let mut members = Members::default();
        assert_eq!(members.split(), None);
        for number in 0..MAX_LENGTH + 2 {
            members = members.of(named(number));
        }
        for number in (2..MAX_LENGTH + 2).rev() {
            let (first, rest) = members.split().unwrap();
            assert_eq!(first, named(number));
            members = rest;
        }
        let names = BTreeSet::from([named(0), named(1)]);
        assert_eq!(members, Members::any_of(&names));
        let first = Member::OneOf(Arc::new(names));
        assert_eq!(members.split(), Some((first, members.clone())));
        assert_eq!(Members::any().split(), Some((Member::Any, Members::any())));
    }

    #[test]
    fn many_names_are_any() {
        let mut names = BTreeSet::new();
        for number in 0..=2 * MAX_NAMES {
            Members::default().of(named(number)).add_to(&mut names);
        }
        assert_eq!(names.len(), MAX_NAMES + 1);
        assert_eq!(Members::any_of(&names), Members::any());
        let computed = BTreeSet::from([named(0), Member::Any]);
        assert_eq!(Members::any_of(&computed), Members::any());
    }
}
