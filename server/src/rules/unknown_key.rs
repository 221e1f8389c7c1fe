//! `unknown-key`.

use super::edits::Source;
use super::pointing::{did_you_mean, removal, with_fix, with_origin};
use super::suggest::nearest;
use super::{Context, Report, rule};
use crate::diagnostic::Fix;
use crate::project::model::Block;
use crate::project::resolved::Property;
use crate::schema::{self, Schema};

rule! {
    /// Reports a key that a `realtime` block, a masking rule, a `show` clause, an event namespace,
    /// or the options or target of a call does not have.
    ///
    /// ## Why is this bad
    /// A key that nothing reads is silently without effect, so what was meant by it does not
    /// happen. In the options of a call it makes the helper refuse the call.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, onInserted: false },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, onInsert: false },
    ///   embeddings: { fields: ["title"], model: "small" },
    /// });
    /// ```
    RULE = "unknown-key", Error, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for block in &context.model.blocks {
        for property in block.object.properties() {
            if is_unknown(block.schema, property) {
                finding(context, report, block, property);
            }
        }
    }
}

/// Whether a block does not have this key. `scopeKey` of a target is a rule of its own.
fn is_unknown(schema: &'static Schema, property: &Property) -> bool {
    schema.key(&property.key).is_none()
        && !(*schema == schema::TARGET && property.key == "scopeKey")
}

/// What the organization of a target is called elsewhere.
const ORGANIZATIONS: [&str; 4] = ["org", "orgId", "organization", "organisation"];

/// The one of these keys of a block that a key which it does not have most likely means.
fn meant(
    schema: &'static Schema,
    key: &str,
    keys: impl Iterator<Item = &'static str> + Clone,
) -> Option<&'static str> {
    let named_elsewhere = || {
        let is_organization = *schema == schema::TARGET && ORGANIZATIONS.contains(&key);
        keys.clone()
            .find(|key| is_organization && *key == "organizationId")
    };
    nearest(key, keys.clone()).or_else(named_elsewhere)
}

/// Whether a key of the block is a misspelling of `missing`: then that is what is wrong, and not
/// that `missing` is not there.
pub fn is_misspelled(schema: &'static Schema, block: &[&Property], missing: &str) -> bool {
    block.iter().any(|p| {
        schema.key(&p.key).is_none()
            && meant(schema, &p.key, schema.keys.iter().map(|k| k.name)) == Some(missing)
    })
}

fn finding(context: &Context<'_>, report: &mut Report<'_>, block: &Block, property: &Property) {
    let key = &property.key;
    let schema = block.schema;
    let free = schema
        .keys
        .iter()
        .map(|k| k.name)
        .filter(|name| block.object.last(name).is_none());
    let suggestion = meant(schema, key, free);
    let narrows = *schema == schema::CALL_OPTIONS || *schema == schema::TARGET;
    let effect = if narrows {
        "the call is refused and nothing is sent"
    } else {
        "it has no effect"
    };
    let mut finding = report.finding(
        property.key_span,
        format!(
            "\"{key}\" is not a key of {}, so {effect}.{}",
            schema.name,
            did_you_mean(suggestion)
        ),
    );
    let known: Vec<String> = schema
        .keys
        .iter()
        .map(|k| format!("`{}`", k.name))
        .collect();
    if suggestion.is_none() {
        finding = finding.with_help(format!("Its keys are {}.", known.join(", ")));
    }
    finding = with_origin(finding, context, property.key_origin, &format!("\"{key}\""));
    let rename = suggestion
        .filter(|_| property.key_origin.file == context.file)
        .map(|new| {
            // `{ enable }` stands for `{ enable: enable }`, and the value must stay.
            let is_shorthand = property.origin.span == property.key_origin.span;
            let text = if is_shorthand {
                format!("{new}: {key}")
            } else {
                new.to_owned()
            };
            Fix {
                title: format!("Change to \"{new}\""),
                safe: false,
                edits: vec![Source::of(context).replace(property.key_origin.span, text)],
            }
        });
    finding = with_fix(finding, rename);
    // Without what was to narrow it, a call that is refused now would be everybody's.
    if !narrows {
        let title = format!("Remove \"{key}\"");
        finding = with_fix(finding, removal(context, property.origin, title));
    }
    report.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, claims};

    #[test]
    fn reports_keys_of_every_block() {
        check(
            &(claims(
                r#"masking: { email: { type: 'email', shown: {}, show: { role: ['admin'] } } },
                                 //^^^^^ error: "shown" is not a key of a masking rule, so it has no effect.
                                                    //^^^^ error: "role" is not a key of a show clause, so it has no effect. Did you mean "roles"?
realtime: { enabled: true, onInserted: true, zzz: 1 },
                         //^^^^^^^^^^ error: "onInserted" is not a key of a realtime block, so it has no effect. Did you mean "onInsert"?
                                           //^^^ error: "zzz" is not a key of a realtime block, so it has no effect."#,
            ) + r#"//- quickback/services/realtime/ingest.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'ingest', events: ['a'], 'descripton': 'x' });
                                                              //^^^^^^^^^^ error: "descripton" is not a key of an event namespace, so it has no effect. Did you mean "description"?
//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, r) => createRealtime(env).insert('claims', r, { organizationId: org, user: 1, scopeKey: 'x' }, { targetRole: ['admin'] });
                                                                                                 //^^^^ error: "user" is not a key of a target, so the call is refused and nothing is sent.
                                                                                                                             //^^^^^^^^^^ error: "targetRole" is not a key of the options of a broadcast, so the call is refused and nothing is sent. Did you mean "targetRoles"?
"#),
            "unknown-key",
        );
    }

    #[test]
    fn asks_for_the_organization_where_a_key_means_it() {
        check(
            r#"//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, r) => {
  createRealtime(env).insert('claims', r, { orgId: org });
                                          //^^^^^ error: "orgId" is not a key of a target, so the call is refused and nothing is sent. Did you mean "organizationId"?
  createRealtime(env).insert('claims', r, { account: org });
                                          //^^^^^^^ error: "account" is not a key of a target, so the call is refused and nothing is sent.
  createRealtime(env).insert('claims', r, org, { orgId: org });
                                               //^^^^^ error: "orgId" is not a key of the options of a broadcast, so the call is refused and nothing is sent.
};
"#,
            "unknown-key",
        );
    }

    #[test]
    fn is_silent_on_known_keys_and_on_other_blocks() {
        check_silent(
            &claims(
                "masking: { email: { type: 'email', query: { x: 1 }, mask: (v) => v, show: { roles: ['admin'], or: 'owner' } } },
embeddings: { onInserted: 1 }, anything: { zzz: 1 },
realtime: { ...someBase, enabled: true, onInsert: true, onUpdate: true, onDelete: true, requiredRoles: ['member'], fields: ['id'] },",
            ),
            "unknown-key",
        );
    }

    #[test]
    fn renames_a_misspelling() {
        check_fix(
            &claims("realtime: { \"enable\": true },"),
            "unknown-key",
            "realtime: { \"enabled\": true },",
        );
        check_fix(
            &claims("realtime: { enable },"),
            "unknown-key",
            "realtime: { enabled: enable },",
        );
    }

    #[test]
    fn removes_what_is_close_to_nothing_that_is_free() {
        check_fix(
            &claims("realtime: { enabled: true, enable: true },"),
            "unknown-key",
            "realtime: { enabled: true },",
        );
    }
}
