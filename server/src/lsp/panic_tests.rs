//! A panic in any message is in the log once, and everything else goes on.

use std::sync::Mutex;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream};
use tower_lsp::Server;

/// Where the next panic comes from.
static NEXT: Mutex<Option<String>> = Mutex::new(None);
/// What was written to the log.
static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Panics if that is asked for: at the first work of that name.
pub(super) fn before(what: &str) {
    let is_next = NEXT.lock().unwrap().take_if(|next| next == what).is_some();
    assert!(!is_next, "a panic on purpose in {what}");
}

/// Takes note of what was logged.
pub(super) fn logged(what: &str) {
    LOG.lock().unwrap().push(what.to_owned());
}

struct Client {
    to: DuplexStream,
    from: BufReader<DuplexStream>,
    next_id: i64,
}

impl Client {
    async fn start(root: &str) -> Self {
        let (to, input) = tokio::io::duplex(1 << 20);
        let (output, from) = tokio::io::duplex(1 << 20);
        let (service, socket) = super::service();
        tokio::spawn(Server::new(input, output, socket).serve(service));
        let mut client = Self {
            to,
            from: BufReader::new(from),
            next_id: 0,
        };
        let params = json!({
            "capabilities": {
                "textDocument": { "diagnostic": {} },
                "workspace": { "diagnostics": { "refreshSupport": true } },
            },
            "workspaceFolders": [{ "uri": root, "name": "project" }],
        });
        client.request("initialize", params).await;
        client.notify("initialized", json!({})).await;
        client
    }

    async fn send(&mut self, message: Value) {
        let body = message.to_string();
        let text = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.to.write_all(text.as_bytes()).await.unwrap();
    }

    async fn notify(&mut self, method: &str, params: Value) {
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
        self.send(message).await;
    }

    /// The answer to a request; the server's own requests are answered on the way.
    async fn request(&mut self, method: &str, params: Value) -> Value {
        self.next_id += 1;
        let id = self.next_id;
        let message = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        self.send(message).await;
        loop {
            let message = self.receive().await;
            if message.get("method").is_none() && message["id"] == json!(id) {
                assert_eq!(message.get("error"), None, "{method}");
                return message["result"].clone();
            }
            if message.get("method").is_some() && message.get("id").is_some() {
                let answer = json!({ "jsonrpc": "2.0", "id": message["id"], "result": null });
                self.send(answer).await;
            }
        }
    }

    async fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            let read = self.from.read_line(&mut line).await.unwrap();
            assert!(read > 0, "the server has ended");
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", value)) => length = value.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.from.read_exact(&mut body).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }
}

