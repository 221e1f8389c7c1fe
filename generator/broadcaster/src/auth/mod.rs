//! Who a subscriber is: session tokens, API keys and tickets, judged without any input or output.

pub mod key;
pub mod keyset;
pub mod public_key;
pub mod ticket;
pub mod token;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::message::AuthMethod;

/// What a token, a key or a ticket proves.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Identity {
    /// The only organization whose events may be received.
    pub organization_id: String,
    /// The user; `None` of a key without one.
    pub user_id: Option<String>,
    /// The roles that the user or key holds in the organization.
    pub roles: Vec<String>,
    /// How it was proven.
    pub method: AuthMethod,
    /// The second since 1970 at which it ends.
    pub expires: Option<u64>,
    /// The second since 1970 at which the session token was issued, and no later than it was shown.
    pub issued: Option<u64>,
    /// The API key itself, where it must be asked about again while the socket lives.
    pub key: Option<String>,
}

impl std::fmt::Debug for Identity {
    /// Leaves out everything that must not be logged.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// Splits roles as Better Auth stores them: at commas, trimmed.
pub fn split_roles(roles: &str) -> Vec<String> {
    let roles = roles.split(',').map(str::trim);
    roles
        .filter(|role| !role.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The lower-case hexadecimal SHA-256.
pub fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _infallible = write!(out, "{byte:02x}");
    }
    out
}

/// Whether a presented secret is the configured one. An empty one never is. Both are hashed
/// first, so that the time it takes says nothing about either.
pub fn is_secret(configured: &str, presented: &str) -> bool {
    let digests = (Sha256::digest(configured), Sha256::digest(presented));
    !configured.is_empty() && digests.0 == digests.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_split_at_commas() {
        assert_eq!(split_roles("admin, hr ,,editor"), ["admin", "hr", "editor"]);
        assert!(split_roles(" , ").is_empty());
    }

    #[test]
    fn an_empty_secret_never_matches() {
        assert!(is_secret("s", "s"));
        assert!(!is_secret("s", "S") && !is_secret("s", "") && !is_secret("", ""));
    }

    #[test]
    fn a_hash_is_lower_case_hexadecimal() {
        assert_eq!(
            sha256_hex(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
