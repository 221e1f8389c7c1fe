//! What a configuration of TypeScript extends and cannot be read.
//!
//! That is ordinary where no package is installed yet, or where a framework makes what is extended;
//! so it is said only where it explains why a value of a definition is not known.

use std::path::Path;

use super::Finding;
use crate::codes::UNRESOLVED_VALUE;
use crate::project::resolve::Mistake;
use crate::project::{Hierarchy, Needed, Project};
use crate::rules::holds_word;
use crate::syntax::value::{Value, ValueKind};

/// A configuration that may be needed, and a sentence about that.
pub(super) fn needed(project: &Project, found: &[Finding]) -> Vec<(Mistake, String)> {
    let lost = project.lost_configurations().into_iter();
    lost.filter_map(|(mistake, needed)| {
        let first = needed
            .iter()
            .find(|needed| explains(project, found, needed))?;
        let message = format!(
            "`{}` cannot be read, so what its paths lead to is not known, as perhaps `{}` in {}.",
            mistake.message,
            first.module,
            project.relative(first.file)
        );
        Some((mistake, message))
    })
    .collect()
}

/// Whether an import that leads nowhere may be why something is not known.
fn explains(project: &Project, found: &[Finding], needed: &Needed) -> bool {
    let roles = project.roles();
    let is_of_roles = roles.config == Some(needed.file) || roles.visited.contains(&needed.file);
    if is_of_roles && roles.hierarchy == Hierarchy::Unknown {
        return true;
    }
    let facts = project.facts(needed.file);
    let imports = facts.iter().flat_map(|facts| &facts.module.imports);
    let locals: Vec<&str> = imports
        .filter(|import| import.module == needed.module)
        .map(|import| import.local.as_str())
        .collect();
    // Without the table itself, nothing of it is known.
    let model = project.model(needed.file);
    let definitions = facts.iter().flat_map(|facts| &facts.definitions);
    let definitions = definitions.chain(&model.definitions);
    let mut tables = definitions.filter_map(|definition| definition.call()?.arg(0));
    let is_table = |value: &Value| match &value.kind {
        ValueKind::Ident(name) => locals.contains(&name.as_str()),
        _ => false,
    };
    if tables.any(is_table) {
        return true;
    }
    let own = project.path(needed.file);
    let unresolved = found.iter().filter(|found| found.code == UNRESOLVED_VALUE);
    let mut unresolved = unresolved.map(|found| (&*found.source.path, found));
    unresolved.any(|(path, found): (&Path, _)| {
        if path == &*own {
            let value = found.span.text(&found.source.text);
            locals.iter().any(|local| holds_word(value, local))
        } else {
            let model = project.model(project.file(path));
            model.visited.contains(&needed.file)
        }
    })
}
