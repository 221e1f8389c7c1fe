use crate::rules::testing::fixture;

const IMPORTS: &str = "import { defineTable, feature } from '@quickback/compiler';
import { pgTable, sqliteTable, text } from 'drizzle-orm/pg-core';
";

/// The tables that a feature file and `quickback/definitions/schema/all.ts` make: the name, the
/// database's name and the columns of each, `+` where there may be more, internal ones in brackets.
#[track_caller]
fn check(feature: &str, schema: &str, expected: &str) {
    let fixture = fixture(&format!(
        "//- quickback/features/a.ts
{IMPORTS}{feature}
//- quickback/definitions/schema/all.ts
{IMPORTS}{schema}
"
    ));
    let index = fixture.project.index();
    let columns = |columns: &crate::project::Columns| {
        let declared = columns.list.iter().filter(|c| c.place.is_some());
        let mut names: Vec<&str> = declared.map(|c| c.name.as_str()).collect();
        names.extend(columns.open.then_some("+"));
        names.join(" ")
    };
    let defined = index.tables.iter().flat_map(|(name, tables)| {
        tables.iter().map(move |table| {
            let database = table.database_name.as_deref().unwrap_or("?");
            format!("{name} {database}: {}", columns(&table.columns))
        })
    });
    let internal = index.internal.keys().map(|name| format!("[{name}]"));
    let found: Vec<String> = defined.chain(internal).collect();
    assert_eq!(found.join(", "), expected, "{feature}\n{schema}");
}

#[test]
fn a_table_is_followed_into_an_object_of_tables() {
    let schema = "const notes = sqliteTable('notes_db', { id: text('id') });
const more = { pets: sqliteTable('pets_db', { id: text('id'), age: text() }), claims: 1 };
export const schema = { ...more, notes, deep: { claims: notes }, claims: sqliteTable('claims_db', { id: text('id'), title: text() }) };
export default schema;";
    let import = "import { schema } from '../definitions/schema/all';\n";
    let of = |feature: &str, expected: &str| check(&format!("{import}{feature}"), schema, expected);
    of(
        "export default defineTable(schema.claims, {});",
        "claims claims_db: id title, [notes], [pets]",
    );
    of(
        "const c = schema['claims']; export default defineTable(c, {});",
        "claims claims_db: id title, [notes], [pets]",
    );
    of(
        "export default defineTable(schema.pets, {});",
        "pets pets_db: id age, [claims], [notes]",
    );
    of(
        "export default defineTable(schema.deep.claims, {});",
        "notes notes_db: id, [claims], [pets]",
    );
    check(
        "import all from '../definitions/schema/all'; export default defineTable(all.notes, {});",
        schema,
        "notes notes_db: id, [claims], [pets]",
    );
}

#[test]
fn a_module_may_be_spread_into_an_object_of_tables() {
    check(
        "import * as all from '../definitions/schema/all';
const schema = { ...all, ...{ other: 1 } };
export default defineTable(schema.claims, {});",
        "export const claims = sqliteTable('claims_db', { id: text('id') });",
        "claims claims_db: id",
    );
}

#[test]
fn an_object_that_spreads_itself_twice_ends() {
    let objects: String = (0..40)
        .map(|i| format!("const o{i} = {{ ...o{0}, ...o{0} }};\n", i + 1))
        .collect();
    check(
        &format!("{objects}const o40 = {{}};\nexport default defineTable(o0.claims, {{}});"),
        "",
        "claims ?: +",
    );
    check(
        "const a = { ...b }; const b = { ...a, ...a };\nexport default defineTable(a.claims, {});",
        "",
        "claims ?: +",
    );
}

#[test]
fn an_object_that_spreads_members_of_another_ends() {
    let own = "q0: {}, q1: {}, q2: {}, q3: {}";
    // More of them than this are deeper than names are followed.
    let objects: String = (0..20)
        .map(|i| {
            let spread = |m| format!("...o{}.q{m}", i + 1);
            let spreads: Vec<String> = (0..4).map(spread).collect();
            format!("const o{i} = {{ {own}, {} }};\n", spreads.join(", "))
        })
        .collect();
    for table in ["o0.claims", "mine"] {
        check(
            &format!(
                "{objects}const o20 = {{ {own} }};\nconst mine = o0.claims;\nexport default defineTable({table}, {{}});"
            ),
            "",
            "",
        );
    }
}

