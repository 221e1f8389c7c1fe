//! A client that fails on what nobody read, and on what is not the protocol's.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower_lsp::ls_types::notification::{Notification, PublishDiagnostics};
use tower_lsp::ls_types::request::Request;
use tower_lsp::ls_types::{
    Diagnostic, InitializeResult, PublishDiagnosticsParams, TextDocumentContentChangeEvent, Uri,
};

/// How long an answer may take on a busy machine before a test says that none comes.
const PATIENCE: Duration = Duration::from_secs(30);

/// The client's side of one running server.
pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    incoming: Receiver<Value>,
    unread: VecDeque<Value>,
    /// What the server has asked for, and nobody waited for yet.
    requests: Vec<String>,
    /// The title that a question is answered with; it is closed without an answer by default.
    pub choice: Option<&'static str>,
    next_id: i64,
    /// What the server said of itself.
    pub initialized: InitializeResult,
}

/// A process with its pipes, before `initialize`.
pub fn spawn() -> Client {
    spawn_with(&[])
}

/// The same with variables in its environment.
pub fn spawn_with(variables: &[(&str, &Path)]) -> Client {
    let mut child = Command::new(env!("CARGO_BIN_EXE_quickback-realtime"))
        .arg("lsp")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the server starts");
    let stdin = child.stdin.take();
    let mut stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
    let (sender, incoming) = channel();
    std::thread::spawn(move || {
        while let Some(message) = read_message(&mut stdout) {
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    Client {
        child,
        stdin,
        incoming,
        unread: VecDeque::new(),
        requests: Vec::new(),
        choice: None,
        next_id: 0,
        initialized: InitializeResult::default(),
    }
}

/// A server that has been initialized with those capabilities and folders.
pub fn start(capabilities: Value, folders: &[&Path]) -> Client {
    let mut client = spawn();
    client.initialize(capabilities, folders);
    client
}

fn read_message(stdout: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').expect("a header has a colon");
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse::<usize>().ok();
        }
    }
    let mut body = vec![0; length.expect("a message has a length")];
    stdout.read_exact(&mut body).ok()?;
    let message: Value = serde_json::from_slice(&body).expect("a message is JSON");
    assert_eq!(message.get("jsonrpc"), Some(&json!("2.0")), "{message}");
    Some(message)
}

/// Reads a value as one of the protocol's, and fails if anything of it got lost on the way.
fn typed<T: DeserializeOwned + Serialize>(value: Value, what: &str) -> T {
    let read: T = serde_json::from_value(value.clone())
        .unwrap_or_else(|error| panic!("{what} is not the protocol's: {error}\n{value}"));
    let again = serde_json::to_value(&read).expect("the protocol's types can be written");
    assert_eq!(
        without_nulls(again),
        without_nulls(value),
        "{what} has more than the protocol knows"
    );
    read
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.into_iter()
                .filter(|(_, v)| !v.is_null())
                .map(|(k, v)| (k, without_nulls(v)))
                .collect(),
        ),
        Value::Array(list) => Value::Array(list.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

impl Client {
    /// Says `initialize` and `initialized`.
    pub fn initialize(&mut self, capabilities: Value, folders: &[&Path]) {
        let folders: Vec<Value> = folders
            .iter()
            .map(|f| json!({ "uri": uri(f), "name": f.to_string_lossy() }))
            .collect();
        let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities, "workspaceFolders": folders });
        let answer = self.raw_request("initialize", params);
        self.initialized = typed(answer.expect("initialize succeeds"), "initialize");
        self.raw_notify("initialized", json!({}));
    }

    /// Sends bytes as they are.
    pub fn send_bytes(&mut self, body: &[u8]) {
        let stdin = self.stdin.as_mut().expect("stdin is open");
        write!(stdin, "Content-Length: {}\r\n\r\n", body.len()).expect("the server reads");
        stdin.write_all(body).expect("the server reads");
        stdin.flush().expect("the server reads");
    }

    /// Sends a notification of any form.
    pub fn raw_notify(&mut self, method: &str, params: Value) {
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
        self.send_bytes(message.to_string().as_bytes());
    }

    /// Sends a request and waits for its result.
    pub fn request<R: Request>(&mut self, params: R::Params) -> R::Result {
        let params = serde_json::to_value(params).expect("parameters can be written");
        let answer = self.raw_request(R::METHOD, params);
        typed(
            answer.unwrap_or_else(|error| panic!("{} failed: {error}", R::METHOD)),
            R::METHOD,
        )
    }

    /// Sends a request of any form and waits for its result or its error.
    pub fn raw_request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.send_request(method, params);
        self.answer(id)
    }

    /// Sends a request without waiting.
    pub fn send_request(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.send_bytes(message.to_string().as_bytes());
        id
    }

    /// Waits for the answer to a request.
    pub fn answer(&mut self, id: i64) -> Result<Value, Value> {
        let message = self.wait(|m| m.get("method").is_none() && m.get("id") == Some(&json!(id)));
        match message.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(message
                .get("result")
                .cloned()
                .expect("an answer has a result or an error")),
        }
    }

    /// Waits for a notification of the server.
    pub fn expect<N: Notification>(&mut self) -> N::Params {
        let message = self.wait(|m| m.get("method") == Some(&json!(N::METHOD)));
        typed(
            message.get("params").cloned().unwrap_or_default(),
            N::METHOD,
        )
    }

    /// Waits for what is published of a document in that version.
    pub fn diagnostics_of(&mut self, uri: &Uri, version: i32) -> Vec<Diagnostic> {
        loop {
            let message = self.wait(|m| {
                m.get("method") == Some(&json!(PublishDiagnostics::METHOD))
                    && m.pointer("/params/uri") == Some(&json!(uri.as_str()))
            });
            let params: PublishDiagnosticsParams = typed(message["params"].clone(), "diagnostics");
            let published = params
                .version
                .expect("an open document's diagnostics have a version");
            assert!(
                published <= version,
                "diagnostics of a version that was never sent: {published}"
            );
            if published == version {
                return params.diagnostics;
            }
        }
    }

    /// What is published of a document next, whatever its version.
    pub fn next_diagnostics(&mut self, uri: &Uri) -> PublishDiagnosticsParams {
        let message = self.wait(|m| {
            m.get("method") == Some(&json!(PublishDiagnostics::METHOD))
                && m.pointer("/params/uri") == Some(&json!(uri.as_str()))
        });
        typed(message["params"].clone(), "diagnostics")
    }

    /// Waits for a message; others stay unread. Requests of the server are answered at once.
    fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(index) = self.unread.iter().position(&wanted) {
            return self.unread.remove(index).expect("the index is valid");
        }
        let end = Instant::now() + PATIENCE;
        loop {
            match self.receive(end) {
                Some(message) if wanted(&message) => return message,
                Some(message) => self.unread.push_back(message),
                None => {}
            }
        }
    }

    /// Waits until the server has asked for something.
    pub fn asked(&mut self, method: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(index) = self.requests.iter().position(|asked| asked == method) {
                self.requests.remove(index);
                return;
            }
            let message = self.receive(end);
            self.unread.extend(message);
        }
    }

    /// Whether the server has asked for something, as far as messages have been read.
    pub fn was_asked(&self, method: &str) -> bool {
        self.requests.iter().any(|asked| asked == method)
    }

    /// The next message but for requests of the server, which are answered.
    fn receive(&mut self, end: Instant) -> Option<Value> {
        match self
            .incoming
            .recv_timeout(end.saturating_duration_since(Instant::now()))
        {
            Ok(message) if message.get("method").is_some() && message.get("id").is_some() => {
                self.answer_server(&message);
                None
            }
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Timeout) => {
                panic!("no such message came; unread: {:#?}", self.unread)
            }
            Err(RecvTimeoutError::Disconnected) => {
                panic!("the server has ended; unread: {:#?}", self.unread)
            }
        }
    }

    fn answer_server(&mut self, request: &Value) {
        let method = request["method"].as_str().expect("a method is a string");
        let known = [
            "client/registerCapability",
            "window/workDoneProgress/create",
            "workspace/diagnostic/refresh",
            "workspace/codeLens/refresh",
            "workspace/inlayHint/refresh",
            "window/showMessageRequest",
            "workspace/applyEdit",
        ];
        assert!(known.contains(&method), "an unexpected request: {request}");
        self.requests.push(method.to_owned());
        let result = match (method, self.choice) {
            ("workspace/applyEdit", _) => json!({ "applied": true }),
            ("window/showMessageRequest", Some(title)) => json!({ "title": title }),
            _ => Value::Null,
        };
        let answer = json!({ "jsonrpc": "2.0", "id": request["id"], "result": result });
        self.send_bytes(answer.to_string().as_bytes());
    }

    /// Opens a document.
    pub fn open(&mut self, uri: &Uri, text: &str) {
        let language = if uri.as_str().ends_with(".json") {
            "jsonc"
        } else {
            "typescript"
        };
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.raw_notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Changes a document.
    pub fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) {
        let document = json!({ "uri": uri, "version": version });
        self.raw_notify(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": changes }),
        );
    }

    /// Closes a document.
    pub fn close(&mut self, uri: &Uri) {
        self.raw_notify(
            "textDocument/didClose",
            json!({ "textDocument": { "uri": uri } }),
        );
    }

    /// Says that a file was made (1), changed (2) or removed (3).
    pub fn watched(&mut self, changes: &[(&Uri, u8)]) {
        let changes: Vec<Value> = changes
            .iter()
            .map(|(uri, kind)| json!({ "uri": uri, "type": kind }))
            .collect();
        self.raw_notify(
            "workspace/didChangeWatchedFiles",
            json!({ "changes": changes }),
        );
    }

    /// Says `shutdown` and `exit`, and fails on messages that nobody read.
    pub fn shutdown(mut self) {
        self.raw_request("shutdown", Value::Null)
            .expect("shutdown succeeds");
        self.raw_notify("exit", json!({}));
        let status = self.ended();
        assert!(status.success(), "the server ended with {status}");
        let progress = json!("$/progress");
        self.unread.extend(self.incoming.try_iter());
        // Progress and requests to ask anew may still be under way when the session ends.
        self.unread
            .retain(|m| m.get("method") != Some(&progress) && m.get("id").is_none());
        assert!(self.unread.is_empty(), "nobody read: {:#?}", self.unread);
    }

    /// Closes stdin and waits for the end of the process.
    pub fn ended(&mut self) -> ExitStatus {
        self.stdin = None;
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Some(status) = self
                .child
                .try_wait()
                .expect("the process can be waited for")
            {
                return status;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the server does not end");
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // A test that failed must not leave its server behind; one that is gone already is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The URI of a path.
pub fn uri(path: &Path) -> Uri {
    Uri::from_file_path(path).expect("the path is absolute")
}

/// A project in a temporary folder.
pub struct TempProject {
    folder: tempfile::TempDir,
}

impl TempProject {
    /// A project of these files; a configuration is added.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let project = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        project.write("quickback/quickback.config.ts", "export default {};\n");
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// The folder, links resolved.
    pub fn root(&self) -> PathBuf {
        self.folder
            .path()
            .canonicalize()
            .expect("the folder is there")
    }

    /// The absolute path of a file.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }

    /// The URI of a file.
    pub fn uri(&self, relative: &str) -> Uri {
        uri(&self.path(relative))
    }

    /// Writes a file.
    pub fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        std::fs::create_dir_all(path.parent().expect("a file has a folder"))
            .expect("the folder can be made");
        std::fs::write(path, text).expect("the file can be written");
    }
}

/// The codes of diagnostics, in order.
pub fn codes(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics
        .iter()
        .map(|d| match &d.code {
            Some(tower_lsp::ls_types::NumberOrString::String(code)) => code.clone(),
            other => panic!("a code is a string: {other:?}"),
        })
        .collect()
}
