//! Where code uses a table object or one of its columns: `claims`, `claims.title`.

use super::check::tables_with;
use crate::document::Dialect;
use crate::facts::FileFacts;
use crate::ide::cursor;
use crate::ide::navigate;
use crate::ide::symbol::{Occurrence, Symbol};
use crate::project::{Evaluator, Project, Target};
use crate::span::{FileId, Place, Span};
use crate::syntax::value::{Element, Value, ValueKind};
use crate::syntax::{ExportTarget, Imported, Node, Tree, lower};

/// How many wrappers are taken off an expression: parentheses and `await`.
const MAX_WRAPPERS: usize = 8;

/// The uses in all files: of a table all that name its object, of a column all
/// `table.column`. A name that code gives to the object anew, as `x` in `import { claims as x }`,
/// is a name of its own.
///
/// # Errors
/// A sentence that says which use cannot be told, or cannot follow.
pub fn in_code(project: &Project, symbol: &Symbol, name: &str) -> Result<Vec<Occurrence>, String> {
    let objects: Vec<Place> = match symbol {
        Symbol::Table(table) => navigate::declarations(project, &Symbol::Table(table.clone())),
        Symbol::Column(place) => objects_with(project, *place),
        _ => return Ok(Vec::new()),
    };
    let mut found = Vec::new();
    let members = project.members();
    // Most sources hold nothing else that matters, and are no members for that.
    for file in members.into_iter().chain(project.others_holding(name)) {
        let Some(facts) = project.facts(file) else {
            return Err(format!(
                "{} cannot be read, so `{name}` might be missed there.",
                project.relative(file)
            ));
        };
        if facts.generated || !facts.text.contains(name) {
            continue;
        }
        if !facts.errors.is_empty() {
            if cursor::has_word(&facts.text, name) {
                return Err(format!(
                    "{} does not parse, so `{name}` might be missed there.",
                    project.relative(file)
                ));
            }
            continue;
        }
        let search = Search {
            project,
            file,
            facts: &facts,
            objects: &objects,
            name,
        };
        for span in search.uses(matches!(symbol, Symbol::Table(_)))? {
            found.push(Occurrence {
                place: Place { file, span },
                symbol: symbol.clone(),
                is_declaration: false,
            });
        }
    }
    Ok(found)
}

/// The table objects that have a column that is declared at `place`: those that definitions take
/// up, wherever they are declared, and the others of definition files.
fn objects_with(project: &Project, place: Place) -> Vec<Place> {
    let defined = tables_with(project, place);
    let defined = defined.iter().filter_map(|table| table.name.as_ref());
    let mut found: Vec<Place> = defined.map(|name| name.place).collect();
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

/// The search in a file that parses.
struct Search<'a> {
    project: &'a Project,
    file: FileId,
    facts: &'a FileFacts,
    objects: &'a [Place],
    name: &'a str,
}

