//! Constants that definitions are read from, and that other files change.
//!
//! In the file of a definition, and in that of a constant, such a change makes the value unknown.
//! Who changes it anywhere else is known only once all files are, so it stops generation instead.

mod led;
mod names;

use std::path::Path;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{Definition, Reason, UNRESOLVED_VALUE};
use crate::project::{Evaluator, Project, Symbol, Target};
use crate::project::{layout, uses};
use crate::span::{FileId, Place};
use crate::syntax::value::ValueKind;
use crate::syntax::{ChangedImport, ChangedPart, ImportedFrom};

/// What is changed elsewhere.
pub(super) struct Elsewhere {
    /// What stops generation for that.
    pub reasons: Vec<Reason>,
    /// Whether the roles are changed, which stops nothing: nothing says `role+`.
    pub roles: bool,
}

/// What members, and other sources, change of constants that the definitions or the roles are read
/// from in other files.
pub(super) fn elsewhere(
    project: &Project,
    members: &[FileId],
    definitions: &[Definition],
) -> Elsewhere {
    let roles = project.roles();
    let followed = definitions.iter().flat_map(|(_, model)| &model.followed);
    let followed: FxHashSet<Place> = followed.chain(&roles.followed).copied().collect();
    let others = names::others(project, members, &followed);
    let mut files: Vec<FileId> = members.iter().copied().chain(others).collect();
    // What a test changes is another only there.
    files.retain(|file| !layout::is_test(Path::new(&project.relative(*file))));
    let direct = files.iter().flat_map(|file| changes(project, *file));
    let changes = direct.chain(led::changes(project, &files, &followed));
    let is_in_definition = |change: &Change| {
        (definitions.iter())
            .any(|(_, model)| model.followed.binary_search(&change.constant).is_ok())
    };
    let (mut reasons, mut of_roles) = (Vec::new(), Vec::new());
    for change in changes.filter(|change| followed.contains(&change.constant)) {
        if is_in_definition(&change) {
            reasons.push(change.reason(project));
        } else if holds_roles(project, &change) {
            of_roles.push(change.reason(project));
        }
    }
    // Which roles are higher than others matters to nothing else.
    let names_higher = |file: &FileId| uses::names_higher(&project.model(*file));
    let roles = !of_roles.is_empty() && !members.iter().any(names_higher);
    if !roles {
        reasons.append(&mut of_roles);
    }
    Elsewhere { reasons, roles }
}

/// Whether the roles are read from what is changed, elsewhere than in the configuration: what that
/// changes itself is not known.
fn holds_roles(project: &Project, change: &Change) -> bool {
    let roles = project.roles();
    let Target::Value(Some(value)) = &change.symbol.target else {
        return false;
    };
    roles.config != Some(change.at.file)
        && roles.followed.binary_search(&change.constant).is_ok()
        && roles.are_read_from(
            &Evaluator::new(project, change.symbol.file).value(value),
            &change.part,
        )
}

/// Whether a file may change what other files are read from.
pub fn may_change(project: &Project, file: FileId) -> bool {
    let facts = project.facts(file);
    // What is changed of an import leads out of the file too.
    let leads_out = facts.is_some_and(|facts| !facts.scopes.leaving().is_empty());
    leads_out || led::hands_over(project, file)
}

struct Change {
    /// The constant that is changed, and where it is declared.
    symbol: Symbol,
    constant: Place,
    /// What it is called.
    name: String,
    /// Where it is changed.
    at: Place,
    /// What of it is changed.
    part: ChangedPart,
}

impl Change {
    fn reason(&self, project: &Project) -> Reason {
        Reason {
            path: project.relative(self.at.file),
            place: Some(self.at),
            code: UNRESOLVED_VALUE.into(),
            message: format!(
                "this changes \"{}\", which definitions are read from, so what they say is not known until the code runs",
                self.name
            ),
        }
    }
}

/// What a file changes of constants that it imports.
fn changes(project: &Project, file: FileId) -> Vec<Change> {
    let Some(facts) = project.facts(file) else {
        return Vec::new();
    };
    let imports = facts.scopes.changed_imports();
    if imports.is_empty() {
        return Vec::new();
    }
    let evaluator = Evaluator::new(project, file);
    let changes = imports.iter();
    let changes = changes.flat_map(|import| of_import(project, &evaluator, file, import));
    changes.collect()
}

