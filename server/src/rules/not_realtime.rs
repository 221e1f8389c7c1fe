//! `not-realtime`.

use super::calls::{Declared, declared, may_be_lost, table_name};
use super::edits::Source;
use super::pointing::{only_in, with_fix, with_origin};
use super::{Context, Report, rule};
use crate::diagnostic::{Edit, Fix};
use crate::project::model::{Setting, Table};
use crate::project::resolved::Entry;

rule! {
    /// Reports a call for a table that exists, but whose realtime is off or absent.
    ///
    /// ## Why is this bad
    /// A table is broadcast only with `realtime: { enabled: true }`. For any other the helper sends
    /// nothing, whatever the call says, and nothing fails.
    ///
    /// ## Invalid
    /// ```ts
    /// //- quickback/features/drafts.ts
    /// export const drafts = q.table("drafts", { id: q.id(), organizationId: q.scope("organization") });
    /// export default defineTable(drafts, { crud: {} });
    /// //- src/example.ts
    /// export async function share(env, org, id) {
    ///   await createRealtime(env).insert("drafts", { id }, org);
    /// }
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// //- quickback/features/drafts.ts
    /// export const drafts = q.table("drafts", { id: q.id(), organizationId: q.scope("organization") });
    /// export default defineTable(drafts, { realtime: { enabled: true, fields: ["id"] } });
    /// //- src/example.ts
    /// export async function share(env, org, id) {
    ///   await createRealtime(env).insert("drafts", { id }, org);
    /// }
    /// ```
    RULE = "not-realtime", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for call in &context.model.calls {
        let Some((subject, name)) = table_name(call) else {
            continue;
        };
        let finding = match declared(context, name) {
            // A half-typed definition may be what takes it up.
            Some(Declared::Internal(_)) if may_be_lost(context, name) => continue,
            Some(Declared::Internal(place)) => report
                .finding(
                    subject.inner_span(),
                    format!("\"{name}\" is an internal table, which no definition takes up, so this call sends nothing. Define it with `realtime: {{ enabled: true }}`, or use `broadcast` for an event of another name."),
                )
                .with_related(place, format!("\"{name}\" is declared here")),
            Some(Declared::Table(table)) => {
                let Some(state) = off(&table) else { continue };
                let mut finding = report.finding(
                    subject.inner_span(),
                    format!("{state} for \"{name}\", so this call sends nothing. Set `enabled: true` in its `realtime` block."),
                );
                if let Some(name) = &table.name {
                    finding = finding
                        .with_related(name.place, format!("\"{}\" is declared here", name.text));
                }
                let fix = enable(context, &table).map(|edits| Fix {
                    title: format!("Enable realtime for \"{name}\""),
                    safe: false,
                    edits,
                });
                with_fix(finding, only_in(context, table.place(), fix))
            }
            Some(Declared::Several) | None => continue,
        };
        report.push(with_origin(
            finding,
            context,
            subject.origin,
            &format!("\"{name}\""),
        ));
    }
}

/// How realtime is off for certain; a block without `enabled` is reported itself.
fn off(table: &Table) -> Option<&'static str> {
    match &table.realtime {
        Setting::Absent => matches!(table.options, Setting::Known(_) | Setting::Absent)
            .then_some("There is no `realtime` block"),
        Setting::Known(block) => match &block.value.enabled {
            Setting::Known(enabled) if !enabled.value => Some("Realtime is switched off"),
            _ => None,
        },
        Setting::Unknown(_) | Setting::Invalid(_) => None,
    }
}

