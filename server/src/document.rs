//! A text that is open in an editor, followed through its edits.

use std::sync::{Arc, LazyLock};

use ropey::Rope;
use tree_sitter::Language;

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

/// One change of a text: what is replaced (all of it where `None`) and by what.
#[derive(Debug, Clone)]
pub struct Change {
    /// The replaced range, or `None` for the whole text.
    pub range: Option<(LineColumn, LineColumn)>,
    /// The new text.
    pub text: String,
}

/// A text, as a rope and in one piece.
///
/// No tree is kept with it. What reads most texts begins anew faster than the grammar's parser
/// follows an edit; and what that one makes of a text with a mistake depends on the tree that it
/// begins with, where all that is shown has to depend on the text alone.
#[derive(Debug, Clone)]
pub struct Document {
    rope: Rope,
    text: Arc<str>,
    dialect: Dialect,
}

impl Document {
    /// Takes up a whole text.
    pub fn new(text: &str, dialect: Dialect) -> Self {
        Self {
            rope: Rope::from_str(text),
            text: text.into(),
            dialect,
        }
    }

    /// Applies changes in order. Positions outside of the text are taken as its nearest end.
    pub fn edit(&mut self, changes: &[Change], encoding: Encoding) {
        for change in changes {
            match change.range {
                None => self.rope = Rope::from_str(&change.text),
                Some((from, to)) => {
                    let start = position::offset(&self.rope, from, encoding);
                    let end = position::offset(&self.rope, to, encoding).max(start);
                    let from = self.rope.byte_to_char(start as usize);
                    let to = self.rope.byte_to_char(end as usize);
                    self.rope.remove(from..to);
                    self.rope.insert(from, &change.text);
                }
            }
        }
        self.text = self.rope.to_string().into();
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
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_are_counted_in_the_units_of_the_client() {
        let mut document =
            Document::new("const a = 1;\r\nconst é = \"😀x\";\n", Dialect::TypeScript);
        let at = |line, column| LineColumn { line, column };
        let change = |from, to, text: &str| Change {
            range: Some((from, to)),
            text: text.into(),
        };
        document.edit(&[change(at(1, 6), at(1, 7), "b, c")], Encoding::Utf16);
        assert_eq!(
            &**document.text(),
            "const a = 1;\r\nconst b, c = \"😀x\";\n"
        );
        document.edit(&[change(at(1, 16), at(1, 17), "y")], Encoding::Utf16);
        assert_eq!(
            &**document.text(),
            "const a = 1;\r\nconst b, c = \"😀y\";\n"
        );
        document.edit(&[change(at(1, 18), at(1, 19), "z")], Encoding::Utf8);
        assert_eq!(
            &**document.text(),
            "const a = 1;\r\nconst b, c = \"😀z\";\n"
        );
        let whole = Change {
            range: None,
            text: "x".into(),
        };
        document.edit(&[whole, change(at(0, 1), at(9, 9), "y")], Encoding::Utf16);
        assert_eq!(&**document.text(), "xy");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn text_and_rope_stay_the_same(
            edits in prop::collection::vec(((0u32..6, 0u32..30), (0u32..6, 0u32..30), "[a-z{}\\[\\]\",:é😀\r\n ]{0,6}"), 1..12)
        ) {
            let source = "export default defineTable(t, {\n  realtime: { enabled: true,\r\n    fields: [\"id\", \"é\"] },\n});\n";
            let mut document = Document::new(source, Dialect::TypeScript);
            for ((l1, c1), (l2, c2), text) in edits {
                let (a, b) = (LineColumn { line: l1, column: c1 }, LineColumn { line: l2, column: c2 });
                let change = Change { range: Some((a.min(b), a.max(b))), text };
                document.edit(&[change], Encoding::Utf16);
                prop_assert_eq!(&**document.text(), document.rope().to_string());
            }
        }
    }
}
