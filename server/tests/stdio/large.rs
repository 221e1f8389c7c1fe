//! A project of many files: what is open comes first, and whoever types does not wait.

use std::fmt::Write as _;

use serde_json::json;
use tower_lsp::ls_types::notification::ShowMessage;
use tower_lsp::ls_types::{Diagnostic, TextDocumentContentChangeEvent, Uri};

use crate::client::{Client, TempProject, codes, start};

/// More files than a project may have that is read before anything is said.
const FILES: usize = 600;

fn table(name: &str, fields: &str, roles: &str) -> String {
    format!(
        "import {{ sqliteTable, text }} from 'drizzle-orm/sqlite-core';\n\
         import {{ defineTable }} from '@quickback/compiler';\n\
         export const {name} = sqliteTable('{name}', {{ id: text('id').primaryKey(), organizationId: text('org') }});\n\
         export default defineTable({name}, {{ realtime: {{ enabled: true, requiredRoles: [{roles}], fields: [{fields}] }} }});\n"
    )
}

const CONFIG: &str = "export default { auth: { roleHierarchy: ['member', 'editor', 'admin'] } };\n";

/// A project of many tables, of which the first two have one name.
fn project() -> TempProject {
    let project = TempProject::new(&[("quickback/quickback.config.ts", CONFIG)]);
    for n in 0..FILES {
        let name = format!("t{}", n.max(1));
        let text = table(&name, "'id'", "'editor'");
        project.write(&format!("quickback/features/f{n}/f{n}.ts"), &text);
    }
    project
}

fn uri(project: &TempProject, n: usize) -> Uri {
    project.uri(&format!("quickback/features/f{n}/f{n}.ts"))
}

fn whole(text: &str) -> Vec<TextDocumentContentChangeEvent> {
    vec![TextDocumentContentChangeEvent {
        range: None,
        range_length: None,
        text: text.to_owned(),
    }]
}

/// Reads what is published of a document until that is `last`. What comes before says less, and is
/// no more than the codes of `early`.
fn follow(client: &mut Client, uri: &Uri, version: i32, early: &[&str], last: &[&str]) {
    loop {
        let found: Vec<Diagnostic> = client.diagnostics_of(uri, version);
        if codes(&found) == last {
            return;
        }
        assert_eq!(codes(&found), early, "neither the first nor the last word");
    }
}

#[test]
fn what_an_open_file_says_by_itself_comes_first_and_is_never_taken_back() {
    let project = project();
    let mut client = start(json!({}), &[&project.root()]);
    let first = uri(&project, 1);
    client.open(&first, &table("t1", "'id', 'titel'", "'editor'"));
    follow(
        &mut client,
        &first,
        1,
        &["unknown-field"],
        &["duplicate-table", "unknown-field"],
    );
    // What is read anew takes nothing back meanwhile.
    let reload = json!({ "command": "quickbackRealtime.reload" });
    client
        .raw_request("workspace/executeCommand", reload)
        .expect("an answer");
    client.change(&first, 2, whole(&table("t1", "'id'", "'editor'")));
    assert_eq!(
        codes(&client.diagnostics_of(&first, 2)),
        ["duplicate-table"]
    );
    client.close(&first);
    assert_eq!(client.next_diagnostics(&first).diagnostics, []);
    client.shutdown();
}

#[test]
fn whoever_types_while_a_large_project_is_read_waits_for_nothing() {
    let project = project();
    let mut client = start(json!({}), &[&project.root()]);
    let second = uri(&project, 7);
    client.open(&second, &table("t7", "'id'", "'editor'"));
    // An editor asks many things, all of which wait for the project; the changes come after them.
    let params =
        json!({ "textDocument": { "uri": second }, "position": { "line": 3, "character": 20 } });
    let asked: Vec<i64> = (0..40)
        .map(|_| client.send_request("textDocument/hover", params.clone()))
        .collect();
    let mut fields = String::from("'id'");
    for version in 2..60 {
        write!(fields, ", 'no{version}'").expect("a string can be written to");
        client.change(&second, version, whole(&table("t7", &fields, "'editor'")));
    }
    let found = client.diagnostics_of(&second, 59);
    assert_eq!(codes(&found), vec!["unknown-field"; 58]);
    for id in asked {
        client.answer(id).expect("an answer");
    }
    client.change(&second, 60, whole(&table("t7", "'id'", "'editor'")));
    assert_eq!(client.diagnostics_of(&second, 60), []);
    client.close(&second);
    client.shutdown();
}

#[test]
fn a_role_that_is_removed_reaches_every_open_file_and_the_typing_first() {
    let project = project();
    let mut client = start(json!({}), &[&project.root()]);
    let config = project.uri("quickback/quickback.config.ts");
    client.open(&config, CONFIG);
    assert_eq!(client.diagnostics_of(&config, 1), []);
    let open: Vec<Uri> = (10..30).map(|n| uri(&project, n)).collect();
    for (n, uri) in open.iter().enumerate() {
        client.open(uri, &table(&format!("t{}", n + 10), "'id'", "'editor'"));
        assert_eq!(client.diagnostics_of(uri, 1), []);
    }
    let typed = &open[13];
    client.change(&config, 2, whole(&CONFIG.replace("'editor', ", "")));
    client.change(typed, 2, whole(&table("t23", "'id', 'titel'", "'editor'")));
    assert_eq!(
        codes(&client.diagnostics_of(typed, 2)),
        ["unknown-role", "unknown-field"]
    );
    for uri in open.iter().filter(|uri| *uri != typed) {
        assert_eq!(
            codes(&client.next_diagnostics(uri).diagnostics),
            ["unknown-role"]
        );
    }
    assert_eq!(client.diagnostics_of(&config, 2), []);
    client.change(&config, 3, whole(CONFIG));
    for uri in open.iter().filter(|uri| *uri != typed) {
        assert_eq!(client.next_diagnostics(uri).diagnostics, []);
    }
    assert_eq!(
        codes(&client.next_diagnostics(typed).diagnostics),
        ["unknown-field"]
    );
    assert_eq!(client.diagnostics_of(&config, 3), []);
    client.close(typed);
    assert_eq!(client.next_diagnostics(typed).diagnostics, []);
    client.shutdown();
}