#[test]
fn files_that_take_a_name_from_each_other_end() {
    for (here, there) in [
        ("import { x } from", "import { x } from"),
        ("import { x } from", "export { x } from"),
    ] {
        let export = |import: &str| {
            let is_import = import.starts_with("import");
            if is_import { "export { x };" } else { "" }
        };
        check(
            &format!(
                "{here} '../definitions/schema/all'; {} export default defineTable(x, {{}});",
                export(here)
            ),
            &format!("{there} '../../features/a'; {}", export(there)),
            "x ?: +",
        );
    }
}

#[test]
fn what_cannot_be_read_has_the_name_that_it_is_taken_by() {
    let of = |feature: &str, expected: &str| {
        check(
            feature,
            "import { renamed } from '@acme/db';
export { original as claims } from '@acme/db';
export { renamed as notes };
export * from '@acme/db/more';",
            expected,
        );
    };
    for (import, table) in [
        ("import { claims } from '@acme/db'", "claims"),
        ("import { claims as c } from '@acme/db'", "c"),
        ("import { claims } from '#db'; const mine = claims", "mine"),
        ("import * as schema from '@acme/db'", "schema.claims"),
        ("import schema from '@acme/db'", "schema.claims"),
        ("import { db } from '@acme/db'", "db.schema.claims"),
        ("import { claims } from './gone'", "claims"),
        (
            "import db from '@acme/db'; const schema = { claims: db }",
            "schema.claims",
        ),
        (
            "import db from '@acme/db'; const schema = { ...db }",
            "schema.claims",
        ),
        ("const schema = { [key]: 1 }", "schema.claims"),
        ("const schema: any = {}; schema.claims = 1", "schema.claims"),
    ] {
        of(
            &format!("{import};\nexport default defineTable({table}, {{}});"),
            "claims ?: +",
        );
    }
    for (name, expected) in [
        ("claims", "original ?: +"),
        ("notes", "renamed ?: +"),
        ("pets", "pets ?: +"),
    ] {
        of(
            &format!(
                "import {{ {name} }} from '../definitions/schema/all';\nexport default defineTable({name}, {{}});"
            ),
            expected,
        );
    }
}

#[test]
fn a_renamed_table_has_one_name_behind_whatever_exports_all_of_it() {
    for barrel in [
        "export { original as claims } from '@acme/db';",
        "export * from '../../../src/a';\n//- src/a.ts\nexport { original as claims } from '@acme/db';",
        "export * from '../../../src/a';
//- src/a.ts
export * from '../quickback/definitions/schema/all'; export * from './b'; export * from './c';
//- src/b.ts
export const other = 1;
//- src/c.ts
import { original } from '@acme/db'; export { original as claims };",
    ] {
        check(
            "import { claims } from '../definitions/schema/all';\nexport default defineTable(claims, {});",
            barrel,
            "original ?: +",
        );
    }
}

#[test]
fn what_is_required_is_followed() {
    let schema = "const claims = sqliteTable('claims_db', { id: text('id') }); module.exports = { claims, renamed: claims };";
    let all = "require('../definitions/schema/all')";
    for (feature, expected) in [
        (
            format!("const {{ claims: c }} = {all}; module.exports = defineTable(c, {{}});"),
            "claims claims_db: id",
        ),
        (
            format!("const {{ renamed }} = {all}; module.exports = defineTable(renamed, {{}});"),
            "claims claims_db: id",
        ),
        (
            format!("const s = {all}; module.exports = defineTable(s.claims, {{}});"),
            "claims claims_db: id",
        ),
        (
            "const { notes: n } = require('@acme/db'); module.exports = defineTable(n, {});".into(),
            "notes ?: +, [claims]",
        ),
        (
            format!(
                "const {{ claims: c }} = {all}; function f(c) {{ return defineTable(c, {{}}); }}"
            ),
            "[claims]",
        ),
    ] {
        check(&feature, schema, expected);
    }
}

