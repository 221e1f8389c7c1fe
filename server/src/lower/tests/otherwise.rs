//! Definitions that are made under another name.

use super::reasons;
use crate::lower::lower;
use crate::rules::testing::{check_silent, fixture};

/// The tables of a project, each with its roles if it is on, its owner if it has one, and the columns
/// that it masks; or what stops generation.
fn tables(text: &str) -> String {
    let fixture = fixture(text);
    let stopped = reasons(&fixture);
    if !stopped.is_empty() {
        return stopped.join(", ");
    }
    let mut tables = lower(&fixture.project).tables;
    let said = tables.iter_mut().map(|table| {
        let realtime = table.realtime.take();
        let roles = realtime.map(|r| format!(" to {:?}", r.required_roles.unwrap_or_default()));
        let masks: Vec<&str> = table
            .masks
            .iter()
            .map(|mask| mask.column.as_str())
            .collect();
        let owner = table.owner.as_ref().map(|owner| format!(" of {owner}"));
        let (roles, owner) = (roles.unwrap_or_default(), owner.unwrap_or_default());
        format!("{}{roles}{owner} {masks:?}", table.name)
    });
    said.collect::<Vec<_>>().join(", ")
}

const FEATURE: &str = "'claims', { columns: { id: q.id(), holder: q.scope('owner'), note: q.text() }, masking: { note: { type: 'redact' } }, realtime: { enabled: true, requiredRoles: ['admin'] } }";
const TABLE: &str = "claims, { masking: { note: { type: 'redact' } }, realtime: { enabled: true, requiredRoles: ['admin'] } }";

/// What is read of a table that `feature` defines, and of one that `defineTable` does: these stand for
/// `DEFINE`, and what they are handed for `ARGS`.
fn features(definition: &str, shared: &str) -> [String; 2] {
    let of = |function: &str, arguments: &str, before: &str| {
        let put = |text: &str| text.replace("DEFINE", function).replace("ARGS", arguments);
        let (definition, shared) = (put(definition), put(shared));
        tables(&format!(
            "//- quickback/features/claims.ts\n{before}\n{definition}\n//- quickback/shared/make.ts\n{shared}\n//- quickback/shared/barrel.ts\nexport * from './make';\nexport {{ {function} as named }} from './make';\n"
        ))
    };
    [
        of(
            "feature",
            FEATURE,
            "import { q } from '@quickback/compiler';",
        ),
        of(
            "defineTable",
            TABLE,
            "import { q } from '@quickback/compiler';\nexport const claims = q.table('claims', { id: q.id(), holder: q.scope('owner'), note: q.text() });",
        ),
    ]
}

