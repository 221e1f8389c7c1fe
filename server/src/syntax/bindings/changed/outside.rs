//! By which ways changes lead from one file to another.

use smol_str::SmolStr;

use super::search::{Found, Search};
use super::{Changed, ChangedImport, ChangedPart, ImportedFrom};
use crate::span::Span;
use crate::syntax::bindings::handed::{Handed, Place};
use crate::syntax::bindings::members::{Member, Members};
use crate::syntax::bindings::{Reader, Scopes};
use crate::syntax::changes::{self, Changes};
use crate::syntax::{Node, Tree, span};

/// How a value leads to what is changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Way {
    /// The members that lead there.
    members: Members,
    /// What is changed of what they lead to.
    part: ChangedPart,
}

/// What leads from the namespace of a module to what is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exported {
    /// What it exports under a name, and the way from there.
    Named(SmolStr, Way),
    /// Any of its exports, by any way.
    Any(Way),
}

impl Way {
    /// To anything that the value leads to.
    pub fn any() -> Self {
        Self {
            members: Members::any(),
            part: ChangedPart::Any,
        }
    }

    /// The way from an export of the namespace that this one is from; `None` where it leads to none.
    pub fn of_export(&self) -> Option<Exported> {
        match (self.members.split(), &self.part) {
            (Some((Member::Named(name), members)), part) => {
                let part = part.clone();
                Some(Exported::Named(name, Self { members, part }))
            }
            (Some((first, _)), _) if !first.may_be_key(None) => None,
            (None, ChangedPart::Itself | ChangedPart::Member(_)) => None,
            _ => Some(Exported::Any(Self::any())),
        }
    }
}

/// A way by which a change leads out of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leaving {
    /// From which import: [`ImportedFrom::Name`] or [`ImportedFrom::Module`].
    pub from: ImportedFrom,
    /// From there to what is changed.
    pub way: Way,
    /// Where it is changed.
    pub at: Span,
}

/// What a function that other files may call changes of what it is handed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangedParameter {
    /// What holds the function: a name at the top of the file, where it is declared, or the default
    /// export.
    pub holder: Span,
    /// The members that lead from that to the function.
    path: Members,
    /// What of all that it is handed is changed, and how.
    place: Place,
    way: Way,
}

impl ChangedParameter {
    /// The same from the namespace of a module that exports its holder under a name.
    pub fn of_export(&self, name: SmolStr) -> Self {
        Self {
            path: self.path.of(Member::Named(name)),
            ..self.clone()
        }
    }
}

/// Something of a file that another one changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Outside {
    /// What a name at the top of the file stands for, or its default export, by where that is.
    Export(Span, Way),
    /// What the file hands over to a function that it imports by that name, or by a member of that.
    Handed(SmolStr, ChangedParameter),
}

/// What a change in another file leads to in this one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Led {
    /// The names of bindings whose value is changed, and what of it.
    pub bindings: Vec<(Span, ChangedPart)>,
    /// The imports that are changed. Where is not known here.
    pub imports: Vec<ChangedImport>,
    /// By which ways it leads out of this file too.
    pub leaving: Vec<Leaving>,
    /// What functions of this file change, for they hand it over.
    pub parameters: Vec<ChangedParameter>,
    /// Where it is changed that is handed over, or where that stands which is changed.
    pub at: Span,
}

impl Scopes {
    /// What changes in other files lead to in the file of this tree, for each of them; `None` where
    /// it would take too long to tell.
    pub fn led(&self, tree: &Tree<'_>, changed: &[Outside]) -> Vec<Option<Led>> {
        let handed = Handed::default();
        let reader = self.reader(tree, &handed);
        let mut changes = Changes::default();
        for node in tree.nodes() {
            changes::collect(node, tree.text(), &mut changes);
        }
        let mut search = Search::new(reader, &changes);
        let each = changed.iter().map(|outside| {
            search.led_by(outside)?;
            let Found {
                parts,
                imports,
                leaving,
                parameters,
                ..
            } = std::mem::take(&mut search.notes);
            Some(Led {
                bindings: parts,
                imports,
                leaving,
                parameters,
                at: search.at,
            })
        });
        each.collect()
    }

