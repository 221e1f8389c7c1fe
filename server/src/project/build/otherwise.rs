//! The definitions of a file that are told by other files: those that call a function of Quickback's
//! by a name which another file exports again, and a default export that another file makes.

use smol_str::SmolStr;

use super::Builder;
use crate::document::Dialect;
use crate::facts::{Definition, FileFacts, QUICKBACK_MODULES, may_lead};
use crate::project::Target;
use crate::span::FileId;
use crate::syntax::Import;
use crate::syntax::value::ValueKind;

impl Builder<'_> {
    /// The definitions of a file that call a function of Quickback's by a name which another file
    /// exports again.
    pub(super) fn through(&self, file: FileId, facts: &FileFacts) -> Vec<Definition> {
        let named = |import: &Import, member: Option<&SmolStr>| {
            // What comes from Quickback itself is known without any other file.
            if QUICKBACK_MODULES.contains(&import.module.as_str()) {
                return None;
            }
            self.evaluator.imported_name(file, import, member)
        };
        let mut imports = facts.module.imports.iter();
        let is_quickbacks = |import: &Import| {
            self.evaluator.may_be_quickbacks(file, import) && may_lead(import, &named)
        };
        if !imports.any(is_quickbacks) {
            return Vec::new();
        }
        let dialect = Dialect::of_path(&self.project.path(file));
        facts.definitions_through(dialect, &named)
    }

    /// Notes the tables that a file has for its default export and that are defined in another file,
    /// outside of the folders of definitions: `export { default } from "../shared/claims"`.
    pub(super) fn exported_again(&mut self, facts: &FileFacts) {
        let default = facts.module.default.as_deref().map(|value| value.span);
        let mut exports = facts.module.exports.iter();
        let mut clause = || exports.find(|export| export.name == "default");
        let Some(at) = default.or_else(|| Some(clause()?.name_span)) else {
            return;
        };
        let Some(symbol) = self.evaluator.export(self.file, "default") else {
            return;
        };
        let there = symbol.file;
        let Target::Value(Some(value)) = &symbol.target else {
            return;
        };
        let is_function = matches!(value.kind, ValueKind::Function(_));
        if is_function || there == self.file || self.project.role(there).holds_tables() {
            return;
        }
        for made in self.made_by(there, value) {
            self.list(at, at, at, &made);
        }
    }
}
