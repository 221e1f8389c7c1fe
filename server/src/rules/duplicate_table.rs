//! `duplicate-table`.

use super::{Context, Report, rule};
use crate::project::model::Table;
use crate::span::Span;

rule! {
    /// Reports a second table with realtime that has the name of another one.
    ///
    /// A table's name is the const's, or the first argument of `feature()`; the database's name of
    /// a table does not matter.
    ///
    /// ## Why is this bad
    /// Calls and events hold nothing but the name, so the rules of one table would hold for the
    /// records of the other.
    ///
    /// ## Invalid
    /// ```ts
    /// //- quickback/features/news/briefs.ts
    /// export default feature("briefs", {
    ///   columns: { id: q.id(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true },
    /// });
    /// //- quickback/features/sports/briefs.ts
    /// export default feature("briefs", {
    ///   columns: { id: q.id(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// //- quickback/features/news/briefs.ts
    /// export default feature("briefs", {
    ///   columns: { id: q.id(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true },
    /// });
    /// //- quickback/features/sports/briefs.ts
    /// export default feature("sportsBriefs", {
    ///   columns: { id: q.id(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true },
    /// });
    /// ```
    RULE = "duplicate-table", Error, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for table in context.model.tables.iter().filter(|t| t.is_enabled()) {
        let Some(name) = &table.name else { continue };
        let mut same = context.tables(&name.text).iter();
        let Some(first) = same.find(|t| t.is_enabled()) else {
            continue;
        };
        if (first.file, first.span) == (table.file, table.span) {
            continue;
        }
        let path = context.project.relative(first.file);
        let place = first
            .name
            .as_ref()
            .map_or_else(|| context.place(first.span), |n| n.place);
        report.push(
            report
                .finding(
                    name_span(context, table),
                    format!(
                        "There is another table \"{}\" with realtime, in {path}, and events hold nothing but the name.",
                        name.text
                    ),
                )
                .with_related(place, "The other one is declared here"),
        );
    }
}

/// The argument that names the table, a string without its quotes.
fn name_span(context: &Context<'_>, table: &Table) -> Span {
    context
        .model
        .definition(&context.facts, table.span)
        .and_then(|definition| definition.call()?.arg(0))
        .map_or(table.span, |argument| match argument.as_call() {
            // An inline table, which is named for the database.
            Some(call) => call.arg(0).unwrap_or(argument).inner_span(),
            None => argument.inner_span(),
        })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_silent};

    #[test]
    fn reports_the_later_file() {
        check(
            r#"//- quickback/features/a/briefs.ts
import { feature, q } from '@quickback/compiler';
export default feature('briefs', { columns: { id: q.id() }, realtime: { enabled: true } });
//- quickback/features/b/briefs.ts
import { defineTable, q } from '@quickback/compiler';
const briefs = q.table('other_briefs', { id: q.id() });
export default defineTable(briefs, { realtime: { enabled: true } });
                         //^^^^^^ error: There is another table "briefs" with realtime, in quickback/features/a/briefs.ts, and events hold nothing but the name.
//- quickback/features/c/briefs.ts
import { defineTable } from '@quickback/compiler';
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
export default defineTable(sqliteTable('briefs', { id: text('id') }), { realtime: { enabled: true } });
                                      //^^^^^^ error: There is another table "briefs" with realtime, in quickback/features/a/briefs.ts, and events hold nothing but the name.
"#,
            "duplicate-table",
        );
    }

    #[test]
    fn is_silent_where_one_of_them_sends_nothing() {
        check_silent(
            "//- quickback/features/a/briefs.ts
import { feature, q } from '@quickback/compiler';
export default feature('briefs', { columns: { id: q.id() }, realtime: { enabled: true } });
//- quickback/features/b/briefs.ts
import { feature, q } from '@quickback/compiler';
export default feature('briefs', { columns: { id: q.id() }, realtime: { enabled: false } });
export const other = feature('briefs2', { columns: { id: q.id() }, realtime: { enabled: true } });
//- src/briefs.ts
import { feature, q } from '@quickback/compiler';
export default feature('briefs', { columns: { id: q.id() }, realtime: { enabled: true } });
",
            "duplicate-table",
        );
    }
}
