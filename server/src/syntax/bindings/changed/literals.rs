//! What changes lead to in the literals of objects and lists.

use super::search::Search;
use crate::syntax::bindings::members::{Member, Members};
use crate::syntax::calls::is_function;
use crate::syntax::lower::{is_marked, property_key};
use crate::syntax::{Node, escapes};

impl<'t> Search<'_, 't> {
    /// Of a key that is written several times the last counts.
    pub(super) fn object(&mut self, object: Node<'t>, members: &Members) {
        let Some((first, rest)) = members.split() else {
            return;
        };
        let mut properties: Vec<Node<'t>> = object.named_children().collect();
        while let Some(property) = properties.pop() {
            self.looks = self.looks.saturating_sub(1);
            let (key, value) = match property.kind() {
                // A copy holds the same objects.
                "spread_element" => {
                    self.push(property.first_named_child(), members);
                    continue;
                }
                "shorthand_property_identifier" => (Some(property), Some(property)),
                "pair" => (
                    property.child_by_field_name("key"),
                    property.child_by_field_name("value"),
                ),
                "method_definition" => (property.child_by_field_name("name"), Some(property)),
                _ => continue,
            };
            let key = key.and_then(|key| property_key(key, self.reader.text).0);
            if first.may_be_key(key.as_deref()) {
                let rest = match is_marked(property, "get", self.reader.text) {
                    true => &rest.of(Member::Answer(None)),
                    false => &rest,
                };
                self.push(value, rest);
            }
            if key.is_some_and(|key| first.is(&key)) {
                return;
            }
        }
    }

    /// A namespace of TypeScript: the names that it exports.
    pub(super) fn namespace(&mut self, space: Node<'t>, members: &Members) {
        let Some((first, rest)) = members.split() else {
            return;
        };
        let body = space.child_by_field_name("body").into_iter();
        let statements = body.flat_map(Node::named_children);
        let exports = statements.filter(|node| node.kind() == "export_statement");
        for declaration in exports.filter_map(|e| e.child_by_field_name("declaration")) {
            let own = declaration.child_by_field_name("name");
            let declarators = declaration.named_children();
            let names = declarators.filter_map(|d| d.child_by_field_name("name"));
            for name in own.into_iter().chain(names) {
                self.looks = self.looks.saturating_sub(1);
                let key = escapes::name(name, self.reader.text);
                if name.kind() != "identifier" {
                    self.reader.sources(name, &rest, &mut self.found);
                } else if first.may_be_key(Some(&key)) {
                    self.push(Some(name), &rest);
                }
            }
        }
    }

    pub(super) fn array(&mut self, array: Node<'t>, members: &Members) {
        let Some((first, rest)) = members.split() else {
            return;
        };
        // Behind a spread the places are not known.
        let mut place = Some(0_usize);
        for child in array.children() {
            self.looks = self.looks.saturating_sub(1);
            match child.kind() {
                "," => place = place.and_then(|place| place.checked_add(1)),
                "spread_element" => {
                    place = None;
                    self.push(child.first_named_child(), &rest.of(Member::Element));
                }
                _ if first.may_be_place(place) => self.push(Some(child), &rest),
                _ => {}
            }
        }
    }
}

/// Whether a change of an expression's value may change more than that: what is written there is
/// part of nothing else, and only its members may be.
pub(super) fn leads_on(node: Node<'_>, members: &Members) -> bool {
    match node.kind() {
        "string" | "number" | "true" | "false" | "null" => false,
        _ if is_function(node) => {
            let first = members.split().map(|(first, _)| first);
            members.answered().is_some() || matches!(first, Some(Member::Handed(_)))
        }
        "object" | "array" => !members.is_none(),
        _ => true,
    }
}
