//! What functions are handed: from a parameter, `arguments` or `this` to what stands in their place
//! where the function is called.

mod classes;
mod flows;
mod taken;
mod uses;

use std::sync::Arc;

use super::members::{Entered, Member, Members};
use super::{Reader, Step};
use crate::syntax::calls::is_function;
use crate::syntax::parts::{arguments, bare};
use crate::syntax::{Node, span};
pub(super) use flows::Handed;
pub(super) use taken::parameters;

/// The methods that hand each element of a list to a function.
const OF_EACH: [&str; 10] = [
    "forEach",
    "map",
    "flatMap",
    "filter",
    "find",
    "findIndex",
    "findLast",
    "findLastIndex",
    "some",
    "every",
];

/// How many of its parameters are looked at of a function that takes them as a list, and that a
/// method of a list calls. None hands over more.
const MAX_OF_EACH: usize = 4;

/// A place where a function is handed something.
#[derive(Debug, Clone)]
pub(super) struct Handing<'t> {
    pub how: How<'t>,
    /// The call by which the function was entered that the place stands in.
    pub entered: Option<Arc<Entered>>,
}

/// How a function is handed something.
#[derive(Debug, Clone)]
pub(super) enum How<'t> {
    /// It is called.
    Called(Called<'t>),
    /// It stands among the arguments of a method of JavaScript's, which calls it.
    Among(Node<'t>),
}

/// A call of a function.
#[derive(Debug, Clone, Default)]
pub(super) struct Called<'t> {
    pub this: Option<Node<'t>>,
    pub given: Vec<Given<'t>>,
}

/// What a function is given.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given<'t> {
    /// Something that no name stands for.
    Nothing,
    One(Node<'t>),
    /// The elements of a list.
    All(Node<'t>),
}

/// What a function knows something by that it is handed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// The parameter at an index.
    At(usize),
    /// A list of what it is given from an index on.
    From(usize),
    This,
}

impl<'t> Called<'t> {
    /// What a call hands over to what is called or made by it.
    pub(super) fn directly(call: Node<'t>) -> Self {
        let callee = call.child_by_field_name("function").map(bare);
        Self {
            this: callee.and_then(|callee| callee.child_by_field_name("object")),
            given: given(call),
        }
    }

    /// What a call hands over to a function of which it calls a method (`f.call(...)`), or that
    /// stands among its arguments (`Reflect.apply(f, ...)`); otherwise to what is called.
    pub(super) fn by(call: Node<'t>, text: &str) -> Self {
        let Some(callee) = call.child_by_field_name("function").map(bare) else {
            return Self::directly(call);
        };
        let all = given(call);
        let this = |at: usize| match all.get(at) {
            Some(Given::One(this)) => Some(*this),
            _ => None,
        };
        let list = |at: usize| match all.get(at) {
            Some(Given::One(list)) => vec![Given::All(*list)],
            _ => Vec::new(),
        };
        match (span(callee).text(text), method_of(callee, text)) {
            ("Reflect.apply", _) => Self {
                this: this(1),
                given: list(2),
            },
            ("Reflect.construct", _) => Self {
                this: None,
                given: list(1),
            },
            (_, Some("call" | "bind")) => Self {
                this: this(0),
                given: all.into_iter().skip(1).collect(),
            },
            (_, Some("apply")) => Self {
                this: this(0),
                given: list(1),
            },
            // `f.bind(...)(...)`
            _ if callee.kind() == "call_expression"
                && callee
                    .child_by_field_name("function")
                    .is_some_and(|bind| method_of(bare(bind), text) == Some("bind")) =>
            {
                let mut bound = Self::by(callee, text);
                bound.given.extend(all);
                bound
            }
            _ => Self::directly(call),
        }
    }

    /// Adds what stands in a place.
    fn add(&self, place: Place, members: &Members, found: &mut Vec<Step<'t>>) {
        match place {
            Place::At(index) => self.at(index, members, found),
            Place::From(first) => {
                let Some((member, rest)) = members.split() else {
                    return;
                };
                match member.place() {
                    Some(place) => self.at(first.saturating_add(place), &rest, found),
                    None => self.from(first, &rest, found),
                }
            }
            Place::This => found.extend(self.this.map(|this| (this, members.clone()))),
        }
    }

    fn at(&self, index: usize, members: &Members, found: &mut Vec<Step<'t>>) {
        // Behind a list the places are not known.
        let mut is_told = true;
        for (place, given) in self.given.iter().enumerate() {
            match given {
                _ if is_told && place > index => return,
                Given::One(node) if !is_told || place == index => {
                    found.push((*node, members.clone()));
                }
                Given::All(list) => {
                    let element = match index.checked_sub(place).filter(|_| is_told) {
                        Some(element) => Member::Named(element.to_string().into()),
                        None => Member::Element,
                    };
                    found.push((*list, members.of(element)));
                    is_told = false;
                }
                Given::One(_) | Given::Nothing => {}
            }
        }
    }

    fn from(&self, first: usize, members: &Members, found: &mut Vec<Step<'t>>) {
        for (place, given) in self.given.iter().enumerate() {
            match given {
                Given::One(node) if place >= first => found.push((*node, members.clone())),
                Given::All(list) => found.push((*list, members.of(Member::Element))),
                Given::One(_) | Given::Nothing => {}
            }
        }
    }
}

