//! A disk that fails: something happens at the n-th operation of this thread.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

/// What happens at an operation.
#[derive(Clone)]
pub(in super::super) enum Fault {
    /// It fails.
    Refused(io::ErrorKind),
    /// It fails, and so does every later one of the same name.
    Broken(io::ErrorKind),
    /// The process ends: neither this operation nor a later one reaches the disk.
    Killed,
    /// Somebody else does something before it.
    Meanwhile(Rc<dyn Fn()>),
}

#[derive(Default)]
struct Plan {
    /// The operation at which something happens, from 0, and what.
    fault: Option<(usize, Fault)>,
    /// The operations so far.
    done: Vec<&'static str>,
}

thread_local! {
    static PLAN: RefCell<Plan> = RefCell::default();
}

/// Runs something with a fault at its `at`-th operation, and answers the operations that it tried.
pub(in super::super) fn with<T>(
    at: usize,
    fault: Fault,
    run: impl FnOnce() -> T,
) -> (T, Vec<&'static str>) {
    PLAN.set(Plan {
        fault: Some((at, fault)),
        done: Vec::new(),
    });
    let result = run();
    (result, PLAN.take().done)
}

/// What becomes of an operation. An error says whether a part of it may have been done.
pub(super) fn before(what: &'static str) -> Result<(), (io::Error, bool)> {
    let (fault, at, number) = PLAN.with_borrow_mut(|plan| {
        plan.done.push(what);
        let (at, fault) = plan.fault.clone().unzip();
        // An operation like the first that broke is broken too.
        let is_like = at.is_some_and(|at| plan.done.get(at) == Some(&what));
        let fault = match fault {
            Some(Fault::Broken(kind)) if is_like => Some(Fault::Broken(kind)),
            Some(Fault::Broken(_)) => None,
            other => other,
        };
        (fault, at.unwrap_or(usize::MAX), plan.done.len() - 1)
    });
    let is_first = number == at;
    match fault {
        Some(Fault::Refused(kind)) if is_first => Err((kind.into(), true)),
        Some(Fault::Broken(kind)) if number >= at => Err((kind.into(), is_first)),
        Some(Fault::Killed) if number >= at => Err((io::Error::other("killed"), is_first)),
        Some(Fault::Meanwhile(act)) if is_first => {
            act();
            Ok(())
        }
        _ => Ok(()),
    }
}
