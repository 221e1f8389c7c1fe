//! API keys: those of the secret `API_KEYS`, and what `AUTH_URL` says of the others.

use serde::Deserialize;

use super::{Identity, sha256_hex};
use crate::message::AuthMethod;

/// The keys of the secret `API_KEYS`.
#[derive(Debug, Clone, Default)]
pub struct ApiKeys {
    keys: Vec<Listed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Listed {
    hash: String,
    organization_id: String,
    roles: Vec<String>,
    user_id: Option<String>,
    expires_at: Option<Instant>,
}

/// What `AUTH_URL` answers of a good key; it may say more, which means nothing here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    organization_id: String,
    roles: Vec<String>,
    user_id: Option<String>,
    expires_at: Option<Instant>,
}

/// A point in time: seconds or milliseconds since 1970, or the text that `toISOString()` makes.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Instant {
    Number(u64),
    Text(String),
}

impl ApiKeys {
    /// Reads the secret.
    ///
    /// # Errors
    /// When it is not a list of keys, or a key of it has no organization or an expiry that cannot
    /// be read.
    pub fn parse(json: &str) -> Result<Self, &'static str> {
        let keys: Vec<Listed> = serde_json::from_str(json)
            .map_err(|_| "API_KEYS is not a list of {hash, organizationId, roles}")?;
        for key in &keys {
            let is_hash = key.hash.len() == 64
                && key
                    .hash
                    .bytes()
                    .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            if !is_hash {
                return Err("API_KEYS has a hash that is no lower-case hexadecimal SHA-256");
            }
            if key.organization_id.is_empty() {
                return Err("API_KEYS has a key without an organization");
            }
            if key
                .expires_at
                .as_ref()
                .is_some_and(|at| at.seconds().is_none())
            {
                return Err("API_KEYS has an expiry that cannot be read");
            }
        }
        Ok(Self { keys })
    }

    /// Who the holder of a key is, if it is listed. Whether it has expired is the caller's to ask.
    pub fn find(&self, key: &str) -> Option<Identity> {
        let hash = sha256_hex(key.as_bytes());
        let listed = self.keys.iter().find(|listed| listed.hash == hash)?;
        identity(
            listed.organization_id.clone(),
            listed.roles.clone(),
            listed.user_id.clone(),
            listed.expires_at.clone(),
            None,
        )
    }
}

/// Who the holder of a key is by what `AUTH_URL` answered; `None` if it did not say.
pub fn answered(json: &str, key: &str) -> Option<Identity> {
    let Answer {
        organization_id,
        roles,
        user_id,
        expires_at,
    } = serde_json::from_str(json).ok()?;
    identity(
        organization_id,
        roles,
        user_id,
        expires_at,
        Some(key.to_owned()),
    )
}

fn identity(
    organization_id: String,
    roles: Vec<String>,
    user_id: Option<String>,
    expires_at: Option<Instant>,
    key: Option<String>,
) -> Option<Identity> {
    if organization_id.is_empty() {
        return None;
    }
    let expires = match expires_at {
        None => None,
        Some(at) => Some(at.seconds()?),
    };
    Some(Identity {
        organization_id,
        user_id: user_id.filter(|id| !id.is_empty()),
        roles,
        method: AuthMethod::ApiKey,
        expires,
        issued: None,
        key,
    })
}

impl Instant {
    fn seconds(&self) -> Option<u64> {
        match self {
            // No key of ours expires after the year 5138, and no millisecond is before 1973.
            Self::Number(at) if *at < 100_000_000_000 => Some(*at),
            Self::Number(at) => Some(at / 1_000),
            Self::Text(text) => iso_seconds(text),
        }
    }
}

