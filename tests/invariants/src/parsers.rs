//! Of a text that both parsers read without a mistake, both say the same.
//!
//! What is compared is more than the facts of a file: everything that is read from a tree, of every
//! call, function and expression, whether the facts have it or not.

mod misread;

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

use quickback_realtime::document::Dialect;
use quickback_realtime::facts::FileFacts;
use quickback_realtime::span::Span;
use quickback_realtime::syntax::flow::{self, Flow};
use quickback_realtime::syntax::value::Value;
use quickback_realtime::syntax::{self, CallExpression, Module, Scopes, Tree};

use crate::typescript;

/// Takes the bytes as a text, or makes one of them where they begin with a zero, and fails where the
/// two parsers do not agree about it in one of the dialects.
pub fn check(bytes: &[u8]) {
    match bytes {
        [0, seed @ ..] => {
            for (name, is_jsx) in [("a.ts", false), ("a.tsx", true)] {
                agree(&typescript::file(seed, is_jsx), Path::new(name));
            }
        }
        _ => {
            let text = String::from_utf8_lossy(bytes);
            for name in ["a.ts", "a.tsx"] {
                agree(&text, Path::new(name));
            }
        }
    }
}

/// Fails where the parsers do not say the same of a text; answers what came of it.
///
/// # Panics
/// As it says, with the first difference.
pub fn agree(text: &str, path: &Path) -> Outcome {
    let dialect = Dialect::of_path(path);
    let Some(clean) = Tree::clean(text, dialect) else {
        return Outcome::NotClean;
    };
    let grammar = Tree::by_grammar(text, dialect);
    if grammar.root().is_none_or(syntax::Node::has_error) {
        return Outcome::OnlyClean;
    }
    if let Some(rest) = misread::without(&grammar) {
        agree(&rest, path);
        return Outcome::Misread;
    }
    let text: Arc<str> = text.into();
    let facts = |tree: &Tree<'_>| FileFacts::of_tree(&text, tree);
    let (ours, theirs) = (Reading::of(&clean), Reading::of(&grammar));
    if let Some(difference) = ours.difference(&theirs, &text) {
        panic!("{}: {difference}", path.display());
    }
    assert!(
        facts(&clean) == facts(&grammar),
        "{} has other facts",
        path.display()
    );
    Outcome::Same
}

/// What came of a comparison that found no difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Both parsers read the text, and say the same of it.
    Same,
    /// The fast parser leaves the text to the other one: it has a mistake, or is no ordinary one.
    NotClean,
    /// The grammar's parser sees a mistake where the fast one sees none: the grammar has gaps.
    OnlyClean,
    /// The grammar's parser sees no mistake, and reads something that cannot be. Of the statements
    /// in which it does not, there was no difference.
    Misread,
}

/// Everything that is read from a tree.
struct Reading {
    module: Module,
    scopes: Scopes,
    calls: Vec<CallExpression>,
    comments: Box<[Span]>,
    /// The flows, once for every call and once for every other one: what a call does is only looked
    /// at where nobody asks for it.
    flows: [Vec<Flow>; 2],
    values: Vec<Value>,
}

/// What [`syntax::lower`] knows.
const EXPRESSIONS: [&str; 22] = [
    "array",
    "arrow_function",
    "as_expression",
    "binary_expression",
    "call_expression",
    "false",
    "function_declaration",
    "function_expression",
    "identifier",
    "member_expression",
    "method_definition",
    "non_null_expression",
    "null",
    "number",
    "object",
    "parenthesized_expression",
    "satisfies_expression",
    "string",
    "subscript_expression",
    "template_string",
    "type_assertion",
    "undefined",
];

/// Where expressions are no expressions: nobody asks for what is in a type.
const TYPES: [&str; 4] = [
    "type_query",
    "literal_type",
    "type_annotation",
    "import_attribute",
];

impl Reading {
    fn of(tree: &Tree<'_>) -> Self {
        let text = tree.text();
        let wanted = |callee: syntax::Node<'_>| syntax::root_name(callee, text).is_some();
        let calls = syntax::calls(tree, false, wanted, |_| None);
        let spans = || calls.iter().map(|call| call.value.span);
        let values = tree.nodes().filter(|node| {
            node.is_named()
                && EXPRESSIONS.contains(&node.kind())
                && !node
                    .ancestors()
                    .any(|around| TYPES.contains(&around.kind()))
        });
        Self {
            module: syntax::module(tree),
            scopes: Scopes::of(tree),
            comments: syntax::comments(tree),
            flows: [
                flow::flows(tree, &spans().collect()),
                flow::flows(tree, &spans().filter(|span| span.end % 2 == 0).collect()),
            ],
            values: values.map(|node| syntax::lower(node, text)).collect(),
            calls,
        }
    }

    /// The first thing that is not the same, if there is one.
    fn difference(&self, other: &Self, text: &str) -> Option<String> {
        let bindings = |reading: &Self| reading.scopes.iter().cloned().collect::<Vec<_>>();
        first("a value", &self.values, &other.values)
            .or_else(|| first("an import", &self.module.imports, &other.module.imports))
            .or_else(|| first("an export", &self.module.exports, &other.module.exports))
            .or_else(|| first("an export", &self.module.stars, &other.module.stars))
            .or_else(|| {
                let default = |reading: &Self| Vec::from_iter(reading.module.default.clone());
                first("the default", &default(self), &default(other))
            })
            .or_else(|| first("a comment", &self.comments, &other.comments))
            .or_else(|| first("a name", &bindings(self), &bindings(other)))
            .or_else(|| first("a call", &self.calls, &other.calls))
            .or_else(|| first("a flow", &self.flows[0], &other.flows[0]))
            .or_else(|| first("a flow", &self.flows[1], &other.flows[1]))
            .map(|difference| format!("{difference}\nin:\n{text}"))
    }
}

fn first<T: PartialEq + Debug>(what: &str, ours: &[T], theirs: &[T]) -> Option<String> {
    let length = ours.len().max(theirs.len());
    let index = (0..length).find(|index| ours.get(*index) != theirs.get(*index))?;
    Some(format!(
        "{what} is {:?}\nnot {:?}",
        ours.get(index),
        theirs.get(index)
    ))
}
