//! Every call of a member or a name, and what becomes of its result.

use std::sync::Arc;

use super::lower::lower;
use super::value::Value;
use super::{Node, Tree, span};
use crate::span::Span;

/// How many members and calls of a chain are looked through.
const MAX_CHAIN: usize = 32;

/// A call expression.
#[derive(Debug, Clone, PartialEq)]
pub struct CallExpression {
    /// The call; its kind is always [`super::value::ValueKind::Call`].
    pub value: Arc<Value>,
    /// What becomes of its result.
    pub handling: Handling,
    /// The expression that an `await` for the result could stand before: the call, or the chain
    /// on it (`call().catch(...)`, `Promise.all([call()])`). `None` where there can be no `await`.
    pub awaitable: Option<Span>,
    /// The operator `void` of which `awaitable` is the operand, if it is.
    pub void: Option<Span>,
}

/// What becomes of the result of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handling {
    /// `await call()`, alone or inside a `Promise.all([...])` that is awaited.
    Awaited,
    /// `return call()`, or the body of an arrow function.
    Returned,
    /// Handed to `waitUntil`.
    WaitUntil,
    /// Nothing: an expression statement, `void`, or a chain on it that is dropped.
    Floating,
    /// A function around the call waits for it or returns it, and what that function returns is
    /// dropped: `ids.map((id) => call(id))`, `(async () => { await call(); })();`,
    /// `ids.forEach((id) => call(id))`.
    Detached,
    /// Kept or handed to something else: it may be awaited there.
    Kept,
}

/// The calls for which `wanted` says yes to the node of what is called. Those inside of the
/// arguments of others are left out where `outermost` is set. `known` answers the value of a call
/// that has been read already, by its range.
pub fn calls(
    tree: &Tree<'_>,
    outermost: bool,
    wanted: impl Fn(Node<'_>) -> bool,
    known: impl Fn(Span) -> Option<Arc<Value>>,
) -> Vec<CallExpression> {
    let mut found = Vec::new();
    let text = tree.text();
    // The arguments of the last call that was found.
    let mut within = Span::default();
    for node in tree.nodes() {
        if node.kind() == "call_expression"
            && !(outermost && within.contains(span(node)))
            && let Some(callee) = node.child_by_field_name("function")
            && wanted(callee)
        {
            if let Some(arguments) = node.child_by_field_name("arguments") {
                within = span(arguments);
            }
            let (handling, awaitable) = handling(node, text);
            found.push(CallExpression {
                value: known(span(node)).unwrap_or_else(|| Arc::new(lower(node, text))),
                handling,
                awaitable: awaitable.map(span),
                void: awaitable.and_then(|node| void_before(node, text)),
            });
        }
    }
    found
}

/// The name that a chain of members and calls begins with: `a` of `a.b().c`.
pub fn root_name<'a>(node: Node<'_>, text: &'a str) -> Option<&'a str> {
    let mut node = node;
    // Longer chains are not followed anywhere.
    for _ in 0..MAX_CHAIN {
        node = match node.kind() {
            "identifier" => return Some(span(node).text(text)),
            "member_expression" | "subscript_expression" => node.child_by_field_name("object")?,
            "call_expression" => node.child_by_field_name("function")?,
            "parenthesized_expression"
            | "as_expression"
            | "satisfies_expression"
            | "non_null_expression" => node.first_named_child()?,
            _ => return None,
        };
    }
    None
}

/// Whether a node is a function, with a body of its own.
pub(super) fn is_function(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "arrow_function"
            | "function_expression"
            | "function_declaration"
            | "generator_function"
            | "generator_function_declaration"
            | "method_definition"
    )
}

/// Whether an `await` may stand in a place.
fn may_await(node: Node<'_>) -> bool {
    let function = node.ancestors().find(|node| is_function(*node));
    function.is_some_and(|function| function.children().any(|c| c.kind() == "async"))
}

/// Whether a node is `void operand`.
fn is_void(node: Node<'_>, text: &str) -> bool {
    node.kind() == "unary_expression" && span(node).text(text).starts_with(VOID)
}

const VOID: &str = "void";

/// The operator `void` whose operand a node is.
fn void_before(node: Node<'_>, text: &str) -> Option<Span> {
    let parent = node.ancestors().next()?;
    let start = span(parent).start as usize;
    is_void(parent, text).then(|| Span::new(start, start.saturating_add(VOID.len())))
}

/// Follows the result of a call outwards, out of the functions around it where it is known who calls
/// them, until it is known what becomes of it; and answers with it the expression that an `await`
/// for the result could stand before.
fn handling<'t>(node: Node<'t>, text: &str) -> (Handling, Option<Node<'t>>) {
    let (mut handling, mut awaitable) = directly(node, text, false);
    let mut within = node;
    // Whether it depends on a `forEach` of which it is not known what it answers.
    let mut is_doubtful = false;
    while let Handling::Awaited | Handling::Returned = handling
        && let Some(function) = within.ancestors().find(|node| is_function(*node))
        && let Some((call, hands_on)) = called(function, text)
    {
        let is_list = match hands_on {
            HandsOn::Nothing => return (Handling::Detached, None),
            HandsOn::Result => false,
            HandsOn::List => true,
            HandsOn::Unknown => {
                is_doubtful = true;
                false
            }
        };
        (handling, awaitable) = directly(call, text, is_list);
        if handling == Handling::Floating {
            if is_doubtful {
                return (Handling::Detached, None);
            }
            handling = Handling::Detached;
        }
        within = call;
    }
    // Few who write `() => list.forEach(...)` mean to return something.
    if is_doubtful && handling == Handling::Returned && is_returned_in_passing(within) {
        return (Handling::Detached, None);
    }
    (handling, awaitable.filter(|node| may_await(*node)))
}

