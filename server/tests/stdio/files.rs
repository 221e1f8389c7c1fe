//! Files that are made, changed, renamed and removed outside of the editor.

use serde_json::json;

use crate::client::{TempProject, codes, start};

const TABLE: &str = "import { sqliteTable, text } from 'drizzle-orm/sqlite-core';\nimport { defineTable } from '@quickback/compiler';\nimport { FIELDS } from './fields';\nexport const t = sqliteTable('t', { id: text('id').primaryKey(), orgId: text('org') });\nexport default defineTable(t, { realtime: { enabled: true, fields: FIELDS } });\n";

#[test]
fn a_file_that_appears_changes_and_vanishes_is_followed() {
    let project = TempProject::new(&[("features/t.ts", TABLE)]);
    let mut client = start(json!({}), &[&project.root()]);
    let (table, fields) = (
        project.uri("features/t.ts"),
        project.uri("features/fields.ts"),
    );
    client.open(&table, TABLE);
    let unresolved = client.diagnostics_of(&table, 1);
    assert!(!codes(&unresolved).contains(&"unknown-field".to_owned()));

    project.write(
        "features/fields.ts",
        "export const FIELDS = ['id', 'zzz'];\n",
    );
    client.watched(&[(&fields, 1)]);
    let found = client.next_diagnostics(&table);
    assert!(
        codes(&found.diagnostics).contains(&"unknown-field".to_owned()),
        "{found:?}"
    );

    project.write("features/fields.ts", "export const FIELDS = ['id'];\n");
    client.watched(&[(&fields, 2)]);
    let clean = client.next_diagnostics(&table).diagnostics;
    assert!(
        !codes(&clean).contains(&"unknown-field".to_owned()),
        "{clean:?}"
    );

    project.write(
        "features/fields.ts",
        "export const FIELDS = ['id', 'yyy'];\n",
    );
    client.watched(&[(&fields, 2)]);
    client.next_diagnostics(&table);
    std::fs::remove_file(project.path("features/fields.ts")).expect("the file can be removed");
    client.watched(&[(&fields, 3)]);
    assert_eq!(client.next_diagnostics(&table).diagnostics, unresolved);
    client.close(&table);
    if !unresolved.is_empty() {
        assert_eq!(client.next_diagnostics(&table).diagnostics, []);
    }
    client.shutdown();
}

#[test]
fn a_project_that_appears_around_an_open_file_is_found() {
    let text = TABLE.replace("fields: FIELDS", "fields: ['id', 'zzz']");
    let project = TempProject::new(&[("features/t.ts", &text)]);
    std::fs::remove_file(project.path("quickback/quickback.config.ts"))
        .expect("the file can be removed");
    let mut client = start(json!({}), &[&project.root()]);
    let table = project.uri("features/t.ts");
    client.open(&table, &text);
    assert_eq!(client.diagnostics_of(&table, 1), []);

    project.write("quickback.config.ts", "export default {};\n");
    let config = project.uri("quickback.config.ts");
    client.watched(&[(&config, 1)]);
    assert_eq!(
        codes(&client.next_diagnostics(&table).diagnostics),
        ["unknown-field"]
    );

    std::fs::remove_file(project.path("quickback.config.ts")).expect("the file can be removed");
    client.watched(&[(&config, 3)]);
    assert_eq!(client.next_diagnostics(&table).diagnostics, []);
    client.close(&table);
    client.shutdown();
}
