use std::path::Path;
use std::sync::Arc;

use generator::broadcaster::mask::MaskType;
use generator::model;

use super::{Looked, lower, lower_checked};
use crate::diagnostic::Severity;
use crate::facts::FileFacts;
use crate::rules::testing::{Fixture, fixture, fixture_with};
use crate::settings::Settings;

const IMPORTS: &str =
    "import { defineTable, defineRealtime, feature, q } from '@quickback/compiler';\n";

fn project(config: &str, options: &str) -> String {
    format!(
        "//- quickback/quickback.config.ts
export default {config};
//- quickback/features/claims.ts
{IMPORTS}
export const claims = q.table('open_claims', {{ id: q.id(), orgId: q.scope('organization'), ownerId: q.text(), email: q.email(), amount: q.int() }});
export default defineTable(claims, {options});
"
    )
}

const HIERARCHY: &str = "{ auth: { roleHierarchy: ['member', 'editor', 'admin'] } }";

fn table(fixture: &Fixture) -> model::Table {
    let [table] = <[model::Table; 1]>::try_from(lower(&fixture.project).tables).unwrap();
    table
}

#[track_caller]
fn realtime(options: &str) -> Option<model::Realtime> {
    table(&fixture(&project(HIERARCHY, options))).realtime
}

/// What of the generated files a project's definitions stop, as `path code`.
fn reasons(fixture: &Fixture) -> Vec<String> {
    lower_checked(&fixture.project, &[], &Looked::default())
        .err()
        .map(|blocked| blocked.reasons)
        .unwrap_or_default()
        .iter()
        .map(|reason| format!("{} {}", reason.path, reason.code))
        .collect()
}

#[test]
fn a_table_is_read_with_its_roles_expanded() {
    let fixture = fixture(&project(
        HIERARCHY,
        "{
  masking: { amount: { type: 'redact', show: { roles: ['editor+', 'auditor', 'admin'], or: 'owner' } }, email: { type: 'custom', mask: x, show: { roles: ['everyone'] } } },
  realtime: { enabled: true, onDelete: false, requiredRoles: ['editor+', 'admin', 'auditor'], fields: ['id', 'id', 'titel', 'amount'] },
}",
    ));
    insta::assert_debug_snapshot!(lower(&fixture.project));
}

#[test]
fn what_is_off_or_absent_is_not_sent() {
    for options in [
        "{}",
        "{ realtime: {} }",
        "{ realtime: { enabled: false, fields: ['id'] } }",
        "{ realtime: { enabled: 'true' } }",
    ] {
        assert_eq!(realtime(options), None, "{options}");
    }
    assert!(realtime("{ realtime: { enabled: true } }").is_some());
}

#[test]
fn what_cannot_be_resolved_is_off() {
    for options in [
        "options",
        "{ ...more }",
        "{ realtime: { enabled: true }, ...more }",
        "{ realtime: more }",
        "{ realtime: { enabled: isOn() } }",
        "{ realtime: { enabled: true, onInsert: isOn() } }",
        "{ realtime: { enabled: true, ...more } }",
        "{ realtime: { enabled: true, requiredRoles: roles() } }",
        "{ realtime: { enabled: true, requiredRoles: ['admin', ...more] } }",
        "{ realtime: { enabled: true, fields: ['id', name()] } }",
        "{ realtime: { enabled: true }, masking: masks() }",
        "{ realtime: { enabled: true }, masking: { ...more } }",
        "{ realtime: { enabled: true }, masking: { [name]: { type: 'email' } } }",
        "{ realtime: { enabled: true }, masking: { email: rule() } }",
        "{ realtime: { enabled: true }, masking: { email: { type: kind() } } }",
        "{ realtime: { enabled: true }, masking: { email: { type: 'email', show: { roles: [...more] } } } }",
        "{ realtime: { enabled: true }, masking: { email: { type: 'email', show: { or: who() } } } }",
    ] {
        assert_eq!(realtime(options), None, "{options}");
    }
}

#[test]
fn a_name_is_listed_once() {
    let options = "{ masking, realtime: { enabled: true } }";
    for (above, below) in [
        ("export type OnClaims = (claims: string[]) => void;", ""),
        (
            "interface Api { list(masking: boolean, claims: unknown): void }",
            "",
        ),
        (
            "",
            "//- quickback/features/archive.ts
import { q } from '@quickback/compiler';
export const claims = q.table('archive', { id: q.id() });
",
        ),
    ] {
        let above = format!("{IMPORTS}{above}\nconst masking = {{}};\n");
        let text = project(HIERARCHY, options).replace(IMPORTS, &above) + below;
        let table = table(&fixture(&text));
        assert_eq!(table.source, "quickback/features/claims.ts", "{text}");
        assert!(table.realtime.is_some() && !table.open, "{text}");
    }
}

