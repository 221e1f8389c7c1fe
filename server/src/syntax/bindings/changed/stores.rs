//! What is put into something after that was made: by `box.part = value`, `list.push(value)`,
//! `map.set(key, value)`. A change through what it was put into is one of the value.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::ChangedPart;
use super::classes::Of;
use super::search::{MAX_LOOKS, MAX_STEPS, MAX_WAYS, Search};
use crate::span::Span;
use crate::syntax::bindings::Step;
use crate::syntax::bindings::members::{Member, Members};
use crate::syntax::changes::{Changes, Slot};
use crate::syntax::parts::bare;
use crate::syntax::{Node, span};

/// What something is put into.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Holder {
    /// What a name stands for that is declared at a range.
    Declared(Span),
    /// What is imported by that name.
    Imported(SmolStr),
    /// The objects that a class makes, by its index.
    Made(u32),
}

/// What is put somewhere.
#[derive(Debug, Clone, Copy)]
struct Stored<'t> {
    slot: Slot,
    /// The expression; of a member that is assigned to, that member.
    value: Node<'t>,
}

/// Where something is put, seen from a holder.
#[derive(Debug)]
struct Place<'t> {
    /// The members that lead there.
    members: Members,
    stored: Stored<'t>,
}

/// Holders, and the members that lead from them to something.
type Reached = Vec<(Holder, Members)>;

/// All that is put into something, by its holders and the first member that leads there, if that
/// is known.
#[derive(Debug, Default)]
pub(super) struct Stores<'t> {
    places: FxHashMap<(Holder, Option<SmolStr>), Vec<Place<'t>>>,
    /// The holders of which all places are to be looked at.
    firsts: FxHashMap<Holder, Vec<Option<SmolStr>>>,
    /// The holders that an expression leads to, and the members from these to what it stands for,
    /// while they are looked for.
    sought: Option<Reached>,
    /// All that is put somewhere.
    all: Vec<Stored<'t>>,
    /// Of that what is put where it would take too long to tell.
    loose: Vec<Stored<'t>>,
    /// How many times something was looked for that is put into something.
    steps: usize,
    /// What was followed before.
    known: FxHashSet<(Holder, Members, ChangedPart)>,
    /// In how many ways the change leads to a holder.
    ways: FxHashMap<Holder, usize>,
}

/// How many times something may be looked for that is put into something, for all changes of a
/// file. The objects of large classes hold each other in ways without number.
const MAX_STEPS_THROUGH: usize = 10_000;

impl<'t> Stores<'t> {
    /// Whether it is being found out where something is put.
    pub(super) fn are_sought(&self) -> bool {
        self.sought.is_some()
    }

    /// Begins with another change.
    pub(super) fn begin(&mut self) {
        self.ways.clear();
    }

    /// Whether something may be looked for once more.
    pub(super) fn step(&mut self) -> bool {
        self.steps = self.steps.saturating_add(1);
        !self.are_spent()
    }

    /// Whether it was looked for so often that not all was found.
    fn are_spent(&self) -> bool {
        self.steps > MAX_STEPS_THROUGH
    }

    /// Whether a holder is to be looked at, to which the members lead.
    fn enter(&mut self, holder: &Holder, members: &Members, part: &ChangedPart) -> bool {
        let known = (holder.clone(), members.clone(), part.clone());
        if !members.are_told() || !self.known.insert(known) {
            return false;
        }
        let ways = self.ways.entry(holder.clone()).or_default();
        *ways = ways.saturating_add(1);
        *ways <= MAX_WAYS && self.step()
    }

    /// Notes that something is put somewhere, as a member of what is reached.
    fn put(&mut self, reached: &Reached, member: &Member, stored: Stored<'t>) {
        for (holder, members) in reached {
            let place = match stored.slot {
                Slot::Members => members.clone(),
                Slot::Pair => members.then(member.clone()).then(Member::Named("1".into())),
                _ => members.then(member.clone()),
            };
            self.add(holder.clone(), place, stored);
        }
    }

    fn add(&mut self, holder: Holder, members: Members, stored: Stored<'t>) {
        let first = match members.split() {
            Some((Member::Named(name), _)) => Some(name),
            _ => None,
        };
        let places = self.places.entry((holder.clone(), first.clone()));
        let places = places.or_insert_with(|| {
            self.firsts.entry(holder).or_default().push(first);
            Vec::new()
        });
        places.push(Place { members, stored });
    }
}

