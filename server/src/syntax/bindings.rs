//! The names of a file and what they stand for, by scope.

mod answers;
mod assigned;
mod changed;
mod enums;
mod fixed;
mod handed;
mod members;
mod sources;

use std::cmp::Reverse;
use std::sync::Arc;

use smol_str::SmolStr;

use changed::Changed;
pub use changed::{
    ChangedImport, ChangedParameter, ChangedPart, Exported, ImportedFrom, Leaving, Led, Outside,
    Way,
};
use fixed::Loose;
use handed::Handed;
use members::Members;

use super::changes::{self, Changes};
use super::escapes;
use super::lower::lower;
use super::patterns;
use super::value::{Value, ValueKind};
use super::{Node, Tree, span};
use crate::span::Span;

/// A name and what it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Binding {
    /// The name.
    pub name: SmolStr,
    /// Where it is declared.
    pub name_span: Span,
    /// Where it is visible.
    pub scope: Span,
    /// What it stands for; `None` where it may change or cannot be known (what is assigned again,
    /// parameters).
    pub value: Option<Arc<Value>>,
    /// The call that a variable at the top of the file begins with, if it may be another later.
    pub begins: Option<Arc<Value>>,
}

/// All bindings of a file but its imports.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scopes {
    bindings: Vec<Binding>,
    /// The whole file.
    root: Span,
    /// The scopes in which names are declared: by name, and those of one name by their beginning, an
    /// outer one before an inner.
    visible: Box<[Visible]>,
    /// What of it is changed after it was made.
    changed: Changed,
    /// The names that are assigned to, by where they are declared, in order.
    assigned: Box<[Span]>,
}

/// A scope in which a name is declared.
#[derive(Debug, Clone, PartialEq)]
struct Visible {
    /// The binding that counts there: of those in the same scope the first that stands for a value,
    /// since a namespace of types may have the name of a const.
    binding: u32,
    /// The next scope around this one that declares the name too.
    around: Option<u32>,
}

/// What the names of a text are followed with.
#[derive(Clone, Copy)]
struct Reader<'s, 't> {
    scopes: &'s Scopes,
    tree: &'t Tree<'t>,
    text: &'t str,
    /// What is known of what functions are handed.
    handed: &'s Handed<'t>,
}

/// An expression, and the members that lead from it to what is changed.
type Step<'t> = (Node<'t>, Members);

impl Scopes {
    /// Reads the bindings of a file.
    pub fn of(tree: &Tree<'_>) -> Self {
        let text = tree.text();
        let root = Span::new(0, text.len());
        let mut scopes = Self {
            root,
            ..Self::default()
        };
        // The scopes that are open, each with the index of the node after it. The first is not
        // the root's range, which begins at the first token: a blank line or a byte order mark
        // before it would otherwise be outside of every scope.
        let mut open = vec![(u32::MAX, root)];
        let mut changes = Changes::default();
        let mut loose = Loose::default();
        for node in tree.nodes() {
            while open.last().is_some_and(|(after, _)| *after <= node.index()) {
                open.pop();
            }
            let scope = open.last().map(|(_, scope)| *scope).unwrap_or_default();
            let declared = scopes.bindings.len();
            scopes.declare(node, text, scope);
            loose.note(node, declared..scopes.bindings.len());
            changes::collect(node, text, &mut changes);
            if is_scope(node) {
                open.push((node.after(), span(node)));
            }
        }
        // What is kept for long has no room to spare.
        scopes.bindings.shrink_to_fit();
        scopes.nest();
        if scopes.loosen(tree, &changes, &loose) {
            scopes.nest();
        }
        scopes.changed = Changed::of(&scopes, tree, &changes);
        scopes
    }

    /// Where the object or the list that a binding stands for is changed after it was made.
    pub fn changed(&self, binding: &Binding) -> Option<Span> {
        self.changed.binding(binding.name_span)
    }

    /// Whether a parameter may be another value than it was given, or one that is changed.
    pub fn is_another_later(&self, binding: &Binding) -> bool {
        self.assigned.binary_search(&binding.name_span).is_ok()
            || self.changed.parameter(binding.name_span)
    }

