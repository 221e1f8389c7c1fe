//! The masks: what is left of a value for a receiver who may not see it.

use serde::{Deserialize, Serialize};

/// How a value is masked. The names are those of `masking` and `maskingConfig`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MaskType {
    /// `john@yourdomain.com` → `j***@y*********.com`.
    Email,
    /// `555-123-4567` → `******4567`.
    Phone,
    /// `123-45-6789` → `*****6789`.
    Ssn,
    /// `4111 1111 1111 1111` → `**** **** **** 1111`.
    CreditCard,
    /// `John Doe` → `J*** D**`.
    Name,
    /// `[REDACTED]`.
    Redact,
    /// A function of the project, which cannot run in a broadcast: sent as [`MaskType::Redact`].
    Custom,
}
