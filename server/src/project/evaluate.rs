//! Follows expressions through names, members, spreads and files.

mod calls;
mod choices;
mod frames;
mod helper;
mod quickback;
mod symbol;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::Project;
use super::resolved::{Callee, Entry, Kind, List, Object, Property, Resolved};
use crate::facts::FileFacts;
use crate::span::{FileId, Place, Span};
use crate::syntax::Imported;
use crate::syntax::value::{self, Element, Value, ValueKind};
use frames::Frame;
pub use symbol::{Symbol, Target};

/// How many names may be followed one after another; a circle ends here.
const MAX_DEPTH: u32 = 48;

/// How many expressions one evaluator looks at before it calls the rest unknown: lists that
/// spread each other twice would otherwise double at every step.
const MAX_STEPS: u32 = 200_000;

/// How many entries of a list or an object are looked at. Longer ones are data, and no table has as
/// many columns; what is left out counts as unknown.
const MAX_ENTRIES: usize = 2_000;

/// Follows the expressions of one file.
pub struct Evaluator<'p> {
    project: &'p Project,
    home: FileId,
    depth: Cell<u32>,
    steps: Cell<u32>,
    /// The facts of the files that were looked at, the home file's too: asking the project for them
    /// at each name takes longer than following it.
    facts: RefCell<FxHashMap<FileId, Option<Arc<FileFacts>>>>,
    imports: RefCell<FxHashMap<(FileId, SmolStr), Option<FileId>>>,
    /// What was asked of modules that export all of others, while that is followed: each of them is
    /// asked once, or the ways through barrels that export each other are without number.
    starred: RefCell<FxHashSet<(FileId, SmolStr)>>,
    changed: RefCell<Vec<(Span, Place)>>,
    followed: RefCell<FxHashSet<Place>>,
    /// The call of a function of which the body is followed.
    frame: RefCell<Option<Rc<Frame>>>,
}

impl<'p> Evaluator<'p> {
    /// An evaluator for the expressions of `home`.
    pub fn new(project: &'p Project, home: FileId) -> Self {
        Self {
            project,
            home,
            depth: Cell::new(0),
            steps: Cell::new(0),
            facts: RefCell::default(),
            imports: RefCell::default(),
            starred: RefCell::default(),
            changed: RefCell::default(),
            followed: RefCell::default(),
            frame: RefCell::default(),
        }
    }

