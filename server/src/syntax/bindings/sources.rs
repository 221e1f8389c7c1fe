//! What a name may stand for that is no constant of one value: an element of the list that a loop
//! goes through, a part of what a pattern takes apart, one of the values of a condition.

use smol_str::SmolStr;

use crate::span::Span;
use crate::syntax::changes::unwrapped;
use crate::syntax::lower::{lower, property_key};
use crate::syntax::value::Value;
use crate::syntax::{Node, Tree, span};

/// How far a name is followed out of a pattern. Deeper ones are written by nobody.
const MAX_DEPTH: usize = 32;

/// The methods that hand each element of a list to a function.
const OF_EACH: [&str; 7] = [
    "forEach", "map", "flatMap", "filter", "find", "some", "every",
];

/// The functions of `Object` whose answers hold what is in their argument, and how many members of
/// an answer lead there: `entries` has pairs.
const OF_ALL: [(&str, usize); 2] = [("Object.values", 1), ("Object.entries", 2)];

/// A value, and the members that lead from it to what a name stands for; `None` is any.
#[derive(Debug)]
pub(super) struct Source {
    /// The value.
    pub value: Value,
    /// The members.
    pub path: Vec<Option<SmolStr>>,
}

/// What the name that is declared at a range may stand for, as far as that is told there.
pub(super) fn sources(tree: &Tree<'_>, name: Span) -> Vec<Source> {
    let found = tree
        .node_at(name)
        .and_then(|node| origin(node, tree.text()));
    let Some((expression, path)) = found else {
        return Vec::new();
    };
    let mut sources = Vec::new();
    let mut stack = vec![expression];
    while let Some(node) = stack.pop() {
        let field = |name| node.child_by_field_name(name);
        match node.kind() {
            "ternary_expression" => {
                stack.extend(field("consequence").into_iter().chain(field("alternative")));
            }
            "binary_expression" => {
                stack.extend(field("left").into_iter().chain(field("right")));
            }
            _ => match unwrapped(node) {
                Some(inner) => stack.push(inner),
                None => sources.push(source(node, &path, tree.text())),
            },
        }
    }
    sources
}

fn source(node: Node<'_>, path: &[Option<SmolStr>], text: &str) -> Source {
    let callee = node.child_by_field_name("function");
    let callee = callee.map_or("", |callee| span(callee).text(text));
    let of_all = OF_ALL.iter().find(|(function, _)| *function == callee);
    let argument = node
        .child_by_field_name("arguments")
        .and_then(Node::first_named_child);
    if let (Some((_, members)), Some(argument)) = (of_all, argument)
        && let Some(rest) = path.get(*members..)
    {
        let path = [None].into_iter().chain(rest.iter().cloned());
        return Source {
            value: lower(argument, text),
            path: path.collect(),
        };
    }
    Source {
        value: lower(node, text),
        path: path.to_vec(),
    }
}

/// The expression that a name of a pattern is taken out of, and the members that lead to it.
fn origin<'t>(name: Node<'t>, text: &str) -> Option<(Node<'t>, Vec<Option<SmolStr>>)> {
    let mut path = Vec::new();
    let mut node = name;
    if node.kind() == "shorthand_property_identifier_pattern" {
        path.push(Some(span(node).text(text).into()));
    }
    for _ in 0..MAX_DEPTH {
        let parent = node.parent()?;
        let field = |name| parent.child_by_field_name(name);
        let is = |name| field(name) == Some(node);
        let expression = match parent.kind() {
            "object_pattern" => None,
            "array_pattern" => {
                path.push(None);
                None
            }
            "pair_pattern" if is("value") => {
                path.push(property_key(field("key")?, text).0);
                None
            }
            "assignment_pattern" | "object_assignment_pattern" if is("left") => None,
            "required_parameter" if is("pattern") => None,
            "variable_declarator" if is("name") && is_constant(parent) => Some(field("value")?),
            "for_in_statement" if is("left") => {
                path.push(None);
                Some(field("right")?)
            }
            "formal_parameters" if parent.first_named_child() == Some(node) => {
                path.push(None);
                Some(list_of(parent.parent()?, text)?)
            }
            "arrow_function" if is("parameter") => {
                path.push(None);
                Some(list_of(parent, text)?)
            }
            _ => return None,
        };
        if let Some(expression) = expression {
            path.reverse();
            return Some((expression, path));
        }
        node = parent;
    }
    None
}

/// Whether a name is declared by `const`: another may come to stand for something else.
fn is_constant(declarator: Node<'_>) -> bool {
    let kind = declarator
        .parent()
        .and_then(|declaration| declaration.child_by_field_name("kind"));
    kind.is_some_and(|kind| kind.kind() == "const")
}

/// The list whose elements are handed to a function.
fn list_of<'t>(function: Node<'t>, text: &str) -> Option<Node<'t>> {
    let arguments = function.parent()?;
    let callee = arguments.parent()?.child_by_field_name("function")?;
    let method = callee.child_by_field_name("property")?;
    let is_first =
        arguments.kind() == "arguments" && arguments.first_named_child() == Some(function);
    (is_first && OF_EACH.contains(&span(method).text(text)))
        .then(|| callee.child_by_field_name("object"))
        .flatten()
}
