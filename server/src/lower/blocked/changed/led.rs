//! What changes lead to from file to file: through what exports hold, and through functions of other
//! files that change what they are handed.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Change, exports, is_function, of_import};
use crate::document::Dialect;
use crate::facts::FileFacts;
use crate::project::{Evaluator, Project, Symbol, Target};
use crate::span::{FileId, Place};
use crate::syntax::value::{Element, Property, Value, ValueKind};
use crate::syntax::{
    ChangedImport, ChangedParameter, ChangedPart, Exported, Import, ImportedFrom, Led, Outside, Way,
};

/// How many times all files are asked what they hand over to functions that turned out to change it.
const MAX_ROUNDS: usize = 8;

/// How many bytes are read again to see what changes lead to in their files. No project comes near:
/// a change leads through few files, each of which is read once for all that leads there.
const MAX_BYTES: usize = 8 << 20;

/// What files change of the constants that are followed, by ways that lead through others.
pub(super) fn changes(
    project: &Project,
    files: &[FileId],
    followed: &FxHashSet<Place>,
) -> Vec<Change> {
    let mut search = Search::new(project, followed);
    for file in files {
        let facts = project.facts(*file);
        for leaving in facts.iter().flat_map(|facts| facts.scopes.leaving()) {
            let at = Place {
                file: *file,
                span: leaving.at,
            };
            search.leave(*file, &leaving.from, &leaving.way, at);
        }
    }
    for _ in 0..MAX_ROUNDS {
        for file in files {
            search.hand_over(*file);
        }
        if search.left.is_empty() {
            break;
        }
        while let Some((file, found)) = search.left.pop_first() {
            search.look(file, found);
        }
    }
    search.changes
}

/// Whether functions of other files change what a file may hand over to them.
pub(super) fn hands_over(project: &Project, file: FileId) -> bool {
    let followed = FxHashSet::default();
    let mut search = Search::new(project, &followed);
    search.hand_over(file);
    !search.left.is_empty()
}

/// What is changed of a file, and where the change is.
type Changed = (Outside, Place);

struct Search<'p> {
    project: &'p Project,
    followed: &'p FxHashSet<Place>,
    /// What is still to be looked at.
    left: BTreeMap<FileId, Vec<Changed>>,
    /// What was looked at, or will be.
    known: FxHashSet<(FileId, Outside)>,
    /// What functions change of what they are handed, by what holds them.
    parameters: FxHashMap<Place, Vec<ChangedParameter>>,
    /// The files whose functions are among them.
    asked: FxHashSet<FileId>,
    /// How many functions are known to change something.
    learned: usize,
    /// The same of all that a file exports, by names of that, and how many were known then.
    namespaces: FxHashMap<FileId, (usize, Vec<ChangedParameter>)>,
    /// How many bytes may still be read again.
    bytes: usize,
    changes: Vec<Change>,
}

impl<'p> Search<'p> {
    fn new(project: &'p Project, followed: &'p FxHashSet<Place>) -> Self {
        Self {
            project,
            followed,
            left: BTreeMap::new(),
            known: FxHashSet::default(),
            parameters: FxHashMap::default(),
            asked: FxHashSet::default(),
            learned: 0,
            namespaces: FxHashMap::default(),
            bytes: MAX_BYTES,
            changes: Vec::new(),
        }
    }

    fn add(&mut self, file: FileId, outside: Outside, at: Place) {
        if self.known.insert((file, outside.clone())) {
            self.left.entry(file).or_default().push((outside, at));
        }
    }

    /// Follows a change that leads out of a file.
    fn leave(&mut self, file: FileId, from: &ImportedFrom, way: &Way, at: Place) {
        let project = self.project;
        let Some(facts) = project.facts(file) else {
            return;
        };
        let evaluator = Evaluator::new(project, file);
        match from {
            ImportedFrom::Name(name) | ImportedFrom::Call(name) => {
                let mut imports = facts.module.imports.iter();
                let import = imports.find(|import| import.local == *name);
                if let Some(symbol) = import.and_then(|import| named(&evaluator, file, import)) {
                    self.symbol(&evaluator, symbol, way, at);
                }
            }
            ImportedFrom::Module(module) => {
                let Some(there) = project.resolve(file, module) else {
                    return;
                };
                self.export(&evaluator, there, way, at);
                // `module.exports = ...` is a default export, and is what `require` answers.
                if let Some(default) = evaluator.export(there, "default") {
                    self.symbol(&evaluator, default, way, at);
                }
            }
        }
    }

