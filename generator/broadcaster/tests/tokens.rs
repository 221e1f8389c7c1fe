//! Tests of the session tokens, against tokens that another implementation signed.

#![cfg(feature = "worker")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests say what they expect by failing"
)]

mod support;

use broadcaster::auth::Identity;
use broadcaster::auth::keyset::KeySet;
use broadcaster::auth::token::{Rules, TokenError, Verifier, is_token};
use serde_json::{Value, json};
use support::signatures::verify;
use support::tokens::{NOW, RULES, SECRET, keys, sign, vectors};

/// The claims of a good token with some of them replaced; `null` removes one.
fn with(changes: Value) -> Result<Identity, TokenError> {
    with_rules(changes, RULES)
}

fn with_rules(changes: Value, rules: Rules<'_>) -> Result<Identity, TokenError> {
    let mut claims = json!({"sub": "u", "orgId": "o", "exp": NOW + 60, "iat": NOW - 60});
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
        .as_object_mut()
        .unwrap()
        .retain(|_, value| !value.is_null());
    verify(
        &sign(claims.to_string().as_bytes()),
        Verifier::Secret(SECRET),
        rules,
        NOW,
    )
}

#[test]
fn every_algorithm_is_verified() {
    let (vectors, keys) = (vectors(), keys());
    for (algorithm, token) in vectors["good"].as_object().unwrap() {
        let verifier = if algorithm == "HS256" {
            Verifier::Secret(SECRET)
        } else {
            Verifier::Keys(&keys)
        };
        let identity = verify(token.as_str().unwrap(), verifier, RULES, NOW).unwrap();
        assert_eq!(identity.organization_id, "org_1", "{algorithm}");
        assert_eq!(identity.user_id.as_deref(), Some("user_1"));
        assert_eq!(identity.roles, ["admin", "hr"]);
        assert_eq!(identity.expires, Some(NOW + 3_600));
        assert_eq!(identity.issued, Some(NOW - 60));
    }
}

#[test]
fn every_forgery_is_refused_by_every_configuration() {
    let (vectors, keys) = (vectors(), keys());
    let pem = vectors["publicKeyPem"].as_str().unwrap();
    for (name, token) in vectors["bad"].as_object().unwrap() {
        let token = token.as_str().unwrap();
        assert!(
            verify(token, Verifier::Secret(SECRET), RULES, NOW).is_err(),
            "{name}"
        );
        assert!(
            verify(token, Verifier::Keys(&keys), RULES, NOW).is_err(),
            "{name}"
        );
        assert!(
            verify(token, Verifier::Secret(""), RULES, NOW).is_err(),
            "{name}"
        );
    }
    // Signed by the public key, which anybody has: only that very key as a secret takes it.
    let confused = vectors["bad"]["publicKeyAsSecret"].as_str().unwrap();
    assert!(verify(confused, Verifier::Secret(pem), RULES, NOW).is_ok());
    for token in vectors["good"].as_object().unwrap().values() {
        assert!(verify(token.as_str().unwrap(), Verifier::Secret(pem), RULES, NOW).is_err());
    }
}

#[test]
fn an_unknown_key_is_told_apart() {
    let (vectors, keys) = (vectors(), keys());
    let verify = |name: &str| {
        verify(
            vectors["bad"][name].as_str().unwrap(),
            Verifier::Keys(&keys),
            RULES,
            NOW,
        )
    };
    assert_eq!(verify("unknownKid"), Err(TokenError::UnknownKey));
    assert_eq!(verify("kidOfAnotherType"), Err(TokenError::UnknownKey));
    assert_eq!(verify("weakRsa"), Err(TokenError::UnknownKey));
    assert_eq!(verify("encryptionKey"), Err(TokenError::UnknownKey));
    assert_eq!(verify("otherKey"), Err(TokenError::Invalid));
}

#[test]
fn a_token_without_a_key_name_is_meant_for_the_only_key() {
    let (vectors, keys) = (vectors(), keys());
    let token = vectors["withoutKid"].as_str().unwrap();
    assert!(verify(token, Verifier::Keys(&keys), RULES, NOW).is_ok());
    assert!(KeySet::parse("[]").is_err() && KeySet::parse("").is_err());
    let none = KeySet::default();
    assert_eq!(
        verify(token, Verifier::Keys(&none), RULES, NOW),
        Err(TokenError::UnknownKey)
    );
}

#[test]
fn the_required_claims_are_required() {
    assert!(with(json!({})).is_ok());
    for changes in [
        json!({"sub": null}),
        json!({"sub": ""}),
        json!({"sub": 5}),
        json!({"orgId": null}),
        json!({"orgId": ""}),
        json!({"orgId": ["o"]}),
        json!({"exp": null}),
        json!({"exp": "never"}),
        json!({"exp": -1}),
        json!({"exp": 1e300}),
    ] {
        assert_eq!(with(changes.clone()), Err(TokenError::Invalid), "{changes}");
    }
}

#[test]
fn only_role_is_a_role() {
    let roles = |changes| with(changes).unwrap().roles;
    assert_eq!(roles(json!({"role": " a ,b,, "})), ["a", "b"]);
    assert!(roles(json!({"userRole": "admin"})).is_empty());
    assert!(with(json!({"role": ["admin"]})).is_err());
}