    /// The names at the top of a file that lead to what some names of it stand for, and the default
    /// export: where they are declared. The names are those of bindings, by where they are declared,
    /// and of imports.
    pub fn holders(&self, tree: &Tree<'_>, declared: &[Span], imports: &[SmolStr]) -> Vec<Span> {
        let handed = Handed::default();
        let reader = self.reader(tree, &handed);
        let bindings = declared.iter().flat_map(|name| reader.used(*name));
        let imports = imports.iter().flat_map(|name| reader.used_import(name));
        let from = bindings.chain(imports).map(|used| (*used, Members::any()));
        let went = reader.went_from(from);
        went.exports.into_iter().map(|(holder, _)| holder).collect()
    }

    pub(super) fn reader<'s, 't>(
        &'s self,
        tree: &'t Tree<'t>,
        handed: &'s Handed<'t>,
    ) -> Reader<'s, 't> {
        Reader {
            scopes: self,
            tree,
            text: tree.text(),
            handed,
        }
    }
}

impl Changed {
    /// By which ways the changes lead out of the file.
    pub(in super::super) fn leaving(&self) -> &[Leaving] {
        &self.leaving
    }

    /// What functions that other files may call change of what they are handed.
    pub(in super::super) fn parameters(&self) -> &[ChangedParameter] {
        &self.parameters
    }
}

impl<'t> Search<'_, 't> {
    /// Notes that a change leads out of the file.
    pub(super) fn leaving(&mut self, from: &ImportedFrom, members: &Members) {
        let members = members.outside();
        let (from, members) = match from {
            ImportedFrom::Call(name) => {
                let members = members.of(Member::Answer(None));
                (ImportedFrom::Name(name.clone()), members)
            }
            from => (from.clone(), members),
        };
        self.notes.leaving.push(Leaving {
            from,
            way: Way {
                members,
                part: self.part.clone(),
            },
            at: self.at,
        });
    }

    /// Notes that a function changes what it is handed, if that is where the members lead.
    pub(super) fn parameter(&mut self, function: Node<'t>, members: &Members) {
        let Some((Member::Handed(place), members)) = members.split() else {
            return;
        };
        if self.stores.are_sought() {
            return;
        }
        let way = Way {
            members: members.outside(),
            part: self.part.clone(),
        };
        for (holder, path) in &self.reader.went(function).exports {
            self.notes.parameters.push(ChangedParameter {
                holder: *holder,
                path: path.clone(),
                place,
                way: way.clone(),
            });
        }
    }

    /// Follows what another file changes.
    fn led_by(&mut self, outside: &Outside) -> Option<()> {
        match outside {
            Outside::Export(at, way) => {
                self.part = way.part.clone();
                self.at = *at;
                let Some(node) = self.reader.tree.node_at(*at) else {
                    return Some(());
                };
                if node.kind() != "identifier" {
                    self.reader.sources(node, &way.members, &mut self.found);
                }
                self.follow(node, way.members.clone())
            }
            Outside::Handed(import, changed) => {
                self.part = changed.way.part.clone();
                let reader = self.reader;
                let uses = reader.used_import(import);
                let is_use = |used: &&Node<'t>| {
                    let around = used.parent().map(Node::kind);
                    !matches!(
                        around,
                        Some("import_specifier" | "import_clause" | "namespace_import")
                    )
                };
                let Some(first) = uses.iter().find(is_use) else {
                    return Some(());
                };
                self.at = span(*first);
                let went = reader.went_from(uses.iter().map(|used| (*used, changed.path.clone())));
                let (place, members) = (changed.place, &changed.way.members);
                reader.handed_at(&went.handings, place, members, &mut self.found);
                for (holder, path) in went.exports {
                    self.notes.parameters.push(ChangedParameter {
                        holder,
                        path,
                        ..changed.clone()
                    });
                }
                self.ways.clear();
                self.follow_found()
            }
        }
    }
}
