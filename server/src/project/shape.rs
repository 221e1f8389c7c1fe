//! What a definition says of its table before its options: its name, and its columns from wherever
//! the table object is made.

mod call;

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::columns;
use super::model::{DeclaredTable, Name, NameKind};
use super::resolved::Resolved;
use super::{Columns, Evaluator, Project, Symbol, Target};
use crate::span::{FileId, Place, Span};
use crate::syntax::value::{Call, Member, Property, Value, ValueKind};
use crate::syntax::{ExportTarget, Imported};
pub use call::{Made, is_drizzle, is_table_function, table, table_call};

/// How many names may be followed one after another; a circle ends here.
const MAX_DEPTH: u32 = 48;

/// How many expressions are looked at for the tables of one file before the names of the rest are
/// not known: objects that spread members of each other would otherwise double at every step.
const MAX_STEPS: u32 = 100_000;

/// What is known of a table before its options.
pub struct Shape {
    /// Its name, where that can be told.
    pub name: Option<Name>,
    /// Whether the call that makes the table object is known.
    pub is_made: bool,
    /// The database's name for it.
    pub database_name: Option<SmolStr>,
    /// Its columns.
    pub columns: Arc<Columns>,
    /// Those of a key of several.
    pub primary_key: Vec<String>,
}

impl Shape {
    /// Of a table of which nothing is known.
    pub fn open() -> Self {
        let columns = Columns {
            list: Vec::new(),
            open: true,
            may_hide_scope: true,
        };
        Self {
            name: None,
            is_made: false,
            database_name: None,
            columns: Arc::new(columns),
            primary_key: Vec::new(),
        }
    }
}

/// The string that a name is given as.
pub fn text(value: &Resolved) -> Option<Name> {
    let text = SmolStr::new(value.as_str()?);
    let Place { file, span } = value.origin;
    let span = Span {
        start: span.start.saturating_add(1),
        end: span.end.saturating_sub(1),
    };
    Some(Name {
        text,
        place: Place { file, span },
        kind: NameKind::Text,
    })
}

/// A table object that an expression leads to.
struct Found {
    /// The file of its name and its value.
    file: FileId,
    name: Option<(SmolStr, Span, NameKind)>,
    /// What makes it, where that is known.
    value: Option<Arc<Value>>,
    /// Whether it comes from where nothing can be read.
    is_foreign: bool,
}

impl Found {
    /// Something that may be one table or another.
    fn nameless(file: FileId) -> Self {
        Self {
            file,
            name: None,
            value: None,
            is_foreign: false,
        }
    }

    /// Something whose declaration cannot be read, and what it is called there if that is known.
    fn foreign(file: FileId, name: Option<(SmolStr, Span)>) -> Self {
        Self {
            file,
            name: name.map(|(text, span)| (text, span, NameKind::Foreign)),
            value: None,
            is_foreign: true,
        }
    }
}

/// What becomes of the search for a property of an object.
enum Search {
    Found(Found),
    Absent,
    Unknown,
}

/// Reads the shapes of the tables that one file defines.
pub struct Shapes<'a> {
    /// The project.
    pub project: &'a Project,
    /// An evaluator for the file.
    pub evaluator: &'a Evaluator<'a>,
    /// The file.
    pub file: FileId,
    /// The tables that it declares, whose columns have been read already.
    pub declared: &'a [Arc<DeclaredTable>],
    /// How many expressions have been looked at in the file so far.
    pub steps: &'a Cell<u32>,
}

