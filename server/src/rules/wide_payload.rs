//! `wide-payload`.

use super::calls::enabled_table;
use super::edits::Source;
use super::pointing::{only_in, with_fix};
use super::{Context, Report, rule};
use crate::diagnostic::{Edit, Fix};
use crate::project::model::{Call, Method, Table};
use crate::project::resolved::Kind;
use crate::span::Place;
use crate::syntax::value::Value;

rule! {
    /// Reports an `insert` or `update` that hands on a whole record of a table without `fields`.
    ///
    /// ## Why is this bad
    /// Every column goes to every subscriber: long texts that nobody shows, and columns that are added
    /// to the table tomorrow.
    ///
    /// ## Invalid
    /// ```ts
    /// //- quickback/features/materials.ts
    /// export const materials = q.table("materials", {
    ///   id: q.id(),
    ///   organizationId: q.scope("organization"),
    ///   title: q.text(),
    ///   body: q.text(),
    /// });
    /// export default defineTable(materials, { realtime: { enabled: true } });
    /// //- src/example.ts
    /// export async function publish(env, org, before, after) {
    ///   await createRealtime(env).update("materials", after, { id: before.id }, org);
    /// }
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// //- quickback/features/materials.ts
    /// export const materials = q.table("materials", {
    ///   id: q.id(),
    ///   organizationId: q.scope("organization"),
    ///   title: q.text(),
    ///   body: q.text(),
    /// });
    /// export default defineTable(materials, { realtime: { enabled: true } });
    /// //- src/example.ts
    /// export async function publish(env, org, { id, title }) {
    ///   await createRealtime(env).update("materials", { id, title }, { id }, org);
    /// }
    /// ```
    RULE = "wide-payload", Hint, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for call in &context.model.calls {
        if !matches!(call.method, Method::Insert | Method::Update) {
            continue;
        }
        let Some(table) = enabled_table(context, call) else {
            continue;
        };
        let (Some(block), Some(name), Some(record)) = (table.block(), &table.name, &call.new)
        else {
            continue;
        };
        // What a call makes of a record may be smaller.
        let written = new_record(call).filter(|written| written.is_path());
        let Some(written) = written else {
            continue;
        };
        if !block.fields.is_absent() || record.kind != Kind::Unknown {
            continue;
        }
        let at = Place {
            file: name.place.file,
            span: name.place.span,
        };
        let name = &name.text;
        let finding = report
            .finding(
                written.span,
                format!("\"{name}\" has no `fields`, so every column of this record goes to every subscriber. Name the columns that they need in `fields`."),
            )
            .with_related(at, format!("\"{name}\" is declared here"));
        let fix = add_fields(context, &table).map(|edits| Fix {
            title: format!("Add `fields` to \"{name}\""),
            safe: false,
            edits,
        });
        report.push(with_fix(finding, only_in(context, table.place(), fix)));
    }
}

fn new_record(call: &Call) -> Option<&Value> {
    call.expression.value.as_call()?.arg(1)
}

/// Adds a list of the declared columns, to be shortened.
fn add_fields(context: &Context<'_>, table: &Table) -> Option<Vec<Edit>> {
    if table.columns.open {
        return None;
    }
    let facts = context.project.facts(table.file)?;
    let source = Source::in_facts(table.file, &facts);
    let block = table.realtime.known()?;
    let names: Vec<String> = table
        .columns
        .list
        .iter()
        .filter(|column| column.place.is_some())
        .map(|column| source.string(block.span, &column.name))
        .collect();
    let new = format!("fields: [{}]", names.join(", "));
    let last = block.value.object.properties().last()?;
    if !last.own || last.origin.file != table.file {
        return None;
    }
    source.insert_after(last.origin.span, &new)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_unfixable};

    fn project(realtime: &str, call: &str) -> String {
        format!(
            "//- quickback/features/parts.ts
import {{ defineTable, q }} from '@quickback/compiler';
export const parts = q.table('parts', {{ id: q.id(), orgId: q.scope('organization'), manual: q.text() }});
export default defineTable(parts, {{ realtime: {realtime} }});
//- src/a.ts
import {{ createRealtime }} from '../lib/realtime';
export const run = async (env, org, id, record, input, db) => {{
  const realtime = createRealtime(env);
{call}}};
"
        )
    }

    #[test]
    fn reports_records_that_are_handed_on() {
        check(
            &project(
                "{ enabled: true }",
                r#"  await realtime.update('parts', record, input.before, org);
                               //^^^^^^ hint: "parts" has no `fields`, so every column of this record goes to every subscriber. Name the columns that they need in `fields`.
  const [made] = await db.insert(parts).returning();
  await realtime.insert('parts', made!, org);
                               //^^^^ hint: "parts" has no `fields`, so every column of this record goes to every subscriber. Name the columns that they need in `fields`.
  await realtime.insert('parts', input.part, org);
                               //^^^^^^^^^^ hint: "parts" has no `fields`, so every column of this record goes to every subscriber. Name the columns that they need in `fields`.
"#,
            ),
            "wide-payload",
        );
    }

    #[test]
    fn is_silent_on_small_records() {
        check(
            &project(
                "{ enabled: true }",
                "  const small = { id };
  await realtime.insert('parts', small, org);
  await realtime.insert('parts', { id: record.id }, org);
  await realtime.insert('parts', pick(record, ['id']), org);
  const picked = pick(record, ['id']);
  await realtime.insert('parts', picked, org);
  await realtime.insert('parts', await pick(record, ['id']), org);
  await realtime.insert('parts', id ? pick(record, ['id']) : small, org);
  await realtime.delete('parts', record, org);
  await realtime.insert('other', record, org);
  await realtime.broadcast('parts', record, org);
",
            ),
            "wide-payload",
        );
    }

    #[test]
    fn is_silent_with_fields_or_what_may_be_some() {
        let call = "  await realtime.insert('parts', record, org);\n";
        for realtime in [
            "{ enabled: true, fields: ['id'] }",
            "{ enabled: true, fields: FIELDS }",
            "{ enabled: true, ...more }",
            "{ enabled: false }",
            "{ enabled: flags.on }",
        ] {
            check(&project(realtime, call), "wide-payload");
        }
    }

    #[test]
    fn adds_fields() {
        check_fix(
            &project(
                "{ enabled: true }",
                "  await realtime.insert('parts', record, org);\n",
            ),
            "wide-payload",
            "{ enabled: true, fields: ['id', 'orgId', 'manual'] }",
        );
    }

    #[test]
    fn adds_nothing_to_what_is_spread_into_the_block() {
        let call = "  await realtime.insert('parts', record, org);\n";
        let spread = project("{ enabled: true, ...more }", call);
        let here = spread.replace(
            "export default",
            "const more = { onDelete: false };\nexport default",
        );
        check_unfixable(&here, "wide-payload");
        let import = "import { more } from './more';\nexport default";
        let elsewhere = spread.replace("export default", import)
            + "//- quickback/features/more.ts\nexport const more = { onDelete: false };\n";
        check_unfixable(&elsewhere, "wide-payload");
    }
}
