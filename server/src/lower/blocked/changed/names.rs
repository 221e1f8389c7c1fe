//! The names by which other files can come to the constants that definitions are read from.

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::document::Dialect;
use crate::facts::FileFacts;
use crate::project::{Evaluator, Project, Target, Watched};
use crate::span::{FileId, Place, Span};
use crate::syntax::value::{Value, ValueKind};
use crate::syntax::{Export, ExportTarget, Import};

/// How many times sources are searched for names that others of them give to a constant.
const MAX_SEARCHES: usize = 8;

/// The sources that are no members and could change a constant, by whatever name they import it, or
/// something that holds it.
pub(super) fn others(
    project: &Project,
    members: &[FileId],
    followed: &FxHashSet<Place>,
) -> Vec<FileId> {
    let mut watched = Watched::of(project, followed.iter().copied());
    // The constants, and what is found to hold one.
    let mut known = followed.clone();
    let mut files: Vec<FileId> = members.to_vec();
    files.extend(followed.iter().map(|constant| constant.file));
    files.sort_unstable();
    files.dedup();
    let mut asked: FxHashSet<FileId> = files.iter().copied().collect();
    // What is known to hold one is looked for in all files that were asked before.
    let mut new: Vec<FileId> = files.clone();
    let mut others = Vec::new();
    for _ in 0..MAX_SEARCHES {
        let holders: Vec<Place> = (files.par_iter())
            .flat_map_iter(|file| holders(project, *file, &known))
            .collect();
        let holders: Vec<Place> = (holders.into_iter())
            .filter(|holder| known.insert(*holder))
            .collect();
        // Another name of a holder is another name of what it holds.
        let renaming = if holders.is_empty() { &new } else { &files };
        let mut words = other_names(project, renaming, &known);
        words.extend(Watched::of(project, holders.iter().copied()).into_words());
        if !watched.add(words) && !others.is_empty() {
            break;
        }
        others = project.others_with(watched.clone());
        new = (others.iter().copied())
            .filter(|file| asked.insert(*file))
            .collect();
        if new.is_empty() && holders.is_empty() {
            break;
        }
        files.extend(&new);
    }
    others
}

/// The other names by which constants are imported from files that export them once more.
fn other_names(project: &Project, files: &[FileId], known: &FxHashSet<Place>) -> Vec<SmolStr> {
    let names = (files.par_iter()).map(|file| renamed(project, *file, known));
    names.collect::<Vec<_>>().concat()
}

/// The same of one of them.
fn renamed(project: &Project, file: FileId, known: &FxHashSet<Place>) -> Vec<SmolStr> {
    let Some(facts) = project.facts(file) else {
        return Vec::new();
    };
    let module = &facts.module;
    let is_other = |export: &&Export| match &export.target {
        ExportTarget::From { name, .. } => name.as_ref().is_some_and(|name| *name != export.name),
        ExportTarget::Local(local) => {
            let binding = facts.scopes.lookup(local, export.name_span.start);
            match binding.and_then(|binding| binding.value.as_deref()) {
                Some(value) => value.is_path(),
                None => module.imports.iter().any(|import| import.local == *local),
            }
        }
    };
    let evaluator = Evaluator::new(project, file);
    let place = |name: &str| evaluator.export(file, name)?.place();
    let is_known = |name: &str| place(name).is_some_and(|place| known.contains(&place));
    let exports = module.exports.iter().filter(is_other);
    let exports = exports.filter(|export| is_known(&export.name));
    let mut names: Vec<SmolStr> = exports.map(|export| export.name.clone()).collect();
    let is_default = |name: &SmolStr| name == "default";
    if module.default.as_deref().is_some_and(Value::is_path) && is_known("default")
        || names.iter().any(is_default)
    {
        names.retain(|name| !is_default(name));
        names.extend(Watched::word_of(project, file));
    }
    names
}

