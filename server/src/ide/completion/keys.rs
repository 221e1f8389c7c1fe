//! The keys of configuration objects, and values that are not lists.

use super::write::snippet_text;
use super::{At, Completion, CompletionKind};
use crate::ide::region::Subject;
use crate::schema::{self, CALL_MASK_RULE, Key, KeyKind, MASK_TYPES, Schema};

impl At<'_> {
    /// The keys of a schema that the object around the cursor does not have yet.
    pub(super) fn keys(&self, schema: &'static Schema) -> Vec<Completion> {
        let taken = self.taken_keys();
        schema
            .keys
            .iter()
            .enumerate()
            .filter(|(_, key)| !taken.contains(&key.name))
            .map(|(rank, key)| {
                let value = self.value_snippet(key);
                let mut completion = self.key(key.name, CompletionKind::Key, &value, rank);
                completion.detail = Some(key.kind.type_text().to_owned());
                completion.documentation = Some(key_documentation(key));
                completion
            })
            .collect()
    }

    /// The keys of the object around the cursor, without the one that is being typed.
    pub(super) fn taken_keys(&self) -> Vec<&str> {
        let own = self.cursor.replace(self.offset);
        self.cursor
            .innermost()
            .map(|frame| frame.keys.as_slice())
            .unwrap_or_default()
            .iter()
            .filter(|key| key.span.start != own.start)
            .map(|key| key.text.as_str())
            .collect()
    }

    /// What is written after a key's colon.
    fn value_snippet(&self, key: &Key) -> String {
        let text = self.quoted_snippet("$1");
        match key.kind {
            KeyKind::Boolean if key.name == "enabled" => "${1:true}".to_owned(),
            // What is not the default is what one writes it for.
            KeyKind::Boolean => "${1:false}".to_owned(),
            KeyKind::String | KeyKind::MaskType => text,
            KeyKind::Columns | KeyKind::Roles | KeyKind::ShowRoles | KeyKind::Events => {
                format!("[{text}]")
            }
            KeyKind::Owner => self.quoted_snippet("owner"),
            KeyKind::Function => "(value) => $1".to_owned(),
            KeyKind::Object(inner) => match inner.keys.iter().find(|key| key.required) {
                Some(first) => format!("{{ {}: $1 }}", first.name),
                None if inner.key("roles").is_some() => format!("{{ roles: [{text}] }}"),
                None => "{ $1 }".to_owned(),
            },
            KeyKind::ByColumn(_) => "{ $1 }".to_owned(),
            KeyKind::Id if key.name == "organizationId" => "${1:ctx.activeOrgId!}".to_owned(),
            KeyKind::Id => "${1:ctx.userId}".to_owned(),
            KeyKind::Any => "$1".to_owned(),
        }
    }

    /// The values of a key.
    pub(super) fn value(&self, key: &'static Key, subject: Subject) -> Option<Vec<Completion>> {
        if !self.cursor.fresh && !self.cursor.in_string() {
            return None;
        }
        let quoted = self.cursor.in_string();
        match key.kind {
            KeyKind::Boolean if !quoted => Some(
                ["true", "false"]
                    .into_iter()
                    .enumerate()
                    .map(|(rank, text)| self.plain(text, CompletionKind::Value, rank))
                    .collect(),
            ),
            KeyKind::MaskType => Some(self.mask_types(key)),
            KeyKind::Owner => {
                let mut owner = self.string("owner", CompletionKind::Value, 0);
                owner.documentation = Some(key.doc.to_owned());
                Some(vec![owner])
            }
            KeyKind::Roles | KeyKind::ShowRoles if !quoted => {
                Some(in_brackets(self.role_items(key.kind)))
            }
            KeyKind::Columns if !quoted => Some(in_brackets(self.field_items(subject))),
            KeyKind::Object(_) if !quoted => {
                let mut object = self.plain("{ … }", CompletionKind::Snippet, 0);
                object.insert = self.value_snippet(key);
                object.is_snippet = true;
                object.documentation = Some(key.doc.to_owned());
                Some(vec![object])
            }
            KeyKind::String if key.name == "name" => self.namespace_name(),
            _ => None,
        }
    }

    /// The name of a namespace, from that of its file.
    fn namespace_name(&self) -> Option<Vec<Completion>> {
        let path = self.project.path(self.file);
        let stem = camel_case(path.file_stem()?.to_str()?);
        let mut completion = self.string(&stem, CompletionKind::Value, 0);
        completion.detail = Some("the file's name".to_owned());
        (!stem.is_empty()).then(|| vec![completion])
    }

    /// The mask types, with an example of each.
    fn mask_types(&self, key: &'static Key) -> Vec<Completion> {
        let of_call = CALL_MASK_RULE.keys.iter().any(|k| std::ptr::eq(k, key));
        MASK_TYPES
            .iter()
            .filter(|(name, ..)| !of_call || *name != "custom")
            .enumerate()
            .map(|(rank, (name, before, after))| {
                let mut completion = self.string(name, CompletionKind::MaskType, rank);
                completion.detail = Some(after.to_string());
                completion.documentation = Some(mask_documentation(name, before, after));
                completion
            })
            .collect()
    }

    /// A whole rule, where the column stands already.
    pub(super) fn mask_rule_value(&self, schema: &'static Schema) -> Option<Completion> {
        if !self.cursor.fresh || self.cursor.in_string() {
            return None;
        }
        let mut rule = self.plain("{ type, show }", CompletionKind::Snippet, 0);
        rule.insert = self.mask_rule("redact", schema);
        rule.is_snippet = true;
        rule.documentation = Some("Masks the column for all but some roles.".to_owned());
        Some(rule)
    }

    /// The snippet of a masking rule.
    pub(super) fn mask_rule(&self, kind: &str, schema: &'static Schema) -> String {
        let types: Vec<&str> = MASK_TYPES
            .iter()
            .map(|(name, ..)| *name)
            .filter(|name| !std::ptr::eq(schema, &schema::CALL_MASK_RULE) || *name != "custom")
            .filter(|name| *name != kind)
            .collect();
        let choice = format!("${{1|{kind},{}|}}", types.join(","));
        format!(
            "{{ type: {}, show: {{ roles: [{}] }} }}",
            self.quoted_snippet(&choice),
            self.quoted_snippet("${2:admin}")
        )
    }
}

