//! Constants that definitions are read from, and that other files change.
//!
//! In the file of a definition, and in that of a constant, such a change makes the value unknown.
//! Who changes it anywhere else is known only once all files are, so it stops generation instead.

use std::path::Path;

use rustc_hash::FxHashSet;

use super::{Definition, Reason, UNRESOLVED_VALUE};
use crate::project::layout;
use crate::project::{Evaluator, Project, Symbol, Target, Watched};
use crate::span::{FileId, Place};
use crate::syntax::ChangedImport;
use crate::syntax::value::{Value, ValueKind};

/// What members, and other sources, change of constants that the definitions or the roles are read
/// from in other files.
pub(super) fn elsewhere(
    project: &Project,
    members: &[FileId],
    definitions: &[Definition],
) -> Vec<Reason> {
    let roles = project.roles();
    let followed = definitions.iter().flat_map(|(_, model)| &model.followed);
    let followed: FxHashSet<Place> = followed.chain(&roles.followed).copied().collect();
    let others = project.others_with(Watched::of(project, followed.iter().copied()));
    let files = members.iter().chain(&others);
    let changes = files.flat_map(|file| changes(project, *file));
    let is_read = |change: &Change| {
        let constant = change.constant;
        let in_definition = || {
            definitions.iter().any(|(file, model)| {
                *file != change.at.file && model.followed.binary_search(&constant).is_ok()
            })
        };
        followed.contains(&constant) && (in_definition() || holds_roles(project, change))
    };
    changes
        .filter(is_read)
        .map(|change| Reason {
            path: project.relative(change.at.file),
            place: Some(change.at),
            code: UNRESOLVED_VALUE.into(),
            message: format!(
                "this changes \"{}\", which definitions are read from, so what they say is not known until the code runs",
                change.name
            ),
        })
        .collect()
}

/// Whether the roles are read from what is changed, elsewhere than in the configuration: what that
/// changes itself is not known.
fn holds_roles(project: &Project, change: &Change) -> bool {
    let roles = project.roles();
    let Target::Value(Some(value)) = &change.symbol.target else {
        return false;
    };
    roles.config != Some(change.at.file)
        && roles.followed.binary_search(&change.constant).is_ok()
        && roles.are_read_from(&Evaluator::new(project, change.symbol.file).value(value))
}

struct Change {
    /// The constant that is changed, and where it is declared.
    symbol: Symbol,
    constant: Place,
    /// What it is called.
    name: String,
    /// Where it is changed.
    at: Place,
}

/// What a file changes of constants that it imports. What a test changes is another only there.
fn changes(project: &Project, file: FileId) -> Vec<Change> {
    let Some(facts) = project.facts(file) else {
        return Vec::new();
    };
    let imports = facts.scopes.changed_imports();
    if imports.is_empty() || layout::is_test(Path::new(&project.relative(file))) {
        return Vec::new();
    }
    let evaluator = Evaluator::new(project, file);
    let change = |import: &ChangedImport| {
        let name = Value {
            span: import.at,
            kind: ValueKind::Ident(import.local.clone()),
        };
        let mut symbol = evaluator.symbol(file, &name)?;
        if matches!(symbol.target, Target::Namespace) {
            symbol = evaluator.export(symbol.file, import.member.as_deref()?)?;
        }
        let name = symbol.name.as_ref().map_or(&import.local, |(name, _)| name);
        Some(Change {
            constant: symbol.place()?,
            name: name.to_string(),
            at: Place {
                file,
                span: import.at,
            },
            symbol,
        })
    };
    imports.iter().filter_map(change).collect()
}
