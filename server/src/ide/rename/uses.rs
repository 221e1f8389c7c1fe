//! Where code uses a table object or one of its columns: `claims`, `claims.title`.

use super::columns::ColumnSearch;
use super::compiled;
use super::go_on;
use super::taken::source_of;
use crate::document::Dialect;
use crate::facts::FileFacts;
use crate::ide::cursor;
use crate::ide::navigate;
use crate::ide::symbol::{Occurrence, Symbol};
use crate::project::{Evaluator, Project, Target};
use crate::span::{FileId, Place, Span};
use crate::syntax::value::ValueKind;
use crate::syntax::{ExportTarget, Imported, Node, Tree, lower};

/// How many wrappers are taken off an expression: parentheses and `await`.
const MAX_WRAPPERS: usize = 8;

/// The uses in all files: of a table all that name its object, of a column all
/// `table.column`. A name that code gives to the object anew, as `x` in `import { claims as x }`,
/// is a name of its own.
///
/// # Errors
/// A sentence that says which use cannot be told, or cannot follow; or that nobody waits for the
/// answer, as `is_wanted` says.
pub fn in_code(
    project: &Project,
    symbol: &Symbol,
    name: &str,
    is_wanted: &dyn Fn() -> bool,
) -> Result<Vec<Occurrence>, String> {
    let objects: Vec<Place> = match symbol {
        Symbol::Table(_) => navigate::declarations(project, symbol),
        Symbol::Column(_) => Vec::new(),
        _ => return Ok(Vec::new()),
    };
    let mut found = Vec::new();
    let members = project.members();
    // Most sources hold nothing else that matters, and are no members for that.
    for file in members.into_iter().chain(project.others_holding(name)) {
        go_on(is_wanted)?;
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
        let tree = Tree::read(&facts.text, Dialect::of_path(&project.path(file)));
        let named = tree.nodes().filter(|n| n.span().text(&facts.text) == name);
        let spans = match symbol {
            Symbol::Column(place) => {
                let search = ColumnSearch::new(project, file, &facts, &tree, *place, name);
                let uses = named.filter(|node| search.is_use(*node));
                uses.map(Node::span).collect()
            }
            _ => {
                let search = TableSearch {
                    project,
                    file,
                    facts: &facts,
                    objects: &objects,
                    name,
                };
                search.uses(named)?
            }
        };
        for span in spans {
            found.push(Occurrence {
                place: Place { file, span },
                symbol: symbol.clone(),
                is_declaration: false,
            });
        }
    }
    Ok(found)
}

/// The search for the uses of a table object in a file that parses.
struct TableSearch<'a> {
    project: &'a Project,
    file: FileId,
    facts: &'a FileFacts,
    objects: &'a [Place],
    name: &'a str,
}

impl TableSearch<'_> {
    /// Those of the nodes that have its name which mean it.
    fn uses<'t>(&self, named: impl Iterator<Item = Node<'t>>) -> Result<Vec<Span>, String> {
        let mut found = Vec::new();
        for node in named {
            let is_use = match node.kind() {
                "identifier" => self.is_table(node),
                "shorthand_property_identifier" => self.names_object(node),
                "type_identifier" => {
                    self.refuse_type(node)?;
                    false
                }
                "property_identifier"
                | "shorthand_property_identifier_pattern"
                | "string_fragment" => self.is_export_of_module(node),
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
                    && self.is_exported(file, &import.module, seen)
            })
    }

    /// Whether what a file imports as `module` exports the object by the name that changes.
    fn is_exported(&self, file: FileId, module: &str, seen: &mut Vec<FileId>) -> bool {
        match self.project.resolve(file, module) {
            Some(there) => self.exports_object(there, seen),
            None => compiled::is_schema(self.project, file, module),
        }
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
                    name.as_deref() == Some(self.name) && self.is_exported(file, module, seen)
                }
            };
        }
        facts.module.stars.iter().any(|(module, _)| {
            let there = self.project.resolve(file, module);
            there.is_some_and(|there| self.exports_object(there, seen))
        })
    }

    fn module_exports_object(&self, module: &str) -> bool {
        self.is_exported(self.file, module, &mut Vec::new())
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
        if let ValueKind::Ident(name) = &value.kind
            && self.facts.scopes.lookup(name, value.span.start).is_none()
        {
            let behind = [self.name.into()];
            if compiled::table(self.project, self.file, self.facts, name, &behind).is_some() {
                return true;
            }
        }
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
