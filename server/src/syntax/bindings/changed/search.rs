//! The search for what a change leads to, expression by expression.

use std::collections::BTreeSet;
use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use super::classes::{Of, is_class};
use super::literals::leads_on;
use super::stores::{Holder, Stores};
use super::{ChangedImport, ChangedParameter, ChangedPart, ImportedFrom, Leaving};
use crate::span::Span;
use crate::syntax::bindings::assigned::{Assigned, Function, function_around};
use crate::syntax::bindings::handed::Place;
use crate::syntax::bindings::members::{Member, Members};
use crate::syntax::bindings::{Reader, Step};
use crate::syntax::calls::is_function;
use crate::syntax::changes::Changes;
use crate::syntax::escapes;
use crate::syntax::parts::unwrapped;
use crate::syntax::{Node, span};

/// How many expressions are looked at for all changes of a file, and for each change more. As many
/// are in no text that people write.
pub(super) const MAX_STEPS: usize = 100_000;
pub(super) const MAX_STEPS_OF_ONE: usize = 64;

/// How many elements of literals and places of assignments are looked at for all changes of a file.
/// Each takes far less time than an expression.
pub(super) const MAX_LOOKS: usize = 10_000_000;

/// In how many ways one change may lead to a name before the members of these ways count in any
/// order and number: a circle, as of `node = node.next`, leads there in ways without number.
pub(super) const MAX_WAYS: usize = 8;

/// What is declared at a range, the members that lead from it to a change, and what it changes.
type Known = (Span, Members, ChangedPart);

pub(super) struct Search<'s, 't> {
    pub(super) reader: Reader<'s, 't>,
    /// Where other values are assigned to names, by where these are declared.
    pub(super) assigned: FxHashMap<Span, Assigned<'t>>,
    /// Where the change is that is followed.
    pub(super) at: Span,
    /// What it changes of that.
    pub(super) part: ChangedPart,
    /// How many expressions may still be looked at.
    pub(super) left: usize,
    /// How many elements and places may still be looked at.
    pub(super) looks: usize,
    /// What was followed before, of a name or a call at a range, and what was changed of it.
    pub(super) known: FxHashSet<Known>,
    /// The same of what is assigned to the name that is declared at a range, but for what is
    /// assigned in a function.
    pub(super) known_outside: FxHashMap<Known, Option<Function>>,
    /// In how many ways the change leads there, and by which members.
    pub(super) ways: FxHashMap<Span, (usize, BTreeSet<Member>)>,
    /// What is put into something after that was made.
    pub(super) stores: Stores<'t>,
    /// What is still to be followed.
    pub(super) found: Vec<Step<'t>>,
    pub(super) notes: Found,
}

/// What changes were found to lead to.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Bindings, by where their names are declared, and where the changes are.
    pub(super) bindings: Vec<(Span, Span)>,
    /// Those that stand for no value that is known.
    pub(super) others: Vec<Span>,
    /// What of bindings is changed.
    pub(super) parts: Vec<(Span, ChangedPart)>,
    pub(super) imports: Vec<ChangedImport>,
    pub(super) leaving: Vec<Leaving>,
    pub(super) parameters: Vec<ChangedParameter>,
}

impl<'s, 't> Search<'s, 't> {
    /// A search in a text that does these things to values and names.
    pub(super) fn new(reader: Reader<'s, 't>, changes: &Changes<'t>) -> Self {
        let mut search = Search {
            reader,
            assigned: FxHashMap::default(),
            at: Span::default(),
            part: ChangedPart::Itself,
            left: MAX_STEPS,
            looks: MAX_LOOKS,
            known: FxHashSet::default(),
            known_outside: FxHashMap::default(),
            ways: FxHashMap::default(),
            stores: Stores::default(),
            found: Vec::new(),
            notes: Found::default(),
        };
        for name in &changes.assigned {
            if let Some(binding) = reader.binding(*name) {
                let assigned = search.assigned.entry(binding.name_span).or_default();
                assigned.push(*name);
            }
        }
        search.assigned.values_mut().for_each(Assigned::sort);
        search.store(changes);
        search
    }
}