#[test]
fn what_is_exported_is_not_hidden_by_a_parameter_at_the_first_byte() {
    check(
        "import { claims } from '../definitions/schema/all';\nexport default defineTable(claims, {});",
        "export * from './b';
//- quickback/definitions/schema/b.ts
function f(claims) { return claims; }
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const claims = sqliteTable('claims_db', { id: text('id') });",
        "claims claims_db: id",
    );
}

#[test]
fn a_table_that_no_definition_takes_up_is_internal_wherever_it_stands() {
    for (schema, expected) in [
        ("export default sqliteTable('audit', {});", "[audit]"),
        (
            "export default withAudit(sqliteTable('audit', {}));",
            "[audit]",
        ),
        (
            "export const logs = pgSchema('shop').table('logs_db', {});",
            "[logs]",
        ),
        (
            "export const rls = withAudit(Object.freeze(pgTable('rls_db', {})));",
            "[rls]",
        ),
        ("export let lets = pgTable('lets_db', {});", "[lets]"),
        (
            "export const tables = { nested: { deep: pgTable('deep_db', {}) }, list: [pgTable('listed', {})] };",
            "[deep], [listed]",
        ),
        (
            "const table = pgTable; export const local = table('local_db', {});",
            "[local]",
        ),
        (
            "const table = pgTableCreator((name) => `a_${name}`); export const made = table('made_db', {});",
            "[made]",
        ),
        (
            "const table = (name, columns) => pgTable(name, { ...base, ...columns }); export const made = table('made_db', {});",
            "[made]",
        ),
        // Neither a definition nor what else is made of a table is one.
        (
            "export const def = defineTable(pgTable('inline', {}), {});",
            "inline inline: ",
        ),
        (
            "export const def = strict(defineTable(pgTable('inline', {}), {}));",
            "inline inline: ",
        ),
        (
            "export const claims = pgTable('claims_db', {}); export const more = relations(claims, {}); export const form = { claims };",
            "[claims]",
        ),
    ] {
        check("", schema, expected);
    }
}

#[test]
fn an_internal_table_is_taken_up_wherever_it_stands() {
    let takes = |import: &str, table: &str| {
        format!(
            "import {import} from '../definitions/schema/all'; export default defineTable({table}, {{}});"
        )
    };
    for (import, table, schema, expected) in [
        (
            "audit",
            "audit",
            "export default sqliteTable('audit_db', { id: text('id') });",
            "audit_db audit_db: id",
        ),
        (
            "{ rls }",
            "rls",
            "export const rls = withAudit(pgTable('rls_db', { id: text('id') }));",
            "rls ?: +",
        ),
        (
            "{ logs }",
            "logs",
            "export const logs = pgSchema('shop').table('logs_db', { id: text('id') });",
            "logs logs_db: id",
        ),
        (
            "{ tables }",
            "tables.nested.deep",
            "export const tables = { nested: { deep: pgTable('deep_db', { id: text('id') }) } };",
            "deep deep_db: id",
        ),
    ] {
        check(&takes(import, table), schema, expected);
    }
}

#[test]
fn a_name_is_not_guessed() {
    for table in [
        "create('claims', {})",
        "sqliteTable(`${PREFIX}claims`, { id: text('id') })",
        "cond ? claims : notes",
        "tables[0]",
        "made.table",
        "byDefault",
        "alias",
        "made().claims",
    ] {
        check(
            &format!(
                "import byDefault, {{ default as alias }} from '@acme/claims';
const made = make();
export default defineTable({table}, {{}});"
            ),
            "",
            "",
        );
    }
    check("export default feature(NAME, {});", "", "");
    check("export default defineTable(...all);", "", "");
}

