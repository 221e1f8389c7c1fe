//! The worker: the broadcaster's crate as it stands, with this project's configuration in it, and
//! the files around it that are the user's.

use crate::artifact::{Artifact, Comment};
use broadcaster::policy::{Config, MaskRule, Policy, Table};
use std::borrow::Cow;
use std::fmt::Write;

/// The files of the broadcaster's crate: their paths in it, and their texts.
const CRATE: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/broadcaster.rs"));
/// The one file of them that is rendered.
const CONFIG: &str = "src/config.rs";
/// Where in that file the rendered value begins.
const VALUE: &str = "pub static CONFIG: Config = ";

/// The crate's files under `folder`.
pub(crate) fn artifacts(folder: &str, config: &Config, inputs: &str) -> Vec<Artifact> {
    let files = CRATE.iter().map(|(name, text)| {
        let path = format!("{folder}/{name}");
        if *name == CONFIG {
            return Artifact::generated(path, Comment::Rust, inputs, &config_file(text, config));
        }
        let comment = match name.rsplit('.').next() {
            Some("rs") => Comment::Rust,
            Some("md") => Comment::Markdown,
            Some("lock") => Comment::CargoLock,
            _ => Comment::Hash,
        };
        Artifact::copied(path, comment, text)
    });
    let name = folder.rsplit('/').next().unwrap_or(folder);
    let scaffolds = [
        (
            "wrangler.toml",
            include_str!("../templates/worker/wrangler.toml"),
        ),
        ("README.md", include_str!("../templates/worker/README.md")),
        (".gitignore", include_str!("../templates/worker/gitignore")),
    ];
    let scaffolds = scaffolds.into_iter().map(|(file, text)| {
        let text = text.replace("{name}", &worker_name(name));
        Artifact::scaffold(format!("{folder}/{file}"), text)
    });
    files.chain(scaffolds).collect()
}

/// A name that Cloudflare accepts: letters, digits and dashes.
fn worker_name(folder: &str) -> String {
    let dashed = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let name: String = folder.chars().map(dashed).take(63).collect();
    match name.trim_matches('-') {
        "" => "realtime-worker".to_owned(),
        name => name.to_owned(),
    }
}

/// The configuration file: what the broadcaster's own says before the value, and this value.
fn config_file(template: &str, config: &Config) -> String {
    let before = template.find(VALUE).and_then(|at| template.get(..at));
    let mut out = String::from(before.unwrap_or_default());
    out.push_str(VALUE);
    out.push_str("Config {\n");
    let _ = writeln!(out, "    hash: {},", text(&config.hash));
    let _ = writeln!(out, "    hierarchy: {},", texts(&config.hierarchy));
    out.push_str("    tables: Borrowed(&[\n");
    for table in config.tables.iter() {
        push_table(&mut out, table);
    }
    out.push_str("    ]),\n};\n");
    out
}

fn push_table(out: &mut String, table: &Table) {
    let Policy {
        events,
        required_roles,
        columns,
        open,
        owner,
        masks,
    } = &table.policy;
    let required_roles = optional(required_roles.as_ref().map(|roles| texts(roles)));
    let owner = optional(owner.as_deref().map(text));
    let _ = write!(
        out,
        "        Table {{
            name: {name},
            policy: Policy {{
                events: Events {{ insert: {insert}, update: {update}, delete: {delete} }},
                required_roles: {required_roles},
                columns: {columns},
                open: {open},
                owner: {owner},
                masks: Borrowed(&[",
        name = text(&table.name),
        insert = events.insert,
        update = events.update,
        delete = events.delete,
        columns = texts(columns),
    );
    for mask in masks.iter() {
        push_mask(out, mask);
    }
    if !masks.is_empty() {
        out.push_str("\n                ");
    }
    out.push_str("]),\n            },\n        },\n");
}

fn push_mask(out: &mut String, mask: &MaskRule) {
    let MaskRule {
        column,
        kind,
        show_roles,
        show_everyone,
        show_owner,
        automatic,
    } = mask;
    let (column, show_roles) = (text(column), texts(show_roles));
    let _ = write!(
        out,
        "
                    MaskRule {{
                        column: {column},
                        kind: MaskType::{kind:?},
                        show_roles: {show_roles},
                        show_everyone: {show_everyone},
                        show_owner: {show_owner},
                        automatic: {automatic},
                    }},"
    );
}

fn optional(value: Option<String>) -> String {
    value.map_or("None".into(), |value| format!("Some({value})"))
}

/// A text as Rust writes it, with whatever needs an escape escaped.
fn text(text: &str) -> String {
    format!("Borrowed({text:?})")
}

fn texts(texts: &[Cow<'static, str>]) -> String {
    let texts: Vec<_> = texts.iter().map(|one| text(one)).collect();
    format!("Borrowed(&[{}])", texts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_has_a_name_that_cloudflare_accepts() {
        for (folder, name) in [
            ("realtime-worker", "realtime-worker"),
            ("Live_Events", "live-events"),
            ("größe", "gr--e"),
            ("...", "realtime-worker"),
        ] {
            assert_eq!(worker_name(folder), name);
        }
        assert_eq!(worker_name(&"x".repeat(100)).len(), 63);
    }

    #[test]
    fn the_broadcaster_has_its_place_for_the_configuration() {
        let (_, text) = CRATE.iter().find(|(name, _)| *name == CONFIG).unwrap();
        assert_eq!(text.matches(VALUE).count(), 1);
        for name in [
            "Cargo.toml",
            "Cargo.lock",
            "build.rs",
            "rust-toolchain.toml",
            "src/lib.rs",
        ] {
            assert!(CRATE.iter().any(|(known, _)| *known == name), "{name}");
        }
    }
}
