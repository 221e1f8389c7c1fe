//! The names of the objects that hold sockets.

use std::fmt;

use crate::limits::Limits;

/// The most bytes of a name that an object of the runtime is told. One of a longer name does not
/// know whose it is.
const MAX_NAME: usize = 1_024;

/// A Durable Object of the class `Broadcaster`, by what its name says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// `org:<id>`, or `org:<id>#<shard>` for the shards after the first.
    Organization {
        /// The organization.
        id: String,
        /// The shard; the first one takes the organization's broadcasts.
        shard: u64,
    },
    /// `lobby:<n>`: sockets that say only in band which organization they are for.
    Lobby(u64),
}

impl Holder {
    /// The object that takes an organization's broadcasts.
    pub fn of(organization: &str) -> Self {
        Self::Organization {
            id: organization.to_owned(),
            shard: 0,
        }
    }

    /// Whether an organization may be called so: by an id of a length that ids may have, which fits
    /// into the names of all its objects.
    pub fn can_be_of(organization: &str, limits: &Limits) -> bool {
        let last = Self::Organization {
            id: organization.to_owned(),
            shard: limits.shards.saturating_sub(1),
        };
        !organization.is_empty()
            && organization.len() <= Limits::size(limits.max_id)
            && last.to_string().len() <= MAX_NAME
    }

    /// Reads a name; `None` of any that [`Holder`] does not make.
    pub fn parse(name: &str) -> Option<Self> {
        if let Some(number) = name.strip_prefix("lobby:") {
            return number.parse().ok().map(Self::Lobby);
        }
        let rest = name.strip_prefix("org:")?;
        let (id, shard) = match rest.split_once('#') {
            None => (rest, 0),
            Some((id, shard)) => (id, shard.parse().ok().filter(|shard| *shard > 0)?),
        };
        let id = id.replace("%23", "#").replace("%25", "%");
        (!id.is_empty()).then_some(Self::Organization { id, shard })
    }

    /// The only organization whose sockets it holds; `None` of a lobby.
    pub fn organization(&self) -> Option<&str> {
        match self {
            Self::Organization { id, .. } => Some(id),
            Self::Lobby(_) => None,
        }
    }

    /// Whether it takes the broadcasts of its organization and passes them on.
    pub fn is_home(&self) -> bool {
        matches!(self, Self::Organization { shard: 0, .. })
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lobby(number) => write!(f, "lobby:{number}"),
            Self::Organization { id, shard } => {
                // Or the organization `a#1` would share an object with the second shard of `a`.
                write!(f, "org:{}", id.replace('%', "%25").replace('#', "%23"))?;
                if *shard > 0 {
                    write!(f, "#{shard}")
                } else {
                    Ok(())
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_those_of_the_documentation() {
        assert_eq!(Holder::of("org_1").to_string(), "org:org_1");
        let shard = Holder::Organization {
            id: "org_1".into(),
            shard: 2,
        };
        assert_eq!(shard.to_string(), "org:org_1#2");
        assert_eq!(Holder::Lobby(3).to_string(), "lobby:3");
        assert!(Holder::of("a").is_home() && !shard.is_home() && !Holder::Lobby(0).is_home());
        for name in [
            "", "org:", "lobby:", "lobby:x", "org:a#0", "org:a#x", "else",
        ] {
            assert_eq!(Holder::parse(name), None, "{name}");
        }
    }

    #[test]
    fn an_organization_fits_into_the_names_of_its_objects() {
        let one = Limits::DEFAULT;
        let many = Limits { shards: 100, ..one };
        let short = Limits { max_id: 3, ..one };
        for (id, limits, may) in [
            ("x".repeat(1_020), &one, true),
            ("x".repeat(1_021), &one, false),
            ("x".repeat(1_017), &many, true),
            ("x".repeat(1_018), &many, false),
            ("#".repeat(340), &one, true),
            ("%".repeat(341), &one, false),
            ("abc".into(), &short, true),
            ("abcd".into(), &short, false),
            (String::new(), &one, false),
        ] {
            assert_eq!(Holder::can_be_of(&id, limits), may, "{} bytes", id.len());
        }
    }

    proptest! {
        #[test]
        fn every_organization_has_a_name_of_its_own(id in "[a#%2-5]{1,6}", shard in 0u64..3) {
            let holder = Holder::Organization { id, shard };
            prop_assert_eq!(Holder::parse(&holder.to_string()), Some(holder));
        }
    }
}
