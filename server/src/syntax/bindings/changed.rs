//! From changes to the names whose values they change.

mod calls;
mod classes;
mod imports;
mod literals;
mod made;
mod part;
mod stores;

use std::collections::BTreeSet;
use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use classes::{Of, is_class};
use literals::leads_on;
pub use part::ChangedPart;
use stores::{Holder, Stores};

use super::assigned::{Assigned, Function, function_around};
use super::handed::{Handed, Place};
use super::members::{Member, Members};
use super::{Reader, Scopes, Step};
use crate::span::Span;
use crate::syntax::calls::is_function;
use crate::syntax::changes::Changes;
use crate::syntax::escapes;
use crate::syntax::parts::unwrapped;
use crate::syntax::{Node, Tree, span};

/// How many expressions are looked at for all changes of a file, and for each change more. As many
/// are in no text that people write.
const MAX_STEPS: usize = 100_000;
const MAX_STEPS_OF_ONE: usize = 64;

/// How many elements of literals and places of assignments are looked at for all changes of a file.
/// Each takes far less time than an expression.
const MAX_LOOKS: usize = 10_000_000;

/// In how many ways one change may lead to a name before the members of these ways count in any
/// order and number: a circle, as of `node = node.next`, leads there in ways without number.
const MAX_WAYS: usize = 8;

/// What a file changes after it was made; of several places the first.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Changed {
    /// The names of bindings whose value is changed, and where, in order.
    bindings: Box<[(Span, Span)]>,
    /// The same of names that stand for nothing that is known, in order.
    others: Box<[Span]>,
    /// What of them is changed, in order.
    parts: Box<[(Span, ChangedPart)]>,
    /// Names that the file does not declare, so imports, and where their value is changed.
    imports: Box<[ChangedImport]>,
    /// Where something is changed of which it would take too long to tell what it is. Then
    /// everything counts as changed.
    untold: Option<Span>,
}

/// What another file exports and this one changes after it was made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangedImport {
    /// How it is imported.
    pub from: ImportedFrom,
    /// What of it is changed.
    pub part: ChangedPart,
    /// Where it is changed.
    pub at: Span,
}

/// How something is imported that is changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImportedFrom {
    /// By its name in this file.
    Name(SmolStr),
    /// By a call of that name: it is what that function answers.
    Call(SmolStr),
    /// By `import("module")` or `require("module")`: it is all that the module exports.
    Module(SmolStr),
}

impl Changed {
    /// Where what the binding of that name stands for is changed.
    pub(super) fn binding(&self, name: Span) -> Option<Span> {
        let found = self.bindings.binary_search_by_key(&name, |(name, _)| *name);
        let found = found.ok().and_then(|found| self.bindings.get(found));
        found.map(|(_, at)| *at).or(self.untold)
    }

    /// Whether what the parameter of that name stands for is changed.
    pub(super) fn parameter(&self, name: Span) -> bool {
        self.others.binary_search(&name).is_ok() || self.untold.is_some()
    }

    /// What is changed of what the binding of that name stands for.
    pub(super) fn parts(&self, name: Span) -> impl Iterator<Item = &ChangedPart> {
        let parts = self.parts.iter().filter(move |(of, _)| *of == name);
        let untold = self.untold.map(|_| &ChangedPart::Any);
        parts.map(|(_, part)| part).chain(untold)
    }

    /// Where what an import stands for is changed, by its name here.
    pub(super) fn import(&self, local: &str) -> Option<Span> {
        let mut imports = self.imports.iter();
        let found = imports.find(|import| match &import.from {
            ImportedFrom::Name(name) => name == local,
            ImportedFrom::Call(_) | ImportedFrom::Module(_) => false,
        });
        found.map(|import| import.at).or(self.untold)
    }

    /// Where something is changed of which it would take too long to tell what it is.
    pub(super) fn untold(&self) -> Option<Span> {
        self.untold
    }

    /// All imports that are changed.
    pub(super) fn imports(&self) -> &[ChangedImport] {
        &self.imports
    }

