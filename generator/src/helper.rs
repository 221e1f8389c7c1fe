//! The helper: a project's `src/lib/realtime.ts`.
//!
//! What it does stands in `templates/helper/`, as TypeScript that is checked by itself. Rendered
//! are only the types and tables in place of `rendered.ts`.

use crate::model::{Column, ColumnKind, Namespace, Project};
use crate::policy::Written;
use crate::typescript::{
    Module, about, about_event, doc, is_inherited, join, json_type, of_column, property, quoted,
    single_quoted, union,
};
use std::fmt::Write;

/// The helper's text, without the header.
pub(crate) fn body(project: &Project, written: &Written) -> String {
    let rendered = rendered(project);
    join(&[
        Module {
            text: &rendered,
            public: true,
        },
        Module {
            text: include_str!("../templates/helper/types.ts"),
            public: true,
        },
        Module {
            text: include_str!("../templates/helper/realtime.ts"),
            public: true,
        },
        Module {
            text: &data(project, written),
            public: false,
        },
        Module {
            text: include_str!("../templates/helper/answer.ts"),
            public: false,
        },
        Module {
            text: include_str!("../templates/helper/body.ts"),
            public: false,
        },
        Module {
            text: include_str!("../templates/helper/narrowing.ts"),
            public: false,
        },
        Module {
            text: include_str!("../templates/helper/json.ts"),
            public: false,
        },
        Module {
            text: include_str!("../templates/helper/transport.ts"),
            public: false,
        },
    ])
}

/// The types that the definitions make.
fn rendered(project: &Project) -> String {
    let mut out = roles(project);
    out.push_str("/** The records of each table, as a broadcast may carry them. */\n");
    out.push_str("export interface Tables {\n");
    for table in &project.tables {
        out.push_str(&doc("  ", &about(table)));
        let _ = writeln!(out, "  {}: {{", property(&table.name));
        for column in &table.columns {
            let (name, value) = (property(&column.name), accepted(column));
            let _ = writeln!(out, "    {name}?: {value};");
        }
        if table.open {
            out.push_str("    [column: string]: unknown;\n");
        }
        out.push_str("  };\n");
    }
    out.push_str("}\n\n");
    out.push_str("/** The events of services/realtime/, by their namespaces. */\n");
    out.push_str("export interface Namespaces {\n");
    for namespace in &project.namespaces {
        out.push_str(&methods(namespace));
    }
    out.push_str("}\n");
    out
}

/// `Role` and `RoleRef`.
fn roles(project: &Project) -> String {
    let roles = &project.roles;
    let all = roles.hierarchy.iter().chain(&roles.others);
    // Where no hierarchy is declared, a project may use roles that no definition names.
    let open = (!roles.declared).then(|| "(string & {})".to_owned());
    let names = union(all.map(|role| quoted(role)).chain(open));
    let plus = roles.hierarchy.iter();
    let plus = plus.map(|role| quoted(&format!("{role}+")));
    let refs = union(["Role".to_owned()].into_iter().chain(plus));
    format!(
        "/** The roles that the project knows. */\n\
         export type Role ={names};\n\
         /** A role, or `role+`: that role and every one above it. */\n\
         export type RoleRef ={refs};\n\n"
    )
}

fn methods(namespace: &Namespace) -> String {
    let description = namespace.description.as_deref().unwrap_or_default().trim();
    let mut out = doc("  ", description);
    let _ = writeln!(out, "  readonly {}: {{", property(&namespace.name));
    for event in &namespace.events {
        out.push_str(&doc("    ", &about_event(namespace, event, "Sends")));
        let _ = writeln!(out, "    readonly {}: SendEvent;", property(event));
    }
    out.push_str("  };\n");
    out
}

/// The type of the values that a record may hold in a column: whatever JSON makes right of.
fn accepted(column: &Column) -> String {
    let one = match &column.kind {
        ColumnKind::Timestamp | ColumnKind::Date => "Date | string | number".to_owned(),
        ColumnKind::BigInt => "bigint | number | string".to_owned(),
        ColumnKind::Decimal | ColumnKind::Id => "string | number".to_owned(),
        ColumnKind::Blob => "ArrayBuffer | ArrayBufferView | string".to_owned(),
        kind => json_type(kind),
    };
    if one == "unknown" || is_inherited(&column.name) {
        // Includes null and undefined.
        return "unknown".to_owned();
    }
    let one = of_column(one, column);
    format!("{one} | null | undefined")
}

/// The values that the definitions make.
fn data(project: &Project, Written { config, policies }: &Written) -> String {
    let mut out = format!("const CONFIG_HASH: string = {};\n", quoted(&config.hash));
    let hierarchy: Vec<_> = config.hierarchy.iter().map(|role| quoted(role)).collect();
    let _ = writeln!(
        out,
        "const HIERARCHY: readonly string[] = [{}];",
        hierarchy.join(", ")
    );
    out.push_str("/** The policy of each declared table, as JSON. */\n");
    out.push_str("const TABLES: ReadonlyMap<string, string> = new Map<string, string>([\n");
    for (table, policy) in config.tables.iter().zip(policies) {
        let json = single_quoted(policy);
        let _ = writeln!(out, "  [{}, {json}],", quoted(&table.name));
    }
    out.push_str("]);\n");
    out.push_str("/** The events of each namespace. */\n");
    out.push_str("const EVENTS: readonly (readonly [string, readonly string[]])[] = [\n");
    for namespace in &project.namespaces {
        let events: Vec<_> = namespace.events.iter().map(|event| quoted(event)).collect();
        let _ = writeln!(
            out,
            "  [{}, [{}]],",
            quoted(&namespace.name),
            events.join(", ")
        );
    }
    out.push_str("];\n");
    out
}
