//! A text and its syntax tree, kept in step through edits.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use ropey::Rope;
use tree_sitter::{InputEdit, Language, ParseOptions, ParseState, Parser, Point, Tree};

use crate::position::{self, Encoding, LineColumn};

/// Which grammar a file is read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// TypeScript, and JavaScript, without JSX.
    TypeScript,
    /// With JSX.
    Tsx,
}

impl Dialect {
    /// The dialect that a file's name asks for.
    pub fn of_path(path: &std::path::Path) -> Self {
        match path.extension().and_then(|e| e.to_str()) {
            Some("tsx" | "jsx" | "js" | "mjs" | "cjs") => Self::Tsx,
            _ => Self::TypeScript,
        }
    }

    /// Its grammar.
    pub fn language(self) -> &'static Language {
        static TYPESCRIPT: LazyLock<Language> =
            LazyLock::new(|| tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into());
        static TSX: LazyLock<Language> =
            LazyLock::new(|| tree_sitter_typescript::LANGUAGE_TSX.into());
        match self {
            Self::TypeScript => &TYPESCRIPT,
            Self::Tsx => &TSX,
        }
    }
}

/// How many times tree-sitter may report progress on one file. It reports about every hundred
/// operations; the largest file that a person would write stays far below. What is cut off here
/// is the quadratic recovery from garbage, which would otherwise hold the server for minutes.
const PROGRESS_BUDGET: u32 = 2_000_000;

/// One change of a text: what is replaced (all of it where `None`) and by what.
#[derive(Debug, Clone)]
pub struct Change {
    /// The replaced range, or `None` for the whole text.
    pub range: Option<(LineColumn, LineColumn)>,
    /// The new text.
    pub text: String,
}

/// A text and its tree.
#[derive(Debug, Clone)]
pub struct Document {
    rope: Rope,
    text: Arc<str>,
    tree: Option<Tree>,
    dialect: Dialect,
}

impl Document {
    /// Reads a whole text.
    pub fn new(text: &str, dialect: Dialect) -> Self {
        Self {
            rope: Rope::from_str(text),
            text: text.into(),
            tree: parse(text, dialect, None),
            dialect,
        }
    }

    /// Applies changes in order and parses again what they touched. Positions outside of the text
    /// are taken as its nearest end.
    pub fn edit(&mut self, changes: &[Change], encoding: Encoding) {
        for change in changes {
            match change.range {
                None => {
                    self.rope = Rope::from_str(&change.text);
                    self.tree = None;
                }
                Some((from, to)) => {
                    let start = position::offset(&self.rope, from, encoding);
                    let end = position::offset(&self.rope, to, encoding).max(start);
                    self.replace(start as usize, end as usize, &change.text);
                }
            }
        }
        self.text = self.rope.to_string().into();
        self.tree = parse(&self.text, self.dialect, self.tree.as_ref());
        // Recovery from errors may go another way when it starts from an old tree. What is shown
        // must depend on the text alone, so a broken text is read afresh.
        if self
            .tree
            .as_ref()
            .is_some_and(|tree| tree.root_node().has_error())
        {
            self.tree = parse(&self.text, self.dialect, None);
        }
    }

    fn replace(&mut self, start: usize, end: usize, text: &str) {
        let start_point = point(&self.rope, start);
        let old_end_point = point(&self.rope, end);
        let (from, to) = (self.rope.byte_to_char(start), self.rope.byte_to_char(end));
        self.rope.remove(from..to);
        self.rope.insert(from, text);
        let new_end = start.saturating_add(text.len());
        if let Some(tree) = &mut self.tree {
            tree.edit(&InputEdit {
                start_byte: start,
                old_end_byte: end,
                new_end_byte: new_end,
                start_position: start_point,
                old_end_position: old_end_point,
                new_end_position: point(&self.rope, new_end),
            });
        }
    }

    /// The text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The text as a rope, for positions.
    pub fn rope(&self) -> &Rope {
        &self.rope
    }

    /// The grammar that it is read with.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The tree, or `None` for a text that the parser gave up on.
    pub fn tree(&self) -> Option<&Tree> {
        self.tree.as_ref()
    }
}

/// Parses a text, reusing what an edited `old` tree still holds true. `None` if the text takes
/// more work than any real file would, which only garbage does.
pub fn parse(text: &str, dialect: Dialect, old: Option<&Tree>) -> Option<Tree> {
    thread_local! {
        // A parser keeps what it has allocated, so each thread keeps its parser.
        static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
    }
    PARSER.with_borrow_mut(|parser| {
        parser.set_language(dialect.language()).ok()?;
        let tree = parse_with(parser, text, old);
        // Without this, a text that was given up would be taken up again with the next one.
        parser.reset();
        tree
    })
}

fn parse_with(parser: &mut Parser, text: &str, old: Option<&Tree>) -> Option<Tree> {
    let mut spent = 0_u32;
    let mut progress = |_: &ParseState| {
        spent += 1;
        if spent > PROGRESS_BUDGET {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let bytes = text.as_bytes();
    parser.parse_with_options(
        &mut |offset, _| bytes.get(offset..).unwrap_or_default(),
        old,
        Some(ParseOptions::new().progress_callback(&mut progress)),
    )
}

/// A byte offset as tree-sitter counts it: rows end at `\n` alone, columns are bytes.
fn point(rope: &Rope, offset: usize) -> Point {
    let before = rope.byte_slice(..offset.min(rope.len_bytes()));
    let mut row = 0;
    let mut last = 0;
    let mut at = 0;
    for chunk in before.chunks() {
        for newline in memchr::memchr_iter(b'\n', chunk.as_bytes()) {
            row += 1;
            last = at + newline + 1;
        }
        at += chunk.len();
    }
    Point::new(row, before.len_bytes().saturating_sub(last))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sexp(document: &Document) -> String {
        document
            .tree()
            .map(|t| t.root_node().to_sexp())
            .unwrap_or_default()
    }

    #[test]
    fn an_edit_equals_a_fresh_parse() {
        let mut document = Document::new("const a = 1;\r\nconst é = \"x\";\n", Dialect::TypeScript);
        let at = |line, column| LineColumn { line, column };
        let change = Change {
            range: Some((at(1, 6), at(1, 7))),
            text: "b, c".into(),
        };
        document.edit(&[change], Encoding::Utf16);
        assert_eq!(&**document.text(), "const a = 1;\r\nconst b, c = \"x\";\n");
        assert_eq!(
            sexp(&document),
            sexp(&Document::new(document.text(), Dialect::TypeScript))
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn random_edits_equal_a_fresh_parse(
            edits in prop::collection::vec(((0u32..6, 0u32..30), (0u32..6, 0u32..30), "[a-z{}\\[\\]\",:é😀\r\n ]{0,6}"), 1..12)
        ) {
            let source = "export default defineTable(t, {\n  realtime: { enabled: true,\r\n    fields: [\"id\", \"é\"] },\n});\n";
            let mut document = Document::new(source, Dialect::TypeScript);
            for ((l1, c1), (l2, c2), text) in edits {
                let (a, b) = (LineColumn { line: l1, column: c1 }, LineColumn { line: l2, column: c2 });
                let change = Change { range: Some((a.min(b), a.max(b))), text };
                document.edit(&[change], Encoding::Utf16);
                let fresh = Document::new(document.text(), Dialect::TypeScript);
                prop_assert_eq!(&**document.text(), document.rope().to_string());
                prop_assert_eq!(sexp(&document), sexp(&fresh));
            }
        }
    }
}
