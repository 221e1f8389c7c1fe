//! The parser of the grammar, which reads on behind mistakes.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

use crate::document::Dialect;

/// How many times tree-sitter may report progress on one file. It reports about every hundred
/// operations; the largest file that a person would write stays far below. What is cut off here
/// is the quadratic recovery from garbage, which would otherwise hold the server for minutes.
const PROGRESS_BUDGET: u32 = 2_000_000;

/// How many bytes it is handed at once.
const PIECE: usize = 4096;

/// How many pieces it may ask for, besides one for each so many bytes. Where a comment, a string or a
/// pattern is not closed, it reads on to the end of the text to find that out, and does so again at
/// the next: what people write, mistakes included, takes one piece for some 1,000 bytes.
const PIECES: usize = 1024;
const BYTES_PER_PIECE: usize = 64;

/// How many reports are not many, besides one for each so many bytes that were read. Behind a
/// mistake some operations take longer the more has been read, which no number of operations tells;
/// where that happens they are ten times more than in what people write, which takes one report for
/// some 200 bytes.
const REPORTS: usize = 500;
const BYTES_PER_REPORT: usize = 100;

/// How long a text with a mistake may take that takes many reports. Some that people write do, as
/// long lists of numbers, but these take no such time.
const PATIENCE: Duration = Duration::from_secs(2);

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
    let bytes = text.as_bytes();
    let begun = Instant::now();
    let (mut spent, pieces) = (0_u32, Cell::new(0_usize));
    let most = PIECES.saturating_add(bytes.len() / BYTES_PER_PIECE);
    let mut progress = |state: &ParseState| {
        spent = spent.saturating_add(1);
        let usual = REPORTS.saturating_add(state.current_byte_offset() / BYTES_PER_REPORT);
        let is_slow = state.has_error() && spent as usize > usual && begun.elapsed() > PATIENCE;
        if spent > PROGRESS_BUDGET || pieces.get() > most || is_slow {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let tree = parser.parse_with_options(
        &mut |offset, _| {
            pieces.set(pieces.get().saturating_add(1));
            // Where it is given up, it shall come to the end.
            let rest = if pieces.get() > most {
                None
            } else {
                bytes.get(offset..)
            };
            let rest = rest.unwrap_or_default();
            rest.get(..PIECE).unwrap_or(rest)
        },
        None,
        Some(ParseOptions::new().progress_callback(&mut progress)),
    );
    tree.filter(|_| pieces.get() <= most)
}
