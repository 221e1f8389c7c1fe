//! Every limit: its name as a variable of the worker, its default, its unit, and what happens at
//! it. `LIMITS.md` is this table as a page; `cargo test` says when it is not, and
//! `UPDATE_LIMITS=1 cargo test` writes it again.

use thiserror::Error;

/// Events after which the generated client acknowledges what it has handled.
pub const ACK_EVENTS: u64 = 64;
/// UTF-16 code units of events after which it does so earlier.
pub const ACK_CHARACTERS: u64 = 256 << 10;
/// Bytes of such a unit in UTF-8, at most.
const CHARACTER: u64 = 3;

/// Why a variable is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LimitError {
    /// It is no whole number.
    #[error("{0} is not a whole number")]
    NotANumber(&'static str),
    /// It is below what clients need that mean no harm.
    #[error("{variable} is less than {least}")]
    TooSmall {
        /// The variable.
        variable: &'static str,
        /// The least number that it may be.
        least: u64,
    },
}

/// One limit as the page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The variable that sets it.
    pub variable: &'static str,
    /// What holds where the variable is not set.
    pub default: u64,
    /// The least number that it may be.
    pub least: u64,
    /// What is limited, in which unit, and what happens at the limit.
    pub documentation: &'static str,
}

/// Declares the one table of limits.
macro_rules! limits {
    ($($(#[doc = $doc:literal])*
        $field:ident: $name:literal = $default:expr $(, at least $least:expr)?;)*) => {
        /// The limits of a worker. Each can be set by the variable that its documentation names.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Limits {
            $($(#[doc = $doc])* #[doc = concat!("\n\nVariable `", $name, "`.")] pub $field: u64,)*
        }

        impl Limits {
            /// The limits where no variable is set.
            pub const DEFAULT: Self = Self { $($field: $default,)* };

            /// The variables with their defaults, in the order of their documentation.
            pub const TABLE: &[Limit] = &[$(Limit {
                variable: $name,
                default: $default,
                least: 0 $(+ $least)?,
                documentation: concat!($($doc, "\n",)*),
            },)*];

            /// Reads the limits from variables.
            ///
            /// # Errors
            /// Which variable is set and not usable.
            pub fn read(var: impl Fn(&str) -> Option<String>) -> Result<Self, LimitError> {
                let number = |variable: &'static str, default, least| {
                    let Some(text) = var(variable) else {
                        return Ok(default);
                    };
                    match text.trim().parse() {
                        Ok(number) if number >= least => Ok(number),
                        Ok(_) => Err(LimitError::TooSmall { variable, least }),
                        Err(_) => Err(LimitError::NotANumber(variable)),
                    }
                };
                Ok(Self { $($field: number($name, $default, 0 $(+ $least)?)?,)* })
            }
        }
    };
}

limits! {
    /// Bytes of the body of a broadcast. A larger one is answered 413 `too_large`, and nobody
    /// receives anything.
    max_body: "MAX_BODY" = 1 << 20;
    /// Bytes of a message from a client. A larger one closes the socket with 4413, which clients
    /// take as final.
    max_frame: "MAX_FRAME" = 16 << 10;
    /// Levels of nesting of any JSON that is read. A deeper body is answered 400 `too_deep`; a
    /// deeper message closes the socket with 4400.
    max_depth: "MAX_DEPTH" = 64;
    /// Bytes of a session token or an API key. A longer one is `invalid`, without a look at it.
    max_token: "MAX_TOKEN" = 8 << 10;
    /// Sockets of one holder that have not authenticated. An upgrade beyond it is answered 503
    /// `full`; sockets that have authenticated, and those that open with a ticket, do not notice.
    /// Each costs the runtime some 80 KB, for at most `AUTH_TIMEOUT_S` if the client answers when
    /// it is closed. One that does not counts until it goes or the runtime finds its connection
    /// dead, since nothing else ends it.
    max_pending: "MAX_PENDING" = 1_000;
    /// Sockets of one holder, with those that were closed and have not gone. One more that
    /// authenticates is told `too_many` and closed with 4429. The runtime itself holds 32,768 in
    /// an object.
    max_sockets: "MAX_SOCKETS" = 20_000;
    /// Sockets of one organization in one lobby, with those that were closed and have not gone. One
    /// more that authenticates is told `too_many` and closed with 4429. All organizations share the
    /// lobbies: where this is not well below `MAX_SOCKETS`, one of them can keep the others out. The
    /// generated client opens in its organization's own object, which this does not concern.
    max_lobby_sockets: "MAX_LOBBY_SOCKETS" = 10_000;
    /// Sockets of one user in one holder, with those that were closed and have not gone. One more
    /// that authenticates is told `too_many` and closed with 4429. API keys without a user are not
    /// counted: any number of servers may share one.
    max_user_sockets: "MAX_USER_SOCKETS" = 50;
    /// Messages of one client in ten seconds. More close its socket with 4429. `ping` as a bare
    /// word is answered by the runtime and not counted, nor is an acknowledgement of events that
    /// were sent.
    max_messages: "MAX_MESSAGES" = 20;
    /// Roles in a call's `targetRoles`. A longer list is answered 400 `too_many`.
    max_target_roles: "MAX_TARGET_ROLES" = 100;
    /// Columns in a call's `maskingConfig`. More are answered 400 `too_many`.
    max_masked_columns: "MAX_MASKED_COLUMNS" = 200;
    /// Bytes of an organization's or a user's id. A longer one is answered 400. An organization's
    /// must also fit into the names of its objects, of which the runtime takes 1,024 bytes: it may
    /// have 1,020 bytes, a few fewer with `SHARDS`, and `%` and `#` count as three. In an
    /// `auth`, one that does not is told `wrong_organization` and closed with 4403.
    max_id: "MAX_ID" = 1_024;
    /// Bytes of an `Idempotency-Key`. A longer one is answered 400 `bad_request`.
    max_idempotency_key: "MAX_IDEMPOTENCY_KEY" = 128;
    /// Seconds for which the answer to an idempotency key is kept. A repeat after that is
    /// delivered once more.
    idempotency_s: "IDEMPOTENCY_S" = 300;
    /// Bytes that one socket is sent in a minute. More close it with 4429. What a client does not
    /// read waits in the runtime, byte for byte (measured in workerd). So this bounds how fast the
    /// memory grows that a client costs which lives and does not read, not how far: what it was
    /// sent in the minutes before may wait there as well.
    max_egress: "MAX_EGRESS" = 32 << 20;
    /// Events that a client with flow control may be behind with its acknowledgements. One that is
    /// further behind is closed with 4429. The generated client acknowledges every 64 events.
    max_unacknowledged: "MAX_UNACKNOWLEDGED" = 256, at least 2 * ACK_EVENTS;
    /// Bytes that a client with flow control may be behind with its acknowledgements when it is
    /// sent an event of any size. One that is further behind is closed with 4429. The generated
    /// client acknowledges every 262,144 characters, of at most three bytes each.
    max_unacknowledged_bytes: "MAX_UNACKNOWLEDGED_BYTES" = 4 << 20,
        at least 2 * CHARACTER * ACK_CHARACTERS;
    /// Seconds in which a socket must authenticate. After that it is told `timeout` and closed with
    /// 4408, by an alarm that rounds up to five seconds.
    auth_timeout_s: "AUTH_TIMEOUT_S" = 10;
    /// Seconds without a message, a `ping` included, after which a socket is closed with 4408, by an
    /// alarm that rounds up to five seconds; 0 is never. The generated client sends a `ping` every 25
    /// seconds, its `timing.ping`, but browsers hold back what a hidden page does, to once a minute:
    /// below 120, pages are closed that do nothing wrong.
    idle_timeout_s: "IDLE_TIMEOUT_S" = 0;
    /// Seconds between the issue and the expiry of a session token. A longer-lived one is `invalid`.
    /// Of a token without `iat`, what is left of it may be no longer; and since it may be of any
    /// age, none is taken any more of a user whose tokens have ever been revoked.
    max_token_age: "MAX_TOKEN_AGE" = 604_800;
    /// Seconds for which a ticket is good. After that the upgrade is answered 401.
    ticket_s: "TICKET_S" = 60;
    /// Tickets of one user that are open at a time. One more is answered 429 `too_many_tickets`.
    max_tickets: "MAX_TICKETS" = 5;
    /// API keys that one holder asks `AUTH_URL` about at a time. A client whose key would be one
    /// more is told `unavailable` and closed with 1013; the key of a live socket waits for its
    /// turn, which comes before that of any newcomer.
    max_key_checks: "MAX_KEY_CHECKS" = 20;
    /// Seconds after which a live socket's API key is asked about again at `AUTH_URL`. One that is
    /// refused then is closed with 4409; where there is no answer, with 1013.
    key_recheck_s: "KEY_RECHECK_S" = 300;
    /// Objects among which sockets are spread that open without an organization in the URL. All
    /// organizations share them.
    lobbies: "LOBBIES" = 4;
    /// Objects among which the sockets of one organization are spread, for organizations of more
    /// sockets than one object can hold or serve. A broadcast reaches all of them.
    shards: "SHARDS" = 1;
}

impl Limits {
    /// A limit as a number of things in memory.
    pub fn size(limit: u64) -> usize {
        usize::try_from(limit).unwrap_or(usize::MAX)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_replace_defaults() {
        let limits =
            Limits::read(|name| (name == "MAX_BODY").then(|| " 2048 ".to_owned())).unwrap();
        assert_eq!(
            limits,
            Limits {
                max_body: 2048,
                ..Limits::DEFAULT
            }
        );
        assert_eq!(Limits::read(|_| None), Ok(Limits::DEFAULT));
    }

    #[test]
    fn a_variable_that_is_no_number_is_named() {
        let read = |value: &'static str| {
            Limits::read(move |name| (name == "SHARDS").then(|| value.to_owned()))
        };
        for value in ["", "-1", "1.5", "many"] {
            assert_eq!(read(value), Err(LimitError::NotANumber("SHARDS")));
        }
    }

    #[test]
    fn a_limit_that_throws_out_the_generated_client_is_none() {
        let read = |name: &'static str, value: u64| {
            Limits::read(move |variable| (variable == name).then(|| value.to_string()))
        };
        for limit in Limits::TABLE.iter().filter(|limit| limit.least > 0) {
            let Limit {
                variable, least, ..
            } = *limit;
            let error = LimitError::TooSmall { variable, least };
            assert_eq!(read(variable, least - 1), Err(error));
            assert!(read(variable, least).is_ok() && least <= limit.default);
        }
        let names = |limit: &&Limit| limit.variable.starts_with("MAX_UNACKNOWLEDGED");
        let least: Vec<_> = Limits::TABLE.iter().filter(names).collect();
        let least: Vec<_> = least.iter().map(|limit| limit.least).collect();
        assert_eq!(least, [128, 1_572_864]);
    }

    #[test]
    fn every_variable_has_one_name() {
        let mut names: Vec<_> = Limits::TABLE.iter().map(|limit| limit.variable).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), Limits::TABLE.len());
    }
}
