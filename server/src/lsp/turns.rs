//! Work that many requests ask for at the same time, as one for every letter that is typed.

use std::sync::Arc;

use tokio::sync::Mutex;

/// Lets one work at a time. Work that has begun goes on where who asked for it has gone, as who
/// types on cancels what was asked before: those who wait find it done.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<()>>);

impl Turns {
    /// Waits for its turn and until the work is done, which has to see for itself what of it has been
    /// done by others meanwhile.
    pub async fn take(&self, work: impl Future<Output = ()> + Send + 'static) {
        let turn = Arc::clone(&self.0).lock_owned().await;
        let working = tokio::spawn(async move {
            work.await;
            drop(turn);
        });
        // A panic has been reported where it happened.
        working.await.ok();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

    use tokio::sync::Notify;
    use tokio::task::yield_now;

    use super::*;

    #[derive(Default)]
    struct Walks {
        begun: AtomicUsize,
        is_done: AtomicBool,
        may_end: Notify,
    }

    async fn walk(walks: Arc<Walks>) {
        if !walks.is_done.load(SeqCst) {
            walks.begun.fetch_add(1, SeqCst);
            walks.may_end.notified().await;
            walks.is_done.store(true, SeqCst);
        }
    }

    #[tokio::test]
    async fn who_waits_finds_done_what_a_cancelled_request_began() {
        let (turns, walks) = (Turns::default(), Arc::<Walks>::default());
        let ask = || {
            let (turns, walks) = (turns.clone(), Arc::clone(&walks));
            tokio::spawn(async move { turns.take(walk(walks)).await })
        };
        let first = ask();
        while walks.begun.load(SeqCst) == 0 {
            yield_now().await;
        }
        first.abort();
        assert!(first.await.is_err_and(|error| error.is_cancelled()));
        let others = [ask(), ask(), ask(), ask()];
        for _ in 0..20 {
            yield_now().await;
        }
        assert_eq!(walks.begun.load(SeqCst), 1);
        walks.may_end.notify_one();
        for other in others {
            other.await.unwrap();
        }
        assert_eq!(walks.begun.load(SeqCst), 1);
    }
}
