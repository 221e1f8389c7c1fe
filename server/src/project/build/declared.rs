//! The table objects that a file declares, taken up by a definition or not.

use std::sync::Arc;

use smol_str::SmolStr;

use super::Builder;
use crate::facts::FileFacts;
use crate::project::columns;
use crate::project::model::{DeclaredTable, Name, NameKind};
use crate::project::shape::{Made, is_drizzle, table, text};
use crate::span::{Place, Span};
use crate::syntax::value::{Call, Element, Property, Value, ValueKind};

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
        match table(&self.evaluator, self.file, facts, value) {
            Some(Made::By(call, is_whole)) => self.note(name, Some(call), is_whole),
            Some(Made::Elsewhere) => self.note(name, None, false),
            None => {}
        }
    }

    /// A table object that has none but that of the database.
    fn declare_inline(&mut self, facts: &FileFacts, value: &Value) {
        if let Some(Made::By(call, is_whole)) = table(&self.evaluator, self.file, facts, value)
            && let Some(argument) = call.arg(0)
            && let Some(name) = text(&self.evaluator.value(argument))
        {
            self.note(name, Some(call), is_whole);
        }
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
