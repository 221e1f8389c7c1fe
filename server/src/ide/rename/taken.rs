//! What a key in an expression or in a pattern is taken out of.

use crate::syntax::Node;

/// What a key is taken out of: `a` in `a.key`, `a["key"]`, `const { key } = a` and
/// `const { key: b } = a`.
pub fn source_of(node: Node<'_>) -> Option<Node<'_>> {
    let parent = node.parent()?;
    match parent.kind() {
        "member_expression" | "nested_identifier" => parent.child_by_field_name("object"),
        "string" => {
            let subscript = parent.parent()?;
            (subscript.child_by_field_name("index") == Some(parent))
                .then(|| subscript.child_by_field_name("object"))
                .flatten()
        }
        _ => {
            let taker = pattern_of(node)?.parent()?;
            match taker.kind() {
                "variable_declarator" | "required_parameter" | "optional_parameter" => {
                    taker.child_by_field_name("value")
                }
                "assignment_expression" => taker.child_by_field_name("right"),
                _ => None,
            }
        }
    }
}

/// The pattern that a node is a key of.
pub fn pattern_of(node: Node<'_>) -> Option<Node<'_>> {
    let parent = node.parent()?;
    match parent.kind() {
        "object_pattern" => Some(parent),
        "pair_pattern" if parent.child_by_field_name("key") == Some(node) => parent.parent(),
        "object_assignment_pattern" if parent.child_by_field_name("left") == Some(node) => {
            parent.parent()
        }
        _ => None,
    }
}

/// The function that a node is a key of a parameter of.
pub fn parameter_of(node: Node<'_>) -> Option<Node<'_>> {
    let parameter = pattern_of(node)?.parent()?;
    let is_parameter = matches!(
        parameter.kind(),
        "required_parameter" | "optional_parameter"
    );
    is_parameter.then(|| parameter.parent()?.parent()).flatten()
}
