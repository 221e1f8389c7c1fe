//! What a client that shows a status is told, and the report of what the server knows.

use serde_json::{Value, json};
use tower_lsp::ls_types::Uri;
use tower_lsp::ls_types::notification::{Notification, ShowMessage};

use crate::client::{Client, TempProject, start};
use crate::generating::{CLAIMS, change, save};

const SETTINGS: &str = "{ \"output\": { \"client\": false, \"worker\": false } }\n";
const FILE: &str = "quickback/features/claims.ts";

struct Status;

impl Notification for Status {
    type Params = Value;
    const METHOD: &'static str = "quickback/status";
}

/// A project of a table that is open in a client that shows a status.
fn open(settings: Option<&str>, text: &str) -> (TempProject, Client, Uri) {
    let project = TempProject::new(&[(FILE, text)]);
    if let Some(settings) = settings {
        project.write("quickback-realtime.json", settings);
    }
    let capabilities = json!({ "experimental": { "quickbackStatus": true } });
    let mut client = start(capabilities, &[&project.root()]);
    let uri = project.uri(FILE);
    client.open(&uri, text);
    client.diagnostics_of(&uri, 1);
    (project, client, uri)
}

fn configure(client: &mut Client, settings: Value) {
    let params = json!({ "settings": { "quickbackRealtime": settings } });
    client.raw_notify("workspace/didChangeConfiguration", params);
}

/// Waits for a status with that many errors and warnings.
fn counts(client: &mut Client, errors: u64, warnings: u64) -> Value {
    loop {
        let status = client.expect::<Status>();
        if (&status["errors"], &status["warnings"]) == (&json!(errors), &json!(warnings)) {
            return status;
        }
    }
}

fn doctor(client: &mut Client) -> String {
    let command = json!({ "command": "quickbackRealtime.doctor" });
    let report = client.raw_request("workspace/executeCommand", command);
    report
        .expect("a report")
        .as_str()
        .expect("a text")
        .to_owned()
}

#[test]
fn a_save_after_which_nothing_is_generated_is_followed_by_a_status_too() {
    let bad = CLAIMS.replace("enabled: true", "enabled: \"yes\"");
    let off = json!({ "generateOnSave": false });
    let untrusted = json!({ "trusted": false });
    // The client of these tests closes the question of a project without settings.
    for (settings, configured) in [
        (Some(SETTINGS), Some(&off)),
        (Some(SETTINGS), Some(&untrusted)),
        (Some("{ \"generateOnSave\": false }\n"), None),
        (None, None),
    ] {
        let (project, mut client, uri) = open(settings, &bad);
        counts(&mut client, 1, 0);
        if let Some(configured) = configured {
            configure(&mut client, configured.clone());
        }
        for (version, text, errors) in [(2, CLAIMS, 0), (3, &bad, 1), (4, CLAIMS, 0)] {
            change(&mut client, &project, &uri, version, text, true);
            save(&mut client, &uri);
            counts(&mut client, errors, 0);
        }
        assert!(!project.path("src/lib/realtime.ts").exists());
    }
}

#[test]
fn a_status_counts_what_the_client_shows() {
    let text = CLAIMS.replace("\"title\"]", "\"title\", \"title\"]");
    let (_project, mut client, _) = open(Some(SETTINGS), &text);
    counts(&mut client, 0, 1);
    for (severity, errors, warnings) in [("error", 1, 0), ("off", 0, 0), ("warning", 0, 1)] {
        let severities = json!({ "severities": { "duplicate-field": severity } });
        configure(&mut client, severities);
        counts(&mut client, errors, warnings);
    }
}

#[test]
fn an_error_in_a_closed_file_that_stops_a_save_is_said_to_a_client_with_a_status_too() {
    let (project, mut client, uri) = open(Some(SETTINGS), CLAIMS);
    save(&mut client, &uri);
    let notes = CLAIMS.replace("claims", "notes").replace("true", "\"yes\"");
    project.write("quickback/features/notes.ts", &notes);
    save(&mut client, &uri);
    let message = client.expect::<ShowMessage>().message;
    assert!(message.contains("quickback/features/notes.ts"), "{message}");
    let status = counts(&mut client, 1, 0);
    let last = &status["lastGeneration"];
    assert_eq!(
        (&last["outcome"], &last["message"]),
        (&json!("blocked"), &json!(message))
    );
}

#[test]
fn the_report_says_what_keeps_a_project_from_being_generated() {
    let (_project, mut client, _) = open(Some(SETTINGS), CLAIMS);
    assert!(doctor(&mut client).contains("generates on save: yes"));
    for (settings, reason) in [
        (
            json!({ "generateOnSave": false }),
            "no, the settings of the editor",
        ),
        (
            json!({ "trusted": false }),
            "no, the workspace is not trusted",
        ),
    ] {
        configure(&mut client, settings);
        let report = doctor(&mut client);
        assert!(
            report.contains(&format!("generates on save: {reason}")),
            "{report}"
        );
    }
    let (_project, mut client, _) = open(Some("{ \"generateOnSave\": false }\n"), CLAIMS);
    let report = doctor(&mut client);
    assert!(
        report.contains("no, the settings of the project"),
        "{report}"
    );
}
