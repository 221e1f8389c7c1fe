//! `invalid-value`.

use super::edits::Source;
use super::pointing::{range, with_fix, with_origin};
use super::suggest::nearest;
use super::{Context, Report, rule};
use crate::diagnostic::Fix;
use crate::project::model::Setting;
use crate::project::resolved::{Kind, Object, Property, Resolved};
use crate::schema::{self, Key, KeyKind};

rule! {
    /// Reports a value of the wrong type.
    ///
    /// ## Why is this bad
    /// The compiler expects values of certain types. `enabled: "false"` is a text, and a text is
    /// true in JavaScript; a list of one string is not that string. Nothing is generated until it
    /// is right.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: "yes", fields: "id" },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, fields: ["id"] },
    /// });
    /// ```
    RULE = "invalid-value", Error, check;
}

static REALTIME: Key = Key {
    name: "realtime",
    kind: KeyKind::Object(&schema::REALTIME),
    default: "off when absent",
    doc: "",
    required: false,
};

static MASKING: Key = Key {
    name: "masking",
    kind: KeyKind::ByColumn(&schema::MASK_RULE),
    default: "none",
    doc: "",
    required: false,
};

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    let mut check = Check { context, report };
    for table in &context.model.tables {
        if let Some(options) = table.options.known() {
            check.property(&options.value, &REALTIME, false);
            check.property(&options.value, &MASKING, false);
        }
    }
    for block in &context.model.blocks {
        let narrows = *block.schema == schema::CALL_OPTIONS || *block.schema == schema::TARGET;
        for key in block.schema.keys {
            check.property(&block.object, key, narrows);
        }
    }
    for namespace in &context.model.namespaces {
        check.argument(&namespace.options, "A namespace is defined by an object");
    }
    for call in &context.model.calls {
        check.argument(&call.options, "The options of a call are an object");
    }
}

struct Check<'a, 'c, 'r> {
    context: &'a Context<'c>,
    report: &'a mut Report<'r>,
}

impl Check<'_, '_, '_> {
    /// Judges the value that counts for a key. Where the key narrows who receives an event, one
    /// that is there and says nothing sends nothing.
    fn property(&mut self, object: &Object, key: &Key, narrows: bool) {
        let Some(property) = object.last(key.name) else {
            return;
        };
        if property.value.is_unknown() {
            return;
        }
        if narrows && property.value.kind == Kind::Undefined {
            return self.wrong(property, key, narrows);
        }
        if property.value.kind == Kind::Undefined {
            return;
        }
        match key.kind {
            KeyKind::Columns | KeyKind::Roles | KeyKind::ShowRoles | KeyKind::Events => {
                self.list(property, key, narrows);
            }
            KeyKind::ByColumn(_) => match property.value.as_object() {
                Some(rules) => {
                    for rule in rules.properties() {
                        self.mask_rule(rule);
                    }
                }
                None => self.wrong(property, key, narrows),
            },
            _ if fits(key.kind, &property.value) => {}
            _ => self.wrong(property, key, narrows),
        }
    }

    fn mask_rule(&mut self, rule: &Property) {
        let value = &rule.value;
        if value.as_object().is_some() || value.is_unknown() || value.kind == Kind::Undefined {
            return;
        }
        let message = format!(
            "The masking rule for \"{}\" must be an object such as {{ type: \"redact\" }}, not {}.",
            rule.key,
            noun(&value.kind)
        );
        self.push(value, message, None);
    }

    fn list(&mut self, property: &Property, key: &Key, narrows: bool) {
        let Kind::List(list) = &property.value.kind else {
            return self.wrong(property, key, narrows);
        };
        for entry in list.items.iter() {
            let entries = match key.kind {
                KeyKind::Columns => "columns",
                KeyKind::Events => "events",
                _ => "roles",
            };
            match &entry.kind {
                // An empty event is a matter of `invalid-event`.
                Kind::String(text) if text.is_empty() && key.kind != KeyKind::Events => {
                    let one = entries.strip_suffix('s').unwrap_or(entries);
                    let name = key.name;
                    self.push(
                        entry,
                        format!("An empty string in \"{name}\" is the name of no {one}."),
                        None,
                    );
                }
                Kind::String(_) => {}
                _ if entry.is_unknown() => {}
                other => {
                    let message = format!(
                        "\"{}\" lists names of {entries}, and {} is none.",
                        key.name,
                        noun(other)
                    );
                    self.push(entry, message, None);
                }
            }
        }
    }

    fn wrong(&mut self, property: &Property, key: &Key, narrows: bool) {
        let value = &property.value;
        let found = noun(&value.kind);
        let message = match value.as_str() {
            Some(text) if key.kind == KeyKind::Owner => {
                format!("\"or\" can only be \"owner\", not \"{text}\".")
            }
            _ if narrows => {
                format!(
                    "\"{}\" must be {}, not {}: this is refused, and nobody receives the event.",
                    key.name,
                    wanted(key.kind),
                    match &value.kind {
                        Kind::String(text) if text.is_empty() => "an empty string",
                        _ => found,
                    }
                )
            }
            _ => format!(
                "\"{}\" must be {}, not {found}.",
                key.name,
                wanted(key.kind)
            ),
        };
        let fix = self.mended(value, key.kind);
        self.push(value, message, fix);
    }

    /// What the value most likely means, written in the right type.
    fn mended(&self, value: &Resolved, kind: KeyKind) -> Option<Fix> {
        if value.origin.file != self.context.file {
            return None;
        }
        let source = Source::of(self.context);
        let text = value.as_str()?;
        let (title, new) = match kind {
            KeyKind::Boolean if matches!(text, "true" | "false") => {
                (format!("Change to {text}"), text.to_owned())
            }
            KeyKind::Columns | KeyKind::Roles | KeyKind::ShowRoles | KeyKind::Events
                if !text.is_empty() =>
            {
                let literal = self.context.text(value.origin.span);
                ("Wrap in a list".to_owned(), format!("[{literal}]"))
            }
            KeyKind::Owner => {
                let new = nearest(text, ["owner"])?;
                let literal = source.string(value.origin.span, new);
                (format!("Change to \"{new}\""), literal)
            }
            _ => return None,
        };
        Some(Fix {
            title,
            safe: false,
            edits: vec![source.replace(value.origin.span, new)],
        })
    }

    fn argument(&mut self, setting: &Setting<Object>, what: &str) {
        if let Setting::Invalid(span) = setting {
            let finding = self.report.finding(*span, format!("{what}, not this."));
            self.report.push(finding);
        }
    }

    fn push(&mut self, value: &Resolved, message: String, fix: Option<Fix>) {
        let finding = self.report.finding(range(value), message);
        let finding = with_origin(finding, self.context, value.origin, "The value");
        self.report.push(with_fix(finding, fix));
    }
}