impl Search<'_> {
    fn uses(&self, of_table: bool) -> Result<Vec<Span>, String> {
        let tree = Tree::read(
            &self.facts.text,
            Dialect::of_path(&self.project.path(self.file)),
        );
        let mut found = Vec::new();
        let named = tree.nodes().filter(|n| self.text(*n) == self.name);
        for node in named {
            let is_use = match (node.kind(), of_table) {
                ("identifier", true) => self.is_table(node),
                ("shorthand_property_identifier", true) => self.names_object(node),
                ("type_identifier", true) => {
                    self.refuse_type(node)?;
                    false
                }
                (
                    "property_identifier"
                    | "shorthand_property_identifier_pattern"
                    | "string_fragment",
                    true,
                ) => self.is_export_of_module(node),
                (
                    "property_identifier"
                    | "shorthand_property_identifier_pattern"
                    | "string_fragment",
                    false,
                ) => self.is_column(node),
                _ => false,
            };
            if is_use {
                found.push(node.span());
            }
        }
        Ok(found)
    }

    fn text(&self, node: Node<'_>) -> &str {
        node.span().text(&self.facts.text)
    }

    /// Whether a name that is an expression, or a part of an import or export, means the object
    /// by the name that changes.
    fn is_table(&self, node: Node<'_>) -> bool {
        let Some(parent) = node.parent() else {
            return false;
        };
        let is = |field: &str| parent.child_by_field_name(field) == Some(node);
        match parent.kind() {
            "import_specifier" if is("name") => self.imports_object(node.span()),
            "export_specifier" => {
                let others = parent.child_by_field_name("alias").filter(|_| !is("alias"));
                let exported = others.unwrap_or(node).span();
                let mut exports = self.facts.module.exports.iter();
                let from = exports.find_map(|e| match &e.target {
                    ExportTarget::From { module, .. } if e.name_span == exported => Some(module),
                    _ => None,
                });
                match from {
                    Some(module) if is("name") => self.module_exports_object(module),
                    None if is("name") => self.names_object(node),
                    _ => false,
                }
            }
            // What another module exports, all of it, under that name.
            "namespace_export" => false,
            // `[name: string]` in a type, of an object or of a tuple.
            "index_signature" => false,
            "required_parameter" | "optional_parameter" if is("name") => false,
            "jsx_opening_element" | "jsx_closing_element" | "jsx_self_closing_element" => {
                let is_tag = self.name.starts_with(|c: char| c.is_ascii_lowercase());
                !is_tag && self.names_object(node)
            }
            _ => self.names_object(node),
        }
    }

    /// Whether the name is that of the object where a node stands.
    fn names_object(&self, node: Node<'_>) -> bool {
        self.name_is_object(self.file, self.facts, node.span().start, &mut Vec::new())
    }

    fn name_is_object(
        &self,
        file: FileId,
        facts: &FileFacts,
        offset: u32,
        seen: &mut Vec<FileId>,
    ) -> bool {
        if let Some(binding) = facts.scopes.lookup(self.name, offset) {
            return self.is_object(file, Some(binding.name_span));
        }
        let mut imports = facts.module.imports.iter();
        imports
            .find(|i| i.local == self.name)
            .is_some_and(|import| {
                matches!(&import.imported, Imported::Name(_, span) if *span == import.local_span)
                    && self
                        .project
                        .resolve(file, &import.module)
                        .is_some_and(|there| self.exports_object(there, seen))
            })
    }

    /// Whether a file exports the object by the name that changes.
    fn exports_object(&self, file: FileId, seen: &mut Vec<FileId>) -> bool {
        if seen.contains(&file) {
            return false;
        }
        seen.push(file);
        let Some(facts) = self.project.facts(file) else {
            return false;
        };
        let mut exports = facts.module.exports.iter();
        if let Some(export) = exports.find(|e| e.name == self.name) {
            return match &export.target {
                ExportTarget::Local(local) => {
                    local == self.name && self.name_is_object(file, &facts, 0, seen)
                }
                ExportTarget::From { name, module, .. } => {
                    name.as_deref() == Some(self.name)
                        && self
                            .project
                            .resolve(file, module)
                            .is_some_and(|there| self.exports_object(there, seen))
                }
            };
        }
        facts.module.stars.iter().any(|(module, _)| {
            let there = self.project.resolve(file, module);
            there.is_some_and(|there| self.exports_object(there, seen))
        })
    }

    fn module_exports_object(&self, module: &str) -> bool {
        let there = self.project.resolve(self.file, module);
        there.is_some_and(|there| self.exports_object(there, &mut Vec::new()))
    }

    /// Whether what is imported by the name at a range is the object.
    fn imports_object(&self, at: Span) -> bool {
        let mut imports = self.facts.module.imports.iter();
        imports.any(|import| {
            matches!(&import.imported, Imported::Name(_, span) if *span == at)
                && self.module_exports_object(&import.module)
        })
    }

    /// Whether a key is taken out of a module that exports the object by that name.
    fn is_export_of_module(&self, node: Node<'_>) -> bool {
        // `const { claims } = require("./schema")`
        if self.imports_object(node.span()) {
            return true;
        }
        let Some(source) = source_of(node) else {
            return false;
        };
        let source = unwrapped(source);
        if let Some(module) = self.loaded_module(source) {
            return self.module_exports_object(&module);
        }
        let value = lower(source, &self.facts.text);
        let evaluator = Evaluator::new(self.project, self.file);
        evaluator.symbol(self.file, &value).is_some_and(|symbol| {
            matches!(symbol.target, Target::Namespace)
                && self.exports_object(symbol.file, &mut Vec::new())
        })
    }

    /// The module of `import("module")` and `require("module")`.
    fn loaded_module(&self, node: Node<'_>) -> Option<String> {
        let function = node.child_by_field_name("function")?;
        if !matches!(self.text(function), "import" | "require") {
            return None;
        }
        let arguments = node.child_by_field_name("arguments")?;
        let module = lower(arguments.first_named_child()?, &self.facts.text);
        Some(module.as_str()?.to_owned())
    }

    /// Whether a key is taken out of one of the objects.
    fn is_column(&self, node: Node<'_>) -> bool {
        match source_of(node) {
            Some(source) => {
                let value = lower(source, &self.facts.text);
                let evaluator = Evaluator::new(self.project, self.file);
                let symbol = evaluator.symbol(self.file, &value);
                symbol.is_some_and(|s| self.is_object(s.file, s.name.map(|(_, span)| span)))
                    || self.is_own_parameter(&value)
            }
            // `({ a, b }) => [primaryKey({ columns: [a, b] })]`
            None => parameter_of(node).is_some_and(|function| self.is_callback(function.span())),
        }
    }

    /// Whether an expression is the parameter of the callback in the call that makes one of the
    /// objects: `(t) => [primaryKey({ columns: [t.a, t.b] })]`.
    fn is_own_parameter(&self, value: &Value) -> bool {
        let ValueKind::Ident(name) = &value.kind else {
            return false;
        };
        let binding = self.facts.scopes.lookup(name, value.span.start);
        binding.is_some_and(|b| b.value.is_none() && self.is_callback(b.scope))
    }

    /// Whether a range is that of the callback in the call that makes one of the objects.
    fn is_callback(&self, span: Span) -> bool {
        let bindings = self.facts.scopes.iter();
        let mut objects = bindings.filter(|b| self.is_object(self.file, Some(b.name_span)));
        objects.any(|binding| {
            let call = binding.value.as_deref().and_then(Value::as_call);
            let callback = call.and_then(|call| call.args.get(2));
            matches!(callback, Some(Element::Item(callback)) if callback.span == span)
        })
    }

    fn is_object(&self, file: FileId, span: Option<Span>) -> bool {
        span.is_some_and(|span| self.objects.contains(&Place { file, span }))
    }

    /// Refuses where a type has the object's name: what is imported by it is both.
    fn refuse_type(&self, node: Node<'_>) -> Result<(), String> {
        let is_member = node
            .parent()
            .is_some_and(|parent| parent.kind() == "nested_type_identifier");
        if is_member || !self.names_object(node) {
            return Ok(());
        }
        Err(format!(
            "`{}` is the name of a type too in {}, which would have to be told from the table there.",
            self.name,
            self.project.relative(self.file)
        ))
    }
}

