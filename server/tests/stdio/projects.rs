//! Projects that end while they are open, and those that no file is open of.

use serde_json::{Value, json};
use tower_lsp::ls_types::Uri;
use tower_lsp::ls_types::notification::ShowMessage;

use crate::client::{Client, TempProject, start};

const CONFIG: &str = "export default { auth: { roleHierarchy: [\"member\", \"admin\"] } };\n";

const CLAIMS: &str = r#"import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import { defineTable } from "@quickback/compiler";
export const claims = sqliteTable("claims", {
  id: text("id").primaryKey(),
  organizationId: text("organization_id"),
});
export default defineTable(claims, {
  realtime: { enabled: true, requiredRoles: ["member+"], fields: ["id"] },
});
"#;

const SETTINGS: &str = "{ \"output\": { \"client\": false, \"worker\": false } }\n";
const HELPER: &str = "src/lib/realtime.ts";

/// A folder with the projects of these names, which have adopted us or not.
fn folder(projects: &[(&str, bool)]) -> TempProject {
    let folder = TempProject::new(&[]);
    std::fs::remove_dir_all(folder.path("quickback")).expect("the folder can be removed");
    for (name, is_adopted) in projects {
        folder.write(&format!("{name}/quickback.config.ts"), CONFIG);
        folder.write(&format!("{name}/features/claims.ts"), CLAIMS);
        if *is_adopted {
            folder.write(&format!("{name}/quickback-realtime.json"), SETTINGS);
        }
    }
    folder
}

/// The files in which the workspace has a name with `claims`.
fn declared(client: &mut Client) -> Vec<Value> {
    let answer = client.raw_request("workspace/symbol", json!({ "query": "claims" }));
    let answer = answer.expect("an answer");
    let found = answer.as_array().expect("a list").iter();
    found
        .map(|symbol| symbol["location"]["uri"].clone())
        .collect()
}

fn save(client: &mut Client, uri: &Uri) {
    let params = json!({ "textDocument": { "uri": uri } });
    client.raw_notify("textDocument/didSave", params);
}

fn generate(client: &mut Client, argument: Value) -> Value {
    let params = json!({ "command": "quickbackRealtime.generate", "arguments": [argument] });
    let answer = client.raw_request("workspace/executeCommand", params);
    answer.expect("an answer")
}

/// The problem that the command names, which has written nothing.
fn problem(client: &mut Client, argument: Value) -> String {
    let answer = generate(client, argument);
    assert_eq!(
        (&answer["written"], &answer["unchanged"]),
        (&json!([]), &json!(0))
    );
    let problem = answer["problems"][0].as_str();
    problem.expect("a problem is named").to_owned()
}

#[test]
fn nothing_is_written_where_a_project_has_ended() {
    let folder = folder(&[("app", true)]);
    let mut client = start(json!({}), &[&folder.root()]);
    let claims = folder.uri("app/features/claims.ts");
    client.open(&claims, CLAIMS);
    assert_eq!(client.diagnostics_of(&claims, 1), []);
    save(&mut client, &claims);
    client.expect::<ShowMessage>();
    let helper = folder.path("app").join(HELPER);
    let before = std::fs::read_to_string(&helper).expect("the helper is there");
    assert!(before.contains("\"admin\""), "{before}");
    // Nobody says so.
    std::fs::remove_file(folder.path("app/quickback.config.ts")).expect("the file can be removed");
    save(&mut client, &claims);
    std::thread::sleep(std::time::Duration::from_millis(500));
    let said = problem(&mut client, json!({ "uri": claims }));
    assert!(said.contains("is in no Quickback project"), "{said}");
    let after = std::fs::read_to_string(&helper).expect("the helper is there");
    assert_eq!(after, before);
    client.close(&claims);
    client.shutdown();
}

