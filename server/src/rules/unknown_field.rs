//! `unknown-field`.

use rustc_hash::FxHashSet;

use super::pointing::{only_in, with_fix};
use super::suggest::nearest;
use super::{Context, Report, rule};
use crate::diagnostic::Fix;
use crate::project::resolved::Resolved;

rule! {
    /// Reports an entry of `fields` that is no column of the table.
    ///
    /// ## Why is this bad
    /// What is not a column is never sent. Nothing fails: subscribers simply do not get it.
    ///
    /// ## Invalid
    /// ```ts
    /// export const claims = sqliteTable("claims", {
    ///   id: text("id").primaryKey(),
    ///   title: text("title"),
    ///   organizationId: text("organization_id"),
    /// });
    /// export default defineTable(claims, {
    ///   realtime: { enabled: true, fields: ["id", "titel"] },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export const claims = sqliteTable("claims", {
    ///   id: text("id").primaryKey(),
    ///   title: text("title"),
    ///   organizationId: text("organization_id"),
    /// });
    /// export default defineTable(claims, {
    ///   realtime: { enabled: true, fields: ["id", "title", "createdAt"] },
    /// });
    /// ```
    RULE = "unknown-field", Error, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for table in &context.model.tables {
        let Some(fields) = table.block().and_then(|block| block.fields.known()) else {
            continue;
        };
        if table.columns.open {
            continue;
        }
        // What the list has already is not meant by another entry of it.
        let taken: FxHashSet<&str> = fields
            .value
            .items
            .iter()
            .filter_map(Resolved::as_str)
            .collect();
        for entry in fields.value.items.iter() {
            let Some(name) = entry.as_str().filter(|name| !name.is_empty()) else {
                continue;
            };
            if table.columns.get(name).is_some() {
                continue;
            }
            let of = table
                .name
                .as_ref()
                .map_or("this table".to_owned(), |n| format!("\"{}\"", n.text));
            let free = |column: &&str| !taken.contains(column);
            let suggestion = nearest(name, table.columns.names().filter(free));
            let ask = suggestion
                .map(|s| format!(" Did you mean \"{s}\"?"))
                .unwrap_or_default();
            let mut finding = report.finding(
                entry.inner_span(),
                format!(
                    "\"{name}\" is not a column of {of}, so subscribers would never get it.{ask}"
                ),
            );
            if entry.origin.file != context.file {
                finding = finding.with_related(entry.origin, format!("\"{name}\" is written here"));
            } else if let Some(suggestion) = suggestion {
                let place = context.place(entry.inner_span());
                let fix = Fix::replace(format!("Change to \"{suggestion}\""), place, suggestion);
                finding = with_fix(finding, only_in(context, table.place(), Some(fix)));
            }
            report.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix};

    const TABLE: &str = "\
//- quickback/features/claims.ts
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { defineTable } from '@quickback/compiler';
export const claims = sqliteTable('claims', { id: text('id').primaryKey(), title: text('title'), orgId: text('org') });
";

    #[test]
    fn reports_what_is_no_column() {
        check(
            &(TABLE.to_owned()
                + r#"export default defineTable(claims, { realtime: { enabled: true, fields: ['id', 'titel', 'zzz', '', 'ID'] } });
                                                                              //^^^^^ error: "titel" is not a column of "claims", so subscribers would never get it. Did you mean "title"?
                                                                                       //^^^ error: "zzz" is not a column of "claims", so subscribers would never get it.
                                                                                                  //^^ error: "ID" is not a column of "claims", so subscribers would never get it.
"#),
            "unknown-field",
        );
    }

    #[test]
    fn mends_a_misspelling() {
        check_fix(
            &(TABLE.to_owned()
                + "export default defineTable(claims, { realtime: { enabled: true, fields: ['id', 'titel'] } });\n"),
            "unknown-field",
            "export default defineTable(claims, { realtime: { enabled: true, fields: ['id', 'title'] } });",
        );
    }

    #[test]
    fn is_silent_on_columns_injected_ones_and_open_sets() {
        check(
            &(TABLE.to_owned()
                + "export default defineTable(claims, { realtime: { enabled: true, fields: ['id', 'createdAt', ...more] } });
//- quickback/features/open.ts
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { defineTable } from '@quickback/compiler';
import { timestamps } from 'elsewhere';
const open = sqliteTable('open', { id: text('id').primaryKey(), ...timestamps });
export default defineTable(open, { realtime: { enabled: true, fields: ['id', 'whatever'] } });
"),
            "unknown-field",
        );
    }
}
