//! The client: a project's `src/lib/realtime-client.ts`.
//!
//! What it does stands in `templates/client/`, as TypeScript that is checked by itself. Rendered
//! are only the types in place of `rendered.ts`.

use crate::model::{Column, ColumnKind, Project, Table};
use crate::typescript::{
    Module, about, doc, is_inherited, join, json_type, of_column, property, quoted, union,
};
use broadcaster::policy::{Config, Policy};
use std::fmt::Write;

/// The client's text, without the header.
pub(crate) fn body(project: &Project, config: &Config) -> String {
    join(&[
        Module {
            text: &rendered(project, config),
            public: true,
        },
        Module {
            text: include_str!("../templates/client/types.ts"),
            public: true,
        },
        Module {
            text: include_str!("../templates/client/client.ts"),
            public: true,
        },
        Module {
            text: include_str!("../templates/client/connection.ts"),
            public: false,
        },
        Module {
            text: include_str!("../templates/client/organization.ts"),
            public: false,
        },
    ])
}

fn rendered(project: &Project, config: &Config) -> String {
    let mut out = doc(
        "",
        "What arrives of each table that is broadcast. A column may be missing: a broadcast may \
         carry less.\n`null` stands where the definition allows it, and an id is text, as nearly all \
         are; nothing keeps a call\nfrom sending another value. What a call masks by its own `maskingConfig` arrives as text, whatever is \
         said here.",
    );
    out.push_str("export interface Tables {\n");
    for table in &project.tables {
        if let Some(policy) = config.table(&table.name) {
            push_table(&mut out, table, policy);
        }
    }
    out.push_str("}\n\n");
    let namespaces = project.namespaces.iter();
    let names = union(namespaces.clone().map(|ns| quoted(&ns.name)));
    let events = namespaces.flat_map(|ns| {
        let wire = |event: &String| quoted(&format!("{}:{event}", ns.name));
        ns.events.iter().map(wire)
    });
    let events = union(events);
    let _ = writeln!(
        out,
        "/** The namespaces of services/realtime/. */\nexport type NamespaceName ={names};\n\
         /** Their events. */\nexport type EventName ={events};"
    );
    out
}

fn push_table(out: &mut String, table: &Table, policy: &Policy) {
    let events = [
        (policy.events.insert, "\"INSERT\""),
        (policy.events.update, "\"UPDATE\""),
        (policy.events.delete, "\"DELETE\""),
    ];
    let on = events.iter().filter_map(|(on, name)| on.then_some(*name));
    let on: Vec<_> = on.collect();
    // What is off can be listened to like any name that nobody declares, and never arrives.
    if on.is_empty() {
        return;
    }
    out.push_str(&doc("  ", &about(table)));
    let _ = writeln!(out, "  {}: {{", property(&table.name));
    let _ = writeln!(out, "    events: {};", on.join(" | "));
    out.push_str("    record: {\n");
    for name in policy.columns.iter() {
        let column = table.columns.iter().find(|column| column.name == **name);
        let value = column.map_or("unknown".to_owned(), |column| received(column, policy));
        let _ = writeln!(out, "      readonly {}?: {value};", property(name));
    }
    if policy.open {
        out.push_str("      readonly [column: string]: unknown;\n");
    }
    out.push_str("    };\n  };\n");
}

/// The type of the values that arrive in a column.
fn received(column: &Column, policy: &Policy) -> String {
    let one = match &column.kind {
        // As text, unless the application itself sends a number.
        ColumnKind::Timestamp | ColumnKind::Date | ColumnKind::BigInt | ColumnKind::Decimal => {
            "string | number".to_owned()
        }
        kind => json_type(kind),
    };
    if one == "unknown" || is_inherited(&column.name) {
        return "unknown".to_owned();
    }
    let one = of_column(one, column);
    let is_masked = policy.masks.iter().any(|mask| mask.column == column.name);
    let is_text = one == "string" || one.starts_with("string |");
    let masked = if is_masked && !is_text {
        " | string"
    } else {
        ""
    };
    // A mask leaves null as it is, and makes none.
    let null = if column.nullable { " | null" } else { "" };
    format!("{one}{masked}{null}")
}
