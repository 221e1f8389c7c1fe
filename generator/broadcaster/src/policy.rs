//! The rules by which tables are delivered: what the rendered configuration and a helper's
//! `policy` hold.
//!
//! Everything is a [`Cow`], so that the rendered `config.rs` is plain static data, while a
//! preview builds the same types at run time.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::mask::MaskType;
use crate::sensitive;
use crate::wire::{Code, Refusal};

/// A text that is either rendered or made at run time.
pub type Text = Cow<'static, str>;
/// A list that is either rendered or made at run time.
pub type List<T> = Cow<'static, [T]>;

/// What the worker knows of a project.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The hash of everything below; a helper compares it with its own.
    pub hash: Text,
    /// The roles from lowest to highest, by which `role+` in a call is expanded.
    pub hierarchy: List<Text>,
    /// Every table that a definition declares, those that are off included: a name that is not
    /// here is *ad hoc* and is sent as the call says.
    pub tables: List<Table>,
}

/// A declared table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The name on the wire.
    pub name: Text,
    /// How its events are delivered.
    pub policy: Policy,
}

/// How a table's events are delivered.
///
/// As JSON (the `policy` of a broadcast) every key is required and no other is known:
/// `{"events":{"insert":true,"update":true,"delete":false},"requiredRoles":null,"columns":["id"],
/// "open":false,"owner":null,"masks":[...]}`, a mask being [`MaskRule`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// Which events are sent; all off where realtime is.
    pub events: Events,
    /// A receiver needs one of these, `role+` expanded. `None` is every authenticated member, an
    /// empty list nobody.
    #[serde(deserialize_with = "required")]
    pub required_roles: Option<List<Text>>,
    /// The columns that are sent: the table's `fields`, or without it all its columns.
    pub columns: List<Text>,
    /// Whether other keys are sent too, under the automatic masks: the column set could not be
    /// resolved, and there is no `fields`.
    pub open: bool,
    /// The column that holds the owner's id.
    #[serde(deserialize_with = "required")]
    pub owner: Option<Text>,
    /// The rules for `columns`, one for a column: explicit ones, and automatic ones where there
    /// is no explicit one.
    pub masks: List<MaskRule>,
}

/// Which events of a table are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Events {
    /// Whether inserts are.
    pub insert: bool,
    /// Whether updates are.
    pub update: bool,
    /// Whether deletes are.
    pub delete: bool,
}

impl Events {
    /// Realtime is off.
    pub const NONE: Self = Self {
        insert: false,
        update: false,
        delete: false,
    };
    /// Every event is sent.
    pub const ALL: Self = Self {
        insert: true,
        update: true,
        delete: true,
    };
}

/// How one column is masked, and for whom it is not. As JSON:
/// `{"column":"email","type":"email","showRoles":["admin"],"showEveryone":false,"showOwner":true,
/// "automatic":true}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MaskRule {
    /// The masked column.
    pub column: Text,
    /// How it is masked.
    #[serde(rename = "type")]
    pub kind: MaskType,
    /// The roles that see it plain, `role+` expanded.
    pub show_roles: List<Text>,
    /// Whether everybody sees it plain.
    pub show_everyone: bool,
    /// Whether the record's owner sees it plain.
    pub show_owner: bool,
    /// Whether nobody wrote this rule, so that a call's `maskingConfig` replaces it.
    pub automatic: bool,
}

/// The role that sees what is masked only automatically.
const AUTOMATIC_ROLES: &[Text] = &[Cow::Borrowed("admin")];

impl MaskRule {
    /// The rule that applies to a column by its name alone, if any. Boolean and timestamp columns
    /// have none: that is the caller's knowledge.
    pub fn automatic(column: &str) -> Option<Self> {
        Some(Self {
            column: Cow::Owned(column.to_owned()),
            kind: sensitive::automatic(column)?,
            show_roles: Cow::Borrowed(AUTOMATIC_ROLES),
            show_everyone: false,
            show_owner: true,
            automatic: true,
        })
    }
}

impl Config {
    /// The policy of a declared table; `None` of an ad hoc one.
    pub fn table(&self, name: &str) -> Option<&Policy> {
        self.tables
            .iter()
            .find(|table| table.name == name)
            .map(|table| &table.policy)
    }

    /// The roles that `role` stands for: itself, or for `role+` that role and every higher one.
    /// `None` if the role before a `+` is not in the hierarchy, and of what is no role at all.
    pub fn expand(&self, role: &str) -> Option<Vec<String>> {
        match role.strip_suffix('+') {
            None if role.is_empty() || role == "*" => None,
            None => Some(vec![role.to_owned()]),
            Some(lowest) => {
                let at = self.hierarchy.iter().position(|known| known == lowest)?;
                Some(
                    self.hierarchy
                        .iter()
                        .skip(at)
                        .map(|role| role.to_string())
                        .collect(),
                )
            }
        }
    }
}