#[test]
fn a_definition_is_read_under_any_name_of_its_function() {
    const MAKE: &str = "export { DEFINE } from '@quickback/compiler';";
    for (definition, shared) in [
        (
            "import { DEFINE } from '@quickback/compiler'; export default (DEFINE as any)(ARGS);",
            "",
        ),
        (
            "import { DEFINE } from '@quickback/compiler'; const make = DEFINE; export default make(ARGS);",
            "",
        ),
        (
            "import { DEFINE } from '@quickback/compiler'; export default DEFINE.call(null, ARGS);",
            "",
        ),
        (
            "import * as quickback from '@quickback/compiler'; const { DEFINE } = quickback; export default DEFINE(ARGS);",
            "",
        ),
        (
            "const { DEFINE } = require('@quickback/compiler'); export default DEFINE(ARGS);",
            "",
        ),
        (
            "import { DEFINE } from '../shared/make'; export default DEFINE(ARGS);",
            MAKE,
        ),
        (
            "import { DEFINE as make } from '../shared/barrel'; export default make(ARGS);",
            MAKE,
        ),
        (
            "import { named } from '../shared/barrel'; export default named(ARGS);",
            MAKE,
        ),
        (
            "import * as all from '../shared/barrel'; export default all.DEFINE(ARGS);",
            MAKE,
        ),
        (
            "import * as all from '../shared/barrel'; const { DEFINE: make } = all; export default (make as any)(ARGS);",
            MAKE,
        ),
        (
            "import { DEFINE } from '../shared/make'; export default DEFINE.call(null, ARGS);",
            MAKE,
        ),
        (
            "import { DEFINE } from '../shared/make'; export default 1 < 2 ? DEFINE(ARGS) : undefined;",
            MAKE,
        ),
        (
            "import { DEFINE } from '../shared/make'; let made; made = DEFINE(ARGS); export default made;",
            MAKE,
        ),
        (
            "import { DEFINE } from '../shared/make'; export default DEFINE(ARGS);",
            "export * from '@quickback/compiler';",
        ),
        (
            "import { make } from '../shared/make'; export default make(ARGS);",
            "export { DEFINE as make } from '@quickback/compiler';",
        ),
        (
            "import { make } from '../shared/make'; export default make(ARGS);",
            "import { DEFINE } from '@quickback/compiler'; export const make = DEFINE;",
        ),
        (
            "import { make } from '../shared/make'; export default make(ARGS);",
            "import { DEFINE } from '@quickback/compiler'; export { DEFINE as make };",
        ),
        (
            "import { make } from '../shared/make'; export default make(ARGS);",
            "import * as all from '@quickback/compiler'; export const make = all.DEFINE as any;",
        ),
        (
            "import make from '../shared/make'; export default make(ARGS);",
            "import { DEFINE } from '@quickback/compiler'; export default DEFINE;",
        ),
        (
            "import { all } from '../shared/make'; export default all.DEFINE(ARGS);",
            "export * as all from '@quickback/compiler';",
        ),
    ] {
        let expected = "claims to [\"admin\"] of holder [\"note\"]";
        assert_eq!(
            features(definition, shared),
            [expected; 2],
            "{definition}\n{shared}"
        );
    }
}

#[test]
fn what_a_function_is_handed_otherwise_stops_generation() {
    const STOPPED: &str = "quickback/features/claims.ts unresolved-value";
    const MAKE: &str = "export { DEFINE } from '@quickback/compiler';";
    for (definition, shared) in [
        (
            "import { DEFINE } from '@quickback/compiler'; export default DEFINE.apply(null, [ARGS]);",
            "",
        ),
        (
            "import { DEFINE } from '@quickback/compiler'; const make = DEFINE.bind(null, 'claims'); export default make({});",
            "",
        ),
        (
            "import { DEFINE } from '../shared/make'; export default DEFINE.apply(null, [ARGS]);",
            MAKE,
        ),
        (
            "import { DEFINE } from '../shared/make'; const make = (...all) => DEFINE(...all); export default make(ARGS);",
            MAKE,
        ),
        (
            "import { make } from '../shared/make'; export default make(ARGS);",
            "import { DEFINE } from '@quickback/compiler'; export const make = DEFINE.bind(null);",
        ),
    ] {
        assert_eq!(
            features(definition, shared),
            [STOPPED; 2],
            "{definition}\n{shared}"
        );
    }
}

#[test]
fn what_a_function_of_another_file_defines_is_off() {
    for (definition, shared) in [
        (
            "import { make } from '../shared/make'; export default make(ARGS);",
            "import { DEFINE } from '@quickback/compiler'; export const make = (subject, options) => DEFINE(subject, options);",
        ),
        (
            "import { all } from '../shared/make'; export default all.make(ARGS);",
            "import { DEFINE } from '@quickback/compiler'; export const all = { make(subject, options) { return DEFINE(subject, options); } };",
        ),
        (
            "import { make } from '../shared/make'; export default make(ARGS);",
            "import { DEFINE } from './more'; export function make(subject, options) { const all = { ...options }; return DEFINE(subject, all); }\n//- quickback/shared/more.ts\nexport * from '@quickback/compiler';",
        ),
    ] {
        assert_eq!(
            features(definition, shared),
            ["claims []"; 2],
            "{definition}\n{shared}"
        );
    }
}

