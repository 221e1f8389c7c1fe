//! The check of one project.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use generator::artifact;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::remembered::{Checked, Reads, Remembered};
use super::sources::Sources;
use super::{Finding, Fixed, Options, Progress, Report, Scope, Source, Summary};
use super::{lost, stopped};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::FileFacts;
use crate::generate::{Expected, Mismatch, Remedy};
use crate::project::layout::{self, Role};
use crate::project::resolve::Mistake;
use crate::project::{Project, Read};
use crate::settings::{self, Settings};
use crate::span::{FileId, Span};
use crate::workspace::{self, Listing, Problem};
use crate::{codes, fix};

/// A project that was read to be checked.
pub struct CheckedProject {
    /// The project with all its members.
    pub project: Project,
    settings_findings: Vec<Diagnostic>,
    problems: Vec<Problem>,
    files: usize,
    read: Read,
    /// What was read, where it is to be kept what was found.
    reads: Option<Arc<Reads>>,
}

impl CheckedProject {
    /// Reads the project at `root`.
    pub fn open(root: &Path, options: &Options) -> Self {
        Self::open_listed(root, &Listing::of(root), options, None)
    }

    /// Reads the project at `root`, whose files have been listed. What is read is noted in `reads`,
    /// where it is to be kept what was found.
    pub(super) fn open_listed(
        root: &Path,
        listing: &Listing,
        options: &Options,
        reads: Option<Arc<Reads>>,
    ) -> Self {
        let read = match &reads {
            Some(reads) => reads.noting(reader(options)),
            None => reader(options),
        };
        let (settings, settings_findings) = settings::load(root, &read);
        let excluded = workspace::exclusion(root, &settings);
        let note = |path: &Path, bytes: &[u8]| {
            if let Some(reads) = &reads {
                reads.note(path, Some(bytes));
            }
        };
        let loaded = workspace::load_listed(root, listing, settings, Arc::clone(&read), &note);
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
            reads,
        }
    }

    /// Applies the safe fixes of files within `scope` and writes what changed. The report holds
    /// how much that was, and what could not be written.
    pub fn fix(&self, scope: &Scope, base: &Path) -> Report {
        let fixed = fix::fix(&self.project, &|path| scope.holds(path));
        let mut report = Report::default();
        // By one name and by another, where one leads to the other.
        let mut written: FxHashMap<PathBuf, &Arc<str>> = FxHashMap::default();
        for (path, before, after) in &fixed.files {
            let place = path.canonicalize().unwrap_or_else(|_| path.clone());
            if written.get(&place) == Some(&after) {
                continue;
            }
            // A member lies under the root.
            let relative = super::relative_name(path, self.project.root());
            match artifact::replace(self.project.root(), &relative, before, after) {
                Ok(()) => {
                    report.fixed.files += 1;
                    written.insert(place, after);
                }
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
        let (report, _) = self.report_to_keep(scope, options, base, progress, &[]);
        report
    }

    /// The same, and what may be kept of it if all of the project is in the scope and nothing is
    /// wrong with it but what rules find. `members` are the files that were looked at.
    pub(super) fn report_to_keep(
        &self,
        scope: &Scope,
        options: &Options,
        base: &Path,
        progress: &dyn Progress,
        members: &[&PathBuf],
    ) -> (Report, Option<Remembered>) {
        let sources = Sources::new(&self.project, &self.read, base);
        // The names are read by one, not by all at once; and what a file asks for is noted on one
        // thread.
        let index = self.project.index();
        let files = self.project.members().into_iter();
        let files: Vec<FileId> = files
            .filter(|file| scope.holds(&self.project.path(*file)))
            .collect();
        progress.add(files.len());
        let checked: Vec<(FileId, Option<Checked>)> = files
            .par_iter()
            .map(|file| {
                let checked = Checked::of(&self.project, *file);
                progress.advance(1);
                (*file, checked)
            })
            .collect();
        let (mut failures, unreadable) = self.problems(base);
        let mut findings: Vec<Finding> = Vec::new();
        let mut whole: Vec<Checked> = Vec::new();
        for (file, checked) in checked {
            let Some(checked) = checked else {
                let name = super::relative_name(&self.project.path(file), base);
                failures.push(format!(
                    "cannot check {name}: this is a bug of quickback-realtime, please report it with the lines above"
                ));
                continue;
            };
            let found = checked.findings.iter().cloned();
            findings.extend(found.map(|d| sources.finding(file, d)));
            whole.push(checked);
        }
        let in_settings = self.settings_findings.iter().cloned();
        findings.extend(in_settings.map(|d| sources.finding(settings::FILE, d)));
        findings.extend(unreadable);
        let mistakes = self.project.configuration_mistakes();
        let expected = options
            .generated
            .then(|| Expected::of(&self.project))
            .flatten();
        if let Some(expected) = &expected {
            let mismatches = expected.compare(&self.project).into_iter();
            findings.extend(mismatches.filter_map(|m| mismatch(&self.project, m, base)));
            findings.extend(stopped::unseen(&self.project, expected, &findings, base));
        }
        let lost = lost::needed(&self.project, &findings);
        let lost_findings = lost.iter().filter_map(|lost| self.lost(lost, base));
        let unparsed = mistakes.iter().filter_map(|m| self.unparsed(m, base));
        findings.extend(unparsed.chain(lost_findings));
        // What is extended may lie above the project.
        let root = self.project.root();
        findings.retain(|finding| {
            let path = &finding.source.path;
            scope.holds(if path.starts_with(root) { path } else { root })
        });
        let is_sound = failures.is_empty()
            && self.problems.is_empty()
            && mistakes.is_empty()
            && lost.is_empty();
        let reads = self.reads.as_ref().filter(|_| is_sound);
        let remembered =
            reads.and_then(|reads| Remembered::of(&self.project, members, reads, whole, expected));
        let report = Report {
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
        };
        (report, remembered)
    }

    /// The finding of a configuration of TypeScript that is no JSON.
    fn unparsed(&self, mistake: &Mistake, base: &Path) -> Option<Finding> {
        let message = format!(
            "This is no configuration of TypeScript, so the files that its paths lead to are not known: {}.",
            settings::lower_first(&mistake.message)
        );
        let severity = self
            .project
            .settings()
            .severity(codes::UNREADABLE_FILE, Severity::Error)?;
        let help = "Mend it: imports through an alias are not followed until then.";
        Some(self.in_configuration(mistake, (severity, message, help), base))
    }

    /// The finding of a configuration of TypeScript that cannot be read and may be needed. That it
    /// is needed is not certain, since the import may mean a package.
    fn lost(&self, (mistake, message): &(Mistake, String), base: &Path) -> Option<Finding> {
        let severity = self
            .project
            .settings()
            .severity(codes::UNREADABLE_FILE, Severity::Warning)?;
        let help = "Make it, or install its package, before the check and the generation: imports through its aliases are not followed until then.";
        Some(self.in_configuration(mistake, (severity, message.clone(), help), base))
    }

    fn in_configuration(
        &self,
        mistake: &Mistake,
        (severity, message, help): (Severity, String, &str),
        base: &Path,
    ) -> Finding {
        // What a stranger's `extends` or link leads to is not theirs to show.
        let (text, span) = if workspace::leads_out(self.project.root(), &mistake.path) {
            (String::new(), Span::default())
        } else {
            let text = (self.read)(&mistake.path).unwrap_or_default();
            (text, mistake.span)
        };
        Finding {
            source: Arc::new(Source::new(&mistake.path, text.into(), base)),
            code: codes::UNREADABLE_FILE,
            severity,
            span,
            message,
            help: Some(help.to_owned()),
            related: Vec::new(),
            fixes: Vec::new(),
        }
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
                "cannot read {name}. Make it a readable file of UTF-8 text in the repository, or remove it"
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

/// A name as a shell takes it for one word.
fn quoted(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+@:".contains(c);
    if !name.is_empty() && name.chars().all(is_plain) {
        return name.to_owned();
    }
    if cfg!(windows) {
        return format!("\"{name}\"");
    }
    format!("'{}'", name.replace('\'', "'\\''"))
}

/// The finding of an output that is not what the definitions say.
pub(super) fn mismatch(project: &Project, mismatch: Mismatch, base: &Path) -> Option<Finding> {
    let severity = project
        .settings()
        .severity(mismatch.code, mismatch.severity)?;
    let root = project.root();
    let place = if base == root {
        String::new()
    } else {
        format!(" {}", quoted(&super::relative_name(root, base)))
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

/// The sentence of a configuration that cannot be read.
fn failure(problem: &Problem, base: &Path) -> String {
    let name = super::relative_name(problem.path(), base);
    match problem {
        Problem::Unreadable { source, .. } => format!(
            "cannot read {name}: {}. Without it the project's roles are not known",
            super::scope::why(source)
        ),
        Problem::LinkedFolder(_) => format!("{name} is a link to a folder, which is not followed"),
        Problem::InvalidUtf8 { offset, .. } => {
            format!("cannot read {name}: byte {offset} is not UTF-8 text. Save the file as UTF-8")
        }
    }
}

/// The finding of a file that cannot be read.
fn unreadable(problem: &Problem, settings: &Settings, base: &Path) -> Option<Finding> {
    let severity = settings.severity(codes::UNREADABLE_FILE, Severity::Error)?;
    let (text, span, message) = match problem {
        Problem::Unreadable { source, .. } => (
            String::new(),
            Span::default(),
            format!(
                "This cannot be read: {}. What it defines is not known.",
                super::scope::why(source)
            ),
        ),
        Problem::LinkedFolder(_) => (
            String::new(),
            Span::default(),
            "This is a link to a folder, which is not followed. What is defined in it is not known."
                .to_owned(),
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
            Problem::LinkedFolder(_) => {
                "Put its files there, or links to them, or name it in \"exclude\" of quickback-realtime.json."
                    .to_owned()
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
pub(super) fn reader(options: &Options) -> Read {
    let given = options.text.clone();
    workspace::reader(Some(Arc::new(move |path: &Path| {
        let (given, text) = given.as_ref()?;
        (given == path).then(|| text.clone())
    })))
}
