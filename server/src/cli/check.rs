//! `check`, also spelt `--check`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;

use super::arguments::{Check, Format};
use super::format::{self, View};
use super::output::Output;
use super::progress::Bar;
use super::{Outcome, failure, findings};
use crate::check::{self, Fixed, Options, Report, Scope, ScopeError};
use crate::workspace::Cache;

/// Checks every project at or under the paths and writes what was found.
pub fn run(arguments: &Check) -> Outcome {
    let output = Output::new(arguments.color);
    let base = super::current_directory()?;
    let format = arguments.format.unwrap_or_else(default_format);
    let text = standard_input(arguments)?;
    let Some(scopes) = scopes(arguments, text.as_ref(), &output)? else {
        // Who reads another format than text reads the whole of it, where there is nothing too.
        if format != Format::Text {
            output.data(&rendered(format, &Report::default(), arguments)?)?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    let options = Options {
        generated: !arguments.no_generated && text.is_none(),
        text,
        fix: arguments.fix,
        cache: cache(arguments),
        ends: true,
    };
    let bar = Bar::new(!arguments.quiet);
    let report = check::check(&scopes, &options, &base, &bar);
    drop(bar);
    let rendered = rendered(format, &report, arguments)?;
    match format {
        Format::Text => output.print(&rendered)?,
        _ => output.data(&rendered)?,
    }
    if arguments.fix && !arguments.quiet {
        let Fixed { fixes, files } = report.fixed;
        let (fixes, files) = (
            format::count(fixes, "fix", "fixes"),
            format::count(files, "file", "files"),
        );
        output.note(&format!("Applied {fixes} in {files}."));
    }
    if !arguments.quiet {
        for note in &report.notes {
            output.note(note);
        }
    }
    for sentence in &report.failures {
        output.error(sentence);
    }
    Ok(status(&report, arguments.max_warnings))
}

fn rendered(format: Format, report: &Report, arguments: &Check) -> anyhow::Result<String> {
    let repository = repository();
    let view = View {
        report,
        repository: repository.as_deref(),
        all: arguments.all,
        quiet: arguments.quiet,
    };
    format::render(format, &view)
}

/// The folder in which is kept what was found. On the machines that continuous integration runs on
/// only one that is named: any other is mostly gone with the machine, and to fill it takes time.
fn cache(arguments: &Check) -> Option<PathBuf> {
    if arguments.no_cache {
        return None;
    }
    let named = arguments.cache_dir.clone();
    named.or_else(|| Cache::default_folder().filter(|_| !is_set("CI")))
}

/// With `--stdin`: the file that it stands for, by its absolute path, and its text.
fn standard_input(arguments: &Check) -> anyhow::Result<Option<(PathBuf, String)>> {
    let Some(name) = arguments
        .stdin_filename
        .as_ref()
        .filter(|_| arguments.stdin)
    else {
        return Ok(None);
    };
    let path = check::absolute(name).with_context(|| format!("cannot find {}", name.display()))?;
    let text = std::io::read_to_string(std::io::stdin())
        .context("cannot read standard input as UTF-8 text")?;
    Ok(Some((path, text)))
}

/// What was asked for. `None` if nothing was named and there is no project here: nothing is
/// wrong then, and a sentence says so.
fn scopes(
    arguments: &Check,
    text: Option<&(PathBuf, String)>,
    output: &Output,
) -> anyhow::Result<Option<Vec<Scope>>> {
    if let Some((path, _)) = text {
        return Ok(Some(vec![check::scope_of_file(path)?]));
    }
    if !arguments.paths.is_empty() {
        return Ok(Some(check::scopes(&arguments.paths)?));
    }
    match check::scopes(&[PathBuf::from(".")]) {
        Ok(scopes) => Ok(Some(scopes)),
        Err(error @ ScopeError::NoProject { .. }) => {
            output.note(&format!("nothing to check: {error}"));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The root of the repository, where GitHub or GitLab says it.
fn repository() -> Option<PathBuf> {
    ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"]
        .into_iter()
        .find_map(std::env::var_os)
        .and_then(|root| PathBuf::from(root).canonicalize().ok())
}

fn default_format() -> Format {
    if is_set("GITHUB_ACTIONS") {
        Format::Github
    } else {
        Format::Text
    }
}

/// Whether a variable of the environment is set as runners do: to "true" mostly. An empty one is as
/// good as none.
fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "false")
}

fn status(report: &Report, max_warnings: Option<usize>) -> ExitCode {
    let too_many = max_warnings.is_some_and(|max| report.summary.warnings > max);
    if !report.failures.is_empty() {
        failure()
    } else if report.summary.errors > 0 || too_many {
        findings()
    } else {
        ExitCode::SUCCESS
    }
}
