//! The one table of the settings' keys. Reading, the JSON schema and the documentation all come
//! from it.

/// Where the helper goes by default.
pub const HELPER: &str = "src/lib/realtime.ts";
/// Where the client goes by default.
pub const CLIENT: &str = "src/lib/realtime-client.ts";
/// Where the worker goes by default.
pub const WORKER: &str = "realtime-worker";

/// One key.
#[derive(Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// The type of its value.
    pub kind: Kind,
    /// What holds when it is absent.
    pub default: Default,
    /// What it means, a sentence or two of Markdown.
    pub doc: &'static str,
    /// A value that it may have, as JSON.
    pub example: &'static str,
}

/// The type of a key's value.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Any string.
    Text,
    /// A list of role names.
    Roles,
    /// A list of globs.
    Globs,
    /// An object of severities by rule code.
    Severities,
    /// A path relative to the root.
    Path,
    /// A path relative to the root, or `false`.
    PathOrFalse,
    /// `true` or `false`.
    Boolean,
    /// An object with keys of its own.
    Object(&'static [Key]),
}

/// What holds when a key is absent.
#[derive(Debug, Clone, Copy)]
pub enum Default {
    /// Nothing.
    Nothing,
    /// An empty list.
    EmptyList,
    /// An empty object.
    EmptyObject,
    /// This text.
    Text(&'static str),
    /// `true`.
    True,
}

impl Default {
    /// The default as JSON; `None` where there is none.
    pub fn json(self) -> Option<serde_json::Value> {
        match self {
            Self::Nothing => None,
            Self::EmptyList => Some(serde_json::json!([])),
            Self::EmptyObject => Some(serde_json::json!({})),
            Self::Text(text) => Some(text.into()),
            Self::True => Some(true.into()),
        }
    }
}

impl Kind {
    /// What a value must be, for a message: `a list of globs`.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Roles => "a list of role names",
            Self::Globs => "a list of globs",
            Self::Severities => "an object such as { \"wide-payload\": \"off\" }",
            Self::Path => "a path relative to the project",
            Self::PathOrFalse => "a path relative to the project, or false",
            Self::Boolean => "true or false",
            Self::Object(_) => "an object",
        }
    }
}

/// What a rule may be set to.
pub const SEVERITIES: [&str; 5] = ["off", "hint", "information", "warning", "error"];

/// The keys of the file.
pub static KEYS: &[Key] = &[
    Key {
        name: "$schema",
        kind: Kind::Text,
        default: Default::Nothing,
        doc: "The JSON schema of this file, by which editors complete and check it.",
        example: "\"https://docs.quickback.dev/realtime/quickback-realtime.schema.json\"",
    },
    Key {
        name: "roles",
        kind: Kind::Roles,
        default: Default::EmptyList,
        doc: "Roles that are known besides those of `roleHierarchy` and Better Auth's `owner`, `admin` and `member`.",
        example: "[\"auditor\"]",
    },
    Key {
        name: "rules",
        kind: Kind::Severities,
        default: Default::EmptyObject,
        doc: "How grave each rule's findings are, or `off`. It changes what is shown, never what can be generated.",
        example: "{ \"wide-payload\": \"off\" }",
    },
    Key {
        name: "exclude",
        kind: Kind::Globs,
        default: Default::EmptyList,
        doc: "Files that are not looked at, as globs relative to the project, written as in `.gitignore`. A table that is defined in one is not known: it is in no generated file, so its masks and roles do not hold.",
        example: "[\"scripts/**\"]",
    },
    Key {
        name: "output",
        kind: Kind::Object(OUTPUT),
        default: Default::EmptyObject,
        doc: "Where the generated files go: paths relative to the project, inside of it, each another, and in no folder of definitions.",
        example: "{ \"client\": false }",
    },
    Key {
        name: "generateOnSave",
        kind: Kind::Boolean,
        default: Default::True,
        doc: "Whether the editor generates when a definition is saved.",
        example: "false",
    },
];

/// The keys of `output`.
pub static OUTPUT: &[Key] = &[
    Key {
        name: "helper",
        kind: Kind::Path,
        default: Default::Text(HELPER),
        doc: "The typed helper that handlers import `createRealtime` from.",
        example: "\"app/lib/realtime.ts\"",
    },
    Key {
        name: "client",
        kind: Kind::PathOrFalse,
        default: Default::Text(CLIENT),
        doc: "The typed client for browsers; `false` for none.",
        example: "false",
    },
    Key {
        name: "worker",
        kind: Kind::PathOrFalse,
        default: Default::Text(WORKER),
        doc: "The folder of the worker that delivers the events; `false` for none.",
        example: "\"workers/realtime\"",
    },
];
