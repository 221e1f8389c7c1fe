//! Typed views over the syntax tree: values, bindings, imports, calls and comments of one file.
//!
//! Nothing here knows Quickback. Error nodes are allowed everywhere; what cannot be read is
//! [`value::ValueKind::Broken`] or simply absent.

mod bindings;
mod calls;
mod changes;
mod comments;
mod escapes;
mod fields;
pub mod flow;
mod lower;
mod module;
mod parts;
mod patterns;
mod tree;
pub mod value;

pub use bindings::{
    Binding, ChangedImport, ChangedParameter, ChangedPart, Exported, ImportedFrom, Leaving, Led,
    Outside, Scopes, Way,
};
pub use calls::{CallExpression, Handling, calls, path_root, root_name};
pub use comments::{Comment, comments, is_one_line_break};
pub use fields::Fields;
pub use lower::lower;
pub use module::{Export, ExportTarget, Import, Imported, Module, module};
pub use tree::{Node, Tree};

use crate::span::Span;

/// Whether a text is a name of JavaScript's: what can stand after a dot, and as a key without
/// quotes.
pub fn is_identifier(text: &str) -> bool {
    oxc_syntax::identifier::is_identifier_name(text)
}

/// Whether a name is a word of JavaScript's own, which no variable can be called by.
pub fn is_keyword(name: &str) -> bool {
    oxc_syntax::keyword::is_reserved_keyword(name)
}

/// The range of a node.
pub fn span(node: Node<'_>) -> Span {
    node.span()
}

/// The first places that do not parse, in order, at most `limit`: error nodes and missing tokens,
/// but nothing inside of another error; all of a text that the parser gave up on.
pub fn errors(tree: &Tree<'_>, limit: usize) -> Vec<Span> {
    let Some(root) = tree.root() else {
        return vec![Span::new(0, tree.text().len())];
    };
    if !root.has_error() {
        return Vec::new();
    }
    let mut found = Vec::new();
    // What comes before this index lies inside of an error.
    let mut within = 0;
    for node in tree.nodes() {
        if node.index() < within || !(node.is_error() || node.is_missing()) {
            continue;
        }
        found.push(span(node));
        if found.len() >= limit {
            break;
        }
        if node.is_error() {
            within = node.after();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::value::ValueKind;
    use super::{Tree, is_identifier, lower};
    use crate::document::Dialect;

    #[test]
    fn comments_hide_no_value() {
        for text in [
            "(/* a */ ['b']);",
            "( // a\n  ['b'] // c\n);",
            "(/* a */ ['b'] /* c */ as /* d */ const);",
        ] {
            let dialect = Dialect::TypeScript;
            let clean = Tree::clean(text, dialect).expect("it has no mistake");
            for tree in [clean, Tree::by_grammar(text, dialect)] {
                let whole = tree
                    .nodes()
                    .find(|n| n.kind() == "parenthesized_expression");
                let value = lower(whole.expect("there are parentheses"), text);
                assert!(
                    matches!(value.kind, ValueKind::Array(_)),
                    "{text}: {value:?}"
                );
            }
        }
    }

    #[test]
    fn identifiers_are_javascripts() {
        for name in ["a", "_", "$x1", "étage", "delete", "日本"] {
            assert!(is_identifier(name), "{name}");
        }
        for name in ["", "1a", "a-b", "a b", "a:b", "a.b", "a\u{2}b", "a²", "ⓐ"] {
            assert!(!is_identifier(name), "{name}");
        }
    }
}
