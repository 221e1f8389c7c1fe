//! Broadcasts, to the sockets that are held here.

use js_sys::JsString;
use worker::{Response, Result, State as Object, console_error};

use super::forward::{FORWARD_MS, Key, Local};
use super::http::{self, now_ms};
use super::object::Parts;
use super::store::Kept;
use crate::auth::sha256_hex;
use crate::body::Broadcast;
use crate::config::CONFIG;
use crate::delivery::{Plan, Receiver, ViewKey, Views, plan};
use crate::message::AuthMethod;
use crate::wire::{Close, Code, Refusal};

/// Milliseconds after which an event is not on its way any more.
const FLIGHT_MS: u64 = 2 * FORWARD_MS;

/// Milliseconds for which a holder that events are passed on to remembers a key after it is
/// forgotten otherwise. One that the organization's own holder has just known is still known then,
/// however long the event is on its way and whatever the clocks say.
const LONGER_MS: u64 = 60_000;

/// The most keys that are remembered though they could not be written. With so many, a holder
/// delivers nothing more under any key, until the first are as old as a key may be.
const UNKEPT: usize = 1_000;

/// An event that is read and planned.
pub(super) struct Planned {
    pub organization: String,
    plan: Plan,
    /// The user whose session tokens it revokes.
    pub revoked: Option<String>,
    /// The second of that revocation, where it comes again: who has come anew since then stays.
    by_s: Option<u64>,
}

/// The one event text of a view, as JavaScript holds it, and its bytes.
type Text = (JsString, u64);

impl Parts {
    /// Takes a broadcast for this organization: delivers it here, passes it on, and answers.
    pub async fn broadcast(
        &self,
        object: &Object,
        body: &[u8],
        organization: Option<&str>,
        key: Option<&str>,
    ) -> Result<Response> {
        let planned = match self.plan(body, organization) {
            Ok(planned) => planned,
            Err(refusal) => return http::refuse(refusal),
        };
        let Some(key) = key else {
            let local = self.deliver(&planned)?;
            let answer = self.pass_on(object, &planned, body, None, local).await?;
            return http::json(200, &serde_json::to_string(&answer)?);
        };
        let hash = sha256_hex(body);
        let flight = (planned.organization.clone(), key.to_owned());
        loop {
            if let Some(kept) = self.kept(&planned.organization, key, false)? {
                if kept.body != hash {
                    return http::refuse(conflict());
                }
                if let Some(answer) = kept.answer {
                    return http::json(200, &answer);
                }
            }
            // One that has taken longer than everything in it may has died on its way.
            let since = self.in_flight.borrow().get(&flight).copied();
            if since.is_none_or(|since| now_ms().saturating_sub(since) > FLIGHT_MS) {
                break;
            }
            worker::Delay::from(std::time::Duration::from_millis(20)).await;
        }
        self.in_flight.borrow_mut().insert(flight.clone(), now_ms());
        let answer = self.answer(object, &planned, body, key, &hash).await;
        self.in_flight.borrow_mut().remove(&flight);
        http::json(200, &answer?)
    }

    /// Delivers under a key that nobody else is delivering under now.
    async fn answer(
        &self,
        object: &Object,
        planned: &Planned,
        body: &[u8],
        key: &str,
        hash: &str,
    ) -> Result<String> {
        let organization = &planned.organization;
        let (local, is_again) = self.deliver_once(planned, key, hash, false)?;
        let passed = Some(Key {
            text: key,
            is_again,
        });
        let answer = self.pass_on(object, planned, body, passed, local).await?;
        let json = serde_json::to_string(&answer)?;
        // What some holder did not answer is asked again by the next try: under the same key it
        // can only add what was missing.
        if !answer.partial {
            self.store.answer(organization, key, &json)?;
        }
        Ok(json)
    }

