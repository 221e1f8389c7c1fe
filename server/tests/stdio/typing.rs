//! Diagnostics follow the typing.

use serde_json::{Value, json};
use tower_lsp::ls_types::request::DocumentDiagnosticRequest;
use tower_lsp::ls_types::{
    Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    PartialResultParams, Position, PositionEncodingKind, Range, TextDocumentContentChangeEvent,
    TextDocumentIdentifier, Uri, WorkDoneProgressParams,
};

use crate::client::{Client, TempProject, codes, start};

const CLAIMS: &str = r#"import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import { defineTable } from "@quickback/compiler";
export const claims = sqliteTable("claims", {
  id: text("id").primaryKey(),
  title: text("title"),
  organizationId: text("organization_id"),
});
export default defineTable(claims, {
  realtime: { enabled: true, fields: ["id", /* é😀 */ "titel"] },
});
"#;

fn edit(line: u32, from: u32, to: u32, text: &str) -> TextDocumentContentChangeEvent {
    let position = |character| Position { line, character };
    TextDocumentContentChangeEvent {
        range: Some(Range {
            start: position(from),
            end: position(to),
        }),
        range_length: None,
        text: text.to_owned(),
    }
}

fn whole(text: &str) -> TextDocumentContentChangeEvent {
    TextDocumentContentChangeEvent {
        range: None,
        range_length: None,
        text: text.to_owned(),
    }
}

#[test]
fn ranges_are_counted_in_the_negotiated_encoding() {
    for (offered, expected, column) in [
        (json!(null), PositionEncodingKind::UTF16, 55),
        (json!(["utf-16"]), PositionEncodingKind::UTF16, 55),
        (json!(["utf-16", "utf-8"]), PositionEncodingKind::UTF8, 58),
        (json!(["utf-32"]), PositionEncodingKind::UTF32, 54),
    ] {
        let project = TempProject::new(&[("quickback/features/claims.ts", CLAIMS)]);
        let capabilities = match offered {
            Value::Null => json!({}),
            encodings => json!({ "general": { "positionEncodings": encodings } }),
        };
        let mut client = start(capabilities, &[&project.root()]);
        assert_eq!(
            client.initialized.capabilities.position_encoding,
            Some(expected.clone())
        );
        let uri = project.uri("quickback/features/claims.ts");
        client.open(&uri, CLAIMS);
        let found = client.diagnostics_of(&uri, 1);
        assert_eq!(codes(&found), ["unknown-field"]);
        assert_eq!(
            found[0].range.start,
            Position {
                line: 8,
                character: column
            },
            "{expected:?}"
        );
        assert_eq!(
            found[0].range.end,
            Position {
                line: 8,
                character: column + 5
            }
        );
        client.change(&uri, 2, vec![edit(8, column, column + 5, "title")]);
        assert_eq!(codes(&client.diagnostics_of(&uri, 2)), [] as [&str; 0]);
        client.close(&uri);
        client.shutdown();
    }
}

#[test]
fn completion_answers_for_the_text_that_it_was_asked_about() {
    let project = TempProject::new(&[("quickback/features/claims.ts", CLAIMS)]);
    let mut client = start(json!({}), &[&project.root()]);
    let uri = project.uri("quickback/features/claims.ts");
    client.open(&uri, CLAIMS);
    client.diagnostics_of(&uri, 1);
    // The editor goes on with an answer while more is typed, and counts from what it asked about:
    // a range up to what stands there by now would take the closing quote away.
    let start_column = 55;
    client.change(&uri, 2, vec![edit(8, start_column, start_column + 5, "")]);
    let mut version = 2;
    let mut asked = Vec::new();
    for _ in 0..20 {
        for (length, letter) in (0..).zip(["t", "i", "t", "l"]) {
            let cursor = start_column + length;
            let position = json!({ "line": 8, "character": cursor });
            let params = json!({ "textDocument": { "uri": uri }, "position": position });
            asked.push((
                client.send_request("textDocument/completion", params),
                cursor,
            ));
            version += 1;
            client.change(&uri, version, vec![edit(8, cursor, cursor, letter)]);
        }
        version += 1;
        client.change(
            &uri,
            version,
            vec![edit(8, start_column, start_column + 4, "")],
        );
    }
    for (id, cursor) in asked {
        let items = client.answer(id).expect("a list of items");
        let items = items.as_array().expect("a list of items");
        let title = items.iter().find(|item| item["label"] == "title");
        let range = &title.expect("a column is offered")["textEdit"]["range"];
        let ends = ["start", "end"].map(|end| range[end]["character"].as_u64());
        assert_eq!(ends, [Some(start_column.into()), Some(cursor.into())]);
    }
    client.diagnostics_of(&uri, version);
    client.close(&uri);
    assert_eq!(client.next_diagnostics(&uri).diagnostics, []);
    client.shutdown();
}

