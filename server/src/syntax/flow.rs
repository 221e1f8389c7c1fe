//! What a function does in which order, as far as certain calls and writes to a database go.
//!
//! A write is `db.insert(t)`, `.update(t)` or `.delete(t)`; which table `t` is, is not decided here.
//! The callback of a transaction belongs to the function that starts it; any other function inside
//! a function has a flow of its own, and runs nobody knows when.

use rustc_hash::FxHashSet;

use super::Tree;
use super::value::Value;
use crate::span::Span;

mod reader;
#[cfg(test)]
mod tests;

/// The order of one function, or of the file's top level.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// What it does.
    pub steps: Vec<Step>,
}

/// One thing that a function does.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// One of the calls that were asked for, by its range.
    Call(Span),
    /// A write to a table.
    Write(Write),
    /// Something that may write to any table.
    Opaque,
    /// Writes of an inner function, which may have run or not.
    Deferred(Vec<Write>),
    /// One of several ways.
    Branch(Vec<Vec<Step>>),
    /// The cases of a `switch`, each of which goes on into the next.
    Switch {
        /// What the cases do.
        cases: Vec<Vec<Step>>,
        /// Whether one of them is taken for certain.
        has_default: bool,
    },
    /// Something that is done any number of times.
    Loop(Vec<Step>),
    /// `try`.
    Try {
        /// What is tried.
        body: Vec<Step>,
        /// `catch`.
        handler: Option<Vec<Step>>,
        /// `finally`.
        finalizer: Vec<Step>,
    },
    /// A function that is run here and now: what it returns from is itself.
    Inline(Vec<Step>),
    /// The end of the function: `return`, `throw`.
    Return,
    /// The end of a loop or a `switch`.
    Break,
    /// The end of one turn of a loop.
    Continue,
}

/// A write to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    /// The call, up to the table.
    pub span: Span,
    /// What is done.
    pub kind: WriteKind,
    /// The table.
    pub table: Value,
    /// Whether what it is called on looks like a database by its name.
    pub on_database: bool,
    /// Whether it inserts or changes, as it turns out: `onConflictDoUpdate` and its like.
    pub is_upsert: bool,
}

/// What a write does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteKind {
    /// `db.insert(t)`.
    Insert,
    /// `db.update(t)`.
    Update,
    /// `db.delete(t)`.
    Delete,
}

/// The flow of each function that holds one of the calls, which are given by their ranges.
pub fn flows(tree: &Tree<'_>, calls: &FxHashSet<Span>) -> Vec<Flow> {
    tree.root()
        .map(|root| reader::read(root, tree.text(), calls))
        .unwrap_or_default()
}

/// Collects the calls, those of inner functions left out.
pub fn collect_calls(steps: &[Step], calls: &mut Vec<Span>) {
    for step in steps {
        match step {
            Step::Call(span) => calls.push(*span),
            Step::Branch(ways) | Step::Switch { cases: ways, .. } => {
                ways.iter().for_each(|way| collect_calls(way, calls));
            }
            Step::Loop(steps) | Step::Inline(steps) => collect_calls(steps, calls),
            Step::Try {
                body,
                handler,
                finalizer,
            } => {
                collect_calls(body, calls);
                collect_calls(handler.as_deref().unwrap_or_default(), calls);
                collect_calls(finalizer, calls);
            }
            Step::Write(_) | Step::Opaque | Step::Deferred(_) => {}
            Step::Return | Step::Break | Step::Continue => {}
        }
    }
}

/// Collects all writes, and answers whether something may write to any table.
pub fn collect_writes(steps: &[Step], writes: &mut Vec<Write>) -> bool {
    let mut opaque = false;
    for step in steps {
        match step {
            Step::Write(write) => writes.push(write.clone()),
            Step::Deferred(inner) => writes.extend_from_slice(inner),
            Step::Opaque => opaque = true,
            Step::Branch(ways) | Step::Switch { cases: ways, .. } => {
                for way in ways {
                    opaque |= collect_writes(way, writes);
                }
            }
            Step::Loop(steps) | Step::Inline(steps) => opaque |= collect_writes(steps, writes),
            Step::Try {
                body,
                handler,
                finalizer,
            } => {
                opaque |= collect_writes(body, writes);
                opaque |= collect_writes(handler.as_deref().unwrap_or_default(), writes);
                opaque |= collect_writes(finalizer, writes);
            }
            Step::Call(_) | Step::Return | Step::Break | Step::Continue => {}
        }
    }
    opaque
}
