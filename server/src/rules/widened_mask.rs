//! `widened-mask`.

use super::calls::enabled_table;
use super::edits::Source;
use super::pointing::unquoted;
use super::role_names::expanded;
use super::{Context, Report, rule};
use crate::diagnostic::{Diagnostic, Fix};
use crate::project::model::{Call, MaskRule, Setting, Table};
use crate::span::{Place, Span};

rule! {
    /// Reports a `maskingConfig` of a call that shows a column to roles, or to the owner, to whom the
    /// table's own rule does not show it.
    ///
    /// ## Why is this bad
    /// Beside an explicit rule of the table, a call can only hide more. Who is added here sees the
    /// mask all the same.
    ///
    /// ## Invalid
    /// ```ts
    /// //- quickback/features/employees.ts
    /// export const employees = q.table("employees", {
    ///   id: q.id(),
    ///   organizationId: q.scope("organization"),
    ///   salary: q.int(),
    /// });
    /// export default defineTable(employees, {
    ///   masking: { salary: { type: "redact", show: { roles: ["admin"] } } },
    ///   realtime: { enabled: true, fields: ["id", "salary"] },
    /// });
    /// //- src/example.ts
    /// export async function raise(env, org, id, salary) {
    ///   await createRealtime(env).update("employees", { id, salary }, { id }, org, {
    ///     maskingConfig: { salary: { type: "redact", show: { roles: ["admin", "member"] } } },
    ///   });
    /// }
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// //- quickback/features/employees.ts
    /// export const employees = q.table("employees", {
    ///   id: q.id(),
    ///   organizationId: q.scope("organization"),
    ///   salary: q.int(),
    /// });
    /// export default defineTable(employees, {
    ///   masking: { salary: { type: "redact", show: { roles: ["admin", "owner"] } } },
    ///   realtime: { enabled: true, fields: ["id", "salary"] },
    /// });
    /// //- src/example.ts
    /// export async function raise(env, org, id, salary) {
    ///   await createRealtime(env).update("employees", { id, salary }, { id }, org, {
    ///     maskingConfig: { salary: { type: "redact", show: { roles: ["admin"] } } },
    ///   });
    /// }
    /// ```
    RULE = "widened-mask", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for call in &context.model.calls {
        let (Some(table), Some(masking)) = (enabled_table(context, call), call.masking.known())
        else {
            continue;
        };
        let rules = &masking.value.rules;
        for (index, rule) in rules.iter().enumerate() {
            // Of a repeated column only the last rule exists.
            let counts = rules
                .iter()
                .skip(index + 1)
                .all(|later| later.column != rule.column);
            if let Some(explicit) = table.mask(&rule.column).filter(|_| counts) {
                compare(context, call, &table, explicit, rule, report);
            }
        }
    }
}

fn compare(
    context: &Context<'_>,
    call: &Call,
    table: &Table,
    explicit: &MaskRule,
    rule: &MaskRule,
    report: &mut Report<'_>,
) {
    let Some(shown) = shown_roles(context, explicit) else {
        return;
    };
    let column = &rule.column;
    let name = super::delivery::table_name(table);
    let report_at = |report: &mut Report<'_>, span: Span, who: String, entry: Option<Span>| {
        let finding = report
            .finding(
                span,
                format!("{name} does not show \"{column}\" to {who}, and a call cannot show more than its table, so they will still see the mask. Remove this, or change the table's `masking`."),
            )
            .with_related(
                Place {
                    file: table.file,
                    span: explicit.column_span,
                },
                format!("the rule of {name} for \"{column}\""),
            );
        report.push(with_removal(context, call, finding, entry));
    };
    if let Some(roles) = rule.roles.known() {
        for entry in roles.value.items.iter() {
            let Some(role) = entry.as_str().filter(|role| !role.is_empty()) else {
                continue;
            };
            let Some(mut meant) = expanded(context, role) else {
                continue;
            };
            if meant.all(|role| shown.contains(&role)) {
                continue;
            }
            let is_here = entry.origin.file == context.file;
            report_at(
                report,
                entry.inner_span(),
                format!("\"{role}\""),
                is_here.then_some(entry.origin.span),
            );
        }
    }
    if let Setting::Known(owner) = &rule.or_owner
        && explicit.or_owner.is_absent()
    {
        let is_here = owner.origin.file == context.file;
        report_at(
            report,
            unquoted(context, owner.span),
            "the record's owner".to_owned(),
            is_here.then_some(owner.origin.span),
        );
    }
}

/// The roles to which the table's rule shows its column; `None` where everybody may see it, or
/// where that cannot be told.
fn shown_roles<'a>(context: &'a Context<'_>, rule: &'a MaskRule) -> Option<Vec<&'a str>> {
    if !rule.whole {
        return None;
    }
    let mut shown = Vec::new();
    if let Some(roles) = rule.roles.known() {
        for role in roles.value.items.iter() {
            let role = role.as_str()?;
            if role == "everyone" {
                return None;
            }
            shown.extend(expanded(context, role)?);
        }
    }
    Some(shown)
}

