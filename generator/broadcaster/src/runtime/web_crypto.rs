//! Signatures, computed by the runtime.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use js_sys::{Array, JSON, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use worker::console_error;
use worker::wasm_bindgen_futures::JsFuture;

use crate::auth::keyset::Algorithm;
use crate::auth::public_key::{PublicKey, Signatures};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"], js_name = importKey)]
    fn import_key(
        format: &str,
        key: &JsValue,
        algorithm: &JsValue,
        extractable: bool,
        usages: &Array,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"])]
    fn verify(
        algorithm: &JsValue,
        key: &JsValue,
        signature: &[u8],
        signed: &[u8],
    ) -> Result<Promise, JsValue>;
}

/// The runtime's WebCrypto.
pub struct WebCrypto;

impl Signatures for WebCrypto {
    async fn holds(&self, key: &PublicKey, signed: &[u8], signature: &[u8]) -> bool {
        match holds(key, signed, signature).await {
            Ok(holds) => holds,
            Err(error) => {
                // What it says is of the key, which is public.
                console_error!("A key of JWKS_URL cannot be used: {error:?}");
                false
            }
        }
    }
}

async fn holds(key: &PublicKey, signed: &[u8], signature: &[u8]) -> Result<bool, JsValue> {
    let algorithm = JSON::parse(parameters(key.algorithm()))?;
    let usages = Array::of1(&"verify".into());
    let jwk = JSON::parse(&jwk(key))?;
    let key = JsFuture::from(import_key("jwk", &jwk, &algorithm, false, &usages)?).await?;
    let holds = JsFuture::from(verify(&algorithm, &key, signature, signed)?).await?;
    Ok(holds.as_bool() == Some(true))
}

/// What WebCrypto calls an algorithm, as JSON: good for the import of its keys, too.
fn parameters(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::EdDsa => r#"{"name":"Ed25519"}"#,
        Algorithm::Es256 => r#"{"name":"ECDSA","namedCurve":"P-256","hash":"SHA-256"}"#,
        Algorithm::Rs256 => r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-256"}"#,
    }
}

/// A key as the runtime reads it.
fn jwk(key: &PublicKey) -> String {
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    match key {
        PublicKey::Ed25519(x) => {
            format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, encode(x))
        }
        PublicKey::P256 { x, y } => {
            let (x, y) = (encode(x), encode(y));
            format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}"#)
        }
        PublicKey::Rsa { n, e } => {
            let (n, e) = (encode(n), encode(e));
            format!(r#"{{"kty":"RSA","n":"{n}","e":"{e}"}}"#)
        }
    }
}
