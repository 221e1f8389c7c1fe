//! What one file says that matters here, with ranges; nothing of other files.

mod definitions;
mod helper;
mod suppression;

use std::path::Path;
use std::sync::Arc;

use generator::artifact;
use memchr::memmem;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::document::{Dialect, Document};
use crate::span::Span;
use crate::syntax::flow::{self, Flow};
use crate::syntax::value::{Call, ValueKind};
use crate::syntax::{self, Import, Led, Module, Outside, Scopes, Tree};
pub use definitions::{Definition, DefinitionKind, Named, QUICKBACK_MODULES, may_lead};
pub use helper::{FACTORY, HelperCall};
pub use suppression::{SUPPRESSION, Suppression};

/// At most this many syntax errors of a file are kept: one is reported.
const MAX_ERRORS: usize = 64;

/// The facts of one file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FileFacts {
    /// The text that all ranges mean.
    pub text: Arc<str>,
    /// Imports and exports.
    pub module: Module,
    /// Names and what they stand for.
    pub scopes: Scopes,
    /// Calls of Quickback's own functions, in the order of the text.
    pub definitions: Vec<Definition>,
    /// Calls on what `createRealtime` returned.
    pub helper_calls: Vec<HelperCall>,
    /// What the functions that hold calls of `insert`, `update` or `delete` do in which order.
    pub flows: Vec<Flow>,
    /// Where the comments are, in order.
    pub comments: Box<[Span]>,
    /// Suppression comments.
    pub suppressions: Vec<Suppression>,
    /// Where the text does not parse, in order.
    pub errors: Vec<Span>,
    /// Whether the file says that it is generated: then nothing in it is anybody's mistake, but what
    /// it defines is defined.
    pub generated: bool,
}

impl FileFacts {
    /// Reads a text from the disk.
    pub fn of_text(text: &str, path: &Path) -> Self {
        Self::read(&text.into(), Dialect::of_path(path))
    }

    /// Reads a document.
    pub fn of(document: &Document) -> Self {
        Self::read(document.text(), document.dialect())
    }

    fn read(text: &Arc<str>, dialect: Dialect) -> Self {
        // Nothing that definitions say is in what follows from them, and to read megabytes of it
        // at each save would take seconds.
        if is_generated(text) && artifact::is_ours(text) {
            return Self {
                text: Arc::clone(text),
                generated: true,
                ..Self::default()
            };
        }
        Self::of_tree(text, &Tree::read(text, dialect))
    }

    /// The definitions that are called by names which only other files say to be Quickback's: `named`
    /// answers the name there of an import, or of a member of one.
    pub fn definitions_through(&self, dialect: Dialect, named: Named<'_>) -> Vec<Definition> {
        let tree = Tree::read(&self.text, dialect);
        definitions::definitions(&tree, &self.module, &self.scopes, named)
    }

    /// What changes in other files lead to in this one, for each of them; `None` where it would take
    /// too long to tell.
    pub fn led(&self, dialect: Dialect, changed: &[Outside]) -> Vec<Option<Led>> {
        self.scopes.led(&Tree::read(&self.text, dialect), changed)
    }

    /// What leads to the values of names: see [`Scopes::holders`].
    pub fn holders(&self, dialect: Dialect, declared: &[Span], imports: &[SmolStr]) -> Vec<Span> {
        let tree = Tree::read(&self.text, dialect);
        self.scopes.holders(&tree, declared, imports)
    }

    /// The import of `createRealtime` whose helper a function of this file answers, where that is
    /// called by `name` at `offset`, in bytes.
    pub fn helper_made_by(&self, name: &str, offset: u32) -> Option<&Import> {
        helper::made_by(name, offset, &self.module, &self.scopes)
    }