/// Offers to take the entry out, where it is written in the call itself.
fn with_removal(
    context: &Context<'_>,
    call: &Call,
    finding: Diagnostic,
    entry: Option<Span>,
) -> Diagnostic {
    let removal = entry
        .filter(|entry| call.span.contains(*entry))
        .and_then(|entry| Source::of(context).remove(entry));
    match removal {
        Some(edits) => finding.with_fix(Fix {
            title: "Remove what the table does not show".to_owned(),
            safe: false,
            edits,
        }),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix};

    fn project(masking: &str, config: &str) -> String {
        format!(
            "//- quickback/quickback.config.ts
export default {{ auth: {{ roleHierarchy: ['member', 'editor', 'admin'] }} }};
//- quickback/features/staff.ts
import {{ defineTable, q }} from '@quickback/compiler';
export const staff = q.table('staff', {{ id: q.id(), orgId: q.scope('organization'), userId: q.scope('owner'), email: q.email(), salary: q.int() }});
export default defineTable(staff, {{ masking: {masking}, realtime: {{ enabled: true }} }});
//- src/a.ts
import {{ createRealtime }} from '../lib/realtime';
export const run = async (env, org, record) =>
  createRealtime(env).insert('staff', record, org, {{ maskingConfig: {{
{config}
  }} }});
"
        )
    }

    const ADMIN: &str = "{ salary: { type: 'redact', show: { roles: ['admin'] } } }";

    #[test]
    fn reports_who_is_shown_more() {
        check(
            &project(
                ADMIN,
                r#"    salary: { type: 'redact', show: { roles: ['admin', 'editor'], or: 'owner' } },
                                                      //^^^^^^ warning: "staff" does not show "salary" to "editor", and a call cannot show more than its table, so they will still see the mask. Remove this, or change the table's `masking`.
                                                                     //^^^^^ warning: "staff" does not show "salary" to the record's owner, and a call cannot show more than its table, so they will still see the mask. Remove this, or change the table's `masking`."#,
            ),
            "widened-mask",
        );
        check(
            &project(
                ADMIN,
                r#"    salary: { type: 'redact', show: { roles: ['editor+', 'everyone'] } },
                                             //^^^^^^^ warning: "staff" does not show "salary" to "editor+", and a call cannot show more than its table, so they will still see the mask. Remove this, or change the table's `masking`.
                                                        //^^^^^^^^ warning: "staff" does not show "salary" to "everyone", and a call cannot show more than its table, so they will still see the mask. Remove this, or change the table's `masking`."#,
            ),
            "widened-mask",
        );
    }

    #[test]
    fn points_at_what_stands_in_the_file_of_the_call() {
        let message = "warning: \"staff\" does not show \"salary\" to the record's owner, and a call cannot show more than its table, so they will still see the mask. Remove this, or change the table's `masking`.";
        let config = "    salary: { type: 'redact', show: { roles: ['admin'], or: OWNER } },";
        let run = "export const run";
        let constant = format!(
            "const OWNER = 'owner';
             //^^^^^ {message}
{run}"
        );
        check(
            &project(ADMIN, config).replace(run, &constant),
            "widened-mask",
        );
        let marked = format!(
            "{config}
                                                          //^^^^^ {message}"
        );
        let import = format!("import {{ OWNER }} from './owner';\n{run}");
        check(
            &(project(ADMIN, &marked).replace(run, &import)
                + "//- src/owner.ts\nexport const OWNER = 'owner';\n"),
            "widened-mask",
        );
    }

    #[test]
    fn is_silent_where_the_call_hides_as_much() {
        for (masking, config) in [
            (ADMIN, "salary: { type: 'redact' }"),
            (
                ADMIN,
                "salary: { type: 'redact', show: { roles: ['admin'] } }",
            ),
            (
                ADMIN,
                "salary: { type: 'redact', show: { roles: ['admin+'] } }",
            ),
            (
                ADMIN,
                "salary: { type: 'redact', show: { roles: [...more] } }",
            ),
            (
                ADMIN,
                "email: { type: 'email', show: { roles: ['member'] } }",
            ),
            (
                "{}",
                "salary: { type: 'redact', show: { roles: ['member'] } }",
            ),
            (
                "{ salary: { type: 'redact', show: { roles: ['editor+'], or: 'owner' } } }",
                "salary: { type: 'redact', show: { roles: ['editor', 'admin'], or: 'owner' } }",
            ),
            (
                "{ salary: { type: 'redact', show: { roles: ['everyone'] } } }",
                "salary: { type: 'redact', show: { roles: ['member'], or: 'owner' } }",
            ),
            (
                "{ salary: { type: 'redact', show: { roles: [...more] } } }",
                "salary: { type: 'redact', show: { roles: ['member'] } }",
            ),
            (
                ADMIN,
                "salary: { type: 'redact', show: { roles: ['member'] } }, salary: { type: 'redact' }",
            ),
        ] {
            check(&project(masking, &format!("    {config},")), "widened-mask");
        }
    }

    #[test]
    fn removes_what_does_not_hold() {
        for (config, mended) in [
            (
                "salary: { type: 'redact', show: { roles: ['admin', 'editor'] } },",
                "show: { roles: ['admin'] }",
            ),
            (
                "salary: { type: 'redact', show: { roles: ['admin'], or: 'owner' } },",
                "show: { roles: ['admin'] }",
            ),
        ] {
            check_fix(&project(ADMIN, config), "widened-mask", mended);
        }
    }
}
