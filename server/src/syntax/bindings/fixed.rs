//! Which variables and functions stand for what they are declared as wherever they are used, as
//! constants do.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::Scopes;
use super::assigned::{Function, function_around};
use crate::span::Span;
use crate::syntax::changes::Changes;
use crate::syntax::escapes;
use crate::syntax::{Node, Tree, span};

/// The bindings that may be given another value than the one that they are declared with.
#[derive(Debug, Default)]
pub(super) struct Loose<'t> {
    /// Their indexes.
    bindings: FxHashSet<usize>,
    /// Those of `var`, which are seen before they have a value: by their declarations.
    hoisted: Vec<(usize, Node<'t>)>,
    /// Those that something else than their file can give another value to.
    open: Vec<usize>,
}

impl<'t> Loose<'t> {
    /// Notes what a node declares, if that is no constant.
    pub(super) fn note(&mut self, node: Node<'t>, bindings: Range<usize>) {
        match node.kind() {
            "function_declaration" => self.bindings.extend(bindings),
            "variable_declarator" => {
                let Some(declaration) = node.parent() else {
                    return;
                };
                let around = declaration.parent();
                let kind = declaration.child_by_field_name("kind").map(Node::kind);
                match (declaration.kind(), kind) {
                    ("lexical_declaration", Some("const")) => {}
                    ("lexical_declaration", Some("let")) => {
                        // `namespace Roles { export let STAFF = ... }`, and `Roles.STAFF = ...`
                        let is_member = around.is_some_and(|around| {
                            let outer = around.parent().map(Node::kind);
                            around.kind() == "export_statement" && outer != Some("program")
                        });
                        if is_member {
                            self.open.extend(bindings.clone());
                        }
                        self.bindings.extend(bindings);
                    }
                    ("variable_declaration", _)
                        if around
                            .is_some_and(|a| matches!(a.kind(), "program" | "statement_block")) =>
                    {
                        self.hoisted
                            .extend(bindings.clone().map(|index| (index, node)));
                        self.bindings.extend(bindings);
                    }
                    _ => self.open.extend(bindings),
                }
            }
            _ => {}
        }
    }
}

/// A variable of `var`: its index, where it is named and declared, and in which function.
struct Hoisted {
    index: usize,
    name: Span,
    declaration: Span,
    function: Function,
}

impl Scopes {
    /// Takes their values from the bindings that may have others: whether there are any.
    pub(super) fn loosen(
        &mut self,
        tree: &Tree<'_>,
        changes: &Changes<'_>,
        loose: &Loose<'_>,
    ) -> bool {
        let mut found = loose.open.clone();
        let names = changes.assigned.iter().chain(&changes.counted);
        let assigned = names.filter_map(|name| {
            let local = escapes::name(*name, tree.text());
            self.index_of(&local, span(*name).start)
        });
        let assigned: FxHashSet<usize> = assigned.collect();
        let declared = assigned
            .iter()
            .filter_map(|index| self.bindings.get(*index));
        let mut declared: Vec<Span> = declared.map(|binding| binding.name_span).collect();
        declared.sort_unstable();
        self.assigned = declared.into();
        found.extend(assigned.intersection(&loose.bindings));
        self.unmade(tree, loose, &mut found);
        let mut is_any = false;
        for index in found {
            if let Some(binding) = self.bindings.get_mut(index)
                && let Some(value) = binding.value.take()
            {
                is_any = true;
                if binding.scope == self.root && value.as_call().is_some() {
                    binding.begins = Some(value);
                }
            }
        }
        is_any
    }

    /// Adds the variables of `var` that may be used before they have their value: those that are
    /// declared twice, exported, or used in another function or before their declaration.
    fn unmade(&self, tree: &Tree<'_>, loose: &Loose<'_>, found: &mut Vec<usize>) {
        if loose.hoisted.is_empty() {
            return;
        }
        let mut hoisted: FxHashMap<&SmolStr, Hoisted> = FxHashMap::default();
        for (index, node) in &loose.hoisted {
            let Some(binding) = self.bindings.get(*index) else {
                continue;
            };
            let variable = Hoisted {
                index: *index,
                name: binding.name_span,
                declaration: span(*node),
                function: function_around(*node),
            };
            if let Some(other) = hoisted.insert(&binding.name, variable) {
                found.push(other.index);
            }
        }
        for binding in &self.bindings {
            if let Some(variable) = hoisted.get(&binding.name)
                && variable.name != binding.name_span
            {
                found.push(variable.index);
            }
        }
        for node in tree.nodes() {
            if !matches!(node.kind(), "identifier" | "shorthand_property_identifier") {
                continue;
            }
            let name = escapes::name(node, tree.text());
            let Some(variable) = hoisted.get(&name).filter(|v| v.name != span(node)) else {
                continue;
            };
            let is_exported = node
                .parent()
                .is_some_and(|p| p.kind() == "export_specifier");
            let is_behind = variable.declaration.end <= span(node).start;
            if is_exported || !is_behind || function_around(node) != variable.function {
                found.push(variable.index);
            }
        }
    }
}