const TABLE: &str = r#"import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import { defineTable } from "@quickback/compiler";
export const claims = sqliteTable("claims", {
  id: text("id").primaryKey(),
  title: text("title"),
  organizationId: text("organization_id"),
});
export default defineTable(claims, {
  realtime: { enabled: true, fields: ["id", "titel"] },
});
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_in_any_message_is_logged_once_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let path = root.join("quickback/features/claims.ts");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, TABLE).unwrap();
    std::fs::write(root.join("quickback.config.ts"), "export default {};\n").unwrap();
    let uri = super::proto::uri_of(&path).unwrap();
    let document = json!({ "uri": uri });
    let at = json!({ "textDocument": document, "position": { "line": 8, "character": 45 } });
    let range =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let with = |mut params: Value, name: &str, value: Value| {
        params[name] = value;
        params
    };
    let of_document = json!({ "textDocument": document });
    let opened = json!({ "uri": uri, "languageId": "typescript", "version": 1, "text": TABLE });
    let edit = json!([{ "text": TABLE }]);
    let command =
        |name: &str| json!({ "command": format!("quickbackRealtime.{name}"), "arguments": [] });

    let mut client = Client::start(super::proto::uri_of(&root).unwrap().as_str()).await;
    let open = json!({ "textDocument": opened });
    client.notify("textDocument/didOpen", open.clone()).await;

    // What is asked: the work that panics, the message, and whether it is a request.
    let messages = [
        (
            "diagnostics",
            "textDocument/diagnostic",
            of_document.clone(),
            true,
        ),
        ("completion", "textDocument/completion", at.clone(), true),
        ("hover", "textDocument/hover", at.clone(), true),
        ("definition", "textDocument/definition", at.clone(), true),
        (
            "references",
            "textDocument/references",
            with(at.clone(), "context", json!({ "includeDeclaration": true })),
            true,
        ),
        (
            "highlights",
            "textDocument/documentHighlight",
            at.clone(),
            true,
        ),
        ("rename", "textDocument/prepareRename", at.clone(), true),
        (
            "rename",
            "textDocument/rename",
            with(at.clone(), "newName", json!("subject")),
            true,
        ),
        (
            "code actions",
            "textDocument/codeAction",
            with(
                with(of_document.clone(), "range", range.clone()),
                "context",
                json!({ "diagnostics": [] }),
            ),
            true,
        ),
        (
            "inlay hints",
            "textDocument/inlayHint",
            with(of_document.clone(), "range", range.clone()),
            true,
        ),
        (
            "code lenses",
            "textDocument/codeLens",
            of_document.clone(),
            true,
        ),
        (
            "symbols",
            "textDocument/documentSymbol",
            of_document.clone(),
            true,
        ),
        (
            "symbols",
            "workspace/symbol",
            json!({ "query": "claims" }),
            true,
        ),
        ("preview", "quickback/preview", at.clone(), true),
        (
            "doctor",
            "workspace/executeCommand",
            command("doctor"),
            true,
        ),
        (
            "generation",
            "workspace/executeCommand",
            command("generate"),
            true,
        ),
        (
            "reading the settings",
            "workspace/executeCommand",
            command("reload"),
            true,
        ),
        (
            "reading the project",
            "workspace/executeCommand",
            command("reload"),
            true,
        ),
        (
            "reading a document",
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": edit }),
            false,
        ),
        (
            "changing a document",
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": 3 }, "contentChanges": edit }),
            false,
        ),
        (
            "reading a file again",
            "workspace/didChangeWatchedFiles",
            json!({ "changes": [{ "uri": uri, "type": 2 }] }),
            false,
        ),
        (
            "changing the folders",
            "workspace/didChangeWorkspaceFolders",
            json!({ "event": { "added": [], "removed": [] } }),
            false,
        ),
        (
            "closing a document",
            "textDocument/didClose",
            of_document.clone(),
            false,
        ),
        (
            "opening a document",
            "textDocument/didOpen",
            open.clone(),
            false,
        ),
    ];
    for (what, method, params, is_request) in messages {
        assert_eq!(
            found(&mut client, &at).await,
            json!("titel"),
            "before {method}"
        );
        LOG.lock().unwrap().clear();
        *NEXT.lock().unwrap() = Some(what.to_owned());
        if is_request {
            client.request(method, params).await;
        } else {
            client.notify(method, params).await;
        }
        for _ in 0..100 {
            if !LOG.lock().unwrap().is_empty() {
                break;
            }
            // What follows in the background may be what panics.
            client
                .request("workspace/symbol", json!({ "query": "" }))
                .await;
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(*LOG.lock().unwrap(), [what], "{method}");
        assert_eq!(*NEXT.lock().unwrap(), None, "{method}");
        // Whatever was lost of the document or its project comes back by opening it anew.
        client
            .notify("textDocument/didClose", of_document.clone())
            .await;
        client
            .request("workspace/executeCommand", command("reload"))
            .await;
        client.notify("textDocument/didOpen", open.clone()).await;
    }
    assert_eq!(found(&mut client, &at).await, json!("titel"));
}

/// The word that the finding is about: proof that the document and its project are there.
async fn found(client: &mut Client, at: &Value) -> Value {
    let params = json!({ "textDocument": at["textDocument"] });
    let report = client.request("textDocument/diagnostic", params).await;
    let message = report["items"][0]["message"].as_str().unwrap_or_default();
    json!(message.split('"').nth(1).unwrap_or_default())
}
