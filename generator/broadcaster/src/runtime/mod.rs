//! The worker: the only folder that knows the Workers runtime.
//!
//! This file is what the internet reaches; [`object`] is what holds the sockets.

mod due;
mod fanout;
mod forward;
mod home;
mod http;
mod hub;
mod in_band;
mod jwks;
mod object;
mod order;
mod outbox;
mod proof;
mod settings;
mod store;
mod tables;
mod web_crypto;

use std::rc::Rc;

use worker::{Context, Env, Headers, Method, ObjectNamespace, Request, Response, Result, event};

use self::http::{BINDING, bearer, parameter, refuse};
use self::object::Ticket;
use self::settings::Settings;
use crate::auth::{Identity, is_secret, sha256_hex, ticket};
use crate::body::Broadcast;
use crate::config::CONFIG;
use crate::holder::Holder;
use crate::limits::Limits;
use crate::message::AuthReason;
use crate::wire::{Code, Refusal};

/// The most bytes of the body of a request for a ticket.
const MAX_TICKET_BODY: u64 = 4_096;

/// A request with what it is answered by.
struct Router {
    settings: Rc<Settings>,
    objects: ObjectNamespace,
}

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    let Some(settings) = Settings::of(&env) else {
        return http::unavailable();
    };
    let Ok(objects) = env.durable_object(BINDING) else {
        worker::console_error!("There is no binding {BINDING}: see wrangler.toml");
        return http::unavailable();
    };
    let router = Router { settings, objects };
    match router.route(request).await {
        Ok(response) => Ok(response),
        Err(error) => {
            worker::console_error!("A request failed: {error}");
            http::unavailable()
        }
    }
}

impl Router {
    async fn route(&self, request: Request) -> Result<Response> {
        match (request.path().as_str(), request.method()) {
            ("/realtime/v1/websocket", Method::Get) => self.websocket(&request).await,
            ("/realtime/v1/ws-ticket", Method::Post) => self.ticket(request).await,
            ("/realtime/v1/ws-ticket", Method::Options) => self.preflight(&request),
            ("/broadcast" | "/realtime/v1/api/broadcast", Method::Post) => {
                self.broadcast(request).await
            }
            ("/healthz", Method::Get) => self.health(&request),
            (
                "/realtime/v1/websocket"
                | "/realtime/v1/ws-ticket"
                | "/broadcast"
                | "/realtime/v1/api/broadcast"
                | "/healthz",
                _,
            ) => refuse(Refusal::new(
                Code::MethodNotAllowed,
                "Not with this method.",
            )),
            _ => refuse(Refusal::new(Code::NotFound, "There is no such route.")),
        }
    }

