//! The check of one project.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use generator::artifact;
use rayon::prelude::*;

use super::sources::Sources;
use super::{Finding, Fixed, Options, Progress, Report, Scope, Source, Summary};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::FileFacts;
use crate::generate::{self, Mismatch, Remedy};
use crate::project::layout::{self, Role};
use crate::project::{Project, Read};
use crate::settings::{self, Settings};
use crate::span::{FileId, Span};
use crate::workspace::{self, Cache, Listing, Problem};
use crate::{codes, fix, rules};

/// A project that was read to be checked.
pub struct Checked {
    /// The project with all its members.
    pub project: Project,
    settings_findings: Vec<Diagnostic>,
    problems: Vec<Problem>,
    files: usize,
    read: Read,
    /// Whether more is kept for the next check than before.
    pub(super) saved: io::Result<bool>,
}

impl Checked {
    /// Reads the project at `root`.
    pub fn open(root: &Path, options: &Options) -> Self {
        Self::open_listed(root, &Listing::of(root), options)
    }

    /// Reads the project of a scope, whose files may have been listed.
    pub fn open_scope(scope: &Scope, options: &Options) -> Self {
        match &scope.listing {
            Some(listing) => Self::open_listed(&scope.root, listing, options),
            None => Self::open(&scope.root, options),
        }
    }

    fn open_listed(root: &Path, listing: &Listing, options: &Options) -> Self {
        let read = reader(options);
        let (settings, settings_findings) = settings::load(root, &read);
        let excluded = workspace::exclusion(root, &settings);
        let cache = options.cache.as_deref().map(|at| Cache::open(at, root));
        let loaded = workspace::load_listed(
            root,
            listing,
            settings,
            Some(Arc::clone(&read)),
            cache.as_ref(),
        );
        let saved = cache.map_or(Ok(false), |cache| cache.save());
        let mut problems = loaded.problems;
        if let Some((path, text)) = &options.text {
            let file = loaded.project.file(path);
            problems.retain(|problem| problem.path() != path);
            let facts = FileFacts::of_text(text, path);
            loaded.project.set_facts(file, Some(Arc::new(facts)));
            if workspace::is_member(root, path, &excluded) {
                loaded.project.add_member(path);
            }
        }
        Self {
            project: loaded.project,
            settings_findings,
            problems,
            files: loaded.files,
            read,
            saved,
        }
    }

    /// Applies the safe fixes of files within `scope` and writes what changed. The report holds
    /// how much that was, and what could not be written.
    pub fn fix(&self, scope: &Scope, base: &Path) -> Report {
        let fixed = fix::fix(&self.project, &|path| scope.holds(path));
        let mut report = Report::default();
        for (path, before, after) in &fixed.files {
            // A member lies under the root.
            let relative = super::relative_name(path, self.project.root());
            match artifact::replace(self.project.root(), &relative, before, after) {
                Ok(()) => report.fixed.files += 1,
                Err(error) => {
                    let facts = FileFacts::of_text(before, path);
                    let file = self.project.file(path);
                    self.project.set_facts(file, Some(Arc::new(facts)));
                    report.failures.push(format!(
                        "cannot write {}: {error}. Nothing was fixed in it",
                        super::relative_name(path, base)
                    ));
                }
            }
        }
        if report.fixed.files > 0 {
            report.fixed.fixes = fixed.fixes;
        }
        report
    }

    /// The findings within `scope`, and the numbers.
    pub fn report(
        &self,
        scope: &Scope,
        options: &Options,
        base: &Path,
        progress: &dyn Progress,
    ) -> Report {
        let sources = Sources::new(&self.project, &self.read, base);
        let members = self.project.members().into_iter();
        let members: Vec<FileId> = members
            .filter(|file| scope.holds(&self.project.path(*file)))
            .collect();
        progress.add(members.len());
        let checked: Vec<Result<Vec<Finding>, String>> = members
            .par_iter()
            .map(|file| {
                let found = guarded(|| rules::check(&self.project, *file));
                progress.advance(1);
                let Some(found) = found else {
                    let name = super::relative_name(&self.project.path(*file), base);
                    return Err(format!(
                        "cannot check {name}: this is a bug of quickback-realtime, please report it with the lines above"
                    ));
                };
                let found = found.into_iter().map(|d| sources.finding(*file, d));
                Ok(found.collect())
            })
            .collect();
        let (mut failures, unreadable) = self.problems(base);
        let mut findings: Vec<Finding> = Vec::new();
        for result in checked {
            match result {
                Ok(found) => findings.extend(found),
                Err(failure) => failures.push(failure),
            }
        }
        let in_settings = self.settings_findings.iter().cloned();
        findings.extend(in_settings.map(|d| sources.finding(settings::FILE, d)));
        findings.extend(unreadable);
        if options.generated {
            let mismatches = generate::compare(&self.project).into_iter();
            findings.extend(mismatches.filter_map(|m| self.mismatch(m, base)));
        }
        findings.retain(|finding| scope.holds(&finding.source.path));
        let index = self.project.index();
        Report {
            fixed: Fixed::default(),
            notes: Vec::new(),
            findings,
            failures,
            summary: Summary {
                files: self.files,
                tables: index.tables.len(),
                namespaces: index.namespaces.len(),
                errors: 0,
                warnings: 0,
            },
        }
    }

