//! `unresolved-value`.

use super::delivery::table_name;
use super::{Context, Report, rule};
use crate::project::layout::Role;
use crate::project::model::{MaskRule, Namespace, Setting, Table};
use crate::project::resolved::{Kind, List};
use crate::span::{FileId, Span};

rule! {
    /// Reports a value that decides who receives what, and that only running the code would tell.
    ///
    /// ## Why is this bad
    /// What is sent is generated from the text of the definitions. Where that does not say for
    /// certain what is meant, nothing is sent rather than too much: the table is generated as off,
    /// and a namespace is left out. Literals, constants, spreads and imports of them are followed.
    /// A constant whose object or list is changed after it was made, as by `masking.email = ...`,
    /// `roles.push(...)` or `Object.assign(options, ...)`, is not known either.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: process.env.REALTIME === "on" },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// const ROLES = ["admin", "member"] as const;
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, requiredRoles: [...ROLES, "owner"] },
    /// });
    /// ```
    RULE = "unresolved-value", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for table in &context.model.tables {
        let name = table_name(table);
        let effect = format!("so realtime of {name} is generated as off");
        push_all(context, report, &of_table(table), &effect);
    }
    for namespace in &context.model.namespaces {
        // One that is never picked up is reported as that.
        if namespace.is_default_export && context.project.role(context.file) == Role::Service {
            let effect = "so this namespace is left out of the helper";
            push_all(context, report, &of_namespace(namespace), effect);
        }
    }
}

fn push_all(context: &Context<'_>, report: &mut Report<'_>, spans: &[Span], effect: &str) {
    // A value may come from a file that is half-typed; nothing is generated until it parses.
    let is_half_typed = |file: &FileId| {
        let facts = context.project.facts(*file);
        facts.is_some_and(|facts| !facts.errors.is_empty())
    };
    if context.model.visited.iter().any(is_half_typed) {
        return;
    }
    for span in spans {
        // What does not parse is said once, and better, by `syntax-error`.
        let broken = context
            .facts
            .errors
            .iter()
            .any(|e| span.touches(e.start) || e.touches(span.start));
        if broken {
            continue;
        }
        let message = format!("This value is not known until the code runs, {effect}.");
        let finding = report.finding(*span, message);
        let mut changed = context.model.changed.iter();
        report.push(match changed.find(|(name, _)| span.contains(*name)) {
            Some((_, at)) => finding
                .with_related(*at, "What the constant holds is changed here")
                .with_help("Write all of it where the constant is made: what is changed later is not followed."),
            None => finding.with_help("Write a literal here, or a constant that is one."),
        });
    }
}

/// Where a table's delivery depends on something that could not be followed.
fn of_table(table: &Table) -> Vec<Span> {
    let mut spans = Vec::new();
    unknown(&table.realtime, &mut spans);
    unknown(&table.options, &mut spans);
    // A table that is off for certain sends nothing, whatever else it says.
    let Some(block) = table.block().filter(|b| b.enabled.or(false) != Some(false)) else {
        return spans;
    };
    for setting in [
        &block.enabled,
        &block.on_insert,
        &block.on_update,
        &block.on_delete,
    ] {
        unknown(setting, &mut spans);
    }
    for setting in [&block.required_roles, &block.fields] {
        list(setting, &mut spans);
    }
    unknown(&table.masking, &mut spans);
    if let Some(masking) = table.masking.known() {
        spans.extend(masking.value.unresolved);
        for rule in &masking.value.rules {
            mask(rule, &mut spans);
        }
    }
    spans
}

fn mask(rule: &MaskRule, spans: &mut Vec<Span>) {
    let before = spans.len();
    unknown(&rule.kind, spans);
    list(&rule.roles, spans);
    unknown(&rule.or_owner, spans);
    let is_invalid = matches!(rule.kind, Setting::Invalid(_))
        || matches!(rule.roles, Setting::Invalid(_))
        || matches!(rule.or_owner, Setting::Invalid(_));
    // A rule that is not whole and not wrong holds a spread that may say anything.
    let is_missing = rule.kind.is_absent();
    if spans.len() == before && !rule.whole && !is_invalid && !is_missing {
        spans.push(rule.span);
    }
}

/// Where a namespace depends on something that could not be followed.
fn of_namespace(namespace: &Namespace) -> Vec<Span> {
    let mut spans = Vec::new();
    unknown(&namespace.options, &mut spans);
    unknown(&namespace.name, &mut spans);
    list(&namespace.events, &mut spans);
    spans
}