    /// Reads the tree of a text.
    pub fn of_tree(text: &Arc<str>, tree: &Tree<'_>) -> Self {
        let module = syntax::module(tree);
        let scopes = Scopes::of(tree);
        let definitions =
            definitions::definitions(tree, &module, &scopes, &definitions::quickback_name);
        let helper_calls = helper::helper_calls(tree, &module, &scopes);
        let comments = syntax::comments(tree);
        Self {
            generated: is_generated(text),
            flows: flows(tree, &helper_calls),
            suppressions: suppression::all(text, &comments),
            comments,
            errors: syntax::errors(tree, MAX_ERRORS),
            text: Arc::clone(text),
            module,
            scopes,
            definitions,
            helper_calls,
        }
    }
}

impl FileFacts {
    /// The call of one of Quickback's functions that is the file's default export, or that a constant
    /// holds which is, with the function's name.
    pub fn exported_call(&self) -> Option<(SmolStr, &Call)> {
        let mut default = self.module.default.as_deref()?;
        if let ValueKind::Ident(name) = &default.kind {
            let binding = self.scopes.lookup(name, default.span.start)?;
            default = binding.value.as_deref()?;
        }
        let call = default.as_call()?;
        let name = definitions::called_name(&call.callee, &self.module, &self.scopes)?;
        Some((name, call))
    }
}

/// Whether a text can hold anything that matters, judged by its bytes alone. What is dismissed
/// here is never parsed, unless another file follows a name into it: so are generated files, of
/// which our own is the largest file of most projects.
pub fn may_matter(text: &[u8]) -> bool {
    const NEEDLES: [&str; 6] = [
        FACTORY,
        "defineRealtime",
        "defineTable",
        "defineResource",
        "feature",
        SUPPRESSION,
    ];
    NEEDLES
        .iter()
        .any(|needle| memmem::find(text, needle.as_bytes()).is_some())
        && !text
            .utf8_chunks()
            .next()
            .is_some_and(|first| is_generated(first.valid()))
}

/// Whether the first comment of a text says that it is generated.
pub fn is_generated(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let mut rest = start;
    loop {
        rest = rest.trim_start();
        let comment = if let Some(line) = rest.strip_prefix("//") {
            line.split(['\n', '\r']).next().unwrap_or_default()
        } else if let Some(block) = rest.strip_prefix("/*") {
            block.split("*/").next().unwrap_or_default()
        } else {
            return false;
        };
        if comment.contains("Generated by") {
            return true;
        }
        // Past the two characters that open the comment, and those that close a block.
        let closing = if rest.starts_with("/*") { 2 } else { 0 };
        rest = rest.get(2 + comment.len() + closing..).unwrap_or_default();
    }
}

/// The flows of the functions that hold calls about tables; other files need none.
fn flows(tree: &Tree<'_>, calls: &[HelperCall]) -> Vec<Flow> {
    let spans: FxHashSet<Span> = calls
        .iter()
        .filter(|call| {
            matches!(
                call.path.as_slice(),
                [(method, _)] if matches!(method.as_str(), "insert" | "update" | "delete")
            )
        })
        .map(|call| call.expression.value.span)
        .collect();
    if spans.is_empty() {
        return Vec::new();
    }
    flow::flows(tree, &spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> FileFacts {
        FileFacts::of_text(text, Path::new("a.ts"))
    }

    #[test]
    fn a_generated_file_says_so_in_its_first_comments() {
        assert!(is_generated(
            "\u{feff}/* eslint-disable */\n// Generated by Quickback\nx"
        ));
        assert!(!is_generated("import x;\n// Generated by Quickback"));
        assert!(!is_generated("/* open"));
        let ours = facts("// Generated by quickback-realtime from this\nexport const a = {");
        assert!(ours.generated && ours.errors.is_empty());
        // What others generate is read: a table that is defined there is the project's.
        let theirs = facts(
            "// Generated by plop, then edited by hand\n\
             import { feature } from '@quickback/compiler';\n\
             export default feature('claims', {});",
        );
        assert!(theirs.generated && theirs.definitions.len() == 1);
        // What is no UTF-8 further down does not hide it.
        let text = b"// Generated by Quickback\nexport const createRealtime = '\xff';";
        assert!(!may_matter(text));
        assert!(may_matter(&text[3..]));
    }
}
