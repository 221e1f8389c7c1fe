//! Previews, and generation on save.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tower_lsp::ls_types::Uri;
use tower_lsp::ls_types::notification::ShowMessage;

use crate::client::{Client, TempProject, start};

/// A table that is broadcast.
pub const CLAIMS: &str = r#"import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import { defineTable } from "@quickback/compiler";
export const claims = sqliteTable("claims", {
  id: text("id").primaryKey(),
  title: text("title"),
  organizationId: text("organization_id"),
});
export default defineTable(claims, {
  realtime: { enabled: true, fields: ["id", "title"] },
});
"#;

const SETTINGS: &str = "{ \"output\": { \"client\": false, \"worker\": false } }\n";

/// A project of it that is open, with settings or without.
pub fn open(settings: bool) -> (TempProject, Client, Uri) {
    let project = TempProject::new(&[("quickback/features/claims.ts", CLAIMS)]);
    if settings {
        project.write("quickback-realtime.json", SETTINGS);
    }
    let mut client = start(json!({}), &[&project.root()]);
    let uri = project.uri("quickback/features/claims.ts");
    client.open(&uri, CLAIMS);
    assert_eq!(client.diagnostics_of(&uri, 1), []);
    (project, client, uri)
}

/// Says that a document was saved.
pub fn save(client: &mut Client, uri: &Uri) {
    client.raw_notify(
        "textDocument/didSave",
        json!({ "textDocument": { "uri": uri } }),
    );
}

fn preview(client: &mut Client, uri: &Uri) -> Value {
    let params = json!({ "textDocument": { "uri": uri }, "name": "claims", "kind": "table" });
    client
        .raw_request("quickback/preview", params)
        .expect("a preview")
}

/// Changes it, in the editor and perhaps on the disk.
pub fn change(
    client: &mut Client,
    project: &TempProject,
    uri: &Uri,
    version: i32,
    text: &str,
    on_disk: bool,
) {
    if on_disk {
        project.write("quickback/features/claims.ts", text);
    }
    let document = json!({ "uri": uri, "version": version });
    let changes = json!([{ "text": text }]);
    client.raw_notify(
        "textDocument/didChange",
        json!({ "textDocument": document, "contentChanges": changes }),
    );
    client.diagnostics_of(uri, version);
}

#[test]
fn a_preview_follows_the_typing_and_keeps_its_last_good_state() {
    let (project, mut client, uri) = open(false);
    let first = preview(&mut client, &uri);
    let insert = &first["json"][0]["views"][0]["json"];
    assert!(
        insert
            .as_str()
            .is_some_and(|json| json.contains("\"title\":")),
        "{first}"
    );
    assert_eq!(first["stale"], false);

    change(
        &mut client,
        &project,
        &uri,
        2,
        &CLAIMS.replace(", \"title\"]", "]"),
        false,
    );
    let second = preview(&mut client, &uri);
    assert!(
        !second["json"][0]["views"][0]["json"]
            .to_string()
            .contains("title"),
        "{second}"
    );

    change(
        &mut client,
        &project,
        &uri,
        3,
        &CLAIMS.replace(", \"title\"]", ", \"ti"),
        false,
    );
    let third = preview(&mut client, &uri);
    assert_eq!(
        (&third["stale"], &third["text"]),
        (&json!(true), &second["text"])
    );

    let command = json!({ "command": "quickbackRealtime.preview", "arguments": [{ "uri": uri, "name": "nothing" }] });
    assert_eq!(
        client
            .raw_request("workspace/executeCommand", command)
            .expect("an answer"),
        Value::Null
    );
    client.close(&uri);
    client.next_diagnostics(&uri);
    client.shutdown();
}

