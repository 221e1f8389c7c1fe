//! `owner-not-in-payload`.

use super::calls::{enabled_table, literal_records};
use super::delivery::{automatic_mask, has_rule, sends};
use super::edits::Source;
use super::{Context, Report, rule};
use crate::diagnostic::Fix;
use crate::project::model::{Call, MaskRule, Setting, Table};
use crate::project::resolved::{Entry, Kind, Object, Resolved};
use crate::syntax::value::{Element, Property, Value, ValueKind};

rule! {
    /// Reports a literal record that leaves out the owner column, of a table that shows one of the
    /// record's columns to its owner.
    ///
    /// ## Why is this bad
    /// Whose record it is, is read from the record that the call hands over. Without the owner column
    /// nobody is its owner, and the owner sees the mask like everybody else.
    ///
    /// ## Invalid
    /// ```ts
    /// //- quickback/features/employees.ts
    /// export const employees = q.table("employees", {
    ///   id: q.id(),
    ///   organizationId: q.scope("organization"),
    ///   userId: q.scope("owner"),
    ///   salary: q.int(),
    /// });
    /// export default defineTable(employees, {
    ///   masking: { salary: { type: "redact", show: { roles: ["admin"], or: "owner" } } },
    ///   realtime: { enabled: true, fields: ["id", "userId", "salary"] },
    /// });
    /// //- src/example.ts
    /// export async function raise(env, org, { id, userId, salary }) {
    ///   await createRealtime(env).update("employees", { id, salary }, { id }, org);
    /// }
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// //- quickback/features/employees.ts
    /// export const employees = q.table("employees", {
    ///   id: q.id(),
    ///   organizationId: q.scope("organization"),
    ///   userId: q.scope("owner"),
    ///   salary: q.int(),
    /// });
    /// export default defineTable(employees, {
    ///   masking: { salary: { type: "redact", show: { roles: ["admin"], or: "owner" } } },
    ///   realtime: { enabled: true, fields: ["id", "userId", "salary"] },
    /// });
    /// //- src/example.ts
    /// export async function raise(env, org, { id, userId, salary }) {
    ///   await createRealtime(env).update("employees", { id, userId, salary }, { id }, org);
    /// }
    /// ```
    RULE = "owner-not-in-payload", Information, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for call in &context.model.calls {
        let Some(table) = enabled_table(context, call) else {
            continue;
        };
        let (Some(owner), Some(name)) = (table.owner.column(), &table.name) else {
            continue;
        };
        let name = &name.text;
        for (record, object) in literal_records(call) {
            // What is written elsewhere may get more keys before it is sent.
            let is_here = record.origin.file == context.file
                && call.span.contains(record.origin.span)
                && object.entries.iter().all(is_read);
            if !is_here || object.last(owner).is_some() {
                continue;
            }
            let Some(column) = object
                .properties()
                .find(|p| shows_owner(&table, call, &p.key))
            else {
                continue;
            };
            let column = &column.key;
            let mut finding = report.finding(
                record.span,
                format!(
                    "\"{name}\" shows \"{column}\" to the record's owner, but this record has no \"{owner}\", so owners will see the mask too. Add \"{owner}\"."
                ),
            );
            if let Some(fix) = add_owner(context, call, record, object, owner) {
                finding = finding.with_fix(fix);
            }
            report.push(finding);
        }
    }
}

fn is_read(entry: &Entry) -> bool {
    matches!(entry, Entry::Property(p) if p.value.kind != Kind::Broken)
}

/// Whether a column is sent, and shown to owners where it is hidden from others.
fn shows_owner(table: &Table, call: &Call, column: &str) -> bool {
    if !sends(table, column) {
        return false;
    }
    let of_call = match &call.masking {
        Setting::Absent => None,
        Setting::Known(known) if known.value.unresolved.is_none() => known
            .value
            .rules
            .iter()
            .rev()
            .find(|rule| rule.column == column),
        _ => return false,
    };
    if let Some(rule) = table.mask(column) {
        // Beside an explicit rule the call's can only hide more.
        return is_owners(rule) && of_call.is_none_or(is_owners);
    }
    let is_automatic = has_rule(table, column) == Some(false)
        && automatic_mask(column, table.columns.get(column)).is_some();
    is_automatic && of_call.is_none_or(is_owners)
}

/// Whether a rule hides from somebody what it shows to the owner.
fn is_owners(rule: &MaskRule) -> bool {
    let shows_everyone = rule.roles.known().is_some_and(|roles| {
        roles
            .value
            .items
            .iter()
            .any(|role| role.as_str() == Some("everyone"))
    });
    matches!(rule.or_owner, Setting::Known(_)) && !shows_everyone
}

/// Adds the owner column from where the record's other values come, or from a name in scope.
fn add_owner(
    context: &Context<'_>,
    call: &Call,
    record: &Resolved,
    object: &Object,
    owner: &str,
) -> Option<Fix> {
    let last = object.properties().last()?;
    let arguments = call.expression.value.as_call()?;
    let literal = arguments.args.iter().find_map(|argument| match argument {
        Element::Item(value) if value.span == record.origin.span => Some(value),
        _ => None,
    })?;
    let property = match source_of(literal) {
        Some(source) => format!("{owner}: {}.{owner}", context.text(source.span)),
        None => {
            context
                .facts
                .scopes
                .lookup(owner, record.origin.span.start)?;
            owner.to_owned()
        }
    };
    let edits = Source::of(context).insert_after(last.origin.span, &property)?;
    Some(Fix {
        title: format!("Add \"{owner}\" to the record"),
        safe: false,
        edits,
    })
}

