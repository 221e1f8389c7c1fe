//! Broadcasts, on from the organization's own holder to the others.

use futures_util::future::{join, join_all};
use serde::{Deserialize, Serialize};
use worker::{Result, State as Object};

use super::fanout::Planned;
use super::http;
use super::object::Parts;
use super::store::Registered;
use crate::config::CONFIG;
use crate::holder::Holder;
use crate::wire::Delivered;

/// Milliseconds that the other holders may take.
pub const FORWARD_MS: u64 = 2_000;

/// The idempotency key of an event.
#[derive(Clone, Copy)]
pub(super) struct Key<'a> {
    pub text: &'a str,
    /// Whether the event had been taken under it before.
    pub is_again: bool,
}

/// What a holder answers of its own sockets.
#[derive(Serialize, Deserialize)]
pub(super) struct Local {
    pub delivered: u64,
    /// Whether it has any socket of the organization.
    pub holds: bool,
}

impl Parts {
    /// Passes an event to every other holder that has sockets of the organization, all at once.
    /// The alarm is set meanwhile for those that do not hear of a revocation.
    pub async fn pass_on(
        &self,
        object: &Object,
        planned: &Planned,
        body: &[u8],
        key: Option<Key<'_>>,
        local: u64,
    ) -> Result<Delivered> {
        let forwarded = self.forward(planned, body, key, local);
        if planned.revoked.is_none() {
            return forwarded.await;
        }
        let Some(at_ms) = self.outbox_due_ms()? else {
            return forwarded.await;
        };
        let (answer, set) = join(forwarded, self.hasten(object, at_ms)).await;
        set?;
        answer
    }

    async fn forward(
        &self,
        planned: &Planned,
        body: &[u8],
        key: Option<Key<'_>>,
        local: u64,
    ) -> Result<Delivered> {
        let config_hash = CONFIG.hash.to_string();
        let mut answer = Delivered {
            delivered: local,
            config_hash,
            partial: false,
        };
        let holders = self.store.holders()?;
        let calls = holders
            .iter()
            .map(|holder| http::within(FORWARD_MS, self.pass_to(holder, planned, body, key)));
        for (holder, result) in holders.iter().zip(join_all(calls).await) {
            match result {
                Ok(Ok(other)) => {
                    answer.delivered = answer.delivered.saturating_add(other.delivered);
                    if !other.holds {
                        // Only if it has not registered again since.
                        self.store.withdraw(&holder.name, holder.generation)?;
                    }
                }
                Ok(Err(_)) | Err(_) => answer.partial = true,
            }
        }
        Ok(answer)
    }

    async fn pass_to(
        &self,
        holder: &Registered,
        planned: &Planned,
        body: &[u8],
        key: Option<Key<'_>>,
    ) -> Result<Local> {
        let Registered { name, .. } = holder;
        let revoked = planned.revoked.as_deref();
        // The event of a revocation is what its holders hear of it by, where they take it.
        let own = revoked.map(|user| self.store.owed_of(name, user));
        let own = own.transpose()?.flatten();
        self.tell_revocations(name, revoked).await?;
        let holder = Holder::parse(name).ok_or("a holder without a name")?;
        let mut query = vec![("organizationId", planned.organization.as_str())];
        query.extend(key.map(|key| ("key", key.text)));
        let again = key.filter(|key| key.is_again);
        query.extend(again.map(|_| ("again", "1")));
        let by_s = match revoked.filter(|_| again.is_some()) {
            Some(user) => self.store.revoked_s(user)?,
            None => None,
        };
        let by_s = by_s.map(|by| by.to_string());
        query.extend(by_s.as_deref().map(|by| ("by", by)));
        let answer = http::ask(&self.objects, &holder, "/deliver", &query, body.to_vec()).await?;
        if answer.status != 200 {
            return Err("a holder refused an event".into());
        }
        let local = serde_json::from_str(&answer.body)?;
        if let Some(id) = own {
            self.store.heard(id)?;
        }
        Ok(local)
    }
}
