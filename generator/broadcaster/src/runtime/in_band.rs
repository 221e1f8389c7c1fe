//! What clients say over their sockets, and who they are found to be.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use js_sys::JsString;
use worker::wasm_bindgen_futures::spawn_local;
use worker::{WebSocket, WebSocketIncomingMessage};

use super::http::{self, now_ms};
use super::hub::{self, Hub};
use super::object::{Parts, Registration, RegistrationNumber, Withdrawal};
use super::proof;
use crate::auth::Identity;
use crate::holder::Holder;
use crate::limits::Limits;
use crate::message::{Auth, AuthMethod, AuthReason, ClientMessage, ServerMessage};
use crate::session::{Attachment, Session, State};
use crate::wire::Close;

/// Milliseconds that an organization's own holder may take to register another.
const REGISTER_MS: u64 = 5_000;
/// Milliseconds after which no more keys are asked about until the sockets have been looked at that
/// are due by then: while an alarm is at work, none rings for a session that ends, and is to be
/// closed within ten seconds. The last ones may take twice as long: to wait for a turn, and for an
/// answer.
const RECHECK_MS: u64 = 3_000;

impl Parts {
    /// Takes a message from a client.
    pub async fn hear(&self, ws: &WebSocket, message: WebSocketIncomingMessage) {
        let Some(id) = self.hub.borrow().id_of(ws) else {
            // A socket without a usable attachment belongs to nobody.
            hub::close(ws, Close::NotAuthenticated);
            return;
        };
        let now = now_ms();
        let message = match &message {
            WebSocketIncomingMessage::String(text) => ClientMessage::parse(text, self.limits()),
            WebSocketIncomingMessage::Binary(bytes)
                if bytes.len() > Limits::size(self.limits().max_frame) =>
            {
                Err(Close::TooLarge)
            }
            WebSocketIncomingMessage::Binary(_) => Err(Close::BadMessage),
        };
        let (attachment, may) = {
            let mut hub = self.hub.borrow_mut();
            let Some(entry) = hub.get_mut(id) else {
                return;
            };
            let is_due = matches!(message, Ok(ClientMessage::Ack(count)) if entry.traffic.acknowledge(count));
            let may = is_due || entry.traffic.receive(now, self.limits());
            (entry.attachment.clone(), may)
        };
        if let Some(why) = attachment.overdue(now, self.limits()) {
            return self.end(id, why, &attachment);
        }
        if !may {
            return self.drop_socket(id, Close::TooMuch);
        }
        if self.limits().idle_timeout_s > 0 && self.hub.borrow_mut().heard(id, now).is_err() {
            return self.drop_socket(id, Close::BadMessage);
        }
        let is_pending = matches!(attachment.state, State::Pending);
        match message {
            Ok(ClientMessage::Auth(auth)) => self.judge(id, &attachment, auth).await,
            Ok(ClientMessage::Ping) => self.say(id, &ServerMessage::Pong),
            Ok(ClientMessage::Ack(_)) if !is_pending => {}
            // The first message must be `auth`.
            Ok(ClientMessage::Ack(_) | ClientMessage::Unknown) if is_pending => {
                self.reject(id, AuthReason::BadMessage, None);
            }
            Ok(ClientMessage::Ack(_) | ClientMessage::Unknown) => self.complain(id),
            Err(Close::BadMessage) if is_pending => {
                self.reject(id, AuthReason::BadMessage, None);
            }
            Err(why) => self.drop_socket(id, why),
        }
    }

    /// Judges an `auth`, and lets the socket in or closes it.
    async fn judge(&self, id: u64, attachment: &Attachment, auth: Auth) {
        let is_judged = {
            let mut hub = self.hub.borrow_mut();
            hub.get_mut(id)
                .is_none_or(|entry| std::mem::replace(&mut entry.is_judged, true))
        };
        if is_judged {
            return self.complain(id);
        }
        let result = self.prove(id, attachment, auth).await;
        if let Some(entry) = self.hub.borrow_mut().get_mut(id) {
            entry.is_judged = false;
        }
        if let Err(reason) = result {
            let why = attachment.session().map(|_| Close::NotAuthenticated);
            self.reject(id, reason, why);
        }
    }

    async fn prove(
        &self,
        id: u64,
        attachment: &Attachment,
        auth: Auth,
    ) -> std::result::Result<(), AuthReason> {
        let organization = &auth.organization_id;
        let here = self.holder.organization();
        let expected = attachment.expected.as_ref();
        if !Holder::can_be_of(organization, self.limits())
            || here.is_some_and(|here| here != organization)
            || expected.is_some_and(|expected| expected != organization)
        {
            return Err(AuthReason::WrongOrganization);
        }
        let identity = proof::prove(&self.settings, &self.checks, &auth.token).await?;
        if identity.organization_id != *organization {
            return Err(AuthReason::WrongOrganization);
        }
        // Nobody could send to such a user, nor end their session.
        let is_too_long = |user: &String| user.len() > Limits::size(self.limits().max_id);
        if identity.user_id.as_ref().is_some_and(is_too_long) {
            return Err(AuthReason::Invalid);
        }
        if let Some(session) = attachment.session() {
            let before = &session.identity;
            if before.organization_id != identity.organization_id {
                return Err(AuthReason::WrongOrganization);
            }
            // A socket is one user's for as long as it lives.
            if before.user_id != identity.user_id {
                return Err(AuthReason::Invalid);
            }
        }
        self.admit(
            id,
            Session::new(identity, auth.flow, now_ms(), self.limits()),
        )
        .await
    }

