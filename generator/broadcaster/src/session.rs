//! What a socket carries through hibernation: its attachment.

use serde::{Deserialize, Serialize};

use crate::auth::Identity;
use crate::limits::Limits;
use crate::wire::Close;

/// The version of the attachment. A socket with another one is refused, which never happens in
/// practice: a deploy closes every socket.
const VERSION: u32 = 2;

/// The most bytes of an attachment that the runtime takes.
const MAX_BYTES: usize = 16_384 - 64;

/// Everything that is known of one socket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    version: u32,
    /// The socket's number, unique in its holder.
    pub id: u64,
    /// The millisecond at which it opened.
    pub opened_ms: u64,
    /// The millisecond of the last message that is known of: of one that woke the holder, or of a
    /// `ping` that the runtime has been asked about.
    pub heard_ms: u64,
    /// The `organizationId` of the URL, which `auth` must repeat.
    pub expected: Option<String>,
    /// How far its authentication is.
    pub state: State,
    /// Whether it was closed. The runtime forgets that when the holder has slept twice, and takes
    /// it for open as long as its client does not answer.
    pub closed: bool,
}

/// How far a socket's authentication is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum State {
    /// It has not said who it is.
    Pending,
    /// It has, but its organization does not know yet that it is held here.
    Joining(Session),
    /// It receives events.
    Live(Session),
}

/// An authenticated subscription.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Who it is.
    pub identity: Identity,
    /// Whether the client acknowledges what it handled.
    pub flow: bool,
    /// The millisecond at which its API key is asked about again.
    pub recheck_ms: Option<u64>,
}

impl Session {
    /// A session that begins now.
    pub fn new(identity: Identity, flow: bool, now_ms: u64, limits: &Limits) -> Self {
        let recheck_ms = limits.key_recheck_s.saturating_mul(1_000);
        let recheck_ms = identity
            .key
            .is_some()
            .then(|| now_ms.saturating_add(recheck_ms));
        Self {
            identity,
            flow,
            recheck_ms,
        }
    }

    /// Whether it has ended.
    pub fn has_expired(&self, now_ms: u64) -> bool {
        self.expires_ms().is_some_and(|at| at <= now_ms)
    }

    /// Whether its API key must be asked about again.
    pub fn must_be_rechecked(&self, now_ms: u64) -> bool {
        self.recheck_ms.is_some_and(|at| at <= now_ms)
    }

    fn expires_ms(&self) -> Option<u64> {
        self.identity
            .expires
            .map(|second| second.saturating_mul(1_000))
    }
}

impl Attachment {
    /// A socket that has just opened.
    pub fn new(id: u64, expected: Option<String>, now_ms: u64) -> Self {
        let (version, state) = (VERSION, State::Pending);
        Self {
            version,
            id,
            opened_ms: now_ms,
            heard_ms: now_ms,
            expected,
            state,
            closed: false,
        }
    }

    /// The same socket in another state.
    pub fn with(&self, state: State) -> Self {
        Self {
            state,
            ..self.clone()
        }
    }

    /// Reads what the runtime kept; `None` of anything that this version did not write.
    pub fn parse(json: &str) -> Option<Self> {
        let attachment: Self = serde_json::from_str(json).ok()?;
        (attachment.version == VERSION).then_some(attachment)
    }

    /// What the runtime is to keep; `None` if it is more than the runtime takes.
    pub fn to_json(&self) -> Option<String> {
        serde_json::to_string(self)
            .ok()
            .filter(|json| json.len() <= MAX_BYTES)
    }

    /// The session, if events are to be sent to it.
    pub fn live(&self) -> Option<&Session> {
        match &self.state {
            State::Live(session) => Some(session),
            State::Pending | State::Joining(_) => None,
        }
    }

    /// The session, even if it is not told to the organization yet.
    pub fn session(&self) -> Option<&Session> {
        match &self.state {
            State::Live(session) | State::Joining(session) => Some(session),
            State::Pending => None,
        }
    }

    /// Why the socket must be closed by now, if it must; its silence aside.
    pub fn overdue(&self, now_ms: u64, limits: &Limits) -> Option<Close> {
        match self.live() {
            Some(session) => session.has_expired(now_ms).then_some(Close::Expired),
            None => (self.deadline_ms(limits) <= now_ms).then_some(Close::TooLate),
        }
    }

