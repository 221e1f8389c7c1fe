//! The columns of a table, from the calls that build it.

mod key;

use generator::model::ColumnKind;
use smol_str::SmolStr;

use super::Evaluator;
use super::maker::{Maker, maker, returned};
use super::model::{Column, Columns};
use super::resolved::{Builder, Entry, Kind, Lookup, Resolved};

pub use key::composite_key;

/// The columns that the compiler adds to every table, with what they hold.
pub const INJECTED: [(&str, ColumnKind); 6] = [
    ("createdAt", ColumnKind::Timestamp),
    ("createdBy", ColumnKind::Id),
    ("modifiedAt", ColumnKind::Timestamp),
    ("modifiedBy", ColumnKind::Id),
    ("deletedAt", ColumnKind::Timestamp),
    ("deletedBy", ColumnKind::Id),
];

/// The functions whose first argument is a database name and whose second holds columns.
pub const TABLE_FUNCTIONS: [&str; 4] = ["sqliteTable", "pgTable", "mysqlTable", "table"];

/// The functions of drizzle's whose columns hold what their `mode` says.
const WITH_MODES: [&str; 9] = [
    "text",
    "integer",
    "int",
    "bigint",
    "bigserial",
    "numeric",
    "decimal",
    "blob",
    "tinytext",
];

/// Reads a columns object, or a function that returns one; `None` makes an open, empty set.
/// `is_drizzle` says whether drizzle makes the table.
pub fn columns(evaluator: &Evaluator<'_>, value: Option<&Resolved>, is_drizzle: bool) -> Columns {
    let value = value.map(|value| match &value.kind {
        // `(t) => ({ id: t.text() })`
        Kind::Function(Some(returned)) => &**returned,
        _ => value,
    });
    let mut columns = Columns {
        list: Vec::new(),
        open: true,
        may_hide_scope: !is_drizzle,
    };
    if let Some(Resolved {
        kind: Kind::Object(object),
        ..
    }) = value
    {
        columns.open = object.unresolved().is_some();
        let mut is_mixed = !is_drizzle;
        for entry in object.entries.iter() {
            let Entry::Property(property) = entry else {
                continue;
            };
            let mut column = column(evaluator, &property.value, 0);
            column.name.clone_from(&property.key);
            column.place = Some(property.key_origin);
            match maker(evaluator, &property.value) {
                Maker::Scope(kind) => {
                    column.kind = kind;
                    is_mixed = true;
                }
                Maker::UnknownScope => {
                    column.may_be_scope = true;
                    is_mixed = true;
                }
                Maker::Quickback => is_mixed = true,
                Maker::Unknown => column.may_be_scope = true,
                Maker::Other => {}
            }
            columns.list.retain(|c| c.name != column.name);
            columns.list.push(column);
        }
        columns.may_hide_scope = is_mixed && columns.open;
        // Drizzle's types let nothing of Quickback's into a table.
        if !is_mixed {
            columns.list.iter_mut().for_each(|c| c.may_be_scope = false);
        }
    }
    for (name, kind) in INJECTED {
        if columns.get(name).is_none() {
            columns.list.push(Column {
                name: name.into(),
                place: None,
                kind,
                nullable: true,
                dimensions: 0,
                primary_key: false,
                may_be_scope: false,
            });
        }
    }
    // They are kept as long as the file is.
    columns.list.shrink_to_fit();
    columns
}

/// Reads what makes a column, through functions of the project's that only return it.
fn column(evaluator: &Evaluator<'_>, value: &Resolved, depth: u32) -> Column {
    let mut column = Column {
        name: SmolStr::default(),
        place: None,
        kind: ColumnKind::Unknown,
        nullable: true,
        dimensions: 0,
        primary_key: false,
        may_be_scope: false,
    };
    let Kind::Builder(builder) = &value.kind else {
        return column;
    };
    if builder.callee.helper.is_some() {
        // It may be called as one of drizzle's is, and make something else.
        if let Some(returned) = returned(evaluator, builder, value.span, depth) {
            column = self::column(evaluator, &returned, depth + 1);
        }
    } else if builder.callee.object.as_deref() == Some("q") {
        // `q.text()`, or through a namespace import `qb.q.text()`.
        column.kind = quickback_kind(builder);
        column.primary_key = builder.function() == "id";
    } else {
        column.kind = drizzle_kind(builder);
    }
    column.primary_key |= builder.has("primaryKey");
    column.dimensions = column.dimensions.saturating_add(dimensions(builder));
    column.nullable =
        !(column.primary_key || !column.nullable || is_required(builder, &column.kind))
            || builder.has("optional")
            || builder.has("nullable");
    column
}

/// Whether a column that is no primary key is said to hold a value in every row. Of a column of
/// Quickback's that is said neither to be required nor to be optional, compilers differ.
fn is_required(builder: &Builder, kind: &ColumnKind) -> bool {
    const METHODS: [&str; 4] = [
        "notNull",
        "required",
        "generatedAlwaysAsIdentity",
        "generatedByDefaultAsIdentity",
    ];
    METHODS.iter().any(|method| builder.has(method))
        || matches!(builder.function(), "serial" | "smallserial" | "bigserial")
        || *kind == ColumnKind::Organization
}

/// How many lists the values lie in: one for each `array()`, or as many as `array("[][]")` says.
fn dimensions(builder: &Builder) -> u8 {
    let arrays = builder.methods.iter().filter(|m| m.name == "array");
    let lists = arrays.map(
        |method| match method.args.first().and_then(Resolved::as_str) {
            Some(brackets) => brackets.matches('[').count(),
            None => 1,
        },
    );
    // A user may write any number of brackets.
    let lists = lists.fold(0_usize, usize::saturating_add);
    u8::try_from(lists).unwrap_or(u8::MAX)
}

