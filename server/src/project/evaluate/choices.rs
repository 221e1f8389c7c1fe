//! Expressions that are one of several, and elements and members that are named by a value.

use super::{Evaluator, Followed};
use crate::project::resolved::{Kind, Lookup, Resolved};
use crate::span::{FileId, Span};
use crate::syntax::value::{At, Choice, Index, Member, Value, ValueKind};

/// What every object has without saying so.
const INHERITED: [&str; 12] = [
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

impl Evaluator<'_> {
    /// The expression that a choice falls on, where that is known.
    pub(super) fn choice(&self, file: FileId, choice: &Choice, span: Span) -> Followed {
        let (first, decided) = match choice {
            Choice::Nullish(first, _) | Choice::Default(first, _) | Choice::Or(first, _) => {
                (first, self.deciding(file, first, span))
            }
            Choice::And(first, _) => (first, self.eval(file, first, Some(span))),
            Choice::Condition(test, ..) => (test, self.deciding(file, test, span)),
        };
        let taken = match choice {
            Choice::Nullish(_, second) => is_nullish(&decided.kind).map(|is| is.then_some(second)),
            Choice::Default(_, second) => is_nullish(&decided.kind)
                .map(|_| (decided.kind == Kind::Undefined).then_some(second)),
            Choice::Or(_, second) => is_truthy(&decided.kind).map(|is| (!is).then_some(second)),
            Choice::And(_, second) => is_truthy(&decided.kind).map(|is| is.then_some(second)),
            Choice::Condition(_, then, otherwise) => {
                is_truthy(&decided.kind).map(|is| Some(if is { then } else { otherwise }))
            }
        };
        match taken {
            Some(Some(second)) => Followed::There(self.eval(file, second, Some(span))),
            Some(None) => Followed::There(decided),
            None if decided.kind == Kind::Broken || first.kind == ValueKind::Broken => {
                Followed::Here(Kind::Broken)
            }
            None => Followed::Here(Kind::Unknown),
        }
    }

    /// What decides: a member that an object does not have is `undefined`. Elsewhere it is not
    /// known, since it is a mistake more often.
    fn deciding(&self, file: FileId, value: &Value, span: Span) -> Resolved {
        let mut found = self.eval(file, value, Some(span));
        if found.kind == Kind::Unknown && self.is_absent(file, value, span) {
            found.kind = Kind::Undefined;
        }
        found
    }

    /// Whether an expression is a member that an object, or an element that a list, does not have.
    fn is_absent(&self, file: FileId, value: &Value, span: Span) -> bool {
        match &value.kind {
            ValueKind::Member(member) => {
                let object = self.eval(file, &member.object, Some(span));
                let Kind::Object(members) = &object.kind else {
                    return false;
                };
                !INHERITED.contains(&member.name.as_str())
                    && members.get(&member.name) == Lookup::Absent
                    && self.is_literal(&object)
            }
            ValueKind::Index(index) => {
                let At::Place(place) = &index.at else {
                    return false;
                };
                match self.eval(file, &index.object, Some(span)).kind {
                    Kind::List(list) => {
                        list.unresolved.is_empty()
                            && list.are_places
                            && usize::try_from(*place).is_ok_and(|place| place >= list.items.len())
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Whether an object is written as one, and no enum, which several declarations may add to.
    fn is_literal(&self, object: &Resolved) -> bool {
        let facts = self.facts(object.origin.file);
        facts.is_some_and(|facts| object.origin.span.text(&facts.text).starts_with('{'))
    }

    /// `LIST[0]`, `OBJECT[KEY]`.
    pub(super) fn index(&self, file: FileId, value: &Value, index: &Index, span: Span) -> Followed {
        let place = match &index.at {
            At::Place(place) => *place,
            At::Value(key) => {
                let Kind::String(name) = self.eval(file, key, Some(span)).kind else {
                    return Followed::Here(Kind::Unknown);
                };
                let member = Member {
                    object: index.object.clone(),
                    name,
                    name_span: key.span,
                };
                let kind = ValueKind::Member(Box::new(member));
                let member = Value {
                    span: value.span,
                    kind,
                };
                return Followed::There(self.eval(file, &member, Some(span)));
            }
        };
        let Kind::List(list) = self.eval(file, &index.object, Some(span)).kind else {
            return Followed::Here(Kind::Unknown);
        };
        let is_told = list.unresolved.is_empty() && list.are_places;
        let element = usize::try_from(place)
            .ok()
            .and_then(|place| list.items.get(place));
        match element.filter(|_| is_told) {
            Some(element) => Followed::There(self.used_here(element.clone(), span)),
            None => Followed::Here(Kind::Unknown),
        }
    }

    /// A part of something elsewhere is pointed at where it is used.
    pub(super) fn used_here(&self, mut part: Resolved, span: Span) -> Resolved {
        if part.origin.file != self.home {
            part.span = span;
        }
        part
    }
}

/// Whether a value is `null` or `undefined`, where that is known.
fn is_nullish(kind: &Kind) -> Option<bool> {
    match kind {
        Kind::Null | Kind::Undefined => Some(true),
        Kind::String(_)
        | Kind::Number
        | Kind::Bool(_)
        | Kind::List(_)
        | Kind::Object(_)
        | Kind::Function(_) => Some(false),
        Kind::Builder(_) | Kind::Unknown | Kind::Broken => None,
    }
}

/// Whether a value counts as true, where that is known.
fn is_truthy(kind: &Kind) -> Option<bool> {
    match kind {
        Kind::Null | Kind::Undefined => Some(false),
        Kind::Bool(is) => Some(*is),
        Kind::String(text) => Some(!text.is_empty()),
        Kind::List(_) | Kind::Object(_) | Kind::Function(_) => Some(true),
        Kind::Number | Kind::Builder(_) | Kind::Unknown | Kind::Broken => None,
    }
}