/// The second of `2026-11-24T10:00:00.000Z`; a fraction is cut off. `None` of any other form.
fn iso_seconds(text: &str) -> Option<u64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let number = |part: &str, digits: usize| -> Option<u64> {
        let is_number = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| part.parse().ok())?
    };
    let mut date = date.split('-');
    let (year, month, day) = (
        number(date.next()?, 4)?,
        number(date.next()?, 2)?,
        number(date.next()?, 2)?,
    );
    let clock = time.split('.').next()?;
    let mut clock = clock.split(':');
    let (hour, minute, second) = (
        number(clock.next()?, 2)?,
        number(clock.next()?, 2)?,
        number(clock.next()?, 2)?,
    );
    let is_date =
        (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !is_date || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    if date.next().is_some() || clock.next().is_some() {
        return None;
    }
    // Days since 1970 by counting years from March, so that the leap day is the last of a year.
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
    let since_1970 = days.checked_sub(719_468)?;
    Some(since_1970 * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(more: &str) -> String {
        let hash = sha256_hex(b"qb_live_1");
        format!(r#"[{{"hash":"{hash}","organizationId":"org_1","roles":["admin"]{more}}}]"#)
    }

    #[test]
    fn a_listed_key_is_found_by_its_hash() {
        let keys = ApiKeys::parse(&listed(r#","userId":"u1","expiresAt":1790000000000"#)).unwrap();
        let identity = keys.find("qb_live_1").unwrap();
        assert_eq!(identity.organization_id, "org_1");
        assert_eq!(identity.user_id.as_deref(), Some("u1"));
        assert_eq!(identity.expires, Some(1_790_000_000));
        assert_eq!(identity.method, AuthMethod::ApiKey);
        assert_eq!(keys.find("qb_live_2"), None);
        assert_eq!(keys.find(&sha256_hex(b"qb_live_1")), None);
    }

    #[test]
    fn a_key_without_a_user_is_no_user() {
        for more in ["", r#","userId":null"#, r#","userId":"""#] {
            let keys = ApiKeys::parse(&listed(more)).unwrap();
            assert_eq!(keys.find("qb_live_1").unwrap().user_id, None);
        }
    }

    #[test]
    fn a_secret_that_cannot_be_read_is_no_secret() {
        let hash = sha256_hex(b"k").to_uppercase();
        for json in [
            "",
            "{}",
            "[{}]",
            &listed(r#","expiresAt":"soon""#),
            &listed(r#","admin":true"#),
            &listed("").replace("org_1", ""),
            &format!(r#"[{{"hash":"{hash}","organizationId":"o","roles":[]}}]"#),
        ] {
            assert!(ApiKeys::parse(json).is_err(), "{json}");
        }
    }

    #[test]
    fn an_answer_is_read() {
        let json = r#"{"organizationId":"o","roles":["a"],"expiresAt":"2026-11-24T10:00:00.000Z","plan":1}"#;
        let identity = answered(json, "k").unwrap();
        assert_eq!(identity.expires, Some(1_795_514_400));
        assert_eq!(identity.key.as_deref(), Some("k"));
        for json in [
            "",
            "{}",
            r#"{"organizationId":"","roles":[]}"#,
            r#"{"organizationId":"o"}"#,
            r#"{"organizationId":"o","roles":"admin"}"#,
            r#"{"organizationId":"o","roles":[],"expiresAt":"tomorrow"}"#,
        ] {
            assert_eq!(answered(json, "k"), None, "{json}");
        }
    }

    #[test]
    fn a_number_is_of_seconds_or_of_milliseconds() {
        for (at, expires) in [
            (1_790_000_000_u64, 1_790_000_000),
            (99_999_999_999, 99_999_999_999),
            (100_000_000_000, 100_000_000),
            (1_790_000_000_999, 1_790_000_000),
        ] {
            let keys = ApiKeys::parse(&listed(&format!(r#","expiresAt":{at}"#))).unwrap();
            assert_eq!(keys.find("qb_live_1").unwrap().expires, Some(expires));
        }
    }

    #[test]
    fn dates_are_read_as_javascript_writes_them() {
        assert_eq!(iso_seconds("1970-01-01T00:00:00Z"), Some(0));
        // A leap second.
        assert_eq!(iso_seconds("2016-12-31T23:59:60Z"), Some(1_483_228_800));
        assert_eq!(iso_seconds("2000-02-29T23:59:59.999Z"), Some(951_868_799));
        assert_eq!(iso_seconds("2038-01-19T03:14:08.000Z"), Some(2_147_483_648));
        for text in [
            "2026-13-01T00:00:00Z",
            "2026-1-01T00:00:00Z",
            "2026-01-01",
            "",
            "Z",
            "T",
            "2026-01-01T25:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:61Z",
            "2026-01-01-01T00:00:00Z",
            "2026-01-01T00:00:00:00Z",
            "2026-01-01T00:00:00+01:00",
            "1969-12-31T23:59:59Z",
        ] {
            assert_eq!(iso_seconds(text), None, "{text}");
        }
    }
}
