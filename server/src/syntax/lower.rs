//! From tree nodes to [`Value`]s.

mod functions;

use functions::function;
use smol_str::SmolStr;

use super::escapes::{name, string};
use super::value::{
    At, Call, Choice, Computed, Element, Index, Member, Property, Value, ValueKind,
};
use super::{Node, span};
use crate::span::Span;

/// How deep expressions are followed. Deeper ones are unknown, so that no input can exhaust the
/// stack; configurations are a dozen levels deep.
const MAX_DEPTH: usize = 96;

/// Reads an expression.
pub fn lower(node: Node<'_>, text: &str) -> Value {
    lower_at(node, text, 0)
}

pub(super) fn lower_at(node: Node<'_>, text: &str, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value {
            span: span(node),
            kind: ValueKind::Unknown,
        };
    }
    match kind(node, text, depth + 1) {
        Wrapped::Inner(value) => value,
        Wrapped::Own(kind) => Value {
            span: span(node),
            kind,
        },
    }
}

/// An expression's own kind, or what it only wraps: that stands where it stands unwrapped.
enum Wrapped {
    Own(ValueKind),
    Inner(Value),
}

impl From<ValueKind> for Wrapped {
    fn from(kind: ValueKind) -> Self {
        Self::Own(kind)
    }
}

fn kind(node: Node<'_>, text: &str, depth: usize) -> Wrapped {
    if node.is_missing() || node.is_error() {
        return ValueKind::Broken.into();
    }
    // What stands between the parts of an expression and does not parse makes it another.
    if node.has_error()
        && !is_container(node)
        && node
            .children()
            .any(|child| child.is_error() || child.is_missing())
    {
        return ValueKind::Broken.into();
    }
    match node.kind() {
        "string" => ValueKind::String(string(node, text)).into(),
        "template_string" => template(node, text).into(),
        "number" => ValueKind::Number.into(),
        "true" => ValueKind::Bool(true).into(),
        "false" => ValueKind::Bool(false).into(),
        "null" => ValueKind::Null.into(),
        "undefined" => ValueKind::Undefined.into(),
        "identifier" | "shorthand_property_identifier" | "this" | "super" => {
            ValueKind::Ident(name(node, text)).into()
        }
        "array" => ValueKind::Array(elements(node, text, depth)).into(),
        "object" => ValueKind::Object(properties(node, text, depth)).into(),
        "as_expression"
        | "satisfies_expression"
        | "non_null_expression"
        | "parenthesized_expression" => inner(node, text, depth, node.first_named_child()),
        "type_assertion" => inner(node, text, depth, node.named_children().last()),
        "member_expression" => member(node, text, depth).into(),
        "subscript_expression" => subscript(node, text, depth).into(),
        "call_expression" => call(node, text, depth).into(),
        "ternary_expression" | "binary_expression" => choice(node, text, depth).into(),
        "await_expression" => match node.first_named_child() {
            Some(child) => ValueKind::Await(Box::new(lower_at(child, text, depth))).into(),
            None => ValueKind::Broken.into(),
        },
        "arrow_function" | "function_expression" | "function_declaration" | "method_definition" => {
            function(node, text, depth).into()
        }
        _ => ValueKind::Unknown.into(),
    }
}

/// Whether a node keeps what does not parse in it apart from the rest.
fn is_container(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "array"
            | "object"
            | "arrow_function"
            | "function_expression"
            | "function_declaration"
            | "method_definition"
    )
}

fn inner(node: Node<'_>, text: &str, depth: usize, child: Option<Node<'_>>) -> Wrapped {
    match child {
        Some(child) if !child.is_error() => Wrapped::Inner(lower_at(child, text, depth)),
        _ if node.has_error() => ValueKind::Broken.into(),
        _ => ValueKind::Unknown.into(),
    }
}