/// What holds constants at the top of a file, or may, if that is more than their own names.
fn holders(project: &Project, file: FileId, known: &FxHashSet<Place>) -> Vec<Place> {
    let Some(facts) = project.facts(file) else {
        return Vec::new();
    };
    if !may_export_holders(&facts) {
        return Vec::new();
    }
    let top = facts.scopes.top();
    let declared: Vec<(SmolStr, Span)> = (top)
        .filter(|binding| {
            let span = binding.name_span;
            known.contains(&Place { file, span })
        })
        .map(|binding| (binding.name.clone(), binding.name_span))
        .collect();
    let imports = imports(project, file, &facts, known);
    let mut names: Vec<SmolStr> = declared.iter().map(|(name, _)| name.clone()).collect();
    names.extend(imports.iter().cloned());
    if names.is_empty() || !may_hold(&facts, names) {
        return Vec::new();
    }
    let declared: Vec<Span> = declared.into_iter().map(|(_, span)| span).collect();
    let dialect = Dialect::of_path(&project.path(file));
    let holders = facts.holders(dialect, &declared, &imports).into_iter();
    holders.map(|span| Place { file, span }).collect()
}

/// The imports of a file that lead to constants.
fn imports(
    project: &Project,
    file: FileId,
    facts: &FileFacts,
    known: &FxHashSet<Place>,
) -> Vec<SmolStr> {
    let evaluator = Evaluator::new(project, file);
    let leads = |import: &&Import| {
        let symbol = evaluator.named(file, import.local.clone(), import.local_span);
        symbol.is_some_and(|symbol| match symbol.target {
            Target::Namespace => known.iter().any(|place| place.file == symbol.file),
            Target::Value(_) => symbol.place().is_some_and(|place| known.contains(&place)),
        })
    };
    let imports = facts.module.imports.iter().filter(leads);
    imports.map(|import| import.local.clone()).collect()
}

/// Whether a file exports anything that may hold something: most export what imported functions
/// define, and nothing else.
fn may_export_holders(facts: &FileFacts) -> bool {
    let may_hold = |value: &Value| !is_made_elsewhere(facts, value);
    let is_holder = |export: &Export| match &export.target {
        ExportTarget::Local(name) => {
            let binding = facts.scopes.of_file(name);
            let value = binding.map(|binding| binding.value.as_deref());
            value.is_some_and(|value| value.is_none_or(may_hold))
        }
        ExportTarget::From { .. } => false,
    };
    let default = facts.module.default.as_deref();
    default.is_some_and(|default| !default.is_path() && may_hold(default))
        || facts.module.exports.iter().any(is_holder)
}

/// Whether something that a file exports may hold what some names stand for, judged by its words:
/// most files only read a constant where they define something.
fn may_hold(facts: &FileFacts, mut names: Vec<SmolStr>) -> bool {
    let is_exported = |name: &SmolStr| {
        let mut exports = facts.module.exports.iter();
        exports.any(|export| matches!(&export.target, ExportTarget::Local(n) if n == name))
    };
    let mentions = |value: &Value, names: &[SmolStr]| {
        let text = value.span.text(&facts.text);
        // What a pattern takes of a value stands elsewhere than that.
        let is_part =
            || matches!(&value.root().kind, ValueKind::Ident(name) if names.contains(name));
        !is_made_elsewhere(facts, value)
            && (names.iter().any(|name| text.contains(name.as_str())) || is_part())
    };
    let mut left: Vec<_> = facts
        .scopes
        .top()
        .filter(|b| !names.contains(&b.name))
        .collect();
    loop {
        let (holding, others): (Vec<_>, Vec<_>) = (left.into_iter()).partition(|b| {
            // What is put into it later is not among its words.
            let is_changed = facts.scopes.changed(b).is_some();
            is_changed || b.value.as_deref().is_none_or(|v| mentions(v, &names))
        });
        if holding.iter().any(|binding| is_exported(&binding.name)) {
            return true;
        }
        if holding.is_empty() {
            break;
        }
        names.extend(holding.into_iter().map(|binding| binding.name.clone()));
        left = others;
    }
    let default = facts.module.default.as_deref();
    default.is_some_and(|default| mentions(default, &names) && !default.is_path())
}

/// Whether a value is what an imported function answers, which holds nothing that it was handed, as
/// far as this is followed.
fn is_made_elsewhere(facts: &FileFacts, value: &Value) -> bool {
    let Some(call) = value.as_call() else {
        return false;
    };
    let mut imports = facts.module.imports.iter();
    matches!(&call.callee.root().kind, ValueKind::Ident(name) if imports.any(|import| import.local == *name))
}
