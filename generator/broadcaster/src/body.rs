//! The body of `POST /broadcast`, read so strictly that a mistake in it reaches nobody.

use serde_json::value::RawValue;

use crate::holder::Holder;
use crate::limits::Limits;
use crate::mask::MaskType;
use crate::policy::Policy;
use crate::record::{Record, text};
use crate::wire::{Code, Refusal};

/// A broadcast as a helper asks for it.
#[derive(Debug, Clone)]
pub struct Broadcast<'a> {
    /// Whose sockets may receive it.
    pub organization_id: String,
    /// What is sent.
    pub event: Event<'a>,
    /// Only this user's sockets.
    pub user_id: Option<String>,
    /// Only receivers with one of these roles; `role+` is not expanded yet.
    pub target_roles: Option<Vec<String>>,
    /// The call's own masks, one for a column.
    pub masking: Vec<CallMask>,
    /// The hash of the helper's configuration.
    pub config_hash: Option<String>,
}

/// What is sent.
#[derive(Debug, Clone)]
pub enum Event<'a> {
    /// A change of a table's record.
    Change(Change<'a>),
    /// A custom event, a namespace's included.
    Custom(Custom<'a>),
}

/// A change of a table's record.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// The table's name on the wire.
    pub table: String,
    /// What happened.
    pub kind: ChangeKind,
    /// The record after it; `None` of a delete.
    pub new: Option<Record<'a>>,
    /// The record before it; `None` of an insert.
    pub old: Option<Record<'a>>,
    /// The id of the owner of `new`, read from the full record.
    pub new_owner: Option<String>,
    /// The id of the owner of `old`, read from the full record.
    pub old_owner: Option<String>,
    /// The helper's own policy for the table, where it declares it.
    pub policy: Option<Policy>,
}

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
}

impl ChangeKind {
    /// The name in `eventType`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }
}

/// A custom event.
#[derive(Clone)]
pub struct Custom<'a> {
    /// The event on the wire: `processing-complete`, `extraction:started`.
    pub name: String,
    /// Any JSON value; `None` is `null`.
    pub payload: Option<&'a RawValue>,
}

impl std::fmt::Debug for Custom<'_> {
    /// Leaves the payload out: it must never be logged.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Custom")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// One entry of `maskingConfig`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallMask {
    /// The column, or the payload's top-level key.
    pub column: String,
    /// How it is masked.
    pub kind: MaskType,
    /// The roles that see it plain; `role+` is not expanded yet.
    pub show_roles: Vec<String>,
    /// Whether the record's owner sees it plain.
    pub show_owner: bool,
}

/// The event that revokes a user's tokens.
pub const REVOCATION: &str = "auth:token-invalidated";

const KEYS: &[&str] = &[
    "type",
    "table",
    "eventType",
    "new",
    "old",
    "event",
    "payload",
    "organizationId",
    "owner",
    "userId",
    "targetRoles",
    "maskingConfig",
    "policy",
    "configHash",
];
const CHANGE_KEYS: &[&str] = &["table", "eventType", "new", "old", "owner", "policy"];
const CUSTOM_KEYS: &[&str] = &["event", "payload"];

type Parsed<T> = Result<T, Refusal>;

impl<'a> Broadcast<'a> {
    /// Reads a body.
    ///
    /// # Errors
    /// When it is too large or too deep, is not JSON, names something unknown, has no
    /// organization, or has a narrowing that cannot be used.
    pub fn parse(body: &'a [u8], limits: &Limits) -> Parsed<Self> {
        Self::parse_for(body, None, limits)
    }

