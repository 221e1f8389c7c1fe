//! Values as far as they could be followed: through names, spreads and files.

use std::ops::Deref;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::span::{FileId, Place, Span};
use crate::syntax::value::Value;

/// A value, where to point at it, and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// Where to point in the file that is looked at: at the literal if it stands there, else at
    /// the expression that leads out of the file.
    pub span: Span,
    /// Where the literal stands, a string with its quotes.
    pub origin: Place,
    /// The value.
    pub kind: Kind,
}

/// A followed value.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A string.
    String(SmolStr),
    /// A number.
    Number,
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// `undefined`.
    Undefined,
    /// A list, spreads opened.
    List(List),
    /// An object, spreads opened.
    Object(Object),
    /// A chain of calls as drizzle's and Quickback's builders are.
    Builder(Box<Builder>),
    /// A function, with what it returns where that is one expression.
    Function(Option<Box<Resolved>>),
    /// A value that cannot be followed.
    Unknown,
    /// Something that does not parse.
    Broken,
}

/// A list. Shared, since it is part of its object, of a block and of a setting.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct List(Arc<ListParts>);

/// What a list holds.
#[derive(Debug, Default, PartialEq)]
pub struct ListParts {
    /// The entries in order, those of resolved spreads included.
    pub items: Box<[Resolved]>,
    /// Spreads that could not be followed, where to point at them.
    pub unresolved: Box<[Span]>,
    /// Whether each entry is at its place: nothing is left out before it.
    pub are_places: bool,
}

impl Deref for List {
    type Target = ListParts;

    fn deref(&self) -> &ListParts {
        &self.0
    }
}

impl List {
    /// A list of these entries and spreads.
    pub fn new(items: Vec<Resolved>, unresolved: Vec<Span>, are_places: bool) -> Self {
        Self(Arc::new(ListParts {
            items: items.into(),
            unresolved: unresolved.into(),
            are_places,
        }))
    }

    /// Whether every entry is known.
    pub fn is_whole(&self) -> bool {
        self.unresolved.is_empty() && !self.items.iter().any(Resolved::is_unknown)
    }
}

/// An object.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object {
    /// Its parts in order, those of resolved spreads in their place. Shared, as those of a list.
    pub entries: Arc<[Entry]>,
}

/// A part of an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// A property.
    Property(Property),
    /// A spread or a computed key that could not be followed: any key may be in it.
    Unresolved(Span),
    /// Something that does not parse.
    Broken(Span),
}

/// A property of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// Its key.
    pub key: SmolStr,
    /// Where to point at the key.
    pub key_span: Span,
    /// Where the key is written.
    pub key_origin: Place,
    /// All of `key: value`, where it is written.
    pub origin: Place,
    /// Its value.
    pub value: Resolved,
    /// Whether it is written in the object itself and came by no spread.
    pub own: bool,
}

/// A property as it is when the object has been made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lookup<'a> {
    /// No such key.
    Absent,
    /// This one.
    Found(&'a Property),
    /// It depends on something that could not be followed, to which the range points.
    Unknown(Span),
}

impl Object {
    /// An object of these parts.
    pub fn new(entries: Vec<Entry>) -> Self {
        Self {
            entries: entries.into(),
        }
    }

    /// The properties in order.
    pub fn properties(&self) -> impl Iterator<Item = &Property> {
        self.entries.iter().filter_map(|e| match e {
            Entry::Property(property) => Some(property),
            Entry::Unresolved(_) | Entry::Broken(_) => None,
        })
    }

    /// The property that counts for `key`: the last one. What does not parse may be a key that is
    /// missed, but hides none that is there.
    pub fn get(&self, key: &str) -> Lookup<'_> {
        let mut broken = None;
        for entry in self.entries.iter().rev() {
            match entry {
                Entry::Property(property) if property.key == key => return Lookup::Found(property),
                Entry::Property(_) => {}
                Entry::Unresolved(span) => return Lookup::Unknown(*span),
                Entry::Broken(span) => broken = Some(*span),
            }
        }
        broken.map_or(Lookup::Absent, Lookup::Unknown)
    }

    /// The last property with that key, whatever may follow it.
    pub fn last(&self, key: &str) -> Option<&Property> {
        self.properties().filter(|p| p.key == key).last()
    }

    /// Where something stands that could not be followed, if it does.
    pub fn unresolved(&self) -> Option<Span> {
        self.entries.iter().find_map(|e| match e {
            Entry::Unresolved(span) | Entry::Broken(span) => Some(*span),
            Entry::Property(_) => None,
        })
    }
}

/// A chain of calls: `text("id").primaryKey()`.
#[derive(Debug, Clone, PartialEq)]
pub struct Builder {
    /// What the first call calls.
    pub callee: Callee,
    /// The arguments of the first call.
    pub args: Vec<Resolved>,
    /// The calls that follow.
    pub methods: Vec<Method>,
}

/// What is called, as `text` or `q.text`: the end of its path.
#[derive(Debug, Clone, PartialEq)]
pub struct Callee {
    /// The name before the last, if there is one: `q` of `q.text` and of `qb.q.text`.
    pub object: Option<SmolStr>,
    /// The last name: `text`. A name of a module is its name there.
    pub name: SmolStr,
    /// The calls that made what is called, where the project itself makes it:
    /// `pgEnum("mood", […])` of `mood("m")`.
    pub made_by: Option<Box<Builder>>,
    /// The function of the project's that is called, and its file, where it cannot stand for what it
    /// returns: it takes parameters, or does more than to return.
    pub helper: Option<(FileId, Arc<Value>)>,
}

/// A call on a chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Method {
    /// Its name.
    pub name: SmolStr,
    /// Its arguments.
    pub args: Vec<Resolved>,
}

impl Builder {
    /// The last part of what the first call calls: `text` of `q.text`.
    pub fn function(&self) -> &str {
        &self.callee.name
    }

    /// Whether the chain calls `name`.
    pub fn has(&self, name: &str) -> bool {
        self.methods.iter().any(|m| m.name == name)
    }
}

impl Resolved {
    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Object> {
        match &self.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Whether it could not be followed or does not parse, so that nothing may be said of it.
    pub fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown | Kind::Broken | Kind::Builder(_))
    }

    /// The range that a user would call wrong: of a string that is written in this file, that
    /// without its quotes.
    pub fn inner_span(&self) -> Span {
        match self.kind {
            Kind::String(_) if self.span == self.origin.span && self.span.len() >= 2 => Span {
                start: self.span.start + 1,
                end: self.span.end - 1,
            },
            _ => self.span,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A project keeps one of these for each value and property of its definitions, so a few bytes
    /// more in one are megabytes more with five thousand features.
    #[test]
    fn followed_values_stay_small() {
        assert!(size_of::<Kind>() <= 24);
        assert!(size_of::<Resolved>() <= 48);
        assert!(size_of::<Entry>() <= 112);
    }
}
