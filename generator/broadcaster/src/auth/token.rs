//! Session tokens: JWTs whose algorithm the configuration chooses, never the token.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::Deserialize;
use sha2::Sha256;

use super::keyset::{Algorithm, KeySet};
use super::public_key::Signatures;
use super::{Identity, split_roles};
use crate::message::AuthMethod;

/// By how many seconds the clocks of issuer and worker may differ.
const LEEWAY_S: u64 = 30;

/// What signatures are checked against.
#[derive(Clone, Copy)]
pub enum Verifier<'a> {
    /// HS256 under this secret, and nothing else.
    Secret(&'a str),
    /// The keys of `JWKS_URL`, and nothing else.
    Keys(&'a KeySet),
}

impl std::fmt::Debug for Verifier<'_> {
    /// Leaves the secret out: it must never be logged.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Secret(_) => "Secret",
            Self::Keys(_) => "Keys",
        })
    }
}

/// What a token must say besides its signature.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// `iss`, where `JWT_ISSUER` is set.
    pub issuer: Option<&'a str>,
    /// One of `aud`, where `JWT_AUDIENCE` is set.
    pub audience: Option<&'a str>,
    /// The longest life of a token in seconds.
    pub max_age_s: u64,
    /// The most bytes of a token.
    pub max_bytes: u64,
}

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TokenError {
    /// It is no token, or its signature or claims do not hold.
    #[error("the token is not valid")]
    Invalid,
    /// It was valid once.
    #[error("the token has expired")]
    Expired,
    /// It is signed by a key that the set does not hold: the set may be out of date.
    #[error("the key of the token is not known")]
    UnknownKey,
}

/// Whether a text is a session token rather than an API key: three parts, separated by dots.
pub fn is_token(text: &str) -> bool {
    text.split('.').count() == 3
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claims {
    sub: String,
    org_id: String,
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
    iss: Option<String>,
    aud: Option<Audience>,
    role: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Checks a session token at a second since 1970 and says who it is for.
///
/// # Errors
/// Why it is refused.
pub async fn verify(
    token: &str,
    verifier: Verifier<'_>,
    signatures: &impl Signatures,
    rules: Rules<'_>,
    now_s: u64,
) -> Result<Identity, TokenError> {
    if u64::try_from(token.len()).is_ok_and(|len| len > rules.max_bytes) {
        return Err(TokenError::Invalid);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Invalid)?;
    let (header, payload) = signed.split_once('.').ok_or(TokenError::Invalid)?;
    let header: Header = decode(header)?;
    if header.crit.is_some() {
        return Err(TokenError::Invalid);
    }
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| TokenError::Invalid)?;
    check_signature(verifier, signatures, &header, signed.as_bytes(), &signature).await?;
    let claims: Claims = decode(payload)?;
    identity(claims, rules, now_s)
}

fn decode<T: serde::de::DeserializeOwned>(part: &str) -> Result<T, TokenError> {
    let json = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| TokenError::Invalid)?;
    // Read as text: of strings that nobody asks for, the bytes would be passed over unseen.
    let json = std::str::from_utf8(&json).map_err(|_| TokenError::Invalid)?;
    serde_json::from_str(json).map_err(|_| TokenError::Invalid)
}

async fn check_signature(
    verifier: Verifier<'_>,
    signatures: &impl Signatures,
    header: &Header,
    signed: &[u8],
    signature: &[u8],
) -> Result<(), TokenError> {
    match verifier {
        Verifier::Secret(secret) => {
            // An empty secret is none, and nothing is signed by it.
            if header.alg != "HS256" || secret.is_empty() {
                return Err(TokenError::Invalid);
            }
            let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
            let mut mac = mac.map_err(|_| TokenError::Invalid)?;
            mac.update(signed);
            mac.verify_slice(signature).map_err(|_| TokenError::Invalid)
        }
        Verifier::Keys(keys) => {
            let algorithm = Algorithm::named(&header.alg).ok_or(TokenError::Invalid)?;
            let key = keys
                .find(algorithm, header.kid.as_deref())
                .ok_or(TokenError::UnknownKey)?;
            key.verify(signatures, signed, signature)
                .await
                .then_some(())
                .ok_or(TokenError::Invalid)
        }
    }
}

fn identity(claims: Claims, rules: Rules<'_>, now_s: u64) -> Result<Identity, TokenError> {
    let exp = seconds(claims.exp)?;
    let not_before = claims.nbf.map(seconds).transpose()?;
    let issued = claims.iat.map(seconds).transpose()?;
    let soon = now_s.saturating_add(LEEWAY_S);
    if exp.saturating_add(LEEWAY_S) <= now_s {
        return Err(TokenError::Expired);
    }
    if [not_before, issued]
        .into_iter()
        .flatten()
        .any(|start| start > soon)
    {
        return Err(TokenError::Invalid);
    }
    // No token may outlive its own revocation. When one without `iat` was issued, nobody knows: a
    // revocation of its user is never forgotten.
    if exp.saturating_sub(issued.unwrap_or(now_s)) > rules.max_age_s {
        return Err(TokenError::Invalid);
    }
    if rules
        .issuer
        .is_some_and(|issuer| claims.iss.as_deref() != Some(issuer))
    {
        return Err(TokenError::Invalid);
    }
    let is_audience = |wanted: &str| match &claims.aud {
        None => false,
        Some(Audience::One(audience)) => audience == wanted,
        Some(Audience::Many(audiences)) => audiences.iter().any(|audience| audience == wanted),
    };
    if rules.audience.is_some_and(|wanted| !is_audience(wanted)) {
        return Err(TokenError::Invalid);
    }
    if claims.sub.is_empty() || claims.org_id.is_empty() {
        return Err(TokenError::Invalid);
    }
    Ok(Identity {
        organization_id: claims.org_id,
        user_id: Some(claims.sub),
        roles: claims.role.as_deref().map(split_roles).unwrap_or_default(),
        method: AuthMethod::Session,
        // What only the leeway lets in, the leeway also ends.
        expires: Some(if exp > now_s {
            exp
        } else {
            exp.saturating_add(LEEWAY_S)
        }),
        // A clock that is ahead must not make a token newer than a revocation that comes later.
        issued: issued.map(|issued| issued.min(now_s)),
        key: None,
    })
}

/// A `NumericDate` as whole seconds.
fn seconds(date: f64) -> Result<u64, TokenError> {
    // Beyond this a number of seconds is no date, and a conversion would not be exact.
    const LATEST: f64 = 253_402_300_800.0;
    if (0.0..=LATEST).contains(&date) {
        // The range is checked, and a fraction of a second is meant to be cut off.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Ok(date as u64)
    } else {
        Err(TokenError::Invalid)
    }
}
