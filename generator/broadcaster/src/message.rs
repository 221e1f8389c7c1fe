//! What a client says over its socket, and what it is told besides events.

use serde::Serialize;

use crate::limits::Limits;
use crate::record::{Record, text};
use crate::wire::Close;

/// A message from a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientMessage {
    /// `{"type":"auth","token","organizationId","flow"?}`.
    Auth(Auth),
    /// `ping` or `{"type":"ping"}`.
    Ping,
    /// `{"type":"ack","count":n}`: the client has handled `n` more events since it last said so.
    Ack(u64),
    /// JSON, but none of these: answered by an error, and the socket stays.
    Unknown,
}

/// How a socket asks for its subscription.
#[derive(Clone, PartialEq, Eq)]
pub struct Auth {
    /// A session token or an API key.
    pub token: String,
    /// The organization whose events it wants.
    pub organization_id: String,
    /// Whether the client acknowledges what it handled.
    pub flow: bool,
}

impl std::fmt::Debug for Auth {
    /// Leaves the token out: it must never be logged.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Auth")
            .field("flow", &self.flow)
            .finish_non_exhaustive()
    }
}

impl ClientMessage {
    /// Reads a text frame.
    ///
    /// # Errors
    /// How the socket is to be closed: the frame is too large, is not a JSON object, or is an
    /// `auth` or `ack` that cannot be used.
    pub fn parse(frame: &str, limits: &Limits) -> Result<Self, Close> {
        if frame.len() > Limits::size(limits.max_frame) {
            return Err(Close::TooLarge);
        }
        if frame == PING {
            return Ok(Self::Ping);
        }
        let record =
            Record::parse(frame, Limits::size(limits.max_depth)).map_err(|_| Close::BadMessage)?;
        let field = |key: &str| record.get(key).and_then(text);
        match field("type").as_deref() {
            Some("auth") => {
                let flow = match record.get("flow").map(|value| value.get()) {
                    None | Some("false") => false,
                    Some("true") => true,
                    Some(_) => return Err(Close::BadMessage),
                };
                let token = field("token").filter(|token| !token.is_empty());
                let organization_id = field("organizationId").filter(|id| !id.is_empty());
                match (token, organization_id) {
                    (Some(token), Some(organization_id)) => Ok(Self::Auth(Auth {
                        token,
                        organization_id,
                        flow,
                    })),
                    _ => Err(Close::BadMessage),
                }
            }
            Some("ping") => Ok(Self::Ping),
            Some("ack") => {
                let count = record
                    .get("count")
                    .and_then(|count| count.get().parse().ok());
                count.map(Self::Ack).ok_or(Close::BadMessage)
            }
            _ => Ok(Self::Unknown),
        }
    }
}

/// What a client sends to learn whether the connection lives.
pub const PING: &str = "ping";
/// What it is answered, without waking the object.
pub const PONG: &str = "pong";

/// Why an `auth` failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthReason {
    /// The message cannot be read.
    BadMessage,
    /// It came too late.
    Timeout,
    /// The token or key is not valid.
    Invalid,
    /// It was, but is no longer.
    Expired,
    /// It is valid for another organization.
    WrongOrganization,
    /// There are too many sockets.
    TooMany,
    /// What is needed to judge it cannot be reached or is not configured.
    Unavailable,
}

impl AuthReason {
    /// How the socket is closed after the error.
    pub fn close(self) -> Close {
        match self {
            Self::BadMessage => Close::BadMessage,
            Self::Timeout => Close::TooLate,
            Self::Invalid => Close::NotAuthenticated,
            Self::Expired => Close::Expired,
            Self::WrongOrganization => Close::Refused,
            Self::TooMany => Close::TooMuch,
            Self::Unavailable => Close::Unavailable,
        }
    }
}

/// How a subscriber proved who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// A session token, or a ticket for which one was shown.
    Session,
    /// An API key.
    ApiKey,
}

