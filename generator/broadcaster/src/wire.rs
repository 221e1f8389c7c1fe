//! What is answered: results, errors and close codes.

use serde::Serialize;

/// Declares the one table of error codes.
macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal, $status:literal;)*) => {
        /// Why a request is refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code in the answer.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The HTTP status of the answer.
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }
        }
    };
}

codes! {
    /// The body is not a JSON object.
    BadJson = "bad_json", 400;
    /// The JSON is nested too deeply.
    TooDeep = "too_deep", 400;
    /// A key that is not known, or has no meaning for this type of event.
    UnknownKey = "unknown_key", 400;
    /// `type`, `table`, `eventType`, `event` or a record is missing or unusable.
    BadEvent = "bad_event", 400;
    /// There is no usable `organizationId`.
    MissingOrganization = "missing_organization", 400;
    /// A narrowing is named but cannot be used, so nobody may receive the event.
    UnusableNarrowing = "unusable_narrowing", 400;
    /// A mask of a type that does not exist.
    UnknownMaskType = "unknown_mask_type", 400;
    /// A role that is none, or a `role+` that the hierarchy does not know.
    UnknownRole = "unknown_role", 400;
    /// The helper's policy cannot be read.
    BadPolicy = "bad_policy", 400;
    /// A list is longer than its limit.
    TooMany = "too_many", 400;
    /// A header or a parameter is unusable.
    BadRequest = "bad_request", 400;
    /// The token is missing, wrong or expired.
    Unauthorized = "unauthorized", 401;
    /// The origin may not connect.
    Forbidden = "forbidden", 403;
    /// The organization is not that of the token or the ticket.
    WrongOrganization = "wrong_organization", 403;
    /// There is no such route.
    NotFound = "not_found", 404;
    /// The route exists, but not with this method.
    MethodNotAllowed = "method_not_allowed", 405;
    /// The idempotency key was used with another body.
    Conflict = "idempotency_conflict", 409;
    /// The body is larger than its limit.
    TooLarge = "too_large", 413;
    /// The route is for WebSockets.
    UpgradeRequired = "upgrade_required", 426;
    /// Too many open tickets.
    TooManyTickets = "too_many_tickets", 429;
    /// Something that this needs is not configured or not reachable.
    Unavailable = "unavailable", 503;
    /// There are too many sockets already.
    Full = "full", 503;
}

/// A refused request: nobody received anything. It never repeats input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", code.name())]
pub struct Refusal {
    /// What kind of refusal it is.
    pub code: Code,
    /// What is wrong, in one sentence.
    pub message: &'static str,
}

impl Refusal {
    /// A refusal with its sentence.
    pub const fn new(code: Code, message: &'static str) -> Self {
        Self { code, message }
    }

    /// The body of the answer: `{"error":code,"message"}`.
    pub fn to_json(self) -> String {
        #[derive(Serialize)]
        struct Answer {
            error: &'static str,
            message: &'static str,
        }
        let answer = Answer {
            error: self.code.name(),
            message: self.message,
        };
        // Two plain strings always serialize.
        serde_json::to_string(&answer).unwrap_or_default()
    }
}

/// The answer to a broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivered {
    /// Sockets to which the event was handed.
    pub delivered: u64,
    /// The hash of the worker's configuration.
    pub config_hash: String,
    /// Whether some holder did not answer in time, so that `delivered` may be too low.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
}

/// Why a socket is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Close {
    /// A message that cannot be read.
    BadMessage,
    /// Not authenticated, or no longer.
    NotAuthenticated,
    /// Authenticated, but not for this organization, or not from this origin.
    Refused,
    /// Idle, or not authenticated in time.
    TooLate,
    /// The token expired, or was revoked.
    Expired,
    /// A message that is too large.
    TooLarge,
    /// Too many messages or sockets, or too slow to receive.
    TooMuch,
    /// What authentication needs is not reachable or not configured.
    Unavailable,
}

impl Close {
    /// The WebSocket close code.
    pub fn code(self) -> u16 {
        match self {
            Self::BadMessage => 4400,
            Self::NotAuthenticated => 4401,
            Self::Refused => 4403,
            Self::TooLate => 4408,
            Self::Expired => 4409,
            Self::TooLarge => 4413,
            Self::TooMuch => 4429,
            Self::Unavailable => 1013,
        }
    }

    /// The close reason: a word for whoever reads a log.
    pub fn reason(self) -> &'static str {
        match self {
            Self::BadMessage => "bad message",
            Self::NotAuthenticated => "not authenticated",
            Self::Refused => "refused",
            Self::TooLate => "too late",
            Self::Expired => "expired",
            Self::TooLarge => "too large",
            Self::TooMuch => "too much",
            Self::Unavailable => "unavailable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_their_exact_bytes() {
        let refusal = Refusal::new(Code::BadJson, "This is not JSON.");
        assert_eq!(
            refusal.to_json(),
            r#"{"error":"bad_json","message":"This is not JSON."}"#
        );
        let mut answer = Delivered {
            delivered: 3,
            config_hash: "abc".into(),
            partial: false,
        };
        assert_eq!(
            serde_json::to_string(&answer).unwrap(),
            r#"{"delivered":3,"configHash":"abc"}"#
        );
        answer.partial = true;
        assert_eq!(
            serde_json::to_string(&answer).unwrap(),
            r#"{"delivered":3,"configHash":"abc","partial":true}"#
        );
    }

    #[test]
    fn names_are_distinct() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
