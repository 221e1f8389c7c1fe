//! Policies, calls and receivers of every kind.

use broadcaster::mask::MaskType;
use broadcaster::policy::{Config, Events, MaskRule, Policy, Table};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::draw::maybe;
use super::newsroom;

/// The columns of all records.
pub const COLUMNS: &[&str] = &["id", "title", "email", "workPhone", "ssn", "apiToken"];
/// The roles that receivers have.
pub const ROLES: &[&str] = &["member", "editor", "admin"];
/// The users that own records and receive.
pub const USERS: &[&str] = &["ann", "bob"];
const KINDS: &[MaskType] = &[
    MaskType::Email,
    MaskType::Phone,
    MaskType::Ssn,
    MaskType::CreditCard,
    MaskType::Name,
    MaskType::Redact,
    MaskType::Custom,
];

/// Some of the roles.
pub fn roles() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(ROLES, 0..=ROLES.len())
}

fn mask_rule() -> impl Strategy<Value = MaskRule> {
    (
        select(COLUMNS),
        select(KINDS),
        roles(),
        any::<bool>(),
        any::<bool>(),
        proptest::bool::weighted(0.1),
    )
        .prop_map(
            |(column, kind, roles, show_owner, automatic, show_everyone)| MaskRule {
                automatic,
                show_everyone,
                ..super::rule(column, kind, &roles, show_owner)
            },
        )
}

/// Any policy.
pub fn policy() -> impl Strategy<Value = Policy> {
    (
        any::<[bool; 2]>(),
        maybe(roles()),
        subsequence(COLUMNS, 0..=COLUMNS.len()),
        maybe(select(&["userId", "ownerId"][..])),
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
                ..super::policy(&columns)
            }
        })
}

/// One entry of a call's `maskingConfig`.
#[derive(Debug, Clone)]
pub struct CallMask {
    /// The column.
    pub column: &'static str,
    /// The name of the mask's type.
    pub kind: &'static str,
    /// The roles that see it plain.
    pub roles: Vec<&'static str>,
    /// Whether the owner does.
    pub owner: bool,
}

/// The masks of a call, one for a column.
pub fn call_masks() -> impl Strategy<Value = Vec<CallMask>> {
    let mask = (
        select(COLUMNS),
        select(&["email", "phone", "redact"][..]),
        roles(),
        any::<bool>(),
    )
        .prop_map(|(column, kind, roles, owner)| CallMask {
            column,
            kind,
            roles,
            owner,
        });
    vec(mask, 0..4).prop_map(|mut masks| {
        masks.sort_by_key(|mask| mask.column);
        masks.dedup_by_key(|mask| mask.column);
        masks
    })
}

/// The members of a body that say the masks of a call; nothing if it has none.
pub fn masking_config(masks: &[CallMask]) -> String {
    if masks.is_empty() {
        return String::new();
    }
    let entries: Vec<String> = masks
        .iter()
        .map(|mask| {
            let CallMask {
                column,
                kind,
                roles,
                owner,
            } = mask;
            let or = if *owner { r#","or":"owner""# } else { "" };
            format!(r#""{column}":{{"type":"{kind}","show":{{"roles":{roles:?}{or}}}}}"#)
        })
        .collect();
    format!(r#","maskingConfig":{{{}}}"#, entries.join(","))
}

/// The newsroom's configuration with `t` as its only table, or without any.
pub fn config(own: Option<Policy>) -> Config {
    let tables = own.into_iter().map(|policy| Table {
        name: "t".into(),
        policy,
    });
    Config {
        tables: tables.collect(),
        ..newsroom()
    }
}
