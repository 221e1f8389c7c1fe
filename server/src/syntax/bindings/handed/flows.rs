//! Where functions go: from where one stands, by the names that it is given and the objects that it
//! is put into, to the calls of it.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::uses::Uses;
use super::{Called, Given, Handing, How, method_of};
use crate::span::Span;
use crate::syntax::bindings::members::{Call, Entered, Member, Members};
use crate::syntax::bindings::{Reader, Step};
use crate::syntax::calls::is_function;
use crate::syntax::lower::property_key;
use crate::syntax::parts::unwrapped;
use crate::syntax::parts::{arguments, bare};
use crate::syntax::{Node, span};

/// How many expressions are looked at for the functions of a file. As many are in no text that
/// people write.
const MAX_FLOWS: usize = 1_000_000;

/// How many members lead to a function. Objects that hold each other lead to it by ever more, which
/// nobody calls it by.
const MAX_LENGTH: usize = 4;

/// What is known of what the functions of a file are handed.
#[derive(Debug)]
pub(in super::super) struct Handed<'t> {
    uses: OnceCell<Uses<'t>>,
    /// Where functions went, by their indices.
    known: RefCell<FxHashMap<u32, Rc<Went<'t>>>>,
    left: Cell<usize>,
}

impl Default for Handed<'_> {
    fn default() -> Self {
        Self {
            uses: OnceCell::new(),
            known: RefCell::default(),
            left: Cell::new(MAX_FLOWS),
        }
    }
}

impl Handed<'_> {
    /// Whether it would take too long to tell more.
    pub(in super::super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}

/// An expression, the members that lead from its value to the function, and how many arguments it is
/// bound to already.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Flow<'t> {
    pub node: Node<'t>,
    pub members: Members,
    pub bound: usize,
}

/// Where something went in a file.
#[derive(Debug, Default)]
pub(in super::super) struct Went<'t> {
    /// Where it is handed something.
    pub handings: Vec<Handing<'t>>,
    /// What holds it that other files may import: a name at the top of the file, where it is declared,
    /// or the default export; and the members that lead from there to it.
    pub exports: Vec<(Span, Members)>,
}

/// What is still to be followed of something, and what is found.
#[derive(Default)]
pub(super) struct Found<'t> {
    flows: Vec<Flow<'t>>,
    went: Went<'t>,
}

impl<'t> Found<'t> {
    pub(super) fn flow(&mut self, node: Option<Node<'t>>, members: &Members, bound: usize) {
        let node = node.filter(|_| members.len() <= MAX_LENGTH);
        self.flows.extend(node.map(|node| Flow {
            node,
            members: members.clone(),
            bound,
        }));
    }

    fn exported(&mut self, holder: Span, members: &Members) {
        self.went.exports.push((holder, members.outside()));
    }

    pub(super) fn called(&mut self, mut called: Called<'t>, flow: &Flow<'t>) {
        let bound = std::iter::repeat_n(Given::Nothing, flow.bound);
        called.given.splice(0..0, bound);
        self.went.handings.push(Handing {
            how: How::Called(called),
            entered: flow.members.entered.clone(),
        });
    }
}

