//! What a check has found in each file of a project, and what that depends on, so that the next
//! check looks again only at what a change can have an effect on.
//!
//! Of each file is kept which files and which names a rule asked the project for ([`Trace`]). A
//! finding holds as long as these files say the same, and the same files give these names. What
//! has an effect that is hard to bound (the configuration, the settings, a `tsconfig.json`, a file
//! that appears or is gone) makes all of it worthless, and a whole check takes its place. It is
//! never wrong to look again; so wherever this is in doubt, it does.

mod learn;
mod reads;
mod recheck;

use std::path::Path;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use reads::{Found, Reads};
pub use recheck::Rechecked;

use crate::check::guarded;
use crate::diagnostic::{Diagnostic, Fix, Related, Severity};
use crate::generate::Expected;
use crate::project::trace::{GivenName, Trace, traced};
use crate::project::{Project, Watched};
use crate::rules;
use crate::span::{FileId, Span};
use crate::workspace::Hash;

/// What is kept of a project. Ids of files are indices into `paths`.
#[derive(Debug, Serialize, Deserialize)]
pub struct Remembered {
    /// The paths of the files that the project knew, relative to the root where they are under it.
    paths: Vec<String>,
    /// The members, in the order of their paths.
    members: Vec<Member>,
    /// What was found at other paths.
    reads: Vec<(String, Found)>,
    /// The files that the roles were read from.
    roles: Vec<FileId>,
    /// What a source that does not matter otherwise may change of what definitions are read from.
    watched: Watched,
    /// What should be generated, if the project has adopted us and that was asked for.
    expected: Option<Expected>,
}

/// A file that was looked at.
#[derive(Debug, Serialize, Deserialize)]
struct Member {
    file: FileId,
    /// The hash of its text.
    hash: Hash,
    /// What it gave and what was found; `None` if nothing in it can matter.
    looked: Option<Looked>,
    /// Whether it was read although nothing in it can matter otherwise: another file leads to it,
    /// or it may change what definitions are read from.
    is_read: bool,
}

/// What was found in a file.
#[derive(Debug, Serialize, Deserialize)]
struct Looked {
    /// The other files that its meaning was read from.
    visited: Vec<FileId>,
    given: Given,
    /// The files that its check has asked for, and the names.
    asked_files: Vec<FileId>,
    asked_names: Vec<GivenName>,
    /// Whether its check has asked for all names.
    asked_all: bool,
    findings: Vec<Kept>,
}

/// What a file gives to the names of the project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Given {
    /// The tables that it defines.
    tables: Vec<SmolStr>,
    /// The table objects that it declares.
    declared: Vec<SmolStr>,
    /// The namespaces that it defines where they are picked up.
    namespaces: Vec<SmolStr>,
    /// Whether it changes what it imports, which may be what a definition is read from.
    changes: bool,
    /// Whether it says `role+`: where nobody does, roles that are changed elsewhere stop nothing.
    names_higher: bool,
    /// A hash of everything that it gives: of the above, of the names in the database, of the roles
    /// that it names, and of whether a name may be missing.
    all: Hash,
}

impl Given {
    fn names(&self) -> impl Iterator<Item = GivenName> {
        let tables = self.tables.iter().chain(&self.declared).cloned();
        let namespaces = self.namespaces.iter().cloned();
        tables
            .map(GivenName::Table)
            .chain(namespaces.map(GivenName::Namespace))
    }
}

/// A finding of a rule.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    code: SmolStr,
    severity: Severity,
    span: Span,
    message: String,
    help: Option<String>,
    related: Vec<Related>,
    fixes: Vec<Fix>,
    unnecessary: bool,
}

impl Kept {
    fn of(found: Diagnostic) -> Self {
        Self {
            code: found.code.into(),
            severity: found.severity,
            span: found.span,
            message: found.message,
            help: found.help,
            related: found.related,
            fixes: found.fixes,
            unnecessary: found.unnecessary,
        }
    }

    /// The finding; `None` if there is no such rule.
    fn diagnostic(&self) -> Option<Diagnostic> {
        let kept = self.clone();
        Some(Diagnostic {
            code: rules::code_of(&kept.code)?,
            severity: kept.severity,
            span: kept.span,
            message: kept.message,
            help: kept.help,
            related: kept.related,
            fixes: kept.fixes,
            unnecessary: kept.unnecessary,
        })
    }
}

/// What one check of a file has found, and asked for.
pub struct Checked {
    /// The file.
    pub file: FileId,
    /// Its findings.
    pub findings: Vec<Diagnostic>,
    /// What was asked for.
    pub trace: Trace,
}

impl Checked {
    /// Checks a file and notes what is asked for; `None` if a rule panics. The names of the project
    /// have to be known: see [`crate::project::trace`].
    pub fn of(project: &Project, file: FileId) -> Option<Self> {
        let (findings, trace) = traced(|| guarded(|| rules::check(project, file)));
        Some(Self {
            file,
            findings: findings?,
            trace,
        })
    }
}

impl Remembered {
    /// Reads what [`Remembered::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }

    /// The bytes that are kept.
    pub fn encode(&self) -> Option<Vec<u8>> {
        postcard::to_allocvec(self).ok()
    }

    /// The findings of each member that has any.
    pub fn findings(&self) -> impl Iterator<Item = (FileId, Vec<Diagnostic>)> {
        self.members.iter().filter_map(|member| {
            let kept = &member.looked.as_ref()?.findings;
            let found: Vec<Diagnostic> = kept.iter().filter_map(Kept::diagnostic).collect();
            (!found.is_empty()).then_some((member.file, found))
        })
    }

    /// How many files were looked at, and how many tables and namespaces are defined.
    pub fn counts(&self) -> (usize, usize, usize) {
        let looked = || self.members.iter().filter_map(|m| m.looked.as_ref());
        let distinct = |mut names: Vec<&SmolStr>| {
            names.sort_unstable();
            names.dedup();
            names.len()
        };
        let tables = looked().flat_map(|looked| &looked.given.tables);
        let namespaces = looked().flat_map(|looked| &looked.given.namespaces);
        (
            self.members.len(),
            distinct(tables.collect()),
            distinct(namespaces.collect()),
        )
    }

    /// What should be generated.
    pub fn expected(&self) -> Option<&Expected> {
        self.expected.as_ref()
    }
}

/// A path as it is kept; `None` if it is no Unicode.
fn kept_path(root: &Path, path: &Path) -> Option<String> {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.to_str().map(str::to_owned)
}

/// The paths of all files that a project knows, as they are kept, in the order of their ids; `None`
/// if one is no Unicode.
fn kept_paths(project: &Project) -> Option<Vec<String>> {
    let paths = project.paths();
    let paths = paths.iter().map(|path| kept_path(project.root(), path));
    paths.collect()
}
