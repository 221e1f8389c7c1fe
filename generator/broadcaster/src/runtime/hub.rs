//! The sockets of a holder in memory: rebuilt from their attachments whenever it wakes.

use std::collections::{BTreeMap, BTreeSet};

use js_sys::JsString;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use worker::{Result, State as Object, WebSocket, web_sys};

use crate::closing::{self, Closing};
use crate::limits::Limits;
use crate::message::AuthMethod;
use crate::session::{Attachment, State};
use crate::traffic::Traffic;
use crate::wire::Close;

#[wasm_bindgen]
extern "C" {
    /// A socket that takes a text that JavaScript holds already.
    type Sink;

    #[wasm_bindgen(method, catch)]
    fn send(this: &Sink, text: &JsString) -> std::result::Result<(), JsValue>;

    /// The object's state, by the one method of it that `worker` does not have.
    type Answers;

    #[wasm_bindgen(method, catch, js_name = getWebSocketAutoResponseTimestamp)]
    fn answered(
        this: &Answers,
        ws: &web_sys::WebSocket,
    ) -> std::result::Result<Option<js_sys::Date>, JsValue>;
}

/// One socket.
pub struct Entry {
    ws: WebSocket,
    /// What it carries through hibernation.
    pub attachment: Attachment,
    /// What it said and was sent.
    pub traffic: Traffic,
    /// Whether an `auth` of it is being judged.
    pub is_judged: bool,
    /// How the subscription was proven that its organization is being told of.
    pub announced: Option<AuthMethod>,
}

impl Entry {
    /// Sends a text, without converting it again for each socket.
    ///
    /// # Errors
    /// When the socket is gone.
    pub fn send(&self, text: &JsString) -> Result<()> {
        let sink: &Sink = self.ws.as_ref().unchecked_ref();
        Ok(sink.send(text)?)
    }
}

/// Every socket of a holder, and which of them receive the events of an organization.
#[derive(Default)]
pub struct Hub {
    entries: BTreeMap<u64, Entry>,
    /// By organization and roles: those that share both share every view but their owner's.
    live: BTreeMap<String, BTreeMap<Vec<String>, BTreeSet<u64>>>,
    /// By organization and user, those that have authenticated but are not live yet included.
    /// Keys without a user stand together under `None`.
    members: BTreeMap<String, BTreeMap<Option<String>, BTreeSet<u64>>>,
    /// How many those are, by organization.
    sizes: BTreeMap<String, usize>,
    unauthenticated: usize,
    /// How many of those only wait until their organization has been told.
    joining: usize,
    closing: Closing,
    last_id: u64,
}

impl Hub {
    /// The sockets that the runtime kept. Those without a usable attachment are refused.
    pub fn wake(object: &Object) -> Result<Self> {
        let mut hub = Self::default();
        for socket in object.as_raw().get_websockets()? {
            let ws = WebSocket::from(socket);
            let is_open = ws.as_ref().ready_state() == web_sys::WebSocket::OPEN;
            match attachment(&ws) {
                Some(attachment) if is_open && !attachment.closed => hub.insert(ws, attachment),
                Some(attachment) => {
                    hub.last_id = hub.last_id.max(attachment.id);
                    hub.closing.insert(&attachment);
                }
                None => close(&ws, Close::NotAuthenticated),
            }
        }
        Ok(hub)
    }

    /// A number for a new socket, larger than any before.
    pub fn next_id(&mut self, now_ms: u64) -> u64 {
        self.last_id = self
            .last_id
            .saturating_add(1)
            .max(now_ms.saturating_mul(1_000));
        self.last_id
    }

    /// Takes a socket in whose attachment has been written.
    pub fn insert(&mut self, ws: WebSocket, attachment: Attachment) {
        let flow = attachment.session().is_some_and(|session| session.flow);
        let id = attachment.id;
        self.last_id = self.last_id.max(id);
        let traffic = Traffic::new(flow);
        self.index(&attachment);
        self.entries.insert(
            id,
            Entry {
                ws,
                attachment,
                traffic,
                is_judged: false,
                announced: None,
            },
        );
    }