    /// Takes an event that the organization's own holder passes on, perhaps again: then also the
    /// second of the revocation, if it is one.
    pub fn deliver_here(
        &self,
        body: &[u8],
        organization: Option<&str>,
        key: Option<Key<'_>>,
        by_s: Option<u64>,
    ) -> Result<Response> {
        let planned = match self.plan(body, organization) {
            Ok(planned) => Planned { by_s, ..planned },
            Err(refusal) => return http::refuse(refusal),
        };
        let delivered = match key {
            None => self.deliver(&planned)?,
            Some(Key { text, is_again }) => {
                let hash = sha256_hex(body);
                if self
                    .kept(&planned.organization, text, is_again)?
                    .is_some_and(|kept| kept.body != hash)
                {
                    return http::refuse(conflict());
                }
                self.deliver_once(&planned, text, &hash, is_again)?.0
            }
        };
        // Who passes it on takes it that all sessions have ended by now, also where the event had
        // been delivered before.
        if let Some(user) = &planned.revoked {
            self.end_sessions(&planned.organization, user, planned.by_s);
        }
        let holds = self.hub.borrow().holds(&planned.organization);
        if !holds {
            self.registered.borrow_mut().remove(&planned.organization);
        }
        http::json(200, &serde_json::to_string(&Local { delivered, holds })?)
    }

    /// What is known of a key: in time, or for an event that comes again, even a little later.
    fn kept(&self, organization: &str, key: &str, is_again: bool) -> Result<Option<Kept>> {
        let kept_ms = self.limits().idempotency_s.saturating_mul(1_000);
        let since_ms = now_ms().saturating_sub(kept_ms);
        let longer_ms = if self.holder.is_home() { 0 } else { LONGER_MS };
        let oldest_ms = since_ms.saturating_sub(longer_ms);
        let is_known = |kept: &Kept| is_again || kept.at_ms() >= since_ms;
        let unkept = (organization.to_owned(), key.to_owned());
        let mut all = self.unkept.borrow_mut();
        all.retain(|_, kept| kept.at_ms() >= oldest_ms);
        if let Some(kept) = all.get(&unkept).filter(|kept| is_known(kept)) {
            return Ok(Some(kept.clone()));
        }
        let kept = self.store.kept(organization, key, oldest_ms)?;
        Ok(kept.filter(is_known))
    }

    fn plan(
        &self,
        body: &[u8],
        organization: Option<&str>,
    ) -> std::result::Result<Planned, Refusal> {
        let broadcast = Broadcast::parse_for(body, organization, self.limits())?;
        let organization = broadcast.organization_id.clone();
        if self
            .holder
            .organization()
            .is_some_and(|here| here != organization)
        {
            let message = "This is not where the organization's sockets are.";
            return Err(Refusal::new(Code::WrongOrganization, message));
        }
        let plan = plan(&CONFIG, &broadcast)?;
        let revoked = broadcast
            .user_id
            .clone()
            .filter(|_| broadcast.is_revocation());
        Ok(Planned {
            organization,
            plan,
            revoked,
            by_s: None,
        })
    }

    /// Delivers to the sockets here, unless that has been done under this key already. The key is
    /// written in the same turn as the sends, and after them, or they would wait for the disk. An
    /// object that is reset before the key is safe takes all its sockets with it. Answers how many
    /// took it, and whether it had been delivered before.
    fn deliver_once(
        &self,
        planned: &Planned,
        key: &str,
        hash: &str,
        is_again: bool,
    ) -> Result<(u64, bool)> {
        let organization = &planned.organization;
        if let Some(kept) = self.kept(organization, key, is_again)? {
            // A count of sockets is far below 2^53.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            return Ok((kept.delivered as u64, true));
        }
        if self.unkept.borrow().len() >= UNKEPT {
            return Err("the disk does not take keys".into());
        }
        self.revoke(planned)?;
        let (delivered, failed) = self.send(planned);
        let kept = self
            .store
            .keep(organization, key, hash, delivered, now_ms());
        if let Err(error) = kept {
            console_error!("A key could not be written: {error}");
            let unkept = (organization.clone(), key.to_owned());
            self.unkept
                .borrow_mut()
                .insert(unkept, Kept::new(hash, delivered, now_ms()));
        }
        self.after(planned, failed);
        Ok((delivered, false))
    }

    fn deliver(&self, planned: &Planned) -> Result<u64> {
        self.revoke(planned)?;
        let (delivered, failed) = self.send(planned);
        self.after(planned, failed);
        Ok(delivered)
    }

    /// Writes down that the tokens are revoked that the event revokes, and which holders must hear
    /// of it, before anything is sent: a try that cannot do so has done nothing, and the next one
    /// does all.
    fn revoke(&self, planned: &Planned) -> Result<()> {
        match &planned.revoked {
            Some(user) if self.holder.is_home() => {
                let now_s = now_ms() / 1_000;
                self.store.revoke(user, now_s)?;
                self.owe(user, now_s)
            }
            _ => Ok(()),
        }
    }

