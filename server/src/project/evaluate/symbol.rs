//! Follows names to where they are declared: through bindings, imports and exports.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{Evaluator, MAX_DEPTH};
use crate::facts::FileFacts;
use crate::span::{FileId, Place, Span};
use crate::syntax::value::{Value, ValueKind};
use crate::syntax::{Binding, ExportTarget, Import, Imported};

/// What a name stands for in the end.
#[derive(Debug, Clone)]
pub struct Symbol {
    /// The file that declares it.
    pub file: FileId,
    /// Its name there and where that stands; a default export that is no name has none.
    pub name: Option<(SmolStr, Span)>,
    /// What it is.
    pub target: Target,
    /// Where the object or the list that it stands for is changed after it was made.
    pub changed: Option<Place>,
}

impl Symbol {
    /// Where it is declared: its name, or what has none; `None` for all that a file exports.
    pub fn place(&self) -> Option<Place> {
        let span = match (&self.name, &self.target) {
            (Some((_, span)), _) => *span,
            (None, Target::Value(value)) => value.as_ref()?.span,
            (None, Target::Namespace) => return None,
        };
        Some(Place {
            file: self.file,
            span,
        })
    }

    /// The same, where a name that leads to it is what is changed.
    fn changed_at(mut self, file: FileId, at: Option<Span>) -> Self {
        self.changed = self.changed.or(at.map(|span| Place { file, span }));
        self
    }
}

/// What a symbol is.
#[derive(Debug, Clone)]
pub enum Target {
    /// A value; `None` where it may change or cannot be known.
    Value(Option<Arc<Value>>),
    /// Everything that a file exports.
    Namespace,
}

