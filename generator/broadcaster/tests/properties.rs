//! What must hold whatever is configured, called and sent.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests say what they expect by failing"
)]

mod support;

use broadcaster::body::Broadcast;
use broadcaster::delivery::Receiver;
use broadcaster::limits::Limits;
use broadcaster::mask::MaskType;
use broadcaster::message::ClientMessage;
use broadcaster::policy::{Config, Events, MaskRule, Policy, Table};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use support::{insert, newsroom, planned};

const COLUMNS: &[&str] = &["id", "title", "email", "workPhone", "ssn", "apiToken"];
const ROLES: &[&str] = &["member", "editor", "admin"];
const KINDS: &[MaskType] = &[
    MaskType::Email,
    MaskType::Phone,
    MaskType::Ssn,
    MaskType::CreditCard,
    MaskType::Name,
    MaskType::Redact,
    MaskType::Custom,
];

fn roles() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(ROLES, 0..=ROLES.len())
}

fn mask_rule() -> impl Strategy<Value = MaskRule> {
    (
        select(COLUMNS),
        select(KINDS),
        roles(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(column, kind, roles, show_owner, automatic)| MaskRule {
            automatic,
            ..support::rule(column, kind, &roles, show_owner)
        })
}

fn policy() -> impl Strategy<Value = Policy> {
    (
        any::<[bool; 2]>(),
        proptest::option::of(roles()),
        subsequence(COLUMNS, 0..=COLUMNS.len()),
        proptest::option::of(select(&["userId", "ownerId"][..])),
        vec(mask_rule(), 0..4),
    )
        .prop_map(|([insert, open], required, columns, owner, mut masks)| {
            masks.sort_by(|a, b| a.column.cmp(&b.column));
            masks.dedup_by(|a, b| a.column == b.column);
            Policy {
                events: Events {
                    insert,
                    ..Events::ALL
                },
                required_roles: required.map(|roles| roles.into_iter().map(Into::into).collect()),
                open,
                owner: owner.map(Into::into),
                masks: masks.into(),
                ..support::policy(&columns)
            }
        })
}

fn call() -> impl Strategy<Value = String> {
    let mask = (
        select(COLUMNS),
        select(&["email", "phone", "redact"][..]),
        roles(),
        any::<bool>(),
    );
    let masking = vec(mask, 1..4).prop_map(|masks| {
        let entries: Vec<String> = masks
            .into_iter()
            .map(|(column, kind, roles, owner)| {
                let or = if owner { r#","or":"owner""# } else { "" };
                format!(r#""{column}":{{"type":"{kind}","show":{{"roles":{roles:?}{or}}}}}"#)
            })
            .collect();
        format!(r#","maskingConfig":{{{}}}"#, entries.join(","))
    });
    proptest::option::of(masking).prop_map(Option::unwrap_or_default)
}

fn config(own: Option<Policy>) -> Config {
    let tables = own.into_iter().map(|policy| Table {
        name: "t".into(),
        policy,
    });
    Config {
        tables: tables.collect(),
        ..newsroom()
    }
}

/// The marker in a column: ten digits that occur nowhere else.
fn marker(column: &str) -> String {
    let at = COLUMNS.iter().position(|known| *known == column).unwrap();
    format!("{at}").repeat(10)
}

/// The columns of `new` that a receiver sees plain; `None` if it receives nothing.
fn plain(config: &Config, more: &str, user: &str, roles: &[&str]) -> Option<Vec<&'static str>> {
    let members: Vec<String> = COLUMNS
        .iter()
        .map(|column| format!(r#""{column}":"{}""#, marker(column)))
        .collect();
    let record = format!("{{{}}}", members.join(","));
    let more = format!(r#","owner":{{"new":"ann"}}{more}"#);
    let plan = planned(config, &insert("t", &record, &more)).unwrap();
    let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
    let json = plan.json(&plan.view(Receiver {
        user_id: Some(user),
        roles: &roles,
    })?);
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
    Some(
        COLUMNS
            .iter()
            .copied()
            .filter(|column| json.contains(&marker(column)[..5]))
            .collect(),
    )
}

/// Whether by this policy alone a receiver may see a column plain: written a second time, slowly.
fn may_see(policy: &Policy, column: &str, owns: bool, roles: &[&str]) -> bool {
    let listed = policy.columns.iter().any(|known| known == column);
    let rule = match policy.masks.iter().find(|rule| rule.column == column) {
        Some(rule) => Some(rule.clone()),
        None if listed => None,
        None => MaskRule::automatic(column),
    };
    let shown = rule.is_none_or(|rule| {
        rule.show_roles.iter().any(|role| roles.contains(&&**role))
            || (rule.show_owner && owns && policy.owner.is_some())
    });
    (listed || policy.open) && shown
}

proptest! {
    #[test]
    fn nobody_sees_what_the_policy_masks(own in policy(), user in select(&["ann", "bob"][..]), roles in roles()) {
        let config = config(Some(own.clone()));
        if let Some(seen) = plain(&config, "", user, &roles) {
            let expected: Vec<&str> = COLUMNS
                .iter()
                .copied()
                .filter(|column| may_see(&own, column, user == "ann", &roles))
                .collect();
            prop_assert_eq!(seen, expected);
        }
    }

    #[test]
    fn two_policies_never_show_more_than_either(
        own in policy(), other in policy(), call in call(),
        user in select(&["ann", "bob"][..]), roles in roles(),
    ) {
        let along = format!(r#"{call},"policy":{}"#, serde_json::to_string(&other).unwrap());
        let both = plain(&config(Some(own.clone())), &along, user, &roles);
        let of_own = plain(&config(Some(own)), &call, user, &roles);
        let of_other = plain(&config(Some(other)), &call, user, &roles);
        if let Some(both) = both {
            let (of_own, of_other) = (of_own.unwrap(), of_other.unwrap());
            for column in both {
                prop_assert!(of_own.contains(&column) && of_other.contains(&column), "{column}");
            }
        }
    }

    #[test]
    fn a_call_never_shows_what_an_explicit_rule_masks(
        mut own in policy(), call in call(), user in select(&["ann", "bob"][..]), roles in roles(),
    ) {
        for rule in own.masks.to_mut() {
            rule.automatic = false;
        }
        let without = plain(&config(Some(own.clone())), "", user, &roles);
        let with = plain(&config(Some(own.clone())), &call, user, &roles);
        prop_assert_eq!(without.is_some(), with.is_some());
        for column in with.unwrap_or_default() {
            let explicit = own.masks.iter().any(|rule| rule.column == column);
            prop_assert!(!explicit || without.as_ref().unwrap().contains(&column), "{column}");
        }
    }

    #[test]
    fn receivers_with_equal_views_get_equal_bytes_and_others_do_not(
        own in policy(), a in roles(), b in roles(),
    ) {
        let config = config(Some(own));
        let plan = planned(&config, &insert("t", r#"{"email":"ann@press.org","ssn":"123456789"}"#, "")).unwrap();
        let view = |roles: &[&str]| {
            let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
            plan.view(Receiver { user_id: Some("u"), roles: &roles })
        };
        if let (Some(a), Some(b)) = (view(&a), view(&b)) {
            prop_assert_eq!(a == b, plan.json(&a) == plan.json(&b));
        }
    }

    #[test]
    fn any_bytes_are_a_body_or_refused(bytes in vec(any::<u8>(), 0..200), text in "\\PC{0,200}") {
        for body in [bytes.as_slice(), text.as_bytes()] {
            if let Ok(broadcast) = Broadcast::parse(body, &Limits::DEFAULT) {
                prop_assert!(!broadcast.organization_id.is_empty());
            }
        }
        // Whatever a client says, it is understood or answered, and nothing else happens.
        let _answered = ClientMessage::parse(&text, &Limits::DEFAULT);
    }

    #[test]
    fn a_body_cut_or_changed_anywhere_never_reaches_more(at in 0usize..400, byte in any::<u8>()) {
        let whole = insert("employees", r#"{"id":1,"ssn":"1234567890"}"#,
            r#","userId":"ann","targetRoles":["admin"],"maskingConfig":{"ssn":{"type":"ssn"}}"#);
        let mut bytes = whole.into_bytes();
        let at = at % bytes.len();
        let cut = Broadcast::parse(&bytes[..at], &Limits::DEFAULT);
        prop_assert!(cut.is_err());
        bytes[at] = byte;
        if let Ok(broadcast) = Broadcast::parse(&bytes, &Limits::DEFAULT) {
            prop_assert!(broadcast.user_id.is_some() && broadcast.target_roles.is_some());
            prop_assert_eq!(broadcast.masking.len(), 1);
        }
    }
}
