//! Who shows a token or a key: what of it needs the network.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use wasm_bindgen::prelude::wasm_bindgen;
use worker::{AbortSignal, Delay, Fetch, Headers, Response, Result, web_sys};

use super::http::{now_ms, read, request};
use super::jwks;
use super::settings::Settings;
use super::web_crypto::WebCrypto;
use crate::auth::token::{self, Rules, TokenError, Verifier};
use crate::auth::{Identity, key, sha256_hex};
use crate::limits::Limits;
use crate::message::AuthReason;

/// Milliseconds that a key set or `AUTH_URL` may take.
pub const FETCH_MS: u32 = 3_000;
/// Milliseconds for which a refused API key is not asked about again.
const REFUSED_MS: u64 = 60_000;
/// The most refused API keys that are remembered.
const REFUSED: usize = 10_000;
/// The most bytes of an answer that is read.
const MAX_ANSWER: usize = 256 * 1024;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = AbortSignal, js_name = timeout)]
    fn abort_after(ms: u32) -> web_sys::AbortSignal;
}

/// What one holder remembers of API keys.
#[derive(Default)]
pub struct KeyChecks {
    /// How many are asked about at the moment.
    in_flight: Cell<u64>,
    /// How many of live sockets wait to be asked about.
    waiting: Cell<u64>,
    refused: RefCell<BTreeMap<String, u64>>,
}

/// Something that is counted until it is dropped.
struct Counted<'count>(&'count Cell<u64>);

impl<'count> Counted<'count> {
    fn new(count: &'count Cell<u64>) -> Self {
        count.set(count.get().saturating_add(1));
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}

impl KeyChecks {
    /// A turn for somebody new, unless all are taken or promised to live sockets.
    fn turn(&self, limit: u64) -> Option<Counted<'_>> {
        let taken = self.in_flight.get().saturating_add(self.waiting.get());
        (taken < limit).then(|| Counted::new(&self.in_flight))
    }

    /// A turn for a live socket, whose key strangers must not keep from being asked about. All that
    /// are taken end within `FETCH_MS`, and nobody new gets one meanwhile.
    async fn wait_for_turn(&self, limit: u64) -> Option<Counted<'_>> {
        let _waiting = Counted::new(&self.waiting);
        let begin = now_ms();
        while self.in_flight.get() >= limit {
            if now_ms().abs_diff(begin) > u64::from(FETCH_MS) {
                return None;
            }
            Delay::from(Duration::from_millis(20)).await;
        }
        Some(Counted::new(&self.in_flight))
    }
}

/// Says who shows a session token or an API key.
///
/// # Errors
/// Why it proves nothing.
pub async fn prove(
    settings: &Settings,
    checks: &KeyChecks,
    proof: &str,
) -> std::result::Result<Identity, AuthReason> {
    if proof.len() > Limits::size(settings.limits.max_token) {
        return Err(AuthReason::Invalid);
    }
    let identity = if token::is_token(proof) {
        session(settings, proof).await?
    } else {
        api_key(settings, checks, proof).await?
    };
    let now_s = now_ms() / 1_000;
    if identity.expires.is_some_and(|at| at <= now_s) {
        return Err(AuthReason::Expired);
    }
    Ok(identity)
}

/// Says who shows a session token.
///
/// # Errors
/// Why it proves nothing.
pub async fn session(
    settings: &Settings,
    token: &str,
) -> std::result::Result<Identity, AuthReason> {
    let rules = Rules {
        issuer: settings.issuer.as_deref(),
        audience: settings.audience.as_deref(),
        max_age_s: settings.limits.max_token_age,
        max_bytes: settings.limits.max_token,
    };
    let verify = |verifier| token::verify(token, verifier, &WebCrypto, rules, now_ms() / 1_000);
    let result = match (&settings.jwks_url, &settings.auth_secret) {
        (Some(url), _) => {
            let before = jwks::answers();
            let set = jwks::current(url).await.ok_or(AuthReason::Unavailable)?;
            match verify(Verifier::Keys(&set)).await {
                // The key may be newer than what is known. Only a set that was answered since says
                // that it is not: to whoever is refused twice in a row, that is final.
                Err(TokenError::UnknownKey) => {
                    let set = jwks::fresh(url, before).await;
                    let set = set.ok_or(AuthReason::Unavailable)?;
                    verify(Verifier::Keys(&set)).await
                }
                result => result,
            }
        }
        (None, Some(secret)) => verify(Verifier::Secret(secret)).await,
        (None, None) => return Err(AuthReason::Unavailable),
    };
    result.map_err(|error| match error {
        TokenError::Expired => AuthReason::Expired,
        TokenError::Invalid | TokenError::UnknownKey => AuthReason::Invalid,
    })
}

