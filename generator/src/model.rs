//! A project's realtime configuration: complete, valid, without spans.
//!
//! The server lowers what it read from definition files into these types; everything that is
//! emitted or previewed comes from them and from nothing else.

use broadcaster::mask::MaskType;
use serde::Serialize;

/// Everything that the outputs of one Quickback project depend on.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Project {
    /// The roles that the project knows.
    pub roles: Roles,
    /// Every table that a definition declares, realtime or not, in the order of their names.
    pub tables: Vec<Table>,
    /// Every event namespace, in the order of their names.
    pub namespaces: Vec<Namespace>,
}

impl Project {
    /// Whether no table is broadcast and no event is defined.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.namespaces.is_empty() && self.tables.iter().all(|table| table.realtime.is_none())
    }
}

/// The roles of a project.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Roles {
    /// From lowest to highest. `member, admin, owner` where none is declared.
    pub hierarchy: Vec<String>,
    /// Whether `auth.roleHierarchy` declares the hierarchy: then the set of roles is closed.
    pub declared: bool,
    /// Roles outside the hierarchy that are known all the same: Better Auth's own, those of the
    /// configuration file, and those that the definitions name. Sorted, none of the hierarchy.
    pub others: Vec<String>,
}

impl Default for Roles {
    fn default() -> Self {
        Self {
            hierarchy: BETTER_AUTH_ROLES.map(String::from).to_vec(),
            declared: false,
            others: Vec::new(),
        }
    }
}

/// Better Auth's own roles, lowest first; the hierarchy where a project declares none.
pub const BETTER_AUTH_ROLES: [&str; 3] = ["member", "admin", "owner"];

/// A table that a definition declares.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// The name on the wire and in calls: the const's, or `feature()`'s first argument.
    pub name: String,
    /// The file that declares it, relative to the project root, with `/`.
    pub source: String,
    /// The columns in the order of their declaration, injected ones included.
    pub columns: Vec<Column>,
    /// Whether there may be columns that could not be resolved (an unresolved spread).
    pub open: bool,
    /// The columns of the primary key; empty if none was found.
    pub primary_key: Vec<String>,
    /// The column that holds the owner's id, if there is one.
    pub owner: Option<String>,
    /// What is broadcast, or `None` where realtime is off, absent or could not be resolved.
    pub realtime: Option<Realtime>,
    /// The explicit rules of `masking`, in the order of their declaration, one for a column.
    pub masks: Vec<Mask>,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// The key in the columns object (`dueAt`), not the database's name (`due_at`).
    pub name: String,
    /// What its values are.
    pub kind: ColumnKind,
    /// Whether `null` may be a value of it: where nothing is said, it may.
    pub nullable: bool,
    /// How many lists its values of `kind` lie in: 0 for plain values, 2 for lists of lists.
    pub dimensions: u8,
    /// Whether the compiler adds it (`createdAt` and its like) without a declaration.
    pub injected: bool,
}

/// What the values of a column are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum ColumnKind {
    /// Text of any form.
    Text,
    /// An identifier as the project makes them: text in one, a number in another.
    Id,
    /// A UUID.
    Uuid,
    /// A web address (`q.url()`).
    Url,
    /// An email address (`q.email()`).
    Email,
    /// One of a closed list of texts.
    Enum(Vec<String>),
    /// A whole number.
    Integer,
    /// A whole number that JavaScript holds as a `bigint`.
    BigInt,
    /// A number with a fraction.
    Real,
    /// A decimal number that the driver hands on as text (`numeric`).
    Decimal,
    /// `true` or `false`.
    Boolean,
    /// A point in time.
    Timestamp,
    /// A day without a time.
    Date,
    /// Any JSON value.
    Json,
    /// Bytes.
    Blob,
    /// The organization that a row belongs to (`q.scope("organization")`).
    Organization,
    /// The user who owns a row (`q.scope("owner")`).
    Owner,
    /// The team that a row belongs to (`q.scope("team")`).
    Team,
    /// A builder that is not known: any value.
    Unknown,
}

/// What a table broadcasts, and to whom.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Realtime {
    /// Whether inserts are broadcast.
    pub insert: bool,
    /// Whether updates are broadcast.
    pub update: bool,
    /// Whether deletes are broadcast.
    pub delete: bool,
    /// Who receives, `role+` expanded, without repetitions; `None` is every authenticated member,
    /// an empty list nobody.
    pub required_roles: Option<Vec<String>>,
    /// The columns that are sent, unknown ones left out; `None` is every column.
    pub fields: Option<Vec<String>>,
}

/// An explicit masking rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mask {
    /// The masked column.
    pub column: String,
    /// How it is masked. `custom` is [`MaskType::Custom`] and is sent as `redact`.
    pub kind: MaskType,
    /// The roles that see it plain, `role+` expanded, without repetitions.
    pub show_roles: Vec<String>,
    /// Whether everybody sees it plain (`everyone` in `show.roles`).
    pub show_everyone: bool,
    /// Whether the record's owner sees it plain.
    pub show_owner: bool,
}

/// An event namespace: `defineRealtime({ name, events, description })`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Namespace {
    /// The first half of the event on the wire, and the property of the helper.
    pub name: String,
    /// The file that defines it, relative to the project root, with `/`.
    pub source: String,
    /// The events in the order of their declaration, without repetitions.
    pub events: Vec<String>,
    /// The documentation of the namespace.
    pub description: Option<String>,
}
