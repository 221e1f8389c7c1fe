//! Tables that are defined by functions from outside of the folders of definitions, as by
//! `export default orgTable(claims, { ... })`. What such a function is handed tells which table it
//! defines. What it says of the table is not followed, so the table is off: unlisted, it would be
//! sent as the calls say. So is one that is handed to a function of which nothing is known, with what
//! only the options of a table say.

use std::sync::Arc;

use smol_str::SmolStr;

use super::Builder;
use crate::facts::{Definition, DefinitionKind, FileFacts};
use crate::project::Target;
use crate::project::model::{Organization, Owner, Setting, Table};
use crate::project::resolved::{Kind, Lookup, Object};
use crate::project::shape::{Shape, table_call};
use crate::span::{FileId, Span};
use crate::syntax::value::{Call, Element, Value, ValueKind};

/// How many such functions may call one another.
const MAX_DEPTH: u32 = 8;

/// A table that a call makes.
pub(super) struct Made {
    /// The file of the expression that tells which table it is.
    file: FileId,
    /// That expression, where it can be told.
    subject: Option<Value>,
    /// Whether it is the table's name, and no table object.
    is_name: bool,
    /// Whether the definition says nothing of realtime for certain.
    is_off: bool,
}

impl Builder<'_> {
    /// Notes the tables that a file makes by such functions.
    /// `through` are the definitions by functions that other files export again.
    pub(super) fn made_elsewhere(&mut self, facts: &FileFacts, through: &[Definition]) {
        let bindings = facts.scopes.top();
        let bound = bindings.filter_map(|b| b.value.as_ref().or(b.begins.as_ref()));
        for value in facts.module.default.iter().chain(bound) {
            let Some(call) = innermost(value) else {
                continue;
            };
            let at = call.callee.span;
            let subject = call.arg(0).map_or(at, |subject| subject.span);
            let mut made = self.made(self.file, call, 0);
            let mut definitions = facts.definitions.iter().chain(through);
            if made.is_empty() && !definitions.any(|d| value.span.contains(d.value.span)) {
                made.extend(self.handed_over(value));
            }
            for made in made {
                self.list(value.span, subject, at, &made);
            }
        }
    }

    /// The table that a chain of calls is handed with its options, where these are written as such,
    /// and nothing is known of what is called.
    fn handed_over(&self, value: &Value) -> Option<Made> {
        let function = self.function(self.file, &innermost(value)?.callee);
        if function.is_some_and(|(_, value)| matches!(value.kind, ValueKind::Function(_))) {
            return None;
        }
        let mut calls = std::iter::successors(value.as_call(), |call| inner(call));
        calls.find_map(|call| {
            let arguments = call.args.iter().filter_map(|argument| match argument {
                Element::Item(value) => Some(value),
                Element::Spread(_) | Element::Hole => None,
            });
            let (index, options) = arguments.enumerate().find_map(|(index, argument)| {
                let may_be = argument.is_path()
                    || OPTIONS.iter().any(|key| argument.property(key).is_some());
                let known = may_be.then(|| self.evaluator.eval(self.file, argument, None))?;
                let options = known.as_object().filter(|options| are_options(options))?;
                Some((index, options.clone()))
            })?;
            // `orgTable(claims, options)`, `orgTable(claims)(options)`.
            let before = || inner(call)?.arg(0);
            let subject = call.arg(0).filter(|_| index > 0).or_else(before)?;
            // Only what has columns is named by a text.
            let is_name = subject.as_str().is_some();
            let is_whole = !is_name || options.last("columns").is_some();
            is_whole.then(|| Made {
                file: self.file,
                subject: Some(subject.clone()),
                is_name,
                is_off: matches!(options.get("realtime"), Lookup::Absent),
            })
        })
    }

    /// The tables that an expression of a file outside of the folders of definitions makes.
    pub(super) fn made_by(&self, file: FileId, value: &Value) -> Vec<Made> {
        let made = self.defined_within(file, value.span);
        match innermost(value) {
            Some(call) if made.is_empty() => self.made(file, call, 0),
            _ => made,
        }
    }

    /// What the definitions in a part of a file make.
    fn defined_within(&self, file: FileId, part: Span) -> Vec<Made> {
        let Some(facts) = self.project.facts(file) else {
            return Vec::new();
        };
        let through = self.through(file, &facts);
        let definitions = facts.definitions.iter().chain(&through);
        definitions
            .filter(|definition| part.contains(definition.value.span))
            .filter_map(|definition| self.defined(file, definition))
            .collect()
    }

    /// The tables that a call makes.
    fn made(&self, file: FileId, call: &Call, depth: u32) -> Vec<Made> {
        let Some((there, function)) = self.function(file, &call.callee) else {
            return Vec::new();
        };
        // Of one in a folder of definitions its own definition is a table without a name.
        if depth >= MAX_DEPTH || self.project.role(there).holds_tables() {
            return Vec::new();
        }
        let mut made = self.defined_within(there, function.span);
        let (params, returns) = match &function.kind {
            ValueKind::Function(function) => (function.params.as_slice(), &function.returns),
            _ => (&[] as &[_], &None),
        };
        if made.is_empty()
            && let Some(inner) = returns.as_ref().and_then(innermost)
        {
            made = self.made(there, inner, depth + 1);
        }
        for made in &mut made {
            if made.file == there
                && let Some(subject) = made.subject.take()
            {
                match handed(params, call, &subject) {
                    Some(handed) => (made.file, made.subject) = (file, handed),
                    None => made.subject = Some(subject),
                }
            }
        }
        made
    }

    /// What is called, and its file: what a name stands for, or a method of an object.
    fn function(&self, file: FileId, callee: &Value) -> Option<(FileId, Arc<Value>)> {
        let value = |path: &Value| {
            let symbol = self.evaluator.symbol(file, path)?;
            match symbol.target {
                Target::Value(Some(value)) => Some((symbol.file, value)),
                Target::Value(None) | Target::Namespace => None,
            }
        };
        value(callee).or_else(|| {
            let ValueKind::Member(method) = &callee.kind else {
                return None;
            };
            let (there, object) = value(&method.object)?;
            Some((there, Arc::new(object.property(&method.name)?.clone())))
        })
    }

    /// What a definition makes where it stands in a function.
    fn defined(&self, file: FileId, definition: &Definition) -> Option<Made> {
        let call = definition.call()?;
        let is_off = match call.arg(1) {
            Some(options) => match self.evaluator.eval(file, options, None).kind {
                Kind::Object(options) => matches!(options.get("realtime"), Lookup::Absent),
                _ => false,
            },
            None => !(call.args.iter()).any(|argument| matches!(argument, Element::Spread(_))),
        };
        let mut subject = call.arg(0).cloned();
        let mut is_name = definition.kind == DefinitionKind::Feature;
        if definition.kind == DefinitionKind::Table
            && let Some(table) = &subject
            && let Some(named) = self.inline(file, table)
        {
            (subject, is_name) = (named, true);
        }
        (definition.kind != DefinitionKind::Namespace).then_some(Made {
            file,
            subject,
            is_name,
            is_off,
        })
    }

    /// What an inline table is named by, or one that a constant of a function stands for.
    fn inline(&self, file: FileId, table: &Value) -> Option<Option<Value>> {
        let symbol = self.evaluator.symbol(file, table);
        let constant = symbol.and_then(|symbol| match symbol.target {
            Target::Value(Some(value)) if symbol.file == file => {
                let (name, span) = symbol.name?;
                let facts = self.project.facts(file)?;
                facts.scopes.at_top(&name, span).is_none().then_some(value)
            }
            _ => None,
        });
        let value = constant.as_deref().unwrap_or(table);
        Some(table_call(&self.evaluator, file, value)?.arg(0).cloned())
    }

    /// Lists a table. `whole` is all of what defines it, `subject` what says which table it is, and
    /// `at` what is to be said otherwise.
    pub(super) fn list(&mut self, whole: Span, subject: Span, at: Span, made: &Made) {
        let shapes = self.shapes();
        let shape = match &made.subject {
            Some(subject) if made.is_name => shapes.of_text(made.file, subject),
            Some(subject) => shapes.of_object(made.file, subject),
            None => Shape::open(),
        };
        let (options, realtime) = if made.is_off {
            (Setting::Absent, Setting::Absent)
        } else {
            (Setting::Unknown(at), Setting::Unknown(at))
        };
        self.model.tables.push(Arc::new(Table {
            file: self.file,
            kind: DefinitionKind::Table,
            span: whole,
            subject,
            name: shape.name,
            database_name: shape.database_name,
            columns: shape.columns,
            primary_key: shape.primary_key,
            options,
            realtime,
            masking: Setting::Unknown(at),
            organization: Organization::Unknown,
            owner: Owner::Unknown,
        }));
    }
}