/// What of the constants that an import leads to is changed.
fn of_import(
    project: &Project,
    evaluator: &Evaluator<'_>,
    file: FileId,
    import: &ChangedImport,
) -> Vec<Change> {
    let found = symbols(project, evaluator, file, import).into_iter();
    let changes = found.filter_map(|(symbol, part)| {
        let constant = symbol.place().filter(|_| !is_function(&symbol))?;
        let name = match (&symbol.name, &import.from) {
            (Some((name, _)), _) => name,
            (None, ImportedFrom::Name(name) | ImportedFrom::Call(name)) => name,
            (None, ImportedFrom::Module(module)) => module,
        };
        Some(Change {
            constant,
            name: name.to_string(),
            at: Place {
                file,
                span: import.at,
            },
            part,
            symbol,
        })
    });
    changes.collect()
}

/// A function has members of its own, which nothing is read from.
fn is_function(symbol: &Symbol) -> bool {
    let Target::Value(Some(value)) = &symbol.target else {
        return false;
    };
    matches!(value.kind, ValueKind::Function(_))
}

/// What an import that is changed stands for, and what is changed of that.
fn symbols(
    project: &Project,
    evaluator: &Evaluator<'_>,
    file: FileId,
    import: &ChangedImport,
) -> Vec<(Symbol, ChangedPart)> {
    let named = |name: &SmolStr| evaluator.named(file, name.clone(), import.at);
    let whole = |symbol: Symbol| (symbol, import.part.clone());
    let all = |file| {
        let exports = exports(project, evaluator, file).into_iter();
        exports.map(|symbol| (symbol, ChangedPart::Any)).collect()
    };
    let member = |file, names: &[SmolStr]| {
        let (name, rest) = names.split_first()?;
        let symbol = evaluator.export(file, name)?;
        Some((symbol, ChangedPart::of_names(rest)))
    };
    let symbol = match &import.from {
        ImportedFrom::Name(name) => named(name),
        ImportedFrom::Call(name) => {
            let answer = named(name).and_then(|function| answer(evaluator, &function));
            return answer.map(whole).into_iter().collect();
        }
        ImportedFrom::Module(module) => {
            let Some(module) = project.resolve(file, module) else {
                return Vec::new();
            };
            // `module.exports = ...` is a default export, and is what `require` answers.
            let default = || evaluator.export(module, "default").map(whole);
            return match &import.part {
                ChangedPart::Itself => default().into_iter().collect(),
                ChangedPart::Member(names) => {
                    let found = member(module, names);
                    found.or_else(default).into_iter().collect()
                }
                ChangedPart::Any => all(module),
            };
        }
    };
    let Some(symbol) = symbol else {
        return Vec::new();
    };
    match (&symbol.target, &import.part) {
        (Target::Namespace, ChangedPart::Itself) => Vec::new(),
        (Target::Namespace, ChangedPart::Member(names)) => {
            member(symbol.file, names).into_iter().collect()
        }
        (Target::Namespace, ChangedPart::Any) => all(symbol.file),
        (Target::Value(_), _) => vec![whole(symbol)],
    }
}

/// All that a file exports by name, and its default export.
fn exports(project: &Project, evaluator: &Evaluator<'_>, file: FileId) -> Vec<Symbol> {
    let Some(facts) = project.facts(file) else {
        return Vec::new();
    };
    let names = facts
        .module
        .exports
        .iter()
        .map(|export| export.name.as_str());
    let names = names.chain(["default"]);
    names
        .filter_map(|name| evaluator.export(file, name))
        .collect()
}

/// The constant that a function answers, if it answers one.
fn answer(evaluator: &Evaluator<'_>, function: &Symbol) -> Option<Symbol> {
    let Target::Value(Some(value)) = &function.target else {
        return None;
    };
    let ValueKind::Function(function_value) = &value.kind else {
        return None;
    };
    evaluator.symbol(function.file, function_value.returns.as_ref()?)
}