/// The arguments of a call, and what stands in the template of a tag.
fn given<'t>(call: Node<'t>) -> Vec<Given<'t>> {
    let is_template = call
        .child_by_field_name("arguments")
        .is_some_and(|arguments| arguments.kind() == "template_string");
    if is_template {
        let substitutions = arguments(call).into_iter();
        let substitutions = substitutions.filter(|part| part.kind() == "template_substitution");
        let values =
            substitutions.map(|part| part.first_named_child().map_or(Given::Nothing, Given::One));
        return std::iter::once(Given::Nothing).chain(values).collect();
    }
    let given = |argument: Node<'t>| match argument.kind() {
        "spread_element" => argument.first_named_child().map(Given::All),
        _ => Some(Given::One(argument)),
    };
    arguments(call).into_iter().filter_map(given).collect()
}

/// The name of the method that is called by a callee.
pub(super) fn method_of<'a>(callee: Node<'_>, text: &'a str) -> Option<&'a str> {
    let property = callee.child_by_field_name("property")?;
    Some(span(property).text(text))
}

impl<'t> Reader<'_, 't> {
    /// Adds what a function may be handed in a place.
    pub(super) fn handed(
        &self,
        function: Node<'t>,
        place: Place,
        members: &Members,
        found: &mut Vec<Step<'t>>,
    ) {
        let entered = members.entered.as_deref();
        if let Some(Entered { by, .. }) = entered.filter(|e| e.function == function.index()) {
            if let Some(call) = self.tree.node(by.index) {
                let members = members.entered_by(by.within.clone());
                Called::by(call, self.text).add(place, &members, found);
            }
            return;
        }
        self.handed_at(&self.went(function).handings, place, members, found);
        // Other files may call it too.
        found.push((function, members.of(Member::Handed(place))));
    }

    /// Adds what stands in a place of some calls.
    pub(super) fn handed_at(
        &self,
        handings: &[Handing<'t>],
        place: Place,
        members: &Members,
        found: &mut Vec<Step<'t>>,
    ) {
        for handing in handings {
            let members = members.entered_by(handing.entered.clone());
            match &handing.how {
                How::Called(called) => called.add(place, &members, found),
                How::Among(function) => self.of_each(*function, place, &members, found),
            }
        }
    }

    /// What `this` may be, or `arguments` if they are asked for.
    pub(super) fn handed_around(
        &self,
        node: Node<'t>,
        place: Place,
        members: &Members,
        found: &mut Vec<Step<'t>>,
    ) {
        let functions = node.ancestors().filter(|node| is_function(*node));
        let mut own = functions.filter(|node| node.kind() != "arrow_function");
        let Some(function) = own.next() else {
            return;
        };
        self.handed(function, place, members, found);
        if place == Place::This
            && let Some(object) = object_of(function)
        {
            found.push((object, members.clone()));
        }
    }

    /// What a method of JavaScript's hands over to a function that stands among its arguments.
    fn of_each(
        &self,
        function: Node<'t>,
        place: Place,
        members: &Members,
        found: &mut Vec<Step<'t>>,
    ) {
        let index = match place {
            Place::At(index) => index,
            Place::From(first) => {
                let Some((member, rest)) = members.split() else {
                    return;
                };
                let places = match member.place() {
                    Some(place) => place..place.saturating_add(1),
                    None => 0..MAX_OF_EACH,
                };
                for place in places {
                    let at = Place::At(first.saturating_add(place));
                    self.of_each(function, at, &rest, found);
                }
                return;
            }
            Place::This => {
                return found.extend(
                    self.this_of_each(function)
                        .map(|this| (this, members.clone())),
                );
            }
        };
        let Some(call) = function.parent().and_then(Node::parent) else {
            return;
        };
        let Some(callee) = call.child_by_field_name("function") else {
            return;
        };
        let arguments = arguments(call);
        let Some(place) = arguments.iter().position(|argument| *argument == function) else {
            return;
        };
        let method = method_of(callee, self.text).unwrap_or_default();
        let object = callee.child_by_field_name("object");
        let first = arguments.first().copied();
        let initial = arguments.get(1).copied();
        let is_from = span(callee).text(self.text) == "Array.from";
        let (list, members) = match (method, place, index) {
            (_, 1, 0) if is_from => (first, members.of(Member::Element)),
            (method, 0, 0) if OF_EACH.contains(&method) => (object, members.of(Member::Element)),
            (method, 0, 2) if OF_EACH.contains(&method) => (object, members.clone()),
            ("sort" | "toSorted", 0, 0 | 1) => (object, members.of(Member::Element)),
            ("reduce" | "reduceRight", 0, 0) if initial.is_some() => (initial, members.clone()),
            ("reduce" | "reduceRight", 0, 0 | 1) => (object, members.of(Member::Element)),
            ("reduce" | "reduceRight", 0, 3) => (object, members.clone()),
            // A promise is taken for what it is of.
            ("then", 0, 0) => (object, members.clone()),
            _ => return,
        };
        found.extend(list.map(|list| (list, members)));
    }

    /// What such a method is told to be `this` there.
    fn this_of_each(&self, function: Node<'t>) -> Option<Node<'t>> {
        let call = function.parent()?.parent()?;
        let method = method_of(call.child_by_field_name("function")?, self.text)?;
        let this = arguments(call).get(1).copied();
        this.filter(|this| OF_EACH.contains(&method) && *this != function)
    }
}

/// The object that a function is written in as a method.
fn object_of(function: Node<'_>) -> Option<Node<'_>> {
    let object = match function.kind() {
        "method_definition" => function.parent(),
        _ => function
            .parent()
            .filter(|pair| pair.kind() == "pair")
            .and_then(Node::parent),
    };
    object.filter(|object| object.kind() == "object")
}

#[cfg(test)]
mod tests;
