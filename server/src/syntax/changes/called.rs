//! What calls change: a list by its methods, an object by functions of JavaScript's, in whatever way
//! these are called.

use super::{Change, Changes};
use crate::syntax::parts::{arguments, bare, member};
use crate::syntax::{Node, span};

/// The methods that change what they are called on.
const METHODS: [&str; 11] = [
    "push",
    "splice",
    "unshift",
    "pop",
    "shift",
    "sort",
    "reverse",
    "fill",
    "copyWithin",
    "__defineGetter__",
    "__defineSetter__",
];

/// The functions of `Object` and `Reflect` that change their first argument.
const OF_OBJECT: [&str; 4] = [
    "assign",
    "defineProperty",
    "defineProperties",
    "setPrototypeOf",
];
const OF_REFLECT: [&str; 4] = ["set", "defineProperty", "deleteProperty", "setPrototypeOf"];

/// What a function changes.
#[derive(Clone, Copy)]
enum Changed {
    /// What it is called on.
    This,
    /// Its first argument.
    First,
}

/// `list.push(...)`, `Object.assign(object, ...)`, `list.push.apply(list, ...)`.
pub(super) fn called<'t>(call: Node<'t>, text: &str, changes: &mut Changes<'t>) {
    let Some(callee) = call.child_by_field_name("function") else {
        return;
    };
    let Some((object, method)) = member(callee, text) else {
        return;
    };
    let given = arguments(call);
    let of = |function: Option<Node<'t>>| function.and_then(|function| changed_by(function, text));
    let change = match (method.as_str(), of(Some(callee))) {
        (_, Some(Changed::This)) => Some(Change {
            object,
            member: None,
            is_first: false,
            at: span(callee),
        }),
        (_, Some(Changed::First)) => at_place(&given, 0),
        // What is bound is called somewhere.
        ("call" | "bind", None) => match of(Some(object)) {
            Some(Changed::This) => at_place(&given, 0),
            Some(Changed::First) => at_place(&given, 1),
            None => None,
        },
        ("apply", None) => {
            let is_reflect = span(bare(object)).text(text) == "Reflect";
            let (function, this) = if is_reflect {
                (given.first().copied(), 1)
            } else {
                (Some(object), 0)
            };
            match of(function) {
                Some(Changed::This) => at_place(&given, this),
                Some(Changed::First) => {
                    let list = at_place(&given, this.saturating_add(1));
                    list.filter(|list| !list.is_first).map(|list| Change {
                        is_first: true,
                        ..list
                    })
                }
                None => None,
            }
        }
        _ => None,
    };
    changes.changes.extend(change);
}

/// What a function of JavaScript's changes, by what it is called.
fn changed_by(function: Node<'_>, text: &str) -> Option<Changed> {
    let (object, name) = member(function, text)?;
    let name = name.as_str();
    match span(bare(object)).text(text) {
        "Object" if OF_OBJECT.contains(&name) => Some(Changed::First),
        "Reflect" if OF_REFLECT.contains(&name) => Some(Changed::First),
        _ => METHODS.contains(&name).then_some(Changed::This),
    }
}

/// A change of the argument at a place, which may be the first of what is spread there.
fn at_place<'t>(arguments: &[Node<'t>], place: usize) -> Option<Change<'t>> {
    let is_spread = |argument: &&Node<'t>| argument.kind() == "spread_element";
    if arguments.iter().take(place).any(|a| is_spread(&a)) {
        return None;
    }
    let argument = *arguments.get(place)?;
    let spread = Some(argument).filter(|argument| is_spread(&argument));
    let object = match spread {
        Some(spread) => spread.first_named_child()?,
        None => argument,
    };
    Some(Change {
        object,
        member: None,
        is_first: spread.is_some(),
        at: span(argument),
    })
}
