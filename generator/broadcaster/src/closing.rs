//! The sockets that were closed, and whose clients have neither answered nor gone.
//!
//! The runtime holds them as it holds open ones, with whatever they were sent and have not read, and
//! no call of it ends them. So they count in the limits as they did before, or whoever ignores that
//! it was closed could come again without end. The client ends one, or the runtime when it finds
//! that the connection is dead.

use std::collections::BTreeMap;

use crate::session::Attachment;

/// The closed sockets of a holder, counted.
#[derive(Debug, Default)]
pub struct Closing {
    sockets: BTreeMap<u64, Closed>,
    unauthenticated: usize,
    /// By organization and user.
    users: BTreeMap<(String, String), usize>,
    /// By organization.
    organizations: BTreeMap<String, usize>,
}

#[derive(Debug)]
struct Closed {
    is_live: bool,
    /// The organization, and the user if it is known to be somebody's.
    whose: Option<(String, Option<String>)>,
}

impl Closing {
    /// Takes a socket in that was closed, as what it was before.
    pub fn insert(&mut self, attachment: &Attachment) {
        self.remove(attachment.id);
        let identity = attachment.session().map(|session| &session.identity);
        let whose =
            identity.map(|identity| (identity.organization_id.clone(), identity.user_id.clone()));
        let is_live = attachment.live().is_some();
        if !is_live {
            self.unauthenticated = self.unauthenticated.saturating_add(1);
        }
        if let Some((organization, user)) = &whose {
            add(&mut self.organizations, organization.clone());
            if let Some(user) = user {
                add(&mut self.users, (organization.clone(), user.clone()));
            }
        }
        self.sockets
            .insert(attachment.id, Closed { is_live, whose });
    }

    /// Forgets a socket that is gone, if it is here.
    pub fn remove(&mut self, id: u64) {
        let Some(Closed { is_live, whose }) = self.sockets.remove(&id) else {
            return;
        };
        if !is_live {
            self.unauthenticated = self.unauthenticated.saturating_sub(1);
        }
        let Some((organization, user)) = whose else {
            return;
        };
        subtract(&mut self.organizations, &organization);
        if let Some(user) = user {
            subtract(&mut self.users, &(organization, user));
        }
    }

    /// How many had not authenticated.
    pub fn unauthenticated(&self) -> usize {
        self.unauthenticated
    }

    /// How many had authenticated.
    pub fn authenticated(&self) -> usize {
        self.sockets.len().saturating_sub(self.unauthenticated)
    }

    /// How many are a user's.
    pub fn of(&self, organization: &str, user: &str) -> usize {
        let user = (organization.to_owned(), user.to_owned());
        self.users.get(&user).copied().unwrap_or_default()
    }

    /// How many are an organization's, with those of keys without a user.
    pub fn of_organization(&self, organization: &str) -> usize {
        self.organizations
            .get(organization)
            .copied()
            .unwrap_or_default()
    }
}

/// Counts one more.
pub fn add<K: Ord>(counts: &mut BTreeMap<K, usize>, key: K) {
    let count = counts.entry(key).or_default();
    *count = count.saturating_add(1);
}

/// Counts one less, and forgets what there is none of any more.
pub fn subtract<K: Ord>(counts: &mut BTreeMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Identity;
    use crate::limits::Limits;
    use crate::message::AuthMethod;
    use crate::session::{Session, State};

    fn socket(id: u64, user: Option<&str>, state: fn(Session) -> State) -> Attachment {
        let identity = Identity {
            organization_id: "o".into(),
            user_id: user.map(Into::into),
            roles: Vec::new(),
            method: AuthMethod::Session,
            expires: None,
            issued: None,
            key: None,
        };
        let session = Session::new(identity, false, 0, &Limits::DEFAULT);
        Attachment::new(id, None, 0).with(state(session))
    }

    #[test]
    fn a_closed_socket_counts_as_what_it_was_until_it_is_gone() {
        let mut closing = Closing::default();
        let live = socket(3, Some("ann"), State::Live);
        for attachment in [
            &socket(1, Some("ann"), |_| State::Pending),
            &socket(2, Some("ann"), State::Joining),
            &live,
            &socket(4, None, State::Live),
        ] {
            closing.insert(attachment);
        }
        assert_eq!((closing.unauthenticated(), closing.authenticated()), (2, 2));
        assert_eq!((closing.of("o", "ann"), closing.of("p", "ann")), (2, 0));
        let of = |closing: &Closing, organization| closing.of_organization(organization);
        assert_eq!((of(&closing, "o"), of(&closing, "p")), (3, 0));
        closing.insert(&live);
        assert_eq!((closing.authenticated(), closing.of("o", "ann")), (2, 2));
        for id in [1, 2, 2, 3, 9] {
            closing.remove(id);
        }
        assert_eq!((closing.unauthenticated(), closing.authenticated()), (0, 1));
        assert_eq!((closing.of("o", "ann"), of(&closing, "o")), (0, 1));
        closing.remove(4);
        assert_eq!(of(&closing, "o"), 0);
        assert!(closing.sockets.is_empty() && closing.users.is_empty());
        assert!(closing.organizations.is_empty());
    }
}
