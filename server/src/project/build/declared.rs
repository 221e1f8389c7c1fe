//! The table objects that a file declares, taken up by a definition or not.

use std::sync::Arc;

use smol_str::SmolStr;

use super::Builder;
use crate::facts::FileFacts;
use crate::project::columns;
use crate::project::model::{DeclaredTable, Name, NameKind};
use crate::project::shape::{is_drizzle, table_call, text};
use crate::project::{Symbol, Target};
use crate::span::{Place, Span};
use crate::syntax::value::{Call, Element, Property, Value, ValueKind};

/// How many functions a table object may be handed through where it is made.
const MAX_WRAPPERS: u32 = 8;

impl Builder<'_> {
    /// Notes the table objects that a file declares.
    pub(super) fn declared(&mut self, facts: &FileFacts) {
        for binding in facts.scopes.top() {
            if let Some(value) = binding.value.as_deref().or(binding.begins.as_deref()) {
                let (name, span) = (&binding.name, binding.name_span);
                self.declare(facts, name, span, NameKind::Const, value);
                self.declare_members(facts, value);
            }
        }
        if let Some(default) = &facts.module.default {
            self.declare_inline(facts, default);
            self.declare_members(facts, default);
        }
    }

    /// `{ claims: sqliteTable(...) }`, `[sqliteTable("claims", ...)]`, and what is within.
    fn declare_members(&mut self, facts: &FileFacts, value: &Value) {
        match &value.kind {
            ValueKind::Object(properties) => {
                for property in properties {
                    if let Property::Pair {
                        key: Some(key),
                        key_span,
                        value,
                        ..
                    } = property
                    {
                        self.declare(facts, key, *key_span, NameKind::Key, value);
                        self.declare_members(facts, value);
                    }
                }
            }
            ValueKind::Array(elements) => {
                for element in elements {
                    if let Element::Item(value) = element {
                        self.declare_inline(facts, value);
                        self.declare_members(facts, value);
                    }
                }
            }
            _ => {}
        }
    }

    /// A table object that has a name.
    fn declare(
        &mut self,
        facts: &FileFacts,
        name: &SmolStr,
        span: Span,
        kind: NameKind,
        value: &Value,
    ) {
        let place = Place {
            file: self.file,
            span,
        };
        let text = name.clone();
        let name = Name { text, place, kind };
        match self.makes(facts, value) {
            Some((call, is_whole)) => self.note(name, Some(call), is_whole),
            None if self.is_returned(value) => self.note(name, None, false),
            None => {}
        }
    }

    /// A table object that has none but that of the database.
    fn declare_inline(&mut self, facts: &FileFacts, value: &Value) {
        if let Some((call, is_whole)) = self.makes(facts, value)
            && let Some(argument) = call.arg(0)
            && let Some(name) = text(&self.evaluator.value(argument))
        {
            self.note(name, Some(call), is_whole);
        }
    }

    /// The call that makes a table object, and whether its columns are all: what a function that is
    /// handed the table makes of them is not known.
    fn makes<'v>(&self, facts: &FileFacts, value: &'v Value) -> Option<(&'v Call, bool)> {
        match table_call(&self.evaluator, self.file, value) {
            Some(call) => Some((call, true)),
            None => Some((self.wrapped(facts, value, 0)?, false)),
        }
    }

    /// Whether a value is what a function answers that makes a table, as in
    /// `const table = (name) => sqliteTable(name, { ... })`.
    fn is_returned(&self, value: &Value) -> bool {
        let Some(call) = value.as_call() else {
            return false;
        };
        let Some(Symbol {
            file,
            target: Target::Value(Some(function)),
            ..
        }) = self.evaluator.symbol(self.file, &call.callee)
        else {
            return false;
        };
        let ValueKind::Function(function) = &function.kind else {
            return false;
        };
        let returns = function.returns.as_ref();
        returns.is_some_and(|value| table_call(&self.evaluator, file, value).is_some())
    }

    /// The call that makes the table object which a function is handed, as in
    /// `withAudit(pgTable(...))`. What a definition makes of one is no table object.
    fn wrapped<'v>(&self, facts: &FileFacts, value: &'v Value, depth: u32) -> Option<&'v Call> {
        let call = value.as_call()?;
        let made = call.args.iter().find_map(|argument| match argument {
            Element::Item(argument) if depth < MAX_WRAPPERS => {
                let made = table_call(&self.evaluator, self.file, argument);
                made.or_else(|| self.wrapped(facts, argument, depth + 1))
            }
            _ => None,
        })?;
        let mut definitions = facts.definitions.iter();
        let is_definition = definitions.any(|definition| definition.value.span == value.span);
        (!is_definition).then_some(made)
    }

    fn note(&mut self, name: Name, call: Option<&Call>, is_whole: bool) {
        let columns = call.and_then(|call| call.arg(1));
        let columns = columns.map(|columns| self.evaluator.value(columns));
        let is_drizzle = call.is_some_and(|call| is_drizzle(&self.evaluator, self.file, call));
        let mut columns = columns::columns(&self.evaluator, columns.as_ref(), is_drizzle);
        columns.open |= !is_whole;
        let database = call.and_then(|call| call.arg(0)?.as_str());
        self.model.declared.push(Arc::new(DeclaredTable {
            name,
            database_name: database.map(SmolStr::new),
            columns: Arc::new(columns),
        }));
    }
}
