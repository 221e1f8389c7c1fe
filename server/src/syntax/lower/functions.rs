//! Functions: what they return, and what their parameters take apart.

use super::{is_marked, lower_at};
use crate::span::Span;
use crate::syntax::escapes::name;
use crate::syntax::value::{Choice, Function, Parameter, Value, ValueKind};
use crate::syntax::{Node, patterns, span};

/// Reads a function.
pub(super) fn function(node: Node<'_>, text: &str, depth: usize) -> ValueKind {
    let params = match (
        node.child_by_field_name("parameter"),
        node.child_by_field_name("parameters"),
    ) {
        (Some(single), _) => vec![Some(name(single, text))],
        (None, Some(list)) => list
            .named_children()
            .filter(|p| p.kind() != "comment")
            .map(|p| {
                let pattern = p.child_by_field_name("pattern")?;
                (pattern.kind() == "identifier").then(|| name(pattern, text))
            })
            .collect(),
        (None, None) => Vec::new(),
    };
    let body = node.child_by_field_name("body");
    let returns = body.filter(|_| !is_generator(node, text)).and_then(|body| {
        let expression = if body.kind() == "statement_block" {
            only_return(body)?
        } else {
            body
        };
        Some(lower_at(expression, text, depth))
    });
    let (names, rest) = match &returns {
        Some(_) => parameters(node, text, depth),
        None => (Box::default(), None),
    };
    ValueKind::Function(Box::new(Function {
        params,
        names,
        rest,
        returns,
        is_async: is_async(node, text),
    }))
}

/// The names of the parameters of a function, and the index of its rest parameter.
fn parameters(node: Node<'_>, text: &str, depth: usize) -> (Box<[Parameter]>, Option<u32>) {
    let mut names = Vec::new();
    let mut rest = None;
    let mut index = 0_u32;
    let single = node.child_by_field_name("parameter");
    let list = node.child_by_field_name("parameters");
    let listed = list.into_iter().flat_map(Node::named_children);
    for parameter in single.into_iter().chain(listed) {
        let pattern = match parameter.kind() {
            "identifier" => Some(parameter),
            _ => parameter.child_by_field_name("pattern"),
        };
        // A comment, or the type of `this`.
        let Some(pattern) = pattern.filter(|pattern| pattern.kind() != "this") else {
            continue;
        };
        let value = |kind| Value {
            span: span(pattern),
            kind,
        };
        let found = match parameter.child_by_field_name("value") {
            _ if pattern.kind() == "rest_pattern" => {
                rest = Some(index);
                let inner = pattern.first_named_child().unwrap_or(pattern);
                patterns::names(inner, text, Some(value(ValueKind::Rest)), depth)
            }
            Some(default) => {
                let default = lower_at(default, text, depth);
                let given = value(ValueKind::Given(index));
                let choice = ValueKind::Choice(Box::new(Choice::Default(given, default)));
                patterns::names(pattern, text, Some(value(choice)), depth)
            }
            None => {
                let given = value(ValueKind::Given(index));
                patterns::names(pattern, text, Some(given), depth)
            }
        };
        names.extend(found.into_iter().map(|(named, value)| Parameter {
            name: name(named, text),
            name_span: span(named),
            value: value.unwrap_or(Value {
                span: span(named),
                kind: ValueKind::Unknown,
            }),
        }));
        index = index.saturating_add(1);
    }
    (names.into(), rest)
}

/// Whether a function is one that is called for a promise.
fn is_async(function: Node<'_>, text: &str) -> bool {
    if function.kind() == "method_definition" {
        return is_marked(function, "async", text);
    }
    let parameter = function.child_by_field_name("parameter");
    // `async => ...`
    let is_name = parameter.is_some_and(|name| span(name).start == span(function).start);
    let behind = span(function).text(text).strip_prefix("async");
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '\\');
    !is_name && behind.is_some_and(|behind| !behind.starts_with(is_part))
}

/// Whether a method is one that is called for what it yields; other functions of that sort are of
/// another kind.
fn is_generator(function: Node<'_>, text: &str) -> bool {
    let name = function.child_by_field_name("name");
    function.kind() == "method_definition"
        && name.is_some_and(|name| {
            let before = Span {
                start: span(function).start,
                end: span(name).start,
            };
            before.text(text).trim_end().ends_with('*')
        })
}

/// The expression of a block that consists of one `return`.
fn only_return(body: Node<'_>) -> Option<Node<'_>> {
    let mut statements = body.named_children().filter(|c| c.kind() != "comment");
    let first = statements.next()?;
    if statements.next().is_some() || first.kind() != "return_statement" {
        return None;
    }
    first.first_named_child()
}
