//! Where code takes a column out of a table object: `claims.title`, `const { title } = claims`, and
//! the callbacks in the calls that make tables.

use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::compiled;
use super::taken::{parameter_of, pattern_of, source_of};
use crate::facts::FileFacts;
use crate::project::columns::columns;
use crate::project::shape::{Shapes, is_drizzle, is_table_function, table_call};
use crate::project::{Columns, Evaluator, Project};
use crate::span::{FileId, Place, Span};
use crate::syntax::value::{Call, Member, Value, ValueKind};
use crate::syntax::{Node, Tree, lower};

/// A path of names as a key: where its first name is bound, unless it is imported, and the names.
type Path = (Option<Span>, Vec<SmolStr>);

/// The search for the uses of a column in a file that parses.
pub struct ColumnSearch<'a> {
    project: &'a Project,
    file: FileId,
    facts: &'a FileFacts,
    tree: &'a Tree<'a>,
    /// Where the column is declared.
    place: Place,
    name: &'a str,
    evaluator: Evaluator<'a>,
    /// What is known of paths: whether they stand for something that has the column.
    paths: RefCell<FxHashMap<Path, bool>>,
    callbacks: OnceCell<FxHashSet<Span>>,
}

impl<'a> ColumnSearch<'a> {
    /// A search for the column that is declared at `place` under `name`.
    pub fn new(
        project: &'a Project,
        file: FileId,
        facts: &'a FileFacts,
        tree: &'a Tree<'a>,
        place: Place,
        name: &'a str,
    ) -> Self {
        Self {
            project,
            file,
            facts,
            tree,
            place,
            name,
            evaluator: Evaluator::new(project, file),
            paths: RefCell::default(),
            callbacks: OnceCell::new(),
        }
    }

    /// Whether a node that has the column's name means the column.
    pub fn is_use(&self, node: Node<'_>) -> bool {
        let is_key = matches!(
            node.kind(),
            "property_identifier" | "shorthand_property_identifier_pattern" | "string_fragment"
        );
        if !is_key {
            return false;
        }
        match self.source_of(node) {
            Some(source) => self.has_column(&source),
            // `({ a, b }) => [primaryKey({ columns: [a, b] })]`
            None => parameter_of(node)
                .is_some_and(|function| self.callbacks().contains(&function.span())),
        }
    }

    /// Whether an expression stands for a table, or for an object of columns, that has the column.
    fn has_column(&self, value: &Value) -> bool {
        let scopes = &self.facts.scopes;
        let mut names = Vec::new();
        let mut first = value;
        while let ValueKind::Member(member) = &first.kind {
            names.push(member.name.clone());
            first = &member.object;
        }
        let ValueKind::Ident(name) = &first.kind else {
            return self.is_made_with(value);
        };
        let binding = scopes.lookup(name, first.span.start);
        if let Some(binding) = binding
            && binding.value.is_none()
            && binding.begins.is_none()
        {
            // `(t) => [primaryKey({ columns: [t.a, t.b] })]`
            return names.is_empty() && self.callbacks().contains(&binding.scope);
        }
        if binding.is_none() && self.is_compiled(name, &names) {
            return true;
        }
        names.push(name.clone());
        let path = (binding.map(|binding| binding.name_span), names);
        if let Some(known) = self.paths.borrow().get(&path) {
            return *known;
        }
        let has = self.is_made_with(value);
        self.paths.borrow_mut().insert(path, has);
        has
    }

    /// Whether a path of names stands for a table of the compiler's module that has the column.
    fn is_compiled(&self, first: &str, behind: &[SmolStr]) -> bool {
        let Some(table) = compiled::table(self.project, self.file, self.facts, first, behind)
        else {
            return false;
        };
        let index = self.project.index();
        let defined = index.table(table).map(|table| Arc::clone(&table.columns));
        let internal = || Some(Arc::clone(&index.internal_table(table)?.columns));
        let columns = defined.or_else(internal);
        columns.is_some_and(|columns| self.is_in(&columns))
    }