/// Items of a list that is not there yet: each one in its own brackets.
fn in_brackets(mut items: Vec<Completion>) -> Vec<Completion> {
    for item in &mut items {
        item.insert = format!("[{}$0]", snippet_text(&item.insert));
        item.is_snippet = true;
    }
    items
}

/// What a key means, its type and what holds without it.
pub(in crate::ide) fn key_documentation(key: &Key) -> String {
    if key.required {
        format!("{}\n\nRequired.", key.doc)
    } else {
        format!("{}\n\nDefault: {}.", key.doc, key.default)
    }
}

/// What a mask does, by an example.
pub(in crate::ide) fn mask_documentation(name: &str, before: &str, after: &str) -> String {
    match name {
        "custom" => format!(
            "Masked by the rule's `mask` function over the API. A function cannot run in a broadcast, where the value is sent as `{after}`."
        ),
        "redact" => format!("Hides the value entirely: `{after}`."),
        _ => format!("`{before}` → `{after}`"),
    }
}

/// A file's name as an identifier: `repair-desk` → `repairDesk`.
fn camel_case(stem: &str) -> String {
    let mut out = String::new();
    let mut upper = false;
    for c in stem.chars() {
        if c.is_alphanumeric() {
            if upper && !out.is_empty() {
                out.extend(c.to_uppercase());
            } else {
                out.push(c);
            }
            upper = false;
        } else {
            upper = true;
        }
    }
    out
}