/// The edits that switch the realtime of a table on, where its definition is written plainly.
fn enable(context: &Context<'_>, table: &Table) -> Option<Vec<Edit>> {
    const BLOCK: &str = "realtime: { enabled: true }";
    let facts = context.project.facts(table.file)?;
    let source = Source::in_facts(table.file, &facts);
    if let Some(block) = table.block() {
        let enabled = block.enabled.known()?.span;
        let is_literal = enabled.text(source.text) == "false";
        return is_literal.then(|| vec![source.replace(enabled, "true")]);
    }
    let Some(options) = table.options.known() else {
        // Something else may stand in their place, say `undefined`.
        let model = context.project.model(table.file);
        let definition = model.definition(&facts, table.span)?;
        let call = definition.call().filter(|call| call.args.len() == 1)?;
        let last = call.arg(0)?.span;
        let new = format!("{{ {BLOCK} }}");
        return Some(vec![source.insert_last_argument(
            call.args_span,
            last,
            &new,
        )]);
    };
    if options.origin.file != table.file {
        return None;
    }
    match options.value.entries.last() {
        None => Some(vec![source.insert_first(options.origin.span, BLOCK)?]),
        Some(Entry::Property(last)) if last.own => source.insert_after(last.origin.span, BLOCK),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_unfixable, fixture};

    fn project(options: &str, call: &str) -> String {
        format!(
            "//- quickback/features/claims.ts
import {{ defineTable, q }} from '@quickback/compiler';
export const claims = q.table('claims', {{ id: q.id(), orgId: q.scope('organization') }});
export const notes = q.table('notes', {{ id: q.id() }});
export default defineTable(claims{options});
//- src/a.ts
import {{ createRealtime }} from '../lib/realtime';
export const run = async (env, org, id) => {{
  const realtime = createRealtime(env);
{call}}};
"
        )
    }

    #[test]
    fn reports_what_is_off_absent_or_internal() {
        check(
            &project(
                ", { realtime: { enabled: false } }",
                r#"  await realtime.insert('claims', { id }, org);
                       //^^^^^^ warning: Realtime is switched off for "claims", so this call sends nothing. Set `enabled: true` in its `realtime` block.
  await realtime.insert('notes', { id }, org);
                       //^^^^^ warning: "notes" is an internal table, which no definition takes up, so this call sends nothing. Define it with `realtime: { enabled: true }`, or use `broadcast` for an event of another name.
"#,
            ),
            "not-realtime",
        );
        for options in ["", ", {}", ", { masking: {} }", ", undefined"] {
            check(
                &project(
                    options,
                    r#"  await realtime.delete('claims', { id }, org);
                       //^^^^^^ warning: There is no `realtime` block for "claims", so this call sends nothing. Set `enabled: true` in its `realtime` block.
"#,
                ),
                "not-realtime",
            );
        }
    }

    #[test]
    fn is_silent_on_what_is_on_unknown_or_reported_at_the_table() {
        let call = "  await realtime.insert('claims', { id }, org);
  await realtime.insert('ad-hoc', { id }, org);
  await realtime.broadcast('notes', { id }, org);
";
        for options in [
            ", { realtime: { enabled: true } }",
            ", { realtime: { enabled: flags.on } }",
            ", { realtime: { requiredRoles: ['admin'] } }",
            ", { realtime: { enabled: 'yes' } }",
            ", { realtime: undefined as any, ...more }",
            ", options",
        ] {
            check(&project(options, call), "not-realtime");
        }
    }

    #[test]
    fn adds_no_third_argument() {
        for options in [", undefined", ", , { masking: {} }"] {
            let call = "  await realtime.insert('claims', { id }, org);\n";
            let fixture = fixture(&project(options, call));
            let found = crate::rules::check(&fixture.project, fixture.file("src/a.ts"));
            let found: Vec<_> = found.iter().filter(|f| f.code == "not-realtime").collect();
            assert!(
                matches!(found.as_slice(), [only] if only.fixes.is_empty()),
                "{options}: {found:?}"
            );
        }
    }

    #[test]
    fn is_silent_while_the_definition_is_half_typed() {
        let call = "  await realtime.insert('claims', { id }, org);\n";
        for options in [", {", ", { crud: { a b } }", ", { realtime: { enabled"] {
            check(&project(options, call), "not-realtime");
        }
    }

    #[test]
    fn is_silent_on_an_internal_table_that_a_half_typed_definition_may_take_up() {
        let call = "  await realtime.insert('notes', { id }, org);\n";
        for (other, found) in [
            ("export default defineTable(notes, { realtime: { en", 0),
            ("export default defineTable(others, { realtime: { en", 1),
        ] {
            let fixture = fixture(
                &(project("", call)
                    + &format!(
                        "//- quickback/features/notes/table.ts
import {{ defineTable }} from '@quickback/compiler';
import * as all from '../claims';
{other}
"
                    )),
            );
            let said = crate::rules::check(&fixture.project, fixture.file("src/a.ts"));
            let said = said.iter().filter(|f| f.code == "not-realtime");
            assert_eq!(said.count(), found, "{other}");
        }
    }

    /// What is written at the last key may be another table's too.
    #[test]
    fn writes_nothing_into_options_that_are_shared() {
        let call = "  await realtime.insert('claims', { id }, org);\n";
        for options in [", { crud: {}, ...shared }", ", { ...shared }"] {
            let shared = "const shared = { read: {} };\nexport default defineTable";
            let project = project(options, call).replace("export default defineTable", shared);
            check_unfixable(&project, "not-realtime");
        }
    }

    #[test]
    fn switches_it_on() {
        let call = "  await realtime.insert('claims', { id }, org);\n";
        for (options, mended) in [
            (
                ", { realtime: { enabled: false } }",
                "(claims, { realtime: { enabled: true } });",
            ),
            ("", "(claims, { realtime: { enabled: true } });"),
            (",", "(claims, { realtime: { enabled: true } },);"),
            (
                " as any",
                "(claims as any, { realtime: { enabled: true } });",
            ),
            // What a comment says is no argument.
            (
                ", // no options yet\n",
                "(claims, { realtime: { enabled: true } }, // no options yet\n);",
            ),
            (
                " // none,\n",
                "(claims, { realtime: { enabled: true } } // none,\n);",
            ),
            (
                ", /* , */",
                "(claims, { realtime: { enabled: true } }, /* , */);",
            ),
            (
                " /* don't broadcast yet */ // off\n",
                "(claims, { realtime: { enabled: true } } /* don't broadcast yet */ // off\n);",
            ),
            (
                ", /* https://x/1 */ // off\n",
                "(claims, { realtime: { enabled: true } }, /* https://x/1 */ // off\n);",
            ),
            (
                " /* it's\n'off' */ // don't\n",
                "(claims, { realtime: { enabled: true } } /* it's\n'off' */ // don't\n);",
            ),
            (
                " as Of<'//'> // off\n",
                "(claims as Of<'//'>, { realtime: { enabled: true } } // off\n);",
            ),
            (", {}", "(claims, { realtime: { enabled: true } });"),
            (
                ", {\n  crud: {},\n}",
                "(claims, {\n  crud: {},\n  realtime: { enabled: true },\n});",
            ),
        ] {
            check_fix(&project(options, call), "not-realtime", mended);
        }
    }
}