#[test]
fn a_default_export_that_another_file_defines_is_off() {
    let shared = format!(
        "//- quickback/shared/claims.ts
import {{ defineTable, feature, q }} from '@quickback/compiler';
import {{ make }} from './make';
export const claims = feature({FEATURE});
export const other = make({FEATURE});
export default claims;
//- quickback/shared/make.ts
import {{ feature }} from '@quickback/compiler';
export const make = (name, options) => feature(name, options);
export const plain = (name, options) => ({{ name, options }});
"
    );
    for definition in [
        "export { default } from '../shared/claims';",
        "export { claims as default } from '../shared/claims';",
        "export { other as default } from '../shared/claims';",
        "import claims from '../shared/claims'; export default claims;",
        "import { claims } from '../shared/claims'; export { claims as default };",
    ] {
        let project = format!("//- quickback/features/claims.ts\n{definition}\n{shared}");
        assert_eq!(tables(&project), "claims []", "{definition}");
    }
    for definition in [
        "export * from '../shared/claims';",
        "export { make as default } from '../shared/make';",
        "import { claims } from '../shared/claims'; export default () => claims;",
        "import { plain } from '../shared/make'; export default plain('claims', { realtime: { enabled: true } });",
        "import { feature } from '@acme/features'; export default feature('claims', { realtime: { enabled: true } });",
        "import { defineActions } from '@quickback/compiler'; const define = defineActions; export default define('claims', {});",
    ] {
        let project = format!("//- quickback/features/claims.ts\n{definition}\n{shared}");
        assert_eq!(tables(&project), "", "{definition}");
        check_silent(&project, "unresolved-value");
    }
}

#[test]
fn columns_are_read_under_any_name_of_q() {
    for (q, shared) in [
        (
            "import { q } from '../shared/make';",
            "export { q } from '@quickback/compiler';",
        ),
        (
            "import { c as q } from '../shared/make';",
            "export { q as c } from '@quickback/compiler';",
        ),
        (
            "import { c } from '../shared/make';",
            "import { q } from '@quickback/compiler'; export const c = q;",
        ),
        ("import { q } from '@quickback/compiler'; const c = q;", ""),
        (
            "import * as all from '@quickback/compiler'; const { q: c } = all;",
            "",
        ),
    ] {
        let name = if q.contains("as q }") || q.contains("{ q } from '../") {
            "q"
        } else {
            "c"
        };
        let project = format!(
            "//- quickback/features/claims.ts\nimport {{ feature }} from '@quickback/compiler';\n{q}\nexport default feature({});\n//- quickback/shared/make.ts\n{shared}\n",
            FEATURE.replace("q.", &format!("{name}."))
        );
        let expected = "claims to [\"admin\"] of holder [\"note\"]";
        assert_eq!(tables(&project), expected, "{q} {shared}");
    }
}

#[test]
fn a_namespace_is_read_under_any_name_of_its_function() {
    let fixture = fixture(
        "//- quickback/services/realtime/presence.ts
import { make } from '../../shared/make';
export default make({ name: 'presence', events: ['joined'] });
//- quickback/shared/make.ts
export { defineRealtime as make } from '@quickback/compiler';
",
    );
    let namespaces = lower(&fixture.project).namespaces;
    let names: Vec<_> = namespaces.iter().map(|n| n.name.as_str()).collect();
    assert_eq!(names, ["presence"]);
}