#[test]
fn a_project_that_has_ended_hands_its_documents_to_the_one_around_it() {
    let folder = folder(&[("outer", true), ("outer/apps/inner", true)]);
    let mut client = start(json!({}), &[&folder.root()]);
    let claims = folder.uri("outer/apps/inner/features/claims.ts");
    client.open(&claims, CLAIMS);
    assert_eq!(client.diagnostics_of(&claims, 1), []);
    std::fs::remove_file(folder.path("outer/apps/inner/quickback.config.ts"))
        .expect("the file can be removed");
    save(&mut client, &claims);
    // After this it is known.
    generate(&mut client, json!({ "uri": claims }));
    let position = json!({ "line": 2, "character": 15 });
    let params = json!({ "textDocument": { "uri": claims }, "position": position });
    let hover = client.raw_request("textDocument/hover", params);
    hover.expect("an answer");
    client.close(&claims);
}

#[test]
fn what_was_found_in_a_project_that_has_ended_unseen_goes_when_everything_is_read_anew() {
    let folder = folder(&[("app", true)]);
    let mut client = start(json!({}), &[&folder.root()]);
    let uri = folder.uri("app/features/claims.ts");
    client.open(&uri, &CLAIMS.replace("member+", "boss"));
    assert_eq!(client.diagnostics_of(&uri, 1).len(), 1);
    std::fs::remove_file(folder.path("app/quickback.config.ts")).expect("the file can be removed");
    let reload = json!({ "command": "quickbackRealtime.reload" });
    let answer = client.raw_request("workspace/executeCommand", reload);
    answer.expect("an answer");
    assert_eq!(client.next_diagnostics(&uri).diagnostics, []);
    client.close(&uri);
    client.shutdown();
}

#[test]
fn a_project_is_generated_that_no_file_is_open_of() {
    for with_uri in [true, false] {
        // One that has not adopted us is not meant, where another has.
        let folder = folder(&[("app", true), ("example", false)]);
        let mut client = start(json!({}), &[&folder.root()]);
        let argument = if with_uri {
            json!({ "uri": folder.uri("app/features/claims.ts") })
        } else {
            json!({})
        };
        for (written, unchanged) in [(vec![HELPER], 0), (vec![], 1)] {
            let answer = json!({ "written": written, "unchanged": unchanged, "problems": [] });
            assert_eq!(generate(&mut client, argument.clone()), answer);
        }
        assert!(folder.path("app").join(HELPER).exists());
        assert!(!folder.path("example").join(HELPER).exists());
        client.shutdown();
    }
}

#[test]
fn where_it_cannot_be_told_what_to_generate_that_is_said() {
    let none = folder(&[]);
    none.write("notes.ts", "");
    let mut client = start(json!({}), &[&none.root()]);
    let said = problem(&mut client, json!({}));
    assert!(said.contains("no Quickback project"), "{said}");
    let said = problem(&mut client, json!({ "uri": none.uri("notes.ts") }));
    assert!(said.contains("notes.ts is in no Quickback"), "{said}");
    client.shutdown();

    let two = folder(&[("app", false), ("example", false)]);
    let mut client = start(json!({}), &[&two.root()]);
    let said = problem(&mut client, json!({}));
    assert!(said.contains("Open a file"), "{said}");
    client.shutdown();

    let one = folder(&[("app", false)]);
    let mut client = start(json!({}), &[&one.root()]);
    let answer = generate(&mut client, json!({}));
    assert_eq!(answer["problems"], json!([]));
    assert!(one.path("app").join(HELPER).exists());
    client.shutdown();
}

#[test]
fn names_are_found_in_projects_that_no_file_is_open_of() {
    let two = folder(&[("app", true), ("example", false)]);
    let mut client = start(json!({}), &[&two.root()]);
    let claims = |name| json!(two.uri(&format!("{name}/features/claims.ts")));
    assert_eq!(declared(&mut client), [claims("app"), claims("example")]);
    std::fs::remove_dir_all(two.path("app")).expect("the folder can be removed");
    // It has appeared since they were looked for.
    two.write("third/quickback.config.ts", CONFIG);
    two.write("third/features/claims.ts", CLAIMS);
    client.watched(&[
        (&two.uri("app"), 3),
        (&two.uri("third/quickback.config.ts"), 1),
    ]);
    assert_eq!(declared(&mut client), [claims("example"), claims("third")]);
    // What was only read for that is not meant by a command that names nothing.
    let said = problem(&mut client, json!({}));
    assert!(said.contains("Open a file"), "{said}");
    client.shutdown();
}
