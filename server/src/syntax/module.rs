//! What a file imports and exports.

use std::sync::Arc;

use smol_str::SmolStr;

use super::escapes::{name, string};
use super::lower::lower;
use super::value::{Value, ValueKind};
use super::{Node, Tree, span};
use crate::span::Span;

/// The imports and exports of a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Module {
    /// Every imported name.
    pub imports: Vec<Import>,
    /// Every exported name that is written out.
    pub exports: Vec<Export>,
    /// The modules of `export * from`, with their ranges.
    pub stars: Vec<(SmolStr, Span)>,
    /// The default export, an expression or a name.
    pub default: Option<Arc<Value>>,
}

/// One imported name.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The name in this file.
    pub local: SmolStr,
    /// Where the local name stands.
    pub local_span: Span,
    /// What it is there.
    pub imported: Imported,
    /// The module as it is written.
    pub module: SmolStr,
    /// The module's range without quotes.
    pub module_span: Span,
}

/// What an import takes from its module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// The default export.
    Default,
    /// A name, and where it stands.
    Name(SmolStr, Span),
    /// All of it (`* as x`, `require`).
    Namespace,
}

/// One exported name.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// The name for others.
    pub name: SmolStr,
    /// Where that name stands.
    pub name_span: Span,
    /// What it is.
    pub target: ExportTarget,
}

/// What an exported name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportTarget {
    /// A name of this file.
    Local(SmolStr),
    /// A name of another module (`export { a as b } from "m"`).
    From {
        /// The name there; `None` is all of it (`export * as ns from "m"`).
        name: Option<SmolStr>,
        /// The module.
        module: SmolStr,
        /// The module's range without quotes.
        module_span: Span,
    },
}

/// Reads the imports and exports of a file.
pub fn module(tree: &Tree<'_>) -> Module {
    let mut result = Module::default();
    let Some(root) = tree.root() else {
        return result;
    };
    let text = tree.text();
    for node in root.named_children() {
        match node.kind() {
            "import_statement" => import(node, text, &mut result),
            "export_statement" => export(node, text, &mut result),
            "lexical_declaration" | "variable_declaration" => require(node, text, &mut result),
            "expression_statement" => common_js(node, text, &mut result),
            _ => {}
        }
    }
    // What is kept for long has no room to spare.
    result.imports.shrink_to_fit();
    result.exports.shrink_to_fit();
    result
}

fn source_of(node: Node<'_>, text: &str) -> Option<(SmolStr, Span)> {
    let source = node.child_by_field_name("source")?;
    let value = Value {
        span: span(source),
        kind: ValueKind::String(string(source, text)),
    };
    Some((value.as_str()?.into(), value.inner_span()))
}

/// A name in an import or export clause, which may be written as a string.
fn name_of(node: Node<'_>, text: &str) -> SmolStr {
    if node.kind() == "string" {
        string(node, text)
    } else {
        name(node, text)
    }
}

fn import(node: Node<'_>, text: &str, result: &mut Module) {
    let Some((module, module_span)) = source_of(node, text) else {
        return;
    };
    let mut push = |local: Node<'_>, imported| {
        result.imports.push(Import {
            local: name(local, text),
            local_span: span(local),
            imported,
            module: module.clone(),
            module_span,
        });
    };
    let Some(clause) = node.named_children().find(|c| c.kind() == "import_clause") else {
        return;
    };
    for part in clause.named_children() {
        match part.kind() {
            "identifier" => push(part, Imported::Default),
            "namespace_import" => {
                if let Some(name) = part.first_named_child() {
                    push(name, Imported::Namespace);
                }
            }
            "named_imports" => {
                for specifier in part.named_children() {
                    let Some(name) = specifier.child_by_field_name("name") else {
                        continue;
                    };
                    let local = specifier.child_by_field_name("alias").unwrap_or(name);
                    let imported = match name_of(name, text).as_str() {
                        "default" => Imported::Default,
                        other => Imported::Name(other.into(), span(name)),
                    };
                    push(local, imported);
                }
            }
            _ => {}
        }
    }
}

fn export(node: Node<'_>, text: &str, result: &mut Module) {
    let from = source_of(node, text);
    let children: Vec<Node<'_>> = node.children().collect();
    let is_default = children.iter().any(|c| c.kind() == "default");
    if is_default {
        let value = node
            .child_by_field_name("value")
            .or_else(|| node.child_by_field_name("declaration"));
        result.default = Some(Arc::new(match value {
            Some(value) => named_declaration(value, text).unwrap_or_else(|| lower(value, text)),
            None => Value {
                span: span(node),
                kind: ValueKind::Broken,
            },
        }));
        return;
    }
    if let Some(declaration) = node.child_by_field_name("declaration") {
        declared_names(declaration, text, result);
        return;
    }
    for child in children {
        match (child.kind(), &from) {
            ("*", Some((module, module_span))) => result.stars.push((module.clone(), *module_span)),
            ("namespace_export", Some((module, module_span))) => {
                if let Some(name) = child.first_named_child() {
                    let target = ExportTarget::From {
                        name: None,
                        module: module.clone(),
                        module_span: *module_span,
                    };
                    result.exports.push(Export {
                        name: name_of(name, text),
                        name_span: span(name),
                        target,
                    });
                }
            }
            ("export_clause", _) => clause(child, text, from.as_ref(), result),
            _ => {}
        }
    }
}