    /// Makes a socket a subscriber: first in its attachment, then at its organization, then live.
    ///
    /// # Errors
    /// Why it cannot be one. A socket that has gone meanwhile is no error.
    pub async fn admit(&self, id: u64, session: Session) -> std::result::Result<(), AuthReason> {
        let identity = session.identity.clone();
        let is_live = {
            let mut hub = self.hub.borrow_mut();
            let Some(entry) = hub.get_mut(id) else {
                return Ok(());
            };
            let is_live = entry.attachment.live().is_some();
            if !is_live {
                self.has_room(&hub, &identity)?;
                let state = State::Joining(session.clone());
                hub.set(id, state).map_err(|_| AuthReason::Invalid)?;
            }
            if let Some(entry) = hub.get_mut(id) {
                entry.announced = Some(identity.method);
            }
            is_live
        };
        let told = self.announce(id, &identity).await;
        if let Some(entry) = self.hub.borrow_mut().get_mut(id) {
            entry.announced = None;
        }
        told?;
        // Ended while its organization was told.
        if session.has_expired(now_ms()) {
            return Err(AuthReason::Expired);
        }
        {
            let mut hub = self.hub.borrow_mut();
            // Closed or revoked while its organization was told.
            let still = hub.get_mut(id).is_some_and(|entry| {
                entry.attachment.session().is_some() && entry.attachment.live().is_some() == is_live
            });
            if !still {
                return Ok(());
            }
            hub.set(id, State::Live(session))
                .map_err(|_| AuthReason::Invalid)?;
        }
        let due = {
            let mut hub = self.hub.borrow_mut();
            hub.get_mut(id)
                .and_then(|entry| entry.attachment.due_ms(self.limits()))
        };
        self.set_due(id, due);
        let success = ServerMessage::AuthSuccess {
            organization_id: &identity.organization_id,
            user_id: identity.user_id.as_deref(),
            role: &identity.roles.join(","),
            roles: &identity.roles,
            auth_method: identity.method,
        };
        self.say(id, &success);
        Ok(())
    }

    /// Whether one more socket of somebody may be let in.
    fn has_room(&self, hub: &Hub, identity: &Identity) -> std::result::Result<(), AuthReason> {
        let organization = &identity.organization_id;
        let mine = match &identity.user_id {
            Some(user) => hub.count_of(organization, user),
            None => 0,
        };
        // A lobby is everybody's, and must not become one organization's.
        let ours = match self.holder.organization() {
            Some(_) => 0,
            None => hub.size_of(organization),
        };
        let is_full = hub.authenticated() >= Limits::size(self.limits().max_sockets)
            || ours >= Limits::size(self.limits().max_lobby_sockets)
            || mine >= Limits::size(self.limits().max_user_sockets);
        if is_full {
            Err(AuthReason::TooMany)
        } else {
            Ok(())
        }
    }

    /// Tells an organization's own holder that a socket of it is held here.
    async fn announce(&self, id: u64, identity: &Identity) -> std::result::Result<(), AuthReason> {
        let organization = &identity.organization_id;
        let registration = Registration {
            holder: self.holder.to_string(),
            known: self.registered.borrow().get(organization).copied(),
            session: identity
                .user_id
                .clone()
                .filter(|_| identity.method == AuthMethod::Session)
                .map(|user| (user, identity.issued)),
        };
        if self.holder.is_home() {
            return match self.is_revoked(&registration) {
                Ok(false) => Ok(()),
                Ok(true) => Err(AuthReason::Expired),
                Err(_) => Err(AuthReason::Unavailable),
            };
        }
        let home = Holder::of(organization);
        let call = http::tell(&self.objects, &home, "/register", &registration);
        let answer = match http::within(REGISTER_MS, call).await {
            Ok(Ok(answer)) if answer.status == 200 => answer.body,
            Ok(Ok(answer)) if answer.status == 401 => return Err(AuthReason::Expired),
            _ => return Err(AuthReason::Unavailable),
        };
        let RegistrationNumber { generation } =
            serde_json::from_str(&answer).map_err(|_| AuthReason::Unavailable)?;
        // Only a socket that was here all the while proves that somebody was.
        if self.hub.borrow_mut().get_mut(id).is_some() {
            let mut registered = self.registered.borrow_mut();
            let last = registered.entry(organization.clone()).or_insert(generation);
            *last = last.max(generation);
        }
        Ok(())
    }