#[test]
fn what_is_changed_after_it_was_made_is_off() {
    let of = |above: &str, options: &str, shared: &str| {
        let imports = format!(
            "{IMPORTS}import * as all from '../shared';\nimport {{ base, masks }} from '../shared';\n{above}\n"
        );
        let text = project(HIERARCHY, options).replace(IMPORTS, &imports);
        table(&fixture(&format!(
            "{text}//- quickback/shared.ts
export const masks = {{}};
export const base = {{ masking: masks, realtime: {{ enabled: true, requiredRoles: ['admin'] }} }};
{shared}
"
        )))
        .realtime
    };
    for (above, options, shared) in [
        (
            "const masking: Record<string, { type: 'redact' }> = {};
for (const column of ['email']) masking[column] = { type: 'redact' };",
            "{ masking, realtime: { enabled: true } }",
            "",
        ),
        (
            "const options = { realtime: { enabled: true } } as any;
options.masking = { email: { type: 'redact' } };",
            "options",
            "",
        ),
        (
            "const options = { realtime: { enabled: true, requiredRoles: ['admin'] } };
options.realtime.requiredRoles = ['editor'];",
            "options",
            "",
        ),
        (
            "const roles = ['admin']; roles.push('editor');",
            "{ realtime: { enabled: true, requiredRoles: roles } }",
            "",
        ),
        (
            "const roles = ['admin']; roles.push('editor');",
            "{ realtime: { enabled: true, requiredRoles: [...roles, 'admin'] } }",
            "",
        ),
        (
            "const email: any = { type: 'redact' }; email.show = { roles: ['editor'] };",
            "{ masking: { email }, realtime: { enabled: true } }",
            "",
        ),
        ("base.realtime.requiredRoles.length = 0;", "base", ""),
        (
            "base.masking.email = { type: 'redact' };",
            "{ ...base }",
            "",
        ),
        (
            "Object.assign(masks, { email: { type: 'redact' } });",
            "{ masking: masks, realtime: { enabled: true } }",
            "",
        ),
        ("all.base.masking = {};", "all.base", ""),
        (
            "",
            "base",
            "Object.assign(base.masking, { email: { type: 'redact' } });",
        ),
        ("", "{ ...all.base }", "masks.email = { type: 'redact' };"),
        (
            "",
            "{ realtime: base.realtime, masking: masks }",
            "Object.assign(base.masking, { email: { type: 'redact' } });",
        ),
    ] {
        assert_eq!(
            of(above, options, shared),
            None,
            "{above} {options} {shared}"
        );
    }
    for options in [
        "base",
        "{ ...base }",
        "all.base",
        "{ masking: masks, realtime: { enabled: true } }",
    ] {
        assert!(of("", options, "").is_some(), "{options}");
    }
}

#[test]
fn a_hierarchy_that_cannot_be_resolved_has_no_higher_roles() {
    let config = "{ auth: { roleHierarchy: rolesOf() } }";
    let of = |options: &str| lower(&fixture(&project(config, options)).project);
    let plus = of("{ realtime: { enabled: true, requiredRoles: ['admin+'] } }");
    assert_eq!(plus.tables.first().unwrap().realtime, None);
    let plain = of("{ realtime: { enabled: true, requiredRoles: ['admin'] } }");
    assert!(plain.tables.first().unwrap().realtime.is_some());
    assert!(plain.roles.hierarchy.is_empty());
    assert_eq!(plain.roles.others, ["admin", "member", "owner"]);
}

