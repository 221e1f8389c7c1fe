//! `invalid-role`.

use super::pointing::{did_you_mean, key_removal, range, removal, renaming, with_fix, with_origin};
use super::role_names::{Problem, problem};
use super::{Context, Report, rule};
use crate::diagnostic::Fix;
use crate::project::model::Known;
use crate::project::resolved::{List, Resolved};
use crate::project::uses::{RoleList, each_role_setting};
use crate::span::Span;

rule! {
    /// Reports what can be no role of a receiver: `"*"`, `PUBLIC`, `everyone` outside of a mask's
    /// `show.roles`, and `role+` where the role is not in the hierarchy.
    ///
    /// ## Why is this bad
    /// Every receiver of a broadcast is authenticated and has roles of the organization. Nobody
    /// has a role called `*`; leave out the list to reach every member. `role+` means that role
    /// and every higher one, so it needs a place in `auth.roleHierarchy`. Nothing is generated
    /// until it is right.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, requiredRoles: ["admin", "*"] },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   masking: { title: { type: "name", show: { roles: ["everyone"] } } },
    ///   realtime: { enabled: true, requiredRoles: ["admin+"] },
    /// });
    /// ```
    RULE = "invalid-role", Error, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    each_role_setting(&context.model, |kind, list, whole| {
        for entry in list.value.items.iter() {
            let Some(role) = entry.as_str() else { continue };
            let (message, suggestion) = match problem(context, kind, entry) {
                Some(Problem::Everybody) => (everybody(role, kind), None),
                Some(Problem::NotInHierarchy(near)) => {
                    let base = role.strip_suffix('+').unwrap_or(role);
                    let ask = did_you_mean(near.as_deref());
                    let message = format!(
                        "\"{base}\" is not in roleHierarchy, so \"{role}\" stands for no role.{ask}"
                    );
                    (message, near)
                }
                Some(Problem::Unknown(_)) | None => continue,
            };
            let finding = report.finding(range(entry), message);
            let mut finding = with_origin(finding, context, entry.origin, &format!("\"{role}\""));
            let renamed = suggestion.and_then(|new| renaming(context, entry, &new));
            finding = with_fix(finding, renamed);
            let removed = removed(context, whole, kind, list, entry, role);
            report.push(with_fix(finding, removed));
        }
    });
}

fn everybody(role: &str, kind: RoleList) -> String {
    let instead = match kind {
        RoleList::Required => "Leave out \"requiredRoles\" to reach every member.",
        RoleList::Target => "Leave out \"targetRoles\" to reach everybody whom the table allows.",
        RoleList::Show => "Use \"everyone\" to mask the value for nobody.",
    };
    format!("\"{role}\" is not a role that a receiver has. {instead}")
}

