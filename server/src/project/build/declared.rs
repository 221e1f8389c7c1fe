//! The table objects that a file declares, taken up by a definition or not.

use std::sync::Arc;

use smol_str::SmolStr;

use super::Builder;
use crate::facts::FileFacts;
use crate::project::columns;
use crate::project::model::{DeclaredTable, Name, NameKind};
use crate::project::shape::table_call;
use crate::span::{Place, Span};
use crate::syntax::value::{Property, Value, ValueKind};

impl Builder<'_> {
    /// Notes the table objects that a file declares.
    pub(super) fn declared(&mut self, facts: &FileFacts) {
        for binding in facts.scopes.top() {
            if let Some(value) = binding.value.as_deref().or(binding.begins.as_deref()) {
                self.declare(&binding.name, binding.name_span, NameKind::Const, value);
                self.declare_members(value);
            }
        }
        if let Some(default) = &facts.module.default {
            self.declare_members(default);
        }
    }

    /// `{ claims: sqliteTable(...) }`
    fn declare_members(&mut self, object: &Value) {
        let ValueKind::Object(properties) = &object.kind else {
            return;
        };
        for property in properties {
            if let Property::Pair {
                key: Some(key),
                key_span,
                value,
                ..
            } = property
            {
                self.declare(key, *key_span, NameKind::Key, value);
            }
        }
    }

    fn declare(&mut self, name: &SmolStr, span: Span, kind: NameKind, value: &Value) {
        let Some(call) = table_call(&self.evaluator, self.file, value) else {
            return;
        };
        let columns = call.arg(1).map(|a| self.evaluator.value(a));
        let file = self.file;
        let declared = DeclaredTable {
            name: Name {
                text: name.clone(),
                place: Place { file, span },
                kind,
            },
            database_name: call.arg(0).and_then(Value::as_str).map(SmolStr::new),
            columns: Arc::new(columns::columns(
                &self.evaluator,
                columns.as_ref(),
                columns::is_drizzle(&self.evaluator, self.file, call),
            )),
        };
        self.model.declared.push(Arc::new(declared));
    }
}
