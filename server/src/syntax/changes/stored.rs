//! What calls put into something: an element into a list, a value into a map.

use crate::syntax::Node;
use crate::syntax::parts::{arguments, bare, member};
use crate::syntax::span;

/// Something that is put into an object or a list.
#[derive(Debug, Clone, Copy)]
pub(in crate::syntax) struct Store<'t> {
    /// The expression that it is put into.
    pub into: Node<'t>,
    /// As what it is put there.
    pub slot: Slot,
    /// What is put there.
    pub value: Node<'t>,
}

/// As what something is put into an object or a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::syntax) enum Slot {
    /// As the member that is assigned to.
    Member,
    /// As a member whose name is not looked at.
    Some,
    /// The same, by a description of it: `{ value: ... }`.
    Described,
    /// As an element of a list.
    Element,
    /// Its elements as those of a list.
    Elements,
    /// As the second of a pair, of which a map is taken for a list.
    Pair,
    /// Its members as those of an object.
    Members,
}

/// Adds what a call puts somewhere.
pub(super) fn collect<'t>(call: Node<'t>, text: &str, stores: &mut Vec<Store<'t>>) {
    let callee = call.child_by_field_name("function").map(bare);
    let Some((object, method)) = callee.and_then(|callee| member(callee, text)) else {
        return;
    };
    let of = span(bare(object)).text(text);
    let (is_first, slot, skipped, taken) = match (of, method.as_str()) {
        ("Object", "assign") => (true, Slot::Members, 1, usize::MAX),
        ("Object" | "Reflect", "defineProperty") => (true, Slot::Described, 2, 1),
        ("Reflect", "set") => (true, Slot::Some, 2, 1),
        (_, "push" | "unshift") => (false, Slot::Element, 0, usize::MAX),
        (_, "splice") => (false, Slot::Element, 2, usize::MAX),
        (_, "fill" | "add") => (false, Slot::Element, 0, 1),
        (_, "set") => (false, Slot::Pair, 1, 1),
        _ => return,
    };
    let arguments = arguments(call);
    let into = match is_first {
        true => arguments.first().copied(),
        false => Some(object),
    };
    let Some(into) = into.filter(|into| into.kind() != "spread_element") else {
        return;
    };
    for argument in arguments.into_iter().skip(skipped).take(taken) {
        let spread = Some(argument).filter(|argument| argument.kind() == "spread_element");
        let store = match spread.map(Node::first_named_child) {
            Some(None) => continue,
            Some(Some(value)) if slot == Slot::Element => Store {
                into,
                slot: Slot::Elements,
                value,
            },
            Some(Some(value)) => Store { into, slot, value },
            None => Store {
                into,
                slot,
                value: argument,
            },
        };
        stores.push(store);
    }
}
