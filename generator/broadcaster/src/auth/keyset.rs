//! The public keys of `JWKS_URL`.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::public_key::PublicKey;

/// The algorithms by which a key of a set may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Ed25519.
    EdDsa,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// RSA PKCS #1 v1.5 with SHA-256.
    Rs256,
}

impl Algorithm {
    /// The algorithm of a token's header.
    pub fn named(alg: &str) -> Option<Self> {
        match alg {
            "EdDSA" => Some(Self::EdDsa),
            "ES256" => Some(Self::Es256),
            "RS256" => Some(Self::Rs256),
            _ => None,
        }
    }
}

/// The keys that a set holds and that can be used.
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    keys: Vec<Key>,
}

/// A key with its name.
#[derive(Debug, Clone)]
struct Key {
    kid: Option<String>,
    public: PublicKey,
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    alg: Option<String>,
    kid: Option<String>,
    r#use: Option<String>,
    /// A private key, which has no place in a public document.
    d: Option<IgnoredAny>,
}

impl KeySet {
    /// Reads a JSON Web Key Set. Keys that cannot be used (other types, uses or curves, broken
    /// ones) are left out.
    ///
    /// # Errors
    /// When the document is no key set.
    pub fn parse(json: &str) -> Result<Self, serde_json::Error> {
        let document: Document = serde_json::from_str(json)?;
        let keys = document.keys.into_iter();
        let jwks = keys.filter_map(|key| serde_json::from_str(key.get()).ok());
        Ok(Self {
            keys: jwks.filter_map(key).collect(),
        })
    }

    /// The key by which a token says that it is signed, if it can sign by that algorithm. A token
    /// that names no key is meant for the only one of its algorithm.
    pub fn find(&self, algorithm: Algorithm, kid: Option<&str>) -> Option<&PublicKey> {
        let is_usable = |key: &&Key| key.public.algorithm() == algorithm;
        let mut usable = self.keys.iter().filter(is_usable);
        let key = match kid {
            Some(kid) => usable.find(|key| key.kid.as_deref() == Some(kid)),
            None => usable.next().filter(|_| usable.next().is_none()),
        };
        key.map(|key| &key.public)
    }
}

fn key(jwk: Jwk) -> Option<Key> {
    if jwk.d.is_some() || jwk.r#use.as_deref().is_some_and(|usage| usage != "sig") {
        return None;
    }
    let public = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("OKP", Some("Ed25519")) => PublicKey::ed25519(&jwk.x?),
        ("EC", Some("P-256")) => PublicKey::p256(&jwk.x?, &jwk.y?),
        ("RSA", None) => PublicKey::rsa(&jwk.n?, &jwk.e?),
        _ => None,
    }?;
    // A key that is published for one algorithm is not used for another.
    let alg = jwk.alg.as_deref();
    let is_meant = alg.is_none_or(|alg| Algorithm::named(alg) == Some(public.algorithm()));
    let kid = jwk.kid;
    is_meant.then_some(Key { kid, public })
}
