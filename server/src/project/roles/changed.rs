//! What can be changed of the configuration without the roles that it declares.

use super::{AUTH, HIERARCHY};
use crate::project::resolved::{Kind, Lookup, Resolved};
use crate::project::{Evaluator, Project};
use crate::span::Place;
use crate::syntax::{ChangedPart, ImportedFrom};

/// The member by which `betterAuth` answers the options that it took.
const OPTIONS: &str = "options";

/// What a change of a part of a value can reach: all of it, unless the part leads to less. What a
/// function answers is taken to hold the members of its arguments, and these as its options.
pub(super) fn parts<'v>(value: &'v Resolved, part: &ChangedPart) -> Vec<&'v Resolved> {
    let path: Vec<&str> = match part {
        ChangedPart::Itself | ChangedPart::Any => Vec::new(),
        ChangedPart::Member(names) => names.iter().map(|name| name.as_str()).collect(),
    };
    let mut found = Vec::new();
    let mut stack = vec![(value, path.as_slice())];
    while let Some((value, path)) = stack.pop() {
        let Some((first, rest)) = path.split_first() else {
            found.push(value);
            continue;
        };
        match &value.kind {
            Kind::Object(object) => match object.get(first) {
                Lookup::Absent => {}
                Lookup::Found(property) => stack.push((&property.value, rest)),
                Lookup::Unknown(_) => found.push(value),
            },
            Kind::Builder(builder) => {
                let path = if *first == OPTIONS { rest } else { path };
                stack.extend(builder.args.iter().map(|argument| (argument, path)));
            }
            _ => found.push(value),
        }
    }
    found
}

/// What a constant was made as that stands in the configuration for all of it, for the
/// authentication or for the options of that, and that is not known since it is changed after it
/// was made; `None` if the roles may be among what is changed.
pub(super) fn spared(
    project: &Project,
    evaluator: &Evaluator<'_>,
    value: &Resolved,
) -> Option<Resolved> {
    if value.kind != Kind::Unknown {
        return None;
    }
    let Place { file, span } = value.origin;
    let facts = project.facts(file)?;
    let constant = evaluator.named(file, span.text(&facts.text), span)?;
    constant.changed?;
    let (name, declared) = constant.name.as_ref()?;
    let there = project.facts(constant.file)?;
    let binding = there.scopes.at_top(name, *declared)?;
    // What the configuration changes of it, by whatever name it is imported.
    let imports = facts.scopes.changed_imports().iter();
    let imports = imports.filter(|import| match &import.from {
        ImportedFrom::Name(name) => {
            let symbol = evaluator.named(file, name.clone(), import.at);
            symbol.is_some_and(|symbol| symbol.place() == constant.place())
        }
        ImportedFrom::Call(_) | ImportedFrom::Module(_) => false,
    });
    let imports = imports.map(|import| &import.part);
    let mut parts = there.scopes.changed_parts(binding).chain(imports);
    if !parts.all(spares_roles) {
        return None;
    }
    evaluator.as_made(&constant)
}

/// Whether a part of a configuration, of its authentication or of the options of that holds no
/// roles.
pub(super) fn spares_roles(part: &ChangedPart) -> bool {
    let ChangedPart::Member(names) = part else {
        return false;
    };
    let mut names = names.iter().map(|name| name.as_str());
    names
        .find(|name| !matches!(*name, AUTH | OPTIONS))
        .is_some_and(|name| name != HIERARCHY)
}