/// The call of a namespace's event.
const CALL: &str = "import { createRealtime } from '../lib/realtime';\n\
    export const run = async (env: never) => { await createRealtime(env).presence.joined({}, 'org'); };\n";

#[test]
fn a_constant_that_all_files_take_up_reaches_the_typing_first_and_then_all_others() {
    let shared = |role: &str, namespace: &str| {
        format!("export const ROLES = ['{role}'];\nexport const NAME = '{namespace}';\n")
    };
    let of_constant = |n: usize, fields: &str| {
        let text = table(&format!("t{n}"), fields, "...ROLES");
        format!("import {{ ROLES }} from '../../roles';\n{text}")
    };
    let project = TempProject::new(&[
        ("quickback/quickback.config.ts", CONFIG),
        ("quickback/roles.ts", &shared("editor", "presence")),
        (
            "quickback/services/realtime/presence.ts",
            "import { defineRealtime } from '@quickback/compiler';\n\
             import { NAME } from '../../roles';\n\
             export default defineRealtime({ name: NAME, events: ['joined'] });\n",
        ),
        ("src/handlers/run.ts", CALL),
    ]);
    for n in 0..FILES {
        let path = format!("quickback/features/f{n}/f{n}.ts");
        project.write(&path, &of_constant(n, "'id'"));
    }
    let mut client = start(json!({}), &[&project.root()]);
    let roles = project.uri("quickback/roles.ts");
    let call = project.uri("src/handlers/run.ts");
    let (typed, other) = (uri(&project, 7), uri(&project, 8));
    let open = [
        (&roles, shared("editor", "presence")),
        (&call, CALL.to_owned()),
        (&typed, of_constant(7, "'id'")),
        (&other, of_constant(8, "'id'")),
    ];
    for (uri, text) in &open {
        client.open(uri, text);
        assert_eq!(client.diagnostics_of(uri, 1), []);
    }
    client.change(&roles, 2, whole(&shared("ghost", "absence")));
    client.change(&typed, 2, whole(&of_constant(7, "'id', 'titel'")));
    assert_eq!(
        codes(&client.diagnostics_of(&typed, 2)),
        ["unknown-role", "unknown-field"]
    );
    assert_eq!(
        codes(&client.next_diagnostics(&other).diagnostics),
        ["unknown-role"]
    );
    // This one depends on what another file means, which is read beside the typing.
    assert_eq!(
        codes(&client.next_diagnostics(&call).diagnostics),
        ["unknown-namespace"]
    );
    assert_eq!(client.diagnostics_of(&roles, 2), []);
    for uri in [&typed, &other, &call] {
        client.close(uri);
        assert_eq!(client.next_diagnostics(uri).diagnostics, []);
    }
    client.shutdown();
}

#[test]
fn a_client_that_pulls_is_told_to_ask_again_when_all_is_known() {
    let project = project();
    let pulls = json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    });
    let mut client = start(pulls, &[&project.root()]);
    let first = uri(&project, 1);
    client.open(&first, &table("t1", "'id', 'titel'", "'editor'"));
    let pull = |client: &mut Client| {
        let params = json!({ "textDocument": { "uri": first } });
        let report = client
            .raw_request("textDocument/diagnostic", params)
            .expect("a report");
        let items = report["items"].as_array().expect("a full report").clone();
        let code = |item: &serde_json::Value| item["code"].as_str().map(str::to_owned);
        items.iter().filter_map(code).collect::<Vec<_>>()
    };
    let early = pull(&mut client);
    if early != ["duplicate-table", "unknown-field"] {
        assert_eq!(early, ["unknown-field"]);
        client.asked("workspace/diagnostic/refresh");
        assert_eq!(pull(&mut client), ["duplicate-table", "unknown-field"]);
    }
    client.close(&first);
    client.shutdown();
}

#[test]
fn a_save_before_all_is_read_is_generated_when_it_is() {
    let project = project();
    let settings = "{ \"output\": { \"client\": false, \"worker\": false } }\n";
    project.write("quickback-realtime.json", settings);
    // Two tables of one name would stop it.
    let text = table("t0", "'id'", "'editor'");
    project.write("quickback/features/f0/f0.ts", &text);
    let mut client = start(json!({}), &[&project.root()]);
    let first = uri(&project, 0);
    client.open(&first, &text);
    client.raw_notify(
        "textDocument/didSave",
        json!({ "textDocument": { "uri": first } }),
    );
    assert_eq!(
        client.expect::<ShowMessage>().message,
        "Wrote src/lib/realtime.ts."
    );
    assert_eq!(client.diagnostics_of(&first, 1), []);
    client.close(&first);
    client.shutdown();
}
