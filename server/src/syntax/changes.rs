//! What is changed after it was made: objects and lists that names stand for.
//!
//! When a change happens is not looked at. What is changed anywhere may differ from its literal
//! wherever it is read.

use super::{Node, span};
use crate::span::Span;

/// The methods of a list that change it.
const OF_LISTS: [&str; 9] = [
    "push",
    "splice",
    "unshift",
    "pop",
    "shift",
    "sort",
    "reverse",
    "fill",
    "copyWithin",
];

/// The functions of `Object` and `Reflect` that change their first argument.
const OF_OBJECTS: [&str; 8] = [
    "Object.assign",
    "Object.defineProperty",
    "Object.defineProperties",
    "Object.setPrototypeOf",
    "Reflect.set",
    "Reflect.defineProperty",
    "Reflect.deleteProperty",
    "Reflect.setPrototypeOf",
];

/// A change of an object or a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change<'t> {
    /// The expression whose value is changed.
    pub object: Node<'t>,
    /// The one member of it that is, as `object.member`, if it is no more than that.
    pub member: Option<Node<'t>>,
    /// What says so.
    pub at: Span,
}

/// What a text does to values and names after they were made.
#[derive(Debug, Default)]
pub(super) struct Changes<'t> {
    /// What is changed, in order.
    pub changes: Vec<Change<'t>>,
    /// The names that another value is assigned to, which may be an object.
    pub assigned: Vec<Node<'t>>,
}

impl<'t> Changes<'t> {
    fn push(&mut self, object: Option<Node<'t>>, member: Option<Node<'t>>, at: Span) {
        let change = object.map(|object| Change { object, member, at });
        self.changes.extend(change);
    }
}

/// Adds what a node changes.
pub(super) fn collect<'t>(node: Node<'t>, text: &str, changes: &mut Changes<'t>) {
    match node.kind() {
        "assignment_expression" | "augmented_assignment_expression" | "for_in_statement" => {
            assigned(node.child_by_field_name("left"), changes);
        }
        // What counts up or down is no object, so a name that does is of no interest.
        "update_expression" => {
            let names = changes.assigned.len();
            assigned(node.child_by_field_name("argument"), changes);
            changes.assigned.truncate(names);
        }
        "unary_expression" if span(node).text(text).starts_with("delete") => {
            assigned(node.child_by_field_name("argument"), changes);
        }
        "call_expression" => called(node, text, changes),
        _ => {}
    }
}

/// Whatever has a member that is assigned to, and the names that are.
fn assigned<'t>(target: Option<Node<'t>>, changes: &mut Changes<'t>) {
    let mut stack: Vec<Node<'t>> = target.into_iter().collect();
    while let Some(node) = stack.pop() {
        match node.kind() {
            "member_expression" | "subscript_expression" => {
                changes.push(node.child_by_field_name("object"), Some(node), span(node));
            }
            "identifier" | "shorthand_property_identifier_pattern" => changes.assigned.push(node),
            "object_pattern" | "array_pattern" | "rest_pattern" => {
                stack.extend(node.named_children());
            }
            "assignment_pattern" | "object_assignment_pattern" => {
                stack.extend(node.child_by_field_name("left"));
            }
            "pair_pattern" => stack.extend(node.child_by_field_name("value")),
            _ => stack.extend(unwrapped(node)),
        }
    }
}

/// `list.push(...)`, `Object.assign(object, ...)`.
fn called<'t>(node: Node<'t>, text: &str, changes: &mut Changes<'t>) {
    let Some(callee) = node.child_by_field_name("function") else {
        return;
    };
    if callee.kind() != "member_expression" {
        return;
    }
    let name = callee
        .child_by_field_name("property")
        .map_or("", |property| span(property).text(text));
    if OF_LISTS.contains(&name) {
        changes.push(callee.child_by_field_name("object"), None, span(callee));
    } else if OF_OBJECTS.contains(&span(callee).text(text)) {
        let arguments = node.child_by_field_name("arguments");
        let first = arguments.and_then(Node::first_named_child);
        changes.push(first, None, first.map(span).unwrap_or_default());
    }
}

/// The expression in parentheses, or before `as`, `satisfies` or `!`.
pub(super) fn unwrapped(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "parenthesized_expression"
        | "as_expression"
        | "satisfies_expression"
        | "non_null_expression" => node.first_named_child(),
        "type_assertion" => node.named_children().last(),
        _ => None,
    }
}
