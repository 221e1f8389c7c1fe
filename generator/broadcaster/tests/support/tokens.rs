//! Session tokens, and any bytes as tokens, keys, key sets and tickets.

use super::read;
use super::signatures::verify;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use broadcaster::auth::key::{ApiKeys, answered};
use broadcaster::auth::keyset::KeySet;
use broadcaster::auth::sha256_hex;
use broadcaster::auth::ticket;
use broadcaster::auth::token::{Rules, Verifier, is_token};
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;

/// No issuer, no audience, the default ages.
pub const RULES: Rules<'_> = Rules {
    issuer: None,
    audience: None,
    max_age_s: 604_800,
    max_bytes: 8_192,
};
/// The secret of the tests.
pub const SECRET: &str = "better-auth-secret-of-the-tests";
/// The second at which the tests take place.
pub const NOW: u64 = 1_800_000_000;
/// By how many seconds clocks may differ.
const LEEWAY_S: f64 = 30.0;

/// Tokens that another implementation signed, good and bad ones, and its keys.
pub fn vectors() -> Value {
    serde_json::from_str(include_str!("../tokens.json")).unwrap()
}

/// The keys of the vectors.
pub fn keys() -> KeySet {
    KeySet::parse(vectors()["jwks"].as_str().unwrap()).unwrap()
}

/// A token with those claims, whatever they are, signed with the secret.
pub fn sign(claims: &[u8]) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#);
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    format!(
        "{signed}.{}",
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    )
}

/// Takes the first byte as what the others are: a token, a key set and a token, claims, or a key.
pub fn any(bytes: &[u8]) {
    let [what, bytes @ ..] = bytes else { return };
    if what % 4 == 2 {
        claims(bytes);
        return;
    }
    let text = String::from_utf8_lossy(bytes);
    match what % 4 {
        0 => token(&text),
        1 => key_set(&text),
        _ => key(&text),
    }
}

/// Nobody forges a token: one that is accepted was signed by a key of the vectors.
fn token(text: &str) {
    thread_local! {
        static KNOWN: (Value, KeySet) = (vectors(), keys());
    }
    KNOWN.with(|(vectors, keys)| {
        let secret = vectors["secret"].as_str().unwrap_or(SECRET);
        for verifier in [Verifier::Secret(secret), Verifier::Keys(keys)] {
            if verify(text, verifier, RULES, NOW).is_ok() {
                let signed = |token: &str| token.rsplit_once('.').map(|(s, _)| s.to_owned());
                let good = vectors["good"].as_object().unwrap().values();
                let without = &vectors["withoutKid"];
                let is_known = good
                    .chain([without])
                    .any(|good| good.as_str().and_then(signed) == signed(text));
                assert!(is_known && is_token(text), "forged: {text}");
            }
        }
        assert!(verify(text, Verifier::Secret(""), RULES, NOW).is_err());
    });
}

/// A key set is read or refused, and what it lets in is a token of an algorithm that keys sign by.
fn key_set(text: &str) {
    let (set, token) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(keys) = KeySet::parse(set) else { return };
    if verify(token, Verifier::Keys(&keys), RULES, NOW).is_ok() {
        let header = token.split('.').next().unwrap();
        let Some(header) = read(&URL_SAFE_NO_PAD.decode(header).unwrap()) else {
            return;
        };
        assert!(["EdDSA", "ES256", "RS256"].contains(&header["alg"].as_str().unwrap()));
    }
}

/// Claims that are accepted say, read by another reader, everything that is required.
fn claims(bytes: &[u8]) {
    let rules = Rules {
        max_bytes: u64::MAX,
        ..RULES
    };
    let Ok(identity) = verify(&sign(bytes), Verifier::Secret(SECRET), rules, NOW) else {
        return;
    };
    let Some(said) = read(bytes) else { return };
    let now = 1_800_000_000.0;
    let number = |key: &str| {
        said.get(key)
            .filter(|v| !v.is_null())
            .map(|v| v.as_f64().unwrap())
    };
    assert_eq!(said["sub"].as_str(), identity.user_id.as_deref());
    assert_eq!(said["orgId"].as_str(), Some(&*identity.organization_id));
    assert!(!identity.organization_id.is_empty() && identity.user_id.as_deref() != Some(""));
    let expires = number("exp").unwrap();
    assert!(expires + LEEWAY_S > now, "{said} has expired");
    for start in ["nbf", "iat"] {
        assert!(
            number(start).is_none_or(|at| at < now + LEEWAY_S + 1.0),
            "{said} is early"
        );
    }
    let age = expires - number("iat").unwrap_or(now);
    assert!(age < 604_801.0, "{said} lives too long");
    let ends = identity.expires.unwrap();
    assert!(ends > NOW, "{said} is over already");
    let role = said["role"].as_str().unwrap_or_default();
    let roles: Vec<&str> = role
        .split(',')
        .map(str::trim)
        .filter(|r| !r.is_empty())
        .collect();
    assert_eq!(identity.roles, roles);
}

/// Secrets, answers and tickets are read or refused, and what is read belongs to an organization.
fn key(text: &str) {
    if let Ok(keys) = ApiKeys::parse(text) {
        let key = "a key that nobody has";
        // A fuzzer sees what is compared, and lists even that one sooner or later.
        let hash = sha256_hex(key.as_bytes());
        let said: Option<Value> = serde_json::from_str(text).ok();
        let mut listed = said.iter().filter_map(Value::as_array).flatten();
        let is_listed = listed.any(|listed| listed["hash"] == hash.as_str());
        assert!(is_listed || keys.find(key).is_none());
    }
    if let Some(identity) = answered(text, "key") {
        assert!(!identity.organization_id.is_empty());
        assert_ne!(identity.user_id.as_deref(), Some(""));
        assert_eq!(identity.key.as_deref(), Some("key"));
    }
    if let Some(organization) = ticket::organization(text) {
        let random = text.split_once('.').unwrap().1;
        let random: [u8; ticket::RANDOM_BYTES] =
            URL_SAFE_NO_PAD.decode(random).unwrap().try_into().unwrap();
        assert_eq!(ticket::make(&organization, &random), text);
    }
}