    async fn websocket(&self, request: &Request) -> Result<Response> {
        let upgrade = request.headers().get("upgrade")?;
        if !upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket")) {
            return refuse(Refusal::new(
                Code::UpgradeRequired,
                "This is for WebSockets.",
            ));
        }
        if !self
            .settings
            .allows(request.headers().get("origin")?.as_deref())
        {
            return refuse(Refusal::new(Code::Forbidden, "The origin may not connect."));
        }
        let organization = parameter(request, "organizationId")?;
        let limits = &self.settings.limits;
        if organization
            .as_ref()
            .is_some_and(|id| !Holder::can_be_of(id, limits))
        {
            return refuse(Refusal::new(
                Code::BadRequest,
                "`organizationId` is not usable.",
            ));
        }
        if let Some(ticket) = parameter(request, "ws_ticket")? {
            return self.with_ticket(&ticket, organization.as_deref()).await;
        }
        match organization {
            Some(id) => {
                let query = [("organizationId", id.as_str())];
                http::upgrade(&self.objects, &self.shard(&id), &query).await
            }
            None => {
                let lobby = Holder::Lobby(below(self.settings.limits.lobbies));
                http::upgrade(&self.objects, &lobby, &[]).await
            }
        }
    }

    /// Opens a socket for whom a ticket was given out. The ticket is used up before.
    async fn with_ticket(&self, ticket: &str, organization: Option<&str>) -> Result<Response> {
        let bad = || refuse(Refusal::new(Code::Unauthorized, "The ticket is not good."));
        let limits = &self.settings.limits;
        let named = ticket::organization(ticket).filter(|id| Holder::can_be_of(id, limits));
        let Some(named) = named else {
            return bad();
        };
        if organization.is_some_and(|organization| organization != named) {
            let message = "The ticket is for another organization.";
            return refuse(Refusal::new(Code::WrongOrganization, message));
        }
        let used = Ticket {
            hash: sha256_hex(ticket.as_bytes()),
            identity: None,
        };
        let home = Holder::of(&named);
        let answer = http::tell(&self.objects, &home, "/tickets/use", &used).await?;
        if answer.status != 200 {
            return bad();
        }
        let query = [
            ("organizationId", named.as_str()),
            ("identity", answer.body.as_str()),
        ];
        http::upgrade(&self.objects, &self.shard(&named), &query).await
    }

    async fn ticket(&self, mut request: Request) -> Result<Response> {
        let origin = request.headers().get("origin")?;
        if !self.settings.allows(origin.as_deref()) {
            return refuse(Refusal::new(Code::Forbidden, "The origin may not connect."));
        }
        let answer = match self.make_ticket(&mut request).await? {
            Ok(ticket) => {
                let expires_in = self.settings.limits.ticket_s;
                http::json(
                    200,
                    &format!(r#"{{"wsTicket":"{ticket}","expiresIn":{expires_in}}}"#),
                )?
            }
            Err(refusal) => refuse(refusal)?,
        };
        self.with_cors(answer, origin.as_deref())
    }

    async fn make_ticket(
        &self,
        request: &mut Request,
    ) -> Result<std::result::Result<String, Refusal>> {
        let unauthorized = Refusal::new(Code::Unauthorized, "The token is not good.");
        let unavailable = || Refusal::new(Code::Unavailable, "This is not available.");
        if self.settings.jwks_url.is_none() && self.settings.auth_secret.is_none() {
            return Ok(Err(unavailable()));
        }
        let Some(token) = bearer(request)? else {
            return Ok(Err(unauthorized));
        };
        let body = match http::body(request, MAX_TICKET_BODY).await? {
            Ok(body) => body,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let limits = &self.settings.limits;
        let organization = organization_of(&body).filter(|id| Holder::can_be_of(id, limits));
        let Some(organization) = organization else {
            let message = "`organizationId` must be a string that is not empty, and not too long.";
            return Ok(Err(Refusal::new(Code::MissingOrganization, message)));
        };
        let identity: Identity = match proof::session(&self.settings, &token).await {
            Ok(identity) => identity,
            Err(AuthReason::Unavailable) => return Ok(Err(unavailable())),
            Err(_) => return Ok(Err(unauthorized)),
        };
        if identity.organization_id != organization {
            let message = "The token is for another organization.";
            return Ok(Err(Refusal::new(Code::WrongOrganization, message)));
        }
        let mut random = [0; ticket::RANDOM_BYTES];
        getrandom::getrandom(&mut random).map_err(|error| error.to_string())?;
        let made = ticket::make(&organization, &random);
        let kept = Ticket {
            hash: sha256_hex(made.as_bytes()),
            identity: Some(identity),
        };
        let home = Holder::of(&organization);
        let answer = http::tell(&self.objects, &home, "/tickets", &kept).await?;
        Ok(match answer.status {
            200 => Ok(made),
            429 => Err(Refusal::new(
                Code::TooManyTickets,
                "Too many tickets are open.",
            )),
            401 => Err(unauthorized),
            _ => Err(unavailable()),
        })
    }

    fn preflight(&self, request: &Request) -> Result<Response> {
        let origin = request.headers().get("origin")?;
        if !self.settings.allows(origin.as_deref()) {
            return refuse(Refusal::new(Code::Forbidden, "The origin may not connect."));
        }
        self.with_cors(Response::empty()?.with_status(204), origin.as_deref())
    }

    /// Lets the pages of `ALLOWED_ORIGINS` read an answer, and no others.
    fn with_cors(&self, response: Response, origin: Option<&str>) -> Result<Response> {
        let Some(origin) = origin.filter(|_| self.settings.origins.is_some()) else {
            return Ok(response);
        };
        let headers: Headers = response.headers().clone();
        headers.set("access-control-allow-origin", origin)?;
        headers.set("access-control-allow-methods", "POST, OPTIONS")?;
        headers.set(
            "access-control-allow-headers",
            "authorization, content-type",
        )?;
        headers.set("access-control-max-age", "600")?;
        headers.set("vary", "origin")?;
        Ok(response.with_headers(headers))
    }

    async fn broadcast(&self, mut request: Request) -> Result<Response> {
        let Some(access) = &self.settings.access_token else {
            return http::unavailable();
        };
        if !self.is_internal(&request, access)? {
            return refuse(Refusal::new(
                Code::Unauthorized,
                "The access token is not good.",
            ));
        }
        let limits = &self.settings.limits;
        let organization = parameter(&request, "organizationId")?;
        let key = request.headers().get("idempotency-key")?;
        let too_long = |key: &String| key.len() > Limits::size(limits.max_idempotency_key);
        if key
            .as_ref()
            .is_some_and(|key| key.is_empty() || too_long(key))
        {
            return refuse(Refusal::new(
                Code::BadRequest,
                "`Idempotency-Key` is not usable.",
            ));
        }
        let body = match http::body(&mut request, limits.max_body).await? {
            Ok(body) => body,
            Err(refusal) => return refuse(refusal),
        };
        let organization = match Broadcast::parse_for(&body, organization.as_deref(), limits) {
            Ok(broadcast) => broadcast.organization_id,
            Err(refusal) => return refuse(refusal),
        };
        let mut query = vec![("organizationId", organization.as_str())];
        query.extend(key.as_deref().map(|key| ("key", key)));
        let home = Holder::of(&organization);
        http::call(&self.objects, &home, "/broadcast", &query, body).await
    }

    fn is_internal(&self, request: &Request, access: &str) -> Result<bool> {
        let secret = request.headers().get("x-internal-secret")?;
        let shown = [bearer(request)?, secret];
        Ok(shown
            .into_iter()
            .flatten()
            .any(|shown| is_secret(access, &shown)))
    }

    fn health(&self, request: &Request) -> Result<Response> {
        let access = self.settings.access_token.as_deref().unwrap_or_default();
        if !self.is_internal(request, access)? {
            return http::json(200, r#"{"ok":true}"#);
        }
        let (version, hash) = (env!("CARGO_PKG_VERSION"), &CONFIG.hash);
        http::json(
            200,
            &format!(r#"{{"ok":true,"version":"{version}","configHash":"{hash}"}}"#),
        )
    }

    /// One of the objects among which an organization's sockets are spread.
    fn shard(&self, organization: &str) -> Holder {
        let shard = below(self.settings.limits.shards);
        Holder::Organization {
            id: organization.to_owned(),
            shard,
        }
    }
}

/// The `organizationId` of a request for a ticket.
fn organization_of(body: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Wanted {
        organization_id: String,
    }
    let wanted: Wanted = http::message(body).ok()?;
    Some(wanted.organization_id)
}

/// A random number below `count`, or 0.
fn below(count: u64) -> u64 {
    // Only the load is spread by it, and a count of objects is far below 2^53.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss
    )]
    let number = (js_sys::Math::random() * count as f64) as u64;
    number.min(count.saturating_sub(1))
}
