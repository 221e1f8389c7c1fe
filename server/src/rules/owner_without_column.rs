//! `owner-without-column`.

use super::delivery::table_name;
use super::masks::{MaskOf, each_mask};
use super::pointing::{only_in, range, removal, with_fix, with_origin};
use super::{Context, Report, rule};
use crate::project::model::Owner;
use crate::project::resolved::{Lookup, Resolved};

rule! {
    /// Reports `or: "owner"` in a mask of a table that has no owner column.
    ///
    /// The owner column is the `q.scope("owner")` column, else the column of
    /// `firewall: { owner: { column } }`, by its name in the definition, else `ownerId`, else `userId`.
    ///
    /// ## Why is this bad
    /// Nobody owns a record of the table, so nobody sees the value because of this clause.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   masking: { title: { type: "name", show: { roles: ["admin"], or: "owner" } } },
    ///   realtime: { enabled: true, fields: ["id", "title"] },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), userId: q.scope("owner"), orgId: q.scope("organization") },
    ///   masking: { title: { type: "name", show: { roles: ["admin"], or: "owner" } } },
    ///   realtime: { enabled: true, fields: ["id", "title"] },
    /// });
    /// ```
    RULE = "owner-without-column", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    each_mask(&context.model, |of, rule, property| {
        let MaskOf::Table(table) = of else { return };
        // A rule for no column is reported as that.
        let is_column = table.columns.open || table.columns.get(&rule.column).is_some();
        let missing = match &table.owner {
            Owner::None => None,
            Owner::Column(name) if !table.columns.open && table.columns.get(name).is_none() => {
                Some(name)
            }
            Owner::Column(_) | Owner::Unknown => return,
        };
        if !table.is_enabled() || !is_column {
            return;
        }
        let show = property.value.as_object().map(|rule| rule.get("show"));
        let Some(Lookup::Found(show)) = show else {
            return;
        };
        let Some(Lookup::Found(or)) = show.value.as_object().map(|show| show.get("or")) else {
            return;
        };
        if Resolved::as_str(&or.value) != Some("owner") {
            return;
        }
        let name = sentence_start(&table_name(table));
        let message = match missing {
            None => format!("{name} has no owner column, so nobody is the owner of a record."),
            Some(column) => format!(
                "{name} has no column \"{column}\", which its firewall names as the owner's, so nobody is the owner of a record."
            ),
        };
        let finding = report.finding(range(&or.value), message);
        let finding = with_origin(finding, context, or.value.origin, "The clause");
        let fix = removal(context, or.origin, "Remove the clause");
        report.push(with_fix(finding, only_in(context, table.place(), fix)));
    });
}

fn sentence_start(name: &str) -> String {
    name.strip_prefix('t')
        .map_or_else(|| name.to_owned(), |rest| format!("T{rest}"))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, claims};

    const MASKING: &str =
        "masking: { email: { type: 'email', show: { roles: ['admin'], or: 'owner' } } },";

    #[test]
    fn reports_a_clause_that_is_true_of_nobody() {
        check(
            &claims(&format!(
                "{MASKING}
                                                                //^^^^^ warning: \"claims\" has no owner column, so nobody is the owner of a record.
realtime: {{ enabled: true, fields: ['id'] }},"
            )),
            "owner-without-column",
        );
    }

    #[test]
    fn reports_an_owner_column_that_is_none() {
        check(
            &claims(&format!(
                "firewall: {{ owner: {{ column: 'created_by' }} }}, {MASKING}
                                                                //^^^^^ warning: \"claims\" has no column \"created_by\", which its firewall names as the owner's, so nobody is the owner of a record.
realtime: {{ enabled: true, fields: ['id'] }},"
            ).replace("}, masking", "},\nmasking")),
            "owner-without-column",
        );
    }

    #[test]
    fn is_silent_where_there_is_an_owner_or_may_be() {
        for options in [
            "realtime: { enabled: false },",
            "firewall: { owner: { column: 'createdBy' } }, realtime: { enabled: true },",
            "firewall: wall(), realtime: { enabled: true },",
            "...more, realtime: { enabled: true },",
        ] {
            check_silent(
                &claims(&format!("{MASKING}\n{options}")),
                "owner-without-column",
            );
        }
        for column in [
            "userId: q.text()",
            "ownerId: q.text()",
            "who: q.scope('owner')",
            "who: ownerColumn()",
            "...more",
        ] {
            check_silent(
                &format!(
                    "//- quickback/features/people.ts
import {{ feature, q }} from '@quickback/compiler';
export default feature('people', {{ columns: {{ id: q.id(), email: q.email(), {column} }}, {MASKING} realtime: {{ enabled: true }} }});
"
                ),
                "owner-without-column",
            );
        }
    }

    #[test]
    fn removes_the_clause() {
        check_fix(
            &claims(&format!("{MASKING}\nrealtime: {{ enabled: true }},")),
            "owner-without-column",
            "show: { roles: ['admin'] } } },",
        );
    }
}
