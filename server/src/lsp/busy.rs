//! What is not left half-done when the server ends: whoever saves and quits has the files of that
//! save, and none that were being written.

use std::time::Duration;

use tokio::sync::watch;

/// How long the end of the server waits for it. An editor kills a server that takes two seconds.
pub const PATIENCE: Duration = Duration::from_millis(1_500);

/// Counts what is under way, from the save that asks for it on.
#[derive(Clone)]
pub struct Busy(watch::Sender<usize>);

/// Something that is under way until this is dropped.
pub struct Work(watch::Sender<usize>);

impl Default for Busy {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Busy {
    /// Something begins.
    pub fn begin(&self) -> Work {
        self.0.send_modify(|count| *count = count.saturating_add(1));
        Work(self.0.clone())
    }

    /// Waits until nothing is under way, but no longer than [`PATIENCE`].
    pub async fn done(&self) {
        let mut count = self.0.subscribe();
        let done = count.wait_for(|count| *count == 0);
        // Who is not done by then is ended with the process, as by a kill.
        let _late = tokio::time::timeout(PATIENCE, done).await;
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}