    fn is_made_with(&self, value: &Value) -> bool {
        let shapes = Shapes {
            project: self.project,
            evaluator: &self.evaluator,
            file: self.file,
            declared: &[],
            steps: &Cell::new(0),
        };
        let Some((file, maker)) = shapes.maker(value) else {
            return false;
        };
        match table_call(&self.evaluator, file, &maker) {
            Some(call) => self.declares(file, call),
            None => match &maker.kind {
                // `tips` of `import tips from "./tips"`, which exports what `feature("tips", ...)` makes.
                ValueKind::Call(_) => {
                    let model = self.project.model(file);
                    let mut tables = model.tables.iter();
                    let defined = tables.find(|table| table.span == maker.span);
                    defined.is_some_and(|table| self.is_in(&table.columns))
                }
                // `const columns = { title: text("title") }`
                ValueKind::Object(_) => {
                    let object = Evaluator::new(self.project, file).value(&maker);
                    let property = object.as_object().and_then(|o| o.last(self.name));
                    property.is_some_and(|property| property.key_origin == self.place)
                }
                _ => false,
            },
        }
    }

    /// Whether a call that makes a table gives it the column.
    fn declares(&self, file: FileId, call: &Call) -> bool {
        // One for each table: how much one follows is limited.
        let evaluator = Evaluator::new(self.project, file);
        let given = call.arg(1).map(|argument| evaluator.value(argument));
        let is_drizzle = is_drizzle(&evaluator, file, call);
        self.is_in(&columns(&evaluator, given.as_ref(), is_drizzle))
    }

    /// Whether the column is one of these.
    fn is_in(&self, columns: &Columns) -> bool {
        let column = columns.get(self.name);
        column.is_some_and(|column| column.place == Some(self.place))
    }

    /// The ranges of the callbacks in the calls that make tables with the column. They are looked
    /// for once: a bundle has a parameter for each of its tens of thousands of functions.
    fn callbacks(&self) -> &FxHashSet<Span> {
        self.callbacks.get_or_init(|| {
            let nodes = self.tree.nodes();
            nodes.filter_map(|node| self.callback_of(node)).collect()
        })
    }

    fn callback_of(&self, call: Node<'_>) -> Option<Span> {
        if call.kind() != "call_expression" {
            return None;
        }
        let arguments = call.child_by_field_name("arguments")?;
        let mut arguments = arguments.named_children().filter(|n| n.kind() != "comment");
        let callback = arguments.nth(2)?;
        if !matches!(callback.kind(), "arrow_function" | "function_expression") {
            return None;
        }
        let callee = lower(call.child_by_field_name("function")?, &self.facts.text);
        if !is_table_function(&self.evaluator, self.file, &callee) {
            return None;
        }
        let value = lower(call, &self.facts.text);
        let call = value.as_call()?;
        let has = call.arg(2).is_some() && self.declares(self.file, call);
        has.then(|| callback.span())
    }

    /// What a key is taken out of: `a` in `a.key`, `a["key"]`, `const { key } = a` and
    /// `const { key: b } = a`, and `a.b` in `const { b: { key } } = a`.
    fn source_of(&self, node: Node<'_>) -> Option<Value> {
        if let Some(source) = source_of(node) {
            return Some(lower(source, &self.facts.text));
        }
        let mut keys = Vec::new();
        let mut pattern = pattern_of(node)?;
        loop {
            let pair = pattern.parent().filter(|n| n.kind() == "pair_pattern")?;
            let key = pair.child_by_field_name("key")?;
            keys.push((self.key(key)?, key.span()));
            if let Some(source) = source_of(key) {
                let source = lower(source, &self.facts.text);
                return Some(keys.into_iter().rev().fold(source, member));
            }
            pattern = pattern_of(key)?;
        }
    }

    fn key(&self, node: Node<'_>) -> Option<SmolStr> {
        let text = &self.facts.text;
        match node.kind() {
            "string" => lower(node, text).as_str().map(SmolStr::new),
            "property_identifier" => Some(node.span().text(text).into()),
            _ => None,
        }
    }
}

fn member(object: Value, (name, name_span): (SmolStr, Span)) -> Value {
    Value {
        span: object.span,
        kind: ValueKind::Member(Box::new(Member {
            object,
            name,
            name_span,
        })),
    }
}
