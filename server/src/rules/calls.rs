//! What the rules about calls of the helper ask of a call.

use std::sync::Arc;

use super::Context;
use crate::diagnostic::{Diagnostic, Fix};
use crate::project::Columns;
use crate::project::model::{Call, Method, Setting, Table};
use crate::project::resolved::{Object, Resolved};
use crate::span::{Place, Span};

/// The table that an insert, update or delete names, and where.
pub fn table_name(call: &Call) -> Option<(&Resolved, &str)> {
    if !matches!(
        call.method,
        Method::Insert | Method::Update | Method::Delete
    ) {
        return None;
    }
    let subject = call.subject.as_ref()?;
    let name = subject.as_str().filter(|name| !name.is_empty())?;
    Some((subject, name))
}

/// What the project declares under the name of a call's table.
#[derive(Debug)]
pub enum Declared {
    /// One table, or the one of several that has realtime on.
    Table(Arc<Table>),
    /// Several of one name: which one is meant cannot be said.
    Several,
    /// A table object that no definition takes up.
    Internal(Place),
}

/// Finds the table that a call names; `None` if no definition declares it.
pub fn declared(context: &Context<'_>, name: &str) -> Option<Declared> {
    let tables = context.tables(name);
    if tables.is_empty() {
        return context.internal_table(name).map(Declared::Internal);
    }
    let mut enabled = tables.iter().filter(|table| table.is_enabled());
    Some(match (tables, enabled.next(), enabled.next()) {
        ([table], ..) | (_, Some(table), None) => Declared::Table(Arc::clone(table)),
        _ => Declared::Several,
    })
}

/// The table of a call whose realtime is on for certain.
pub fn enabled_table(context: &Context<'_>, call: &Call) -> Option<Arc<Table>> {
    let (_, name) = table_name(call)?;
    match declared(context, name)? {
        Declared::Table(table) => Some(table).filter(|table| table.is_enabled()),
        Declared::Several | Declared::Internal(_) => None,
    }
}

/// The columns of the table that a call names, whether it broadcasts or not.
pub fn columns(context: &Context<'_>, name: &str) -> Option<Arc<Columns>> {
    match declared(context, name)? {
        Declared::Table(table) => Some(table.columns.clone()),
        Declared::Several => None,
        Declared::Internal(place) => {
            let model = context.project.model(place.file);
            let table = model.declared.iter().find(|d| d.name.place == place)?;
            Some(table.columns.clone())
        }
    }
}

/// The records that a call of insert, update or delete hands over, as far as they are literals.
pub fn literal_records(call: &Call) -> impl Iterator<Item = (&Resolved, &Object)> {
    [&call.new, &call.old]
        .into_iter()
        .flatten()
        .filter_map(|record| Some((record, record.as_object()?)))
}

/// The range of what is called: `realtime.update`.
pub fn callee(call: &Call) -> Span {
    call.expression
        .value
        .as_call()
        .map_or(call.span, |arguments| arguments.callee.span)
}

/// The range of a name that leads from the helper to what is called, or of what is called where
/// the name stands elsewhere: `const { insert } = realtime`.
pub fn name_in_call(call: &Call, name: Span) -> Span {
    let callee = callee(call);
    if callee.contains(name) { name } else { callee }
}

/// Adds the fix that writes `name` in the place of a string, or, where the string stands in
/// another file, that place as related.
pub fn with_rename(
    context: &Context<'_>,
    finding: Diagnostic,
    written: &Resolved,
    name: &str,
) -> Diagnostic {
    if written.origin.file != context.file {
        return finding;
    }
    let span = written.inner_span();
    // Anything else is not between quotes here, or would end them.
    if span == written.span || !fits_any_quotes(name) {
        return finding;
    }
    finding.with_fix(Fix::replace(
        format!("Change to \"{name}\""),
        context.place(span),
        name,
    ))
}

/// Whether a text can stand in a string as it is, whatever its quotes.
pub fn fits_any_quotes(text: &str) -> bool {
    !text.contains(['"', '\'', '`', '\\', '$']) && !text.contains(char::is_control)
}

/// Whether a definition that could not be read may give this name to a table or a namespace: one
/// whose name cannot be told, one in a place where it is not picked up (which is reported there),
/// or one lost in a file that does not parse and that holds the word.
pub fn may_be_lost(context: &Context<'_>, name: &str) -> bool {
    let unknown = |setting: &Setting<String>| match setting {
        Setting::Unknown(_) | Setting::Invalid(_) => true,
        Setting::Known(known) => known.value == name,
        Setting::Absent => false,
    };
    context.index().doubtful.iter().any(|&file| {
        let model = context.project.model(file);
        model.tables.iter().any(|table| table.name.is_none())
            || model.namespaces.iter().any(|n| unknown(&n.name))
            || (model.has_errors
                && context.project.role(file).is_definition()
                && context
                    .project
                    .facts(file)
                    .is_some_and(|facts| holds_word(&facts.text, name)))
    })
}

/// Whether a text holds a word.
pub fn holds_word(text: &str, word: &str) -> bool {
    words(text, word).next().is_some()
}

/// Where a word begins in a text, each time.
pub fn words<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    text.match_indices(word).filter_map(move |(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text
            .get(at.saturating_add(word.len())..)
            .and_then(|t| t.chars().next());
        (!before.is_some_and(is_part) && !after.is_some_and(is_part)).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_longer_name_is_no_word() {
        for text in [
            "claims",
            "(claims)",
            "a.claims;",
            "'claims'",
            "reclaims, claims",
        ] {
            assert!(holds_word(text, "claims"), "{text}");
        }
        for text in [
            "reclaims", "_claims", "$claims", "claims2", "claims_", "claims$", "äclaims", "claim",
            "",
        ] {
            assert!(!holds_word(text, "claims"), "{text}");
        }
    }
}
