//! What of a table or a namespace is not known until the code runs, where it is off or left out for
//! that and its definition does not say so.

use generator::preview as generate;

use crate::diagnostic::Diagnostic;
use crate::position::{Encoding, Shown};
use crate::project::Project;
use crate::project::model::{Namespace, Table};
use crate::rules::{self, Context};
use crate::span::{FileId, Place};

/// What of a table that is off cannot be resolved; nothing where its definition switches it off.
pub(super) fn in_table(project: &Project, table: &Table) -> Vec<String> {
    let context = Context::of(project, table.file);
    let found = context.map(|context| rules::unresolved_in_table(&context, table));
    said(project, table.file, found.unwrap_or_default())
}

/// The preview of a namespace whose events cannot be resolved: only what of them cannot be. `None`
/// where there is no more to say than that.
pub(super) fn namespace(project: &Project, namespace: &Namespace) -> Option<generate::Preview> {
    let context = Context::of(project, namespace.file)?;
    let found = rules::unresolved_in_namespace(&context, namespace);
    if found.is_empty() {
        return None;
    }
    Some(generate::Preview {
        name: namespace.name.known()?.value.clone(),
        source: project.relative(namespace.file),
        unresolved: said(project, namespace.file, found),
        events: Vec::new(),
    })
}

/// Findings of a file as sentences, each behind its place, lines and columns counted from 1.
fn said(project: &Project, file: FileId, found: Vec<Diagnostic>) -> Vec<String> {
    let mut all = Vec::new();
    for finding in found {
        let place = Place {
            file,
            span: finding.span,
        };
        all.push((place, finding.message));
        let related = finding.related.into_iter();
        all.extend(related.map(|related| (related.place, format!("{}.", related.message))));
    }
    let said = all.into_iter();
    said.map(|(place, sentence)| format!("{}: {sentence}", place_of(project, place)))
        .collect()
}

/// `path:line:column`
fn place_of(project: &Project, place: Place) -> String {
    let path = project.relative(place.file);
    let Some(facts) = project.facts(place.file) else {
        return path;
    };
    let at = Shown::new(&facts.text).line_column(place.span.start, Encoding::Utf16);
    let (line, column) = (at.line.saturating_add(1), at.column.saturating_add(1));
    format!("{path}:{line}:{column}")
}
