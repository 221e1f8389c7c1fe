//! The module of all tables that the compiler makes: handlers import it, and there is nothing to read
//! before that.

use smol_str::SmolStr;

use crate::facts::FileFacts;
use crate::project::Project;
use crate::span::FileId;
use crate::syntax::Imported;

/// Whether a module that a file imports is the one of all tables: `../schema`, where no such file is.
pub fn is_schema(project: &Project, file: FileId, module: &str) -> bool {
    let name = module.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    module.starts_with('.') && stem == "schema" && project.resolve(file, module).is_none()
}

/// The table that a path of names leads to through that module: `claims` that is imported from it,
/// or `schema.claims`. The names are those behind the first one.
pub fn table<'n>(
    project: &Project,
    file: FileId,
    facts: &'n FileFacts,
    first: &str,
    behind: &'n [SmolStr],
) -> Option<&'n SmolStr> {
    let import = facts.module.imports.iter().find(|i| i.local == first)?;
    let table = match (&import.imported, behind) {
        (Imported::Name(name, _), []) => name,
        (Imported::Namespace, [name]) => name,
        _ => return None,
    };
    is_schema(project, file, &import.module).then_some(table)
}
