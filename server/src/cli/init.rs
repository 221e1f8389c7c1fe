//! `init`: the first `quickback-realtime.json`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use generator::artifact;

use super::Outcome;
use super::arguments::{Color, Init};
use super::output::Output;
use crate::check::{self, relative_name};
use crate::project::layout::SETTINGS_NAME;
use crate::{settings, workspace};

/// Writes the settings of the project at a path, with nothing set but their schema.
pub fn run(arguments: &Init) -> Outcome {
    let base = super::current_directory()?;
    let root = project(&arguments.path)?;
    let path = root.join(SETTINGS_NAME);
    let name = relative_name(&path, &base);
    if workspace::exists(&path) {
        bail!("{name} exists already, and was left as it is");
    }
    artifact::create(&root, SETTINGS_NAME, &contents())
        .with_context(|| format!("cannot write {name}"))?;
    Output::new(Color::default()).print(&format!(
        "Wrote {name}. From now on --check compares the generated files too; \
         `quickback-realtime generate` writes them.\n"
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// The one project that a path is in or above.
pub fn project(path: &Path) -> anyhow::Result<PathBuf> {
    let mut scopes = check::scopes(&[path.to_owned()])?;
    // Inside a project it is that one that is meant, whatever lies deeper.
    let absolute = path.canonicalize()?;
    if let Some(own) = workspace::root_of(&absolute) {
        return Ok(own);
    }
    match (scopes.pop(), scopes.is_empty()) {
        (Some(only), true) => Ok(only.root),
        (last, _) => {
            let roots = scopes.iter().chain(&last);
            let names: Vec<String> = roots
                .map(|scope| format!("\n  {}", scope.root.display()))
                .collect();
            bail!(
                "there are {} projects under {}. Name one of them:{}",
                names.len(),
                path.display(),
                names.concat()
            )
        }
    }
}

fn contents() -> String {
    format!("{{\n  \"$schema\": \"{}\"\n}}\n", settings::SCHEMA_URL)
}
