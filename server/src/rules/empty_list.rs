//! `empty-list`.

use super::pointing::{key_removal, owner_span, with_fix, with_origin};
use super::{Context, Report, rule};
use crate::project::model::Block;
use crate::project::resolved::{Kind, Lookup, Property};
use crate::schema;

rule! {
    /// Reports a list with nothing in it: `fields`, `requiredRoles`, the `events` of a namespace,
    /// or the `targetRoles` of a call.
    ///
    /// ## Why is this bad
    /// An empty list is not the same as none. Without `fields` every column is sent, with
    /// `fields: []` nothing of the record. Without `requiredRoles` every member receives, with
    /// `requiredRoles: []` nobody does.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, requiredRoles: [] },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true },
    /// });
    /// ```
    RULE = "empty-list", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for block in &context.model.blocks {
        for key in block.schema.keys {
            let Lookup::Found(property) = block.object.get(key.name) else {
                continue;
            };
            let Kind::List(list) = &property.value.kind else {
                continue;
            };
            if list.items.is_empty() && list.is_whole() {
                finding(context, report, block, property);
            }
        }
    }
}

fn finding(context: &Context<'_>, report: &mut Report<'_>, block: &Block, property: &Property) {
    let is_table = *block.schema == schema::REALTIME;
    let message = match property.key.as_str() {
        "fields" if is_table => "An empty \"fields\" sends nothing of the record.",
        "requiredRoles" if is_table => {
            "An empty \"requiredRoles\" matches nobody, so nobody receives an event."
        }
        "events" => "A namespace without events has nothing to send.",
        "targetRoles" => "An empty \"targetRoles\" matches nobody, so the call is refused.",
        // A mask with `roles: []` is shown to nobody, which may well be meant.
        _ => return,
    };
    let finding = report.finding(property.value.span, message);
    let finding = with_origin(finding, context, property.value.origin, "The list");
    let title = match property.key.as_str() {
        "fields" => Some("Remove \"fields\": every column is sent"),
        "requiredRoles" => Some("Remove \"requiredRoles\": every member receives"),
        "targetRoles" => Some("Remove \"targetRoles\": the table alone says who receives"),
        _ => None,
    };
    let whole = owner_span(context, block);
    let fix = whole
        .zip(title)
        .and_then(|(whole, title)| key_removal(context, whole, property.origin, title));
    report.push(with_fix(finding, fix));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, check_unfixable, claims};

    #[test]
    fn reports_lists_that_mean_nobody_or_nothing() {
        check(
            &(claims(
                r#"realtime: { requiredRoles: [], fields: [ ] },
                         //^^ warning: An empty "requiredRoles" matches nobody, so nobody receives an event.
                                     //^^^ warning: An empty "fields" sends nothing of the record."#,
            ) + r#"//- quickback/services/realtime/ticker.ts
import { defineRealtime } from '@quickback/compiler';
const NONE = [] as const;
           //^^ warning: A namespace without events has nothing to send.
export default defineRealtime({ name: 'ticker', events: NONE });
//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, r) => createRealtime(env).insert('claims', r, org, { targetRoles: [] });
                                                                                              //^^ warning: An empty "targetRoles" matches nobody, so the call is refused.
"#),
            "empty-list",
        );
    }

    #[test]
    fn is_silent_on_lists_that_hold_something_or_may() {
        check_silent(
            &claims(
                "masking: { email: { type: 'email', show: { roles: [] } } },
realtime: { enabled: true, requiredRoles: [...more], fields: [''] },",
            ),
            "empty-list",
        );
    }

    #[test]
    fn is_silent_on_keys_that_mean_nothing_there() {
        check_silent(
            "//- quickback/services/realtime/x.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'x', events: ['a'], fields: [], requiredRoles: [] });
",
            "empty-list",
        );
    }

    #[test]
    fn keeps_a_key_behind_which_another_would_count() {
        for realtime in [
            "realtime: { enabled: true, fields: ['id'], fields: [] },",
            "realtime: { ...base, fields: [] },",
        ] {
            let base = "const base = { enabled: true, fields: [] };\n";
            check_unfixable(&(claims(realtime) + base), "empty-list");
        }
    }

    #[test]
    fn removes_the_key() {
        check_fix(
            &claims("realtime: {\n  enabled: true,\n  fields: [],\n},"),
            "empty-list",
            "realtime: {\n  enabled: true,\n},",
        );
        check_fix(
            &(claims("realtime: { enabled: true },")
                + "//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, r) => createRealtime(env).insert('claims', r, org, { targetRoles: [], old: r });
"),
            "empty-list",
            "org, { old: r });",
        );
        // Which of the others counts changes nothing for this one.
        check_fix(
            &claims("realtime: { enabled: false, enabled: true, fields: [] },"),
            "empty-list",
            "realtime: { enabled: false, enabled: true },",
        );
    }
}
