//! What a rule sees, and where it puts its findings.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Rule;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::facts::FileFacts;
use crate::project::model::{FileModel, Namespace, Table};
use crate::project::trace::{self, GivenName};
use crate::project::{Index, Project, Roles};
use crate::span::{FileId, Place, Span};

/// What a rule sees: one file, and the project around it.
pub struct Context<'p> {
    /// The project.
    pub project: &'p Project,
    /// The file that is checked.
    pub file: FileId,
    /// What the file says.
    pub facts: Arc<FileFacts>,
    /// What it means.
    pub model: Arc<FileModel>,
    /// The project's roles.
    pub roles: Arc<Roles>,
    /// The project's names, once a rule has asked for them; of a file that is looked at alone, none.
    index: OnceCell<Arc<Index>>,
    asked: Cell<bool>,
    is_alone: bool,
}

impl<'p> Context<'p> {
    /// The context of a file; `None` if it cannot be read.
    pub fn of(project: &'p Project, file: FileId) -> Option<Self> {
        Some(Self {
            project,
            file,
            facts: project.facts(file)?,
            model: project.model(file),
            roles: project.roles(),
            index: OnceCell::new(),
            asked: Cell::new(false),
            is_alone: false,
        })
    }

    /// The context of a file with the names that are known at once.
    pub fn at_hand(project: &'p Project, file: FileId) -> Option<Self> {
        let mut context = Self::of(project, file)?;
        context.index = project.index_at_hand(file).into();
        Some(context)
    }

    /// The context of a file in a project of which only what the file leads to has been read: the
    /// names of the rest are not known.
    pub fn alone(project: &'p Project, file: FileId) -> Option<Self> {
        let mut context = Self::of(project, file)?;
        context.index = Arc::<Index>::default().into();
        context.is_alone = true;
        Some(context)
    }

    /// Whether the file is looked at alone.
    pub fn is_alone(&self) -> bool {
        self.is_alone
    }

    /// All of the project's names. Whoever asks for them is checked again whenever a name is given
    /// or taken away anywhere, so ask for one name where that will do; and only for names, not for
    /// what the definitions under them say.
    pub fn index(&self) -> &Index {
        trace::note(|trace| trace.all_names = true);
        self.names()
    }

    fn names(&self) -> &Index {
        self.asked.set(true);
        self.index.get_or_init(|| self.project.names())
    }

    /// The definitions of a table, in the order of their files.
    pub fn tables(&self, name: &str) -> &[Arc<Table>] {
        trace::note(|trace| {
            trace.names.insert(GivenName::Table(name.into()));
        });
        self.names().tables.get(name).map_or(&[], Vec::as_slice)
    }

    /// Where a table is declared that no definition takes up.
    pub fn internal_table(&self, name: &str) -> Option<Place> {
        trace::note(|trace| {
            trace.names.insert(GivenName::Table(name.into()));
        });
        self.names().internal.get(name).copied()
    }

    /// The definitions of a namespace, in the order of their files.
    pub fn namespaces(&self, name: &str) -> &[Arc<Namespace>] {
        trace::note(|trace| {
            trace.names.insert(GivenName::Namespace(name.into()));
        });
        self.names().namespaces.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether anybody has asked for the names since this was asked last.
    pub fn take_asked(&self) -> bool {
        self.asked.take()
    }

    /// A range of this file as a place.
    pub fn place(&self, span: Span) -> Place {
        Place {
            file: self.file,
            span,
        }
    }

    /// The text of a range of this file.
    pub fn text(&self, span: Span) -> &str {
        span.text(&self.facts.text)
    }
}

/// At most this many findings of one rule in one file: more are of use to nobody.
const MAX_FINDINGS: usize = 1_000;

/// Where a rule puts its findings.
pub struct Report<'r> {
    rule: &'static Rule,
    found: &'r mut Vec<Diagnostic>,
    /// What was said of which range already: its place in `found`.
    said: FxHashMap<(Span, String), usize>,
}

impl<'r> Report<'r> {
    /// A report for the findings of `rule`.
    pub fn new(rule: &'static Rule, found: &'r mut Vec<Diagnostic>) -> Self {
        Self {
            rule,
            found,
            said: FxHashMap::default(),
        }
    }

    /// A finding of the rule, to be completed and handed to [`Report::push`].
    pub fn finding(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.rule.code, self.rule.severity, span, message)
    }

    /// The same with another severity than the rule's.
    pub fn finding_as(
        &self,
        severity: Severity,
        span: Span,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(self.rule.code, severity, span, message)
    }

    /// Adds a finding. What is said twice of the same range, as of a constant that two tables
    /// use, is said once, and mended for both.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let said = (diagnostic.span, diagnostic.message.clone());
        if let Some(first) = self.said.get(&said).and_then(|at| self.found.get_mut(*at)) {
            let other = |fix: &Fix| diagnostic.fixes.iter().find(|o| o.title == fix.title);
            first
                .fixes
                .retain_mut(|fix| other(fix).is_some_and(|other| fix.join(other)));
        } else if self.said.len() < MAX_FINDINGS {
            self.said.insert(said, self.found.len());
            self.found.push(diagnostic);
        }
    }
}
