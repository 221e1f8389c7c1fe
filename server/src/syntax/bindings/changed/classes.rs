//! What changes lead to in classes: their fields, and what their methods put into `this`.

use super::search::Search;
use super::stores::Holder;
use crate::span::Span;
use crate::syntax::bindings::handed::Place;
use crate::syntax::bindings::members::{Member, Members};
use crate::syntax::lower::{is_marked, property_key};
use crate::syntax::parts::bare;
use crate::syntax::{Node, escapes, span};

/// Of what the members are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// The class itself.
    Class,
    /// The objects that it makes.
    Made,
}

impl<'t> Search<'_, 't> {
    /// `this`: an object that a class makes, the class, or what a method is called on.
    pub(super) fn this(&mut self, this: Node<'t>, members: &Members) {
        let Some((of, literal)) = self.holder_around(this) else {
            return self.around(this, Place::This, members);
        };
        match of {
            Of::Made => self.class(literal, Of::Made, members),
            Of::Class => self.written(literal, members),
        }
        if literal.kind() == "object" {
            self.around(this, Place::This, members);
        }
    }

    /// The class of whose member `this` is part, and whether it is that itself; or the object that a
    /// method is written in.
    pub(super) fn holder_around(&self, this: Node<'t>) -> Option<(Of, Node<'t>)> {
        for around in this.ancestors() {
            let parent = around.parent()?;
            let of = match around.kind() {
                "class_static_block" => Of::Class,
                "public_field_definition" => of_member(around, self.reader.text),
                "method_definition" if parent.kind() == "object" => {
                    return Some((Of::Class, parent));
                }
                "method_definition" => of_member(around, self.reader.text),
                "function_expression" | "generator_function" => {
                    let object = Some(parent).filter(|pair| pair.kind() == "pair");
                    return Some((Of::Class, object?.parent()?));
                }
                "function_declaration" | "generator_function_declaration" => return None,
                _ => continue,
            };
            return Some((of, parent.parent()?));
        }
        None
    }

    /// An object or a class that is written somewhere, by its name if it has one.
    fn written(&mut self, literal: Node<'t>, members: &Members) {
        let mut outermost = literal;
        while let Some(around) = outermost.parent().filter(|around| bare(*around) == literal) {
            outermost = around;
        }
        let declarator = outermost.parent();
        let declarator = declarator.filter(|parent| parent.kind() == "variable_declarator");
        let name = match literal.kind() {
            "object" => None,
            _ => literal.child_by_field_name("name"),
        };
        let name = name.or_else(|| declarator?.child_by_field_name("name"));
        match name {
            Some(name) if name.kind() == "identifier" || name.kind() == "type_identifier" => {
                self.name(name, members);
            }
            _ => self.push(Some(literal), members),
        }
    }

    /// The class that an expression is or names.
    pub(super) fn class_of(&self, expression: Node<'t>) -> Option<Node<'t>> {
        let expression = bare(expression);
        if expression.kind() == "class" {
            return Some(expression);
        }
        if expression.kind() != "identifier" {
            return None;
        }
        self.reader
            .declared(expression)
            .filter(|class| is_class(*class))
    }

    /// The fields of a class, or of what it makes, as long as it is told which: the objects of a
    /// class hold each other in circles.
    pub(super) fn class(&mut self, class: Node<'t>, of: Of, members: &Members) {
        if of == Of::Made {
            self.holder(Holder::Made(class.index()), members);
        }
        if members.is_none() || !members.are_told() {
            return;
        }
        // What is made is another thing than the class, which its own range stands for.
        let at = match of {
            Of::Class => span(class),
            Of::Made => Span {
                end: span(class).start,
                ..span(class)
            },
        };
        let Some(members) = self.enter(at, members) else {
            return;
        };
        let Some((first, rest)) = members.split().filter(|_| members.are_told()) else {
            return;
        };
        if !self.stores.step() {
            return;
        }
        for part in class.named_children() {
            if part.kind() == "class_heritage" {
                let clause = part
                    .first_named_child()
                    .filter(|c| c.kind() == "extends_clause");
                let parent = clause.and_then(|clause| clause.child_by_field_name("value"));
                if let Some(parent) = parent.and_then(|parent| self.class_of(parent)) {
                    self.class(parent, of, &members);
                }
            }
        }
        let body = class.child_by_field_name("body");
        for member in body.into_iter().flat_map(Node::named_children) {
            self.looks = self.looks.saturating_sub(1);
            let Some(name) = member.child_by_field_name("name") else {
                continue;
            };
            let text = self.reader.text;
            let key = property_key(name, text).0;
            if member.kind() == "method_definition" && key.as_deref() == Some("constructor") {
                if of == Of::Made {
                    self.constructor(member, &first, &rest);
                }
                continue;
            }
            if of_member(member, text) != of || !first.may_be_key(key.as_deref()) {
                continue;
            }
            match member.kind() {
                "public_field_definition" => {
                    self.push(member.child_by_field_name("value"), &rest);
                }
                "method_definition" if is_marked(member, "get", text) => {
                    self.push(Some(member), &rest.of(Member::Answer(None)));
                }
                "method_definition" => self.push(Some(member), &rest),
                _ => {}
            }
        }
    }

    /// The parameters of a constructor that are fields too.
    fn constructor(&mut self, constructor: Node<'t>, first: &Member, rest: &Members) {
        let parameters = constructor.child_by_field_name("parameters");
        for parameter in parameters.into_iter().flat_map(Node::named_children) {
            let Some(pattern) = parameter.child_by_field_name("pattern") else {
                continue;
            };
            let name = escapes::name(pattern, self.reader.text);
            if is_field(parameter, pattern, self.reader.text) && first.may_be_key(Some(&name)) {
                self.reader.sources(pattern, rest, &mut self.found);
            }
        }
    }
}

/// Whether a node is a class.
pub(super) fn is_class(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "class" | "class_declaration" | "abstract_class_declaration"
    )
}

/// Whose member is declared in a class.
fn of_member(member: Node<'_>, text: &str) -> Of {
    match is_marked(member, "static", text) {
        true => Of::Class,
        false => Of::Made,
    }
}

/// Whether a parameter of a constructor is a field too.
fn is_field(parameter: Node<'_>, pattern: Node<'_>, text: &str) -> bool {
    const MODIFIERS: [&str; 5] = ["public", "private", "protected", "readonly", "override"];
    let before = Span {
        start: span(parameter).start,
        end: span(pattern).start,
    };
    let mut words = before.text(text).split_whitespace();
    words.any(|word| MODIFIERS.contains(&word))
}
