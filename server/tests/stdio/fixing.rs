//! Code actions: what is offered for what is shown, and fix-all against the check's `--fix`.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tower_lsp::ls_types::Uri;

use crate::client::{Client, TempProject, start};

const FIX_ALL: &str = "source.fixAll.quickbackRealtime";

/// The code actions in a range, whose lines and columns count from 0.
fn actions(client: &mut Client, uri: &Uri, range: [u32; 4], context: Value) -> Vec<Value> {
    let [line, character, end_line, end_character] = range;
    let params = json!({
        "textDocument": { "uri": uri },
        "range": {
            "start": { "line": line, "character": character },
            "end": { "line": end_line, "character": end_character },
        },
        "context": context,
    });
    let answer = client.raw_request("textDocument/codeAction", params);
    let answer = answer.expect("an answer");
    answer.as_array().expect("a list of actions").clone()
}

/// Everything that an editor's fix-all asks for.
fn fix_all(client: &mut Client, uri: &Uri) -> Vec<Value> {
    let context = json!({ "diagnostics": [], "only": [FIX_ALL], "triggerKind": 2 });
    actions(client, uri, [0, 0, 0, 0], context)
}

/// A text after the edits of a workspace edit that changes one document.
fn applied(text: &str, edit: &Value) -> String {
    let changes = edit["changes"].as_object().expect("changes by file");
    assert_eq!(changes.len(), 1, "{edit}");
    let edits = changes.values().next().and_then(Value::as_array);
    let offset = |at: &Value| {
        let number = |key: &str| at[key].as_u64().and_then(|n| usize::try_from(n).ok());
        let (line, column) = (number("line"), number("character"));
        let (line, column) = (line.expect("a line"), column.expect("a column"));
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut units = 0;
        let bytes = text[start..].chars().take_while(|c| {
            units += c.len_utf16();
            units <= column
        });
        start + bytes.map(char::len_utf8).sum::<usize>()
    };
    let mut result = text.to_owned();
    // They are in order and do not overlap, so from the end each still means what it did.
    for edit in edits.expect("a list of edits").iter().rev() {
        let (start, end) = (&edit["range"]["start"], &edit["range"]["end"]);
        let new = edit["newText"].as_str().expect("a text");
        result.replace_range(offset(start)..offset(end), new);
    }
    result
}

fn typescript_files(folder: &Path, found: &mut Vec<String>, root: &Path) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            typescript_files(&path, found, root);
        } else if path.extension().is_some_and(|e| e == "ts") {
            let relative = path.strip_prefix(root).expect("it is in the folder");
            found.push(relative.to_string_lossy().into_owned());
        }
    }
}

#[test]
fn fix_all_does_to_a_document_what_the_check_does_to_the_file() {
    let leaky = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/leaky");
    let mut files = Vec::new();
    typescript_files(&leaky, &mut files, &leaky);
    files.sort();
    let texts: Vec<(&str, String)> = files
        .iter()
        .map(|file| {
            (
                file.as_str(),
                std::fs::read_to_string(leaky.join(file)).expect("a text"),
            )
        })
        .collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(f, t)| (*f, t.as_str())).collect();
    let project = TempProject::new(&texts);
    let mut client = start(json!({}), &[&project.root()]);
    let mut fixed = 0;
    for (file, text) in &texts {
        let uri = project.uri(file);
        client.open(&uri, text);
        let found = client.diagnostics_of(&uri, 1);
        let offered = fix_all(&mut client, &uri);
        let now = match offered.as_slice() {
            [] => (*text).to_owned(),
            [all] => applied(text, &all["edit"]),
            more => panic!("{more:?}"),
        };
        let status = Command::new(env!("CARGO_BIN_EXE_quickback-realtime"))
            .args([
                "--check",
                "--no-cache",
                "--fix",
                "--no-generated",
                "--quiet",
                file,
            ])
            .current_dir(project.root())
            .output()
            .expect("the check runs")
            .status;
        assert!(matches!(status.code(), Some(0 | 1)), "{file}: {status}");
        let checked = std::fs::read_to_string(project.path(file)).expect("a text");
        assert_eq!(now, checked, "{file}");
        fixed += usize::from(now != *text);
        // The next file is judged among the others as they were.
        project.write(file, text);
        client.close(&uri);
        if !found.is_empty() {
            client.next_diagnostics(&uri);
        }
    }
    assert!(fixed > 5, "{fixed}");
    client.shutdown();
}

