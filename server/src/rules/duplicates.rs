//! Entries that a list holds twice.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::edits::Source;
use super::pointing::{is_own, origin, range, with_fix};
use super::{Context, Report};
use crate::diagnostic::Fix;
use crate::project::model::Known;
use crate::project::resolved::{List, Resolved};
use crate::span::Span;

/// Reports each string of a list that an earlier entry has said already, the first one as the
/// related place. `whole` is the definition that the list is of. What `is_judged` denies is reported
/// by another rule; `message` says of a name that it is there twice.
pub fn report_duplicates(
    context: &Context<'_>,
    report: &mut Report<'_>,
    (list, whole): (&Known<List>, Span),
    is_judged: impl Fn(&str) -> bool,
    message: impl Fn(&str) -> String,
) {
    for duplicate in duplicates(context, list, whole) {
        let name = duplicate.name;
        if !is_judged(name) {
            continue;
        }
        let mut finding = report
            .finding(range(duplicate.later), message(name))
            .with_related(
                origin(duplicate.first),
                format!("\"{name}\" is named here first"),
            );
        finding.unnecessary = true;
        report.push(with_fix(finding, duplicate.fix));
    }
}

/// An entry that an earlier one has said already.
struct Duplicate<'l> {
    later: &'l Resolved,
    first: &'l Resolved,
    /// What both say.
    name: &'l str,
    /// Takes one of them out, so that the list says the same as before.
    fix: Option<Fix>,
}

/// The strings of a list that were there before, in order.
fn duplicates<'l>(context: &Context<'_>, list: &'l Known<List>, whole: Span) -> Vec<Duplicate<'l>> {
    let mut firsts: FxHashMap<&str, &Resolved> = FxHashMap::default();
    let mut found = Vec::new();
    for later in list.value.items.iter() {
        let Some(name) = later.as_str().filter(|name| !name.is_empty()) else {
            continue;
        };
        let first = match firsts.entry(name) {
            Entry::Occupied(first) => *first.get(),
            Entry::Vacant(place) => {
                place.insert(later);
                continue;
            }
        };
        // Of a list that other lists spread too, nothing is taken: the other one goes instead.
        let removed = [later, first]
            .into_iter()
            .find(|entry| is_own(context, list, entry));
        let fix = removed
            .and_then(|entry| Source::of(context).remove(entry.origin.span))
            .map(|edits| Fix {
                title: format!("Remove the repeated \"{name}\""),
                // Other code may read a list that is written elsewhere, and count what is in it.
                safe: whole.contains(list.span),
                edits,
            });
        found.push(Duplicate {
            later,
            first,
            name,
            fix,
        });
    }
    found
}
