//! Tables that are defined by functions from outside of the folders of definitions, as by
//! `export default orgTable(claims, { ... })`. What such a function is handed tells which table it
//! defines. What it says of the table is not followed, so the table is off: unlisted, it would be
//! sent as the calls say.

use std::sync::Arc;

use smol_str::SmolStr;

use super::Builder;
use crate::facts::{Definition, DefinitionKind, FileFacts};
use crate::project::model::{NameKind, Organization, Owner, Setting, Table};
use crate::project::resolved::{Kind, Lookup};
use crate::project::shape::{Shape, table_call};
use crate::project::{Symbol, Target};
use crate::span::FileId;
use crate::syntax::value::{Call, Element, Value, ValueKind};

/// How many such functions may call one another.
const MAX_DEPTH: u32 = 8;

/// A table that a call makes.
struct Made {
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
    pub(super) fn made_elsewhere(&mut self, facts: &FileFacts) {
        let bindings = facts.scopes.top();
        let bound = bindings.filter_map(|b| b.value.as_ref().or(b.begins.as_ref()));
        for value in facts.module.default.iter().chain(bound) {
            let Some(call) = innermost(value) else {
                continue;
            };
            for made in self.made(self.file, call, 0) {
                self.list(value, call, &made);
            }
        }
    }

    /// The tables that a call makes.
    fn made(&self, file: FileId, call: &Call, depth: u32) -> Vec<Made> {
        let Some(Symbol {
            file: there,
            target: Target::Value(Some(function)),
            ..
        }) = self.evaluator.symbol(file, &call.callee)
        else {
            return Vec::new();
        };
        // Of one in a folder of definitions its own definition is a table without a name.
        if depth >= MAX_DEPTH || self.project.role(there).holds_tables() {
            return Vec::new();
        }
        let facts = self.project.facts(there);
        let definitions = facts.iter().flat_map(|facts| &facts.definitions);
        let mut made: Vec<Made> = definitions
            .filter(|definition| function.span.contains(definition.value.span))
            .filter_map(|definition| self.defined(there, definition))
            .collect();
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

    /// Lists a table, unless it is a table object of a file of definitions: those are listed.
    fn list(&mut self, value: &Value, call: &Call, made: &Made) {
        let shapes = self.shapes();
        let shape = match &made.subject {
            Some(subject) if made.is_name => shapes.of_text(made.file, subject),
            Some(subject) => shapes.of_object(made.file, subject),
            None => Shape::open(),
        };
        let is_listed = shape.is_made
            && shape.name.as_ref().is_some_and(|name| {
                name.kind != NameKind::Text && self.project.role(name.place.file).holds_tables()
            });
        if is_listed {
            return;
        }
        let at = call.callee.span;
        let (options, realtime) = if made.is_off {
            (Setting::Absent, Setting::Absent)
        } else {
            (Setting::Unknown(at), Setting::Unknown(at))
        };
        self.model.tables.push(Arc::new(Table {
            file: self.file,
            kind: DefinitionKind::Table,
            span: value.span,
            subject: call.arg(0).map_or(at, |subject| subject.span),
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

/// The first call of a chain, as of `orgTable(claims)(options).strict()`.
fn innermost(value: &Value) -> Option<&Call> {
    let mut call = value.as_call()?;
    loop {
        let inner = match &call.callee.kind {
            ValueKind::Member(method) => method.object.as_call(),
            _ => call.callee.as_call(),
        };
        match inner {
            Some(inner) => call = inner,
            None => return Some(call),
        }
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
