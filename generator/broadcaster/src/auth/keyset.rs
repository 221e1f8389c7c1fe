//! The public keys of `JWKS_URL`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::VerifyingKey as Ed25519Key;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature as P256Signature, VerifyingKey as P256Key};
use rsa::pkcs1v15::{Signature as RsaSignature, VerifyingKey as RsaKey};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPublicKey};
use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::Sha256;

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
pub struct Key {
    kid: Option<String>,
    material: Material,
}

#[derive(Debug, Clone)]
enum Material {
    Ed25519(Box<Ed25519Key>),
    P256(Box<P256Key>),
    Rsa(Box<RsaKey<Sha256>>),
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
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

/// The shortest RSA key that is trusted, and the longest that is checked, in bytes.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

impl KeySet {
    /// Reads a JSON Web Key Set. Keys that cannot be used (other types, uses or curves, broken
    /// ones) are left out.
    ///
    /// # Errors
    /// When the document is no key set.
    pub fn parse(json: &str) -> Result<Self, serde_json::Error> {
        let document: Document = serde_json::from_str(json)?;
        let jwks = document
            .keys
            .into_iter()
            .filter_map(|key| serde_json::from_value(key).ok());
        Ok(Self {
            keys: jwks.filter_map(key).collect(),
        })
    }

    /// The key by which a token says that it is signed, if it can sign by that algorithm. A token
    /// that names no key is meant for the only one of its algorithm.
    pub fn find(&self, algorithm: Algorithm, kid: Option<&str>) -> Option<&Key> {
        let mut usable = self.keys.iter().filter(|key| key.algorithm() == algorithm);
        match kid {
            Some(kid) => usable.find(|key| key.kid.as_deref() == Some(kid)),
            None => usable.next().filter(|_| usable.next().is_none()),
        }
    }
}

impl Key {
    fn algorithm(&self) -> Algorithm {
        match self.material {
            Material::Ed25519(_) => Algorithm::EdDsa,
            Material::P256(_) => Algorithm::Es256,
            Material::Rsa(_) => Algorithm::Rs256,
        }
    }

    /// Whether the signature is this key's.
    pub fn verify(&self, signed: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(signed, &signature).is_ok()),
            Material::P256(key) => P256Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(signed, &signature).is_ok()),
            Material::Rsa(key) => RsaSignature::try_from(signature)
                .is_ok_and(|signature| key.verify(signed, &signature).is_ok()),
        }
    }
}

fn key(jwk: Jwk) -> Option<Key> {
    if jwk.d.is_some() || jwk.r#use.as_deref().is_some_and(|usage| usage != "sig") {
        return None;
    }
    let material = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("OKP", Some("Ed25519")) => ed25519(jwk.x?),
        ("EC", Some("P-256")) => p256(jwk.x?, jwk.y?),
        ("RSA", None) => rsa(jwk.n?, jwk.e?),
        _ => None,
    }?;
    let key = Key {
        kid: jwk.kid,
        material,
    };
    // A key that is published for one algorithm is not used for another.
    let alg = jwk.alg.as_deref();
    alg.is_none_or(|alg| Algorithm::named(alg) == Some(key.algorithm()))
        .then_some(key)
}

fn bytes(text: String) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn ed25519(x: String) -> Option<Material> {
    let x: [u8; 32] = bytes(x)?.try_into().ok()?;
    let key = Ed25519Key::from_bytes(&x)
        .ok()
        .filter(|key| !key.is_weak())?;
    Some(Material::Ed25519(Box::new(key)))
}

fn p256(x: String, y: String) -> Option<Material> {
    let (x, y) = (bytes(x)?, bytes(y)?);
    if x.len() != 32 || y.len() != 32 {
        return None;
    }
    // 4 says that both coordinates follow.
    let point = [&[4], x.as_slice(), y.as_slice()].concat();
    Some(Material::P256(Box::new(
        P256Key::from_sec1_bytes(&point).ok()?,
    )))
}

fn rsa(n: String, e: String) -> Option<Material> {
    let (n, e) = (
        BigUint::from_bytes_be(&bytes(n)?),
        BigUint::from_bytes_be(&bytes(e)?),
    );
    let key = RsaPublicKey::new_with_max_size(n, e, RSA_BYTES.end().checked_mul(8)?).ok()?;
    RSA_BYTES
        .contains(&key.size())
        .then(|| Material::Rsa(Box::new(RsaKey::new(key))))
}
