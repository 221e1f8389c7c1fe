//! `no-organization`.

use super::delivery::table_name;
use super::{Context, Report, rule};
use crate::diagnostic::Severity;
use crate::project::model::Organization;

rule! {
    /// Reports realtime on a table that belongs to no organization.
    ///
    /// It is an error where `firewall: { exception: true }` says so, and a warning where neither
    /// the firewall nor a column names one. A table that belongs to its owner is left alone.
    ///
    /// ## Why is this bad
    /// Events are routed to the subscribers of one organization, and a record of this table names
    /// none. Whatever organization a call then names, its members see records that are not theirs.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text() },
    ///   realtime: { enabled: true, fields: ["id", "title"] },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text() },
    ///   firewall: { organization: {} },
    ///   realtime: { enabled: true, fields: ["id", "title"] },
    /// });
    /// ```
    RULE = "no-organization", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for table in context.model.tables.iter().filter(|t| t.is_enabled()) {
        let Some(realtime) = table.realtime.known() else {
            continue;
        };
        let name = table_name(table);
        let finding = match table.organization {
            Organization::Missing => report.finding(
                realtime.key_span,
                format!("Events are sent to one organization, and nothing says which one a record of {name} belongs to."),
            ).with_help("Add `organization: {}` to its firewall, or a `q.scope(\"organization\")` column."),
            Organization::Exception(exception) => report.finding_as(
                Severity::Error,
                realtime.key_span,
                format!("Events are sent to one organization, and {name} is excepted from having one."),
            ).with_related(context.place(exception), "The exception is made here"),
            Organization::Present | Organization::OwnerScoped | Organization::Unknown => continue,
        };
        report.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_silent, fixture};

    fn table(columns: &str, options: &str) -> String {
        format!(
            "//- quickback/features/rates.ts
import {{ feature, q }} from '@quickback/compiler';
export default feature('rates', {{ columns: {{ id: q.id(), {columns} }},
{options}
}});
"
        )
    }

    #[test]
    fn reports_a_table_without_one() {
        check(
            &table(
                "",
                r#"realtime: { enabled: true },
//<^^^^^^^^ warning: Events are sent to one organization, and nothing says which one a record of "rates" belongs to."#,
            ),
            "no-organization",
        );
        check(
            &table(
                "orgId: q.text()",
                r#"firewall: { exception: true }, realtime: { enabled: true },
                             //^^^^^^^^ error: Events are sent to one organization, and "rates" is excepted from having one."#,
            ),
            "no-organization",
        );
        // A comment is no predicate.
        check(
            &table(
                "",
                r#"firewall: { /* not ctx.activeOrgId */ }, realtime: { enabled: true },
                                       //^^^^^^^^ warning: Events are sent to one organization, and nothing says which one a record of "rates" belongs to."#,
            ),
            "no-organization",
        );
    }

    #[test]
    fn what_a_firewall_switches_off_is_none() {
        for clause in ["organization", "owner"] {
            let of = |value: &str| {
                let text =
                    format!("firewall: {{ {clause}: {value} }}, realtime: {{ enabled: true }},");
                let fixture = fixture(&table("", &text));
                let file = fixture.file("quickback/features/rates.ts");
                crate::rules::check(&fixture.project, file).len()
            };
            for value in ["false", "undefined", "null"] {
                assert_eq!(of(value), 1, "{clause}: {value}");
            }
            for value in ["true", "{}", "{ column: 'id' }"] {
                assert_eq!(of(value), 0, "{clause}: {value}");
            }
        }
    }

    #[test]
    fn a_predicate_may_stand_in_a_constant() {
        for firewall in [
            "wall",
            "[...wall]",
            "{ any: wall }",
            "shared.wall",
            "[{ ...first }]",
        ] {
            let text = table(
                "",
                &format!("firewall: {firewall}, realtime: {{ enabled: true }},"),
            );
            let text = text.replace(
                "export default",
                "import { shared } from './shared';
const first = { field: 'x', equals: 'ctx.activeOrgId' };
const wall = [first];
export default",
            );
            let shared = "//- quickback/features/shared.ts
const EQUALS = `ctx.activeOrgId` as const;
export const shared = { wall: [{ field: 'x', equals: EQUALS }] };
";
            check_silent(&(text + shared), "no-organization");
        }
    }

    #[test]
    fn is_silent_where_there_is_one_or_may_be_or_nothing_is_sent() {
        for (columns, options) in [
            ("orgId: q.text()", "realtime: { enabled: true },"),
            ("o: q.scope('organization')", "realtime: { enabled: true },"),
            ("o: q.scope('owner')", "realtime: { enabled: true },"),
            ("...more", "realtime: { enabled: true },"),
            ("o: tenantColumn()", "realtime: { enabled: true },"),
            (
                "",
                "firewall: { organization: {} }, realtime: { enabled: true },",
            ),
            ("", "firewall: { owner: {} }, realtime: { enabled: true },"),
            (
                "",
                "firewall: [{ field: 'x', equals: 'ctx.activeOrgId' }], realtime: { enabled: true },",
            ),
            (
                "",
                "firewall: { where: (c) => eq(x, c.activeOrgId) }, realtime: { enabled: true },",
            ),
            (
                "",
                "firewall: { x: ctx.activeOrgId }, realtime: { enabled: true },",
            ),
            ("", "firewall: wall(), realtime: { enabled: true },"),
            ("", "firewall: { ...wall }, realtime: { enabled: true },"),
            ("", "...options, realtime: { enabled: true },"),
            ("", "realtime: { enabled: false },"),
            ("", "firewall: { exception: true }, realtime: {},"),
        ] {
            check_silent(&table(columns, options), "no-organization");
        }
    }
}
