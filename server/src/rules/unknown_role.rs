//! `unknown-role`.

use super::edits::Source;
use super::pointing::{did_you_mean, range, renaming, with_fix, with_origin};
use super::role_names::{Problem, problem};
use super::{Context, Report, rule};
use crate::diagnostic::Fix;
use crate::project::Hierarchy;
use crate::project::uses::each_role_list;

rule! {
    /// Reports a role in `requiredRoles`, in a mask's `show.roles` or in `targetRoles` that is not
    /// known: neither in `auth.roleHierarchy`, nor one of Better Auth's `owner`, `admin` and
    /// `member`, nor in `roles` of `quickback-realtime.json`.
    ///
    /// Where no `roleHierarchy` is declared, projects use roles of their own freely; then only a
    /// role that is nearly a known one, or nearly one that the project uses elsewhere, is reported.
    ///
    /// ## Why is this bad
    /// Roles are compared letter by letter. Nobody has a misspelled one, so those who should
    /// receive an event, or see a value, do not.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, requiredRoles: ["membr"] },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, requiredRoles: ["member", "night-editor"] },
    /// });
    /// ```
    RULE = "unknown-role", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    each_role_list(&context.model, |kind, list| {
        for entry in list.items.iter() {
            let (Some(Problem::Unknown(suggestion)), Some(role)) =
                (problem(context, kind, entry), entry.as_str())
            else {
                continue;
            };
            let suggestion = suggestion.as_deref();
            let is_declared = matches!(context.roles.hierarchy, Hierarchy::Declared(_));
            let what = if is_declared {
                format!("\"{role}\" is not in roleHierarchy, so nobody is known to have this role.")
            } else {
                format!("Nothing else knows the role \"{role}\".")
            };
            let ask = did_you_mean(suggestion);
            let finding = report.finding(range(entry), format!("{what}{ask}"));
            let finding = with_origin(finding, context, entry.origin, &format!("\"{role}\""));
            let finding = with_fix(
                finding,
                suggestion.and_then(|new| renaming(context, entry, new)),
            );
            report.push(with_fix(finding, declaring(context, role)));
        }
    });
}

/// Adds a role to the declared hierarchy as its lowest, so that no `role+` begins to include it.
fn declaring(context: &Context<'_>, role: &str) -> Option<Fix> {
    let Hierarchy::Declared(declared) = &context.roles.hierarchy else {
        return None;
    };
    let (_, lowest) = declared.first()?;
    // Only a list that stands in the configuration itself is the hierarchy's alone.
    if Some(lowest.file) != context.roles.config {
        return None;
    }
    let facts = context.project.facts(lowest.file)?;
    let source = Source::in_facts(lowest.file, &facts);
    let entry = source.string(lowest.span, role);
    Some(Fix {
        title: format!("Add \"{role}\" to roleHierarchy, as the lowest role"),
        safe: false,
        edits: vec![source.insert_before(lowest.span.start, &entry)],
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_in, check_silent, claims, fixture_with};
    use crate::settings::Settings;
    use crate::span::Span;

    const CONFIG: &str = "//- quickback/quickback.config.ts
export default { auth: { roleHierarchy: ['member', 'editor', 'admin'] } };
";

    #[test]
    fn a_declared_hierarchy_closes_the_set() {
        check(
            &(CONFIG.to_owned()
                + &claims(
                    r#"masking: { email: { type: 'email', show: { roles: ['edtor', 'everyone'] } } },
                                                  //^^^^^ warning: "edtor" is not in roleHierarchy, so nobody is known to have this role. Did you mean "editor"?
realtime: { enabled: true, requiredRoles: ['owner', 'Admin', 'photographer'] },
                                                   //^^^^^ warning: "Admin" is not in roleHierarchy, so nobody is known to have this role. Did you mean "admin"?
                                                            //^^^^^^^^^^^^ warning: "photographer" is not in roleHierarchy, so nobody is known to have this role."#,
                )
                + r#"//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, r) => createRealtime(env).insert('claims', r, org, { targetRoles: ['publisher'], maskingConfig: { x: { type: 'name', show: { roles: ['memberr'] } } } });
                                                                                                //^^^^^^^^^ warning: "publisher" is not in roleHierarchy, so nobody is known to have this role.
                                                                                                                                                                  //^^^^^^^ warning: "memberr" is not in roleHierarchy, so nobody is known to have this role. Did you mean "member"?
"#),
            "unknown-role",
        );
    }

    #[test]
    fn without_one_only_likely_misspellings_are_doubted() {
        check(
            &(claims(
                r#"masking: { email: { type: 'email', show: { roles: ['editor', 'hr'] } } },
realtime: { enabled: true, requiredRoles: ['membr', 'editr', 'pr', 'photographer'] },
                                          //^^^^^ warning: Nothing else knows the role "membr". Did you mean "member"?
                                                   //^^^^^ warning: Nothing else knows the role "editr". Did you mean "editor"?"#,
            ) + r#"//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, r) => createRealtime(env).insert('claims', r, org, { targetRoles: ['editor'] });
"#),
            "unknown-role",
        );
    }

    #[test]
    fn is_silent_on_two_established_roles_that_look_alike() {
        check_silent(
            &claims(
                "masking: { email: { type: 'email', show: { roles: ['hr', 'pr'] } } },
realtime: { enabled: true, requiredRoles: ['hr', 'pr'] },",
            ),
            "unknown-role",
        );
    }

    #[test]
    fn is_silent_on_known_roles_and_while_the_hierarchy_is_not_known() {
        check_silent(
            &(CONFIG.to_owned()
                + &claims(
                    "realtime: { enabled: true, requiredRoles: ['member', 'owner', 'editor+', '*', 7, '', ...more] },",
                )),
            "unknown-role",
        );
        check_silent(
            &("//- quickback/quickback.config.ts
export default { auth: { roleHierarchy: load() } };
"
            .to_owned()
                + &claims("realtime: { enabled: true, requiredRoles: ['membr', 'xx+'] },")),
            "unknown-role",
        );
    }

    #[test]
    fn knows_the_roles_of_the_settings() {
        let settings = Settings {
            roles: vec![("sensitivity-reader".into(), Span::default())],
            ..Settings::default()
        };
        let text = CONFIG.to_owned()
            + &claims("realtime: { enabled: true, requiredRoles: ['sensitivity-reader'] },");
        check_in(&fixture_with(&text, settings), "unknown-role");
    }

    #[test]
    fn renames_or_declares() {
        check_fix(
            &(CONFIG.to_owned()
                + &claims("realtime: { enabled: true, requiredRoles: ['edtor'] },")),
            "unknown-role",
            "requiredRoles: ['editor'] },",
        );
        check_fix(
            &(CONFIG.to_owned()
                + &claims("realtime: { enabled: true, requiredRoles: ['photographer'] },")),
            "unknown-role",
            "roleHierarchy: ['photographer', 'member', 'editor', 'admin']",
        );
    }
}