    /// Sends to every socket here that gets a view of the event. Answers how many took it, and
    /// which must be closed.
    fn send(&self, planned: &Planned) -> (u64, Vec<(u64, Close)>) {
        let Planned {
            organization, plan, ..
        } = planned;
        let now = now_ms();
        let mut views: Views<'_, Text> = Views::new(plan);
        let mut delivered: u64 = 0;
        let mut failed = Vec::new();
        let mut hub = self.hub.borrow_mut();
        if !plan.is_sent() {
            return (0, failed);
        }
        for (roles, ids) in hub.live(organization) {
            // What the sockets of one set of roles get differs only by what their user owns.
            let mut texts: [Option<Option<Text>>; 4] = Default::default();
            for id in ids {
                let Some(entry) = hub.get_mut(id) else {
                    continue;
                };
                let Some(session) = entry.attachment.live() else {
                    continue;
                };
                let identity = &session.identity;
                if identity.organization_id != *organization {
                    continue;
                }
                let user_id = identity.user_id.as_deref();
                if plan.user_id().is_some_and(|target| user_id != Some(target)) {
                    continue;
                }
                if let Some(why) = entry.attachment.overdue(now, self.limits()) {
                    failed.push((id, why));
                    continue;
                }
                let (owns_new, owns_old) = plan.owns(user_id);
                let at = usize::from(owns_new) + 2 * usize::from(owns_old);
                let Some(slot) = texts.get_mut(at) else {
                    continue;
                };
                let text = slot.get_or_insert_with(|| {
                    let view = plan.view(Receiver {
                        user_id,
                        roles: &roles,
                    })?;
                    Some(text_of(&mut views, view))
                });
                let Some((text, bytes)) = text else {
                    continue;
                };
                if !entry.traffic.send(now, *bytes, self.limits()) {
                    failed.push((id, Close::TooMuch));
                } else if entry.send(text).is_ok() {
                    delivered = delivered.saturating_add(1);
                } else {
                    failed.push((id, Close::TooLate));
                }
            }
        }
        (delivered, failed)
    }

    /// Forgets a socket and closes it, in the same turn. That a lobby holds nobody any more, its
    /// answer to the broadcast says.
    fn discard(&self, organization: &str, id: u64, why: Close) {
        self.hub.borrow_mut().close(id, why);
        self.set_due(id, None);
        if !self.hub.borrow().holds(organization) {
            self.registered.borrow_mut().remove(organization);
        }
    }

    /// Closes the sockets that failed, and those whose tokens the event revokes.
    fn after(&self, planned: &Planned, failed: Vec<(u64, Close)>) {
        for (id, why) in failed {
            self.discard(&planned.organization, id, why);
        }
        if let Some(user) = &planned.revoked {
            self.end_sessions(&planned.organization, user, planned.by_s);
        }
    }

    /// Closes the sockets of a user's sessions: all of them, or those that were open by a second or
    /// whose tokens had been issued by then, as who is told late spares whoever has come anew.
    pub fn end_sessions(&self, organization: &str, user: &str, by_s: Option<u64>) {
        let sockets = self.hub.borrow().sockets_of(organization, user);
        for id in sockets {
            let has_ended = self.hub.borrow_mut().get_mut(id).is_some_and(|entry| {
                let attachment = &entry.attachment;
                let identity = attachment.session().map(|session| &session.identity);
                // A socket that an API key has opened may be about to become a session's.
                let methods = [identity.map(|identity| identity.method), entry.announced];
                let issued_s = identity.and_then(|identity| identity.issued);
                let was_there = |by: u64| {
                    attachment.opened_ms / 1_000 <= by || issued_s.is_none_or(|issued| issued <= by)
                };
                methods.contains(&Some(AuthMethod::Session)) && by_s.is_none_or(was_there)
            });
            if has_ended {
                self.discard(organization, id, Close::Expired);
            }
        }
    }
}

fn conflict() -> Refusal {
    Refusal::new(
        Code::Conflict,
        "The idempotency key was used with another body.",
    )
}

fn text_of(views: &mut Views<'_, Text>, view: ViewKey) -> Text {
    let text = views.get(view, |json| {
        let bytes = u64::try_from(json.len()).unwrap_or(u64::MAX);
        (JsString::from(json), bytes)
    });
    text.clone()
}
