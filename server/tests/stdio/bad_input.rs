//! What no client should send, and what must not matter.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tower_lsp::ls_types::{Position, Range, TextDocumentContentChangeEvent};

use crate::client::{TempProject, codes, spawn, start};

const TABLE: &str = "import { sqliteTable, text } from 'drizzle-orm/sqlite-core';\nimport { defineTable } from '@quickback/compiler';\nexport const t = sqliteTable('t', { id: text('id').primaryKey(), orgId: text('org') });\nexport default defineTable(t, { realtime: { enabled: true, fields: ['id', 'zzz'] } });\n";

fn whole(text: &str) -> Vec<TextDocumentContentChangeEvent> {
    vec![TextDocumentContentChangeEvent {
        range: None,
        range_length: None,
        text: text.to_owned(),
    }]
}

#[test]
fn requests_before_initialize_and_after_shutdown_are_refused() {
    let mut client = spawn();
    let refused = client
        .raw_request("textDocument/hover", json!({}))
        .expect_err("not initialized yet");
    assert_eq!(refused["code"], -32002);
    client.initialize(json!({}), &[]);
    client
        .raw_request("shutdown", Value::Null)
        .expect("shutdown succeeds");
    let refused = client
        .raw_request("textDocument/hover", json!({}))
        .expect_err("already shut down");
    assert_eq!(refused["code"], -32600);
    client.raw_notify("exit", json!({}));
    assert!(client.ended().success());
}

#[test]
fn exit_without_shutdown_is_a_failure_and_so_is_the_end_of_stdin() {
    let mut client = start(json!({}), &[]);
    client.raw_notify("exit", json!({}));
    assert_eq!(client.ended().code(), Some(1));
    let mut client = start(json!({}), &[]);
    assert_eq!(client.ended().code(), Some(1));
}

/// Whoever opens a pipe to read it waits for somebody who writes.
#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_is_not_waited_for() {
    for name in ["quickback-realtime.json", "tsconfig.json", ".gitignore"] {
        let project = TempProject::new(&[("features/t.ts", TABLE)]);
        let pipe = std::process::Command::new("mkfifo")
            .arg(project.path(name))
            .status();
        assert!(pipe.expect("it is there").success());
        let mut client = start(json!({}), &[&project.root()]);
        let uri = project.uri("features/t.ts");
        client.open(&uri, TABLE);
        assert_eq!(codes(&client.diagnostics_of(&uri, 1)), ["unknown-field"]);
        client.shutdown();
    }
}

#[test]
fn a_change_before_open_and_versions_out_of_order_do_no_harm() {
    let project = TempProject::new(&[("features/t.ts", TABLE)]);
    let mut client = start(json!({}), &[&project.root()]);
    let uri = project.uri("features/t.ts");
    client.change(&uri, 7, whole("nonsense"));
    client.open(&uri, TABLE);
    assert_eq!(codes(&client.diagnostics_of(&uri, 1)), ["unknown-field"]);
    client.change(&uri, 9, whole(&TABLE.replace(", 'zzz'", "")));
    assert_eq!(client.diagnostics_of(&uri, 9), []);
    // What arrives last is the text, whatever number the client gives it.
    client.change(&uri, 3, whole(TABLE));
    let last = client.next_diagnostics(&uri);
    assert_eq!(
        (last.version, codes(&last.diagnostics)),
        (Some(3), vec!["unknown-field".to_owned()])
    );
    client.close(&uri);
    assert_eq!(client.next_diagnostics(&uri).diagnostics, []);
    client.shutdown();
}

#[test]
fn positions_past_the_end_are_the_end() {
    let project = TempProject::new(&[("features/t.ts", TABLE)]);
    let mut client = start(json!({}), &[&project.root()]);
    let uri = project.uri("features/t.ts");
    client.open(&uri, TABLE);
    client.diagnostics_of(&uri, 1);
    let far = Position {
        line: 9_999,
        character: u32::MAX,
    };
    let change = TextDocumentContentChangeEvent {
        range: Some(Range {
            start: far,
            end: far,
        }),
        range_length: None,
        text: "\n// the end\n".to_owned(),
    };
    client.change(&uri, 2, vec![change]);
    assert_eq!(codes(&client.diagnostics_of(&uri, 2)), ["unknown-field"]);
    client.close(&uri);
    client.next_diagnostics(&uri);
    client.shutdown();
}

#[test]
fn lone_surrogates_lose_nothing_and_positions_stay() {
    let project = TempProject::new(&[("features/t.ts", TABLE)]);
    let mut client = start(json!({}), &[&project.root()]);
    let uri = project.uri("features/t.ts");
    let text = TABLE.replace("['id',", "['id', /* § */");
    let open = json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {
        "textDocument": { "uri": uri, "languageId": "typescript", "version": 1, "text": text } } });
    client.send_bytes(open.to_string().replace('§', "\\ud83d").as_bytes());
    let found = client.diagnostics_of(&uri, 1);
    let line = text.lines().nth(3).expect("there are four lines");
    let column = line
        .split("zzz")
        .next()
        .map_or(0, |before| before.encode_utf16().count()) as u32;
    assert_eq!(
        found[0].range.start,
        Position {
            line: 3,
            character: column
        }
    );
    client.close(&uri);
    client.next_diagnostics(&uri);
    client.shutdown();
}

