//! From a whole check to what is kept of it.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Checked, Found, Given, Kept, Looked, Member, Reads, Remembered, kept_path, kept_paths,
};
use crate::generate::Expected;
use crate::lower;
use crate::project::trace::Trace;
use crate::project::{IndexPart, Project, uses};
use crate::span::FileId;
use crate::workspace::hash;

impl Remembered {
    /// What is kept of a check of `project`, whose members are `members` in the order of their
    /// paths: all that were looked at, whether anything in them matters or not. `None` if it cannot
    /// be kept: somebody wrote meanwhile, or a path is no Unicode.
    pub fn of(
        project: &Project,
        members: &[&PathBuf],
        reads: &Reads,
        checked: Vec<Checked>,
        expected: Option<Expected>,
    ) -> Option<Self> {
        let root = project.root();
        let reads = reads.all()?;
        let mut looked: FxHashMap<FileId, Looked> = checked
            .into_par_iter()
            .map(|checked| (checked.file, looked(project, checked)))
            .collect();
        let mut own: FxHashSet<&Path> = FxHashSet::default();
        let members = members
            .iter()
            .map(|path| {
                own.insert(path);
                let file = project.file(path);
                let Some(Found::Text(hash)) = reads.get(*path) else {
                    return None;
                };
                let looked = looked.remove(&file);
                Some(Member {
                    file,
                    hash: *hash,
                    is_read: looked.is_none() && project.is_read(file),
                    looked,
                })
            })
            .collect::<Option<Vec<Member>>>()?;
        Some(Self {
            paths: kept_paths(project)?,
            members,
            reads: other_reads(root, &reads, |path| own.contains(path))?,
            roles: role_files(project),
            watched: (*project.watched()).clone(),
            expected,
        })
    }
}

/// The reads that are no members', as they are kept; `None` if a path is no Unicode.
fn other_reads(
    root: &Path,
    reads: &FxHashMap<PathBuf, Found>,
    is_member: impl Fn(&Path) -> bool,
) -> Option<Vec<(String, Found)>> {
    let others = reads.iter().filter(|(path, _)| !is_member(path));
    let mut others = others
        .map(|(path, found)| Some((kept_path(root, path)?, *found)))
        .collect::<Option<Vec<_>>>()?;
    others.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    Some(others)
}

/// The files that the roles of a project were read from.
fn role_files(project: &Project) -> Vec<FileId> {
    let roles = project.roles();
    roles
        .config
        .into_iter()
        .chain(roles.visited.clone())
        .collect()
}

/// What is kept of the check of one file.
pub(super) fn looked(project: &Project, checked: Checked) -> Looked {
    let Checked {
        file,
        findings,
        trace: Trace {
            files,
            names,
            all_names,
        },
    } = checked;
    let mut asked_files: Vec<FileId> = files.into_iter().filter(|asked| *asked != file).collect();
    // What a finding points at belongs to what it says.
    for found in &findings {
        asked_files.extend(found.related.iter().map(|related| related.place.file));
        let edits = found.fixes.iter().flat_map(|fix| &fix.edits);
        asked_files.extend(edits.map(|edit| edit.place.file));
    }
    asked_files.sort_unstable();
    asked_files.dedup();
    let mut asked_names: Vec<_> = names.into_iter().collect();
    asked_names.sort_unstable();
    Looked {
        visited: project.model(file).visited.clone(),
        given: given(project, file),
        asked_files,
        asked_names,
        asked_all: all_names,
        findings: findings.into_iter().map(Kept::of).collect(),
    }
}

/// What a file gives to the names of the project.
pub(super) fn given(project: &Project, file: FileId) -> Given {
    let model = project.model(file);
    let part = IndexPart {
        file,
        role: project.role(file),
        model: &model,
    };
    let defined = model.tables.iter();
    let defined = defined.filter_map(|t| Some((t.name.as_ref()?.text.clone(), &t.database_name)));
    let declared = model.declared.iter();
    let declared = declared.map(|d| (d.name.text.clone(), &d.database_name));
    let (tables, table_databases): (Vec<_>, Vec<_>) = defined.unzip();
    let (declared, declared_databases): (Vec<_>, Vec<_>) = declared.unzip();
    let namespaces: Vec<_> = part
        .namespaces()
        .filter_map(|namespace| Some(namespace.name.known()?.value.as_str().into()))
        .collect();
    let table_roles: Vec<_> = model
        .tables
        .iter()
        .map(|table| uses::roles_of_table(table))
        .collect();
    let all = format!(
        "{:?}",
        (
            (&tables, &table_databases, &declared, &declared_databases),
            (&namespaces, uses::roles(&model), table_roles),
            part.is_doubtful(),
        )
    );
    Given {
        tables,
        declared,
        namespaces,
        changes: lower::may_change(project, file),
        names_higher: uses::names_higher(&model),
        all: hash(&[all.as_bytes()]),
    }
}
