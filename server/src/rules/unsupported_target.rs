//! `unsupported-target`.

use super::unknown_key::is_misspelled;
use super::{Context, Report, rule};
use crate::project::resolved::{Entry, Kind, Lookup, Object, Property, Resolved};
use crate::schema;

rule! {
    /// Reports a target of a call that holds `scopeKey`, or that names no organization.
    ///
    /// ## Why is this bad
    /// Events are delivered to the subscribers of one organization. The helper refuses any other
    /// target: it answers `{ ok: false }`, and nobody receives anything.
    ///
    /// ## Invalid
    /// ```ts
    /// //- src/example.ts
    /// export async function remind(env, org, text) {
    ///   const realtime = createRealtime(env);
    ///   await realtime.broadcast("reminder", { text }, { organizationId: org, scopeKey: "desk" });
    /// }
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// //- src/example.ts
    /// export async function remind(env, org, user, text) {
    ///   const realtime = createRealtime(env);
    ///   await realtime.broadcast("reminder", { text }, { organizationId: org, userId: user });
    /// }
    /// ```
    RULE = "unsupported-target", Error, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for target in context.model.calls.iter().filter_map(|c| c.target.as_ref()) {
        let Some(object) = target.as_object() else {
            if is_nothing(target) {
                report.push(report.finding(
                    target.span,
                    "This target names no organization, so the helper refuses it and nobody receives this. Hand over the organization's id.",
                ));
            }
            continue;
        };
        if let Some(scope) = object.last("scopeKey") {
            report.push(report.finding(
                scope.key_span,
                "`scopeKey` is not supported: the helper refuses such a target and nobody receives this. Use `userId`, or `targetRoles` in the options.",
            ));
        } else if lacks_organization(object) {
            report.push(report.finding(
                target.span,
                "This target has no `organizationId`, so the helper refuses it and nobody receives this. Add `organizationId`.",
            ));
        }
    }
}

fn lacks_organization(object: &Object) -> bool {
    // A half-typed or spread object may yet hold it.
    let is_whole = object
        .entries
        .iter()
        .all(|entry| matches!(entry, Entry::Property(p) if p.value.kind != Kind::Broken));
    // One that is there and says nothing is a value of the wrong type: `invalid-value`.
    // Under another name it is reported as that.
    let keys: Vec<&Property> = object.properties().collect();
    is_whole
        && matches!(object.get("organizationId"), Lookup::Absent)
        && !is_misspelled(&schema::TARGET, &keys, "organizationId")
}

/// Whether a value can be no organization's id, whatever the program does.
fn is_nothing(value: &Resolved) -> bool {
    match &value.kind {
        Kind::Null | Kind::Undefined | Kind::Bool(_) | Kind::List(_) => true,
        Kind::String(text) => text.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, fixture};

    #[test]
    fn leaves_an_organization_under_another_name_to_unknown_key() {
        for (target, mended) in [
            ("{ organizationID: org }", "{ organizationId: org }"),
            ("{ organisationId: org }", "{ organizationId: org }"),
            ("{ orgId: org }", "{ organizationId: org }"),
            ("{ org }", "{ organizationId: org }"),
            ("{ organization: org }", "{ organizationId: org }"),
        ] {
            let text = calls(&format!("  await realtime.insert('a', {{}}, {target});\n"));
            check_silent(&text, "unsupported-target");
            check_fix(&text, "unknown-key", mended);
        }
        check(
            &calls(
                r#"  await realtime.delete('a', {}, { users: [user] });
                               //^^^^^^^^^^^^^^^^^ error: This target has no `organizationId`, so the helper refuses it and nobody receives this. Add `organizationId`.
"#,
            ),
            "unsupported-target",
        );
    }

    fn calls(calls: &str) -> String {
        format!(
            "//- src/a.ts
import {{ createRealtime }} from '../lib/realtime';
export const run = async (env, org, user, target, scopeKey) => {{
  const realtime = createRealtime(env);
{calls}}};
"
        )
    }

    #[test]
    fn reports_scopes_and_missing_organizations() {
        check(
            &calls(
                r#"  await realtime.insert('a', {}, { organizationId: org, scopeKey });
                                                      //^^^^^^^^ error: `scopeKey` is not supported: the helper refuses such a target and nobody receives this. Use `userId`, or `targetRoles` in the options.
  await realtime.a.b({}, { scopeKey: 'x' });
                         //^^^^^^^^ error: `scopeKey` is not supported: the helper refuses such a target and nobody receives this. Use `userId`, or `targetRoles` in the options.
  await realtime.update('a', {}, {}, { userId: user });
                                   //^^^^^^^^^^^^^^^^ error: This target has no `organizationId`, so the helper refuses it and nobody receives this. Add `organizationId`.
  await realtime.delete('a', {}, {});
                               //^^ error: This target has no `organizationId`, so the helper refuses it and nobody receives this. Add `organizationId`.
  await realtime.broadcast('a', {}, null);
                                  //^^^^ error: This target names no organization, so the helper refuses it and nobody receives this. Hand over the organization's id.
  await realtime.broadcast('a', {}, '');
                                  //^^ error: This target names no organization, so the helper refuses it and nobody receives this. Hand over the organization's id.
"#,
            ),
            "unsupported-target",
        );
    }

    #[test]
    fn is_silent_on_organizations_and_what_may_be_one() {
        check(
            &calls(
                "  await realtime.insert('a', {}, org);
  await realtime.insert('a', {}, 'org_1');
  await realtime.insert('a', {}, { organizationId: org, userId: user });
  await realtime.insert('a', {}, { userId: user, ...target });
  await realtime.insert('a', {}, { ['organizationId']: org });
  await realtime.insert('a', {}, target);
  await realtime.insert('a', {}, org!);
  await realtime.insert('a', { scopeKey }, org, { targetRoles: ['admin'] });
  await realtime.insert('a', {});
  await realtime.insert('a', {}, { userId: user, organ: });
",
            ),
            "unsupported-target",
        );
    }

    #[test]
    fn an_organization_that_says_nothing_is_one_mistake() {
        for value in ["undefined", "null", "''", "false", "[]", "7", "{}"] {
            let call = format!(
                "  await realtime.broadcast('told', {{}}, {{ organizationId: {value} }});\n"
            );
            let fixture = fixture(&calls(&call));
            let found = crate::rules::check(&fixture.project, fixture.file("src/a.ts"));
            let codes: Vec<&str> = found.iter().map(|found| found.code).collect();
            assert_eq!(codes, ["invalid-value"], "{value}");
        }
    }
}
