//! The model of a small newsroom: claims and materials, employees with masks and an owner, names
//! that are legal and awkward, and three namespaces.

use generator::broadcaster::mask::MaskType;
use generator::model::{Column, ColumnKind, Mask, Namespace, Project, Realtime, Roles, Table};

/// The whole project.
pub fn project() -> Project {
    Project {
        roles: Roles {
            hierarchy: strings(&["member", "editor", "admin", "owner"]),
            declared: true,
            others: strings(&["ed\"itor\\\n", "hr"]),
        },
        tables: vec![
            auditLog(),
            claims(),
            employees(),
            imports(),
            materials(),
            odd(),
        ],
        namespaces: vec![
            Namespace {
                name: "extraction".into(),
                source: "quickback/services/realtime/extraction.ts".into(),
                events: strings(&["started", "progress", "completed", "failed"]),
                description: Some("Material extraction pipeline events".into()),
            },
            Namespace {
                name: "notifications".into(),
                source: "quickback/services/realtime/notifications.ts".into(),
                events: strings(&["new", "read", "delete", "step-done", "__proto__"]),
                description: Some("User notifications */ over\nseveral lines".into()),
            },
            Namespace {
                name: "presence".into(),
                source: "quickback/services/realtime/presence.ts".into(),
                events: strings(&["joined", "left", "typing", "idle"]),
                description: None,
            },
        ],
    }
}

/// Broadcast with everything at its default.
fn claims() -> Table {
    let columns = vec![
        column("id", ColumnKind::Text),
        column("title", ColumnKind::Text),
        column("status", ColumnKind::Text),
        nullable("confidence", ColumnKind::Real),
        nullable("dueAt", ColumnKind::Timestamp),
        column("organizationId", ColumnKind::Organization),
    ];
    Table {
        realtime: Some(Realtime {
            insert: true,
            update: true,
            delete: true,
            required_roles: Some(strings(&["member", "admin"])),
            fields: Some(strings(&["id", "title", "status", "dueAt"])),
        }),
        ..table("claims", columns)
    }
}

/// Explicit masks, automatic ones, and an owner whose column is not sent.
fn employees() -> Table {
    let columns = vec![
        column("id", ColumnKind::Id),
        column("userId", ColumnKind::Text),
        column("name", ColumnKind::Text),
        column("email", ColumnKind::Email),
        column("ssn", ColumnKind::Text),
        column("salary", ColumnKind::Integer),
        nullable("mobile", ColumnKind::Text),
        column("phoneVerified", ColumnKind::Boolean),
        column("badge", ColumnKind::BigInt),
        nullable("photo", ColumnKind::Blob),
        column("organizationId", ColumnKind::Organization),
    ];
    let fields = [
        "id",
        "name",
        "email",
        "ssn",
        "salary",
        "mobile",
        "phoneVerified",
        "badge",
        "photo",
    ];
    Table {
        owner: Some("userId".into()),
        realtime: Some(Realtime {
            insert: true,
            update: true,
            delete: false,
            required_roles: None,
            fields: Some(strings(&fields)),
        }),
        masks: vec![
            mask("email", MaskType::Email, &["admin", "hr"], true),
            mask("ssn", MaskType::Ssn, &["hr"], true),
            mask("salary", MaskType::Redact, &["hr"], false),
        ],
        ..table("employees", columns)
    }
}

/// Columns that are not all known.
fn imports() -> Table {
    Table {
        open: true,
        realtime: Some(everything()),
        ..table(
            "imports",
            vec![
                column("id", ColumnKind::Text),
                column("payload", ColumnKind::Json),
            ],
        )
    }
}

fn materials() -> Table {
    let state = ColumnKind::Enum(strings(&["pending", "processing", "completed"]));
    let tags = Column {
        dimensions: 1,
        ..column("tags", ColumnKind::Text)
    };
    let grid = Column {
        dimensions: 2,
        ..column("grid", ColumnKind::Integer)
    };
    let columns = vec![
        column("id", ColumnKind::Text),
        column("title", ColumnKind::Text),
        column("status", state),
        nullable("sourceUrl", ColumnKind::Url),
        tags,
        nullable("price", ColumnKind::Decimal),
        grid,
        column("imageId", ColumnKind::Uuid),
        column("ownerId", ColumnKind::Owner),
        injected("createdAt", ColumnKind::Timestamp),
        injected("createdBy", ColumnKind::Id),
        injected("modifiedAt", ColumnKind::Timestamp),
        injected("modifiedBy", ColumnKind::Id),
        injected("deletedAt", ColumnKind::Timestamp),
        injected("deletedBy", ColumnKind::Id),
    ];
    Table {
        owner: Some("ownerId".into()),
        realtime: Some(everything()),
        ..table("materials", columns)
    }
}

/// Declared, and not broadcast.
#[allow(non_snake_case, reason = "the tables are named as in their project")]
fn auditLog() -> Table {
    table(
        "auditLog",
        vec![
            column("id", ColumnKind::Text),
            column("action", ColumnKind::Text),
        ],
    )
}

/// Names that are legal, and that break whoever does not quote them.
fn odd() -> Table {
    let columns = vec![
        column("id", ColumnKind::Text),
        column("__proto__", ColumnKind::Text),
        column("constructor", ColumnKind::Text),
        column("it's \"quoted\" \\ $&", ColumnKind::Text),
        column("größe 😀", ColumnKind::Unknown),
    ];
    Table {
        realtime: Some(Realtime {
            required_roles: Some(strings(&["ed\"itor\\\n"])),
            ..everything()
        }),
        masks: vec![mask("__proto__", MaskType::Custom, &[], false)],
        ..table("weird-\"table\"", columns)
    }
}

fn everything() -> Realtime {
    Realtime {
        insert: true,
        update: true,
        delete: true,
        required_roles: None,
        fields: None,
    }
}

fn table(name: &str, columns: Vec<Column>) -> Table {
    Table {
        name: name.into(),
        source: format!("quickback/features/{}.ts", name.trim_matches('"')),
        columns,
        open: false,
        primary_key: strings(&["id"]),
        owner: None,
        realtime: None,
        masks: Vec::new(),
    }
}

fn column(name: &str, kind: ColumnKind) -> Column {
    Column {
        name: name.into(),
        kind,
        nullable: false,
        dimensions: 0,
        injected: false,
    }
}

fn nullable(name: &str, kind: ColumnKind) -> Column {
    Column {
        nullable: true,
        ..column(name, kind)
    }
}

fn injected(name: &str, kind: ColumnKind) -> Column {
    Column {
        injected: true,
        ..nullable(name, kind)
    }
}

/// An explicit masking rule.
pub fn mask(column: &str, kind: MaskType, roles: &[&str], owner: bool) -> Mask {
    Mask {
        column: column.into(),
        kind,
        show_roles: strings(roles),
        show_everyone: false,
        show_owner: owner,
    }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
