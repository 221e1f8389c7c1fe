//! Files that are made, changed, renamed and removed outside of the editor.

use serde_json::json;
use tower_lsp::ls_types::notification::ShowMessage;
use tower_lsp::ls_types::{DiagnosticSeverity, TextDocumentContentChangeEvent};

use crate::client::{Client, TempProject, codes, start};

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

#[test]
fn the_settings_are_followed_as_they_are_typed() {
    let text = TABLE.replace("fields: FIELDS", "fields: ['id', 'zzz']");
    let project = TempProject::new(&[("features/t.ts", &text)]);
    let mut client = start(json!({}), &[&project.root()]);
    let (table, settings) = (
        project.uri("features/t.ts"),
        project.uri("quickback-realtime.json"),
    );
    client.open(&table, &text);
    assert_eq!(codes(&client.diagnostics_of(&table, 1)), ["unknown-field"]);
    client.open(&settings, "{ \"rules\": { \"unknown-field\": \"hint\" } }");
    assert_eq!(client.diagnostics_of(&settings, 1), []);
    let found = client.next_diagnostics(&table).diagnostics;
    assert_eq!(found[0].severity, Some(DiagnosticSeverity::HINT));

    client.change(
        &settings,
        2,
        whole("{ \"rules\": { \"unknown-feild\": \"hint\" } }"),
    );
    let mistakes = client.diagnostics_of(&settings, 2);
    assert_eq!(mistakes.len(), 1, "{mistakes:?}");
    let found = client.next_diagnostics(&table).diagnostics;
    assert_eq!(found[0].severity, Some(DiagnosticSeverity::ERROR));

    // What is excluded is no file of the project any more.
    client.change(&settings, 3, whole("{ \"exclude\": [\"features/t.ts\"] }"));
    assert_eq!(client.diagnostics_of(&settings, 3), []);
    assert_eq!(client.next_diagnostics(&table).diagnostics, []);
    client.close(&settings);
    assert_eq!(
        codes(&client.next_diagnostics(&table).diagnostics),
        ["unknown-field"]
    );
    client.close(&table);
    assert_eq!(client.next_diagnostics(&table).diagnostics, []);
    client.shutdown();
}

fn whole(text: &str) -> Vec<TextDocumentContentChangeEvent> {
    vec![TextDocumentContentChangeEvent {
        range: None,
        range_length: None,
        text: text.to_owned(),
    }]
}

#[test]
fn what_git_ignores_or_the_settings_exclude_has_no_findings() {
    let text = TABLE.replace("fields: FIELDS", "fields: ['id', 'zzz']");
    let project = TempProject::new(&[
        ("features/ignored/t.ts", &text),
        ("features/excluded/t.ts", &text),
        (".gitignore", "features/ignored/\n"),
        (
            "quickback-realtime.json",
            "{ \"exclude\": [\"**/excluded/**\"] }",
        ),
    ]);
    let mut client = start(json!({}), &[&project.root()]);
    for file in ["features/ignored/t.ts", "features/excluded/t.ts"] {
        let uri = project.uri(file);
        client.open(&uri, &text);
        assert_eq!(client.diagnostics_of(&uri, 1), [], "{file}");
        client.close(&uri);
    }
    client.shutdown();
}

