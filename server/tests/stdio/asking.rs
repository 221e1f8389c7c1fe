//! The question of the first save in a project that has not adopted us.

use std::time::{Duration, Instant};

use serde_json::json;
use tower_lsp::ls_types::notification::{LogMessage, ShowMessage};

use crate::client::{Client, TempProject, spawn_with};
use crate::generating::{CLAIMS, change, nothing_more_comes, open, save};

const QUESTION: &str = "window/showMessageRequest";

#[test]
fn a_project_that_has_not_adopted_us_is_asked_once_and_left_alone() {
    let (project, mut client, uri) = open(false);
    // The client of these tests closes every question without an answer.
    save(&mut client, &uri);
    client.asked(QUESTION);
    save(&mut client, &uri);
    nothing_more_comes();
    let report = client
        .raw_request(
            "workspace/executeCommand",
            json!({ "command": "quickbackRealtime.doctor" }),
        )
        .expect("a report");
    assert!(
        report
            .as_str()
            .is_some_and(|r| r.contains("has not adopted us")),
        "{report}"
    );
    assert!(!client.was_asked(QUESTION));
    client.close(&uri);
    client.shutdown();
    assert!(!project.path("src/lib/realtime.ts").exists());
}

#[test]
fn a_project_that_says_yes_is_generated_by_that_save_and_all_later_ones() {
    let (project, mut client, uri) = open(false);
    client.choice = Some("Generate");
    let helper = || std::fs::read_to_string(project.path("src/lib/realtime.ts"));
    save(&mut client, &uri);
    client.asked(QUESTION);
    let message = client.expect::<ShowMessage>().message;
    assert!(
        message.starts_with("Wrote src/lib/realtime.ts and "),
        "{message}"
    );
    let first = helper().expect("the helper is there");
    let shorter = CLAIMS.replace(", \"title\"]", "]");
    change(&mut client, &project, &uri, 2, &shorter, true);
    save(&mut client, &uri);
    client.expect::<ShowMessage>();
    assert_ne!(helper().expect("the helper is there"), first);
    assert!(!client.was_asked(QUESTION));
    client.close(&uri);
    client.shutdown();
}

#[test]
fn a_yes_holds_until_the_error_that_stops_it_is_mended() {
    let (project, mut client, uri) = open(false);
    client.choice = Some("Generate");
    let bad = CLAIMS.replace("fields: [\"id\"", "requiredRoles: [\"*\"], fields: [\"id\"");
    change(&mut client, &project, &uri, 2, &bad, true);
    save(&mut client, &uri);
    client.asked(QUESTION);
    // Whoever asks for files hears why there are none.
    let message = client.expect::<ShowMessage>().message;
    assert!(message.contains("requiredRoles"), "{message}");
    // After that it stands in the list of problems.
    save(&mut client, &uri);
    client.expect::<LogMessage>();
    change(&mut client, &project, &uri, 3, CLAIMS, true);
    save(&mut client, &uri);
    let message = client.expect::<ShowMessage>().message;
    assert!(
        message.starts_with("Wrote src/lib/realtime.ts"),
        "{message}"
    );
    assert!(!client.was_asked(QUESTION));
    client.close(&uri);
    client.shutdown();
    assert!(project.path("src/lib/realtime.ts").exists());
}

#[test]
fn a_project_without_realtime_is_not_asked_before_it_has_some() {
    let (project, mut client, uri) = open(false);
    let off = CLAIMS.replace("enabled: true", "enabled: false");
    let none = CLAIMS.replace(
        "  realtime: { enabled: true, fields: [\"id\", \"title\"] },\n",
        "",
    );
    for (version, text) in [(2, &off), (3, &none)] {
        assert_ne!(text, CLAIMS);
        change(&mut client, &project, &uri, version, text, true);
        save(&mut client, &uri);
        nothing_more_comes();
    }
    let doctor = json!({ "command": "quickbackRealtime.doctor" });
    let report = client.raw_request("workspace/executeCommand", doctor);
    assert!(!client.was_asked(QUESTION));
    let report = report.expect("a report").to_string();
    assert!(!report.contains("last generation"), "{report}");
    change(&mut client, &project, &uri, 4, CLAIMS, true);
    save(&mut client, &uri);
    client.asked(QUESTION);
    client.close(&uri);
    client.shutdown();
}

#[test]
fn a_project_that_said_no_is_not_asked_by_the_next_server() {
    let project = TempProject::new(&[("quickback/features/claims.ts", CLAIMS)]);
    let uri = project.uri("quickback/features/claims.ts");
    let state = tempfile::tempdir().expect("a folder");
    let kept = || {
        let folder = state.path().join("quickback-realtime/declined");
        folder.read_dir().map_or(0, Iterator::count)
    };
    let saved = |choice| {
        let mut client = spawn_with(&[("XDG_STATE_HOME", state.path())]);
        client.choice = choice;
        client.initialize(json!({}), &[&project.root()]);
        client.open(&uri, CLAIMS);
        client.diagnostics_of(&uri, 1);
        save(&mut client, &uri);
        client
    };
    let end = |mut client: Client| {
        client.close(&uri);
        client.shutdown();
    };
    // A question that is closed is asked again.
    for choice in [None, Some("Not in this project")] {
        assert_eq!(kept(), 0);
        let mut client = saved(choice);
        client.asked(QUESTION);
        if choice.is_some() {
            let limit = Instant::now() + Duration::from_secs(30);
            while kept() == 0 && Instant::now() < limit {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        end(client);
    }
    assert_eq!(kept(), 1);
    let client = saved(Some("Generate"));
    nothing_more_comes();
    end(client);
    assert!(!project.path("src/lib/realtime.ts").exists());
}