/// What a key is taken out of: `a` in `a.key`, `a["key"]`, `const { key } = a` and
/// `const { key: b } = a`.
fn source_of(node: Node<'_>) -> Option<Node<'_>> {
    let parent = node.parent()?;
    match parent.kind() {
        "member_expression" | "nested_identifier" => parent.child_by_field_name("object"),
        "string" => {
            let subscript = parent.parent()?;
            (subscript.child_by_field_name("index") == Some(parent))
                .then(|| subscript.child_by_field_name("object"))
                .flatten()
        }
        _ => {
            let taker = pattern_of(node)?.parent()?;
            match taker.kind() {
                "variable_declarator" | "required_parameter" | "optional_parameter" => {
                    taker.child_by_field_name("value")
                }
                "assignment_expression" => taker.child_by_field_name("right"),
                _ => None,
            }
        }
    }
}

/// The pattern that a node is a key of.
fn pattern_of(node: Node<'_>) -> Option<Node<'_>> {
    let parent = node.parent()?;
    match parent.kind() {
        "object_pattern" => Some(parent),
        "pair_pattern" if parent.child_by_field_name("key") == Some(node) => parent.parent(),
        "object_assignment_pattern" if parent.child_by_field_name("left") == Some(node) => {
            parent.parent()
        }
        _ => None,
    }
}

/// The function that a node is a key of a parameter of.
fn parameter_of(node: Node<'_>) -> Option<Node<'_>> {
    let parameter = pattern_of(node)?.parent()?;
    let is_parameter = matches!(
        parameter.kind(),
        "required_parameter" | "optional_parameter"
    );
    is_parameter.then(|| parameter.parent()?.parent()).flatten()
}

/// An expression without the parentheses and the `await` around it.
fn unwrapped(node: Node<'_>) -> Node<'_> {
    let mut node = node;
    for _ in 0..MAX_WRAPPERS {
        let is_wrapper = matches!(node.kind(), "parenthesized_expression" | "await_expression");
        match node.first_named_child() {
            Some(inner) if is_wrapper => node = inner,
            _ => break,
        }
    }
    node
}