#[test]
fn the_editor_may_show_other_severities_and_read_everything_anew() {
    let text = TABLE.replace("fields: FIELDS", "fields: ['id', 'zzz']");
    let project = TempProject::new(&[("features/t.ts", &text)]);
    let mut client = start(json!({}), &[&project.root()]);
    let table = project.uri("features/t.ts");
    client.open(&table, &text);
    assert_eq!(codes(&client.diagnostics_of(&table, 1)), ["unknown-field"]);
    for (shown, severity) in [("hint", Some(DiagnosticSeverity::HINT)), ("off", None)] {
        let settings = json!({ "quickbackRealtime": { "severities": { "unknown-field": shown } } });
        client.raw_notify(
            "workspace/didChangeConfiguration",
            json!({ "settings": settings }),
        );
        let found = client.next_diagnostics(&table).diagnostics;
        assert_eq!(found.first().and_then(|d| d.severity), severity);
    }
    let settings = json!({ "quickbackRealtime": { "severities": {} } });
    client.raw_notify(
        "workspace/didChangeConfiguration",
        json!({ "settings": settings }),
    );
    assert_eq!(
        codes(&client.next_diagnostics(&table).diagnostics),
        ["unknown-field"]
    );

    // A file that appeared without a word of the client is found when everything is read anew.
    project.write(
        "quickback-realtime.json",
        "{ \"rules\": { \"unknown-field\": \"off\" } }",
    );
    let reload = json!({ "command": "quickbackRealtime.reload" });
    client
        .raw_request("workspace/executeCommand", reload)
        .expect("an answer");
    assert_eq!(client.next_diagnostics(&table).diagnostics, []);
    client.close(&table);
    client.shutdown();
}

#[test]
fn a_rename_is_of_what_closed_files_say_on_the_disk() {
    let shared = "export const FIELDS = ['id', 'orgId'];\n";
    let project = TempProject::new(&[("features/t.ts", TABLE), ("features/fields.ts", shared)]);
    let mut client = start(json!({}), &[&project.root()]);
    let (table, fields) = (
        project.uri("features/t.ts"),
        project.uri("features/fields.ts"),
    );
    client.open(&table, TABLE);
    assert_eq!(client.diagnostics_of(&table, 1), []);
    // Nobody says so.
    project.write("features/fields.ts", &format!("// Moved.\n{shared}"));
    let line = TABLE
        .lines()
        .position(|line| line.contains("sqliteTable('t'"));
    let at = TABLE
        .lines()
        .find_map(|line| line.find("orgId"))
        .expect("the column is there");
    let params = json!({
        "textDocument": { "uri": table },
        "position": { "line": line, "character": at },
        "newName": "organizationId",
    });
    let edit = client
        .raw_request("textDocument/rename", params)
        .expect("edits");
    let changed = &edit["changes"][fields.as_str()];
    assert_eq!(
        (
            &changed[0]["range"]["start"]["line"],
            changed.as_array().map(Vec::len)
        ),
        (&json!(1), Some(1)),
        "{edit}"
    );
    // What it does not reach is said.
    client.expect::<ShowMessage>();
    client.close(&table);
    client.shutdown();
}

#[test]
fn a_byte_order_mark_of_a_closed_file_moves_nothing() {
    let shared = "export const FIELDS = ['id', 'orgId'];\n";
    let marked = format!("\u{feff}{shared}");
    let project = TempProject::new(&[("features/t.ts", TABLE), ("features/fields.ts", &marked)]);
    let mut client = start(json!({}), &[&project.root()]);
    let (table, fields) = (
        project.uri("features/t.ts"),
        project.uri("features/fields.ts"),
    );
    client.open(&table, TABLE);
    assert_eq!(client.diagnostics_of(&table, 1), []);
    let at = |needle: &str| {
        let mut lines = TABLE.lines().enumerate();
        let found = lines.find_map(|(line, text)| Some((line, text.find(needle)?)));
        let (line, character) = found.expect("it is there");
        json!({ "textDocument": { "uri": table }, "position": { "line": line, "character": character } })
    };
    let mut renaming = at("orgId");
    renaming["newName"] = json!("organizationId");
    let edit = client
        .raw_request("textDocument/rename", renaming)
        .expect("edits");
    let column = shared.find("orgId");
    let start = &edit["changes"][fields.as_str()][0]["range"]["start"];
    assert_eq!(start, &json!({ "line": 0, "character": column }), "{edit}");
    client.expect::<ShowMessage>();
    let params = json!({ "textDocument": { "uri": table }, "position": at("orgId")["position"], "context": { "includeDeclaration": true } });
    let found = client
        .raw_request("textDocument/references", params)
        .expect("places");
    let mut places = found.as_array().expect("a list").iter();
    let place = places.find(|place| place["uri"] == fields.as_str());
    assert_eq!(
        place.map(|place| &place["range"]["start"]["character"]),
        Some(&json!(column)),
        "{found}"
    );
    client.close(&table);
    client.shutdown();
}

