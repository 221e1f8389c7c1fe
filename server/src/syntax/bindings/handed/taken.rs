//! Where functions go that a pattern takes apart, or that are handed over as parameters.

use super::flows::Found;
use crate::syntax::Node;
use crate::syntax::bindings::Reader;
use crate::syntax::bindings::members::{Member, Members};
use crate::syntax::lower::property_key;
use crate::syntax::parts::bare;

impl<'t> Reader<'_, 't> {
    /// Follows something into the pattern that takes it apart.
    pub(super) fn taken(
        &self,
        pattern: Option<Node<'t>>,
        members: &Members,
        bound: usize,
        found: &mut Found<'t>,
    ) {
        let mut patterns: Vec<(Node<'t>, Members)> = Vec::new();
        patterns.extend(pattern.map(|pattern| (pattern, members.clone())));
        while let Some((pattern, members)) = patterns.pop() {
            let mut add = |node: Option<Node<'t>>, members: &Members| {
                patterns.extend(node.map(|node| (node, members.clone())));
            };
            match pattern.kind() {
                "identifier" | "shorthand_property_identifier_pattern" => {
                    self.names(Some(pattern), &members, bound, found);
                }
                "assignment_pattern" | "object_assignment_pattern" => {
                    add(pattern.child_by_field_name("left"), &members);
                }
                // What is put into an object is a member of what that name stands for.
                "member_expression" | "subscript_expression" => {
                    let object = pattern.child_by_field_name("object").map(bare);
                    let members = members.of(self.member_of(pattern));
                    if let Some(object) = object {
                        match object.kind() {
                            "identifier" => self.names(Some(object), &members, bound, found),
                            _ => found.flow(Some(object), &members, bound),
                        }
                    }
                }
                "rest_pattern" => add(pattern.first_named_child(), &members),
                "object_pattern" | "array_pattern" => {
                    let Some((first, rest)) = members.split() else {
                        continue;
                    };
                    for child in pattern.named_children() {
                        let key = match child.kind() {
                            "rest_pattern" => {
                                add(Some(child), &members);
                                continue;
                            }
                            "pair_pattern" => child.child_by_field_name("key"),
                            "object_assignment_pattern" => child.child_by_field_name("left"),
                            "shorthand_property_identifier_pattern" => Some(child),
                            _ => {
                                if pattern.kind() == "array_pattern" && first.may_be_place(None) {
                                    add(Some(child), &rest);
                                }
                                continue;
                            }
                        };
                        let key = key.and_then(|key| property_key(key, self.text).0);
                        if first.may_be_key(key.as_deref()) {
                            let value = child.child_by_field_name("value");
                            add(value.or(Some(child)), &rest);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Follows something that a function is handed as its parameter at an index.
    pub(super) fn parameter(
        &self,
        function: Node<'t>,
        index: usize,
        members: &Members,
        bound: usize,
        found: &mut Found<'t>,
    ) {
        if let Some(single) = function.child_by_field_name("parameter") {
            if index == 0 {
                self.taken(Some(single), members, bound, found);
            }
            return;
        }
        let parameters = parameters(function);
        let at = parameters.get(index).or(parameters.last());
        let Some(pattern) = at.and_then(|parameter| parameter.child_by_field_name("pattern"))
        else {
            return;
        };
        if pattern.kind() == "rest_pattern" {
            let members = members.of(Member::Element);
            self.taken(Some(pattern), &members, bound, found);
        } else if index < parameters.len() {
            self.taken(Some(pattern), members, bound, found);
        }
    }
}

/// The parameters of a function, but for a declared `this`.
pub(in super::super) fn parameters(function: Node<'_>) -> Vec<Node<'_>> {
    let list = function.child_by_field_name("parameters");
    let all = list.into_iter().flat_map(Node::named_children);
    all.filter(|parameter| {
        let pattern = parameter.child_by_field_name("pattern");
        parameter.kind() != "comment" && pattern.is_none_or(|pattern| pattern.kind() != "this")
    })
    .collect()
}