impl<'t> Search<'_, 't> {
    /// Notes that what an expression stands for is changed, and with it all that it is part of.
    /// `None` if that takes too long.
    pub(super) fn follow(&mut self, object: Node<'t>, members: Members) -> Option<()> {
        self.ways.clear();
        self.stores.begin();
        self.left = self.left.saturating_add(MAX_STEPS_OF_ONE);
        self.found.push((object, members));
        self.follow_found()
    }

    /// The same of all that was found so far.
    pub(super) fn follow_found(&mut self) -> Option<()> {
        while let Some((node, mut members)) = self.found.pop() {
            if leads_on(node, &members) {
                self.left = self.left.checked_sub(1)?;
                self.reader.leave(node, &mut members);
                self.expression(node, &members);
            }
            if self.looks == 0 || self.reader.handed.is_spent() {
                return None;
            }
        }
        Some(())
    }

    /// The members with which something is followed that is declared at a range, unless it was
    /// before.
    pub(super) fn enter(&mut self, declared: Span, members: &Members) -> Option<Members> {
        let known = self.way(declared, members);
        let members = known.1.clone();
        self.known.insert(known).then_some(members)
    }

    /// One way more that leads to something.
    pub(super) fn way(&mut self, declared: Span, members: &Members) -> Known {
        let (ways, names) = self.ways.entry(declared).or_default();
        *ways = ways.saturating_add(1);
        members.add_to(names);
        let members = match *ways {
            ..=MAX_WAYS => members.clone(),
            _ => Members::any_of(names),
        };
        (declared, members, self.part.clone())
    }

    pub(super) fn expression(&mut self, node: Node<'t>, members: &Members) {
        let field = |name| node.child_by_field_name(name);
        match node.kind() {
            "identifier" | "shorthand_property_identifier" => self.name(node, members),
            "member_expression" | "subscript_expression" => {
                self.push(field("object"), &members.of(self.reader.member_of(node)));
            }
            "ternary_expression" => {
                self.push(field("consequence"), members);
                self.push(field("alternative"), members);
            }
            // What is added or compared is no object.
            "binary_expression" if self.is_choice(node) => {
                self.push(field("left"), members);
                self.push(field("right"), members);
            }
            "assignment_expression" => self.push(field("right"), members),
            "augmented_assignment_expression" => {
                self.push(field("left"), members);
                self.push(field("right"), members);
            }
            "sequence_expression" => self.push(node.named_children().last(), members),
            "await_expression" => self.push(node.first_named_child(), members),
            "object" => self.object(node, members),
            "array" => self.array(node, members),
            "call_expression" => self.call(node, members),
            "this" => self.this(node, members),
            _ if is_class(node) => match members.split() {
                Some((Member::Made, rest)) => self.class(node, Of::Made, &rest),
                _ => self.class(node, Of::Class, members),
            },
            _ if is_function(node) => {
                self.parameter(node, members);
                self.reader.returned(node, members, &mut self.found);
            }
            "new_expression" => self.made(node, members),
            "internal_module" => self.namespace(node, members),
            _ => self.push(unwrapped(node), members),
        }
    }

    pub(super) fn push(&mut self, node: Option<Node<'t>>, members: &Members) {
        let node = node.filter(|node| leads_on(*node, members));
        self.found.extend(node.map(|node| (node, members.clone())));
    }

    /// Whether an expression is one of its two parts: `a || b`, `a && b`, `a ?? b`.
    pub(super) fn is_choice(&self, binary: Node<'t>) -> bool {
        let mut tokens = binary.children().map(Node::kind);
        tokens.any(|token| matches!(token, "||" | "&&" | "??"))
    }

    /// A name: what it stands for, and where that comes from.
    pub(super) fn name(&mut self, name: Node<'t>, members: &Members) {
        let at = span(name);
        let local = escapes::name(name, self.reader.text);
        let scopes = self.reader.scopes;
        let Some(binding) = scopes.lookup(&local, at.start) else {
            if local == "arguments" {
                self.around(name, Place::From(0), members);
            }
            return self.import(ImportedFrom::Name(local), members);
        };
        let is_put = self.holder(Holder::Declared(binding.name_span), members);
        if binding.value.is_some() && !is_put && !members.are_derived() {
            self.notes.bindings.push((binding.name_span, self.at));
            let declared = binding.name_span;
            let parts = self.part.behind(members);
            let parts = parts.into_iter().map(|part| (declared, part));
            self.notes.parts.extend(parts);
        }
        if binding.value.is_none() && !is_put && !members.are_derived() {
            self.notes.others.push(binding.name_span);
        }
        let Some(declared) = self.reader.tree.node_at(binding.name_span) else {
            return;
        };
        let mut members = members.clone();
        self.reader.leave(declared, &mut members);
        let members = &members;
        if !self.assigned.contains_key(&binding.name_span) {
            if let Some(members) = self.enter(binding.name_span, members) {
                self.reader.sources(declared, &members, &mut self.found);
            }
            return;
        }
        if self.stores.are_sought() {
            // Whatever it may be anywhere.
            if let Some(members) = self.enter(binding.name_span, members) {
                let all = self.assigned.get(&binding.name_span).into_iter();
                let all: Vec<Node<'t>> = all.flat_map(Assigned::all).chain([declared]).collect();
                self.assigned_at(&all, &members);
            }
            return;
        }
        let function = function_around(name);
        // Where it is assigned to, it is not the same everywhere.
        if let Some(members) = self.enter(at, members) {
            self.inside(declared, name, function, &members);
        }
        self.outside(binding.name_span, function, members);
    }

    /// Follows what a name that is used in a function may have there, but for what others assign.
    pub(super) fn inside(
        &mut self,
        declared: Node<'t>,
        used: Node<'t>,
        function: Function,
        members: &Members,
    ) {
        let Some(assigned) = self.assigned.get(&span(declared)) else {
            return;
        };
        let (own, is_declared) = assigned.reaching(used, function);
        let declared = is_declared.then_some(declared);
        let names: Vec<Node<'t>> = declared.into_iter().chain(own.iter().copied()).collect();
        self.assigned_at(&names, members);
    }

    /// Follows what is assigned to a name in other functions, unless it was before.
    pub(super) fn outside(&mut self, declared: Span, function: Function, members: &Members) {
        let known = self.way(declared, members);
        let members = known.1.clone();
        let Some(assigned) = self.assigned.get(&declared) else {
            return;
        };
        let names: Vec<Node<'t>> = match self.known_outside.entry(known) {
            Entry::Vacant(entry) => {
                entry.insert(Some(function));
                assigned.outside(function).collect()
            }
            // From another function, so that only those are missing that are that function's own.
            Entry::Occupied(mut entry) => match *entry.get() {
                Some(before) if before != function => {
                    entry.insert(None);
                    assigned.of(before).to_vec()
                }
                _ => return,
            },
        };
        self.assigned_at(&names, &members);
    }

    /// Follows what is assigned at some places.
    pub(super) fn assigned_at(&mut self, names: &[Node<'t>], members: &Members) {
        self.looks = self.looks.saturating_sub(names.len());
        for name in names {
            self.reader.sources(*name, members, &mut self.found);
        }
    }
}