    /// The finding of an output that is not what the definitions say.
    fn mismatch(&self, mismatch: Mismatch, base: &Path) -> Option<Finding> {
        let severity = match self.project.settings().rules.get(mismatch.code) {
            Some(severity) => (*severity)?,
            None => mismatch.severity,
        };
        let root = self.project.root();
        let place = if base == root {
            String::new()
        } else {
            format!(" {}", super::relative_name(root, base))
        };
        let help = match mismatch.remedy {
            Remedy::Generate => Some(format!("Run: quickback-realtime generate{place}")),
            Remedy::Force => Some(format!(
                "Look at it, then replace it: quickback-realtime generate --force{place}"
            )),
            Remedy::ByHand => None,
        };
        let path = root.join(&mismatch.path);
        Some(Finding {
            source: Arc::new(Source::new(&path, mismatch.text, base)),
            code: mismatch.code,
            severity,
            span: mismatch.span,
            message: mismatch.message,
            help,
            related: Vec::new(),
            fixes: Vec::new(),
        })
    }

    /// The files that could not be read: without a configuration there is nothing to say of the
    /// project, any other is a finding.
    fn problems(&self, base: &Path) -> (Vec<String>, Vec<Finding>) {
        let mut failures = Vec::new();
        let mut findings = Vec::new();
        if self
            .settings_findings
            .iter()
            .any(|found| found.code == codes::UNREADABLE_FILE)
        {
            let path = self.project.path(settings::FILE);
            let name = super::relative_name(&path, base);
            failures.push(format!(
                "cannot read {name}. Make it a readable file of UTF-8 text, or remove it"
            ));
        }
        for problem in &self.problems {
            let role = problem
                .path()
                .strip_prefix(self.project.root())
                .map_or(Role::Other, layout::role);
            if role == Role::Config {
                failures.push(failure(problem, base));
            } else {
                findings.extend(unreadable(problem, &self.project.settings(), base));
            }
        }
        (failures, findings)
    }
}

/// What `check` answers, or `None` if it panics: one file must not end the check of all others.
fn guarded<T>(check: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(check)).ok()
}

/// The sentence of a configuration that cannot be read.
fn failure(problem: &Problem, base: &Path) -> String {
    let name = super::relative_name(problem.path(), base);
    match problem {
        Problem::Unreadable { source, .. } => format!(
            "cannot read {name}: {}. Without it the project's roles are not known",
            super::scope::why(source)
        ),
        Problem::InvalidUtf8 { offset, .. } => {
            format!("cannot read {name}: byte {offset} is not UTF-8 text. Save the file as UTF-8")
        }
    }
}

/// The finding of a file that cannot be read.
fn unreadable(problem: &Problem, settings: &Settings, base: &Path) -> Option<Finding> {
    let severity = match settings.rules.get(codes::UNREADABLE_FILE) {
        Some(severity) => (*severity)?,
        None => Severity::Error,
    };
    let (text, span, message) = match problem {
        Problem::Unreadable { source, .. } => (
            String::new(),
            Span::default(),
            format!(
                "This cannot be read: {}. What it defines is not known.",
                super::scope::why(source)
            ),
        ),
        Problem::InvalidUtf8 { text, offset, .. } => {
            let length = text
                .get(*offset..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8);
            (
                text.clone(),
                Span::new(*offset, offset.saturating_add(length)),
                "This file is not UTF-8 text, so what it defines is not known.".to_owned(),
            )
        }
    };
    Some(Finding {
        source: Arc::new(Source::new(problem.path(), text.into(), base)),
        code: codes::UNREADABLE_FILE,
        severity,
        span,
        message,
        help: Some(match problem {
            Problem::Unreadable { .. } => {
                "Make it readable, or name it in \"exclude\" of quickback-realtime.json.".to_owned()
            }
            Problem::InvalidUtf8 { .. } => {
                "Save it as UTF-8, or name it in \"exclude\" of quickback-realtime.json.".to_owned()
            }
        }),
        related: Vec::new(),
        fixes: Vec::new(),
    })
}

/// Reads the disk, but for the one file whose text was handed in.
fn reader(options: &Options) -> Read {
    let given = options.text.clone();
    workspace::reader(Some(Arc::new(move |path: &Path| {
        let (given, text) = given.as_ref()?;
        (given == path).then(|| text.clone())
    })))
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_panic_is_no_answer() {
        assert_eq!(guarded(|| 1), Some(1));
        assert_eq!(guarded(|| -> u8 { panic!("on purpose") }), None);
    }
}
