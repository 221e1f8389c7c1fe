//! `unknown-payload-field`.

use rustc_hash::FxHashSet;

use super::calls::{columns, literal_records, table_name};
use super::suggest::nearest;
use super::{Context, Report, rule};
use crate::diagnostic::Fix;
use crate::project::resolved::Property;
use crate::syntax::is_identifier;

rule! {
    /// Reports a key of a literal record that is no column of the table.
    ///
    /// ## Why is this bad
    /// Records are cut to the table's columns before they are sent, so the key is dropped without a
    /// word, and subscribers never see it.
    ///
    /// ## Invalid
    /// ```ts
    /// //- quickback/features/claims.ts
    /// export const claims = q.table("claims", {
    ///   id: q.id(),
    ///   organizationId: q.scope("organization"),
    ///   title: q.text(),
    /// });
    /// export default defineTable(claims, { realtime: { enabled: true, fields: ["id", "title"] } });
    /// //- src/example.ts
    /// export async function rename(env, org, id, title) {
    ///   await createRealtime(env).update("claims", { id, titel: title }, { id }, org);
    /// }
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// //- quickback/features/claims.ts
    /// export const claims = q.table("claims", {
    ///   id: q.id(),
    ///   organizationId: q.scope("organization"),
    ///   title: q.text(),
    /// });
    /// export default defineTable(claims, { realtime: { enabled: true, fields: ["id", "title"] } });
    /// //- src/example.ts
    /// export async function rename(env, org, id, title) {
    ///   await createRealtime(env).update("claims", { id, title, modifiedAt: new Date() }, { id }, org);
    /// }
    /// ```
    RULE = "unknown-payload-field", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for call in &context.model.calls {
        let Some((_, table)) = table_name(call) else {
            continue;
        };
        let Some(columns) = columns(context, table).filter(|columns| !columns.open) else {
            continue;
        };
        for (_, record) in literal_records(call) {
            // What the record has already is not meant by another key of it.
            let taken: FxHashSet<&str> = record.properties().map(|p| p.key.as_str()).collect();
            for property in record.properties() {
                let key = &property.key;
                if columns.get(key).is_some() {
                    continue;
                }
                let free = columns.names().filter(|column| !taken.contains(column));
                let suggestion = nearest(key, free);
                let ask = suggestion
                    .map(|s| format!(" Did you mean \"{s}\"?"))
                    .unwrap_or_default();
                let mut finding = report.finding(
                    property.key_span,
                    format!(
                        "\"{key}\" is not a column of \"{table}\", so it is dropped and subscribers never see it.{ask}"
                    ),
                );
                if property.key_origin.file != context.file {
                    finding = finding
                        .with_related(property.key_origin, format!("\"{key}\" is written here"));
                } else if let Some(fix) = suggestion.and_then(|s| rename(context, property, s)) {
                    finding = finding.with_fix(fix);
                }
                report.push(finding);
            }
        }
    }
}

/// Writes another key; a shorthand `{ titel }` becomes `{ title: titel }`.
fn rename(context: &Context<'_>, property: &Property, to: &str) -> Option<Fix> {
    if !is_identifier(to) {
        return None;
    }
    let is_shorthand = property.origin.span == property.key_origin.span;
    let text = if is_shorthand {
        format!("{to}: {}", property.key)
    } else {
        to.to_owned()
    };
    let place = context.place(property.key_origin.span);
    Some(Fix::replace(format!("Change to \"{to}\""), place, text))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix};

    const TABLES: &str = "\
//- quickback/features/claims.ts
import { defineTable, q } from '@quickback/compiler';
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { more } from 'elsewhere';
export const claims = q.table('claims', { id: q.id(), orgId: q.scope('organization'), title: q.text() });
export const notes = sqliteTable('notes', { id: text('id').primaryKey() });
export const open = sqliteTable('open', { id: text('id').primaryKey(), ...more });
export default defineTable(claims, { realtime: { enabled: true, fields: ['id'] } });
//- src/a.ts
import { createRealtime } from '../lib/realtime';
export const run = async (env, org, id, titel, record) => {
  const realtime = createRealtime(env);
";

    #[test]
    fn reports_keys_of_all_records() {
        check(
            &(TABLES.to_owned()
                + r#"  await realtime.update('claims', { id, titel }, { id, 'due_at': 1 }, org);
                                      //^^^^^ warning: "titel" is not a column of "claims", so it is dropped and subscribers never see it. Did you mean "title"?
                                                      //^^^^^^ warning: "due_at" is not a column of "claims", so it is dropped and subscribers never see it.
  await realtime.delete('notes', { id, ...record, body: 1 }, org);
                                                //^^^^ warning: "body" is not a column of "notes", so it is dropped and subscribers never see it.
  await realtime.insert('claims', { id, title: record.title, titles: record.titles }, org);
                                                           //^^^^^^ warning: "titles" is not a column of "claims", so it is dropped and subscribers never see it.
  const payload = { id, Title: 'x' };
                      //^^^^^ warning: "Title" is not a column of "claims", so it is dropped and subscribers never see it. Did you mean "title"?
  await realtime.insert('claims', payload, org);
};
"#),
            "unknown-payload-field",
        );
    }

    #[test]
    fn is_silent_on_columns_open_sets_and_other_payloads() {
        check(
            &(TABLES.to_owned()
                + "  await realtime.insert('claims', { id, title: titel, orgId: org, createdAt: new Date() }, org);
  await realtime.insert('open', { id, anything: 1 }, org);
  await realtime.insert('ad-hoc', { id, anything: 1 }, org);
  await realtime.insert('claims', { id, [titel]: 1, ...record }, org);
  await realtime.insert('claims', record, org);
  await realtime.broadcast('claims', { anything: 1 }, org);
  await realtime.audit.done({ anything: 1 }, org);
};
"),
            "unknown-payload-field",
        );
    }

    #[test]
    fn mends_keys_strings_and_shorthands() {
        for (record, mended) in [
            ("{ id, titel: 1 }", "{ id, title: 1 }"),
            ("{ id, 'titel': 1 }", "{ id, 'title': 1 }"),
            ("{ id, titel }", "{ id, title: titel }"),
        ] {
            check_fix(
                &(TABLES.to_owned()
                    + &format!("  await realtime.insert('claims', {record}, org);\n}};\n")),
                "unknown-payload-field",
                mended,
            );
        }
    }
}