/// Says who shows an API key.
///
/// # Errors
/// Why it proves nothing.
pub async fn api_key(
    settings: &Settings,
    checks: &KeyChecks,
    proof: &str,
) -> std::result::Result<Identity, AuthReason> {
    let url = match known(settings, checks, proof) {
        Known::Answer(answer) => return answer,
        Known::Ask(url) => url,
    };
    let limit = settings.limits.max_key_checks;
    let _turn = checks.turn(limit).ok_or(AuthReason::Unavailable)?;
    asked(url, checks, proof).await
}

/// Says who showed the API key of a live socket. `None` is that its turn has not come: nothing is
/// known of it then that was not known before.
pub async fn api_key_again(
    settings: &Settings,
    checks: &KeyChecks,
    proof: &str,
) -> Option<std::result::Result<Identity, AuthReason>> {
    let url = match known(settings, checks, proof) {
        Known::Answer(answer) => return Some(answer),
        Known::Ask(url) => url,
    };
    // One at least is asked about, or none would ever be.
    let limit = settings.limits.max_key_checks.max(1);
    let _turn = checks.wait_for_turn(limit).await?;
    Some(asked(url, checks, proof).await)
}

/// What is known of an API key before anybody is asked.
enum Known<'settings> {
    Answer(std::result::Result<Identity, AuthReason>),
    /// Nothing: this URL is to be asked.
    Ask(&'settings str),
}

fn known<'settings>(
    settings: &'settings Settings,
    checks: &KeyChecks,
    proof: &str,
) -> Known<'settings> {
    let listed = settings.api_keys.as_ref().and_then(|keys| keys.find(proof));
    if let Some(identity) = listed {
        return Known::Answer(Ok(identity));
    }
    let Some(url) = &settings.auth_url else {
        let any = settings.api_keys.is_some();
        return Known::Answer(Err(if any {
            AuthReason::Invalid
        } else {
            AuthReason::Unavailable
        }));
    };
    let hash = sha256_hex(proof.as_bytes());
    let refused = checks.refused.borrow().get(&hash).copied();
    if refused.is_some_and(|until| until > now_ms()) {
        return Known::Answer(Err(AuthReason::Invalid));
    }
    Known::Ask(url)
}

/// What `AUTH_URL` answers about an API key. That it refuses one is remembered.
async fn asked(
    url: &str,
    checks: &KeyChecks,
    proof: &str,
) -> std::result::Result<Identity, AuthReason> {
    let headers = Headers::new();
    // What cannot stand in a header is no key.
    let answer = match headers.set("x-api-key", proof) {
        Ok(()) => ask(url, &headers).await,
        Err(_) => Ok((401, String::new())),
    };
    match answer {
        Ok((200, text)) => {
            if let Some(identity) = key::answered(&text, proof) {
                return Ok(identity);
            }
        }
        // One that took too long or was one too many was not judged.
        Ok((status, _)) if status < 500 && ![408, 425, 429].contains(&status) => {}
        Ok(_) | Err(_) => return Err(AuthReason::Unavailable),
    }
    let mut refused = checks.refused.borrow_mut();
    let now = now_ms();
    if refused.len() >= REFUSED {
        refused.retain(|_, until| *until > now);
    }
    if refused.len() < REFUSED {
        let hash = sha256_hex(proof.as_bytes());
        refused.insert(hash, now.saturating_add(REFUSED_MS));
    }
    Err(AuthReason::Invalid)
}

/// The status and text of a `GET` that follows no redirect.
pub async fn ask(url: &str, headers: &Headers) -> Result<(u16, String)> {
    let init = web_sys::RequestInit::new();
    init.set_headers(&headers.0);
    init.set_redirect(web_sys::RequestRedirect::Manual);
    let request = request(url, &init)?;
    let signal = AbortSignal::from(abort_after(FETCH_MS));
    let mut response: Response = Fetch::Request(request).send_with_signal(&signal).await?;
    let status = response.status_code();
    if status != 200 {
        return Ok((status, String::new()));
    }
    let body = read(response.stream()?, MAX_ANSWER)
        .await?
        .unwrap_or_default();
    // What is no text is no answer either, and an empty text says nobody.
    Ok((status, String::from_utf8(body).unwrap_or_default()))
}
