//! Every capability that the server announces, asked for as an editor does, in two encodings.

use serde_json::{Value, json};
use tower_lsp::ls_types::Uri;
use tower_lsp::ls_types::notification::ShowMessage;

use crate::client::{Client, TempProject, start};

const CONFIG: &str =
    "export default { auth: { roleHierarchy: [\"member\", \"editor\", \"admin\"] } };\n";

const CLAIMS: &str = r#"import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import { defineTable } from "@quickback/compiler";
export const claims = sqliteTable("claims", {
  id: text("id").primaryKey(),
  title: text("title"),
  organizationId: text("organization_id"),
});
export default defineTable(claims, {
  /* é😀 */ realtime: { enabled: true, requiredRoles: ["editor+"], fields: ["id", "title", "title"] },
});
"#;

const HANDLER: &str = r#"import { createRealtime } from "../lib/realtime";
export const run = async (ctx: any) => {
  const realtime = createRealtime(ctx.env);
  await realtime.insert("claims", { id: "1", title: "x" }, ctx.activeOrgId!);
  await realtime.presence.joined({}, ctx.activeOrgId!);
};
"#;

const NAMESPACE: &str = r#"import { defineRealtime } from "@quickback/compiler";
export default defineRealtime({ name: "presence", events: ["joined", "left"] });
"#;

struct Opened {
    project: TempProject,
    client: Client,
    claims: Uri,
    handler: Uri,
}

fn open(encoding: &str) -> Opened {
    let project = TempProject::new(&[
        ("quickback/quickback.config.ts", CONFIG),
        ("quickback/features/claims.ts", CLAIMS),
        ("quickback/services/realtime/presence.ts", NAMESPACE),
        ("src/actions/run.ts", HANDLER),
    ]);
    let capabilities = json!({
        "general": { "positionEncodings": [encoding] },
        "textDocument": {
            "completion": { "completionItem": { "snippetSupport": true } },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
        },
        "workspace": { "workspaceEdit": { "documentChanges": true } },
    });
    let mut client = start(capabilities, &[&project.root()]);
    let (claims, handler) = (
        project.uri("quickback/features/claims.ts"),
        project.uri("src/actions/run.ts"),
    );
    client.open(&claims, CLAIMS);
    client.diagnostics_of(&claims, 1);
    client.open(&handler, HANDLER);
    client.diagnostics_of(&handler, 1);
    Opened {
        project,
        client,
        claims,
        handler,
    }
}

/// The position of the first `needle` in a text, with an offset into it, in an encoding's units.
fn position(text: &str, needle: &str, into: usize, encoding: &str) -> Value {
    let at = text.find(needle).expect("the needle is there") + into;
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |n| n + 1);
    let column = &before[line_start..];
    let character = match encoding {
        "utf-8" => column.len(),
        _ => column.encode_utf16().count(),
    };
    json!({ "line": before.matches('\n').count(), "character": character })
}

fn at(uri: &Uri, position: &Value) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": position })
}

impl Opened {
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.client
            .raw_request(method, params)
            .unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    fn finish(mut self) {
        for uri in [self.claims.clone(), self.handler.clone()] {
            self.client.close(&uri);
        }
        self.client.next_diagnostics(&self.claims.clone());
        self.client.shutdown();
        drop(self.project);
    }
}

#[test]
fn completion_replaces_what_stands_inside_the_quotes() {
    for encoding in ["utf-8", "utf-16"] {
        let mut opened = open(encoding);
        let cursor = position(CLAIMS, "\"title\", \"title\"", 10, encoding);
        let claims = opened.claims.clone();
        let items = opened.ask("textDocument/completion", at(&claims, &cursor));
        let items = items.as_array().expect("a list of items");
        let item = items
            .iter()
            .find(|i| i["label"] == "organizationId")
            .expect("a column is offered");
        let start = position(CLAIMS, "\"title\", \"title\"", 10, encoding);
        assert_eq!(item["textEdit"]["range"]["start"], start, "{item}");
        assert_eq!(item["textEdit"]["newText"], "organizationId");
        assert_eq!(item["filterText"], "organizationId");
        opened.finish();
    }
}

#[test]
fn hover_says_what_a_key_means() {
    for encoding in ["utf-8", "utf-16"] {
        let mut opened = open(encoding);
        let cursor = position(CLAIMS, "requiredRoles", 3, encoding);
        let claims = opened.claims.clone();
        let hover = opened.ask("textDocument/hover", at(&claims, &cursor));
        assert_eq!(
            hover["range"]["start"],
            position(CLAIMS, "requiredRoles", 0, encoding)
        );
        assert!(
            hover["contents"]["value"]
                .as_str()
                .is_some_and(|v| v.contains("Who receives")),
            "{hover}"
        );
        opened.finish();
    }
}