#[test]
fn a_folder_that_is_removed_takes_its_files_along() {
    let text = TABLE.replace("fields: FIELDS", "fields: ['id']");
    let project = TempProject::new(&[("features/t.ts", &text), ("features/a/b/other.ts", &text)]);
    let mut client = start(json!({}), &[&project.root()]);
    let table = project.uri("features/t.ts");
    client.open(&table, &text);
    assert_eq!(
        codes(&client.diagnostics_of(&table, 1)),
        ["duplicate-table"]
    );
    std::fs::remove_dir_all(project.path("features/a")).expect("the folder can be removed");
    client.watched(&[(&project.uri("features/a"), 3)]);
    assert_eq!(client.next_diagnostics(&table).diagnostics, []);
    client.close(&table);
    client.shutdown();
}

#[test]
fn a_folder_that_is_moved_within_a_project_takes_its_files_along() {
    let text = TABLE.replace("fields: FIELDS", "fields: ['id']");
    let project = TempProject::new(&[("features/t.ts", &text), ("features/a/other.ts", &text)]);
    let mut client = start(json!({}), &[&project.root()]);
    let table = project.uri("features/t.ts");
    client.open(&table, &text);
    let found = client.diagnostics_of(&table, 1);
    assert_eq!(codes(&found), ["duplicate-table"]);
    // Of the folder that appears nothing is said: it is no file that is watched.
    let (from, to) = (project.path("features/a"), project.path("features/b"));
    std::fs::rename(&from, &to).expect("the folder can be moved");
    client.watched(&[(&project.uri("features/a"), 3)]);
    assert_eq!(client.next_diagnostics(&table).diagnostics, []);
    let found = client.next_diagnostics(&table).diagnostics;
    assert_eq!(codes(&found), ["duplicate-table"]);
    client.close(&table);
    client.next_diagnostics(&table);
    client.shutdown();
}

#[test]
fn a_folder_that_appears_is_read() {
    let text = TABLE.replace("fields: FIELDS", "fields: ['id']");
    let project = TempProject::new(&[("features/t.ts", &text), ("aside/u/u.ts", &text)]);
    project.write("quickback-realtime.json", "{ \"exclude\": [\"aside\"] }\n");
    let mut client = start(json!({}), &[&project.root()]);
    let table = project.uri("features/t.ts");
    client.open(&table, &text);
    assert_eq!(client.diagnostics_of(&table, 1), []);
    std::fs::rename(project.path("aside/u"), project.path("features/a"))
        .expect("the folder can be moved");
    client.watched(&[(&project.uri("features/a"), 1)]);
    let found = client.next_diagnostics(&table).diagnostics;
    assert_eq!(codes(&found), ["duplicate-table"]);
    client.close(&table);
    client.next_diagnostics(&table);
    client.shutdown();
}

#[test]
fn an_ignored_file_that_is_opened_and_closed_is_no_member() {
    let text = TABLE.replace("fields: FIELDS", "fields: ['id']");
    let project = TempProject::new(&[
        ("features/t.ts", &text),
        ("features/old/t.ts", &text),
        ("features/old/.gitignore", "!t.ts\n"),
        (".gitignore", "features/old/\n"),
    ]);
    let mut client = start(json!({}), &[&project.root()]);
    let table = project.uri("features/t.ts");
    client.open(&table, &text);
    assert_eq!(client.diagnostics_of(&table, 1), []);
    let old = project.uri("features/old/t.ts");
    client.open(&old, &text);
    assert_eq!(client.diagnostics_of(&old, 1), []);
    client.close(&old);
    client.change(&table, 2, whole(&text));
    assert_eq!(client.diagnostics_of(&table, 2), []);
    client.close(&table);
    client.shutdown();
}

