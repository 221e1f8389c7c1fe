//! From changes to the names whose values they change.

mod calls;
mod classes;
mod imports;
mod literals;
mod made;
mod outside;
mod part;
mod search;
mod stores;

use smol_str::SmolStr;

pub use outside::{ChangedParameter, Exported, Leaving, Led, Outside, Way};
pub use part::ChangedPart;
use search::{Found, Search};

use super::Scopes;
use super::handed::Handed;
use super::members::{Member, Members};
use crate::span::Span;
use crate::syntax::Tree;
use crate::syntax::changes::Changes;

/// What a file changes after it was made; of several places the first.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Changed {
    /// The names of bindings whose value is changed, and where, in order.
    bindings: Box<[(Span, Span)]>,
    /// The same of names that stand for nothing that is known, in order.
    others: Box<[Span]>,
    /// What of them is changed, in order.
    parts: Box<[(Span, ChangedPart)]>,
    /// Names that the file does not declare, so imports, and where their value is changed.
    imports: Box<[ChangedImport]>,
    /// By which ways the changes lead out of the file, and what exported functions change of what
    /// they are handed, in order.
    leaving: Box<[Leaving]>,
    parameters: Box<[ChangedParameter]>,
    /// Where something is changed of which it would take too long to tell what it is. Then
    /// everything counts as changed.
    untold: Option<Span>,
}

/// What another file exports and this one changes after it was made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangedImport {
    /// How it is imported.
    pub from: ImportedFrom,
    /// What of it is changed.
    pub part: ChangedPart,
    /// Where it is changed.
    pub at: Span,
}

/// How something is imported that is changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImportedFrom {
    /// By its name in this file.
    Name(SmolStr),
    /// By a call of that name: it is what that function answers.
    Call(SmolStr),
    /// By `import("module")` or `require("module")`: it is all that the module exports.
    Module(SmolStr),
}

impl Changed {
    /// Where what the binding of that name stands for is changed.
    pub(super) fn binding(&self, name: Span) -> Option<Span> {
        let found = self.bindings.binary_search_by_key(&name, |(name, _)| *name);
        let found = found.ok().and_then(|found| self.bindings.get(found));
        found.map(|(_, at)| *at).or(self.untold)
    }

    /// Whether what the parameter of that name stands for is changed.
    pub(super) fn parameter(&self, name: Span) -> bool {
        self.others.binary_search(&name).is_ok() || self.untold.is_some()
    }

    /// What is changed of what the binding of that name stands for.
    pub(super) fn parts(&self, name: Span) -> impl Iterator<Item = &ChangedPart> {
        let parts = self.parts.iter().filter(move |(of, _)| *of == name);
        let untold = self.untold.map(|_| &ChangedPart::Any);
        parts.map(|(_, part)| part).chain(untold)
    }

    /// Where what an import stands for is changed, by its name here.
    pub(super) fn import(&self, local: &str) -> Option<Span> {
        let mut imports = self.imports.iter();
        let found = imports.find(|import| match &import.from {
            ImportedFrom::Name(name) => name == local,
            ImportedFrom::Call(_) | ImportedFrom::Module(_) => false,
        });
        found.map(|import| import.at).or(self.untold)
    }

    /// Where something is changed of which it would take too long to tell what it is.
    pub(super) fn untold(&self) -> Option<Span> {
        self.untold
    }

    /// All imports that are changed.
    pub(super) fn imports(&self) -> &[ChangedImport] {
        &self.imports
    }

    /// Follows changes to the names whose values they change.
    pub(super) fn of<'t>(scopes: &Scopes, tree: &'t Tree<'t>, changes: &Changes<'t>) -> Self {
        if changes.changes.is_empty() {
            return Self::default();
        }
        let handed = Handed::default();
        let reader = scopes.reader(tree, &handed);
        let mut search = Search::new(reader, changes);
        for change in &changes.changes {
            search.at = change.at;
            search.part = match change.member.map(|member| reader.member_of(member)) {
                Some(member) => ChangedPart::of(&member),
                None => ChangedPart::Itself,
            };
            let members = match change.is_first {
                true => Members::default().of(Member::Named("0".into())),
                false => Members::default(),
            };
            if search.follow(change.object, members).is_none() {
                return Self::all(&reader, change.at);
            }
        }
        if search.loose().is_none() {
            return Self::all(&reader, search.at);
        }
        let Found {
            mut bindings,
            mut others,
            mut parts,
            mut imports,
            mut leaving,
            mut parameters,
        } = search.notes;
        leaving.sort_unstable();
        leaving.dedup_by(|a, b| (&a.from, &a.way) == (&b.from, &b.way));
        parameters.sort_unstable();
        parameters.dedup();
        parts.sort_unstable();
        parts.dedup();
        others.sort_unstable();
        bindings.sort_unstable();
        bindings.dedup_by_key(|(name, _)| *name);
        imports.sort_unstable();
        imports.dedup_by(|a, b| (&a.from, &a.part) == (&b.from, &b.part));
        Self {
            bindings: bindings.into(),
            others: others.into(),
            parts: parts.into(),
            imports: imports.into(),
            leaving: leaving.into(),
            parameters: parameters.into(),
            untold: None,
        }
    }
}

#[cfg(test)]
mod tests;