#[test]
fn times_hold_with_a_leeway() {
    assert_eq!(with(json!({"exp": NOW - 30})), Err(TokenError::Expired));
    // A token that only the leeway lets in ends with the leeway, any other at its own `exp`.
    assert_eq!(
        with(json!({"exp": NOW - 29})).unwrap().expires,
        Some(NOW + 1)
    );
    assert_eq!(
        with(json!({"exp": NOW + 5})).unwrap().expires,
        Some(NOW + 5)
    );
    assert!(with(json!({"nbf": NOW + 30})).is_ok());
    assert_eq!(with(json!({"nbf": NOW + 31})), Err(TokenError::Invalid));
    assert_eq!(with(json!({"iat": NOW + 31})), Err(TokenError::Invalid));
}

/// What only the leeway lets in, from the very second at which it expires on.
#[test]
fn a_token_that_expires_now_holds_for_the_leeway() {
    let expires = |exp: u64| with(json!({"exp": exp})).map(|identity| identity.expires);
    assert_eq!(expires(NOW + 1), Ok(Some(NOW + 1)));
    assert_eq!(expires(NOW), Ok(Some(NOW + 30)));
    assert_eq!(expires(NOW - 29), Ok(Some(NOW + 1)));
    assert_eq!(expires(NOW - 30), Err(TokenError::Expired));
}

#[test]
fn a_token_may_be_so_long_and_no_longer() {
    let claims = json!({"sub": "u", "orgId": "o", "exp": NOW + 60, "iat": NOW - 60});
    let token = sign(claims.to_string().as_bytes());
    for (more, is_good) in [(0, true), (1, true), (-1, false)] {
        let rules = Rules {
            max_bytes: u64::try_from(token.len())
                .unwrap()
                .saturating_add_signed(more),
            ..RULES
        };
        let verified = verify(&token, Verifier::Secret(SECRET), rules, NOW);
        assert_eq!(verified.is_ok(), is_good, "{more}");
    }
}

#[test]
fn a_token_that_lives_too_long_is_refused() {
    assert!(with(json!({"iat": NOW, "exp": NOW + 604_800})).is_ok());
    assert!(with(json!({"iat": NOW, "exp": NOW + 604_801})).is_err());
    assert!(with(json!({"iat": null, "exp": NOW + 604_800})).is_ok());
    assert!(with(json!({"iat": null, "exp": NOW + 604_801})).is_err());
}

#[test]
fn no_token_counts_as_issued_later_than_it_is_shown() {
    let issued = |changes| with(changes).unwrap().issued;
    assert_eq!(issued(json!({"iat": NOW + 30})), Some(NOW));
    assert_eq!(issued(json!({"iat": NOW - 1})), Some(NOW - 1));
    assert_eq!(issued(json!({"iat": null})), None);
}

#[test]
fn issuer_and_audience_hold_where_they_are_set() {
    let rules = Rules {
        issuer: Some("i"),
        audience: Some("a"),
        ..RULES
    };
    let with = |changes| with_rules(changes, rules);
    assert!(with(json!({"iss": "i", "aud": "a"})).is_ok());
    assert!(with(json!({"iss": "i", "aud": ["b", "a"]})).is_ok());
    for changes in [
        json!({"iss": "i"}),
        json!({"aud": "a"}),
        json!({"iss": "j", "aud": "a"}),
        json!({"iss": "i", "aud": ["b"]}),
        json!({"iss": "i", "aud": []}),
    ] {
        assert_eq!(with(changes.clone()), Err(TokenError::Invalid), "{changes}");
    }
}

#[test]
fn what_is_no_token_is_refused() {
    for token in ["", "..", "a.b.c", "a.b", "a.b.c.d", "e30.e30.e30"] {
        assert_eq!(
            verify(token, Verifier::Secret(SECRET), RULES, NOW),
            Err(TokenError::Invalid),
            "{token}"
        );
    }
    let long = "x".repeat(8_193);
    assert!(verify(&long, Verifier::Secret(SECRET), RULES, NOW).is_err());
    assert!(is_token("a.b.c") && !is_token("qb_live_1") && !is_token("a.b"));
}

/// RFC 7519, section 3: claims are UTF-8. A reader that passes over what it does not know might
/// not look at the bytes of it.
#[test]
fn claims_that_are_no_utf8_are_refused_wherever_that_stands() {
    let claims = |unknown: &[u8]| {
        let claims = br#"{"sub":"u","orgId":"o","exp":1800000060,"unknown":"#;
        [claims, unknown, b"}"].concat()
    };
    let verified = |claims: &[u8]| verify(&sign(claims), Verifier::Secret(SECRET), RULES, NOW);
    assert!(verified(&claims("\"é\"".as_bytes())).is_ok());
    assert_eq!(verified(&claims(b"\"\xcc\xff\"")), Err(TokenError::Invalid));
}

#[test]
fn a_token_changed_anywhere_is_refused() {
    let token = sign(
        json!({"sub": "u", "orgId": "o", "exp": NOW + 60})
            .to_string()
            .as_bytes(),
    );
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        let result = verify(&changed, Verifier::Secret(SECRET), RULES, NOW);
        assert!(result.is_err(), "changed at {at}");
    }
}