#[test]
fn a_configuration_that_is_saved_in_the_editor_makes_a_project() {
    let text = TABLE.replace("fields: FIELDS", "fields: ['id', 'zzz']");
    let project = TempProject::new(&[("features/t.ts", &text)]);
    std::fs::remove_file(project.path("quickback/quickback.config.ts"))
        .expect("the file can be removed");
    let mut client = start(json!({}), &[&project.root()]);
    let (table, config) = (
        project.uri("features/t.ts"),
        project.uri("quickback.config.ts"),
    );
    client.open(&table, &text);
    assert_eq!(client.diagnostics_of(&table, 1), []);
    client.open(&config, "export default {};\n");
    assert_eq!(client.diagnostics_of(&config, 1), []);
    project.write("quickback.config.ts", "export default {};\n");
    client.raw_notify(
        "textDocument/didSave",
        json!({ "textDocument": { "uri": config } }),
    );
    assert_eq!(
        codes(&client.next_diagnostics(&table).diagnostics),
        ["unknown-field"]
    );
    client.close(&config);
    client.close(&table);
    assert_eq!(client.next_diagnostics(&table).diagnostics, []);
    client.shutdown();
}

#[test]
fn a_file_that_is_open_by_two_names_keeps_the_text_of_the_one_that_stays() {
    let text = TABLE.replace("fields: FIELDS", "fields: ['id', 'zzz']");
    let project = TempProject::new(&[("features/t.ts", TABLE)]);
    let mut client = start(json!({}), &[&project.root()]);
    let table = project.uri("features/t.ts");
    let other: tower_lsp::ls_types::Uri = table
        .as_str()
        .replace("/t.ts", "/%74.ts")
        .parse()
        .expect("it is a URI");
    client.open(&table, &text);
    assert_eq!(codes(&client.diagnostics_of(&table, 1)), ["unknown-field"]);
    client.open(&other, &text);
    assert_eq!(codes(&client.diagnostics_of(&other, 1)), ["unknown-field"]);
    client.close(&other);
    assert_eq!(client.next_diagnostics(&other).diagnostics, []);
    // Nothing was taken back of the first.
    let params =
        json!({ "textDocument": { "uri": table }, "position": { "line": 4, "character": 60 } });
    client
        .raw_request("textDocument/hover", params)
        .expect("an answer");
    client.close(&table);
    assert_eq!(client.next_diagnostics(&table).diagnostics, []);
    client.shutdown();
}

#[test]
fn a_project_outside_of_all_folders_goes_with_its_last_document() {
    let text = TABLE.replace("fields: FIELDS", "fields: ['id']");
    let project = TempProject::new(&[("features/t.ts", &text)]);
    let mut client = start(json!({}), &[&project.root()]);
    let table = project.uri("features/t.ts");
    client.open(&table, &text);
    assert_eq!(client.diagnostics_of(&table, 1), []);
    let found = |client: &mut Client| {
        let found = client.raw_request("workspace/symbol", json!({ "query": "t" }));
        found.expect("an answer").as_array().map_or(0, Vec::len)
    };
    let folder = json!({ "uri": crate::client::uri(&project.root()), "name": "p" });
    client.raw_notify(
        "workspace/didChangeWorkspaceFolders",
        json!({ "event": { "added": [], "removed": [folder] } }),
    );
    assert_ne!(found(&mut client), 0);
    client.close(&table);
    assert_eq!(found(&mut client), 0);
    client.shutdown();
}

#[test]
fn an_open_file_that_is_not_on_the_disk_yet_is_checked_once_nothing_excludes_it() {
    let text = TABLE.replace("fields: FIELDS", "fields: ['id', 'zzz']");
    let settings = "{ \"exclude\": [\"features\"] }";
    let project = TempProject::new(&[("quickback-realtime.json", settings)]);
    let mut client = start(json!({}), &[&project.root()]);
    let table = project.uri("features/t.ts");
    client.open(&table, &text);
    assert_eq!(client.diagnostics_of(&table, 1), []);
    project.write("quickback-realtime.json", "{}");
    client.watched(&[(&project.uri("quickback-realtime.json"), 2)]);
    assert_eq!(
        codes(&client.next_diagnostics(&table).diagnostics),
        ["unknown-field"]
    );
    client.close(&table);
    assert_eq!(client.next_diagnostics(&table).diagnostics, []);
    client.shutdown();
}
