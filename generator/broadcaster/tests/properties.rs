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
use broadcaster::policy::Config;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use support::cases::{case, receivers};
use support::strategies::{COLUMNS, call_masks, config, masking_config, policy, roles};
use support::{insert, planned, raw};

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

proptest! {
    #[test]
    fn everybody_sees_exactly_what_the_rules_say(case in case()) {
        case.holds_for(&receivers());
    }

    #[test]
    fn two_policies_never_show_more_than_either(
        own in policy(), other in policy(), call in call_masks(),
        user in select(&["ann", "bob"][..]), roles in roles(),
    ) {
        let call = masking_config(&call);
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
        mut own in policy(), call in call_masks(), user in select(&["ann", "bob"][..]), roles in roles(),
    ) {
        let call = masking_config(&call);
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
    fn any_bytes_are_a_body_or_a_frame_or_refused(bytes in vec(any::<u8>(), 0..200), text in "\\PC{0,200}") {
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            raw::any(bytes);
        }
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
