//! What becomes of the result of a call within the function that it stands in.

use super::{Handling, Shape, is_of_promise};
use crate::syntax::lower::property_key;
use crate::syntax::{Node, span};

/// What becomes of a promise, or of a list of them, within the function that it stands in.
pub(super) fn directly<'t>(
    node: Node<'t>,
    text: &str,
    shape: Shape,
) -> (Handling, Option<Node<'t>>) {
    let mut child = node;
    let starts_in_list = matches!(shape, Shape::List | Shape::MaybeList);
    let mut awaitable = (!starts_in_list).then_some(node);
    // Whether `child` is still the promise itself, and no choice between it and something else.
    let mut is_promise = true;
    // In how many lists it lies, and whether these are lists for certain.
    let mut lists: u32 = if starts_in_list { 1 } else { 0 };
    let mut is_certain = shape != Shape::MaybeList;
    // Whether it is a promise that has no other properties than those of one.
    let mut is_plain = shape == Shape::Promise;
    let mut outwards = node.ancestors();
    while let Some(parent) = outwards.next() {
        let mut is_chain = false;
        match parent.kind() {
            // A list is no promise: what it answers is the list, for which somebody may wait yet.
            "await_expression" if lists > 0 && is_certain => {}
            "await_expression" => return (Handling::Awaited, awaitable),
            "return_statement" => return (Handling::Returned, awaitable),
            "arrow_function" => return (Handling::Returned, awaitable),
            "expression_statement" => return (Handling::Floating, awaitable),
            // `void`, and what makes something else of the promise: `!call()`, `typeof call()`.
            "unary_expression" => return (Handling::Floating, awaitable),
            "for_statement" if is_run_in_passing(parent, child) => {
                return (Handling::Floating, awaitable);
            }
            "variable_declarator" | "required_parameter" | "assignment_pattern"
                if is_plain && is_promise && lists == 0 && is_taken_apart(parent, child, text) =>
            {
                return (Handling::Floating, awaitable);
            }
            "parenthesized_expression"
            | "as_expression"
            | "satisfies_expression"
            | "type_assertion"
            | "non_null_expression" => is_chain = true,
            "array" => lists = lists.saturating_add(1),
            "spread_element" => lists = lists.saturating_sub(1),
            // `a && call()`, `a ? call() : b`: what becomes of the whole becomes of the call.
            "binary_expression" if parent.child_by_field_name("right") == Some(child) => {
                is_promise = false;
            }
            "ternary_expression" if parent.child_by_field_name("condition") != Some(child) => {
                is_promise = false;
            }
            // `(a, call())` is the promise, `(call(), a)` is not.
            "sequence_expression" if !is_last_operand(parent, child) => {
                return (Handling::Floating, awaitable);
            }
            "sequence_expression" => is_promise = false,
            // `call().catch(...)`: what becomes of the chain becomes of the call.
            "member_expression" if parent.child_by_field_name("object") == Some(child) => {
                is_chain = true;
                let property = parent.child_by_field_name("property");
                is_plain &= property.is_some_and(|name| is_of_promise(span(name).text(text)));
                // Whom a method of a list hands each of them to may wait for it.
                if lists > 0 && property.is_some_and(|name| hands_on(span(name).text(text))) {
                    return (Handling::Kept, awaitable);
                }
                // `flat` and `toArray`: what a method of a list makes of it may be anything.
                if lists > 0 {
                    (lists, is_certain) = (1, false);
                }
            }
            "call_expression" if parent.child_by_field_name("function") == Some(child) => {
                is_chain = true;
                // What is called is no list: `TE.map(...)(task)`.
                is_certain &= lists == 0;
            }
            "arguments" => {
                let Some(outer) = outwards.next() else {
                    return (Handling::Kept, awaitable);
                };
                let callee = outer
                    .child_by_field_name("function")
                    .map_or("", |c| span(c).text(text));
                if callee.ends_with("waitUntil") {
                    let is_list = lists > 0 && is_certain;
                    let handling = if is_list {
                        Handling::Floating
                    } else {
                        Handling::WaitUntil
                    };
                    return (handling, awaitable);
                }
                if !callee.starts_with("Promise.") {
                    return (Handling::Kept, awaitable);
                }
                child = outer;
                // It waits for what is in a list, and answers the lists that are in that.
                if lists > 1 && is_certain {
                    continue;
                }
                (lists, is_certain) = (0, true);
                if is_promise {
                    awaitable = Some(outer);
                }
                continue;
            }
            _ => return (Handling::Kept, awaitable),
        }
        if is_chain && is_promise && lists == 0 {
            awaitable = Some(parent);
        }
        child = parent;
    }
    (Handling::Kept, awaitable)
}

/// Whether a method of a list calls a function with each that is in it.
fn hands_on(name: &str) -> bool {
    [
        "every", "filter", "find", "flatMap", "forEach", "map", "reduce", "some",
    ]
    .contains(&name)
}

/// Whether an expression stands in the head of a `for` where nothing asks for what it is: before or
/// behind both semicolons.
fn is_run_in_passing(parent: Node<'_>, child: Node<'_>) -> bool {
    ["initializer", "increment"]
        .iter()
        .any(|field| parent.child_by_field_name(field) == Some(child))
}

/// Whether an expression is the last of those that a comma parts, which is what the whole is.
fn is_last_operand(parent: Node<'_>, child: Node<'_>) -> bool {
    span(child).end == span(parent).end
}

/// Whether a pattern takes properties out of an expression of which no promise has one, so that the
/// promise is gone: `const { ok } = call()`.
fn is_taken_apart(parent: Node<'_>, value: Node<'_>, text: &str) -> bool {
    let fields = match parent.kind() {
        "variable_declarator" => ("name", "value"),
        "required_parameter" => ("pattern", "value"),
        _ => ("left", "right"),
    };
    let pattern = parent.child_by_field_name(fields.0);
    let Some(pattern) = pattern.filter(|pattern| pattern.kind() == "object_pattern") else {
        return false;
    };
    let is_foreign = |property: Node<'_>| {
        let key = match property.kind() {
            "shorthand_property_identifier_pattern" => Some(property),
            "object_assignment_pattern" => property.child_by_field_name("left"),
            "pair_pattern" => property.child_by_field_name("key"),
            _ => None,
        };
        let name = key.and_then(|key| property_key(key, text).0);
        name.is_some_and(|name| !is_of_promise(&name))
    };
    let mut properties = pattern.named_children().filter(|p| p.kind() != "comment");
    parent.child_by_field_name(fields.1) == Some(value)
        && properties.next().is_some_and(is_foreign)
        && properties.all(is_foreign)
}
