//! The tree of a text, laid out flat.
//!
//! The parser's own tree is made to be edited: to go from a node to its child or its parent there
//! is a search, and the name of its kind is looked up. All that is read from a tree is read many
//! times, so it is walked once and laid out in the order of the text: the children of a node
//! follow it, and after them comes its next sibling.
//!
//! Most texts have no mistakes. These are read by another parser, which is faster by far and cannot
//! read others ([`clean`]), and laid out the same.

mod clean;
mod grammar;
mod guard;

use std::sync::LazyLock;

use tree_sitter::Language;

use crate::document::Dialect;
use crate::span::Span;

/// What tree-sitter numbers a node with that does not parse.
const ERROR_KIND: u16 = u16::MAX;

/// A text and the nodes of its tree.
#[derive(Debug)]
pub struct Tree<'t> {
    text: &'t str,
    grammar: &'static Grammar,
    /// In the order of the text, a node before its children. Empty where the parser gave up.
    nodes: Vec<Entry>,
}

/// What is known of a node.
#[derive(Debug, Clone, Copy)]
struct Entry {
    start: u32,
    end: u32,
    /// The index of the node around it; its own for the root.
    parent: u32,
    /// The index after the last node inside of it.
    after: u32,
    kind: u16,
    field: u16,
    /// What does not parse. All false in most texts.
    is_error: bool,
    is_missing: bool,
    has_error: bool,
}

/// The names that a grammar gives to kinds and fields, by their numbers.
#[derive(Debug)]
struct Grammar {
    kinds: Vec<Kind>,
    fields: Vec<&'static str>,
}

#[derive(Debug, Clone, Copy)]
struct Kind {
    name: &'static str,
    is_named: bool,
}

impl Grammar {
    fn of(dialect: Dialect) -> &'static Self {
        static TYPESCRIPT: LazyLock<Grammar> =
            LazyLock::new(|| Grammar::read(Dialect::TypeScript.language()));
        static TSX: LazyLock<Grammar> = LazyLock::new(|| Grammar::read(Dialect::Tsx.language()));
        match dialect {
            Dialect::TypeScript => &TYPESCRIPT,
            Dialect::Tsx => &TSX,
        }
    }

    fn read(language: &'static Language) -> Self {
        let kinds = (0..language.node_kind_count()).map(|id| {
            let id = u16::try_from(id).unwrap_or(ERROR_KIND);
            Kind {
                name: language.node_kind_for_id(id).unwrap_or_default(),
                is_named: language.node_kind_is_named(id),
            }
        });
        let fields = (0..=language.field_count()).map(|id| {
            let id = u16::try_from(id).unwrap_or_default();
            language.field_name_for_id(id).unwrap_or_default()
        });
        Self {
            kinds: kinds.collect(),
            fields: fields.collect(),
        }
    }

    fn kind(&self, id: u16) -> Kind {
        self.kinds.get(usize::from(id)).copied().unwrap_or(Kind {
            name: "ERROR",
            is_named: true,
        })
    }
}

impl<'t> Tree<'t> {
    /// The tree of a text.
    pub fn read(text: &'t str, dialect: Dialect) -> Self {
        Self::clean(text, dialect).unwrap_or_else(|| Self::by_grammar(text, dialect))
    }

    /// The tree of a text without mistakes, by the fast parser; `None` for other texts, and for
    /// those that are so unlike what people write that it could take long.
    pub fn clean(text: &'t str, dialect: Dialect) -> Option<Self> {
        Some(Self {
            text,
            grammar: Grammar::of(dialect),
            nodes: clean::read(text, dialect)?,
        })
    }

    /// The tree of any text, by the grammar's parser, which reads on behind mistakes.
    pub fn by_grammar(text: &'t str, dialect: Dialect) -> Self {
        let tree = grammar::parse(text, dialect);
        Self {
            text,
            grammar: Grammar::of(dialect),
            nodes: tree.as_ref().map(entries).unwrap_or_default(),
        }
    }

