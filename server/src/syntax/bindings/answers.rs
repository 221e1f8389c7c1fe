//! Where what a call answers comes from.

use std::sync::Arc;

use super::handed::method_of;
use super::members::{Entered, Member, Members};
use super::{Reader, Step};
use crate::syntax::calls::is_function;
use crate::syntax::parts::{arguments, bare};
use crate::syntax::{Node, span};

/// The methods of lists and of promises that answer such ones.
const OF_LISTS: [&str; 16] = [
    "sort",
    "reverse",
    "slice",
    "filter",
    "toSorted",
    "toReversed",
    "splice",
    "concat",
    "flat",
    "map",
    "flatMap",
    "entries",
    "values",
    "then",
    "catch",
    "finally",
];

impl<'t> Reader<'_, 't> {
    /// Adds the expressions that what a call answers is part of, as far as that is known: of the
    /// functions of JavaScript's, and of those of this file.
    pub(super) fn answers(&self, call: Node<'t>, members: &Members, found: &mut Vec<Step<'t>>) {
        let Some(callee) = call.child_by_field_name("function").map(bare) else {
            return;
        };
        let arguments = arguments(call);
        let first = arguments.first().copied();
        let mut add = |node: Option<Node<'t>>, members: Option<Members>| {
            found.extend(node.zip(members));
        };
        let itself = || Some(members.clone());
        let answer = |members: Members| members.of(Member::Answer(None));
        // What leads into an element of the answer leads into one of the list.
        let copy = || members.of_copy();
        let inner = || members.split().map(|(_, rest)| rest);
        match span(callee).text(self.text) {
            "Object.freeze"
            | "Object.seal"
            | "Object.preventExtensions"
            | "Object.setPrototypeOf"
            | "Object.defineProperty"
            | "Object.defineProperties" => add(first, itself()),
            // A promise is taken for what it is of.
            "Promise.resolve" | "Promise.all" => add(first, itself()),
            "Promise.race" | "Promise.any" => add(first, Some(members.of(Member::Element))),
            "Promise.allSettled" => {
                let value = members.split().and_then(|(place, rest)| {
                    let (_, rest) = rest.split()?;
                    Some(rest.of(place))
                });
                add(first, value);
            }
            "Object.assign" => {
                add(first, itself());
                let is_inner = members.split().is_some();
                for from in arguments.iter().skip(1).filter(|_| is_inner) {
                    add(Some(*from), itself());
                }
            }
            // What is made so has the members of another.
            "Object.create" => add(first, members.split().and_then(|_| itself())),
            // The members of an object are no elements.
            "Object.values" => add(first, inner().map(|rest| rest.of(Member::Any))),
            // Its elements are pairs of a name and a member.
            "Object.entries" => add(first, pairs(members, Member::Any)),
            "Object.fromEntries" => add(
                first,
                inner().map(|rest| rest.of(Member::Named("1".into())).of(Member::Element)),
            ),
            "Array.from" => match arguments.get(1) {
                Some(function) => add(Some(*function), inner().map(answer)),
                None => add(first, copy()),
            },
            "Array.of" => {
                for element in arguments {
                    add(Some(element), inner());
                }
            }
            "Reflect.apply" => add(first, Some(members.of_answer(call.index()))),
            _ => {
                if callee.kind() == "member_expression" {
                    self.method(callee, &arguments, members, found);
                }
                self.function_of(call, callee, members, found);
            }
        }
    }

    /// The same of a method.
    fn method(
        &self,
        callee: Node<'t>,
        arguments: &[Node<'t>],
        members: &Members,
        found: &mut Vec<Step<'t>>,
    ) {
        let (Some(object), Some(method)) = (
            callee.child_by_field_name("object"),
            callee.child_by_field_name("property"),
        ) else {
            return;
        };
        let first = arguments.first().copied();
        let inner = || members.split().map(|(_, rest)| rest);
        let answers = |members: Option<Members>| {
            let members = members.map(|members| members.of(Member::Answer(None)));
            first.zip(members)
        };
        let mut of_object = |members: Option<Members>| {
            found.extend(members.map(|members| (object, members)));
        };
        match span(method).text(self.text) {
            "sort" | "reverse" | "copyWithin" | "catch" | "finally" => {
                of_object(Some(members.clone()));
            }
            // A list or a set that something was put into.
            "fill" | "add" => {
                of_object(Some(members.clone()));
                found.extend(first.zip(inner()));
            }
            // A map, which is taken for the list of its pairs.
            "set" => {
                of_object(Some(members.clone()));
                found.extend(arguments.get(1).copied().zip(second_of_pair(members)));
            }
            "slice" | "filter" | "toSorted" | "toReversed" | "toSpliced" | "splice" | "with" => {
                of_object(members.of_copy());
            }
            // Of a list or of a map, which is taken for the list of its pairs.
            "values" => {
                of_object(members.of_copy());
                of_object(
                    inner().map(|rest| rest.of(Member::Named("1".into())).of(Member::Element)),
                );
            }
            "concat" => {
                of_object(members.of_copy());
                for list in arguments {
                    found.extend(members.of_copy().map(|members| (*list, members)));
                    found.extend(inner().map(|members| (*list, members)));
                }
            }
            "flat" => {
                of_object(members.of_copy());
                of_object(inner().map(|rest| rest.of(Member::Element).of(Member::Element)));
            }
            "entries" => {
                of_object(members.of_copy());
                of_object(pairs(members, Member::Element));
            }
            // Of a reference that is weak, which is taken for what it is of.
            "deref" => of_object(Some(members.clone())),
            "find" | "findLast" | "at" | "pop" | "shift" => {
                of_object(Some(members.of(Member::Element)))
            }
            // Of a map, which is taken for the list of its pairs.
            "get" => of_object(Some(
                members.of(Member::Named("1".into())).of(Member::Element),
            )),
            "map" => found.extend(answers(inner())),
            "flatMap" => {
                found.extend(answers(members.of_copy()));
                found.extend(answers(inner()));
            }
            "reduce" | "reduceRight" => {
                let initial = arguments.get(1);
                found.extend(initial.map(|initial| (*initial, members.clone())));
                found.extend(answers(Some(members.clone())));
            }
            // A promise is taken for what it is of.
            "then" => found.extend(answers(Some(members.clone()))),
            _ => {}
        }
    }

    /// What a function of the file answers that is called.
    fn function_of(
        &self,
        call: Node<'t>,
        callee: Node<'t>,
        members: &Members,
        found: &mut Vec<Step<'t>>,
    ) {
        let by_call = members.of_answer(call.index());
        let Some(object) = callee.child_by_field_name("object").map(bare) else {
            return found.push((callee, by_call));
        };
        match method_of(callee, self.text) {
            Some("call" | "apply") => {
                found.push((object, by_call));
                found.push((callee, members.of(Member::Answer(None))));
            }
            Some("bind") => found.push((object, members.clone())),
            // Most chains are of the methods of lists, which are no functions of the file.
            Some(name) if OF_LISTS.contains(&name) && object.kind() == "call_expression" => {}
            _ => found.push((callee, by_call)),
        }
    }

    /// What a function returns or yields, where its answer is asked for.
    pub(super) fn returned(
        &self,
        function: Node<'t>,
        members: &Members,
        found: &mut Vec<Step<'t>>,
    ) {
        let Some((call, members)) = members.answered() else {
            return;
        };
        let Some(body) = function.child_by_field_name("body") else {
            return;
        };
        let function = function.index();
        let members = members.entered_by(call.map(|by| Arc::new(Entered { function, by })));
        if body.kind() != "statement_block" {
            found.push((body, members));
            return;
        }
        let mut stack = vec![body];
        while let Some(node) = stack.pop() {
            match node.kind() {
                "return_statement" => {
                    let returned = node.first_named_child();
                    found.extend(returned.map(|returned| (returned, members.clone())));
                }
                // A list is handed on by its elements.
                "yield_expression" => {
                    let members = match is_of_all(node, self.text) {
                        true => Some(members.clone()),
                        false => members.of_element(),
                    };
                    found.extend(node.first_named_child().zip(members));
                }
                _ => {}
            }
            if !is_function(node) {
                stack.extend(node.named_children());
            }
        }
    }

    /// The function that an expression is or names, if it is one that cannot be another.
    pub(super) fn function(&self, callee: Node<'t>) -> Option<Node<'t>> {
        let callee = bare(callee);
        if callee.kind() != "identifier" {
            return Some(callee).filter(|callee| is_function(*callee));
        }
        self.binding(callee)?.value.as_ref()?;
        self.declared(callee)
            .filter(|function| is_function(*function))
    }
}

/// Whether it is `yield* list`.
fn is_of_all(node: Node<'_>, text: &str) -> bool {
    let behind = span(node).text(text).strip_prefix("yield");
    behind.is_some_and(|behind| behind.trim_start().starts_with('*'))
}

/// What leads into the second of a pair in a list leads into a member of what the pairs are of.
fn pairs(members: &Members, of: Member) -> Option<Members> {
    second_of_pair(members).map(|rest| rest.of(of))
}

/// What leads into the second of a pair in a list, from there.
fn second_of_pair(members: &Members) -> Option<Members> {
    let (_, pair) = members.split()?;
    let (part, rest) = pair.split()?;
    part.may_be_place(Some(1)).then_some(rest)
}