    /// Follows changes to the names whose values they change.
    pub(super) fn of<'t>(scopes: &Scopes, tree: &'t Tree<'t>, changes: &Changes<'t>) -> Self {
        if changes.changes.is_empty() {
            return Self::default();
        }
        let handed = Handed::default();
        let reader = Reader {
            scopes,
            tree,
            text: tree.text(),
            handed: &handed,
        };
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
            bindings: Vec::new(),
            others: Vec::new(),
            parts: Vec::new(),
            imports: Vec::new(),
        };
        for name in &changes.assigned {
            if let Some(binding) = reader.binding(*name) {
                let assigned = search.assigned.entry(binding.name_span).or_default();
                assigned.push(*name);
            }
        }
        search.assigned.values_mut().for_each(Assigned::sort);
        search.store(changes);
        for change in &changes.changes {
            search.at = change.at;
            search.part = match change.member.map(|member| reader.member_of(member)) {
                Some(member) => ChangedPart::of(&member),
                None => ChangedPart::Itself,
            };
            let members = match change.is_first {
                true => Members::default().of(Member::Named("0".into())),
                false => Members::default(),
            };
            if search.follow(change.object, members).is_none() {
                return Self::all(&reader, change.at);
            }
        }
        if search.loose().is_none() {
            return Self::all(&reader, search.at);
        }
        let Search {
            mut bindings,
            mut others,
            mut parts,
            mut imports,
            ..
        } = search;
        parts.sort_unstable();
        parts.dedup();
        others.sort_unstable();
        bindings.sort_unstable();
        bindings.dedup_by_key(|(name, _)| *name);
        imports.sort_unstable();
        imports.dedup_by(|a, b| (&a.from, &a.part) == (&b.from, &b.part));
        Self {
            bindings: bindings.into(),
            others: others.into(),
            parts: parts.into(),
            imports: imports.into(),
            untold: None,
        }
    }
}

/// What is declared at a range, the members that lead from it to a change, and what it changes.
type Known = (Span, Members, ChangedPart);

struct Search<'s, 't> {
    reader: Reader<'s, 't>,
    /// Where other values are assigned to names, by where these are declared.
    assigned: FxHashMap<Span, Assigned<'t>>,
    /// Where the change is that is followed.
    at: Span,
    /// What it changes of that.
    part: ChangedPart,
    /// How many expressions may still be looked at.
    left: usize,
    /// How many elements and places may still be looked at.
    looks: usize,
    /// What was followed before, of a name or a call at a range, and what was changed of it.
    known: FxHashSet<Known>,
    /// The same of what is assigned to the name that is declared at a range, but for what is
    /// assigned in a function.
    known_outside: FxHashMap<Known, Option<Function>>,
    /// In how many ways the change leads there, and by which members.
    ways: FxHashMap<Span, (usize, BTreeSet<Member>)>,
    /// What is put into something after that was made.
    stores: Stores<'t>,
    /// What is still to be followed.
    found: Vec<Step<'t>>,
    bindings: Vec<(Span, Span)>,
    others: Vec<Span>,
    parts: Vec<(Span, ChangedPart)>,
    imports: Vec<ChangedImport>,
}

impl<'t> Search<'_, 't> {
    /// Notes that what an expression stands for is changed, and with it all that it is part of.
    /// `None` if that takes too long.
    fn follow(&mut self, object: Node<'t>, members: Members) -> Option<()> {
        self.ways.clear();
        self.stores.begin();
        self.left = self.left.saturating_add(MAX_STEPS_OF_ONE);
        self.found.push((object, members));
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
    fn enter(&mut self, declared: Span, members: &Members) -> Option<Members> {
        let known = self.way(declared, members);
        let members = known.1.clone();
        self.known.insert(known).then_some(members)
    }

    /// One way more that leads to something.
    fn way(&mut self, declared: Span, members: &Members) -> Known {
        let (ways, names) = self.ways.entry(declared).or_default();
        *ways = ways.saturating_add(1);
        members.add_to(names);
        let members = match *ways {
            ..=MAX_WAYS => members.clone(),
            _ => Members::any_of(names),
        };
        (declared, members, self.part.clone())
    }

    fn expression(&mut self, node: Node<'t>, members: &Members) {
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
            _ if is_class(node) => self.class(node, Of::Class, members),
            _ if is_function(node) => self.reader.returned(node, members, &mut self.found),
            "new_expression" => self.made(node, members),
            _ => self.push(unwrapped(node), members),
        }
    }

    fn push(&mut self, node: Option<Node<'t>>, members: &Members) {
        let node = node.filter(|node| leads_on(*node, members));
        self.found.extend(node.map(|node| (node, members.clone())));
    }

    /// Whether an expression is one of its two parts: `a || b`, `a && b`, `a ?? b`.
    fn is_choice(&self, binary: Node<'t>) -> bool {
        let mut tokens = binary.children().map(Node::kind);
        tokens.any(|token| matches!(token, "||" | "&&" | "??"))
    }

    /// A name: what it stands for, and where that comes from.
    fn name(&mut self, name: Node<'t>, members: &Members) {
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
            self.bindings.push((binding.name_span, self.at));
            let declared = binding.name_span;
            let parts = self.part.behind(members);
            self.parts
                .extend(parts.into_iter().map(|part| (declared, part)));
        }
        if binding.value.is_none() && !is_put && !members.are_derived() {
            self.others.push(binding.name_span);
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
    fn inside(
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
    fn outside(&mut self, declared: Span, function: Function, members: &Members) {
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
    fn assigned_at(&mut self, names: &[Node<'t>], members: &Members) {
        self.looks = self.looks.saturating_sub(names.len());
        for name in names {
            self.reader.sources(*name, members, &mut self.found);
        }
    }
}

#[cfg(test)]
mod tests;
