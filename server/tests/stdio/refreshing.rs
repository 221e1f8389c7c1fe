//! Hints and lenses that change because of another file than theirs.

use serde_json::{Value, json};
use tower_lsp::ls_types::Uri;

use crate::client::{Client, TempProject, start};

const CONFIG: &str =
    "export default { auth: { roleHierarchy: [\"member\", \"editor\", \"admin\"] } };\n";

const CLAIMS: &str = r#"import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import { defineTable } from "@quickback/compiler";
export const claims = sqliteTable("claims", {
  id: text("id").primaryKey(),
  organizationId: text("organization_id"),
});
export default defineTable(claims, {
  realtime: { enabled: true, requiredRoles: ["editor+"], fields: ["id"] },
});
"#;

const HANDLER: &str = r#"import { createRealtime } from "../lib/realtime";
export const run = async (ctx: any) => {
  const realtime = createRealtime(ctx.env);
  await realtime.insert("claims", { id: "1" }, ctx.activeOrgId!);
};
"#;

const HINTS: &str = "workspace/inlayHint/refresh";
const LENSES: &str = "workspace/codeLens/refresh";

fn labels(client: &mut Client, uri: &Uri) -> (String, String) {
    let document = json!({ "uri": uri });
    let start = json!({ "line": 0, "character": 0 });
    let range = json!({ "start": start, "end": { "line": 99, "character": 0 } });
    let params = json!({ "textDocument": document, "range": range });
    let hints = client.raw_request("textDocument/inlayHint", params);
    let params = json!({ "textDocument": document });
    let lenses = client.raw_request("textDocument/codeLens", params);
    (
        hints.expect("hints are answered").to_string(),
        lenses.expect("lenses are answered").to_string(),
    )
}

fn replace(client: &mut Client, uri: &Uri, version: i32, text: &str) {
    let document = json!({ "uri": uri, "version": version });
    let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
    client.raw_notify("textDocument/didChange", params);
}

struct Opened {
    client: Client,
    config: Uri,
    claims: Uri,
    handler: Uri,
    _project: TempProject,
}

fn open(mut capabilities: Value, pulls: bool) -> Opened {
    let project = TempProject::new(&[
        ("quickback/quickback.config.ts", CONFIG),
        ("quickback/features/claims.ts", CLAIMS),
        ("src/actions/run.ts", HANDLER),
    ]);
    if pulls {
        capabilities["textDocument"] = json!({ "diagnostic": {} });
        capabilities["workspace"]["diagnostics"] = json!({ "refreshSupport": true });
    }
    let mut client = start(capabilities, &[&project.root()]);
    let config = project.uri("quickback/quickback.config.ts");
    let claims = project.uri("quickback/features/claims.ts");
    let handler = project.uri("src/actions/run.ts");
    for (uri, text) in [(&config, CONFIG), (&claims, CLAIMS), (&handler, HANDLER)] {
        client.open(uri, text);
    }
    Opened {
        client,
        config,
        claims,
        handler,
        _project: project,
    }
}

#[test]
fn the_client_asks_anew_when_another_file_has_changed_them() {
    for pulls in [false, true] {
        let capabilities = json!({ "workspace": {
            "inlayHint": { "refreshSupport": true },
            "codeLens": { "refreshSupport": true },
        } });
        let Opened {
            mut client,
            config,
            claims,
            handler,
            _project,
        } = open(capabilities, pulls);
        let (hints, lenses) = labels(&mut client, &claims);
        assert!(hints.contains("= editor, admin"), "{hints}");
        assert!(lenses.contains("1 call"), "{lenses}");

        let more = CONFIG.replace("\"admin\"", "\"chief\", \"admin\"");
        replace(&mut client, &config, 2, &more);
        client.asked(HINTS);
        let (hints, _) = labels(&mut client, &claims);
        assert!(hints.contains("= editor, chief, admin"), "{hints}");

        // What is typed in the file itself the client asks for by itself.
        let typed = CLAIMS.replace("[\"editor+\"]", "[\"editor+\", \"chief+\"]");
        replace(&mut client, &claims, 2, &typed);
        let (hints, _) = labels(&mut client, &claims);
        assert!(hints.contains("= chief, admin"), "{hints}");

        let call = "  await realtime.insert(\"claims\", { id: \"2\" }, ctx.activeOrgId!);\n};";
        replace(&mut client, &handler, 2, &HANDLER.replace("};", call));
        client.asked(LENSES);
        let (_, lenses) = labels(&mut client, &claims);
        assert!(lenses.contains("2 calls"), "{lenses}");
        assert!(!client.was_asked(HINTS), "its hints were the same");
    }
}

#[test]
fn a_client_that_cannot_be_told_is_not() {
    let Opened {
        mut client,
        config,
        claims,
        handler,
        _project,
    } = open(json!({}), false);
    labels(&mut client, &claims);
    let more = CONFIG.replace("\"admin\"", "\"chief\", \"admin\"");
    replace(&mut client, &config, 2, &more);
    // What is said of a document follows on what is said of those before it.
    replace(&mut client, &handler, 2, "");
    client.diagnostics_of(&handler, 2);
    replace(&mut client, &handler, 3, HANDLER);
    client.diagnostics_of(&handler, 3);
    assert!(!client.was_asked(HINTS) && !client.was_asked(LENSES));
}
