//! Where functions go that stand in classes.

use super::Called;
use super::flows::{Flow, Found};
use crate::syntax::Node;
use crate::syntax::bindings::Reader;
use crate::syntax::bindings::members::{Member, Members};
use crate::syntax::lower::is_marked;
use crate::syntax::parts::bare;

impl<'t> Reader<'_, 't> {
    /// What stands in a class is a member of it, or of what it makes.
    pub(super) fn in_class(
        &self,
        part: Node<'t>,
        body: Node<'t>,
        members: &Members,
        bound: usize,
        found: &mut Found<'t>,
    ) {
        let is_static = is_marked(part, "static", self.text);
        let mut members = members.clone();
        if part.kind() == "method_definition" {
            let key = self.key_of(part.child_by_field_name("name"));
            // That a class is called is that its constructor is.
            if key.is("constructor") {
                return found.flow(body.parent(), &members, bound);
            }
            members = self.of_method(part, &members).of(key);
        }
        if !is_static {
            members = members.of(Member::Made);
        }
        found.flow(body.parent(), &members, bound);
    }

    /// The members that lead to a method from what its name leads to.
    pub(super) fn of_method(&self, method: Node<'t>, members: &Members) -> Members {
        match is_marked(method, "set", self.text) {
            true => members.of(Member::Set),
            false => members.clone(),
        }
    }

    /// A class that extends another has the members of that, and calls its constructor.
    pub(super) fn extended(
        &self,
        clause: Node<'t>,
        members: &Members,
        bound: usize,
        found: &mut Found<'t>,
    ) {
        let mut around = clause.ancestors();
        let Some(class) = around.find(|node| node.child_by_field_name("body").is_some()) else {
            return;
        };
        if !members.is_none() {
            return found.flow(Some(class), members, bound);
        }
        let supers = self.uses().supers_in(class);
        if supers.is_empty() {
            return found.flow(Some(class), members, bound);
        }
        for call in supers {
            let flow = Flow {
                node: *call,
                members: members.clone(),
                bound,
            };
            found.called(Called::directly(*call), &flow);
        }
    }

    /// The constructor of a class of this file.
    pub(super) fn constructor(&self, class: Node<'t>) -> Option<Node<'t>> {
        let body = self.declared(bare(class))?.child_by_field_name("body")?;
        let is_constructor = |method: &Node<'t>| {
            method.kind() == "method_definition"
                && self
                    .key_of(method.child_by_field_name("name"))
                    .is("constructor")
        };
        body.named_children().find(is_constructor)
    }
}
