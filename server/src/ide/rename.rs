//! Renaming of columns, roles, tables, namespaces and events, in all files that name them.

mod check;
mod columns;
mod compiled;
mod meaning;
mod shorthand;
mod taken;
mod uses;

use super::symbol::{self, Occurrence, Symbol, Unsure};
use crate::diagnostic::Edit;
use crate::project::Project;
use crate::span::{FileId, Place, Span};

/// A name that can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renameable {
    /// Where it stands.
    pub span: Span,
    /// What it is now.
    pub name: String,
}

/// The edits of a renaming.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renaming {
    /// The edits, none overlapping another, in the order of files and offsets.
    pub edits: Vec<Edit>,
    /// What it does not reach, to be looked at by hand.
    pub note: Option<String>,
}

/// The name at an offset that can be changed; `None` where there is none of ours.
///
/// # Errors
/// A sentence that says why it must not be changed.
pub fn prepare(project: &Project, file: FileId, offset: u32) -> Result<Option<Renameable>, String> {
    let Some(occurrence) = one(project, file, offset)? else {
        return Ok(None);
    };
    check::may_change(project, &occurrence.symbol)?;
    let (found, _) = named(project, &occurrence.symbol)?;
    check::all_are_ours(project, &found)?;
    Ok(Some(Renameable {
        span: occurrence.place.span,
        name: check::name_of(project, &occurrence.symbol),
    }))
}

/// The edits that give what is named at an offset another name; `None` where there is nothing of
/// ours. All files are searched for that: as soon as `is_wanted` says no, nothing more is.
///
/// # Errors
/// A sentence that says why it must not be changed, or not to that name.
pub fn rename(
    project: &Project,
    file: FileId,
    offset: u32,
    new_name: &str,
    is_wanted: &dyn Fn() -> bool,
) -> Result<Option<Renaming>, String> {
    go_on(is_wanted)?;
    let Some(occurrence) = one(project, file, offset)? else {
        return Ok(None);
    };
    let symbol = &occurrence.symbol;
    check::may_change(project, symbol)?;
    check::may_be_called(project, symbol, new_name)?;
    let old_name = check::name_of(project, symbol);
    if let Symbol::Column(place) = symbol {
        meaning::keeps(project, *place, &old_name, new_name)?;
    }
    let (mut found, unsure) = named(project, symbol)?;
    found.extend(uses::in_code(project, symbol, &old_name, is_wanted)?);
    found.sort();
    found.dedup_by_key(|occurrence| occurrence.place);
    check::all_are_ours(project, &found)?;
    if matches!(symbol, Symbol::Table(_)) {
        check::is_free(project, &found, new_name)?;
    }
    let shorthands = shorthand::among(project, &found);
    let edits = found
        .iter()
        .map(|occurrence| Edit {
            place: occurrence.place,
            new_text: match shorthands.get(&occurrence.place) {
                Some(part) => part.renamed(&project.text(occurrence.place), new_name),
                None => new_name.to_owned(),
            },
        })
        .collect();
    Ok(Some(Renaming {
        edits,
        note: note(project, symbol, &unsure),
    }))
}

/// Ends what nobody waits for any more: it would hold up the answers that are waited for.
fn go_on(is_wanted: &dyn Fn() -> bool) -> Result<(), String> {
    if is_wanted() {
        return Ok(());
    }
    Err("The request has been dropped.".to_owned())
}

/// The one thing that is named at an offset.
fn one(project: &Project, file: FileId, offset: u32) -> Result<Option<Occurrence>, String> {
    let mut found = symbol::at(project, file, offset);
    // A column that no definition takes up is TypeScript's alone, which renames it better.
    found.retain(|occurrence| match &occurrence.symbol {
        Symbol::Column(place) => !check::tables_with(project, *place).is_empty(),
        _ => true,
    });
    match found.len() {
        0 | 1 => Ok(found.pop()),
        n => Err(format!(
            "This text names {n} different things: it is a constant that several definitions take up. Rename each of them where it is declared, after giving it a text of its own."
        )),
    }
}

/// Where definitions, configuration and calls name a symbol, and where they may.
fn named(project: &Project, symbol: &Symbol) -> Result<(Vec<Occurrence>, Vec<Unsure>), String> {
    let (mut all, mut unread, mut unsure) = (Vec::new(), Vec::new(), Vec::new());
    for said in symbol::in_all_files(project) {
        all.extend(said.found);
        unread.extend(said.unread);
        let about_it = said.unsure.into_iter();
        unsure.extend(about_it.filter(|unsure| unsure.symbol == *symbol));
    }
    check::may_be_missed(project, symbol, &unread)?;
    check::names_nothing_else(project, symbol, &all)?;
    let mut found = all;
    found.retain(|occurrence| occurrence.symbol == *symbol);
    if matches!(symbol, Symbol::Table(_)) {
        // `claims` in `defineTable(claims, ...)` may be a name that this file gives to the table:
        // which names are the table's is told where they are looked for in code.
        found.retain(|o| o.is_declaration || is_quoted(project, o.place));
    }
    unsure.retain(|unsure| found.iter().all(|o| o.place != unsure.place));
    Ok((found, unsure))
}

/// Whether a name is the text of a string.
fn is_quoted(project: &Project, place: Place) -> bool {
    let Some(start) = place.span.start.checked_sub(1) else {
        return false;
    };
    let span = Span {
        start,
        ..place.span
    };
    project
        .text(Place { span, ..place })
        .starts_with(['"', '\'', '`'])
}

/// What a renaming cannot see, and where it cannot tell what is meant.
fn note(project: &Project, symbol: &Symbol, unsure: &[Unsure]) -> Option<String> {
    let note = match symbol {
        Symbol::Column(_) => {
            "The rename covers definitions, configuration, calls and `table.column` expressions. Properties of records, such as `record.column`, and the database's own name for the column stay as they are."
        }
        Symbol::Role(_) => {
            "The rename covers the configuration, definitions and calls. Members who hold the role under its old name, and code that compares names of roles, stay as they are."
        }
        Symbol::Table(_) => {
            "The rename covers definitions, calls, and code that uses the table object. Subscribers listen to the name on the wire, which changes with it. What a database client makes of the name, such as `db.query.name`, stays as it is."
        }
        Symbol::Namespace(_) | Symbol::Event(..) => {
            "The rename covers the definition and calls. Subscribers listen to the name on the wire, which changes with it."
        }
        Symbol::Injected(_) => return None,
    };
    let mut options: Vec<String> = unsure
        .iter()
        .map(|unsure| {
            format!(
                "`{}` in {}",
                unsure.option,
                project.relative(unsure.place.file)
            )
        })
        .collect();
    options.sort();
    options.dedup();
    let stays = match options.as_slice() {
        [] => String::new(),
        options => format!(
            " It stays in {} too, where it may mean something else: look there.",
            options.join(", ")
        ),
    };
    Some(format!("{note}{stays}"))
}

#[cfg(test)]
mod tests;
