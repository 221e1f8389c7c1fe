//! The progress bar: on a terminal, and only for work that takes a while.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::check::Progress;

/// Work that is done sooner is not worth a bar.
const PATIENCE: Duration = Duration::from_millis(400);

/// A bar on stderr that is gone when the work is done.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar if somebody watches; nothing is drawn into a pipe.
    pub fn new(wanted: bool) -> Self {
        let target = if wanted {
            // It hides itself where stderr is no terminal.
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) = ProgressStyle::with_template("checking {wide_bar} {pos}/{len}") {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Progress for Bar {
    fn add(&self, steps: usize) {
        self.0.inc_length(u64::try_from(steps).unwrap_or(u64::MAX));
    }

    fn advance(&self, steps: usize) {
        let done = u64::try_from(steps).unwrap_or(u64::MAX);
        // Drawing begins with the first step after the patience is at its end.
        if self.0.elapsed() >= PATIENCE {
            self.0.inc(done);
        } else {
            self.0
                .update(|state| state.set_pos(state.pos().saturating_add(done)));
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
