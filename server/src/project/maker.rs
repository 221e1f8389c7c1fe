//! What makes a column: whether that may be `q.scope(...)`, which says by itself whom a record
//! belongs to.

mod words;

use generator::model::ColumnKind;

use super::Evaluator;
use super::columns::{drizzle_kind, has_modes, postgres_enum, quickback_kind};
use super::resolved::{Builder, Kind, Resolved};
use crate::span::Span;

/// How many helpers that call each other are followed.
const MAX_HELPERS: u32 = 8;

/// The functions of drizzle's that make columns, besides those whose types are known.
const UNTYPED: [&str; 22] = [
    "bit",
    "cidr",
    "customType",
    "datetime2",
    "datetimeoffset",
    "geography",
    "geometry",
    "halfvec",
    "inet",
    "interval",
    "line",
    "macaddr",
    "macaddr8",
    "nchar",
    "ntext",
    "nvarchar",
    "point",
    "smalldatetime",
    "sparsevec",
    "time",
    "vector",
    "year",
];

/// What makes a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Maker {
    /// `q.scope("owner")` and the like: what it holds.
    Scope(ColumnKind),
    /// `q.scope(KIND)`, whose kind is not known.
    UnknownScope,
    /// Another function of Quickback's.
    Quickback,
    /// A function of drizzle's, or nothing that makes columns.
    Other,
    /// It is not known.
    Unknown,
}

/// What makes a column, through helpers of the project's that only return one. What cannot be
/// followed so is judged by the words that it is written with.
pub fn maker(evaluator: &Evaluator<'_>, column: &Resolved) -> Maker {
    match through_helpers(evaluator, column, 0) {
        Maker::Unknown => words::by_words(evaluator, column.origin),
        known => known,
    }
}

fn through_helpers(evaluator: &Evaluator<'_>, column: &Resolved, depth: u32) -> Maker {
    let builder = match &column.kind {
        Kind::Builder(builder) => builder,
        Kind::Unknown => return Maker::Unknown,
        _ => return Maker::Other,
    };
    if builder.callee.helper.is_none() {
        return of_builder(builder);
    }
    match returned(evaluator, builder, column.span, depth) {
        Some(returned) => through_helpers(evaluator, &returned, depth + 1),
        None => Maker::Unknown,
    }
}

/// What the function of the project's returns that makes a column at `span`, if it only does that;
/// `depth` helpers were followed to it.
pub fn returned(
    evaluator: &Evaluator<'_>,
    builder: &Builder,
    span: Span,
    depth: u32,
) -> Option<Resolved> {
    let (file, function) = builder.callee.helper.as_ref()?;
    let returns = function.as_function()?.returns.as_ref();
    let value = returns.filter(|_| depth < MAX_HELPERS)?;
    Some(evaluator.eval(*file, value, Some(span)))
}

fn of_builder(builder: &Builder) -> Maker {
    let function = builder.function();
    if builder.callee.object.as_deref() == Some("q") {
        if function != "scope" {
            return Maker::Quickback;
        }
        return match builder.args.first().and_then(Resolved::as_str) {
            Some(_) => Maker::Scope(quickback_kind(builder)),
            None => Maker::UnknownScope,
        };
    }
    let is_known = match builder.callee.made_by.as_deref() {
        Some(by) => by.function() == "customType" || postgres_enum(by).is_some(),
        // Who takes these from elsewhere, or from what a function is given, means the same by them.
        None => {
            UNTYPED.contains(&function)
                || has_modes(function)
                || drizzle_kind(builder) != ColumnKind::Unknown
                || (function != "scope" && quickback_kind(builder) != ColumnKind::Unknown)
        }
    };
    if is_known {
        Maker::Other
    } else {
        Maker::Unknown
    }
}