    /// Follows a change of what a symbol stands for.
    fn symbol(&mut self, evaluator: &Evaluator<'_>, symbol: Symbol, way: &Way, at: Place) {
        match &symbol.target {
            Target::Namespace => self.export(evaluator, symbol.file, way, at),
            Target::Value(value) => {
                let may_lead = value.as_deref().is_none_or(leads_on) || symbol.changed.is_some();
                if may_lead && let Some(place) = symbol.place() {
                    self.add(place.file, Outside::Export(place.span, way.clone()), at);
                }
            }
        }
    }

    /// Follows a change of what a file exports.
    fn export(&mut self, evaluator: &Evaluator<'_>, file: FileId, way: &Way, at: Place) {
        match way.of_export() {
            Some(Exported::Named(name, way)) => {
                if let Some(symbol) = evaluator.export(file, &name) {
                    self.symbol(evaluator, symbol, &way, at);
                }
            }
            Some(Exported::Any(way)) => {
                for symbol in exports(self.project, evaluator, file) {
                    // A namespace in a namespace would be followed for ever where they are a circle.
                    if matches!(symbol.target, Target::Value(_)) {
                        self.symbol(evaluator, symbol, &way, at);
                    }
                }
            }
            None => {}
        }
    }

    /// Finds out which imported functions change what they are handed.
    fn hand_over(&mut self, file: FileId) {
        let Some(facts) = self.project.facts(file) else {
            return;
        };
        let evaluator = Evaluator::new(self.project, file);
        for import in &facts.module.imports {
            let Some(symbol) = named(&evaluator, file, import) else {
                continue;
            };
            let changed = match symbol.target {
                Target::Value(_) => self.changed_by(&symbol),
                Target::Namespace => self.changed_by_exports(&evaluator, symbol.file),
            };
            for changed in changed {
                let at = Place {
                    file,
                    span: import.local_span,
                };
                self.add(file, Outside::Handed(import.local.clone(), changed), at);
            }
        }
    }

    /// What functions that a file exports change of what they are handed, by its namespace.
    fn changed_by_exports(
        &mut self,
        evaluator: &Evaluator<'_>,
        file: FileId,
    ) -> Vec<ChangedParameter> {
        if let Some((learned, known)) = self.namespaces.get(&file)
            && *learned == self.learned
        {
            return known.clone();
        }
        let facts = self.project.facts(file);
        let exports = facts.iter().flat_map(|facts| &facts.module.exports);
        let mut found = Vec::new();
        for name in exports.map(|export| &export.name) {
            if let Some(export) = evaluator.export(file, name) {
                let changed = self.changed_by(&export).into_iter();
                found.extend(changed.map(|changed| changed.of_export(name.clone())));
            }
        }
        self.namespaces.insert(file, (self.learned, found.clone()));
        found
    }

    /// What a function, or one that something holds, changes of what it is handed.
    fn changed_by(&mut self, symbol: &Symbol) -> Vec<ChangedParameter> {
        let Some(place) = symbol.place() else {
            return Vec::new();
        };
        if self.asked.insert(place.file)
            && let Some(facts) = self.project.facts(place.file)
        {
            self.learn(place.file, facts.scopes.changed_parameters());
        }
        self.parameters.get(&place).cloned().unwrap_or_default()
    }

    fn learn(&mut self, file: FileId, changed: &[ChangedParameter]) {
        for changed in changed {
            let span = changed.holder;
            let all = self.parameters.entry(Place { file, span }).or_default();
            if !all.contains(changed) {
                all.push(changed.clone());
                self.learned = self.learned.saturating_add(1);
            }
        }
    }

