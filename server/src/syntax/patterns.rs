//! What patterns take apart: their names, and what each stands for.

use super::escapes;
use super::lower::{lower_at, property_key};
use super::value::{At, Choice, Element, Index, Member, Value, ValueKind};
use super::{Node, span};
use crate::span::Span;

/// How deep patterns are followed in each other. Deeper ones are written by nobody.
const MAX_DEPTH: usize = 8;

/// How many values are copied for the names of a pattern: each has all of what is taken apart. Nobody
/// takes so much apart where it is written.
const MAX_COPIED: usize = 2_048;

/// A name in a pattern, and what it stands for, if that is known.
pub(super) type Named<'t> = (Node<'t>, Option<Value>);

/// The names of a pattern, or the one that it is, that takes a value apart. `depth` is how deep it
/// stands in expressions.
pub(super) fn names<'t>(
    pattern: Node<'t>,
    text: &str,
    value: Option<Value>,
    depth: usize,
) -> Vec<Named<'t>> {
    let mut apart = Apart {
        text,
        depth,
        names: Vec::new(),
    };
    apart.pattern(pattern, value, 0);
    apart.names
}

struct Apart<'s, 't> {
    text: &'s str,
    /// How deep the whole pattern stands in expressions.
    depth: usize,
    names: Vec<Named<'t>>,
}

impl<'t> Apart<'_, 't> {
    /// A pattern that stands in so many others.
    fn pattern(&mut self, pattern: Node<'t>, value: Option<Value>, depth: usize) {
        let value = value.filter(|_| depth <= MAX_DEPTH);
        match (pattern.kind(), value) {
            ("identifier", value) => self.names.push((pattern, value)),
            ("object_pattern", Some(value)) if are_few(pattern, &value) => {
                for child in pattern.named_children() {
                    self.property(child, &value, depth);
                }
            }
            ("array_pattern", Some(value)) => self.elements(pattern, &value, depth),
            ("assignment_pattern", Some(value)) => {
                let value = self.or_default(value, pattern);
                if let Some(left) = pattern.child_by_field_name("left") {
                    self.pattern(left, value, depth.saturating_add(1));
                }
            }
            _ => self.opaque(pattern),
        }
    }

    /// `{ a }`, `{ a: b }`, `{ a = b }`: each name is a member of the value.
    fn property(&mut self, child: Node<'t>, value: &Value, depth: usize) {
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
                let value = member(escapes::name(child, self.text), span(child));
                self.names.push((child, Some(value)));
            }
            "pair_pattern" => {
                let key = field("key").map(|key| property_key(key, self.text));
                match (key, field("value")) {
                    (Some((Some(name), name_span)), Some(target)) => {
                        let value = Some(member(name, name_span));
                        self.pattern(target, value, depth.saturating_add(1));
                    }
                    _ => self.opaque(child),
                }
            }
            "object_assignment_pattern" => {
                if let Some(name) = field("left") {
                    let value = member(escapes::name(name, self.text), span(name));
                    let value = self.or_default(value, child);
                    self.names.push((name, value));
                }
            }
            _ => self.opaque(child),
        }
    }

    /// `[a, b]`: each name is the element at its place. Behind a comment or a rest the places are
    /// not told apart.
    fn elements(&mut self, pattern: Node<'t>, value: &Value, depth: usize) {
        let mut end = span(pattern).start.saturating_add(1);
        let mut place = Some(0_u32);
        // What is spread in a list that is written there may be any number of elements.
        let spread = match &value.kind {
            ValueKind::Array(elements) => elements
                .iter()
                .position(|element| matches!(element, Element::Spread(_))),
            _ if are_few(pattern, value) => None,
            _ => Some(0),
        };
        let is_told = |place: u32| {
            spread.is_none_or(|spread| usize::try_from(place).is_ok_and(|place| place < spread))
        };
        for child in pattern.named_children() {
            let Span { start, end: after } = span(child);
            let between = Span {
                start: end,
                end: start,
            };
            end = after;
            let marks = between.text(self.text).chars();
            let mut marks = marks.filter(|c| !c.is_whitespace());
            place = place.and_then(|place| {
                marks.try_fold(place, |place, mark| match mark {
                    ',' => place.checked_add(1),
                    _ => None,
                })
            });
            match child.kind() {
                "rest_pattern" | "comment" => {
                    place = None;
                    self.opaque(child);
                }
                _ => {
                    let told = place.filter(|place| is_told(*place));
                    let element = told.and_then(|place| element(child, value, place));
                    self.pattern(child, element, depth.saturating_add(1));
                }
            }
        }
    }

    /// A value, or the default that a pattern has for what is `undefined`.
    fn or_default(&self, value: Value, pattern: Node<'t>) -> Option<Value> {
        let default = pattern.child_by_field_name("right")?;
        let default = lower_at(default, self.text, self.depth);
        Some(Value {
            span: span(pattern),
            kind: ValueKind::Choice(Box::new(Choice::Default(value, default))),
        })
    }

    /// Every name in a pattern, standing for nothing that is known.
    fn opaque(&mut self, pattern: Node<'t>) {
        let mut stack = vec![pattern];
        while let Some(node) = stack.pop() {
            match node.kind() {
                "identifier" | "shorthand_property_identifier_pattern" => {
                    self.names.push((node, None));
                }
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
}

/// Whether so few names are taken of so small a value that each may have a copy of it.
fn are_few(pattern: Node<'_>, value: &Value) -> bool {
    let names = pattern.named_children().take(MAX_COPIED).count();
    let most = MAX_COPIED.checked_div(names).unwrap_or(MAX_COPIED);
    value.has_at_most(most)
}

/// The element at a place, for what stands at `at`.
fn element(at: Node<'_>, value: &Value, place: u32) -> Option<Value> {
    if let ValueKind::Array(elements) = &value.kind {
        let place = usize::try_from(place).ok()?;
        return match elements.get(place) {
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