impl Evaluator<'_> {
    /// What a name or a member of a namespace stands for, followed to where it is declared.
    pub fn symbol(&self, file: FileId, value: &Value) -> Option<Symbol> {
        self.deeper(|| self.symbol_at(file, value))
    }

    /// The same of a name that stands at `span`, or is seen from there.
    pub fn named(&self, file: FileId, name: impl Into<SmolStr>, span: Span) -> Option<Symbol> {
        let kind = ValueKind::Ident(name.into());
        self.symbol(file, &Value { span, kind })
    }

    /// Follows one name more, unless it has been too many.
    pub(super) fn deeper<T>(&self, follow: impl FnOnce() -> Option<T>) -> Option<T> {
        if self.depth.get() >= MAX_DEPTH {
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        let found = follow();
        self.depth.set(self.depth.get() - 1);
        found
    }

    fn symbol_at(&self, file: FileId, value: &Value) -> Option<Symbol> {
        let facts = self.facts(file)?;
        match &value.kind {
            ValueKind::Ident(name) => {
                let binding = facts.scopes.lookup(name, value.span.start);
                self.local(file, &facts, name, binding)
            }
            ValueKind::Member(member) => {
                let symbol = self.symbol(file, &member.object)?;
                match symbol.target {
                    Target::Namespace => {
                        let mut export = self.export(symbol.file, &member.name)?;
                        export.changed = export.changed.or(symbol.changed);
                        Some(export)
                    }
                    Target::Value(_) => None,
                }
            }
            _ => None,
        }
    }

    fn local(
        &self,
        file: FileId,
        facts: &Arc<FileFacts>,
        name: &str,
        binding: Option<&Binding>,
    ) -> Option<Symbol> {
        if let Some(binding) = binding {
            let changed = facts.scopes.changed(binding);
            if let Some(import) = required(facts, binding) {
                let changed = changed.or_else(|| facts.scopes.changed_import(name));
                return Some(self.import(file, import)?.changed_at(file, changed));
            }
            if let Some(value) = &binding.value
                && let ValueKind::Ident(_) | ValueKind::Member(_) = value.kind
                && let Some(symbol) = self.symbol(file, value)
            {
                return Some(symbol.changed_at(file, changed));
            }
            let symbol = Symbol {
                file,
                name: Some((binding.name.clone(), binding.name_span)),
                target: Target::Value(binding.value.clone()),
                changed: None,
            };
            return Some(symbol.changed_at(file, changed));
        }
        let import = facts.module.imports.iter().find(|i| i.local == name)?;
        let changed = facts.scopes.changed_import(name);
        let symbol = self.import(file, import)?;
        Some(symbol.changed_at(file, changed))
    }

    fn import(&self, file: FileId, import: &Import) -> Option<Symbol> {
        let there = self.imported(file, &import.module)?;
        match &import.imported {
            Imported::Namespace => Some(Symbol {
                file: there,
                name: None,
                target: Target::Namespace,
                changed: None,
            }),
            Imported::Default => self.export(there, "default"),
            Imported::Name(name, _) => self.export(there, name),
        }
    }

    /// What a file exports under a name.
    pub fn export(&self, file: FileId, name: &str) -> Option<Symbol> {
        self.deeper(|| self.export_at(file, name))
    }

    fn export_at(&self, file: FileId, name: &str) -> Option<Symbol> {
        let facts = self.facts(file)?;
        if name == "default"
            && let Some(default) = &facts.module.default
        {
            return match &default.kind {
                ValueKind::Ident(_) | ValueKind::Member(_) => self.symbol(file, default),
                _ => Some(Symbol {
                    file,
                    name: None,
                    target: Target::Value(Some(Arc::clone(default))),
                    changed: None,
                }),
            };
        }
        if let Some(export) = facts.module.exports.iter().find(|e| e.name == name) {
            return match &export.target {
                ExportTarget::Local(local) => {
                    self.local(file, &facts, local, facts.scopes.of_file(local))
                }
                ExportTarget::From { name, module, .. } => {
                    let there = self.imported(file, module)?;
                    match name {
                        Some(name) => self.export(there, name),
                        None => Some(Symbol {
                            file: there,
                            name: None,
                            target: Target::Namespace,
                            changed: None,
                        }),
                    }
                }
            };
        }
        if name == "default" {
            return None;
        }
        if let Some(value) = required_of(&facts, name) {
            return self.symbol(file, value);
        }
        if facts.module.stars.is_empty() {
            return None;
        }
        self.starred(file, &facts, name, |there| self.export(there, name))
    }

    /// What one of the modules that a file exports all of exports under a name. As in JavaScript, a
    /// module that was asked for that name before has nothing to add.
    pub(super) fn starred<T>(
        &self,
        file: FileId,
        facts: &FileFacts,
        name: &str,
        export: impl Fn(FileId) -> Option<T>,
    ) -> Option<T> {
        let key = (file, SmolStr::new(name));
        let is_outermost = self.starred.borrow().is_empty();
        if !self.starred.borrow_mut().insert(key.clone()) {
            return None;
        }
        let found = facts
            .module
            .stars
            .iter()
            .find_map(|(module, _)| export(self.imported(file, module)?));
        let mut starred = self.starred.borrow_mut();
        if is_outermost {
            starred.clear();
        } else if found.is_some() {
            starred.remove(&key);
        }
        found
    }
}

/// The import that a constant is declared by: `const { claims } = require("./schema")`.
pub(super) fn required<'f>(facts: &'f FileFacts, binding: &Binding) -> Option<&'f Import> {
    let value = binding.value.as_deref()?;
    // Most constants are something else, and a file may have many imports.
    if !matches!(value.kind, ValueKind::Call(_) | ValueKind::Member(_)) {
        return None;
    }
    let mut imports = facts.module.imports.iter();
    imports.find(|import| import.local_span == binding.name_span)
}

/// What `require` of a file answers under a name, where `module.exports = { ... }` says so by
/// another, and nothing behind that changes it.
fn required_of<'f>(facts: &'f FileFacts, name: &str) -> Option<&'f Value> {
    let exports = facts.module.default.as_deref()?;
    let (before, behind) = (
        facts.text.get(..exports.span.start as usize)?,
        facts.text.get(exports.span.end as usize..)?,
    );
    // What `export default` has is no export by a name.
    if !before.trim_end().ends_with('=') || behind.contains("exports") {
        return None;
    }
    exports.property(name)
}
