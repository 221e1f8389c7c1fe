//! What the members of a class stand for, where `this` leads to them.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::calls::is_function;
use super::escapes;
use super::lower::{is_marked, lower, property_key};
use super::value::{Value, ValueKind};
use super::{Node, Tree, span};
use crate::span::Span;

/// How many values of one member are kept. Few are given more than a first and a later one.
const MAX_VALUES: usize = 8;

/// The fields, getters and methods of the classes of a file.
#[derive(Debug, Default)]
pub struct Fields {
    /// Where `this` is another than around it, in the order of the text.
    places: Vec<Place>,
    /// What members are given, by the place of their class.
    values: FxHashMap<(usize, SmolStr), Vec<Value>>,
}

/// The body of a class, or a function that has a `this` of its own.
#[derive(Debug)]
struct Place {
    span: Span,
    /// The place around it.
    around: Option<usize>,
    is_class: bool,
}

impl Fields {
    /// Reads the classes of a file.
    pub fn of(tree: &Tree<'_>) -> Self {
        let text = tree.text();
        let mut fields = Self::default();
        for node in tree.nodes() {
            match node.kind() {
                "class_body" => {
                    fields.enter(node, true);
                    let class = fields.places.len().saturating_sub(1);
                    for member in node.named_children() {
                        fields.member(class, member, text);
                    }
                }
                "assignment_expression" => fields.assignment(node, text),
                "arrow_function" => {}
                // The methods of a class have its `this`.
                "method_definition" if node.parent().is_some_and(|p| p.kind() == "class_body") => {}
                _ if is_function(node) => fields.enter(node, false),
                _ => {}
            }
        }
        fields
    }

    /// What `this.name` may be at `offset`, in bytes: the first values that the class gives it, but for
    /// `null` and `undefined`.
    pub fn of_this(&self, name: &SmolStr, offset: u32) -> &[Value] {
        let class = self.class_at(offset);
        let values = class.and_then(|class| self.values.get(&(class, name.clone())));
        values.map_or(&[], Vec::as_slice)
    }

    fn enter(&mut self, node: Node<'_>, is_class: bool) {
        let place = Place {
            span: span(node),
            around: self.around(span(node).start),
            is_class,
        };
        self.places.push(place);
    }

    /// The innermost place around an offset.
    fn around(&self, offset: u32) -> Option<usize> {
        let after = self.places.partition_point(|p| p.span.start <= offset);
        let mut index = after.checked_sub(1)?;
        loop {
            let place = self.places.get(index)?;
            if offset < place.span.end {
                return Some(index);
            }
            index = place.around?;
        }
    }

    /// The class of which `this` is an object there.
    fn class_at(&self, offset: u32) -> Option<usize> {
        let place = self.around(offset)?;
        self.places.get(place)?.is_class.then_some(place)
    }

    fn member(&mut self, class: usize, member: Node<'_>, text: &str) {
        let name = member.child_by_field_name("name");
        let Some(name) = name.and_then(|name| property_key(name, text).0) else {
            return;
        };
        let value = match member.kind() {
            "public_field_definition" => {
                let value = member.child_by_field_name("value");
                value.map(|value| lower(value, text))
            }
            "method_definition" => {
                let method = lower(member, text);
                match method.kind {
                    ValueKind::Function(getter) if is_marked(member, "get", text) => getter.returns,
                    _ => Some(method),
                }
            }
            _ => None,
        };
        if let Some(value) = value {
            self.give(class, name, value);
        }
    }

    fn give(&mut self, class: usize, name: SmolStr, value: Value) {
        let values = self.values.entry((class, name)).or_default();
        let is_nothing = matches!(value.kind, ValueKind::Null | ValueKind::Undefined);
        if !is_nothing && values.len() < MAX_VALUES {
            values.push(value);
        }
    }

    /// `this.name = value`.
    fn assignment(&mut self, node: Node<'_>, text: &str) {
        let left = node.child_by_field_name("left");
        let Some(left) = left.filter(|left| left.kind() == "member_expression") else {
            return;
        };
        let (Some(object), Some(property), Some(value)) = (
            left.child_by_field_name("object"),
            left.child_by_field_name("property"),
            node.child_by_field_name("right"),
        ) else {
            return;
        };
        if object.kind() == "this"
            && let Some(class) = self.class_at(span(object).start)
        {
            self.give(class, escapes::name(property, text), lower(value, text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Dialect;

    /// The values of `this.NAME` at the mark `$0`, as they are written.
    fn found(name: &str, marked: &str) -> Vec<String> {
        let at = u32::try_from(marked.find("$0").unwrap()).unwrap();
        let text = marked.replace("$0", "");
        let tree = Tree::read(&text, Dialect::TypeScript);
        let fields = Fields::of(&tree);
        let values = fields.of_this(&name.into(), at).iter();
        values.map(|v| v.span.text(&text).to_owned()).collect()
    }

    #[test]
    fn a_member_is_what_its_class_gives_it() {
        for (name, text, expected) in [
            ("a", "class A { a = 1; f() { $0this.a } }", &["1"][..]),
            (
                "a",
                "class A { f() { () => $0this.a } readonly a: X = 1 }",
                &["1"],
            ),
            ("#a", "class A { #a = 1; f() { $0this.#a } }", &["1"]),
            (
                "a",
                "class A { get a() { return 1 } f() { $0this.a } }",
                &["1"],
            ),
            (
                "a",
                "class A { a() { return 1 } f() { $0this.a } }",
                &["a() { return 1 }"],
            ),
            (
                "a",
                "class A { a = null; constructor(b) { this.a = b; } f() { $0this.a } }",
                &["b"],
            ),
            ("a", "const A = class { 'a' = 1; b = $0this.a }", &["1"]),
            (
                "a",
                "class A { a = 1; f() { class B { a = 2; g() { $0this.a } } } }",
                &["2"],
            ),
            (
                "a",
                "class A { a = 1; f() { class B { a = 2 } $0this.a } }",
                &["1"],
            ),
            (
                "a",
                "class A { f() { function g() { this.a = 1 } $0this.a } }",
                &[],
            ),
            // Another `this`.
            (
                "a",
                "class A { a = 1; f() { function g() { $0this.a } } }",
                &[],
            ),
            (
                "a",
                "class A { a = 1; f() { x = { g() { $0this.a } } } }",
                &[],
            ),
            ("a", "class A { a = 1 } $0this.a", &[]),
            ("a", "$0this.a; class A { a = 1 }", &[]),
            ("b", "class A { a = 1; f() { $0this.b } }", &[]),
        ] {
            assert_eq!(found(name, text), expected, "{text}");
        }
    }
}
