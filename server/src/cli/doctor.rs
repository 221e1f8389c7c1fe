//! `doctor`: what is known of the project and of this program, and whether the deployed worker
//! runs this configuration.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use generator::policy;
use serde::Deserialize;

use super::arguments::{Color, Doctor};
use super::format::count;
use super::output::Output;
use super::{Outcome, findings, init};
use crate::check::{CheckedProject, Options, Scope, relative_name};
use crate::generate;
use crate::lower::{self, Looked};
use crate::project::Hierarchy;
use crate::project::layout::SETTINGS_NAME;

/// How long a deployed worker may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Prints what is known; with a URL, compares.
pub fn run(arguments: &Doctor) -> Outcome {
    let output = Output::new(Color::default());
    let base = super::current_directory()?;
    let root = init::project(&arguments.project)?;
    let checked = CheckedProject::open(&root, &Options::default());
    let project = &checked.project;
    let model = generate::checked(project, &Looked::default());
    let model = model.unwrap_or_else(|_| lower::lower(project));
    let hash = policy::config(&model).hash.into_owned();

    let mut text = format!("quickback-realtime {}\n", env!("CARGO_PKG_VERSION"));
    if let Ok(program) = std::env::current_exe() {
        writeln!(text, "program        {}", program.display())?;
    }
    writeln!(text, "project        {}", root.display())?;
    let config = project.config().map(|file| project.relative(file));
    writeln!(
        text,
        "configuration  {}",
        config.as_deref().unwrap_or("none that can be read")
    )?;
    let settings = match (
        project.settings().exists,
        project.settings().mistake.is_some(),
    ) {
        (false, _) => "none, the defaults hold",
        (true, false) => SETTINGS_NAME,
        (true, true) => "quickback-realtime.json, with errors",
    };
    writeln!(text, "settings       {settings}")?;
    let hierarchy = model.roles.hierarchy.join(" < ");
    let parses = |file| project.facts(file).is_none_or(|f| f.errors.is_empty());
    let roles = match &project.roles().hierarchy {
        Hierarchy::Declared(_) if model.roles.declared => hierarchy,
        Hierarchy::Declared(_) => "roleHierarchy is changed elsewhere".to_owned(),
        Hierarchy::Absent if project.config().is_none_or(parses) => {
            format!("{hierarchy} (not declared)")
        }
        Hierarchy::Absent | Hierarchy::Unknown => "roleHierarchy cannot be read".to_owned(),
    };
    writeln!(text, "roles          {roles}")?;
    let scope = Scope {
        root: root.clone(),
        paths: vec![root.clone()],
        listing: None,
    };
    let report = checked.report(&scope, &Options::default(), &base, &());
    let report = crate::check::Report::merge([report]);
    let summary = report.summary;
    let live = model.tables.iter().filter(|t| t.realtime.is_some()).count();
    writeln!(
        text,
        "tables         {}, {live} of them broadcast",
        summary.tables
    )?;
    writeln!(text, "namespaces     {}", model.namespaces.len())?;
    writeln!(
        text,
        "findings       {}, {}",
        count(summary.errors, "error", "errors"),
        count(summary.warnings, "warning", "warnings")
    )?;
    writeln!(text, "generated      {}", generated(project, &base))?;
    writeln!(text, "hash           {hash}")?;
    output.print(&text)?;

    let Some(url) = &arguments.url else {
        return Ok(ExitCode::SUCCESS);
    };
    let deployed = ask(url)?;
    let version = deployed.version.as_deref().unwrap_or("unknown");
    let Some(found) = deployed.config_hash else {
        bail!(
            "{url} answers, but does not say which configuration it runs. Set ACCESS_TOKEN to the worker's own"
        );
    };
    if found == hash {
        output.print(&format!(
            "deployed       version {version}, the same configuration\n"
        ))?;
        return Ok(ExitCode::SUCCESS);
    }
    output.print(&format!(
        "deployed       version {version}, another configuration ({found}).\n\
         The worker and the helper then apply the stricter of both rules. Deploy the worker again.\n"
    ))?;
    Ok(findings())
}

/// The state of the generated files, in words.
fn generated(project: &crate::project::Project, base: &std::path::Path) -> String {
    if !generate::is_adopted(project) {
        return "not yet; `quickback-realtime generate` does it".to_owned();
    }
    if let Err(blocked) = generate::checked(project, &lower::Looked::default()) {
        let errors = count(blocked.reasons.len(), "error", "errors");
        let first = blocked.reasons.first().map(ToString::to_string);
        return format!("stopped by {errors}: {}", first.unwrap_or_default());
    }
    let expected = generate::Expected::of(project);
    let mismatches = expected.map_or_else(Vec::new, |expected| expected.compare(project));
    if mismatches.is_empty() {
        return "up to date".to_owned();
    }
    let names: Vec<String> = mismatches
        .iter()
        .map(|m| relative_name(&project.root().join(&m.path), base))
        .collect();
    format!("not up to date: {}", names.join(", "))
}

/// What `/healthz` answers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Health {
    ok: bool,
    version: Option<String>,
    config_hash: Option<String>,
}

fn ask(url: &str) -> anyhow::Result<Health> {
    let url = format!("{}/healthz", url.trim_end_matches('/'));
    // What is said may go into a log.
    let shown = without_credentials(&url);
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .build()
        .into();
    let mut request = agent.get(&url);
    if let Some(token) = std::env::var("ACCESS_TOKEN").ok().filter(|t| !t.is_empty()) {
        request = request.header("Authorization", format!("Bearer {token}"));
    }
    let mut response = request
        .call()
        .map_err(|error| anyhow!("cannot reach {shown}: {error}"))?;
    let status = response.status();
    if !status.is_success() {
        bail!("{shown} answered {status}. Is it the address of the worker?");
    }
    let body = response
        .body_mut()
        .read_to_string()
        .with_context(|| format!("cannot read the answer of {shown}"))?;
    let health: Health = serde_json::from_str(&body)
        .map_err(|_| anyhow!("{shown} did not answer as the worker does. Is it its address?"))?;
    if !health.ok {
        bail!("{shown} says that it is not well");
    }
    Ok(health)
}

/// An address without the name and the password that may stand before its host.
fn without_credentials(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(host).unwrap_or((rest, ""));
    let host = authority.rsplit('@').next().unwrap_or_default();
    let mark = if scheme.is_empty() { "" } else { "://" };
    format!("{scheme}{mark}{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::without_credentials;

    #[test]
    fn an_address_is_said_without_what_it_holds() {
        for (url, said) in [
            ("https://a.dev/healthz", "https://a.dev/healthz"),
            (
                "http://user:secret@127.0.0.1:1/x@y",
                "http://127.0.0.1:1/x@y",
            ),
            ("https://a@b@c.dev?d", "https://c.dev?d"),
            ("user:secret@a.dev/healthz", "a.dev/healthz"),
            ("", ""),
        ] {
            assert_eq!(without_credentials(url), said, "{url}");
        }
    }
}
