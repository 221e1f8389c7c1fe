//! How much a socket may say, be sent, and leave unacknowledged.

use std::collections::VecDeque;

use crate::limits::Limits;

/// The span in which client messages are counted, in milliseconds.
const MESSAGE_SPAN_MS: u64 = 10_000;
/// The span in which sent bytes are counted, in milliseconds.
const EGRESS_SPAN_MS: u64 = 60_000;

/// The counters of one socket. They live in memory: an object that was evicted, after some ten
/// seconds of silence, starts them anew, those of the last minute's bytes and of what is not
/// acknowledged too.
#[derive(Debug, Clone, Default)]
pub struct Traffic {
    messages: Window,
    egress: Window,
    /// The bytes of each event that the client has not acknowledged; `None` without flow control.
    unacknowledged: Option<VecDeque<u64>>,
    unacknowledged_bytes: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Window {
    since_ms: u64,
    count: u64,
}

impl Window {
    /// Counts `amount`, and says whether the window stays within `limit`. A clock that was set
    /// back begins a new window, or it would last until the clock has caught up.
    fn take(&mut self, now_ms: u64, span_ms: u64, amount: u64, limit: u64) -> bool {
        if now_ms.abs_diff(self.since_ms) >= span_ms {
            *self = Self {
                since_ms: now_ms,
                count: 0,
            };
        }
        self.count = self.count.saturating_add(amount);
        self.count <= limit
    }
}

impl Traffic {
    /// Counters that have counted nothing, with or without flow control.
    pub fn new(flow: bool) -> Self {
        Self {
            unacknowledged: flow.then(VecDeque::new),
            ..Self::default()
        }
    }

    /// Begins or ends flow control. What the client said and was sent counts on, or to change this
    /// would be a way around the limits.
    pub fn set_flow(&mut self, flow: bool) {
        if flow != self.unacknowledged.is_some() {
            self.unacknowledged = flow.then(VecDeque::new);
            self.unacknowledged_bytes = 0;
        }
    }

    /// Counts a message from the client, and says whether it may say so much.
    pub fn receive(&mut self, now_ms: u64, limits: &Limits) -> bool {
        self.messages
            .take(now_ms, MESSAGE_SPAN_MS, 1, limits.max_messages)
    }

    /// Counts an event of `bytes` bytes that is about to be sent, and says whether it may be.
    pub fn send(&mut self, now_ms: u64, bytes: u64, limits: &Limits) -> bool {
        if let Some(sizes) = &mut self.unacknowledged {
            let behind = u64::try_from(sizes.len()).unwrap_or(u64::MAX);
            // The size of this event is not asked: a client that acknowledges in time is behind by
            // a little all the same, and the next event may be of any size.
            if behind >= limits.max_unacknowledged
                || self.unacknowledged_bytes >= limits.max_unacknowledged_bytes
            {
                return false;
            }
            sizes.push_back(bytes);
            self.unacknowledged_bytes = self.unacknowledged_bytes.saturating_add(bytes);
        }
        self.egress
            .take(now_ms, EGRESS_SPAN_MS, bytes, limits.max_egress)
    }

