//! `duplicate-role`.

use rustc_hash::FxHashSet;

use super::edits::Source;
use super::pointing::{is_own, origin, range, with_fix};
use super::role_names::{expanded, is_sound};
use super::{Context, Report, rule};
use crate::diagnostic::Fix;
use crate::project::model::Known;
use crate::project::resolved::{List, Resolved};
use crate::project::uses::{RoleList, each_role_setting};
use crate::span::Span;

rule! {
    /// Reports a role that a list names twice, or that a `role+` in the same list covers already.
    ///
    /// ## Why is this bad
    /// It changes nothing. It reads as if it did, and a later change to one of the two is lost.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, requiredRoles: ["owner", "admin+"] },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, requiredRoles: ["member", "owner"] },
    /// });
    /// ```
    RULE = "duplicate-role", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    each_role_setting(&context.model, |kind, list, whole| {
        // A list that is spread twice has each of its entries twice, at one place.
        let mut reported = FxHashSet::default();
        for (index, entry) in list.value.items.iter().enumerate() {
            if let Some(other) = said_by(context, kind, list, index, entry)
                && reported.insert((range(entry), entry.as_str()))
            {
                finding(context, report, (list, whole), entry, other);
            }
        }
    });
}

/// The entry that has said already what the one at `index` says. Entries that are wrong in another
/// way are reported as that.
fn said_by<'l>(
    context: &Context<'_>,
    kind: RoleList,
    list: &'l Known<List>,
    index: usize,
    entry: &Resolved,
) -> Option<&'l Resolved> {
    let items = &list.value.items;
    let role = entry.as_str().filter(|_| is_sound(context, kind, entry))?;
    let earlier = items
        .get(..index)?
        .iter()
        .find(|i| i.as_str() == Some(role));
    earlier.or_else(|| {
        items.iter().find(|other| {
            other.as_str().is_some_and(|wide| {
                wide != role && wide.ends_with('+') && covers(context, wide, role)
            })
        })
    })
}

fn covers(context: &Context<'_>, wide: &str, role: &str) -> bool {
    let (Some(wide), Some(mut roles)) = (expanded(context, wide), expanded(context, role)) else {
        return false;
    };
    let wide: Vec<&str> = wide.collect();
    roles.all(|role| wide.contains(&role))
}

fn finding(
    context: &Context<'_>,
    report: &mut Report<'_>,
    (list, whole): (&Known<List>, Span),
    entry: &Resolved,
    other: &Resolved,
) {
    let (Some(role), Some(by)) = (entry.as_str(), other.as_str()) else {
        return;
    };
    let (message, related) = if role == by {
        (
            format!("The role \"{role}\" is in this list twice."),
            format!("\"{role}\" is named here first"),
        )
    } else {
        (
            format!("The role \"{role}\" is in \"{by}\" already."),
            format!("\"{by}\" includes \"{role}\""),
        )
    };
    let mut finding = report
        .finding(range(entry), message)
        .with_related(origin(other), related);
    finding.unnecessary = true;
    // Of a list that other lists spread too, nothing is taken.
    let removed = if is_own(context, list, entry) {
        Some(entry)
    } else if role == by && is_own(context, list, other) {
        Some(other)
    } else {
        None
    };
    let fix = removed
        .and_then(|entry| Source::of(context).remove(entry.origin.span))
        .map(|edits| Fix {
            title: format!("Remove the repeated \"{role}\""),
            // Other code may read a list that is written elsewhere.
            safe: whole.contains(list.span),
            edits,
        });
    report.push(with_fix(finding, fix));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, check_unfixable, claims};

    const CONFIG: &str = "//- quickback/quickback.config.ts
export default { auth: { roleHierarchy: ['member', 'reporter', 'editor', 'admin'] } };
";

    #[test]
    fn reports_what_is_said_twice_or_covered() {
        check(
            &(CONFIG.to_owned()
                + &claims(
                    r#"masking: { email: { type: 'email', show: { roles: ['admin', 'editor+', 'editor'] } } },
                                                  //^^^^^ warning: The role "admin" is in "editor+" already.
                                                                      //^^^^^^ warning: The role "editor" is in "editor+" already.
realtime: { enabled: false, requiredRoles: ['member', 'member', 'reporter+', 'editor+', 'owner'] },
                                                     //^^^^^^ warning: The role "member" is in this list twice.
                                                                            //^^^^^^^ warning: The role "editor+" is in "reporter+" already."#,
                )
                + r#"//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, r) => createRealtime(env).insert('claims', r, org, { targetRoles: ['admin', 'admin'] });
                                                                                                         //^^^^^ warning: The role "admin" is in this list twice.
"#),
            "duplicate-role",
        );
    }

    #[test]
    fn is_silent_on_roles_beside_a_plus_and_on_wrong_ones() {
        check_silent(
            &(CONFIG.to_owned()
                + &claims(
                    "realtime: { enabled: true, requiredRoles: ['member', 'editor+', 'owner', '*', '*', 'edtor', 'edtor', '', ''] },",
                )),
            "duplicate-role",
        );
        check_silent(
            &("//- quickback/quickback.config.ts
export default { auth: { roleHierarchy: load() } };
"
            .to_owned()
                + &claims("realtime: { enabled: true, requiredRoles: ['admin', 'member+'] },")),
            "duplicate-role",
        );
    }

    #[test]
    fn reports_one_place_once() {
        check(
            &(CONFIG.to_owned()
                + r#"//- quickback/features/x.ts
import { feature, q } from '@quickback/compiler';
const SHARED = ['reporter', 'admin'] as const;
               //^^^^^^^^ warning: The role "reporter" is in "member+" already.
                           //^^^^^ warning: The role "admin" is in "member+" already.
export default feature('x', { columns: { id: q.id(), org: q.scope('organization') }, realtime: { enabled: true, requiredRoles: [...SHARED, 'admin', ...SHARED, 'member+'] } });
                                                                                                                                          //^^^^^ warning: The role "admin" is in this list twice.
"#),
            "duplicate-role",
        );
    }

    #[test]
    fn removes_what_adds_nothing() {
        check_fix(
            &(CONFIG.to_owned()
                + &claims("realtime: { enabled: true, requiredRoles: ['admin', 'editor+'] },")),
            "duplicate-role",
            "requiredRoles: ['editor+'] },",
        );
    }

    #[test]
    fn takes_nothing_out_of_a_list_that_is_spread() {
        let shared = |roles: &str| {
            let options = format!("realtime: {{ enabled: true, requiredRoles: [{roles}] }},");
            let list = "const SHARED = ['admin'] as const;\nexport default feature";
            CONFIG.to_owned() + &claims(&options).replace("export default feature", list)
        };
        check_fix(
            &shared("'admin', ...SHARED"),
            "duplicate-role",
            "requiredRoles: [...SHARED] }",
        );
        // Without the wider one others would receive nothing.
        check_unfixable(&shared("'editor+', ...SHARED"), "duplicate-role");
    }
}
