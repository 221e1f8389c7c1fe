//! The parser of the grammar, which reads on behind mistakes.

use std::cell::RefCell;
use std::ops::ControlFlow;

use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

use crate::document::Dialect;

/// How many times tree-sitter may report progress on one file. It reports about every hundred
/// operations; the largest file that a person would write stays far below. What is cut off here
/// is the quadratic recovery from garbage, which would otherwise hold the server for minutes.
const PROGRESS_BUDGET: u32 = 2_000_000;

/// Parses a text. `None` if the text takes more work than any real file would, which only garbage
/// does.
pub fn parse(text: &str, dialect: Dialect) -> Option<Tree> {
    thread_local! {
        // A parser keeps what it has allocated, so each thread keeps its parser.
        static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
    }
    PARSER.with_borrow_mut(|parser| {
        parser.set_language(dialect.language()).ok()?;
        let tree = parse_with(parser, text);
        // Without this, a text that was given up would be taken up again with the next one.
        parser.reset();
        tree
    })
}

fn parse_with(parser: &mut Parser, text: &str) -> Option<Tree> {
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
        None,
        Some(ParseOptions::new().progress_callback(&mut progress)),
    )
}
