//! `missing-primary-key`.

use super::delivery::table_name;
use super::edits::Source;
use super::pointing::{listed, only_in, with_fix};
use super::suggest::nearest;
use super::{Context, Report, rule};
use crate::diagnostic::Fix;
use crate::project::model::{Known, Table};
use crate::project::resolved::{List, Resolved};

rule! {
    /// Reports `fields` that leaves out the table's primary key.
    ///
    /// ## Why is this bad
    /// Clients cannot tell which record an update or a deletion is about, so they can neither
    /// match nor remove it. The primary key is not added silently.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, fields: ["title"] },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, fields: ["id", "title"] },
    /// });
    /// ```
    RULE = "missing-primary-key", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for table in context.model.tables.iter().filter(|t| t.is_enabled()) {
        let Some(fields) = table.block().and_then(|block| block.fields.known()) else {
            continue;
        };
        // An empty list is a matter of `empty-list`.
        if !fields.value.is_whole() || fields.value.items.is_empty() {
            continue;
        }
        let names: Vec<&str> = fields
            .value
            .items
            .iter()
            .filter_map(Resolved::as_str)
            .collect();
        let missing: Vec<&str> = table
            .primary_key
            .iter()
            .map(String::as_str)
            .filter(|key| !names.contains(key) && !is_misspelled(table, key, &names))
            .collect();
        if missing.is_empty() {
            continue;
        }
        let key = listed(missing.iter().copied());
        let part = if missing.len() < table.primary_key.len() {
            "part of the primary key"
        } else {
            "the primary key"
        };
        let finding = report.finding(
            fields.key_span,
            format!(
                "\"fields\" leaves out {key}, {part} of {}: clients cannot match or remove the record.",
                table_name(table)
            ),
        );
        let fix = only_in(context, table.place(), added(context, fields, &missing));
        report.push(with_fix(finding, fix));
    }
}

/// Whether an entry that is no column is meant to be `key`.
fn is_misspelled(table: &Table, key: &str, names: &[&str]) -> bool {
    names.iter().any(|name| {
        // The key alone first: most names are far from it, and the columns may be many.
        nearest(name, [key]).is_some()
            && table.columns.get(name).is_none()
            && nearest(name, table.columns.names()) == Some(key)
    })
}

fn added(context: &Context<'_>, fields: &Known<List>, missing: &[&str]) -> Option<Fix> {
    if fields.origin.file != context.file {
        return None;
    }
    let source = Source::of(context);
    let entries: Vec<String> = missing
        .iter()
        .map(|name| source.string(fields.span, name))
        .collect();
    Some(Fix {
        title: format!("Add {} to fields", listed(missing.iter().copied())),
        safe: false,
        edits: vec![source.insert_first(fields.span, &entries.join(", "))?],
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, claims, fixture};

    #[test]
    fn reports_fields_without_the_key() {
        check(
            &(claims(
                r#"realtime: { enabled: true, fields: ['title'] },
                         //^^^^^^ warning: "fields" leaves out "id", the primary key of "claims": clients cannot match or remove the record."#,
            ) + r#"//- quickback/features/topics.ts
import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { defineTable } from '@quickback/compiler';
const topics = pgTable('topics', { a: text('a'), b: text('b'), org: text('org') }, (t) => [primaryKey({ columns: [t.a, t.b] })]);
export default defineTable(topics, { realtime: { enabled: true, fields: ['a'] } });
                                                              //^^^^^^ warning: "fields" leaves out "b", part of the primary key of "topics": clients cannot match or remove the record.
"#),
            "missing-primary-key",
        );
    }

    /// A table of which `a` is sent, with this third argument.
    fn sqlite(third: &str) -> String {
        format!(
            "//- quickback/features/pairs.ts
import {{ primaryKey, sqliteTable, text }} from 'drizzle-orm/sqlite-core';
import {{ defineTable }} from '@quickback/compiler';
const pairs = sqliteTable('pairs', {{ a: text('a'), b: text('b'), org: text('org') }}, {third});
export default defineTable(pairs, {{ realtime: {{ enabled: true, fields: ['a'] }} }});
"
        )
    }

    #[test]
    fn reads_a_key_of_columns_that_are_taken_apart() {
        for third in [
            "({ a, b }) => [primaryKey({ columns: [a, b] })]",
            "({ a: x, 'b': y }) => ({ pk: primaryKey({ columns: [x, y] }) })",
            "function ({ a, b }) { return [primaryKey(a, b)]; }",
            "({ a, ...rest }) => [primaryKey({ columns: [a, rest.b] })]",
        ] {
            let fixture = fixture(&sqlite(third));
            let file = fixture.file("quickback/features/pairs.ts");
            let findings = crate::rules::check(&fixture.project, file);
            let found: Vec<&str> = findings
                .iter()
                .filter(|d| d.code == "missing-primary-key")
                .map(|d| d.message.as_str())
                .collect();
            assert_eq!(
                found,
                [
                    "\"fields\" leaves out \"b\", part of the primary key of \"pairs\": clients cannot match or remove the record."
                ],
                "{third}"
            );
        }
        for third in [
            "({ a }) => [primaryKey({ columns: [a, b] })]",
            "({ a, b = a }) => [primaryKey({ columns: [a, b] })]",
            "({ a, c: { b } }) => [primaryKey({ columns: [a, b] })]",
            "([a, b]) => [primaryKey({ columns: [a, b] })]",
            "({ a, ...b }) => [primaryKey({ columns: [a, b] })]",
            "({ a, [B]: b }) => [primaryKey({ columns: [a, b] })]",
            "(t, { a, b }) => [primaryKey({ columns: [a, b] })]",
            "({ a, b } = other) => [primaryKey({ columns: [a, b] })]",
        ] {
            check_silent(&sqlite(third), "missing-primary-key");
        }
    }

    #[test]
    fn is_silent_where_nothing_is_certain_or_sent() {
        for options in [
            "realtime: { enabled: true, fields: ['id', 'title'] },",
            "realtime: { enabled: true },",
            "realtime: { enabled: true, fields: [] },",
            "realtime: { enabled: true, fields: ['title', ...more] },",
            "realtime: { enabled: true, fields: ['title', other()] },",
            "realtime: { enabled: false, fields: ['title'] },",
            "realtime: { fields: ['title'] },",
            // One mistake, one finding: `di` is what is wrong.
            "realtime: { enabled: true, fields: ['di', 'title'] },",
        ] {
            check_silent(&claims(options), "missing-primary-key");
        }
        check_silent(
            "//- quickback/features/logs.ts
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { defineTable } from '@quickback/compiler';
const logs = sqliteTable('logs', { line: text('line'), org: text('org') });
export default defineTable(logs, { realtime: { enabled: true, fields: ['line'] } });
",
            "missing-primary-key",
        );
    }

    #[test]
    fn adds_it_first() {
        check_fix(
            &claims("realtime: { enabled: true, fields: ['title'] },"),
            "missing-primary-key",
            "fields: ['id', 'title'] },",
        );
        check_fix(
            &claims("realtime: {\n  enabled: true,\n  fields: [\n    \"title\",\n  ],\n},"),
            "missing-primary-key",
            "  fields: [\n    \"id\",\n    \"title\",\n  ],",
        );
    }
}