    /// Reads a body that was sent to an address which may name the organization too. Then the
    /// body need not name it, but it must not name another.
    ///
    /// # Errors
    /// As [`Broadcast::parse`], and when the two organizations differ.
    pub fn parse_for(body: &'a [u8], organization: Option<&str>, limits: &Limits) -> Parsed<Self> {
        if body.len() > Limits::size(limits.max_body) {
            return Err(Refusal::new(Code::TooLarge, "The body is too large."));
        }
        let json = std::str::from_utf8(body)
            .map_err(|_| Refusal::new(Code::BadJson, "The body is not UTF-8."))?;
        let body = Record::parse(json, Limits::size(limits.max_depth))?;
        if body.iter().any(|(key, _)| !KEYS.contains(&key)) {
            return Err(Refusal::new(
                Code::UnknownKey,
                "The body has a key that is not known.",
            ));
        }
        let organization_id = organization_id(&body, organization, limits)?;
        let (event, others) = match body.get("type").and_then(text).as_deref() {
            Some("postgres_changes") => (Event::Change(change(&body, limits)?), CUSTOM_KEYS),
            Some("broadcast") => (Event::Custom(custom(&body)?), CHANGE_KEYS),
            _ => {
                return Err(bad_event(
                    "`type` must be `postgres_changes` or `broadcast`.",
                ));
            }
        };
        if others.iter().any(|key| body.get(key).is_some()) {
            let message = "The body has a key that means nothing for its `type`.";
            return Err(Refusal::new(Code::UnknownKey, message));
        }
        let broadcast = Self {
            organization_id,
            event,
            user_id: user_id(&body, limits)?,
            target_roles: target_roles(&body, limits)?,
            masking: masking(&body, limits)?,
            config_hash: config_hash(&body)?,
        };
        if broadcast.is_revocation() && broadcast.user_id.is_none() {
            let message = "`auth:token-invalidated` needs the `userId` whose tokens are revoked.";
            return Err(unusable(message));
        }
        Ok(broadcast)
    }

    /// Whether it revokes the tokens of its `user_id`.
    pub fn is_revocation(&self) -> bool {
        matches!(&self.event, Event::Custom(custom) if custom.name == REVOCATION)
    }
}

fn bad_event(message: &'static str) -> Refusal {
    Refusal::new(Code::BadEvent, message)
}

fn unusable(message: &'static str) -> Refusal {
    Refusal::new(Code::UnusableNarrowing, message)
}

/// A string that is not empty and not longer than an id may be.
fn id(value: Option<&RawValue>, limits: &Limits) -> Option<String> {
    text(value?).filter(|id| !id.is_empty() && id.len() <= Limits::size(limits.max_id))
}

fn organization_id(body: &Record<'_>, address: Option<&str>, limits: &Limits) -> Parsed<String> {
    let missing = Refusal::new(
        Code::MissingOrganization,
        "`organizationId` must be a string that is not empty, and not too long.",
    );
    let named = |value: Option<&RawValue>| text(value?).filter(|id| Holder::can_be_of(id, limits));
    // Of an address, too, a narrowing that is named must be usable.
    if address.is_some_and(|id| !Holder::can_be_of(id, limits)) {
        return Err(missing);
    }
    match (body.get("organizationId"), address) {
        (None, Some(address)) => Ok(address.to_owned()),
        (value, None) => named(value).ok_or(missing),
        (value, Some(address)) => {
            let named = named(value).ok_or(missing)?;
            let message = "`organizationId` is not that of the address.";
            let differs = Refusal::new(Code::WrongOrganization, message);
            (named == address).then_some(named).ok_or(differs)
        }
    }
}

fn change<'a>(body: &Record<'a>, limits: &Limits) -> Parsed<Change<'a>> {
    let table = body
        .get("table")
        .and_then(text)
        .filter(|table| !table.is_empty());
    let table = table.ok_or(bad_event("`table` must be a string that is not empty."))?;
    let kind = match body.get("eventType").and_then(text).as_deref() {
        Some("INSERT") => ChangeKind::Insert,
        Some("UPDATE") => ChangeKind::Update,
        Some("DELETE") => ChangeKind::Delete,
        _ => {
            return Err(bad_event(
                "`eventType` must be `INSERT`, `UPDATE` or `DELETE`.",
            ));
        }
    };
    let record = |key: &str, wanted: bool| match (body.get(key), wanted) {
        (None, false) => Ok(None),
        (Some(value), false) if value.get() == "null" => Ok(None),
        (Some(value), true) => match Record::of(value) {
            Some(record) => Ok(Some(record)),
            None => Err(bad_event("`new` and `old` must be objects.")),
        },
        (None, true) => Err(bad_event("`new` or `old` is missing for this `eventType`.")),
        (Some(_), false) => Err(bad_event(
            "`new` or `old` is not `null` for this `eventType`.",
        )),
    };
    let (new_owner, old_owner) = owners(body, limits)?;
    Ok(Change {
        table,
        kind,
        new: record("new", kind != ChangeKind::Delete)?,
        old: record("old", kind != ChangeKind::Insert)?,
        new_owner,
        old_owner,
        policy: body.get("policy").map(Policy::parse).transpose()?,
    })
}

