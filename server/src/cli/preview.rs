//! `preview`: what subscribers would receive, on the command line.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Error, bail};
use generator::model::Project as Model;
use generator::preview::{self, Options};
use smol_str::SmolStr;

use super::Outcome;
use super::arguments::{Color, Preview};
use super::init;
use super::output::Output;
use crate::check::{self, CheckedProject};
use crate::ide::preview as ide;
use crate::lower;
use crate::project::Roles;
use crate::rules::suggest::nearest;

/// Prints the events of a table or a namespace.
pub fn run(arguments: &Preview) -> Outcome {
    let root = init::project(&arguments.project)?;
    let project = CheckedProject::open(&root, &check::Options::default()).project;
    let model = lower::lower(&project);
    let index = project.index();
    let names = Names {
        tables: model.tables.iter().map(|table| &*table.name).collect(),
        // Those that cannot be resolved, too.
        namespaces: index.namespaces.keys().map(SmolStr::as_str).collect(),
    };
    let target = target(&names, &arguments.name)?;
    let event = match (target.event, &arguments.event) {
        (Some(one), Some(other)) if !one.eq_ignore_ascii_case(other) => {
            bail!(
                "{} names the event {one}, and --event names {other}",
                arguments.name
            )
        }
        (Some(event), _) => Some(event.to_owned()),
        (None, event) => event.clone(),
    };
    let roles = project.roles();
    if let Some(role) = &arguments.role {
        if let Some(lowest) = role.strip_suffix('+') {
            bail!("nobody has the role {role}. Name one that a member has, such as {lowest}");
        }
        known_role(&roles, &model, role);
    }
    for role in arguments.target_roles.iter().flatten() {
        known_role(&roles, &model, role.strip_suffix('+').unwrap_or(role));
    }
    if arguments.owner && !has_owner(&model, &target) {
        Output::new(Color::default()).note(&format!(
            "{} has no owner column, so nobody owns what is sent, and --owner leaves nobody.",
            target.name
        ));
    }
    let options = Options {
        event,
        role: arguments.role.clone(),
        owner: arguments.owner,
        new: read(arguments.new.as_deref())?,
        old: read(arguments.old.as_deref())?,
        target_roles: arguments.target_roles.clone(),
        user_id: arguments.user.clone(),
        masking: read(arguments.masking.as_deref())?,
    };
    let table = index.table_that_counts(target.name);
    let preview = match (target.kind, table, index.namespace(target.name)) {
        (Kind::Table, Some(table), _) => {
            ide::table(&project, table, &options)
                .map_err(Error::msg)?
                .preview
        }
        (Kind::Namespace, _, Some(namespace)) => {
            ide::namespace(&project, namespace, &options)
                .map_err(Error::msg)?
                .preview
        }
        // What no definition takes up.
        (Kind::Table, None, _) => preview::table(&model, target.name, &options)?,
        (Kind::Namespace, _, None) => preview::namespace(&model, target.name, &options)?,
    };
    let output = Output::new(Color::default());
    if arguments.json {
        for line in &preview.unresolved {
            output.note(line);
        }
        output.data(&preview.to_json_lines())?;
    } else {
        output.print(&preview.to_text())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether somebody can be the owner of what is sent.
fn has_owner(model: &Model, target: &Target<'_>) -> bool {
    let mut tables = model.tables.iter();
    target.kind == Kind::Table
        && tables.any(|table| table.name == target.name && table.owner.is_some())
}

/// Says where nothing of the project names a role: an empty preview would look as if it were kept
/// from somebody.
fn known_role(roles: &Roles, model: &Model, role: &str) {
    let known = &model.roles;
    let all: Vec<&str> = known
        .hierarchy
        .iter()
        .chain(&known.others)
        .map(String::as_str)
        .collect();
    if !roles.knows(role) && !all.contains(&role) {
        let ask = nearest(role, all.iter().copied());
        let ask = ask
            .map(|near| format!(" Did you mean {near}?"))
            .unwrap_or_default();
        Output::new(Color::default()).note(&format!(
            "{role} is no role that this project knows.{ask} It has {}.",
            all.join(", ")
        ));
    }
}

fn read(path: Option<&Path>) -> anyhow::Result<Option<String>> {
    let Some(path) = path else {
        return Ok(None);
    };
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Some(text))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Table,
    Namespace,
}

/// The names that a project has.
#[derive(Default)]
struct Names<'p> {
    tables: Vec<&'p str>,
    namespaces: Vec<&'p str>,
}

