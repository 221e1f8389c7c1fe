//! What names stand for, and everywhere they are written.
//!
//! Navigation, highlights, renaming and hover all ask here: one walk over what a file means gives
//! every place at which a column, a role, a table, a namespace or an event is named.

mod actions;
mod options;

use smol_str::SmolStr;

use crate::facts::FileFacts;
use crate::project::Project;
use crate::project::model::{Call, FileModel, Method, Namespace, Table};
use crate::project::resolved::{Property, Resolved};
use crate::settings;
use crate::span::{FileId, Place, Span};
use crate::syntax::value::{Value, ValueKind};
pub use options::{Named, Unread};

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Symbol {
    /// A column, by where its key is declared: tables that spread one object share it.
    Column(Place),
    /// A column that the compiler adds, by its name.
    Injected(String),
    /// A role, without `+`.
    Role(String),
    /// A table by its name.
    Table(String),
    /// A namespace by its name.
    Namespace(String),
    /// An event of a namespace.
    Event(String, String),
}

/// A place at which something is named.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Occurrence {
    /// Where the name stands, without quotes and without a role's `+`.
    pub place: Place,
    /// What it stands for.
    pub symbol: Symbol,
    /// Whether this is where it is declared.
    pub is_declaration: bool,
}

/// A place at which something may be named, or something else that is called the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unsure {
    /// Where the name stands.
    pub place: Place,
    /// What it may stand for.
    pub symbol: Symbol,
    /// The option of a definition that it stands in.
    pub option: SmolStr,
}

/// What a file says of names.
#[derive(Debug, Default)]
pub struct Said {
    /// Every place that its meaning names something at.
    pub found: Vec<Occurrence>,
    /// What may name something and cannot be read.
    pub unread: Vec<Unread>,
    /// What names something or is only called so.
    pub unsure: Vec<Unsure>,
}

/// Every place that the meaning of `file` names something at. Some are in other files: those of
/// constants that it takes up.
pub fn occurrences(project: &Project, file: FileId) -> Vec<Occurrence> {
    read(project, file).found
}

/// The same, and what may name something too.
fn read(project: &Project, file: FileId) -> Said {
    let mut walk = Walk {
        project,
        file,
        said: Said::default(),
    };
    if file == settings::FILE {
        walk.extra_roles();
        return walk.said;
    }
    let model = project.model(file);
    walk.declared(&model);
    for table in &model.tables {
        walk.table(table);
    }
    for namespace in &model.namespaces {
        walk.namespace(namespace);
    }
    for call in &model.calls {
        walk.call(call);
    }
    if let Some(facts) = project.facts(file) {
        walk.arguments(file, &facts, &model);
        walk.actions(&facts);
    }
    if project.config() == Some(file) {
        walk.hierarchy();
    }
    let mut said = walk.said;
    said.found.sort();
    said.found.dedup();
    said
}

/// What is named at an offset, the narrowest name first; more than one where a constant stands for
/// the columns of several tables.
pub fn at(project: &Project, file: FileId, offset: u32) -> Vec<Occurrence> {
    let here = |found: Vec<Occurrence>| -> Vec<Occurrence> {
        found
            .into_iter()
            .filter(|o| o.place.file == file && o.place.span.touches(offset))
            .collect()
    };
    let mut found = here(occurrences(project, file));
    if found.is_empty() {
        // A constant is named where it is taken up.
        for reader in project.readers_of(file) {
            found.extend(here(occurrences(project, reader)));
        }
    }
    found.sort_by_key(|o| (o.place.span.len(), o.symbol.clone()));
    found.dedup_by(|a, b| a.symbol == b.symbol && a.place == b.place);
    let narrowest = found.first().map(|o| o.place);
    found.retain(|o| Some(o.place) == narrowest);
    found
}

/// What all files of the project say of names, file by file.
pub fn in_all_files(project: &Project) -> impl Iterator<Item = Said> {
    let mut files = project.members();
    if let Some(config) = project.config()
        && !files.contains(&config)
    {
        files.push(config);
    }
    files.push(settings::FILE);
    files.into_iter().map(|file| read(project, file))
}

/// Every place in the project that names one of the symbols, in the order of files and offsets.
pub fn everywhere(project: &Project, symbols: &[Symbol]) -> Vec<Occurrence> {
    let mut found: Vec<Occurrence> = in_all_files(project)
        .flat_map(|said| said.found)
        .filter(|o| symbols.contains(&o.symbol))
        .collect();
    found.sort_by(|a, b| {
        let path = |o: &Occurrence| project.path(o.place.file);
        (path(a), a.place.span, !a.is_declaration).cmp(&(path(b), b.place.span, !b.is_declaration))
    });
    found.dedup_by(|a, b| a.place == b.place && a.symbol == b.symbol);
    found
}

struct Walk<'p> {
    project: &'p Project,
    file: FileId,
    said: Said,
}

