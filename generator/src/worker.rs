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

/// The crate's files under `folder`, for the project that its `package.json` calls `package`.
pub(crate) fn artifacts(
    folder: &str,
    package: Option<&str>,
    config: &Config,
    inputs: &str,
) -> Vec<Artifact> {
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
    let last = folder.rsplit('/').next().unwrap_or(folder);
    let name = worker_name(package.unwrap_or_default(), last);
    let scaffolds = [
        (
            "wrangler.toml",
            include_str!("../templates/worker/wrangler.toml"),
        ),
        ("README.md", include_str!("../templates/worker/README.md")),
        (".gitignore", include_str!("../templates/worker/gitignore")),
    ];
    let scaffolds = scaffolds.into_iter().map(|(file, text)| {
        let text = text.replace("{name}", &name);
        Artifact::scaffold(format!("{folder}/{file}"), text)
    });
    files.chain(scaffolds).collect()
}

/// A name that Cloudflare accepts: at most 63 letters, digits and dashes. A deploy replaces the
/// worker of the same name, and the folder is called alike in most projects: so the package's name
/// comes first, which nobody else's has in a repository of several.
fn worker_name(package: &str, folder: &str) -> String {
    const LENGTH: usize = 63;
    let folder = match dashed(folder, LENGTH) {
        folder if folder.is_empty() => "realtime-worker".to_owned(),
        folder => folder,
    };
    // What is left beside the folder's name and a dash.
    let left = LENGTH.saturating_sub(folder.len()).saturating_sub(1);
    match dashed(package, left) {
        package if package.is_empty() => folder,
        package => format!("{package}-{folder}"),
    }
}

/// A text in lower-case letters, digits and dashes, at most so many.
fn dashed(text: &str, length: usize) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let text = text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let text: String = text.chars().map(plain).take(length).collect();
    text.trim_end_matches('-').to_owned()
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
        for (package, folder, name) in [
            ("", "realtime-worker", "realtime-worker"),
            ("", "Live_Events", "live-events"),
            ("", "größe", "gr--e"),
            ("", "...", "realtime-worker"),
            ("news", "realtime-worker", "news-realtime-worker"),
            ("@acme/news.api", "live", "acme-news-api-live"),
            ("@/", "live", "live"),
        ] {
            assert_eq!(worker_name(package, folder), name);
        }
        let long = "x".repeat(100);
        let short = "x".repeat(63);
        assert_eq!(worker_name("", &long), short);
        assert_eq!(worker_name("news", &long), short);
        let name = worker_name(&long, "live");
        assert!(name.len() == 63 && name.ends_with("x-live"), "{name}");
        assert_eq!(
            worker_name(&format!("{}-x", "x".repeat(57)), "live").len(),
            62
        );
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