/// What a name on the command line means.
#[derive(Debug, PartialEq, Eq)]
struct Target<'n> {
    kind: Kind,
    name: &'n str,
    event: Option<&'n str>,
}

/// Reads `claims`, `claims.insert`, `table:claims`, `namespace:extraction.started`.
fn target<'n>(names: &Names<'_>, text: &'n str) -> anyhow::Result<Target<'n>> {
    let (only, text) = match text.split_once(':') {
        Some(("table", rest)) => (Some(Kind::Table), rest),
        Some(("namespace", rest)) => (Some(Kind::Namespace), rest),
        _ => (None, text),
    };
    let is = |kind: Kind, name: &str| {
        only.is_none_or(|only| only == kind)
            && match kind {
                Kind::Table => names.tables.contains(&name),
                Kind::Namespace => names.namespaces.contains(&name),
            }
    };
    // A name may itself hold a dot, so the longest that exists is meant.
    let splits = std::iter::once((text, None)).chain(
        text.rmatch_indices('.')
            .filter_map(|(at, _)| Some((text.get(..at)?, text.get(at + 1..)))),
    );
    for (name, event) in splits {
        let kind = match (is(Kind::Table, name), is(Kind::Namespace, name)) {
            (true, true) => bail!(
                "{name} is both a table and a namespace. Write table:{name} or namespace:{name}"
            ),
            (true, false) => Kind::Table,
            (false, true) => Kind::Namespace,
            (false, false) => continue,
        };
        return Ok(Target { kind, name, event });
    }
    bail!("{}", unknown(names, only, text))
}

fn unknown(names: &Names<'_>, only: Option<Kind>, text: &str) -> String {
    let name = text.split('.').next().unwrap_or(text);
    let (tables, namespaces) = (&names.tables, &names.namespaces);
    let (what, known) = match only {
        Some(Kind::Table) => ("table", tables.clone()),
        Some(Kind::Namespace) => ("namespace", namespaces.clone()),
        None => ("table or namespace", [&**tables, namespaces].concat()),
    };
    let ask = nearest(name, known.iter().copied())
        .map(|near| format!(" Did you mean {near}?"))
        .unwrap_or_default();
    let have = if known.is_empty() {
        " It has none.".to_owned()
    } else {
        format!(" It has {}.", known.join(", "))
    };
    format!("this project has no {what} {name}.{ask}{have}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_is_meant() {
        let names = Names {
            tables: vec!["claims", "both", "a.b"],
            namespaces: vec!["extraction", "both"],
        };
        let read = |text| target(&names, text).map_err(|e| e.to_string());
        let found = |kind, name, event| Ok(Target { kind, name, event });
        assert_eq!(read("claims"), found(Kind::Table, "claims", None));
        assert_eq!(
            read("claims.insert"),
            found(Kind::Table, "claims", Some("insert"))
        );
        assert_eq!(
            read("extraction.started"),
            found(Kind::Namespace, "extraction", Some("started"))
        );
        assert_eq!(
            read("a.b.delete"),
            found(Kind::Table, "a.b", Some("delete"))
        );
        assert_eq!(read("table:both"), found(Kind::Table, "both", None));
        assert_eq!(
            read("namespace:both.x"),
            found(Kind::Namespace, "both", Some("x"))
        );
        insta::assert_debug_snapshot!([
            read("both"),
            read("both.x"),
            read("clams"),
            read("table:extraction"),
            target(&Names::default(), "x").map_err(|e| e.to_string()),
        ]);
    }
}