/// What is read of a definition by what nothing is known of, without and with what does not parse.
#[test]
fn what_is_handed_to_something_unknown_is_off() {
    const TABLE: &str = "//- src/schema.ts
import { pgTable, text } from 'drizzle-orm/pg-core';
export const claims = pgTable('claims', { id: text('id'), note: text('note') });
//- quickback/features/claims.ts
import { claims } from '../../src/schema';";
    const OPTIONS: &str =
        "{ masking: { note: { type: 'redact' } }, realtime: { enabled: true, fields: ['id'] } }";
    for definition in [
        "import { orgTable } from '@acme/qb'; export default orgTable(claims, OPTIONS);",
        "import { orgTable } from '@acme/qb'; export default orgTable(claims)(OPTIONS);",
        "import qb from '@quickback/compiler'; export default qb.defineTable(claims, OPTIONS);",
        "import { defineTable } from '@quickback/compile'; export default defineTable(claims, OPTIONS);",
        "import { table } from '../lib/nowhere'; export default table(claims, OPTIONS);",
        "import { table } from '../lib/qb'; export default table(claims, OPTIONS);",
        "const { defineTable: dt } = await import('@quickback/compiler'); export const x = dt(claims, OPTIONS);",
        "import { withDefaults } from '@acme/qb'; const options = OPTIONS; export default withDefaults({})(claims, options);",
    ] {
        let definition = definition.replace("OPTIONS", OPTIONS);
        let project = format!("{TABLE}\n{definition}\n//- quickback/lib/qb.ts\nexport {{}};\n");
        assert_eq!(tables(&project), "claims []", "{definition}");
        let fixture = fixture(&project);
        let file = fixture.file("quickback/features/claims.ts");
        let found = crate::rules::check(&fixture.project, file);
        let codes: Vec<&str> = found.iter().map(|found| found.code).collect();
        assert!(
            codes.contains(&"unresolved-value"),
            "{codes:?} {definition}"
        );
    }
    for other in [
        "import { createClient } from '@supabase/supabase-js'; export const client = createClient(URL, KEY, { realtime: { params: {} } });",
        "import { orgTable } from '@acme/qb'; export const x = orgTable(claims, { fields: ['id'] });",
        "import { make } from '@acme/qb'; export const x = make({ realtime: { enabled: true } });",
        "import { make } from '@acme/qb'; export const x = make('claims', { realtime: { enabled: true } });",
    ] {
        let project = format!("{TABLE}\n{other}\n");
        assert_eq!(tables(&project), "", "{other}");
        check_silent(&project, "unresolved-value");
    }
}

#[test]
fn what_may_have_been_a_definition_has_to_parse() {
    const QB: &str = "export { defineTable as table } from '@quickback/compiler';";
    const CLAIMS: &str = "import { table } from '../lib/qb';
import { q } from '@quickback/compiler';
export const claims = q.table('claims', { id: q.id() });
export default table(claims, { realtime: { enabled: true } });";
    let of = |claims: &str, qb: &str| {
        tables(&format!(
            "//- quickback/features/claims.ts\n{claims}\n//- quickback/lib/qb.ts\n{qb}\n"
        ))
    };
    assert_eq!(of(CLAIMS, QB), "claims to [] []");
    for (broken, by) in [
        (
            CLAIMS.replace("export default", "<<<<<<< HEAD\nexport default"),
            "",
        ),
        (
            CLAIMS.replace("export default", "foo((\nexport default"),
            "",
        ),
        (CLAIMS.replace("{ enabled: true } });", ""), ""),
        (
            "import { orgTable } from '../lib/qb';\nexport default orgTable(claims, {".to_owned(),
            "",
        ),
        (
            CLAIMS.to_owned(),
            "export { defineTable as table from '@quickback/compiler';",
        ),
        (CLAIMS.to_owned(), "export { defineTable as tab"),
    ] {
        let (file, qb) = match by {
            "" => ("quickback/features/claims.ts", QB),
            by => ("quickback/lib/qb.ts", by),
        };
        assert_eq!(
            of(&broken, qb),
            format!("{file} syntax-error"),
            "{broken}\n{qb}"
        );
    }
}