    /// Takes an acknowledgement of `count` events, and says whether there was anything to
    /// acknowledge: one for nothing counts as a message.
    pub fn acknowledge(&mut self, count: u64) -> bool {
        let Some(sizes) = &mut self.unacknowledged else {
            return false;
        };
        let handled = usize::try_from(count)
            .unwrap_or(usize::MAX)
            .min(sizes.len());
        for bytes in sizes.drain(..handled) {
            self.unacknowledged_bytes = self.unacknowledged_bytes.saturating_sub(bytes);
        }
        handled > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{ACK_CHARACTERS, ACK_EVENTS};

    const LIMITS: Limits = Limits::DEFAULT;

    #[test]
    fn twenty_messages_in_ten_seconds() {
        let mut traffic = Traffic::new(false);
        assert!((0..20).all(|_| traffic.receive(100_000, &LIMITS)));
        assert!(!traffic.receive(109_999, &LIMITS));
        assert!(traffic.receive(110_000, &LIMITS));
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nobody_up() {
        let mut traffic = Traffic::new(false);
        assert!((0..20).all(|_| traffic.receive(9_000_000, &LIMITS)));
        assert!(!traffic.receive(9_000_000, &LIMITS));
        assert!(traffic.receive(5_400_000, &LIMITS));
    }

    #[test]
    fn bytes_are_counted_by_the_minute() {
        let limits = Limits {
            max_egress: 100,
            ..LIMITS
        };
        let mut traffic = Traffic::new(false);
        assert!(traffic.send(100_000, 60, &limits) && traffic.send(100_001, 40, &limits));
        assert!(!traffic.send(159_999, 1, &limits));
        assert!(traffic.send(160_000, 100, &limits));
    }

    #[test]
    fn a_client_with_flow_control_may_fall_behind_so_far() {
        let mut traffic = Traffic::new(true);
        assert!((0..256).all(|_| traffic.send(0, 10, &LIMITS)));
        assert!(!traffic.send(0, 10, &LIMITS));
        assert!(traffic.acknowledge(64));
        assert!((0..64).all(|_| traffic.send(0, 10, &LIMITS)));
        assert!(!traffic.send(0, 10, &LIMITS));
        assert!(traffic.acknowledge(u64::MAX) && !traffic.acknowledge(1));
    }

    #[test]
    fn bytes_are_counted_until_they_are_acknowledged() {
        let limits = Limits {
            max_unacknowledged_bytes: 100,
            ..LIMITS
        };
        let mut traffic = Traffic::new(true);
        assert!(traffic.send(0, 60, &limits));
        assert!(
            traffic.send(0, 500, &limits),
            "one event of any size, though the client may still be behind"
        );
        assert!(!traffic.send(0, 1, &limits));
        assert!(traffic.acknowledge(1) && !traffic.send(0, 1, &limits));
        assert!(traffic.acknowledge(1) && traffic.send(0, 1, &limits));
    }

    #[test]
    fn the_generated_client_is_never_too_far_behind() {
        // It acknowledges after so many events or characters; one more event is on its way then,
        // unless one alone is more than it may be behind.
        let long = 3 * (ACK_CHARACTERS - 1);
        for (bytes, count) in [(1, ACK_EVENTS + 1), (long, 3), (8 << 20, 1)] {
            let limits = Limits::TABLE.iter().fold(LIMITS, |mut limits, limit| {
                match limit.variable {
                    "MAX_UNACKNOWLEDGED" => limits.max_unacknowledged = limit.least,
                    "MAX_UNACKNOWLEDGED_BYTES" => limits.max_unacknowledged_bytes = limit.least,
                    "MAX_EGRESS" => limits.max_egress = u64::MAX,
                    _ => {}
                }
                limits
            });
            let mut traffic = Traffic::new(true);
            for _ in 0..100 {
                assert!((0..count).all(|_| traffic.send(0, bytes, &limits)));
                assert!(traffic.acknowledge(count));
            }
        }
    }

    #[test]
    fn flow_control_begins_and_ends_without_a_new_count() {
        let limits = Limits {
            max_egress: 100,
            ..LIMITS
        };
        let mut traffic = Traffic::new(false);
        for n in 0..20 {
            traffic.set_flow(n % 2 == 0);
            assert!(traffic.receive(0, &limits) && traffic.send(0, 5, &limits));
        }
        traffic.set_flow(true);
        assert!(!traffic.receive(0, &limits) && !traffic.send(0, 5, &limits));
    }

    #[test]
    fn who_keeps_flow_control_stays_as_far_behind() {
        let mut traffic = Traffic::new(true);
        assert!((0..256).all(|_| traffic.send(0, 10, &LIMITS)));
        traffic.set_flow(true);
        assert!(!traffic.send(0, 10, &LIMITS));
        traffic.set_flow(false);
        assert!(traffic.send(0, 10, &LIMITS));
        traffic.set_flow(true);
        assert!(
            !traffic.acknowledge(1),
            "what was sent before is not waited for"
        );
    }

    #[test]
    fn a_client_without_flow_control_is_never_behind() {
        let mut traffic = Traffic::new(false);
        assert!((0..10_000).all(|_| traffic.send(0, 10, &LIMITS)));
        assert!(!traffic.acknowledge(1));
    }
}
