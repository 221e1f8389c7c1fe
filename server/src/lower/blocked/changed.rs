//! Constants that definitions are read from, and that other files change.
//!
//! In the file of a definition, and in that of a constant, such a change makes the value unknown.
//! Who changes it anywhere else is known only once all files are, so it stops generation instead.

use super::{Reason, UNRESOLVED_VALUE};
use crate::project::model::FileModel;
use crate::project::{Evaluator, Project, Target};
use crate::span::{FileId, Place};
use crate::syntax::ChangedImport;
use crate::syntax::value::{Value, ValueKind};

/// What members change of constants that the definitions of others are read from.
pub(super) fn elsewhere(project: &Project, members: &[FileId]) -> Vec<Reason> {
    let changes: Vec<Change> = members
        .iter()
        .flat_map(|file| changes(project, *file))
        .collect();
    if changes.is_empty() {
        return Vec::new();
    }
    let models = members.iter().map(|file| (*file, project.model(*file)));
    let definitions: Vec<_> = models.filter(|(_, model)| defines(model)).collect();
    let is_read = |change: &Change| {
        definitions.iter().any(|(file, model)| {
            *file != change.at.file && model.followed.binary_search(&change.constant).is_ok()
        })
    };
    let read = changes.into_iter().filter(is_read);
    read.map(|change| Reason {
        path: project.relative(change.at.file),
        place: Some(change.at),
        code: UNRESOLVED_VALUE.into(),
        message: format!(
            "this changes \"{}\", which definitions are read from, so what they say is not known until the code runs",
            project.text(change.constant)
        ),
    })
    .collect()
}

fn defines(model: &FileModel) -> bool {
    !(model.tables.is_empty() && model.namespaces.is_empty() && model.declared.is_empty())
}

struct Change {
    /// The name of the constant, where it is declared.
    constant: Place,
    /// Where it is changed.
    at: Place,
}

/// What a file changes of constants that it imports.
fn changes(project: &Project, file: FileId) -> Vec<Change> {
    let Some(facts) = project.known_facts(file) else {
        return Vec::new();
    };
    let imports = facts.scopes.changed_imports();
    if imports.is_empty() {
        return Vec::new();
    }
    let evaluator = Evaluator::new(project, file);
    let constant = |import: &ChangedImport| {
        let name = Value {
            span: import.at,
            kind: ValueKind::Ident(import.local.clone()),
        };
        let mut symbol = evaluator.symbol(file, &name)?;
        if matches!(symbol.target, Target::Namespace) {
            symbol = evaluator.export(symbol.file, import.member.as_deref()?)?;
        }
        let (_, span) = symbol.name?;
        Some(Change {
            constant: Place {
                file: symbol.file,
                span,
            },
            at: Place {
                file,
                span: import.at,
            },
        })
    };
    imports.iter().filter_map(constant).collect()
}