#[test]
fn what_is_wrong_is_never_wider() {
    let roles = |roles: &str| {
        realtime(&format!(
            "{{ realtime: {{ enabled: true, requiredRoles: {roles} }} }}"
        ))
        .unwrap()
        .required_roles
    };
    assert_eq!(roles("['*']"), Some(vec![]));
    assert_eq!(roles("'admin'"), Some(vec![]));
    assert_eq!(roles("[1]"), Some(vec![]));
    assert_eq!(roles("['PUBLIC', 'everyone', 'auditor+']"), Some(vec![]));
    let fields =
        realtime("{ realtime: { enabled: true, fields: 'id', onInsert: 'yes' } }").unwrap();
    assert_eq!((fields.fields, fields.insert), (Some(vec![]), false));
    let masks = table(&fixture(&project(
        HIERARCHY,
        "{ masking: { email: { type: 'e-mail', show: { roles: ['admin'] } }, nothing: { type: 'email' } } }",
    )))
    .masks;
    assert_eq!(masks.len(), 1);
    assert!(
        masks
            .iter()
            .all(|mask| mask.kind == MaskType::Redact && mask.show_roles.is_empty())
    );
}

#[test]
fn a_preview_follows_the_typing() {
    for (options, roles, fields) in [
        (
            "{ realtime: { enabled: true, requiredRoles: ['admin' ed] } }",
            Some(1),
            None,
        ),
        (
            "{ realtime: { enabled: true, requiredRoles: } }",
            Some(0),
            None,
        ),
        (
            "{ realtime: { enabled: true, fields: ['id', 'amount', ] , : } }",
            None,
            Some(2),
        ),
        (
            "{ realtime: { enabled: true }, masking: { email: { type: 'email', : } } }",
            None,
            None,
        ),
        ("{ realtime: { enabled: true }, }}", None, None),
    ] {
        let read = realtime(options).unwrap_or_else(|| panic!("off: {options}"));
        assert_eq!(read.required_roles.map(|r| r.len()), roles, "{options}");
        assert_eq!(read.fields.map(|f| f.len()), fields, "{options}");
        let fixture = fixture(&project(HIERARCHY, options));
        assert!(
            lower_checked(&fixture.project, &[], &Looked::default()).is_err(),
            "{options}"
        );
    }
    let half = fixture(&project(
        HIERARCHY,
        "{ masking: { email: { type: 'email', : } } }",
    ));
    assert!(
        table(&half)
            .masks
            .iter()
            .all(|mask| mask.kind == MaskType::Redact)
    );
}

#[test]
fn internal_tables_and_namespaces_are_listed() {
    let fixture = fixture(&format!(
        "//- quickback/features/a.ts
{IMPORTS}
export const notes = q.table('notes', {{ id: q.id() }});
export default feature('tips', {{ columns: {{ id: q.id() }} }});
//- quickback/services/realtime/ingest.ts
{IMPORTS}
export default defineRealtime({{ name: 'ingest', events: ['started', 'started', 'done'], description: 'Feeds.' }});
//- quickback/services/realtime/unread.ts
{IMPORTS}
export default defineRealtime({{ name: 'unread', events: [...more] }});
//- quickback/services/realtime/named.ts
{IMPORTS}
export const named = defineRealtime({{ name: 'named', events: ['a'] }});
"
    ));
    insta::assert_debug_snapshot!(lower(&fixture.project));
}

#[test]
fn errors_in_definitions_stop_generation() {
    let claims = "quickback/features/claims.ts";
    for (options, code) in [
        ("{ realtime: { enabled: 'yes' } }", "invalid-value"),
        (
            "{ realtime: { enabled: true, requiredRoles: ['*'] } }",
            "invalid-role",
        ),
        (
            "{ masking: { email: { type: 'e-mail' } } }",
            "unknown-mask-type",
        ),
        ("{ realtime: { enabled: true, : } }", "syntax-error"),
        ("{ crud: { a b } }", "syntax-error"),
    ] {
        assert_eq!(
            reasons(&fixture(&project(HIERARCHY, options))),
            [format!("{claims} {code}")],
            "{options}"
        );
    }
}

#[test]
fn severities_and_suppressions_change_nothing() {
    let text = project(
        HIERARCHY,
        "{ realtime: { enabled: true,
  // quickback-realtime-ignore invalid-role: not now
  requiredRoles: ['*'] } }",
    );
    let rules = [
        ("invalid-role".to_owned(), None),
        ("unknown-role".to_owned(), Some(Severity::Error)),
    ];
    let settings = Settings {
        rules: rules.into(),
        ..Settings::default()
    };
    assert_eq!(
        reasons(&fixture_with(&text, settings.clone())),
        ["quickback/features/claims.ts invalid-role"]
    );
    let text = project(
        HIERARCHY,
        "{ realtime: { enabled: true, requiredRoles: ['edtor'] } }",
    );
    assert_eq!(reasons(&fixture_with(&text, settings)), [""; 0]);
}

