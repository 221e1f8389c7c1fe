//! `unreachable-mask-role`.

use super::delivery::sends;
use super::masks::{MaskOf, each_mask};
use super::pointing::range;
use super::role_names::{expanded, is_sound};
use super::{Context, Report, rule};
use crate::project::model::{MaskRule, Owner, Setting, Table};
use crate::project::resolved::{List, Resolved};
use crate::project::uses::RoleList;

rule! {
    /// Reports a mask that is shown only to roles that never receive the table's events.
    ///
    /// ## Why is this bad
    /// `requiredRoles` decides who receives; of those, none has a role that sees the value. It may
    /// be right for the API, where other roles read, but in a broadcast everybody sees the mask.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   masking: { title: { type: "name", show: { roles: ["owner"] } } },
    ///   realtime: { enabled: true, requiredRoles: ["member"], fields: ["id", "title"] },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   masking: { title: { type: "name", show: { roles: ["owner"] } } },
    ///   realtime: { enabled: true, requiredRoles: ["member+"], fields: ["id", "title"] },
    /// });
    /// ```
    RULE = "unreachable-mask-role", Hint, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    each_mask(&context.model, |of, rule, _| {
        let MaskOf::Table(table) = of else { return };
        let Some(shown) = rule.roles.known() else {
            return;
        };
        if !sends(table, &rule.column) || is_automatic(table, rule, &shown.value) {
            return;
        }
        let required = table.block().and_then(|block| block.required_roles.known());
        let (Some(required), Some(seeing)) = (
            required.and_then(|known| roles(context, RoleList::Required, &known.value)),
            roles(context, RoleList::Show, &shown.value),
        ) else {
            return;
        };
        if seeing.iter().any(|role| required.contains(role)) {
            return;
        }
        let column = &rule.column;
        let (span, subject) = match shown.value.items.as_ref() {
            [only] => (
                range(only),
                format!("\"{}\" never receives", only.as_str().unwrap_or_default()),
            ),
            _ => (shown.span, "None of these roles ever receives".to_owned()),
        };
        report.push(report.finding(
            span,
            format!("{subject} this table's events, so \"{column}\" is masked for every role in \"requiredRoles\"."),
        ));
    });
}

/// Whether a rule shows the value as the compiler's automatic masks do, or may.
fn is_automatic(table: &Table, rule: &MaskRule, shown: &List) -> bool {
    let only_admin = matches!(shown.items.as_ref(), [role] if role.as_str() == Some("admin"));
    only_admin && (!matches!(rule.or_owner, Setting::Absent) || table.owner == Owner::None)
}

/// The roles that a list stands for. `None` where that cannot be told, where an entry is wrong in
/// another way, where everybody is meant, or where the list is empty.
fn roles<'a>(context: &'a Context<'_>, kind: RoleList, list: &'a List) -> Option<Vec<&'a str>> {
    if !list.is_whole() || list.items.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    for entry in list.items.iter() {
        let role = Resolved::as_str(entry)?;
        if role == "everyone" || !is_sound(context, kind, entry) {
            return None;
        }
        found.extend(expanded(context, role)?);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_silent, claims};

    const CONFIG: &str = "//- quickback/quickback.config.ts
export default { auth: { roleHierarchy: ['member', 'hr', 'editor', 'admin'] } };
";

    #[test]
    fn reports_roles_that_never_receive() {
        check(
            &(CONFIG.to_owned()
                + &claims(
                    r#"masking: { email: { type: 'email', show: { roles: ['hr'], or: 'owner' } }, title: { type: 'name', show: { roles: ['hr', 'member'] } } },
                                                  //^^ hint: "hr" never receives this table's events, so "email" is masked for every role in "requiredRoles".
                                                                                                               //^^^^^^^^^^^^^^^^ hint: None of these roles ever receives this table's events, so "title" is masked for every role in "requiredRoles".
realtime: { enabled: true, requiredRoles: ['editor+'] },"#,
                )),
            "unreachable-mask-role",
        );
    }

    #[test]
    fn is_silent_where_one_may_receive_or_nothing_is_sent() {
        let masking = |roles: &str| {
            format!(
                "masking: {{ email: {{ type: 'email', show: {{ roles: {roles}, or: 'owner' }} }} }},"
            )
        };
        for (roles, realtime) in [
            (
                "['hr', 'editor']",
                "enabled: true, requiredRoles: ['editor']",
            ),
            ("['hr+']", "enabled: true, requiredRoles: ['admin']"),
            ("['everyone']", "enabled: true, requiredRoles: ['editor']"),
            (
                "['hr', ...more]",
                "enabled: true, requiredRoles: ['editor']",
            ),
            (
                "['hr']",
                "enabled: true, requiredRoles: ['editor', ...more]",
            ),
            ("['hr']", "enabled: true"),
            ("['hr']", "enabled: true, requiredRoles: []"),
            ("['hr']", "enabled: false, requiredRoles: ['editor']"),
            (
                "['hr']",
                "enabled: true, requiredRoles: ['editor'], fields: ['id']",
            ),
            // It is as the compiler would mask it.
            ("['admin']", "enabled: true, requiredRoles: ['editor']"),
            // One mistake, one finding.
            ("['hrr']", "enabled: true, requiredRoles: ['editor']"),
            ("[]", "enabled: true, requiredRoles: ['editor']"),
        ] {
            let options = format!("{}\nrealtime: {{ {realtime} }},", masking(roles));
            check_silent(
                &(CONFIG.to_owned() + &claims(&options)),
                "unreachable-mask-role",
            );
        }
        // It may be the owner, as the compiler would say.
        let unknown =
            "masking: { email: { type: 'email', show: { roles: ['admin'], or: who() } } },
realtime: { enabled: true, requiredRoles: ['editor'] },";
        check_silent(
            &(CONFIG.to_owned() + &claims(unknown)),
            "unreachable-mask-role",
        );
    }

    #[test]
    fn leaves_alone_what_is_masked_so_without_a_rule() {
        let people = |columns: &str, show: &str| {
            format!(
                "{CONFIG}//- quickback/features/people.ts
import {{ feature, q }} from '@quickback/compiler';
export default feature('people', {{
  columns: {{ id: q.id(), org: q.scope('organization'), email: q.email(), {columns} }},
  masking: {{ email: {{ type: 'email', show: {{ {show} }} }} }},
"
            )
        };
        let realtime = "  realtime: { enabled: true, requiredRoles: ['editor'] },\n});\n";
        let owned = "userId: q.scope('owner')";
        for (columns, show) in [
            ("", "roles: ['admin']"),
            ("", "roles: ['admin'], or: 'owner'"),
            (owned, "roles: ['admin'], or: 'owner'"),
        ] {
            check_silent(&(people(columns, show) + realtime), "unreachable-mask-role");
        }
        // Without a rule the owner would see it too.
        let said = r#"                                                    //^^^^^ hint: "admin" never receives this table's events, so "email" is masked for every role in "requiredRoles".
"#;
        check(
            &(people(owned, "roles: ['admin']") + said + realtime),
            "unreachable-mask-role",
        );
    }
}