#[test]
fn names_are_found_from_calls_to_definitions_and_back() {
    for encoding in ["utf-8", "utf-16"] {
        let mut opened = open(encoding);
        let (claims, handler) = (opened.claims.clone(), opened.handler.clone());
        let call = position(HANDLER, "\"claims\"", 2, encoding);
        let found = opened.ask("textDocument/definition", at(&handler, &call));
        assert_eq!(found[0]["uri"], claims.as_str());
        assert_eq!(
            found[0]["range"]["start"],
            position(CLAIMS, "claims =", 0, encoding)
        );

        let mut params = at(&handler, &call);
        params["context"] = json!({ "includeDeclaration": false });
        let found = opened.ask("textDocument/references", params);
        assert!(
            found
                .as_array()
                .is_some_and(|l| l.iter().any(|l| l["uri"] == handler.as_str())),
            "{found}"
        );

        let title = position(CLAIMS, "\"title\", \"title\"", 2, encoding);
        let found = opened.ask("textDocument/documentHighlight", at(&claims, &title));
        assert!(found.as_array().is_some_and(|l| l.len() >= 3), "{found}");
        opened.finish();
    }
}

#[test]
fn a_rename_reaches_every_file_and_says_no_where_it_must() {
    for encoding in ["utf-8", "utf-16"] {
        let mut opened = open(encoding);
        let handler = opened.handler.clone();
        let event = position(HANDLER, "joined", 2, encoding);
        let prepared = opened.ask("textDocument/prepareRename", at(&handler, &event));
        assert_eq!(prepared["placeholder"], "joined");
        let mut params = at(&handler, &event);
        params["newName"] = json!("arrived");
        let edit = opened.ask("textDocument/rename", params.clone());
        let files: Vec<&str> = edit["documentChanges"]
            .as_array()
            .expect("edits with versions")
            .iter()
            .filter_map(|e| e["textDocument"]["uri"].as_str())
            .collect();
        assert_eq!(files.len(), 2, "{edit}");
        // What other code says is told of, not changed.
        assert!(!opened.client.expect::<ShowMessage>().message.is_empty());
        params["newName"] = json!("le:ft");
        let refused = opened
            .client
            .raw_request("textDocument/rename", params)
            .expect_err("no event");
        assert!(refused["message"].as_str().is_some_and(|m| !m.is_empty()));
        opened.finish();
    }
}

#[test]
fn fixes_carry_versions_and_fix_all_leaves_nothing_to_fix() {
    for encoding in ["utf-8", "utf-16"] {
        let mut opened = open(encoding);
        let claims = opened.claims.clone();
        let start = position(CLAIMS, "\"title\"]", 1, encoding);
        let range = json!({ "start": start, "end": start });
        let context = json!({ "diagnostics": [] });
        let params =
            json!({ "textDocument": { "uri": claims }, "range": range, "context": context });
        let actions = opened.ask("textDocument/codeAction", params);
        let actions = actions.as_array().expect("a list of actions");
        let kinds: Vec<&str> = actions.iter().filter_map(|a| a["kind"].as_str()).collect();
        assert!(
            kinds.contains(&"quickfix") && kinds.contains(&"source.fixAll.quickbackRealtime"),
            "{kinds:?}"
        );
        let all = actions
            .iter()
            .find(|a| a["kind"] == "source.fixAll.quickbackRealtime")
            .expect("it is there");
        let change = &all["edit"]["documentChanges"][0];
        assert_eq!(change["textDocument"]["version"], 1);
        let edits = change["edits"].as_array().expect("a list of edits").clone();
        let edits = edits
            .into_iter()
            .rev()
            .map(|e| json!({ "range": e["range"], "text": e["newText"] }));
        let document = json!({ "uri": claims, "version": 2 });
        let changes: Vec<Value> = edits.collect();
        let params = json!({ "textDocument": document, "contentChanges": changes });
        opened.client.raw_notify("textDocument/didChange", params);
        assert_eq!(opened.client.diagnostics_of(&claims, 2), []);
        opened.client.close(&claims);
        opened.client.close(&opened.handler.clone());
        opened.client.shutdown();
    }
}

#[test]
fn hints_lenses_and_symbols_are_served() {
    for encoding in ["utf-8", "utf-16"] {
        let mut opened = open(encoding);
        let claims = opened.claims.clone();
        let document = json!({ "uri": claims });
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
        let hints = opened.ask(
            "textDocument/inlayHint",
            json!({ "textDocument": document, "range": range }),
        );
        assert!(
            hints.to_string().contains("admin"),
            "editor+ is expanded: {hints}"
        );
        let lenses = opened.ask("textDocument/codeLens", json!({ "textDocument": document }));
        let titles: Vec<&str> = lenses
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|l| l["command"]["title"].as_str())
            .collect();
        assert!(titles.contains(&"Preview events"), "{titles:?}");
        assert!(titles.iter().any(|t| t.contains("1 call")), "{titles:?}");
        let symbols = opened.ask(
            "textDocument/documentSymbol",
            json!({ "textDocument": document }),
        );
        assert_eq!(symbols[0]["name"], "claims");
        assert!(symbols[0]["children"].is_array());
        let symbols = opened.ask("workspace/symbol", json!({ "query": "join" }));
        assert_eq!(symbols[0]["name"], "joined");
        opened.finish();
    }
}
