//! Signatures, computed by crates where the worker has the runtime compute them.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use broadcaster::auth::Identity;
use broadcaster::auth::public_key::{PublicKey, Signatures};
use broadcaster::auth::token::{self, Rules, TokenError, Verifier};
use ed25519_dalek::{Signature as Ed25519Signature, VerifyingKey as Ed25519Key};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature as P256Signature, VerifyingKey as P256Key};
use rsa::pkcs1v15::{Signature as RsaSignature, VerifyingKey as RsaKey};
use rsa::{BigUint, RsaPublicKey};
use sha2::Sha256;

/// The crates.
pub struct Crates;

impl Signatures for Crates {
    async fn holds(&self, key: &PublicKey, signed: &[u8], signature: &[u8]) -> bool {
        let holds = match key {
            PublicKey::Ed25519(point) => ed25519(point, signed, signature),
            PublicKey::P256 { x, y } => p256(x, y, signed, signature),
            PublicKey::Rsa { n, e } => rsa(n, e, signed, signature),
        };
        holds.is_some()
    }
}

fn ed25519(point: &[u8; 32], signed: &[u8], signature: &[u8]) -> Option<()> {
    let key = Ed25519Key::from_bytes(point).ok()?;
    let signature = Ed25519Signature::from_slice(signature).ok()?;
    key.verify_strict(signed, &signature).ok()
}

fn p256(x: &[u8], y: &[u8], signed: &[u8], signature: &[u8]) -> Option<()> {
    // 4 says that both coordinates follow.
    let key = P256Key::from_sec1_bytes(&[&[4], x, y].concat()).ok()?;
    let signature = P256Signature::from_slice(signature).ok()?;
    key.verify(signed, &signature).ok()
}

fn rsa(n: &[u8], e: &[u8], signed: &[u8], signature: &[u8]) -> Option<()> {
    let (n, e) = (BigUint::from_bytes_be(n), BigUint::from_bytes_be(e));
    let key = RsaKey::<Sha256>::new(RsaPublicKey::new_with_max_size(n, e, 8_192).ok()?);
    let signature = RsaSignature::try_from(signature).ok()?;
    key.verify(signed, &signature).ok()
}

/// [`token::verify`] with the crates, which never have to be waited for.
pub fn verify(
    token: &str,
    verifier: Verifier<'_>,
    rules: Rules<'_>,
    now_s: u64,
) -> Result<Identity, TokenError> {
    let verified = pin!(token::verify(token, verifier, &Crates, rules, now_s));
    match verified.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("the crates are waited for"),
    }
}