/// What a call hands on of what the function returns that it is given.
enum HandsOn {
    /// Nothing, as the `forEach` of a list.
    Nothing,
    /// Nothing or a promise, as `forEach` of something else: a cursor's or a stream's can be awaited.
    Unknown,
    /// The result, as `then`.
    Result,
    /// A list of the results, as `map`.
    List,
}

/// The call that calls a function which is written in it, and what that call hands on.
fn called<'t>(function: Node<'t>, text: &str) -> Option<(Node<'t>, HandsOn)> {
    let mut child = function;
    let mut outwards = function.ancestors();
    let parent = loop {
        let parent = outwards.next()?;
        if !matches!(
            parent.kind(),
            "parenthesized_expression" | "as_expression" | "satisfies_expression"
        ) {
            break parent;
        }
        child = parent;
    };
    match parent.kind() {
        // `(async () => { ... })()`
        "call_expression" if parent.child_by_field_name("function") == Some(child) => {
            Some((parent, HandsOn::Result))
        }
        "arguments" => {
            let call = outwards.next()?;
            let callee = call.child_by_field_name("function")?;
            let method = callee.child_by_field_name("property")?;
            let hands_on = match span(method).text(text) {
                "forEach" => match callee.child_by_field_name("object") {
                    Some(object) if is_list(object, text) => HandsOn::Nothing,
                    _ => HandsOn::Unknown,
                },
                "map" | "flatMap" => HandsOn::List,
                "then" | "catch" | "finally" => HandsOn::Result,
                _ => return None,
            };
            Some((call, hands_on))
        }
        _ => None,
    }
}

/// Whether an expression is a list for certain.
fn is_list(node: Node<'_>, text: &str) -> bool {
    match node.kind() {
        "array" => true,
        "call_expression" => node.child_by_field_name("function").is_some_and(|callee| {
            matches!(
                span(callee).text(text),
                "Object.keys" | "Object.values" | "Object.entries" | "Array.from"
            )
        }),
        _ => false,
    }
}

/// Whether a node is what a plain arrow function returns without saying so.
fn is_returned_in_passing(node: Node<'_>) -> bool {
    let function = node.ancestors().find(|node| is_function(*node));
    function.is_some_and(|function| {
        function.kind() == "arrow_function"
            && function
                .child_by_field_name("body")
                .is_some_and(|body| body.kind() != "statement_block")
            && !function.children().any(|c| c.kind() == "async")
    })
}

/// What becomes of a promise, or of a list of them, within the function that it stands in.
fn directly<'t>(node: Node<'t>, text: &str, is_list: bool) -> (Handling, Option<Node<'t>>) {
    let mut child = node;
    let mut awaitable = (!is_list).then_some(node);
    // Whether `child` is still the promise itself, and no choice between it and something else.
    let mut is_promise = true;
    let mut in_list = is_list;
    let mut outwards = node.ancestors();
    while let Some(parent) = outwards.next() {
        let mut is_chain = false;
        match parent.kind() {
            "await_expression" => return (Handling::Awaited, awaitable),
            "return_statement" => return (Handling::Returned, awaitable),
            "arrow_function" => return (Handling::Returned, awaitable),
            "expression_statement" => return (Handling::Floating, awaitable),
            "unary_expression" if is_void(parent, text) => is_promise = false,
            "parenthesized_expression"
            | "as_expression"
            | "satisfies_expression"
            | "non_null_expression" => is_chain = true,
            "array" | "spread_element" => in_list = true,
            // `a && call()`, `a ? call() : b`: what becomes of the whole becomes of the call.
            "binary_expression" if parent.child_by_field_name("right") == Some(child) => {
                is_promise = false;
            }
            "ternary_expression" if parent.child_by_field_name("condition") != Some(child) => {
                is_promise = false;
            }
            "sequence_expression" => is_promise = false,
            // `call().catch(...)`: what becomes of the chain becomes of the call.
            "member_expression" if parent.child_by_field_name("object") == Some(child) => {
                is_chain = true;
            }
            "call_expression" if parent.child_by_field_name("function") == Some(child) => {
                is_chain = true;
            }
            "arguments" => {
                let Some(outer) = outwards.next() else {
                    return (Handling::Kept, awaitable);
                };
                let callee = outer
                    .child_by_field_name("function")
                    .map_or("", |c| span(c).text(text));
                if callee.ends_with("waitUntil") {
                    return (Handling::WaitUntil, awaitable);
                }
                if !callee.starts_with("Promise.") {
                    return (Handling::Kept, awaitable);
                }
                child = outer;
                in_list = false;
                if is_promise {
                    awaitable = Some(outer);
                }
                continue;
            }
            _ => return (Handling::Kept, awaitable),
        }
        if is_chain && is_promise && !in_list {
            awaitable = Some(parent);
        }
        child = parent;
    }
    (Handling::Kept, awaitable)
}

#[cfg(test)]
mod tests;
