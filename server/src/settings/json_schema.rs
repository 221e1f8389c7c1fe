//! The settings' JSON schema and their page, both written from the table of keys.

use serde_json::{Map, Value, json};

use super::keys::{KEYS, Key, Kind, SEVERITIES};
use crate::codes;

/// The JSON schema of `quickback-realtime.json`.
pub fn json_schema() -> Value {
    let mut schema = object(KEYS);
    let head = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": super::SCHEMA_URL,
        "title": "quickback-realtime.json",
        "description": "What quickback-realtime checks and generates in this project.",
        "allowComments": true,
        "allowTrailingCommas": true,
    });
    if let (Value::Object(schema), Value::Object(head)) = (&mut schema, head) {
        let body = std::mem::replace(schema, head);
        schema.extend(body);
    }
    schema
}

fn object(keys: &[Key]) -> Value {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|key| (key.name.to_owned(), property(key)))
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn property(key: &Key) -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    let mut schema = match key.kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Roles => json!({
            "type": "array",
            "items": { "type": "string", "minLength": 1, "pattern": "[^+]$" },
        }),
        Kind::Globs => json!({ "type": "array", "items": text }),
        Kind::Severities => json!({
            "type": "object",
            "properties": severities(),
            "additionalProperties": false,
        }),
        Kind::Path => text,
        Kind::PathOrFalse => json!({ "anyOf": [text, { "const": false }] }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Object(keys) => object(keys),
    };
    if let Value::Object(schema) = &mut schema {
        schema.insert("description".into(), plain(key.doc).into());
        schema.insert("markdownDescription".into(), key.doc.into());
        schema.extend(key.default.json().map(|value| ("default".into(), value)));
    }
    schema
}

/// A property for every rule, with what the rule reports.
fn severities() -> Map<String, Value> {
    codes::all()
        .iter()
        .map(|code| {
            let schema = json!({
                "enum": SEVERITIES,
                "default": code.severity,
                "description": plain(&code.summary()),
                "markdownDescription": code.summary(),
            });
            (code.code.to_owned(), schema)
        })
        .collect()
}

/// Markdown as plain text: no key uses more of it than code spans.
fn plain(doc: &str) -> String {
    doc.replace('`', "")
}

/// The page of the settings, in Markdown.
pub fn page() -> String {
    let mut page = String::from(
        "# quickback-realtime.json\n\n\
         The settings of a project: JSON with comments, at the project's root. Every key may be left out.\n\
         A mistake in it is a finding in that file. `quickback-realtime init` writes one.\n\n\
         <!-- Written from the table of keys in server/src/settings/keys.rs. -->\n",
    );
    rows(&mut page, KEYS, "");
    page
}

fn rows(page: &mut String, keys: &[Key], prefix: &str) {
    for key in keys {
        let name = format!("{prefix}{}", key.name);
        page.push_str(&format!("\n## `{name}`\n\n{}\n\n", key.doc));
        page.push_str(&format!("It is {}", key.kind.expected()));
        if let Some(default) = key.default.json() {
            page.push_str(&format!("; the default is `{default}`"));
        }
        page.push_str(&format!(". For example: `{}`\n", key.example));
        if let Kind::Severities = key.kind {
            let severities = SEVERITIES.map(|s| format!("`{s}`")).join(", ");
            page.push_str(&format!(
                "\nThe keys are rules' codes, the values one of {severities}.\n"
            ));
        }
        if let Kind::Object(keys) = key.kind {
            rows(page, keys, &format!("{name}."));
        }
    }
}
