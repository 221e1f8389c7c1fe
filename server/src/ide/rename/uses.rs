//! Where code uses a table object or one of its columns: `claims`, `claims.title`.

use crate::facts::FileFacts;
use crate::ide::cursor::{self, Word, WordUse};
use crate::ide::symbol::{Form, Occurrence, Symbol};
use crate::project::{Evaluator, Project};
use crate::span::{FileId, Place, Span};
use crate::syntax::value::{Element, Member, Value, ValueKind};
use crate::syntax::{ExportTarget, Imported};

/// The uses in files that are read: of a table all that name its object, of a column all
/// `table.column`.
pub fn in_code(project: &Project, symbol: &Symbol, name: &str) -> Vec<Occurrence> {
    let objects: Vec<Place> = match symbol {
        Symbol::Table(table) => {
            crate::ide::navigate::declarations(project, &Symbol::Table(table.clone()))
        }
        Symbol::Column(place) => objects_with(project, *place),
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for file in project.members() {
        let Some(facts) = project.facts(file) else {
            continue;
        };
        if facts.generated || !facts.text.contains(name) {
            continue;
        }
        let search = Search {
            project,
            file,
            facts: &facts,
            objects: &objects,
            symbol,
        };
        match symbol {
            Symbol::Table(_) => search.table(name, &mut found),
            _ => search.column(name, &mut found),
        }
    }
    found
}

/// The table objects that have a column that is declared at `place`.
fn objects_with(project: &Project, place: Place) -> Vec<Place> {
    let mut found = Vec::new();
    for member in project.members() {
        let model = project.model(member);
        found.extend(
            model
                .declared
                .iter()
                .filter(|d| d.columns.list.iter().any(|c| c.place == Some(place)))
                .map(|d| d.name.place),
        );
    }
    found
}

struct Search<'a> {
    project: &'a Project,
    file: FileId,
    facts: &'a FileFacts,
    objects: &'a [Place],
    symbol: &'a Symbol,
}

impl Search<'_> {
    fn table(&self, name: &str, found: &mut Vec<Occurrence>) {
        for used in cursor::uses_of(&self.facts.text, name) {
            if !used.is_key && self.means_object(&used.path) {
                found.push(self.occurrence(&used));
            }
        }
        // `import { claims as c }`, `export { claims } from`: names that are no names here.
        for import in &self.facts.module.imports {
            if let Imported::Name(imported, span) = &import.imported
                && imported == name
                && import.local != *name
                && let Some(there) = self.project.resolve(self.file, &import.module)
                && self.exports_object(there, name)
            {
                found.push(self.plain(*span));
            }
        }
        for export in &self.facts.module.exports {
            if let ExportTarget::From {
                name: Some(original),
                ..
            } = &export.target
                && original == name
                && export.name == *name
                && self.exports_object(self.file, name)
            {
                found.push(self.plain(export.name_span));
            }
        }
    }

    fn column(&self, name: &str, found: &mut Vec<Occurrence>) {
        for used in cursor::uses_of(&self.facts.text, name) {
            let Some((_, object)) = used.path.split_last() else {
                continue;
            };
            if !object.is_empty() && (self.means_object(object) || self.is_own_parameter(object)) {
                found.push(self.occurrence(&used));
            }
        }
    }

    fn occurrence(&self, used: &WordUse) -> Occurrence {
        let mut occurrence = self.plain(used.path.last().map_or_else(Default::default, |w| w.span));
        if used.is_shorthand {
            occurrence.form = Form::ShorthandValue;
        }
        occurrence
    }

    fn plain(&self, span: Span) -> Occurrence {
        Occurrence {
            place: Place {
                file: self.file,
                span,
            },
            symbol: self.symbol.clone(),
            is_declaration: false,
            form: Form::Plain,
        }
    }

    fn exports_object(&self, file: FileId, name: &str) -> bool {
        let evaluator = Evaluator::new(self.project, self.file);
        let symbol = evaluator.export(file, name);
        symbol.is_some_and(|s| self.is_object(s.file, s.name.map(|(_, span)| span)))
    }

    fn is_object(&self, file: FileId, span: Option<Span>) -> bool {
        span.is_some_and(|span| self.objects.contains(&Place { file, span }))
    }

    /// Whether a path means one of the objects where it stands.
    fn means_object(&self, path: &[Word]) -> bool {
        let Some(value) = value_of(path) else {
            return false;
        };
        let evaluator = Evaluator::new(self.project, self.file);
        evaluator
            .symbol(self.file, &value)
            .is_some_and(|s| self.is_object(s.file, s.name.map(|(_, span)| span)))
    }

    /// Whether a path is the parameter of the callback in the call that makes one of the objects:
    /// `(t) => [primaryKey({ columns: [t.a, t.b] })]`.
    fn is_own_parameter(&self, path: &[Word]) -> bool {
        let [word] = path else { return false };
        let bindings = self.facts.scopes.iter();
        let mut objects = bindings.filter(|b| self.is_object(self.file, Some(b.name_span)));
        objects.any(|binding| {
            let call = binding.value.as_deref().and_then(Value::as_call);
            let callback = call.and_then(|call| call.args.get(2));
            let Some(Element::Item(callback)) = callback else {
                return false;
            };
            matches!(&callback.kind, ValueKind::Function(function)
                if function.params.iter().flatten().any(|p| *p == word.text))
                && callback.span.touches(word.span.start)
        })
    }
}

/// A path as an expression.
fn value_of(path: &[Word]) -> Option<Value> {
    let (first, rest) = path.split_first()?;
    let mut value = Value {
        span: first.span,
        kind: ValueKind::Ident(first.text.as_str().into()),
    };
    for word in rest {
        value = Value {
            span: value.span.cover(word.span),
            kind: ValueKind::Member(Box::new(Member {
                object: value,
                name: word.text.as_str().into(),
                name_span: word.span,
            })),
        };
    }
    Some(value)
}