    /// Asks about the API keys of live sockets again; each key once. Those for which there is no
    /// time or no turn stay due.
    pub async fn recheck(&self, keys: BTreeMap<String, Vec<u64>>) {
        let keys: Vec<(String, Vec<u64>)> = keys.into_iter().collect();
        // The other half is for those who come meanwhile.
        let at_once = Limits::size(self.limits().max_key_checks / 2).max(1);
        let begin = now_ms();
        for chunk in keys.chunks(at_once) {
            if now_ms().saturating_sub(begin) > RECHECK_MS {
                break;
            }
            let ask = |key| proof::api_key_again(&self.settings, &self.checks, key);
            let answers = join_all(chunk.iter().map(|(key, _)| ask(key))).await;
            for ((key, ids), answer) in chunk.iter().zip(answers) {
                let Some(answer) = answer else {
                    continue;
                };
                for id in ids {
                    self.renew(*id, key, answer.clone());
                }
            }
        }
    }

    /// Renews the session of a socket by what was answered about its key.
    fn renew(&self, id: u64, key: &str, answer: std::result::Result<Identity, AuthReason>) {
        let session = {
            let mut hub = self.hub.borrow_mut();
            hub.get_mut(id)
                .and_then(|entry| entry.attachment.live().cloned())
        };
        let Some(mut session) = session else {
            return self.set_due(id, None);
        };
        // It has shown something else since.
        if session.identity.key.as_deref() != Some(key) {
            return;
        }
        let same = |identity: &Identity| {
            identity.organization_id == session.identity.organization_id
                && identity.user_id == session.identity.user_id
        };
        match answer {
            Ok(identity) if same(&identity) => {
                let flow = session.flow;
                session = Session::new(identity, flow, now_ms(), self.limits());
                let due = {
                    let mut hub = self.hub.borrow_mut();
                    let kept = hub.set(id, State::Live(session));
                    let entry = hub.get_mut(id).filter(|_| kept.is_ok());
                    entry.map(|entry| entry.attachment.due_ms(self.limits()))
                };
                match due {
                    Some(due) => self.set_due(id, due),
                    None => self.drop_socket(id, Close::NotAuthenticated),
                }
            }
            Err(AuthReason::Unavailable) => self.drop_socket(id, Close::Unavailable),
            _ => self.drop_socket(id, Close::Expired),
        }
    }

    /// Sends a message that is no event. A socket that does not take it is gone.
    fn say(&self, id: u64, message: &ServerMessage<'_>) {
        let text = JsString::from(message.to_json());
        let is_gone = match self.hub.borrow_mut().get_mut(id) {
            Some(entry) => entry.send(&text).is_err(),
            None => false,
        };
        if is_gone {
            self.drop_socket(id, Close::TooLate);
        }
    }

    /// Says that a message means nothing here.
    fn complain(&self, id: u64) {
        let reason = AuthReason::BadMessage;
        self.say(id, &ServerMessage::Error { reason });
    }

    /// Says why an `auth` failed, and closes the socket.
    pub fn reject(&self, id: u64, reason: AuthReason, why: Option<Close>) {
        self.say(id, &ServerMessage::AuthError { reason });
        self.drop_socket(id, why.unwrap_or(reason.close()));
    }

    /// Forgets a socket and closes it.
    pub fn drop_socket(&self, id: u64, why: Close) {
        let gone = self.hub.borrow_mut().close(id, why);
        self.clean_up(id, gone.as_ref());
    }

    /// Forgets a socket that is gone.
    pub fn forget(&self, ws: &WebSocket) {
        let gone = self.hub.borrow_mut().remove(ws);
        if let Some(attachment) = gone {
            self.clean_up(attachment.id, Some(&attachment));
        }
    }

    fn clean_up(&self, id: u64, gone: Option<&Attachment>) {
        self.set_due(id, None);
        let Some(session) = gone.and_then(Attachment::session) else {
            return;
        };
        let organization = &session.identity.organization_id;
        if !self.holder.is_home() && !self.hub.borrow().holds(organization) {
            self.withdraw_from(organization);
        }
    }

    /// Tells an organization that nobody of it is held here any more. It is not waited for, or an
    /// organization that does not answer would hold up whatever else must be done, such as to close
    /// the next socket. A withdrawal that is lost or not sent only costs a call: the holder answers
    /// the next broadcast by saying that it has nobody.
    fn withdraw_from(&self, organization: &str) {
        let Some(generation) = self.registered.borrow_mut().remove(organization) else {
            return;
        };
        let withdrawal = Withdrawal {
            holder: self.holder.to_string(),
            generation,
        };
        let (objects, home) = (self.objects.clone(), Holder::of(organization));
        spawn_local(async move {
            let call = http::tell(&objects, &home, "/withdraw", &withdrawal);
            let _lost = http::within(REGISTER_MS, call).await;
        });
    }
}