impl Shapes<'_> {
    /// Of `feature("claims", { columns: {...} })`: nothing but the name, since the columns are among
    /// the options.
    pub fn of_feature(&self, call: &Call) -> Shape {
        match call.arg(0) {
            Some(argument) => self.of_text(self.file, argument),
            None => Shape::open(),
        }
    }

    /// Of a table that is named by the text that an expression stands for.
    pub fn of_text(&self, file: FileId, value: &Value) -> Shape {
        let name = text(&self.evaluator.eval(file, value, None));
        Shape {
            database_name: name.as_ref().map(|name| name.text.clone()),
            name,
            ..Shape::open()
        }
    }

    /// Of `defineTable(claims, ...)`.
    pub fn of_table(&self, call: &Call) -> Shape {
        match call.arg(0) {
            Some(argument) => self.of_object(self.file, argument),
            None => Shape::open(),
        }
    }

    /// Of the table object that an expression stands for.
    pub fn of_object(&self, file: FileId, argument: &Value) -> Shape {
        let Some(found) = self.follow(file, argument, 0) else {
            return Shape::open();
        };
        // What was not looked at any more may have been the name.
        if self.steps.get() >= MAX_STEPS {
            return Shape::open();
        }
        let file = found.file;
        let name = found.name.map(|(text, span, kind)| Name {
            text,
            place: Place { file, span },
            kind,
        });
        let value = found.value.as_deref();
        let Some(call) = value.and_then(|value| table_call(self.evaluator, file, value)) else {
            return Shape {
                name,
                ..Shape::open()
            };
        };
        let outer = (file != self.file).then_some(argument.span);
        let eval = |value: &Value| self.evaluator.eval(file, value, outer);
        let database = call.arg(0).and_then(|argument| text(&eval(argument)));
        let mut declared = self.declared.iter();
        let known = declared.find(|d| name.as_ref().is_some_and(|n| n.place == d.name.place));
        let columns = match known {
            Some(known) => Arc::clone(&known.columns),
            None => Arc::new(columns::columns(
                self.evaluator,
                call.arg(1).map(eval).as_ref(),
                is_drizzle(self.evaluator, file, call),
            )),
        };
        Shape {
            database_name: database.as_ref().map(|name| name.text.clone()),
            name: name.or(database),
            is_made: true,
            columns,
            primary_key: columns::composite_key(call),
        }
    }

    /// What makes the table object, or the object of others, that an expression of the file stands
    /// for, and the file of that.
    pub fn maker(&self, value: &Value) -> Option<(FileId, Arc<Value>)> {
        let found = self.follow(self.file, value, 0)?;
        Some((found.file, found.value?))
    }

    /// Follows an expression to the table object that it stands for.
    fn follow(&self, file: FileId, value: &Value, depth: u32) -> Option<Found> {
        let spent = self.steps.get();
        self.steps.set(spent.saturating_add(1));
        if depth >= MAX_DEPTH || spent >= MAX_STEPS {
            return None;
        }
        if let ValueKind::Call(_) | ValueKind::Object(_) = value.kind {
            return Some(Found {
                file,
                name: None,
                value: Some(Arc::new(value.clone())),
                is_foreign: false,
            });
        }
        match (self.evaluator.symbol(file, value), &value.kind) {
            (Some(symbol), _) => self.of_symbol(symbol, depth),
            (None, ValueKind::Ident(name)) => self.imported(file, name, depth),
            (None, ValueKind::Member(member)) => self.member(file, member, depth + 1),
            (None, _) => None,
        }
    }

    fn of_symbol(&self, symbol: Symbol, depth: u32) -> Option<Found> {
        let Target::Value(value) = symbol.target else {
            return None;
        };
        let file = symbol.file;
        // `const claims = schema.claims`
        let further = value.as_deref().filter(|value| value.is_path());
        let further = further.and_then(|value| self.follow(file, value, depth + 1));
        let is_foreign = match further {
            Some(found) if found.name.is_some() || !found.is_foreign => return Some(found),
            further => further.is_some(),
        };
        let (name, value) = match symbol.name {
            Some((text, span)) => self.constant(file, &text, span, value),
            None => (None, value),
        };
        Some(Found {
            file,
            name: name.map(|(text, span)| (text, span, NameKind::Const)),
            value: value.filter(|_| !is_foreign),
            is_foreign,
        })
    }

    /// What a name stands for, and the name if it is that of one table: declared for the whole file,
    /// so in no function that may be called for several, and no choice between them. A variable that
    /// begins as a table is one.
    fn constant(
        &self,
        file: FileId,
        name: &SmolStr,
        declared: Span,
        value: Option<Arc<Value>>,
    ) -> (Option<(SmolStr, Span)>, Option<Arc<Value>>) {
        let facts = self.project.facts(file);
        let binding = facts.as_deref();
        let binding = binding.and_then(|facts| facts.scopes.at_top(name, declared));
        let begins = || {
            let begins = binding?.begins.clone()?;
            table(self.evaluator, file, facts.as_deref()?, &begins)?;
            Some(begins)
        };
        let value = value.or_else(begins);
        let is_one = |value: &Arc<Value>| binding.is_some() && !value.is_untold();
        let is_one = value.as_ref().is_some_and(is_one);
        (is_one.then(|| (name.clone(), declared)), value)
    }

    /// A name that is imported from where nothing can be read.
    fn imported(&self, file: FileId, local: &str, depth: u32) -> Option<Found> {
        let facts = self.project.facts(file)?;
        let import = facts.module.imports.iter().find(|i| i.local == local)?;
        Some(match &import.imported {
            Imported::Name(name, span) => self.elsewhere(file, &import.module, name, *span, depth),
            // What a module calls its default export cannot be told from outside.
            Imported::Default | Imported::Namespace => Found::foreign(file, None),
        })
    }

    /// What the last file that can be read takes under a name from the next one.
    fn elsewhere(&self, file: FileId, module: &str, name: &SmolStr, at: Span, depth: u32) -> Found {
        let further = self.project.resolve(file, module);
        let further = further.and_then(|there| self.taken(there, name, &RefCell::default(), depth));
        let is_name = name != "default";
        further.unwrap_or_else(|| Found::foreign(file, is_name.then(|| (name.clone(), at))))
    }

    /// What a file exports under a name and takes from one that cannot be read, if that is said in
    /// it or in one that it exports all of. As in JavaScript, each of those is asked once.
    fn taken(
        &self,
        file: FileId,
        name: &SmolStr,
        asked: &RefCell<FxHashSet<FileId>>,
        depth: u32,
    ) -> Option<Found> {
        if depth >= MAX_DEPTH || !asked.borrow_mut().insert(file) {
            return None;
        }
        let facts = self.project.facts(file)?;
        let Some(export) = facts.module.exports.iter().find(|e| e.name == *name) else {
            let mut stars = facts.module.stars.iter().filter(|_| name != "default");
            return stars.find_map(|(module, _)| {
                let there = self.project.resolve(file, module)?;
                self.taken(there, name, asked, depth + 1)
            });
        };
        let at = export.name_span;
        match &export.target {
            ExportTarget::From { name, module, .. } => Some(match name {
                Some(name) => self.elsewhere(file, module, name, at, depth + 1),
                None => Found::foreign(file, None),
            }),
            ExportTarget::Local(local) => self.imported(file, local, depth + 1),
        }
    }

    /// A member of an object, or of something that cannot be read: that is what people collect
    /// their tables in, each under its name.
    fn member(&self, file: FileId, member: &Member, depth: u32) -> Option<Found> {
        let foreign = || Found::foreign(file, Some((member.name.clone(), member.name_span)));
        let object = self.evaluator.symbol(file, &member.object);
        if let Some(Symbol {
            target: Target::Namespace,
            ..
        }) = object
        {
            return Some(foreign());
        }
        let is_changed = object.is_some_and(|symbol| symbol.changed.is_some());
        let object = self.follow(file, &member.object, depth)?;
        match object.value.as_deref().map(|value| &value.kind) {
            Some(ValueKind::Object(_)) if is_changed => Some(foreign()),
            Some(ValueKind::Object(properties)) => {
                let searched = RefCell::default();
                match self.property(object.file, properties, &member.name, &searched, depth) {
                    Search::Found(found) => Some(found),
                    Search::Absent | Search::Unknown => Some(foreign()),
                }
            }
            _ => object.is_foreign.then(foreign),
        }
    }

    /// The property of an object literal, spreads of others and of modules opened. An object that
    /// was searched in vain is not searched again.
    fn property(
        &self,
        file: FileId,
        properties: &[Property],
        name: &str,
        searched: &RefCell<FxHashSet<Place>>,
        depth: u32,
    ) -> Search {
        for property in properties.iter().rev() {
            match property {
                Property::Pair { key: Some(key), .. } if key != name => {}
                Property::Pair {
                    key: Some(key),
                    key_span,
                    value,
                    ..
                } => {
                    if value.is_untold() {
                        return Search::Found(Found::nameless(file));
                    }
                    let Some(found) = self.follow(file, value, depth + 1) else {
                        return Search::Unknown;
                    };
                    let is_inline = matches!(value.kind, ValueKind::Call(_));
                    if found.name.is_some() || !(is_inline || found.is_foreign) {
                        return Search::Found(found);
                    }
                    return Search::Found(Found {
                        file,
                        name: Some((key.clone(), *key_span, NameKind::Key)),
                        ..found
                    });
                }
                Property::Pair { key: None, .. } | Property::Computed(_) | Property::Broken(_) => {
                    return Search::Unknown;
                }
                Property::Spread(value) => {
                    match self.spread(file, value, name, searched, depth + 1) {
                        Search::Absent => {}
                        end => return end,
                    }
                }
            }
        }
        Search::Absent
    }

    fn spread(
        &self,
        file: FileId,
        value: &Value,
        name: &str,
        searched: &RefCell<FxHashSet<Place>>,
        depth: u32,
    ) -> Search {
        if let Some(Symbol {
            file,
            target: Target::Namespace,
            ..
        }) = self.evaluator.symbol(file, value)
        {
            let export = self.evaluator.export(file, name);
            let found = export.and_then(|symbol| self.of_symbol(symbol, depth));
            return found.map_or(Search::Absent, Search::Found);
        }
        let Some(found) = self.follow(file, value, depth) else {
            return Search::Unknown;
        };
        let Some(Value {
            kind: ValueKind::Object(properties),
            span,
        }) = found.value.as_deref()
        else {
            return Search::Unknown;
        };
        let place = Place {
            file: found.file,
            span: *span,
        };
        if !searched.borrow_mut().insert(place) {
            return Search::Absent;
        }
        self.property(found.file, properties, name, searched, depth)
    }
}

#[cfg(test)]
mod tests;