/// A message to a client that is no event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum ServerMessage<'a> {
    /// The subscription stands.
    AuthSuccess {
        /// Whose events come.
        organization_id: &'a str,
        /// Who the subscriber is; `null` of a key without a user.
        user_id: Option<&'a str>,
        /// The roles as one text, as Better Auth stores them.
        role: &'a str,
        /// The roles one by one.
        roles: &'a [String],
        /// How they were proven.
        auth_method: AuthMethod,
    },
    /// There is no subscription; the socket is closed next.
    AuthError {
        /// Why.
        reason: AuthReason,
    },
    /// A message was not understood; the socket stays.
    Error {
        /// Why.
        reason: AuthReason,
    },
    /// The answer to `{"type":"ping"}`.
    Pong,
}

impl ServerMessage<'_> {
    /// The text of the frame.
    pub fn to_json(&self) -> String {
        // Strings and lists of strings always serialize.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(frame: &str) -> Result<ClientMessage, Close> {
        ClientMessage::parse(frame, &Limits::DEFAULT)
    }

    #[test]
    fn messages_are_read() {
        let auth = |flow| {
            let (token, organization_id) = ("t".to_owned(), "org".to_owned());
            Ok(ClientMessage::Auth(Auth {
                token,
                organization_id,
                flow,
            }))
        };
        assert_eq!(
            parse(r#"{"type":"auth","token":"t","organizationId":"org"}"#),
            auth(false)
        );
        assert_eq!(
            parse(r#"{"flow":true,"type":"auth","token":"t","organizationId":"org"}"#),
            auth(true)
        );
        assert_eq!(parse("ping"), Ok(ClientMessage::Ping));
        assert_eq!(parse(r#"{"type":"ping"}"#), Ok(ClientMessage::Ping));
        assert_eq!(
            parse(r#"{"type":"ack","count":64}"#),
            Ok(ClientMessage::Ack(64))
        );
        assert_eq!(parse(r#"{"type":"subscribe"}"#), Ok(ClientMessage::Unknown));
        assert_eq!(parse("{}"), Ok(ClientMessage::Unknown));
    }

    #[test]
    fn what_cannot_be_used_closes_the_socket() {
        for frame in [
            "",
            "hello",
            "[]",
            "{",
            "1",
            r#"{"type":"auth"}"#,
            r#"{"type":"auth","token":"","organizationId":"org"}"#,
            r#"{"type":"auth","token":"t","organizationId":null}"#,
            r#"{"type":"auth","token":["t"],"organizationId":"org"}"#,
            r#"{"type":"auth","token":"t","organizationId":"org","flow":"yes"}"#,
            r#"{"type":"ack","count":-1}"#,
            r#"{"type":"ack"}"#,
        ] {
            assert_eq!(parse(frame), Err(Close::BadMessage), "{frame}");
        }
        assert_eq!(parse(&"x".repeat(20_000)), Err(Close::TooLarge));
        assert_eq!(parse(&"[".repeat(10_000)), Err(Close::BadMessage));
    }

    #[test]
    fn answers_have_their_exact_bytes() {
        let roles = ["admin".to_owned(), "hr".to_owned()];
        let success = ServerMessage::AuthSuccess {
            organization_id: "org_1",
            user_id: Some("u1"),
            role: "admin,hr",
            roles: &roles,
            auth_method: AuthMethod::ApiKey,
        };
        assert_eq!(
            success.to_json(),
            r#"{"type":"auth_success","organizationId":"org_1","userId":"u1","role":"admin,hr","roles":["admin","hr"],"authMethod":"api_key"}"#
        );
        let error = ServerMessage::AuthError {
            reason: AuthReason::WrongOrganization,
        };
        assert_eq!(
            error.to_json(),
            r#"{"type":"auth_error","reason":"wrong_organization"}"#
        );
        let unknown = ServerMessage::Error {
            reason: AuthReason::BadMessage,
        };
        assert_eq!(
            unknown.to_json(),
            r#"{"type":"error","reason":"bad_message"}"#
        );
    }

    #[test]
    fn close_codes_are_those_that_clients_know() {
        let codes: Vec<u16> = [
            AuthReason::BadMessage,
            AuthReason::Timeout,
            AuthReason::Invalid,
            AuthReason::Expired,
            AuthReason::WrongOrganization,
            AuthReason::TooMany,
            AuthReason::Unavailable,
        ]
        .map(|reason| reason.close().code())
        .to_vec();
        assert_eq!(codes, [4400, 4408, 4401, 4409, 4403, 4429, 1013]);
    }
}