/// Takes the entry out; with the whole key where nothing else is in the list, which would then
/// match nobody.
fn removed(
    context: &Context<'_>,
    whole: Span,
    kind: RoleList,
    list: &Known<List>,
    entry: &Resolved,
    role: &str,
) -> Option<Fix> {
    let is_sole = list.value.items.len() == 1 && list.value.unresolved.is_empty();
    let is_wildcard = !role.ends_with('+');
    match kind {
        RoleList::Required if is_sole && is_wildcard => key_removal(
            context,
            whole,
            list.origin,
            "Remove \"requiredRoles\": every member receives",
        ),
        RoleList::Target if is_sole && is_wildcard => key_removal(
            context,
            whole,
            list.origin,
            "Remove \"targetRoles\": the table alone says who receives",
        ),
        _ => removal(context, entry.origin, format!("Remove \"{role}\"")),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, check_unfixable, claims};

    const CONFIG: &str = "//- quickback/quickback.config.ts
export default { auth: { roleHierarchy: ['member', 'editor', 'admin'] } };
";

    #[test]
    fn reports_what_no_receiver_has() {
        check(
            &(CONFIG.to_owned()
                + &claims(
                    r#"masking: { email: { type: 'email', show: { roles: ['PUBLIC', '*', 'editr+'] } } },
                                                  //^^^^^^ error: "PUBLIC" is not a role that a receiver has. Use "everyone" to mask the value for nobody.
                                                            //^ error: "*" is not a role that a receiver has. Use "everyone" to mask the value for nobody.
                                                                 //^^^^^^ error: "editr" is not in roleHierarchy, so "editr+" stands for no role. Did you mean "editor+"?
realtime: { enabled: false, requiredRoles: ['everyone', 'owner+', 'admin++'] },
                                           //^^^^^^^^ error: "everyone" is not a role that a receiver has. Leave out "requiredRoles" to reach every member.
                                                       //^^^^^^ error: "owner" is not in roleHierarchy, so "owner+" stands for no role.
                                                                 //^^^^^^^ error: "admin+" is not in roleHierarchy, so "admin++" stands for no role. Did you mean "admin+"?"#,
                )
                + r#"//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, r) => createRealtime(env).insert('claims', r, org, { targetRoles: ['everyone'] });
                                                                                                //^^^^^^^^ error: "everyone" is not a role that a receiver has. Leave out "targetRoles" to reach everybody whom the table allows.
"#),
            "invalid-role",
        );
    }

    #[test]
    fn is_silent_on_roles_that_may_be() {
        check_silent(
            &(CONFIG.to_owned()
                + &claims(
                    "masking: { email: { type: 'email', show: { roles: ['everyone', 'editor+'] } } },
realtime: { enabled: true, requiredRoles: ['member+', 'public', 'photographer', ''] },",
                )),
            "invalid-role",
        );
        // Better Auth's hierarchy holds where none is declared.
        check_silent(
            &claims("realtime: { enabled: true, requiredRoles: ['admin+'] },"),
            "invalid-role",
        );
        check_silent(
            &("//- quickback/quickback.config.ts
export default { auth: { roleHierarchy: [...load()] } };
"
            .to_owned()
                + &claims("realtime: { enabled: true, requiredRoles: ['editor+'] },")),
            "invalid-role",
        );
    }

    #[test]
    fn renames_or_removes() {
        check_fix(
            &(CONFIG.to_owned()
                + &claims("realtime: { enabled: true, requiredRoles: ['editr+'] },")),
            "invalid-role",
            "requiredRoles: ['editor+'] },",
        );
        check_fix(
            &claims("realtime: { enabled: true, requiredRoles: ['admin', '*'] },"),
            "invalid-role",
            "requiredRoles: ['admin'] },",
        );
        check_fix(
            &claims("realtime: { enabled: true, requiredRoles: ['*'] },"),
            "invalid-role",
            "realtime: { enabled: true },",
        );
        let call = |roles: &str| {
            claims("realtime: { enabled: true },")
                + &format!(
                    "//- src/run.ts
import {{ createRealtime }} from './lib/realtime';
export const run = (env, org, r) => createRealtime(env).insert('claims', r, org, {{ targetRoles: [{roles}], old: r }});
"
                )
        };
        check_fix(&call("'*'"), "invalid-role", "org, { old: r });");
        check_fix(
            &call("'admin', '*'"),
            "invalid-role",
            "{ targetRoles: ['admin'], old: r }",
        );
        // What else is in the list may match somebody.
        check_fix(
            &call("'*', ...more"),
            "invalid-role",
            "{ targetRoles: [...more], old: r }",
        );
        check_fix(
            &(CONFIG.to_owned() + &claims("realtime: { enabled: true, requiredRoles: ['xyz+'] },")),
            "invalid-role",
            "requiredRoles: [] },",
        );
        // Without the second list the first would hold, and not every member receive.
        check_unfixable(
            &claims("realtime: { enabled: true, requiredRoles: ['admin'], requiredRoles: ['*'] },"),
            "invalid-role",
        );
    }
}