fn fits(kind: KeyKind, value: &Resolved) -> bool {
    match kind {
        KeyKind::Boolean => matches!(value.kind, Kind::Bool(_)),
        // A string that names no mask is a matter of `unknown-mask-type`.
        KeyKind::String | KeyKind::MaskType => value.as_str().is_some(),
        KeyKind::Owner => value.as_str() == Some("owner"),
        KeyKind::Id => value.as_str().is_some_and(|id| !id.is_empty()),
        KeyKind::Function => matches!(value.kind, Kind::Function(_)),
        KeyKind::Object(_) | KeyKind::ByColumn(_) => value.as_object().is_some(),
        KeyKind::Columns | KeyKind::Roles | KeyKind::ShowRoles | KeyKind::Events => {
            matches!(value.kind, Kind::List(_))
        }
        KeyKind::Any => true,
    }
}

fn wanted(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Boolean => "true or false",
        KeyKind::String => "a string",
        KeyKind::Columns => "a list of columns",
        KeyKind::Roles | KeyKind::ShowRoles => "a list of roles",
        KeyKind::Events => "a list of event names",
        KeyKind::MaskType => "the name of a mask",
        KeyKind::Owner => "\"owner\"",
        KeyKind::Id => "an id",
        KeyKind::Function => "a function",
        KeyKind::Object(_) => "an object",
        KeyKind::ByColumn(_) => "an object with a rule for each column",
        KeyKind::Any => "anything",
    }
}

