//! What is changed after it was made: objects and lists that names stand for.
//!
//! When a change happens is not looked at. What is changed anywhere may differ from its literal
//! wherever it is read.

use smol_str::SmolStr;

use super::lower::string;
use super::{Node, span};
use crate::span::Span;

/// How many members of a chain are looked through. Longer ones are written by nobody.
const MAX_CHAIN: usize = 32;

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

/// A change of what a name leads to.
#[derive(Debug, PartialEq)]
pub(super) struct Change {
    /// The name.
    pub name: SmolStr,
    /// Where it stands.
    pub offset: u32,
    /// The members that lead from it to what is changed; `None` is one that is computed.
    pub path: Vec<Option<SmolStr>>,
    /// What says so.
    pub at: Span,
}

/// Adds what a node changes.
pub(super) fn collect(node: Node<'_>, text: &str, changes: &mut Vec<Change>) {
    match node.kind() {
        "assignment_expression" | "augmented_assignment_expression" | "for_in_statement" => {
            assigned(node.child_by_field_name("left"), text, changes);
        }
        "update_expression" => assigned(node.child_by_field_name("argument"), text, changes),
        "unary_expression" if span(node).text(text).starts_with("delete") => {
            assigned(node.child_by_field_name("argument"), text, changes);
        }
        "call_expression" => called(node, text, changes),
        _ => {}
    }
}

/// Whatever has a member that is assigned to.
fn assigned(target: Option<Node<'_>>, text: &str, changes: &mut Vec<Change>) {
    let mut stack: Vec<Node<'_>> = target.into_iter().collect();
    while let Some(node) = stack.pop() {
        match node.kind() {
            "member_expression" | "subscript_expression" => {
                changes.extend(change(node.child_by_field_name("object"), span(node), text));
            }
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
fn called(node: Node<'_>, text: &str, changes: &mut Vec<Change>) {
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
        changes.extend(change(
            callee.child_by_field_name("object"),
            span(callee),
            text,
        ));
    } else if OF_OBJECTS.contains(&span(callee).text(text)) {
        let arguments = node.child_by_field_name("arguments");
        let first = arguments.and_then(Node::first_named_child);
        changes.extend(first.and_then(|first| change(Some(first), span(first), text)));
    }
}

/// The change of what an expression leads to, if it begins with a name.
fn change(object: Option<Node<'_>>, at: Span, text: &str) -> Option<Change> {
    let mut node = object?;
    let mut path = Vec::new();
    for _ in 0..MAX_CHAIN {
        match node.kind() {
            "identifier" => {
                path.reverse();
                return Some(Change {
                    name: span(node).text(text).into(),
                    offset: span(node).start,
                    path,
                    at,
                });
            }
            "member_expression" => {
                let property = node.child_by_field_name("property")?;
                path.push(Some(span(property).text(text).into()));
                node = node.child_by_field_name("object")?;
            }
            "subscript_expression" => {
                let index = node.child_by_field_name("index")?;
                let is_known = index.kind() == "string";
                path.push(is_known.then(|| string(index, text)));
                node = node.child_by_field_name("object")?;
            }
            _ => node = unwrapped(node)?,
        }
    }
    None
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
