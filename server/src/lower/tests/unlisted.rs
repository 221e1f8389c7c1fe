//! Tables whose names are not known.

use super::{IMPORTS, reasons};
use crate::lower::lower;
use crate::rules::testing::fixture;

fn project(definition: &str) -> String {
    format!("//- quickback/features/claims.ts\n{IMPORTS}\n{definition}\n")
}

#[test]
fn what_cannot_be_listed_stops_generation() {
    for definition in [
        "export default feature(process.env.NAME, { columns: { id: q.id() }, realtime: { enabled: true } });",
        // A table that is off has to be listed all the same, or it is sent as the calls say.
        "export default feature(process.env.NAME, { columns: { id: q.id() } });",
        "export default defineTable(make('claims'), { realtime: { enabled: false } });",
        "export default defineTable(...all);",
        "export default defineTable();",
        "import claims from '@acme/claims';\nexport default defineTable(claims, {});",
        "import { claims } from '@acme/db';\nconst live = (table) => defineTable(table, {}); export default live(claims);",
        "import { claims, notes } from '@acme/db';\nconst chosen = x ? claims : notes; export default defineTable(chosen, {});",
    ] {
        let fixture = fixture(&project(definition));
        let expected = ["quickback/features/claims.ts unresolved-value"];
        assert_eq!(reasons(&fixture), expected, "{definition}");
    }
}

#[test]
fn a_table_of_another_package_is_listed_with_open_columns() {
    let fixture = fixture(&project(
        "import { claims } from '@acme/db/schema';
export default defineTable(claims, { masking: { salary: { type: 'redact' } }, realtime: { enabled: true, requiredRoles: ['admin'] } });",
    ));
    assert_eq!(reasons(&fixture), [""; 0]);
    let tables = lower(&fixture.project).tables;
    let [table] = tables.as_slice() else {
        panic!("{tables:?}");
    };
    assert_eq!((table.name.as_str(), table.open), ("claims", true));
    let realtime = table.realtime.as_ref().unwrap();
    assert_eq!(
        realtime.required_roles.as_deref(),
        Some(&["admin".to_owned()][..])
    );
    let masks: Vec<&str> = table
        .masks
        .iter()
        .map(|mask| mask.column.as_str())
        .collect();
    assert_eq!(masks, ["salary"]);
}

#[test]
fn options_that_are_no_object_leave_a_table_off() {
    for options in [
        "() => ({ realtime: { enabled: true } })",
        "...rest",
        "OPTIONS",
        "null",
    ] {
        let fixture = fixture(&project(&format!(
            "export const claims = q.table('claims', {{ id: q.id() }});\nexport default defineTable(claims, {options});"
        )));
        let tables = lower(&fixture.project).tables;
        let off: Vec<_> = tables
            .iter()
            .map(|t| (t.name.as_str(), t.realtime.is_none()))
            .collect();
        assert_eq!(off, [("claims", true)], "{options}");
    }
}

/// A definition file, and a library with functions that define tables. The tables that are listed,
/// a `+` where one is on, or what stops generation.
fn factories(definition: &str) -> String {
    let fixture = fixture(&format!(
        "//- quickback/features/claims.ts
import {{ orgTable, inline, named, keyed, keys, deeper, curried, plain, silent }} from '../lib/tables';
import * as all from '../lib/tables';
import {{ claims, notes }} from '../../src/db/schema';
{definition}
//- quickback/features/local.ts
import {{ q }} from '@quickback/compiler';
export const local = q.table('local', {{ id: q.id() }});
//- quickback/lib/tables.ts
{IMPORTS}
export const orgTable = (table, options) => defineTable(table, {{ firewall: {{ organization: {{}} }}, ...options }});
export function inline(name, columns) {{ return defineTable(q.table(name, columns), {{ realtime: {{ enabled: true }} }}); }}
export const named = (name, columns) => feature(name, {{ columns, realtime: {{ enabled: true }} }});
export const keyed = ({{ table, options }}) => {{ const merged = {{ ...options }}; return defineTable(table, merged); }};
export const keys = (input) => defineTable(input.table, input.options);
export const deeper = (table) => orgTable(table, {{ realtime: {{ enabled: true }} }});
export const curried = (table) => (options) => defineTable(table, options);
export const plain = (table) => table;
export const silent = (table, crud) => defineTable(table, {{ crud }});
//- src/db/schema.ts
{IMPORTS}
export const claims = q.table('claims_db', {{ id: q.id(), diagnosis: q.text() }});
export const notes = q.table('notes_db', {{ id: q.id() }});
//- src/testing.ts
import {{ orgTable }} from '../quickback/lib/tables';
export const made = orgTable(anything, {{}});
"
    ));
    let stopped = reasons(&fixture);
    if !stopped.is_empty() {
        return stopped.join(", ");
    }
    let tables = lower(&fixture.project).tables;
    let say = |t: &generator::model::Table| {
        let on = if t.realtime.is_some() { "+" } else { "" };
        format!("{}{on}", t.name)
    };
    let said: Vec<String> = tables.iter().map(say).collect();
    said.join(", ")
}

#[test]
fn a_table_that_a_function_of_another_file_defines_is_listed_as_off() {
    const OPTIONS: &str = "{ realtime: { enabled: true, requiredRoles: ['admin'] } }";
    for definition in [
        &format!("export default orgTable(claims, {OPTIONS});"),
        &format!("const made = orgTable(claims, {OPTIONS}); export {{ made as default }};"),
        &format!("export const made = all.orgTable(claims, {OPTIONS});"),
        "export default inline('claims', { id: q.id() });",
        "const NAME = 'claims'; export default named(NAME, {});",
        &format!("export default keyed({{ table: claims, options: {OPTIONS} }});"),
        &format!("export default keys({{ table: claims, options: {OPTIONS} }});"),
        "export default deeper(claims);",
        &format!("export default curried(claims)({OPTIONS});"),
        "export default silent(claims, {});",
    ] {
        assert_eq!(factories(definition), "claims, local", "{definition}");
    }
}

#[test]
fn a_table_that_a_function_defines_and_nothing_names_stops_generation() {
    for definition in [
        "export default orgTable(x ? claims : notes, {});",
        "export default orgTable(...all);",
        "export default inline(process.env.NAME, {});",
        "export default keyed(options);",
        "export default deeper(make());",
    ] {
        let expected = "quickback/features/claims.ts unresolved-value";
        assert_eq!(factories(definition), expected, "{definition}");
    }
}

#[test]
fn what_defines_no_table_lists_none_and_one_that_is_listed_is_left_as_it_is() {
    for definition in [
        "export default plain(claims);",
        "export const helper = (table) => orgTable(table, {});",
        "import { local } from './local'; export default orgTable(local, { realtime: { enabled: true } });",
        "import { local } from './local'; export default keyed({ table: local });",
        "import { other } from '@acme/tables'; export default other(claims, {});",
    ] {
        assert_eq!(factories(definition), "local", "{definition}");
    }
}
