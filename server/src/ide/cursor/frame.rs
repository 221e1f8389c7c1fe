//! Brackets, and what stands in them.

use crate::span::Span;

/// A bracket, open or closed, or the file itself.
#[derive(Debug, Clone)]
pub struct Frame {
    /// What kind of bracket.
    pub bracket: Bracket,
    /// Where it opens.
    pub open: u32,
    /// The index of the bracket around it.
    pub parent: Option<usize>,
    /// The key of the object around it that this is the value of.
    pub key: Option<Word>,
    /// How many commas stand before it in the bracket around it: the index of the argument.
    pub index: usize,
    /// Of arguments and subscripts: the path of what is called, `["realtime", "insert"]`. What a
    /// call returned ends in `()`.
    pub callee: Vec<Word>,
    /// Of arguments: the name of the `const` that the call is the value of.
    pub assigned: Option<Word>,
    /// Of an object: its keys.
    pub keys: Vec<Word>,
    /// Of a list or arguments: the strings directly in it, with the number of commas before each.
    pub strings: Vec<(usize, Word)>,
    /// Of a list or arguments: the names that are items by themselves.
    pub names: Vec<(usize, Word)>,
}

/// What kind of bracket a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bracket {
    /// The whole file.
    File,
    /// `{` of an object.
    Object,
    /// `{` of statements.
    Block,
    /// `[` of a list.
    Array,
    /// `[` after a value.
    Subscript,
    /// `(` after a value: arguments.
    Arguments,
    /// Any other `(`.
    Group,
    /// `${` in a template.
    Template,
}

/// A name or the content of a string, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The text.
    pub text: String,
    /// Its range, of a string without the quotes.
    pub span: Span,
}

/// What stands in a bracket since the last comma.
#[derive(Debug, Clone, Default)]
pub struct Slot {
    /// How many commas stand before.
    pub index: usize,
    /// The key, once its colon has been seen.
    pub key: Option<Word>,
    /// A word or string that may become a key.
    pub(super) candidate: Option<Word>,
    /// The tokens since the comma, or since the key's colon.
    pub tokens: usize,
    /// The first words, of a statement.
    pub words: Vec<Word>,
    /// Question marks that wait for their colon.
    pub(super) ternaries: usize,
}

impl Frame {
    /// The path of what a closed call or subscript gives.
    pub(super) fn path_after(&self) -> Vec<Word> {
        let mut path = self.callee.clone();
        match self.bracket {
            Bracket::Arguments => {
                if let Some(last) = path.last_mut() {
                    last.text.push_str("()");
                }
            }
            Bracket::Subscript => match self.strings.as_slice() {
                [(0, word)] => path.push(word.clone()),
                _ => path.clear(),
            },
            _ => path.clear(),
        }
        path
    }
}