    /// The number of a socket that the runtime hands in; `None` if it is not held any more.
    pub fn id_of(&self, ws: &WebSocket) -> Option<u64> {
        let id = attachment(ws)?.id;
        self.entries.contains_key(&id).then_some(id)
    }

    /// A socket by its number.
    pub fn get_mut(&mut self, id: u64) -> Option<&mut Entry> {
        self.entries.get_mut(&id)
    }

    /// Writes a new state into the attachment of a socket, then into the index.
    ///
    /// # Errors
    /// When the socket is gone or the runtime does not take so much; nothing has changed then.
    pub fn set(&mut self, id: u64, state: State) -> Result<()> {
        let entry = self.entries.get_mut(&id).ok_or("the socket is gone")?;
        let attachment = entry.attachment.with(state);
        write(&entry.ws, &attachment)?;
        let flow = attachment.session().is_some_and(|session| session.flow);
        entry.traffic.set_flow(flow);
        let before = std::mem::replace(&mut entry.attachment, attachment.clone());
        self.unindex(&before);
        self.index(&attachment);
        Ok(())
    }

    /// Notes that a socket was heard of.
    ///
    /// # Errors
    /// When the socket is gone.
    pub fn heard(&mut self, id: u64, now_ms: u64) -> Result<()> {
        let entry = self.entries.get_mut(&id).ok_or("the socket is gone")?;
        entry.attachment.heard_ms = now_ms;
        write(&entry.ws, &entry.attachment)
    }

    /// The millisecond at which the runtime last answered a socket's `ping` by itself.
    pub fn answered_ms(&self, object: &Object, id: u64) -> Option<u64> {
        let answers: &Answers = object.as_raw().unchecked_ref();
        let at = answers
            .answered(self.entries.get(&id)?.ws.as_ref())
            .ok()??;
        // Milliseconds since 1970 are far below 2^53.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Some(at.get_time() as u64)
    }

    /// Closes a socket for a reason of ours. Nothing is left of it but that it counts, until it is
    /// gone.
    pub fn close(&mut self, id: u64, why: Close) -> Option<Attachment> {
        let mut entry = self.entries.remove(&id)?;
        self.unindex(&entry.attachment);
        entry.attachment.closed = true;
        // Where it cannot be written, there is no socket that the runtime could hand out again.
        let _gone = write(&entry.ws, &entry.attachment);
        close(&entry.ws, why);
        self.closing.insert(&entry.attachment);
        Some(entry.attachment)
    }

    /// Forgets a socket that is gone. Answers what it was, unless it had been closed before.
    pub fn remove(&mut self, ws: &WebSocket) -> Option<Attachment> {
        let id = attachment(ws)?.id;
        self.closing.remove(id);
        let entry = self.entries.remove(&id)?;
        self.unindex(&entry.attachment);
        Some(entry.attachment)
    }

    /// The sockets that must be looked at some time, each with the millisecond.
    pub fn due(&self, limits: &Limits) -> Vec<(u64, u64)> {
        let entries = self.entries.iter();
        entries
            .filter_map(|(id, entry)| Some((*id, entry.attachment.due_ms(limits)?)))
            .collect()
    }

    /// Whether no socket is open.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many sockets have not authenticated, with those that were closed and are not gone.
    pub fn unauthenticated(&self) -> usize {
        self.unauthenticated
            .saturating_add(self.closing.unauthenticated())
    }

    /// How many sockets have authenticated, even if they do not receive events yet, with those that
    /// were closed and are not gone.
    pub fn authenticated(&self) -> usize {
        let live = self.entries.len().saturating_sub(self.unauthenticated);
        live.saturating_add(self.joining)
            .saturating_add(self.closing.authenticated())
    }

    /// How many sockets of a user have authenticated, with those that were closed and are not gone.
    pub fn count_of(&self, organization: &str, user: &str) -> usize {
        let open = self.sockets_of(organization, user).len();
        open.saturating_add(self.closing.of(organization, user))
    }