/// A function or class that is exported by default is found by its name, if it has one.
fn named_declaration(node: Node<'_>, text: &str) -> Option<Value> {
    if !matches!(node.kind(), "function_declaration" | "class_declaration") {
        return None;
    }
    let name = node.child_by_field_name("name")?;
    Some(Value {
        span: span(name),
        kind: ValueKind::Ident(self::name(name, text)),
    })
}

fn clause(node: Node<'_>, text: &str, from: Option<&(SmolStr, Span)>, result: &mut Module) {
    for specifier in node.named_children() {
        let Some(name) = specifier.child_by_field_name("name") else {
            continue;
        };
        let exported = specifier.child_by_field_name("alias").unwrap_or(name);
        let local = name_of(name, text);
        let target = match from {
            Some((module, module_span)) => ExportTarget::From {
                name: Some(local.clone()),
                module: module.clone(),
                module_span: *module_span,
            },
            None => ExportTarget::Local(local.clone()),
        };
        let exported_name = name_of(exported, text);
        if exported_name == "default" && from.is_none() {
            result.default = Some(Arc::new(Value {
                span: span(name),
                kind: ValueKind::Ident(local),
            }));
        } else {
            result.exports.push(Export {
                name: exported_name,
                name_span: span(exported),
                target,
            });
        }
    }
}

fn declared_names(node: Node<'_>, text: &str, result: &mut Module) {
    let mut push = |declared: Node<'_>| {
        let local = name(declared, text);
        result.exports.push(Export {
            name: local.clone(),
            name_span: span(declared),
            target: ExportTarget::Local(local),
        });
    };
    match node.kind() {
        "lexical_declaration" | "variable_declaration" => {
            for declarator in node.named_children() {
                let Some(pattern) = declarator.child_by_field_name("name") else {
                    continue;
                };
                let mut patterns = vec![pattern];
                while let Some(pattern) = patterns.pop() {
                    match pattern.kind() {
                        "identifier" | "shorthand_property_identifier_pattern" => push(pattern),
                        "pair_pattern" => patterns.extend(pattern.child_by_field_name("value")),
                        "assignment_pattern" | "object_assignment_pattern" => {
                            patterns.extend(pattern.child_by_field_name("left"));
                        }
                        _ => {
                            let inner: Vec<_> = pattern.named_children().collect();
                            patterns.extend(inner.into_iter().rev());
                        }
                    }
                }
            }
        }
        _ => {
            if let Some(name) = node.child_by_field_name("name") {
                push(name);
            }
        }
    }
}

/// `const x = require("m")`, `const { a, b: c } = require("m")`.
fn require(node: Node<'_>, text: &str, result: &mut Module) {
    for declarator in node.named_children() {
        let (Some(name), Some(value)) = (
            declarator.child_by_field_name("name"),
            declarator.child_by_field_name("value"),
        ) else {
            continue;
        };
        if value.kind() != "call_expression" {
            continue;
        }
        let value = lower(value, text);
        let Some(call) = value
            .as_call()
            .filter(|c| c.callee.kind == ValueKind::Ident("require".into()))
        else {
            continue;
        };
        let Some((module, module_span)) = call
            .arg(0)
            .and_then(|a| Some((SmolStr::new(a.as_str()?), a.inner_span())))
        else {
            continue;
        };
        let mut push = |local: Node<'_>, imported| {
            result.imports.push(Import {
                local: self::name(local, text),
                local_span: span(local),
                imported,
                module: module.clone(),
                module_span,
            });
        };
        match name.kind() {
            "identifier" => push(name, Imported::Namespace),
            "object_pattern" => {
                for part in name.named_children() {
                    match part.kind() {
                        "shorthand_property_identifier_pattern" => {
                            push(part, Imported::Name(self::name(part, text), span(part)));
                        }
                        "pair_pattern" => {
                            if let (Some(key), Some(local)) = (
                                part.child_by_field_name("key"),
                                part.child_by_field_name("value"),
                            ) {
                                push(local, Imported::Name(name_of(key, text), span(key)));
                            }
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

/// `module.exports = value` is a default export.
fn common_js(node: Node<'_>, text: &str, result: &mut Module) {
    let Some(assignment) = node
        .first_named_child()
        .filter(|n| n.kind() == "assignment_expression")
    else {
        return;
    };
    let (Some(left), Some(right)) = (
        assignment.child_by_field_name("left"),
        assignment.child_by_field_name("right"),
    ) else {
        return;
    };
    if span(left).text(text) == "module.exports" {
        result.default = Some(Arc::new(lower(right, text)));
    }
}
