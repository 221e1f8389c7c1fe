//! What the helper and the client share: how modules become one file, and how names, roles and
//! records are written in TypeScript.

use crate::model::{Column, ColumnKind, Namespace, Table};
use std::fmt::Write;

/// Joins modules into one file: their imports of each other go, and of those that are not
/// `public` the exports, too.
///
/// The modules are formatted by prettier's defaults, by which a statement at the top level begins
/// in the first column. Each gets a comment that keeps prettier away from it, since a project may
/// have other tastes, and prettier knows no comment for a whole file.
pub(crate) fn join(modules: &[Module<'_>]) -> String {
    let mut out = String::new();
    for module in modules {
        let mut in_import = false;
        for line in module.text.lines() {
            in_import |= line.starts_with("import ");
            if in_import {
                in_import = !line.ends_with(';');
                continue;
            }
            let line = match line.strip_prefix("export ") {
                Some(rest) if !module.public => rest,
                _ => line,
            };
            if begins_statement(line) {
                out.push_str("// prettier-ignore\n");
            }
            // A module began with its imports and a blank line.
            if !(line.is_empty() && (out.is_empty() || out.ends_with("\n\n"))) {
                out.push_str(line);
                out.push('\n');
            }
        }
        if !out.ends_with("\n\n") {
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// A module of a template, or what is rendered beside it.
pub(crate) struct Module<'a> {
    /// Its text, formatted by prettier's defaults but for long lines.
    pub(crate) text: &'a str,
    /// Whether what it exports is exported from the whole.
    pub(crate) public: bool,
}

fn begins_statement(line: &str) -> bool {
    [
        "export ",
        "const ",
        "let ",
        "function ",
        "async function ",
        "class ",
        "interface ",
        "type ",
    ]
    .iter()
    .any(|keyword| line.starts_with(keyword))
}

/// A string literal in double quotes.
pub(crate) fn quoted(text: &str) -> String {
    // A string always serializes.
    visible(&serde_json::to_string(text).unwrap_or_default())
}

/// A string literal in single quotes, in which JSON stays readable.
pub(crate) fn single_quoted(json: &str) -> String {
    let escaped = json.replace('\\', "\\\\").replace('\'', "\\'");
    visible(&format!("'{escaped}'"))
}

/// A string literal with whatever is not what it looks like escaped.
fn visible(literal: &str) -> String {
    let mut out = String::with_capacity(literal.len());
    for c in literal.chars() {
        if is_invisible(c) {
            // All of them lie below U+10000. Writing into a String cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a character in source code would break a line or turn the reading direction without
/// being seen.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{200b}'..='\u{200f}'
        )
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The name of a property: bare if it is an identifier.
pub(crate) fn property(name: &str) -> String {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '$'));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    if starts && name.chars().all(plain) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// A union of these types, `never` if there is none, as it stands after `type X =`.
pub(crate) fn union(types: impl Iterator<Item = String>) -> String {
    let union: String = types.map(|one| format!("\n  | {one}")).collect();
    if union.is_empty() {
        return " never".to_owned();
    }
    union
}

/// A documentation comment, each line of it after `indent`, that no text can end early.
pub(crate) fn doc(indent: &str, text: &str) -> String {
    let shown = |c: char| if c != '\n' && is_invisible(c) { ' ' } else { c };
    let text: String = text.chars().map(shown).collect();
    let text = text.replace("*/", "*\\/");
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let mut out = format!("{indent}/**\n");
            for line in lines {
                let _ = writeln!(out, "{}", format!("{indent} * {line}").trim_end());
            }
            let _ = writeln!(out, "{indent} */");
            out
        }
    }
}

/// Where a table is declared, and what of it is broadcast to whom, in one line.
pub(crate) fn about(table: &Table) -> String {
    about_lines(table).replace(['\n', '\r'], " ")
}

fn about_lines(table: &Table) -> String {
    let Some(realtime) = &table.realtime else {
        return format!("{}: realtime is off.", table.source);
    };
    let events: Vec<_> = [
        (realtime.insert, "INSERT"),
        (realtime.update, "UPDATE"),
        (realtime.delete, "DELETE"),
    ]
    .into_iter()
    .filter_map(|(on, name)| on.then_some(name))
    .collect();
    let to = match &realtime.required_roles {
        None => "every member".to_owned(),
        Some(roles) if roles.is_empty() => "nobody".to_owned(),
        Some(roles) => roles.join(", "),
    };
    format!("{}: {} to {to}.", table.source, events.join(", "))
}

/// The TypeScript types of what JSON says of a column's value, `null` left out; the type of a
/// value that is not known is `unknown`.
pub(crate) fn json_type(kind: &ColumnKind) -> String {
    match kind {
        ColumnKind::Text
        | ColumnKind::Id
        | ColumnKind::Uuid
        | ColumnKind::Url
        | ColumnKind::Email
        | ColumnKind::Timestamp
        | ColumnKind::Date
        | ColumnKind::Blob
        | ColumnKind::BigInt
        | ColumnKind::Decimal => "string".into(),
        // An id of a user or an organization is text in one project and a number in another.
        ColumnKind::Organization | ColumnKind::Owner | ColumnKind::Team => "string | number".into(),
        ColumnKind::Enum(values) if values.is_empty() => "string".into(),
        ColumnKind::Enum(values) => {
            let values: Vec<_> = values.iter().map(|value| quoted(value)).collect();
            values.join(" | ")
        }
        ColumnKind::Integer | ColumnKind::Real => "number".into(),
        ColumnKind::Boolean => "boolean".into(),
        ColumnKind::Json | ColumnKind::Unknown => "unknown".into(),
    }
}

/// The type of a column whose values, or the innermost entries of its lists, have the type `one`.
pub(crate) fn of_column(one: String, column: &Column) -> String {
    (0..column.dimensions).fold(one, |one, _| {
        if one.contains(' ') {
            format!("readonly ({one})[]")
        } else {
            format!("readonly {one}[]")
        }
    })
}

/// Whether every object has a property of this name, which an optional one of another type would
/// contradict.
pub(crate) fn is_inherited(name: &str) -> bool {
    matches!(
        name,
        "constructor"
            | "hasOwnProperty"
            | "isPrototypeOf"
            | "propertyIsEnumerable"
            | "toLocaleString"
            | "toString"
            | "valueOf"
    )
}

/// The documentation of one event of a namespace.
pub(crate) fn about_event(namespace: &Namespace, event: &str, verb: &str) -> String {
    let wire = format!("{verb} `{}:{event}`.", namespace.name);
    match namespace.description.as_deref().map(str::trim) {
        None | Some("") => wire,
        Some(text) => {
            let stop = if text.ends_with(['.', '!', '?', ':']) {
                ""
            } else {
                "."
            };
            format!("{text}{stop}\n{wire}")
        }
    }
}
