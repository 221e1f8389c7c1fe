//! The tree of a text without mistakes, by a parser that is many times faster.
//!
//! oxc's parser reads what is right and says where something is not; it keeps no tree of what is
//! wrong. Its tree is laid out here as the grammar's parser would have it, as far as anybody asks
//! for it: the same kinds, fields, ranges and nesting, comments included. What one of the two
//! cannot tell as the other does is left to the grammar's parser.

mod classes;
mod comments;
mod declarations;
mod expressions;
mod functions;
mod jsx;
mod literals;
mod members;
mod modules;
mod names;
mod patterns;
mod queries;
mod semicolon;
mod statements;
mod types;
mod writer;

use std::cell::RefCell;

use oxc_allocator::Allocator;
use oxc_ast::ast::Comment;
use oxc_parser::Parser;
use oxc_span::SourceType;

use super::{Entry, guard};
use crate::document::Dialect;
use names::Numbers;
use writer::Writer;

/// The most bytes that a thread keeps for the next text.
const KEPT: usize = 8 << 20;

/// The nodes of a text, or `None` for one that does not parse, or that is not ordinary.
pub(super) fn read(text: &str, dialect: Dialect) -> Option<Vec<Entry>> {
    let stack = guard::stack(text)?;
    stacker::maybe_grow(stack, stack, || parse(text, dialect))
}

fn parse(text: &str, dialect: Dialect) -> Option<Vec<Entry>> {
    thread_local! {
        // What is allocated for one text serves the next one too.
        static ALLOCATOR: RefCell<Allocator> = RefCell::new(Allocator::new());
    }
    ALLOCATOR.with_borrow_mut(|allocator| {
        let nodes = parse_in(allocator, text, dialect);
        if allocator.capacity() > KEPT {
            *allocator = Allocator::new();
        } else {
            allocator.reset();
        }
        nodes
    })
}

fn parse_in(allocator: &Allocator, text: &str, dialect: Dialect) -> Option<Vec<Entry>> {
    // Where a text may be a module or none, oxc reads what may be awaited a second time, and forgets
    // the mistakes behind it. What only a script may say is left to the grammar.
    let source_type = match dialect {
        Dialect::TypeScript => SourceType::ts(),
        Dialect::Tsx => SourceType::tsx(),
    }
    .with_module(true);
    let parsed = Parser::new(allocator, text, source_type).parse();
    if parsed.panicked || !parsed.diagnostics.is_empty() {
        return None;
    }
    let program = &parsed.program;
    let comments: &[Comment] = &program.comments;
    // Those of HTML, which the grammar has under another name.
    let is_common = |comment: &Comment| {
        let own = text.get(comment.span.start as usize..);
        own.is_some_and(|own| own.starts_with('/'))
    };
    if !comments.iter().all(is_common) {
        return None;
    }
    let numbers = Numbers::of(dialect);
    let mut writer = Writer::new(text, numbers, comments);
    writer.program(program);
    let nodes = writer.finish()?;
    comments::are_all(text, comments, &nodes, numbers).then_some(nodes)
}