    /// Where something is changed of which it would take too long to tell what it is, so that
    /// everything counts as changed.
    pub fn untold(&self) -> Option<Span> {
        self.changed.untold()
    }

    /// What is changed of what a binding stands for.
    pub fn changed_parts(&self, binding: &Binding) -> impl Iterator<Item = &ChangedPart> {
        self.changed.parts(binding.name_span)
    }

    /// Where this file changes what an import stands for, by its name here.
    pub fn changed_import(&self, local: &str) -> Option<Span> {
        self.changed.import(local)
    }

    /// The imports whose values this file changes.
    pub fn changed_imports(&self) -> &[ChangedImport] {
        self.changed.imports()
    }

    /// By which ways what this file changes leads to others.
    pub fn leaving(&self) -> &[Leaving] {
        self.changed.leaving()
    }

    /// What functions of this file that others may call change of what they are handed.
    pub fn changed_parameters(&self) -> &[ChangedParameter] {
        self.changed.parameters()
    }

    /// What `name` means where it is used at `offset`: the innermost binding that is visible.
    pub fn lookup(&self, name: &str, offset: u32) -> Option<&Binding> {
        self.bindings.get(self.index_of(name, offset)?)
    }

    /// The index of that binding.
    fn index_of(&self, name: &str, offset: u32) -> Option<usize> {
        let binding = |visible: &Visible| self.bindings.get(visible.binding as usize);
        // Scopes nest, so the one that is looked for is the last that begins before, or around it.
        let after = self.visible.partition_point(|visible| {
            binding(visible).is_some_and(|b| (b.name.as_str(), b.scope.start) <= (name, offset))
        });
        let mut visible = self.visible.get(after.checked_sub(1)?)?;
        binding(visible).filter(|b| b.name == name)?;
        while !binding(visible)?.scope.touches(offset) {
            visible = self.visible.get(visible.around? as usize)?;
        }
        Some(visible.binding as usize)
    }

    /// Makes what [`Scopes::lookup`] needs from the bindings alone: the scopes of each name.
    fn nest(&mut self) {
        let mut order: Vec<(u32, &Binding)> = (0..).zip(&self.bindings).collect();
        // The sort is stable, so of equal scopes the first declaration stays in front.
        let key = |b: &Binding| (b.scope.start, Reverse(b.scope.end), b.value.is_none());
        order.sort_by_key(|(_, b)| (&b.name, key(b)));
        order.dedup_by_key(|(_, b)| (&b.name, b.scope));
        let mut around: Vec<(u32, &Binding)> = Vec::new();
        let visible = (0..).zip(order).map(|(index, (binding, declared))| {
            while around.last().is_some_and(|(_, outer)| {
                outer.name != declared.name || !outer.scope.contains(declared.scope)
            }) {
                around.pop();
            }
            let outer = around.last().map(|(index, _)| *index);
            around.push((index, declared));
            Visible {
                binding,
                around: outer,
            }
        });
        self.visible = visible.collect();
    }

    /// What `name` means at the top of the file. The scope of a function there may begin with it.
    pub fn of_file(&self, name: &str) -> Option<&Binding> {
        let binding = |visible: &Visible| self.bindings.get(visible.binding as usize);
        let before = |visible: &Visible| binding(visible).is_some_and(|b| b.name.as_str() < name);
        let first = self.visible.partition_point(before);
        // Of the scopes of one name the widest stands first.
        binding(self.visible.get(first)?).filter(|b| b.name == name && b.scope == self.root)
    }

    /// The binding whose name is declared at a range, if that is at the top of the file.
    pub fn at_top(&self, name: &str, declared: Span) -> Option<&Binding> {
        let binding = self.lookup(name, declared.start)?;
        (binding.name_span == declared && binding.scope == self.root).then_some(binding)
    }

    /// All bindings at the top of the file, in the order of their declaration.
    pub fn top(&self) -> impl Iterator<Item = &Binding> {
        self.iter().filter(|binding| binding.scope == self.root)
    }

    /// All bindings in the order of their declaration.
    pub fn iter(&self) -> impl Iterator<Item = &Binding> {
        self.bindings.iter()
    }

