//! The members of an enum, as those of an object.

use crate::syntax::lower::{lower, property_key};
use crate::syntax::value::{Property, Value, ValueKind};
use crate::syntax::{Node, span};

/// The members of the enum that a node declares.
pub(super) fn members(node: Node<'_>, text: &str) -> Vec<Property> {
    let Some(body) = node.child_by_field_name("body") else {
        return Vec::new();
    };
    let mut members = Vec::new();
    for child in body.named_children() {
        let (name, value) = match child.kind() {
            "enum_assignment" => {
                let Some(name) = child.child_by_field_name("name") else {
                    continue;
                };
                let value = child.child_by_field_name("value").map(|v| lower(v, text));
                (
                    name,
                    value.unwrap_or(Value {
                        span: span(child),
                        kind: ValueKind::Broken,
                    }),
                )
            }
            "property_identifier" | "string" => {
                // A member without a value is a number that nobody needs.
                (
                    child,
                    Value {
                        span: span(child),
                        kind: ValueKind::Unknown,
                    },
                )
            }
            _ => continue,
        };
        let (key, key_span) = property_key(name, text);
        members.push(Property::Pair {
            key,
            key_span,
            value,
            span: span(child),
        });
    }
    members
}