fn unknown<T>(setting: &Setting<T>, spans: &mut Vec<Span>) {
    if let Setting::Unknown(span) = setting {
        spans.push(*span);
    }
}

fn list(setting: &Setting<List>, spans: &mut Vec<Span>) {
    unknown(setting, spans);
    if let Setting::Known(known) = setting {
        spans.extend(known.value.unresolved.iter());
        let entries = known.value.items.iter();
        spans.extend(entries.filter(|i| is_unresolved(&i.kind)).map(|i| i.span));
    }
}

fn is_unresolved(kind: &Kind) -> bool {
    matches!(kind, Kind::Unknown | Kind::Builder(_))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_silent, claims, fixture};

    #[test]
    fn points_at_every_expression_that_delivery_depends_on() {
        check(
            &(claims(
                r#"masking: { email: { type: kindOf('x'), show: { roles: [...STAFF] } }, ...shared },
                        //^^^^^^^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off.
                                                        //^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off.
                                                                       //^^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off.
realtime: { enabled: true, onInsert: !QUIET, requiredRoles: ['admin', roleOf('x')], fields: FIELDS },
                                   //^^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off.
                                                                    //^^^^^^^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off.
                                                                                          //^^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off."#,
            ) + r#"//- quickback/features/other.ts
import { feature, q } from '@quickback/compiler';
export default feature('other', { columns: { id: q.id() }, realtime: settings() });
                                                                   //^^^^^^^^^^ warning: This value is not known until the code runs, so realtime of "other" is generated as off.
//- quickback/services/realtime/ingest.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: nameOf(1), events: ['a', ...more], description: text() });
                                    //^^^^^^^^^ warning: This value is not known until the code runs, so this namespace is left out of the helper.
                                                                //^^^^ warning: This value is not known until the code runs, so this namespace is left out of the helper.
"#),
            "unresolved-value",
        );
    }

    #[test]
    fn says_where_a_constant_is_changed() {
        let fixture = fixture(
            "//- quickback/features/claims.ts
import { feature, q } from '@quickback/compiler';
import { roles } from './roles';
const masking = {};
masking['email'] = { type: 'redact' };
export default feature('claims', { columns: { id: q.id() }, masking, realtime: { enabled: true, requiredRoles: [...roles] } });
//- quickback/features/roles.ts
export const roles = ['admin'];
roles.push('editor');
",
        );
        let found = crate::rules::check(
            &fixture.project,
            fixture.file("quickback/features/claims.ts"),
        );
        let found = found.iter().filter(|d| d.code == "unresolved-value");
        let found: Vec<_> = found
            .map(|d| {
                let related = d.related.first().expect("it says where");
                let place = fixture.project.relative(related.place.file);
                let at = fixture.project.text(related.place);
                format!("{} at {place}: {at}", related.message)
            })
            .collect();
        assert_eq!(
            found,
            [
                "What the constant holds is changed here at quickback/features/claims.ts: masking['email']",
                "What the constant holds is changed here at quickback/features/roles.ts: roles.push",
            ]
        );
    }

    #[test]
    fn is_silent_on_what_is_followed_or_does_not_matter() {
        check_silent(
            &(claims("crud: someCrud(), firewall: wall(), masking: { email: { type: 'email', query: q1(), mask: (v) => v } },
realtime: { enabled: true, requiredRoles: ['admin'] },")
                + r#"//- quickback/features/off.ts
import { feature, q } from '@quickback/compiler';
import { FIELDS } from './shared';
export default feature('off', { columns: { id: q.id(), ...more }, masking: rules(), realtime: { enabled: false, fields: list() } });
export const on = feature('on', { columns: { id: q.id() }, realtime: { enabled: FIELDS.length, fields: FIELDS, enabled: true } });
//- quickback/features/shared.ts
export const FIELDS = ['id'] as const;
"#),
            "unresolved-value",
        );
    }

    #[test]
    fn what_a_getter_answers_is_not_known() {
        check(
            &claims(
                r#"realtime: { enabled: true, get fields() { return ['id']; } },
                         //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off."#,
            ),
            "unresolved-value",
        );
        check_silent(
            &claims("realtime: { enabled: true, get fields() { return ['id']; } },"),
            "invalid-value",
        );
    }

    #[test]
    fn leaves_broken_code_to_the_syntax_error() {
        check_silent(
            &claims("realtime: { enabled: true, requiredRoles: ['admin' editor], onInsert: , },"),
            "unresolved-value",
        );
    }
}
