//! Names that stand for two things at once: `title` in `{ title }` is a key and a value.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::document::Dialect;
use crate::ide::symbol::{Occurrence, Symbol};
use crate::project::Project;
use crate::span::{FileId, Place, Span};
use crate::syntax::Tree;

/// Which of the two gets the new name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What is left of the colon.
    Key,
    /// What is right of it.
    Value,
}

impl Part {
    /// The two things apart, this one under its new name.
    pub fn renamed(self, old_name: &str, new_name: &str) -> String {
        match self {
            Self::Key => format!("{new_name}: {old_name}"),
            Self::Value => format!("{old_name}: {new_name}"),
        }
    }
}

/// The names among `found` that stand for two things, each with what is meant.
pub fn among(project: &Project, found: &[Occurrence]) -> BTreeMap<Place, Part> {
    let mut by_file: BTreeMap<FileId, Vec<&Occurrence>> = BTreeMap::new();
    for occurrence in found {
        let file = occurrence.place.file;
        by_file.entry(file).or_default().push(occurrence);
    }
    let mut parts = BTreeMap::new();
    for (file, found) in by_file {
        let Some(facts) = project.facts(file) else {
            continue;
        };
        let found: FxHashMap<Span, &Occurrence> =
            found.into_iter().map(|o| (o.place.span, o)).collect();
        let tree = Tree::read(&facts.text, Dialect::of_path(&project.path(file)));
        for node in tree.nodes() {
            let is_value = match node.kind() {
                // The object is the value; columns, namespaces and events are keys.
                "shorthand_property_identifier" => true,
                "shorthand_property_identifier_pattern" => false,
                _ => continue,
            };
            let Some(occurrence) = found.get(&node.span()) else {
                continue;
            };
            let part = match &occurrence.symbol {
                Symbol::Table(_) if is_value => Part::Value,
                _ => Part::Key,
            };
            parts.insert(occurrence.place, part);
        }
    }
    parts
}