    /// How many sockets of an organization have authenticated, with those that were closed and are
    /// not gone.
    pub fn size_of(&self, organization: &str) -> usize {
        let open = self.sizes.get(organization).copied().unwrap_or_default();
        open.saturating_add(self.closing.of_organization(organization))
    }

    /// The sockets that receive an organization's events, by their roles.
    pub fn live(&self, organization: &str) -> Vec<(Vec<String>, Vec<u64>)> {
        let groups = self.live.get(organization).into_iter().flatten();
        groups
            .map(|(roles, ids)| (roles.clone(), ids.iter().copied().collect()))
            .collect()
    }

    /// The sockets of a user that have authenticated, even if they do not receive events yet.
    pub fn sockets_of(&self, organization: &str, user: &str) -> Vec<u64> {
        let users = self.members.get(organization);
        let ids = users.and_then(|users| users.get(&Some(user.to_owned())));
        ids.into_iter().flatten().copied().collect()
    }

    /// Whether any socket has authenticated for an organization.
    pub fn holds(&self, organization: &str) -> bool {
        self.members.contains_key(organization)
    }

    fn index(&mut self, attachment: &Attachment) {
        if let Some(session) = attachment.session() {
            let identity = &session.identity;
            closing::add(&mut self.sizes, identity.organization_id.clone());
            let users = self
                .members
                .entry(identity.organization_id.clone())
                .or_default();
            users
                .entry(identity.user_id.clone())
                .or_default()
                .insert(attachment.id);
            if attachment.live().is_none() {
                self.joining = self.joining.saturating_add(1);
            }
        }
        match attachment.live() {
            None => self.unauthenticated = self.unauthenticated.saturating_add(1),
            Some(session) => {
                let organization = session.identity.organization_id.clone();
                let groups = self.live.entry(organization).or_default();
                groups
                    .entry(session.identity.roles.clone())
                    .or_default()
                    .insert(attachment.id);
            }
        }
    }

    fn unindex(&mut self, attachment: &Attachment) {
        if let Some(session) = attachment.session() {
            let identity = &session.identity;
            closing::subtract(&mut self.sizes, &identity.organization_id);
            withdraw(
                &mut self.members,
                &identity.organization_id,
                &identity.user_id,
                attachment.id,
            );
            if attachment.live().is_none() {
                self.joining = self.joining.saturating_sub(1);
            }
        }
        match attachment.live() {
            None => self.unauthenticated = self.unauthenticated.saturating_sub(1),
            Some(session) => {
                let identity = &session.identity;
                withdraw(
                    &mut self.live,
                    &identity.organization_id,
                    &identity.roles,
                    attachment.id,
                );
            }
        }
    }
}

/// Takes a socket out of an index, and with it whatever is empty then.
fn withdraw<K: Ord>(
    index: &mut BTreeMap<String, BTreeMap<K, BTreeSet<u64>>>,
    organization: &str,
    key: &K,
    id: u64,
) {
    let Some(groups) = index.get_mut(organization) else {
        return;
    };
    if let Some(ids) = groups.get_mut(key) {
        ids.remove(&id);
        if ids.is_empty() {
            groups.remove(key);
        }
    }
    if groups.is_empty() {
        index.remove(organization);
    }
}

/// Writes the attachment of a socket.
///
/// # Errors
/// When the runtime does not take it.
pub fn write(ws: &WebSocket, attachment: &Attachment) -> Result<()> {
    let json = attachment.to_json().ok_or("the attachment is too large")?;
    ws.serialize_attachment(json)
}

fn attachment(ws: &WebSocket) -> Option<Attachment> {
    Attachment::parse(&ws.deserialize_attachment::<String>().ok()??)
}

/// Closes a socket; one that is closed already stays so.
pub fn close(ws: &WebSocket, why: Close) {
    let _already_closed = ws.close(Some(why.code()), Some(why.reason()));
}