#[test]
fn a_name_that_may_stand_for_several_tables_is_none() {
    for feature in [
        "const live = (table) => defineTable(table, {}); export default live(claims);",
        "const live = ({ table }) => defineTable(table, {}); export default live({ table: claims });",
        "function live(table) { return defineTable(table, {}); } export default live(claims);",
        "export const all = [claims, notes].map((t) => defineTable(t, {}));",
        "for (const table of [claims, notes]) defineTable(table, {});",
        "let table = claims; if (x) table = notes; export default defineTable(table, {});",
        "var table; table = notes; export default defineTable(table, {});",
        "const chosen = x ? claims : notes; export default defineTable(chosen, {});",
        "const chosen = (x && notes) || claims; export default defineTable(chosen, {});",
        "const chosen = [claims, notes][x]; export default defineTable(chosen, {});",
        "const chosen = x ? claims : notes; const mine = chosen; export default defineTable(mine, {});",
        "const all = { table: x ? claims : notes }; export default defineTable(all.table, {});",
        "const all = { table: x ? claims : notes }; const mine = all.table; export default defineTable(mine, {});",
        "const live = (table) => { const t = extend(table); return defineTable(t, {}); }; export default live(claims);",
    ] {
        check(
            &format!("import {{ claims, notes }} from '../definitions/schema/all';\n{feature}"),
            "export const claims = pgTable('claims', {}); export const notes = pgTable('notes', {});",
            "[claims], [notes]",
        );
    }
}

#[test]
fn a_variable_that_begins_as_a_table_is_one() {
    for keyword in ["let", "var"] {
        let schema =
            format!("export {keyword} claims = pgTable('claims_db', {{ id: text('id') }});");
        check(
            "import { claims } from '../definitions/schema/all';\nexport default defineTable(claims, {});",
            &schema,
            "claims claims_db: id",
        );
        check("", &schema, "[claims]");
        for made in ["withAudit(pgTable('claims_db', {}))", "make('claims_db')"] {
            check(
                "import { claims } from '../definitions/schema/all';\nexport default defineTable(claims, {});",
                &format!(
                    "const make = (name) => pgTable(name, {{}});\nexport {keyword} claims = {made};"
                ),
                "claims ?: +",
            );
        }
    }
}

#[test]
fn a_list_that_is_taken_apart_at_once_names_its_tables() {
    let table = "pgTable('claims_db', { id: text('id') })";
    for (pattern, list) in [
        ("claims", table),
        (", claims", &format!("0, {table}")),
        ("a, , claims", &format!("0, 1, {table}")),
        (
            "{ other }, claims, ...more",
            &format!("{{}}, {table}, ...all"),
        ),
    ] {
        check(
            "import { claims } from '../definitions/schema/all';\nexport default defineTable(claims, {});",
            &format!("export const [{pattern}] = [{list}];"),
            "claims claims_db: id",
        );
    }
    for (pattern, list) in [
        ("a, claims", format!("0, , {table}")),
        ("a, /* , */ claims", format!("0, {table}")),
        ("a, claims", format!("...all, {table}")),
        ("a, claims = b", format!("0, {table}")),
        ("a, ...claims", format!("0, {table}")),
    ] {
        check(
            &format!("const [{pattern}] = [{list}];\nexport default defineTable(claims, {{}});"),
            "",
            "",
        );
    }
}

#[test]
fn a_name_may_be_a_constant() {
    for name in ["'claims'", "NAME", "NAMES.claims"] {
        let names = "const NAME = 'claims'; const NAMES = { claims: 'claims' };";
        check(
            &format!(
                "{names}\nexport default defineTable(pgTable({name}, {{ id: text('id') }}), {{}});"
            ),
            "",
            "claims claims: id",
        );
    }
}

#[test]
fn a_table_is_one_whatever_is_called_on_it() {
    let schema = "export const claims = pgTable('claims_db', { id: text('id') }).enableRLS();
export const audit = pgTable.withRLS('audit_db', { id: text('id') });
export const chained = pgTable('chained_db', { id: text('id') }).a().b();
export const other = make('other').enableRLS();";
    check(
        "import { claims } from '../definitions/schema/all';\nexport default defineTable(claims, {});",
        schema,
        "claims claims_db: id, [audit], [chained]",
    );
    check(
        "export default defineTable(pgTable('inline', { id: text('id') }).enableRLS(), {});",
        "",
        "inline inline: id",
    );
}