#[test]
fn any_cancellation_and_unknown_messages_do_no_harm() {
    let project = TempProject::new(&[("features/t.ts", TABLE)]);
    let mut client = start(json!({}), &[&project.root()]);
    for id in [json!(1), json!("nothing"), json!(-5)] {
        client.raw_notify("$/cancelRequest", json!({ "id": id }));
    }
    client.raw_notify("$/whatever", json!({ "x": 1 }));
    let refused = client
        .raw_request("quickback/nothing", json!({}))
        .expect_err("there is no such method");
    assert_eq!(refused["code"], -32601);
    let uri = project.uri("features/t.ts");
    client.open(&uri, TABLE);
    assert_eq!(codes(&client.diagnostics_of(&uri, 1)), ["unknown-field"]);
    client.close(&uri);
    client.next_diagnostics(&uri);
    client.shutdown();
}

#[test]
fn texts_that_nobody_would_write_are_survived() {
    let nested = "[".repeat(10_000);
    let one_line = format!("const x = \"{}\";", "a".repeat(1 << 20));
    let texts = [
        "",
        "\0\0\0",
        "\u{feff}",
        "}}}}))))",
        "`${`${`${",
        &nested,
        &one_line,
        "/*",
        "'\\u",
        "\r\r\n\r",
    ];
    let project = TempProject::new(&[("features/t.ts", TABLE)]);
    let mut client = start(json!({}), &[&project.root()]);
    let uri = project.uri("features/t.ts");
    client.open(&uri, TABLE);
    let mut version = 1;
    for text in texts {
        version += 1;
        client.change(&uri, version, whole(text));
        client.diagnostics_of(&uri, version);
        version += 1;
        client.change(&uri, version, whole(TABLE));
        assert_eq!(
            codes(&client.diagnostics_of(&uri, version)),
            ["unknown-field"]
        );
    }
    client.close(&uri);
    client.next_diagnostics(&uri);
    client.shutdown();
}

#[test]
fn documents_of_no_project_or_no_file_have_no_findings() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut client = start(json!({}), &[folder.path()]);
    let outside = crate::client::uri(&folder.path().join("features/t.ts"));
    client.open(&outside, TABLE);
    assert_eq!(client.diagnostics_of(&outside, 1), []);
    let untitled = "untitled:Untitled-1".parse().expect("a URI");
    client.open(&untitled, TABLE);
    assert_eq!(client.diagnostics_of(&untitled, 1), []);
    client.shutdown();
}

#[test]
fn thousands_of_projects_loops_of_links_and_folders_named_like_files_do_no_harm() {
    let project = TempProject::new(&[]);
    for number in 0..2_000 {
        project.write(
            &format!("apps/{number}/quickback.config.ts"),
            "export default {};\n",
        );
        project.write(&format!("apps/{number}/features/t.ts"), TABLE);
    }
    project.write(
        "apps/7/features/folder.ts/inner.ts",
        "export const x = 1;\n",
    );
    #[cfg(unix)]
    std::os::unix::fs::symlink(project.path("apps/7"), project.path("apps/7/features/loop"))
        .expect("a link can be made");
    let mut client = start(json!({}), &[&project.root()]);
    for number in [7, 1_999] {
        let uri = project.uri(&format!("apps/{number}/features/t.ts"));
        client.open(&uri, TABLE);
        assert_eq!(codes(&client.diagnostics_of(&uri, 1)), ["unknown-field"]);
        client.close(&uri);
        client.next_diagnostics(&uri);
    }
    client.shutdown();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_quickback-realtime"))
        .args(["--check", "--no-cache", "--format", "json", "."])
        .current_dir(project.root())
        .output()
        .expect("the check runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    assert_eq!(report["summary"]["errors"], 2_000);
}

#[test]
fn what_cannot_be_read_ends_the_server_and_the_log_says_so() {
    for body in ["{not json", "[]", "{\"id\":9,\"method\":\"shutdown\"}"] {
        let mut server = Command::new(env!("CARGO_BIN_EXE_quickback-realtime"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut stdin = server.stdin.take().expect("stdin is piped");
        write!(stdin, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("the server reads");
        stdin.flush().expect("the server reads");
        // It ends by itself.
        let output = server.wait_with_output().expect("the server ends");
        drop(stdin);
        let log = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{log}");
        assert!(
            log.starts_with("quickback-realtime: failed to decode message: "),
            "{body}: {log}"
        );
    }
}