    /// The text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The node of the whole text, or `None` for a text that the parser gave up on.
    pub fn root(&self) -> Option<Node<'_>> {
        self.node(0)
    }

    /// All nodes in the order of the text, each before its children.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        let indices = 0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        indices.filter_map(|index| self.node(index))
    }

    /// The innermost node of exactly a range.
    pub fn node_at(&self, range: Span) -> Option<Node<'_>> {
        // No node begins before one that comes before it.
        let first = self.nodes.partition_point(|node| node.start < range.start);
        let from_there = self
            .nodes
            .get(first..)?
            .iter()
            .take_while(|node| node.start == range.start);
        let within = from_there
            .enumerate()
            .filter(|(_, node)| node.end == range.end);
        let at = first.saturating_add(within.last()?.0);
        self.node(u32::try_from(at).ok()?)
    }

    /// The node at a place in the order of [`Tree::nodes`].
    pub fn node(&self, index: u32) -> Option<Node<'_>> {
        let entry = self.nodes.get(index as usize)?;
        Some(Node {
            nodes: &self.nodes,
            grammar: self.grammar,
            entry,
            index,
        })
    }
}

/// A node of a tree.
#[derive(Debug, Clone, Copy)]
pub struct Node<'t> {
    nodes: &'t [Entry],
    grammar: &'static Grammar,
    entry: &'t Entry,
    index: u32,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::eq(self.nodes, other.nodes)
    }
}

impl<'t> Node<'t> {
    fn at(self, index: u32) -> Option<Self> {
        let entry = self.nodes.get(index as usize)?;
        Some(Self {
            entry,
            index,
            ..self
        })
    }

    /// The name that the grammar gives to what it is.
    pub fn kind(self) -> &'static str {
        self.grammar.kind(self.entry.kind).name
    }

    /// Whether it is more than a token.
    pub fn is_named(self) -> bool {
        self.grammar.kind(self.entry.kind).is_named
    }

    /// Its range.
    pub fn span(self) -> Span {
        Span {
            start: self.entry.start,
            end: self.entry.end,
        }
    }

    /// Whether it is what does not parse.
    pub fn is_error(self) -> bool {
        self.entry.is_error
    }

    /// Whether it is a token that should stand there.
    pub fn is_missing(self) -> bool {
        self.entry.is_missing
    }

    /// Whether it, or something in it, does not parse or is missing.
    pub fn has_error(self) -> bool {
        self.entry.has_error
    }

    /// The index after the last node inside of it, in the order of [`Tree::nodes`].
    pub fn after(self) -> u32 {
        self.entry.after
    }

    /// Its place in the order of [`Tree::nodes`].
    pub fn index(self) -> u32 {
        self.index
    }

    /// The node around it.
    pub fn parent(self) -> Option<Self> {
        (self.entry.parent != self.index)
            .then(|| self.at(self.entry.parent))
            .flatten()
    }

    /// The nodes around it, from the inside out.
    pub fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), |node| node.parent())
    }

    /// What it directly holds.
    pub fn children(self) -> impl Iterator<Item = Self> {
        let after = self.entry.after;
        let within = move |index: u32| (index < after).then(|| self.at(index)).flatten();
        std::iter::successors(within(self.index.saturating_add(1)), move |node| {
            within(node.entry.after)
        })
    }

    /// What it directly holds, tokens left out.
    pub fn named_children(self) -> impl Iterator<Item = Self> {
        self.children().filter(|node| node.is_named())
    }

    /// The first of what it directly holds, tokens and comments left out.
    pub fn first_named_child(self) -> Option<Self> {
        self.named_children().find(|node| node.kind() != "comment")
    }

    /// The first of what it directly holds under the name of a field.
    pub fn child_by_field_name(self, name: &str) -> Option<Self> {
        let fields = &self.grammar.fields;
        self.children().find(|child| {
            child.entry.field != 0
                && fields
                    .get(usize::from(child.entry.field))
                    .is_some_and(|field| *field == name)
        })
    }
}

