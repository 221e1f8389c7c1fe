//! Entries that a list holds twice.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::Context;
use super::edits::Source;
use super::pointing::is_own;
use crate::diagnostic::Fix;
use crate::project::model::Known;
use crate::project::resolved::{List, Resolved};

/// An entry that an earlier one has said already.
pub struct Duplicate<'l> {
    /// The entry.
    pub later: &'l Resolved,
    /// The first one.
    pub first: &'l Resolved,
    /// What both say.
    pub name: &'l str,
    /// Takes one of them out, so that the list says the same as before.
    pub fix: Option<Fix>,
}

/// The strings of a list that were there before, in order.
pub fn duplicates<'l>(context: &Context<'_>, list: &'l Known<List>) -> Vec<Duplicate<'l>> {
    let mut firsts: FxHashMap<&str, &Resolved> = FxHashMap::default();
    let mut found = Vec::new();
    for later in &list.value.items {
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
                safe: true,
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
