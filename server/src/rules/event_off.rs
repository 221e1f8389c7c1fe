//! `event-off`.

use super::calls::{enabled_table, name_in_call};
use super::{Context, Report, rule};
use crate::project::model::{Method, Realtime, Setting};
use crate::span::Place;

rule! {
    /// Reports a call for an event that the table's `realtime` block switches off.
    ///
    /// ## Why is this bad
    /// The helper sends nothing for it and answers `{ ok: true, skipped: "event-off" }`. Whoever wrote
    /// the call expects subscribers to hear of it.
    ///
    /// ## Invalid
    /// ```ts
    /// //- quickback/features/claims.ts
    /// export const claims = q.table("claims", { id: q.id(), organizationId: q.scope("organization") });
    /// export default defineTable(claims, {
    ///   realtime: { enabled: true, onDelete: false, fields: ["id"] },
    /// });
    /// //- src/example.ts
    /// export async function withdraw(env, org, id) {
    ///   await createRealtime(env).delete("claims", { id }, org);
    /// }
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// //- quickback/features/claims.ts
    /// export const claims = q.table("claims", { id: q.id(), organizationId: q.scope("organization") });
    /// export default defineTable(claims, {
    ///   realtime: { enabled: true, onUpdate: false, fields: ["id"] },
    /// });
    /// //- src/example.ts
    /// export async function withdraw(env, org, id) {
    ///   await createRealtime(env).delete("claims", { id }, org);
    /// }
    /// ```
    RULE = "event-off", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for call in &context.model.calls {
        let Some(table) = enabled_table(context, call) else {
            continue;
        };
        let (Some(block), Some(name)) = (table.block(), &table.name) else {
            continue;
        };
        let (key, setting) = match call.method {
            Method::Insert => ("onInsert", &block.on_insert),
            Method::Update => ("onUpdate", &block.on_update),
            Method::Delete => ("onDelete", &block.on_delete),
            Method::Broadcast | Method::Event { .. } => continue,
        };
        // With every event off it is the table that is reported.
        if !is_off(setting) || is_silent(block) {
            continue;
        }
        let name = &name.text;
        let mut finding = report.finding(
            name_in_call(call, call.method_span),
            format!("\"{name}\" has `{key}: false`, so this call sends nothing. Remove the call, or the `{key}: false`."),
        );
        if let Some(known) = setting.known() {
            let at = Place {
                file: table.file,
                span: known.span,
            };
            finding = finding.with_related(at, format!("`{key}` of \"{name}\" is off here"));
        }
        report.push(finding);
    }
}

fn is_off(setting: &Setting<bool>) -> bool {
    setting.or(true) == Some(false)
}

fn is_silent(block: &Realtime) -> bool {
    is_off(&block.on_insert) && is_off(&block.on_update) && is_off(&block.on_delete)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    fn project(realtime: &str, calls: &str) -> String {
        format!(
            "//- quickback/features/claims.ts
import {{ defineTable, q }} from '@quickback/compiler';
export const claims = q.table('claims', {{ id: q.id(), orgId: q.scope('organization') }});
export default defineTable(claims, {{ realtime: {realtime} }});
//- src/a.ts
import {{ createRealtime }} from '../lib/realtime';
export const run = async (env, org, id) => {{
  const realtime = createRealtime(env);
{calls}}};
"
        )
    }

    #[test]
    fn reports_each_event_that_is_off() {
        check(
            &project(
                "{ enabled: true, onInsert: false, onUpdate: false }",
                r#"  await realtime.insert('claims', { id }, org);
               //^^^^^^ warning: "claims" has `onInsert: false`, so this call sends nothing. Remove the call, or the `onInsert: false`.
  await realtime.update('claims', { id }, { id }, org);
               //^^^^^^ warning: "claims" has `onUpdate: false`, so this call sends nothing. Remove the call, or the `onUpdate: false`.
  await realtime.delete('claims', { id }, org);
"#,
            ),
            "event-off",
        );
    }

    #[test]
    fn points_at_the_call_where_the_method_is_a_name() {
        check(
            &project(
                "{ enabled: true, onDelete: false }",
                r#"  const { delete: remove } = realtime;
  await remove('claims', { id }, org);
      //^^^^^^ warning: "claims" has `onDelete: false`, so this call sends nothing. Remove the call, or the `onDelete: false`.
"#,
            ),
            "event-off",
        );
    }

    #[test]
    fn is_silent_on_what_is_on_unknown_or_reported_at_the_table() {
        let calls = "  await realtime.delete('claims', { id }, org);\n";
        for realtime in [
            "{ enabled: true, onInsert: false }",
            "{ enabled: true, onDelete: flags.del }",
            "{ enabled: true, onDelete: undefined }",
            "{ enabled: true, onDelete: 'false' }",
            "{ enabled: false, onDelete: false }",
            "{ enabled: true, onInsert: false, onUpdate: false, onDelete: false }",
        ] {
            check(&project(realtime, calls), "event-off");
        }
    }
}
