//! Reads the steps of functions from the tree.

use rustc_hash::FxHashSet;

use super::{Flow, Step, Write, WriteKind, collect_calls, collect_writes};
use crate::span::Span;
use crate::syntax::calls::is_function;
use crate::syntax::lower::lower;
use crate::syntax::{Node, span};

/// How deep the syntax is followed inside a function. What lies deeper may do anything.
const MAX_DEPTH: usize = 200;

/// The flow of each function that holds one of the calls.
pub(super) fn read(root: Node<'_>, text: &str, calls: &FxHashSet<Span>) -> Vec<Flow> {
    let mut reader = Reader {
        text,
        calls,
        transactions: FxHashSet::default(),
        is_upsert: false,
        flows: Vec::new(),
    };
    let mut steps = Vec::new();
    reader.children(root, 0, &mut steps);
    reader.finish(steps);
    reader.flows
}

struct Reader<'d> {
    text: &'d str,
    calls: &'d FxHashSet<Span>,
    /// The names under which callbacks know their transaction.
    transactions: FxHashSet<&'d str>,
    /// Whether the chain around what is read says what to do on a conflict.
    is_upsert: bool,
    flows: Vec<Flow>,
}

impl<'d> Reader<'d> {
    fn source(&self, node: Node<'_>) -> &'d str {
        span(node).text(self.text)
    }

    /// Keeps a function's steps if it holds a call.
    fn finish(&mut self, steps: Vec<Step>) {
        let mut calls = Vec::new();
        collect_calls(&steps, &mut calls);
        if !calls.is_empty() {
            self.flows.push(Flow { steps });
        }
    }

    fn children(&mut self, node: Node<'_>, depth: usize, out: &mut Vec<Step>) {
        for child in node.named_children() {
            self.read(child, depth, out);
        }
    }

    fn field(&mut self, node: Node<'_>, name: &str, depth: usize, out: &mut Vec<Step>) {
        if let Some(child) = node.child_by_field_name(name) {
            self.read(child, depth, out);
        }
    }

    fn way(&mut self, node: Option<Node<'_>>, depth: usize) -> Vec<Step> {
        let mut steps = Vec::new();
        if let Some(node) = node {
            self.read(node, depth, &mut steps);
        }
        steps
    }

    fn read(&mut self, node: Node<'_>, depth: usize, out: &mut Vec<Step>) {
        if depth >= MAX_DEPTH {
            out.push(Step::Opaque);
            return;
        }
        let depth = depth + 1;
        match node.kind() {
            "call_expression" => self.call(node, depth, out),
            "new_expression" => {
                self.children(node, depth, out);
                if self.takes_database(node) {
                    out.push(Step::Opaque);
                }
            }
            "if_statement" | "ternary_expression" => {
                self.field(node, "condition", depth, out);
                let ways = ["consequence", "alternative"];
                let ways = ways.map(|way| self.way(node.child_by_field_name(way), depth));
                push_branch(ways.into(), out);
            }
            "binary_expression" if self.is_choice(node) => {
                self.field(node, "left", depth, out);
                let right = self.way(node.child_by_field_name("right"), depth);
                push_branch(vec![right, Vec::new()], out);
            }
            "for_statement" => {
                self.field(node, "initializer", depth, out);
                self.turn(node, &["condition", "body", "increment"], depth, out);
            }
            "for_in_statement" => {
                self.field(node, "right", depth, out);
                self.turn(node, &["body"], depth, out);
            }
            "while_statement" => self.turn(node, &["condition", "body"], depth, out),
            "do_statement" => self.turn(node, &["body", "condition"], depth, out),
            "switch_statement" => {
                self.field(node, "value", depth, out);
                self.switch(node, depth, out);
            }
            "try_statement" => {
                let body = self.way(node.child_by_field_name("body"), depth);
                let handler = node.child_by_field_name("handler");
                let handler = handler.map(|handler| self.way(Some(handler), depth));
                let finalizer = self.way(node.child_by_field_name("finalizer"), depth);
                out.push(Step::Try {
                    body,
                    handler,
                    finalizer,
                });
            }
            "return_statement" | "throw_statement" => {
                self.children(node, depth, out);
                out.push(Step::Return);
            }
            // Where a label leads to is not followed.
            "break_statement" | "continue_statement"
                if node.child_by_field_name("label").is_some() =>
            {
                out.push(Step::Return);
            }
            "break_statement" => out.push(Step::Break),
            "continue_statement" => out.push(Step::Continue),
            _ if is_function(node) => self.inner_function(node, depth, out),
            _ => self.children(node, depth, out),
        }
    }

    fn turn(&mut self, node: Node<'_>, fields: &[&str], depth: usize, out: &mut Vec<Step>) {
        let mut steps = Vec::new();
        for field in fields {
            self.field(node, field, depth, &mut steps);
        }
        if !steps.is_empty() {
            out.push(Step::Loop(steps));
        }
    }

    fn switch(&mut self, node: Node<'_>, depth: usize, out: &mut Vec<Step>) {
        let Some(body) = node.child_by_field_name("body") else {
            return;
        };
        let mut cases = Vec::new();
        let mut has_default = false;
        for case in body.named_children() {
            has_default |= case.kind() == "switch_default";
            let mut steps = Vec::new();
            self.children(case, depth, &mut steps);
            cases.push(steps);
        }
        out.push(Step::Switch { cases, has_default });
    }

    /// A function that is only made here.
    fn inner_function(&mut self, node: Node<'_>, depth: usize, out: &mut Vec<Step>) {
        let was_upsert = std::mem::take(&mut self.is_upsert);
        let mut steps = Vec::new();
        self.children(node, depth, &mut steps);
        self.is_upsert = was_upsert;
        let mut writes = Vec::new();
        if collect_writes(&steps, &mut writes) {
            out.push(Step::Opaque);
        }
        if !writes.is_empty() {
            out.push(Step::Deferred(writes));
        }
        self.finish(steps);
    }

    fn call(&mut self, node: Node<'_>, depth: usize, out: &mut Vec<Step>) {
        let (Some(callee), Some(arguments)) = (
            node.child_by_field_name("function"),
            node.child_by_field_name("arguments"),
        ) else {
            self.children(node, depth, out);
            return;
        };
        let method = callee
            .child_by_field_name("property")
            .map_or("", |property| self.source(property));
        let was_upsert = self.is_upsert;
        self.is_upsert |= method.starts_with("onConflict") || method.starts_with("onDuplicateKey");
        self.read(callee, depth, out);
        self.is_upsert = false;
        let callback = (method == "transaction")
            .then(|| self.callback(arguments))
            .flatten();
        for argument in arguments.named_children() {
            if Some(argument) == callback {
                let mut steps = Vec::new();
                self.children(argument, depth, &mut steps);
                out.push(Step::Inline(steps));
            } else {
                self.read(argument, depth, out);
            }
        }
        if self.calls.contains(&span(node)) {
            out.push(Step::Call(span(node)));
        } else if callback.is_none() {
            self.effect(node, callee, method, was_upsert, out);
        }
        self.is_upsert = was_upsert;
    }

    /// The callback of a transaction; the name of its parameter is a database from here on.
    fn callback<'t>(&mut self, arguments: Node<'t>) -> Option<Node<'t>> {
        let callback = arguments
            .named_children()
            .find(|argument| matches!(argument.kind(), "arrow_function" | "function_expression"))?;
        let parameter = callback.child_by_field_name("parameter").or_else(|| {
            let first = callback
                .child_by_field_name("parameters")?
                .first_named_child()?;
            first.child_by_field_name("pattern")
        });
        if let Some(parameter) = parameter {
            self.transactions.insert(self.source(parameter));
        }
        Some(callback)
    }

    /// What a call does to the database by itself.
    fn effect(
        &self,
        node: Node<'_>,
        callee: Node<'_>,
        method: &str,
        is_upsert: bool,
        out: &mut Vec<Step>,
    ) {
        let on_database = callee
            .child_by_field_name("object")
            .is_some_and(|object| self.is_database(object));
        let kind = match method {
            "insert" => Some(WriteKind::Insert),
            "update" => Some(WriteKind::Update),
            "delete" => Some(WriteKind::Delete),
            _ => None,
        };
        let table = node
            .child_by_field_name("arguments")
            .and_then(|arguments| arguments.first_named_child())
            .filter(|argument| {
                matches!(
                    argument.kind(),
                    "identifier" | "member_expression" | "subscript_expression"
                )
            });
        match (kind, table) {
            (Some(kind), Some(table)) => out.push(Step::Write(Write {
                span: span(node),
                kind,
                table: lower(table, self.text),
                on_database,
                is_upsert,
            })),
            (Some(_), None) if on_database => out.push(Step::Opaque),
            _ => {
                // `db.run(sql)` may write anything, and so may whoever is handed a database.
                let runs = on_database && !is_harmless(method);
                if runs || (self.takes_database(node) && !self.is_database(node)) {
                    out.push(Step::Opaque);
                }
            }
        }
    }

    /// Whether one of the arguments is a database, or an object that holds one.
    fn takes_database(&self, call: Node<'_>) -> bool {
        let Some(arguments) = call.child_by_field_name("arguments") else {
            return false;
        };
        arguments.named_children().any(|argument| {
            self.is_database(argument)
                || (argument.kind() == "object"
                    && argument.named_children().any(|property| {
                        let value = property.child_by_field_name("value");
                        self.is_database(value.unwrap_or(property))
                    }))
        })
    }

    /// Whether an expression looks like a database: by the last name in it.
    fn is_database(&self, node: Node<'_>) -> bool {
        let mut node = node;
        for _ in 0..MAX_DEPTH {
            let inner = match node.kind() {
                "identifier" | "property_identifier" | "shorthand_property_identifier" => {
                    let name = self.source(node);
                    return self.transactions.contains(name) || is_database_name(name);
                }
                "member_expression" => node.child_by_field_name("property"),
                "call_expression" => node.child_by_field_name("function"),
                "non_null_expression"
                | "parenthesized_expression"
                | "await_expression"
                | "as_expression" => node.first_named_child(),
                _ => None,
            };
            match inner {
                Some(inner) => node = inner,
                None => return false,
            }
        }
        false
    }

    fn is_choice(&self, node: Node<'_>) -> bool {
        node.child_by_field_name("operator")
            .is_some_and(|operator| matches!(operator.kind(), "&&" | "||" | "??"))
    }
}