#[test]
fn a_burst_of_edits_ends_in_the_diagnostics_of_the_last_text() {
    let project = TempProject::new(&[("quickback/features/claims.ts", CLAIMS)]);
    let mut client = start(json!({}), &[&project.root()]);
    let uri = project.uri("quickback/features/claims.ts");
    client.open(&uri, CLAIMS);
    // "titel" is typed anew, a character at a time, five hundred times over.
    let start_column = 55;
    client.change(&uri, 2, vec![edit(8, start_column, start_column + 5, "")]);
    let word = "zebra";
    let mut version = 2;
    let mut length = 0;
    for _ in 0..500 {
        version += 1;
        if length == word.len() as u32 {
            client.change(
                &uri,
                version,
                vec![edit(8, start_column, start_column + length, "")],
            );
            length = 0;
        } else {
            let letter = &word[length as usize..=length as usize];
            client.change(
                &uri,
                version,
                vec![edit(
                    8,
                    start_column + length,
                    start_column + length,
                    letter,
                )],
            );
            length += 1;
        }
    }
    client.change(
        &uri,
        version + 1,
        vec![edit(8, start_column, start_column + length, "nope")],
    );
    let found = client.diagnostics_of(&uri, version + 1);
    assert_eq!(codes(&found), ["unknown-field"]);
    assert!(
        found[0].message.contains("\"nope\""),
        "{}",
        found[0].message
    );
    client.close(&uri);
    assert_eq!(client.next_diagnostics(&uri).diagnostics, []);
    client.shutdown();
}

#[test]
fn a_file_follows_the_file_that_it_imports_from() {
    let fields = "export const FIELDS = [\"id\", \"title\"] as const;\n";
    let table = CLAIMS
        .replace("[\"id\", /* é😀 */ \"titel\"]", "[...FIELDS]")
        .replacen("import", "import { FIELDS } from \"./fields\";\nimport", 1);
    let project = TempProject::new(&[
        ("quickback/features/claims.ts", &table),
        ("quickback/features/fields.ts", fields),
    ]);
    let mut client = start(json!({}), &[&project.root()]);
    let (table_uri, fields_uri) = (
        project.uri("quickback/features/claims.ts"),
        project.uri("quickback/features/fields.ts"),
    );
    client.open(&table_uri, &table);
    assert_eq!(
        codes(&client.diagnostics_of(&table_uri, 1)),
        [] as [&str; 0]
    );
    client.open(&fields_uri, fields);
    assert_eq!(
        codes(&client.diagnostics_of(&fields_uri, 1)),
        [] as [&str; 0]
    );
    client.change(&fields_uri, 2, vec![edit(0, 30, 35, "titel")]);
    let found = client.next_diagnostics(&table_uri);
    assert_eq!(codes(&found.diagnostics), ["unknown-field"]);
    let related = found.diagnostics[0]
        .related_information
        .as_ref()
        .expect("the constant is related");
    assert_eq!(related[0].location.uri, fields_uri);
    assert_eq!(client.diagnostics_of(&fields_uri, 2), []);
    // The text on the disk counts again when the change is dropped.
    client.close(&fields_uri);
    assert_eq!(client.next_diagnostics(&table_uri).diagnostics, []);
    client.close(&table_uri);
    client.shutdown();
}