impl Walk<'_> {
    fn push(&mut self, place: Place, symbol: Symbol, is_declaration: bool) {
        if !place.span.is_empty() {
            self.said.found.push(Occurrence {
                place,
                symbol,
                is_declaration,
            });
        }
    }

    fn declared(&mut self, model: &FileModel) {
        for declared in &model.declared {
            let symbol = Symbol::Table(declared.name.text.to_string());
            self.push(declared.name.place, symbol, true);
            for column in &declared.columns.list {
                if let Some(place) = column.place {
                    self.declared_column(place);
                }
            }
        }
    }

    /// A key that declares a column.
    fn declared_column(&mut self, place: Place) {
        self.push(place, Symbol::Column(place), true);
    }

    fn column(&mut self, table: &Table, name: &str, place: Place) {
        let Some(column) = table.columns.get(name) else {
            return;
        };
        let symbol = match column.place {
            Some(declared) => Symbol::Column(declared),
            None => Symbol::Injected(name.to_owned()),
        };
        self.push(place, symbol, false);
    }

    fn namespace(&mut self, namespace: &Namespace) {
        let Some(name) = namespace.name.known() else {
            return;
        };
        let Some(options) = namespace.options.known() else {
            return;
        };
        if let Some(property) = options.value.last("name") {
            let symbol = Symbol::Namespace(name.value.clone());
            self.push(text_of(&property.value), symbol, true);
        }
        let events = namespace
            .events
            .known()
            .map(|known| known.value.items.iter());
        for event in events.into_iter().flatten() {
            if let Some(text) = event.as_str() {
                let symbol = Symbol::Event(name.value.clone(), text.to_owned());
                self.push(text_of(event), symbol, true);
            }
        }
    }

    fn call(&mut self, call: &Call) {
        let in_file = |span| Place {
            file: call.file,
            span,
        };
        let table = match &call.method {
            Method::Event { namespace, event } => {
                let symbol = Symbol::Namespace(namespace.0.to_string());
                self.push(in_file(namespace.1), symbol, false);
                let symbol = Symbol::Event(namespace.0.to_string(), event.0.to_string());
                self.push(in_file(event.1), symbol, false);
                None
            }
            Method::Broadcast => {
                if let Some(subject) = &call.subject {
                    self.wire_event(subject);
                }
                None
            }
            Method::Insert | Method::Update | Method::Delete => {
                call.subject.as_ref().and_then(|subject| {
                    let name = subject.as_str()?;
                    let symbol = Symbol::Table(name.to_owned());
                    self.push(text_of(subject), symbol, false);
                    self.project.index().table(name).cloned()
                })
            }
        };
        let table = table.as_deref();
        for record in [&call.new, &call.old].into_iter().flatten() {
            let properties = record.as_object().into_iter().flat_map(|o| o.properties());
            for property in properties {
                if let Some(table) = table {
                    self.column(table, &property.key, name_of(property));
                }
            }
        }
        self.call_options(call, table);
    }

    /// `"namespace:event"` in a call of `broadcast`.
    fn wire_event(&mut self, subject: &Resolved) {
        let Some((name, event)) = subject.as_str().and_then(|text| text.split_once(':')) else {
            return;
        };
        let whole = text_of(subject);
        // A text with escapes is not cut in two: its parts are not where they seem to be.
        if whole.span.len() as usize != name.len() + 1 + event.len() {
            return;
        }
        let colon = whole.span.start as usize + name.len();
        let part = |span| Place {
            file: whole.file,
            span,
        };
        let symbol = Symbol::Namespace(name.to_owned());
        let span = Span::new(whole.span.start as usize, colon);
        self.push(part(span), symbol, false);
        let symbol = Symbol::Event(name.to_owned(), event.to_owned());
        let span = Span::new(colon + 1, whole.span.end as usize);
        self.push(part(span), symbol, false);
    }

    /// `claims` in `defineTable(claims, ...)`.
    fn arguments(&mut self, file: FileId, facts: &FileFacts, model: &FileModel) {
        for definition in facts.definitions.iter().chain(&model.definitions) {
            let mut tables = model.tables.iter();
            let table = tables.find(|table| table.span == definition.value.span);
            let (Some(name), Some(argument)) = (
                table.and_then(|table| table.name.as_ref()),
                definition.call().and_then(|call| call.arg(0)),
            ) else {
                continue;
            };
            if let Value {
                kind: ValueKind::Ident(text),
                span,
            } = argument
                && *text == name.text
            {
                let place = Place { file, span: *span };
                self.push(place, Symbol::Table(text.to_string()), false);
            }
        }
    }

    /// The roles that the settings declare.
    fn extra_roles(&mut self) {
        for (role, place) in &self.project.roles().extra {
            self.push(*place, Symbol::Role(role.clone()), true);
        }
    }

    fn hierarchy(&mut self) {
        if let crate::project::Hierarchy::Declared(roles) = &self.project.roles().hierarchy {
            for (role, place) in roles {
                let place = inner(*place);
                self.push(place, Symbol::Role(role.clone()), true);
            }
        }
    }
}

/// Where the text of a string stands, without its quotes.
fn text_of(value: &Resolved) -> Place {
    inner(value.origin)
}

/// The text of a string, without its quotes.
pub fn inner(place: Place) -> Place {
    let span = place.span;
    Place {
        file: place.file,
        span: Span {
            start: span.start.saturating_add(1).min(span.end),
            end: span.end.saturating_sub(1).max(span.start),
        },
    }
}

fn name_of(property: &Property) -> Place {
    property.key_origin
}
