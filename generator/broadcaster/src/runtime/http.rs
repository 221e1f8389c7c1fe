//! Requests and answers.

use std::cell::Cell;
use std::rc::Rc;

use futures_util::StreamExt;
use futures_util::future::{Either, select};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen_futures::{JsFuture, future_to_promise};
use worker::{ByteStream, Delay, Headers, ObjectNamespace, Request, Response, Result, web_sys};

use crate::holder::Holder;
use crate::wire::{Code, Refusal};

#[wasm_bindgen]
extern "C" {
    /// The runtime's own `URL`: a crate for it brings tables of all scripts along.
    #[wasm_bindgen(js_name = URL)]
    type Address;

    #[wasm_bindgen(constructor, catch, js_class = "URL")]
    fn new(address: &str) -> std::result::Result<Address, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn href(this: &Address) -> String;

    #[wasm_bindgen(method, getter, js_name = searchParams)]
    fn parameters(this: &Address) -> Parameters;

    #[wasm_bindgen(js_name = URLSearchParams)]
    type Parameters;

    #[wasm_bindgen(method)]
    fn get(this: &Parameters, name: &str) -> Option<String>;

    #[wasm_bindgen(method)]
    fn append(this: &Parameters, name: &str, value: &str);
}

/// The binding of the Durable Object class.
pub const BINDING: &str = "BROADCASTER";

/// A JSON answer.
pub fn json(status: u16, body: &str) -> Result<Response> {
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    headers.set("cache-control", "no-store")?;
    let response = Response::from_bytes(body.as_bytes().to_vec())?;
    Ok(response.with_status(status).with_headers(headers))
}

/// The answer to a refused request.
pub fn refuse(refusal: Refusal) -> Result<Response> {
    json(refusal.code.status(), &refusal.to_json())
}

/// The answer when something that is needed is not configured or not reachable.
pub fn unavailable() -> Result<Response> {
    refuse(Refusal::new(Code::Unavailable, "This is not available."))
}

/// Reads a body of at most `limit` bytes; `None` of a longer one, which is not read to its end.
pub async fn read(mut stream: ByteStream, limit: usize) -> Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    while let Some(chunk) = stream.next().await {
        body.extend(chunk?);
        if body.len() > limit {
            return Ok(None);
        }
    }
    Ok(Some(body))
}

/// The body of a request; an absent one is empty.
///
/// # Errors
/// A refusal when it is too large.
pub async fn body(
    request: &mut Request,
    limit: u64,
) -> Result<std::result::Result<Vec<u8>, Refusal>> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if request.inner().body().is_none() {
        return Ok(Ok(Vec::new()));
    }
    let body = read(request.stream()?, limit).await?;
    Ok(body.ok_or(Refusal::new(Code::TooLarge, "The body is too large.")))
}

/// Reads a message in JSON. Read as text, like everything else: a reader of bytes would be compiled
/// once more for each type.
pub fn message<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let json = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    Ok(serde_json::from_str(json)?)
}

/// A request of ours. `worker` has a constructor too, which brings along all that it can say to a
/// cache and of pictures.
pub fn request(address: &str, init: &web_sys::RequestInit) -> Result<Request> {
    Ok(web_sys::Request::new_with_str_and_init(address, init)?.into())
}

/// Something else did not answer in time.
pub struct TimedOut;

/// Waits for a future, but not longer than so many milliseconds.
pub async fn within<T>(
    ms: u64,
    future: impl Future<Output = T>,
) -> std::result::Result<T, TimedOut> {
    let delay = Delay::from(std::time::Duration::from_millis(ms));
    match select(Box::pin(future), delay).await {
        Either::Left((value, _)) => Ok(value),
        Either::Right(_) => Err(TimedOut),
    }
}

/// Calls another object of the class. The request holds what is given here and nothing that a
/// client sent.
pub async fn call(
    objects: &ObjectNamespace,
    holder: &Holder,
    path: &str,
    query: &[(&str, &str)],
    body: Vec<u8>,
) -> Result<Response> {
    let request = post(path, query, &body)?;
    let object = objects.get_by_name(&holder.to_string())?;
    object.fetch_with_request(request).await
}

fn post(path: &str, query: &[(&str, &str)], body: &[u8]) -> Result<Request> {
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_body(&js_sys::Uint8Array::from(body));
    request(&address(path, query)?, &init)
}

/// What another object answered.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The text.
    pub body: String,
}

/// Calls another object and reads what it answers to its end, whether or not who asked still waits:
/// an answer that nobody reads keeps the object that gave it from being evicted.
pub async fn ask(
    objects: &ObjectNamespace,
    holder: &Holder,
    path: &str,
    query: &[(&str, &str)],
    body: Vec<u8>,
) -> Result<Answer> {
    let request = post(path, query, &body)?;
    let object = objects.get_by_name(&holder.to_string())?;
    let answer = Rc::new(Cell::new(None));
    let given = Rc::clone(&answer);
    let read = async move {
        let mut response = object.fetch_with_request(request).await?;
        given.set(Some(Answer {
            status: response.status_code(),
            body: response.text().await?,
        }));
        Ok(JsValue::UNDEFINED)
    };
    JsFuture::from(future_to_promise(read)).await?;
    Ok(answer.take().ok_or("an object without an answer")?)
}

/// Calls another object with a message in JSON.
pub async fn tell<T: Serialize>(
    objects: &ObjectNamespace,
    holder: &Holder,
    path: &str,
    message: &T,
) -> Result<Answer> {
    ask(objects, holder, path, &[], serde_json::to_vec(message)?).await
}

/// Hands a client's upgrade to a holder.
pub async fn upgrade(
    objects: &ObjectNamespace,
    holder: &Holder,
    query: &[(&str, &str)],
) -> Result<Response> {
    let headers = Headers::new();
    headers.set("upgrade", "websocket")?;
    let init = web_sys::RequestInit::new();
    init.set_headers(&headers.0);
    let request = request(&address("/socket", query)?, &init)?;
    objects
        .get_by_name(&holder.to_string())?
        .fetch_with_request(request)
        .await
}

fn address(path: &str, query: &[(&str, &str)]) -> Result<String> {
    let address = Address::new(&format!("https://holder{path}"))?;
    for (key, value) in query {
        address.parameters().append(key, value);
    }
    Ok(address.href())
}

/// The value of a query parameter; an empty one is a value too.
pub fn parameter(request: &Request, name: &str) -> Result<Option<String>> {
    let address = Address::new(&request.inner().url())?;
    Ok(address.parameters().get(name))
}

/// The credentials of a request: what follows `Bearer` in `Authorization`.
pub fn bearer(request: &Request) -> Result<Option<String>> {
    let header = request.headers().get("authorization")?;
    Ok(header.and_then(|header| {
        let (scheme, token) = header.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| token.trim().to_owned())
    }))
}

/// Milliseconds since 1970.
pub fn now_ms() -> u64 {
    worker::Date::now().as_millis()
}