    fn declare(&mut self, node: Node<'_>, text: &str, scope: Span) {
        match node.kind() {
            "variable_declarator" => self.variable(node, text, scope),
            "function_declaration" | "generator_function_declaration" => {
                self.named(node, text, scope, Some(lower(node, text)));
            }
            "class_declaration" | "abstract_class_declaration" | "internal_module" => {
                self.named(node, text, scope, None);
            }
            // These know their own names, and nothing outside of them does.
            "function_expression" | "generator_function" | "class" => {
                self.named(node, text, span(node), None);
            }
            "enum_declaration" => {
                let members = Value {
                    span: span(node),
                    kind: ValueKind::Object(enums::members(node, text)),
                };
                self.named(node, text, scope, Some(members));
            }
            "required_parameter" | "optional_parameter" => {
                if let Some(pattern) = node.child_by_field_name("pattern") {
                    self.opaque(pattern, text, of_type(node).unwrap_or(scope));
                }
            }
            "arrow_function" => {
                if let Some(parameter) = node.child_by_field_name("parameter") {
                    self.opaque(parameter, text, span(node));
                }
            }
            "catch_clause" => {
                if let Some(parameter) = node.child_by_field_name("parameter") {
                    self.opaque(parameter, text, span(node));
                }
            }
            // Without a keyword it is a name from outside that goes through the list.
            "for_in_statement" => {
                let left = node.child_by_field_name("left");
                if let Some(left) = left.filter(|left| is_declared(node, *left, text)) {
                    self.opaque(left, text, span(node));
                }
            }
            _ => {}
        }
    }

    fn variable(&mut self, node: Node<'_>, text: &str, scope: Span) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let value = node.child_by_field_name("value").map(|v| lower(v, text));
        self.take_apart(name, text, scope, value);
    }

    fn named(&mut self, node: Node<'_>, text: &str, scope: Span, value: Option<Value>) {
        if let Some(name) = node.child_by_field_name("name") {
            self.push(name, text, scope, value);
        }
    }

    /// Every name in a pattern, standing for nothing that is known.
    fn opaque(&mut self, pattern: Node<'_>, text: &str, scope: Span) {
        self.take_apart(pattern, text, scope, None);
    }

    /// Every name in a pattern that takes a value apart.
    fn take_apart(&mut self, pattern: Node<'_>, text: &str, scope: Span, value: Option<Value>) {
        for (name, value) in patterns::names(pattern, text, value, 0) {
            self.push(name, text, scope, value);
        }
    }

    fn push(&mut self, name: Node<'_>, text: &str, scope: Span, value: Option<Value>) {
        self.bindings.push(Binding {
            name: escapes::name(name, text),
            name_span: span(name),
            scope,
            value: value.map(Arc::new),
            begins: None,
        });
    }
}

fn is_scope(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "statement_block"
            | "arrow_function"
            | "function_expression"
            | "function_declaration"
            | "generator_function"
            | "generator_function_declaration"
            | "method_definition"
            | "for_statement"
            | "for_in_statement"
            | "switch_body"
            | "class_body"
            | "class_static_block"
    )
}

/// Whether a loop declares what it goes through a list with, by a keyword.
fn is_declared(node: Node<'_>, left: Node<'_>, text: &str) -> bool {
    let before = Span {
        start: span(node).start,
        end: span(left).start,
    };
    let mut words = before.text(text).split(|c: char| !c.is_alphanumeric());
    words.any(|word| matches!(word, "const" | "let" | "var" | "using"))
}

/// The parameters of a type or a signature, if `parameter` is one of them. Nothing outside of them
/// means their names.
fn of_type(parameter: Node<'_>) -> Option<Span> {
    let parameters = parameter.parent()?;
    let is_type = matches!(
        parameters.parent()?.kind(),
        "function_type"
            | "constructor_type"
            | "function_signature"
            | "method_signature"
            | "abstract_method_signature"
            | "call_signature"
            | "construct_signature"
    );
    is_type.then(|| span(parameters))
}

#[cfg(test)]
mod tests;
