//! What a check of one file has asked for: what it depends on besides the file itself.
//!
//! It is noted where a project answers, not where rules ask, so that no rule can forget to say so.
//! Everything that is asked while it is noted has to be asked on one thread: the index, which is
//! read on all of them, is made before.

use std::cell::RefCell;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::span::FileId;

/// A name that files of a project give, defined or not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum GivenName {
    /// Of a table.
    Table(SmolStr),
    /// Of a namespace.
    Namespace(SmolStr),
}

/// What was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace {
    /// The files whose facts or meaning were asked for.
    pub files: FxHashSet<FileId>,
    /// The names that were looked up: whoever gives one of them matters.
    pub names: FxHashSet<GivenName>,
    /// Whether the names of all the project were asked for.
    pub all_names: bool,
}

thread_local! {
    static TRACE: RefCell<Option<Trace>> = const { RefCell::new(None) };
}

/// Runs `ask` and answers what it has asked projects for on this thread.
pub fn traced<T>(ask: impl FnOnce() -> T) -> (T, Trace) {
    TRACE.with_borrow_mut(|trace| *trace = Some(Trace::default()));
    // A panic leaves the trace of this thread open, which the next one begins anew.
    let answer = ask();
    let trace = TRACE.take().unwrap_or_default();
    (answer, trace)
}

/// Notes something that was asked for, if anybody wants to know.
pub fn note(asked: impl FnOnce(&mut Trace)) {
    TRACE.with_borrow_mut(|trace| {
        if let Some(trace) = trace {
            asked(trace);
        }
    });
}
