//! What changes lead to that other files export.

use super::search::Search;
use super::stores::Holder;
use super::{Changed, ChangedImport, ChangedPart, ImportedFrom, Leaving, Way};
use crate::span::Span;
use crate::syntax::bindings::Reader;
use crate::syntax::bindings::members::Members;
use crate::syntax::{Node, span};

impl Search<'_, '_> {
    /// Notes that an import is changed, or what a function answers that is one.
    pub(super) fn import(&mut self, from: ImportedFrom, members: &Members) {
        if let ImportedFrom::Name(local) = &from {
            self.holder(Holder::Imported(local.clone()), members);
        }
        if self.stores.are_sought() {
            return;
        }
        self.leaving(&from, members);
        self.imported(from, members);
    }

    fn imported(&mut self, from: ImportedFrom, members: &Members) {
        let at = self.at;
        if members.are_derived() {
            if let (ImportedFrom::Name(name), Some((_, rest))) = (from, members.answered())
                && !rest.are_derived()
            {
                self.imported(ImportedFrom::Call(name), &rest);
            }
            return;
        }
        for part in self.part.behind(members) {
            let from = from.clone();
            self.notes.imports.push(ChangedImport { from, part, at });
        }
    }
}

impl Changed {
    /// Of a file in which everything counts as changed.
    pub(super) fn all(reader: &Reader<'_, '_>, at: Span) -> Self {
        let imports = every_import(reader, at);
        let leaving = imports.iter().map(|import| Leaving {
            from: import.from.clone(),
            way: Way::any(),
            at,
        });
        Self {
            untold: Some(at),
            leaving: leaving.collect(),
            imports,
            ..Self::default()
        }
    }
}

/// All that a file imports, as if it were changed.
fn every_import(reader: &Reader<'_, '_>, at: Span) -> Box<[ChangedImport]> {
    let names = reader.tree.nodes().filter_map(|node| match node.kind() {
        "import_specifier" => {
            let alias = node.child_by_field_name("alias");
            alias.or_else(|| node.child_by_field_name("name"))
        }
        "namespace_import" => node.first_named_child(),
        "identifier" => {
            let clause = node.parent()?;
            (clause.kind() == "import_clause").then_some(node)
        }
        _ => None,
    });
    let import = |name: Node<'_>| ChangedImport {
        from: ImportedFrom::Name(span(name).text(reader.text).into()),
        part: ChangedPart::Any,
        at,
    };
    names.map(import).collect()
}
