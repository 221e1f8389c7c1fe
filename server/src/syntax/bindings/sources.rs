//! Where what a name stands for comes from: what it is declared with, an element of the list that
//! a loop or a function goes through, a part of what a pattern takes apart, what is assigned to it.

use super::handed::{Place, parameters};
use super::members::{Member, Members};
use super::{Binding, Reader, Step};
use crate::span::Span;
use crate::syntax::lower::property_key;
use crate::syntax::parts::{bare, member};
use crate::syntax::{Node, escapes, span};

/// How far a name is followed out of a pattern. Deeper ones are written by nobody.
const MAX_DEPTH: usize = 32;

impl<'t> Reader<'_, 't> {
    /// Adds the expressions that a name takes its value from where it is declared or assigned to.
    pub(super) fn sources(&self, name: Node<'t>, members: &Members, found: &mut Vec<Step<'t>>) {
        let mut members = members.clone();
        let mut node = name;
        if node.kind() == "shorthand_property_identifier_pattern" {
            if let Some(parent) = node.parent()
                && parent.kind() == "object_assignment_pattern"
            {
                let default = parent.child_by_field_name("right");
                found.extend(default.map(|default| (default, members.clone())));
                node = parent;
            }
            members = members.of(Member::Named(escapes::name(name, self.text)));
        }
        for _ in 0..MAX_DEPTH {
            let Some(parent) = node.parent() else {
                return;
            };
            let field = |name| parent.child_by_field_name(name);
            let is = |name| field(name) == Some(node);
            match parent.kind() {
                "object_pattern" => {}
                // A list of the rest is another list, of the same elements.
                "array_pattern" if node.kind() == "rest_pattern" => match members.of_copy() {
                    Some(copy) => members = copy,
                    None => return,
                },
                "array_pattern" => {
                    members = members.of(Member::Named(place_in(parent, node, self.text).into()));
                }
                // And an object of the rest is another object, of the same members.
                "rest_pattern" if members.split().is_none() => return,
                "rest_pattern" => {}
                "pair_pattern" if is("value") => {
                    let key = field("key").and_then(|key| property_key(key, self.text).0);
                    members = members.of(key.map_or(Member::Any, Member::Named));
                }
                "assignment_pattern" | "object_assignment_pattern" if is("left") => {
                    found.extend(field("right").map(|default| (default, members.clone())));
                }
                "required_parameter" | "optional_parameter" if is("pattern") => {
                    found.extend(field("value").map(|default| (default, members.clone())));
                }
                "variable_declarator" if is("name") => {
                    found.extend(field("value").map(|value| (value, members)));
                    return;
                }
                "assignment_expression" | "augmented_assignment_expression" if is("left") => {
                    found.extend(field("right").map(|value| (value, members)));
                    return;
                }
                // The names that a loop with `in` goes through have no members.
                "for_in_statement" if is("left") => {
                    let list = field("right").filter(|list| {
                        let between = Span {
                            start: span(node).end,
                            end: span(*list).start,
                        };
                        between.text(self.text).trim() != "in"
                    });
                    found.extend(list.map(|list| (list, members.of(Member::Element))));
                    return;
                }
                "catch_clause" if is("parameter") => {
                    let thrown = parent.parent().map_or_else(Vec::new, thrown);
                    found.extend(thrown.into_iter().map(|value| (value, members.clone())));
                    return;
                }
                "formal_parameters" => {
                    if let Some(function) = parent.parent() {
                        let place = place_of(function, node);
                        self.handed(function, place, &members, found);
                    }
                    return;
                }
                "arrow_function" if is("parameter") => {
                    self.handed(parent, Place::At(0), &members, found);
                    return;
                }
                "function_declaration"
                | "generator_function_declaration"
                | "function_expression"
                | "generator_function"
                | "class_declaration"
                | "abstract_class_declaration"
                | "internal_module"
                    if is("name") =>
                {
                    found.push((parent, members));
                    return;
                }
                _ => return,
            }
            node = parent;
        }
    }

    /// What a name stands for in this file.
    pub(super) fn binding(&self, name: Node<'t>) -> Option<&'_ Binding> {
        let local = escapes::name(name, self.text);
        self.scopes.lookup(&local, span(name).start)
    }

    /// What a name is declared with: the value of a variable, or the function or the class itself.
    /// Anything else that declares a name is answered as it is.
    pub(super) fn declared(&self, name: Node<'t>) -> Option<Node<'t>> {
        let declaration = self.tree.node_at(self.binding(name)?.name_span)?.parent()?;
        let value = declaration.child_by_field_name("value");
        Some(value.map_or(declaration, bare))
    }

    /// The member behind a dot or in brackets.
    pub(super) fn member_of(&self, node: Node<'t>) -> Member {
        let named = member(node, self.text);
        named.map_or(Member::Any, |(_, name)| Member::Named(name))
    }
}

/// What a parameter stands for.
fn place_of(function: Node<'_>, parameter: Node<'_>) -> Place {
    let parameters = parameters(function);
    let index = parameters.iter().take_while(|p| **p != parameter).count();
    let pattern = parameter.child_by_field_name("pattern");
    match pattern.map(Node::kind) {
        Some("rest_pattern") => Place::From(index),
        Some("this") => Place::This,
        _ => Place::At(index),
    }
}

/// What is thrown in what is tried.
fn thrown(tried: Node<'_>) -> Vec<Node<'_>> {
    let mut thrown = Vec::new();
    let mut stack: Vec<Node<'_>> = tried.child_by_field_name("body").into_iter().collect();
    while let Some(node) = stack.pop() {
        match node.kind() {
            "throw_statement" => thrown.extend(node.first_named_child()),
            _ => stack.extend(node.named_children()),
        }
    }
    thrown
}

/// The index of an element, holes counted.
fn place_in(pattern: Node<'_>, element: Node<'_>, text: &str) -> String {
    let mut end = span(pattern).start;
    let mut commas = 0_usize;
    for child in pattern.named_children() {
        let Span { start, end: after } = span(child);
        let between = Span {
            start: end,
            end: start,
        };
        commas = commas.saturating_add(between.text(text).matches(',').count());
        if child == element {
            break;
        }
        end = after;
    }
    commas.to_string()
}
