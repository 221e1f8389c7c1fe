//! The Durable Object `Broadcaster`: a holder of sockets.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use worker::worker_sys::WebSocketRequestResponsePair;
use worker::{
    DurableObject, Env, Error, ObjectNamespace, Request, Response, Result, State as Object,
    WebSocket, WebSocketIncomingMessage, WebSocketPair, console_error, durable_object,
};

use super::due::Due;
use super::forward::Key;
use super::http::{self, BINDING, now_ms, parameter};
use super::hub::{self, Hub};
use super::order::Order;
use super::outbox::Outbox;
use super::proof::KeyChecks;
use super::settings::Settings;
use super::store::{Kept, Store};
use crate::auth::Identity;
use crate::holder::Holder;
use crate::limits::Limits;
use crate::message::{PING, PONG};
use crate::session::{Attachment, Session};
use crate::wire::{Code, Refusal};

/// The most bytes of a message between objects, whatever bodies of broadcasts are limited to.
const MAX_MESSAGE: u64 = 1 << 20;

/// A holder of sockets, and for an organization's own holder the place where broadcasts arrive.
#[durable_object]
pub struct Broadcaster {
    object: Object,
    /// What could not be set up is told to whoever asks, and nobody is let in.
    parts: std::result::Result<Parts, String>,
}

/// What a holder that is set up consists of. No borrow of a cell lives across an `await`.
pub(super) struct Parts {
    pub holder: Holder,
    pub settings: Rc<Settings>,
    pub store: Store,
    pub order: Order,
    pub objects: ObjectNamespace,
    pub hub: RefCell<Hub>,
    pub checks: KeyChecks,
    pub due: Due,
    pub outbox: Outbox,
    /// The organization and idempotency key of each event that is on its way, and since when.
    pub in_flight: RefCell<BTreeMap<(String, String), u64>>,
    /// The keys that could not be written, by organization and key.
    pub unkept: RefCell<BTreeMap<(String, String), Kept>>,
    /// The organizations of which this holder has had a socket at every moment since it told them
    /// so, with the number of that registration: it stands, since whoever asked found sockets.
    pub registered: RefCell<BTreeMap<String, f64>>,
}

/// A holder tells an organization's own one that it has a socket of it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Registration {
    pub holder: String,
    /// The registration that it knows to stand, if any: there is nothing to write then.
    pub known: Option<f64>,
    /// The user whose session token was shown, and when it was issued.
    pub session: Option<(String, Option<u64>)>,
}

/// The answer to a registration: its number.
#[derive(Serialize, Deserialize)]
pub(super) struct RegistrationNumber {
    pub generation: f64,
}

/// A holder tells an organization's own one that it has no socket of it any more.
#[derive(Serialize, Deserialize)]
pub(super) struct Withdrawal {
    pub holder: String,
    /// The last registration that it knows of; a later one stands.
    pub generation: f64,
}

/// What a ticket is kept as.
#[derive(Serialize, Deserialize)]
pub(super) struct Ticket {
    pub hash: String,
    pub identity: Option<Identity>,
}