/// What a column holds that a function of Quickback's makes.
pub fn quickback_kind(builder: &Builder) -> ColumnKind {
    match builder.function() {
        "id" => ColumnKind::Id,
        "text" => ColumnKind::Text,
        "url" => ColumnKind::Url,
        "email" => ColumnKind::Email,
        "int" | "integer" => ColumnKind::Integer,
        "real" | "number" => ColumnKind::Real,
        "boolean" => ColumnKind::Boolean,
        "enum" => builder
            .args
            .first()
            .and_then(strings)
            .map_or(ColumnKind::Text, ColumnKind::Enum),
        "timestamp" => ColumnKind::Timestamp,
        "date" => ColumnKind::Date,
        "json" => ColumnKind::Json,
        "scope" => match builder.args.first().and_then(Resolved::as_str) {
            Some("organization") => ColumnKind::Organization,
            Some("owner") => ColumnKind::Owner,
            Some("team") => ColumnKind::Team,
            _ => ColumnKind::Unknown,
        },
        _ => ColumnKind::Unknown,
    }
}

/// What a column holds that a function of drizzle's makes.
pub fn drizzle_kind(builder: &Builder) -> ColumnKind {
    let option = |name: &str| {
        builder
            .args
            .iter()
            .filter_map(Resolved::as_object)
            .find_map(|o| o.last(name))
            .map(|p| &p.value)
    };
    if let Some(by) = builder.callee.made_by.as_deref() {
        // `customType` makes what its project says, whatever that is called.
        return postgres_enum(by).map_or(ColumnKind::Unknown, |values| {
            enum_values(values).map_or(ColumnKind::Text, ColumnKind::Enum)
        });
    }
    let function = builder.function();
    let mode = match mode(builder) {
        Some(mode) => mode,
        None if has_modes(function) => return ColumnKind::Unknown,
        None => None,
    };
    match function {
        "text" | "varchar" | "char" | "tinytext" | "mediumtext" | "longtext" | "citext" => {
            match mode {
                Some("json") => ColumnKind::Json,
                _ => option("enum")
                    .and_then(strings)
                    .map_or(ColumnKind::Text, ColumnKind::Enum),
            }
        }
        "mysqlEnum" => builder
            .args
            .iter()
            .find_map(enum_values)
            .map_or(ColumnKind::Text, ColumnKind::Enum),
        "uuid" => ColumnKind::Uuid,
        "integer" | "int" | "smallint" | "tinyint" | "mediumint" | "serial" | "smallserial" => {
            match mode {
                Some("boolean") => ColumnKind::Boolean,
                Some("timestamp" | "timestamp_ms") => ColumnKind::Timestamp,
                _ => ColumnKind::Integer,
            }
        }
        "bigint" | "bigserial" => match mode {
            Some("number") => ColumnKind::Integer,
            Some("string") => ColumnKind::Decimal,
            _ => ColumnKind::BigInt,
        },
        "real" | "float" | "double" | "doublePrecision" => ColumnKind::Real,
        "numeric" | "decimal" => match mode {
            Some("number") => ColumnKind::Real,
            Some("bigint") => ColumnKind::BigInt,
            _ => ColumnKind::Decimal,
        },
        "boolean" => ColumnKind::Boolean,
        "timestamp" | "datetime" => ColumnKind::Timestamp,
        "date" => ColumnKind::Date,
        "json" | "jsonb" => ColumnKind::Json,
        "blob" => match mode {
            Some("json") => ColumnKind::Json,
            Some("bigint") => ColumnKind::BigInt,
            _ => ColumnKind::Blob,
        },
        "bytea" | "binary" | "varbinary" => ColumnKind::Blob,
        _ => ColumnKind::Unknown,
    }
}

/// Whether columns that a function of drizzle's makes hold what their `mode` says.
pub fn has_modes(function: &str) -> bool {
    WITH_MODES.contains(&function)
}

/// What the options of a column of drizzle's say of its `mode`; `None` where they may say any.
fn mode(builder: &Builder) -> Option<Option<&str>> {
    let mut mode = None;
    let last = builder.args.len().saturating_sub(1);
    for (index, argument) in builder.args.iter().enumerate() {
        match &argument.kind {
            Kind::Object(options) => match options.get("mode") {
                Lookup::Found(found) if found.value.is_unknown() => return None,
                Lookup::Found(found) => mode = found.value.as_str(),
                Lookup::Absent => {}
                Lookup::Unknown(_) => return None,
            },
            // The first of two is the name.
            _ if argument.is_unknown() && index == last.min(1) => return None,
            _ => {}
        }
    }
    Some(mode)
}

/// The values of an enum of Postgres: of `pgEnum("mood", VALUES)`, or of a schema's
/// `shop.enum("mood", VALUES)`.
pub fn postgres_enum(builder: &Builder) -> Option<&Resolved> {
    match (builder.function(), builder.methods.as_slice()) {
        ("pgEnum", []) => builder.args.get(1),
        ("pgSchema", [method]) if method.name == "enum" => method.args.get(1),
        _ => None,
    }
}

/// The values of an enum that a list holds, or an enum of TypeScript.
fn enum_values(value: &Resolved) -> Option<Vec<String>> {
    let Some(object) = value.as_object() else {
        return strings(value);
    };
    if object.unresolved().is_some() {
        return None;
    }
    let values = object.properties().map(|p| p.value.as_str());
    values.map(|value| value.map(str::to_owned)).collect()
}

fn strings(value: &Resolved) -> Option<Vec<String>> {
    match &value.kind {
        Kind::List(list) if list.is_whole() => list
            .items
            .iter()
            .map(|i| i.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