#[test]
fn a_preview_says_what_is_not_known() {
    let on = |value: &str| CLAIMS.replace("enabled: true", &format!("enabled: {value}"));
    let said = "// quickback/features/claims.ts:9:";
    let (project, mut client, uri) = open(false);
    change(&mut client, &project, &uri, 2, &on("isOn()"), false);
    let before = preview(&mut client, &uri);
    let text = before["text"].as_str().expect("a text").to_owned();
    assert!(text.contains(said) && !text.contains("switch"), "{text}");
    assert_eq!(before["stale"], false);
    // Nothing good was shown before that could be worth more.
    let moved = format!("\n{}", on("isOn()"));
    change(&mut client, &project, &uri, 3, &moved, false);
    let text = preview(&mut client, &uri)["text"].to_string();
    assert!(text.contains("claims.ts:10:"), "{text}");
    change(&mut client, &project, &uri, 4, CLAIMS, false);
    let good = preview(&mut client, &uri);
    assert_eq!(good["stale"], false);
    change(&mut client, &project, &uri, 5, &on("isOn()"), false);
    let kept = preview(&mut client, &uri);
    assert_eq!(kept["stale"], true);
    assert_eq!(kept["json"], good["json"]);
    assert!(
        kept["text"]
            .as_str()
            .is_some_and(|text| text.starts_with(said)),
        "{kept}"
    );
    client.close(&uri);
    client.next_diagnostics(&uri);
    client.shutdown();
}

#[test]
fn a_preview_stays_when_its_source_is_closed() {
    let (_project, mut client, uri) = open(false);
    let first = preview(&mut client, &uri);
    assert_eq!(first["stale"], false);
    client.close(&uri);
    assert_eq!(preview(&mut client, &uri), first);
    client.shutdown();
}

#[test]
fn a_save_in_an_adopted_project_writes_once_and_says_so_once() {
    let (project, mut client, uri) = open(true);
    let helper = project.path("src/lib/realtime.ts");
    for _ in 0..5 {
        save(&mut client, &uri);
    }
    assert_eq!(
        client.expect::<ShowMessage>().message,
        "Wrote src/lib/realtime.ts."
    );
    let first = std::fs::read_to_string(&helper).expect("the helper is there");
    let modified = std::fs::metadata(&helper)
        .and_then(|m| m.modified())
        .expect("a time");

    // The same again: nothing is written, nothing is said.
    save(&mut client, &uri);
    let command = json!({ "command": "quickbackRealtime.generate", "arguments": [{ "uri": uri }] });
    let answer = client
        .raw_request("workspace/executeCommand", command)
        .expect("an answer");
    assert_eq!(
        answer,
        json!({ "written": [], "unchanged": 1, "problems": [] })
    );
    assert_eq!(
        std::fs::metadata(&helper)
            .and_then(|m| m.modified())
            .expect("a time"),
        modified
    );

    // What is typed but not saved is not generated by the save of another text.
    change(
        &mut client,
        &project,
        &uri,
        2,
        &CLAIMS.replace(", \"title\"]", "]"),
        true,
    );
    save(&mut client, &uri);
    assert_eq!(
        client.expect::<ShowMessage>().message,
        "Wrote src/lib/realtime.ts."
    );
    assert_ne!(
        std::fs::read_to_string(&helper).expect("the helper is there"),
        first
    );
    client.close(&uri);
    client.shutdown();
}

#[test]
fn an_error_stops_generation_and_the_last_output_stays() {
    let (project, mut client, uri) = open(true);
    save(&mut client, &uri);
    client.expect::<ShowMessage>();
    let helper = project.path("src/lib/realtime.ts");
    let good = std::fs::read_to_string(&helper).expect("the helper is there");
    change(
        &mut client,
        &project,
        &uri,
        2,
        &CLAIMS.replace("enabled: true", "enabled: \"yes\""),
        true,
    );
    let command = json!({ "command": "quickbackRealtime.generate", "arguments": [{ "uri": uri }] });
    let answer = client
        .raw_request("workspace/executeCommand", command)
        .expect("an answer");
    assert_eq!(answer["written"], json!([]));
    assert!(
        answer["problems"][0]
            .as_str()
            .is_some_and(|p| p.contains("enabled")),
        "{answer}"
    );
    assert_eq!(
        std::fs::read_to_string(&helper).expect("the helper is there"),
        good
    );
    let doctor = json!({ "command": "quickbackRealtime.doctor", "arguments": [] });
    let report = client
        .raw_request("workspace/executeCommand", doctor)
        .expect("a report");
    assert!(
        report
            .as_str()
            .is_some_and(|r| r.contains("last generation: blocked")),
        "{report}"
    );
    client.close(&uri);
    client.next_diagnostics(&uri);
    client.shutdown();
}

