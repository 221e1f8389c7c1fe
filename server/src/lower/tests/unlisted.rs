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
