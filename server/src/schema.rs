//! The one table of keys: what every configuration object may hold, with types, defaults and
//! documentation. Validation, completion, hover and the documentation all read it.

/// An object that the configuration knows.
#[derive(Debug, PartialEq, Eq)]
pub struct Schema {
    /// What messages call it: `a realtime block`.
    pub name: &'static str,
    /// Its keys, in the order in which they are usually written.
    pub keys: &'static [Key],
}

/// One key of an object.
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// The type of its value.
    pub kind: KeyKind,
    /// What holds when it is absent, in words.
    pub default: &'static str,
    /// What it means, a sentence or two of Markdown.
    pub doc: &'static str,
    /// Whether the object is useless without it.
    pub required: bool,
}

/// The type of a key's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// `true` or `false`.
    Boolean,
    /// Any string.
    String,
    /// A list of the table's columns.
    Columns,
    /// A list of roles, where `role+` is allowed.
    Roles,
    /// A list of roles in a mask's `show`, where `everyone` is allowed too.
    ShowRoles,
    /// A list of event names.
    Events,
    /// The name of a mask.
    MaskType,
    /// The literal `"owner"`.
    Owner,
    /// The id of a user or an organization: a string that is not empty.
    Id,
    /// A function.
    Function,
    /// An object with keys of its own.
    Object(&'static Schema),
    /// An object whose keys are the table's columns, each value an object of the schema.
    ByColumn(&'static Schema),
    /// Anything.
    Any,
}

impl KeyKind {
    /// The type as a TypeScript user would write it.
    pub fn type_text(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::String | Self::Id => "string",
            Self::Columns | Self::Roles | Self::ShowRoles | Self::Events => "string[]",
            Self::MaskType => {
                "\"email\" | \"phone\" | \"ssn\" | \"creditCard\" | \"name\" | \"redact\" | \"custom\""
            }
            Self::Owner => "\"owner\"",
            Self::Function => "function",
            Self::Object(_) => "object",
            Self::ByColumn(_) => "{ [column]: object }",
            Self::Any => "any",
        }
    }
}

impl Schema {
    /// The key of that name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|k| k.name == name)
    }
}

const fn key(name: &'static str, kind: KeyKind, default: &'static str, doc: &'static str) -> Key {
    Key {
        name,
        kind,
        default,
        doc,
        required: false,
    }
}

const fn required(name: &'static str, kind: KeyKind, doc: &'static str) -> Key {
    Key {
        name,
        kind,
        default: "required",
        doc,
        required: true,
    }
}

/// The `realtime` block of a table.
pub static REALTIME: Schema = Schema {
    name: "a realtime block",
    keys: &[
        key(
            "enabled",
            KeyKind::Boolean,
            "off when absent",
            "Switches realtime on for the table. Without it nothing is sent.",
        ),
        key(
            "onInsert",
            KeyKind::Boolean,
            "`true`",
            "Whether subscribers hear of new records.",
        ),
        key(
            "onUpdate",
            KeyKind::Boolean,
            "`true`",
            "Whether subscribers hear of changed records.",
        ),
        key(
            "onDelete",
            KeyKind::Boolean,
            "`true`",
            "Whether subscribers hear of deleted records.",
        ),
        key(
            "requiredRoles",
            KeyKind::Roles,
            "every authenticated member of the organization",
            "Who receives the table's events: members who hold at least one of these roles. `\"role+\"` is that role and every one above it in `roleHierarchy`.",
        ),
        key(
            "fields",
            KeyKind::Columns,
            "every column",
            "Which columns are sent. Name the primary key among them, so that clients can match the record.",
        ),
    ],
};

/// The `show` clause of a mask.
pub static SHOW: Schema = Schema {
    name: "a show clause",
    keys: &[
        key(
            "roles",
            KeyKind::ShowRoles,
            "nobody",
            "The roles that see the plain value. `\"role+\"` includes every higher role.",
        ),
        key(
            "or",
            KeyKind::Owner,
            "no exception",
            "`\"owner\"`: the record's owner sees the plain value too.",
        ),
    ],
};

/// One rule of a table's `masking`.
pub static MASK_RULE: Schema = Schema {
    name: "a masking rule",
    keys: &[
        required(
            "type",
            KeyKind::MaskType,
            "How the value is masked for those who may not see it.",
        ),
        key(
            "show",
            KeyKind::Object(&SHOW),
            "masked for everybody",
            "Who sees the plain value.",
        ),
        key(
            "query",
            KeyKind::Any,
            "none",
            "How the column may be queried over the API; it has no meaning for broadcasts.",
        ),
        key(
            "mask",
            KeyKind::Function,
            "none",
            "The function of a `custom` mask. It cannot run in a broadcast, where the value is sent as `[REDACTED]`.",
        ),
    ],
};

/// One rule of a call's `maskingConfig`.
pub static CALL_MASK_RULE: Schema = Schema {
    name: "a maskingConfig rule",
    keys: &[
        required(
            "type",
            KeyKind::MaskType,
            "How the value is masked for those who may not see it; not `custom`.",
        ),
        key(
            "show",
            KeyKind::Object(&SHOW),
            "masked for everybody",
            "Who sees the plain value.",
        ),
    ],
};

/// The argument of `defineRealtime`.
pub static NAMESPACE: Schema = Schema {
    name: "an event namespace",
    keys: &[
        required(
            "name",
            KeyKind::String,
            "The first half of the event on the wire, and the property of the helper: `realtime.<name>.<event>(...)`.",
        ),
        required(
            "events",
            KeyKind::Events,
            "The events of the namespace. Each becomes a method of the helper.",
        ),
        key(
            "description",
            KeyKind::String,
            "none",
            "Becomes the doc comment of the generated methods.",
        ),
    ],
};

/// The options of a call of the helper.
pub static CALL_OPTIONS: Schema = Schema {
    name: "the options of a broadcast",
    keys: &[
        key(
            "userId",
            KeyKind::Id,
            "everybody in the organization",
            "Only this user's sockets receive the event.",
        ),
        key(
            "targetRoles",
            KeyKind::Roles,
            "no further condition",
            "Only members with one of these roles receive the event, besides what the table requires.",
        ),
        key(
            "maskingConfig",
            KeyKind::ByColumn(&CALL_MASK_RULE),
            "the table's masking",
            "Masks for this call. It replaces automatic masks; an explicit rule of the table it can only narrow.",
        ),
    ],
};

/// The target of a call in its object form.
pub static TARGET: Schema = Schema {
    name: "a target",
    keys: &[
        required(
            "organizationId",
            KeyKind::Id,
            "The organization whose subscribers receive the event.",
        ),
        key(
            "userId",
            KeyKind::Id,
            "everybody in the organization",
            "Only this user's sockets receive the event.",
        ),
    ],
};

/// The mask types with an example of each, in the order of the documentation.
pub const MASK_TYPES: [(&str, &str, &str); 7] = [
    ("email", "john@yourdomain.com", "j***@y*********.com"),
    ("phone", "555-123-4567", "******4567"),
    ("ssn", "123-45-6789", "*****6789"),
    ("creditCard", "4111 1111 1111 1111", "**** **** **** 1111"),
    ("name", "John Doe", "J*** D**"),
    ("redact", "anything", "[REDACTED]"),
    ("custom", "anything", "[REDACTED]"),
];
