//! Every limit: its name as a variable of the worker, its default, its unit.

/// Declares the one table of limits.
macro_rules! limits {
    ($($(#[doc = $doc:literal])* $field:ident: $name:literal = $default:expr;)*) => {
        /// The limits of a worker. Each can be set by the variable that its documentation names.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Limits {
            $($(#[doc = $doc])* #[doc = concat!("\n\nVariable `", $name, "`.")] pub $field: u64,)*
        }

        impl Limits {
            /// The limits where no variable is set.
            pub const DEFAULT: Self = Self { $($field: $default,)* };

            /// The variables with their defaults, in the order of their documentation.
            pub const TABLE: &[(&str, u64)] = &[$(($name, $default),)*];

            /// Reads the limits from variables.
            ///
            /// # Errors
            /// The name of a variable that is set and is no whole number.
            pub fn read(var: impl Fn(&str) -> Option<String>) -> Result<Self, &'static str> {
                let number = |name: &'static str, default| match var(name) {
                    None => Ok(default),
                    Some(text) => text.trim().parse().map_err(|_| name),
                };
                Ok(Self { $($field: number($name, $default)?,)* })
            }
        }
    };
}

limits! {
    /// Bytes of a request's body; more is 413.
    max_body: "MAX_BODY" = 1 << 20;
    /// Bytes of a message from a client; more closes with 4413.
    max_frame: "MAX_FRAME" = 16 << 10;
    /// Levels of nesting of any JSON that is read.
    max_depth: "MAX_DEPTH" = 64;
    /// Bytes of a token or an API key.
    max_token: "MAX_TOKEN" = 8 << 10;
    /// Sockets of one holder that have not authenticated; more are 503.
    max_pending: "MAX_PENDING" = 1_000;
    /// Sockets of one holder; more are closed with 4429.
    max_sockets: "MAX_SOCKETS" = 20_000;
    /// Sockets of one user in one holder; more are closed with 4429.
    max_user_sockets: "MAX_USER_SOCKETS" = 50;
    /// Messages of one client in ten seconds; more close with 4429.
    max_messages: "MAX_MESSAGES" = 20;
    /// Entries of `targetRoles`.
    max_target_roles: "MAX_TARGET_ROLES" = 100;
    /// Columns of `maskingConfig`.
    max_masked_columns: "MAX_MASKED_COLUMNS" = 200;
    /// Bytes of an organization's or a user's id in a broadcast.
    max_id: "MAX_ID" = 1_024;
    /// Bytes of an idempotency key.
    max_idempotency_key: "MAX_IDEMPOTENCY_KEY" = 128;
    /// Seconds for which the answer to an idempotency key is kept.
    idempotency_s: "IDEMPOTENCY_S" = 300;
    /// Bytes that one socket is sent in a minute; more close with 4429. What a client without flow
    /// control does not read waits in the runtime's memory, byte for byte (measured in workerd).
    max_egress: "MAX_EGRESS" = 32 << 20;
    /// Events that a client with flow control may be behind; more close with 4429.
    max_unacknowledged: "MAX_UNACKNOWLEDGED" = 256;
    /// Bytes that a client with flow control may be behind; more close with 4429.
    max_unacknowledged_bytes: "MAX_UNACKNOWLEDGED_BYTES" = 4 << 20;
    /// Seconds in which a socket must authenticate.
    auth_timeout_s: "AUTH_TIMEOUT_S" = 10;
    /// Seconds without a message after which a socket is closed with 4408; 0 is never.
    idle_timeout_s: "IDLE_TIMEOUT_S" = 0;
    /// Seconds that a session token may live, and for which a revocation is remembered.
    max_token_age: "MAX_TOKEN_AGE" = 604_800;
    /// Seconds for which a ticket is good.
    ticket_s: "TICKET_S" = 60;
    /// Tickets of one user that are open at a time.
    max_tickets: "MAX_TICKETS" = 5;
    /// API keys that one holder asks `AUTH_URL` about at a time.
    max_key_checks: "MAX_KEY_CHECKS" = 20;
    /// Seconds after which a live socket's API key is asked about again.
    key_recheck_s: "KEY_RECHECK_S" = 300;
    /// Objects among which sockets are spread that open without an organization.
    lobbies: "LOBBIES" = 4;
    /// Objects among which the sockets of one organization are spread.
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
            assert_eq!(read(value), Err("SHARDS"));
        }
    }

    #[test]
    fn every_variable_has_one_name() {
        let mut names: Vec<_> = Limits::TABLE.iter().map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), Limits::TABLE.len());
    }
}
