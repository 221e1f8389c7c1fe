//! Every call of a member or a name, and what becomes of its result.

use super::lower::lower;
use super::value::Value;
use super::{Node, span};
use crate::document::Document;
use crate::span::Span;

/// A call expression.
#[derive(Debug, Clone, PartialEq)]
pub struct CallExpression {
    /// The call; its kind is always [`super::value::ValueKind::Call`].
    pub value: Value,
    /// What becomes of its result.
    pub handling: Handling,
    /// The innermost function around it, if there is one.
    pub function: Option<Function>,
}

/// The function around a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// All of it.
    pub span: Span,
    /// Whether it is `async`.
    pub is_async: bool,
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
    /// Kept or handed to something else: it may be awaited there.
    Kept,
}

/// The calls for which `wanted` says yes to the text of the callee.
pub fn calls(document: &Document, wanted: impl Fn(&str) -> bool) -> Vec<CallExpression> {
    let mut found = Vec::new();
    let Some(tree) = document.tree() else {
        return found;
    };
    let text = document.text();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.kind() == "call_expression"
            && let Some(callee) = node.child_by_field_name("function")
            && wanted(span(callee).text(text))
        {
            found.push(CallExpression {
                value: lower(node, text),
                handling: handling(node, text),
                function: function(node),
            });
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}

fn is_function(node: Node<'_>) -> bool {
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

fn function(node: Node<'_>) -> Option<Function> {
    let mut at = node.parent();
    while let Some(parent) = at {
        if is_function(parent) {
            let mut cursor = parent.walk();
            let is_async = parent.children(&mut cursor).any(|c| c.kind() == "async");
            return Some(Function {
                span: span(parent),
                is_async,
            });
        }
        at = parent.parent();
    }
    None
}

/// Follows the result of a call outwards until it is known what becomes of it.
fn handling(node: Node<'_>, text: &str) -> Handling {
    let mut child = node;
    while let Some(parent) = child.parent() {
        match parent.kind() {
            "await_expression" => return Handling::Awaited,
            "return_statement" => return Handling::Returned,
            "arrow_function" => return Handling::Returned,
            "expression_statement" => return Handling::Floating,
            "unary_expression" if span(parent).text(text).starts_with("void") => {}
            "parenthesized_expression"
            | "as_expression"
            | "satisfies_expression"
            | "non_null_expression"
            | "array"
            | "spread_element" => {}
            // `a && call()`, `a ? call() : b`: what becomes of the whole becomes of the call.
            "binary_expression" if parent.child_by_field_name("right") == Some(child) => {}
            "ternary_expression" if parent.child_by_field_name("condition") != Some(child) => {}
            "sequence_expression" => {}
            // `call().catch(...)`: what becomes of the chain becomes of the call.
            "member_expression" if parent.child_by_field_name("object") == Some(child) => {}
            "call_expression" if parent.child_by_field_name("function") == Some(child) => {}
            "arguments" => {
                let Some(outer) = parent.parent() else {
                    return Handling::Kept;
                };
                let callee = outer
                    .child_by_field_name("function")
                    .map_or("", |c| span(c).text(text));
                if callee.ends_with("waitUntil") {
                    return Handling::WaitUntil;
                }
                if !callee.starts_with("Promise.") {
                    return Handling::Kept;
                }
                child = outer;
                continue;
            }
            _ => return Handling::Kept,
        }
        child = parent;
    }
    Handling::Kept
}