/// Waits: long enough for a question that must not come, and for what a yes would write.
pub fn nothing_more_comes() {
    std::thread::sleep(Duration::from_millis(500));
}

#[test]
fn nothing_is_written_into_a_workspace_that_is_not_trusted() {
    let (project, mut client, uri) = open(true);
    let settings = |value: Value| json!({ "settings": { "quickbackRealtime": value } });
    let method = "workspace/didChangeConfiguration";
    client.raw_notify(method, settings(json!({ "trusted": false })));
    // A change that says nothing of trust leaves it as it is.
    client.raw_notify(method, settings(json!({ "generateOnSave": true })));
    save(&mut client, &uri);
    let command = json!({ "command": "quickbackRealtime.generate", "arguments": [{ "uri": uri }] });
    let refused = client
        .raw_request("workspace/executeCommand", command)
        .expect_err("not trusted");
    assert!(
        refused["message"]
            .as_str()
            .is_some_and(|m| m.contains("not trusted")),
        "{refused}"
    );
    client.close(&uri);
    client.shutdown();
    assert!(!project.path("src/lib/realtime.ts").exists());
}

/// Another table.
fn other(name: &str, fields: &str) -> String {
    CLAIMS
        .replace("claims", name)
        .replace("[\"id\", \"title\"]", fields)
}

/// A project of two tables that has been generated, of which one is open; and its helper.
fn generated() -> (TempProject, Client, Uri, impl Fn() -> String) {
    let project = TempProject::new(&[
        ("quickback/features/claims.ts", CLAIMS),
        (
            "quickback/features/notes.ts",
            &other("notes", "[\"id\", \"title\"]"),
        ),
        ("quickback-realtime.json", SETTINGS),
    ]);
    let mut client = start(json!({}), &[&project.root()]);
    let uri = project.uri("quickback/features/claims.ts");
    client.open(&uri, CLAIMS);
    assert_eq!(client.diagnostics_of(&uri, 1), []);
    save(&mut client, &uri);
    wrote(&mut client);
    let helper = project.path("src/lib/realtime.ts");
    let helper = move || std::fs::read_to_string(&helper).expect("the helper is there");
    (project, client, uri, helper)
}

fn wrote(client: &mut Client) {
    assert_eq!(
        client.expect::<ShowMessage>().message,
        "Wrote src/lib/realtime.ts."
    );
}

#[test]
fn what_is_generated_is_what_closed_files_say_on_the_disk() {
    let (project, mut client, uri, helper) = generated();
    // Nobody says that any of these has changed.
    project.write(
        "quickback/features/notes.ts",
        &other("notes", "[\"title\"]"),
    );
    project.write(
        "quickback/features/third.ts",
        &other("third", "[\"id\", \"title\"]"),
    );
    save(&mut client, &uri);
    wrote(&mut client);
    let second = helper();
    assert!(second.contains("third"), "{second}");

    std::fs::remove_file(project.path("quickback/features/third.ts"))
        .expect("the file can be removed");
    let command = json!({ "command": "quickbackRealtime.generate", "arguments": [{ "uri": uri }] });
    let answer = client
        .raw_request("workspace/executeCommand", command.clone())
        .expect("an answer");
    assert_eq!(answer["written"], json!(["src/lib/realtime.ts"]));
    assert!(!helper().contains("third"));

    // The settings are files too.
    project.write(
        "quickback-realtime.json",
        "{ \"output\": { \"helper\": \"src/other.ts\", \"client\": false, \"worker\": false } }\n",
    );
    let answer = client
        .raw_request("workspace/executeCommand", command)
        .expect("an answer");
    assert_eq!(answer["written"], json!(["src/other.ts"]));
    client.close(&uri);
    client.shutdown();
}

