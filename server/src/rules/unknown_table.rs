//! `unknown-table`.

use smol_str::SmolStr;

use super::calls::{may_be_lost, table_name, with_rename};
use super::pointing::with_origin;
use super::suggest::nearest;
use super::{Context, Report, rule};
use crate::diagnostic::Severity;

rule! {
    /// Reports a call that names a table which no definition declares.
    ///
    /// Any name may be sent, so a name that resembles no table is only a hint. One that resembles a
    /// table is a warning, and so is the database's name of a table (`"open_claims"`): on the wire a
    /// table goes by the name of its const (`openClaims`).
    ///
    /// ## Why is this bad
    /// The event is sent under a name that nobody listens to. The table's `fields`, roles and masks
    /// do not apply to it either: only the automatic masks do.
    ///
    /// ## Invalid
    /// ```ts
    /// //- quickback/features/claims.ts
    /// export const openClaims = sqliteTable("open_claims", {
    ///   id: text("id").primaryKey(),
    ///   organizationId: text("organization_id"),
    /// });
    /// export default defineTable(openClaims, {
    ///   realtime: { enabled: true, fields: ["id"] },
    /// });
    /// //- src/example.ts
    /// export async function open(env, org, id) {
    ///   const realtime = createRealtime(env);
    ///   await realtime.insert("open_claims", { id }, org);
    /// }
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// //- quickback/features/claims.ts
    /// export const openClaims = sqliteTable("open_claims", {
    ///   id: text("id").primaryKey(),
    ///   organizationId: text("organization_id"),
    /// });
    /// export default defineTable(openClaims, {
    ///   realtime: { enabled: true, fields: ["id"] },
    /// });
    /// //- src/example.ts
    /// export async function open(env, org, id) {
    ///   const realtime = createRealtime(env);
    ///   await realtime.insert("openClaims", { id }, org);
    /// }
    /// ```
    RULE = "unknown-table", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for call in &context.model.calls {
        let Some((subject, name)) = table_name(call) else {
            continue;
        };
        let is_declared =
            !context.tables(name).is_empty() || context.internal_table(name).is_some();
        if is_declared || may_be_lost(context, name) {
            continue;
        }
        let span = subject.inner_span();
        let database_names = &context.index().database_names;
        let finding = if let Some(real) = database_names.get(name) {
            let finding = report.finding(
                span,
                format!(
                    "\"{name}\" is only the database's name of the table \"{real}\", so subscribers of \"{real}\" never hear of this. Did you mean \"{real}\"?"
                ),
            );
            with_rename(context, finding, subject, real)
        } else if let Some(real) = similar(context, name) {
            let finding = report.finding(
                span,
                format!(
                    "There is no table \"{name}\", so subscribers of \"{real}\" never hear of this. Did you mean \"{real}\"?"
                ),
            );
            with_rename(context, finding, subject, real)
        } else {
            report.finding_as(
                Severity::Hint,
                span,
                format!(
                    "There is no table \"{name}\": this is sent as the call says, under the automatic masks alone."
                ),
            )
        };
        report.push(with_origin(
            finding,
            context,
            subject.origin,
            &format!("\"{name}\""),
        ));
    }
}

