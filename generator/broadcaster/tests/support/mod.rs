//! A small newsroom, and what its subscribers see.
#![allow(dead_code, reason = "each test crate uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests say what they expect by failing"
)]

pub mod cases;
mod draw;
pub mod raw;
#[cfg(feature = "worker")]
pub mod signatures;
pub mod strategies;
#[cfg(feature = "worker")]
pub mod tokens;

use broadcaster::body::Broadcast;
use broadcaster::delivery::{Plan, Receiver, plan};
use broadcaster::limits::Limits;
use broadcaster::mask::MaskType;
use broadcaster::policy::{Config, Events, MaskRule, Policy, Table};
use broadcaster::wire::{Code, Refusal};

/// Reads JSON as another reader; `None` where it holds what is JSON, and is handed on as it was sent,
/// but is no value that this reader could hold: half of a surrogate pair, a number beyond all others.
pub fn read(json: &[u8]) -> Option<serde_json::Value> {
    match serde_json::from_slice(json) {
        Ok(value) => Some(value),
        Err(error) => {
            let beyond = ["surrogate", "hex escape", "number out of range"];
            let is_beyond = beyond.iter().any(|words| error.to_string().contains(words));
            assert!(is_beyond, "{error}");
            None
        }
    }
}

/// A table whose columns are all sent to everybody.
pub fn policy(columns: &[&'static str]) -> Policy {
    Policy {
        events: Events::ALL,
        required_roles: None,
        columns: columns.iter().map(|column| (*column).into()).collect(),
        open: false,
        owner: None,
        masks: Vec::new().into(),
    }
}

/// An explicit rule.
pub fn rule(column: &'static str, kind: MaskType, roles: &[&'static str], owner: bool) -> MaskRule {
    MaskRule {
        column: column.into(),
        kind,
        show_roles: roles.iter().map(|role| (*role).into()).collect(),
        show_everyone: false,
        show_owner: owner,
        automatic: false,
    }
}

/// `employees` (everything), `claims` (editors and admins; no deletes), `drafts` (off),
/// `tags` (open).
pub fn newsroom() -> Config {
    let employees = Policy {
        owner: Some("userId".into()),
        masks: vec![
            rule("ssn", MaskType::Ssn, &["hr"], true),
            MaskRule::automatic("email").unwrap(),
        ]
        .into(),
        ..policy(&["id", "name", "email", "ssn", "userId"])
    };
    let claims = Policy {
        events: Events {
            delete: false,
            ..Events::ALL
        },
        required_roles: Some(vec!["editor".into(), "admin".into()].into()),
        ..policy(&["id", "title"])
    };
    let drafts = Policy {
        events: Events::NONE,
        ..policy(&["id"])
    };
    let tags = Policy {
        open: true,
        ..policy(&["id", "hasPhone"])
    };
    let tables = [
        ("employees", employees),
        ("claims", claims),
        ("drafts", drafts),
        ("tags", tags),
    ];
    Config {
        hash: "newsroom".into(),
        hierarchy: vec!["member".into(), "editor".into(), "admin".into()].into(),
        tables: tables
            .into_iter()
            .map(|(name, policy)| Table {
                name: name.into(),
                policy,
            })
            .collect(),
    }
}

/// A body of the organization `o` with these further members.
pub fn body(members: &str) -> String {
    format!(r#"{{"organizationId":"o",{members}}}"#)
}

/// An insert into a table.
pub fn insert(table: &str, record: &str, more: &str) -> String {
    body(&format!(
        r#""type":"postgres_changes","table":"{table}","eventType":"INSERT","new":{record}{more}"#
    ))
}

/// A custom event.
pub fn custom(payload: &str, more: &str) -> String {
    body(&format!(
        r#""type":"broadcast","event":"e","payload":{payload}{more}"#
    ))
}

/// The plan of a body, or why there is none.
pub fn planned(config: &Config, body: &str) -> Result<Plan, Refusal> {
    plan(
        config,
        &Broadcast::parse(body.as_bytes(), &Limits::DEFAULT)?,
    )
}

/// Why a body is refused.
pub fn refused(config: &Config, body: &str) -> Code {
    match planned(config, body) {
        Ok(_) => panic!("accepted: {body}"),
        Err(refusal) => refusal.code,
    }
}

/// What a user with these roles is sent.
pub fn seen(config: &Config, body: &str, user: &str, roles: &[&str]) -> Option<String> {
    let plan = planned(config, body).unwrap_or_else(|refusal| panic!("{refusal}: {body}"));
    let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
    let view = plan.view(Receiver {
        user_id: Some(user),
        roles: &roles,
    })?;
    Some(plan.json(&view))
}

/// The value of one top-level key of `new` (or of the payload) as JSON text.
pub fn cell(json: &str, side: &str, key: &str) -> String {
    let event: serde_json::Value = serde_json::from_str(json).unwrap();
    event[side][key].to_string()
}