#[test]
fn errors_at_calls_and_unknown_fields_stop_nothing() {
    let text = project(
        HIERARCHY,
        "{ realtime: { enabled: true, fields: ['id', 'titel'] } }",
    ) + "//- src/a.ts
import { createRealtime } from '../lib/realtime';
export const run = (env, org) => createRealtime(env).nothing.there({}, { scopeKey: org }, { maskingConfig: { a: { type: 'b' } } });
export const half = (env) => createRealtime(env).insert('claims', {,
//- quickback/features/handlers/b.ts
import { createRealtime } from '../../lib/realtime';
export const run = (env, org) => createRealtime(env).nothing.there({}, org) +;
";
    assert_eq!(reasons(&fixture(&text)), [""; 0]);
}

#[test]
fn what_definitions_are_read_from_has_to_parse() {
    let text = "//- quickback/quickback.config.ts
export default { auth: { roleHierarchy: ['member', 'admin' } };
//- src/shared.ts
export const FIELDS = ['id'];
export const half = [1, ;
//- src/other.ts
export const half = [1, ;
//- quickback/features/claims.ts
import { defineTable, q } from '@quickback/compiler';
import { FIELDS } from '../../src/shared';
export const claims = q.table('claims', { id: q.id(), orgId: q.scope('organization') });
export default defineTable(claims, { realtime: { enabled: true, fields: FIELDS } });
//- quickback/features/lost.ts
import { defineTable, q } from '@quickback/compiler';
export default defineTable({{{
";
    assert_eq!(
        reasons(&fixture(text)),
        [
            "quickback/features/lost.ts syntax-error",
            "quickback/quickback.config.ts syntax-error",
            "src/shared.ts syntax-error",
        ]
    );
}

#[test]
fn unreadable_definitions_and_wrong_settings_stop_generation() {
    let settings = Settings {
        mistake: Some("\"src\" is a folder.".to_owned()),
        ..Settings::default()
    };
    let fixture = fixture_with(&project(HIERARCHY, "{}"), settings);
    let unread = [
        Path::new("/project/quickback/features/other.ts"),
        Path::new("/project/src/handler.ts"),
    ];
    let blocked = lower_checked(&fixture.project, &unread, &Looked::default()).unwrap_err();
    assert_eq!(
        blocked.to_string(),
        "Nothing is generated until 2 errors are mended, the first of them in quickback-realtime.json: these settings have mistakes, so where the outputs go cannot be told. \"src\" is a folder. (invalid-value)"
    );
}

#[test]
fn what_was_found_the_last_time_counts_only_while_it_holds() {
    let first = project(
        HIERARCHY,
        "{ realtime: { enabled: true, requiredRoles: ['editor+'], fields: ['id'] } }",
    );
    let fixture = fixture(&format!(
        "{first}//- quickback/features/other.ts\n{IMPORTS}export default 1;\n"
    ));
    let claims = "quickback/features/claims.ts";
    let text = fixture.files.get(claims).unwrap().clone();
    let config = "quickback/quickback.config.ts";
    let other = "quickback/features/other.ts";
    let same_name = format!(
        "{IMPORTS}const claims = q.table('x', {{ id: q.id(), orgId: q.scope('organization') }});\nexport default defineTable(claims, {{ realtime: {{ enabled: true }} }});\n"
    );
    let looked = Looked::default();
    let mut outcomes = Vec::new();
    for (path, edited) in [
        (claims, text.replace("'editor+'", "'nobody+'")),
        (claims, text.clone()),
        (
            config,
            "export default { auth: { roleHierarchy: ['member', 'admin'] } };".into(),
        ),
        (config, format!("export default {HIERARCHY};")),
        (other, same_name),
        (other, String::new()),
        (claims, text.replace("enabled: true", "enabled: 'yes'")),
        (claims, text.clone()),
    ] {
        let facts = FileFacts::of_text(&edited, Path::new(path));
        let file = fixture.file(path);
        fixture.project.set_facts(file, Some(Arc::new(facts)));
        let again = lower_checked(&fixture.project, &[], &looked);
        assert_eq!(
            again,
            lower_checked(&fixture.project, &[], &Looked::default()),
            "{path}: {edited}"
        );
        outcomes.push(again.is_ok());
    }
    assert_eq!(
        outcomes,
        [false, true, false, true, false, true, false, true]
    );
}
