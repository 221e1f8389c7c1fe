//! Public keys, and what a signature is asked before anything is computed.
//!
//! Which keys and signatures are good is said here, once. Only the arithmetic is elsewhere: in the
//! worker it is the runtime's own, which would not be worth its weight to bring along.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::keyset::Algorithm;

/// A key whose parts have the form that its type asks for. Whether they are a key that somebody
/// can sign by is found out with the first signature: by one that is not, none holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// A point of edwards25519, not of small order.
    Ed25519([u8; 32]),
    /// A point of P-256.
    P256 {
        /// The first coordinate.
        x: [u8; 32],
        /// The second coordinate.
        y: [u8; 32],
    },
    /// An RSA key; the numbers have no leading zeros.
    Rsa {
        /// The modulus, an odd number of 256 to 1,024 bytes.
        n: Vec<u8>,
        /// The exponent: 3, 17 or 65,537.
        e: Vec<u8>,
    },
}

/// Computes whether a signature is a key's: WebCrypto in the worker, crates in the native tests.
pub trait Signatures {
    /// Whether the signature over `signed` is this key's, of that form which the key
    /// [takes](PublicKey::takes). Of parts that are no key, none is.
    fn holds(&self, key: &PublicKey, signed: &[u8], signature: &[u8])
    -> impl Future<Output = bool>;
}

/// The shortest RSA key that is trusted, and the longest that is checked, in bytes.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// The exponents of RSA keys that the Workers runtime imports. No other one is in use.
const EXPONENTS: [&[u8]; 3] = [&[3], &[17], &[1, 0, 1]];

/// The points of small order of edwards25519 in every encoding, without the sign: as a key they
/// would take signatures that nobody made, and no honest signature begins with one. The orders are
/// 4, 1, 8, 8, 2, and again 4 and 1 with coordinates that are not reduced.
const SMALL_ORDER: [[u8; 32]; 7] = [
    [0; 32],
    filled(1, 0, 0),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ],
    filled(0xec, 0xff, 0x7f),
    filled(0xed, 0xff, 0x7f),
    filled(0xee, 0xff, 0x7f),
];

const fn filled(first: u8, between: u8, last: u8) -> [u8; 32] {
    let mut bytes = [between; 32];
    bytes[0] = first;
    bytes[31] = last;
    bytes
}

fn has_small_order(point: &[u8; 32]) -> bool {
    let mut point = *point;
    let [.., last] = &mut point;
    *last &= 0x7f;
    SMALL_ORDER.contains(&point)
}

impl PublicKey {
    /// A key of edwards25519; `None` if it is none to be trusted.
    pub fn ed25519(x: &str) -> Option<Self> {
        let x: [u8; 32] = bytes(x)?.try_into().ok()?;
        (!has_small_order(&x)).then_some(Self::Ed25519(x))
    }

    /// A key of P-256; `None` if the coordinates are not of 32 bytes each.
    pub fn p256(x: &str, y: &str) -> Option<Self> {
        let x = bytes(x)?.try_into().ok()?;
        let y = bytes(y)?.try_into().ok()?;
        Some(Self::P256 { x, y })
    }

    /// An RSA key; `None` if it is none to be trusted.
    pub fn rsa(n: &str, e: &str) -> Option<Self> {
        let (n, e) = (number(n)?, number(e)?);
        let is_odd = n.last().is_some_and(|last| last & 1 == 1);
        let is_good = is_odd && RSA_BYTES.contains(&n.len()) && EXPONENTS.contains(&e.as_slice());
        is_good.then_some(Self::Rsa { n, e })
    }

    /// The one algorithm that the key signs by.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ed25519(_) => Algorithm::EdDsa,
            Self::P256 { .. } => Algorithm::Es256,
            Self::Rsa { .. } => Algorithm::Rs256,
        }
    }

    /// Whether a signature has the form of this key's.
    pub fn takes(&self, signature: &[u8]) -> bool {
        match self {
            Self::Ed25519(_) => {
                signature.len() == 64
                    && signature
                        .first_chunk()
                        .is_some_and(|point| !has_small_order(point))
            }
            Self::P256 { .. } => signature.len() == 64,
            Self::Rsa { n, .. } => signature.len() == n.len(),
        }
    }

    /// Whether the signature over `signed` is this key's.
    pub async fn verify(
        &self,
        signatures: &impl Signatures,
        signed: &[u8],
        signature: &[u8],
    ) -> bool {
        self.takes(signature) && signatures.holds(self, signed, signature).await
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// The bytes of a number without leading zeros.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = bytes(text)?;
    Some(bytes.into_iter().skip_while(|byte| *byte == 0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_of_small_order_is_no_key() {
        for point in SMALL_ORDER {
            for sign in [0, 0x80] {
                let mut point = point;
                point[31] |= sign;
                let x = URL_SAFE_NO_PAD.encode(point);
                assert_eq!(PublicKey::ed25519(&x), None, "{point:?}");
            }
        }
        let honest = URL_SAFE_NO_PAD.encode([7; 32]);
        assert_eq!(
            PublicKey::ed25519(&honest),
            Some(PublicKey::Ed25519([7; 32]))
        );
        assert_eq!(PublicKey::ed25519(&URL_SAFE_NO_PAD.encode([7; 31])), None);
    }

    #[test]
    fn a_signature_has_the_length_of_its_key() {
        let rsa = PublicKey::Rsa {
            n: vec![1; 256],
            e: vec![3],
        };
        let p256 = PublicKey::P256 {
            x: [1; 32],
            y: [1; 32],
        };
        for (key, length) in [(PublicKey::Ed25519([7; 32]), 64), (p256, 64), (rsa, 256)] {
            assert!(key.takes(&vec![7; length]), "{key:?}");
            assert!(!key.takes(&vec![7; length - 1]), "{key:?}");
            assert!(!key.takes(&vec![7; length + 1]), "{key:?}");
            assert!(!key.takes(&[]), "{key:?}");
        }
    }

    #[test]
    fn no_signature_begins_with_a_point_of_small_order() {
        for point in SMALL_ORDER {
            for sign in [0, 0x80] {
                let mut signature = [7; 64];
                signature[..32].copy_from_slice(&point);
                signature[31] |= sign;
                assert!(!PublicKey::Ed25519([7; 32]).takes(&signature), "{point:?}");
            }
        }
    }
}