/// Walks a tree once.
fn entries(tree: &tree_sitter::Tree) -> Vec<Entry> {
    let mut cursor = tree.walk();
    let is_broken = tree.root_node().has_error();
    let mut entries: Vec<Entry> = Vec::with_capacity(tree.root_node().descendant_count());
    let mut open: Vec<u32> = Vec::new();
    let offset = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
    loop {
        let node = cursor.node();
        let index = offset(entries.len());
        entries.push(Entry {
            start: offset(node.start_byte()),
            end: offset(node.end_byte()),
            parent: open.last().copied().unwrap_or(index),
            after: index.saturating_add(1),
            kind: node.kind_id(),
            field: cursor.field_id().map_or(0, Into::into),
            is_error: is_broken && node.is_error(),
            is_missing: is_broken && node.is_missing(),
            has_error: is_broken && node.has_error(),
        });
        if cursor.goto_first_child() {
            open.push(index);
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return entries;
            }
            let after = offset(entries.len());
            if let Some(entry) = open.pop().and_then(|i| entries.get_mut(i as usize)) {
                entry.after = after;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares a node, and all in it, with the parser's own.
    fn compare(flat: Node<'_>, own: tree_sitter::Node<'_>) {
        assert_eq!(flat.kind(), own.kind());
        assert_eq!(flat.is_named(), own.is_named(), "{}", own.kind());
        assert_eq!(flat.span(), Span::new(own.start_byte(), own.end_byte()));
        assert_eq!(
            (flat.is_error(), flat.is_missing(), flat.has_error()),
            (own.is_error(), own.is_missing(), own.has_error())
        );
        for field in flat.grammar.fields.iter().filter(|name| !name.is_empty()) {
            assert_eq!(
                flat.child_by_field_name(field).map(Node::span),
                own.child_by_field_name(field)
                    .map(|child| Span::new(child.start_byte(), child.end_byte())),
                "{field} of {}",
                own.kind()
            );
        }
        let mut cursor = own.walk();
        let mut named = own.named_children(&mut cursor);
        let first = named.find(|child| child.kind() != "comment");
        assert_eq!(
            flat.first_named_child().map(Node::kind),
            first.map(|child| child.kind())
        );
        let mut cursor = own.walk();
        let children: Vec<_> = own.children(&mut cursor).collect();
        assert_eq!(flat.children().count(), children.len());
        for (flat_child, own_child) in flat.children().zip(children) {
            assert_eq!(flat_child.parent(), Some(flat));
            compare(flat_child, own_child);
        }
    }

    #[test]
    fn it_is_the_parsers_own_tree() {
        for text in [
            "",
            "\u{feff}// a\nexport default defineTable(t, { realtime: { fields: ['a', ...b] } });\n",
            "const f = async (a, { b, c: d = 1 }, ...e) => { for (const x of y) await z?.[1](x!); };",
            "enum A { B = 'b', C }\nclass D extends E<F> { static #g = <T>(h: T) => h as const; }",
            "export * as a from 'b'; export { c as default } from \"d\"; import type { e } from 'f';",
            "switch (a) { case 1: try { b() } catch { c() } finally { d() } default: break }",
            "realtime: { requiredRoles: ['reporter+' editor], fields: [ } const = ; if (",
            "abstract class A { abstract b(): void; constructor(private c = 1) { super() } }",
        ] {
            for dialect in [Dialect::TypeScript, Dialect::Tsx] {
                let own = grammar::parse(text, dialect).expect("a short text is parsed");
                let tree = Tree::by_grammar(text, dialect);
                let root = tree.root().expect("a short text is parsed");
                compare(root, own.root_node());
                assert_eq!(tree.nodes().count(), root.after() as usize);
            }
        }
    }

    #[test]
    fn ancestors_lead_to_the_root() {
        let tree = Tree::read("a(b);", Dialect::TypeScript);
        let inner = tree.nodes().filter(|n| n.kind() == "identifier").last();
        let kinds: Vec<_> = inner.unwrap().ancestors().map(Node::kind).collect();
        assert_eq!(
            kinds,
            [
                "arguments",
                "call_expression",
                "expression_statement",
                "program"
            ]
        );
    }
}
