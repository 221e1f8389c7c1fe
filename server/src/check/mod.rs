//! The check: every finding of the projects at or under some paths, as one value.
//!
//! What is found does not depend on how it is shown, so nothing here knows of formats. The order
//! is by file, then position: the same on every run.

mod again;
mod finding;
mod lost;
mod project;
mod remembered;
mod scope;
mod sources;
mod stopped;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

pub use finding::{Edit, Finding, Fix, Location, Source, relative_name};
pub use project::CheckedProject;
pub use scope::{Scope, ScopeError, absolute, scope_of_file, scopes};

use crate::diagnostic::Severity;
use crate::workspace::{self, Cache, Listing};

/// What to check, and how.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether the generated files are compared.
    pub generated: bool,
    /// A file, by its absolute path, and the text that takes the place of the disk's.
    pub text: Option<(PathBuf, String)>,
    /// Whether safe fixes are applied first, and written.
    pub fix: bool,
    /// The folder in which is kept what was found, so that the next check looks only at what has
    /// changed.
    pub cache: Option<PathBuf>,
    /// Whether the process ends after the check, so that nobody needs the memory of what was read:
    /// to free it piece by piece takes a fifth of the time of a check.
    pub ends: bool,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The findings, by file, then position.
    pub findings: Vec<Finding>,
    /// What the check could not do its work without: sentences that name the file.
    pub failures: Vec<String>,
    /// The numbers of the last line.
    pub summary: Summary,
    /// What was fixed.
    pub fixed: Fixed,
    /// What went wrong without any effect on what was found.
    pub notes: Vec<String>,
}

/// How much was fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fixed {
    /// The fixes that were applied.
    pub fixes: usize,
    /// The files that were written.
    pub files: usize,
}

/// What was looked at, and how much was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Summary {
    /// The files that were looked at.
    pub files: usize,
    /// The tables that definitions declare.
    pub tables: usize,
    /// The event namespaces.
    pub namespaces: usize,
    /// The errors.
    pub errors: usize,
    /// The warnings.
    pub warnings: usize,
}

/// Hears of how far the work is.
pub trait Progress: Sync {
    /// So much more is to be done.
    fn add(&self, steps: usize);
    /// So much is done.
    fn advance(&self, steps: usize);
}

/// Nobody watches.
impl Progress for () {
    fn add(&self, _: usize) {}
    fn advance(&self, _: usize) {}
}

/// Checks projects, in parallel. The names of files in the report are relative to `base`.
pub fn check(scopes: &[Scope], options: &Options, base: &Path, progress: &dyn Progress) -> Report {
    progress.add(scopes.len());
    let checked: Vec<(io::Result<bool>, [Report; 2])> = scopes
        .par_iter()
        .map(|scope| {
            let found = check_scope(scope, options, base, progress, scopes.len() == 1);
            progress.advance(1);
            found
        })
        .collect();
    let (saved, reports): (Vec<_>, Vec<_>) = checked.into_iter().unzip();
    let mut report = Report::merge(reports.into_iter().flatten());
    if let Some(at) = &options.cache {
        report.notes.extend(keep(at, scopes, saved).err().map(|error| {
            format!(
                "cannot keep what was found in {}: {}. Findings are what they are, but the next check takes as long; name another folder with --cache-dir, or none with --no-cache",
                at.display(),
                scope::why(&error)
            )
        }));
    }
    report
}

/// Checks one project. Answers whether something else is kept of it than before, and what was fixed
/// and found.
fn check_scope(
    scope: &Scope,
    options: &Options,
    base: &Path,
    progress: &dyn Progress,
    is_only: bool,
) -> (io::Result<bool>, [Report; 2]) {
    let listing = match &scope.listing {
        Some(listing) => Arc::clone(listing),
        None => Arc::new(Listing::of(&scope.root)),
    };
    let root = &scope.root;
    // What is kept is of all of a project as it is on the disk.
    let is_whole = scope.holds(root) && options.text.is_none() && !options.fix;
    let folder = options.cache.as_deref().filter(|_| is_whole);
    let cache = folder.map(|folder| Cache::of(folder, root));
    if let Some(cache) = &cache
        && let Some((saved, report)) = again::check(cache, root, &listing, options, base)
    {
        return (saved, [Report::default(), report]);
    }
    let reads = cache.as_ref().map(|_| Arc::default());
    let project = CheckedProject::open_listed(root, &listing, options, reads);
    let fixed = if options.fix {
        project.fix(scope, base)
    } else {
        Report::default()
    };
    let members = match &cache {
        Some(_) => workspace::members(root, &listing, &project.project.settings()),
        None => Vec::new(),
    };
    let (report, remembered) = project.report_to_keep(scope, options, base, progress, &members);
    let kept = remembered.and_then(|remembered| remembered.encode());
    let saved = match (&cache, kept) {
        (Some(cache), Some(kept)) => cache.write(&kept).map(|()| true),
        _ => Ok(false),
    };
    // Of many projects the next one uses the memory of the last.
    if options.ends && is_only {
        std::mem::forget(project);
    }
    (saved, [fixed, report])
}

/// Ends the work on a cache: `saved` says of each project whether something else is kept of it than
/// before.
fn keep(at: &Path, scopes: &[Scope], saved: Vec<io::Result<bool>>) -> io::Result<()> {
    let mut has_changed = false;
    for saved in saved {
        has_changed |= saved?;
    }
    if has_changed {
        Cache::prune(at, scopes.iter().map(|scope| scope.root.as_path()))?;
    }
    Ok(())
}

/// What `check` answers, or `None` if it panics: one file must not end the check of all others.
fn guarded<T>(check: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(check)).ok()
}

impl Report {
    /// The report of several projects.
    pub fn merge(reports: impl IntoIterator<Item = Report>) -> Self {
        let mut all = Self::default();
        for report in reports {
            all.findings.extend(report.findings);
            all.failures.extend(report.failures);
            all.summary.files += report.summary.files;
            all.summary.tables += report.summary.tables;
            all.summary.namespaces += report.summary.namespaces;
            all.fixed.fixes += report.fixed.fixes;
            all.fixed.files += report.fixed.files;
        }
        all.findings.sort_by(Finding::order);
        let count = |severity| {
            all.findings
                .iter()
                .filter(|finding| finding.severity == severity)
                .count()
        };
        all.summary.errors = count(Severity::Error);
        all.summary.warnings = count(Severity::Warning);
        all
    }
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