impl DurableObject for Broadcaster {
    fn new(object: Object, env: Env) -> Self {
        let parts = Parts::new(&object, &env);
        if let Err(error) = &parts {
            console_error!("The broadcaster cannot start: {error}");
        }
        Self { object, parts }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let Ok(parts) = &self.parts else {
            return http::unavailable();
        };
        if request.path() == "/socket" {
            return parts.open(&self.object, &request).await;
        }
        let limit = parts.limits().max_body.max(MAX_MESSAGE);
        let body = match http::body(&mut request, limit).await? {
            Ok(body) => body,
            Err(refusal) => return http::refuse(refusal),
        };
        match request.path().as_str() {
            "/broadcast" | "/deliver" => {
                let organization = parameter(&request, "organizationId")?;
                let key = parameter(&request, "key")?;
                let organization = organization.as_deref();
                if request.path() == "/broadcast" {
                    let key = key.as_deref();
                    parts
                        .broadcast(&self.object, &body, organization, key)
                        .await
                } else {
                    let is_again = parameter(&request, "again")?.is_some();
                    let key = key.as_deref().map(|text| Key { text, is_again });
                    let by_s = parameter(&request, "by")?.and_then(|by| by.parse().ok());
                    parts.deliver_here(&body, organization, key, by_s)
                }
            }
            "/register" => parts.register(&http::message(&body)?),
            "/revoke" => parts.hear_revocations(&http::message(&body)?),
            "/withdraw" => parts.withdraw(&http::message(&body)?),
            "/tickets" => parts.keep_ticket(&http::message(&body)?),
            "/tickets/use" => parts.use_ticket(&http::message(&body)?),
            _ => http::refuse(Refusal::new(Code::NotFound, "There is no such route.")),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        if let Ok(parts) = &self.parts {
            parts.ring(&self.object).await?;
        }
        Response::empty()
    }

    async fn websocket_message(
        &self,
        ws: WebSocket,
        message: WebSocketIncomingMessage,
    ) -> Result<()> {
        if let Ok(parts) = &self.parts {
            parts.hear(&ws, message).await;
            parts.settle(&self.object).await?;
        }
        Ok(())
    }

    async fn websocket_close(
        &self,
        ws: WebSocket,
        _code: usize,
        _reason: String,
        _was_clean: bool,
    ) -> Result<()> {
        if let Ok(parts) = &self.parts {
            parts.forget(&ws);
        }
        // The other side waits for it; where the runtime has answered already, nothing happens.
        let _already_closed = ws.close(Some(1000), Some("closed"));
        match &self.parts {
            Ok(parts) => parts.settle(&self.object).await,
            Err(_) => Ok(()),
        }
    }

    async fn websocket_error(&self, ws: WebSocket, _error: Error) -> Result<()> {
        if let Ok(parts) = &self.parts {
            parts.forget(&ws);
            parts.settle(&self.object).await?;
        }
        Ok(())
    }

    async fn connect(&self, _socket: worker::Socket) -> Result<()> {
        // Nothing opens one; to return closes it.
        Ok(())
    }
}

impl Parts {
    fn new(object: &Object, env: &Env) -> std::result::Result<Self, String> {
        let text = |error: Error| error.to_string();
        let name = object.id().name().ok_or("the object has no name")?;
        let holder = Holder::parse(&name).ok_or("the object's name is not a holder's")?;
        let pair = WebSocketRequestResponsePair::new(PING, PONG).map_err(|e| text(e.into()))?;
        let raw = object.as_raw();
        raw.set_websocket_auto_response(&pair)
            .map_err(|e| text(e.into()))?;
        let settings = Settings::of(env).ok_or("it is not configured")?;
        let store = Store::open(object.storage().sql()).map_err(text)?;
        let order = Order::open(object.storage().sql()).map_err(text)?;
        let hub = Hub::wake(object).map_err(text)?;
        Ok(Self {
            holder,
            due: Due::wake(&order, &hub, &settings.limits).map_err(text)?,
            settings,
            store,
            order,
            objects: env.durable_object(BINDING).map_err(text)?,
            outbox: Outbox::default(),
            hub: RefCell::new(hub),
            checks: KeyChecks::default(),
            in_flight: RefCell::default(),
            unkept: RefCell::default(),
            registered: RefCell::default(),
        })
    }

    pub fn limits(&self) -> &Limits {
        &self.settings.limits
    }

    /// Accepts a socket, with the identity that a ticket proved or without one.
    async fn open(&self, object: &Object, request: &Request) -> Result<Response> {
        let expected = parameter(request, "organizationId")?;
        let identity = parameter(request, "identity")?;
        let identity: Option<Identity> = identity
            .map(|json| serde_json::from_str(&json))
            .transpose()?;
        let limits = self.limits();
        // Whoever has a ticket has authenticated already, and could not show it again.
        if identity.is_none()
            && self.hub.borrow().unauthenticated() >= Limits::size(limits.max_pending)
        {
            return http::refuse(Refusal::new(
                Code::Full,
                "There are too many sockets already.",
            ));
        }
        let WebSocketPair { client, server } = WebSocketPair::new()?;
        object.as_raw().accept_websocket(server.as_ref())?;
        let now = now_ms();
        let id = self.hub.borrow_mut().next_id(now);
        let attachment = Attachment::new(id, expected, now);
        hub::write(&server, &attachment)?;
        let due = attachment.due_ms(limits);
        self.hub.borrow_mut().insert(server, attachment);
        self.set_due(id, due);
        if let Some(identity) = identity {
            let session = Session::new(identity, false, now, limits);
            if let Err(reason) = self.admit(id, session).await {
                self.reject(id, reason, None);
            }
        }
        if let Some(at_ms) = due {
            self.hasten(object, at_ms).await?;
        }
        Response::from_websocket(client)
    }
}