#[test]
fn a_change_that_is_reported_right_after_a_save_is_generated_too() {
    let (project, mut client, uri, helper) = generated();
    let first = helper();
    project.write(
        "quickback/features/notes.ts",
        &other("notes", "[\"title\"]"),
    );
    client.watched(&[
        (&project.uri("quickback/features/notes.ts"), 2),
        (&project.uri("src/lib/realtime.ts"), 1),
    ]);
    wrote(&mut client);
    assert_ne!(helper(), first);
    client.close(&uri);
    client.shutdown();
}

#[test]
fn what_stops_a_save_and_is_in_no_open_document_is_said_once() {
    let (project, mut client, uri, _) = generated();
    let notes = "quickback/features/notes.ts";
    let bad = other("notes", "[\"id\"]").replace("enabled: true", "enabled: \"yes\"");
    let said = |client: &mut Client| {
        for _ in 0..3 {
            save(client, &uri);
            std::thread::sleep(Duration::from_millis(200));
        }
        client.expect::<ShowMessage>().message
    };
    // It is said again after it has been mended.
    for fields in ["[\"id\"]", "[\"title\"]"] {
        project.write(notes, &bad);
        let message = said(&mut client);
        assert!(message.contains("notes.ts"), "{message}");
        project.write(notes, &other("notes", fields));
        save(&mut client, &uri);
        wrote(&mut client);
    }
    project.write("src/lib/realtime.ts", "export const mine = 1;\n");
    let message = said(&mut client);
    assert!(message.contains("src/lib/realtime.ts"), "{message}");
    client.close(&uri);
    // This fails on what was said more than once.
    client.shutdown();
}

#[cfg(unix)]
#[test]
fn the_last_of_several_saves_stands_however_long_another_writer_takes() {
    let (project, mut client, uri, helper) = generated();
    let step = |number: i32| {
        CLAIMS
            .replace("\"title\"", &format!("\"step{number}\""))
            .replace("title: text", &format!("step{number}: text"))
    };
    let last = 9;
    let root = std::fs::File::open(project.root()).expect("the folder can be opened");
    root.lock().expect("the folder can be locked");
    for number in 2..=last {
        change(&mut client, &project, &uri, number, &step(number), true);
        save(&mut client, &uri);
        std::thread::sleep(Duration::from_millis(60));
    }
    root.unlock().expect("the folder can be unlocked");
    let is_last = || helper().contains(&format!("step{last}?:"));
    let limit = Instant::now() + Duration::from_secs(30);
    while !is_last() && Instant::now() < limit {
        std::thread::sleep(Duration::from_millis(10));
    }
    nothing_more_comes();
    assert!(is_last(), "{}", helper());
}

#[test]
fn who_saves_and_quits_has_the_files_of_the_save() {
    for (pause_ms, says_so) in [(0, true), (35, true), (60, true), (0, false), (45, false)] {
        let project = TempProject::new(&[("quickback/features/claims.ts", CLAIMS)]);
        // Who has settings has adopted us; the worker is what takes its time.
        project.write("quickback-realtime.json", "{}\n");
        let mut client = start(json!({}), &[&project.root()]);
        let uri = project.uri("quickback/features/claims.ts");
        client.open(&uri, CLAIMS);
        assert_eq!(client.diagnostics_of(&uri, 1), []);
        save(&mut client, &uri);
        std::thread::sleep(Duration::from_millis(pause_ms));
        if says_so {
            client.raw_request("shutdown", Value::Null).unwrap();
            client.raw_notify("exit", json!({}));
        }
        client.ended();
        let mut files = Vec::new();
        let mut folders = vec![project.root()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path.to_string_lossy().into_owned());
                }
            }
        }
        let left = files.iter().filter(|file| file.ends_with(".tmp"));
        assert_eq!(left.count(), 0, "{pause_ms} {says_so} {files:?}");
        let is_written = files.iter().any(|file| file.ends_with("realtime.ts"));
        assert!(is_written || !says_so, "{pause_ms} {files:?}");
    }
}
