//! Computing without the session's lock.
//!
//! A request works on a [`Snapshot`] and on projects that go on following the typing, so what it
//! computes may be half from before a change and half from after. Nobody ever sees that: what was
//! overtaken by a change is computed again.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::session::Session;
use super::snapshot::Snapshot;

/// How often an answer may be overtaken before the changes have to wait for it.
const TRIES: usize = 4;

/// The session, also after a panic of one that held it: every change of it is one step.
pub fn lock(session: &Mutex<Session>) -> MutexGuard<'_, Session> {
    session.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Computes something from the session at one moment.
pub fn consistently<T>(session: &Mutex<Session>, compute: impl Fn(&Snapshot) -> T) -> T {
    for _ in 0..TRIES {
        if let Some(answer) = unless_overtaken(session, &compute) {
            return answer;
        }
    }
    let session = lock(session);
    compute(session.now())
}

/// The same; `None` if the session has changed meanwhile.
pub fn unless_overtaken<T>(
    session: &Mutex<Session>,
    compute: impl Fn(&Snapshot) -> T,
) -> Option<T> {
    let snapshot = lock(session).now().clone();
    let answer = compute(&snapshot);
    (lock(session).now().revision == snapshot.revision).then_some(answer)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn change(session: &Mutex<Session>) {
        lock(session).change_client(|client| client.snippets = !client.snippets);
    }

    #[test]
    fn what_was_overtaken_by_a_change_is_computed_again() {
        let session = Mutex::default();
        let tries = Cell::new(0);
        let seen = consistently(&session, |now| {
            tries.set(tries.get() + 1);
            if tries.get() < 3 {
                change(&session);
            }
            now.client.snippets
        });
        assert_eq!((tries.get(), seen), (3, false));
    }

    #[test]
    fn in_the_end_the_changes_wait() {
        let session = Mutex::default();
        let tries = Cell::new(0);
        consistently(&session, |_| {
            tries.set(tries.get() + 1);
            match session.try_lock() {
                Ok(guard) => drop(guard),
                Err(_) => return,
            }
            change(&session);
        });
        assert_eq!(tries.get(), TRIES + 1);
        assert!(unless_overtaken(&session, |_| change(&session)).is_none());
    }
}