    /// The names of the home file that could not be followed so far, since what they stand for is
    /// changed after it was made, each with where it is.
    pub fn changed(&self) -> Vec<(Span, Place)> {
        let mut changed = self.changed.borrow().clone();
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// The other files that were looked at so far.
    pub fn visited(&self) -> Vec<FileId> {
        let looked_at = self.facts.borrow();
        let others = looked_at.keys().copied().filter(|file| *file != self.home);
        let mut files: Vec<FileId> = others.collect();
        files.sort_unstable();
        files
    }

    /// The constants that were followed so far and hold an object or a list, and the functions that
    /// answer one: their places.
    pub fn followed(&self) -> Vec<Place> {
        let mut followed: Vec<Place> = self.followed.borrow().iter().copied().collect();
        followed.sort_unstable();
        followed
    }

    /// Follows an expression of the home file.
    pub fn value(&self, value: &Value) -> Resolved {
        self.eval(self.home, value, None)
    }

    /// Follows an expression of any file; `outer` is where to point if that is not the home file.
    pub fn eval(&self, file: FileId, value: &Value, outer: Option<Span>) -> Resolved {
        let span = if file == self.home {
            value.span
        } else {
            outer.unwrap_or(value.span)
        };
        let spent = self.steps.get();
        self.steps.set(spent.saturating_add(1));
        let kind = if self.depth.get() >= MAX_DEPTH || spent >= MAX_STEPS {
            Kind::Unknown
        } else {
            self.depth.set(self.depth.get() + 1);
            let kind = self.kind(file, value, span);
            self.depth.set(self.depth.get() - 1);
            match kind {
                Followed::Here(kind) => kind,
                Followed::There(resolved) => return resolved,
            }
        };
        Resolved {
            span,
            origin: Place {
                file,
                span: value.span,
            },
            kind,
        }
    }

    fn kind(&self, file: FileId, value: &Value, span: Span) -> Followed {
        Followed::Here(match &value.kind {
            ValueKind::String(text) => Kind::String(text.clone()),
            ValueKind::Number => Kind::Number,
            ValueKind::Bool(value) => Kind::Bool(*value),
            ValueKind::Null => Kind::Null,
            ValueKind::Undefined => Kind::Undefined,
            ValueKind::Unknown => Kind::Unknown,
            ValueKind::Broken => Kind::Broken,
            ValueKind::Array(elements) => Kind::List(self.list(file, elements, span)),
            ValueKind::Object(properties) => {
                Kind::Object(self.object(file, value.span, properties, span))
            }
            ValueKind::Function(function) => {
                let returns = function.returns.as_ref();
                // What a promise is of is answered by nobody who only calls.
                let returns = returns.filter(|_| !function.is_async);
                Kind::Function(returns.map(|r| Box::new(self.eval(file, r, Some(span)))))
            }
            ValueKind::Given(index) => return self.given(*index),
            ValueKind::Rest => return self.rest(),
            ValueKind::Ident(_) => return self.name(file, value, span),
            ValueKind::Member(member) => return self.member(file, value, member, span),
            ValueKind::Call(call) => return self.call(file, call, span, false),
            ValueKind::Choice(choice) => return self.choice(file, choice, span),
            ValueKind::Index(index) => return self.index(file, value, index, span),
            ValueKind::Await(value) => return self.awaited(file, value, span),
        })
    }

    /// A name: what it stands for, if that is known.
    fn name(&self, file: FileId, value: &Value, span: Span) -> Followed {
        if let Some(given) = self.parameter(file, value) {
            return Followed::There(given);
        }
        match self.symbol(file, value) {
            Some(symbol) => self.symbol_value(&symbol, span),
            None => Followed::Here(Kind::Unknown),
        }
    }

    /// What a symbol stands for, unless that is an object or a list, or what a function made of some,
    /// that is changed after it was made.
    fn symbol_value(&self, symbol: &Symbol, span: Span) -> Followed {
        let Target::Value(Some(target)) = &symbol.target else {
            return Followed::Here(Kind::Unknown);
        };
        let file = symbol.file;
        let outer = (file != self.home).then_some(span);
        let resolved = self.within(None, || self.eval(file, target, outer));
        let is_made = matches!(resolved.kind, Kind::Builder(_));
        if !is_made && !matches!(resolved.kind, Kind::Object(_) | Kind::List(_)) {
            return Followed::There(resolved);
        }
        if let Some(at) = symbol.changed {
            self.changed.borrow_mut().push((span, at));
            return Followed::Here(Kind::Unknown);
        }
        // Most of what functions make is tables and columns, which no other file changes: only what
        // the configuration is made of is watched.
        if !is_made || self.project.config() == Some(self.home) {
            self.followed.borrow_mut().extend(symbol.place());
        }
        Followed::There(resolved)
    }

    /// What a symbol was made as, whatever is changed of it: for who knows that he reads nothing of
    /// that.
    pub fn as_made(&self, symbol: &Symbol) -> Option<Resolved> {
        let Target::Value(Some(target)) = &symbol.target else {
            return None;
        };
        self.followed.borrow_mut().extend(symbol.place());
        Some(self.within(None, || self.eval(symbol.file, target, None)))
    }

    fn member(&self, file: FileId, value: &Value, member: &value::Member, span: Span) -> Followed {
        if let Some(symbol) = self.symbol(file, value)
            && matches!(symbol.target, Target::Value(Some(_)))
        {
            return self.symbol_value(&symbol, span);
        }
        let resolved = self.eval(file, &member.object, Some(span));
        if let Kind::Object(object) = &resolved.kind
            && let super::resolved::Lookup::Found(property) = object.get(&member.name)
        {
            return Followed::There(self.used_here(property.value.clone(), span));
        }
        Followed::Here(Kind::Unknown)
    }

    /// The end of a path `a.b.c`, its first name as its module calls it; `None` of anything else.
    pub fn callee(&self, file: FileId, value: &Value) -> Option<Callee> {
        match &value.kind {
            ValueKind::Ident(name) => {
                let facts = self.facts(file)?;
                let mut imports = facts.module.imports.iter();
                let name = match imports.find(|i| i.local == *name).map(|i| &i.imported) {
                    Some(Imported::Name(original, _)) => original.clone(),
                    _ => name.clone(),
                };
                Some(Callee {
                    object: None,
                    name,
                    made_by: None,
                    helper: None,
                })
            }
            ValueKind::Member(member) => {
                let object = self.callee(file, &member.object)?;
                // `const columns = q`, or one that another file exports again.
                let is_q = || self.quickback_name(file, &member.object).as_deref() == Some("q");
                let is_named_otherwise = object.object.is_none() && object.name != "q" && is_q();
                Some(Callee {
                    object: Some(if is_named_otherwise {
                        SmolStr::new_static("q")
                    } else {
                        object.name
                    }),
                    name: member.name.clone(),
                    made_by: None,
                    helper: None,
                })
            }
            _ => None,
        }
    }

    fn list(&self, file: FileId, elements: &[Element], outer: Span) -> List {
        let mut items = Vec::with_capacity(elements.len());
        let mut unresolved = Vec::new();
        let mut are_places = true;
        for element in elements {
            if items.len() >= MAX_ENTRIES {
                unresolved.push(outer);
                break;
            }
            match element {
                Element::Item(value) => items.push(self.eval(file, value, Some(outer))),
                Element::Hole => are_places = false,
                Element::Spread(value) => {
                    let spread = self.eval(file, value, Some(outer));
                    match spread.kind {
                        Kind::List(inner) => {
                            items.extend(inner.items.iter().cloned());
                            unresolved.extend_from_slice(&inner.unresolved);
                            are_places &= inner.are_places;
                        }
                        _ => unresolved.push(spread.span),
                    }
                }
            }
        }
        List::new(items, unresolved, are_places)
    }

    fn object(
        &self,
        file: FileId,
        literal: Span,
        properties: &[value::Property],
        outer: Span,
    ) -> Object {
        let mut entries = Vec::with_capacity(properties.len());
        let here = |span: Span| if file == self.home { span } else { outer };
        for property in properties {
            if entries.len() >= MAX_ENTRIES {
                entries.push(Entry::Unresolved(outer));
                break;
            }
            match property {
                // Without brackets this is no property: what is not in the object is looked up there.
                value::Property::Pair {
                    key: Some(key),
                    key_span,
                    value,
                    span,
                } if key == "__proto__" && value.span != *key_span => {
                    if self.eval(file, value, Some(outer)).kind != Kind::Null {
                        entries.push(Entry::Unresolved(here(*span)));
                    }
                }
                value::Property::Pair {
                    key: Some(key),
                    key_span,
                    value,
                    span,
                } => {
                    entries.push(Entry::Property(Property {
                        key: key.clone(),
                        key_span: here(*key_span),
                        key_origin: Place {
                            file,
                            span: *key_span,
                        },
                        origin: Place { file, span: *span },
                        value: self.eval(file, value, Some(outer)),
                        own: true,
                    }));
                }
                value::Property::Pair {
                    key: None, span, ..
                } => entries.push(Entry::Unresolved(here(*span))),
                value::Property::Computed(computed) => {
                    entries.push(self.computed(file, computed, outer));
                }
                value::Property::Broken(span) => entries.push(Entry::Broken(here(*span))),
                value::Property::Spread(value) => {
                    let spread = self.eval(file, value, Some(outer));
                    match spread.kind {
                        Kind::Object(inner) => {
                            entries.extend(inner.entries.iter().map(|e| match e {
                                Entry::Property(p) => Entry::Property(Property {
                                    own: false,
                                    ..p.clone()
                                }),
                                other => other.clone(),
                            }))
                        }
                        // Spreading nothing adds nothing.
                        Kind::Null | Kind::Undefined | Kind::Bool(false) => {}
                        _ => entries.push(Entry::Unresolved(spread.span)),
                    }
                }
            }
        }
        // The parser mends an error by leaving something out: any key may have been that.
        if let Some(error) = self.error_in(file, literal) {
            entries.push(Entry::Broken(here(error)));
        }
        Object::new(entries)
    }

    /// An entry whose key is computed.
    fn computed(&self, file: FileId, computed: &value::Computed, outer: Span) -> Entry {
        let here = |span: Span| if file == self.home { span } else { outer };
        let Kind::String(key) = self.eval(file, &computed.key, Some(outer)).kind else {
            return Entry::Unresolved(here(computed.span));
        };
        let place = |span| Place { file, span };
        Entry::Property(Property {
            key,
            key_span: here(computed.key_span),
            key_origin: place(computed.key_span),
            origin: place(computed.span),
            value: self.eval(file, &computed.value, Some(outer)),
            // It may be meant to replace one that stands before it.
            own: false,
        })
    }

    /// The first place in a range, or right behind it, that does not parse.
    fn error_in(&self, file: FileId, range: Span) -> Option<Span> {
        let facts = self.facts(file)?;
        let behind = range.end.saturating_add(1);
        let mut errors = facts.errors.iter().copied();
        errors.find(|error| error.start <= behind && range.start <= error.end)
    }

    /// What a file says, which is noted as looked at.
    pub fn facts(&self, file: FileId) -> Option<Arc<FileFacts>> {
        if let Some(facts) = self.facts.borrow().get(&file) {
            return facts.clone();
        }
        let facts = self.project.facts(file);
        self.facts.borrow_mut().insert(file, facts.clone());
        facts
    }

    /// The file that an import in `file` means.
    fn imported(&self, file: FileId, module: &SmolStr) -> Option<FileId> {
        let key = (file, module.clone());
        if let Some(found) = self.imports.borrow().get(&key) {
            return *found;
        }
        let found = self.project.resolve(file, module);
        self.imports.borrow_mut().insert(key, found);
        found
    }
}

enum Followed {
    Here(Kind),
    There(Resolved),
}

#[cfg(test)]
mod tests;
