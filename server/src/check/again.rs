//! The check of a project that was checked before.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::project::{mismatch, reader};
use super::remembered::{Reads, Rechecked, Remembered};
use super::sources::Sources;
use super::stopped;
use super::{Finding, Fixed, Options, Report, Summary};
use crate::diagnostic::Diagnostic;
use crate::workspace::{self, Cache, Listing};
use crate::{codes, generate, settings};

/// What holds now of the project at `root`, all of it, and whether something else is kept than
/// before. `None` if nothing is kept that helps: then a whole check has to tell.
pub(super) fn check(
    cache: &Cache,
    root: &Path,
    listing: &Listing,
    options: &Options,
    base: &Path,
) -> Option<(io::Result<bool>, Report)> {
    let remembered = Remembered::decode(&cache.read()?)?;
    let reads = Arc::<Reads>::default();
    let read = reads.noting(reader(options));
    let (settings, settings_findings) = settings::load(root, &read);
    let unreadable = |found: &Diagnostic| found.code == codes::UNREADABLE_FILE;
    if settings_findings.iter().any(unreadable) || !listing.problems.is_empty() {
        return None;
    }
    let members = workspace::members(root, listing, &settings);
    let Rechecked {
        project,
        remembered,
        has_changed,
    } = remembered.recheck(root, &members, settings, Arc::clone(&read), &reads)?;
    // What a configuration of TypeScript lacks is said by a whole check.
    if !project.configuration_mistakes().is_empty() || !project.lost_configurations().is_empty() {
        return None;
    }
    let sources = Sources::new(&project, &read, base);
    let in_settings = settings_findings.into_iter().map(|d| (settings::FILE, d));
    let mut findings: Vec<Finding> = remembered
        .findings()
        .flat_map(|(file, found)| found.into_iter().map(move |d| (file, d)))
        .chain(in_settings)
        .map(|(file, found)| sources.finding(file, found))
        .collect();
    if options.generated {
        if generate::is_adopted(&project) != remembered.expected().is_some() {
            return None;
        }
        let expected = remembered.expected();
        if let Some(expected) = expected {
            let mismatches = expected.compare(&project).into_iter();
            findings.extend(mismatches.filter_map(|m| mismatch(&project, m, base)));
            findings.extend(stopped::unseen(&project, expected, &findings, base));
        }
    }
    let (files, tables, namespaces) = remembered.counts();
    let kept = has_changed.then(|| remembered.encode()).flatten();
    let saved = kept.map_or(Ok(false), |kept| cache.write(&kept).map(|()| true));
    let report = Report {
        fixed: Fixed::default(),
        notes: Vec::new(),
        findings,
        failures: Vec::new(),
        summary: Summary {
            files,
            tables,
            namespaces,
            errors: 0,
            warnings: 0,
        },
    };
    Some((saved, report))
}
