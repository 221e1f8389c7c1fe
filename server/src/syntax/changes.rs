//! What is changed after it was made: objects and lists that names stand for.
//!
//! When a change happens is not looked at. What is changed anywhere may differ from its literal
//! wherever it is read.

mod called;
mod stored;

use called::called;
pub(super) use stored::{Slot, Store};

use super::parts::unwrapped;
use super::{Node, span};
use crate::span::Span;

/// A change of an object or a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change<'t> {
    /// The expression whose value is changed.
    pub object: Node<'t>,
    /// The one member of it that is, as `object.member`, if it is no more than that.
    pub member: Option<Node<'t>>,
    /// Whether it is the first element of that value instead that is changed.
    pub is_first: bool,
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
    /// The names that count up or down, so stand for no object.
    pub counted: Vec<Node<'t>>,
    /// What is put into something by other means than an assignment.
    pub stores: Vec<Store<'t>>,
}

impl<'t> Changes<'t> {
    /// Adds a change of a member.
    fn push(&mut self, object: Option<Node<'t>>, member: Node<'t>) {
        self.changes.extend(object.map(|object| Change {
            object,
            member: Some(member),
            is_first: false,
            at: span(member),
        }));
    }
}

/// Adds what a node changes.
pub(super) fn collect<'t>(node: Node<'t>, text: &str, changes: &mut Changes<'t>) {
    match node.kind() {
        "assignment_expression" | "augmented_assignment_expression" | "for_in_statement" => {
            assigned(node.child_by_field_name("left"), changes);
        }
        "update_expression" => {
            let names = changes.assigned.len();
            assigned(node.child_by_field_name("argument"), changes);
            changes.counted.extend(changes.assigned.drain(names..));
        }
        "unary_expression" if span(node).text(text).starts_with("delete") => {
            assigned(node.child_by_field_name("argument"), changes);
        }
        "call_expression" => {
            called(node, text, changes);
            stored::collect(node, text, &mut changes.stores);
        }
        _ => {}
    }
}

/// Whatever has a member that is assigned to, and the names that are.
fn assigned<'t>(target: Option<Node<'t>>, changes: &mut Changes<'t>) {
    let mut stack: Vec<Node<'t>> = target.into_iter().collect();
    while let Some(node) = stack.pop() {
        match node.kind() {
            "member_expression" | "subscript_expression" => {
                changes.push(node.child_by_field_name("object"), node);
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
