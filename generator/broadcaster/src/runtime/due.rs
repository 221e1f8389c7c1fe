//! When sockets must be looked at: an order in SQLite, an alarm for the first, and what is done when
//! it rings. The alarm is the outbox's too.
//!
//! The order is written in batches. A storage write for each step of each socket would keep
//! everybody waiting, since nothing leaves an object before what it wrote is safe: with one for
//! each, a holder takes some hundred clients a second, and a storm of them for a minute.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join;
use worker::{Delay, Result, State as Object, console_error};

use super::http::now_ms;
use super::hub::Hub;
use super::object::Parts;
use super::order::Order;
use crate::limits::Limits;
use crate::message::AuthReason;
use crate::session::{Attachment, State};
use crate::wire::Close;

/// Milliseconds for which what is to be written is collected.
const BATCH_MS: u64 = 100;
/// Milliseconds to which the alarm is rounded up.
const STEP_MS: u64 = 5_000;

/// A time to which an alarm is set for something that is due.
fn rounded(ms: u64) -> u64 {
    ms.div_ceil(STEP_MS).saturating_mul(STEP_MS)
}

/// What is known of the order beside what is written.
#[derive(Default)]
pub struct Due {
    /// What is to be written: the millisecond at which a socket must be looked at, if ever. It is
    /// lost with the object, and made up for when it wakes.
    unwritten: RefCell<BTreeMap<u64, Option<u64>>>,
    /// Whether somebody is about to write.
    is_collecting: Cell<bool>,
    /// The millisecond for which the alarm is set, if this instance has set it.
    alarm_ms: Cell<Option<u64>>,
}

impl Due {
    /// The order as an object finds it when it wakes: where it is not that of the sockets that
    /// the runtime kept, it is to be written again. A socket may be looked at too early, as one is
    /// that was heard of since, but not too late.
    pub fn wake(order: &Order, hub: &Hub, limits: &Limits) -> Result<Self> {
        let mut written = order.all()?;
        let mut unwritten = BTreeMap::new();
        for (id, at) in hub.due(limits) {
            if written.remove(&id).is_none_or(|known| known > at) {
                unwritten.insert(id, Some(at));
            }
        }
        unwritten.extend(written.into_keys().map(|id| (id, None)));
        Ok(Self {
            unwritten: RefCell::new(unwritten),
            ..Self::default()
        })
    }
}

impl Parts {
    /// Notes when a socket must be looked at; `None` is never.
    pub fn set_due(&self, id: u64, at_ms: Option<u64>) {
        self.due.unwritten.borrow_mut().insert(id, at_ms);
    }

    /// Writes what was noted, after a while in which more may come.
    pub async fn settle(&self, object: &Object) -> Result<()> {
        let is_idle = self.due.unwritten.borrow().is_empty();
        if is_idle || self.due.is_collecting.replace(true) {
            return Ok(());
        }
        Delay::from(Duration::from_millis(BATCH_MS)).await;
        self.due.is_collecting.set(false);
        self.write_due()?;
        self.schedule(object).await
    }

    fn write_due(&self) -> Result<()> {
        let unwritten = self.due.unwritten.take();
        for (id, at_ms) in unwritten {
            self.order.set(id, at_ms)?;
        }
        Ok(())
    }

    /// Sets the alarm for something that is new, unless it rings before that anyway.
    pub async fn hasten(&self, object: &Object, at_ms: u64) -> Result<()> {
        match self.due.alarm_ms.get() {
            Some(set) if set <= rounded(at_ms) => Ok(()),
            _ => self.schedule(object).await,
        }
    }

    /// Sets the alarm for the first socket that must be looked at, or holder that must be told.
    async fn schedule(&self, object: &Object) -> Result<()> {
        let unwritten = self
            .due
            .unwritten
            .borrow()
            .values()
            .copied()
            .flatten()
            .min();
        let times = [self.order.first()?, unwritten, self.outbox_due_ms()?];
        let Some(first) = times.into_iter().flatten().min() else {
            return Ok(());
        };
        let at = rounded(first);
        if self.due.alarm_ms.get() == Some(at) {
            return Ok(());
        }
        self.due.alarm_ms.set(Some(at));
        let wait = at.saturating_sub(now_ms());
        object
            .storage()
            .set_alarm(i64::try_from(wait).unwrap_or(i64::MAX))
            .await
    }

    /// What is done when the alarm rings: looks at the sockets that are due, and tells the holders
    /// that have not heard of a revocation.
    pub async fn ring(&self, object: &Object) -> Result<()> {
        self.due.alarm_ms.set(None);
        self.write_due()?;
        let (tidied, told) = join(self.tidy(object), self.empty_outbox()).await;
        tidied?;
        told?;
        self.write_due()?;
        if self.is_unused()? {
            return self.vanish(object).await;
        }
        self.schedule(object).await
    }

    /// Whether nobody with a credential has ever written anything here, and nobody is here.
    fn is_unused(&self) -> Result<bool> {
        Ok(self.store.is_unused()
            && self.hub.borrow().is_empty()
            && self.due.unwritten.borrow().is_empty()
            && self.order.first()?.is_none())
    }

    /// Deletes everything that strangers had the object keep, so that it ceases to exist. Anybody
    /// can have one made for an organization that there is not, and they would add up.
    async fn vanish(&self, object: &Object) -> Result<()> {
        // The runtime would keep the alarm, whose time has come, in a table of its own.
        object.storage().delete_alarm().await?;
        // Somebody may have come meanwhile, and has set an alarm.
        if self.is_unused()? {
            self.order.is_deleted();
            object.storage().delete_all().await?;
        }
        Ok(())
    }

    async fn tidy(&self, object: &Object) -> Result<()> {
        let now = now_ms();
        let mut keys: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for id in self.order.due(now)? {
            if let Err(error) = self.count_answered(object, id) {
                console_error!("What was heard of a socket cannot be kept: {error}");
                self.drop_socket(id, Close::TooLate);
                continue;
            }
            let attachment = self
                .hub
                .borrow_mut()
                .get_mut(id)
                .map(|entry| entry.attachment.clone());
            let Some(attachment) = attachment else {
                self.set_due(id, None);
                continue;
            };
            let idle = attachment.is_idle(now, self.limits());
            let idle = idle.then_some(Close::TooLate);
            if let Some(why) = attachment.overdue(now, self.limits()).or(idle) {
                self.end(id, why, &attachment);
                continue;
            }
            match attachment
                .live()
                .filter(|session| session.must_be_rechecked(now))
            {
                Some(session) => {
                    let key = session.identity.key.clone().unwrap_or_default();
                    keys.entry(key).or_default().push(id);
                }
                None => self.set_due(id, attachment.due_ms(self.limits())),
            }
        }
        self.recheck(keys).await;
        Ok(())
    }

    /// Counts what the runtime answered by itself as heard, where silence ends a session.
    fn count_answered(&self, object: &Object, id: u64) -> Result<()> {
        if self.limits().idle_timeout_s == 0 {
            return Ok(());
        }
        let mut hub = self.hub.borrow_mut();
        let heard = hub.get_mut(id).map(|entry| entry.attachment.heard_ms);
        match hub.answered_ms(object, id) {
            // The last message may have been another one, which came later.
            Some(at) if Some(at) > heard => hub.heard(id, at),
            _ => Ok(()),
        }
    }

    /// Ends a socket whose time is over.
    pub fn end(&self, id: u64, why: Close, attachment: &Attachment) {
        match attachment.state {
            State::Live(_) => self.drop_socket(id, why),
            State::Pending | State::Joining(_) => self.reject(id, AuthReason::Timeout, None),
        }
    }
}