fn push_branch(ways: Vec<Vec<Step>>, out: &mut Vec<Step>) {
    if ways.iter().any(|way| !way.is_empty()) {
        out.push(Step::Branch(ways));
    }
}

/// Whether a method of a database only reads, or what it does is read elsewhere.
fn is_harmless(method: &str) -> bool {
    matches!(
        method,
        "select"
            | "selectDistinct"
            | "selectDistinctOn"
            | "query"
            | "with"
            | "$with"
            | "$count"
            | "batch"
            | "transaction"
    )
}

/// Whether a name is one that people give to a database: `db`, `readDb`, `tx`, `drizzle`.
fn is_database_name(name: &str) -> bool {
    let mut start = 0;
    let mut was_lower = false;
    for (at, c) in name.char_indices() {
        if (was_lower && c.is_uppercase()) || !c.is_alphabetic() {
            if name.get(start..at).is_some_and(is_database_word) {
                return true;
            }
            start = at;
        }
        was_lower = c.is_lowercase();
    }
    name.get(start..).is_some_and(is_database_word)
}

/// The same of one word, whatever its case, with what separates it from the one before.
fn is_database_word(word: &str) -> bool {
    const WORDS: [&str; 7] = [
        "db",
        "tx",
        "trx",
        "database",
        "drizzle",
        "orm",
        "transaction",
    ];
    let word = word.trim_start_matches(|c: char| !c.is_alphabetic());
    let is_word = |known: &&str| known.chars().eq(word.chars().flat_map(char::to_lowercase));
    WORDS.iter().any(is_word)
}
