//! What the server does only for clients that say that they can take it.

use serde_json::{Value, json};
use tower_lsp::ls_types::{OneOf, Uri};

use crate::client::{Client, TempProject, start};

const CLAIMS: &str = r#"import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import { defineTable } from "@quickback/compiler";
export const claims = sqliteTable("claims", {
  id: text("id").primaryKey(),
  email: text("email"),
  organizationId: text("organization_id"),
});
export default defineTable(claims, {
  masking: { em },
  realtime: { enabled: true, requiredRoles: ["editor+"], fields: ["id", "email"] },
});
"#;

/// Asks for something at the place behind `needle` in the claims.
fn ask(client: &mut Client, uri: &Uri, method: &str, needle: &str) -> Value {
    let at = CLAIMS.find(needle).expect("the needle is there") + needle.len();
    let before = &CLAIMS[..at];
    let column = before.len() - before.rfind('\n').map_or(0, |line| line + 1);
    let position = json!({ "line": before.matches('\n').count(), "character": column });
    let params = json!({ "textDocument": { "uri": uri }, "position": position });
    client.raw_request(method, params).expect("it is answered")
}

/// A client with the claims open.
fn opened(project: &TempProject, text_document: Value) -> (Client, Uri) {
    let capabilities = json!({ "textDocument": text_document });
    let mut client = start(capabilities, &[&project.root()]);
    let uri = project.uri("quickback/features/claims.ts");
    client.open(&uri, CLAIMS);
    client.diagnostics_of(&uri, 1);
    (client, uri)
}

#[test]
fn a_client_of_plain_text_is_sent_no_marks() {
    let project = TempProject::new(&[("quickback/features/claims.ts", CLAIMS)]);
    let plain = json!({
        "hover": { "contentFormat": ["plaintext"] },
        "completion": { "completionItem": { "documentationFormat": ["plaintext"] } },
    });
    let (mut client, uri) = opened(&project, plain);
    let hover = ask(&mut client, &uri, "textDocument/hover", "  real");
    assert_eq!(hover["contents"]["kind"], "plaintext");
    let text = hover["contents"]["value"].as_str().expect("a text");
    assert!(
        text.starts_with("claims\n") && !text.contains("```") && !text.contains("- **"),
        "{text}"
    );
    let items = ask(&mut client, &uri, "textDocument/completion", "{ em");
    let items = items.as_array().expect("a list of items");
    let item = items.iter().find(|i| i["label"] == "email");
    let item = item.expect("the column is offered");
    // No snippets either: what is inserted is a rule that holds.
    assert_eq!(item["insertTextFormat"], 1);
    let inserted = item["textEdit"]["newText"].as_str().expect("a text");
    assert!(inserted.contains("type: \"email\""), "{inserted}");
    for item in items {
        let kind = &item["documentation"]["kind"];
        assert!(kind.is_null() || kind == "plaintext", "{item}");
    }
    client.close(&uri);
    client.next_diagnostics(&uri);
    client.shutdown();
}

#[test]
fn a_client_that_takes_markdown_is_sent_it() {
    let project = TempProject::new(&[("quickback/features/claims.ts", CLAIMS)]);
    for text_document in [
        json!({ "hover": { "contentFormat": ["markdown", "plaintext"] } }),
        json!({}),
    ] {
        let (mut client, uri) = opened(&project, text_document);
        let hover = ask(&mut client, &uri, "textDocument/hover", "  real");
        assert_eq!(hover["contents"]["kind"], "markdown");
        let text = hover["contents"]["value"].as_str().expect("a text");
        assert!(text.starts_with("**claims**\n"), "{text}");
        client.close(&uri);
        client.next_diagnostics(&uri);
        client.shutdown();
    }
}

#[test]
fn options_of_a_rename_are_for_clients_that_ask_before() {
    let project = TempProject::new(&[]);
    for (says, prepares) in [
        (json!({ "prepareSupport": true }), true),
        (json!({}), false),
    ] {
        let capabilities = json!({ "textDocument": { "rename": says } });
        let client = start(capabilities, &[&project.root()]);
        match &client.initialized.capabilities.rename_provider {
            Some(OneOf::Right(options)) if prepares => {
                assert_eq!(options.prepare_provider, Some(true));
            }
            Some(OneOf::Left(true)) if !prepares => {}
            other => panic!("{prepares}: {other:?}"),
        }
        client.shutdown();
    }
}
