//! Tests of what `unresolved-value` says to do.

use crate::rules::testing::fixture;

#[test]
fn says_what_to_do_instead() {
    let help = |definition: &str| {
        let fixture = fixture(&format!(
            "//- quickback/lib/tables.ts
import {{ defineTable }} from '@quickback/compiler';
export const orgTable = (table, options) => defineTable(table, options);
//- quickback/features/claims.ts
import {{ defineTable, feature, q }} from '@quickback/compiler';
import {{ orgTable }} from '../lib/tables';
const notes = q.table('notes', {{ id: q.id() }});
export default {definition};
"
        ));
        let file = fixture.file("quickback/features/claims.ts");
        let found = crate::rules::check(&fixture.project, file);
        let mut found = found.iter().filter(|d| d.code == "unresolved-value");
        let finding = found.next().expect("it is reported");
        finding.help.clone().unwrap_or_default()
    };
    for (definition, expected) in [
        (
            "defineTable(notes, { realtime: settings() })",
            "Write a literal here, or a constant that is one.",
        ),
        (
            "orgTable(notes, { realtime: { enabled: true } })",
            "Call `defineTable` itself here",
        ),
        (
            "feature(nameOf(1), { columns: {}, realtime: { enabled: true } })",
            "Write a literal here, or a constant that is one.",
        ),
        (
            "defineTable(make('notes'), { realtime: { enabled: true } })",
            "Hand over a constant that is made as a table",
        ),
        (
            "defineTable.bind(null, notes)({})",
            "Call the function by its name",
        ),
    ] {
        let help = help(definition);
        assert!(help.starts_with(expected), "{definition}: {help}");
    }
}