/// What `record` is in `{ id: record.id }`.
fn source_of(literal: &Value) -> Option<&Value> {
    let ValueKind::Object(properties) = &literal.kind else {
        return None;
    };
    properties.iter().find_map(|property| match property {
        Property::Pair {
            key: Some(key),
            value:
                Value {
                    kind: ValueKind::Member(member),
                    ..
                },
            ..
        } if *key == member.name => Some(&member.object),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, fixture};

    fn project(fields: &str, body: &str) -> String {
        format!(
            "//- quickback/features/staff.ts
import {{ defineTable, q }} from '@quickback/compiler';
export const staff = q.table('staff', {{ id: q.id(), orgId: q.scope('organization'), userId: q.scope('owner'), email: q.email(), salary: q.int(), bonus: q.int(), note: q.text() }});
export default defineTable(staff, {{
  masking: {{
    salary: {{ type: 'redact', show: {{ roles: ['admin'], or: 'owner' }} }},
    bonus: {{ type: 'redact', show: {{ roles: ['admin'] }} }},
    note: {{ type: 'redact', show: {{ roles: ['everyone'], or: 'owner' }} }},
  }},
  realtime: {{ enabled: true, {fields} }},
}});
//- src/a.ts
import {{ createRealtime }} from '../lib/realtime';
export const run = async (env, org, record) => {{
  const realtime = createRealtime(env);
  const {{ id, userId, salary, email, bonus, note }} = record;
{body}}};
"
        )
    }

    #[test]
    fn reports_each_record_without_its_owner() {
        check(
            &project(
                "",
                r#"  await realtime.update('staff', { id, salary }, { id, email }, org);
                               //^^^^^^^^^^^^^^ information: "staff" shows "salary" to the record's owner, but this record has no "userId", so owners will see the mask too. Add "userId".
                                               //^^^^^^^^^^^^^ information: "staff" shows "email" to the record's owner, but this record has no "userId", so owners will see the mask too. Add "userId".
  await realtime.delete('staff', { email, bonus }, org, { maskingConfig: { bonus: { type: 'redact' } } });
                               //^^^^^^^^^^^^^^^^ information: "staff" shows "email" to the record's owner, but this record has no "userId", so owners will see the mask too. Add "userId".
"#,
            ),
            "owner-not-in-payload",
        );
    }

    #[test]
    fn is_silent_where_the_owner_is_known_or_of_no_matter() {
        check(
            &project(
                "",
                "  await realtime.insert('staff', { id, userId, salary }, org);
  await realtime.insert('staff', { id, bonus, note }, org);
  await realtime.insert('staff', { id, salary, ...record }, org);
  await realtime.insert('staff', { id, salary, [id]: userId }, org);
  const built = { id, salary };
  built.userId = userId;
  await realtime.insert('staff', built, org);
  await realtime.insert('staff', record, org);
  await realtime.insert('staff', { id, salary }, org, { maskingConfig: { salary: { type: 'redact' } } });
  await realtime.insert('staff', { id, email }, org, { maskingConfig: { email: { type: 'email', show: { roles: ['admin'] } } } });
  await realtime.insert('staff', { id, salary }, org, { maskingConfig: { ...record.masks } });
  await realtime.insert('others', { id, salary }, org);
  await realtime.broadcast('staff', { id, salary }, org);
",
            ),
            "owner-not-in-payload",
        );
        check(
            &project(
                "fields: ['id', 'bonus']",
                "  await realtime.insert('staff', { id, salary, email }, org);\n",
            ),
            "owner-not-in-payload",
        );
    }

    #[test]
    fn is_silent_without_an_owner_column() {
        check(
            "//- quickback/features/staff.ts
import { defineTable, q } from '@quickback/compiler';
export const staff = q.table('staff', { id: q.id(), orgId: q.scope('organization'), email: q.email() });
export default defineTable(staff, { realtime: { enabled: true } });
//- src/a.ts
import { createRealtime } from '../lib/realtime';
export const run = (env, org, email) => createRealtime(env).insert('staff', { email }, org);
",
            "owner-not-in-payload",
        );
    }

    #[test]
    fn adds_the_owner() {
        for (record, mended) in [
            ("{ id, salary }", "{ id, salary, userId }"),
            (
                "{ id: record.id, salary: 7 }",
                "{ id: record.id, salary: 7, userId: record.userId }",
            ),
            // Another thing's record may be somebody else's.
            (
                "{ id: record.number, salary }",
                "{ id: record.number, salary, userId }",
            ),
        ] {
            check_fix(
                &project(
                    "",
                    &format!("  await realtime.insert('staff', {record}, org);\n"),
                ),
                "owner-not-in-payload",
                mended,
            );
        }
    }

    #[test]
    fn offers_nothing_where_the_owner_is_nowhere() {
        let fixture = fixture(
            &project("", "  await realtime.insert('staff', { salary }, org);\n")
                .replace("const { id, userId, salary", "const { id, salary"),
        );
        let found = crate::rules::check(&fixture.project, fixture.file("src/a.ts"));
        assert_eq!(found.len(), 1);
        assert!(found.iter().all(|d| d.fixes.is_empty()));
    }
}