/// The table that a misspelled name means, be it a misspelling of its database name.
fn similar<'c>(context: &'c Context<'_>, name: &str) -> Option<&'c str> {
    let index = context.index();
    let names = index.tables.keys().chain(index.internal.keys());
    nearest(name, names.map(SmolStr::as_str)).or_else(|| {
        let database_name = nearest(name, index.database_names.keys().map(SmolStr::as_str))?;
        index.database_names.get(database_name).map(SmolStr::as_str)
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_unfixable};

    const TABLES: &str = "\
//- quickback/features/claims.ts
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { defineTable } from '@quickback/compiler';
export const openClaims = sqliteTable('open_claims', { id: text('id').primaryKey(), orgId: text('org') });
export const auditLog = sqliteTable('audit_log', { id: text('id').primaryKey() });
export default defineTable(openClaims, { realtime: { enabled: true, fields: ['id'] } });
//- src/a.ts
import { createRealtime } from '../lib/realtime';
export const run = async (env, org, id, name) => {
  const realtime = createRealtime(env);
";

    #[test]
    fn reports_names_that_no_table_has() {
        check(
            &(TABLES.to_owned()
                + r#"  await realtime.insert('opneClaims', { id }, org);
                       //^^^^^^^^^^ warning: There is no table "opneClaims", so subscribers of "openClaims" never hear of this. Did you mean "openClaims"?
  await realtime.update('open_claims', { id }, { id }, org);
                       //^^^^^^^^^^^ warning: "open_claims" is only the database's name of the table "openClaims", so subscribers of "openClaims" never hear of this. Did you mean "openClaims"?
  await realtime.delete('audit_logs', { id }, org);
                       //^^^^^^^^^^ warning: There is no table "audit_logs", so subscribers of "auditLog" never hear of this. Did you mean "auditLog"?
  await realtime.delete(`admin-actions`, { id }, org);
                       //^^^^^^^^^^^^^ hint: There is no table "admin-actions": this is sent as the call says, under the automatic masks alone.
};
"#),
            "unknown-table",
        );
    }

    #[test]
    fn is_silent_on_tables_internal_ones_and_what_is_not_known() {
        check(
            &(TABLES.to_owned()
                + "  await realtime.insert('openClaims', { id }, org);
  await realtime.insert('auditLog', { id }, org);
  await realtime.insert(name, { id }, org);
  await realtime.insert(`${name}s`, { id }, org);
  await realtime.insert('', { id }, org);
  await realtime.broadcast('openClaim', { id }, org);
};
function other(realtime) { realtime.insert('openClaim', {}, ''); }
"),
            "unknown-table",
        );
    }

    #[test]
    fn is_silent_while_the_definition_is_half_typed() {
        check(
            "//- quickback/features/claims.ts
import { defineTable, q } from '@quickback/compiler';
export const claims = q.table('claims', { id: q.id(
export default defineTable(claims, {
//- src/a.ts
import { createRealtime } from '../lib/realtime';
export const run = (env, org) => createRealtime(env).insert('claims', {}, org);
",
            "unknown-table",
        );
    }

    #[test]
    fn mends_the_database_name_and_a_misspelling_of_it() {
        for name in ["open_claims", "open_claim", "OpenClaims"] {
            check_fix(
                &(TABLES.to_owned()
                    + &format!("  await realtime.insert('{name}', {{ id }}, org);\n}};\n")),
                "unknown-table",
                "realtime.insert('openClaims', { id }, org)",
            );
        }
    }

    #[test]
    fn reports_it_beside_a_half_typed_definition_of_another_table() {
        check(
            r#"//- quickback/features/notes.ts
import { defineTable, q } from '@quickback/compiler';
export const notes = q.table('notes', { id: q.id() });
export default defineTable(notes, { realtime: { enabled: } });
//- src/a.ts
import { createRealtime } from '../lib/realtime';
export const run = (env, org) => createRealtime(env).insert('claims', {}, org);
                                                           //^^^^^^ hint: There is no table "claims": this is sent as the call says, under the automatic masks alone.
"#,
            "unknown-table",
        );
    }

    #[test]
    fn writes_no_name_that_would_end_the_string() {
        check_unfixable(
            "//- quickback/features/clock.ts
import { feature, q } from '@quickback/compiler';
export default feature(\"o'clock\", { columns: { id: q.id() }, realtime: { enabled: true } });
//- src/a.ts
import { createRealtime } from '../lib/realtime';
export const run = (env, org) => createRealtime(env).insert('oclock', {}, org);
",
            "unknown-table",
        );
    }
}
