//! Where the names of a file are used, and `this` of its objects and classes.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::span::Span;
use crate::syntax::bindings::Scopes;
use crate::syntax::calls::is_function;
use crate::syntax::lower::is_marked;
use crate::syntax::{Node, Tree, span};

/// Where names and `this` are used.
#[derive(Debug)]
pub(super) struct Uses<'t> {
    /// By where the names are declared.
    names: FxHashMap<Span, Vec<Node<'t>>>,
    /// Names that the file does not declare, so imports.
    imports: FxHashMap<SmolStr, Vec<Node<'t>>>,
    /// By the index of the object or the class.
    this: FxHashMap<u32, Vec<This<'t>>>,
    /// The calls of `super`, by the index of the class.
    supers: FxHashMap<u32, Vec<Node<'t>>>,
}

/// A use of `this`.
#[derive(Debug)]
pub(super) struct This<'t> {
    pub node: Node<'t>,
    /// Whether it is the object or the class itself, and not what the class makes.
    pub is_static: bool,
}

impl<'t> Uses<'t> {
    pub(super) fn of(scopes: &Scopes, tree: &'t Tree<'t>) -> Self {
        let text = tree.text();
        let mut uses = Self {
            names: FxHashMap::default(),
            imports: FxHashMap::default(),
            this: FxHashMap::default(),
            supers: FxHashMap::default(),
        };
        for node in tree.nodes() {
            match node.kind() {
                "identifier" | "shorthand_property_identifier" => {
                    let at = span(node);
                    let name = at.text(text);
                    match scopes.lookup(name, at.start) {
                        Some(binding) if binding.name_span == at => {}
                        Some(binding) => {
                            uses.names.entry(binding.name_span).or_default().push(node);
                        }
                        None => uses.imports.entry(name.into()).or_default().push(node),
                    }
                }
                "this" => {
                    if let Some((owner, is_static)) = owner(node, text) {
                        let this = uses.this.entry(owner.index()).or_default();
                        this.push(This { node, is_static });
                    }
                }
                "super" => {
                    let call = node
                        .parent()
                        .filter(|call| call.kind() == "call_expression");
                    if let Some(call) = call
                        && let Some((class, _)) = owner(node, text)
                    {
                        uses.supers.entry(class.index()).or_default().push(call);
                    }
                }
                _ => {}
            }
        }
        uses
    }

    /// The uses of the name that is declared at a range.
    pub(super) fn of_name(&self, declared: Span) -> &[Node<'t>] {
        self.names.get(&declared).map_or(&[], Vec::as_slice)
    }

    /// The uses of a name that the file does not declare.
    pub(super) fn of_import(&self, local: &str) -> &[Node<'t>] {
        self.imports.get(local).map_or(&[], Vec::as_slice)
    }

    /// The uses of `this` that mean an object, a class or what that makes.
    pub(super) fn this_in(&self, owner: Node<'t>) -> &[This<'t>] {
        self.this.get(&owner.index()).map_or(&[], Vec::as_slice)
    }

    /// The calls of `super` in a class.
    pub(super) fn supers_in(&self, class: Node<'t>) -> &[Node<'t>] {
        self.supers.get(&class.index()).map_or(&[], Vec::as_slice)
    }
}

/// The object or the class that `this` means somewhere, and whether it is that itself.
fn owner<'t>(this: Node<'t>, text: &str) -> Option<(Node<'t>, bool)> {
    let mut member = None;
    for node in this.ancestors() {
        match node.kind() {
            "object" if member.is_some() => return Some((node, true)),
            "class_body" => {
                let is_static = member.is_some_and(|member: Node<'t>| {
                    member.kind() == "class_static_block" || is_marked(member, "static", text)
                });
                return Some((node.parent()?, is_static));
            }
            "pair" if member.is_some() => {}
            _ if member.is_some() => return None,
            "public_field_definition" | "class_static_block" => member = Some(node),
            kind if kind != "arrow_function" && is_function(node) => member = Some(node),
            _ => {}
        }
    }
    None
}
