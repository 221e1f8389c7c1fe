//! The parts of expressions that are asked for in many places.

use smol_str::SmolStr;

use super::escapes::{name, string};
use super::{Node, span};

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

/// An expression without what it is wrapped in.
pub(super) fn bare(node: Node<'_>) -> Node<'_> {
    std::iter::successors(Some(node), |node| unwrapped(*node))
        .last()
        .unwrap_or(node)
}

/// The arguments of a call.
pub(super) fn arguments(call: Node<'_>) -> Vec<Node<'_>> {
    let arguments = call.child_by_field_name("arguments");
    let arguments = arguments.into_iter().flat_map(Node::named_children);
    arguments.filter(|a| a.kind() != "comment").collect()
}

/// What a member is of, and what it is called, behind a dot or in brackets.
pub(super) fn member<'t>(node: Node<'t>, text: &str) -> Option<(Node<'t>, SmolStr)> {
    let node = bare(node);
    let object = node.child_by_field_name("object")?;
    if let Some(property) = node.child_by_field_name("property") {
        return Some((object, name(property, text)));
    }
    let index = bare(node.child_by_field_name("index")?);
    let is_plain = || {
        let mut parts = index.named_children();
        parts.all(|part| part.kind() != "template_substitution")
    };
    match index.kind() {
        "string" => Some((object, string(index, text))),
        "template_string" if is_plain() => Some((object, string(index, text))),
        "number" => Some((object, span(index).text(text).into())),
        _ => None,
    }
}
