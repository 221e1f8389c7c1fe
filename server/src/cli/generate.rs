//! `generate`: writes what the definitions say.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use generator::artifact::{self, State, WriteError};
use similar::{ChangeTag, TextDiff};

use super::arguments::Generate;
use super::format::count;
use super::output::Output;
use super::{Outcome, failure, findings, watch};
use crate::check::{self, CheckedProject, Options, Scope, Source, relative_name};
use crate::generate::{self, Prepared, Request};
use crate::lower::{Blocked, Looked};

/// How the generation of one project ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// The files are what the definitions say.
    Well,
    /// Errors or files are in the way.
    Stopped,
    /// The disk refused.
    Failed,
}

/// Generates every project at or under the paths.
pub fn run(arguments: &Generate) -> Outcome {
    let output = Output::new(arguments.color);
    let base = super::current_directory()?;
    let here = [PathBuf::from(".")];
    let paths = if arguments.paths.is_empty() {
        &here[..]
    } else {
        &arguments.paths
    };
    let scopes = check::scopes(paths)?;
    if arguments.watch {
        return watch::run(&scopes, arguments.force, &base, &output);
    }
    let mut worst = End::Well;
    for scope in &scopes {
        let end = if arguments.dry_run {
            preview(scope, arguments.force, &base, &output)?
        } else {
            one(scope, arguments.force, &base, &output, true)?
        };
        worst = worst.max(end);
    }
    Ok(match worst {
        End::Well => ExitCode::SUCCESS,
        End::Stopped => findings(),
        End::Failed => failure(),
    })
}

/// Generates one project and says what became of it. Without `verbose`, nothing is said of files
/// that were right already.
pub fn one(
    scope: &Scope,
    force: bool,
    base: &Path,
    output: &Output,
    verbose: bool,
) -> anyhow::Result<End> {
    let project = CheckedProject::open(&scope.root, &Options::default());
    write(&project, scope, force, base, output, verbose)
}

/// The same of a project that has been read.
pub fn write(
    project: &CheckedProject,
    scope: &Scope,
    force: bool,
    base: &Path,
    output: &Output,
    verbose: bool,
) -> anyhow::Result<End> {
    let name = |path: &str| relative_name(&scope.root.join(path), base);
    let left_overs = |paths: &[String]| {
        for path in paths {
            output.note(&format!(
                "{} is left over: nothing is generated there any more. Remove it if nothing uses it.",
                name(path)
            ));
        }
    };
    match generate::run(
        &project.project,
        Request::Command { force },
        &Looked::default(),
    ) {
        generate::Outcome::Written {
            created,
            updated,
            left_overs: left,
        } => {
            let mut text = String::new();
            for path in &created {
                text.push_str(&format!("created {}\n", name(path)));
            }
            for path in &updated {
                text.push_str(&format!("updated {}\n", name(path)));
            }
            output.print(&text)?;
            left_overs(&left);
            Ok(End::Well)
        }
        generate::Outcome::Idle => {
            if verbose {
                output.print(&format!(
                    "{}: nothing to generate, since no table is broadcast and no event is defined\n",
                    relative_name(&scope.root, base)
                ))?;
            }
            Ok(End::Well)
        }
        generate::Outcome::Unchanged { left_overs: left } => {
            if verbose {
                output.print(&format!(
                    "{}: everything is up to date\n",
                    relative_name(&scope.root, base)
                ))?;
                left_overs(&left);
            }
            Ok(End::Well)
        }
        generate::Outcome::Blocked(why) => {
            output.error(&blocked(project, &why, base));
            Ok(End::Stopped)
        }
        generate::Outcome::Failed(error) => {
            output.error(&format!("{}: {error}", relative_name(&scope.root, base)));
            Ok(match error {
                WriteError::Foreign(_) | WriteError::Outside { .. } => End::Stopped,
                WriteError::Busy { .. }
                | WriteError::Io { .. }
                | WriteError::HalfWritten { .. } => End::Failed,
            })
        }
        // Whoever types the command adopts us by that.
        generate::Outcome::NotAdopted { .. } => Ok(End::Well),
    }
}

/// The errors that stop a project, each with its place.
fn blocked(project: &CheckedProject, blocked: &Blocked, base: &Path) -> String {
    let project = &project.project;
    let mut text = format!(
        "{}: nothing was generated, because of {}:",
        relative_name(project.root(), base),
        count(blocked.reasons.len(), "error", "errors")
    );
    for reason in &blocked.reasons {
        let path = project.root().join(&reason.path);
        let place = match reason.place {
            None => relative_name(&path, base),
            Some(place) => {
                let contents = project.read_text(&path).unwrap_or_default();
                let source = Source::new(&path, contents.into(), base);
                let (start, _) = source.range(place.span);
                format!("{}:{}:{}", source.name, start.line, start.column)
            }
        };
        text.push_str(&format!(
            "\n  {place}: {} [{}]",
            reason.message, reason.code
        ));
    }
    text
}

/// Prints what would change.
fn preview(scope: &Scope, force: bool, base: &Path, output: &Output) -> anyhow::Result<End> {
    let checked = CheckedProject::open(&scope.root, &Options::default());
    let project = &checked.project;
    let request = Request::Command { force };
    let artifacts = match generate::prepare(project, request, &Looked::default()) {
        Prepared::Ready { artifacts, .. } => artifacts,
        Prepared::Blocked(why) => {
            output.error(&blocked(&checked, &why, base));
            return Ok(End::Stopped);
        }
        // Nothing is wanted; and whoever types the command adopts us by that.
        Prepared::Idle | Prepared::NotAdopted { .. } => return Ok(End::Well),
    };
    let mut end = End::Well;
    for (artifact, comparison) in artifacts
        .iter()
        .zip(artifact::compare(&scope.root, &artifacts))
    {
        let name = relative_name(&scope.root.join(&artifact.path), base);
        let found = match comparison.state {
            State::Fresh => continue,
            State::Missing => None,
            State::Stale(_) => comparison.found,
            State::Foreign(why) if force && why.yields_to_force() => {
                Some(comparison.found.unwrap_or_default())
            }
            State::Foreign(why) => {
                output.error(&format!("{name} would not be replaced: {why}"));
                end = End::Stopped;
                continue;
            }
        };
        let has_colors = output.has_colors();
        let diff = diff(&name, found.as_deref(), &artifact.contents, has_colors);
        if has_colors {
            output.print(&diff)?;
        } else {
            output.data(&diff)?;
        }
    }
    Ok(end)
}

/// A unified diff, as `patch` and `git apply` take it.
fn diff(name: &str, old: Option<&str>, new: &str, has_colors: bool) -> String {
    let from = old.map_or("/dev/null".to_owned(), |_| format!("a/{name}"));
    let diff = TextDiff::from_lines(old.unwrap_or_default(), new);
    let mut text = format!("--- {from}\n+++ b/{name}\n");
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        text.push_str(&format!("{}\n", hunk.header()));
        for change in hunk.iter_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Delete => ('-', anstyle::AnsiColor::Red.on_default()),
                ChangeTag::Insert => ('+', anstyle::AnsiColor::Green.on_default()),
                ChangeTag::Equal => (' ', anstyle::Style::new()),
            };
            let style = if has_colors {
                style
            } else {
                anstyle::Style::new()
            };
            let line = change.value();
            let line = line.strip_suffix('\n').unwrap_or(line);
            text.push_str(&format!("{style}{sign}{line}{style:#}\n"));
            if change.missing_newline() {
                text.push_str("\\ No newline at end of file\n");
            }
        }
    }
    text
}
