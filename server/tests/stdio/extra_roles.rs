//! Roles that the settings declare, as their file is opened, edited, closed and written.

use serde_json::{Value, json};
use tower_lsp::ls_types::Uri;
use tower_lsp::ls_types::notification::ShowMessage;

use crate::client::{Client, TempProject, start};
use crate::generating::CLAIMS;

const SETTINGS: &str = "{ \"roles\": [\"auditor\"] }\n";

/// Where the role at a place is declared, as `line:column`.
fn declared(client: &mut Client, uri: &Uri, line: u32, character: u32) -> String {
    let params = json!({
        "textDocument": { "uri": uri },
        "position": { "line": line, "character": character },
    });
    let found = client
        .raw_request("textDocument/definition", params)
        .expect("an answer");
    let place = &found[0];
    let file = place["uri"].as_str().and_then(|uri| uri.rsplit('/').next());
    let start = &place["range"]["start"];
    format!(
        "{}:{}:{}",
        file.unwrap_or("nowhere"),
        start["line"],
        start["character"]
    )
}

#[test]
fn they_are_found_and_renamed_where_they_stand_now() {
    let text = CLAIMS.replace(
        "enabled: true",
        "enabled: true, requiredRoles: [\"auditor\"]",
    );
    let project = TempProject::new(&[
        ("quickback/features/claims.ts", &text),
        ("quickback-realtime.json", SETTINGS),
    ]);
    let mut client = start(json!({}), &[&project.root()]);
    let claims = project.uri("quickback/features/claims.ts");
    let settings = project.uri("quickback-realtime.json");
    client.open(&claims, &text);
    client.diagnostics_of(&claims, 1);
    let used = |client: &mut Client| declared(client, &claims, 8, 48);
    assert_eq!(used(&mut client), "quickback-realtime.json:0:13");

    let moved = format!("\n  {SETTINGS}");
    client.open(&settings, &moved);
    client.diagnostics_of(&settings, 1);
    assert_eq!(used(&mut client), "quickback-realtime.json:1:15");
    assert_eq!(
        declared(&mut client, &settings, 1, 18),
        "quickback-realtime.json:1:15"
    );
    let params = json!({
        "textDocument": { "uri": settings },
        "position": { "line": 1, "character": 18 },
        "newName": "controller",
    });
    let edit = client
        .raw_request("textDocument/rename", params)
        .expect("it can be renamed");
    client.expect::<ShowMessage>();
    let start_in = |uri: &Uri| edit["changes"][uri.as_str()][0]["range"]["start"].clone();
    assert_eq!(start_in(&settings), json!({ "line": 1, "character": 15 }));
    assert_eq!(start_in(&claims)["line"], Value::from(8));

    client.close(&settings);
    assert_eq!(used(&mut client), "quickback-realtime.json:0:13");
    project.write("quickback-realtime.json", &format!("\n\n{SETTINGS}"));
    client.watched(&[(&settings, 2)]);
    assert_eq!(used(&mut client), "quickback-realtime.json:2:13");
    client.close(&claims);
    client.shutdown();
}
