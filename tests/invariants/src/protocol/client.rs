//! A client's end of a connection to a server in this process.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use quickback_realtime::lsp;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// How long an answer may take before it counts as one that never comes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection, and what came over it.
pub struct Connection {
    output: DuplexStream,
    incoming: UnboundedReceiver<Value>,
    /// Whether the user of this client says yes to what the server asks.
    agrees: bool,
    next_id: i64,
    /// The requests that are not answered yet.
    waiting: BTreeSet<i64>,
    answers: BTreeMap<i64, Value>,
    /// What was published last, by URI.
    published: BTreeMap<String, Value>,
}

impl Connection {
    /// Starts a server, which ends when the connection does.
    pub fn new(agrees: bool) -> Self {
        let (output, input) = tokio::io::duplex(1 << 16);
        let (answers, from_server) = tokio::io::duplex(1 << 16);
        tokio::spawn(lsp::serve(input, answers));
        let (sender, incoming) = unbounded_channel();
        tokio::spawn(async move {
            let mut from_server = BufReader::new(from_server);
            while let Some(message) = read(&mut from_server).await {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            output,
            incoming,
            agrees,
            next_id: 0,
            waiting: BTreeSet::new(),
            answers: BTreeMap::new(),
            published: BTreeMap::new(),
        }
    }

    /// Says something that is not answered.
    pub async fn notify(&mut self, method: &str, params: Value) {
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
        self.send(&message).await;
    }

    /// Asks without waiting for the answer.
    pub async fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.waiting.insert(id);
        self.send(&message).await;
        id
    }

    /// Asks, and waits for the answer, which is a result or an error.
    pub async fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params).await;
        loop {
            if let Some(answer) = self.answers.remove(&id) {
                return answer;
            }
            self.take(method).await;
        }
    }

    /// Cancels what was asked last.
    pub async fn cancel(&mut self) {
        let params = json!({ "id": self.next_id });
        self.notify("$/cancelRequest", params).await;
    }

    /// Waits until everything that was asked is answered.
    pub async fn settle(&mut self) {
        while let Some(id) = self.waiting.first().copied() {
            self.take(&format!("request {id}")).await;
        }
        self.answers.clear();
    }

    /// The findings of a document.
    pub async fn diagnostics(&mut self, uri: &str) -> Value {
        let params = json!({ "textDocument": { "uri": uri } });
        let answer = self.request("textDocument/diagnostic", params).await;
        let items = answer.pointer("/result/items");
        items
            .cloned()
            .unwrap_or_else(|| panic!("{answer} has no findings"))
    }

    /// Waits until those findings of a document are the last that were published.
    pub async fn publishes(&mut self, uri: &str, findings: &Value) {
        while self.published.get(uri) != Some(findings) {
            self.take(&format!("the findings of {uri}, which are {findings},"))
                .await;
        }
    }

    async fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let message = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        let sent = self.output.write_all(message.as_bytes()).await;
        sent.expect("the server listens");
    }

    /// Takes the next message of the server.
    async fn take(&mut self, awaited: &str) {
        let Ok(message) = tokio::time::timeout(PATIENCE, self.incoming.recv()).await else {
            panic!(
                "{awaited} never comes; published so far: {:?}",
                self.published
            );
        };
        let message = message.unwrap_or_else(|| panic!("the server ended before {awaited}"));
        let method = message.get("method").and_then(Value::as_str);
        match (method, message.get("id")) {
            (Some("textDocument/publishDiagnostics"), None) => {
                let params = &message["params"];
                let uri = params["uri"].as_str().expect("a document has a URI");
                self.published
                    .insert(uri.to_owned(), params["diagnostics"].clone());
            }
            (Some(_), None) => {}
            (Some(_), Some(id)) => {
                let actions = message.pointer("/params/actions/0");
                let result = actions.filter(|_| self.agrees).cloned().unwrap_or_default();
                let answer = json!({ "jsonrpc": "2.0", "id": id, "result": result });
                self.send(&answer).await;
            }
            (None, id) => {
                // What cannot be read as a request is answered without a number.
                if let Some(id) = id.and_then(Value::as_i64) {
                    assert!(self.waiting.remove(&id), "{message} answers nothing");
                    self.answers.insert(id, message);
                }
            }
        }
    }
}

async fn read(from: &mut BufReader<DuplexStream>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.parse().expect("a length is a number");
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).await.ok()?;
    Some(serde_json::from_slice(&body).expect("a message is JSON"))
}