impl<'t> Reader<'_, 't> {
    /// Where a function goes.
    pub(in super::super) fn went(&self, function: Node<'t>) -> Rc<Went<'t>> {
        let known = &self.handed.known;
        if let Some(known) = known.borrow().get(&function.index()) {
            return Rc::clone(known);
        }
        let went = Rc::new(self.went_from([(function, Members::default())]));
        known
            .borrow_mut()
            .insert(function.index(), Rc::clone(&went));
        went
    }

    /// Where the values of expressions go, or what members lead to from there.
    pub(in super::super) fn went_from(&self, from: impl IntoIterator<Item = Step<'t>>) -> Went<'t> {
        let handed = self.handed;
        let mut found = Found::default();
        let mut seen: FxHashSet<(u32, Members, usize)> = FxHashSet::default();
        for (node, members) in from {
            found.flow(Some(node), &members, 0);
        }
        while let Some(mut flow) = found.flows.pop() {
            handed.left.set(handed.left.get().saturating_sub(1));
            if handed.is_spent() {
                break;
            }
            self.leave(flow.node, &mut flow.members);
            if seen.insert((flow.node.index(), flow.members.clone(), flow.bound)) {
                self.flow(&flow, &mut found);
            }
        }
        found.went
    }

    /// What is outside of a function is not what it was entered by.
    pub(in super::super) fn leave(&self, node: Node<'t>, members: &mut Members) {
        let is_inside = |entered: &Entered| {
            let function = self.tree.node(entered.function);
            function.is_some_and(|f| f.index() <= node.index() && node.index() < f.after())
        };
        while let Some(entered) = members.entered.take() {
            if is_inside(&entered) {
                members.entered = Some(entered);
                return;
            }
            members.entered.clone_from(&entered.by.within);
        }
    }

    /// One step on: to the names that something has, and to what is around it.
    fn flow(&self, flow: &Flow<'t>, found: &mut Found<'t>) {
        let Flow {
            node,
            ref members,
            bound,
        } = *flow;
        match node.kind() {
            "function_declaration"
            | "generator_function_declaration"
            | "class_declaration"
            | "abstract_class_declaration"
            | "function_expression"
            | "generator_function"
            | "class" => self.names(node.child_by_field_name("name"), members, bound, found),
            _ => {}
        }
        for this in self.uses().this_in(node) {
            match members.split() {
                Some((Member::Made, rest)) if !this.is_static => {
                    found.flow(Some(this.node), &rest, bound);
                }
                Some((Member::Made, _)) | None => {}
                Some(_) if this.is_static => found.flow(Some(this.node), members, bound),
                Some(_) => {}
            }
        }
        let Some(parent) = node.parent() else {
            return;
        };
        let is = |name| parent.child_by_field_name(name) == Some(node);
        let up = |found: &mut Found<'t>| found.flow(Some(parent), members, bound);
        match parent.kind() {
            "variable_declarator" if is("value") => {
                self.taken(parent.child_by_field_name("name"), members, bound, found);
            }
            "required_parameter" | "optional_parameter" if is("value") => {
                self.taken(parent.child_by_field_name("pattern"), members, bound, found);
            }
            "assignment_expression" | "augmented_assignment_expression" if is("right") => {
                self.taken(parent.child_by_field_name("left"), members, bound, found);
                up(found);
            }
            "assignment_expression" if is("left") => {
                // What is assigned to a setter is what that is called with.
                if let Some((Member::Set, _)) = members.split() {
                    let value = parent.child_by_field_name("right");
                    let called = Called {
                        this: node.child_by_field_name("object"),
                        given: value.into_iter().map(Given::One).collect(),
                    };
                    found.called(called, flow);
                }
            }
            "assignment_pattern" | "object_assignment_pattern" if is("right") => {
                self.taken(parent.child_by_field_name("left"), members, bound, found);
            }
            "for_in_statement" if is("right") => {
                if let Some(members) = members.of_element() {
                    self.taken(parent.child_by_field_name("left"), &members, bound, found);
                }
            }
            "pair" if is("value") => {
                let key = self.key_of(parent.child_by_field_name("key"));
                found.flow(parent.parent(), &members.of(key), bound);
            }
            "object" if node.kind() == "method_definition" => {
                let key = self.key_of(node.child_by_field_name("name"));
                found.flow(Some(parent), &self.of_method(node, members).of(key), bound);
            }
            "object" if node.kind() == "shorthand_property_identifier" => {
                let key = Member::Named(span(node).text(self.text).into());
                found.flow(Some(parent), &members.of(key), bound);
            }
            "class_body" => self.in_class(node, parent, members, bound, found),
            "public_field_definition" if is("value") => {
                let key = self.key_of(parent.child_by_field_name("name"));
                let members = members.of(key);
                if let Some(body) = parent.parent() {
                    self.in_class(parent, body, &members, bound, found);
                }
            }
            "spread_element" => match parent.parent() {
                Some(object) if object.kind() == "object" => {
                    found.flow(Some(object), members, bound)
                }
                Some(list) if list.kind() == "array" => {
                    let members = members.of_element().map(|rest| rest.of(Member::Element));
                    if let Some(members) = members {
                        found.flow(Some(list), &members, bound);
                    }
                }
                _ => {}
            },
            "array" => found.flow(Some(parent), &members.of(Member::Element), bound),
            "ternary_expression" if !is("condition") => up(found),
            "binary_expression" | "sequence_expression" | "await_expression" => up(found),
            "arrow_function" if is("body") => {
                found.flow(Some(parent), &members.of(Member::Answer(None)), bound);
            }
            "return_statement" => {
                let function = parent.ancestors().find(|node| is_function(*node));
                found.flow(function, &members.of(Member::Answer(None)), bound);
            }
            "export_statement" if is("value") => found.exported(span(node), members),
            "extends_clause" if is("value") => self.extended(parent, members, bound, found),
            "member_expression" | "subscript_expression" if is("object") => {
                self.member(flow, parent, found);
            }
            "call_expression" if is("function") => match members.split() {
                None => found.called(Called::directly(parent), flow),
                Some((Member::Answer(_), rest)) => found.flow(Some(parent), &rest, bound),
                Some(_) => {}
            },
            "new_expression" if is("constructor") => match members.split() {
                None => found.called(Called::directly(parent), flow),
                Some((Member::Made, rest)) => found.flow(Some(parent), &rest, bound),
                Some(_) => {}
            },
            "arguments" => self.among(flow, parent, found),
            _ if unwrapped(parent) == Some(node) => up(found),
            _ => {}
        }
    }

    /// Follows something by the uses of a name that it is declared or assigned as.
    pub(super) fn names(
        &self,
        name: Option<Node<'t>>,
        members: &Members,
        bound: usize,
        found: &mut Found<'t>,
    ) {
        let Some(name) = name else {
            return;
        };
        let Some(binding) = self.binding(name) else {
            return;
        };
        if binding.scope == self.scopes.root {
            found.exported(binding.name_span, members);
        }
        if let Some(space) = namespace_of(name) {
            let member = Member::Named(binding.name.clone());
            self.names(
                space.child_by_field_name("name"),
                &members.of(member),
                bound,
                found,
            );
        }
        for used in self.uses().of_name(binding.name_span) {
            if *used != name {
                found.flow(Some(*used), members, bound);
            }
        }
    }

    /// A member of what holds a function, or of the function itself.
    fn member(&self, flow: &Flow<'t>, member: Node<'t>, found: &mut Found<'t>) {
        let key = self.member_of(member);
        let called = member
            .parent()
            .filter(|call| call.child_by_field_name("function") == Some(member));
        let Some((first, rest)) = flow.members.split() else {
            let Some(call) = called else {
                return;
            };
            if key.is("call") || key.is("apply") || key.is("bind") {
                found.called(Called::by(call, self.text), flow);
            }
            if key.is("bind") {
                let more = arguments(call).len().saturating_sub(1);
                let bound = flow.bound.saturating_add(more);
                found.flow(Some(call), &flow.members, bound);
            }
            return;
        };
        if first == Member::Made && key.is("prototype") {
            return found.flow(Some(member), &rest, flow.bound);
        }
        if first.may_be(&key) {
            found.flow(Some(member), &rest, flow.bound);
        }
        // A method of a list hands its elements to another function.
        if let Some(call) = called
            && let Some(elements) = flow.members.of_element()
            && let Member::Named(name) = &key
            && super::OF_EACH.contains(&name.as_str())
            && let Some(function) = arguments(call).first().and_then(|f| self.function(*f))
        {
            self.parameter(function, 0, &elements, flow.bound, found);
        }
    }

    /// Something that stands among the arguments of a call.
    fn among(&self, flow: &Flow<'t>, list: Node<'t>, found: &mut Found<'t>) {
        let Some(call) = list.parent() else {
            return;
        };
        let arguments = arguments(call);
        let Some(place) = arguments.iter().position(|a| *a == flow.node) else {
            return;
        };
        let made = call.child_by_field_name("constructor").map(bare);
        let made = made.map(|class| span(class).text(self.text));
        if let Some("Set" | "Map" | "WeakSet" | "WeakMap" | "Proxy" | "WeakRef") = made {
            // A set is taken for the list that it is made of, a map for the list of its pairs.
            return found.flow(Some(call), &flow.members, flow.bound);
        }
        let callee = call.child_by_field_name("function").map(bare);
        let name = callee.map_or("", |callee| span(callee).text(self.text));
        let is_function = flow.members.is_none();
        match name {
            "Reflect.apply" | "Reflect.construct" if place == 0 && is_function => {
                return found.called(Called::by(call, self.text), flow);
            }
            "Object.freeze" | "Object.seal" | "Object.preventExtensions" | "Object.assign" => {
                return found.flow(Some(call), &flow.members, flow.bound);
            }
            _ => {}
        }
        if is_function && callee.is_some_and(|callee| callee.kind() == "member_expression") {
            found.went.handings.push(Handing {
                how: How::Among(flow.node),
                entered: flow.members.entered.clone(),
            });
        }
        let function = match call.kind() {
            "new_expression" => call
                .child_by_field_name("constructor")
                .and_then(|class| self.constructor(class)),
            _ => callee.and_then(|callee| self.callee(callee)),
        };
        if let Some(function) = function {
            let entered = Entered {
                function: function.index(),
                by: Call::new(call.index(), flow.members.entered.clone()),
            };
            let members = flow.members.entered_by(Some(Arc::new(entered)));
            self.parameter(function, place, &members, flow.bound, found);
        }
    }

    /// The function of this file that a callee is, a method of an object constant too.
    fn callee(&self, callee: Node<'t>) -> Option<Node<'t>> {
        if callee.kind() != "member_expression" {
            return self.function(callee);
        }
        let name = method_of(callee, self.text)?;
        let object = self.declared(callee.child_by_field_name("object").map(bare)?);
        let object = object.filter(|object| object.kind() == "object")?;
        let named = |property: &Node<'t>| {
            let key = property.child_by_field_name("key");
            let key = key.or_else(|| property.child_by_field_name("name"));
            key.and_then(|key| property_key(key, self.text).0)
                .as_deref()
                == Some(name)
        };
        let property = object.named_children().filter(named).last()?;
        let function = property.child_by_field_name("value").map_or(property, bare);
        Some(function).filter(|function| is_function(*function))
    }

    pub(super) fn key_of(&self, key: Option<Node<'t>>) -> Member {
        let key = key.and_then(|key| property_key(key, self.text).0);
        key.map_or(Member::Any, Member::Named)
    }

    /// The uses of a name, by where it is declared.
    pub(in super::super) fn used(&self, declared: Span) -> &[Node<'t>] {
        self.uses().of_name(declared)
    }

    /// The uses of an import, by its name here.
    pub(in super::super) fn used_import(&self, local: &str) -> &[Node<'t>] {
        self.uses().of_import(local)
    }

    pub(super) fn uses(&self) -> &Uses<'t> {
        self.handed
            .uses
            .get_or_init(|| Uses::of(self.scopes, self.tree))
    }
}

/// The namespace of TypeScript that a name is declared in for others, if it is in one.
fn namespace_of(name: Node<'_>) -> Option<Node<'_>> {
    let mut around = name.ancestors();
    let export = around.find(|node| node.kind() == "export_statement" || is_function(*node))?;
    let body = export.parent().filter(|_| !is_function(export))?;
    body.parent()
        .filter(|space| space.kind() == "internal_module")
}