#[test]
fn diagnostics_are_pulled_where_the_client_can_refresh_and_never_pushed_too() {
    let project = TempProject::new(&[("quickback/features/claims.ts", CLAIMS)]);
    let pulls = json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    });
    let mut client = start(pulls, &[&project.root()]);
    assert!(
        client
            .initialized
            .capabilities
            .diagnostic_provider
            .is_some()
    );
    let uri = project.uri("quickback/features/claims.ts");
    client.open(&uri, CLAIMS);
    let params = DocumentDiagnosticParams {
        text_document: TextDocumentIdentifier { uri: uri.clone() },
        identifier: None,
        previous_result_id: None,
        work_done_progress_params: WorkDoneProgressParams::default(),
        partial_result_params: PartialResultParams::default(),
    };
    let report = client.request::<DocumentDiagnosticRequest>(params);
    let DocumentDiagnosticReportResult::Report(DocumentDiagnosticReport::Full(report)) = report
    else {
        panic!("a full report was expected: {report:?}");
    };
    assert_eq!(
        codes(&report.full_document_diagnostic_report.items),
        ["unknown-field"]
    );
    client.close(&uri);
    // `shutdown` fails if anything was pushed.
    client.shutdown();

    let without_refresh = json!({ "textDocument": { "diagnostic": {} } });
    let client = start(without_refresh, &[&project.root()]);
    assert!(
        client
            .initialized
            .capabilities
            .diagnostic_provider
            .is_none()
    );
    client.shutdown();
}

#[test]
fn a_client_that_pulls_is_told_to_ask_again_by_what_it_was_answered_last() {
    const EVENTS: &str = r#"import { defineRealtime } from "@quickback/compiler";
export default defineRealtime({ name: "ingest", events: ["started"] });
"#;
    const CALL: &str = r#"import { createRealtime } from "@/lib/realtime";
export const run = async (ctx) => {
  await createRealtime(ctx.env).ingest.started({}, ctx.activeOrgId!);
};
"#;
    let (events, call) = ("quickback/services/realtime/ingest.ts", "src/run.ts");
    let project = TempProject::new(&[
        ("quickback/features/claims.ts", CLAIMS),
        (events, EVENTS),
        (call, CALL),
    ]);
    let pulls = json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    });
    let mut client = start(pulls, &[&project.root()]);
    let (events, call) = (project.uri(events), project.uri(call));
    client.open(&events, EVENTS);
    client.open(&call, CALL);
    let pull = |client: &mut Client, uri: &Uri| {
        let params = json!({ "textDocument": { "uri": uri } });
        let answer = client.raw_request("textDocument/diagnostic", params);
        let items = answer.expect("an answer")["items"].take();
        codes(&serde_json::from_value::<Vec<Diagnostic>>(items).expect("diagnostics"))
    };
    assert!(pull(&mut client, &call).is_empty());
    // The mistake is typed and asked for, then the other file makes it none.
    client.change(&call, 2, vec![whole(&CALL.replace("started", "finished"))]);
    assert_eq!(pull(&mut client, &call), ["unknown-event"]);
    client.change(
        &events,
        2,
        vec![whole(&EVENTS.replace("started", "finished"))],
    );
    client.asked("workspace/diagnostic/refresh");
    assert!(pull(&mut client, &call).is_empty());
    client.close(&call);
    client.close(&events);
    client.shutdown();
}

#[test]
fn two_folders_are_two_projects() {
    let one = TempProject::new(&[("quickback/features/claims.ts", CLAIMS)]);
    let two = TempProject::new(&[("features/claims.ts", &CLAIMS.replace("title:", "titel:"))]);
    let mut client = start(json!({}), &[&one.root(), &two.root()]);
    let (first, second) = (
        one.uri("quickback/features/claims.ts"),
        two.uri("features/claims.ts"),
    );
    client.open(&first, CLAIMS);
    client.open(&second, &CLAIMS.replace("title:", "titel:"));
    assert_eq!(codes(&client.diagnostics_of(&first, 1)), ["unknown-field"]);
    assert_eq!(codes(&client.diagnostics_of(&second, 1)), [] as [&str; 0]);
    client.close(&first);
    assert_eq!(client.next_diagnostics(&first).diagnostics, []);
    client.close(&second);
    client.shutdown();
}