impl Policy {
    /// Reads the policy that a helper sent along.
    ///
    /// # Errors
    /// When anything in it is missing, unknown, of another type or said twice.
    pub fn parse(json: &RawValue) -> Result<Self, Refusal> {
        let malformed = Refusal::new(Code::BadPolicy, "`policy` is not a table's policy.");
        let policy: Self = serde_json::from_str(json.get()).map_err(|_| malformed)?;
        let mut columns: Vec<&str> = policy.masks.iter().map(|rule| &*rule.column).collect();
        columns.sort_unstable();
        if columns.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(Refusal::new(
                Code::BadPolicy,
                "`policy` has two masks for a column.",
            ));
        }
        Ok(policy)
    }

    /// Whether a column is sent at all.
    pub fn sends(&self, column: &str) -> bool {
        self.open || self.columns.iter().any(|known| known == column)
    }

    /// The rule for a column: an explicit one, an automatic one, or none.
    pub fn rule(&self, column: &str) -> Option<Cow<'_, MaskRule>> {
        if let Some(rule) = self.masks.iter().find(|rule| rule.column == column) {
            return Some(Cow::Borrowed(rule));
        }
        // What the configuration lists it has judged; only of the others is nothing known.
        if self.columns.iter().any(|known| known == column) {
            return None;
        }
        MaskRule::automatic(column).map(Cow::Owned)
    }
}

/// Makes the key of an optional value required: a helper that leaves one out is malformed.
fn required<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"{
        "events":{"insert":true,"update":true,"delete":false},
        "requiredRoles":["admin"],"columns":["id","email"],"open":false,"owner":"ownerId",
        "masks":[{"column":"email","type":"email","showRoles":["admin"],"showEveryone":false,
            "showOwner":true,"automatic":true}]
    }"#;

    fn parse(json: &str) -> Result<Policy, Refusal> {
        Policy::parse(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_policy_survives_the_wire() {
        let policy = parse(POLICY).unwrap();
        assert_eq!(policy.rule("email").unwrap().kind, MaskType::Email);
        let again = serde_json::to_string(&policy).unwrap();
        assert_eq!(parse(&again).unwrap(), policy);
    }

    #[test]
    fn a_malformed_policy_is_refused() {
        for (from, to) in [
            (r#""open":false,"#, ""),
            (r#""requiredRoles":["admin"],"#, ""),
            (r#""owner":"ownerId","#, ""),
            (r#""delete":false"#, r#""delete":null"#),
            (r#""delete":false"#, r#""delete":false,"upsert":true"#),
            (r#""type":"email""#, r#""type":"rot13""#),
            (r#""open":false"#, r#""open":false,"scopes":[]"#),
            (r#"["id","email"]"#, r#""id""#),
        ] {
            assert!(POLICY.contains(from));
            assert_eq!(
                parse(&POLICY.replace(from, to)).unwrap_err().code,
                Code::BadPolicy
            );
        }
        for json in ["null", "[]", "1", "{}"] {
            assert!(parse(json).is_err(), "{json}");
        }
        let mut twice = parse(POLICY).unwrap();
        let masks = twice.masks.to_mut();
        masks.extend(MaskRule::automatic("email"));
        let twice = serde_json::to_string(&twice).unwrap();
        assert_eq!(parse(&twice).unwrap_err().code, Code::BadPolicy);
    }

    #[test]
    fn listed_columns_are_judged_already_and_others_by_their_names() {
        let mut policy = parse(POLICY).unwrap();
        policy.open = true;
        policy.columns = Cow::Owned(vec!["hasPhone".into()]);
        assert_eq!(policy.rule("hasPhone"), None);
        assert_eq!(policy.rule("homePhone").unwrap().kind, MaskType::Phone);
        assert!(policy.rule("homePhone").unwrap().automatic);
        assert!(policy.sends("anything"));
    }

    #[test]
    fn a_role_with_plus_is_expanded_by_the_hierarchy() {
        let config = Config {
            hash: "".into(),
            hierarchy: Cow::Owned(vec!["member".into(), "admin".into(), "owner".into()]),
            tables: Cow::Borrowed(&[]),
        };
        assert_eq!(config.expand("admin+").unwrap(), ["admin", "owner"]);
        assert_eq!(config.expand("editor").unwrap(), ["editor"]);
        for role in ["editor+", "+", "", "*", "Admin+"] {
            assert_eq!(config.expand(role), None, "{role}");
        }
    }
}
