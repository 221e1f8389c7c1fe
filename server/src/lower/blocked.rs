//! What stops generation.

mod changed;
mod unlisted;

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::codes::{self, UNRESOLVED_VALUE};
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::project::layout::{self, Role};
use crate::project::model::FileModel;
use crate::rules::{self, Lasting};
use crate::span::{FileId, Place};
pub use changed::may_change;

/// Why nothing is generated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", sentence(.reasons))]
pub struct Blocked {
    /// Everything that has to be mended first, by file and position; never empty.
    pub reasons: Vec<Reason>,
}

/// One thing that has to be mended first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The file, relative to the project's root, with `/`.
    pub path: String,
    /// Where it is; `None` for the settings and for files that cannot be read, whose findings say
    /// more.
    pub place: Option<Place>,
    /// The rule's code.
    pub code: SmolStr,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.path, self.message, self.code)
    }
}

fn sentence(reasons: &[Reason]) -> String {
    let first = reasons.first().map(Reason::to_string).unwrap_or_default();
    match reasons.len() {
        0 | 1 => format!("Nothing is generated until this is mended: {first}"),
        count => format!(
            "Nothing is generated until {count} errors are mended, the first of them in {first}"
        ),
    }
}

/// The rule whose errors stop nothing: a field that is no column is left out.
const UNKNOWN_FIELD: &str = "unknown-field";

/// What was found in each file when it was last looked at, so that a save costs the work of what
/// changed since the one before.
#[derive(Default)]
pub struct Looked(Mutex<FxHashMap<FileId, Arc<Lasting>>>);

impl Looked {
    fn known(&self, file: FileId) -> Option<Arc<Lasting>> {
        self.files().get(&file).cloned()
    }

    fn learn(&self, file: FileId, lasting: Option<Arc<Lasting>>) {
        match lasting {
            Some(lasting) => self.files().insert(file, lasting),
            None => self.files().remove(&file),
        };
    }

    fn files(&self) -> MutexGuard<'_, FxHashMap<FileId, Arc<Lasting>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known of a project that nothing stops.
pub struct Clear {
    /// Whether it is known which roles are higher than others, as far as the configuration says it.
    pub roles_are_as_read: bool,
}

/// Looks for what stops generation, in a project and in what could not be read of it.
pub fn check(project: &Project, unread: &[&Path], looked: &Looked) -> Result<Clear, Blocked> {
    let mut reasons: Vec<Reason> = unread
        .iter()
        .filter_map(|path| unreadable(project, path))
        .collect();
    if let Some(mistake) = &project.settings().mistake {
        reasons.push(Reason {
            path: layout::SETTINGS_NAME.to_owned(),
            place: None,
            code: mistake.code.into(),
            message: format!(
                "these settings have mistakes, so where the outputs go cannot be told. {}",
                mistake.message
            ),
        });
    }
    let mut parsed: BTreeSet<FileId> = project.config().into_iter().collect();
    // So does what the configuration takes the roles from.
    parsed.extend(&project.roles().visited);
    let members = project.members();
    // The index is read by one, not by all at once.
    project.index();
    let found: Vec<Found> = members
        .par_iter()
        .map(|file| {
            let file = *file;
            let model = project.model(file);
            if model.tables.is_empty() && model.namespaces.is_empty() && model.declared.is_empty() {
                let parsed = may_define(project, file).then_some(file);
                return Found {
                    parsed: parsed.into_iter().collect(),
                    ..Found::default()
                };
            }
            // What a definition is read from has to parse as well.
            let mut parsed = vec![file];
            parsed.extend(&model.visited);
            let mut reasons = errors(project, file, &model, looked);
            reasons.extend(unlisted::tables(project, file, &model));
            Found {
                parsed,
                reasons,
                definition: Some((file, model)),
            }
        })
        .collect();
    let mut definitions = Vec::new();
    for found in found {
        parsed.extend(found.parsed);
        reasons.extend(found.reasons);
        definitions.extend(found.definition);
    }
    let elsewhere = changed::elsewhere(project, &members, &definitions);
    reasons.extend(elsewhere.reasons);
    reasons.extend(
        parsed
            .into_iter()
            .filter_map(|file| first_syntax_error(project, file)),
    );
    if reasons.is_empty() {
        return Ok(Clear {
            roles_are_as_read: !elsewhere.roles,
        });
    }
    reasons.sort_by(|a, b| (&a.path, a.place, &a.code).cmp(&(&b.path, b.place, &b.code)));
    reasons.dedup();
    Err(Blocked { reasons })
}

/// What was found in a member.
#[derive(Default)]
struct Found {
    /// The files that have to parse.
    parsed: Vec<FileId>,
    reasons: Vec<Reason>,
    /// What it means, if it defines something.
    definition: Option<Definition>,
}

/// A file that defines something, and what it means.
type Definition = (FileId, Arc<FileModel>);

/// A file that could not be read stops generation if it may hold definitions.
fn unreadable(project: &Project, path: &Path) -> Option<Reason> {
    let file = project.file(path);
    let role = project.role(file);
    let is_folder = || {
        let relative = path.strip_prefix(project.root());
        let is_definitions = |at| layout::may_hold_definitions(project.root(), at, &|_| true);
        role == Role::Other && relative.is_ok_and(is_definitions)
    };
    let may_define = role.is_definition() || is_folder();
    (may_define || matches!(role, Role::Config | Role::Settings)).then(|| Reason {
        path: project.relative(file),
        place: None,
        code: codes::UNREADABLE_FILE.into(),
        message: "this file cannot be read".to_owned(),
    })
}

/// Whether a file without definitions may have lost one to what does not parse in it: by whatever
/// name, unless it imports nothing but the helper, for calls.
fn may_define(project: &Project, file: FileId) -> bool {
    let only_calls = || {
        let facts = project.facts(file);
        let imports = facts.as_ref().map(|facts| facts.module.imports.as_slice());
        imports.is_some_and(|imports| {
            let mut imported = imports.iter();
            !imports.is_empty() && imported.all(|import| project.is_helper(file, &import.module))
        })
    };
    project.role(file).is_definition() && !only_calls()
}

/// The errors of a file that are not about its calls. A field that is no column is left out of
/// what is generated, so it stops nothing.
fn errors(project: &Project, file: FileId, model: &FileModel, looked: &Looked) -> Vec<Reason> {
    let (found, lasting) = rules::errors(project, file, looked.known(file));
    looked.learn(file, lasting);
    found
        .into_iter()
        .filter(|found| {
            found.code != UNKNOWN_FIELD
                && found.code != codes::SYNTAX_ERROR
                && !model
                    .calls
                    .iter()
                    .any(|call| call.span.contains(found.span))
        })
        .map(|found| reason(project, file, found))
        .collect()
}

fn reason(project: &Project, file: FileId, found: Diagnostic) -> Reason {
    Reason {
        path: project.relative(file),
        place: Some(Place {
            file,
            span: found.span,
        }),
        code: found.code.into(),
        message: found.message,
    }
}

fn first_syntax_error(project: &Project, file: FileId) -> Option<Reason> {
    let facts = project.facts(file)?;
    let span = *facts.errors.first()?;
    Some(Reason {
        path: project.relative(file),
        place: Some(Place { file, span }),
        code: codes::SYNTAX_ERROR.into(),
        message: "this file does not parse".to_owned(),
    })
}