fn template(node: Node<'_>, text: &str) -> ValueKind {
    if node
        .named_children()
        .any(|c| c.kind() == "template_substitution")
    {
        return ValueKind::Unknown;
    }
    ValueKind::String(string(node, text))
}

fn elements(node: Node<'_>, text: &str, depth: usize) -> Vec<Element> {
    // What is kept for long has no room to spare; of the tokens most are commas.
    let mut result = Vec::with_capacity(node.named_children().count());
    let mut after_value = false;
    for child in node.children() {
        match child.kind() {
            "comment" | "[" | "]" | "(" | ")" => {}
            "," if after_value => after_value = false,
            "," => result.push(Element::Hole),
            "spread_element" => {
                let value = child.first_named_child().map_or(
                    Value {
                        span: span(child),
                        kind: ValueKind::Broken,
                    },
                    |c| lower_at(c, text, depth),
                );
                result.push(Element::Spread(Box::new(value)));
                after_value = true;
            }
            _ => {
                result.push(Element::Item(lower_at(child, text, depth)));
                after_value = true;
            }
        }
    }
    result
}

fn properties(node: Node<'_>, text: &str, depth: usize) -> Vec<Property> {
    let mut result = Vec::with_capacity(node.named_children().count());
    for child in node.children() {
        if child.is_error() || child.is_missing() {
            result.push(Property::Broken(span(child)));
            continue;
        }
        match child.kind() {
            "pair" => result.push(pair(child, text, depth)),
            "shorthand_property_identifier" => {
                result.push(Property::Pair {
                    key: Some(name(child, text)),
                    key_span: span(child),
                    value: lower_at(child, text, depth),
                    span: span(child),
                });
            }
            "method_definition" => {
                let (key, key_span) = match child.child_by_field_name("name") {
                    Some(key) => property_key(key, text),
                    None => (None, span(child)),
                };
                // What a getter answers is known when it is asked.
                let is = |word| is_marked(child, word, text);
                let value = if is("get") || is("set") {
                    Value {
                        span: span(child),
                        kind: ValueKind::Unknown,
                    }
                } else {
                    lower_at(child, text, depth)
                };
                result.push(Property::Pair {
                    key,
                    key_span,
                    value,
                    span: span(child),
                });
            }
            "spread_element" => {
                let value = child.first_named_child().map_or(
                    Value {
                        span: span(child),
                        kind: ValueKind::Broken,
                    },
                    |c| lower_at(c, text, depth),
                );
                result.push(Property::Spread(value));
            }
            _ => {}
        }
    }
    result
}

/// Whether a word stands before the name of a member of an object or a class: `get`, `set`,
/// `static`.
pub(super) fn is_marked(member: Node<'_>, word: &str, text: &str) -> bool {
    let name = member.child_by_field_name("name");
    let before = name.and_then(|name| {
        let (start, end) = (span(member).start as usize, span(name).start as usize);
        text.get(start..end)
    });
    before.is_some_and(|before| before.split_whitespace().any(|before| before == word))
}

fn pair(node: Node<'_>, text: &str, depth: usize) -> Property {
    let computed = node.child_by_field_name("key").and_then(|key| {
        let inner = key.first_named_child()?;
        let is_computed = key.kind() == "computed_property_name" && inner.kind() != "string";
        is_computed.then_some((inner, span(key)))
    });
    if let Some((key, key_span)) = computed
        && let Some(value) = node.child_by_field_name("value")
    {
        return Property::Computed(Box::new(Computed {
            key: lower_at(key, text, depth),
            key_span,
            value: lower_at(value, text, depth),
            span: span(node),
        }));
    }
    let (key, key_span) = match node.child_by_field_name("key") {
        Some(key) => property_key(key, text),
        None => (None, span(node)),
    };
    let value = match node.child_by_field_name("value") {
        Some(value) => lower_at(value, text, depth),
        None => Value {
            span: span(node),
            kind: ValueKind::Broken,
        },
    };
    Property::Pair {
        key,
        key_span,
        value,
        span: span(node),
    }
}

