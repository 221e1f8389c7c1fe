//! What changes lead to that calls answer, and that the functions around are handed.

use super::ImportedFrom;
use super::search::Search;
use crate::syntax::bindings::handed::Place;
use crate::syntax::bindings::members::Members;
use crate::syntax::escapes::string;
use crate::syntax::parts::{arguments, bare};
use crate::syntax::{Node, span};

impl<'t> Search<'_, 't> {
    /// What a function is handed that something stands in.
    pub(super) fn around(&mut self, node: Node<'t>, place: Place, members: &Members) {
        if let Some(members) = self.enter(span(node), members) {
            let found = &mut self.found;
            self.reader.handed_around(node, place, &members, found);
        }
    }

    /// A call: what it answers may be part of something, or of another module.
    pub(super) fn call(&mut self, call: Node<'t>, members: &Members) {
        let Some(callee) = call.child_by_field_name("function").map(bare) else {
            return;
        };
        let name = span(callee).text(self.reader.text);
        let is_free = || {
            self.reader
                .scopes
                .lookup(name, span(callee).start)
                .is_none()
        };
        match callee.kind() {
            "import" => self.module(call, members),
            "identifier" if name == "require" && is_free() => self.module(call, members),
            "identifier" if is_free() => self.import(ImportedFrom::Call(name.into()), members),
            _ => {
                if let Some(members) = self.enter(span(call), members) {
                    self.reader.answers(call, &members, &mut self.found);
                }
            }
        }
    }

    fn module(&mut self, call: Node<'t>, members: &Members) {
        let module = arguments(call).first().copied().map(bare);
        if let Some(module) = module.filter(|module| module.kind() == "string") {
            let module = string(module, self.reader.text);
            self.import(ImportedFrom::Module(module), members);
        }
    }
}