const REPEATED: &str = "import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { defineTable } from '@quickback/compiler';
export const t = sqliteTable('t', { id: text('id').primaryKey(), orgId: text('organization_id') });
export default defineTable(t, { realtime: { enabled: true, fields: ['id', 'id'] } });
";

#[test]
fn code_actions_are_about_what_the_editor_shows() {
    let project = TempProject::new(&[("features/t.ts", REPEATED)]);
    let mut client = start(json!({}), &[&project.root()]);
    let uri = project.uri("features/t.ts");
    client.open(&uri, REPEATED);
    client.diagnostics_of(&uri, 1);
    let at = [3, 75, 3, 75];
    let mut show = |severity: Option<&str>| {
        if let Some(severity) = severity {
            let settings = json!({ "severities": { "duplicate-field": severity } });
            let settings = json!({ "settings": { "quickbackRealtime": settings } });
            client.raw_notify("workspace/didChangeConfiguration", settings);
            client.next_diagnostics(&uri);
        }
        let found = actions(
            &mut client,
            &uri,
            at,
            json!({ "diagnostics": [], "only": ["quickfix"] }),
        );
        let about = found
            .iter()
            .flat_map(|a| a["diagnostics"].as_array().cloned());
        about
            .flatten()
            .map(|d| d["severity"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(show(None), [2, 2, 2]);
    assert_eq!(show(Some("hint")), [4, 4, 4]);
    assert_eq!(show(Some("off")), Vec::<Value>::new());
    client.close(&uri);
    client.shutdown();
}

#[test]
fn the_empty_kind_of_action_stands_for_all() {
    let project = TempProject::new(&[("features/t.ts", REPEATED)]);
    let mut client = start(json!({}), &[&project.root()]);
    let uri = project.uri("features/t.ts");
    client.open(&uri, REPEATED);
    client.diagnostics_of(&uri, 1);
    let at = [3, 75, 3, 75];
    let mut asked = |context| actions(&mut client, &uri, at, context);
    let all = asked(json!({ "diagnostics": [] }));
    assert!(
        all.iter().any(|action| action["kind"] == FIX_ALL),
        "{all:?}"
    );
    assert_eq!(asked(json!({ "diagnostics": [], "only": [""] })), all);
    assert_eq!(
        asked(json!({ "diagnostics": [], "only": ["refactor"] })),
        [Value::Null; 0]
    );
    client.close(&uri);
    client.next_diagnostics(&uri);
    client.shutdown();
}

#[test]
fn a_light_bulb_that_comes_by_itself_does_not_weigh_all_fixes() {
    let project = TempProject::new(&[("features/t.ts", REPEATED)]);
    let mut client = start(json!({}), &[&project.root()]);
    let uri = project.uri("features/t.ts");
    client.open(&uri, REPEATED);
    client.diagnostics_of(&uri, 1);
    let mut offers = |context: Value| {
        let found = actions(&mut client, &uri, [3, 75, 3, 75], context);
        found.iter().any(|action| action["kind"] == FIX_ALL)
    };
    assert!(offers(json!({ "diagnostics": [], "triggerKind": 1 })));
    assert!(offers(json!({ "diagnostics": [] })));
    assert!(!offers(json!({ "diagnostics": [], "triggerKind": 2 })));
    assert!(offers(
        json!({ "diagnostics": [], "triggerKind": 2, "only": ["source.fixAll"] })
    ));
    client.close(&uri);
    client.next_diagnostics(&uri);
    client.shutdown();
}

#[test]
fn nothing_offers_to_suppress_a_finding_in_the_settings() {
    let text = "{\n  \"rules\": { \"unknown-feild\": \"off\" },\n  \"nope\": 1\n}\n";
    let project = TempProject::new(&[("quickback-realtime.json", text)]);
    let mut client = start(json!({}), &[&project.root()]);
    let uri = project.uri("quickback-realtime.json");
    client.open(&uri, text);
    assert!(!client.diagnostics_of(&uri, 1).is_empty());
    let offered = actions(
        &mut client,
        &uri,
        [0, 0, 9, 0],
        json!({ "diagnostics": [] }),
    );
    let titles: Vec<String> = offered.iter().map(|a| a["title"].to_string()).collect();
    assert!(
        !titles.iter().any(|title| title.contains("Suppress")),
        "{titles:?}"
    );
    client.close(&uri);
    client.next_diagnostics(&uri);
    client.shutdown();
}