    /// Looks at what changes in other files lead to in one.
    fn look(&mut self, file: FileId, changed: Vec<Changed>) {
        let project = self.project;
        let Some(facts) = project.facts(file) else {
            return;
        };
        let Some(bytes) = self.bytes.checked_sub(facts.text.len()) else {
            self.bytes = 0;
            if let Some((_, origin)) = changed.first() {
                self.all(*origin);
            }
            return;
        };
        self.bytes = bytes;
        let dialect = Dialect::of_path(&project.path(file));
        let (outside, origins): (Vec<Outside>, Vec<Place>) = changed.into_iter().unzip();
        let all = facts.led(dialect, &outside);
        let evaluator = Evaluator::new(project, file);
        for ((outside, led), origin) in outside.into_iter().zip(all).zip(origins) {
            let Some(led) = led else {
                self.untold(&evaluator, file, &facts, origin);
                continue;
            };
            // What is handed over is changed where that is done.
            let at = match outside {
                Outside::Export(..) => origin,
                Outside::Handed(..) => Place { file, span: led.at },
            };
            self.learn(file, &led.parameters);
            self.note(&evaluator, file, &facts, led, at);
        }
    }

    fn note(
        &mut self,
        evaluator: &Evaluator<'_>,
        file: FileId,
        facts: &FileFacts,
        led: Led,
        at: Place,
    ) {
        for (span, part) in led.bindings {
            self.binding(evaluator, facts, Place { file, span }, part, at);
        }
        for import in &led.imports {
            self.import(evaluator, file, import, at);
        }
        for leaving in &led.leaving {
            self.leave(file, &leaving.from, &leaving.way, at);
        }
    }

    /// Notes that what a file imports is changed, which is done elsewhere.
    fn import(
        &mut self,
        evaluator: &Evaluator<'_>,
        file: FileId,
        import: &ChangedImport,
        at: Place,
    ) {
        let changes = of_import(self.project, evaluator, file, import).into_iter();
        self.changes
            .extend(changes.map(|change| Change { at, ..change }));
    }

    /// Notes that a constant is changed.
    fn binding(
        &mut self,
        evaluator: &Evaluator<'_>,
        facts: &FileFacts,
        constant: Place,
        part: ChangedPart,
        at: Place,
    ) {
        let Place { file, span } = constant;
        let name = span.text(&facts.text);
        if !self.followed.contains(&constant) {
            return;
        }
        let symbol = evaluator.named(file, name, span);
        if let Some(symbol) = symbol.filter(|symbol| !is_function(symbol)) {
            self.changes.push(Change {
                constant,
                name: name.to_owned(),
                symbol,
                at,
                part,
            });
        }
    }

    /// Notes that everything may be changed, since it would take too long to tell.
    fn all(&mut self, at: Place) {
        for constant in self.followed {
            let Some(facts) = self.project.facts(constant.file) else {
                continue;
            };
            let evaluator = Evaluator::new(self.project, constant.file);
            self.binding(&evaluator, &facts, *constant, ChangedPart::Any, at);
        }
    }

    /// Notes that everything may be changed that a file holds, since it would take too long to tell.
    fn untold(&mut self, evaluator: &Evaluator<'_>, file: FileId, facts: &FileFacts, at: Place) {
        let names = facts.scopes.top().map(|binding| binding.name_span);
        for span in names {
            self.binding(evaluator, facts, Place { file, span }, ChangedPart::Any, at);
        }
        for import in &facts.module.imports {
            let changed = ChangedImport {
                from: ImportedFrom::Name(import.local.clone()),
                part: ChangedPart::Any,
                at: import.local_span,
            };
            self.import(evaluator, file, &changed, at);
            self.leave(file, &changed.from, &Way::any(), at);
        }
    }
}

fn named(evaluator: &Evaluator<'_>, file: FileId, import: &Import) -> Option<Symbol> {
    evaluator.named(file, import.local.clone(), import.local_span)
}

/// Whether a value may hold what other names stand for.
fn leads_on(value: &Value) -> bool {
    match &value.kind {
        ValueKind::String(_)
        | ValueKind::Number
        | ValueKind::Bool(_)
        | ValueKind::Null
        | ValueKind::Undefined => false,
        ValueKind::Array(elements) => elements.iter().any(|element| match element {
            Element::Item(value) => leads_on(value),
            Element::Spread(value) => leads_on(value),
            Element::Hole => false,
        }),
        ValueKind::Object(properties) => properties.iter().any(|property| match property {
            Property::Pair { value, .. } => leads_on(value),
            _ => true,
        }),
        _ => true,
    }
}
