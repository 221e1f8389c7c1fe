//! What patterns take apart: their names, and what each stands for.

use super::escapes;
use super::lower::{lower, property_key};
use super::value::{At, Choice, Element, Index, Member, Value, ValueKind};
use super::{Node, span};
use crate::span::Span;

/// How deep patterns are followed in each other. Deeper ones are written by nobody.
const MAX_DEPTH: usize = 8;

/// A name in a pattern, and what it stands for, if that is known.
pub(super) type Named<'t> = (Node<'t>, Option<Value>);

/// Adds the names of a pattern, or the one that it is, that takes a value apart.
pub(super) fn take_apart<'t>(
    pattern: Node<'t>,
    text: &str,
    value: Option<Value>,
    found: &mut Vec<Named<'t>>,
) {
    take_apart_at(pattern, text, value, found, 0);
}

fn take_apart_at<'t>(
    pattern: Node<'t>,
    text: &str,
    value: Option<Value>,
    found: &mut Vec<Named<'t>>,
    depth: usize,
) {
    let value = value.filter(|_| depth <= MAX_DEPTH);
    match (pattern.kind(), value) {
        ("identifier", value) => found.push((pattern, value)),
        ("object_pattern", Some(value)) => {
            for child in pattern.named_children() {
                property(child, text, &value, found, depth);
            }
        }
        ("array_pattern", Some(value)) => elements(pattern, text, &value, found, depth),
        ("assignment_pattern", Some(value)) => {
            let value = or_default(value, pattern, text);
            if let Some(left) = pattern.child_by_field_name("left") {
                take_apart_at(left, text, value, found, depth + 1);
            }
        }
        _ => opaque(pattern, found),
    }
}

/// `{ a }`, `{ a: b }`, `{ a = b }`: each name is a member of the value.
fn property<'t>(
    child: Node<'t>,
    text: &str,
    value: &Value,
    found: &mut Vec<Named<'t>>,
    depth: usize,
) {
    let member = |name, name_span| Value {
        span: span(child),
        kind: ValueKind::Member(Box::new(Member {
            object: value.clone(),
            name,
            name_span,
        })),
    };
    let field = |name| child.child_by_field_name(name);
    match child.kind() {
        "shorthand_property_identifier_pattern" => {
            let value = member(escapes::name(child, text), span(child));
            found.push((child, Some(value)));
        }
        "pair_pattern" => {
            let key = field("key").map(|key| property_key(key, text));
            match (key, field("value")) {
                (Some((Some(name), name_span)), Some(target)) => {
                    let value = Some(member(name, name_span));
                    take_apart_at(target, text, value, found, depth + 1);
                }
                _ => opaque(child, found),
            }
        }
        "object_assignment_pattern" => {
            if let Some(name) = field("left") {
                let value = member(escapes::name(name, text), span(name));
                found.push((name, or_default(value, child, text)));
            }
        }
        _ => opaque(child, found),
    }
}

/// `[a, b]`: each name is the element at its place. Behind a comment or a rest the places are not
/// told apart.
fn elements<'t>(
    pattern: Node<'t>,
    text: &str,
    value: &Value,
    found: &mut Vec<Named<'t>>,
    depth: usize,
) {
    let Span { start, .. } = span(pattern);
    let mut end = start.saturating_add(1);
    let mut place = Some(0_u32);
    for child in pattern.named_children() {
        let Span { start, end: after } = span(child);
        let between = Span {
            start: end,
            end: start,
        }
        .text(text);
        end = after;
        place = place.and_then(|place| {
            let marks = between.chars().filter(|c| !c.is_whitespace());
            marks.fold(Some(place), |place, mark| match mark {
                ',' => place?.checked_add(1),
                _ => None,
            })
        });
        let element = place.and_then(|place| element(child, value, place));
        match child.kind() {
            "rest_pattern" | "comment" => {
                place = None;
                opaque(child, found);
            }
            _ => take_apart_at(child, text, element, found, depth + 1),
        }
    }
}

/// The element at a place, for what stands at `at`.
fn element(at: Node<'_>, value: &Value, place: u32) -> Option<Value> {
    if let ValueKind::Array(elements) = &value.kind {
        let place = usize::try_from(place).ok()?;
        let mut before = elements.iter().take(place);
        let is_told = before.all(|element| !matches!(element, Element::Spread(_)));
        return match elements.get(place).filter(|_| is_told) {
            Some(Element::Item(value)) => Some(value.clone()),
            Some(Element::Hole | Element::Spread(_)) | None => None,
        };
    }
    let index = Index {
        object: value.clone(),
        at: At::Place(place),
    };
    Some(Value {
        span: span(at),
        kind: ValueKind::Index(Box::new(index)),
    })
}

/// A value, or the default that a pattern has for what is `undefined`.
fn or_default(value: Value, pattern: Node<'_>, text: &str) -> Option<Value> {
    let default = lower(pattern.child_by_field_name("right")?, text);
    Some(Value {
        span: span(pattern),
        kind: ValueKind::Choice(Box::new(Choice::Default(value, default))),
    })
}

/// Every name in a pattern, standing for nothing that is known.
fn opaque<'t>(pattern: Node<'t>, found: &mut Vec<Named<'t>>) {
    let mut stack = vec![pattern];
    while let Some(node) = stack.pop() {
        match node.kind() {
            "identifier" | "shorthand_property_identifier_pattern" => found.push((node, None)),
            "object_pattern" | "array_pattern" | "rest_pattern" => {
                stack.extend(node.named_children());
            }
            "assignment_pattern" | "object_assignment_pattern" => {
                stack.extend(node.child_by_field_name("left"));
            }
            "pair_pattern" => stack.extend(node.child_by_field_name("value")),
            _ => {}
        }
    }
}