/// The keys of a table's options that say who sees what of its events.
const OPTIONS: [&str; 2] = ["realtime", "masking"];

/// Whether an object can only be the options of a table: it switches its events on or off, or masks
/// a column by a type.
fn are_options(object: &Object) -> bool {
    let said = |key| object.last(key).and_then(|said| said.value.as_object());
    said("realtime").is_some_and(|realtime| {
        let enabled = realtime.last("enabled").map(|enabled| &enabled.value);
        enabled.is_some_and(|value| matches!(value.kind, Kind::Bool(_)) || value.is_unknown())
    }) || said("masking").is_some_and(|masking| {
        let mut masks = masking
            .properties()
            .filter_map(|mask| mask.value.as_object());
        masks.any(|mask| mask.last("type").is_some())
    })
}

/// The first call of a chain, as of `orgTable(claims)(options).strict()`.
fn innermost(value: &Value) -> Option<&Call> {
    std::iter::successors(value.as_call(), |call| inner(call)).last()
}

/// The call before one in a chain.
fn inner(call: &Call) -> Option<&Call> {
    match &call.callee.kind {
        ValueKind::Member(method) => method.object.as_call(),
        _ => call.callee.as_call(),
    }
}

/// What a call hands to a function for an expression in it: for a parameter, or for a key of an
/// object that is one. `None` of any other expression, whose value is within where it is not known.
fn handed(params: &[Option<SmolStr>], call: &Call, expression: &Value) -> Option<Option<Value>> {
    let argument = |name: &SmolStr| {
        let mut params = params.iter();
        let index = params.position(|param| param.as_ref() == Some(name))?;
        Some(call.arg(index))
    };
    match &expression.kind {
        ValueKind::Ident(name) => match argument(name) {
            Some(argument) => Some(argument.cloned()),
            // `({ table, options }) => ...`
            None => {
                let patterns = (0..).zip(params).filter(|(_, param)| param.is_none());
                let mut arguments = patterns.filter_map(|(index, _)| call.arg(index));
                let value = arguments.find_map(|argument| argument.property(name));
                value.map(|value| Some(value.clone()))
            }
        },
        ValueKind::Member(member) => {
            let ValueKind::Ident(object) = &member.object.kind else {
                return None;
            };
            let object = argument(object)?;
            let value = object.and_then(|object| object.property(&member.name));
            Some(value.cloned())
        }
        _ => None,
    }
}
