//! Every call of a member or a name, and what becomes of its result.

mod result;
mod settling;

use std::sync::Arc;

use self::result::directly;
use self::settling::{is_in_new_promise, names_resolver, settles_another};
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
    /// Nothing: an expression statement, `void`, a chain on it that is dropped, or a list of
    /// promises that is awaited as if it were one.
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

/// The name that a chain of members and calls begins with, or `this`: `a` of `a.b().c`.
pub fn root_name<'a>(node: Node<'_>, text: &'a str) -> Option<&'a str> {
    root(node, text, true)
}

/// The same of a chain of members alone: `a` of `(a as any).b`.
pub fn path_root<'a>(node: Node<'_>, text: &'a str) -> Option<&'a str> {
    root(node, text, false)
}

fn root<'a>(node: Node<'_>, text: &'a str, may_call: bool) -> Option<&'a str> {
    let mut node = node;
    // Longer chains are not followed anywhere.
    for _ in 0..MAX_CHAIN {
        node = match node.kind() {
            "identifier" | "this" => return Some(span(node).text(text)),
            "member_expression" | "subscript_expression" => node.child_by_field_name("object")?,
            "call_expression" if may_call => node.child_by_field_name("function")?,
            "await_expression" if may_call => node.first_named_child()?,
            "parenthesized_expression"
            | "as_expression"
            | "satisfies_expression"
            | "non_null_expression" => node.first_named_child()?,
            "type_assertion" => node.named_children().last()?,
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

/// Whether an `await` may stand in a place: in the body of an asynchronous function. What a static
/// block or the field of a class holds is in no function's body, whichever function is around it.
fn may_await(node: Node<'_>) -> bool {
    let mut child = node;
    for around in node.ancestors() {
        let is = |field| around.child_by_field_name(field) == Some(child);
        match around.kind() {
            "class_static_block" => return false,
            "public_field_definition" if is("value") => return false,
            // The computed key of a method belongs to what is around it.
            "method_definition" if is("name") => {}
            _ if is_function(around) => {
                return is("body") && around.children().any(|c| c.kind() == "async");
            }
            _ => {}
        }
        child = around;
    }
    false
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
    let (mut handling, mut awaitable) = directly(node, text, Shape::Promise);
    if handling == Handling::Floating
        && awaitable.is_some_and(|chain| settles_another(node, chain, text))
    {
        return (Handling::Kept, awaitable);
    }
    let mut within = node;
    // Whether it depends on a `forEach` of which it is not known what it answers.
    let mut is_doubtful = false;
    while let Handling::Awaited | Handling::Returned = handling
        && let Some(function) = within.ancestors().find(|node| is_function(*node))
        && let Some((call, hands_on)) = called(function, text)
    {
        let shape = match hands_on {
            HandsOn::Nothing => return (Handling::Detached, None),
            HandsOn::Result(shape) => shape,
            HandsOn::Unknown => {
                is_doubtful = true;
                Shape::Thenable
            }
        };
        (handling, awaitable) = directly(call, text, shape);
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
    /// Nothing, as the `forEach` of a list, and what takes no function or calls it later.
    Nothing,
    /// Nothing or a promise, as `forEach` of something else: a cursor's or a stream's can be awaited.
    Unknown,
    /// The result, as `then`, or the results, as `map`.
    Result(Shape),
}

/// What an expression is of which it is asked what becomes of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// The promise of the call.
    Promise,
    /// What another call answers, for which can be waited: it may have properties of its own.
    Thenable,
    /// A list of promises.
    List,
    /// A list of promises or a promise of them: `map` is a method of streams and of results too.
    MaybeList,
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
            Some((parent, HandsOn::Result(Shape::Thenable)))
        }
        "arguments" => {
            let call = outwards.next()?;
            let callee = call.child_by_field_name("function")?;
            let object = callee.child_by_field_name("object");
            let name = callee.child_by_field_name("property").unwrap_or(callee);
            let hands_on = match (span(name).text(text), object) {
                ("forEach", Some(object)) if is_list(object, text) => HandsOn::Nothing,
                ("forEach", Some(_)) => HandsOn::Unknown,
                ("map" | "flatMap", Some(object)) => {
                    // Others than lists take the list first.
                    let is_first = parent.first_named_child() == Some(child);
                    let is_list = is_first
                        && (is_list(object, text) || is_path(object) && !is_made(object, text));
                    HandsOn::Result(if is_list {
                        Shape::List
                    } else {
                        Shape::MaybeList
                    })
                }
                (name, Some(_)) if is_of_promise(name) => HandsOn::Result(Shape::Thenable),
                // It takes a promise, and calls nothing.
                ("waitUntil", Some(object)) if is_context(object, text) => HandsOn::Nothing,
                ("setTimeout" | "setImmediate" | "queueMicrotask", object)
                    if object.is_none_or(|object| is_global(object, text))
                        && is_dropped(call, text)
                        && !is_in_new_promise(call, text)
                        && !names_resolver(function, span(function), text) =>
                {
                    HandsOn::Nothing
                }
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

/// Whether an expression is a name or a member of one. What a call answers may be no list.
fn is_path(node: Node<'_>) -> bool {
    let mut node = node;
    for _ in 0..MAX_CHAIN {
        node = match node.kind() {
            "identifier" | "this" => return true,
            "member_expression" | "non_null_expression" => match node.first_named_child() {
                Some(object) => object,
                None => return false,
            },
            _ => return false,
        };
    }
    false
}

/// Whether a name is bound to what a call answers without an `await`, or to a new object: these may
/// be other than a list, as a `ResultAsync` is, whose `map` is awaited. A name that is bound anew
/// further in counts as if it were the same.
fn is_made(node: Node<'_>, text: &str) -> bool {
    if node.kind() != "identifier" {
        return false;
    }
    let name = span(node).text(text);
    let mut statements = node.ancestors().flat_map(|scope| scope.children());
    let value = statements.find_map(|statement| {
        let declaration = match statement.kind() {
            "export_statement" => statement.child_by_field_name("declaration")?,
            "lexical_declaration" | "variable_declaration" => statement,
            _ => return None,
        };
        let mut declarators = declaration.children();
        let declarator = declarators.find(|declarator| {
            let bound = declarator.child_by_field_name("name");
            bound.is_some_and(|bound| span(bound).text(text) == name)
        })?;
        declarator.child_by_field_name("value")
    });
    let Some(mut value) = value else {
        return false;
    };
    while let "parenthesized_expression"
    | "as_expression"
    | "satisfies_expression"
    | "non_null_expression" = value.kind()
        && let Some(inner) = value.first_named_child()
    {
        value = inner;
    }
    matches!(value.kind(), "call_expression" | "new_expression") && !is_list(value, text)
}

/// Whether an expression is the object of the global names.
fn is_global(node: Node<'_>, text: &str) -> bool {
    matches!(span(node).text(text), "globalThis" | "window" | "self")
}

/// Whether an expression is a statement of its own, or dropped by `void`.
fn is_dropped(node: Node<'_>, text: &str) -> bool {
    let parent = node.ancestors().next();
    parent.is_some_and(|parent| parent.kind() == "expression_statement" || is_void(parent, text))
}

/// Whether an expression is what a worker is given to hand promises to, judged by its name: what
/// else has a `waitUntil` may well call a function.
fn is_context(node: Node<'_>, text: &str) -> bool {
    let name = node.child_by_field_name("property").unwrap_or(node);
    let name = span(name).text(text);
    matches!(name, "ctx" | "context" | "event" | "state")
        || name.ends_with("Ctx")
        || name.ends_with("Context")
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

/// Whether a name is that of a method that every promise has.
fn is_of_promise(name: &str) -> bool {
    matches!(name, "then" | "catch" | "finally")
}

#[cfg(test)]
mod tests;
