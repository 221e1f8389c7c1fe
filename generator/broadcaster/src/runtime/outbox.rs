//! Revocations that an organization's own holder has written down and another holder has not
//! heard of yet. It is told of them before it is sent anything else, so that no event overtakes
//! the revocation of somebody who would receive it, and by the alarm where nothing else is sent.

use std::cell::Cell;

use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use worker::{Response, Result, console_error};

use super::http::{self, now_ms};
use super::object::Parts;
use crate::holder::Holder;

/// Milliseconds that another holder may take to hear of them.
const TELL_MS: u64 = 2_000;
/// Milliseconds after which a holder that did not hear of them is told again.
const RETRY_MS: u64 = 5_000;
/// Milliseconds to which that grows, doubled after each round in which somebody did not hear.
const MAX_RETRY_MS: u64 = 300_000;
/// How many are told at a time. With ids of the greatest length they fit into a message.
const BATCH: u64 = 100;

/// When holders are told again.
pub struct Outbox {
    /// The millisecond of the next round; `None` until somebody asks.
    next_ms: Cell<Option<u64>>,
    wait_ms: Cell<u64>,
}

impl Default for Outbox {
    fn default() -> Self {
        Self {
            next_ms: Cell::new(None),
            wait_ms: Cell::new(RETRY_MS),
        }
    }
}

/// Whose sessions have ended, and at which second.
#[derive(Serialize, Deserialize)]
pub(super) struct Revocations {
    organization: String,
    users: Vec<(String, u64)>,
}

impl Parts {
    /// Writes down what every other holder that has sockets of this organization must hear of.
    pub fn owe(&self, user: &str, now_s: u64) -> Result<()> {
        self.store.owe(user, now_s)?;
        self.outbox.wait_ms.set(RETRY_MS);
        let next = now_ms().saturating_add(RETRY_MS);
        self.outbox.next_ms.set(Some(next));
        Ok(())
    }

    /// The millisecond at which some holder must be told, if any.
    pub fn outbox_due_ms(&self) -> Result<Option<u64>> {
        if self.store.owed_holders()?.is_empty() {
            return Ok(None);
        }
        let next = self.outbox.next_ms.get();
        let next = next.unwrap_or_else(|| now_ms().saturating_add(RETRY_MS));
        self.outbox.next_ms.set(Some(next));
        Ok(Some(next))
    }

    /// Tells a holder of every revocation that it has not heard of, but for that of one user.
    ///
    /// # Errors
    /// When it may not have heard of all of them.
    pub async fn tell_revocations(&self, name: &str, but: Option<&str>) -> Result<()> {
        let holder = Holder::parse(name).ok_or("a holder without a name")?;
        loop {
            let owed = self.store.owed(name, but.unwrap_or_default(), BATCH)?;
            if owed.is_empty() {
                return Ok(());
            }
            let organization = self.holder.organization().unwrap_or_default().to_owned();
            let users = owed
                .iter()
                .map(|owed| (owed.user.clone(), owed.at_s()))
                .collect();
            let revocations = Revocations {
                organization,
                users,
            };
            let answer = http::tell(&self.objects, &holder, "/revoke", &revocations).await?;
            if answer.status != 200 {
                return Err("a holder did not take a revocation".into());
            }
            for owed in owed {
                self.store.heard(owed.id)?;
            }
        }
    }

    /// Tells every holder what it has not heard of, where it is time.
    pub async fn empty_outbox(&self) -> Result<()> {
        let now = now_ms();
        // An object that has just woken does not know, and tells at once.
        if self.outbox.next_ms.get().is_some_and(|at| at > now) {
            return Ok(());
        }
        // Whose session could still live is not older.
        let since_s = (now / 1_000).saturating_sub(self.limits().max_token_age);
        self.store.forget_owed(since_s)?;
        let holders = self.store.owed_holders()?;
        if holders.is_empty() {
            return Ok(());
        }
        let calls = holders
            .iter()
            .map(|name| http::within(TELL_MS, self.tell_revocations(name, None)));
        let heard = join_all(calls)
            .await
            .into_iter()
            .filter(|told| matches!(told, Ok(Ok(()))))
            .count();
        let wait = if heard < holders.len() {
            console_error!("A holder could not be told of a revocation; it is told again");
            self.outbox
                .wait_ms
                .get()
                .saturating_mul(2)
                .min(MAX_RETRY_MS)
        } else {
            RETRY_MS
        };
        self.outbox.wait_ms.set(wait);
        self.outbox.next_ms.set(Some(now_ms().saturating_add(wait)));
        Ok(())
    }

    /// Hears of revocations from the organization's own holder.
    pub fn hear_revocations(&self, revocations: &Revocations) -> Result<Response> {
        for (user, at_s) in &revocations.users {
            self.end_sessions(&revocations.organization, user, Some(*at_s));
        }
        http::json(200, "{}")
    }
}
