//! Tests of `unresolved-value`.

use crate::rules::testing::{check, check_silent, claims, fixture};

#[test]
fn points_at_every_expression_that_delivery_depends_on() {
    check(
        &(claims(
            r#"masking: { email: { type: kindOf('x'), show: { roles: [...STAFF] } }, ...shared },
                        //^^^^^^^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off.
                                                        //^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off.
                                                                       //^^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off.
realtime: { enabled: true, onInsert: !QUIET, requiredRoles: ['admin', roleOf('x')], fields: FIELDS },
                                   //^^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off.
                                                                    //^^^^^^^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off.
                                                                                          //^^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off."#,
        ) + r#"//- quickback/features/other.ts
import { feature, q } from '@quickback/compiler';
export default feature('other', { columns: { id: q.id() }, realtime: settings() });
                                                                   //^^^^^^^^^^ warning: This value is not known until the code runs, so realtime of "other" is generated as off.
//- quickback/services/realtime/ingest.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: nameOf(1), events: ['a', ...more], description: text() });
                                    //^^^^^^^^^ warning: This value is not known until the code runs, so this namespace is left out of the helper.
                                                                //^^^^ warning: This value is not known until the code runs, so this namespace is left out of the helper.
"#),
        "unresolved-value",
    );
}

#[test]
fn a_role_and_those_above_it_are_known_by_the_hierarchy_alone() {
    let of = |config: &str, effect: &str| {
        let masks = "masking: { email: { type: 'redact', show: { roles: ['admin', 'desk+'] } }, title: { show: { roles: ['desk+'] } }, nothing: { type: 'redact', show: { roles: ['desk+'] } } },";
        let first = if effect.is_empty() {
            String::new()
        } else {
            format!(
                "                                                           //^^^^^^^ warning: Which roles \"desk+\" stands for {effect}\n"
            )
        };
        let second = if effect.is_empty() {
            String::new()
        } else {
            format!(
                "                                                   //^^^^^^^^ warning: Which roles \"staff+\" stands for {effect}\n"
            )
        };
        claims(&format!("{masks}\n{first}realtime: {{ enabled: true, requiredRoles: ['member', 'staff+'] }},\n{second}"))
                + "//- quickback/features/off.ts
import { feature, q } from '@quickback/compiler';
export default feature('off', { columns: { id: q.id() }, realtime: { enabled: false, requiredRoles: ['staff+'] } });
//- quickback/quickback.config.ts\n" + config
    };
    let effect = "is not known until the code runs, so realtime of \"claims\" is generated as off.";
    for config in [
        "export default { auth: { roleHierarchy: load() } };\n",
        "import { STAFF } from '@acme/roles';\nexport default { auth: { roleHierarchy: STAFF } };\n",
    ] {
        check(&of(config, effect), "unresolved-value");
    }
    for config in [
        "export default { auth: { roleHierarchy: ['member', 'staff', 'desk'] } };\n",
        "export default {};\n",
        // Half-typed.
        "export default { auth: { roleHierarchy: ['member' 'staff', 'desk'] } };\n",
    ] {
        check_silent(&of(config, ""), "unresolved-value");
    }
}

#[test]
fn says_where_a_constant_is_changed() {
    let fixture = fixture(
            "//- quickback/features/claims.ts
import { feature, q } from '@quickback/compiler';
import { roles } from './roles';
const masking = {};
masking['email'] = { type: 'redact' };
export default feature('claims', { columns: { id: q.id() }, masking, realtime: { enabled: true, requiredRoles: [...roles] } });
//- quickback/features/roles.ts
export const roles = ['admin'];
roles.push('editor');
",
        );
    let found = crate::rules::check(
        &fixture.project,
        fixture.file("quickback/features/claims.ts"),
    );
    let found = found.iter().filter(|d| d.code == "unresolved-value");
    let found: Vec<_> = found
        .map(|d| {
            let related = d.related.first().expect("it says where");
            let place = fixture.project.relative(related.place.file);
            let at = fixture.project.text(related.place);
            format!("{} at {place}: {at}", related.message)
        })
        .collect();
    assert_eq!(
        found,
        [
            "What the constant holds is changed here at quickback/features/claims.ts: masking['email']",
            "What the constant holds is changed here at quickback/features/roles.ts: roles.push",
        ]
    );
}

#[test]
fn points_at_a_name_that_is_not_known() {
    check(
        r#"//- quickback/features/a.ts
import { defineTable, feature, q } from '@quickback/compiler';
export default feature(process.env.NAME, { columns: { id: q.id() }, realtime: { enabled: true, fields: list() } });
                     //^^^^^^^^^^^^^^^^ warning: This value is not known until the code runs, so this table cannot be listed and nothing is generated.
export const b = defineTable(make('claims'), { realtime: settings() });
                           //^^^^^^^^^^^^^^ warning: This value is not known until the code runs, so this table cannot be listed and nothing is generated.
export const c = defineTable(...all);
               //^^^^^^^^^^^ warning: This value is not known until the code runs, so this table cannot be listed and nothing is generated.
"#,
        "unresolved-value",
    );
}

#[test]
fn is_silent_on_a_name_where_nothing_is_sent_or_that_is_half_typed() {
    check_silent(
        "//- quickback/features/a.ts
import { defineTable, feature, q } from '@quickback/compiler';
import { claims } from '@acme/db';
export default defineTable(claims, { realtime: { enabled: true } });
export const a = feature(NAME, { columns: { id: q.id() } });
export const b = defineTable(make('claims'), { firewall: {}, realtime: { enabled: false } });
export const c = defineTable();
//- quickback/features/b.ts
import { defineTable } from '@quickback/compiler';
export default defineTable(make('claims', { realtime: { enabled: true } });
",
        "unresolved-value",
    );
}

#[test]
fn points_at_options_that_are_no_object() {
    check(
        r#"//- quickback/features/a.ts
import { defineTable, feature, q } from '@quickback/compiler';
export const claims = q.table('claims', { id: q.id() });
export default defineTable(claims, (t) => ({ realtime: { enabled: true } }));
                                 //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off.
export const a = feature('a', ...options);
                               //^^^^^^^ warning: This value is not known until the code runs, so realtime of "a" is generated as off.
"#,
        "unresolved-value",
    );
    check_silent(
        "//- quickback/features/a.ts
import { defineTable, q } from '@quickback/compiler';
export const claims = q.table('claims', { id: q.id() });
export default defineTable(claims);
export const again = defineTable(claims, undefined);
",
        "unresolved-value",
    );
}

#[test]
fn is_silent_on_what_is_followed_or_does_not_matter() {
    check_silent(
            &(claims("crud: someCrud(), firewall: wall(), masking: { email: { type: 'email', query: q1(), mask: (v) => v } },
realtime: { enabled: true, requiredRoles: ['admin'] },")
                + r#"//- quickback/features/off.ts
import { feature, q } from '@quickback/compiler';
import { FIELDS } from './shared';
export default feature('off', { columns: { id: q.id(), ...more }, masking: rules(), realtime: { enabled: false, fields: list() } });
export const on = feature('on', { columns: { id: q.id() }, realtime: { enabled: FIELDS.length, fields: FIELDS, enabled: true } });
//- quickback/features/shared.ts
export const FIELDS = ['id'] as const;
"#),
            "unresolved-value",
        );
}

#[test]
fn nobody_is_an_owner_whose_column_is_not_known() {
    let masking = r#"masking: { email: { type: 'email', show: { roles: ['admin'], or: 'owner' } } },
                                                               //^^^^^^^ warning: Which column of "people" holds the owner is not known until the code runs, so nobody is the owner of a record."#;
    for (columns, firewall) in [
        ("userId: q.text()", "firewall: ownedBy('assigneeId'),"),
        ("userId: q.text()", "firewall: { ...ownedBy() },"),
        ("userId: q.text()", "firewall: { owner: OWNER },"),
        ("userId: q.text(), ...more", ""),
        (
            "userId: q.text(), ...more",
            "firewall: { owner: { column: 'userId' } },",
        ),
        ("userId: q.text(), authorId: columnOf('author')", ""),
        (
            "userId: q.text()",
            "firewall: (context) => ownedBy(context),",
        ),
    ] {
        check(
            &format!(
                "//- quickback/features/people.ts
import {{ feature, q }} from '@quickback/compiler';
export default feature('people', {{
  columns: {{ id: q.id(), org: q.scope('organization'), email: q.email(), {columns} }},
{masking}
  {firewall}
  realtime: {{ enabled: true, fields: ['id', 'email'] }},
}});
"
            ),
            "unresolved-value",
        );
    }
}

#[test]
fn an_owner_that_is_named_is_known() {
    let masking = "masking: { email: { type: 'email', show: { roles: ['admin'], or: 'owner' } } },";
    for (columns, firewall) in [
        ("authorId: q.text()", "owner: { column: 'authorId' }"),
        (
            "authorId: q.scope('owner'), userId: columnOf('x'), ...more",
            "",
        ),
        ("userId: columnOf('x')", ""),
    ] {
        check_silent(
            &format!(
                "//- quickback/features/people.ts
import {{ feature, q }} from '@quickback/compiler';
export default feature('people', {{
  columns: {{ id: q.id(), org: q.scope('organization'), email: q.email(), {columns} }},
  {masking}
  firewall: {{ {firewall} }},
  realtime: {{ enabled: true, fields: ['id', 'email'] }},
}});
"
            ),
            "unresolved-value",
        );
    }
}

#[test]
fn what_stands_behind_a_spread_is_known() {
    check_silent(
            &claims(
                "masking: { email: { ...base, type: 'email', show: { ...who, roles: ['admin'], or: 'owner' } } },
realtime: { enabled: true },",
            ),
            "unresolved-value",
        );
}

#[test]
fn what_a_getter_answers_is_not_known() {
    check(
        &claims(
            r#"realtime: { enabled: true, get fields() { return ['id']; } },
                         //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off."#,
        ),
        "unresolved-value",
    );
    check_silent(
        &claims("realtime: { enabled: true, get fields() { return ['id']; } },"),
        "invalid-value",
    );
}

#[test]
fn reports_what_a_function_of_another_folder_defines() {
    const LIBRARY: &str = "//- quickback/lib/tables.ts
import { defineTable } from '@quickback/compiler';
export const orgTable = (table, options) => defineTable(table, { firewall: {}, ...options });
export const silent = (table, crud) => defineTable(table, { crud });
";
    let project = |definition: &str| {
        format!(
            "{LIBRARY}//- quickback/features/claims.ts
import {{ q }} from '@quickback/compiler';
import {{ claims }} from '@acme/db';
import {{ orgTable, silent }} from '../lib/tables';
const notes = q.table('notes', {{ id: q.id() }});
{definition}
"
        )
    };
    check(
        &project(
            r#"export default orgTable(claims, { realtime: { enabled: true } });
             //^^^^^^^^ warning: This value is not known until the code runs, so realtime of "claims" is generated as off."#,
        ),
        "unresolved-value",
    );
    check(
        &project(
            r#"export default orgTable(...claims);
             //^^^^^^^^ warning: This value is not known until the code runs, so this table cannot be listed and nothing is generated."#,
        ),
        "unresolved-value",
    );
    // A table that is listed anyway is off without its definition, too.
    check(
        &project(
            r#"export default orgTable(notes, { realtime: { enabled: true } });
             //^^^^^^^^ warning: This value is not known until the code runs, so realtime of "notes" is generated as off."#,
        ),
        "unresolved-value",
    );
    check(
        &project(
            r#"import { defineTable } from '@quickback/compiler';
export default defineTable.bind(null, notes)({});
             //^^^^^^^^^^^^^^^^ warning: This value is not known until the code runs, so this table cannot be listed and nothing is generated."#,
        ),
        "unresolved-value",
    );
    check(
        &(project(
            r#"export { default } from '../shared/tasks';
       //^^^^^^^ warning: This value is not known until the code runs, so realtime of "tasks" is generated as off."#,
        ) + "//- quickback/shared/tasks.ts
import { feature } from '@quickback/compiler';
export default feature('tasks', { columns: {}, realtime: { enabled: true } });
"),
        "unresolved-value",
    );
    for silent in [
        "export default silent(claims, {});",
        "export default silent(notes, {});",
        "export const make = (table) => orgTable(table, {});",
    ] {
        check_silent(&project(silent), "unresolved-value");
    }
}

#[test]
fn leaves_broken_code_to_the_syntax_error() {
    check_silent(
        &claims("realtime: { enabled: true, requiredRoles: ['admin' editor], onInsert: , },"),
        "unresolved-value",
    );
    check_silent(
        &claims("realtime: { enabled: true, requiredRoles: rolesOf('admin' 'editor') },"),
        "unresolved-value",
    );
}

#[test]
fn what_is_too_much_to_follow_is_said_to_be() {
    // More elements than are followed for one change.
    let elements = "{},".repeat(101_000);
    let fixture = fixture(&format!(
        "//- quickback/features/claims.ts
import {{ feature, q }} from '@quickback/compiler';
const rows = [{elements}];
const fields = ['id'];
rows[at].name.first = 'x';
export default feature('claims', {{ columns: {{ id: q.id() }}, firewall: {{ organization: {{}} }}, realtime: {{ enabled: true, fields }} }});
"
    ));
    let file = fixture.file("quickback/features/claims.ts");
    let found = crate::rules::check(&fixture.project, file);
    let finding = found.iter().find(|d| d.code == "unresolved-value").unwrap();
    assert_eq!(
        finding.message,
        "What changes this value is too much to follow, so realtime of \"claims\" is generated as off."
    );
    let related = finding.related.first().unwrap();
    assert_eq!(fixture.project.text(related.place), "rows[at].name.first");
}

#[test]
fn is_silent_on_a_namespace_that_is_never_picked_up() {
    check_silent(
        "//- quickback/features/ingest.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: nameOf(1), events: ['a'] });
//- quickback/services/realtime/ingest.ts
import { defineRealtime } from '@quickback/compiler';
export const ingest = defineRealtime({ name: nameOf(1), events: ['a'] });
",
        "unresolved-value",
    );
}

#[test]
fn leaves_what_another_file_leaves_broken_to_the_syntax_error() {
    let roles = |roles: &str| {
        let import = "import { ROLES } from './roles';\nexport default";
        claims("realtime: { enabled: true, requiredRoles: ROLES },")
            .replace("export default", import)
            + "//- quickback/features/roles.ts\n"
            + roles
    };
    check_silent(
        &roles("export const ROLES = [roleOf('x')];\nexport const other = {;\n"),
        "unresolved-value",
    );
    let fixture = fixture(&roles("export const ROLES = [roleOf('x')];\n"));
    let file = fixture.file("quickback/features/claims.ts");
    let found = crate::rules::check(&fixture.project, file);
    assert!(found.iter().any(|d| d.code == "unresolved-value"));
}