impl<'t> Search<'_, 't> {
    /// Finds out where everything is put that a text puts somewhere.
    pub(super) fn store(&mut self, changes: &Changes<'t>) {
        let assigned = changes.changes.iter().filter_map(|change| {
            let target = change.member?;
            Some((change.object, Slot::Member, target))
        });
        let put = changes
            .stores
            .iter()
            .map(|store| (store.into, store.slot, store.value));
        let mut of_names = FxHashMap::default();
        for (into, slot, value) in assigned.chain(put) {
            let stored = Stored { slot, value };
            let mut values = Vec::new();
            self.values(stored, &Members::default().of(Member::Any), &mut values);
            if !values.iter().any(|(node, _)| may_be_shared(*node)) {
                continue;
            }
            let member = match slot {
                Slot::Member => self.reader.member_of(value),
                Slot::Element | Slot::Elements | Slot::Pair => Member::Element,
                Slot::Members | Slot::Some | Slot::Described => Member::Any,
            };
            self.stores.all.push(stored);
            match self.reached(into, &mut of_names) {
                Some(reached) => self.stores.put(&reached, &member, stored),
                None => self.stores.loose.push(stored),
            }
        }
        self.forget();
        self.left = MAX_STEPS;
        self.looks = MAX_LOOKS;
        self.stores.steps = 0;
    }

    /// The holders that an expression leads to, of a name those that were found before. `None` if
    /// that takes too long, or others did.
    fn reached(
        &mut self,
        into: Node<'t>,
        of_names: &mut FxHashMap<Span, Rc<Reached>>,
    ) -> Option<Rc<Reached>> {
        let into = bare(into);
        let name = Some(into).filter(|into| into.kind() == "identifier");
        let binding = name.and_then(|name| self.reader.binding(name));
        let declared = binding.map(|binding| binding.name_span);
        if let Some(known) = declared.and_then(|declared| of_names.get(&declared)) {
            return Some(Rc::clone(known));
        }
        if into.kind() == "this"
            && let Some((Of::Made, class)) = self.holder_around(into)
        {
            let made = Holder::Made(class.index());
            return Some(Rc::new(vec![(made, Members::default())]));
        }
        if !self.stores.loose.is_empty() {
            return None;
        }
        self.forget();
        self.stores.sought = Some(Vec::new());
        let followed = self.follow(into, Members::default());
        let reached = Rc::new(self.stores.sought.take().unwrap_or_default());
        followed.filter(|()| !self.stores.are_spent())?;
        if let Some(declared) = declared {
            of_names.insert(declared, Rc::clone(&reached));
        }
        Some(reached)
    }

    fn forget(&mut self) {
        self.found.clear();
        self.known.clear();
        self.known_outside.clear();
        self.stores.known.clear();
    }

    /// Counts as changed what is put where it would take too long to tell. `None` if even that does.
    pub(super) fn loose(&mut self) -> Option<()> {
        let loose = match self.stores.are_spent() {
            true => std::mem::take(&mut self.stores.all),
            false => std::mem::take(&mut self.stores.loose),
        };
        for stored in loose {
            self.at = span(stored.value);
            self.part = ChangedPart::Any;
            let mut values = Vec::new();
            self.values(stored, &Members::any(), &mut values);
            for (value, members) in values {
                self.follow(value, members)?;
            }
        }
        Some(())
    }

    /// Something was reached that holds what is changed, or into which something is put. Whether it
    /// is the latter.
    pub(super) fn holder(&mut self, holder: Holder, members: &Members) -> bool {
        let is_put = self.stores.are_sought();
        let may_hold = || !members.is_none() && self.stores.firsts.contains_key(&holder);
        if (is_put || may_hold()) && self.stores.enter(&holder, members, &self.part) {
            self.held(&holder, members);
            if let Some(sought) = &mut self.stores.sought {
                sought.push((holder, members.clone()));
            }
        }
        is_put
    }

    /// Follows what was put where the members lead.
    fn held(&mut self, holder: &Holder, members: &Members) {
        let (Some((first, _)), Some(firsts)) = (members.split(), self.stores.firsts.get(holder))
        else {
            return;
        };
        let keys: Vec<Option<SmolStr>> = match first {
            Member::Named(name) => vec![Some(name), None],
            _ => firsts.clone(),
        };
        let mut found: Vec<(Stored<'t>, Members)> = Vec::new();
        for key in keys {
            let Some(places) = self.stores.places.get(&(holder.clone(), key)) else {
                continue;
            };
            self.looks = self.looks.saturating_sub(places.len());
            for place in places {
                let rest = members.behind(&place.members);
                found.extend(rest.map(|rest| (place.stored, rest)));
            }
        }
        for (stored, rest) in found {
            let mut values = Vec::new();
            self.values(stored, &rest, &mut values);
            for (value, members) in values {
                self.push(Some(value), &members);
            }
        }
    }

    /// The expressions that are put somewhere, and what leads on in them.
    fn values(&self, stored: Stored<'t>, rest: &Members, found: &mut Vec<Step<'t>>) {
        let value = stored.value;
        match stored.slot {
            Slot::Member => self.reader.sources(value, rest, found),
            Slot::Element | Slot::Pair | Slot::Some => found.push((value, rest.clone())),
            Slot::Described => found.push((value, rest.of(Member::Named("value".into())))),
            Slot::Elements => found.push((value, rest.of(Member::Element))),
            // A copy of its members.
            Slot::Members if rest.is_none() => {}
            Slot::Members => found.push((value, rest.clone())),
        }
    }
}

/// Whether an expression may stand for what other names stand for too.
fn may_be_shared(node: Node<'_>) -> bool {
    !matches!(
        node.kind(),
        "string"
            | "template_string"
            | "number"
            | "true"
            | "false"
            | "null"
            | "undefined"
            | "regex"
            | "unary_expression"
            | "update_expression"
            | "arrow_function"
            | "function_expression"
    )
}