/// `owner: { new?, old? }`. An absent or empty id is nobody's.
fn owners(body: &Record<'_>, limits: &Limits) -> Parsed<(Option<String>, Option<String>)> {
    let refusal = bad_event("`owner` must be an object with the strings `new` and `old`.");
    let Some(value) = body.get("owner") else {
        return Ok((None, None));
    };
    let owner = Record::of(value).ok_or(refusal)?;
    if owner.iter().any(|(key, _)| !matches!(key, "new" | "old")) {
        return Err(refusal);
    }
    let side = |key: &str| match owner.get(key) {
        None => Ok(None),
        Some(value) if matches!(value.get(), "null" | "\"\"") => Ok(None),
        value => id(value, limits).map(Some).ok_or(refusal),
    };
    Ok((side("new")?, side("old")?))
}

fn custom<'a>(body: &Record<'a>) -> Parsed<Custom<'a>> {
    let name = body
        .get("event")
        .and_then(text)
        .filter(|name| !name.is_empty());
    let name = name.ok_or(bad_event("`event` must be a string that is not empty."))?;
    Ok(Custom {
        name,
        payload: body.get("payload"),
    })
}

fn user_id(body: &Record<'_>, limits: &Limits) -> Parsed<Option<String>> {
    match body.get("userId") {
        None => Ok(None),
        value => id(value, limits)
            .map(Some)
            .ok_or(unusable("`userId` must be a string that is not empty.")),
    }
}

fn target_roles(body: &Record<'_>, limits: &Limits) -> Parsed<Option<Vec<String>>> {
    let Some(value) = body.get("targetRoles") else {
        return Ok(None);
    };
    let roles = strings(value)
        .filter(|roles| !roles.is_empty())
        .ok_or(unusable(
            "`targetRoles` must be an array of strings that are not empty, with at least one.",
        ))?;
    if roles.len() > Limits::size(limits.max_target_roles) {
        return Err(Refusal::new(
            Code::TooMany,
            "`targetRoles` has too many entries.",
        ));
    }
    Ok(Some(roles))
}

/// An array of strings that are not empty.
fn strings(value: &RawValue) -> Option<Vec<String>> {
    let strings: Vec<String> = serde_json::from_str(value.get()).ok()?;
    strings.iter().all(|s| !s.is_empty()).then_some(strings)
}

fn masking(body: &Record<'_>, limits: &Limits) -> Parsed<Vec<CallMask>> {
    let Some(value) = body.get("maskingConfig") else {
        return Ok(Vec::new());
    };
    let config = Record::of(value)
        .filter(|config| !config.is_empty())
        .ok_or(unusable(
            "`maskingConfig` must be an object with at least one column.",
        ))?;
    if config.len() > Limits::size(limits.max_masked_columns) {
        return Err(Refusal::new(
            Code::TooMany,
            "`maskingConfig` has too many columns.",
        ));
    }
    config
        .iter()
        .map(|(column, rule)| call_mask(column, rule))
        .collect()
}

fn call_mask(column: &str, rule: &RawValue) -> Parsed<CallMask> {
    let refusal =
        unusable("An entry of `maskingConfig` must be `{ type, show?: { roles?, or? } }`.");
    let only =
        |record: &Record<'_>, known: [&str; 2]| record.iter().all(|(key, _)| known.contains(&key));
    let rule = Record::of(rule)
        .filter(|rule| only(rule, ["type", "show"]))
        .ok_or(refusal)?;
    let kind = rule.get("type").ok_or(refusal)?;
    // `custom` is a function of the project, and a call cannot bring one.
    let kind = serde_json::from_str(kind.get())
        .ok()
        .filter(|kind| *kind != MaskType::Custom)
        .ok_or(Refusal::new(
            Code::UnknownMaskType,
            "`maskingConfig` has an unknown mask type.",
        ))?;
    let mut mask = CallMask {
        column: column.to_owned(),
        kind,
        show_roles: Vec::new(),
        show_owner: false,
    };
    if let Some(show) = rule.get("show") {
        let show = Record::of(show)
            .filter(|show| only(show, ["roles", "or"]))
            .ok_or(refusal)?;
        if let Some(roles) = show.get("roles") {
            mask.show_roles = strings(roles).ok_or(refusal)?;
        }
        mask.show_owner = match show.get("or").map(text) {
            None => false,
            Some(or) if or.as_deref() == Some("owner") => true,
            Some(_) => return Err(refusal),
        };
    }
    Ok(mask)
}

fn config_hash(body: &Record<'_>) -> Parsed<Option<String>> {
    match body.get("configHash") {
        None => Ok(None),
        Some(value) => text(value).map(Some).ok_or(Refusal::new(
            Code::BadEvent,
            "`configHash` must be a string.",
        )),
    }
}