fn noun(kind: &Kind) -> &'static str {
    match kind {
        Kind::String(_) => "a string",
        Kind::Number => "a number",
        Kind::Bool(_) => "a boolean",
        Kind::Null => "null",
        Kind::Undefined => "undefined",
        Kind::List(_) => "a list",
        Kind::Object(_) => "an object",
        Kind::Function(_) => "a function",
        Kind::Builder(_) | Kind::Unknown | Kind::Broken => "this",
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, check_unfixable, claims};

    #[test]
    fn reports_values_of_wrong_types() {
        check(
            &(claims(
                r#"masking: {
  email: 'email',
        //^^^^^ error: The masking rule for "email" must be an object such as { type: "redact" }, not a string.
  title: { type: 7, mask: 'x', show: [] },
               //^ error: "type" must be the name of a mask, not a number.
                         //^ error: "mask" must be a function, not a string.
                                   //^^ error: "show" must be an object, not a list.
  org: { type: 'name', show: { roles: 'admin', or: 'user' } },
                                     //^^^^^ error: "roles" must be a list of roles, not a string.
                                                  //^^^^ error: "or" can only be "owner", not "user".
},
realtime: { enabled: 'yes', onInsert: 1, requiredRoles: [1, '', 'admin', null], fields: 'id' },
                    //^^^ error: "enabled" must be true or false, not a string.
                                    //^ error: "onInsert" must be true or false, not a number.
                                                       //^ error: "requiredRoles" lists names of roles, and a number is none.
                                                          //^^ error: An empty string in "requiredRoles" is the name of no role.
                                                                       //^^^^ error: "requiredRoles" lists names of roles, and null is none.
                                                                                       //^^ error: "fields" must be a list of columns, not a string."#,
            ) + r#"//- quickback/features/off.ts
import { feature, q } from '@quickback/compiler';
export default feature('off', { columns: { id: q.id() }, realtime: true, masking: [] });
                                                                 //^^^^ error: "realtime" must be an object, not a boolean.
                                                                                //^^ error: "masking" must be an object with a rule for each column, not a list.
//- quickback/services/realtime/ingest.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 7, events: 'started', description: [] });
                                    //^ error: "name" must be a string, not a number.
                                                //^^^^^^^ error: "events" must be a list of event names, not a string.
                                                                       //^^ error: "description" must be a string, not a list.
//- quickback/services/realtime/other.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime('other');
                            //^^^^^^^ error: A namespace is defined by an object, not this.
//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, r) => {
  void createRealtime(env).insert('claims', r, org, { targetRoles: 'admin', maskingConfig: { email: true } });
                                                                  //^^^^^ error: "targetRoles" must be a list of roles, not a string: this is refused, and nobody receives the event.
                                                                                                  //^^^^ error: The masking rule for "email" must be an object such as { type: "redact" }, not a boolean.
  void createRealtime(env).insert('claims', r, org, 'userId');
                                                  //^^^^^^^^ error: The options of a call are an object, not this.
};
"#),
            "invalid-value",
        );
    }

    #[test]
    fn says_what_a_list_is_of() {
        check(
            &(claims(
                r#"realtime: { enabled: true, fields: ['id', 1] },
                                        //^ error: "fields" lists names of columns, and a number is none."#,
            ) + r#"//- quickback/services/realtime/ingest.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'ingest', events: ['a', 1] });
                                                            //^ error: "events" lists names of events, and a number is none.
"#),
            "invalid-value",
        );
    }

    #[test]
    fn is_silent_on_what_is_right_absent_or_not_known() {
        check_silent(
            &claims(
                "masking: { email: undefined, title: someRule(), ...more },
realtime: { enabled: undefined, onInsert: process.env.X === 'y', onUpdate: !flag, requiredRoles: ROLES, fields: ['id', columnName(), `title`] },",
            ),
            "invalid-value",
        );
    }

    #[test]
    fn judges_only_the_value_that_counts() {
        check_silent(
            &claims("realtime: { enabled: 'no', enabled: true },"),
            "invalid-value",
        );
    }

    #[test]
    fn mends_what_can_only_mean_one_thing() {
        check_fix(
            &claims("realtime: { enabled: 'true' },"),
            "invalid-value",
            "realtime: { enabled: true },",
        );
        check_fix(
            &claims("realtime: { enabled: true, requiredRoles: 'admin' },"),
            "invalid-value",
            "requiredRoles: ['admin'] },",
        );
        check_fix(
            &claims("masking: { title: { type: 'name', show: { or: 'Owner' } } },"),
            "invalid-value",
            "show: { or: 'owner' }",
        );
        // What these mean is anybody's guess.
        for realtime in ["enabled: 'yes'", "enabled: true, fields: ''"] {
            check_unfixable(
                &claims(&format!("realtime: {{ {realtime} }},")),
                "invalid-value",
            );
        }
    }

    #[test]
    fn names_the_place_in_another_file() {
        check(
            r#"//- quickback/features/claims.ts
import { feature, q } from '@quickback/compiler';
import { ON } from './shared';
export default feature('claims', { columns: { id: q.id() }, realtime: { enabled: ON } });
                                                                               //^^ error: "enabled" must be true or false, not a string.
//- quickback/features/shared.ts
export const ON = 'true';
"#,
            "invalid-value",
        );
    }

    #[test]
    fn a_narrowing_that_is_there_must_be_usable() {
        check(
            "//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = async (ctx, id) => {
  const realtime = createRealtime(ctx.env);
  await realtime.broadcast('x', {}, ctx.org, { userId: undefined });
                                                     //^^^^^^^^^ error: \"userId\" must be an id, not undefined: this is refused, and nobody receives the event.
  await realtime.broadcast('x', {}, { organizationId: ctx.org, userId: 42 });
                                                                     //^^ error: \"userId\" must be an id, not a number: this is refused, and nobody receives the event.
  await realtime.broadcast('x', {}, { organizationId: '' });
                                                    //^^ error: \"organizationId\" must be an id, not an empty string: this is refused, and nobody receives the event.
  await realtime.broadcast('x', {}, { organizationId: ctx.org, userId: id }, { targetRoles: ['admin'] });
};
",
            "invalid-value",
        );
    }
}