/// A property's name and its range without quotes; no name where it is computed.
pub(super) fn property_key(node: Node<'_>, text: &str) -> (Option<SmolStr>, Span) {
    match node.kind() {
        "string" => {
            let value = Value {
                span: span(node),
                kind: ValueKind::String(string(node, text)),
            };
            (value.as_str().map(SmolStr::new), value.inner_span())
        }
        "computed_property_name" => match node.first_named_child() {
            Some(inner) if inner.kind() == "string" => property_key(inner, text),
            _ => (None, span(node)),
        },
        _ => (Some(name(node, text)), span(node)),
    }
}

fn member(node: Node<'_>, text: &str, depth: usize) -> ValueKind {
    let (Some(object), Some(property)) = (
        node.child_by_field_name("object"),
        node.child_by_field_name("property"),
    ) else {
        return ValueKind::Broken;
    };
    ValueKind::Member(Box::new(Member {
        object: lower_at(object, text, depth),
        name: name(property, text),
        name_span: span(property),
    }))
}

fn subscript(node: Node<'_>, text: &str, depth: usize) -> ValueKind {
    let (Some(object), Some(index)) = (
        node.child_by_field_name("object"),
        node.child_by_field_name("index"),
    ) else {
        return ValueKind::Broken;
    };
    let object = lower_at(object, text, depth);
    let place = place(index, text);
    let index = lower_at(index, text, depth);
    if let Some(name) = index.as_str() {
        return ValueKind::Member(Box::new(Member {
            object,
            name: name.into(),
            name_span: index.inner_span(),
        }));
    }
    let at = match (place, &index.kind) {
        (Some(place), _) => At::Place(place),
        // A number that is written otherwise.
        (None, ValueKind::Number | ValueKind::Unknown) => return ValueKind::Unknown,
        (None, _) => At::Value(index),
    };
    ValueKind::Index(Box::new(Index { object, at }))
}

/// The whole number that an expression is, as it is written for a place in a list.
fn place(index: Node<'_>, text: &str) -> Option<u32> {
    let written = span(index).text(text);
    let place: u32 = written.parse().ok()?;
    (index.kind() == "number" && place.to_string() == written).then_some(place)
}

/// `a ?? b`, `a || b`, `a && b`, `a ? b : c`.
fn choice(node: Node<'_>, text: &str, depth: usize) -> ValueKind {
    let part = |name| {
        let part = node.child_by_field_name(name)?;
        Some(lower_at(part, text, depth))
    };
    let chosen = if node.kind() == "ternary_expression" {
        part("condition")
            .zip(part("consequence"))
            .zip(part("alternative"))
            .map(|((test, then), otherwise)| Choice::Condition(test, then, otherwise))
    } else {
        let mut tokens = node.children().map(Node::kind);
        let operator = tokens.find(|token| matches!(*token, "??" | "||" | "&&"));
        operator.and_then(|operator| {
            let (left, right) = part("left").zip(part("right"))?;
            Some(match operator {
                "??" => Choice::Nullish(left, right),
                "||" => Choice::Or(left, right),
                _ => Choice::And(left, right),
            })
        })
    };
    chosen.map_or(ValueKind::Unknown, |choice| {
        ValueKind::Choice(Box::new(choice))
    })
}

fn call(node: Node<'_>, text: &str, depth: usize) -> ValueKind {
    let (Some(callee), Some(arguments)) = (
        node.child_by_field_name("function"),
        node.child_by_field_name("arguments"),
    ) else {
        return ValueKind::Broken;
    };
    if arguments.kind() != "arguments" {
        return ValueKind::Unknown;
    }
    ValueKind::Call(Box::new(Call {
        callee: lower_at(callee, text, depth),
        args_span: span(arguments),
        args: elements(arguments, text, depth).into(),
    }))
}
