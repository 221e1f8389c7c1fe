//! `--check`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use crate::diagnostic::Severity;
use crate::position::{self, Encoding};
use crate::settings::Settings;
use crate::{rules, workspace};

/// Checks every project at or under the paths and prints what was found.
///
/// # Errors
/// If a path is not there or has no project, or standard output is gone.
pub fn check(paths: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let here = [PathBuf::from(".")];
    let mut out = std::io::stdout().lock();
    let mut errors = 0;
    for path in if paths.is_empty() { &here[..] } else { paths } {
        let absolute = path
            .canonicalize()
            .with_context(|| format!("cannot read {}", path.display()))?;
        let mut roots = workspace::discover(&absolute);
        roots.extend(workspace::root_of(&absolute).filter(|root| !roots.contains(root)));
        if roots.is_empty() {
            bail!(
                "no Quickback project at or under {}: there is no quickback.config.ts",
                path.display()
            );
        }
        for root in roots {
            let loaded = workspace::load(&root, Settings::default(), None);
            for problem in &loaded.problems {
                writeln!(out, "{problem}")?;
                errors += 1;
            }
            for file in loaded.project.members() {
                let Some(facts) = loaded.project.facts(file) else {
                    continue;
                };
                let rope = ropey::Rope::from_str(&facts.text);
                let name = display_name(&loaded.project.path(file), path, &absolute);
                for found in rules::check(&loaded.project, file) {
                    let at = position::line_column(&rope, found.span.start, Encoding::Utf16);
                    let (line, column) = (at.line + 1, at.column + 1);
                    writeln!(
                        out,
                        "{name}:{line}:{column} {}[{}] {}",
                        found.severity, found.code, found.message
                    )?;
                    errors += usize::from(found.severity == Severity::Error);
                }
            }
        }
    }
    Ok(if errors == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn display_name(file: &Path, path: &Path, absolute: &Path) -> String {
    file.strip_prefix(absolute)
        .map_or(file.to_owned(), |rest| path.join(rest))
        .display()
        .to_string()
}
