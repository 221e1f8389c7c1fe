//! Constants that definitions are read from, and that other files change.
//!
//! In the file of a definition, and in that of a constant, such a change makes the value unknown.
//! Who changes it anywhere else is known only once all files are, so it stops generation instead.

use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{Definition, Reason, UNRESOLVED_VALUE};
use crate::project::{Evaluator, Project, Symbol, Target, Watched};
use crate::project::{layout, uses};
use crate::span::{FileId, Place};
use crate::syntax::value::{Value, ValueKind};
use crate::syntax::{ChangedImport, ChangedPart, Export, ExportTarget, ImportedFrom};

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
    let others = others(project, members, &followed);
    let files = members.iter().chain(&others);
    let changes = files.flat_map(|file| changes(project, *file));
    let is_in_definition = |change: &Change| {
        definitions.iter().any(|(file, model)| {
            (*file != change.at.file || !change.is_named)
                && model.followed.binary_search(&change.constant).is_ok()
        })
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

/// How many times sources are searched for names that others of them give to a constant.
const MAX_SEARCHES: usize = 8;

/// The sources that are no members and could change a constant, by whatever name they import it.
fn others(project: &Project, members: &[FileId], followed: &FxHashSet<Place>) -> Vec<FileId> {
    let mut watched = Watched::of(project, followed.iter().copied());
    let mut asked: FxHashSet<FileId> = members.iter().copied().collect();
    // What members call them is known before anything is searched.
    watched.add(other_names(project, members, followed));
    let mut others = project.others_with(watched.clone());
    for _ in 0..MAX_SEARCHES {
        let new = others.iter().copied().filter(|file| asked.insert(*file));
        let new: Vec<FileId> = new.collect();
        if !watched.add(other_names(project, &new, followed)) {
            break;
        }
        others = project.others_with(watched.clone());
    }
    others
}

/// The other names by which constants are imported from files that export them once more.
fn other_names(project: &Project, files: &[FileId], followed: &FxHashSet<Place>) -> Vec<SmolStr> {
    let names = files
        .par_iter()
        .map(|file| renamed(project, *file, followed));
    names.collect::<Vec<_>>().concat()
}

/// The same of one of them.
fn renamed(project: &Project, file: FileId, followed: &FxHashSet<Place>) -> Vec<SmolStr> {
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
    let is_followed = |name: &str| place(name).is_some_and(|place| followed.contains(&place));
    let exports = module.exports.iter().filter(is_other);
    let exports = exports.filter(|export| is_followed(&export.name));
    let mut names: Vec<SmolStr> = exports.map(|export| export.name.clone()).collect();
    let is_default = |name: &SmolStr| name == "default";
    if module.default.as_deref().is_some_and(Value::is_path) && is_followed("default")
        || names.iter().any(is_default)
    {
        names.retain(|name| !is_default(name));
        names.extend(Watched::word_of(project, file));
    }
    names
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

struct Change {
    /// The constant that is changed, and where it is declared.
    symbol: Symbol,
    constant: Place,
    /// What it is called.
    name: String,
    /// Where it is changed.
    at: Place,
    /// Whether it is changed by a name that it is imported by: that is seen in the file itself.
    is_named: bool,
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

/// What a file changes of constants that it imports. What a test changes is another only there.
fn changes(project: &Project, file: FileId) -> Vec<Change> {
    let Some(facts) = project.facts(file) else {
        return Vec::new();
    };
    let imports = facts.scopes.changed_imports();
    if imports.is_empty() || layout::is_test(Path::new(&project.relative(file))) {
        return Vec::new();
    }
    let evaluator = Evaluator::new(project, file);
    let mut changes = Vec::new();
    for import in imports {
        let is_named = matches!(import.from, ImportedFrom::Name(_));
        for (symbol, part) in symbols(project, &evaluator, file, import) {
            let Some(constant) = symbol.place().filter(|_| !is_function(&symbol)) else {
                continue;
            };
            let name = match (&symbol.name, &import.from) {
                (Some((name, _)), _) => name,
                (None, ImportedFrom::Name(name) | ImportedFrom::Call(name)) => name,
                (None, ImportedFrom::Module(module)) => module,
            };
            changes.push(Change {
                constant,
                name: name.to_string(),
                at: Place {
                    file,
                    span: import.at,
                },
                is_named,
                part,
                symbol,
            });
        }
    }
    changes
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
