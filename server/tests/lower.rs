//! What the newsroom's definitions mean, table by table.

#![allow(clippy::expect_used, reason = "a test says what it expects by failing")]

use std::fmt::Write;
use std::path::Path;

use generator::model::{Mask, Project, Realtime, Table};
use quickback_realtime::settings::Settings;
use quickback_realtime::{lower, workspace};

fn newsroom() -> Project {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is in the project")
        .join("tests/fixtures/newsroom");
    let loaded = workspace::load(&root, Settings::default(), None);
    assert!(loaded.problems.is_empty());
    lower::lower_checked(&loaded.project, &[], &lower::Looked::default())
        .expect("the newsroom has no error")
}

fn shown(project: &Project) -> String {
    let mut text = format!(
        "roles {} (others: {})\n",
        project.roles.hierarchy.join(" < "),
        project.roles.others.join(" ")
    );
    for table in &project.tables {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n{}", show_table(table));
    }
    for namespace in &project.namespaces {
        let _ = writeln!(
            text,
            "\nnamespace {} in {}: {}\n  {}",
            namespace.name,
            namespace.source,
            namespace.events.join(" "),
            namespace.description.as_deref().unwrap_or("-")
        );
    }
    text
}

fn show_table(table: &Table) -> String {
    let mut text = format!(
        "table {} in {}, key {}, owner {}{}\n  columns",
        table.name,
        table.source,
        table.primary_key.join("+"),
        table.owner.as_deref().unwrap_or("-"),
        if table.open { ", open" } else { "" },
    );
    for column in table.columns.iter().filter(|column| !column.injected) {
        let null = if column.nullable { "?" } else { "" };
        let lists = "[]".repeat(column.dimensions.into());
        let _ = write!(text, " {}: {:?}{null}{lists}", column.name, column.kind);
    }
    match &table.realtime {
        Some(realtime) => text.push_str(&show_realtime(realtime)),
        None => text.push_str("\n  off"),
    }
    for mask in &table.masks {
        text.push_str(&show_mask(mask));
    }
    text
}

fn show_realtime(realtime: &Realtime) -> String {
    let events = [
        (realtime.insert, "insert"),
        (realtime.update, "update"),
        (realtime.delete, "delete"),
    ];
    let events: Vec<&str> = events.iter().filter(|e| e.0).map(|e| e.1).collect();
    let list = |list: &Option<Vec<String>>| match list {
        Some(list) => list.join(" "),
        None => "all".to_owned(),
    };
    format!(
        "\n  sends {} to {}\n  fields {}",
        events.join(" "),
        list(&realtime.required_roles),
        list(&realtime.fields)
    )
}

fn show_mask(mask: &Mask) -> String {
    let mut seen_by = mask.show_roles.clone();
    seen_by.extend(mask.show_everyone.then(|| "everyone".to_owned()));
    seen_by.extend(mask.show_owner.then(|| "the owner".to_owned()));
    format!(
        "\n  {} as {:?}, plain for {}",
        mask.column,
        mask.kind,
        if seen_by.is_empty() {
            "nobody".to_owned()
        } else {
            seen_by.join(" ")
        }
    )
}

#[test]
fn the_newsroom() {
    insta::assert_snapshot!(shown(&newsroom()));
}
