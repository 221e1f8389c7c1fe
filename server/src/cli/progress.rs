//! The progress bar: on a terminal, and only for work that takes a while.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::check::Progress;

/// Work that is done sooner is not worth a bar.
const PATIENCE: Duration = Duration::from_millis(400);

/// A bar on stderr that is gone when the work is done.
pub struct Bar {
    bar: ProgressBar,
    /// Whether it is drawn once the patience is at its end, and has not been yet.
    waits: AtomicBool,
}

impl Bar {
    /// A bar if somebody watches; nothing is drawn into a pipe.
    pub fn new(wanted: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("checking {wide_bar} {pos}/{len}") {
            bar.set_style(style);
        }
        Self {
            bar,
            waits: AtomicBool::new(wanted),
        }
    }

    /// Lets it be seen if the work takes long. It hides itself where stderr is no terminal.
    fn show_when_late(&self) {
        if self.bar.elapsed() >= PATIENCE && self.waits.swap(false, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Progress for Bar {
    fn add(&self, steps: usize) {
        self.show_when_late();
        self.bar
            .inc_length(u64::try_from(steps).unwrap_or(u64::MAX));
    }

    fn advance(&self, steps: usize) {
        self.show_when_late();
        self.bar.inc(u64::try_from(steps).unwrap_or(u64::MAX));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