    /// Whether a live socket has been silent for too long. It is only as true as `heard_ms` is: the
    /// runtime answers a `ping` without saying so, and must be asked before.
    pub fn is_idle(&self, now_ms: u64, limits: &Limits) -> bool {
        self.live().is_some() && self.idle_ms(limits).is_some_and(|at| at <= now_ms)
    }

    /// The millisecond at which somebody must look at the socket again, if ever.
    pub fn due_ms(&self, limits: &Limits) -> Option<u64> {
        match self.live() {
            None => Some(self.deadline_ms(limits)),
            Some(session) => {
                let times = [
                    session.expires_ms(),
                    session.recheck_ms,
                    self.idle_ms(limits),
                ];
                times.into_iter().flatten().min()
            }
        }
    }

    fn deadline_ms(&self, limits: &Limits) -> u64 {
        self.opened_ms
            .saturating_add(limits.auth_timeout_s.saturating_mul(1_000))
    }

    fn idle_ms(&self, limits: &Limits) -> Option<u64> {
        let idle_ms = limits.idle_timeout_s.saturating_mul(1_000);
        (idle_ms > 0).then(|| self.heard_ms.saturating_add(idle_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::AuthMethod;

    const LIMITS: Limits = Limits::DEFAULT;

    fn live(expires: Option<u64>, key: Option<String>) -> Attachment {
        let identity = Identity {
            organization_id: "o".into(),
            user_id: Some("u".into()),
            roles: vec!["admin".into()],
            method: AuthMethod::Session,
            expires,
            issued: None,
            key,
        };
        let mut attachment = Attachment::new(1, None, 1_000);
        attachment.state = State::Live(Session::new(identity, true, 1_000, &LIMITS));
        attachment
    }

    #[test]
    fn an_attachment_survives_hibernation() {
        let attachment = live(Some(9), Some("k".into()));
        let json = attachment.to_json().unwrap();
        assert_eq!(Attachment::parse(&json), Some(attachment));
        assert_eq!(
            Attachment::parse(&json.replace("\"version\":2", "\"version\":3")),
            None
        );
        assert_eq!(Attachment::parse("{}"), None);
    }

    #[test]
    fn what_the_runtime_would_not_keep_is_told() {
        assert_eq!(live(None, Some("k".repeat(20_000))).to_json(), None);
    }

    #[test]
    fn what_fits_fits_when_the_socket_is_closed() {
        let mut attachment = live(None, None);
        let open = attachment.to_json().unwrap().len();
        attachment.closed = true;
        assert!(attachment.to_json().unwrap().len() <= open);
    }

    #[test]
    fn a_socket_must_authenticate_in_time() {
        let attachment = Attachment::new(1, None, 1_000);
        assert_eq!(attachment.due_ms(&LIMITS), Some(11_000));
        assert_eq!(attachment.overdue(10_999, &LIMITS), None);
        assert_eq!(attachment.overdue(11_000, &LIMITS), Some(Close::TooLate));
    }

    #[test]
    fn a_session_ends_with_its_token() {
        let attachment = live(Some(9), None);
        assert_eq!(attachment.due_ms(&LIMITS), Some(9_000));
        assert_eq!(attachment.overdue(8_999, &LIMITS), None);
        assert_eq!(attachment.overdue(9_000, &LIMITS), Some(Close::Expired));
        assert_eq!(live(None, None).due_ms(&LIMITS), None);
    }

    #[test]
    fn a_key_is_asked_about_again() {
        assert_eq!(live(None, Some("k".into())).due_ms(&LIMITS), Some(301_000));
    }

    #[test]
    fn silence_ends_a_session_only_where_a_limit_says_so() {
        let limits = Limits {
            idle_timeout_s: 60,
            ..LIMITS
        };
        let attachment = live(None, None);
        assert!(!attachment.is_idle(u64::MAX, &LIMITS));
        assert_eq!(attachment.due_ms(&limits), Some(61_000));
        assert!(!attachment.is_idle(60_999, &limits));
        assert!(attachment.is_idle(61_000, &limits));
        assert_eq!(
            attachment.overdue(61_000, &limits),
            None,
            "a ping that nobody has been told of may have come"
        );
        assert!(!Attachment::new(1, None, 1_000).is_idle(61_000, &limits));
    }
}
