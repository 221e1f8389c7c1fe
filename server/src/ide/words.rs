//! How things are called where several features name them.

use generator::broadcaster::mask::MaskType;
use generator::model::ColumnKind;

use crate::project::model::Column;
use crate::schema::MASK_TYPES;

/// The type of a column in a word or two: `text`, `timestamp`, `"draft" | "sent"`.
pub fn column_type(column: &Column) -> String {
    let kind = match &column.kind {
        ColumnKind::Text => "text".to_owned(),
        ColumnKind::Id => "id".to_owned(),
        ColumnKind::Uuid => "uuid".to_owned(),
        ColumnKind::Url => "url".to_owned(),
        ColumnKind::Email => "email".to_owned(),
        ColumnKind::Enum(values) => values
            .iter()
            .map(|value| format!("\"{value}\""))
            .collect::<Vec<_>>()
            .join(" | "),
        ColumnKind::Integer => "integer".to_owned(),
        ColumnKind::BigInt => "bigint".to_owned(),
        ColumnKind::Real => "real".to_owned(),
        ColumnKind::Decimal => "decimal".to_owned(),
        ColumnKind::Boolean => "boolean".to_owned(),
        ColumnKind::Timestamp => "timestamp".to_owned(),
        ColumnKind::Date => "date".to_owned(),
        ColumnKind::Json => "json".to_owned(),
        ColumnKind::Blob => "blob".to_owned(),
        ColumnKind::Organization => "organization id".to_owned(),
        ColumnKind::Owner => "owner's id".to_owned(),
        ColumnKind::Team => "team id".to_owned(),
        ColumnKind::Unknown => "unknown type".to_owned(),
    };
    let lists = "[]".repeat(column.dimensions.into());
    let kind = if !lists.is_empty() && kind.contains('|') {
        format!("({kind})")
    } else {
        kind
    };
    let null = if column.nullable && column.kind != ColumnKind::Unknown {
        " or null"
    } else {
        ""
    };
    format!("{kind}{lists}{null}")
}

/// The name of a mask as it is written in `type`.
pub fn mask_name(kind: MaskType) -> &'static str {
    let found = MASK_TYPES
        .iter()
        .map(|(name, ..)| *name)
        .find(|name| crate::project::read::mask_type(name) == Some(kind));
    found.unwrap_or("redact")
}
