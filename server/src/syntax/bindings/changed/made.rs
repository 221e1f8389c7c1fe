//! What changes lead to in what `new` makes.

use super::classes::Of;
use super::search::Search;
use crate::syntax::bindings::members::{Member, Members};
use crate::syntax::calls::is_function;
use crate::syntax::parts::{arguments, bare};
use crate::syntax::{Node, span};

impl<'t> Search<'_, 't> {
    /// What `new Name(...)` makes.
    pub(super) fn made(&mut self, new: Node<'t>, members: &Members) {
        let Some(constructor) = new.child_by_field_name("constructor").map(bare) else {
            return;
        };
        let first = arguments(new).first().copied();
        match span(constructor).text(self.reader.text) {
            // A set is taken for the list that it is made of, a map for the list of its pairs.
            "Set" | "Map" | "WeakSet" | "WeakMap" => {
                if members.split().is_some() {
                    self.push(first, members);
                }
            }
            "Proxy" | "WeakRef" => self.push(first, members),
            // A promise is taken for what it is of.
            "Promise" => self.settled(first.map(bare), members),
            _ => {
                if let Some(class) = self.class_of(constructor) {
                    self.class(class, Of::Made, members);
                } else {
                    // It may be another file's.
                    self.push(Some(constructor), &members.of(Member::Made));
                }
            }
        }
    }

    /// What the function of a new promise settles it with.
    fn settled(&mut self, function: Option<Node<'t>>, members: &Members) {
        let Some(function) = function.filter(|function| is_function(*function)) else {
            return;
        };
        let parameters = function.child_by_field_name("parameters");
        let parameter = function.child_by_field_name("parameter").or_else(|| {
            let first = parameters?.first_named_child()?;
            first.child_by_field_name("pattern")
        });
        let Some(settle) = parameter.map(|name| span(name).text(self.reader.text)) else {
            return;
        };
        let mut stack: Vec<Node<'t>> = function.child_by_field_name("body").into_iter().collect();
        while let Some(node) = stack.pop() {
            self.looks = self.looks.saturating_sub(1);
            let callee = node.child_by_field_name("function");
            if callee.is_some_and(|callee| span(callee).text(self.reader.text) == settle) {
                self.push(arguments(node).first().copied(), members);
            }
            stack.extend(node.named_children());
        }
    }
}
